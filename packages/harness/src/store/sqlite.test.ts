import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import Database from 'libsql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type StoreOptions } from './index.ts';
import { SQL } from './transactions.ts';

let folder: string;
let file: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
beforeEach(() => {
  file = join(folder, String(++files), 'deep', 'harness.db');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes a store with one secret. */
async function make(options: StoreOptions = {}) {
  const store = await openStore(file, options);
  await store.write((tx) => tx.setSecret(['s'], 'a secret value'));
  await store.close();
}

async function readBack(options: StoreOptions = {}) {
  const store = await openStore(file, options);
  const secret = await store.read((tx) => tx.getSecret(['s']));
  await store.close();
  return secret;
}

async function expectRefused(words: string | RegExp, options: StoreOptions = {}, location = file) {
  const error = await openStore(location, options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConnectorError);
  const { kind, diagnostics } = error as ConnectorError;
  expect(kind).toBe('usage');
  expect(diagnostics).toMatchObject([
    { code: 'harness/store', severity: 'error', message: expect.stringMatching(words) },
  ]);
  expect(diagnostics[0]?.hint).toMatch(/\.$/);
}

const searches = Object.entries(SQL).filter(([name]) => name !== 'version' && name !== 'set' && name !== 'next');

test.each(searches)('%s goes by an index, however many rows there are', async (_name, text) => {
  await make();
  const db = new Database(file);
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all([...text.matchAll(/\?/g)].map(() => '')) as Step[];
  db.close();
  expect(plan.length).toBeGreaterThan(0);
  for (const { detail } of plan) expect(detail).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|PRIMARY KEY)/);
});

interface Step {
  readonly detail: string;
}

function sql(text: string) {
  const db = new Database(file);
  db.exec(text);
  db.close();
}

describe('what cannot be a store is refused', () => {
  test('an address', () => expectRefused(/^a store at a mysql:\/\/ address/, {}, 'mysql://me:pass@host/db'));
  test('a folder', () => expectRefused('is a folder', {}, folder));
  test('a path below a file', async () => {
    await make();
    await expectRefused('is a file, not a folder', {}, join(file, 'below.db'));
    await expectRefused('is a file, not a folder', {}, join(file, 'far', 'below.db'));
  });
  test('a file that is no database', async () => {
    await make();
    const text = 'This is a long letter and no database at all. '.repeat(100);
    writeFileSync(file, text);
    await expectRefused('is not a database');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
  test("another program's database", async () => {
    await make();
    for (const name of readdirSync(dirname(file))) rmSync(join(dirname(file), name));
    sql('CREATE TABLE theirs (x)');
    const before = readFileSync(file);
    await expectRefused('of another program');
    expect(readFileSync(file)).toEqual(before);
  });
  test('a newer version', async () => {
    await make();
    sql('PRAGMA user_version = 99');
    await expectRefused('newer version: it has format 99');
  });
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a folder that cannot be written', async () => {
    await make();
    chmodSync(dirname(file), 0o500);
    await expectRefused('denied', {}, join(dirname(file), 'other.db'));
    chmodSync(dirname(file), 0o700);
  });
});

