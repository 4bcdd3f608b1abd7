import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CREATE_TYPES } from '@connectorkit/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agree, HAS_CHROMIUM, IN_CHROMIUM, useChromium } from './chromium.ts';
import { type Expected, TEMPLATES, WRITTEN, writeConnection } from './connections.ts';
import { run } from './connector.ts';
import { follow, projectFrom, type Started, start, stopAll } from './project.ts';

/* Whatever kind a connection is of, it connects, refreshes and disconnects at the local provider, by the command. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const CODE = ['authorize', 'token', 'info'];

/** The connections of the templates and the examples, which are copied as they stand. */
const OURS: Readonly<Record<string, Expected & { readonly from: string }>> = {
  ...Object.fromEntries(
    Object.entries(TEMPLATES).map(([name, expected]) => [
      `template-${name}`,
      { from: `templates/${name}/connections/main`, ...expected },
    ]),
  ),
  'example-github': {
    ...{ from: 'examples/github-oauth/connections/github', shows: 'demo' },
    connects: CODE,
  },
  'example-discogs': {
    ...{ from: 'examples/discogs-oauth1/connections/discogs' },
    connects: ['requestToken', 'authorize', 'accessToken', 'info'],
  },
  'example-google': {
    ...{ from: 'examples/google-service-account/connections/google', renews: 'token' },
    connects: ['token', 'info'],
  },
  'example-jira': {
    ...{ from: 'examples/jira-3lo/connections/jira', renews: 'refresh', isRevoked: false },
    connects: ['authorize', 'token', 'info[1]', 'info[2]'],
  },
  'example-mailchimp': {
    ...{ from: 'examples/mailchimp-oauth/connections/mailchimp', connects: CODE, isRevoked: false },
  },
  'example-notion': { from: 'examples/notion-oauth/connections/notion', connects: CODE },
  'example-openweather': { from: 'examples/openweather-key/connections/openweather', connects: ['request'] },
  'example-paypal': {
    ...{ from: 'examples/paypal-client-credentials/connections/paypal', renews: 'token', isRevoked: false },
    connects: ['token'],
  },
  'example-shopify': {
    ...{ from: 'examples/shopify-oauth/connections/shopify', renews: 'refresh', isRevoked: false },
    connects: CODE,
  },
  'example-slack': { from: 'examples/slack-oauth/connections/slack', renews: 'refresh', connects: CODE },
  'example-spotify': {
    ...{ from: 'examples/spotify-pkce/connections/spotify', renews: 'refresh', isRevoked: false, shows: 'demo' },
    connects: CODE,
  },
  'example-stripe': { from: 'examples/stripe-key/connections/stripe', connects: ['request'] },
  'example-twilio': { from: 'examples/twilio-basic/connections/twilio', connects: ['request'] },
};
const ALL: readonly (readonly [id: string, expected: Expected])[] = [
  ...Object.entries(WRITTEN),
  ...Object.entries(OURS),
];

let project: string;
let harness: Started;
beforeAll(async () => {
  project = await projectFrom('api-key');
  for (const [id, written] of Object.entries(WRITTEN)) writeConnection(project, id, written);
  for (const [id, { from }] of Object.entries(OURS)) {
    cpSync(join(ROOT, from), join(project, 'connections', id), { recursive: true });
  }
  harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
});
afterAll(stopAll);

interface Step {
  readonly name: string;
  readonly outcome: string;
}

/** How a command ended, and which steps it ran; its problems are in the place of the steps when it has some. */
async function ran(...args: readonly string[]) {
  const { code, stdout } = await run([...args, '--json'], { cwd: project });
  const { data, diagnostics = [] } = JSON.parse(stdout);
  const steps = (data?.trace?.steps ?? []) as Step[];
  const reported = (diagnostics as { message: string }[]).map(({ message }) => message);
  const done = steps.filter(({ outcome }) => outcome === 'done').map(({ name }) => name);
  return { code, id: data?.id, name: data?.name, done: code === 0 ? done : reported };
}

