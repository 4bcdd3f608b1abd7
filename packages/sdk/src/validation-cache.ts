import { BUILD } from '#generated/build.js';
import { connectionHash, hashOf } from './connection-hash.ts';
import { ConnectorError, type Diagnostic } from './diagnostics.ts';
import { isObject, type JSONObject } from './json.ts';
import { type Files, updateFile } from './project/files.ts';
import { DECLARATIONS, type Project } from './project/project.ts';
import { validate } from './validate.ts';

/** Where this machine keeps what it need not do again. */
const CACHE = '.connector/validation.json';

interface Cache {
  /** The hashes of connections in which nothing was wrong. */
  readonly valid?: readonly string[];
  readonly types?: {
    /** A hash of the connections that the types were made from, in which there were no errors. */
    readonly from: string;
    /** A hash of the types. */
    readonly text: string;
    /** Files that the project was read from, with their stamps: while these are the same nothing need be read. */
    readonly watched?: readonly string[];
    readonly stamp?: string;
  };
}

/**
 * Gives what `validate` gives, without validating connections again that are as they were when nothing was wrong with
 * them.
 * @param keep whether the connections in which nothing is wrong are written down for the next time
 */
export function validateCached(project: Project, { keep = true } = {}): Diagnostic[] {
  const { connections } = project;
  const valid = new Set(read(project).valid);
  const hashes = new Map(connections.map((connection) => [connection.id, connectionHash(project, connection)]));
  const isKnown = (id: string) => valid.has(hashes.get(id) ?? '') && !isNamed(project.problems, id);
  const problems = validate(project, { connections: connections.flatMap(({ id }) => (isKnown(id) ? [] : [id])) });
  if (keep) {
    const clean = connections.filter(({ id }) => !isNamed(problems, id));
    update(project, { valid: clean.flatMap(({ id }) => hashes.get(id) ?? []) });
  }
  return problems;
}

/**
 * Checks if the file of types is as it was written, and nobody has touched what it was made from: told by the system's
 * stamps, without opening the project. Where this is not so, areTypesCurrent looks at what the texts say.
 */
export function areTypesUntouched(files: Files): boolean {
  const { types } = parsed(files.read(CACHE));
  if (types?.stamp === undefined || types.watched === undefined) return false;
  const stamp = files.stamp?.(types.watched);
  return stamp !== undefined && withBuild(stamp) === types.stamp && isWritten(files, types);
}

/**
 * Checks if the file of types was written from what the project holds: nobody has changed it since, nor a connection, and
 * there are no errors.
 */
export function areTypesCurrent(project: Project): boolean {
  const { types } = read(project);
  if (types === undefined || project.problems.some(({ severity }) => severity === 'error')) return false;
  return types.from === hashOfAll(project) && isWritten(project.files, types);
}

/**
 * Writes down that the file of types holds a text that was made from a project without errors.
 * @param opened when the project began to be read, in ms since 1970; without it nothing is said for areTypesUntouched
 */
export function recordTypes(project: Project, text: string, opened?: number): void {
  const { files, watched } = project;
  const stamp = opened === undefined ? undefined : files.stamp?.(watched, opened);
  const read = stamp === undefined ? {} : { watched, stamp: withBuild(stamp) };
  update(project, { types: { from: hashOfAll(project), text: hashOf(text), ...read } });
}

/** Another version of this package may make other types of the same files. */
function withBuild(stamp: string): string {
  return `${BUILD} ${stamp}`;
}

function isWritten(files: Files, { text }: NonNullable<Cache['types']>): boolean {
  return text === hashOf(files.read(DECLARATIONS) ?? '');
}

function hashOfAll(project: Project): string {
  return hashOf([[...project.rules], project.connections.map((connection) => connectionHash(project, connection))]);
}

function isNamed(problems: readonly Diagnostic[], id: string): boolean {
  return problems.some(({ connection }) => connection === id);
}

function read({ files }: Project): Cache {
  return parsed(files.read(CACHE));
}

/** It only saves time, so that a disk that cannot be written fails nothing. */
function update({ files }: Project, change: Cache): void {
  try {
    updateFile(files, CACHE, (text) => `${JSON.stringify({ ...parsed(text), ...change })}\n`);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
}

function parsed(text: string | undefined): Cache {
  try {
    const { valid, types } = JSON.parse(text ?? '{}');
    return {
      ...(Array.isArray(valid) ? { valid } : {}),
      ...(isObject(types) ? { types: typesIn(types) } : {}),
    };
  } catch {
    return {};
  }
}

function typesIn({ from, text, watched, stamp }: JSONObject): NonNullable<Cache['types']> {
  const isStamped = Array.isArray(watched) && watched.every((path) => typeof path === 'string');
  return { from: String(from), text: String(text), ...(isStamped ? { watched, stamp: String(stamp) } : {}) };
}
