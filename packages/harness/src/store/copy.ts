import { ABSENT, type Row, Rows, rowOf } from './rows.ts';

/** A commit that somebody made: the store's version after it, and the keys that it changed. */
export interface Change {
  readonly version: number;
  /** Names the commit. */
  readonly author: string;
  readonly keys: readonly string[];
  /** True if any key may have changed. */
  readonly everything: boolean;
}

/** Rows from `from` on to before `to`, by encoded keys. */
export interface Range {
  readonly from: string;
  readonly to: string;
  /** All when undefined. */
  readonly limit: number | undefined;
  readonly offset: number;
  readonly reverse: boolean;
}

/** Encoded key and text of each row. */
export type Listed = readonly (readonly [key: string, text: string])[];

/** Lists that are remembered at most, and characters that one may have: each change is compared with all of them. */
const LISTS = 200;
const LONGEST_LIST = 200_000;

/**
 * The part of a database that this process has read or written, as it stood at one version of it. What others changed
 * since is forgotten when it is told of.
 */
export class Copy {
  readonly #rows = new Rows();
  readonly #lists = new Map<string, { readonly range: Range; readonly rows: Listed }>();
  #version: number | undefined;

  /** Undefined as long as nothing is known. */
  get version(): number | undefined {
    return this.#version;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Values that were read at the copy's version: undefined is a row that is not there. */
  learn(key: string, text: string | undefined): Row {
    const row = text === undefined ? ABSENT : rowOf(key, text);
    this.#rows.set(key, row);
    return row;
  }

  list(range: Range): Listed | undefined {
    return this.#lists.get(nameOf(range))?.rows;
  }

  learnList(range: Range, rows: Listed): void {
    const size = rows.reduce((sum, [key, text]) => sum + key.length + text.length, 0);
    if (size > LONGEST_LIST) return;
    if (this.#lists.size >= LISTS) this.#lists.delete(this.#lists.keys().next().value as string);
    this.#lists.set(nameOf(range), { range, rows });
  }

  /**
   * Goes on to the version that the database has now.
   * @param since the copy's version when it was asked for the changes
   * @param changes those after `since`, in order; all of them, unless some are no longer known
   */
  advance(since: number | undefined, now: number, changes: readonly Change[]): void {
    // A database that was put back from a backup has an older version than was seen before.
    if (since === undefined || now < since) this.#startAt(now);
    for (const { version, keys, everything } of changes) {
      if (this.#version === undefined || version <= this.#version) continue;
      if (version !== this.#version + 1 || everything) this.#forgetAll();
      this.#forget(keys);
      this.#version = version;
    }
    if (this.#version === undefined || this.#version < now) this.#startAt(now);
  }

  /** Goes on by a commit of this process's own, from the version before it. */
  publish(version: number, changes: ReadonlyMap<string, string | undefined>, everything: boolean): void {
    const before = this.#version;
    if (before !== version - 1 && before !== version) return;
    if (before !== version) {
      if (everything) this.#forgetAll();
      this.#forget([...changes.keys()]);
    }
    this.#version = version;
    if (!everything) for (const [key, text] of changes) this.learn(key, text);
  }

  #startAt(version: number): void {
    this.#forgetAll();
    this.#version = version;
  }

  #forgetAll(): void {
    this.#rows.clear();
    this.#lists.clear();
  }

  #forget(keys: readonly string[]): void {
    for (const key of keys) this.#rows.delete(key);
    for (const [name, { range }] of this.#lists) {
      if (keys.some((key) => isWithin(key, range))) this.#lists.delete(name);
    }
  }
}

/** The keys and ranges that were looked at. */
export class Reads {
  readonly #keys = new Set<string>();
  readonly #ranges: Range[] = [];

  key(key: string): void {
    this.#keys.add(key);
  }

  range(range: Range): void {
    this.#ranges.push(range);
  }

  /** True if what was looked at would look the same after the changes. */
  standAfter(changes: readonly Change[]): boolean {
    return changes.every(
      ({ keys, everything }) =>
        !everything && !keys.some((key) => this.#keys.has(key) || this.#ranges.some((range) => isWithin(key, range))),
    );
  }
}

function nameOf({ from, to, limit, offset, reverse }: Range): string {
  return `${reverse} ${limit} ${offset} ${from} ${to}`;
}

/**
 * True if a key is in a range. Bounds are encoded prefixes with a control character behind, so that the order of UTF-16
 * units, which differs from that of code points, makes no difference here.
 */
function isWithin(key: string, { from, to }: Range): boolean {
  return key >= from && key < to;
}
