import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { POSTGRES, type PostgresServer, startPostgres } from '../../harness/test/postgres-server.ts';
import { run, temporaryFolder } from './connector.ts';
import { ask, start, stopAll } from './project.ts';

afterEach(stopAll);

test('a password in the arguments is refused, and not shown', async () => {
  const secret = 'Password-in-the-arguments';
  for (const store of [
    `postgres://me:${secret}@127.0.0.1/db`,
    `postgres://me:${secret}/and#more@127.0.0.1/db`,
    `postgres://127.0.0.1/db?user=me&password=${secret}`,
  ]) {
    const { code, stdout, stderr } = await run(['harness', '--port', '0', '--store', store], {
      cwd: temporaryFolder(),
    });
    expect(code).toBe(2);
    expect(stderr).toContain('CONNECTOR_HARNESS_STORE');
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('an address that cannot be read is refused, and nothing of it is shown', async () => {
  const secret = 'Password-in-an-address';
  for (const store of [
    `postgres://me:${secret}/more@127.0.0.1:1/db`,
    `postgres://me:12#${secret}@127.0.0.1:1/db`,
    `postgres://me:12/${secret}@127.0.0.1:1/db`,
    `postgres://me:12?${secret}@127.0.0.1:1/db`,
    `postgres://me:${secret}@127.0.0.1:99999/db`,
    `postgres:me:${secret}@127.0.0.1/db`,
    ` postgres://me:${secret}@127.0.0.1/db`,
    `postgresql//me:${secret}@127.0.0.1/db`,
  ]) {
    const cwd = temporaryFolder();
    const env = { CONNECTOR_HARNESS_STORE: store, CONNECTOR_HARNESS_KEY: 'a key of sixteen or more' };
    const { code, stdout, stderr } = await run(['harness', '--port', '0'], { cwd, env });
    expect(code, store).toBe(2);
    expect(stderr).toContain('harness/store');
    expect(stdout + stderr + readdirSync(cwd, { recursive: true }).join()).not.toContain(secret);
  }
});

test('a password with an @ is not part of the name of the server', async () => {
  const env = { CONNECTOR_HARNESS_STORE: 'postgres://me:Pass@Word-with-at@127.0.0.1:1/db' };
  const { code, stderr } = await run(['harness', '--port', '0'], { cwd: temporaryFolder(), env });
  expect(code).toBe(2);
  expect(stderr).toContain('postgres://127.0.0.1:1/db');
  expect(stderr).not.toMatch(/Pass|Word/);
});

test('a file with the key that cannot be used is named', async () => {
  const cwd = temporaryFolder();
  const env = { CONNECTOR_HARNESS_KEY_FILE: 'absent.key' };
  const { code, stderr } = await run(['harness', '--port', '0'], { cwd, env });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/absent\.key[\s\S]*there is no\s+such file/)]);
});

describe.skipIf(POSTGRES === undefined)('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('two harnesses share what is pushed to one, with address and key from the environment or files', async () => {
    const folders = [temporaryFolder(), temporaryFolder()] as const;
    const store = server.location('cli');
    writeFileSync(join(folders[1], 'store'), `${store}\n`);
    writeFileSync(join(folders[1], 'key'), 'the key of both\n');
    const one = await start(['harness', '--port', '0'], folders[0], {
      CONNECTOR_HARNESS_STORE: store,
      CONNECTOR_HARNESS_KEY: 'the key of both',
    });
    const other = await start(['harness', '--port', '0'], folders[1], {
      CONNECTOR_HARNESS_STORE_FILE: 'store',
      CONNECTOR_HARNESS_KEY_FILE: 'key',
    });
    for (const harness of [one, other]) expect(harness.talk()).not.toContain(server.password);
    await run(['harness', 'clock', '2030-01-01T00:00:00Z', '--frozen'], { cwd: folders[0] });
    const { stdout } = await run(['harness', 'clock'], { cwd: folders[1] });
    expect(stdout).toContain('2030-01-01T00:00:00.000Z');
    expect((await ask(other, '/sdk/apps')).status).toBe(200);

    const made = await run(['harness', 'token', '--space', 'pr-123', '--hours', '2', '--json'], { cwd: folders[0] });
    const { token, expires } = JSON.parse(made.stdout).data;
    expect(Date.parse(expires)).toBeGreaterThan(Date.now() + 3_600_000);
    const asked = await fetch(`${other.url}/api/v2/sdk/apps`, { headers: { authorization: `Token ${token}` } });
    expect(asked.status).toBe(200);
    expect((await run(['harness', 'spaces'], { cwd: folders[1] })).stdout).toContain('pr-123');
    const removed = await run(['harness', 'remove-space', 'pr-123'], { cwd: folders[1] });
    expect(removed.stdout + removed.stderr).toContain('Removed pr-123');
    expect((await run(['harness', 'spaces'], { cwd: folders[0] })).stdout).not.toContain('pr-123');
  });
});
