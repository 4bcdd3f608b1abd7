import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../src/diagnostics.ts';
import type { Answers } from '../src/openapi/connection.ts';
import { describeConnections } from '../src/openapi/describe.ts';
import { readDescription } from '../src/openapi/description.ts';
import { discoverConnections } from '../src/openapi/discovery.ts';
import type { HttpAnswer } from '../src/runtime/transport.ts';
import { readSource } from '../src/source.ts';
import { TRAPS, type TrapName } from '../src/traps.ts';
import { checkConnection } from '../src/validate.ts';
import { connectionOf, runnable } from './runtime/connections.ts';
import { agrees } from './runtime/provider.ts';

/* Each trap is named where somebody meets it: by the step of a trace, a rule, or an import. */

interface Answered {
  readonly status?: number;
  readonly headers?: HttpAnswer['headers'] | undefined;
  readonly body?: unknown;
}

const GRANTED = {
  access_token: 'access-token-1',
  refresh_token: 'refresh-token-1',
  token_type: 'Bearer',
  expires_in: 60,
};

/** The traps of the last step, when a request for a token is answered so. */
async function afterToken({ status = 200, headers, body }: Answered, request: object = {}, type = 'oauth-clicre') {
  const api = {
    token: {
      ...{ method: 'POST', url: 'https://auth.example.test/token', type: 'urlencoded' },
      condition: '{{if(data.accessToken, false, true)}}',
      body: { grant_type: 'client_credentials' },
      response: { data: { accessToken: '{{body.access_token}}' } },
      ...request,
    },
  };
  const answer = answerOf({ status, headers, body });
  const { trace } = await runnable(connectionOf(type as 'oauth-clicre', { api }), {
    transport: async () => answer,
  }).connect();
  return trace.steps.at(-1)?.traps ?? [];
}

function answerOf({ status = 200, headers = { 'content-type': 'application/json' }, body }: Answered): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** The traps of a request for a token with an authorization code, after a visit with that scope. */
async function afterCode(scope: string, body: object) {
  const api = {
    authorize: {
      url: 'https://auth.example.test/authorize',
      qs: { scope },
      response: { temp: { code: '{{query.code}}' } },
    },
    token: {
      ...{ method: 'POST', url: 'https://auth.example.test/token', type: 'urlencoded' },
      body: { code: '{{temp.code}}' },
      response: { data: { accessToken: '{{body.access_token}}' } },
    },
  };
  const running = runnable(connectionOf('oauth', { api }), { transport: async () => answerOf({ body }) });
  const { trace } = await running.connect(agrees());
  return trace.steps.at(-1)?.traps ?? [];
}

/** The traps of a request that is not for a token, when it is refused. */
async function refused(headers: object) {
  const api = { url: 'https://api.example.test/me', headers, response: {} };
  const { trace } = await runnable(connectionOf('basic', { api }), {
    transport: async () => answerOf({ status: 401, body: {} }),
  }).connect();
  return trace.steps.at(-1)?.traps ?? [];
}

/** The traps of a refresh that is answered so. */
async function afterRefresh(answer: Answered) {
  const request = { method: 'POST', url: 'https://auth.example.test/token', type: 'urlencoded' };
  const data = {
    accessToken: '{{body.access_token}}',
    refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
  };
  const api = {
    token: { ...request, condition: '{{if(data.accessToken, false, true)}}', response: { data } },
    refresh: {
      ...request,
      condition: '{{now > 0}}',
      body: { refresh_token: '{{data.refreshToken}}' },
      response: { data },
    },
  };
  const running = runnable(connectionOf('oauth-clicre', { api }), { transport: async () => answerOf(answer) });
  const { trace } = await running.refresh({ data: { accessToken: 'access-token-1', refreshToken: 'refresh-token-1' } });
  return trace.steps.find(({ name }) => name === 'refresh')?.traps ?? [];
}

const CHALLENGE = "{{base64url(sha256(temp.code_verifier, 'base64'))}}";

