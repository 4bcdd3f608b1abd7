import { createHash, createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Failure } from './failure.ts';
import { readPairs } from './form-encoding.ts';
import { baseString, signedWithOAuth1 } from './oauth1-signature.ts';

const FORM = 'application/x-www-form-urlencoded';
const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array | undefined) => new TextDecoder().decode(body);

/** Random bytes as a published example has them, in hexadecimal where it is written so. */
const context = { protocol: {}, chance: () => Buffer.alloc(16, 0xab), now: new Date(137131201_000), path: ['oauth'] };

describe('the request of RFC 5849, section 3.4.1', () => {
  const call = {
    method: 'POST',
    url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    headers: { 'content-type': FORM },
    body: bytes('c2&a3=2+q'),
  };
  const protocol = [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
  ] as const;

  test('has the base string that is printed there', () => {
    expect(baseString(call, protocol)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });
});

test('the base string has the host in lower case and no default port, as in section 3.4.1.2', () => {
  const headers = {};
  const first = baseString({ method: 'GET', url: 'http://EXAMPLE.COM:80/r%20v/X?id=123', headers }, []);
  expect(first).toBe('GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&id%3D123');
  const second = baseString({ method: 'GET', url: 'https://www.example.net:8080/?q=1', headers }, []);
  expect(second).toBe('GET&https%3A%2F%2Fwww.example.net%3A8080%2F&q%3D1');
});

describe('the example that Twitter publishes, "Creating a signature"', () => {
  const call = {
    method: 'POST',
    url: 'https://api.twitter.com/1.1/statuses/update.json?include_entities=true',
    headers: { 'content-type': FORM },
    body: bytes('status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21'),
  };
  const nonce = 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg';
  const protocol = [
    ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '1318622958'],
    ['oauth_token', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb'],
    ['oauth_version', '1.0'],
  ] as const;

  test('has the base string that is printed there', () => {
    const printed =
      'POST&https%3A%2F%2Fapi.twitter.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue%26oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958%26oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0%26status%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521';
    expect(baseString(call, protocol)).toBe(printed);
  });

  test('is signed as it is there', () => {
    const directive = {
      consumer_key: 'xvz1evFS4wEEPTGEFPHBog',
      consumer_secret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
      token_secret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    };
    const { headers } = signedWithOAuth1(call, directive, {
      ...{ path: ['oauth'], now: new Date(1318622958_000), chance: () => new Uint8Array(16) },
      // Nonces of ours are hexadecimal.
      protocol: { oauth_nonce: nonce },
    });
    expect(headers.authorization).toContain('oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"');
  });
});

const CREDENTIALS = { consumer_key: 'key', consumer_secret: 'c&s', token: 'tok', token_secret: 't+s' };
const GET = { method: 'GET', url: 'https://api.example.com/me?a=1', headers: {} };

/** The parameters of the protocol in a header. */
function inHeader(authorization = ''): Record<string, string> {
  const found = [...authorization.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
}

test('PLAINTEXT sends the two secrets, each encoded', () => {
  const { headers } = signedWithOAuth1(GET, { ...CREDENTIALS, signature_method: 'PLAINTEXT' }, context);
  expect(inHeader(headers.authorization)).toMatchObject({
    oauth_signature: 'c%26s&t%2Bs',
    oauth_signature_method: 'PLAINTEXT',
  });
});

test('RSA-SHA1 is verified with the public key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const directive = { ...CREDENTIALS, signature_method: 'RSA-SHA1', private_key: privateKey };
  const { headers } = signedWithOAuth1(GET, directive, context);
  const { oauth_signature: signature = '', ...rest } = inHeader(headers.authorization);
  const verifier = createVerify('RSA-SHA1').update(baseString(GET, Object.entries(rest)));
  expect(verifier.verify(createPublicKey(publicKey), signature, 'base64')).toBe(true);
});

test('HMAC-SHA256 has 32 bytes, and differs where anything that it covers does', () => {
  const sign = (url: string) => {
    const { headers } = signedWithOAuth1({ ...GET, url }, { ...CREDENTIALS, signature_method: 'HMAC-SHA256' }, context);
    return inHeader(headers.authorization).oauth_signature ?? '';
  };
  expect(Buffer.from(sign(GET.url), 'base64').length).toBe(32);
  expect(sign(GET.url)).toBe(sign(GET.url));
  expect(sign(GET.url)).not.toBe(sign(`${GET.url}&a=1`));
});

test('in the query string and in a form, the parameters come after what is there', () => {
  const inQuery = signedWithOAuth1(GET, { ...CREDENTIALS, transport_method: 'query' }, context);
  expect(inQuery.url).toMatch(/^https:\/\/api\.example\.com\/me\?a=1&oauth_consumer_key=key&.*&oauth_signature=/);
  expect(inQuery.headers).toEqual({});
  const post = {
    method: 'POST',
    url: 'https://api.example.com/me',
    headers: { 'content-type': FORM },
    body: bytes('a=1'),
  };
  const inBody = signedWithOAuth1(post, { ...CREDENTIALS, transport_method: 'body' }, context);
  const pairs = readPairs(textOf(inBody.body));
  expect(pairs[0]).toEqual(['a', '1']);
  const { oauth_signature: signature, ...rest } = Object.fromEntries(pairs.slice(1));
  expect(signature).toBeDefined();
  // The signature covers the form as it was, and the parameters once.
  const header = signedWithOAuth1(post, CREDENTIALS, context);
  expect(inHeader(header.headers.authorization)).toEqual({ ...rest, oauth_signature: signature });
});

test('a body that is no form is covered by its hash, when that is wanted', () => {
  const headers = { 'content-type': 'application/json' };
  const call = { method: 'POST', url: 'https://api.example.com/me', headers, body: bytes('{"a":1}') };
  const hash = createHash('sha1').update('{"a":1}').digest('base64');
  const signed = signedWithOAuth1(call, { ...CREDENTIALS, body_hash: true }, context);
  expect(inHeader(signed.headers.authorization).oauth_body_hash).toBe(hash);
  const without = signedWithOAuth1(call, CREDENTIALS, context);
  expect(inHeader(without.headers.authorization).oauth_body_hash).toBeUndefined();
});

test.each([
  ['a method that there is not', { ...CREDENTIALS, signature_method: 'HMAC-MD5' }, '"HMAC-MD5" is no signature_method'],
  ['a transport that there is not', { ...CREDENTIALS, transport_method: 'cookie' }, '"cookie" is no transport_method'],
  ['no consumer key', { consumer_secret: 'c' }, 'consumer_key has no value'],
  [
    'a key that is none',
    { ...CREDENTIALS, signature_method: 'RSA-SHA1', private_key: 'c3' },
    'private_key is not a private key',
  ],
  ['a body that cannot carry it', { ...CREDENTIALS, transport_method: 'body' }, 'the body can carry it only'],
])('%s is reported', (_, directive, words) => {
  expect(() => signedWithOAuth1(GET, directive, context)).toThrow(Failure);
  expect(() => signedWithOAuth1(GET, directive, context)).toThrow(words);
});
