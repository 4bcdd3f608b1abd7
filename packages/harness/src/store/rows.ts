import { writeExactly } from '@connectorkit/sdk/emulator';
import { encodeKey } from './keys.ts';

/** Characters that the rows may have together; the oldest go first. */
const ROOM = 16_000_000;
/** Keys that are known to have no row, at most: whoever guesses names or tokens fills this, and does no more. */
const ABSENCES = 1000;

/**
 * A remembered row: its text, which cannot be changed by who is given it, the JSON of
 * another value, which is read anew each time, or that there is none.
 */
export type Row = { readonly value: string | undefined } | { readonly json: string };

export const ABSENT: Row = { value: undefined };

/** How the keys of secrets begin. */
const SECRETS = encodeKey('s', []);

/** Secrets are kept sealed, in a form that is no JSON. */
export function rowOf(encoded: string, text: string): Row {
  if (encoded.startsWith(SECRETS)) return { value: text };
  return text.startsWith('"') ? { value: JSON.parse(text) } : { json: text };
}

export function contentOf(row: Row): unknown {
  return 'value' in row ? row.value : JSON.parse(row.json);
}

/**
 * The text under which a value is stored: JSON, in which lone surrogates and U+0000, which a database would damage, are
 * escapes. @throws TypeError for what is no JSON
 */
export function writtenAs(value: unknown): string {
  const text: string | undefined = writeExactly(value);
  if (text === undefined) throw new TypeError(`a value of type ${typeof value} cannot be stored`);
  return text;
}

/**
 * Rows that were read or written, and are as they stand in the database as long as nobody else changes it. A query
 * costs several microseconds, most of them to call the library.
 */
export class Rows {
  readonly #rows = new Map<string, Row>();
  readonly #absent = new Set<string>();
  #size = 0;
  #version: number | undefined;

  /** Forgets what was known when the database has another version. */
  at(version: number): void {
    if (this.#version !== version) this.clear();
    this.#version = version;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key) ?? (this.#absent.has(key) ? ABSENT : undefined);
  }

  set(key: string, row: Row): void {
    this.delete(key);
    if ('value' in row && row.value === undefined) {
      if (this.#absent.size >= ABSENCES) this.#absent.clear();
      this.#absent.add(key);
      return;
    }
    const size = sizeOf(key, row);
    if (size > ROOM) return;
    this.#rows.set(key, row);
    this.#size += size;
    for (const [oldest, each] of this.#rows) {
      if (this.#size <= ROOM) return;
      this.#rows.delete(oldest);
      this.#size -= sizeOf(oldest, each);
    }
  }

  delete(key: string): void {
    this.#absent.delete(key);
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    this.#size -= sizeOf(key, row);
  }

  clear(): void {
    this.#rows.clear();
    this.#absent.clear();
    this.#size = 0;
  }
}

function sizeOf(key: string, row: Row): number {
  return key.length + (('value' in row ? row.value : row.json)?.length ?? 0);
}
