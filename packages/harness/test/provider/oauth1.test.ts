import { createHmac, createPublicKey, randomBytes } from 'node:crypto';
import { createHarness, type Harness } from '@connectorkit/harness';
import OAuth from 'oauth-1.0a';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bodyHash,
  encoded,
  type Parameter,
  parametersIn,
  SIGNATURE_METHODS,
  signatureBase,
} from '../../src/provider/oauth1/signature.ts';
import { Browser } from './browser.ts';

/** All parameters of a request, as a server finds them. */
function all(search: string, form: string | undefined, authorization: string): readonly Parameter[] {
  const found = parametersIn({ search, form, authorization });
  if (found === undefined) throw new Error('cannot be decoded');
  return [...found.query, ...found.body, ...found.header];
}

const sign = (method: string, base: string, client: string, token = '', key?: string) =>
  SIGNATURE_METHODS[method as 'PLAINTEXT']?.sign(base, { client, token, ...(key && { key }) });

describe('published signatures', () => {
  test('RFC 5849, section 3.4.1: what repeats, is empty or encoded counts', () => {
    const header = `OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",
      oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a",
      oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"`;
    const parameters = all('?b5=%3D%253D&a3=a&c%40=&a2=r%20b', 'c2&a3=2+q', header);
    expect([...parameters].sort()).toEqual(
      [
        ['b5', '=%3D'],
        ['a3', 'a'],
        ['c@', ''],
        ['a2', 'r b'],
        ['oauth_consumer_key', '9djdj82h48djs9d2'],
        ['oauth_token', 'kkk9d7dh3k39sjv7'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '137131201'],
        ['oauth_nonce', '7d8f3e4a'],
        ['oauth_signature', 'bYT5CMsGcbgUdFHObYMEfcx6bsw='],
        ['c2', ''],
        ['a3', '2 q'],
      ].sort(),
    );
    const url = 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b';
    const base = signatureBase({ method: 'post', url, parameters });
    expect(base).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2' +
        '%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth' +
        '_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
    // The signature in the header above is of no secrets that are given; with those of section 3.1 it is this one.
    expect(sign('HMAC-SHA1', base, 'j49sk3j29djd', 'dh893hdasih9')).toBe('r6/TJjbCOr97/+UU0NsvSne7s5g=');
  });

  test.each([
    [
      'the request token',
      'POST',
      'https://photos.example.net/initiate',
      `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1",
       oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready",
       oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"`,
      '',
      '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
    ],
    [
      'the token',
      'POST',
      'https://photos.example.net/token',
      `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola",
       oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh",
       oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"`,
      'hdhd0244k9j7ao03',
      'gKgrFCywp7rO0OXSjdot/IHF7IU=',
    ],
    [
      'the photo',
      'GET',
      'http://photos.example.net/photos?file=vacation.jpg&size=original',
      `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk",
       oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH",
       oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`,
      'pfkkdhi9sl3r4s00',
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    ],
  ])('RFC 5849, section 1.2: %s', (_name, method, url, header, token, signature) => {
    const base = signatureBase({ method, url, parameters: all(new URL(url).search, undefined, header) });
    expect(sign('HMAC-SHA1', base, 'kd94hf93k423kf44', token)).toBe(signature);
  });

  test('Twitter’s example of a signature', () => {
    const header = `OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog",
      oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature_method="HMAC-SHA1",
      oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0"`;
    const status = 'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21';
    const url = 'https://api.twitter.com/1.1/statuses/update.json?include_entities=true';
    const base = signatureBase({ method: 'POST', url, parameters: all('?include_entities=true', status, header) });
    const secrets = [
      'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    ] as const;
    expect(sign('HMAC-SHA1', base, ...secrets)).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });

  test('RFC 5849, section 3.4.4 and 3.6: secrets are encoded each', () => {
    expect(sign('PLAINTEXT', '', 'j49sk3j29djd', 'dh893hdasih9')).toBe('j49sk3j29djd&dh893hdasih9');
    expect(sign('PLAINTEXT', '', "a&b!'()*~", '')).toBe('a%26b%21%27%28%29%2A~&');
  });
});

let harness: Harness;
let key: string;
beforeAll(async () => {
  harness = await createHarness();
  key = await (await fetch(`${harness.url}/provider/demo-key.pem`)).text();
  await harness.seed('provider', {
    clients: [{ client_id: 'other', client_secret: 'other-secret', redirect_uris: ['http://127.0.0.1/callback'] }],
  });
});
afterAll(() => harness.close());
beforeEach(() => harness.clock.reset());

const CALLBACK = 'http://127.0.0.1:54321/callback';

interface Pair {
  readonly key: string;
  readonly secret: string;
}

interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly search?: string;
  readonly form?: string;
  readonly token?: Pair;
  /** Protocol parameters in place of what is right; null for none. */
  readonly given?: Readonly<Record<string, string | null>>;
  readonly signatureMethod?: string;
  readonly place?: 'header' | 'query' | 'body';
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

/** A request that is signed by hand, from the strings that are sent. */
async function send(request: Request) {
  const { method = 'GET', path = '/resources/oauth1', search = '', token, given = {}, place = 'header' } = request;
  const { signatureMethod = 'HMAC-SHA1', secret = 'demo-secret', headers: more = {} } = request;
  let { form } = request;
  const url = `${harness.url}/provider${path}`;
  const now = Math.floor((await harness.clock.now()).getTime() / 1000);
  const protocol = Object.entries({
    oauth_consumer_key: 'demo',
    oauth_nonce: randomBytes(9).toString('base64url'),
    oauth_signature_method: signatureMethod,
    oauth_timestamp: String(now),
    ...(token && { oauth_token: token.key }),
    ...given,
  }).flatMap(([name, value]): Parameter[] => (value === null ? [] : [[name, value]]));
  const others = [search.replace('?', ''), form ?? ''].flatMap((text) => text.split('&').filter(Boolean));
  const pairs = others.map((pair): Parameter => {
    const [name = '', ...value] = pair.split('=');
    return [decode(name), decode(value.join('='))];
  });
  const normal = [...pairs, ...protocol].map(([name, value]) => [encoded(name), encoded(value)].join('='));
  const sorted = normal
    .map((pair) => pair.split('='))
    .sort(([a = '', b = ''], [c = '', d = '']) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1));
  const base = [method, url, sorted.map((pair) => pair.join('=')).join('&')].map(encoded).join('&');
  const signature = sign(signatureMethod, base, secret, token?.secret ?? '', key) ?? '';
  const proof: Parameter[] = [
    ...protocol,
    ...(given.oauth_signature === undefined ? [['oauth_signature', signature] as const] : []),
  ];
  const written = proof.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  const headers: Record<string, string> = { ...more };
  let query = search;
  if (place === 'header')
    headers.authorization = `OAuth realm="a", ${proof.map(([name, value]) => `${encoded(name)}="${encoded(value)}"`).join(', ')}`;
  if (place === 'query') query = `${search === '' ? '?' : `${search}&`}${written}`;
  if (place === 'body') form = [form, written].filter(Boolean).join('&');
  if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  const response = await fetch(`${url}${query}`, { method, headers, ...(form === undefined ? {} : { body: form }) });
  const text = await response.text();
  const isForm = response.headers.get('content-type')?.includes('urlencoded');
  const body = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') };
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));

