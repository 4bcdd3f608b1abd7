import { parseExactly } from '@connectorkit/sdk/emulator';
import type { Database, Statement } from './driver.ts';
import { below, encodeKey, type Kind, partsBeyond, type Root } from './keys.ts';
import { ABSENT, contentOf, type Row, type Rows, rowOf, writtenAs } from './rows.ts';
import type { Cipher } from './secrets.ts';
import type { Entry, Key, Page, ReadTransaction, StoreUsage, WriteTransaction } from './store.ts';

/** All that a store asks of its database in transactions. */
export const SQL = {
  get: 'SELECT value FROM entry WHERE key = ?',
  list: 'SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ? OFFSET ?',
  listReversed: 'SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ? OFFSET ?',
  set: 'INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  delete: 'DELETE FROM entry WHERE key IN (?, ?)',
  deleteRange: 'DELETE FROM entry WHERE key >= ? AND key < ?',
  version: 'PRAGMA data_version',
  next: `INSERT INTO entry (key, value) VALUES (?, '1')
         ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value`,
  keep: 'INSERT INTO snapshot (name, key, value) SELECT ?, key, value FROM entry WHERE key >= ? AND key < ?',
  restore: 'INSERT INTO entry (key, value) SELECT key, value FROM snapshot WHERE name = ?',
  drop: 'DELETE FROM snapshot WHERE name = ?',
  dropRange: 'DELETE FROM snapshot WHERE name >= ? AND name < ?',
  usage: 'SELECT count(*), coalesce(sum(length(CAST(value AS BLOB))), 0) FROM entry WHERE key >= ? AND key < ?',
  usageKept: `SELECT count(*), coalesce(sum(length(CAST(value AS BLOB))), 0) FROM snapshot
              WHERE name >= ? AND name < ? AND key >= ? AND key < ?`,
  listKept: 'SELECT key, value FROM snapshot WHERE name = ? AND key >= ? AND key < ? ORDER BY key',
} as const;

const ROWS: ReadonlySet<string> = new Set<keyof typeof SQL>([
  'get',
  'list',
  'listReversed',
  'version',
  'next',
  'usage',
  'usageKept',
  'listKept',
]);

export type Statements = Record<keyof typeof SQL, Statement>;

export function prepare(db: Database): Statements {
  const prepared = Object.entries(SQL).map(([name, text]) => {
    return [name, ROWS.has(name) ? db.prepareRows(text) : db.prepare(text)];
  });
  return Object.fromEntries(prepared) as Statements;
}

/** Below it a row for each snapshot, which may be empty. */
export const SNAPSHOTS: Key = ['snapshots'];

/** Under which a snapshot of a space keeps its rows. */
export function keptAs(root: Root, snapshot: string): string {
  return root === '' ? snapshot : `${root}/${snapshot}`;
}

/** Bounds of the names under which snapshots are kept; the upper one is exclusive. Names of snapshots have no `/` and no `@`. */
export function keptBetween(root: Root): readonly [string, string] {
  return root === '' ? ['A', '\uffff'] : [`${root}/`, `${root}0`];
}

/** The sum of counted rows and bytes. */
function sumOf(counts: readonly (readonly [number, number])[]): StoreUsage {
  return counts.reduce((sum, [rows, bytes]) => ({ rows: sum.rows + Number(rows), bytes: sum.bytes + Number(bytes) }), {
    rows: 0,
    bytes: 0,
  });
}

/** Tools that all transactions of a store share. */
export interface Tools {
  readonly root: Root;
  readonly sql: Statements;
  readonly rows: Rows;
  readonly cipher: Cipher;
  /** From and to, the latter exclusive: what is cleared, kept and put back. */
  readonly ranges: readonly (readonly [string, string])[];
  readonly onSecret: (value: unknown) => void;
}

/** Everything but the store's own rows and those below `apart`; a counter of that very name stands apart as well. */
export function rangesWithout(apart: Key | undefined, root: Root = ''): Tools['ranges'] {
  return (['c', 's', 'v'] as const).flatMap((kind) => {
    const whole = below(encodeKey(kind, [], root));
    if (apart === undefined) return [[whole.from, whole.to] as const];
    const key = encodeKey(kind, apart, root);
    return [[whole.from, key] as const, [below(key).to, whole.to] as const];
  });
}

/** All rows of a space, by their encoded keys, and the snapshots of it, by the names under which they are kept. */
export function rangesOfSpace(root: Root) {
  const rows = (['c', 'm', 's', 'v'] as const).map((kind) => below(encodeKey(kind, [], root)));
  // The character after the slash that `keptAs` puts between the two names.
  return { rows, kept: { from: keptAs(root, ''), to: `${root}0` } };
}

/** May read only. */
export class Snapshot implements ReadTransaction {
  protected readonly tools: Tools;
  #over = false;

  constructor(tools: Tools) {
    this.tools = tools;
  }

  /** True if there is something to roll back. */
  get changed(): boolean {
    return false;
  }

  protected encode(kind: Kind, key: Key): string {
    return encodeKey(kind, key, this.tools.root);
  }

  end(): void {
    this.#over = true;
  }

