import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../src/diagnostics.ts';
import type { IMLFunction } from '../../src/iml/function.ts';
import { isCreateType } from '../../src/sections/create-types.ts';
import { SECTIONS } from '../../src/sections/index.ts';
import { clockAt, connectionOf, runnable } from './connections.ts';
import { agrees } from './provider.ts';
import { type Received, type Reply, serve } from './server.ts';

/** A folder of real connections: each has the files of its sections and a meta.json with its `createType`. */
const SAMPLES = process.env.CONNECTOR_SAMPLES;

/** What an API answers to whoever asks who it is, and what the connection then shows. */
interface Vendor {
  readonly account: unknown;
  readonly shows?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What the API has beside it. */
  readonly routes?: Readonly<Record<string, Reply>>;
}

const WHOAMI = { id: 7, user: 'Ada', username: 'ada', email: 'ada@example.com' };
const PASSWORD = { username: 'ada', password: 'l0velace!' };
const CLIENT = { clientId: 'client-1', clientSecret: 's3cret-1' };

/** As the APIs document it; those of the platform's own pages and models are made up by it. */
const VENDORS: Readonly<Record<string, Vendor>> = {
  '01-opnform-apikey': { account: [{ id: 1 }, { id: 2 }], shows: '2 workspace(s)' },
  '02-linkedapi-other': { account: { success: true, result: [] }, shows: 'Linked API' },
  '04-pipedrive-oauth': {
    account: { success: true, data: { id: 7, name: 'Ada', email: 'ada@example.com' } },
    shows: 'Ada ada@example.com',
  },
  '09-browsercloud-basic': {
    account: { meta: { result_set: { count: 0 } }, data: [] },
    parameters: { ...PASSWORD, accessKey: 'k3y-12345' },
  },
  '12-domotz-apikey': { account: { id: 7, name: 'ada@example.com' }, shows: 'ada@example.com' },
  '22-makex-x-oauth-pkce': {
    account: { data: { id: '7', name: 'Ada', username: 'ada' } },
    shows: '@ada (Ada)',
    parameters: { pemContent: 'PEM of a wallet' },
    routes: {
      '/authorization': { body: { data: { codeVerifier: 'v'.repeat(43), codeChallenge: 'c'.repeat(43) } } },
    },
  },
  '24-renderbase-oauth': { account: WHOAMI, shows: 'ada@example.com' },
  '40-docs-access-control-basic': { account: { ...WHOAMI, status: 'ok' }, shows: 'ada', parameters: PASSWORD },
  '41-docs-access-control-oauth': {
    account: WHOAMI,
    shows: 'ada',
    parameters: { ...PASSWORD, token: 't0ken-12345' },
    routes: { '/webhookID': { body: { expires: '2026-02-01T00:00:00.000Z' } } },
  },
  '42-docs-oauth2-code': { account: { data: { id: 7, name: 'Ada', email: 'a@b.c' } }, shows: 'Ada (a@b.c)' },
  '43-docs-oauth2-pkce': { account: { user: { id: 7, fullName: 'Ada', email: 'a@b.c' } }, shows: 'Ada (a@b.c)' },
  '50-model-apikey': { account: WHOAMI, shows: 'ada@example.com' },
  '51-model-basic': { account: WHOAMI, shows: 'ada@example.com', parameters: PASSWORD },
  '52-model-other': { account: undefined },
  '53-model-oauth': { account: WHOAMI, shows: 'Ada' },
  '54-model-oauth-refresh': { account: WHOAMI, shows: 'Ada' },
  '55-model-oauth-clicre': { account: WHOAMI, shows: 'Ada', parameters: CLIENT },
  '56-model-oauth-resowncre': { account: WHOAMI, shows: 'Ada', parameters: { ...CLIENT, ...PASSWORD } },
  '57-model-oauth-1': { account: WHOAMI, shows: 'Ada' },
};

/** Samples that have errors, so that they are not run. */
const FAULTY = ['07-airtable-bridge-apikey', '44-docs-oauth2-client-credentials'];

