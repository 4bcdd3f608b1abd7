import { parseExactly } from '@connectorkit/sdk/emulator';
import type { Listed, Range } from './copy.ts';
import { below, encodeKey, type Kind, partsBeyond, type Root } from './keys.ts';
import { contentOf, type Row, rowOf, writtenAs } from './rows.ts';
import type { Cipher } from './secrets.ts';
import type { Entry, Key, Page, ReadTransaction, WriteTransaction } from './store.ts';
import { keptAs, SNAPSHOTS } from './transactions.ts';

/** Where a transaction reads: all of it is of one moment. */
export interface Source {
  /** ABSENT when there is none. */
  row(key: string): Row | Promise<Row>;
  list(range: Range): Promise<Listed>;
  /** The same of what a snapshot keeps. */
  listKept(snapshot: string, range: Pick<Range, 'from' | 'to'>): Promise<Listed>;
}

/** Changes by encoded key: the new text, or undefined when the row is removed. */
export type Changes = Map<string, string | undefined>;

/** Operations that only SQL can do, below the snapshots and over all keys. They are done at once. */
export interface Whole {
  /** Writes changes, so that the rest sees them in the database. */
  flush(changes: Changes): Promise<void>;
  clear(): Promise<void>;
  keep(snapshot: string): Promise<void>;
  restore(snapshot: string): Promise<void>;
  drop(snapshot: string): Promise<void>;
}

/** Parts that the transactions of a store share. */
export interface Shared {
  readonly root: Root;
  readonly cipher: Cipher;
  readonly onSecret: (value: unknown) => void;
}

const ALL = { limit: undefined, offset: 0, reverse: false } as const;

/** Reads from a source. */
export class BufferedRead implements ReadTransaction {
  protected readonly source: Source;
  protected readonly shared: Shared;
  #over = false;

  constructor(source: Source, shared: Shared) {
    this.source = source;
    this.shared = shared;
  }

  protected encode(kind: Kind, key: Key): string {
    return encodeKey(kind, key, this.shared.root);
  }

  end(): void {
    this.#over = true;
  }

  /** A call that came late would belong to no transaction. */
  protected use(): void {
    if (this.#over) throw new Error('the transaction is over: await everything inside it');
  }

  async get<T>(key: Key): Promise<T | undefined> {
    return contentOf(await this.row(this.encode('v', key))) as T | undefined;
  }

  async list<T>(prefix: Key, { limit, offset = 0, reverse = false }: Page = {}): Promise<Entry<T>[]> {
    const encoded = this.encode('v', prefix);
    return entriesOf(prefix, encoded, await this.rows({ ...below(encoded), limit, offset, reverse }));
  }

  async listKept<T>(snapshot: string, prefix: Key): Promise<Entry<T>[]> {
    this.use();
    const encoded = this.encode('v', prefix);
    return entriesOf(prefix, encoded, await this.source.listKept(keptAs(this.shared.root, snapshot), below(encoded)));
  }

  async getSecret<T>(key: Key): Promise<T | undefined> {
    const encoded = this.encode('s', key);
    const sealed = contentOf(await this.row(encoded));
    if (sealed === undefined) return undefined;
    const value = parseExactly(this.shared.cipher.open(encoded, sealed as string)) as T;
    this.shared.onSecret(value);
    return value;
  }

  async snapshots(): Promise<readonly string[]> {
    const encoded = this.encode('m', SNAPSHOTS);
    const rows = await this.rows({ ...below(encoded), ...ALL });
    return rows.map(([key]) => String(partsBeyond(encoded, key)[0]));
  }

  protected row(key: string): Row | Promise<Row> {
    this.use();
    return this.source.row(key);
  }

  protected async rows(range: Range): Promise<Listed> {
    this.use();
    return this.source.list(range);
  }
}

/** Keeps what is written until its end, and sees it itself. */
export class BufferedWrite extends BufferedRead implements WriteTransaction {
  /** Changes of the transactions before it in the same commit. */
  readonly #before: Changes;
  readonly #whole: Whole | undefined;
  readonly #changes: Changes = new Map();
  #needsWhole = false;

  /** @param whole absent where others may write at the same time */
  constructor(source: Source, shared: Shared, before: Changes, whole?: Whole) {
    super(source, shared);
    this.#before = before;
    this.#whole = whole;
  }