const pairOf = ({ body }: { readonly body: Record<string, string> }): Pair => ({
  key: body.oauth_token ?? '',
  secret: body.oauth_token_secret ?? '',
});

async function requestToken(given: Request = {}): Promise<Pair> {
  const answer = await send({
    method: 'POST',
    path: '/oauth1/request-token',
    ...given,
    given: { oauth_callback: CALLBACK, ...given.given },
  });
  expect(answer).toMatchObject({ status: 200, body: { oauth_callback_confirmed: 'true' } });
  return pairOf(answer);
}

async function verifierFor(token: Pair): Promise<string> {
  const back = await new Browser().authorize(
    new URL(`${harness.url}/provider/oauth1/authorize?oauth_token=${token.key}`),
  );
  expect(back.href).toContain(`${CALLBACK}?oauth_token=${token.key}&oauth_verifier=`);
  return back.searchParams.get('oauth_verifier') ?? '';
}

const trade = (token: Pair, verifier: string, more: Request = {}) =>
  send({
    method: 'POST',
    path: '/oauth1/access-token',
    token,
    ...more,
    given: { oauth_verifier: verifier, ...more.given },
  });

async function access(): Promise<Pair> {
  const token = await requestToken();
  return pairOf(await trade(token, await verifierFor(token)));
}

test.each(['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'])(
  'a user agrees, and requests are signed with %s',
  async (signatureMethod) => {
    const token = await requestToken({ signatureMethod });
    const answer = await trade(token, await verifierFor(token), { signatureMethod });
    expect(answer.status).toBe(200);
    expect(await send({ token: pairOf(answer), signatureMethod })).toMatchObject({
      status: 200,
      body: { id: 'demo', email: 'demo@example.com', client_id: 'demo' },
    });
  },
);

