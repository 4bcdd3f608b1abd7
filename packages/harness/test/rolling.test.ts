import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import Libsql from 'libsql';
import { afterEach, describe, expect, test } from 'vitest';
import { POSTGRES, startPostgres } from './postgres-server.ts';

/* What the pages about a shared harness say of updates, the database and a proxy in front. */

const KEY = 'the key of all processes';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: HarnessOptions): Promise<Harness> {
  const harness = await createHarness({ storeKey: KEY, ...options });
  closing.push(() => harness.close());
  return harness;
}

const apps = ({ url, token }: Harness) =>
  fetch(`${url}/api/v2/sdk/apps`, { headers: { authorization: `Token ${token}` } }).then(({ status }) => status);

/** Stores whose format can be raised, as a newer version would. */
const STORES = [
  {
    name: 'SQLite',
    isThere: true,
    make: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rolling-'));
      closing.push(() => rmSync(folder, { recursive: true, force: true }));
      const store = join(folder, 'shared.db');
      const raise = async () => {
        const db = new Libsql(store);
        db.exec('PRAGMA user_version = 1000');
        db.close();
      };
      return { store, raise };
    },
  },
  {
    name: 'PostgreSQL',
    isThere: POSTGRES !== undefined,
    make: async () => {
      const server = await startPostgres();
      closing.push(() => server.stop());
      const raise = async () => void (await server.sql('UPDATE rolling.format SET version = 1000'));
      return { store: server.location('rolling'), raise };
    },
  },
];

describe.each(STORES)('a store on $name that a newer version has migrated', ({ isThere, make }) => {
  test.skipIf(!isThere)('is used on by an older process that runs, and refused to one that starts', async () => {
    const { store, raise } = await make();
    const old = await start({ store });
    expect(await apps(old)).toBe(200);
    await raise();
    expect([await apps(old), (await fetch(`${old.url}/readyz`)).status]).toEqual([200, 200]);
    await expect(start({ store })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/was written by a newer version: it has format 1000, and this version knows \d+/),
      diagnostics: [{ code: 'harness/store', hint: expect.stringContaining('Update the harness') }],
    });
  });
});

describe.skipIf(POSTGRES === undefined)('the role in the database', () => {
  test('needs a schema of its own and nothing else', async () => {
    const server = await startPostgres();
    closing.push(() => server.stop());
    await server.sql("CREATE ROLE harness LOGIN PASSWORD 'Password-of-the-role-1'");
    await server.sql('CREATE SCHEMA connectorkit AUTHORIZATION harness');
    const store = `postgres://harness:Password-of-the-role-1@127.0.0.1:${server.port}/postgres`;
    expect(await apps(await start({ store }))).toBe(200);
    await expect(start({ store: `${store}?schema=others` })).rejects.toMatchObject({
      diagnostics: [{ code: 'harness/store', hint: expect.stringContaining('create it for the user') }],
    });
    const tables = await server.sql("SELECT tableowner FROM pg_tables WHERE schemaname = 'connectorkit'");
    expect(new Set(tables.map(({ tableowner }) => tableowner))).toEqual(new Set(['harness']));
  });

  test('refuses a process with another key', async () => {
    const server = await startPostgres();
    closing.push(() => server.stop());
    const store = server.location('keys');
    await start({ store });
    await expect(start({ store, storeKey: 'another key' })).rejects.toMatchObject({
      diagnostics: [{ code: 'harness/store' }],
    });
  });
});

describe('behind a proxy that ends TLS', () => {
  const PUBLIC = 'https://harness.example.com';

  /** As a proxy passes it on. */
  function ask(harness: Harness, path: string, headers: Record<string, string>, method = 'GET', body?: string) {
    return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
      const asked = httpRequest(`${harness.url}${path}`, { method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      });
      asked.once('error', reject).end(body);
    });
  }

  test('the public URL alone says that requests came over TLS; X-Forwarded headers are not believed', async () => {
    const harness = await start({ publicUrl: PUBLIC });
    const own = { host: 'harness.example.com', origin: PUBLIC };
    const forged = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'harness.example.com',
      forwarded: 'proto=https',
    };
    expect((await ask(harness, '/', own)).status).toBe(200);
    expect((await ask(harness, '/', { ...own, origin: 'http://harness.example.com' })).status).toBe(403);
    expect((await ask(harness, '/', { ...own, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await ask(harness, '/', { ...forged, host: 'elsewhere.example' })).status).toBe(403);
    const { port } = new URL(harness.url);
    expect(
      (await ask(harness, '/', { ...forged, host: `127.0.0.1:${port}`, origin: `https://127.0.0.1:${port}` })).status,
    ).toBe(403);
    const plain = await start({});
    expect((await ask(plain, '/', { ...forged, ...own })).status).toBe(403);
  });

  test('browsers are sent back to it, and the cookie of the console is for TLS alone', async () => {
    const harness = await start({ publicUrl: PUBLIC });
    const json = { host: 'harness.example.com', 'content-type': 'application/json' };
    const controlled = { ...json, authorization: `Bearer ${harness.controlToken}` };
    const { connections } = await harness.seedProject({
      project: {
        'connector.json': '{ "name": "shop", "label": "Shop" }',
        'connections/main/connection.json': JSON.stringify({
          ...{ type: 'basic', label: 'Main' },
          unmanaged: ['scope', 'scopes', 'install', 'installSpec', 'common', 'parameters'],
        }),
        'connections/main/api.jsonc': '{ "url": "https://api.acme.test/me" }',
      },
    });
    const shown = await ask(harness, `/__harness/platforms/make/connections/${connections.main}`, controlled);
    expect(JSON.parse(shown.text).connection.redirectUri).toBe(`${PUBLIC}/__harness/callback`);
    const link = JSON.parse((await ask(harness, '/__harness/console-links', controlled, 'POST')).text).link
      .path as string;
    const code = link.slice(link.indexOf('code=') + 5);
    const begin = (headers: object) =>
      ask(harness, '/__harness/console-session', { ...json, ...headers }, 'POST', JSON.stringify({ code }));
    const begun = await begin({ origin: PUBLIC });
    expect([begun.status, String(begun.headers['set-cookie'])]).toEqual([
      201,
      expect.stringMatching(/^__Host-.*; Secure$/),
    ]);
    expect((await begin({ origin: PUBLIC })).status).toBe(401);
  });
});