/** An authorization with PKCE: its query string, and how the verifier is made. */
function withPKCE(qs: object, verifier = '{{uuid}}.{{uuid}}') {
  const api = {
    authorize: {
      temp: { code_verifier: verifier },
      url: 'https://auth.example.test/authorize',
      qs: { response_type: 'code', redirect_uri: '{{oauth.localRedirectUri}}', code_challenge: CHALLENGE, ...qs },
      response: { temp: { code: '{{query.code}}' } },
    },
    token: {
      ...{ url: 'https://auth.example.test/token', method: 'POST', type: 'urlencoded' },
      body: { code: '{{temp.code}}', code_verifier: '{{temp.code_verifier}}' },
      response: { data: { accessToken: '{{body.access_token}}' } },
    },
  };
  return connectionOf('oauth', { api });
}

/** The traps of the visit of the browser, those of the token request, and those that rules name. */
async function authorized(qs: object, verifier?: string) {
  const connection = withPKCE(qs, verifier);
  const running = runnable(connection, { transport: async () => answerOf({ body: GRANTED }) });
  const { trace } = await running.connect(agrees());
  const rules = checkConnection(connection).problems.flatMap(({ trap }) => trap ?? []);
  return { visit: trace.steps[0]?.traps ?? [], token: trace.steps[1]?.traps ?? [], rules };
}

const challenged = (...challenges: string[]) =>
  afterToken({
    status: 401,
    headers: { 'content-type': 'application/json', 'www-authenticate': challenges },
    body: {},
  });
const basic = (pair: string) => ({ headers: { authorization: `Basic {{base64("${pair}")}}` } });
const REFUSED = { status: 401, body: { error: 'invalid_client' } };

async function imported(document: object, answers: Answers = {}) {
  const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'Acme' }, ...document });
  const description = await readDescription(text);
  try {
    const { diagnostics, connections } = describeConnections(description, answers);
    return [...diagnostics, ...connections.flatMap(({ marks }) => marks)].flatMap(({ trap }) => trap ?? []);
  } catch (error) {
    if (error instanceof ConnectorError) return error.diagnostics.flatMap(({ trap }) => trap ?? []);
    throw error;
  }
}

const paths = { '/me': { get: { responses: {} } } };
const servers = [{ url: 'https://api.example.test' }];
const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' };

/** A description with these schemes, each of which opens every request. */
const withSchemes = (securitySchemes: object, more: object = {}) => ({
  ...{ paths, servers, components: { securitySchemes } },
  security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
  ...more,
});

const codeFlow = (more: object) => ({
  type: 'oauth2',
  flows: {
    authorizationCode: {
      authorizationUrl: 'https://auth.example.test/authorize',
      tokenUrl: 'https://auth.example.test/token',
      scopes: {},
      ...more,
    },
  },
});

/** An assertion of a client with these claims, which nobody signed. */
function assertion(claims: object) {
  const all = { iss: 'a', sub: 'a', aud: 'b', jti: 'c', ...claims };
  return `e30.${Buffer.from(JSON.stringify(all)).toString('base64url')}.c2ln`;
}

