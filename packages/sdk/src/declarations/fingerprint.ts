import { BUILD } from '#generated/build.js';
import type { Files } from '../project/files.ts';

/** The file that declarations are written to. */
export const DECLARATIONS = 'connector.d.ts';

/** Where it is kept what the declarations were made from; each machine's own. */
const RECORD = '.connector/types.json';

/** What was looked at, and a hash of what was seen there and of this package. */
export interface Fingerprint {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly hash: string;
  /** A sum of the stamps of all of them before they were read, and this package; absent when one has none. */
  readonly stamps?: string;
}

function hashOf(texts: Iterable<string>): string {
  // Loaded only here: an unchanged project is answered without it.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
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

/** Folders first: what is inside of one that is no link needs no second look. */
function pathsOf({ files, folders }: Pick<Fingerprint, 'files' | 'folders'>): readonly string[] {
  return [...folders, ...files];
}

/** A sum of stamps, and which package asks; undefined without stamps. */
function summed(stamps: Float64Array | undefined): string | undefined {
  return stamps && `${BUILD} ${sumOf(new Uint32Array(stamps.buffer))}`;
}

/** 64 bits that are others, as good as always, when one of the words is. Nothing that is secret depends on them. */
function sumOf(words: Uint32Array): string {
  let one = 0x811c9dc5;
  let two = 0x9e3779b9;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as number;
    one = Math.imul(one ^ word, 0x01000193);
    one ^= one >>> 15;
    two = Math.imul(two ^ word, 0x85ebca6b);
    two = (two << 13) | (two >>> 19);
  }
  return `${(one >>> 0).toString(36)}-${(two >>> 0).toString(36)}`;
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

function withStamps(fingerprint: Fingerprint, own: Float64Array | undefined): Fingerprint {
  const stamps = summed(own);
  return stamps === undefined ? fingerprint : { ...fingerprint, stamps };
}

/** Whether there is still to be seen what was. */
export function isSame(files: Files, fingerprint: Fingerprint): boolean {
  return hasStamps(files, fingerprint) || hashOf(seenIn(files, fingerprint)) === fingerprint.hash;
}

function hasStamps(files: Files, fingerprint: Fingerprint): boolean {
  const { stamps } = fingerprint;
  return stamps !== undefined && summed(files.stamps?.(pathsOf(fingerprint))) === stamps;
}

/**
 * Whether the declarations that lie there were made, by this package, from what lies there. When that took reading
 * every file, what spares the next look from it is kept, unless `keep` is false.
 */
export function isCurrent(files: Files, { keep = true } = {}): boolean {
  const record = readRecord(files.read(RECORD) ?? '');
  if (record === undefined) return false;
  const untouched = record.written !== undefined && String(stampOfOwn(files)) === String(record.written);
  if (!untouched && hashOf([files.read(DECLARATIONS) ?? '']) !== record.made) return false;
  const same = hasStamps(files, record.from);
  if (same && untouched) return true;
  const { stamps: _, ...from } = record.from;
  const now = same ? record.from : withStamps(from, files.stamps?.(pathsOf(from)));
  if (!same && !isSame(files, from)) return false;
  if (keep && now.stamps !== undefined) {
    try {
      keepRecord(files, now, record.made);
    } catch {
      // A disk that cannot be written: the next look reads again.
    }
  }
  return true;
}

/** Keeps what the declarations that were just written were made from, which had no errors. */
export function recordCurrent(files: Files, from: Fingerprint, text: string): void {
  keepRecord(files, from, hashOf([text]));
}

/** What the declarations that lie there were made from, and by what it is told that they are those. */
interface Making {
  /** A hash of their text. */
  readonly made: string;
  /** Their stamp, by which their text need not be read. */
  readonly written?: readonly number[];
  readonly from: Fingerprint;
}

function keepRecord(files: Files, from: Fingerprint, made: string): void {
  const written = stampOfOwn(files);
  const text = `${JSON.stringify({ made, ...(written && { written }), from } satisfies Making)}\n`;
  if (files.read(RECORD) !== text) files.write(RECORD, text);
}

/** Who changes what was just written, in the same moment and to the same length, changes it for good. */
function stampOfOwn(files: Files): readonly number[] | undefined {
  const stamp = files.stamps?.([DECLARATIONS], { own: true });
  return stamp && [...stamp];
}

function readRecord(text: string): Making | undefined {
  try {
    const { made, written, from } = JSON.parse(text);
    const { files, folders } = from;
    return Array.isArray(files) && Array.isArray(folders) ? { made, written, from } : undefined;
  } catch {
    return undefined;
  }
}
