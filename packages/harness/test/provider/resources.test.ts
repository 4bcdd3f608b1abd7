import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
  await harness.seed('provider', {
    users: [
      { username: 'Aladdin', password: 'open sesame' },
      { username: 'test', password: '123£' },
      { username: 'nora', password: 'a b+c', api_key: 'the-key-of-nora' },
    ],
  });
});
afterAll(() => harness.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${harness.url}/provider/resources${path}`, { headers });
  const body = (await response.json()) as { id?: string; message?: string };
  return { status: response.status, challenge: response.headers.get('www-authenticate'), ...body };
}

const basic = (pair: string, encoding: BufferEncoding = 'utf8') => ({
  authorization: `Basic ${Buffer.from(pair, encoding).toString('base64')}`,
});

describe('basic', () => {
  test('takes both examples of RFC 7617', async () => {
    expect(await get('/basic', { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' })).toMatchObject({
      id: 'Aladdin',
    });
    expect(await get('/basic', { authorization: 'Basic dGVzdDoxMjPCow==' })).toMatchObject({ id: 'test' });
    expect(await get('/basic', { authorization: 'bAsIc dGVzdDoxMjPCow==' })).toMatchObject({ id: 'test' });
  });

  test('challenges in UTF-8', async () => {
    expect(await get('/basic')).toMatchObject({
      status: 401,
      challenge: 'Basic realm="local provider", charset="UTF-8"',
    });
  });

  test.each([
    ['a wrong password', basic('test:wrong'), 'no user'],
    ['nobody', basic('nobody:123£'), 'no user'],
    ['no colon', basic('test'), 'no colon'],
    ['another scheme', { authorization: 'Bearer dGVzdDoxMjPCow==' }, 'The scheme is Bearer'],
    ['Base64 without padding', { authorization: 'Basic dGVzdDoxMjPCow' }, 'padded'],
    ['Base64 of the kind for URLs', { authorization: 'Basic fn5-fjo_Pz8_' }, 'padded'],
    ['Latin-1', basic('test:123£', 'latin1'), 'UTF-8'],
    ['a form-encoded pair', basic('nora:a+b%2Bc'), 'no user'],
  ])('refuses %s', async (_name, headers, why) => {
    expect(await get('/basic', headers)).toMatchObject({ status: 401, message: expect.stringContaining(why) });
  });

  test.each([
    ['as it should be', basic('nora:a b+c')],
    ['Base64 without padding', { authorization: 'Basic dGVzdDoxMjPCow' }],
    ['Latin-1', basic('test:123£', 'latin1')],
    ['a form-encoded pair', basic('nora:a+b%2Bc')],
  ])('is lenient with %s', async (_name, headers) => {
    expect((await get('/basic-lenient', headers)).status).toBe(200);
  });

  test('is not lenient with a wrong password', async () => {
    expect((await get('/basic-lenient', basic('test:wrong'))).status).toBe(401);
    expect((await get('/basic-lenient', basic('%zz:%'))).status).toBe(401);
  });
});

describe('a key', () => {
  const key = 'the-key-of-nora';
  const HEADER = { 'x-api-key': key };
  const COOKIE = { cookie: `a=1; api_key=${key}; b=2` };

  test.each([
    ['/api-key/header', HEADER],
    [`/api-key/query?api_key=${key}`, {}],
    ['/api-key/cookie', COOKIE],
    ['/api-key/header', { 'x-api-key': 'demo-api-key' }],
  ] as const)('%s', async (path, headers) => {
    expect(await get(path, headers)).toMatchObject({ status: 200, id: expect.stringMatching(/^(nora|demo)$/) });
  });

  test.each([
    ['/api-key/query', HEADER, 'The key is in the header X-API-Key. Send it in the query parameter api_key.'],
    ['/api-key/header', COOKIE, 'The key is in the cookie api_key. Send it in the header X-API-Key.'],
    [`/api-key/cookie?api_key=${key}`, {}, 'The key is in the query parameter api_key. Send it in the cookie api_key.'],
    ['/api-key/header', {}, 'The request has no key. Send it in the header X-API-Key.'],
    ['/api-key/header', { 'x-api-key': 'another-key' }, 'The key is unknown.'],
  ] as const)('%s is refused in another place, and told where it is wanted', async (path, headers, message) => {
    expect(await get(path, headers)).toMatchObject({ status: 401, message });
  });

  test('of a default ends when somebody of the same name is seeded', async () => {
    const other = await createHarness({ seed: { provider: { users: [{ username: 'demo', password: 'another' }] } } });
    const response = await fetch(`${other.url}/provider/resources/api-key/header`, {
      headers: { 'x-api-key': 'demo-api-key' },
    });
    expect(response.status).toBe(401);
    await other.close();
  });
});

test('the journal shows neither keys nor passwords, and why a request was refused', async () => {
  await harness.journal.clear();
  await get('/basic', basic('nora:a b+c'));
  await get('/api-key/query?api_key=the-key-of-nora');
  await get('/api-key/cookie', { cookie: 'api_key=the-key-of-nora' });
  await get('/api-key/header', { 'x-api-key': 'the-key-of-nora' });
  await get('/basic', basic('nora'));
  const entries = await harness.journal.list();
  expect(entries.map(({ operation }) => operation)).toEqual([
    'basic',
    'api_key_query',
    'api_key_cookie',
    'api_key_header',
    'basic',
  ]);
  expect(entries.at(-1)?.answer.body).toContain('There is no colon');
  const text = JSON.stringify(entries);
  for (const secret of ['the-key-of-nora', 'a b+c', basic('nora:a b+c').authorization])
    expect(text).not.toContain(secret);
});
