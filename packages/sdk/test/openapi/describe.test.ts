import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connectionOf, runnable } from '../runtime/connections.ts';
import { provider } from '../runtime/provider.ts';
import { acme, imported, schemes, sectionOf, written } from './written.ts';

const codes = (all: readonly { code: string }[]) => all.map(({ code }) => code);

/** Scheme → the requests that it makes. */
const CARRIED = {
  'a key in a header': [
    { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    { headers: { 'X-API-Key': '{{parameters.apiKey}}' } },
    'apikey',
  ],
  'a key in the query': [
    { type: 'apiKey', in: 'query', name: 'api_key' },
    { qs: { api_key: '{{parameters.apiKey}}' } },
    'apikey',
  ],
  'a key in a cookie': [
    { type: 'apiKey', in: 'cookie', name: 'session' },
    { headers: { Cookie: 'session={{parameters.apiKey}}' } },
    'apikey',
  ],
  'a bearer token': [
    { type: 'http', scheme: 'Bearer' },
    { headers: { Authorization: 'Bearer {{parameters.apiToken}}' } },
    'apikey',
  ],
  'a word of the vendor’s own': [
    { type: 'http', scheme: 'Token' },
    { headers: { Authorization: 'Token {{parameters.apiKey}}' } },
    'apikey',
  ],
  'a documented prefix': [
    { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Send `Authorization: Key <your key>`.' },
    { headers: { Authorization: 'Key {{parameters.apiKey}}' } },
    'apikey',
  ],
  'a prefix in quotes': [
    { type: 'apiKey', in: 'header', name: 'Authorization', description: 'The value must be prefixed with "Token ".' },
    { headers: { Authorization: 'Token {{parameters.apiKey}}' } },
    'apikey',
  ],
  'name and password': [
    { type: 'http', scheme: 'basic' },
    { headers: { Authorization: "Basic {{base64(parameters.username + ':' + parameters.password)}}" } },
    'basic',
  ],
} as const;

describe.each(Object.entries(CARRIED))('%s', (_, [scheme, request, type]) => {
  test('is sent as the document says, and validates', async () => {
    const made = await imported(acme(schemes({ it: scheme })));
    const { byId, problems } = written(made);
    expect(problems).toEqual([]);
    expect(made.connections.map((each) => [each.id, each.type])).toEqual([['main', type]]);
    const api = sectionOf(byId.get('main'), 'api');
    expect(api).toMatchObject({ url: 'https://api.acme.test/v1/me', ...request });
    expect(api.response).toMatchObject({
      metadata: { type: 'email', value: '{{body.email}}' },
      uid: '{{body.id}}',
      error: { message: '[{{statusCode}}] {{body.message}}' },
    });
    expect(
      codes(made.connections.flatMap(({ marks }) => marks.filter(({ severity }) => severity === 'warning') as never)),
    ).toEqual([]);
  });
});

describe('which connections there are', () => {
  const key = { type: 'apiKey', in: 'header', name: 'X-Key' };

  test('alternatives are connections to choose from, and combinations are one', async () => {
    const text = acme({
      components: {
        securitySchemes: { key, secret: { ...key, name: 'X-Secret' }, jwt: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ key: [], secret: [] }, { jwt: [] }],
    });
    const made = await imported(text);
    expect(made.connections.map(({ id }) => id)).toEqual(['key-and-secret', 'jwt']);
    const { byId, problems } = written(made);
    expect(problems).toEqual([]);
    expect(sectionOf(byId.get('key-and-secret'), 'api').headers).toEqual({
      'X-Key': '{{parameters.apiKey}}',
      'X-Secret': '{{parameters.secret}}',
    });
    expect(made.questions.map(({ about }) => about)).toContain('connections');
    expect((await imported(text, { connections: ['jwt'] })).connections.map(({ id }) => id)).toEqual(['jwt']);
    await expect(imported(text, { connections: ['jvt'] })).rejects.toThrow('no connection "jvt"');
  });

  test('the key of a scheme is a name in the document, and what is sent is the name of its header', async () => {
    // As @blockfrost/openapi and shipengine-openapi have them.
    const project = { type: 'apiKey', in: 'header', name: 'project_id' };
    const made = await imported(acme(schemes({ project_id: project, api_key: { ...project, name: 'API-Key' } })));
    expect(made.connections.map(({ id }) => id)).toEqual(['project-id', 'api-key']);
    const { byId, problems } = written(made);
    expect(problems).toEqual([]);
    expect(sectionOf(byId.get('project-id'), 'api').headers).toEqual({ project_id: '{{parameters.apiKey}}' });
    expect(sectionOf(byId.get('api-key'), 'api').headers).toEqual({ 'API-Key': '{{parameters.apiKey}}' });
  });

  test('nullable beside anyOf hides no property of the user', async () => {
    const user = { nullable: true, anyOf: [{ properties: { id: { type: 'integer' }, email: { type: 'string' } } }] };
    const responses = { 200: { description: 'ok', content: { 'application/json': { schema: user } } } };
    const made = await imported(acme({ ...schemes({ it: key }), openapi: '3.0.3' }, { responses }));
    expect(sectionOf(written(made).byId.get('main'), 'api').response).toMatchObject({ uid: '{{body.id}}' });
  });

  test('two schemes on one header are one connection', async () => {
    const made = await imported(acme(schemes({ personal: key, plan: { ...key, name: 'x-key' } })));
    expect(made.connections.map(({ id }) => id)).toEqual(['main']);
    expect(made.diagnostics.map(({ message }) => message)).toEqual([
      'The security schemes "personal" and "plan" are sent in the same place: they are one connection.',
    ]);
  });

  test('two that need the same header at once are none, and it is said why', async () => {
    const text = acme({
      components: {
        securitySchemes: { basic: { type: 'http', scheme: 'basic' }, jwt: { type: 'http', scheme: 'bearer' }, key },
      },
      security: [{ basic: [], jwt: [] }, { key: [] }],
    });
    const made = await imported(text);
    expect(made.connections).toHaveLength(1);
    expect(made.diagnostics.find(({ code }) => code === 'openapi/unsupported')?.message).toContain(
      'header authorization',
    );
  });

  test.each([
    [{ type: 'mutualTLS' }, 'certificate'],
    [{ type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://a.test/auth', scopes: {} } } }, 'implicit'],
    [{ type: 'openIdConnect', openIdConnectUrl: 'https://a.test/.well-known/openid-configuration' }, '--discovery'],
    [{ type: 'http', scheme: 'negotiate' }, 'negotiate'],
    [{ type: 'oauth1' }, 'oauth1'],
    [{ type: 'apiKey', in: 'body', name: 'x' }, '"body"'],
    [null, 'cannot be resolved'],
  ])('%j becomes none, and the document says nothing else', async (scheme, why) => {
    const made = await imported(acme({ components: { securitySchemes: { it: scheme } }, security: [{ it: [] }] }));
    expect(made.connections).toEqual([]);
    expect(made.diagnostics.map(({ message }) => message).join('\n')).toContain(why);
    expect(codes(made.diagnostics)).toContain('openapi/no-security');
  });

  test('without schemes, what is called like a credential is offered and not taken', async () => {
    const parameters = [{ in: 'query', name: 'api_key', schema: { type: 'string' } }];
    const text = acme({}, { parameters });
    const made = await imported(text);
    expect(made.connections).toEqual([]);
    expect(made.questions.find(({ about }) => about === 'auth')?.choices[0]?.value).toBe('query:api_key');
    expect(made.diagnostics.at(-1)?.hint).toContain('--auth query:api_key');
    const answered = await imported(text, { auth: 'query:api_key' });
    expect(sectionOf(written(answered).byId.get('main'), 'api').qs).toEqual({ api_key: '{{parameters.apiKey}}' });
    await expect(imported(text, { auth: 'somehow' })).rejects.toThrow('is not a way to authorize requests');
  });

  test('a key in Authorization without a documented word is marked and asked for', async () => {
    const text = acme(schemes({ it: { type: 'apiKey', in: 'header', name: 'Authorization' } }));
    const made = await imported(text);
    expect(made.questions.map(({ about }) => about)).toContain('prefix');
    const { texts } = written(made);
    expect(texts.get('connections/main/api.jsonc')).toMatch(/\/\/ Unanswered: .*Bearer.*\n +"Authorization"/);
    for (const [prefix, value] of [
      ['Token', 'Token {{parameters.apiKey}}'],
      ['none', '{{parameters.apiKey}}'],
    ] as const) {
      const answered = await imported(text, { prefix });
      expect(sectionOf(written(answered).byId.get('main'), 'api').headers.Authorization).toBe(value);
    }
  });
});

describe('the request that proves a connection', () => {
  const key = { type: 'apiKey', in: 'header', name: 'X-Key' };
  const paths = (more: object) => ({ ...schemes({ key, other: { ...key, name: 'X-Other' } }), ...more });
  const get = (more: object = {}) => ({ get: { responses: {}, ...more } });

  test('is none that is open, needs a parameter, or another credential', async () => {
    const text = acme(
      paths({
        security: [{ key: [] }],
        paths: {
          '/me': get({ security: [] }),
          '/whoami': get({ security: [{}, { key: [] }] }),
          '/user': get({ security: [{ other: [] }] }),
          '/users/{id}': get(),
          '/account': get({ parameters: [{ in: 'query', name: 'team', required: true }] }),
          '/orders': get(),
        },
      }),
    );
    const { connections } = await imported(text, { connections: ['key'] });
    const { byId } = written({ connections });
    expect(sectionOf(byId.get('key'), 'api').url).toBe('https://api.acme.test/v1/orders');
    expect(connections[0]?.marks[0]).toMatchObject({ severity: 'warning', path: ['url'] });
    await expect(imported(text, { verify: ['GET /me'] })).rejects.toThrow(
      'GET /me cannot verify a connection: it does not require authorization',
    );
    await expect(imported(text, { verify: ['GET /account'] })).rejects.toThrow('parameter team');
    await expect(imported(text, { verify: ['GET /ordres'] })).rejects.toThrow('no request "GET /ordres"');
  });

  test('can be named by its method and path, its path, or its operationId', async () => {
    const text = acme({ ...schemes({ key }), paths: { '/me': get(), '/orders': get({ operationId: 'listOrders' }) } });
    for (const verify of ['GET /orders', '/orders', 'listOrders']) {
      const { byId } = written(await imported(text, { verify: [verify] }));
      expect(sectionOf(byId.get('main'), 'api').url).toBe('https://api.acme.test/v1/orders');
    }
  });

  test('sends parameters that can have one value only, and has the server of its own path', async () => {
    const parameters = [
      { in: 'header', name: 'X-Version', required: true, schema: { enum: ['2'] } },
      { in: 'query', name: 'format', required: true, schema: { default: 'json' } },
      { $ref: '#/components/parameters/Nothing' },
    ];
    const text = acme({
      ...schemes({ key }),
      paths: { '/me': { servers: [{ url: 'https://id.acme.test' }], parameters, ...get() } },
    });
    const api = sectionOf(written(await imported(text)).byId.get('main'), 'api');
    expect(api).toMatchObject({
      url: 'https://id.acme.test/me',
      qs: { format: 'json' },
      headers: { 'X-Version': '2' },
    });
  });

  test('where there is none, the place is marked', async () => {
    const made = await imported(acme({ ...schemes({ key }), paths: {} }));
    const { texts } = written(made);
    expect(texts.get('connections/main/api.jsonc')).toContain('// Unanswered: The document has no request');
  });
});

describe('OAuth 2', () => {
  const flow = {
    authorizationUrl: '/oauth/authorize',
    tokenUrl: 'oauth/token',
    refreshUrl: 'https://auth.acme.test/refresh',
    scopes: { 'me:read': 'Read who you are', old: 'Deprecated. Everything', all: '' },
  };
  const document = (flows: object, security: object[] = [{ auth: ['me:read', 'old'] }]) =>
    acme({ components: { securitySchemes: { auth: { type: 'oauth2', flows } } }, security });

  test('relative addresses are those of the server, and refreshUrl is where tokens are refreshed', async () => {
    const made = await imported(document({ authorizationCode: flow }));
    const { byId, problems } = written(made);
    expect(problems).toEqual([]);
    const connection = byId.get('main');
    expect(connection?.type).toBe('oauth-refresh');
    expect(sectionOf(connection, 'api')).toMatchObject({
      authorize: { url: 'https://api.acme.test/oauth/authorize' },
      token: { url: 'https://api.acme.test/v1/oauth/token' },
      refresh: { url: 'https://auth.acme.test/refresh' },
      info: { url: 'https://api.acme.test/v1/me' },
    });
    expect(sectionOf(connection, 'scope')).toEqual(['me:read']);
    expect(sectionOf(connection, 'scopes')).toEqual({ ...flow.scopes, all: 'all' });
  });

  test('what the document does not say is marked, and can be answered', async () => {
    const { refreshUrl, ...bare } = flow;
    const text = document({ authorizationCode: bare });
    const made = await imported(text);
    expect(made.questions.map(({ about }) => about)).toEqual(['clientAuth', 'refresh']);
    expect(made.connections[0]?.type).toBe('oauth');
    const answered = await imported(text, { clientAuth: 'header', refresh: true });
    expect(answered.questions).toEqual([]);
    const api = sectionOf(written(answered).byId.get('main'), 'api');
    expect(api.token.headers.Authorization).toMatch(/^Basic /);
    expect(api.token.body).not.toHaveProperty('client_secret');
    expect(api.refresh.url).toBe(api.token.url);
    const lost = await imported(document({ authorizationCode: { scopes: {} } }, [{ auth: [] }]));
    expect(codes(written(lost).problems)).toContain('request/placeholder-host');
    expect(lost.connections[0]?.marks.filter(({ severity }) => severity === 'warning')).toHaveLength(2);
  });

  test('each flow is a connection of its own', async () => {
    const made = await imported(
      document({ authorizationCode: flow, clientCredentials: flow, password: flow, implicit: flow }),
    );
    expect(made.connections.map(({ id, type }) => [id, type])).toEqual([
      ['auth-authorization-code', 'oauth-refresh'],
      ['auth-client-credentials', 'oauth-clicre'],
      ['auth-password', 'oauth-resowncre'],
    ]);
    expect(written(made).problems).toEqual([]);
  });

  test('two schemes at one server are one connection with the scopes of both', async () => {
    const one = { type: 'oauth2', flows: { authorizationCode: flow } };
    const other = { type: 'oauth2', flows: { authorizationCode: { ...flow, scopes: { admin: 'Everything else' } } } };
    const made = await imported(acme(schemes({ one, other })));
    expect(made.connections).toHaveLength(1);
    expect(made.diagnostics.map(({ message }) => message)).toEqual([
      'The security schemes "one" and "other" have the same authorization server: they are one connection, with the scopes of both.',
    ]);
    expect(sectionOf(written(made).byId.get('main'), 'scopes')).toMatchObject({
      admin: 'Everything else',
      'me:read': 'Read who you are',
    });
  });

  test('OpenID Connect is what its discovery document says', async () => {
    const text = acme(schemes({ oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://login.acme.test' } }));
    const discovery = {
      issuer: 'https://login.acme.test',
      authorization_endpoint: 'https://login.acme.test/auth',
      token_endpoint: 'https://login.acme.test/token',
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid'],
    };
    const made = await imported(text, { discovery });
    const api = sectionOf(written(made).byId.get('main'), 'api');
    expect(api.authorize.qs.code_challenge_method).toBe('S256');
    expect(api.token.headers.Authorization).toMatch(/^Basic /);
    expect((await imported(text)).questions.map(({ about }) => about)).toContain('discovery');
  });
});

describe('servers', () => {
  const key = schemes({ key: { type: 'apiKey', in: 'header', name: 'X-Key' } });
  const servers = (...all: object[]) => acme({ ...key, servers: all });

  test('variables are fields that the user fills in', async () => {
    const variables = {
      region: { enum: ['eu', 'us'], default: 'eu' },
      'shop-name': { default: 'demo', description: 'Your shop' },
    };
    const made = await imported(servers({ url: 'https://{shop-name}.{region}.acme.test/v1/', variables }));
    const { byId, problems } = written(made);
    expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(sectionOf(byId.get('main'), 'api').url).toBe(
      'https://{{parameters.shopName}}.{{parameters.region}}.acme.test/v1/me',
    );
    expect(sectionOf(byId.get('main'), 'parameters').slice(0, 2)).toMatchObject([
      { name: 'shopName', type: 'text', default: 'demo', help: 'Your shop' },
      { name: 'region', type: 'select', default: 'eu' },
    ]);
  });

  test.each([
    ['/v2', 'https://docs.acme.test/openapi.json', 'https://docs.acme.test/v2/me'],
    ['./v2', 'https://docs.acme.test/api/openapi.json', 'https://docs.acme.test/api/v2/me'],
    ['//api.acme.test', undefined, 'https://api.acme.test/me'],
    ['api.acme.test/v3', undefined, 'https://api.acme.test/v3/me'],
  ])('%s of a document at %s', async (url, location, expected) => {
    const made = await imported(servers({ url }), {}, location);
    expect(sectionOf(written(made).byId.get('main'), 'api').url).toBe(expected);
  });

  test('none, or one that is relative to what nobody knows, is marked and asked for', async () => {
    for (const text of [servers(), servers({ url: '/v2' }), acme({ ...key, servers: 'https://x' })]) {
      const made = await imported(text);
      expect(made.questions.map(({ about }) => about)).toContain('server');
      expect(codes(written(made).problems)).toEqual(['request/placeholder-host']);
      const answered = await imported(text, { server: 'https://api.acme.test' });
      expect(written(answered).problems).toEqual([]);
    }
  });

  test('of several the first is taken, and it is said', async () => {
    const made = await imported(servers({ url: 'https://a.test' }, { url: 'https://b.test' }));
    expect(made.diagnostics.find(({ code }) => code === 'openapi/assumed')?.message).toContain('https://a.test');
    const other = await imported(servers({ url: 'https://a.test' }, { url: 'https://b.test' }), {
      server: 'https://b.test',
    });
    expect(sectionOf(written(other).byId.get('main'), 'api').url).toBe('https://b.test/me');
  });
});

describe.each(['MD5', 'SHA-256'])('digest with %s', (algorithm) => {
  test('answers the challenge of a server', async () => {
    const made = await imported(acme(schemes({ it: { type: 'http', scheme: 'digest' } })));
    const sections = made.connections[0]?.texts ?? {};
    const hash = (text: string) => createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
    const { url, received } = await provider({
      '/v1/me': ({ headers: { authorization = '' } }) => {
        const challenge = `Digest realm="it, here", qop="auth", algorithm=${algorithm}, nonce="n0nce", opaque="0paque"`;
        const part = (name: string) => new RegExp(`${name}="?([^",]*)"?`).exec(authorization)?.[1] ?? '';
        const user = hash('Mufasa:it, here:Circle of Life');
        const right = hash(`${user}:n0nce:00000001:${part('cnonce')}:auth:${hash('GET:/v1/me')}`);
        if (authorization === '' || part(' response') !== right) {
          return { status: 401, headers: { 'www-authenticate': challenge } };
        }
        return { body: { id: 7, email: 'mufasa@acme.test' } };
      },
    });
    const texts = { ...sections, api: sections.api?.replaceAll('https://api.acme.test', url) };
    const connection = connectionOf('basic', texts);
    const outcome = await runnable(connection, {
      parameters: { username: 'Mufasa', password: 'Circle of Life' },
    }).connect();
    expect(outcome.problem).toBeUndefined();
    expect(outcome.instance).toMatchObject({ uid: 7, metadata: { value: 'mufasa@acme.test' } });
    expect(received).toHaveLength(2);
  });
});
