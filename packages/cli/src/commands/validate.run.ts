import { type Diagnostic, openProject, type Project, validate } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { validate as command } from './validate.ts';

export const run: Run<typeof command> = async (context, { connection: ids }) => {
  const project = openProject(context.files(context.root()));
  // One that cannot be read is none of the project's connections, and is among its problems whatever is chosen.
  const readable = ids.filter((id) => project.connections.some((each) => each.id === id) || !isBroken(id, project));
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

function isBroken(id: string, { problems }: Project): boolean {
  return problems.some(({ file }) => file?.startsWith(`connections/${id}/`) === true);
}
