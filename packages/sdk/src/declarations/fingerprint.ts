import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import type { Files, Stamp } from '../project/files.ts';

/** The file that declarations are written to. */
export const DECLARATIONS = 'connector.d.ts';

/** Where it is kept what the declarations were made from; each machine's own. */
const RECORD = '.connector/types.json';

/** What was looked at, and a hash of what was seen there and of this package. */
export interface Fingerprint {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly hash: string;
  /** A hash of the stamps of all of them before they were read, and of this package; absent when one has none. */
  readonly stamps?: string;
}

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

/** A hash of stamps; undefined when one is missing. */
function hashOfStamps(
  { files, folders }: Pick<Fingerprint, 'files' | 'folders'>,
  stamp: (path: string) => Stamp | undefined,
): string | undefined {
  // Folders first: what is inside of one that is no link needs no second look.
  const paths = [...folders, ...files];
  const stamps = new Float64Array(3 * paths.length);
  for (const [index, path] of paths.entries()) {
    const own = stamp(path);
    if (own === undefined) return undefined;
    stamps.set(own, 3 * index);
  }
  return `sha256-${createHash('sha256').update(BUILD).update(stamps).digest('base64')}`;
}

/** Files that remember what was looked at among them. */
export interface Observed extends Files {
  fingerprint(): Fingerprint;
}

/** The same files, remembering from now on what is looked at among them. */
export function observed(files: Files): Observed {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  const stamps = new Map<string, Stamp | undefined>();
  return {
    ...files,
    read: (path) => {
      stamps.set(path, files.stamp?.(path));
      const text = files.read(path);
      texts.set(path, text);
      return text;
    },
    list: (folder) => {
      stamps.set(folder, files.stamp?.(folder));
      const names = files.list(folder);
      lists.set(folder, names);
      return names;
    },
    fingerprint: () => {
      const looked = { files: [...texts.keys()], folders: [...lists.keys()] };
      // Not what is there now: it may have changed meanwhile.
      const seen = { read: (path: string) => texts.get(path), list: (folder: string) => lists.get(folder) ?? [] };
      return withStamps({ ...looked, hash: hashOf(seenIn(seen, looked)) }, (path) => stamps.get(path));
    },
  };
}

function withStamps(fingerprint: Fingerprint, stamp: (path: string) => Stamp | undefined): Fingerprint {
  const stamps = hashOfStamps(fingerprint, stamp);
  return stamps === undefined ? fingerprint : { ...fingerprint, stamps };
}

/** Whether there is still to be seen what was. */
export function isSame(files: Files, fingerprint: Fingerprint): boolean {
  return hasStamps(files, fingerprint) || hashOf(seenIn(files, fingerprint)) === fingerprint.hash;
}

function hasStamps(files: Files, fingerprint: Fingerprint): boolean {
  const { stamps } = fingerprint;
  return stamps !== undefined && hashOfStamps(fingerprint, (path) => files.stamp?.(path)) === stamps;
}

/**
 * Whether the declarations that lie there were made, by this package, from what lies there. When that took reading
 * every file, what spares the next look from it is kept, unless `keep` is false.
 */
export function isCurrent(files: Files, { keep = true } = {}): boolean {
  const made = files.read(DECLARATIONS);
  const record = made === undefined ? undefined : readRecord(files.read(RECORD) ?? '');
  if (made === undefined || record?.made !== hashOf([made])) return false;
  if (hasStamps(files, record.from)) return true;
  const { stamps: _, ...from } = record.from;
  const now = withStamps(from, (path) => files.stamp?.(path));
  if (!isSame(files, from)) return false;
  if (keep && now.stamps !== undefined) {
    try {
      recordCurrent(files, now, made);
    } catch {
      // A disk that cannot be written: the next look reads again.
    }
  }
  return true;
}

/** Keeps what the declarations were made from, which had no errors. */
export function recordCurrent(files: Files, from: Fingerprint, text: string): void {
  const record = `${JSON.stringify({ made: hashOf([text]), from })}\n`;
  if (files.read(RECORD) !== record) files.write(RECORD, record);
}

function readRecord(text: string): { readonly made: string; readonly from: Fingerprint } | undefined {
  try {
    const { made, from } = JSON.parse(text);
    const { files, folders } = from;
    return Array.isArray(files) && Array.isArray(folders) ? { made, from } : undefined;
  } catch {
    return undefined;
  }
}
