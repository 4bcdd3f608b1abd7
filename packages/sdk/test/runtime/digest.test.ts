import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connectionOf, runnable } from './connections.ts';
import { provider } from './provider.ts';

/*
 * Digest has no directive: it is written in two requests, of which the first is refused with a challenge. The values are
 * those of RFC 7616, section 3.9.1, for MD5.
 */

const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const CHALLENGE = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="${NONCE}", opaque="${OPAQUE}"`;

/** The request that answers the challenge, with the target as it is sent. */
const API = (url: string) => [
  {
    url: `${url}/dir/index.html`,
    response: {
      valid: '{{statusCode = 401}}',
      temp: { nonce: "{{replace(headers.`www-authenticate`, '/^.* nonce=\"([^\"]*)\".*$/', '$1')}}" },
    },
  },
  {
    url: `${url}/dir/index.html`,
    temp: {
      user: "{{md5(parameters.username + ':http-auth@example.org:' + parameters.password)}}",
      target: "{{md5('GET:/dir/index.html')}}",
    },
    headers: {
      authorization: `Digest username="{{parameters.username}}", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, nonce="{{temp.nonce}}", nc=00000001, cnonce="${CNONCE}", qop=auth, response="{{md5(temp.user + ':' + temp.nonce + ':00000001:${CNONCE}:auth:' + temp.target)}}", opaque="${OPAQUE}"`,
    },
    response: { metadata: { type: 'text', value: '{{body.name}}' } },
    log: { sanitize: ['request.headers.authorization'] },
  },
];

test('a connection answers a challenge as RFC 7616 prints it', async () => {
  const { url } = await provider({
    '/dir/index.html': ({ headers }) => {
      const { authorization = '' } = headers;
      if (authorization === '') return { status: 401, headers: { 'www-authenticate': CHALLENGE } };
      const [, response] = /response="(\w+)"/.exec(authorization) ?? [];
      return response === '8ca523f5e9506fed4657c9700eebdbec' ? { body: { name: 'Mufasa' } } : { status: 401 };
    },
  });
  const connection = connectionOf('basic', {
    api: API(url),
    parameters: [
      { name: 'username', type: 'text', label: 'Name' },
      { name: 'password', type: 'password', label: 'Password' },
    ],
  });
  const values = { parameters: { username: 'Mufasa', password: 'Circle of Life' } };
  const outcome = await runnable(connection, values).connect();
  expect(outcome.problem).toBeUndefined();
  expect(outcome.instance?.metadata?.value).toBe('Mufasa');
  expect(outcome.trace.steps[0]?.notes.join()).toContain('requires Digest, for which a connection has no directive');
  const text = JSON.stringify(outcome);
  const hash = createHash('md5').update('Mufasa:http-auth@example.org:Circle of Life').digest('hex');
  for (const secret of ['Circle of Life', '8ca523f5e9506fed4657c9700eebdbec']) expect(text).not.toContain(secret);
  // The hash of the password opens as much as the password does.
  expect(text).not.toContain(hash);
});

describe('a vendor that offers SHA-256 before MD5, a list of qop, and a realm with commas', () => {
  const REALM = 'Acme, Inc., Ltd';
  const PATH = '/v1/me';
  const TARGET = `${PATH}?fields=id,name&a=%20`;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  const part = (name: string) => `{{replace(headers.\`www-authenticate\`, '/^.*?${name}="([^"]*)".*$/', '$1')}}`;
  const proof = "sha256(temp.user + ':' + temp.nonce + ':00000001:' + temp.cnonce + ':auth:' + temp.target)";
  const header = [
    ...['username="{{parameters.username}}"', 'realm="{{temp.realm}}"', 'nonce="{{temp.nonce}}"', `uri="${TARGET}"`],
    ...['algorithm=SHA-256', 'qop=auth', 'nc=00000001', 'cnonce="{{temp.cnonce}}"', `response="{{${proof}}}"`],
  ].join(', ');
  const api = (url: string) => [
    {
      url: `${url}${TARGET}`,
      response: { valid: '{{statusCode = 401}}', temp: { nonce: part('nonce'), realm: part('realm') } },
    },
    {
      url: `${url}${TARGET}`,
      temp: {
        user: "{{sha256(parameters.username + ':' + temp.realm + ':' + parameters.password)}}",
        cnonce: '{{uuid}}',
        target: `{{sha256('GET:${TARGET}')}}`,
      },
      headers: { authorization: `Digest ${header}` },
      response: { metadata: { type: 'text', value: '{{body.name}}' } },
      log: { sanitize: ['request.headers.authorization'] },
    },
  ];

  /** Why a request is refused; undefined when it proves the password, for a nonce that was not used. */
  function fault(authorization: string, target: string, nonces: Set<string>): string | undefined {
    const pairs = [...authorization.matchAll(/([\w-]+)=(?:"([^"]*)"|([^\s",]+))/g)];
    const given = Object.fromEntries(pairs.map(([, name = '', quoted, token]) => [name, quoted ?? token]));
    const { realm, nonce = '', uri, algorithm, qop, nc, cnonce, response } = given;
    if (!nonces.delete(nonce)) return 'the nonce was used before, or never given';
    if (realm !== REALM) return 'the realm is cut';
    if (uri !== target) return 'uri lacks the query';
    if (algorithm !== 'SHA-256') return 'it is another algorithm';
    if (!/qop=auth,.*nc=00000001,/.test(authorization)) return 'qop and nc are tokens, and nc begins at 1';
    const user = sha256(`Mufasa:${REALM}:Circle of Life`);
    const expected = sha256(`${user}:${nonce}:${nc}:${cnonce}:${qop}:${sha256(`GET:${target}`)}`);
    return response === expected ? undefined : 'the response is wrong';
  }

  test('is answered with one qop, the whole target, and nc from 1 for each nonce, twice in a row', async () => {
    const nonces = new Set<string>();
    const { url } = await provider({
      [PATH]: ({ url: target, headers: { authorization } }) => {
        const why = authorization === undefined ? 'nothing' : fault(authorization, target, nonces);
        if (why === undefined) return { body: { name: 'Mufasa' } };
        const nonce = `nonce-${nonces.size}-${Math.random()}`;
        nonces.add(nonce);
        const challenge = (algorithm: string) =>
          `Digest realm="${REALM}", nonce="${nonce}", qop="auth, auth-int", algorithm=${algorithm}`;
        const headers = { 'www-authenticate': [challenge('SHA-256'), challenge('MD5')] };
        return { status: 401, headers, body: { message: why } };
      },
    });
    const connection = runnable(connectionOf('basic', { api: api(url) }), {
      parameters: { username: 'Mufasa', password: 'Circle of Life' },
    });
    const connected = await connection.connect();
    expect(connected.problem).toBeUndefined();
    expect(connected.instance?.metadata?.value).toBe('Mufasa');
    const notes = connected.trace.steps[0]?.notes.join('\n');
    expect(notes).toContain('it is computed with sha256() or md5().');
    expect(notes).toContain(`requires SHA-256 and one qop of the list auth, auth-int, the full path with its query`);
    expect(notes).toContain(`The realm ${JSON.stringify(REALM)} is one text, including its commas.`);
    expect((await connection.verify({ data: {} })).problem).toBeUndefined();
  });
});
