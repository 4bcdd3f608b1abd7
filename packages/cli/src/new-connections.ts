import { join } from 'node:path';
import {
  type Connection,
  ConnectorError,
  type Diagnostic,
  type Files,
  openProject,
  type SectionName,
} from '@connectorkit/sdk';
import { filesIn, openProjectIn } from '@connectorkit/sdk/node';
import type { Imported } from '@connectorkit/sdk/openapi';
import type { ConnectionChange } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import { writeEditorSettings } from './editor-settings.ts';
import { writeFirstTests } from './first-test.ts';
import { type ImportArguments, importConnections, markProblems } from './import-connections.ts';
import { type TemplateFolder, templateFolder } from './templates.ts';

/** The options that say where connections come from, of which one is given. */
const ORIGINS = ['template', 'example', 'from-openapi', 'from-discovery'] as const;

type Given = ImportArguments & { readonly [option in (typeof ORIGINS)[number]]?: string | undefined };

/** The options that answer what a document does not say, with those that give such a document. */
const ANSWERS = {
  connection: ['from-openapi', 'from-discovery'],
  server: ['from-openapi'],
  auth: ['from-openapi'],
  prefix: ['from-openapi'],
  verify: ['from-openapi', 'from-discovery'],
  'client-auth': ['from-openapi', 'from-discovery'],
  refresh: ['from-openapi', 'from-discovery'],
  discovery: ['from-openapi', 'from-discovery'],
} as const satisfies Partial<Record<keyof ImportArguments, readonly (typeof ORIGINS)[number][]>>;

/**
 * Checks that one option says where connections come from, and that the others go with it.
 * @throws ConnectorError usage `usage/arguments`
 */
export function checkOrigins(args: Given): void {
  const given = ORIGINS.filter((option) => args[option] !== undefined);
  if (given.length < 2) {
    checkAnswers(args, given[0]);
    return;
  }
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `--${given.join(' and --')} cannot both be given.`,
    hint: 'A connection begins with one of them.',
  });
}

/** Refuses options that would be ignored. */
function checkAnswers(args: Given, origin: (typeof ORIGINS)[number] | undefined): void {
  for (const [option, origins] of Object.entries(ANSWERS)) {
    const value = args[option as keyof typeof ANSWERS];
    const isGiven = value !== undefined && (!Array.isArray(value) || value.length > 0);
    if (!isGiven || origins.some((each) => each === origin)) continue;
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `--${option} does not go with --${origin}.`,
      hint: `It answers what a document of --${origins.join(' or --')} does not say.`,
    });
  }
}

/** The connections that a vendor's document describes; undefined when none was given. */
export async function importedFrom(context: Context, args: Given): Promise<Imported | undefined> {
  const isGiven = args['from-openapi'] !== undefined || args['from-discovery'] !== undefined;
  return isGiven ? importConnections(context, args) : undefined;
}

/**
 * Writes connections that a document describes into a project.
 * @param ids how they are called in the project, where that is not what the document calls them
 * @returns what the document left open, with places in the files that were written
 */
export async function writeImported(
  files: Files,
  { connections }: Imported,
  ids: ReadonlyMap<string, string> = new Map(),
): Promise<Diagnostic[]> {
  const named = connections.map((each) => ({ ...each, id: ids.get(each.id) ?? each.id }));
  const changes = named.map(({ id, type, label, texts }) => [id, { type, label, texts }] as const);
  openProject(files).write(Object.fromEntries(changes));
  const written = openProject(files).connections;
  await writeFirstTests(
    files,
    named.map(({ id }) => id),
  );
  writeEditorSettings(files, { only: true });
  return markProblems(named, (id, section) => {
    const connection = written.find((each) => each.id === id);
    return connection?.sections[section as SectionName];
  });
}

/** Writes the connection of a template into a project, with its tests. */
export function writeTemplate(files: Files, shelf: TemplateFolder, template: string, id: string): void {
  const from = templateFolder(shelf, template);
  const [connection] = openProjectIn(from).connections;
  if (connection === undefined) throw new Error(`The template ${template} has no connection.`);
  openProject(files).write({ [id]: changeOf(connection) });
  const folder = openProject(files).connections.find((each) => each.id === id)?.folder;
  const tests = filesIn(join(from, connection.folder));
  for (const name of tests.list('tests')) {
    const text = tests.read(`tests/${name}`);
    if (text !== undefined) files.write(`${folder}/tests/${name}`, text, { over: null });
  }
  writeEditorSettings(files, { only: true });
}

function changeOf({ type, label, sections }: Connection): ConnectionChange {
  const texts = Object.entries(sections).map(([name, source]) => [name, source.text]);
  return { type, label, texts: Object.fromEntries(texts) };
}
