import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHarness, type FaultName, type Harness } from '@connectorkit/harness';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Browser } from './provider/browser.ts';

/* Connections as they were pushed, connected over the harness's own API as a console or curl would. */

const PLANTED = {
  key: 'planted-key-6f1c2a97',
  password: 'planted-password-2e90d4b6',
  client: 'planted-client-secret-c47d8e20',
  other: 'planted-other-91aa3f6b',
  proof: 'planted-proof-5ed07c34',
};

let folder: string;
let harness: Harness;
const faults: unknown[] = [];
const start = async (token?: string) =>
  createHarness({
    store: join(folder, 'harness.db'),
    onFault: (fault) => faults.push(fault),
    onRequest: (entry) => said.push(JSON.stringify(entry)),
    ...(token === undefined ? {} : { controlToken: token }),
  });
/** Everything that was answered and told. */
const said: string[] = [];

beforeEach(async () => {
  said.length = 0;
  faults.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'instances-'));
  harness = await start();
  await harness.seed('provider', {
    clients: [
      { client_id: 'own', client_secret: PLANTED.client, redirect_uris: ['http://127.0.0.1/__harness/callback'] },
    ],
    users: [{ username: 'ada', password: PLANTED.password, name: 'Ada', api_key: PLANTED.key }],
  });
});
afterEach(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
type Answer = { readonly status: number; readonly body: any };

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${harness.url}/__harness${path}`, {
    method,
    headers: {
      authorization: `Bearer ${harness.controlToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  said.push(text);
  return { status: response.status, body: JSON.parse(text) };
}

const make = (method: string, path: string, body?: unknown) => ask(method, `/platforms/make${path}`, body);

type Sections = { readonly api: object; readonly parameters?: readonly object[]; readonly common?: object };

/** Pushes a connection, in whose texts `p:` stands for the provider; gives how the platform calls it. */
async function push(type: string, { api, parameters, common }: Sections): Promise<string> {
  const text = JSON.stringify(api, undefined, 2).replaceAll('"p:', `"${harness.url}/provider`);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(Object.keys(common ?? {}).map((key) => [key, { type: 'string' }])),
  };
  const unmanaged = ['scope', 'scopes', 'install', 'installSpec', ...(common === undefined ? ['common'] : [])];
  const { connections } = await harness.seedProject({
    project: {
      'connector.json': '{ "name": "shop", "label": "Shop" }',
      'connections/main/connection.json': JSON.stringify({
        ...{ type, label: 'Main' },
        unmanaged: [...unmanaged, ...(parameters === undefined ? ['parameters'] : [])],
      }),
      'connections/main/api.jsonc': `// The connection of the shop.\n${text}`,
      ...(parameters === undefined ? {} : { 'connections/main/parameters.jsonc': JSON.stringify(parameters) }),
      ...(common === undefined
        ? {}
        : {
            'connections/main/common.schema.json': JSON.stringify(schema),
            'connections/main/common.local.json': JSON.stringify(common),
          }),
    },
  });
  return String(connections.main);
}

const field = (name: string, type = 'text') => ({ name, type, label: name, required: true });
const log = (...paths: string[]) => ({ sanitize: ['request.headers.authorization', ...paths] });
const shownAs = { metadata: { type: 'text', value: '{{body.name}}' }, uid: '{{body.id}}', error: '[{{statusCode}}]' };

const KEY: Sections = {
  api: { url: 'p:/resources/api-key/header', headers: { 'x-api-key': '{{parameters.apiKey}}' }, response: shownAs },
  parameters: [field('apiKey', 'password')],
};
const BASIC: Sections = {
  api: {
    url: 'p:/resources/basic',
    headers: { authorization: "Basic {{base64(parameters.username + ':' + parameters.password)}}" },
    log: log(),
    response: shownAs,
  },
  parameters: [field('username'), field('password', 'password')],
};
/** What some APIs have: a key under a name of the vendor's own, and a request that only stores. */
const OTHER: Sections = {
  api: [
    { url: 'p:/resources/api-key/query', qs: { api_key: '{{parameters.opener}}' }, response: shownAs },
    { response: { data: { region: '{{parameters.region}}', opener: '{{parameters.opener}}' } } },
  ],
  parameters: [field('opener', 'password'), field('region')],
};

