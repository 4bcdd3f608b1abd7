import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHarness, type Harness, type RequestEntry } from '@connectorkit/harness';
import { PLATFORMS } from '@connectorkit/sdk/platforms';
import { afterEach, describe, expect, test } from 'vitest';

const open: Harness[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((harness) => harness.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
const json = async (response: Response): Promise<any> => response.json();

async function start(options: Parameters<typeof createHarness>[0] = {}): Promise<Harness> {
  const harness = await createHarness(options);
  open.push(harness);
  return harness;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'harness-'));
  folders.push(made);
  return made;
}

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ port, hostname, path: '/__harness', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject).end();
  });
}

test('answers to the names of this machine only', async () => {
  const { url } = await start();
  const { port } = new URL(url);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', `[::1]:${port}`]) {
    expect(await statusWithHost(url, host), host).toBe(200);
  }
  for (const host of ['example.com', `rebound.example.com:${port}`, '127.0.0.1.example.com', 'localhost.example.com']) {
    expect(await statusWithHost(url, host), host).toBe(403);
  }
});

test('says what it is, and serves the contracts it is made from', async () => {
  const { url } = await start();
  const about = await json(await fetch(`${url}/__harness`));
  expect(about).toMatchObject({ harness: 'connectorkit', pid: process.pid });
  for (const { name } of about.platforms) {
    const contract = await json(await fetch(`${url}/__harness/platforms/${name}/openapi.json`));
    expect(contract.openapi).toBe('3.1.0');
  }
  expect((await fetch(`${url}/__harness/platforms/nothing/openapi.json`)).status).toBe(404);
});

