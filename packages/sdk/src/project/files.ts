import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import type { JSONObject } from '../json.ts';
import { readSource, type Source } from '../source.ts';

/**
 * The files of one project, given by the caller: the sdk touches none on its own account.
 * Paths are relative to the project's folder, with forward slashes.
 */
export interface Files {
  /** Where the folder is, with forward slashes; what is called after it has no such name where this is not known. */
  readonly folder?: string;
  /** The text of a file, decoded as UTF-8 with a byte order mark kept; undefined when there is none. */
  read(path: string): string | undefined;
  /** The names in a folder, sorted, folders with a slash at the end; empty when there is no such folder. */
  list(folder: string): readonly string[];
  /**
   * Writes a whole file or nothing, and makes its folders.
   * @throws ConnectorError conflict `project/changed` when the file is not what it is to be written over
   */
  write(path: string, text: string, options?: WriteOptions): void;
  /** Moves a file; folders that are empty without it are gone. */
  rename(from: string, to: string): void;
  /** Removes a file that is there; folders that are empty without it are gone. */
  remove(path: string): void;
  /**
   * Those of the files that git is told to leave out and does not have, be they there or not; undefined when there is
   * no git to ask.
   */
  ignored?(paths: readonly string[]): ReadonlySet<string> | undefined;
  /**
   * Hashes what the system says of files, and of all that is in folders: names, sizes, and when each was changed. While
   * the hash is the same, so are the texts.
   * @param before a time in ms since 1970; what was changed after it, or too shortly before to be told from a change
   * after it, has no stamp (default: whatever was changed has one)
   * @returns undefined when that is so, and where the system cannot tell, as behind a link
   */
  stamp?(paths: readonly string[], before?: number): string | undefined;
  /** Texts as they were read last, by their paths: one that did not change is not read again (default: none is kept). */
  readonly sources?: SourceCache;
  /** State of this machine alone; if absent, only what repositories hold is kept. */
  readonly local?: LocalRecords;
}

/** Texts that were read, by their paths. It may forget any of them. */
interface SourceCache {
  get(file: string): Source | undefined;
  set(file: string, source: Source): void;
}

/** The folder in a project of what one machine alone keeps. It belongs in no repository, and in none of the files. */
export const LOCAL_FOLDER = '.connector';

/** Data about origins that are one machine's own, such as its harness: how they call things, and what was equal. */
export type LocalRecord = 'origins' | 'lock';

/** Records that are JSON objects, each known by its name. */
export interface LocalRecords {
  /** Reads a record as it was written last; undefined when there is none that can be relied on. */
  read(record: LocalRecord): JSONObject | undefined;
  /** Writes what `change` makes of a record, as it is at the moment of writing, empty where there is none. */
  update(record: LocalRecord, change: (before: JSONObject) => JSONObject): void;
}

/** How a file is written. */
export interface WriteOptions {
  /** True if only the owner may read the file. */
  readonly secret?: boolean;
  /**
   * The text that is written over, null for a file that is not there. Compared directly before the file is replaced;
   * whatever is there is written over when it is left out.
   */
  readonly over?: string | null;
}

/** Reads a text that stands in a file, unless it was read before. */
export function sourceIn(
  { sources }: Pick<Files, 'sources'>,
  file: string,
  text: string,
  options: Parameters<typeof readSource>[2],
): Source {
  const known = sources?.get(file);
  if (known?.text === text) return known;
  const source = readSource(file, text, { ...options, before: known });
  sources?.set(file, source);
  return source;
}

/** A text for a file, and the one that it was made from: null for a file that is not there yet. */
export interface FileChange {
  readonly file: string;
  readonly text: string;
  readonly over: string | null;
  readonly secret?: boolean;
}

/** How often a change is made again because somebody else wrote the file meanwhile. */
const ATTEMPTS = 100;

/**
 * Changes a file, as it is at the moment of writing: what somebody else writes meanwhile is read and changed again.
 * Writes nothing when the text stays the same.
 * @throws ConnectorError conflict `project/changed` when others write all the time
 */
