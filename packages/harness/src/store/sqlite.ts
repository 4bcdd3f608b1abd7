import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { below, encodeKey, partsBeyond } from './keys.ts';
import { Queue } from './queue.ts';
import { Cipher, type Lock, unlock } from './secrets.ts';
import {
  type Entry,
  type Key,
  type Page,
  type Reading,
  refusal,
  type Store,
  type StoreOptions,
  type Writing,
} from './store.ts';

/** 'ckit': tells our files from other programs'. */
const APPLICATION_ID = 0x636b6974;

/** One step a version: a file's `user_version` says how many it has been through. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   PRAGMA application_id = ${APPLICATION_ID}`,
  'CREATE TABLE snapshot (name TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID',
];

const SQL = {
  get: 'SELECT value FROM entry WHERE key = ?',
  list: 'SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ? OFFSET ?',
  listReversed: 'SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ? OFFSET ?',
  set: 'INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  delete: 'DELETE FROM entry WHERE key IN (?, ?)',
  deleteRange: 'DELETE FROM entry WHERE key >= ? AND key < ?',
  next: `INSERT INTO entry (key, value) VALUES (?, '1')
         ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value`,
  keep: 'INSERT INTO snapshot (name, key, value) SELECT ?, key, value FROM entry WHERE key >= ? AND key < ?',
  restore: 'INSERT INTO entry (key, value) SELECT key, value FROM snapshot WHERE name = ?',
  drop: 'DELETE FROM snapshot WHERE name = ?',
} as const;

const ROWS: ReadonlySet<string> = new Set<keyof typeof SQL>(['get', 'list', 'listReversed', 'next']);

type Statements = Record<keyof typeof SQL, Database.Statement>;

/** Statements give rows as arrays: as objects they carry a `_metadata` besides their columns. */
function prepare(db: Database.Database): Statements {
  const prepared = Object.entries(SQL).map(([name, text]) => {
    const statement = db.prepare(text);
    return [name, ROWS.has(name) ? (statement as Raw).raw() : statement];
  });
  return Object.fromEntries(prepared) as Statements;
}

type Raw = Database.Statement & { raw(): Database.Statement };

/** The row of the store's own lock. */
const LOCK = encodeKey('m', ['lock']);
/** Below it a row for each snapshot, which may be empty. */
const SNAPSHOTS = encodeKey('m', ['snapshots']);

/** What transactions work with: shared by all of a store. */
interface Tools {
  readonly sql: Statements;
  readonly cipher: Cipher;
  /** From and to, the latter exclusive: what is cleared, kept and put back. */
  readonly ranges: readonly (readonly [string, string])[];
  readonly onSecret: (value: unknown) => void;
}

/** Everything but the store's own rows and those below `apart`; a counter of that very name stands apart as well. */
function rangesWithout(apart: Key | undefined): Tools['ranges'] {
  return (['c', 's', 'v'] as const).flatMap((space) => {
    const whole = below(space);
    if (apart === undefined) return [[whole.from, whole.to] as const];
    const key = encodeKey(space, apart);
    return [[whole.from, key] as const, [below(key).to, whole.to] as const];
  });
}

class Snapshot implements Reading {
  protected readonly sql: Statements;
  protected readonly cipher: Cipher;
  protected readonly tools: Tools;
  #over = false;

  constructor(tools: Tools) {
    this.tools = tools;
    this.sql = tools.sql;
    this.cipher = tools.cipher;
  }

  end(): void {
    this.#over = true;
  }