const CLIENT = { client_id: '{{common.clientId}}', client_secret: '{{common.clientSecret}}' };
const common = { clientId: 'own', clientSecret: PLANTED.client };
const SECRET = ['request.body.client_secret', 'request.body.code', 'request.body.password', 'request.body.token'];
const TOKENS = ['request.body.refresh_token', 'response.body.access_token', 'response.body.refresh_token'];
const post = { url: 'p:/token', method: 'POST', type: 'urlencoded', log: log(...SECRET, ...TOKENS) };
const stored = {
  data: {
    accessToken: '{{body.access_token}}',
    refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
    expires: '{{addSeconds(now, body.expires_in)}}',
  },
  expires: '{{addDays(now, 30)}}',
  error: '[{{statusCode}}] {{body.error}}: {{body.error_description}}',
};
const info = {
  url: 'p:/resources/bearer',
  headers: { authorization: 'Bearer {{connection.accessToken}}' },
  log: log(),
  response: { metadata: { type: 'text', value: '{{body.id}}' }, error: '[{{statusCode}}] {{body.error_description}}' },
};
const invalidate = { ...post, url: 'p:/revoke', body: { token: '{{connection.accessToken}}', ...CLIENT } };
const redirect_uri = '{{oauth.localRedirectUri}}';
const code = {
  authorize: {
    url: 'p:/authorize',
    temp: { verifier: '{{uuid}}.{{uuid}}' },
    qs: {
      ...{ response_type: 'code', client_id: '{{common.clientId}}', redirect_uri, prompt: 'consent' },
      scope: 'profile offline_access',
      code_challenge: "{{base64url(sha256(temp.verifier, 'base64'))}}",
      code_challenge_method: 'S256',
    },
    response: { temp: { code: '{{query.code}}' } },
  },
  token: {
    ...post,
    body: {
      grant_type: 'authorization_code',
      code: '{{temp.code}}',
      code_verifier: '{{temp.verifier}}',
      redirect_uri,
      ...CLIENT,
    },
    response: stored,
  },
  refresh: {
    ...post,
    condition: '{{data.expires < addMinutes(now, 5)}}',
    body: { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}', ...CLIENT },
    response: stored,
  },
  info,
  invalidate,
};
const due = '{{!data.expires || data.expires < now}}';
const again = (body: object) => ({
  token: { ...post, condition: due, body: { ...body, ...CLIENT }, response: stored },
});

const oauth1 = { consumer_key: '{{common.clientId}}', consumer_secret: '{{common.clientSecret}}' };
const text = { type: 'urlencoded', error: '[{{statusCode}}] {{body}}' };
const OAUTH1 = {
  oauth: oauth1,
  requestToken: {
    ...{ url: 'p:/oauth1/request-token', method: 'POST', log: log() },
    response: { ...text, temp: { token: '{{body.oauth_token}}', secret: '{{body.oauth_token_secret}}' } },
  },
  authorize: {
    ...{ url: 'p:/oauth1/authorize', oauth: { token: '{{temp.token}}' } },
    response: { temp: { token: '{{query.oauth_token}}', verifier: '{{query.oauth_verifier}}' } },
  },
  accessToken: {
    ...{ url: 'p:/oauth1/access-token', method: 'POST', log: log() },
    oauth: { token: '{{temp.token}}', token_secret: '{{temp.secret}}', verifier: '{{temp.verifier}}' },
    response: { ...text, data: { token: '{{body.oauth_token}}', secret: '{{body.oauth_token_secret}}' } },
  },
  info: {
    ...{ url: 'p:/resources/oauth1', log: log() },
    oauth: { token: '{{connection.token}}', token_secret: '{{connection.secret}}' },
    response: { metadata: { type: 'text', value: '{{body.id}}' } },
  },
};

/** Connects what needs no browser. */
async function connect(name: string, body: object = {}) {
  const answer = await make('POST', `/connections/${name}/instances`, body);
  expect(answer).toMatchObject({ status: 201, body: { instance: { status: 'connected' } } });
  return answer.body.instance.id as string;
}

/** Begins what needs one: gives the id, where the browser goes, and how it comes back when the user decided. */
async function begin(name: string) {
  const { status, body } = await make('POST', `/connections/${name}/instances`, {});
  expect({ status, body }).toMatchObject({ status: 202, body: { instance: { status: 'waiting' } } });
  const { url, redirectUri } = body.authorization;
  expect(redirectUri).toBe(`${harness.url}/__harness/callback`);
  return { id: body.instance.id as string, url: new URL(url) };
}

const ADA = { username: 'ada', password: PLANTED.password };

/** The address that the provider sends the browser back to. */
const decided = (url: URL, decision = 'allow') => new Browser().authorize(url, { ...ADA, decision });

async function back(url: string | URL) {
  const response = await fetch(url);
  const page = await response.text();
  said.push(page);
  return { status: response.status, page };
}

async function authorized(name: string): Promise<string> {
  const { id, url } = await begin(name);
  expect((await back(await decided(url))).page).toContain(`${id} is connected`);
  return id;
}

const steps = ({ body }: Answer) =>
  body.trace.steps.map(({ name, outcome }: { name: string; outcome: string }) => `${name} ${outcome}`);

const minutes = (count: number) => harness.clock.advance(count * 60_000);

