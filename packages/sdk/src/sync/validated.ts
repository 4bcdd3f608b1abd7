import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import type { Files } from '../project/files.ts';
import type { Connection, Project } from '../project/project.ts';
import { validate } from '../validate.ts';

/** Where this machine keeps the seals of connections in which nothing was wrong. */
const RECORD = '.connector/validated.json';

/**
 * What `validate` gives, without looking again at connections in which nothing was wrong before: neither their
 * sections, nor how heavily problems weigh, nor this package has changed since, and nothing else counts.
 * @param keeps whether that nothing was wrong is written down for the next time, if the disk lets us
 */
export function validateChanged(project: Project, keeps = true): Diagnostic[] {
  const { files, connections } = project;
  const text = files.read(RECORD);
  const known = new Set(sealsIn(text));
  const seals = new Map(connections.map((connection) => [connection.id, sealOf(project, connection)]));
  const changed = connections.filter(
    (connection) => !known.has(seals.get(connection.id) ?? '') || isTold(project.problems, connection),
  );
  const problems = validate(project, { connections: changed.map(({ id }) => id) });
  const clean = connections.filter((connection) => !isTold(problems, connection));
  const record = `${JSON.stringify({ clean: clean.map(({ id }) => seals.get(id)) })}\n`;
  if (keeps && record !== text) keep(files, record);
  return problems;
}

function sealsIn(text: string | undefined): readonly unknown[] {
  try {
    const { clean } = JSON.parse(text ?? '{}');
    return Array.isArray(clean) ? clean : [];
  } catch {
    return [];
  }
}

/** It only saves time, so that a disk that cannot be written fails nothing. */
function keep(files: Files, record: string): void {
  try {
    files.write(RECORD, record);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
}

/** A hash of all that decides what is wrong with the texts of a connection. */
function sealOf({ rules }: Project, { type, possibleTypes, sections }: Connection): string {
  const texts = Object.entries(sections).map(([name, { file, text }]) => [name, file, text]);
  return createHash('sha256')
    .update(JSON.stringify([BUILD, [...rules], possibleTypes ?? type, texts]))
    .digest('base64');
}

function isTold(problems: readonly Diagnostic[], { id }: Connection): boolean {
  return problems.some(({ connection }) => connection === id);
}
