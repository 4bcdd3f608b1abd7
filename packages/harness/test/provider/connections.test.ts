import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { createHarness, type FaultName, type Harness } from '@connectorkit/harness';
import { type Connection, ConnectorError, type CreateType, openProject, SECTIONS } from '@connectorkit/sdk';
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
      {
        ...{ client_id: 'signing', token_endpoint_auth_method: 'private_key_jwt' },
        public_key: String(createPublicKey(key).export({ type: 'spki', format: 'pem' })),
      },
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
  const text = JSON.stringify(api, undefined, 2).replaceAll(/\bp:/g, `${harness.url}/provider`);
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
  const [connection] = openProject({ read, list, write: () => {}, rename: () => {}, remove: () => {} }).connections;
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

/** A browser in which the demo user signs in, and agrees or not. A page that says why it cannot go on is the problem. */
const signsIn =
  (decision = 'allow') =>
  async ({ url }: { readonly url: string }) => {
    const asked = await new Browser().go(url, harness.url);
    const [, error] = /<code>(\w+)<\/code><\/p>/.exec(asked.page) ?? [];
    if (asked.response?.ok === false)
      throw new ConnectorError('refused', { code: 'connect/headless', message: `${error}` });
    return (await new Browser().authorize(new URL(url), { decision })).searchParams;
  };

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
function code(
  changes: { verifier?: string; authorize?: object; token?: object; refresh?: object; headers?: object } = {},
) {
  const redirect = { redirect_uri: '{{oauth.localRedirectUri}}' };
  const { headers = {} } = changes;
  return {
    authorize: {
      url: 'p:/authorize',
      temp: { code_verifier: changes.verifier ?? '{{uuid}}.{{uuid}}' },
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

  test('whose user does not agree is reported', async () => {
    const { problem, trace } = await running('oauth', code(), { parameters: DEMO }).connect(signsIn('deny'));
    expect(problem).toMatchObject({ code: 'run/denied' });
    expect(problem?.message).toContain('access_denied');
    expect(trace.steps.map(({ name }) => name)).toEqual(['authorize']);
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
      clientId === 'raw' ? 'form-encoded in Basic, as RFC 6749 requires' : 'were sent in Basic without form-encoding',
    );
  });

  test.each([
    ['form-encoded', 'The response is a form', true],
    ['expires-in-text', 'is the text', true],
    ['no-expires-in', 'The response has no expires_in', true],
    ['no-refresh-token', '', true],
    ['wrong-content-type', 'has the Content-Type text/html', false],
    ['error-200', 'the body contains an error', false],
    ['expired-code', 'invalid_grant means', false],
  ] as [FaultName, string, boolean][])('with the failure %s is reported', async (effect, words, works) => {
    await harness.faults.add({ platform: 'provider', operation: 'authorization_code', effect, times: 1 });
    const outcome = await connecting({});
    expect(outcome.instance !== undefined).toBe(works);
    expect(notesOf(outcome)).toContain(words);
  });
});