describe('each kind of connection connects, is verified and ends', () => {
  test.each([
    ['apikey', KEY, { apiKey: PLANTED.key }],
    ['basic', BASIC, ADA],
    ['other', OTHER, { opener: PLANTED.key, region: 'eu' }],
  ])('%s', async (type, sections, parameters) => {
    const name = await push(type, sections);
    const form = await make('GET', `/connections/${name}`);
    expect(form.body.connection).toMatchObject({
      app: name,
      name,
      label: 'Main',
      needsBrowser: false,
      diagnostics: [],
    });
    expect(form.body.connection.form).toEqual(sections.parameters);
    const id = await connect(name, { parameters, name: 'Ada’s' });
    expect(id).toBe(`${name}-1`);
    const { body } = await make('GET', `/instances/${id}`);
    expect(body.instance).toMatchObject({ name: 'Ada’s', metadata: { value: 'Ada' }, uid: 'ada', connection: name });
    expect(await make('POST', `/instances/${id}/verify`)).toMatchObject({ status: 200, body: { instance: { id } } });
    expect((await make('GET', `/instances/${id}/trace`)).body.trace.run).toBe('verify');
    expect((await make('POST', `/instances/${id}/invalidate`)).status).toBe(200);
    expect((await make('GET', '/instances')).body.instances).toEqual([]);
  });

  test.each([['oauth'], ['oauth-refresh']])('%s with PKCE, and its refresh when the clock is moved', async (type) => {
    const name = await push(type, { api: code, common });
    expect((await make('GET', `/connections/${name}`)).body.connection.needsBrowser).toBe(true);
    const id = await authorized(name);
    const { body } = await make('GET', `/instances/${id}`);
    expect(body.instance).toMatchObject({ status: 'connected', metadata: { value: 'ada' } });
    expect(Object.keys(body.instance.data)).toEqual(['accessToken', 'refreshToken', 'expires']);
    expect(body.instance.data.accessToken).toMatch(/^\[redacted/);
    expect(Date.parse(body.instance.expires)).toBeGreaterThan(Date.now());
    expect(steps(await make('POST', `/instances/${id}/refresh`))).toEqual(['refresh skipped']);
    for (let count = 0; count < 2; count++) {
      await minutes(61);
      expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh done', 'info done']);
    }
    const after = await make('GET', `/instances/${id}`);
    expect(Date.parse(after.body.instance.data.expires) - Date.parse(body.instance.data.expires)).toBeGreaterThan(
      2 * 61 * 60_000 - 1,
    );
    expect(steps(await make('POST', `/instances/${id}/invalidate`))).toEqual(['invalidate done']);
    expect((await make('GET', `/instances/${id}`)).status).toBe(404);
  });

  test.each([
    ['oauth-clicre', { grant_type: 'client_credentials', scope: 'read' }, {}, undefined],
    [
      'oauth-resowncre',
      { grant_type: 'password', username: '{{parameters.username}}', password: '{{parameters.password}}' },
      ADA,
      BASIC.parameters,
    ],
  ])('%s, and its next token when the first has expired', async (type, body, parameters, form) => {
    const name = await push(type, {
      ...{ api: { ...again(body), info, invalidate }, common },
      ...(form === undefined ? {} : { parameters: form }),
    });
    const id = await connect(name, { parameters });
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['token skipped', 'info done']);
    await minutes(61);
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['token done', 'info done']);
    expect(steps(await make('POST', `/instances/${id}/invalidate`))).toEqual(['invalidate done']);
  });

  test('oauth-1', async () => {
    const name = await push('oauth-1', { api: OAUTH1, common });
    const id = await authorized(name);
    expect((await make('GET', `/instances/${id}`)).body.instance.metadata).toEqual({ type: 'text', value: 'ada' });
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
  });
});