/** Trap → every place that has to name it, as the traps that are named there. */
const MET: Readonly<Record<TrapName, () => Promise<readonly (readonly string[])[]>>> = {
  'pkce-method-missing': async () => {
    const { visit, rules } = await authorized({});
    return [visit, rules];
  },
  'pkce-plain': async () => {
    const { visit, rules } = await authorized({ code_challenge_method: 'plain' });
    return [visit, rules];
  },
  'pkce-short-verifier': async () => {
    const { token, rules } = await authorized({ code_challenge_method: 'S256' }, '{{uuid}}');
    return [token, rules];
  },
  'pkce-challenge-form': async () => {
    const hex = '{{sha256(temp.code_verifier)}}';
    const { visit, rules } = await authorized({ code_challenge_method: 'S256', code_challenge: hex });
    return [visit, rules];
  },
  'basic-not-encoded': async () => [await afterToken(REFUSED, basic('app:s+e c*r!t'))],
  'basic-encoded': async () => [await afterToken(REFUSED, basic('app%3A1:s%2Be'))],
  'basic-charset': async () => [await refused(basic('Zoë:secret').headers)],
  'client-auth-method': async () => [await imported(withSchemes({ it: codeFlow({}) }))],
  'refresh-token-reused': async () => [await afterRefresh({ status: 400, body: { error: 'invalid_grant' } })],
  'refresh-token-missing': async () => [await afterRefresh({ body: { ...GRANTED, refresh_token: undefined } })],
  'refresh-token-null': async () => [
    await afterRefresh({ body: { ...GRANTED, refresh_token: null } }),
    await afterToken({ body: { ...GRANTED, refresh_token: null } }),
  ],
  'offline-access-ignored': async () => [
    await afterCode('openid offline_access', { ...GRANTED, refresh_token: undefined }),
  ],
  'redirect-other-host': async () => {
    const { visit } = await authorized({ redirect_uri: 'http://[::1]:4711/callback' });
    return [visit];
  },
  'resource-unknown': async () => [await afterToken({ status: 400, body: { error: 'invalid_target' } })],
  'assertion-without-jti': async () => {
    return [await afterToken(REFUSED, { body: { client_assertion: assertion({ exp: 1, jti: undefined }) } })];
  },
  'assertion-times': async () =>
    Promise.all(
      [{ exp: '1796012192' }, { exp: 1796012192, iat: 1796012192000 }].map((claims) =>
        afterToken(REFUSED, { body: { client_assertion: assertion(claims) } }),
      ),
    ),
  'error-status': async () => [await afterToken({ status: 403, body: { error: 'invalid_grant' } })],
  'token-error-in-success': async () => [await afterToken({ body: { error: 'bad_verification_code' } })],
  'token-in-a-form': async () => [
    await afterToken({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'access_token=access-token-1',
    }),
  ],
  'token-as-text': async () => [
    await afterToken({ headers: { 'content-type': 'text/html' }, body: GRANTED }),
    await afterToken({ headers: { 'content-type': 'text/plain' }, body: 'access_token=a1' }),
  ],
  'token-type-missing': async () => [await afterToken({ body: { ...GRANTED, token_type: undefined } })],
  'token-type-other': async () => [await afterToken({ body: { ...GRANTED, token_type: 'bot' } })],
  'expiry-zero': async () => [await afterToken({ body: { ...GRANTED, expires_in: 0 } })],
  'expiry-as-text': async () => [await afterToken({ body: { ...GRANTED, expires_in: '3600' } })],
  'expiry-unknown': async () => [
    await afterToken({ body: { ...GRANTED, expires_in: null } }),
    await afterToken({ body: { ...GRANTED, expires_in: undefined } }),
  ],
  'scope-as-list': async () => [await afterToken({ body: { ...GRANTED, scope: ['a', 'b'] } })],
  'scope-narrowed': async () => [
    await afterCode('read write', { ...GRANTED, scope: 'read' }),
    await afterToken({ body: { ...GRANTED, scope: 'read' } }, { body: { scope: 'read write' } }),
  ],
  'digest-uri': async () => [await challenged('Digest realm="a", nonce="n"')],
  'digest-qop-list': async () => [await challenged('Digest realm="a", nonce="n", qop="auth,auth-int"')],
  'digest-realm': async () => [await challenged('Digest realm="a, b", nonce="n"')],
  'digest-nonce': async () => [await challenged('Digest realm="a", nonce="bm9uY2U="')],
  'digest-algorithm': async () => [await challenged('Digest realm="a", nonce="n", algorithm=SHA-256')],
  'digest-stale-nonce': async () => [await challenged('Digest realm="a", nonce="n", stale=true')],
  'several-challenges': async () => [
    await challenged('Digest realm="a", nonce="n"', 'Basic realm="a"'),
    await challenged('Digest realm="a", nonce="n", Basic realm="a"'),
  ],
  'oauth1-parameters': async () => {
    const request = (url: string) => ({ url, headers: { authorization: 'OAuth oauth_signature="x"' } });
    return [await afterToken({ status: 401, body: {} }, request('https://api.example.test/me?a=1&a=2'))];
  },
  'openapi-no-security': async () => [await imported({ paths })],
  'openapi-no-server': async () => [await imported(withSchemes({ key: KEY }, { servers: undefined }))],
  'openapi-key-in-authorization': async () => [await imported(withSchemes({ key: { ...KEY, name: 'Authorization' } }))],
  'openapi-same-place': async () => [await imported(withSchemes({ personal: KEY, plan: { ...KEY, name: 'x-key' } }))],
  'openapi-refresh-url': async () => [
    await imported(withSchemes({ it: codeFlow({ refreshUrl: 'https://auth.example.test/refresh' }) })),
  ],
  'openapi-deprecated-scope': async () => {
    const it = codeFlow({ scopes: { 'files:read': 'Deprecated. All files', 'me:read': 'Who you are' } });
    return [await imported(withSchemes({ it }, { security: [{ it: ['files:read', 'me:read'] }] }))];
  },
  'openapi-open-operation': async () => {
    const open = { '/health': { get: { security: [], responses: {} } } };
    const document = withSchemes({ key: KEY }, { paths: { ...paths, ...open } });
    return [await imported(document, { verify: ['GET /health'] })];
  },
  'openapi-no-schemes': async () => {
    const document = { openapi: undefined, swagger: '2.0', host: 'api.example.test', paths, security: [{ key: [] }] };
    return [await imported({ ...document, securityDefinitions: { key: KEY } })];
  },
  'openapi-undefined-scheme': async () => [
    await imported(withSchemes({ key: KEY }, { security: [{ key: [] }, { kye: [] }] })),
  ],
  'openapi-from-postman': async () => [
    await imported(withSchemes({ apikeyAuth: { ...KEY, name: 'api_key' } })),
    await imported(withSchemes({ oauth2Auth: codeFlow({ authorizationUrl: '/oauth/authorize' }) })),
  ],
  'issuer-not-identical': async () => {
    const at = (path: string) => `https://auth.example.test/${path}`;
    const endpoints = { authorization_endpoint: at('authorize'), token_endpoint: at('token') };
    const metadata = { issuer: at(''), grant_types_supported: ['authorization_code'], ...endpoints };
    const location = 'https://auth.example.test/.well-known/openid-configuration';
    return [discoverConnections(metadata, { location }).diagnostics.flatMap(({ trap }) => trap ?? [])];
  },
  'formatter-trailing-comma': async () => {
    const { problems } = readSource('api.jsonc', '{ "url": "https://api.example.test/me", }', { comments: true });
    return [problems.flatMap(({ trap }) => trap ?? [])];
  },
};