describe('the provider refuses', () => {
  const connecting = (changes: Parameters<typeof code>[0], parameters = DEMO) =>
    running('oauth-refresh', code(changes), { parameters }).connect(signsIn());
  const connected = async () => {
    const connection = running('oauth-refresh', code(), { parameters: DEMO });
    const outcome = await connection.connect(signsIn());
    expectDone(outcome);
    return { connection, instance: outcome.instance ?? { data: {} } };
  };
  /** A visit from which the browser comes back with something else in its query. */
  const comesBack =
    (change: (query: URLSearchParams, sent: URLSearchParams) => void) =>
    async ({ url }: { readonly url: string }) => {
      const query = await signsIn()({ url });
      change(query, new URL(url).searchParams);
      return query;
    };
  interface Refusal {
    readonly attempt: () => Promise<Outcome>;
    /** The step that the trace says has failed. */
    readonly step: 'authorize' | 'token' | 'refresh' | 'info';
    /** The error of OAuth; what the runtime itself finds has none. */
    readonly error?: string;
    readonly status?: number;
    /** Of the problem. */
    readonly message: string;
    /** The sentence of the trace about what the vendor did. */
    readonly note?: string;
  }

  const REFUSALS: Readonly<Record<string, Refusal>> = {
    'a code that was used before': {
      attempt: async () => {
        const none = '{{undefined}}';
        const withoutPKCE = {
          authorize: { code_challenge: none, code_challenge_method: none },
          token: { code_verifier: none },
        };
        const connection = running('oauth-refresh', code(withoutPKCE), { parameters: DEMO });
        let used: URLSearchParams | undefined;
        const first = await connection.connect(comesBack((query) => (used = new URLSearchParams(query))));
        expectDone(first);
        return connection.connect(comesBack((query) => query.set('code', used?.get('code') ?? '')));
      },
      ...{ step: 'token', error: 'invalid_grant', status: 400, message: 'already consumed' },
      note: 'it was used before, is expired',
    },
    'a wrong verifier': {
      attempt: () => connecting({ token: { code_verifier: 'x'.repeat(43) } }),
      ...{ step: 'token', error: 'invalid_grant', status: 400, message: 'does not match' },
      note: 'the redirect URI or the verifier differs',
    },
    'no verifier': {
      attempt: () => connecting({ token: { code_verifier: '{{undefined}}' } }),
      ...{ step: 'token', error: 'invalid_grant', status: 400, message: 'must be provided' },
      note: 'the redirect URI or the verifier differs',
    },
    'a verifier of one uuid': {
      attempt: () => connecting({ verifier: '{{uuid}}' }),
      ...{ step: 'token', error: 'invalid_request', status: 400, message: '43' },
      note: 'code_verifier has 36 characters, but RFC 7636 requires 43 to 128',
    },
    'a challenge without its method': {
      attempt: () => connecting({ authorize: { code_challenge_method: '{{undefined}}' } }),
      ...{ step: 'authorize', error: 'invalid_request', message: 'code_challenge_method must be provided' },
      note: 'code_challenge_method is missing',
    },
    'a challenge by the method plain': {
      attempt: () =>
        connecting({ authorize: { code_challenge: '{{temp.code_verifier}}', code_challenge_method: 'plain' } }),
      ...{ step: 'authorize', error: 'invalid_request', message: 'not supported value of code_challenge_method' },
      note: 'code_challenge_method is plain',
    },
    'a challenge in base64': {
      attempt: () => connecting({ authorize: { code_challenge: "{{sha256(temp.code_verifier, 'base64')}}" } }),
      ...{ step: 'authorize', error: 'invalid_request', message: 'code_challenge' },
      note: 'code_challenge is not the base64url of a SHA-256',
    },
    'a challenge in hexadecimal, which is seen at the token alone': {
      attempt: () => connecting({ authorize: { code_challenge: '{{sha256(temp.code_verifier)}}' } }),
      ...{ step: 'token', error: 'invalid_grant', status: 400, message: 'does not match' },
      note: 'the redirect URI or the verifier differs',
    },
    'another redirect URI than that of the browser': {
      attempt: () => connecting({ token: { redirect_uri: 'http://127.0.0.1/oauth/callback' } }),
      ...{ step: 'token', error: 'invalid_grant', status: 400, message: 'redirect_uri mismatch' },
      note: 'the redirect URI or the verifier differs',
    },
    'a redirect URI that is not registered': {
      attempt: () => connecting({ authorize: { redirect_uri: 'http://127.0.0.1/elsewhere' } }),
      ...{ step: 'authorize', message: 'invalid_redirect_uri' },
      note: 'The browser is redirected to http://127.0.0.1/elsewhere, not back to this command',
    },
    'a client that is unknown, in the browser': {
      attempt: () => connecting({}, { ...DEMO, clientId: 'stranger' }),
      ...{ step: 'authorize', message: 'invalid_client' },
    },
    'a client that is unknown, at the token': {
      attempt: () => connecting({ token: { client_id: 'stranger' } }),
      ...{ step: 'token', error: 'invalid_client', status: 401, message: 'client not found' },
      note: 'the client is unknown',
    },
    'a wrong secret': {
      attempt: () => connecting({}, { ...DEMO, clientSecret: 'wrong-secret' }),
      ...{ step: 'token', error: 'invalid_client', status: 401, message: 'invalid secret' },
      note: 'its secret or its authentication method is not accepted',
    },
    'a scope that there is not': {
      attempt: () => connecting({ authorize: { scope: 'nothing:read' } }),
      ...{ step: 'authorize', error: 'invalid_scope', message: 'There is no scope nothing:read' },
    },
    'a refresh token that was used before': {
      attempt: async () => {
        const { connection, instance } = await connected();
        await forward(61);
        expectDone(await connection.refresh(instance));
        return connection.refresh(instance);
      },
      ...{ step: 'refresh', error: 'invalid_grant', status: 400, message: 'already used' },
      note: 'reusing an old one also revokes the new one',
    },
    'the new refresh token as well, once the old one was used again': {
      attempt: async () => {
        const { connection, instance } = await connected();
        await forward(61);
        const second = await connection.refresh(instance);
        expect((await connection.refresh(instance)).problem).toBeDefined();
        await forward(61);
        return connection.refresh(second.instance ?? { data: {} });
      },
      ...{ step: 'refresh', error: 'invalid_grant', status: 400, message: 'invalid_grant' },
      note: 'the refresh token is expired, revoked',
    },
    'a refresh token after thirty days': {
      attempt: async () => {
        const { connection, instance } = await connected();
        await forward(31 * 24 * 60);
        return connection.refresh(instance);
      },
      ...{ step: 'refresh', error: 'invalid_grant', status: 400, message: 'expired' },
      note: 'the refresh token is expired',
    },
    'an access token that has expired': {
      attempt: async () => {
        const connection = running('oauth', { ...code(), refresh: undefined }, { parameters: DEMO });
        const { instance = { data: {} } } = await connection.connect(signsIn());
        await forward(61);
        return connection.verify(instance);
      },
      ...{ step: 'info', error: 'invalid_token', status: 401, message: 'expired or revoked' },
      note: 'invalid_token means that the access token is expired',
    },
    'a user who does not agree': {
      attempt: () => running('oauth', code(), { parameters: DEMO }).connect(signsIn('deny')),
      ...{ step: 'authorize', error: 'access_denied', message: 'access_denied: The user did not agree.' },
    },
  };

  test.each(Object.entries(REFUSALS))('%s', async (_, { attempt, step, error, status, message, note }) => {
    const { problem, trace, instance } = await attempt();
    expect(instance).toBeUndefined();
    expect(problem?.message).toContain(message);
    const last = trace.steps.at(-1);
    expect(last).toMatchObject({ name: step, outcome: 'failed', problem });
    // The line of the step's URL: that is what was refused.
    expect([problem?.file, problem?.path?.[0]]).toEqual(['connections/main/api.jsonc', step]);
    if (note !== undefined) expect(last?.notes.join('\n')).toContain(note);
    const answer = last?.exchanges.at(-1)?.answer;
    expect(answer?.status).toBe(status);
    const said = (answer?.body ?? last?.visit?.query) as { readonly error?: string } | undefined;
    expect(said?.error).toBe(error);
  });

  test.each([
    ['another', (query: URLSearchParams) => query.set('state', 'somebody-elses')],
    ['without', (query: URLSearchParams) => query.delete('state')],
  ])('what comes back with a wrong state (%s): it is we who do', async (words, change) => {
    const { problem, trace } = await running('oauth', code(), { parameters: DEMO }).connect(comesBack(change));
    expect(problem).toMatchObject({ code: 'run/state', message: expect.stringContaining(words) });
    expect(trace.steps.map(({ name, outcome }) => [name, outcome])).toEqual([['authorize', 'failed']]);
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

describe('a client that proves itself with an assertion', () => {
  const token = (claims: object, aud: unknown) => ({
    temp: {
      claims: {
        ...{ iss: 'signing', sub: 'signing', aud, ...claims },
        exp: "{{parseNumber(formatDate(addMinutes(now, 1), 'X'))}}",
      },
    },
    ...{ condition: '{{true}}', url: 'p:/token', ...post, response: stored },
    body: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: "{{jwt(temp.claims, common.key, 'RS256')}}",
    },
  });
  const connecting = (claims: object, aud: unknown) =>
    running('oauth-clicre', { token: token(claims, aud), info, invalidate }, { common: { key } }).connect();

  test.each([
    ['the issuer', 'p:'],
    ['the token endpoint', 'p:/token'],
    ['a list of it and another', ['p:/token', 'https://example.com']],
  ])('for %s connects', async (_, aud) => {
    const outcome = await connecting({ jti: '{{uuid}}' }, aud);
    expectDone(outcome);
    expect(outcome.instance?.metadata?.value).toBe('signing');
  });

  test.each([
    ['without jti', {}, 'p:', 'The client’s assertion has no jti, which the API may require.'],
    ['for the issuer with a slash', { jti: '{{uuid}}' }, 'p:/', 'invalid_client means that'],
  ])('%s is refused, and told', async (_, claims, aud, note) => {
    const { problem, trace } = await connecting(claims, aud);
    expect(trace.steps.at(-1)).toMatchObject({ name: 'token', outcome: 'failed' });
    expect(problem?.message).toContain('invalid_client');
    expect(notesOf({ trace } as Outcome)).toContain(note);
    expect(JSON.stringify(trace)).not.toContain(key.split('\n')[1]);
  });
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

  test.each(Object.entries(requests))('%s connects; a wrong value is reported', async (_, request) => {
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