describe('what is refused', () => {
  test('another state is nobody’s, and does not disturb who is waited for', async () => {
    const { id, url } = await begin(await push('oauth', { api: code, common }));
    const answer = await decided(url);
    const wrong = new URL(answer);
    wrong.searchParams.set('state', 'x'.repeat(43));
    expect((await back(wrong)).status).toBe(400);
    wrong.searchParams.delete('state');
    expect((await back(wrong)).status).toBe(400);
    expect((await make('GET', `/instances/${id}`)).body.instance.status).toBe('waiting');
    expect((await make('GET', `/instances/${id}/trace`)).body.trace).toBe(null);
    expect((await make('POST', `/instances/${id}/verify`)).body.diagnostics[0].code).toBe('harness/not-connected');
    expect((await back(answer)).page).toContain('is connected');
    expect((await back(answer)).status).toBe(400);
  });

  test('a user who does not agree', async () => {
    const { id, url } = await begin(await push('oauth', { api: code, common }));
    expect((await back(await decided(url, 'deny'))).page).toContain('access_denied');
    const { instance } = (await make('GET', `/instances/${id}`)).body;
    expect(instance).toMatchObject({
      status: 'failed',
      problem: { code: 'run/denied', connection: instance.connection },
    });
    const { trace } = (await make('GET', `/instances/${id}/trace`)).body;
    expect(trace.steps.map(({ name }: { name: string }) => name)).toEqual(['authorize']);
    expect((await make('GET', '/instances')).body.instances).toHaveLength(1);
    expect(await make('DELETE', `/instances/${id}`)).toEqual({ status: 200, body: { deleted: id } });
    expect((await make('DELETE', `/instances/${id}`)).status).toBe(404);
  });

  test('a code that came too late, at the line of the section as it was pushed', async () => {
    const { id, url } = await begin(await push('oauth', { api: code, common }));
    const answer = await decided(url);
    await minutes(5);
    expect((await back(answer)).page).toContain('invalid_grant');
    const { instance } = (await make('GET', `/instances/${id}`)).body;
    expect(instance.problem).toMatchObject({ code: 'run/refused', file: `${instance.connection}/api.jsonc` });
    const { registry } = (await harness.clients()).make;
    const lines = (await registry.section(instance.connection, 'api')).split('\n');
    expect(lines[instance.problem.line - 1]).toContain('/provider/token"');
  });

  test('a wrong key: nothing is kept, and the trace is there', async () => {
    const name = await push('apikey', KEY);
    const answer = await make('POST', `/connections/${name}/instances`, { parameters: { apiKey: PLANTED.other } });
    expect(answer).toMatchObject({
      status: 422,
      body: { message: 'RuntimeError: [401]', diagnostics: [{ code: 'run/refused' }] },
    });
    expect(steps(answer)).toEqual(['request failed']);
    expect((await make('GET', `/connections/${name}/instances`)).body.instances).toEqual([]);
  });

  test('what the form does not take, and members of another type', async () => {
    const name = await push('apikey', KEY);
    const problems = async (body: object) => {
      const answer = await make('POST', `/connections/${name}/instances`, body);
      return [answer.status, answer.body.diagnostics[0].code];
    };
    expect(await problems({})).toEqual([422, 'value/missing']);
    expect(await problems({ parameters: [] })).toEqual([400, 'usage/arguments']);
    expect(await problems({ local: 'yes' })).toEqual([400, 'usage/arguments']);
    expect(await problems({ parameter: {} })).toEqual([400, 'usage/arguments']);
    expect(await problems([])).toEqual([400, 'usage/arguments']);
    expect(await problems({ headless: true })).toEqual([400, 'usage/arguments']);
  });

  test('a section with errors is not run, and one that is repaired is', async () => {
    const name = await push('apikey', KEY);
    const id = await connect(name, { parameters: { apiKey: PLANTED.key } });
    const { registry } = (await harness.clients()).make;
    const before = await registry.section(name, 'api');
    await registry.setSection(name, 'api', before.replace('parameters.apiKey', 'parameters.nothing('));
    const { diagnostics } = (await make('GET', `/connections/${name}`)).body.connection;
    expect(diagnostics[0]).toMatchObject({ severity: 'error', file: `${name}/api.jsonc`, connection: name });
    const journal = await harness.journal.list();
    for (const path of [`/connections/${name}/instances`, `/instances/${id}/verify`]) {
      const body = path.endsWith('verify') ? undefined : { parameters: { apiKey: PLANTED.key } };
      expect(await make('POST', path, body)).toMatchObject({ status: 422, body: { diagnostics } });
    }
    expect(await harness.journal.list()).toEqual(journal);
    await registry.setSection(name, 'api', before);
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
  });

  test('what is not there', async () => {
    const name = await push('apikey', KEY);
    const codes = async (method: string, path: string) => {
      const { status, body } = await ask(method, path);
      return [status, body.diagnostics?.[0].code];
    };
    const unknown = [404, 'harness/instance'];
    expect(await codes('GET', '/platforms/make/connections/nothing')).toEqual(unknown);
    expect(await codes('POST', '/platforms/make/connections/nothing/instances')).toEqual(unknown);
    for (const path of [`${name}-7`, name, '__proto__', `${name}-0`]) {
      expect(await codes('GET', `/platforms/make/instances/${path}`)).toEqual(unknown);
      expect(await codes('POST', `/platforms/make/instances/${path}/verify`)).toEqual(unknown);
      expect(await codes('GET', `/platforms/make/instances/${path}/trace`)).toEqual(unknown);
      expect(await codes('DELETE', `/platforms/make/instances/${path}`)).toEqual(unknown);
    }
    expect(await codes('GET', '/platforms/workato/instances')).toEqual(unknown);
    expect(await codes('GET', '/platforms/nothing/instances')).toEqual([400, 'harness/token']);
  });

  test('whoever has no control token, at all but the callback', async () => {
    const name = await push('apikey', KEY);
    const statusOf = async (path: string, method = 'GET') =>
      (await fetch(`${harness.url}/__harness${path}`, { method })).status;
    for (const path of [`/connections/${name}`, '/instances', `/instances/${name}-1/trace`]) {
      expect(await statusOf(`/platforms/make${path}`)).toBe(401);
    }
    expect(await statusOf(`/platforms/make/connections/${name}/instances`, 'POST')).toBe(401);
    expect(await statusOf('/callback?code=a&state=b')).toBe(400);
    expect(await statusOf('/callback')).toBe(400);
    expect(await statusOf('/callback', 'POST')).toBe(401);
  });

  test('a verification that fails leaves what is stored as it was', async () => {
    const name = await push('oauth-refresh', { api: code, common });
    const id = await authorized(name);
    const { instance } = (await make('GET', `/instances/${id}`)).body;
    await minutes(61);
    await harness.faults.add({
      effect: 'status' satisfies FaultName,
      platform: 'provider',
      operation: 'refresh_token',
      times: 1,
    });
    const failed = await make('POST', `/instances/${id}/refresh`);
    expect(failed).toMatchObject({ status: 422, body: { instance: { status: 'connected', data: instance.data } } });
    expect((await make('GET', `/instances/${id}`)).body.instance.problem.code).toBe('run/refused');
    expect((await make('POST', `/instances/${id}/verify`)).body.instance.problem).toBe(undefined);
  });
});