export function updateFile(
  files: Files,
  path: string,
  change: (text: string | undefined) => string,
  options: Pick<WriteOptions, 'secret'> = {},
): void {
  for (let attempt = 1; ; attempt++) {
    const before = files.read(path);
    const after = change(before);
    if (after === before) return;
    try {
      files.write(path, after, { ...options, over: before ?? null });
      return;
    } catch (error) {
      if (!isChanged(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Writes all files or none: nothing is written when one of them is not what its change was made from, and when one
 * cannot be written, those before it are put back.
 * @throws ConnectorError conflict `project/changed`, or what writing throws
 */
export function writeAll(files: Files, changes: readonly FileChange[]): void {
  const left = changes.filter(({ file, text, secret = false }) => secret || files.read(file) !== text);
  const changed = left.filter(({ file, over }) => (files.read(file) ?? null) !== over);
  if (changed.length > 0)
    throw new ConnectorError(
      'conflict',
      changed.map(({ file }) => changedProblem(file)),
    );
  const written: FileChange[] = [];
  try {
    for (const change of left) {
      const { file, text, over, secret = false } = change;
      files.write(file, text, { over, secret });
      written.push(change);
    }
  } catch (error) {
    for (const { file, text, over, secret = false } of written)
      if (over !== null) putBack(files, file, text, over, secret);
    throw error;
  }
}

/**
 * Renames files, and writes others under their new names; when one cannot be written, the former names are back.
 * @param renames former name → new name
 * @throws ConnectorError conflict `project/changed`, or what writing throws
 */
export function renameAndWrite(
  files: Files,
  renames: Iterable<readonly [string, string]>,
  writes: readonly FileChange[],
): void {
  const done = [...renames];
  for (const [from, to] of done) files.rename(from, to);
  try {
    writeAll(files, writes);
  } catch (error) {
    for (const [from, to] of done.toReversed()) files.rename(to, from);
    throw error;
  }
}

/** Restores a file, unless somebody else changed our text since. */
function putBack(files: Files, file: string, text: string, before: string, secret: boolean): void {
  try {
    files.write(file, before, { over: text, secret });
  } catch (error) {
    if (!isChanged(error)) throw error;
  }
}

/** Checks if an error says that somebody else changed a file that was to be written. */
export function isChanged(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.diagnostics.some(({ code }) => code === 'project/changed');
}

/** That a file is not what it was when a change of it was worked out. */
export function changedProblem(file: string): Diagnostic {
  return {
    code: 'project/changed',
    severity: 'error',
    message: `${file} changed while the command was running.`,
    hint: 'It was not overwritten. Run the command again.',
    file,
  };
}

/** All files in a folder and below it. */
export function filesBelow(files: Files, folder: string): string[] {
  return files.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return name.endsWith('/') ? filesBelow(files, path.slice(0, -1)) : [path];
  });
}

/**
 * Files as an editor has them before they are saved: the given texts take the place of those on disk, and are listed
 * where there is no such file yet.
 * @param texts path → text; what is put into the map or taken out of it later counts from then on
 */
export function withOverlay(files: Files, texts: ReadonlyMap<string, string>): Files {
  const { stamp: _, ...others } = files;
  return {
    ...others,
    read: (path) => texts.get(path) ?? files.read(path),
    list: (folder) => {
      const names = files.list(folder);
      const own = namesIn(folder, texts.keys()).filter((name) => !names.includes(name));
      return own.length === 0 ? names : [...names, ...new Set(own)].sort();
    },
  };
}

/** Files that are kept in memory. */
export interface MemoryFiles extends Files {
  /** Path → text, as it is now: shows what was written, and can be changed. */
  readonly texts: Map<string, string>;
}

/**
 * Makes files that are kept in memory and lie on no disk, for tests and for projects that come from elsewhere.
 * @param texts path → text; paths are relative to the project's folder, with forward slashes
 * @example
 * const files = memoryFiles({
 *   'connector.json': '{ "name": "acme", "label": "Acme" }',
 *   'connections/main/connection.json': '{ "type": "basic", "label": "Main" }',
 *   'connections/main/api.jsonc': '{ "url": "https://api.acme.test/me" }',
 * });
 * const project = openProject(files);
 */
export function memoryFiles(texts: Readonly<Record<string, string>> = {}): MemoryFiles {
  const kept = new Map(Object.entries(texts));
  return {
    texts: kept,
    read: (path) => kept.get(path),
    list: (folder) => [...new Set(namesIn(folder, kept.keys()))].sort(),
    write: (path, text, { over } = {}) => {
      if (over !== undefined && over !== (kept.get(path) ?? null)) {
        throw new ConnectorError('conflict', changedProblem(path));
      }
      kept.set(path, text);
    },
    rename: (from, to) => {
      const text = kept.get(from);
      if (text === undefined) throw new Error(`There is no ${from}.`);
      kept.delete(from);
      kept.set(to, text);
    },
    remove: (path) => {
      if (!kept.delete(path)) throw new Error(`There is no ${path}.`);
    },
  };
}

/** The names that the paths have in a folder, folders with a slash at the end. */
function namesIn(folder: string, paths: Iterable<string>): string[] {
  const start = folder === '' ? '' : `${folder}/`;
  return [...paths].flatMap((path) => {
    if (!path.startsWith(start)) return [];
    const [name = '', ...below] = path.slice(start.length).split('/');
    return below.length === 0 ? [name] : [`${name}/`];
  });
}
