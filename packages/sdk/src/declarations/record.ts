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
  /** The stamps of all of them before they were read, and this package; absent when one has none. */
  readonly stamps?: string;
}

/** Folders first: what is inside of one that is no link needs no second look. */
export function pathsOf({ files, folders }: Pick<Fingerprint, 'files' | 'folders'>): readonly string[] {
  return [...folders, ...files];
}

/** Stamps as they are kept, and which package asks; undefined without stamps. */
function kept(stamps: Float64Array | undefined): string | undefined {
  return stamps && `${BUILD} ${Buffer.from(stamps.buffer).toString('base64')}`;
}

export function withStamps(fingerprint: Fingerprint, own: Float64Array | undefined): Fingerprint {
  const stamps = kept(own);
  return stamps === undefined ? fingerprint : { ...fingerprint, stamps };
}

export function hasStamps(files: Files, fingerprint: Fingerprint): boolean {
  const { stamps } = fingerprint;
  return stamps !== undefined && kept(files.stamps?.(pathsOf(fingerprint))) === stamps;
}

/** What the declarations that lie there were made from, and by what it is told that they are those. */
export interface Making {
  /** A hash of their text. */
  readonly made: string;
  /** Their stamp, by which their text need not be read. */
  readonly written?: readonly number[];
  readonly from: Fingerprint;
}

/** Whether nobody touched the declarations since they were made, nor what they were made from: told by stamps alone. */
export function isUntouched(files: Files): boolean {
  const record = readRecord(files);
  return record !== undefined && wasWritten(files, record) && hasStamps(files, record.from);
}

/** Whether the declarations that lie there are told to be those that were written. */
export function wasWritten(files: Files, { written }: Making): boolean {
  return written !== undefined && String(stampOfOwn(files)) === String(written);
}

export function keepRecord(files: Files, from: Fingerprint, made: string): void {
  const written = stampOfOwn(files);
  const text = `${JSON.stringify({ made, ...(written && { written }), from } satisfies Making)}\n`;
  if (files.read(RECORD) !== text) files.write(RECORD, text);
}

/** Who changes what was just written, in the same moment and to the same length, changes it for good. */
function stampOfOwn(files: Files): readonly number[] | undefined {
  const stamp = files.stamps?.([DECLARATIONS], { own: true });
  return stamp && [...stamp];
}

/** What is kept of how the declarations were made; undefined when nothing is, or nothing that can be read. */
export function readRecord(files: Files): Making | undefined {
  try {
    const { made, written, from } = JSON.parse(files.read(RECORD) ?? '');
    return Array.isArray(from.files) && Array.isArray(from.folders) ? { made, written, from } : undefined;
  } catch {
    return undefined;
  }
}
