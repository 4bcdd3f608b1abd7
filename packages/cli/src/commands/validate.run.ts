import { ConnectorError, type Diagnostic, nearest, openProject, type Project, validate } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { validate as command } from './validate.ts';

export const run: Run<typeof command> = async (context, { connection: ids }) => {
  const project = openProject(context.files(context.root()));
  for (const id of ids) checkId(id, project);
  const all = validate(project);
  const diagnostics = ids.length === 0 ? all : all.filter((each) => concerns(each, ids));
  const checked = ids.length === 0 ? project.connections.length : ids.length;
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  return {
    diagnostics,
    data: { connections: ids.length === 0 ? project.connections.map(({ id }) => id) : ids, ...counts(diagnostics) },
    summary: `${countWords(diagnostics)} in ${plural(checked, 'connection')}.`,
    next: worst === undefined ? [] : [`connector explain ${worst.code}`],
  };
};

/** How many there are of each severity. */
export function counts(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number; infos: number } {
  const count = (severity: string) => diagnostics.filter((each) => each.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

function countWords(diagnostics: readonly Diagnostic[]): string {
  const { errors, warnings, infos } = counts(diagnostics);
  const words = [
    errors && plural(errors, 'error'),
    warnings && plural(warnings, 'warning'),
    infos && `${infos} to know`,
  ];
  return words.filter(Boolean).join(', ') || 'No problems';
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Whether a problem lies in one of the connections, or in what all of them share. */
function concerns({ file }: Diagnostic, ids: readonly string[]): boolean {
  if (file === undefined || !file.startsWith('connections/')) return true;
  return ids.some((id) => file.startsWith(`connections/${id}/`));
}

/** @throws ConnectorError usage `project/unknown-connection` */
export function checkId(id: string, project: Project): void {
  const known = project.connections.map((each) => each.id);
  if (known.includes(id)) return;
  // A connection that cannot be read is none of the project's, but its problems are told.
  if (project.problems.some(({ file }) => file?.startsWith(`connections/${id}/`))) return;
  const meant = nearest(id, known);
  throw new ConnectorError('usage', {
    code: 'project/unknown-connection',
    message: `The project has no connection ${JSON.stringify(id)}.`,
    hint: meant === undefined ? `Connections are ${known.join(', ')}.` : `Did you mean ${meant}?`,
  });
}
