import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import type { Diagnostic } from '../diagnostics.ts';
import type { Connection, Project } from '../project/project.ts';
import { validate } from '../validate.ts';

/** Where this machine keeps the seals of connections in which nothing was wrong. */
const RECORD = '.connector/validated.txt';

/**
 * What `validate` gives, without looking again at connections in which nothing was wrong before: neither their
 * sections, nor how heavily problems weigh, nor this package has changed since, and nothing else counts.
 */
export function validateChanged(project: Project): Diagnostic[] {
  const { files, connections } = project;
  const text = files.read(RECORD);
  const known = new Set(text?.split('\n'));
  const seals = new Map(connections.map((connection) => [connection.id, sealOf(project, connection)]));
  const changed = connections.filter(
    (connection) => !known.has(seals.get(connection.id) ?? '') || isTold(project.problems, connection),
  );
  const problems = validate(project, { connections: changed.map(({ id }) => id) });
  const clean = connections.filter((connection) => !isTold(problems, connection));
  const record = clean.map(({ id }) => `${seals.get(id)}\n`).join('');
  if (record !== (text ?? '')) files.write(RECORD, record);
  return problems;
}

/** A hash of all that decides what is wrong with the texts of a connection. */
function sealOf({ rules }: Project, { type, sections }: Connection): string {
  const texts = Object.entries(sections).map(([name, { file, text }]) => [name, file, text]);
  return createHash('sha256')
    .update(JSON.stringify([BUILD, [...rules], type, texts]))
    .digest('base64');
}

function isTold(problems: readonly Diagnostic[], { folder, descriptor, sections }: Connection): boolean {
  const own = new Set([descriptor.file, ...Object.values(sections).map(({ file }) => file)]);
  return problems.some(({ file }) => file !== undefined && (own.has(file) || file.startsWith(`${folder}/`)));
}
