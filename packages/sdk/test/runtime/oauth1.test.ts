import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { API_STARTERS } from '../../src/sections/api-starters.ts';
import { connectionOf, REDIRECT, runnable } from './connections.ts';
import { type Asked, provider } from './provider.ts';
import type { Reply } from './server.ts';

const PARAMETERS = [
  { name: 'consumerKey', type: 'text', label: 'Key', required: true },
  { name: 'consumerSecret', type: 'password', label: 'Secret', required: true },
];
const VALUES = { consumerKey: 'key-1', consumerSecret: 'consumer-s3cret&%' };

/** The parameters of the protocol, if the signature is right: computed here again, from what came over the wire. */
function signedBy(asked: Asked, tokenSecret: string): Record<string, string> | undefined {
  const header = asked.headers.authorization ?? '';
  const own = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    decodeURIComponent(value),
  ]);
  const { oauth_signature: signature, ...protocol } = Object.fromEntries(own);
  const { pathname, search } = new URL(asked.url, 'http://localhost');
  const isForm = asked.headers['content-type']?.includes('urlencoded');
  const strict = (text: string) =>
    encodeURIComponent(text).replace(/[!*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = [
    ...new URLSearchParams(search),
    ...(isForm ? new URLSearchParams(asked.body) : []),
    ...Object.entries(protocol),
  ];
  const sorted = all.map(([name, value]) => `${strict(name)}=${strict(String(value))}`).sort();
  const base = [asked.method, `http://${asked.headers.host}${pathname}`, sorted.join('&')].map(strict).join('&');
  const key = `${strict(VALUES.consumerSecret)}&${strict(tokenSecret)}`;
  const right = createHmac('sha1', key).update(base).digest('base64');
  return signature === right ? protocol : undefined;
}

const refused: Reply = { status: 401, body: 'the signature is wrong' };
const form = (fields: Record<string, string>): Reply => ({
  headers: { 'content-type': 'text/html' },
  body: new URLSearchParams(fields).toString(),
});

/** A provider that checks every signature, and every value that belongs to it. */
function signing(info = '/api') {
  const seen: Record<string, string>[] = [];
  const check = (asked: Asked, secret: string, wanted: Record<string, string>, reply: Reply) => {
    const protocol = signedBy(asked, secret);
    if (protocol === undefined) return refused;
    seen.push(protocol);
    const differs = Object.entries(wanted).find(([name, value]) => protocol[name] !== value);
    return differs === undefined ? reply : { status: 400, body: `${differs[0]} is ${protocol[differs[0]]}` };
  };
  const requested = form({
    oauth_token: 'request-t0ken',
    oauth_token_secret: 'request-s3cret',
    oauth_callback_confirmed: 'true',
  });
  const token = form({ oauth_token: 'access-t0ken', oauth_token_secret: 'access-s3cret' });
  return provider({
    '/oauth/request_token': (asked) => check(asked, '', { oauth_callback: REDIRECT }, requested),
    '/oauth/access_token': (asked) =>
      check(asked, 'request-s3cret', { oauth_token: 'request-t0ken', oauth_verifier: 'v3rifier' }, token),
    [info]: (asked) => check(asked, 'access-s3cret', { oauth_token: 'access-t0ken' }, { body: { id: 9, name: 'Ada' } }),
  }).then((server) => ({ ...server, seen }));
}

const connectionAt = (url: string, change = (api: string) => api) =>
  connectionOf('oauth-1', {
    api: change(
      API_STARTERS['oauth-1']()
        .replaceAll(/https:\/\/(auth|api)\.example\.com/g, url)
        .replace('/v1/me', '/api'),
    ),
    parameters: PARAMETERS,
  });

/** A browser whose user agrees. */
const agrees = async ({ url }: { readonly url: string }) => {
  const token = new URL(url).searchParams.get('oauth_token') ?? '';
  return new URLSearchParams({ oauth_token: token, oauth_verifier: 'v3rifier' });
};

test('a connection is made in the order requestToken, authorize, accessToken, info, each request signed', async () => {
  const { url, received, seen } = await signing();
  const { instance, problem, trace } = await runnable(connectionAt(url), { parameters: VALUES }).connect(agrees);
  expect(problem).toBeUndefined();
  expect(instance).toEqual({
    data: { token: 'access-t0ken', tokenSecret: 'access-s3cret' },
    metadata: { type: 'text', value: 'Ada' },
    uid: 9,
  });
  expect(received.map(({ url }) => url)).toEqual(['/oauth/request_token', '/oauth/access_token', '/api']);
  expect(new Set(seen.map(({ oauth_nonce: nonce }) => nonce)).size).toBe(3);
  const text = JSON.stringify(trace);
  for (const secret of ['request-s3cret', 'access-s3cret', 'access-t0ken', 'v3rifier', VALUES.consumerSecret]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encodeURIComponent(secret));
  }
});

test('repeated, empty and encoded parameters of the query string are covered', async () => {
  const { url, received } = await signing();
  const change = (api: string) =>
    api.replace('/api"', '/api?a3=2%20q&c%40=&a3=a", "qs": { "b": ["2", "1"], "é": "+&=" }');
  const { problem } = await runnable(connectionAt(url, change), { parameters: VALUES }).connect(agrees);
  expect(problem).toBeUndefined();
  expect(received.at(-1)?.url).toBe('/api?a3=2%20q&c%40=&a3=a&b=2&b=1&%C3%A9=%2B%26%3D');
});

test('where `oauth` of authorize has the token, the browser takes it along', async () => {
  const { url } = await signing();
  const change = (api: string) =>
    api.replace(/"qs": \{\s*"oauth_token": "\{\{temp.token\}\}"\s*\}/, '"oauth": { "token": "{{temp.token}}" }');
  expect(change(API_STARTERS['oauth-1']())).not.toBe(API_STARTERS['oauth-1']());
  const urls: string[] = [];
  const { problem } = await runnable(connectionAt(url, change), { parameters: VALUES }).connect(async (visit) => {
    urls.push(visit.url);
    return agrees(visit);
  });
  expect(problem).toBeUndefined();
  expect(urls).toEqual([`${url}/oauth/authorize?oauth_token=request-t0ken`]);
});

test('a token that belongs to another visit is not traded', async () => {
  const { url, received } = await signing();
  const { problem } = await runnable(connectionAt(url), { parameters: VALUES }).connect(
    async () => new URLSearchParams({ oauth_token: 'somebody-elses', oauth_verifier: 'v' }),
  );
  expect(problem).toMatchObject({ code: 'run/state' });
  expect(received.length).toBe(1);
});

test('a user who does not agree is reported', async () => {
  const { url } = await signing();
  const { problem } = await runnable(connectionAt(url), { parameters: VALUES }).connect(
    async () => new URLSearchParams({ denied: 'request-t0ken' }),
  );
  expect(problem).toMatchObject({ code: 'run/denied' });
});

test('a wrong secret is reported in the words of the section', async () => {
  const { url } = await signing();
  const { problem } = await runnable(connectionAt(url), {
    parameters: { ...VALUES, consumerSecret: 'another' },
  }).connect(agrees);
  expect(problem).toMatchObject({ code: 'run/refused', message: 'RuntimeError: [401] The request token was refused.' });
});
