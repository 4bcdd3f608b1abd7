import { request } from 'node:https';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ tlsPort: 0 });
});
afterAll(() => harness.close());
afterEach(() => {
  vi.useRealTimers();
});

const at = (path: string) => `${harness.url}/__harness${path}`;

/** The code of a new link. */
async function newCode(): Promise<string> {
  const headers = { authorization: `Bearer ${harness.controlToken}` };
  const response = await fetch(at('/console-links'), { method: 'POST', headers });
  const { link } = (await response.json()) as { link: { path: string; until: string } };
  expect(response.status).toBe(201);
  return link.path.replace('/__harness/console/#code=', '');
}

function begin(code: string, headers: Record<string, string> = { origin: harness.url }) {
  const sent = { ...headers, 'content-type': 'application/json' };
  return fetch(at('/console-session'), { method: 'POST', headers: sent, body: JSON.stringify({ code }) });
}

async function newSession() {
  const response = await begin(await newCode());
  const { key } = (await response.json()) as { key: string };
  const [cookie = ''] = response.headers.get('set-cookie')?.split(';') ?? [];
  return { cookie, key };
}

test('a link begins one session, for pages of the same origin, within two minutes', async () => {
  const code = await newCode();
  expect((await begin(code, {})).status, 'no browser').toBe(401);
  expect((await begin(code, { origin: 'http://127.0.0.1:9' })).status, 'another port').toBe(403);
  const first = await begin(code);
  expect(first.status).toBe(201);
  expect(first.headers.get('set-cookie')).toMatch(
    /^connector-console-\d+=[\w.-]+; HttpOnly; SameSite=Strict; Max-Age=43200; Path=\/__harness$/,
  );
  expect((await begin(code)).status, 'used before').toBe(401);

  const late = await newCode();
  vi.useFakeTimers({ now: Date.now() + 121_000, toFake: ['Date'] });
  expect((await begin(late)).status, 'too late').toBe(401);
});

test('a session needs both of its halves, from a page of the same origin, and ends', async () => {
  const { cookie, key } = await newSession();
  const own = { cookie, 'x-connector-console': key };
  const status = async (headers: Record<string, string>, method = 'GET', path = '/snapshots') =>
    (await fetch(at(path), { method, headers })).status;
  expect(await status({ ...own, origin: harness.url })).toBe(200);
  expect(await status({ ...own, 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await status({ ...own, origin: harness.url }, 'POST', '/reset')).toBe(200);

  expect(await status({ cookie, origin: harness.url }), 'the cookie alone').toBe(401);
  expect(await status({ 'x-connector-console': key, origin: harness.url }), 'the key alone').toBe(401);
  expect(await status({ ...own, origin: 'http://127.0.0.1:9' }), 'another port').toBe(403);
  expect(await status({ ...own, 'sec-fetch-site': 'same-site' }), 'another port, without its name').toBe(403);
  expect(await status(own), 'nobody says where from').toBe(401);
  const other = await newSession();
  expect(await status({ ...own, 'x-connector-console': other.key, origin: harness.url }), 'of two sessions').toBe(401);
  const longer = cookie.replace(/=\d+/, (end) => `=${Number(end.slice(1)) + 1e9}`);
  expect(await status({ ...own, cookie: longer, origin: harness.url }), 'prolonged').toBe(401);

  vi.useFakeTimers({ now: Date.now() + 12 * 3_600_000 + 1000, toFake: ['Date'] });
  expect(await status({ ...own, origin: harness.url }), 'after twelve hours').toBe(401);
});

test('over TLS the cookie is bound to the host', async () => {
  const code = await newCode();
  const { tlsUrl = '', certificate } = harness;
  const cookie = await new Promise((resolve, reject) => {
    const headers = { origin: tlsUrl, 'content-type': 'application/json' };
    const url = `${tlsUrl}/__harness/console-session`;
    request(url, { method: 'POST', headers, ...(certificate && { ca: certificate.text }) }, (response) => {
      response.resume();
      resolve(response.headers['set-cookie']?.[0]);
    })
      .once('error', reject)
      .end(JSON.stringify({ code }));
  });
  expect(cookie).toMatch(/^__Host-connector-console-\d+=[\w.-]+; HttpOnly; .*Path=\/; Secure$/);
});

test('the page has a strict policy, and its files are kept for ever', async () => {
  const page = await fetch(at('/console/connections/any?section=api'));
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
  const [, script = ''] = /<script[^>]*src="([^"]+)"/.exec(html) ?? [];
  const zipped = await fetch(harness.url + script, { headers: { 'accept-encoding': 'gzip' } });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(zipped.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const plain = await fetch(harness.url + script, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe(await zipped.text());
  for (const path of ['/console/assets/none.js', '/console/assets/..%2findex.html', '/console/assets/constructor']) {
    expect((await fetch(at(path))).status, path).toBe(404);
  }
  expect((await fetch(at('/console/'), { method: 'POST' })).status).toBe(401);
});