describe('what is kept', () => {
  test('survives a restart, and so does what waits for a browser', async () => {
    const name = await push('oauth-refresh', { api: code, common });
    const id = await authorized(name);
    const waiting = await begin(name);
    const { instance } = (await make('GET', `/instances/${id}`)).body;
    const { url } = harness;
    await harness.close();
    harness = await start(harness.controlToken);
    expect((await make('GET', '/instances')).body.instances).toMatchObject([
      instance,
      { id: waiting.id, status: 'waiting' },
    ]);
    const refused = { error: 'access_denied', state: waiting.url.searchParams.get('state') ?? '' };
    expect((await back(callback(refused))).page).toContain('access_denied');
    expect((await back(callback(refused))).status).toBe(400);
    expect((await make('GET', `/instances/${waiting.id}`)).body.instance.status).toBe('failed');
    const { registry } = (await harness.clients()).make;
    const text = await registry.section(name, 'api');
    await registry.setSection(name, 'api', text.replaceAll(url, harness.url));
    await minutes(61);
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh done', 'info done']);
  });

  test('is in snapshots, and gone after a reset', async () => {
    const name = await push('apikey', KEY);
    const id = await connect(name, { parameters: { apiKey: PLANTED.key } });
    await harness.snapshot('one');
    await connect(name, { parameters: { apiKey: PLANTED.key } });
    await make('DELETE', `/instances/${id}`);
    const ids = async () =>
      (await make('GET', `/instances?connection=${name}`)).body.instances.map((each: { id: string }) => each.id);
    expect(await ids()).toEqual([`${name}-2`]);
    await harness.restore('one');
    expect(await ids()).toEqual([id]);
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
    await harness.reset();
    expect(await ids()).toEqual([]);
  });

  test('is nothing of what runs while everything is put back', async () => {
    const name = await push('oauth', { api: code, common });
    await harness.snapshot('before');
    const { id, url } = await begin(name);
    const answer = await decided(url);
    await harness.restore('before');
    expect((await back(answer)).status).toBe(400);
    expect((await make('GET', `/instances/${id}`)).status).toBe(404);
  });

  test('goes with its connection, whose name may come again', async () => {
    const name = await push('apikey', KEY);
    await connect(name, { parameters: { apiKey: PLANTED.key } });
    const { registry } = (await harness.clients()).make;
    await registry.delete(name);
    expect((await make('GET', '/instances')).body.instances).toEqual([]);
    const again = await push('apikey', KEY);
    expect(again).toBe(name);
    expect(await connect(again, { parameters: { apiKey: PLANTED.key } })).toBe(`${name}-2`);
  });

  test('runs with what is pushed later, and the trace names the version', async () => {
    const name = await push('apikey', KEY);
    const id = await connect(name, { parameters: { apiKey: PLANTED.key } });
    const first = (await make('GET', `/instances/${id}/trace`)).body.trace;
    expect(first.version).toBe((await make('GET', `/connections/${name}`)).body.connection.version);
    const { registry } = (await harness.clients()).make;
    const text = await registry.section(name, 'api');
    await registry.setSection(name, 'api', text.replace('{{body.name}}', 'Now {{body.name}}'));
    const { instance, trace } = (await make('POST', `/instances/${id}/verify`)).body;
    expect(instance.metadata.value).toBe('Now Ada');
    expect(trace.version).not.toBe(first.version);
    expect(trace.version).toBe((await make('GET', `/connections/${name}`)).body.connection.version);
    await registry.setSection(name, 'api', text);
    expect((await make('POST', `/instances/${id}/verify`)).body.trace.version).toBe(first.version);
  });

  test('is what it was, when the harness is closed while it runs', async () => {
    const name = await push('apikey', KEY);
    const id = await connect(name, { parameters: { apiKey: PLANTED.key } });
    const before = (await make('GET', `/instances/${id}`)).body.instance;
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { registry } = (await harness.clients()).make;
    const text = await registry.section(name, 'api');
    const { port } = silent.address() as AddressInfo;
    await registry.setSection(name, 'api', text.replace(/"url": "[^"]*"/, `"url": "http://127.0.0.1:${port}/"`));
    const asked = once(silent, 'request');
    const parameters = { apiKey: PLANTED.key };
    const running = [
      make('POST', `/instances/${id}/verify`),
      make('POST', `/connections/${name}/instances`, { parameters }),
    ];
    await asked;
    await harness.close();
    silent.closeAllConnections();
    silent.close();
    for (const { status, body } of await Promise.all(running)) {
      expect([status, body.diagnostics[0].code]).toEqual([422, 'harness/not-running']);
    }
    harness = await start(harness.controlToken);
    const { instance } = (await make('GET', `/instances/${id}`)).body;
    expect({ ...instance, problem: undefined, version: before.version }).toEqual(before);
    expect((await make('GET', '/instances')).body.instances).toHaveLength(1);
  });

  test('are the tokens of a refresh, when what comes after it fails', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    await minutes(61);
    await harness.faults.add({ effect: 'status', platform: 'provider', operation: 'bearer', times: 1 });
    const failed = await make('POST', `/instances/${id}/verify`);
    expect([failed.status, ...steps(failed)]).toEqual([422, 'refresh done', 'info failed']);
    await minutes(61);
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh done', 'info done']);
  });

  test('two refreshes at a time use one refresh token once', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    await minutes(61);
    const both = await Promise.all([1, 2].map(() => make('POST', `/instances/${id}/refresh`)));
    expect(both.map(steps)).toEqual([['refresh done'], ['refresh skipped']]);
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
  });
});