test.each(Object.entries(MET))('%s is named where it is met', async (name, met) => {
  const places = await met();
  expect(places.length).toBeGreaterThan(0);
  for (const traps of places) expect(traps).toContain(name);
});

test('every trap is met somewhere', () => {
  expect(Object.keys(MET).sort()).toEqual(Object.keys(TRAPS).sort());
  expect(Object.keys(TRAPS).length).toBeGreaterThanOrEqual(25);
});

describe('what is as it should be', () => {
  test('is in no trap', async () => {
    expect(await afterToken({ body: GRANTED })).toEqual([]);
    expect(await afterRefresh({ body: { ...GRANTED, refresh_token: 'refresh-token-2' } })).toEqual([]);
    expect(await authorized({ code_challenge_method: 'S256' })).toEqual({ visit: [], token: [], rules: [] });
    expect(await challenged('Bearer realm="a"')).toEqual([]);
    expect(await refused(basic('Zoe:secret').headers)).toEqual([]);
    expect(await afterToken(REFUSED, { body: { client_assertion: assertion({ exp: 1796012192 }) } })).toEqual([]);
    expect(await afterToken({ status: 400, body: { error: 'invalid_scope' } })).toEqual([]);
    const google = 'openid https://www.googleapis.com/auth/userinfo.email https://graph.microsoft.com/User.Read';
    expect(await afterCode('openid email User.Read offline_access', { ...GRANTED, scope: google })).toEqual([]);
    expect(await imported(withSchemes({ key: KEY }))).toEqual([]);
    const sameUrl = codeFlow({ refreshUrl: 'https://auth.example.test/token' });
    expect(await imported(withSchemes({ it: sameUrl }), { clientAuth: 'body' })).toEqual([]);
    expect(readSource('api.jsonc', '{ "url": "https://api.example.test/me" }', { comments: true }).problems).toEqual(
      [],
    );
  });

  test('is in no trap when it is signed with simple parameters', async () => {
    const request = {
      url: 'https://api.example.test/me?a=1&b=2',
      headers: { authorization: 'OAuth oauth_signature="x"' },
    };
    expect(await afterToken({ status: 401, body: {} }, request)).toEqual([]);
  });
});