  /** The statements are shared: a call that came late would work in somebody else's transaction. */
  protected use(): void {
    if (this.#over) throw new Error('the transaction is over: await everything inside it');
  }

  async get<T>(key: Key): Promise<T | undefined> {
    this.use();
    const row = this.sql.get.get([encodeKey('v', key)]) as [string] | undefined;
    return row && JSON.parse(row[0]);
  }

  async list<T>(prefix: Key, { limit = -1, offset = 0, reverse = false }: Page = {}): Promise<Entry<T>[]> {
    this.use();
    const encoded = encodeKey('v', prefix);
    const { from, to } = below(encoded);
    const statement = reverse ? this.sql.listReversed : this.sql.list;
    const rows = statement.all([from, to, limit, offset]) as [string, string][];
    return rows.map(([key, value]) => ({ key: [...prefix, ...partsBeyond(encoded, key)], value: JSON.parse(value) }));
  }

  async getSecret<T>(key: Key): Promise<T | undefined> {
    this.use();
    const encoded = encodeKey('s', key);
    const row = this.sql.get.get([encoded]) as [string] | undefined;
    if (row === undefined) return undefined;
    const value = JSON.parse(this.cipher.open(encoded, row[0]));
    this.tools.onSecret(value);
    return value;
  }

  async snapshots(): Promise<readonly string[]> {
    this.use();
    const { from, to } = below(SNAPSHOTS);
    const rows = this.sql.list.all([from, to, -1, 0]) as [string, string][];
    return rows.map(([key]) => String(partsBeyond(SNAPSHOTS, key)[0]));
  }
}

class Transaction extends Snapshot implements Writing {
  async set(key: Key, value: unknown): Promise<void> {
    this.use();
    this.sql.set.run([encodeKey('v', key), json(value)]);
  }

  async setSecret(key: Key, value: unknown): Promise<void> {
    this.use();
    const encoded = encodeKey('s', key);
    this.sql.set.run([encoded, this.cipher.seal(encoded, json(value))]);
    this.tools.onSecret(value);
  }

  async delete(key: Key): Promise<boolean> {
    this.use();
    return this.sql.delete.run([encodeKey('v', key), encodeKey('s', key)]).changes > 0;
  }

  async deleteAll(prefix: Key): Promise<number> {
    this.use();
    let deleted = 0;
    for (const space of ['v', 's'] as const) {
      const encoded = encodeKey(space, prefix);
      deleted += this.sql.deleteRange.run([encoded, below(encoded).to]).changes;
    }
    return deleted;
  }

  async next(counter: Key): Promise<number> {
    this.use();
    const [value] = this.sql.next.get([encodeKey('c', counter)]) as [string];
    return Number(value);
  }

  async clear(): Promise<void> {
    this.use();
    for (const range of this.tools.ranges) this.sql.deleteRange.run([...range]);
  }

  async keep(snapshot: string): Promise<void> {
    await this.drop(snapshot);
    this.sql.set.run([encodeKey('m', ['snapshots', snapshot]), 'true']);
    for (const range of this.tools.ranges) this.sql.keep.run([snapshot, ...range]);
  }

  async restore(snapshot: string): Promise<boolean> {
    this.use();
    if (this.sql.get.get([encodeKey('m', ['snapshots', snapshot])]) === undefined) return false;
    await this.clear();
    this.sql.restore.run([snapshot]);
    return true;
  }