describe('what is connected again', () => {
  const reauthorize = (id: string, body: object = {}) => make('POST', `/instances/${id}/reauthorize`, body);
  const shown = async (id: string) => (await make('GET', `/instances/${id}`)).body.instance;

  test('keeps its id and its name, and gets new tokens after the old ones were revoked', async () => {
    const name = await push('oauth-refresh', { api: code, common });
    const begun = await make('POST', `/connections/${name}/instances`, { name: 'Ada’s', scopes: ['openid'] });
    await back(await decided(new URL(begun.body.authorization.url)));
    const id = begun.body.instance.id;
    const before = await shown(id);
    await minutes(61);
    await harness.faults.add({ effect: 'revoked-refresh', platform: 'provider', times: 1 });
    expect((await make('POST', `/instances/${id}/refresh`)).status).toBe(422);
    const again = await reauthorize(id);
    expect(again).toMatchObject({ status: 202, body: { instance: { id, name: 'Ada’s', status: 'waiting' } } });
    const url = new URL(again.body.authorization.url);
    expect((await shown(id)).status).toBe('waiting');
    expect((await back(await decided(url))).page).toContain(`${id} is connected`);
    const after = await shown(id);
    expect(after).toMatchObject({ id, name: 'Ada’s', created: before.created, status: 'connected' });
    expect(after.problem).toBeUndefined();
    expect((await make('GET', `/instances/${id}/trace`)).body.trace.run).toBe('connect');
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh skipped', 'info done']);
    expect((await make('GET', '/instances')).body.instances).toHaveLength(1);
  });

  test('holds as it was while the browser is waited for, and when the user denies', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    const url = new URL((await reauthorize(id)).body.authorization.url);
    await minutes(61);
    // It can be used, and what it stores meanwhile is not lost.
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh done', 'info done']);
    const { data } = await shown(id);
    expect((await back(await decided(url, 'deny'))).page).toContain('access_denied');
    const after = await shown(id);
    expect(after).toMatchObject({ status: 'connected', data, problem: { code: 'run/denied' } });
    expect(steps(await make('GET', `/instances/${id}/trace`))).toEqual(['authorize failed']);
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh skipped', 'info done']);
    expect((await shown(id)).problem).toBeUndefined();
  });

  test('is waited for once: the address of a former attempt is nobody’s', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    const [first, second] = [await reauthorize(id), await reauthorize(id)];
    const late = await decided(new URL(first.body.authorization.url));
    expect((await back(late)).status).toBe(400);
    expect((await shown(id)).problem).toBeUndefined();
    expect((await back(await decided(new URL(second.body.authorization.url)))).page).toContain('is connected');
  });

  test('is what it was as soon as its browser is waited for no longer', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    const before = await shown(id);
    const answer = await decided(new URL((await reauthorize(id)).body.authorization.url));
    expect((await shown(id)).status).toBe('waiting');
    expect((await make('DELETE', `/instances/${id}/authorization`)).body).toEqual({ abandoned: id });
    expect(await shown(id)).toEqual(before);
    expect((await back(answer)).status).toBe(400);
    // Where nobody is waited for, nothing happens.
    expect((await make('DELETE', `/instances/${id}/authorization`)).status).toBe(200);
    expect(await shown(id)).toEqual(before);
    expect((await make('DELETE', '/instances/nothing-1/authorization')).status).toBe(404);
  });

  test('is gone when it was deleted meanwhile', async () => {
    const id = await authorized(await push('oauth-refresh', { api: code, common }));
    const url = new URL((await reauthorize(id)).body.authorization.url);
    const answer = await decided(url);
    expect((await make('DELETE', `/instances/${id}`)).status).toBe(200);
    expect((await back(answer)).status).toBe(400);
    expect((await make('GET', '/instances')).body.instances).toEqual([]);
  });

  test('takes other values of the form, and keeps those that it is not given', async () => {
    const sections = { ...BASIC, parameters: [...(BASIC.parameters ?? []), { name: 'region', type: 'text' }] };
    const id = await connect(await push('basic', sections), { parameters: { ...ADA, region: 'eu' } });
    const wrong = await reauthorize(id, { parameters: { password: PLANTED.other } });
    expect([wrong.status, wrong.body.instance.status]).toEqual([422, 'connected']);
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
    const { password } = ADA;
    expect((await reauthorize(id, { parameters: { password } })).status).toBe(200);
    expect((await make('POST', `/instances/${id}/verify`)).status).toBe(200);
  });

  test('is refused where there is nothing that it could be done with', async () => {
    const { id } = await begin(await push('oauth-refresh', { api: code, common }));
    expect((await reauthorize(id)).body.diagnostics[0].code).toBe('harness/not-connected');
    expect((await reauthorize('nothing-1')).status).toBe(404);
    for (const body of [{ local: true }, { name: 'x' }, { parameters: 'x' }, { headless: true }]) {
      const connected = await authorized(await push('oauth-refresh', { api: code, common }));
      expect((await reauthorize(connected, body)).body.diagnostics[0].code).toBe('usage/arguments');
    }
  });
});