  /** The statements are shared: a call that came late would work in somebody else's transaction. */
  protected use(): Tools {
    if (this.#over) throw new Error('the transaction is over: await everything inside it');
    return this.tools;
  }

  async get<T>(key: Key): Promise<T | undefined> {
    return contentOf(this.#row(this.encode('v', key))) as T | undefined;
  }

  async list<T>(prefix: Key, { limit = -1, offset = 0, reverse = false }: Page = {}): Promise<Entry<T>[]> {
    const { sql } = this.use();
    const encoded = this.encode('v', prefix);
    const { from, to } = below(encoded);
    const statement = reverse ? sql.listReversed : sql.list;
    const rows = statement.all([from, to, limit, offset]) as [string, string][];
    return rows.map(([key, value]) => ({ key: [...prefix, ...partsBeyond(encoded, key)], value: JSON.parse(value) }));
  }

  async getSecret<T>(key: Key): Promise<T | undefined> {
    const encoded = this.encode('s', key);
    const sealed = contentOf(this.#row(encoded));
    if (sealed === undefined) return undefined;
    const value = parseExactly(this.tools.cipher.open(encoded, sealed as string)) as T;
    this.tools.onSecret(value);
    return value;
  }

  async snapshots(): Promise<readonly string[]> {
    const encoded = this.encode('m', SNAPSHOTS);
    const { from, to } = below(encoded);
    const rows = this.use().sql.list.all([from, to, -1, 0]) as [string, string][];
    return rows.map(([key]) => String(partsBeyond(encoded, key)[0]));
  }

  async listKept<T>(snapshot: string, prefix: Key): Promise<Entry<T>[]> {
    const encoded = this.encode('v', prefix);
    const { from, to } = below(encoded);
    const rows = this.use().sql.listKept.all([keptAs(this.tools.root, snapshot), from, to]) as [string, string][];
    return rows.map(([key, value]) => ({ key: [...prefix, ...partsBeyond(encoded, key)], value: JSON.parse(value) }));
  }

  async usage(): Promise<StoreUsage> {
    const { sql, ranges, root } = this.use();
    const [from, to] = keptBetween(root);
    const counts = ranges.flatMap((range) => [
      sql.usage.get([...range]) as [number, number],
      sql.usageKept.get([from, to, ...range]) as [number, number],
    ]);
    return sumOf(counts);
  }

  #row(encoded: string): Row {
    const { sql, rows } = this.use();
    const known = rows.get(encoded);
    if (known !== undefined) return known;
    const found = sql.get.get([encoded]) as [string] | undefined;
    const row = found === undefined ? ABSENT : rowOf(encoded, found[0]);
    rows.set(encoded, row);
    return row;
  }
}

/** May write as well. */
export class Transaction extends Snapshot implements WriteTransaction {
  #changed = false;

  override get changed(): boolean {
    return this.#changed;
  }

  async set(key: Key, value: unknown): Promise<void> {
    const text = writtenAs(value);
    this.#set(this.encode('v', key), text, typeof value === 'string' ? { value } : { json: text });
  }

  async setSecret(key: Key, value: unknown): Promise<void> {
    const encoded = this.encode('s', key);
    const sealed = this.tools.cipher.seal(encoded, writtenAs(value));
    this.#set(encoded, sealed, { value: sealed });
    this.tools.onSecret(value);
  }

  #set(encoded: string, text: string, row: Row): void {
    const { sql, rows } = this.#change();
    sql.set.run([encoded, text]);
    rows.set(encoded, row);
  }

  async delete(key: Key): Promise<boolean> {
    const { sql, rows } = this.#change();
    const both = [this.encode('v', key), this.encode('s', key)];
    for (const each of both) rows.delete(each);
    return sql.delete.run(both).changes > 0;
  }

  async forget(key: Key): Promise<void> {
    await this.delete(key);
  }

  async deleteAll(prefix: Key): Promise<number> {
    const { sql, rows } = this.#change();
    rows.clear();
    let deleted = 0;
    for (const kind of ['v', 's'] as const) {
      const encoded = this.encode(kind, prefix);
      deleted += sql.deleteRange.run([encoded, below(encoded).to]).changes;
    }
    return deleted;
  }

  async next(counter: Key): Promise<number> {
    const { sql } = this.#change();
    const [value] = sql.next.get([this.encode('c', counter)]) as [string];
    return Number(value);
  }

  async clear(): Promise<void> {
    const { sql, rows, ranges } = this.#change();
    rows.clear();
    for (const range of ranges) sql.deleteRange.run([...range]);
  }

  async keep(snapshot: string): Promise<void> {
    await this.drop(snapshot);
    const { sql, ranges } = this.#change();
    sql.set.run([this.#snapshotRow(snapshot), 'true']);
    for (const range of ranges) sql.keep.run([keptAs(this.tools.root, snapshot), ...range]);
  }

  async restore(snapshot: string): Promise<boolean> {
    const { sql } = this.#change();
    if (sql.get.get([this.#snapshotRow(snapshot)]) === undefined) return false;
    await this.clear();
    sql.restore.run([keptAs(this.tools.root, snapshot)]);
    return true;
  }

  async drop(snapshot: string): Promise<boolean> {
    const { sql } = this.#change();
    sql.drop.run([keptAs(this.tools.root, snapshot)]);
    const row = this.#snapshotRow(snapshot);
    return sql.delete.run([row, row]).changes > 0;
  }

  /** Removes all rows of a space of the store, and its snapshots. */
  async removeSpace(root: Root): Promise<void> {
    const { sql, rows } = this.#change();
    rows.clear();
    const ranges = rangesOfSpace(root);
    for (const { from, to } of ranges.rows) sql.deleteRange.run([from, to]);
    sql.dropRange.run([ranges.kept.from, ranges.kept.to]);
  }

  #snapshotRow(name: string): string {
    return this.encode('m', [...SNAPSHOTS, name]);
  }

  #change(): Tools {
    const tools = this.use();
    this.#changed = true;
    return tools;
  }
}
