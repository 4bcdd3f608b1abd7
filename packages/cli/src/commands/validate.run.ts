import { ConnectorError, type Diagnostic, nearest, openProject, type Project, validate } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { validate as command } from './validate.ts';

export const run: Run<typeof command> = async (context, { connection: ids }) => {
  const project = openProject(context.files(context.root()));
  // One that cannot be read is none of the project's connections, and is among its problems whatever is chosen.
  const readable = ids.filter((id) => !isBroken(id, project));
  const diagnostics = validate(project, ids.length === 0 ? {} : { connections: readable });
  const checked = ids.length === 0 ? project.connections.map(({ id }) => id) : ids;
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  return {
    diagnostics,
    data: { connections: checked, ...counts(diagnostics) },
    summary: `${countWords(diagnostics)} in ${plural(checked.length, 'connection')}.`,
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

/** @throws ConnectorError usage `project/unknown-connection` */
export function checkId(id: string, project: Project): void {
  const known = project.connections.map((each) => each.id);
  if (known.includes(id)) return;
  const meant = nearest(id, known);
  throw new ConnectorError('usage', {
    code: 'project/unknown-connection',
    message: `The project has no connection ${JSON.stringify(id)}.`,
    hint: meant === undefined ? `Connections are ${known.join(', ')}.` : `Did you mean ${meant}?`,
  });
}

/** Whether there is such a connection, but one that cannot be read. */
function isBroken(id: string, { connections, problems }: Project): boolean {
  if (connections.some((each) => each.id === id)) return false;
  return problems.some(({ file }) => file?.startsWith(`connections/${id}/`) === true);
}
