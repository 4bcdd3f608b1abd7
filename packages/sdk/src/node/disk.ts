import { isUtf8 } from 'node:buffer';
import {
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ConnectorError } from '../diagnostics.ts';
import { lookUp } from '../json.ts';
import { changedProblem, type Files, type WriteOptions } from '../project/files.ts';
import { type OpenOptions, openProject } from '../project/index.ts';
import { PROJECT_FILES, type Project } from '../project/project.ts';
import { exclusively } from './file-lock.ts';
import { ignoredIn } from './git.ts';
import { makeFolder } from './make-folder.ts';
import { renameInCase, renamePatiently } from './rename.ts';
import { stampOf, UNLESS_ABSENT } from './stamp.ts';

/** Paths that need no second look: names without a dot at their beginning, and slashes. */
const PLAIN = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;
/** Bytes; the largest section that a platform takes is a tenth of it. */
const LARGEST = 20 * 1024 * 1024;

/** The nearest folder from `cwd` upwards that holds a project, absolute. */
export function findProject(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    // Even a link that leads nowhere: reading it says so.
    if (PROJECT_FILES.some((marker) => isThere(join(folder, marker)))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * The files below `root`, and no others: neither a path nor a symbolic link leads out of it.
 * Invalid UTF-8 is read as a lone surrogate and a byte order mark is kept, so that the reader can report them.
 * @throws ConnectorError usage when a file is too large, leads out of the root or cannot be read or written.
 */
export function filesIn(root: string): Files {
  const disk = new Disk(root);
  return {
    folder: resolve(root).replaceAll(sep, '/'),
    read: (path) => disk.read(path),
    list: (folder) => disk.list(folder),
    write: (path, text, options) => disk.write(path, text, options),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    ignored: (paths) => ignoredIn(root, paths),
    stamp: (paths, before) => stampOf(resolve(root), paths, before),
  };
}

/**
 * Opens the project in a folder on disk. Faulty files do not stop it: they are in `problems`.
 * @param folder a path, absolute or from the folder that the process runs in
 * @throws ConnectorError usage `project/not-found` when the folder holds no project; use `findProject` from inside of one.
 */
export function openProjectIn(folder: string, options?: OpenOptions): Project {
  return openProject(filesIn(folder), options);
}

class Disk {
  readonly #root: string;
  readonly #prefix: string;
  /** The real path of the root, once it exists. */
  #real: string | undefined;
  /** Folders that were seen not to lead out of the root. */
  readonly #inside = new Set<string>();
  /** The one that was asked about last, with a separator: most questions are about the same. */
  #lastInside = '\0';

  constructor(root: string) {
    this.#root = resolve(root);
    this.#prefix = withSeparator(this.#root);
  }

  read(path: string): string | undefined {
    const file = this.#resolve(path);
    return attempt(path, 'read', () => {
      const descriptor = openUnlinked(file) ?? this.#openLinked(path, file);
      try {
        return textIn(descriptor, path);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  #openLinked(path: string, file: string): number {
    this.#refuseOutside(path, file);
    return openSync(file, READING);
  }

  list(folder: string): readonly string[] {
    const place = this.#resolve(folder);
    const entries = attempt(folder, 'read', () => {
      this.#checkFolder(folder, place);
      const found = readdirSync(place, { withFileTypes: true });
      // A folder that is no link leads nowhere else.
      for (const entry of found) if (entry.isDirectory()) this.#inside.add(place + sep + entry.name);
      return found;
    });
    return (entries ?? []).map((entry) => (isFolder(place, entry) ? `${entry.name}/` : entry.name)).sort();
  }

  write(path: string, text: string, { secret = false, over }: WriteOptions = {}): void {
    const file = this.#target(path);
    attempt(path, 'written', () => {
      const before = statIfThere(file);
      const mode = secret ? 0o600 : before === undefined ? 0o666 : before.mode & 0o777;
      const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.${Date.now().toString(36)}.tmp`);
      try {
        writeFileSync(temporary, text, { flag: 'wx', mode });
        // What a file may be opened by was decided when it was made, whatever the umask is now.
        if (before !== undefined) chmodSync(temporary, mode);
        if (over === undefined) renamePatiently(temporary, file);
        else exclusively(file, () => this.#replace(path, over, () => renamePatiently(temporary, file)));
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  }

  /** Looks once more, directly before a file is replaced. */
  #replace(path: string, over: string | null, replace: () => void): void {
    if ((this.read(path) ?? null) !== over) throw new ConnectorError('conflict', [changedProblem(path)]);
    replace();
  }

  rename(from: string, to: string): void {
    const source = this.#resolve(from);
    const target = this.#target(to);
    attempt(from, 'renamed', () => {
      this.#checkFolder(from, dirname(source));
      renameInCase(dirname(source), dirname(target));
      renamePatiently(source, target);
    });
    this.#removeEmpty(dirname(source));
  }

  remove(path: string): void {
    const file = this.#resolve(path);
    attempt(path, 'removed', () => {
      this.#checkFolder(path, dirname(file));
      rmSync(file);
    });
    this.#removeEmpty(dirname(file));
  }

  /** Removes a folder and those above it, as far as nothing is in them. */
  #removeEmpty(folder: string): void {
    for (let at = folder; at.startsWith(this.#prefix); at = dirname(at)) {
      try {
        rmdirSync(at);
      } catch {
        return;
      }
      this.#inside.delete(at);
      this.#lastInside = '\0';
    }
  }

  /** Where a path is written: its folder is made, and a link that stays inside is written through. */
  #target(path: string): string {
    const file = this.#resolve(path);
    attempt(path, 'written', () => {
      const nearest = nearestFolder(dirname(file));
      if (nearest.length >= this.#root.length) this.#checkFolder(path, nearest);
      makeFolder(dirname(file));
    });
    if (lstatSync(file, UNLESS_ABSENT)?.isSymbolicLink() !== true) return file;
    return attempt(path, 'written', () => {
      this.#refuseOutside(path, file);
      return realpathSync(file);
    }) as string;
  }

  #resolve(path: string): string {
    if (PLAIN.test(path)) {
      const file = this.#prefix + (sep === '/' ? path : path.replaceAll('/', sep));
      const last = this.#lastInside;
      if (file.startsWith(last) && file.indexOf(sep, last.length) < 0) return file;
      const folder = path.includes('/') ? file.slice(0, file.lastIndexOf(sep)) : this.#root;
      if (!this.#inside.has(folder)) attempt(path, 'read', () => this.#checkFolder(path, folder));
      if (this.#inside.has(folder)) this.#lastInside = withSeparator(folder);
      return file;
    }
    const parts = path.split('/');
    const leaves = parts.some((part) => part === '..' || part.includes('\\') || part.includes('\0'));
    const file = resolve(this.#root, ...parts);
    const inside = file === this.#root || file.startsWith(withSeparator(this.#root));
    if (leaves || path.startsWith('/') || !inside) throw outside(path);
    if (file !== this.#root) attempt(path, 'read', () => this.#checkFolder(path, dirname(file)));
    return file;
  }

  #checkFolder(path: string, folder: string): void {
    if (this.#inside.has(folder)) return;
    this.#refuseOutside(path, folder);
    this.#inside.add(folder);
  }

  #refuseOutside(path: string, place: string): void {
    this.#real ??= realpathSync(this.#root);
    const real = realPathOf(path, place);
    if (real !== this.#real && !real.startsWith(withSeparator(this.#real))) throw outside(path);
  }
}

/** @throws ConnectorError usage for a link that leads nowhere; Node's errors. */
function realPathOf(path: string, place: string): string {
  try {
    return realpathSync(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw lstatSync(place, UNLESS_ABSENT)?.isSymbolicLink() ? dangling(path) : error;
  }
}

/** Where a short file is read to: nearly every section is one. */
const SHORT = Buffer.allocUnsafe(64 * 1024);

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK = 0 } = constants;
/** Without waiting: a pipe that nobody writes to would never be open. */
const READING = O_RDONLY | O_NONBLOCK;

/** The descriptor of a file that is opened for reading; undefined for a link. */
function openUnlinked(file: string): number | undefined {
  if (O_NOFOLLOW === undefined) return lstatSync(file).isSymbolicLink() ? undefined : openSync(file, READING);
  try {
    return openSync(file, READING | O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw error;
  }
}

/** The text of a regular file; undefined for a folder. */
function textIn(descriptor: number, path: string): string | undefined {
  const facts = fstatSync(descriptor);
  if (facts.isDirectory()) return undefined;
  if (!facts.isFile()) throw special(path);
  if (facts.size > LARGEST) throw tooLarge(path, facts.size);
  if (facts.size < SHORT.length) {
    const count = readSync(descriptor, SHORT, 0, SHORT.length, 0);
    // A file gives less than it is asked for at its end alone.
    if (count < SHORT.length) return utf8Text(SHORT.subarray(0, count));
  }
  return utf8Text(readFileSync(descriptor));
}

/** The bytes of U+FFFD, which a text may hold. */
const REPLACEMENT = Buffer.from('\ufffd');

/** The text of bytes; what is no UTF-8 becomes a lone surrogate, which no UTF-8 can hold, so that a reader can tell it. */
export function utf8Text(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  const parts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(REPLACEMENT, start);
    const end = found < 0 ? bytes.length : found;
    parts.push(bytes.toString('utf8', start, end).replaceAll('\ufffd', '\udcff'));
    start = end + REPLACEMENT.length;
  }
  return parts.join('\ufffd');
}

/** Messages for errors that the user can correct, by code. Other errors are bugs. */
const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ELOOP: 'its links lead in a circle',
  EBUSY: 'another program holds it',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'a folder has that name',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENXIO: 'it is a socket or a device',
};

/** What a user can correct of an error of the file system, with its code; undefined for what is a bug. */
export function faultOf(error: unknown): string | undefined {
  const code = String((error as NodeJS.ErrnoException).code);
  const fault = lookUp(FAULTS, code);
  return fault && `${fault} (${code})`;
}

/** Errors that say that there is nothing to read. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

function attempt<Value>(
  path: string,
  done: 'read' | 'written' | 'renamed' | 'removed',
  work: () => Value,
): Value | undefined {
  try {
    return work();
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (done === 'read' && ABSENT.has(code)) return undefined;
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    const message = `${path} cannot be ${done}: ${fault}.`;
    throw new ConnectorError('usage', { code: 'project/unreadable', message, file: path }, { cause: error });
  }
}

function isFolder(place: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statIfThere(join(place, entry.name))?.isDirectory() === true;
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, UNLESS_ABSENT) !== undefined;
  } catch {
    return false;
  }
}

function statIfThere(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`;
}

function unreadable(path: string, message: string, hint: string): ConnectorError {
  return new ConnectorError('usage', { code: 'project/unreadable', message, hint, file: path });
}

function outside(path: string): ConnectorError {
  const hint = 'Put a copy of the file into the project in place of the link.';
  return unreadable(path, `${JSON.stringify(path)} is outside of the project’s folder.`, hint);
}

function dangling(path: string): ConnectorError {
  const hint = 'Put the file in the place of the link, or remove the link.';
  return unreadable(path, `${path} is a link to something that is not there.`, hint);
}

/** Returns the error for something that is not a regular file: it gives no text, or one without an end. */
function special(path: string): ConnectorError {
  return unreadable(path, `${path} is a pipe or a device; only files are read.`, 'Put a file in its place.');
}

function tooLarge(path: string, size: number): ConnectorError {
  const megabytes = [Math.ceil(size / 1024 / 1024), LARGEST / 1024 / 1024];
  const message = `${path} has ${megabytes[0]} MB; files of a project have ${megabytes[1]} MB at most.`;
  return unreadable(path, message, 'Move it out of the project’s folder.');
}
