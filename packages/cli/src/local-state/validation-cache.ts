import { ConnectorError, type Diagnostic, type Files, type Project, validate } from '@connectorkit/sdk';
import { connectionHashes, DECLARATIONS, hashOf, stampOf } from '@connectorkit/sdk/project';
import type { Content, LocalState } from './index.ts';

/**
 * Gives what `validate` gives, without validating connections again that are as they were when nothing was wrong with
 * them.
 * @param keep whether the connections in which nothing is wrong are written down for the next time
 */
export function validateCached(project: Project, state: LocalState, { keep = true } = {}): Diagnostic[] {
  const { connections } = project;
  const valid = validIn(state);
  const hashes = connectionHashes(project);
  const isKnown = (id: string) => valid.has(hashes.get(id));
  const problems = validate(project, { connections: connections.flatMap(({ id }) => (isKnown(id) ? [] : [id])) });
  if (keep) {
    const faulty = new Set(problems.map(({ connection }) => connection));
    const clean = connections.filter(({ id }) => !faulty.has(id));
    update(state, { valid: clean.map(({ id }) => hashes.get(id)) });
  }
  return problems;
}

/** Record of the types that were written. */
interface Types {
  /** A hash of the connections that they were made from, in which there were no errors. */
  readonly from: string;
  /** A hash of the types. */
  readonly text: string;
  /** The files that the project was read from, and their stamp, where they have one. */
  readonly watched?: readonly string[];
  readonly stamp?: string;
}

/**
 * Checks if the file of types is as it was written, and nobody has touched what it was made from: told by the system's
 * stamps, without opening the project. Where this is not so, areTypesCurrent looks at what the texts say.
 */
export function areTypesUntouched(files: Files, state: LocalState): boolean {
  const types = typesIn(state);
  if (types?.watched === undefined || types.stamp === undefined) return false;
  return stampOf(files, types.watched) === types.stamp && isWritten(files, types);
}

/**
 * Checks if the file of types was written from what the project holds: nobody has changed it since, nor a connection, and
 * there are no errors.
 */
export function areTypesCurrent(project: Project, state: LocalState): boolean {
  const types = typesIn(state);
  if (types === undefined || project.problems.some(({ severity }) => severity === 'error')) return false;
  return types.from === hashOfAll(project) && isWritten(project.files, types);
}

/**
 * Writes down that the file of types holds a text that was made from a project without errors.
 * @param opened when the project began to be read, in ms since 1970; without it nothing is said for areTypesUntouched
 */
export function recordTypes(project: Project, state: LocalState, text: string, opened?: number): void {
  const { files, watched } = project;
  const stamp = opened === undefined ? undefined : stampOf(files, watched, opened);
  const types: Types = {
    from: hashOfAll(project),
    text: hashOf(text),
    ...(stamp === undefined ? {} : { watched, stamp }),
  };
  update(state, { types });
}

function hashOfAll(project: Project): string {
  return hashOf(JSON.stringify([[...project.rules], [...connectionHashes(project).values()]]));
}

function isWritten(files: Files, { text }: Types): boolean {
  return text === hashOf(files.read(DECLARATIONS) ?? '');
}

/** The record is ours and of this version: it is not read otherwise. */
function typesIn(state: LocalState): Types | undefined {
  return state.read('validation')?.types as Types | undefined;
}

/** The hashes of connections in which nothing was wrong. */
function validIn(state: LocalState): ReadonlySet<unknown> {
  const { valid } = state.read('validation') ?? {};
  return new Set(Array.isArray(valid) ? valid : []);
}

/** It only saves time, so that a disk that cannot be written fails nothing. */
function update(state: LocalState, change: Content): void {
  try {
    state.update('validation', (before) => ({ ...before, ...change }));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
}
