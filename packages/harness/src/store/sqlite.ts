import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '@connectorkit/sdk/node';
import { type Database, loadDriver } from './driver.ts';
import { encodeKey } from './keys.ts';
import { Queue, type Waiting } from './queue.ts';
import { Rows } from './rows.ts';
import { Cipher, type Lock, unlock } from './secrets.ts';
import {
  type Key,
  type ReadTransaction,
  refusal,
  type Store,
  type StoreOptions,
  type StoreUsage,
  type WriteTransaction,
} from './store.ts';
import { prepare, rangesWithout, Snapshot, type Tools, Transaction } from './transactions.ts';

/** 'ckit': tells our files from other programs'. */
const APPLICATION_ID = 0x636b6974;

/** One step a version: a file's `user_version` says how many it has been through. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   PRAGMA application_id = ${APPLICATION_ID}`,
  'CREATE TABLE snapshot (name TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID',
];

/** The row of the store's own lock. */
const LOCK = encodeKey('m', ['lock']);

/** A transaction that waits, and whom to tell how it ended. */
interface Job extends Waiting {
  readonly kind: 'read' | 'write';
  readonly tools: Tools;
  run(tx: WriteTransaction): Promise<unknown>;
  settle(result: unknown): void;
  refuse(error: unknown): void;
}

/**
 * Transactions that wait at one time share one of SQLite's, a commit included, and are answered when it is done. Each
 * sees what those before it did. When one fails after it changed something, all are undone and run again, each alone.
 */
class SqliteStore implements Store {
  readonly isShared: boolean;
  readonly #name: string;
  readonly #db: Database;
  readonly #tools: Tools;
  readonly #apart: Key | undefined;
  readonly #queue = new Queue<Job>((jobs, sign) => this.#work(jobs, sign));
  #closing: Promise<void> | undefined;

  constructor(name: string, db: Database, cipher: Cipher, { apart, onSecret = () => {} }: StoreOptions) {
    this.#name = name;
    this.isShared = name !== MEMORY;
    this.#db = db;
    this.#apart = apart;
    this.#tools = { root: '', sql: prepare(db), rows: new Rows(), cipher, ranges: rangesWithout(apart), onSecret };
  }

  async read<T>(fn: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#transact('read', fn, this.#tools);
  }

  async write<T>(fn: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#transact('write', fn, this.#tools);
  }

  usage(): Promise<StoreUsage> {
    return this.#usage(this.#tools);
  }

