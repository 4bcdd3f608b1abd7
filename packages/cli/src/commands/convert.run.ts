import {
  ConnectorError,
  type Converted,
  convert,
  type Files,
  openProject,
  type Project,
  SECTIONS,
  type Source,
  validate,
} from '@connectorkit/sdk';
import { connectionsNamed, type Layout, relayout, renameAndWrite, writeAll } from '@connectorkit/sdk/project';
import type { Arguments, Result, Run } from '../command.ts';
import type { convert as command } from './convert.ts';

interface Rewritten extends Converted {
  readonly section: string;
  readonly source: Source;
}

type Args = Arguments<typeof command>;

export const run: Run<typeof command> = async (context, args) => {
  const files = context.files(context.root());
  const project = openProject(files);
  const { connection, layout, to } = args;
  if (layout !== undefined) return moved(project, files, args, layout);
  if (connection !== undefined && to !== undefined) return rewrite(project, files, args, connection, to);
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `${context.program} convert requires <connection> and --to, or --layout.`,
    hint: `For example: ${context.program} convert ${project.connections[0]?.id ?? 'main'} --to schema`,
  });
};

/** Moves the whole project. Files are written before those that name them, and the manifests last. */
function moved(
  project: Project,
  files: Files,
  { connection, to, section, 'dry-run': dryRun }: Args,
  layout: Layout['name'],
): Result {
  if (connection !== undefined || to !== undefined || section !== undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--layout converts the whole project, so it cannot be combined with a connection or --to.',
      hint: 'Convert forms in a separate command.',
    });
  }
  const { renames, writes } = relayout(project, layout);
  if (!dryRun) renameAndWrite(files, renames, writes);
  const named = writes.map(({ file }) => file);
  return {
    data: { layout, written: !dryRun, renames, files: named },
    lines: [...renames.map(([from, target]) => `${from} → ${target}`), ...named],
    summary: dryRun ? 'Nothing was done: this was a dry run.' : `The project is in the ${layout} layout now.`,
    next: dryRun ? [`connector convert --layout ${layout}`] : ['connector validate'],
  };
}

function rewrite(
  project: Project,
  files: Files,
  { section: only, 'dry-run': dryRun }: Args,
  id: string,
  to: 'schema' | 'array',
): Result {
  const [connection] = connectionsNamed(project, [id]);
  const chosen = SECTIONS.filter(({ name }) => only === undefined || name === only);
  const present = chosen.flatMap((section) => {
    const source = connection?.sections[section.name];
    return source === undefined || !('authoring' in section) ? [] : [{ section, source }];
  });
  const faulty = validate(project, { connections: [id] }).filter(
    ({ severity, file }) => severity === 'error' && present.some(({ source }) => source.file === file),
  );
  if (faulty.length > 0) throw new ConnectorError('findings', faulty);
  const rewritten = present.flatMap(({ section, source }): Rewritten[] => {
    const converted = convert(section, source, to);
    return converted === undefined ? [] : [{ ...converted, section: section.name, source }];
  });
  const changes = rewritten.map(({ source: { file, text: over }, text }) => ({ file, text, over }));
  if (!dryRun) writeAll(files, changes);
  const names = rewritten.map(({ source }) => source.file);
  return {
    data: {
      connection: id,
      to,
      written: dryRun !== true,
      files: rewritten.map(({ source, section, text }) => ({ file: source.file, section, text })),
    },
    diagnostics: rewritten.flatMap(({ lost }) => lost),
    lines: dryRun ? rewritten.flatMap(({ text }) => text.trimEnd().split('\n')) : [],
    summary: summaryOf(names, to, dryRun === true, present.length > 0),
    next: dryRun || names.length === 0 ? [] : [`connector validate ${id}`],
  };
}

function summaryOf(names: readonly string[], to: string, dryRun: boolean, any: boolean): string {
  const form = to === 'schema' ? 'a JSON Schema' : 'an array';
  if (names.length > 0) return `${dryRun ? 'Would write' : 'Wrote'} ${names.join(' and ')} as ${form}.`;
  return any ? `Nothing to do: already ${form}.` : 'Nothing to do: the connection has no such section.';
}
