import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
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
  expect(outcome.trace.steps[0]?.notes.join()).toContain('asks for Digest, for which a connection has no directive');
  const text = JSON.stringify(outcome);
  const hash = createHash('md5').update('Mufasa:http-auth@example.org:Circle of Life').digest('hex');
  for (const secret of ['Circle of Life', '8ca523f5e9506fed4657c9700eebdbec']) expect(text).not.toContain(secret);
  // The hash of the password opens as much as the password does.
  expect(text).not.toContain(hash);
});
