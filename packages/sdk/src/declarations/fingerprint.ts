import { createHash } from 'node:crypto';
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

/** Files that remember what was looked at among them. */
export interface Observed extends Files {
  fingerprint(): Fingerprint;
}

/** The same files, remembering from now on what is looked at among them. */
export function observed(files: Files): Observed {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  return {
    ...files,
    read: (path) => {
      const text = files.read(path);
      texts.set(path, text);
      return text;
    },
    list: (folder) => {
      const names = files.list(folder);
      lists.set(folder, names);
      return names;
    },
    fingerprint: () => {
      const looked = { files: [...texts.keys()], folders: [...lists.keys()] };
      // Not what is there now: it may have changed meanwhile.
      const seen = { read: (path: string) => texts.get(path), list: (folder: string) => lists.get(folder) ?? [] };
      return { ...looked, hash: hashOf(seenIn(seen, looked)) };
    },
  };
}

/** Whether there is still to be seen what was. */
export function isSame(files: Files, fingerprint: Fingerprint): boolean {
  return hashOf(seenIn(files, fingerprint)) === fingerprint.hash;
}

/** Whether the declarations that lie there were made, by this package, from what lies there. */
export function isCurrent(files: Files): boolean {
  const made = files.read(DECLARATIONS);
  const record = made === undefined ? undefined : readRecord(files.read(RECORD) ?? '');
  return made !== undefined && record?.made === hashOf([made]) && isSame(files, record.from);
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
