import { isObject } from '../json.ts';
import { readSource } from '../source.ts';
import { type Files, updateFile } from './files.ts';
import type { Base } from './project.ts';

/** The file that holds what was equal on each origin at the last sync. */
export const LOCK = 'connector.lock.json';
/** The harness is each machine's own, so what was last pushed to it is no business of the others. */
const LOCAL_LOCK = '.connector/lock.json';

type Lock = { readonly [origin: string]: Base };

/**
 * Returns the last state that was equal here and on an origin; an empty one when the lock cannot be read: differences
 * then show as conflicts.
 */
export function lockedBase(files: Files, origin: string, local: boolean): Base {
  const file = local ? LOCAL_LOCK : LOCK;
  return originsIn(file, files.read(file))[origin] ?? {};
}

/** Writes the base of an origin, unless it stands there already. */
export function lock(files: Files, origin: string, base: Base, local: boolean): void {
  const file = local ? LOCAL_LOCK : LOCK;
  updateFile(files, file, (before) => {
    const origins = sorted({ ...originsIn(file, before), [origin]: base });
    return `${JSON.stringify({ version: 1, origins }, undefined, 2)}\n`;
  });
}

function originsIn(file: string, text = '{}'): Lock {
  const { value } = readSource(file, text, { comments: false });
  const origins = isObject(value) && isObject(value.origins) ? value.origins : {};
  return origins as Lock;
}

/** Sorted keys at every level, so that the same lock is the same text on every machine. */
function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