/** A connected connection is verified, renewed once its token has expired, and revoked. */
async function livesAndEnds(id: string, { connects, renews, shows, isRevoked = connects.includes('token') }: Expected) {
  const last = connects.filter((step) => /^(info|request)(\[|$)/.test(step));
  expect(await ran('connections', 'verify', id)).toMatchObject({ code: 0, done: last, ...(shows && { name: shows }) });
  await run(['harness', 'clock', '+61m'], { cwd: project });
  try {
    const renewed = renews === undefined ? [] : [renews];
    expect(await ran('connections', 'refresh', id)).toMatchObject({ code: 0, done: renewed });
    expect(await ran('connections', 'refresh', id)).toMatchObject({ code: 0, done: [] });
    // A code without a refresh gives a token that ends; what has no token is proved again.
    const isOver = renews === undefined && connects.includes('token');
    expect(await ran('connections', 'verify', id)).toMatchObject(isOver ? { code: 1 } : { code: 0, done: last });
  } finally {
    await run(['harness', 'clock', 'real'], { cwd: project });
  }
  const ended = await ran('connections', 'invalidate', id);
  expect(ended).toMatchObject({ code: 0, done: isRevoked ? ['invalidate'] : [] });
  expect((await run(['connections', 'show', id], { cwd: project })).code).toBe(2);
}

test('the table has each create type, each template and each example', () => {
  const types = Object.values(WRITTEN).map(({ type }) => type);
  expect([...new Set(types)].sort()).toEqual(Object.keys(CREATE_TYPES).sort());
  const copied = Object.values(OURS).map(({ from }) => from.split('/').slice(0, 2).join('/'));
  const folders = ['templates', 'examples'].flatMap((parent) =>
    readdirSync(join(ROOT, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}/${name}`),
  );
  expect(copied.sort()).toEqual(folders.sort());
});

describe('without a browser', () => {
  test.each(ALL)('%s connects, refreshes and disconnects', async (id, expected) => {
    const connected = await ran('connect', id, '--local', '--headless');
    expect(connected).toMatchObject({ code: 0, id: `${id}-1`, done: expected.connects });
    if (expected.shows !== undefined) expect(connected.name).toBe(expected.shows);
    await livesAndEnds(`${id}-1`, expected);
  });
});

describe.skipIf(!HAS_CHROMIUM)(`in a browser${IN_CHROMIUM}`, () => {
  const newPage = useChromium();

  test.each(ALL.filter(([, { connects }]) => connects.includes('authorize')))(
    '%s connects, refreshes and disconnects',
    async (id, expected) => {
      const command = follow(['connect', id, '--local', '--print-url'], project);
      await expect.poll(command.talk, { timeout: 20_000 }).toContain('Open this address');
      const page = await newPage();
      await agree(page, /http:\S+/.exec(command.talk())?.[0] ?? '');
      expect(await command.ended, command.talk()).toBe(0);
      await page.context().close();
      await livesAndEnds(`${id}-1`, expected);
    },
  );
});

test('the provider was asked for every proof that it has a place for', async () => {
  const { stdout } = await run(['harness', 'journal', '--json', '--limit', '1000'], { cwd: project });
  const entries = JSON.parse(stdout).data.entries as { platform: string; operation: string }[];
  const asked = new Set(entries.filter(({ platform }) => platform === 'provider').map(({ operation }) => operation));
  const grants = ['authorization_code', 'refresh_token', 'client_credentials', 'password', 'jwt_bearer', 'revocation'];
  const proofs = ['bearer', 'basic', 'digest', 'oauth1', 'api_key_header', 'api_key_query', 'api_key_cookie'];
  expect([...asked]).toEqual(expect.arrayContaining([...grants, ...proofs]));
  expect(harness.talk()).not.toContain('The harness failed');
});