test('oauth-1.0a, which others wrote, gets a token and uses it', async () => {
  const client = new OAuth({
    consumer: { key: 'demo', secret: 'demo-secret' },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, secret) => createHmac('sha1', secret).update(base).digest('base64'),
  });
  const call = async (path: string, method: string, token?: Pair, data?: object) => {
    const url = `${harness.url}/provider${path}`;
    const signed = client.authorize({ url, method, data }, token);
    const response = await fetch(url, { method, headers: { ...client.toHeader(signed) } });
    expect(response.status).toBe(200);
    return response.text();
  };
  const pair = (text: string) => pairOf({ body: Object.fromEntries(new URLSearchParams(text)) });
  const token = pair(await call('/oauth1/request-token', 'POST', undefined, { oauth_callback: CALLBACK }));
  const verifier = await verifierFor(token);
  const granted = pair(await call('/oauth1/access-token', 'POST', token, { oauth_verifier: verifier }));
  expect(JSON.parse(await call('/resources/oauth1?a=1&b=%20x', 'GET', granted))).toMatchObject({ id: 'demo' });
});

describe('requests that libraries get wrong', () => {
  test.each<[string, Request]>([
    ['a name that repeats, in the query and in the body', { method: 'POST', search: '?a=2&a=1&b=', form: 'a=1&a=3' }],
    ['names and values that are empty', { search: '?a=&=b&c' }],
    ['what is encoded twice', { search: '?b5=%3D%253D&c%40=%2F%2525' }],
    ['a plus, which is a blank', { method: 'POST', search: '?a=r+b', form: 'c=2+q&d=%2B' }],
    ['characters beyond ASCII, and those that encodeURIComponent leaves', { search: "?a=%C3%A9%F0%9F%98%80&b=!'()*~" }],
    ['values that sort by what they are encoded to', { search: '?a=z&a=%7A1&a=A&aa=1&a%20=2' }],
    ['a body that is no form', { method: 'POST', headers: { 'x-a': '1' } }],
    ['proofs in the query', { place: 'query', search: '?a=1' }],
    ['proofs in the body', { method: 'POST', place: 'body', form: 'a=1' }],
  ])('%s', async (_name, request) => {
    const token = await access();
    expect(await send({ ...request, token })).toMatchObject({ status: 200 });
    expect(await send({ ...request, token, secret: 'wrong' })).toMatchObject({
      status: 401,
      body: {
        error: 'signature_invalid',
        base_string: expect.stringContaining(`${request.method ?? 'GET'}&http%3A%2F%2F`),
      },
      challenge: 'OAuth realm="local provider", oauth_problem="signature_invalid"',
    });
  });
});

test('the hash of a body is held against it', async () => {
  const token = await access();
  const given = { oauth_body_hash: bodyHash(Buffer.alloc(0)) };
  expect((await send({ token, given })).status).toBe(200);
  const other = { oauth_body_hash: bodyHash(Buffer.from('a')) };
  expect((await send({ token, given: other })).body.error).toBe('body_hash_invalid');
});

describe('the resource refuses, and says why', () => {
  test.each<[string, number, Request]>([
    ['nonce_used', 401, { given: { oauth_nonce: 'the-same' } }],
    ['timestamp_refused', 400, { given: { oauth_timestamp: 'soon' } }],
    ['timestamp_refused', 400, { given: { oauth_timestamp: '-1' } }],
    ['timestamp_refused', 401, { given: { oauth_timestamp: '137131200' } }],
    ['parameter_absent', 400, { given: { oauth_nonce: null } }],
    ['parameter_absent', 400, { given: { oauth_timestamp: null } }],
    ['parameter_absent', 400, { given: { oauth_consumer_key: null } }],
    ['parameter_absent', 400, { given: { oauth_signature: null } }],
    ['version_rejected', 400, { given: { oauth_version: '2.0' } }],
    ['signature_method_rejected', 400, { given: { oauth_signature_method: 'HMAC-MD5' } }],
    ['signature_method_rejected', 400, { given: { oauth_signature_method: 'constructor' } }],
    ['consumer_key_unknown', 401, { given: { oauth_consumer_key: 'stranger' } }],
    ['token_rejected', 401, { given: { oauth_token: 'unknown' } }],
    ['token_rejected', 401, { given: { oauth_consumer_key: 'other' }, secret: 'other-secret' }],
    ['signature_invalid', 401, { secret: 'wrong' }],
    ['signature_invalid', 401, { signatureMethod: 'PLAINTEXT', secret: 'wrong' }],
    ['signature_invalid', 401, { given: { oauth_signature: 'A'.repeat(28) } }],
    ['parameter_rejected', 400, { search: '?oauth_token=twice' }],
    ['parameter_rejected', 400, { search: '?a=%zz' }],
  ])('%s', async (error, status, request) => {
    const token = await access();
    const now = { oauth_timestamp: String(Math.floor(Date.now() / 1000)) };
    const timed = error === 'nonce_used' ? { ...request, given: { ...request.given, ...now } } : request;
    if (error === 'nonce_used') expect((await send({ ...timed, token })).status).toBe(200);
    const signed = request.search?.includes('%zz') ? { ...timed, search: '' } : timed;
    const answer = request.search?.includes('%zz')
      ? await fetch(`${harness.url}/provider/resources/oauth1${request.search}`).then(async (response) => ({
          status: response.status,
          body: await response.json(),
        }))
      : await send({ ...signed, token });
    expect(answer).toMatchObject({ status, body: { error, message: expect.stringMatching(/\.$/) } });
  });

  test('what has no token, or a token that gives no access', async () => {
    expect((await send({})).body.error).toBe('parameter_absent');
    expect(await send({ token: await requestToken() })).toMatchObject({
      status: 401,
      body: { message: 'The oauth_token is for asking a user, but one for access is required.' },
    });
  });

  test('another client’s key', async () => {
    const token = await access();
    const given = { oauth_consumer_key: 'other' };
    expect(createPublicKey(key).asymmetricKeyType).toBe('rsa');
    expect(await send({ given, signatureMethod: 'RSA-SHA1' })).toMatchObject({ status: 401 });
    expect((await send({ token, signatureMethod: 'RSA-SHA1' })).status).toBe(200);
  });
});

