import type Libsql from 'libsql';
import { refusal } from './store.ts';

/** A statement that is prepared; parameters are given as one array. */
export interface Statement {
  get(parameters: readonly unknown[]): unknown;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { readonly changes: number };
}

/** A connection to an SQLite database. Errors carry SQLite's name of their kind, such as `SQLITE_BUSY`, as `code`. */
export interface Database {
  readonly inTransaction: boolean;
  exec(text: string): void;
  prepare(text: string): Statement;
  /** Prepares a statement whose rows are arrays of columns. */
  prepareRows(text: string): Statement;
  close(): void;
}

/** Part of `node:sqlite` that is used, which the types of the lowest Node do not know. */
interface NodeSqlite {
  readonly DatabaseSync: new (location: string) => NodeDatabase;
  readonly StatementSync: { readonly prototype: object };
}

interface NodeDatabase {
  readonly isTransaction: boolean;
  exec(text: string): void;
  prepare(text: string): NodeStatement;
  close(): void;
}

interface NodeStatement {
  setReturnArrays(arrays: boolean): void;
  get(...parameters: readonly unknown[]): unknown;
  all(...parameters: readonly unknown[]): unknown[];
  run(...parameters: readonly unknown[]): { readonly changes: number };
}

export type Open = (location: string) => Database;

/** Libraries that open a database, the first that is there does. */
const DRIVERS: readonly (() => Promise<Open | undefined>)[] = [libsql, nodeSqlite];

/**
 * Loads what opens databases: libsql, or Node's own SQLite where libsql has no binary.
 * @throws ConnectorError usage `harness/store` when there is neither, as after an install without a network on Node 20
 */
export async function loadDriver(drivers = DRIVERS): Promise<Open> {
  for (const load of drivers) {
    const open = await load();
    if (open !== undefined) return open;
  }
  const { platform, arch, version } = process;
  throw refusal(
    `the harness needs SQLite: Node ${version} has none, and no package with it is installed for ${platform}-${arch}`,
    {
      hint: 'Use Node 22.16 or newer; or run `npm install` again with access to the registry and without --omit=optional; or use a PostgreSQL server with --store postgres://…',
    },
  );
}

async function libsql(): Promise<Open | undefined> {
  let Library: typeof Libsql;
  try {
    Library = (await import('libsql')).default;
  } catch (error) {
    // The library is there, its binary for this platform is not.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  return (location) => {
    const db = new Library(location);
    return {
      get inTransaction() {
        return db.inTransaction;
      },
      exec: (text) => void db.exec(text),
      prepare: (text) => db.prepare(text) as unknown as Statement,
      // As objects they carry a `_metadata` besides their columns.
      prepareRows: (text) => (db.prepare(text) as unknown as { raw(): Statement }).raw(),
      close: () => void db.close(),
    };
  };
}

/** Node's own, from the version on that can give rows as arrays. */
export async function nodeSqlite(): Promise<Open | undefined> {
  const library = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  if (library === undefined || !('setReturnArrays' in library.StatementSync.prototype)) return undefined;
  return (location) => named(() => connection(new library.DatabaseSync(location)));
}

function connection(db: NodeDatabase): Database {
  const prepare = (text: string, arrays: boolean): Statement => {
    const statement = named(() => db.prepare(text));
    statement.setReturnArrays(arrays);
    return {
      get: (parameters) => named(() => statement.get(...parameters)),
      all: (parameters) => named(() => statement.all(...parameters)),
      run: (parameters) => named(() => statement.run(...parameters)),
    };
  };
  return {
    get inTransaction() {
      return db.isTransaction;
    },
    exec: (text) => named(() => db.exec(text)),
    prepare: (text) => prepare(text, false),
    prepareRows: (text) => prepare(text, true),
    close: () => db.close(),
  };
}

/** Primary result codes of SQLite that have a meaning here: https://sqlite.org/rescode.html */
const NAMES: ReadonlyMap<number, string> = new Map([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);

/** Names the kind of an error: Node gives it as a number, whose low byte is the primary code. */
function named<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    const code = NAMES.get(Number((error as { errcode?: number }).errcode) & 0xff);
    if (code !== undefined) Object.assign(error as Error, { code });
    throw error;
  }
}
