import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRegularFile } from '@connectorkit/harness/regular-file';
import { ConnectorError, type Files } from '@connectorkit/sdk';
import { userFolder } from '@connectorkit/sdk/node';
import { changedProblem } from '@connectorkit/sdk/project';

/** The folder of this machine's own state, in a project. */
const STATE = '.connector/';
/** Bytes of a key's file. */
const LARGEST = 1024;
/** 32 bytes in base64url. */
const KEY = /^[\w-]{43}$/;
/** The version of the form in which all state is written. */
const VERSION = 1;
/** The last members of a sealed object, with the comma before them. */
const SEAL = /,?\n {2}"stateVersion": (\d{1,9}),\n {2}"seal": "([\w-]{43})"(?=\s*\}\s*$)/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The same files, where the state in `.connector/` is read only if this user wrote it: what comes with a clone or an
 * archive is as if it were not there. Each file, a JSON object, ends with the version of its form and a seal, an
 * HMAC-SHA256 of its path, the version and its text. The key lies in the user's own folder, which no project can write
 * to, and is made when it is first needed.
 * @param leftAside is called with the path of a file that is left aside, each time that it is read, and the reason:
 * somebody else wrote it, or it is damaged
 * @throws ConnectorError usage `state/no-key` from `write`, when the key can neither be used nor made; usage
 * `state/newer-version` for a file that a newer version of the command wrote
 */
export function sealedState(
  files: Files,
  environment: Environment,
  leftAside: (path: string, reason: 'foreign' | 'damaged') => void = () => {},
): Files {
  const file = join(userFolder(environment), 'seal.key');
  let key: string | undefined;
  const known = () => {
    key ??= readKey(file);
    return key;
  };
  const read = (path: string) => {
    const text = files.read(path);
    if (text === undefined || !path.startsWith(STATE)) return text;
    const opened = open(known(), path, text);
    if (opened === undefined) leftAside(path, isJSON(text) ? 'foreign' : 'damaged');
    return opened;
  };
  return {
    ...files,
    read,
    list: (folder) => {
      const names = files.list(folder);
      if (!`${folder}/`.startsWith(STATE)) return names;
      return names.filter((name) => name.endsWith('/') || read(`${folder}/${name}`) !== undefined);
    },
    write: (path, text, options = {}) => {
      if (!path.startsWith(STATE)) return files.write(path, text, options);
      const sealed = seal(known() ?? makeKey(file), path, text);
      const { over, ...others } = options;
      if (over === undefined) return files.write(path, sealed, others);
      const before = files.read(path);
      const opened = before === undefined ? undefined : open(known(), path, before);
      if ((opened ?? null) !== over) throw new ConnectorError('conflict', [changedProblem(path)]);
      files.write(path, sealed, { ...others, over: before ?? null });
    },
  };
}

/** @param text of a JSON object */
function seal(key: string, path: string, text: string): string {
  const end = text.slice(0, text.lastIndexOf('}')).trimEnd();
  const comma = end.endsWith('{') ? '' : ',';
  const seal = codeOf(key, path, VERSION, text);
  return `${end}${comma}\n  "stateVersion": ${VERSION},\n  "seal": "${seal}"${text.slice(end.length)}`;
}

/** The text without its seal; undefined when it was sealed with another key or for another path, was changed, or has none. */
function open(key: string | undefined, path: string, sealed: string): string | undefined {
  const found = SEAL.exec(sealed);
  if (key === undefined || found === null) return undefined;
  const [whole, version, code = ''] = found;
  const text = sealed.slice(0, found.index) + sealed.slice(found.index + whole.length);
  const expected = Buffer.from(codeOf(key, path, Number(version), text));
  if (!crypto().timingSafeEqual(Buffer.from(code), expected)) return undefined;
  if (Number(version) > VERSION) throw newerVersion(path);
  return text;
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function newerVersion(path: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'state/newer-version',
    message: `${path} was written by a newer version of the command.`,
    hint: 'Use that version, or move the file away.',
    file: path,
  });
}

function codeOf(key: string, path: string, version: number, text: string): string {
  return crypto()
    .createHmac('sha256', key)
    .update(JSON.stringify([path, version, text]))
    .digest('base64url');
}

/** Loading it takes as long as validating a connection, and most commands look at no state. */
function crypto() {
  return process.getBuiltinModule('node:crypto');
}

/** Undefined when there is none that can be used. */
function readKey(file: string): string | undefined {
  try {
    const key = readRegularFile(file, LARGEST)?.toString('utf8');
    return key !== undefined && KEY.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Gives the user's own key, made when it is first needed.
 * @throws ConnectorError usage `state/no-key` when it can neither be used nor made
 */
export function userKey(environment: Environment): string {
  const file = join(userFolder(environment), 'seal.key');
  return readKey(file) ?? makeKey(file);
}

/** Another process may make one at the same time: whose is there first is the one of both. */
function makeKey(file: string): string {
  const aside = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(aside, crypto().randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
    try {
      putInPlace(aside, file);
    } finally {
      rmSync(aside, { force: true });
    }
  } catch (error) {
    throw noKey(file, String((error as NodeJS.ErrnoException).code), error);
  }
  const key = readKey(file);
  if (key === undefined) throw noKey(file, 'it is damaged');
  return key;
}

function putInPlace(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems have no links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    renameSync(aside, file);
  }
}

function noKey(file: string, why: string, cause?: unknown): ConnectorError {
  const hint =
    cause === undefined
      ? 'Remove it: a new one is made, and the state that it sealed is left aside.'
      : 'Set XDG_CONFIG_HOME to a folder of your own that can be written to.';
  const message = `The key of this machine’s own state in ${file} cannot be used: ${why}.`;
  return new ConnectorError('usage', { code: 'state/no-key', message, hint }, { cause });
}