test('tokens are UUIDs of version 4, which Make’s client sends as Token', async () => {
  const { token } = await start();
  expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('refuses an address that others can reach, unless it is allowed and has a token of the user’s', async () => {
  await expect(createHarness({ host: '0.0.0.0' })).rejects.toMatchObject({
    kind: 'usage',
    diagnostics: [{ code: 'harness/not-local', found: '0.0.0.0' }],
  });
  await expect(createHarness({ host: '0.0.0.0', allowRemote: true })).rejects.toMatchObject({
    diagnostics: [{ hint: expect.stringContaining('CONNECTOR_TOKEN') }],
  });
  await expect(createHarness({ host: '0.0.0.0', allowRemote: true, token: 'abc' })).rejects.toMatchObject({
    diagnostics: [{ code: 'harness/not-local', message: expect.stringContaining('3 characters') }],
  });
});

test('others reach it over TLS, and plain HTTP only where that is allowed', async () => {
  const token = 'a-token-that-is-long-enough';
  const asked = { host: '0.0.0.0', allowRemote: true, token };
  const safe = await start(asked);
  expect(new URL(safe.url).hostname).toBe('127.0.0.1');
  expect(safe.tlsUrl).toMatch(/^https:\/\/0\.0\.0\.0:/);
  const names = new X509Certificate(safe.certificate?.text ?? '');
  expect(names.checkHost(hostname())).toBe(hostname());
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  for (const { address } of others.filter(({ family }) => family === 'IPv4')) {
    expect(names.checkIP(address)).toBe(address);
    if (address === '127.0.0.1') continue;
    await expect(fetch(`http://${address}:${new URL(safe.url).port}/__harness`)).rejects.toThrow('fetch failed');
  }
  const plain = await start({ ...asked, allowPlainHttp: true });
  expect(plain.url).toMatch(/^http:\/\/0\.0\.0\.0:/);
  expect(plain.tlsUrl).toBeUndefined();
});

test('a port that is taken names its holder', async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  await expect(createHarness({ port })).rejects.toMatchObject({
    kind: 'usage',
    diagnostics: [
      {
        code: 'harness/port-in-use',
        message: expect.stringContaining(`another harness runs there, process ${process.pid}`),
      },
    ],
  });
  const other = createServer((_request, response) => response.end('not json'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const taken = (other.address() as AddressInfo).port;
    const message = process.platform === 'linux' ? `process ${process.pid}` : 'another process listens there';
    await expect(createHarness({ port: taken })).rejects.toMatchObject({
      diagnostics: [{ message: expect.stringContaining(message) }],
    });
  } finally {
    other.close();
  }
});

/** The status of an answer over TLS, which is trusted by the given certificate alone. */
function statusOverTls(url: string, ca: string, path = '/api/v2/users/me', token = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = secureRequest(`${url}${path}`, { ca, headers: { authorization: `Token ${token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject).end();
  });
}

test('speaks TLS beside HTTP where it is asked to, with a certificate that it keeps', async () => {
  const store = join(folder(), 'harness.db');
  const first = await createHarness({ store, tlsPort: 0, token: 'kept' });
  const { tlsUrl = '', certificate } = first;
  expect(await statusOverTls(tlsUrl, certificate?.text ?? '', undefined, 'kept')).toBe(200);
  expect(await statusOverTls(tlsUrl.replace('127.0.0.1', 'localhost'), certificate?.text ?? '')).toBe(401);
  expect((await fetch(`${first.url}/api/v2/users/me`, { headers: { authorization: 'Token kept' } })).status).toBe(200);
  expect(certificate?.file).toBe(join(store, '..', 'harness-tls.crt'));
  expect(readFileSync(certificate?.file ?? '', 'utf8')).toBe(certificate?.text);
  const keyFile = join(store, '..', 'harness-tls.key');
  if (process.platform !== 'win32') expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  await first.close();

  const second = await start({ store, tlsPort: 0 });
  expect(second.certificate).toEqual(certificate);
  const inMemory = await start({ tlsPort: 0 });
  expect(inMemory.certificate?.file).toBeUndefined();
  expect(await statusOverTls(inMemory.tlsUrl ?? '', inMemory.certificate?.text ?? '')).toBe(401);
  await expect(statusOverTls(inMemory.tlsUrl ?? '', certificate?.text ?? '')).rejects.toThrow(/self-signed/);
  expect((await start()).tlsUrl).toBeUndefined();
});

test('makes its certificate anew when the kept one does not fit', async () => {
  const certificateFolder = folder();
  const kept = async (host = '127.0.0.1') => {
    const harness = await createHarness({ tlsPort: 0, certificateFolder, host });
    await harness.close();
    return harness.certificate?.text ?? '';
  };
  const first = await kept();
  expect(await kept()).toBe(first);
  expect(await kept('127.0.0.2')).not.toBe(first);
  expect(await kept()).toBe(first);
  writeFileSync(join(certificateFolder, 'harness-tls.key'), 'this is no key');
  const corrected = await kept();
  expect(new X509Certificate(corrected).subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  writeFileSync(join(certificateFolder, 'harness-tls.crt'), first);
  expect(await kept()).not.toBe(first);
  // Those who start at one moment in one folder end with one pair.
  rmSync(join(certificateFolder, 'harness-tls.crt'));
  const racing = await Promise.all([
    start({ tlsPort: 0, certificateFolder }),
    start({ tlsPort: 0, certificateFolder }),
  ]);
  expect(racing[0].certificate).toEqual(racing[1].certificate);
});

test('a folder that cannot hold the certificate is reported, and a TLS port that is taken as well', async () => {
  const file = join(folder(), 'a-file');
  writeFileSync(file, '');
  await expect(createHarness({ tlsPort: 0, certificateFolder: join(file, 'below') })).rejects.toMatchObject({
    kind: 'usage',
    diagnostics: [{ code: 'harness/certificate' }],
  });
  const { url } = await start();
  await expect(createHarness({ tlsPort: Number(new URL(url).port) })).rejects.toMatchObject({
    diagnostics: [{ code: 'harness/port-in-use', hint: expect.stringContaining('--tls-port') }],
  });
});

test('what was written survives a restart, the secrets encrypted', async () => {
  const store = join(folder(), 'deep', 'harness.db');
  const first = await createHarness({ store, token: 'kept' });
  const call = async (harness: Harness, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${harness.url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${harness.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return json(response);
  };
  const { app } = await call(first, 'POST', '/sdk/apps', { name: 'shop', label: 'Shop' });
  const { appConnection } = await call(first, 'POST', `/sdk/apps/${app.name}/connections`, {
    type: 'oauth',
    label: 'Main',
  });
  const secret = 'a-client-secret-that-nobody-reads';
  await call(first, 'PUT', `/sdk/apps/connections/${appConnection.name}/common`, { clientSecret: secret });

  const onDisk = () =>
    readdirSync(join(store, '..')).map((name) => readFileSync(join(store, '..', name)).toString('latin1'));
  expect(onDisk().some((bytes) => bytes.includes(appConnection.name))).toBe(true);
  expect(onDisk().some((bytes) => bytes.includes(secret))).toBe(false);
  await first.close();

  const second = await start({ store, token: 'kept' });
  expect(await call(second, 'GET', `/sdk/apps/${app.name}/connections`)).toMatchObject({
    appConnections: [appConnection],
  });
  expect(await call(second, 'GET', `/sdk/apps/connections/${appConnection.name}/common`)).toEqual({
    clientSecret: secret,
  });
});

test('every answered request is reported, without its query', async () => {
  const entries: RequestEntry[] = [];
  const { url } = await start({ onRequest: (entry) => entries.push(entry) });
  await fetch(`${url}/api/v2/sdk/apps?token=secret`);
  await expect
    .poll(() => entries)
    .toEqual([
      {
        ...{ id: expect.any(String), method: 'GET', path: '/api/v2/sdk/apps', route: '/api/v2/sdk/apps' },
        ...{ status: 401, milliseconds: expect.any(Number) },
      },
    ]);
});

describe('the front page', () => {
  test('says what this is, what is emulated and where things are, to everybody, and holds no secret', async () => {
    const harness = await start({ tlsPort: 0 });
    const response = await fetch(`${harness.url}/`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    for (const { title } of Object.values(PLATFORMS)) expect(page).toContain(`<td>${title}</td>`);
    expect(page).toContain(`connector harness journal --follow --url ${harness.url}`);
    for (const secret of [harness.token, harness.controlToken]) expect(page).not.toContain(secret);
    // Each link leads somewhere, and each way is there: it wants the control token.
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, path]) => path);
    expect(links).toHaveLength(9);
    expect((await fetch(`${harness.url}/__harness/console/`)).status).toBe(200);
    for (const path of links.filter((each) => each !== '/__harness/console/')) {
      const told = await json(await fetch(harness.url + path));
      if (path?.endsWith('/openapi.json')) expect(told.openapi, path).toBe('3.1.0');
      else expect(told, path).toMatchObject({ published: expect.any(Object), readings: expect.any(Array) });
    }
    const ways = [...page.matchAll(/<dt><code>([^<]+)/g)].map(([, path = '']) => path);
    expect(ways).toContain('/__harness/journal');
    expect(ways).toContain('/provider/.well-known/openid-configuration');
    const own = ways.filter((path) => /^\/__harness\/(?!console\/)/.test(path));
    for (const path of own) expect((await fetch(harness.url + path)).status, path).toBe(401);
    const control = { authorization: `Bearer ${harness.controlToken}` };
    for (const path of ways.filter((each) => /journal|snapshots|faults|clock/.test(each))) {
      expect((await fetch(harness.url + path, { headers: control })).status, path).toBe(200);
    }
  });

  test('is JSON for who prefers that, and a page for everybody else', async () => {
    const { url } = await start();
    const asked = async (accept: string) => {
      const response = await fetch(url, { headers: { accept } });
      return { type: response.headers.get('content-type'), text: await response.text() };
    };
    for (const accept of ['application/json', 'application/json, text/html;q=0.5', 'text/html;q=0, */*']) {
      const { type, text } = await asked(accept);
      expect(type, accept).toBe('application/json; charset=utf-8');
      const { harness, platforms, provider, own } = JSON.parse(text);
      expect(provider).toMatchObject({ '/provider/authorize': expect.any(String) });
      expect([harness, Object.keys(own)]).toEqual(['connectorkit', expect.arrayContaining(['/__harness/journal'])]);
      expect(platforms).toHaveLength(Object.keys(PLATFORMS).length);
      expect(platforms[0]).toMatchObject({ name: 'make', title: 'Make', paths: expect.arrayContaining(['/api/v2']) });
      for (const { contract } of platforms) expect((await json(await fetch(url + contract))).openapi).toBe('3.1.0');
    }
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
    for (const accept of [browser, '*/*', 'image/png', '']) {
      expect((await asked(accept)).type, accept).toBe('text/html; charset=utf-8');
    }
  });

  test('tells of the platforms that there are alone, takes nothing from what it was asked by, and is only read', async () => {
    const { url } = await start({ platforms: ['make'] });
    const page = await (await fetch(`${url}/?<script>`)).text();
    expect(page).toContain('<td>Make</td>');
    expect(page).not.toMatch(/Workato|<script>/);
    const { port, hostname } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      const asked = request({ port, hostname, path: '/', headers: { host: '[::1]:80"<b>' } }, async (response) => {
        resolve(`${response.statusCode} ${await text(response)}`);
      });
      asked.once('error', reject).end();
    });
    expect(answer).toMatch(/^403 /);
    expect([(await fetch(url, { method: 'HEAD' })).status, (await fetch(url, { method: 'POST' })).status]).toEqual([
      200, 404,
    ]);
    expect((await json(await fetch(`${url}/nothing`))).message).toBe('Nothing is served at /nothing.');
  });
});
