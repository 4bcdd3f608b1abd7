import { resolve } from 'node:path';
import type { Files } from '@connectorkit/sdk';
import { type Environment, LOCAL_FOLDER, type LocalRecords, updateFile } from '@connectorkit/sdk/project';
import { type LeftAside, openSealed, sealed } from './seal.ts';
import { userKey } from './user-key.ts';

/** Content of a record: a JSON object. */
export type Content = Readonly<Record<string, unknown>>;

/** The version of the form in which all local state is written. Every file ends with it. */
const STATE_VERSION = 1;

/** A record, as it lies in the folder: its file, and whether it holds secrets, so that only its owner may read it. */
const RECORDS = {
  /** By origin: the texts that were equal on both sides last, by hash. */
  texts: { file: 'synced.json', secret: false },
  /** By origin: fingerprints of values of `common`, and the key that they are made with. */
  fingerprints: { file: 'common.json', secret: true },
  /** By origin: what a push that has not ended is doing. */
  journal: { file: 'journal.json', secret: false },
  /** By origin: the request that is not answered yet. */
  pending: { file: 'pending.json', secret: false },
  /** How the harness calls things, by origin. */
  origins: { file: 'origins.json', secret: false },
  /** Hashes of the sections that were equal here and on the harness last, by origin. */
  lock: { file: 'lock.json', secret: false },
  /** Hashes of what was validated, and of the types that were made. */
  validation: { file: 'validation.json', secret: false },
  /** The address and the tokens of the harness that runs, or ran last. */
  harness: { file: 'harness.json', secret: true },
  /** Connections that were connected here, each encrypted. */
  connected: { file: 'connected.json', secret: true },
} as const satisfies Record<string, { readonly file: string; readonly secret: boolean }>;

type StateRecord = keyof typeof RECORDS;

const SNAPSHOTS = `${LOCAL_FOLDER}/snapshots`;

/** Where the address and the tokens of a harness are, relative to the folder that it was started in. */
export const HARNESS_FILE = fileOf('harness');

/** The files of the records that hold secrets, relative to the folder. */
export function secretRecords(): readonly string[] {
  return Object.values(RECORDS).flatMap(({ file, secret }) => (secret ? [`${LOCAL_FOLDER}/${file}`] : []));
}

/** The SQLite file of the harness of a folder. It is the harness's own, and no record. */
export function harnessDatabase(folder: string): string {
  return resolve(folder, LOCAL_FOLDER, 'harness.db');
}

/** The lock that is held while a harness of a folder starts or stops. */
export function harnessLock(folder: string): string {
  return resolve(folder, LOCAL_FOLDER, 'harness.lock');
}

/**
 * Data that this user keeps of a project on this machine: records, each a JSON object, and snapshots of what pushes changed.
 * Data that cannot be relied on is ignored.
 * @throws ConnectorError usage `state/newer-version` for what a newer version of the command wrote; from what writes,
 * usage `state/no-key` when the user's key can neither be used nor made, and what writing a file throws
 */
export interface LocalState extends LocalRecords {
  read(record: StateRecord): Content | undefined;
  update(record: StateRecord, change: (before: Content) => Content): void;
  /** Lists the names of the snapshots that end with a text, sorted. */
  snapshots(end: string): readonly string[];
  snapshot(name: string): Content | undefined;
  keepSnapshot(name: string, snapshot: object): void;
}

/**
 * Opens the state in a folder. It is believed only where this user wrote it: each file ends with a seal, made with a key
 * of the user's own, which no clone and no archive can bring.
 * @param files of the folder
 * @param leftAside is called with the path of a file that is left aside, each time that it is read, and the reason
 */
export function openLocalState(
  files: Files,
  environment: Environment,
  leftAside: (path: string, reason: LeftAside) => void = () => {},
): LocalState {
  const open = (path: string, text: string | undefined): Content | undefined => {
    if (text === undefined) return undefined;
    const opened = openSealed({ path, text, version: STATE_VERSION, key: userKey(environment) });
    if (typeof opened !== 'string') return opened.content;
    leftAside(path, opened);
    return undefined;
  };
  const read = (path: string) => open(path, files.read(path));
  const write = (path: string, secret: boolean, change: (before: Content) => Content) => {
    const key = userKey(environment, { make: true });
    hide(files);
    const textOf = (text: string | undefined) => {
      return sealed({ path, content: change(open(path, text) ?? {}), version: STATE_VERSION, key });
    };
    updateFile(files, path, textOf, { secret });
  };
  return {
    read: (record) => read(fileOf(record)),
    update: (record, change) => write(fileOf(record), RECORDS[record].secret, change),
    snapshots: (end) => {
      const names = files.list(SNAPSHOTS).filter((file) => file.endsWith(`${end}.json`));
      return names.filter((file) => read(`${SNAPSHOTS}/${file}`) !== undefined).map((file) => file.slice(0, -5));
    },
    snapshot: (name) => read(`${SNAPSHOTS}/${name}.json`),
    keepSnapshot: (name, snapshot) => write(`${SNAPSHOTS}/${name}.json`, true, () => ({ ...snapshot })),
  };
}

function fileOf(record: StateRecord): string {
  return `${LOCAL_FOLDER}/${RECORDS[record].file}`;
}

/** Keeps the folder out of git, whatever the project's .gitignore says. */
function hide(files: Files): void {
  const file = `${LOCAL_FOLDER}/.gitignore`;
  if (files.read(file) === undefined) files.write(file, '*\n');
}
