import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { writeConnection } from './connections.ts';
import { CONFIGURATION, run, stateIn } from './connector.ts';
import { follow, projectFrom, stopAll } from './project.ts';

/* Whatever a vendor answers, or an author has broken since: a problem at its line, the trace until there, nothing lost. */

/** Answers a request of a path in the place of the vendor that works. */
type Misbehaving = Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>>;

let misbehaving: Misbehaving = {};
let asked: string[] = [];
const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const grant = (count: number) => ({
  ...{ access_token: `access-token-${count}`, refresh_token: `refresh-token-${count}` },
  ...{ token_type: 'Bearer', expires_in: 3600 },
});
const vendor = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  asked.push(pathname);
  request.resume();
  const answer = misbehaving[pathname];
  if (answer !== undefined) answer(request, response);
  else if (pathname === '/me') json(response, { id: 7, name: 'Ada', text: '{}' });
  else json(response, grant(pathname === '/token' ? 1 : 2));
});

let project: string;
let api: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  project = await projectFrom('api-key');
  const log = { sanitize: ['request.headers.authorization', 'request.body.refresh_token', 'response.body'] };
  const data = { accessToken: '{{body.access_token}}', refreshToken: '{{body.refresh_token}}' };
  const post = { method: 'POST', type: 'urlencoded', log, response: { data } };
  const steps = {
    token: {
      condition: '{{if(data.accessToken, false, true)}}',
      ...{ url: `${url}/token`, ...post, body: { grant_type: 'client_credentials' } },
    },
    refresh: {
      condition: '{{true}}',
      ...{ url: `${url}/refresh`, ...post, body: { refresh_token: '{{data.refreshToken}}' } },
    },
    info: {
      url: `${url}/me`,
      headers: { authorization: 'Bearer {{connection.accessToken}}' },
      response: {
        type: 'json',
        uid: '{{body.id}}',
        metadata: { type: 'text', value: '{{body.name}}' },
        temp: { parsed: '{{parseJSON(body.text)}}' },
      },
      log,
    },
  };
  writeConnection(project, 'shop', { type: 'oauth-clicre', api: steps, connects: [] });
  api = readFileSync(file(), 'utf8');
});
afterAll(async () => {
  await stopAll();
  vendor.closeAllConnections();
  vendor.close();
});
beforeEach(() => {
  misbehaving = {};
  asked = [];
});

const file = () => join(project, 'connections/shop/api.json');
const own = { XDG_CONFIG_HOME: CONFIGURATION };
const stored = () => connectedStore(stateIn(project), own).get('shop-1').instance;
/** The line of the section on which some words stand, after others. */
const lineOf = (words: string, after = '') => api.slice(0, api.indexOf(words, api.indexOf(after))).split('\n').length;

async function ran(...args: readonly string[]) {
  const { code, stdout } = await run([...args, '--json'], { cwd: project });
  const { data, diagnostics = [] } = JSON.parse(stdout);
  const steps = (data?.trace?.steps ?? []) as { name: string; outcome: string; problem?: object }[];
  return { code, diagnostics, steps, told: steps.map(({ name, outcome }) => `${name} ${outcome}`) };
}

interface Failing {
  readonly path: '/refresh' | '/me';
  readonly answer: Misbehaving[string];
  readonly code: string;
  /** The words at whose line of the section the problem stands; those of the URL unless said. */
  readonly at?: string;
}

const html: Misbehaving[string] = (_, response) => response.setHeader('content-type', 'text/html').end('<p>Hello</p>');
const endless: Misbehaving[string] = (_, response) => {
  response.setHeader('content-type', 'application/json');
  const more = () => {
    while (response.write('"x".'.repeat(16_384)));
  };
  response.on('drain', more);
  more();
};

const FAILINGS: Readonly<Record<string, Failing>> = {
  'a refusal': {
    ...{ path: '/refresh', code: 'run/refused' },
    answer: (_, response) => json(response, { error: 'invalid_grant' }, 400),
  },
  'an answer that is labelled JSON and is none': {
    ...{ path: '/refresh', code: 'run/answer', at: '"response"' },
    answer: (_, response) => response.setHeader('content-type', 'application/json').end('a=b'),
  },
  'an answer that has to be JSON and is a page': {
    ...{ path: '/me', code: 'run/answer', at: '"type": "json"', answer: html },
  },
  'an expression that throws': {
    ...{ path: '/me', code: 'run/expression', at: '"parsed"' },
    answer: (_, response) => json(response, { id: 7, text: '{' }),
  },
  'redirects in a circle': {
    ...{ path: '/me', code: 'run/redirect-loop' },
    answer: (_, response) => response.writeHead(302, { location: '/me' }).end(),
  },
  'an endless answer': { path: '/me', code: 'run/too-large', answer: endless },
  'an answer that is cut off': {
    ...{ path: '/refresh', code: 'run/unreachable' },
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    },
  },
  'more than a connection may store': {
    ...{ path: '/refresh', code: 'run/data-too-large', at: '"data"' },
    answer: (_, response) => json(response, { ...grant(2), access_token: 'x'.repeat(70_000) }),
  },
};