  get changes(): Changes {
    return this.#changes;
  }

  /** True if it has to be run again with `whole`, whatever it made of that. */
  get needsWhole(): boolean {
    return this.#needsWhole;
  }

  async set(key: Key, value: unknown): Promise<void> {
    this.#set(this.encode('v', key), writtenAs(value));
  }

  async setSecret(key: Key, value: unknown): Promise<void> {
    const encoded = this.encode('s', key);
    this.#set(encoded, this.shared.cipher.seal(encoded, writtenAs(value)));
    this.shared.onSecret(value);
  }

  async delete(key: Key): Promise<boolean> {
    let deleted = false;
    for (const encoded of [this.encode('v', key), this.encode('s', key)]) {
      if (contentOf(await this.row(encoded)) === undefined) continue;
      this.#set(encoded, undefined);
      deleted = true;
    }
    return deleted;
  }

  async forget(key: Key): Promise<void> {
    for (const kind of ['v', 's'] as const) this.#set(this.encode(kind, key), undefined);
  }

  async deleteAll(prefix: Key): Promise<number> {
    let deleted = 0;
    for (const kind of ['v', 's'] as const) {
      const encoded = this.encode(kind, prefix);
      const found = await this.rows({ from: encoded, to: below(encoded).to, ...ALL });
      for (const [key] of found) this.#set(key, undefined);
      deleted += found.length;
    }
    return deleted;
  }

  async next(counter: Key): Promise<number> {
    const encoded = this.encode('c', counter);
    const number = 1 + Number(contentOf(await this.row(encoded)) ?? 0);
    this.#set(encoded, String(number));
    return number;
  }

  async clear(): Promise<void> {
    await (await this.#alone()).clear();
  }

  async keep(snapshot: string): Promise<void> {
    await this.drop(snapshot);
    this.#set(this.#snapshotRow(snapshot), 'true');
    await (await this.#alone()).keep(keptAs(this.shared.root, snapshot));
  }

  async restore(snapshot: string): Promise<boolean> {
    const whole = await this.#alone();
    if (contentOf(await this.row(this.#snapshotRow(snapshot))) === undefined) return false;
    await whole.restore(keptAs(this.shared.root, snapshot));
    return true;
  }

  async drop(snapshot: string): Promise<boolean> {
    const whole = await this.#alone();
    const row = this.#snapshotRow(snapshot);
    if (contentOf(await this.row(row)) === undefined) return false;
    this.#set(row, undefined);
    await whole.drop(keptAs(this.shared.root, snapshot));
    return true;
  }

  protected override row(key: string): Row | Promise<Row> {
    this.use();
    for (const changes of [this.#changes, this.#before]) {
      if (changes.has(key)) return rowAfter(key, changes.get(key));
    }
    return this.source.row(key);
  }

  protected override async rows(range: Range): Promise<Listed> {
    this.use();
    const changed = new Map([...this.#before, ...this.#changes]);
    for (const key of changed.keys()) if (key < range.from || key >= range.to) changed.delete(key);
    if (changed.size === 0) return this.source.list(range);
    const stored = await this.source.list({ ...range, ...ALL });
    const kept = stored.filter(([key]) => !changed.has(key));
    const added = [...changed].filter((each): each is [string, string] => each[1] !== undefined);
    const rows = [...kept, ...added].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    if (range.reverse) rows.reverse();
    return rows.slice(range.offset, range.limit === undefined ? undefined : range.offset + range.limit);
  }

  #snapshotRow(name: string): string {
    return this.encode('m', [...SNAPSHOTS, name]);
  }

  #set(key: string, text: string | undefined): void {
    this.use();
    this.#changes.set(key, text);
  }

  async #alone(): Promise<Whole> {
    this.use();
    if (this.#whole === undefined) {
      this.#needsWhole = true;
      throw new Error('this is done when nobody else writes');
    }
    await this.#whole.flush(this.#changes);
    this.#changes.clear();
    return this.#whole;
  }
}

function entriesOf<T>(prefix: Key, encoded: string, rows: Listed): Entry<T>[] {
  return rows.map(([key, text]) => ({ key: [...prefix, ...partsBeyond(encoded, key)], value: JSON.parse(text) }));
}

function rowAfter(key: string, text: string | undefined): Row {
  return text === undefined ? { value: undefined } : rowOf(key, text);
}
