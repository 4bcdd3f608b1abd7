import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let harness: Harness;
const faults: unknown[] = [];
beforeEach(async () => {
  harness = await createHarness({ onFault: (fault) => faults.push(fault) });
  await harness.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
});
afterEach(async () => {
  await harness.close();
  expect(faults.splice(0)).toEqual([]);
});

interface Raw {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** A request as it is written, for what no client would send. */
function raw(lines: readonly string[], body: string | Buffer = ''): Promise<Raw> {
  const { port } = new URL(harness.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [head = '', ...rest] = got.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), headers: head.toLowerCase(), body: rest.join('\r\n\r\n') });
    });
    socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
    socket.write(body);
  });
}

const own = () => new URL(harness.url).host;
const token = () => `Authorization: Token ${harness.token}`;
const control = () => `Authorization: Bearer ${harness.controlToken}`;
const SECTION = '/api/v2/sdk/apps/connections/shop';

describe('a page on another origin gets nothing, from the platforms as from the harness’s own API', () => {
  const targets = () => [
    [`GET ${SECTION}/api HTTP/1.1`, token()],
    ['POST /__harness/reset HTTP/1.1', control()],
    ['GET /__harness HTTP/1.1', control()],
  ];

  test('by the origin that its browser names', async () => {
    const { host, port } = new URL(harness.url);
    const others = [
      'https://example.com',
      `http://example.com:${port}`,
      'http://localhost:1',
      `https://${host}`,
      'null',
    ];
    for (const [line = '', authorization = ''] of targets()) {
      for (const origin of others) {
        const { status, headers, body } = await raw([line, `Host: ${host}`, authorization, `Origin: ${origin}`]);
        expect([status, headers.includes('access-control'), body.includes('"apps"')], origin).toEqual([
          403,
          false,
          false,
        ]);
      }
      expect((await raw([line, `Host: ${host}`, authorization, `Origin: http://${host}`])).status).toBe(200);
    }
  });

  test('by what its browser says of where the request comes from', async () => {
    for (const [line = '', authorization = ''] of targets()) {
      for (const [site, mode, expected] of [
        ['cross-site', 'no-cors', 403],
        ['same-site', 'cors', 403],
        ['cross-site', 'navigate', 200],
        ['same-origin', 'cors', 200],
        ['none', 'navigate', 200],
      ] as const) {
        const fetched = [`Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`];
        expect((await raw([line, `Host: ${own()}`, authorization, ...fetched])).status, site).toBe(expected);
      }
    }
  });

  test('and no preflight is answered with leave', async () => {
    const asked = ['Origin: https://example.com', 'Access-Control-Request-Method: PUT'];
    const { status, headers } = await raw([`OPTIONS ${SECTION}/api HTTP/1.1`, `Host: ${own()}`, ...asked]);
    expect([status, headers.includes('access-control')]).toEqual([403, false]);
    expect((await raw([`OPTIONS ${SECTION}/api HTTP/1.1`, `Host: ${own()}`, token()])).headers).not.toContain(
      'access-control',
    );
  });

  test('nor under another name that leads to this machine (DNS rebinding), whatever the request line says', async () => {
    for (const host of [
      'rebound.example.com',
      `rebound.example.com:${new URL(harness.url).port}`,
      '',
      'localhost@x.y',
    ]) {
      expect((await raw([`GET ${SECTION}/api HTTP/1.1`, `Host: ${host}`, token()])).status, host).toBe(403);
      expect((await raw(['GET /__harness/journal HTTP/1.1', `Host: ${host}`, control()])).status, host).toBe(403);
    }
    expect((await raw([`GET http://evil.example${SECTION}/api HTTP/1.1`, 'Host: evil.example', token()])).status).toBe(
      403,
    );
    expect((await raw([`GET ${SECTION}/api HTTP/1.1`, token()])).status).toBe(400);
    expect((await raw([`GET ${SECTION}/api HTTP/1.0`, token()])).status).toBe(403);
  });
});

