import {
  ConnectorError,
  type Converted,
  connectionsNamed,
  convert,
  openProject,
  SECTIONS,
  type Source,
  validate,
} from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { convert as command } from './convert.ts';

interface Rewritten extends Converted {
  readonly section: string;
  readonly source: Source;
}

export const run: Run<typeof command> = async (context, { connection: id, to, section: only, 'dry-run': dryRun }) => {
  const files = context.files(context.root());
  const project = openProject(files);
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
  if (!dryRun) for (const { source, text } of rewritten) files.write(source.file, text);
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
};

function summaryOf(names: readonly string[], to: string, dryRun: boolean, any: boolean): string {
  const form = to === 'schema' ? 'a JSON Schema' : 'an array';
  if (names.length > 0) return `${dryRun ? 'Would write' : 'Wrote'} ${names.join(' and ')} as ${form}.`;
  return any ? `Nothing to do: already ${form}.` : 'Nothing to do: the connection has no such section.';
}
