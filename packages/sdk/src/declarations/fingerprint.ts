import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import { ConnectorError } from '../diagnostics.ts';
import type { Files } from '../project/files.ts';
import {
  DECLARATIONS,
  type Fingerprint,
  hasStamps,
  keepRecord,
  pathsOf,
  readRecord,
  wasWritten,
  withStamps,
} from './record.ts';

function hashOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return `sha256-${hash.digest('base64')}`;
}

function* seenIn(
  files: Pick<Files, 'read' | 'list'>,
  { files: paths, folders }: Pick<Fingerprint, 'files' | 'folders'>,
): Generator<string> {
  yield BUILD;
  for (const folder of folders) yield files.list(folder).join('\n');
  for (const path of paths) yield files.read(path) ?? '';
}

/** Files that remember what was looked at among them. */
export interface Observed extends Files {
  fingerprint(): Fingerprint;
}

/** The same files, remembering from now on what is looked at among them. */
export function observed(files: Files): Observed {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  const stamps = new Map<string, Float64Array | undefined>();
  return {
    ...files,
    read: (path) => {
      stamps.set(path, files.stamps?.([path]));
      const text = files.read(path);
      texts.set(path, text);
      return text;
    },
    list: (folder) => {
      stamps.set(folder, files.stamps?.([folder]));
      const names = files.list(folder);
      lists.set(folder, names);
      return names;
    },
    fingerprint: () => {
      const looked = { files: [...texts.keys()], folders: [...lists.keys()] };
      // Not what is there now: it may have changed meanwhile.
      const seen = { read: (path: string) => texts.get(path), list: (folder: string) => lists.get(folder) ?? [] };
      const own = pathsOf(looked).map((path) => stamps.get(path));
      const all = own.every((each) => each !== undefined)
        ? Float64Array.from(own.flatMap((each) => [...each]))
        : undefined;
      return withStamps({ ...looked, hash: hashOf(seenIn(seen, looked)) }, all);
    },
  };
}

/** Whether there is still to be seen what was. */
export function isSame(files: Files, fingerprint: Fingerprint): boolean {
  return hasStamps(files, fingerprint) || hashOf(seenIn(files, fingerprint)) === fingerprint.hash;
}

/**
 * Whether the declarations that lie there were made, by this package, from what lies there. When that took reading
 * every file, what spares the next look from it is kept, unless `keep` is false.
 */
export function isCurrent(files: Files, { keep = true } = {}): boolean {
  const record = readRecord(files);
  if (record === undefined) return false;
  const untouched = wasWritten(files, record);
  if (!untouched && hashOf([files.read(DECLARATIONS) ?? '']) !== record.made) return false;
  const same = hasStamps(files, record.from);
  if (same && untouched) return true;
  const { stamps: _, ...from } = record.from;
  const now = same ? record.from : withStamps(from, files.stamps?.(pathsOf(from)));
  if (!same && !isSame(files, from)) return false;
  if (keep && now.stamps !== undefined) keepIfPossible(files, now, record.made);
  return true;
}

/** Keeps what the declarations that were just written were made from, which had no errors. */
export function recordCurrent(files: Files, from: Fingerprint, text: string): void {
  keepIfPossible(files, from, hashOf([text]));
}

/** It only saves time: where it cannot be written, the next look reads again. */
function keepIfPossible(files: Files, from: Fingerprint, made: string): void {
  try {
    keepRecord(files, from, made);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
}
