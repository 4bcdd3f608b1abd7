import { isObject, lookUp } from '../json.ts';
import { readSource } from '../source.ts';
import { type Files, updateFile } from './files.ts';
import type { Base } from './project.ts';

/** The file that holds what was equal on each origin at the last sync. */
export const LOCK = 'connector.lock.json';

/** Hashes of the sections that were equal on origins, by their names. */
interface Lock {
  readonly version: 1;
  readonly origins: { readonly [origin: string]: Base };
}

/**
 * Returns the last state that was equal here and on an origin; an empty one when the lock cannot be read: differences
 * then show as conflicts.
 */
export function lockedBase(files: Files, origin: string): Base {
  const { value } = readSource(LOCK, files.read(LOCK) ?? '{}', { comments: false });
  return baseIn(value, origin);
}

/** Writes the base of an origin, unless it stands there already. */
export function lock(files: Files, origin: string, base: Base): void {
  updateFile(files, LOCK, (before = '{}') => {
    const { value } = readSource(LOCK, before, { comments: false });
    return `${JSON.stringify(withBase(value, origin, base), undefined, 2)}\n`;
  });
}

/** The base of an origin in what a lock holds. */
export function baseIn(value: unknown, origin: string): Base {
  return lookUp(originsIn(value), origin) ?? {};
}

/** The same lock with another base of an origin. */
export function withBase(value: unknown, origin: string, base: Base): Lock {
  return { version: 1, origins: sorted({ ...originsIn(value), [origin]: base }) };
}

/** The same lock for a connection that has another id, or is gone. */
export function withMoved(value: unknown, id: string, to: string | undefined): Lock {
  const origins = Object.entries(originsIn(value)).map(([origin, base]) => [origin, withOtherId(base, id, to)]);
  return { version: 1, origins: sorted(Object.fromEntries(origins)) };
}

/** An object by the ids of connections, in which one has another id or is gone. */
export function withOtherId<Value extends object>(value: Value, id: string, to: string | undefined): Value {
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    if (key !== id) return [[key, each]];
    return to === undefined ? [] : [[to, each]];
  });
  return Object.fromEntries(entries) as Value;
}

function originsIn(value: unknown): Lock['origins'] {
  return isObject(value) && isObject(value.origins) ? (value.origins as Lock['origins']) : {};
}

/** Sorted keys at every level, so that the same lock is the same text on every machine. */
function sorted<Value>(value: Value): Value {
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
  return Object.fromEntries(entries);
}
