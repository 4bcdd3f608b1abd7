import { createHash, randomBytes } from 'node:crypto';
import { createHarness, type FaultName, type Harness } from '@connectorkit/harness';
import { type Connection, type CreateType, openProject, SECTIONS } from '@connectorkit/sdk';
import { createTransport } from '@connectorkit/sdk/node';
import { type Outcome, type PrepareOptions, prepare, type Runnable, traceLines } from '@connectorkit/sdk/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Browser } from './browser.ts';

/* Connections as authors write them, run against the provider by what runs them for authors. */

let harness: Harness;
let key: string;
beforeAll(async () => {
  harness = await createHarness();
  key = await (await fetch(`${harness.url}/provider/demo-key.pem`)).text();
  await harness.seed('provider', {
    clients: [
      { client_id: 'raw', client_secret: 's+e c%t', redirect_uris: [CALLBACK], basic: 'raw' },
      { client_id: 'encoded', client_secret: 's+e c%t', redirect_uris: [CALLBACK], basic: 'form-encoded' },
      { client_id: 'keeping', client_secret: 'kept-secret-1', redirect_uris: [CALLBACK], refresh_tokens: 'keep' },
    ],
  });
});
afterAll(() => harness.close());
beforeEach(async () => {
  ahead = 0;
  await harness.clock.reset();
  await harness.faults.clear();
});

const CALLBACK = 'http://127.0.0.1/callback';
const DEMO = { clientId: 'demo', clientSecret: 'demo-secret' };
const USER = { username: 'demo', password: 'demo-password' };

