import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createHarness, type Harness } from '@connectorkit/harness';
import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let harness: Harness;
let demoKey: KeyObject;
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeAll(async () => {
  harness = await createHarness();
  demoKey = createPrivateKey(await (await fetch(`${harness.url}/provider/demo-key.pem`)).text());
  const public_key = String(own.publicKey.export({ type: 'spki', format: 'pem' }));
  await harness.seed('provider', {
    clients: [
      { client_id: 'signing', public_key, token_endpoint_auth_method: 'private_key_jwt' },
      {
        client_id: 'hashing',
        client_secret: 'a-secret-of-at-least-32-characters',
        token_endpoint_auth_method: 'client_secret_jwt',
      },
    ],
  });
});
afterAll(() => harness.close());

const now = () => Math.floor(Date.now() / 1000);
const endpoint = () => `${harness.url}/provider/token`;

function jwt(claims: JWTPayload, alg: string, key: KeyObject | Uint8Array): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
}

async function token(parameters: Record<string, string>) {
  const response = await fetch(endpoint(), { method: 'POST', body: new URLSearchParams(parameters) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('an assertion is traded for a token: RFC 7523, section 2.1', () => {
  const claims = (): JWTPayload => ({ iss: 'demo', sub: 'demo', aud: endpoint(), exp: now() + 60, iat: now() });
  const trade = (assertion: string) =>
    token({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
      scope: 'read',
      client_id: 'demo',
      client_secret: 'demo-secret',
    });

  test('signed with the key that everybody is given, or with the secret of the client', async () => {
    for (const assertion of [
      await jwt(claims(), 'RS256', demoKey),
      await jwt(claims(), 'HS256', Buffer.from('demo-secret')),
      await jwt({ ...claims(), aud: [`${harness.url}/provider`, 'another'] }, 'RS256', demoKey),
    ]) {
      const { status, body } = await trade(assertion);
      expect([status, body.scope]).toEqual([200, 'read']);
      const response = await fetch(`${harness.url}/provider/resources/bearer`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
      expect(await response.json()).toMatchObject({ id: 'demo', scope: 'read' });
    }
  });

  test('by a request that names no client: the issuer is the client then', async () => {
    const alone = async (assertion: string, more: Record<string, string> = {}) =>
      token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, scope: 'read', ...more });
    const { status, body } = await alone(await jwt({ ...claims(), iss: 'signing' }, 'ES256', own.privateKey));
    expect([status, body.scope]).toEqual([200, 'read']);
    const response = await fetch(`${harness.url}/provider/resources/bearer`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(await response.json()).toMatchObject({ id: 'demo', client_id: 'signing' });
    const forged = await alone(await jwt(claims(), 'HS256', Buffer.from('wrong')));
    expect([forged.status, forged.body.error]).toEqual([400, 'invalid_grant']);
    const wrong = await alone(await jwt(claims(), 'RS256', demoKey), { client_id: 'demo', client_secret: 'wrong' });
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    await harness.seed('provider', {
      clients: [{ client_id: 'other', client_secret: 'other-secret', grant_types: ['client_credentials'] }],
    });
    const kept = await alone(await jwt({ ...claims(), iss: 'other' }, 'HS256', Buffer.from('other-secret')));
    expect([kept.status, kept.body.error]).toEqual([400, 'unauthorized_client']);
  });

  test('signed with an HMAC of any length', async () => {
    for (const alg of ['HS384', 'HS512']) {
      expect((await trade(await jwt(claims(), alg, Buffer.from('demo-secret')))).status).toBe(200);
    }
  });

  test('signed with the key of another client that is registered', async () => {
    expect((await trade(await jwt({ ...claims(), iss: 'signing' }, 'ES256', own.privateKey))).status).toBe(200);
  });

  test.each<[string, (claims: JWTPayload) => Promise<string>]>([
    ['aud must be one of', (given) => jwt({ ...given, aud: 'https://example.com/token' }, 'RS256', demoKey)],
    ['its signature was not made with the key of its iss', (given) => jwt(given, 'HS256', Buffer.from('wrong'))],
    ['exp', (given) => jwt({ ...given, exp: now() - 60 }, 'RS256', demoKey)],
    // A moment is a number: libraries read texts as different things.
    ['exp', (given) => jwt({ ...given, exp: String(now() + 60) as never }, 'RS256', demoKey)],
    ['more than an hour away', (given) => jwt({ ...given, exp: now() + 7200 }, 'RS256', demoKey)],
    [
      'the iss of the assertion is not the id of a client',
      (given) => jwt({ ...given, iss: 'stranger' }, 'RS256', demoKey),
    ],
    [
      'the sub of the assertion is not the name of a user',
      (given) => jwt({ ...given, sub: 'stranger' }, 'RS256', demoKey),
    ],
    ['sub', ({ sub: _, ...given }) => jwt(given, 'RS256', demoKey)],
    ['the assertion has no iss', ({ iss: _, ...given }) => jwt(given, 'RS256', demoKey)],
    ['there is no key for HS256', (given) => jwt({ ...given, iss: 'signing' }, 'HS256', Buffer.from('x'.repeat(32)))],
    ['the assertion is not a JWT', async () => 'nothing'],
  ])('is refused: %s', async (why, make) => {
    const { status, body } = await trade(await make(claims()));
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    expect(body.error_description).toContain(why);
  });

  test('is refused by the harness’s clock', async () => {
    const assertion = await jwt(claims(), 'RS256', demoKey);
    await harness.clock.advance(120_000);
    expect((await trade(assertion)).status).toBe(400);
    await harness.clock.reset();
    expect((await trade(assertion)).status).toBe(200);
  });
});

describe('a client proves itself with a JWT: RFC 7523, section 2.2', () => {
  const ask = async (
    id: string,
    alg: string,
    key: KeyObject | Uint8Array,
    { jti = randomUUID(), aud = endpoint() }: { jti?: string | null; aud?: string } = {},
  ) => {
    const claims = { iss: id, sub: id, aud, ...(jti !== null && { jti }), exp: now() + 60, iat: now() };
    return token({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await jwt(claims, alg, key),
    });
  };
  const secret = Buffer.from('a-secret-of-at-least-32-characters');

  test('that its private key signed, or its secret', async () => {
    expect((await ask('signing', 'ES256', own.privateKey)).status).toBe(200);
    expect((await ask('signing', 'ES256', own.privateKey, { aud: `${harness.url}/provider` })).status).toBe(200);
    expect((await ask('hashing', 'HS256', secret)).status).toBe(200);
  });

  test('which has a jti, and is told why when it has none', async () => {
    const { status, body } = await ask('signing', 'ES256', own.privateKey, { jti: null });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body.error_description).toContain('jti');
  });

  test('that nobody used before', async () => {
    const jti = randomUUID();
    expect((await ask('signing', 'ES256', own.privateKey, { jti })).status).toBe(200);
    expect((await ask('signing', 'ES256', own.privateKey, { jti })).body.error).toBe('invalid_client');
  });

  test('and not with that of another', async () => {
    expect((await ask('signing', 'RS256', demoKey)).body.error).toBe('invalid_client');
    expect((await ask('hashing', 'HS256', Buffer.from('x'.repeat(40)))).body.error).toBe('invalid_client');
    expect((await ask('signing', 'ES256', own.privateKey, { aud: 'https://example.com' })).body.error).toBe(
      'invalid_client',
    );
  });
});