describe('with the local provider in the place of the vendor', () => {
  const VENDOR = {
    ...code,
    authorize: { ...code.authorize, url: 'https://vendor.invalid/authorize' },
    token: { ...code.token, url: 'https://vendor.invalid/token' },
    refresh: { ...code.refresh, url: 'https://vendor.invalid/token' },
    info: { ...info, url: 'https://vendor.invalid/me' },
    invalidate: { ...invalidate, url: 'https://vendor.invalid/revoke' },
  };

  test('the demo user is signed in without a browser, or with one', async () => {
    const name = await push('oauth-refresh', {
      api: VENDOR,
      common: { clientId: 'at-the-vendor', clientSecret: PLANTED.other },
    });
    const id = await connect(name, { local: true, headless: true });
    await minutes(61);
    expect(steps(await make('POST', `/instances/${id}/verify`))).toEqual(['refresh done', 'info done']);
    const { body } = await make('POST', `/connections/${name}/instances`, { local: true });
    const answer = await new Browser().authorize(new URL(body.authorization.url));
    expect((await back(answer)).page).toContain(`${name}-2 is connected`);
    expect((await make('POST', `/instances/${name}-2/invalidate`)).status).toBe(200);
  });

  test('also where nobody gave the values of common yet', async () => {
    const name = await push('oauth-refresh', { api: VENDOR, common: {} });
    expect(await connect(name, { local: true, headless: true })).toBe(`${name}-1`);
  });

  test('a refusal of the provider is told, and nothing is kept', async () => {
    const name = await push('oauth-refresh', { api: VENDOR, common });
    await harness.faults.add({ effect: 'access-denied', platform: 'provider', times: 1 });
    const answer = await make('POST', `/connections/${name}/instances`, { local: true, headless: true });
    expect(answer).toMatchObject({ status: 422, body: { diagnostics: [{ code: 'run/denied' }] } });
    expect((await make('GET', '/instances')).body.instances).toEqual([]);
  });

  test('the same by the TypeScript API', async () => {
    const name = await push('oauth-refresh', { api: VENDOR, common });
    const instances = await harness.instances('make');
    const { instance, trace } = await instances.connect(name, { local: true, headless: true });
    expect(instance).toMatchObject({ id: `${name}-1`, local: true, status: 'connected' });
    expect(trace?.steps.map(({ name: step }) => step)).toEqual(['authorize', 'token', 'info']);
    expect(await instances.list()).toEqual([instance]);
    const again = await instances.reauthorize(`${name}-1`, { headless: true });
    expect(again.instance).toMatchObject({ id: `${name}-1`, local: true, status: 'connected' });
    const waiting = await instances.connect(name, { local: true });
    await instances.delete(String(waiting.instance?.id));
    expect(await instances.list({ connection: name })).toHaveLength(1);
    await expect(instances.get('nothing')).rejects.toThrow('There is no connected connection');
    await expect(harness.instances('akana')).rejects.toThrow('does not run connections');
  });
});

test('the page’s example with curl runs as it stands', async () => {
  const name = await push('oauth-refresh', {
    ...{ api: JSON.parse(JSON.stringify(code).replaceAll('"p:', '"https://api.acme.test')), common },
  });
  const page = readFileSync(new URL('../../../docs/reference/harness.md', import.meta.url), 'utf8');
  const [, commands = ''] = /```sh\n(fact\(\).*?)```/s.exec(page.slice(page.indexOf('## Connections that'))) ?? [];
  expect(commands).toContain('/verify');
  mkdirSync(join(folder, '.connector'));
  const facts = { url: harness.url, control: harness.controlToken };
  writeFileSync(join(folder, '.connector/harness.json'), JSON.stringify(facts));
  const { stdout } = await promisify(execFile)('bash', ['-euc', commands], { cwd: folder });
  said.push(stdout);
  expect(stdout).toContain(`"id":"${name}-1"`);
  expect(stdout).toContain('The condition {{data.expires < addMinutes(now, 5)}} is true.');
  expect(stdout).toMatch(new RegExp(`\n${harness.url}/provider/authorize\\?`));
  expect(stdout).toContain('\nwaiting\n');
  expect(stdout).toMatch(new RegExp(`{"deleted":"${name}-2"}\\n$`));
  expect((await make('GET', '/instances')).body.instances).toEqual([]);
});

