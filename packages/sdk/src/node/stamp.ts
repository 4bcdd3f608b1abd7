import type { Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { nodeCrypto } from '../node-crypto.ts';

/** A file that is not there is no error. */
export const UNLESS_ABSENT = { throwIfNoEntry: false } as const;

/** Two changes within this time can look like one to a file system, in ms: the times of FAT are this coarse. */
const COARSEST = 2000;

/** See `Files.stamp`. */
export function stampOf(root: string, paths: readonly string[], before = Number.POSITIVE_INFINITY): string | undefined {
  const hash = nodeCrypto().createHash('sha256');
  try {
    const isTold = paths.every((path) => addStamp(hash, join(root, path), before - COARSEST));
    return isTold ? hash.digest('base64') : undefined;
  } catch {
    return undefined;
  }
}

/** @returns whether all that is there was changed before the given time, and is no link */
function addStamp(hash: Hash, place: string, before: number): boolean {
  const facts = lstatSync(place, UNLESS_ABSENT);
  // The time of the inode's change cannot be set back, as that of the text's can.
  hash.update(`${place}\0${facts?.size} ${facts?.mtimeMs} ${facts?.ctimeMs} ${facts?.ino}\n`);
  if (facts === undefined) return true;
  if (facts.ctimeMs > before) return false;
  if (!facts.isDirectory()) return facts.isFile();
  return readdirSync(place).every((name) => addStamp(hash, place + sep + name, before));
}