  #usage(tools: Tools): Promise<StoreUsage> {
    return this.#transact('read', (tx) => (tx as unknown as Snapshot).usage(), tools);
  }

  space(name: string, onSecret = (_value: unknown) => {}): Store {
    const root = `@${name}` as const;
    const tools = { ...this.#tools, root, ranges: rangesWithout(this.#apart, root), onSecret };
    return {
      isShared: this.isShared,
      read: async (fn) => this.#transact('read', fn, tools),
      write: async (fn) => this.#transact('write', fn, tools),
      space: noSpaces,
      removeSpace: noSpaces,
      usage: () => this.#usage(tools),
      close: () => this.#queue.idle(),
    };
  }

  removeSpace(name: string): Promise<void> {
    return this.#transact('write', (tx) => (tx as Transaction).removeSpace(`@${name}`), this.#tools);
  }

  #transact<T>(kind: Job['kind'], run: (tx: WriteTransaction) => Promise<T>, tools: Tools): Promise<T> {
    if (this.#closing) throw new Error(`${this.#name} is closed`);
    return new Promise<T>((resolve, reject) => {
      this.#queue.add({
        kind,
        tools,
        run,
        settle: (result) => resolve(result as T),
        refuse: (error) => reject(explained(this.#name, error)),
      });
    });
  }

  async #work(jobs: readonly Job[], sign: () => void): Promise<void> {
    const ends: (() => void)[] = [];
    try {
      await this.#begin(jobs, sign);
      for (const job of jobs) {
        sign();
        const tx = job.kind === 'write' ? new Transaction(job.tools) : new Snapshot(job.tools);
        try {
          const result = await job.run(tx as Transaction);
          ends.push(() => job.settle(result));
        } catch (error) {
          if (tx.changed || !this.#db.inTransaction) throw error;
          ends.push(() => job.refuse(error));
        } finally {
          tx.end();
        }
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#tools.rows.clear();
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      const [only] = jobs;
      if (jobs.length === 1) only?.refuse(error);
      else for (const job of jobs) await this.#work([job], sign);
      return;
    }
    for (const end of ends) end();
  }

  /** Runs jobs in one transaction; rows that it remembers belong to the moment that the transaction sees. */
  async #begin(jobs: readonly Job[], sign: () => void): Promise<void> {
    const begin = jobs.some(({ kind }) => kind === 'write') ? 'BEGIN IMMEDIATE' : 'BEGIN';
    await patiently(() => {
      sign();
      if (!this.#db.inTransaction) this.#db.exec(begin);
      const [version] = this.#tools.sql.version.get([]) as [number];
      this.#tools.rows.at(version);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.idle().then(() => {
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

function noSpaces(): never {
  throw new Error('a space has no spaces');
}

/** Name of a store without a file, for messages. */
const MEMORY = 'the store';

/** A store that lives as long as the process; its secrets are encrypted with a key of its own. */
export async function openMemory(_location: string, options: StoreOptions): Promise<Store> {
  const db = (await loadDriver())(':memory:');
  migrate(db, 'memory');
  return new SqliteStore(MEMORY, db, new Cipher(), options);
}

/** A store in a file, which is made when it is absent, with its key file `<file>.key`. Both are for the owner alone. */
export async function openFile(location: string, options: StoreOptions): Promise<Store> {
  const { key, synchronous = 'NORMAL' } = options;
  const file = resolve(location);
  let db: Database | undefined;
  try {
    makeFolder(dirname(file));
    // SQLite gives its log and index the mode of the database.
    await (await open(file, 'a', 0o600)).close();
    db = (await loadDriver())(file);
    const cipher = await prepareFile(db, { name: location, given: key, file: `${file}.key` }, synchronous);
    return new SqliteStore(location, db, cipher, options);
  } catch (error) {
    db?.close();
    throw explained(location, error);
  }
}

async function prepareFile(
  db: Database,
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
function checkOwn(db: Database, name: string): void {
  const tables = number(db, 'SELECT count(*) FROM sqlite_schema');
  if (tables > 0 && number(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw refusal(`${name} is a database of another program`);
  }
}

function migrate(db: Database, name: string): void {
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

function number(db: Database, query: string): number {
  const [value] = db.prepareRows(query).get([]) as [number];
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

/** Causes of a file that cannot be used, by error code; a longer code counts as the one that it begins with. */
const CAUSES: ReadonlyMap<string, string> = new Map([
  ['SQLITE_NOTADB', 'is not a store: the file is not a database'],
  ['SQLITE_CORRUPT', 'is damaged'],
  [BUSY, 'is kept locked by another process'],
  ['SQLITE_LOCKED', 'is kept locked by another process'],
  ['SQLITE_READONLY', 'cannot be written'],
  ['SQLITE_CANTOPEN', 'cannot be opened'],
  ['SQLITE_IOERR', 'cannot be read or written: the disk gave an error'],
  ['SQLITE_FULL', 'cannot be written: the disk is full'],
  ['ENOSPC', 'cannot be written: the disk is full'],
  ['EACCES', 'cannot be written: access is denied'],
  ['EPERM', 'cannot be written: access is denied'],
  ['EROFS', 'cannot be written: the disk is read-only'],
  ['EISDIR', 'is a folder, not a file'],
  ['ENOTDIR', 'cannot be made: a part of its path is a file, not a folder'],
  ['EEXIST', 'cannot be made: a part of its path is a file, not a folder'],
  ['ENOENT', 'cannot be made: its folder does not exist and cannot be made'],
]);

function explained(name: string, error: unknown): unknown {
  const words = CAUSES.get(codeOf(error).split('_', 2).join('_'));
  return words === undefined ? error : refusal(`${name} ${words}`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