/** What a vendor tells: codes and tokens, also where nobody would look for them. */
const TOLD = {
  code: 'planted-code-3c8e61f0',
  access: 'planted-access-token-d2f9083b',
  refresh: 'planted-refresh-token-77b1c5e9',
  next: 'planted-next-token-e80f4a12',
};

/** A vendor on this machine, whose second token it does not take. */
async function openVendor() {
  let count = 0;
  const server = createServer((request, response) => {
    const isToken = request.url === '/token';
    if (isToken) count++;
    const tokens = { access_token: [TOLD.access, TOLD.next][count - 1], refresh_token: TOLD.refresh, expires_in: 3600 };
    const sent = String(request.headers.authorization);
    const isFine = isToken || sent === `Bearer ${TOLD.access}`;
    response.writeHead(isFine ? 200 : 401, { 'content-type': 'application/json', 'x-echo': sent });
    response.end(JSON.stringify(isToken ? tokens : { name: 'Ada', message: `not ${sent}, nor ${btoa(sent)}` }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

function vendor(url: string): Sections {
  const token = { ...post, url: `${url}/token`, response: stored };
  const bearer = { headers: { authorization: 'Bearer {{connection.accessToken}}' }, log: log() };
  const error = { message: '{{body.message}} ({{connection.accessToken}}, {{common.clientSecret}})' };
  return {
    api: {
      authorize: { ...code.authorize, url: `${url}/authorize` },
      token: { ...token, body: code.token.body },
      refresh: { ...code.refresh, ...token, body: code.refresh.body },
      info: { ...bearer, url: `${url}/me`, response: { metadata: { type: 'text', value: '{{body.name}}' }, error } },
      invalidate: { ...bearer, url: `${url}/end?key={{connection.refreshToken}}`, response: { error } },
    },
    common,
  };
}

const callback = (query: Record<string, string>) => `${harness.url}/__harness/callback?${new URLSearchParams(query)}`;

test('no secret is in an answer, the journal, what is told, or the store in the clear', async () => {
  const { url: vendorAt, close } = await openVendor();
  const key = await push('apikey', KEY);
  const first = await connect(key, { parameters: { apiKey: PLANTED.key } });
  await make('POST', `/instances/${first}/verify`);
  await make('POST', `/connections/${key}/instances`, { parameters: { apiKey: PLANTED.other } });
  await harness.journal.list();
  const other = await push('other', OTHER);
  const second = await connect(other, { parameters: { opener: PLANTED.key, region: 'eu-west' } });
  await make('GET', `/instances/${second}`);
  const basic = await push('basic', BASIC);
  await connect(basic, { parameters: ADA });
  // Under a name that says nothing, and nowhere else.
  const hidden = {
    url: 'p:/resources/bearer',
    headers: { 'x-shop': '{{parameters.proof}}' },
    response: { valid: true },
  };
  const quiet = await push('other', { api: hidden, parameters: [field('proof', 'password')] });
  await connect(quiet, { parameters: { proof: PLANTED.proof } });
  const oauth = await push('oauth-refresh', { api: code, common });
  const { url } = await begin(oauth);
  const answer = await decided(url);
  const id = (await back(answer)).page.match(/[\w-]+(?= is connected)/)?.[0];
  await minutes(61);
  await make('POST', `/instances/${id}/verify`);
  await make('GET', `/instances/${id}/trace`);
  const vendors = await begin(await push('oauth-refresh', vendor(vendorAt)));
  const state = vendors.url.searchParams.get('state') ?? '';
  expect((await back(callback({ code: TOLD.code, state }))).page).toContain(`${vendors.id} is connected`);
  await minutes(61);
  expect(steps(await make('POST', `/instances/${vendors.id}/verify`))).toEqual(['refresh done', 'info failed']);
  await make('GET', `/instances/${vendors.id}/trace`);
  expect(steps(await make('POST', `/instances/${vendors.id}/invalidate`))).toEqual(['invalidate failed']);
  await make('GET', '/instances');
  await make('GET', '/connections');
  close();
  const journal = await harness.journal.list();
  expect(journal.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['api_key_header', 'bearer']));
  expect(journal.some(({ request: { headers } }) => headers['x-shop'] === '[redacted]')).toBe(true);
  said.push(JSON.stringify(journal));
  await harness.close();
  const files = readdirSync(folder).filter((file) => !file.endsWith('.key'));
  expect(files).toContain('harness.db');
  const kept = files.map((file) => readFileSync(join(folder, file), 'latin1')).join('\n');
  const codes = [answer.searchParams.get('code') ?? ''];
  expect(codes[0]?.length).toBeGreaterThan(20);
  const secrets = [...Object.values(PLANTED), ...Object.values(TOLD), ...codes];
  const all = said.join('\n');
  expect(all).toContain('eu-west');
  for (const secret of secrets) {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
    for (const form of [...forms, Buffer.from(`ada:${secret}`).toString('base64')]) {
      expect(all).not.toContain(form);
      expect(kept).not.toContain(form);
    }
  }
});
