// Our side: the templates as they are created, run by the runtime over the network; and the local provider with a user.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { visitLocally } from '@connectorkit/harness/headless';
import { createTransport, openProjectIn } from '@connectorkit/sdk/node';
import { prepare } from '@connectorkit/sdk/runtime';

const TEMPLATES = join(import.meta.dirname, '../../templates');
export const CALLBACK = 'http://127.0.0.1:54321/callback';

/**
 * A connection of a template that speaks to a server.
 * @param {{ folder: string }} context
 * @param {string} template
 * @param {readonly (readonly [from: string | RegExp, to: string])[]} changes to its files, in the place of what a user edits
 * @param {object} given of `prepare`
 */
export function connectionOf({ folder }, template, changes, given = {}) {
  const project = mkdtempSync(join(folder, `${template}-`));
  cpSync(join(TEMPLATES, template), project, { recursive: true });
  for (const file of readdirSync(project, { recursive: true, encoding: 'utf8' })) {
    const path = join(project, file);
    if (!statSync(path).isFile()) continue;
    const text = changes.reduce((before, [from, to]) => before.replaceAll(from, () => to), readFileSync(path, 'utf8'));
    writeFileSync(path, text);
  }
  const [connection] = openProjectIn(project).connections;
  if (connection === undefined) throw new Error(`${template} has no connection`);
  let ahead = 0;
  const runnable = prepare(connection, {
    redirectUri: CALLBACK,
    transport: createTransport({ environment: {} }),
    now: () => new Date(Date.now() + ahead),
    chance: (/** @type {number} */ size) => randomBytes(size),
    ...given,
  });
  return {
    runnable,
    /** Our clock alone: what is expired for us is still good for the server. */
    forward: (/** @type {number} */ minutes) => {
      ahead += minutes * 60_000;
    },
  };
}

/** The instance of an outcome. @param {any} outcome @throws Error with the problem's words */
export function instanceOf(outcome) {
  if (outcome.problem !== undefined) throw new Error(outcome.problem.message);
  return outcome.instance;
}

/** @param {any} outcome @param {RegExp} words @throws Error when it is no problem, or has other words */
export function expectRefused({ problem }, words) {
  if (problem === undefined) throw new Error('what is wrong was accepted');
  if (!words.test(problem.message)) throw new Error(`it was refused, in other words: ${problem.message}`);
}

/** Listens on a free port of loopback. @param {import('node:http').RequestListener} listener */
export async function serve({ onEnd }, listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}`;
}

/**
 * Goes through a server's pages as a browser does, and gives the query string of the last redirect.
 * @param {string} url where it begins
 * @param {(page: string) => Record<string, string>} fill what is typed into the form of a page
 */
export async function browse(url, fill) {
  const cookies = new Map();
  let next = { url, init: {} };
  for (let steps = 0; steps < 20; steps++) {
    if (next.url.startsWith(CALLBACK)) return new URL(next.url).searchParams;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next.url, { ...next.init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) {
      next = { url: new URL(location, next.url).href, init: {} };
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    const plain = page.replaceAll(/<(style|script)[\s\S]*?<\/\1>|<[^>]+>/g, ' ');
    if (action === undefined) throw new Error(`a page of the server: ${plain}`);
    const body = new URLSearchParams(fill(page));
    next = { url: new URL(action, next.url).href, init: { method: 'POST', body } };
  }
  throw new Error('too many pages');
}

/** The local provider, one for all attempts of a peer. @param {any} context @param {object} [seed] */
export async function provider({ onEnd }, seed = {}) {
  const harness = await createHarness();
  onEnd(() => harness.close());
  await harness.seed('provider', seed);
  const base = `${harness.url}/provider`;
  return {
    harness,
    base,
    /** No failure is asked for, and the clock is right. */
    reset: async () => {
      await harness.faults.clear();
      await harness.clock.reset();
    },
    /** Signs in as the demo user. @param {string | URL} url @param {string} [callback] */
    visit: async (url, callback = CALLBACK) => {
      const query = await visitLocally(String(url), harness.url, callback);
      return new URL(`${callback}?${query}`);
    },
    /** @param {string} token @returns {Promise<any>} whom a token is of */
    whose: async (token) => {
      const response = await fetch(`${base}/resources/bearer`, { headers: { authorization: `Bearer ${token}` } });
      const body = await response.json();
      if (!response.ok) throw new Error(`the token is not accepted: ${body.error_description ?? body.message}`);
      return body;
    },
  };
}