  async drop(snapshot: string): Promise<boolean> {
    this.use();
    this.sql.drop.run([snapshot]);
    const key = encodeKey('m', ['snapshots', snapshot]);
    return this.sql.delete.run([key, key]).changes > 0;
  }
}

/** Lone surrogates and U+0000, which a database would damage, are escapes in what this returns. */
function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a value of type ${typeof value} cannot be stored`);
  return text;
}

class SqliteStore implements Store {
  readonly #name: string;
  readonly #db: Database.Database;
  readonly #tools: Tools;
  readonly #queue = new Queue();
  #closing: Promise<void> | undefined;

  constructor(name: string, db: Database.Database, cipher: Cipher, { apart, onSecret = () => {} }: StoreOptions) {
    this.#name = name;
    this.#db = db;
    this.#tools = { sql: prepare(db), cipher, ranges: rangesWithout(apart), onSecret };
  }

  async read<T>(fn: (tx: Reading) => Promise<T>): Promise<T> {
    return this.#transact('BEGIN', new Snapshot(this.#tools), fn);
  }

  async write<T>(fn: (tx: Writing) => Promise<T>): Promise<T> {
    return this.#transact('BEGIN IMMEDIATE', new Transaction(this.#tools), fn);
  }

  #transact<Tx extends Snapshot, T>(begin: string, tx: Tx, fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#closing) throw new Error(`${this.#name} is closed`);
    return this.#queue.run(async () => {
      try {
        await patiently(() => this.#db.exec(begin));
        const result = await fn(tx);
        tx.end();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        tx.end();
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
        throw explained(this.#name, error);
      }
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.run(async () => {
      try {
        // Statements cannot be finalized, and as long as they live SQLite leaves the log as it is.
        this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        this.#db.close();
      }
    });
    return this.#closing;
  }
}

/** A store that lives as long as the process; its secrets are encrypted with a key of its own. */
export async function openMemory(_location: string, options: StoreOptions): Promise<Store> {
  const db = new Database(':memory:');
  migrate(db, 'memory');
  return new SqliteStore('the store', db, new Cipher(), options);
}

/** A store in a file, which is made when it is absent, with its key file `<file>.key`. Both are for the owner alone. */
export async function openFile(location: string, options: StoreOptions): Promise<Store> {
  const { key, synchronous = 'NORMAL' } = options;
  const file = resolve(location);
  let db: Database.Database | undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    // SQLite gives its log and index the mode of the database.
    await (await open(file, 'a', 0o600)).close();
    db = new Database(file);
    const cipher = await prepareFile(db, { name: location, given: key, file: `${file}.key` }, synchronous);
    return new SqliteStore(location, db, cipher, options);
  } catch (error) {
    db?.close();
    throw explained(location, error);
  }
}

async function prepareFile(
  db: Database.Database,
  keyring: { name: string; given: string | undefined; file: string },
  synchronous: string,
): Promise<Cipher> {
  // Short, because the process stands still meanwhile; `patiently` does the rest.
  db.exec('PRAGMA busy_timeout = 5');
  await patiently(() => checkOwn(db, keyring.name));
  await patiently(() => db.exec('PRAGMA journal_mode = WAL'));
  db.exec(`PRAGMA synchronous = ${synchronous}`);
  await patiently(() => db.exec('BEGIN IMMEDIATE'));
  try {
    migrate(db, keyring.name);
    const { get, set } = prepare(db);
    const row = get.get([LOCK]) as [string] | undefined;
    const { cipher, lock } = await unlock(keyring, row && (JSON.parse(row[0]) as Lock));
    if (row === undefined) set.run([LOCK, JSON.stringify(lock)]);
    db.exec('COMMIT');
    return cipher;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Before anything is written: an empty file becomes a store, another program's database does not. */
function checkOwn(db: Database.Database, name: string): void {
  const tables = number(db, 'SELECT count(*) FROM sqlite_schema');
  if (tables > 0 && number(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw refusal(`${name} is a database of another program`);
  }
}

function migrate(db: Database.Database, name: string): void {
  const version = number(db, 'PRAGMA user_version');
  if (version > MIGRATIONS.length) {
    throw refusal(
      `${name} was written by a newer version: it has format ${version}, and this version knows ${MIGRATIONS.length}`,
      {
        hint: 'Update the harness, name another file with --store, or move this one away.',
      },
    );
  }
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function number(db: Database.Database, query: string): number {
  const [value] = (db.prepare(query) as Raw).raw().get([]) as [number];
  return value;
}

const BUSY = 'SQLITE_BUSY';
const PATIENCE = 10_000;

/**
 * Tries again while another connection holds the file, at most ten seconds. SQLite's own waiting would block the
 * process, and the other connection may be in it.
 */
async function patiently(step: () => unknown): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    try {
      step();
      return;
    } catch (error) {
      if (codeOf(error) !== BUSY || performance.now() > deadline) throw error;
    }
    await sleep(2);
  }
}

/** What may be wrong with a file, by the code of the error; a longer code counts as the one that it begins with. */
const CAUSES: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'is no store: the file is not a database',
  SQLITE_CORRUPT: 'is damaged',
  [BUSY]: 'is kept locked by another process',
  SQLITE_LOCKED: 'is kept locked by another process',
  SQLITE_READONLY: 'cannot be written',
  SQLITE_CANTOPEN: 'cannot be opened',
  SQLITE_IOERR: 'cannot be read or written: the disk gave an error',
  SQLITE_FULL: 'cannot be written: the disk is full',
  ENOSPC: 'cannot be written: the disk is full',
  EACCES: 'cannot be written: access is denied',
  EPERM: 'cannot be written: access is denied',
  EROFS: 'cannot be written: the disk is read-only',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'cannot be made: a part of its path is a file, not a folder',
  EEXIST: 'cannot be made: a part of its path is a file, not a folder',
  ENOENT: 'cannot be made: its folder does not exist and cannot be made',
};

function explained(name: string, error: unknown): unknown {
  const words = CAUSES[codeOf(error).split('_', 2).join('_')];
  return words === undefined ? error : refusal(`${name} ${words}`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
