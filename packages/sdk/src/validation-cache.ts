import { connectionHash, hashOf } from './connection-hash.ts';
import { ConnectorError, type Diagnostic } from './diagnostics.ts';
import { isObject } from './json.ts';
import { updateFile } from './project/files.ts';
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
 * Whether the file of types was written from what the project holds: nobody has changed it since, nor a connection, and
 * there are no errors.
 */
export function areTypesCurrent(project: Project): boolean {
  const { types } = read(project);
  if (types === undefined || project.problems.some(({ severity }) => severity === 'error')) return false;
  return types.from === hashOfAll(project) && types.text === hashOf(project.files.read(DECLARATIONS) ?? '');
}

/** Writes down that the file of types holds a text that was made from a project without errors. */
export function recordTypes(project: Project, text: string): void {
  update(project, { types: { from: hashOfAll(project), text: hashOf(text) } });
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
      ...(isObject(types) ? { types: { from: String(types.from), text: String(types.text) } } : {}),
    };
  } catch {
    return {};
  }
}
