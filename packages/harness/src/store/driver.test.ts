import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDriver, nodeSqlite, type Open } from './driver.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driver-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ofNode = await nodeSqlite();
const DRIVERS: readonly (readonly [string, Open])[] = [
  ['libsql', await loadDriver()],
  ...(ofNode === undefined ? [] : ([['node:sqlite', ofNode]] as const)),
];

describe.each(DRIVERS)('%s', (name, open) => {
  test('gives rows as arrays, counts changes, and knows whether a transaction is open', () => {
    const db = open(':memory:');
    db.exec('CREATE TABLE t (a TEXT, b INTEGER)');
    expect(db.prepare('INSERT INTO t VALUES (?, ?), (?, ?)').run(['x', 1, 'y', 2]).changes).toBe(2);
    const query = 'SELECT a, b FROM t WHERE b > ? ORDER BY b';
    expect(db.prepareRows(query).all([0])).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
    const row = db.prepareRows(query);
    expect(row.get([1])).toEqual(['y', 2]);
    expect(row.get([2])).toBeUndefined();
    expect(db.inTransaction).toBe(false);
    db.exec('BEGIN');
    expect(db.inTransaction).toBe(true);
    db.exec('ROLLBACK');
    db.close();
  });

  test('names the kind of an error', () => {
    const file = join(folder, `${name.replace(':', '-')}.db`);
    const [one, other] = [open(file), open(file)];
    other.exec('PRAGMA busy_timeout = 1');
    one.exec('CREATE TABLE t (a)');
    one.exec('BEGIN IMMEDIATE');
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
    one.exec('ROLLBACK');
    for (const db of [one, other]) db.close();
    writeFileSync(file, 'no database, and long enough that it could be one. '.repeat(20));
    for (const end of ['-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
    expect(() => open(file).exec('SELECT * FROM t')).toThrow(expect.objectContaining({ code: 'SQLITE_NOTADB' }));
  });
});

test('the first library that is there opens databases, and without any it is said what to do', async () => {
  const open: Open = () => {
    throw new Error('not opened');
  };
  expect(await loadDriver([async () => undefined, async () => open])).toBe(open);
  const error = await loadDriver([async () => undefined]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectorError);
  expect((error as ConnectorError).diagnostics).toMatchObject([
    {
      code: 'harness/store',
      message: expect.stringMatching(
        /^the harness needs SQLite: Node v\d.* has none, and no package with it is installed/,
      ),
      hint: expect.stringMatching(/Node 22\.16.*npm install.*postgres:/),
    },
  ]);
});