describe('tokens', () => {
  test('are requested with POST, and for a callback that is registered', async () => {
    const path = '/oauth1/request-token';
    const given = { oauth_callback: CALLBACK };
    expect((await send({ path, given })).status).toBe(400);
    expect((await send({ method: 'POST', path })).body.error).toBe('parameter_absent');
    const elsewhere = { oauth_callback: 'http://evil.example.com/' };
    expect((await send({ method: 'POST', path, given: elsewhere })).body.error).toBe('callback_rejected');
    expect((await send({ method: 'POST', path, given: { oauth_callback: 'oob' } })).status).toBe(200);
  });

  test('are traded once, with the verifier, by the client that they were given to', async () => {
    const token = await requestToken();
    expect((await trade(token, 'early')).body.error).toBe('permission_unknown');
    const verifier = await verifierFor(token);
    expect((await trade(token, 'wrong')).body.error).toBe('verifier_invalid');
    expect((await trade(token, verifier, { given: { oauth_verifier: null } })).body.error).toBe('parameter_absent');
    const other = { secret: 'other-secret', given: { oauth_consumer_key: 'other' } };
    expect((await trade(token, verifier, other)).body.error).toBe('token_rejected');
    expect((await trade(token, verifier)).status).toBe(200);
    expect((await trade(token, verifier)).body.error).toBe('token_rejected');
  });

  test('that users are asked with are good for ten minutes and for one of them', async () => {
    const page = async (token: Pair) => {
      const url = `${harness.url}/provider/oauth1/authorize?oauth_token=${token.key}`;
      return (await new Browser().go(url, harness.url)).response?.status;
    };
    const token = await requestToken();
    expect(await page(token)).toBe(200);
    await verifierFor(token);
    expect(await page(token)).toBe(400);
    const late = await requestToken();
    await harness.clock.advance(601_000);
    expect(await page(late)).toBe(400);
    expect((await trade(late, 'x')).body.error).toBe('token_expired');
  });

  test('end when the user does not agree', async () => {
    const token = await requestToken();
    const url = new URL(`${harness.url}/provider/oauth1/authorize?oauth_token=${token.key}`);
    const back = await new Browser().authorize(url, { decision: 'deny' });
    expect(back.searchParams.get('oauth_problem')).toBe('user_refused');
    expect((await trade(token, 'x')).body.error).toBe('token_rejected');
  });

  test('are shown to the user as a code where there is no callback, and after a wrong password the page again', async () => {
    const token = await requestToken({ given: { oauth_callback: 'oob' } });
    const url = `${harness.url}/provider/oauth1/authorize?oauth_token=${token.key}`;
    const post = async (password: string) => {
      const body = new URLSearchParams({ username: 'demo', password, decision: 'allow' });
      return (await fetch(url, { method: 'POST', body })).text();
    };
    expect(await post('wrong')).toContain('There is no user with this name and password.');
    const [, code = ''] = /<code>([^<]+)/.exec(await post('demo-password')) ?? [];
    expect((await trade(token, code)).status).toBe(200);
  });
});

test('the journal shows no token, secret or verifier', async () => {
  await harness.journal.clear();
  const token = await requestToken();
  const verifier = await verifierFor(token);
  const granted = pairOf(await trade(token, verifier));
  await send({ token: granted });
  await send({ token: granted, place: 'query' });
  await send({ token: granted, secret: 'wrong' });
  const text = JSON.stringify(await harness.journal.list());
  expect(text).toContain('signature_invalid');
  expect(text).toContain('oauth1_access_token');
  for (const secret of [token.key, token.secret, verifier, granted.key, granted.secret]) {
    expect(secret).toMatch(/.{8}/);
    expect(text).not.toContain(secret);
  }
});