describe('a connected connection', () => {
  beforeEach(async () => {
    await run(['connections', 'delete', 'shop-1'], { cwd: project });
    expect((await ran('connect', 'shop')).told).toEqual(['token done', 'info done']);
    asked = [];
  });

  test.each(Object.entries(FAILINGS))('that meets %s is told so, and stays', async (_, { path, answer, code, at }) => {
    const before = stored();
    misbehaving = { [path]: answer };
    const { code: exit, diagnostics, steps, told } = await ran('connections', 'verify', 'shop-1');
    const step = path === '/me' ? 'info' : 'refresh';
    expect([exit, diagnostics.length], diagnostics[0]?.message).toEqual([1, 1]);
    const line = lineOf(at ?? '"url"', `"${step}": {`);
    expect(diagnostics[0]).toMatchObject({ code, line, file: 'connections/shop/api.json', connection: 'shop' });
    const ended = step === 'info' ? ['refresh done', 'info failed'] : ['refresh failed'];
    expect(told).toEqual(['token skipped', ...ended]);
    expect(steps.at(-1)?.problem).toMatchObject({ code });
    // What the refresh before it brought is kept: the old token may have ended with it.
    const data = step === 'info' ? { accessToken: 'access-token-2', refreshToken: 'refresh-token-2' } : before.data;
    expect(stored()).toEqual({ ...before, data });
    misbehaving = {};
    expect((await ran('connections', 'verify', 'shop-1')).code).toBe(0);
  });

  test.each([
    ['that cannot be read', (text: string) => text.replace(/\}\s*$/, ''), 'source/syntax'],
    ['with an expression that cannot be read', (text: string) => text.replace('{{body.id}}', '{{body.id'), 'iml/'],
  ])('whose section has become one %s is not run, and stays', async (_, change, code) => {
    const before = stored();
    writeFileSync(file(), change(api));
    try {
      for (const action of ['verify', 'refresh', 'invalidate']) {
        const { code: exit, diagnostics, told } = await ran('connections', action, 'shop-1');
        expect([exit, told]).toEqual([1, []]);
        expect(diagnostics[0]).toMatchObject({ file: 'connections/shop/api.json', severity: 'error' });
        expect(diagnostics[0].code).toContain(code);
      }
      expect(asked).toEqual([]);
      expect(stored()).toEqual(before);
    } finally {
      writeFileSync(file(), api);
    }
  });
});

describe('a browser', () => {
  /** Connects, has the browser come back with this, and gives how the command ended. */
  async function comesBack(query: (state: string) => object) {
    const command = follow(['connect', 'browser', '--print-url', '--port', '0', '--timeout', '4'], project);
    await expect.poll(command.talk, { timeout: 20_000 }).toContain('Open this address');
    const url = new URL(/https:\S+/.exec(command.talk())?.[0] ?? '');
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.search = `${new URLSearchParams({ ...query(url.searchParams.get('state') ?? '') })}`;
    await fetch(back);
    return { code: await command.ended, talk: command.talk() + command.output() };
  }

  beforeAll(() => {
    const steps = {
      authorize: {
        url: 'https://auth.vendor.test/authorize',
        qs: { response_type: 'code', redirect_uri: '{{oauth.localRedirectUri}}' },
        response: { temp: { code: '{{query.code}}' } },
      },
      token: { url: 'https://auth.vendor.test/token', method: 'POST', condition: '{{temp.code}}' },
    };
    writeConnection(project, 'browser', { type: 'oauth', api: steps, connects: [] });
  });

  test.each([
    ['run/state', 'with another state', () => ({ code: 'a-code-1234', state: 'somebody-elses' })],
    ['run/state', 'without a state', () => ({ code: 'a-code-1234' })],
    ['run/denied', 'with a refusal', (state: string) => ({ error: 'access_denied', state })],
    ['run/no-code', 'with neither a code nor an error', (state: string) => ({ state })],
  ])('%s: one that comes back %s connects nothing, and nothing goes to the vendor', async (code, _, query) => {
    const { code: exit, talk } = await comesBack(query);
    expect(exit).toBe(1);
    expect(talk).toContain(code);
    expect(talk).toContain('connections/browser/api.json:3');
    expect(talk).not.toContain('a-code-1234');
    expect((await run(['connections', 'list'], { cwd: project })).stdout).not.toContain('browser-1');
  });

  test('that never comes back is waited for no longer than was said, at the line of authorize', async () => {
    const args = ['connect', 'browser', '--print-url', '--port', '0', '--timeout', '0.01'];
    const { code, diagnostics, told } = await ran(...args);
    expect([code, told]).toEqual([1, ['authorize failed']]);
    expect(diagnostics[0]).toMatchObject({
      code: 'connect/no-callback',
      file: 'connections/browser/api.json',
      line: 3,
    });
  });
});