/** Sections as they lie on disk; `p:` stands for the provider. */
function connectionOf(type: CreateType, api: object): Connection {
  const text = JSON.stringify(api, undefined, 2).replaceAll('p:', `${harness.url}/provider`);
  const unmanaged = SECTIONS.map(({ name }) => name).filter((name) => name !== 'api');
  const files = new Map([
    ['connector.json', '{ "name": "acme", "label": "Acme" }'],
    ['connections/main/connection.json', JSON.stringify({ type, label: 'Acme', unmanaged })],
    ['connections/main/api.jsonc', text],
  ]);
  const list = (folder: string) => {
    const inside = [...files.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`));
    const names = inside.map((path) => path.slice(folder === '' ? 0 : folder.length + 1));
    return [...new Set(names.map((name) => name.replace(/\/.*/, '/')))].sort();
  };
  const read = (path: string) => files.get(path);
  const [connection] = openProject({ read, list, write: () => {}, rename: () => {} }).connections;
  if (connection === undefined) throw new Error(text);
  return connection;
}

/** Milliseconds that the harness's clock is ahead. */
let ahead = 0;

async function forward(minutes: number): Promise<void> {
  await harness.clock.advance(minutes * 60_000);
  ahead += minutes * 60_000;
}

/** A connection whose clock is the harness's. */
function running(type: CreateType, api: object, options: Partial<PrepareOptions> = {}): Runnable {
  return prepare(connectionOf(type, api), {
    ...{ redirectUri: CALLBACK, transport: createTransport({ environment: {} }), chance: (size) => randomBytes(size) },
    now: () => new Date(Date.now() + ahead),
    ...options,
  });
}

/** A browser in which the demo user signs in, and agrees or not. */
const signsIn =
  (decision = 'allow') =>
  async ({ url }: { readonly url: string }) =>
    (await new Browser().authorize(new URL(url), { decision })).searchParams;

function expectDone({ problem, trace }: Outcome): void {
  expect(problem === undefined ? '' : traceLines(trace).join('\n')).toBe('');
}

const notesOf = ({ trace }: Outcome) => trace.steps.flatMap(({ notes }) => notes).join('\n');

const SANITIZE = {
  sanitize: [
    ...['request.headers.authorization', 'request.body.client_secret', 'request.body.code', 'request.body.password'],
    ...[
      'request.body.refresh_token',
      'request.body.token',
      'response.body.access_token',
      'response.body.refresh_token',
    ],
  ],
};
const CLIENT = { client_id: '{{parameters.clientId}}', client_secret: '{{parameters.clientSecret}}' };
const post = { method: 'POST', type: 'urlencoded', log: SANITIZE };
const stored = {
  data: {
    accessToken: '{{body.access_token}}',
    refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
    expires: '{{addSeconds(now, body.expires_in)}}',
  },
  error: '[{{statusCode}}] {{body.error}}: {{body.error_description}}',
};
const shown = {
  metadata: { type: 'text', value: '{{body.id}}' },
  error: '[{{statusCode}}] {{ifempty(body.message, body.error_description)}}',
};
const info = {
  url: 'p:/resources/bearer',
  headers: { authorization: 'Bearer {{connection.accessToken}}' },
  log: SANITIZE,
  response: shown,
};
const invalidate = { url: 'p:/revoke', ...post, body: { token: '{{connection.refreshToken}}', ...CLIENT } };

/** The steps of the code grant, each with what is to be different. */
function code(changes: { authorize?: object; token?: object; refresh?: object; headers?: object } = {}) {
  const redirect = { redirect_uri: '{{oauth.localRedirectUri}}' };
  const { headers = {} } = changes;
  return {
    authorize: {
      url: 'p:/authorize',
      temp: { code_verifier: '{{uuid}}.{{uuid}}' },
      qs: {
        ...{ response_type: 'code', client_id: '{{parameters.clientId}}', ...redirect },
        ...{ scope: 'profile offline_access', prompt: 'consent' },
        code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}",
        code_challenge_method: 'S256',
        ...changes.authorize,
      },
      response: { temp: { code: '{{query.code}}' } },
    },
    token: {
      url: 'p:/token',
      ...post,
      headers,
      body: {
        ...{ grant_type: 'authorization_code', code: '{{temp.code}}', code_verifier: '{{temp.code_verifier}}' },
        ...{ ...redirect, ...CLIENT, ...changes.token },
      },
      response: stored,
    },
    refresh: {
      condition: '{{data.expires < addMinutes(now, 5)}}',
      url: 'p:/token',
      ...post,
      headers,
      body: { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}', ...CLIENT, ...changes.refresh },
      response: stored,
    },
    info,
    invalidate,
  };
}

describe('the code grant', () => {
  test.each(['demo', 'demo-strict', 'keeping'])('connects %s, refreshes twice, and disconnects', async (clientId) => {
    const clientSecret = clientId === 'keeping' ? 'kept-secret-1' : 'demo-secret';
    const pair = "encodeURL(parameters.clientId) + ':' + encodeURL(parameters.clientSecret)";
    const none = { client_id: '{{undefined}}', client_secret: '{{undefined}}' };
    const inHeader = { headers: { authorization: `Basic {{base64(${pair})}}` }, token: none, refresh: none };
    const basic = clientId === 'demo-strict' ? inHeader : {};
    const connection = running('oauth-refresh', code(basic), { parameters: { clientId, clientSecret } });
    let outcome = await connection.connect(signsIn());
    expectDone(outcome);
    expect(outcome.instance?.metadata?.value).toBe('demo');
    for (let count = 0; count < 2; count++) {
      const before = outcome.instance ?? { data: {} };
      await forward(61);
      outcome = await connection.verify(JSON.parse(JSON.stringify(before)));
      expectDone(outcome);
      expect(outcome.instance?.data.accessToken).not.toBe(before.data.accessToken);
      expect(outcome.instance?.data.refreshToken === before.data.refreshToken).toBe(clientId === 'keeping');
    }
    const last = outcome.instance ?? { data: {} };
    expectDone(await connection.invalidate(last));
    const after = await connection.verify(last);
    expect(after.problem?.message).toContain('[401]');
  });

  const connecting = (changes: Parameters<typeof code>[0], parameters = DEMO) =>
    running('oauth-refresh', code(changes), { parameters }).connect(signsIn());

  test.each([
    ['a wrong verifier', { token: { code_verifier: 'x'.repeat(43) } }, DEMO, 'token', 'invalid_grant'],
    ['no verifier', { token: { code_verifier: '{{undefined}}' } }, DEMO, 'token', 'invalid_grant'],
    [
      'another redirect URI',
      { token: { redirect_uri: 'http://127.0.0.1/oauth/callback' } },
      DEMO,
      'token',
      'invalid_grant',
    ],
    ['a wrong secret', {}, { ...DEMO, clientSecret: 'wrong-secret' }, 'token', 'invalid_client'],
    ['a scope that there is not', { authorize: { scope: 'nothing:read' } }, DEMO, 'authorize', 'invalid_scope'],
  ])('with %s is refused', async (_, changes, parameters, step, error) => {
    const { problem, trace } = await connecting(changes, parameters);
    expect(trace.steps.at(-1)?.name).toBe(step);
    expect(problem?.message).toContain(error);
  });

  test('with a code that was used before is refused', async () => {
    const connection = running('oauth-refresh', code(), { parameters: DEMO });
    let used: URLSearchParams | undefined;
    const first = await connection.connect(async (visit) => {
      used = await signsIn()(visit);
      return used;
    });
    expectDone(first);
    const again = await connection.connect(async (visit) => {
      const query = new URLSearchParams(used);
      query.set('state', new URL(visit.url).searchParams.get('state') ?? '');
      return query;
    });
    expect(again.trace.steps.at(-1)?.name).toBe('token');
    expect(again.problem?.message).toContain('invalid_grant');
  });

  test('with a refresh token that was used before is refused, and so is the new one', async () => {
    const connection = running('oauth-refresh', code(), { parameters: DEMO });
    const { instance: first = { data: {} } } = await connection.connect(signsIn());
    await forward(61);
    const { instance: second = { data: {} } } = await connection.refresh(first);
    const reused = await connection.refresh(first);
    expect(reused.problem?.message).toContain('invalid_grant');
    expect(notesOf(reused)).toContain('using an old one again ends the new one too');
    await forward(61);
    expect((await connection.refresh(second)).problem?.message).toContain('invalid_grant');
  });

  test('whose user does not agree is told', async () => {
    const { problem, trace } = await running('oauth', code(), { parameters: DEMO }).connect(signsIn('deny'));
    expect(problem).toMatchObject({ code: 'run/denied' });
    expect(problem?.message).toContain('access_denied');
    expect(trace.steps.map(({ name }) => name)).toEqual(['authorize']);
  });

  test('with a token that has expired is told by info', async () => {
    const connection = running('oauth', { ...code(), refresh: undefined }, { parameters: DEMO });
    const { instance = { data: {} } } = await connection.connect(signsIn());
    await forward(61);
    const { problem, trace } = await connection.verify(instance);
    expect(trace.steps.at(-1)?.name).toBe('info');
    expect(problem?.message).toContain('[401]');
  });

  test.each([
    [
      'raw',
      "parameters.clientId + ':' + parameters.clientSecret",
      "encodeURL(parameters.clientId) + ':' + encodeURL(parameters.clientSecret)",
    ],
    [
      'encoded',
      "encodeURL(parameters.clientId) + ':' + encodeURL(parameters.clientSecret)",
      "parameters.clientId + ':' + parameters.clientSecret",
    ],
  ])('takes %s id and secret in Basic, and the trace names the other encoding', async (clientId, right, wrong) => {
    const parameters = { clientId, clientSecret: 's+e c%t' };
    const none = { client_id: '{{undefined}}', client_secret: '{{undefined}}' };
    const changes = (pair: string) => ({ headers: { authorization: `Basic {{base64(${pair})}}` }, token: none });
    expectDone(await connecting(changes(right), parameters));
    const refused = await connecting(changes(wrong), parameters);
    expect(refused.problem?.code).toBe('run/refused');
    expect(notesOf(refused)).toContain(
      clientId === 'raw' ? 'form-encoded, as RFC 6749 has it' : 'came in Basic as they are',
    );
  });

  test.each([
    ['form-encoded', 'answered with a form', true],
    ['expires-in-text', 'is the text', true],
    ['no-expires-in', 'There is no expires_in', true],
    ['no-refresh-token', '', true],
    ['wrong-content-type', 'is labelled text/html', false],
    ['error-200', 'said 200 and put an error', false],
    ['expired-code', 'invalid_grant means', false],
  ] as [FaultName, string, boolean][])('with the failure %s is told', async (effect, words, works) => {
    await harness.faults.add({ platform: 'provider', operation: 'authorization_code', effect, times: 1 });
    const outcome = await connecting({});
    expect(outcome.instance !== undefined).toBe(works);
    expect(notesOf(outcome)).toContain(words);
  });
});

test.each([
  ['oauth-clicre', { grant_type: 'client_credentials', scope: 'read' }, DEMO],
  [
    'oauth-resowncre',
    { grant_type: 'password', username: '{{parameters.username}}', password: '{{parameters.password}}' },
    { ...DEMO, ...USER },
  ],
] as const)('%s connects, gets a token again, and disconnects', async (type, grant, parameters) => {
  const condition = '{{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}';
  const token = { condition, url: 'p:/token', ...post, body: { ...grant, ...CLIENT }, response: stored };
  const revoke = { ...invalidate, body: { token: '{{connection.accessToken}}', ...CLIENT } };
  const connection = running(type, { token, info, invalidate: revoke }, { parameters });
  const { instance: first = { data: {} }, ...outcome } = await connection.connect();
  expectDone(outcome as Outcome);
  expect((await connection.verify(first)).instance).toEqual({ ...first });
  await forward(61);
  const { instance: second = { data: {} } } = await connection.verify(first);
  expect(second.data.accessToken).not.toBe(first.data.accessToken);
  expectDone(await connection.invalidate(second));
  expect((await connection.verify(second)).problem?.message).toContain('[401]');
});

describe('OAuth 1', () => {
  const steps = (oauth: object, form: boolean) => {
    const send = form ? { method: 'POST', type: 'urlencoded' } : { method: 'POST' };
    const token = { token: '{{temp.token}}', token_secret: '{{temp.tokenSecret}}' };
    const connected = { token: '{{connection.token}}', token_secret: '{{connection.tokenSecret}}' };
    return {
      oauth: { consumer_key: '{{parameters.clientId}}', consumer_secret: '{{parameters.clientSecret}}', ...oauth },
      requestToken: {
        ...{ url: 'p:/oauth1/request-token', ...send, log: SANITIZE },
        response: {
          type: 'urlencoded',
          temp: { token: '{{body.oauth_token}}', tokenSecret: '{{body.oauth_token_secret}}' },
        },
      },
      authorize: {
        ...{ url: 'p:/oauth1/authorize', qs: { oauth_token: '{{temp.token}}' } },
        response: { temp: { verifier: '{{query.oauth_verifier}}' } },
      },
      accessToken: {
        ...{
          url: 'p:/oauth1/access-token',
          ...send,
          log: SANITIZE,
          oauth: { ...token, verifier: '{{temp.verifier}}' },
        },
        response: {
          type: 'urlencoded',
          data: { token: '{{body.oauth_token}}', tokenSecret: '{{body.oauth_token_secret}}' },
        },
      },
      info: {
        ...{
          url: 'p:/resources/oauth1?a3=2%20q&c%40=&a3=a',
          qs: { empty: '', list: ['2', '1'], é: '+&=' },
          log: SANITIZE,
        },
        ...(form ? { ...send, body: { b: ['2', '1'], 'c d': '' } } : {}),
        ...{ oauth: connected, response: shown },
      },
    };
  };

  test.each(
    ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'].flatMap((method) =>
      ['header', 'query', 'body'].map((transport) => [method, transport] as const),
    ),
  )('with %s in the %s connects, and is verified', async (method, transport) => {
    const oauth = {
      // Make documents the three others, so that this one comes from an expression.
      signature_method: method === 'HMAC-SHA256' ? `{{'${method}'}}` : method,
      transport_method: transport,
      ...(method === 'RSA-SHA1' ? { private_key: '{{common.key}}' } : {}),
    };
    const connection = running('oauth-1', steps(oauth, transport === 'body'), { parameters: DEMO, common: { key } });
    const outcome = await connection.connect(signsIn());
    expectDone(outcome);
    expect(outcome.instance?.metadata?.value).toBe('demo');
    expectDone(await connection.verify(outcome.instance ?? { data: {} }));
    for (const secret of ['demo-secret', key.split('\n')[1] ?? '', String(outcome.instance?.data.tokenSecret)]) {
      expect(JSON.stringify(outcome.trace)).not.toContain(secret);
    }
  });

  test('with a wrong secret is told by the step', async () => {
    const parameters = { ...DEMO, clientSecret: 'wrong-secret' };
    const { problem, trace } = await running('oauth-1', steps({}, false), { parameters }).connect(signsIn());
    expect(trace.steps.at(-1)?.name).toBe('requestToken');
    expect(problem?.code).toBe('run/refused');
  });
});

describe('without OAuth', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const requests = {
    basic: {
      url: 'p:/resources/basic',
      headers: { authorization: "Basic {{base64(parameters.username + ':' + parameters.password)}}" },
    },
    'a key in a header': { url: 'p:/resources/api-key/header', headers: { 'x-api-key': '{{parameters.apiKey}}' } },
    'a key in the query': { url: 'p:/resources/api-key/query', qs: { api_key: '{{parameters.apiKey}}' } },
    'a key in a cookie': { url: 'p:/resources/api-key/cookie', headers: { cookie: 'api_key={{parameters.apiKey}}' } },
  };

  test.each(Object.entries(requests))('%s connects; a wrong value is told', async (_, request) => {
    const api = { ...request, response: shown, log: SANITIZE };
    const right = { ...USER, apiKey: 'demo-api-key' };
    const outcome = await running('apikey', api, { parameters: right }).connect();
    expectDone(outcome);
    expect(outcome.instance?.metadata?.value).toBe('demo');
    const wrong = { username: 'demo', password: 'wr0ng-value', apiKey: 'wr0ng-value' };
    const refused = await running('apikey', api, { parameters: wrong }).connect();
    expect(refused.problem).toMatchObject({ code: 'run/refused', found: '401' });
    expect(JSON.stringify(refused)).not.toContain('wr0ng-value');
  });

  test('digest is answered by two requests, with the query in the target', async () => {
    const target = '/provider/resources/digest/md5?a=1&b=2';
    const part = (name: string) => `{{replace(headers.\`www-authenticate\`, '/^.*[ ,]${name}="([^"]*)".*$/', '$1')}}`;
    const url = 'p:/resources/digest/md5?a=1&b=2';
    const { username, password } = USER;
    const api = [
      {
        url,
        response: {
          valid: '{{statusCode = 401}}',
          temp: { nonce: part('nonce'), realm: part('realm'), opaque: part('opaque') },
        },
      },
      {
        ...{ url, response: shown, log: SANITIZE },
        temp: {
          user: "{{md5(parameters.username + ':' + temp.realm + ':' + parameters.password)}}",
          target: md5(`GET:${target}`),
        },
        headers: {
          authorization: `Digest username="{{parameters.username}}", realm="{{temp.realm}}", uri="${target}", algorithm=MD5, nonce="{{temp.nonce}}", nc=00000001, cnonce="0a4f113b", qop=auth, response="{{md5(temp.user + ':' + temp.nonce + ':00000001:0a4f113b:auth:' + temp.target)}}", opaque="{{temp.opaque}}"`,
        },
      },
    ];
    const outcome = await running('basic', api, { parameters: { username, password } }).connect();
    expectDone(outcome);
    expect(outcome.instance?.metadata?.value).toBe('demo');
  });
});