describe('what is too large, too deep or not what it says', () => {
  const put = (path: string, type: string, body: string | Buffer) =>
    raw([`PUT ${SECTION}${path} HTTP/1.1`, `Host: ${own()}`, token(), `Content-Type: ${type}`], body);

  test('bodies have a limit', async () => {
    expect((await put('/api', 'application/jsonc', `"${'x'.repeat(3_000_000)}"`)).status).toBe(400);
    const seeds = [`POST /__harness/seed HTTP/1.1`, `Host: ${own()}`, control(), 'Content-Type: application/json'];
    expect((await raw(seeds, `{"a":"${'x'.repeat(21_000_000)}"}`)).status).toBe(413);
  });

  test('headers have a limit', async () => {
    expect((await raw(['GET / HTTP/1.1', `Host: ${own()}`, `X-Long: ${'x'.repeat(20_000)}`])).status).toBe(431);
    const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: ${index}`);
    expect((await raw(['GET / HTTP/1.1', `Host: ${own()}`, ...many])).status).toBe(431);
  });

  test('nesting has a limit, in strings it has none', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    for (const [path, type] of [
      ['/common', 'application/json'],
      ['/api', 'application/jsonc'],
    ] as const) {
      expect((await put(path, type, `{"a":${deep(100_000)}}`)).status, path).toBe(400);
      expect(
        (await put(path, type, `{"a":${deep(100)}, "b": "${'[{'.repeat(500)}\\"${'['.repeat(500)}"}`)).status,
      ).toBe(200);
    }
    const seeds = [`POST /__harness/faults HTTP/1.1`, `Host: ${own()}`, control(), 'Content-Type: application/json'];
    expect((await raw(seeds, deep(100_000))).status).toBe(400);
  });

  test('content types are strict, and text is UTF-8', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/json5',
    ]) {
      expect((await put('/common', type, '{}')).status, type).toBe(415);
    }
    expect((await put('/common', 'application/json; charset=utf-8', '{}')).status).toBe(200);
    expect((await put('/common', 'application/json', Buffer.from([0x22, 0xff, 0xfe, 0x22]))).status).toBe(400);
  });

  test('paths do not lead out of their place', async () => {
    for (const path of [
      '/__harness/../api/v2/users/me',
      '/__harness/platforms/../../etc/passwd/openapi.json',
      '/__harness/platforms/%2e%2e%2f%2e%2e/openapi.json',
      '/__harness/platforms/__proto__/openapi.json',
      '/__harness/platforms/constructor/openapi.json',
      '/__harness/%',
      `${SECTION}%00/api`,
      `${SECTION}/../shop/api`,
      `${SECTION}/%2e%2e%2fshop/api`,
      '//evil.example/__harness',
    ]) {
      const { status } = await raw([`GET ${path} HTTP/1.1`, `Host: ${own()}`, token()]);
      expect([400, 401, 404], `${path}: ${status}`).toContain(status);
    }
  });

  test('a scheme that has the name of something that objects have is no scheme', async () => {
    for (const path of ['/api/v2/users/me', '/api/managed_users', '/accounts/api/me', '/api/users/me']) {
      for (const scheme of ['constructor', '__proto__', 'toString']) {
        const { status } = await raw([`GET ${path} HTTP/1.1`, `Host: ${own()}`, `Authorization: ${scheme} x`]);
        expect(status, `${scheme} at ${path}`).toBe(401);
      }
    }
  });

  test('keys that objects have by themselves are keys like any', async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"hasOwnProperty":1}';
    expect((await put('/common', 'application/json', body)).status).toBe(200);
    expect((await raw([`GET ${SECTION}/common HTTP/1.1`, `Host: ${own()}`, token()])).body).toBe(body);
    const asked = [`Host: ${own()}`, control(), 'Content-Type: application/json'];
    expect((await raw(['POST /__harness/faults HTTP/1.1', ...asked], '{"__proto__":{"effect":"reset"}}')).status).toBe(
      400,
    );
    const seed = `{"project":{"__proto__":{"connector.json":"{}"}}}`;
    expect((await raw(['POST /__harness/seed HTTP/1.1', ...asked], seed)).status).toBe(400);
    await raw([`GET ${SECTION}/api?__proto__[polluted]=1&constructor=1 HTTP/1.1`, `Host: ${own()}`, token()]);
    expect((await harness.journal.list()).length).toBeGreaterThan(2);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('answers say to browsers what they are not for', async () => {
  const json = await raw([`GET ${SECTION}/api HTTP/1.1`, `Host: ${own()}`, token()]);
  expect(json.headers).toContain('x-content-type-options: nosniff');
  expect(json.headers).toContain('cache-control: no-store');
  expect(json.headers).not.toContain('x-powered-by');
  const page = await raw(['GET /direct_link/embedded/connections/1 HTTP/1.1', `Host: ${own()}`, 'Accept: text/html']);
  expect(page.headers).toContain('content-type: text/html');
  for (const header of [
    "content-security-policy: default-src 'none'",
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    'cross-origin-opener-policy: same-origin',
    'cross-origin-resource-policy: same-origin',
    'cache-control: no-store',
  ]) {
    expect(page.headers).toContain(header);
  }
});

test('a write that is under way when the harness is closed is answered, and is there afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'harness-'));
  const store = join(folder, 'harness.db');
  try {
    const closing = await createHarness({ store });
    await closing.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
    await closing.faults.add({ effect: 'latency', milliseconds: 120, operation: 'setConnectionCommon' });
    const written = (await closing.clients()).make.registry.setCommon('shop', { a: 1 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const closed = closing.close();
    await written;
    await closed;
    const again = await createHarness({ store });
    expect(await (await again.clients()).make.registry.common('shop')).toEqual({ a: 1 });
    await again.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
