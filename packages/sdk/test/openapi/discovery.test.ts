import { describe, expect, test } from 'vitest';
import { discoverConnections, readDiscovery, wellKnown } from '../../src/openapi/discovery.ts';
import { sectionOf, written } from './written.ts';

const OIDC = {
  issuer: 'https://login.acme.test',
  authorization_endpoint: 'https://login.acme.test/auth',
  token_endpoint: 'https://login.acme.test/token',
  userinfo_endpoint: 'https://login.acme.test/me',
  revocation_endpoint: 'https://login.acme.test/revoke',
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  code_challenge_methods_supported: ['plain', 'S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
  scopes_supported: ['openid', 'email', 'offline_access', 'orders'],
};

describe('OpenID Connect discovery', () => {
  test('gives a connection for each grant, with PKCE, refresh, userinfo and revocation', () => {
    const made = discoverConnections(OIDC, {});
    expect(made.connections.map(({ id, type }) => [id, type])).toEqual([
      ['authorization-code', 'oauth-refresh'],
      ['client-credentials', 'oauth-clicre'],
    ]);
    const { byId, problems } = written(made);
    expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    const connection = byId.get('authorization-code');
    expect(sectionOf(connection, 'api')).toMatchObject({
      authorize: { url: OIDC.authorization_endpoint, qs: { code_challenge_method: 'S256' } },
      token: { url: OIDC.token_endpoint, body: { code_verifier: '{{temp.codeVerifier}}' } },
      info: { url: OIDC.userinfo_endpoint, response: { uid: '{{body.sub}}', metadata: { value: '{{body.email}}' } } },
      invalidate: { url: OIDC.revocation_endpoint },
    });
    expect(sectionOf(connection, 'api').token.body).not.toHaveProperty('client_secret');
    expect(sectionOf(connection, 'scope')).toEqual(['openid', 'email', 'offline_access']);
    expect(sectionOf(connection, 'scopes').orders).toBe('orders');
  });

  test('an issuer that is not where the document was found is told', () => {
    const at = (location: string) => discoverConnections(OIDC, { location }).diagnostics.map(({ message }) => message);
    expect(at('https://login.acme.test/.well-known/openid-configuration')).toEqual([]);
    expect(at('https://other.test/.well-known/openid-configuration')[0]).toContain('https://other.test');
  });
});

describe('the request that proves a token of discovery', () => {
  const { userinfo_endpoint: _, ...SERVER } = OIDC;
  const apis = (metadata: typeof SERVER, verify?: string[], refresh?: boolean) => {
    const made = written(discoverConnections(metadata, {}, { verify, refresh }));
    return ['authorization-code', 'client-credentials'].map((id) => made.byId.get(id));
  };

  test.each(['https://api.acme.test/me', 'GET https://api.acme.test/me'])('is the URL %s', (verify) => {
    for (const connection of apis(OIDC, [verify])) {
      expect(sectionOf(connection, 'api').info.url).toBe('https://api.acme.test/me');
    }
    expect(sectionOf(apis(OIDC, [verify])[0], 'scope')).toEqual(['openid', 'offline_access']);
  });

  test('is none where that is said', () => {
    for (const connection of apis(OIDC, ['none'])) expect(sectionOf(connection, 'api')).not.toHaveProperty('info');
  });

  test.each([[['/me']], [['listOrders']], [['none', 'https://a.test/me']]])('is not %j', (verify) => {
    expect(() => apis(OIDC, verify)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  test('offline access is asked for where tokens are refreshed, and only there', () => {
    expect(sectionOf(apis(SERVER)[0], 'scope')).toEqual(['openid', 'offline_access']);
    const [login] = apis(SERVER, undefined, false);
    expect(sectionOf(login, 'api')).not.toHaveProperty('refresh');
    expect(login?.sections.scope?.text ?? '').not.toContain('offline_access');
  });
});

test('a public client is asked for no secret', () => {
  for (const grant of ['authorization_code', 'client_credentials']) {
    const methods = { grant_types_supported: [grant], token_endpoint_auth_methods_supported: ['none'] };
    const [made] = discoverConnections({ ...OIDC, ...methods }, {}).connections;
    expect(made?.texts.api).toContain('clientId');
    expect(Object.values(made?.texts ?? {}).join()).not.toContain('clientSecret');
    const [told] = discoverConnections({ ...OIDC, ...methods }, {}, { clientAuth: 'body' }).connections;
    expect(told?.texts.parameters).toContain('clientSecret');
  }
});

test('RFC 8414: what is left out has its default', () => {
  const made = discoverConnections(
    { issuer: 'https://a.test', token_endpoint: 'https://a.test/t', authorization_endpoint: 'https://a.test/a' },
    {},
  );
  expect(made.connections.map(({ id, type }) => [id, type])).toEqual([['main', 'oauth']]);
  const api = sectionOf(written(made).byId.get('main'), 'api');
  expect(api.token.headers.Authorization).toMatch(/^Basic /);
  expect(api.authorize.qs).not.toHaveProperty('code_challenge');
  expect(made.connections[0]?.marks.map(({ message }) => message).join()).toContain('no step info');
});

test('RFC 9728: the resource says for what, and its server how', () => {
  const resource = {
    resource: 'https://mcp.acme.test/api',
    authorization_servers: ['https://login.acme.test'],
    scopes_supported: ['orders'],
    bearer_methods_supported: ['header'],
  };
  const read = readDiscovery(JSON.stringify(resource));
  expect(read).toMatchObject({ kind: 'resource', servers: ['https://login.acme.test'] });
  const made = discoverConnections(OIDC, { resource });
  expect(made.diagnostics).toEqual([]);
  const connection = written(made).byId.get('authorization-code');
  expect(sectionOf(connection, 'api').authorize.qs.resource).toBe(resource.resource);
  expect(sectionOf(connection, 'api').token.body.resource).toBe(resource.resource);
  expect(sectionOf(connection, 'scopes')).toEqual({ orders: 'orders' });
  const other = { ...resource, authorization_servers: ['https://x.test'], bearer_methods_supported: ['query'] };
  expect(discoverConnections(OIDC, { resource: other }).diagnostics).toHaveLength(2);
});

test('what no connection can do is said', () => {
  const metadata = {
    issuer: 'https://a.test',
    token_endpoint: 'https://a.test/t',
    grant_types_supported: ['implicit'],
  };
  expect(() => discoverConnections(metadata, {})).toThrow('no grant that a connection can use');
  expect(() => discoverConnections(OIDC, {}, { connections: ['x'] })).toThrow('no connection "x"');
  expect(() => readDiscovery('{"a": 1}')).toThrow('neither');
  expect(() => readDiscovery('<html>')).toThrow('not JSON');
});

test('where documents are looked for', () => {
  expect(wellKnown('https://a.test/', ['x'])).toEqual(['https://a.test/.well-known/x']);
  expect(wellKnown('https://a.test/t/1/', ['x'])).toEqual([
    'https://a.test/.well-known/x/t/1',
    'https://a.test/t/1/.well-known/x',
  ]);
  expect(wellKnown('https://a.test/.well-known/x', ['y'])).toEqual(['https://a.test/.well-known/x']);
});