/** What the app of one sample adds to the language. */
const FUNCTIONS = new Map(
  ['getApiURL'].map((name): [string, IMLFunction] => [
    name,
    {
      ...{ name, parameters: [], returns: 'text', summary: '', example: { template: '', result: '' } },
      run: ([, , domain]) => domain,
    },
  ]),
);

function answerOf(
  { account, routes = {} }: Vendor,
  url: string,
  { method, url: target, headers, body }: Received,
): Reply {
  const { pathname } = new URL(target, url);
  const own = Object.entries(routes).find(([path]) => pathname.startsWith(path));
  if (own !== undefined) return own[1];
  if (body.includes('grant_type=')) {
    const grant = { access_token: 'access-token-1', refresh_token: 'refresh-token-1', token_type: 'Bearer' };
    return { body: { ...grant, expires_in: 3600, refresh_expires_in: 86_400, api_domain: url } };
  }
  if (/\/oauth\/(request|access)_token$/.test(pathname) && method === 'POST') {
    const isSigned = headers.authorization?.startsWith('OAuth ') === true;
    return isSigned ? { body: 'oauth_token=t0ken-1&oauth_token_secret=s3cret-2' } : { status: 401 };
  }
  return /revoke|invalidate/.test(pathname) ? { status: 200 } : { body: account };
}

async function sample(name: string) {
  const folder = join(SAMPLES ?? '', name);
  const vendor = VENDORS[name] ?? { account: WHOAMI };
  const { url, received } = await serve((request) => answerOf(vendor, url, request));
  const { createType } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  if (!isCreateType(createType)) throw new Error(`${name} has no known type.`);
  const texts = SECTIONS.flatMap((section) => {
    const file = join(folder, `${section.name}.json`);
    // In the samples, common.json holds values, and not the author's schema of them.
    if (section.wire === 'json' || !existsSync(file)) return [];
    return [[section.name, readFileSync(file, 'utf8').replaceAll(/https?:\/\/[\w-]+(\.[\w-]+)+/g, url)]];
  });
  return { vendor, received, url, connection: connectionOf(createType, Object.fromEntries(texts)) };
}

describe.skipIf(SAMPLES === undefined)('real connections, in CONNECTOR_SAMPLES', () => {
  const folders = SAMPLES === undefined ? [] : readdirSync(SAMPLES).filter((name) => /^\d/.test(name));

  test('each is known', () => {
    expect(folders).toEqual([...Object.keys(VENDORS), ...FAULTY].sort());
  });

  test.each(folders.filter((name) => !FAULTY.includes(name)))('%s connects, is verified and ends', async (name) => {
    const { vendor, connection, url } = await sample(name);
    const running = runnable(connection, {
      parameters: {
        apiKey: 'k3y-12345',
        baseUrl: url,
        linkedApiToken: 'k3y-1',
        identificationToken: 'k3y-2',
        consumerKey: 'c',
        consumerSecret: 'd',
        ...vendor.parameters,
      },
      common: CLIENT,
      functions: FUNCTIONS,
      now: clockAt('2026-01-01T00:00:00Z').now,
    });
    const { instance, problem } = await running.connect(async (visit) => {
      const token = new URL(visit.url).searchParams.get('oauth_token');
      return token === null ? agrees()(visit) : new URLSearchParams({ oauth_token: token, oauth_verifier: 'v3rifier' });
    });
    expect(problem).toBeUndefined();
    expect(instance?.metadata?.value).toBe(vendor.shows);
    for (const end of [running.verify, running.invalidate]) {
      expect((await end(instance ?? { data: {} })).problem).toBeUndefined();
    }
  });

  test.each(FAULTY)('%s has errors, and is not run', async (name) => {
    const { connection, received } = await sample(name);
    expect(() => runnable(connection, { common: CLIENT })).toThrow(ConnectorError);
    expect(received).toEqual([]);
  });
});
