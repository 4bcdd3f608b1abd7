import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get as plainGet } from 'node:http';
import { get as secureGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHarness, FAULTS, type FaultName, type Harness } from '@connectorkit/harness';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Browser } from './browser.ts';

let harness: Harness;
const problems: unknown[] = [];
beforeAll(async () => {
  harness = await createHarness({ onFault: (fault) => problems.push(fault) });
});
afterAll(async () => {
  await harness.close();
  expect(problems).toEqual([]);
});
beforeEach(async () => {
  await harness.clock.reset();
  await harness.faults.clear();
});

const CALLBACK = 'http://127.0.0.1:54321/callback';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly scope?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { error?: string; error_description?: string };
}

/** A request to the token endpoint by hand; with the demo client in the body unless said. */
async function token(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  const client = headers.authorization === undefined ? { client_id: 'demo', client_secret: 'demo-secret' } : {};
  const body = new URLSearchParams({ ...client, ...parameters });
  const response = await fetch(`${harness.url}/provider/token`, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function authorizationUrl(parameters: Record<string, string> = {}): URL {
  const url = new URL(`${harness.url}/provider/authorize`);
  url.search = String(
    new URLSearchParams({
      response_type: 'code',
      client_id: 'demo',
      redirect_uri: CALLBACK,
      scope: 'profile orders:read',
      state: 'the-state',
      ...parameters,
    }),
  );
  return url;
}

async function code(parameters: Record<string, string> = {}, browser = new Browser()): Promise<string> {
  const back = await browser.authorize(authorizationUrl(parameters));
  expect(back.searchParams.get('error')).toBeNull();
  return back.searchParams.get('code') ?? '';
}

async function tokens(parameters: Record<string, string> = {}): Promise<Tokens> {
  const { status, body } = await token({
    grant_type: 'authorization_code',
    code: await code(),
    redirect_uri: CALLBACK,
    ...parameters,
  });
  expect(status).toBe(200);
  return body as unknown as Tokens;
}

async function me(accessToken: string, query = ''): Promise<Answer & { challenge: string | null }> {
  const response = await fetch(`${harness.url}/provider/resources/bearer${query}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return {
    status: response.status,
    body: (await response.json()) as Answer['body'],
    challenge: response.headers.get('www-authenticate'),
  };
}

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');
const PKCE = { code_challenge: challenge, code_challenge_method: 'S256' };

describe('oauth4webapi', () => {
  async function server(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(`${harness.url}/provider`);
    const options = { [oauth.allowInsecureRequests]: true };
    const found = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    // RFC 8414 puts the same at the root.
    const other = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' });
    expect(await oauth.processDiscoveryResponse(issuer, other)).toEqual(found);
    return found;
  }
  const client = { client_id: 'demo-strict' };
  const insecure = { [oauth.allowInsecureRequests]: true };

  test('gets tokens by a code with PKCE, an ID token, who signed in, refreshes, introspects and revokes', async () => {
    const as = await server();
    const authentication = oauth.ClientSecretBasic('demo-secret');
    const nonce = oauth.generateRandomNonce();
    const url = authorizationUrl({ client_id: 'demo-strict', scope: 'openid email orders:read', nonce, ...PKCE });
    const back = oauth.validateAuthResponse(as, client, await new Browser().authorize(url), 'the-state');
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      back,
      CALLBACK,
      verifier,
      insecure,
    );
    const first = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce });
    expect(first).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'openid email orders:read' });
    const claims = oauth.getValidatedIdTokenClaims(first);
    expect(claims).toMatchObject({ sub: 'demo', aud: 'demo-strict', iss: as.issuer, email: 'demo@example.com' });
    await oauth.validateApplicationLevelSignature(as, answer, insecure);

    const info = await oauth.userInfoRequest(as, client, first.access_token, insecure);
    expect(await oauth.processUserInfoResponse(as, client, 'demo', info)).toMatchObject({ email: 'demo@example.com' });

    const again = await oauth.refreshTokenGrantRequest(as, client, authentication, first.refresh_token ?? '', insecure);
    const second = await oauth.processRefreshTokenResponse(as, client, again);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.access_token)).body).toMatchObject({ id: 'demo', email: 'demo@example.com' });

    const look = await oauth.introspectionRequest(as, client, authentication, second.access_token, insecure);
    expect(await oauth.processIntrospectionResponse(as, client, look)).toMatchObject({ active: true, sub: 'demo' });
    const gone = await oauth.revocationRequest(as, client, authentication, second.access_token, insecure);
    await oauth.processRevocationResponse(gone);
    expect((await me(second.access_token)).status).toBe(401);
  });

  test('gets a token for the client itself', async () => {
    const as = await server();
    const answer = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      oauth.ClientSecretPost('demo-secret'),
      { scope: 'read' },
      insecure,
    );
    const { access_token: accessToken } = await oauth.processClientCredentialsResponse(as, client, answer);
    expect(await me(accessToken)).toMatchObject({ status: 200, body: { id: 'demo-strict', scope: 'read' } });
  });

  test('is a public client', async () => {
    const as = await server();
    const open = { client_id: 'demo-public' };
    const url = authorizationUrl({ client_id: 'demo-public', ...PKCE });
    const back = oauth.validateAuthResponse(as, open, await new Browser().authorize(url), 'the-state');
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      open,
      oauth.None(),
      back,
      CALLBACK,
      verifier,
      insecure,
    );
    const { access_token: accessToken } = await oauth.processAuthorizationCodeResponse(as, open, answer);
    expect((await me(accessToken)).status).toBe(200);
    // RFC 7009, section 2.1: a public client may revoke its own tokens, and nobody else may.
    const refused = await oauth.revocationRequest(
      as,
      { client_id: 'demo' },
      oauth.ClientSecretPost('demo-secret'),
      accessToken,
      insecure,
    );
    await oauth.processRevocationResponse(refused);
    expect((await me(accessToken)).status).toBe(200);
    const revoked = await oauth.revocationRequest(as, open, oauth.None(), accessToken, insecure);
    await oauth.processRevocationResponse(revoked);
    expect((await me(accessToken)).status).toBe(401);
  });
});

test('openid-client gets tokens by a code with PKCE, refreshes them, and gets one for itself', async () => {
  const issuer = new URL(`${harness.url}/provider`);
  const configuration = await openid.discovery(issuer, 'demo', 'demo-secret', openid.ClientSecretBasic('demo-secret'), {
    execute: [openid.allowInsecureRequests],
  });
  const state = openid.randomState();
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const back = await new Browser().authorize(url);
  const first = await openid.authorizationCodeGrant(configuration, back, { pkceCodeVerifier, expectedState: state });
  expect(first.claims()).toMatchObject({ sub: 'demo', name: 'Demo User' });
  const second = await openid.refreshTokenGrant(configuration, first.refresh_token ?? '');
  expect((await me(second.access_token)).status).toBe(200);
  expect(await openid.fetchUserInfo(configuration, second.access_token, 'demo')).toMatchObject({ sub: 'demo' });
  const own = await openid.clientCredentialsGrant(configuration, { scope: 'write' });
  expect((await me(own.access_token)).body).toMatchObject({ client_id: 'demo', scope: 'write' });
});

describe('the token endpoint refuses', () => {
  test('a code that was used, and what was given for it', async () => {
    const used = await code();
    const request = { grant_type: 'authorization_code', code: used, redirect_uri: CALLBACK };
    const first = await token(request);
    expect(first.status).toBe(200);
    expect(await token(request)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining('already consumed') },
    });
    expect((await me(String(first.body.access_token))).status).toBe(401);
    expect((await token({ grant_type: 'refresh_token', refresh_token: String(first.body.refresh_token) })).status).toBe(
      400,
    );
  });

  test('all but one of those that bring one code at the same time', async () => {
    const used = await code();
    const request = { grant_type: 'authorization_code', code: used, redirect_uri: CALLBACK };
    const answers = await Promise.all([1, 2, 3, 4].map(() => token(request)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  test('a code after a minute', async () => {
    const late = await code();
    await harness.clock.advance(61_000);
    expect(await token({ grant_type: 'authorization_code', code: late, redirect_uri: CALLBACK })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining('authorization code is expired') },
    });
  });

  test.each([
    ['another verifier', { code_verifier: randomBytes(32).toString('base64url') }, 'does not match'],
    ['no verifier', {}, 'must be provided'],
    ['a verifier that is too short', { code_verifier: 'a'.repeat(36) }, '43'],
  ])('%s', async (_name, given, why) => {
    const given_code = await code(PKCE);
    const answer = await token({
      grant_type: 'authorization_code',
      code: given_code,
      redirect_uri: CALLBACK,
      ...given,
    });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^invalid_(grant|request)$/) } });
    expect(answer.body.error_description).toContain(why);
  });

  test('another redirect URI than that of the authorization', async () => {
    const answer = await token({
      grant_type: 'authorization_code',
      code: await code(),
      redirect_uri: 'http://127.0.0.1:54322/callback',
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining('redirect_uri mismatch') },
    });
  });

  test.each([
    ['an unknown client', { client_id: 'stranger', client_secret: 'x' }, 401, 'invalid_client', 'client not found'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 'invalid secret'],
    ['a grant that is not there', { grant_type: 'magic' }, 400, 'unsupported_grant_type', ''],
    ['a scope that is not there', { scope: 'everything' }, 400, 'invalid_scope', ''],
  ])('%s', async (_name, given, status, error, why) => {
    const answer = await token({ grant_type: 'client_credentials', ...given });
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.body.error_description).toContain(why);
  });

  test('a refresh token that was used, and then all that was granted', async () => {
    const first = await tokens();
    const refresh = (refreshToken: unknown) =>
      token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) });
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining('refresh token already used') },
    });
    expect((await refresh(second.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await me(String(second.body.access_token))).status).toBe(401);
  });
});

describe('the authorization endpoint refuses', () => {
  test.each([
    ['an unknown client', { client_id: 'stranger' }, 'invalid_client'],
    ['a redirect URI that is not registered', { redirect_uri: 'http://127.0.0.1:54321/other' }, 'invalid_redirect_uri'],
    ['an address of version 6', { redirect_uri: 'http://[::1]:54321/callback' }, 'invalid_redirect_uri'],
  ])('%s, with a page, because nothing is sent there', async (_name, given, error) => {
    const { page, response } = await new Browser().go(authorizationUrl(given).href, harness.url);
    expect(response?.status).toBeGreaterThanOrEqual(400);
    expect(page).toContain(error);
    expect(response?.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['a response type', { response_type: 'token', response_mode: 'query' }, 'invalid_request'],
    ['a scope that is not there', { scope: 'orders:everything' }, 'invalid_scope'],
    [
      'a challenge by the plain method',
      { code_challenge: verifier, code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['a challenge without a method', { code_challenge: challenge }, 'invalid_request'],
    ['no challenge of a client that needs one', { client_id: 'demo-strict' }, 'invalid_request'],
    ['a sign-in that needs a page when none may be shown', { prompt: 'none' }, 'login_required'],
  ])('%s, by a redirect', async (_name, given, error) => {
    const { url } = await new Browser().go(authorizationUrl(given).href, harness.url);
    const back = new URL(url).searchParams;
    expect([back.get('error'), back.get('state')]).toEqual([error, 'the-state']);
    expect(back.get('error_description')).not.toBeNull();
  });

  test('what the user does not agree to', async () => {
    const back = await new Browser().authorize(authorizationUrl(), { decision: 'deny' });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('the-state');
    expect(back.searchParams.get('code')).toBeNull();
  });

  test('a wrong password, and shows the page again', async () => {
    await expect(new Browser().authorize(authorizationUrl(), { password: 'wrong' })).rejects.toThrow(
      'There is no user with this name and password.',
    );
  });

  test('a page of another origin that submits the form', async () => {
    const browser = new Browser();
    const { page } = await browser.go(authorizationUrl().href, harness.url);
    const [, action] = /action="([^"]+)"/.exec(page) ?? [];
    const body = new URLSearchParams({ username: 'demo', password: 'demo-password', decision: 'allow' });
    const headers = { origin: 'http://127.0.0.1:1' };
    const { response } = await browser.go(`${harness.url}${action}`, harness.url, { method: 'POST', body, headers });
    expect(response?.status).toBe(403);
  });
});

test('the page asks for what the app wants, escapes what it shows, and may lead only to the app', async () => {
  const seeded = {
    client_id: 'evil',
    client_name: '<script>alert(1)</script>',
    redirect_uris: ['http://127.0.0.1/callback'],
  };
  await harness.seed('provider', { clients: [seeded] });
  const url = authorizationUrl({ client_id: 'evil', ...PKCE });
  const { page, response } = await new Browser().go(url.href, harness.url);
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script');
  expect(page).toContain('Read your orders');
  expect(response?.headers.get('content-security-policy')).toBe(
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://127.0.0.1:54321",
  );
});

test('who is signed in need not sign in again', async () => {
  const browser = new Browser();
  await code({}, browser);
  const { page } = await browser.go(authorizationUrl().href, harness.url);
  expect(page).toContain('signed in as <strong>demo</strong>');
  expect(await code({}, browser)).not.toBe('');
});

test('a token expires when the clock is moved on, and is refreshed', async () => {
  const first = await tokens();
  expect((await me(first.access_token)).status).toBe(200);
  await harness.clock.advance(first.expires_in * 1000 + 1000);
  expect(await me(first.access_token)).toMatchObject({
    status: 401,
    challenge: expect.stringContaining('invalid_token'),
  });
  const second = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '' });
  expect((await me(String(second.body.access_token))).status).toBe(200);
  await harness.clock.advance(31 * 86_400_000);
  expect(
    (await token({ grant_type: 'refresh_token', refresh_token: String(second.body.refresh_token) })).body,
  ).toMatchObject({ error: 'invalid_grant', error_description: expect.stringContaining('expired') });
  // And back again it is good.
  await harness.clock.reset();
  expect((await me(String(second.body.access_token))).status).toBe(200);
});

test('a clock that stands still holds a token', async () => {
  await harness.clock.set('2030-01-01T00:00:00Z', { frozen: true });
  const { access_token: accessToken } = await tokens();
  expect((await me(accessToken)).status).toBe(200);
  await harness.clock.advance(3_601_000);
  expect((await me(accessToken)).status).toBe(401);
});

test('a token is good for its scopes alone', async () => {
  const { access_token: accessToken } = await tokens();
  expect((await me(accessToken, '?scope=orders:read')).status).toBe(200);
  expect((await me(accessToken, '?scope=%22%0d%0aa:%20b%C3%A9')).status).toBe(403);
  expect(await me(accessToken, '?scope=orders:write')).toMatchObject({
    status: 403,
    challenge: expect.stringContaining('insufficient_scope'),
  });
});

test('user name and password are traded for tokens, and those refreshed', async () => {
  const user = { grant_type: 'password', username: 'demo', password: 'demo-password', scope: 'profile' };
  const { status, body } = await token(user);
  expect([status, body.scope]).toEqual([200, 'profile']);
  expect((await me(String(body.access_token))).body).toMatchObject({ id: 'demo' });
  const again = await token({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
  expect(again.status).toBe(200);
  expect((await token({ ...user, password: 'wrong' })).body).toMatchObject({ error: 'invalid_grant' });
  expect((await token({ ...user, scope: 'everything' })).body).toMatchObject({ error: 'invalid_scope' });
});

test('any API may be named as the resource', async () => {
  const { status } = await token({
    grant_type: 'client_credentials',
    scope: 'read',
    resource: 'https://api.example.com/',
  });
  expect(status).toBe(200);
});

describe('how refresh tokens go on is chosen for each client', () => {
  const refreshed = async (refresh_tokens: 'keep' | 'none') => {
    const client = { client_id: 'other', client_secret: 'other-secret', refresh_tokens };
    await harness.seed('provider', { clients: [client] });
    const own = { client_id: 'other', client_secret: 'other-secret' };
    const first = await token({ ...own, grant_type: 'password', username: 'demo', password: 'demo-password' });
    return {
      first: first.body,
      refresh: () => token({ ...own, grant_type: 'refresh_token', refresh_token: String(first.body.refresh_token) }),
    };
  };

  test('keep: a refresh brings no new one, twice in a row', async () => {
    const { first, refresh } = await refreshed('keep');
    expect(first.refresh_token).toBeDefined();
    for (const _ of [1, 2]) {
      const { status, body } = await refresh();
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
    }
  });

  test('none: there is none', async () => {
    expect((await refreshed('none')).first).not.toHaveProperty('refresh_token');
  });
});

describe('id and secret in Authorization: Basic', () => {
  const id = 'app%1';
  const secret = 's+e c*r!t%';
  const form = (text: string) => new URLSearchParams({ a: text }).toString().slice(2);
  const ENCODED = `Basic ${Buffer.from(`${form(id)}:${form(secret)}`).toString('base64')}`;
  const RAW = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const asked = async (basic: 'form-encoded' | 'raw' | 'either', authorization: string) => {
    await harness.seed('provider', { clients: [{ client_id: id, client_secret: secret, basic }] });
    return token({ grant_type: 'client_credentials' }, { authorization });
  };

  test.each([
    ['form-encoded', ENCODED],
    ['raw', RAW],
    ['either', ENCODED],
    ['either', RAW],
  ] as const)('%s takes %s', async (basic, authorization) => {
    expect((await asked(basic, authorization)).status).toBe(200);
  });

  test('a client that sends the other form is told which came', async () => {
    expect(await asked('form-encoded', RAW)).toMatchObject({
      status: 400,
      body: { error_description: expect.stringContaining('are not form-encoded') },
    });
    expect(await asked('raw', ENCODED)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.stringContaining('are form-encoded; this client') },
    });
  });
});

describe('failures that are asked for', () => {
  const client = { grant_type: 'client_credentials' };
  const raw = async (parameters: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: 'demo', client_secret: 'demo-secret', ...parameters });
    const response = await fetch(`${harness.url}/provider/token`, { method: 'POST', body });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  test('access_denied, once', async () => {
    await harness.faults.add({ effect: 'access-denied', times: 1 });
    const back = await new Browser().authorize(authorizationUrl());
    expect([back.searchParams.get('error'), back.searchParams.get('state')]).toEqual(['access_denied', 'the-state']);
    expect(await code()).not.toBe('');
  });

  test('an expired code, which is of no use then', async () => {
    const request = { grant_type: 'authorization_code', code: await code(), redirect_uri: CALLBACK };
    await harness.faults.add({ effect: 'expired-code', times: 1 });
    expect(await token(request)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(request)).status).toBe(400);
  });

  test('a refresh that was revoked', async () => {
    const { access_token: accessToken, refresh_token: refreshToken = '' } = await tokens();
    await harness.faults.add({ effect: 'revoked-refresh', times: 1 });
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect(await token(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(refresh)).status).toBe(400);
    expect((await me(accessToken)).status).toBe(401);
  });

  const CHANGED = [
    ['wrong-content-type', { type: 'text/html; charset=utf-8', text: expect.stringContaining('"access_token"') }],
    ['no-expires-in', { text: expect.not.stringContaining('expires_in') }],
    ['expires-in-text', { text: expect.stringContaining('"expires_in":"3600"') }],
    ['no-refresh-token', { text: expect.stringContaining('"refresh_token":null') }],
    [
      'form-encoded',
      { type: expect.stringContaining('urlencoded'), text: expect.stringMatching(/^access_token=[\w-]+&/) },
    ],
    ['error-200', { text: expect.stringContaining('"error":"invalid_grant"') }],
  ] as const;

  test.each(CHANGED)('%s', async (effect, expected) => {
    await harness.faults.add({ effect, operation: 'client_credentials', times: 1 });
    expect(await raw(client)).toMatchObject({ status: 200, ...expected });
    expect(await raw(client)).toMatchObject({ status: 200, type: expect.stringContaining('application/json') });
  });

  test('are all played here', () => {
    const played = ['access-denied', 'expired-code', 'revoked-refresh', ...CHANGED.map(([effect]) => effect)];
    const ofTokens = Object.keys(FAULTS).filter((effect) => 'operations' in FAULTS[effect as FaultName]);
    expect(played.sort()).toEqual(ofTokens.sort());
  });

  test('a slow token, and one whose answer is lost', async () => {
    await harness.faults.add({ effect: 'latency', operation: 'client_credentials', milliseconds: 300, times: 1 });
    const started = performance.now();
    expect((await raw(client)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(290);
    await harness.faults.add({ effect: 'lost', platform: 'provider', times: 1 });
    await expect(raw(client)).rejects.toThrow('fetch failed');
  });

  test('what concerns tokens is refused for platforms', async () => {
    await expect(harness.faults.add({ effect: 'form-encoded', platform: 'make' })).rejects.toThrow(
      '"make" is not where form-encoded can be injected.',
    );
    await expect(harness.faults.add({ effect: 'expired-code', operation: 'refresh_token' })).rejects.toThrow();
  });
});

test('the journal shows what was asked and answered, and no code, token, secret or password', async () => {
  const client = { client_id: 'nora-app', client_secret: 'the-secret-of-an-app', redirect_uris: [CALLBACK] };
  const user = { username: 'nora', password: 'the-password-of-nora' };
  await harness.seed('provider', { clients: [client], users: [user] });
  await harness.journal.clear();
  const { client_id, client_secret } = client;
  const back = await new Browser().authorize(authorizationUrl({ client_id, scope: 'openid email' }), user);
  const given = back.searchParams.get('code') ?? '';
  const { body } = await token(
    { grant_type: 'authorization_code', code: given, redirect_uri: CALLBACK },
    { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
  );
  await me(String(body.access_token));
  await token({ grant_type: 'password', client_id, client_secret, ...user });
  const entries = await harness.journal.list();
  expect(entries.map(({ platform, operation }) => [platform, operation])).toEqual([
    ['provider', 'authorization'],
    ['provider', 'consent'],
    ['provider', 'consent'],
    ['provider', 'resumption'],
    ['provider', 'authorization_code'],
    ['provider', 'bearer'],
    ['provider', 'password'],
  ]);
  expect(entries[0]?.url).toContain('/provider/authorize?response_type=code&client_id=nora-app');
  const text = JSON.stringify(entries);
  for (const secret of [given, body.access_token, body.refresh_token, body.id_token, client_secret, user.password]) {
    expect(secret).toMatch(/.{8}/);
    expect(text).not.toContain(String(secret));
    expect(text).not.toContain(Buffer.from(`${client_id}:${secret}`).toString('base64'));
  }
});

test('snapshots and resets are of the provider as well', async () => {
  await harness.seed('provider', { scopes: { 'files:read': 'Read your files' } });
  const read = () => token({ grant_type: 'client_credentials', scope: 'files:read' });
  expect((await read()).status).toBe(200);
  const { access_token: accessToken } = await tokens();
  await harness.snapshot('signed-in');
  await harness.reset();
  expect((await read()).body.error).toBe('invalid_scope');
  expect((await me(accessToken)).status).toBe(401);
  await harness.restore('signed-in');
  expect((await read()).status).toBe(200);
  expect((await me(accessToken)).status).toBe(200);
});

test('sign-ins and tokens survive a restart, and the files hold none of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'provider-'));
  try {
    const store = join(folder, 'harness.db');
    const body = new URLSearchParams({
      grant_type: 'password',
      client_id: 'demo',
      client_secret: 'demo-secret',
      username: 'demo',
      password: 'demo-password',
    });
    const before = await createHarness({ store });
    const response = await fetch(`${before.url}/provider/token`, { method: 'POST', body });
    const { access_token: accessToken, refresh_token: refreshToken } = (await response.json()) as Tokens;
    const jwks = await (await fetch(`${before.url}/provider/jwks`)).text();
    await before.close();
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      for (const token of [accessToken, refreshToken ?? '']) expect(bytes.includes(token), file).toBe(false);
      expect(bytes.includes('PRIVATE KEY'), file).toBe(false);
    }
    const after = await createHarness({ store });
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(`${after.url}/provider/resources/bearer`, { headers })).status).toBe(200);
    expect(await (await fetch(`${after.url}/provider/jwks`)).text()).toBe(jwks);
    await after.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('each address has an issuer of its own', async () => {
  const other = await createHarness({ tlsPort: 0 });
  const issuer = async (url: string) =>
    new Promise<string>((resolve, reject) => {
      const get = url.startsWith('https') ? secureGet : plainGet;
      get(`${url}/provider/.well-known/openid-configuration`, { ca: other.certificate?.text }, async (response) => {
        resolve((JSON.parse(await text(response)) as { issuer: string }).issuer);
      }).once('error', reject);
    });
  const { url, tlsUrl = '' } = other;
  for (const address of [url, url.replace('127.0.0.1', 'localhost'), tlsUrl]) {
    expect(await issuer(address)).toBe(`${address}/provider`);
  }
  await other.close();
});

test.each([
  ['GET', '/provider', 404],
  ['GET', '/provider/', 404],
  ['GET', '/provider//example.com', 404],
  ['GET', '/provider/%zz', 404],
  ['GET', '/provider/token', 404],
  ['HEAD', '/provider/userinfo', 401],
  ['GET', '/provider/authorize?client_id=__proto__&redirect_uri=javascript:alert(1)', 400],
  ['GET', '/provider/oauth1/authorize?oauth_token=__proto__', 400],
  ['GET', '/provider/interaction/of-nobody', 400],
  ['GET', '/provider/resources/oauth1?oauth_token=%', 400],
  ['GET', '/provider/resources/digest?qop=%22%0d%0aa:%20b', 401],
  ['GET', '/provider/resources/bearer?scope=%0d%0aa:%20b', 401],
])('%s %s is refused and breaks nothing', async (method, path, status) => {
  const response = await fetch(`${harness.url}${path}`, { method, redirect: 'manual' });
  expect(response.status).toBe(status);
});

test('nobody is redirected to where a client is not registered, also by a fault', async () => {
  await harness.faults.add({ effect: 'access-denied' });
  const url = authorizationUrl({ redirect_uri: 'https://evil.example.com/' });
  const response = await fetch(url, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
});

test('the seed in docs/reference/provider.md can be put in place, and its client lives for two minutes', async () => {
  const docs = readFileSync(new URL('../../../../docs/reference/provider.md', import.meta.url), 'utf8');
  const [, seed = ''] = /```json\n(.*?)```/s.exec(docs) ?? [];
  await harness.seedText('provider', seed, 'docs/reference/provider.md');
  const client = { client_id: 'shop', client_secret: 'the-secret-of-the-shop' };
  const { body } = await token({ grant_type: 'client_credentials', scope: 'files:read', ...client });
  expect(body).toMatchObject({ expires_in: 120, scope: 'files:read' });
  await harness.clock.advance(121_000);
  expect((await me(String(body.access_token))).status).toBe(401);
});

test('a seed that does not fit is reported with its place', async () => {
  const text = '{\n  "clients": [{ "client_id": "a", "pkce": "plain" }]\n}';
  await expect(harness.seedText('provider', text, 'provider.json')).rejects.toMatchObject({
    kind: 'findings',
    diagnostics: [expect.objectContaining({ file: 'provider.json', line: 2, path: ['clients', 0, 'pkce'] })],
  });
});

test.each([
  [
    { redirect_uris: ['http://app.example.com/callback'] },
    'has a redirect URI that cannot be used: http://app.example.com/callback',
  ],
  [{ redirect_uris: ['https://app.example.com/callback#a'] }, 'has a redirect URI that cannot be used'],
  [{ redirect_uris: ['callback'] }, 'has a redirect URI that cannot be used: callback'],
  [{ token_endpoint_auth_method: 'client_secret_post' as const }, 'needs a client_secret for client_secret_post'],
  [{ client_secret: 'sécret' }, 'has an id or a client_secret with characters beyond ASCII'],
  [{ token_endpoint_auth_method: 'private_key_jwt' as const }, 'needs a public_key'],
  [{ public_key: 'nothing' }, 'has a public_key that is not in PEM format'],
  [{ grant_types: ['client_credentials' as const] }, 'has neither a secret nor a key, which client_credentials needs'],
])('a client that could not work is refused when it is seeded: %j', async (client, why) => {
  await expect(harness.seed('provider', { clients: [{ client_id: 'misfit', ...client }] })).rejects.toMatchObject({
    kind: 'findings',
    diagnostics: [{ code: 'harness/seed', message: expect.stringContaining(`The client "misfit" ${why}`) }],
  });
});

test('a client may be called back at https, at a scheme of its own, and without PKCE where it has no secret', async () => {
  const redirect_uris = ['https://app.example.com/callback', 'com.example.app:/callback'];
  await harness.seed('provider', { clients: [{ client_id: 'own', redirect_uris, pkce: 'optional' }] });
  for (const uri of redirect_uris) {
    const { page } = await new Browser().go(
      authorizationUrl({ client_id: 'own', redirect_uri: uri }).href,
      harness.url,
    );
    expect(page).toContain('You are sent back to');
  }
});