describe('keys', () => {
  test('a key file is made once and used again', async () => {
    await make();
    expect(readFileSync(`${file}.key`)).toHaveLength(32);
    expect(await readBack()).toBe('a secret value');
  });
  test('a key of the user makes no file', async () => {
    await make({ key: 'correct horse' });
    expect(readdirSync(dirname(file)).filter((name) => name.includes('key'))).toEqual([]);
    expect(await readBack({ key: 'correct horse' })).toBe('a secret value');
  });
  test('a key file that waits for its store is used', async () => {
    await make();
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    const key = readFileSync(`${file}.key`);
    await make();
    expect(readFileSync(`${file}.key`)).toEqual(key);
  });
  test('another key, no key or an empty key is refused', async () => {
    await make({ key: 'correct horse' });
    await expectRefused('not the one it was created with', { key: 'wrong horse' });
    await expectRefused('no key is given');
    await expectRefused('is empty', { key: '' });
    expect(await readBack({ key: 'correct horse' })).toBe('a secret value');
  });
  test('a key file that is missing, short, foreign or not wanted is refused', async () => {
    await make();
    const key = readFileSync(`${file}.key`);
    await expectRefused('another key is given', { key: 'x' });
    writeFileSync(`${file}.key`, 'short');
    await expectRefused('has 5 bytes instead of 32');
    writeFileSync(`${file}.key`, Buffer.alloc(32));
    await expectRefused('does not belong');
    rmSync(`${file}.key`);
    await expectRefused('is missing');
    writeFileSync(`${file}.key`, key);
    expect(await readBack()).toBe('a secret value');
  });
  test.skipIf(process.platform === 'win32')('a key file that is a pipe, a socket or a device is refused', async () => {
    await make();
    const key = `${file}.key`;
    rmSync(key);
    execFileSync('mkfifo', [key]);
    await expectRefused('it is not a regular file');
    rmSync(key);
    symlinkSync('/dev/zero', key);
    await expectRefused('it is not a regular file');
    rmSync(key);
    const server = createServer().listen(key);
    await once(server, 'listening');
    await expectRefused('it is not a regular file');
    server.close();
    await once(server, 'close');
    writeFileSync(key, Buffer.alloc(5000));
    await expectRefused('it has more than 1 KB');
  });
  test('stores opened at once agree on a key', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(file)));
    await stores[0]?.write((tx) => tx.setSecret(['s'], 'shared'));
    for (const store of stores) expect(await store.read((tx) => tx.getSecret(['s']))).toBe('shared');
    await Promise.all(stores.map((store) => store.close()));
  });
});

test('a secret is nowhere in the files, and does not open under another key', async () => {
  const store = await openStore(file);
  const secret = 'Plain-Secret-0123456789';
  await store.write((tx) => tx.setSecret(['one'], { clientSecret: secret }));
  await store.write((tx) => tx.setSecret(['two'], secret.repeat(1000)));
  const failing = store.write(async (tx) => {
    await tx.setSecret(['three'], secret);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow();
  const expectNowhere = () => {
    const forms = [secret, Buffer.from(secret).toString('base64').slice(0, 20), Buffer.from(secret).toString('hex')];
    for (const name of readdirSync(dirname(file))) {
      const bytes = readFileSync(join(dirname(file), name));
      for (const form of forms) expect(bytes.includes(form), `${form} in ${name}`).toBe(false);
    }
  };
  expectNowhere();
  await store.write((tx) => tx.delete(['two']));
  await store.close();
  expectNowhere();

  sql(`UPDATE entry SET value = (SELECT value FROM entry WHERE key LIKE 's%one') WHERE key LIKE 's%one';
       INSERT INTO entry SELECT replace(key, 'one', 'six'), value FROM entry WHERE key LIKE 's%one'`);
  const again = await openStore(file);
  expect(await again.read((tx) => tx.getSecret(['one']))).toEqual({ clientSecret: secret });
  await expect(again.read((tx) => tx.getSecret(['six']))).rejects.toThrow('changed outside');
  await again.close();
});

test.skipIf(process.platform === 'win32')('all files are for the owner alone', async () => {
  const store = await openStore(file);
  await store.write((tx) => tx.set(['a'], 1));
  const modes = readdirSync(dirname(file)).map((name) => [name, statSync(join(dirname(file), name)).mode & 0o777]);
  expect(Object.fromEntries(modes)).toEqual({
    'harness.db': 0o600,
    'harness.db-wal': 0o600,
    'harness.db-shm': 0o600,
    'harness.db.key': 0o600,
  });
  await store.close();
});

test('a store may be opened with another durability each time', async () => {
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const store = await openStore(file, { synchronous });
    await store.write((tx) => tx.set(['a', synchronous], 1));
    expect(await store.read((tx) => tx.list(['a']))).toHaveLength(synchronous === 'FULL' ? 2 : 1);
    await store.close();
  }
});
