import { isObject } from '../json.ts';
import { parametersSchema } from '../parameters/schema.ts';
import type { Connection, Project } from '../project/project.ts';
import type { Declared } from '../rules/rule.ts';
import { declaredBy } from '../validate.ts';
import { closed, FRAME_NAMES, flowSchemas, frameSchemas, type Schema } from './contexts.ts';
import { DECLARATIONS } from './fingerprint.ts';
import { printed } from './print.ts';
import { tidied } from './tidy.ts';

const HEADER = '/* Made by `connector types` from the sections under connections/. Edit those, not this file. */';

/** What the name of each part's type ends with, in the order in which they are declared. */
const SUFFIXES = {
  parameters: 'Parameters',
  installParameters: 'InstallParameters',
  common: 'Common',
  scopes: 'Scopes',
  data: 'Data',
  steps: 'Steps',
  install: 'Install',
  context: 'Context',
} as const;

type Part = keyof typeof SUFFIXES;
type Names = Readonly<Record<Part | 'connection', string>>;

/** What was printed before, by the schemas of a connection; for those who print a project again and again. */
export type Printed = Map<string, readonly string[]>;

/**
 * The TypeScript declarations of what the connections take, share, store and see: `Connections` maps the id of each to
 * its `parameters` as its form yields them, `installParameters`, `common`, `scopes`, the `data` that its answers store,
 * and, in `steps` and `install`, what expressions see. A section that is absent or faulty declares nothing. The text is
 * the same for the same sections.
 * @param before what the last call printed, which is used again and brought up to date
 */
export async function declarations(
  project: Project,
  before: Printed = new Map(),
): Promise<{ file: string; text: string }> {
  const taken = new Set(['Connections', 'ConnectionId', ...FRAME_NAMES]);
  const frames = new Set<string>();
  const connections = [...project.connections].sort((a, b) => (a.id < b.id ? -1 : 1));
  const typed = connections.map((connection) => {
    const names = namesFor(connection.id, taken);
    const schemas = schemasOf(connection, names, frames);
    return { id: connection.id, names, schemas, key: JSON.stringify([schemas]) };
  });
  const shared = frameSchemas(frames);
  const sharedKey = JSON.stringify(shared);
  const missing = typed.filter(({ key }) => !before.has(key));
  const all = Object.assign({}, ...missing.map(({ schemas }) => schemas), before.has(sharedKey) ? {} : shared);
  const texts = Object.keys(all).length === 0 ? new Map<string, never>() : await printed(all);
  const grouped = byOwner(texts.keys(), all);
  const textsOf = (names: readonly string[]) =>
    names.flatMap((name) => [name, ...(grouped.get(name) ?? [])].flatMap((each) => texts.get(each)?.text ?? []));
  for (const { key, schemas } of missing) before.set(key, textsOf(Object.keys(schemas)));
  if (!before.has(sharedKey)) before.set(sharedKey, textsOf(Object.keys(shared)));
  const map = typed.map(({ id, names }) => `${JSON.stringify(id)}: ${names.connection}`).join('\n');
  const [index] = tidied(`export interface Connections {\n${map}\n}`);
  const parts = [
    HEADER,
    index?.text ?? '',
    'export type ConnectionId = keyof Connections;',
    ...[...typed.map(({ key }) => key), sharedKey].flatMap((key) => before.get(key) ?? []),
  ];
  const keys = new Set([...typed.map(({ key }) => key), sharedKey]);
  for (const key of before.keys()) if (!keys.has(key)) before.delete(key);
  return { file: DECLARATIONS, text: `${parts.join('\n\n')}\n` };
}

/** Types that only one of the schemas defines, sorted, by the name of that schema's type, which theirs begin with. */
function byOwner(names: Iterable<string>, all: Readonly<Record<string, unknown>>): ReadonlyMap<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const name of [...names].filter((each) => !Object.hasOwn(all, each)).sort()) {
    const owners = Object.keys(all).filter((each) => name.startsWith(each));
    const owner = owners.reduce((longest, each) => (each.length > longest.length ? each : longest), '');
    grouped.set(owner, [...(grouped.get(owner) ?? []), name]);
  }
  return grouped;
}

/** By the names of their types. */
function schemasOf(connection: Connection, names: Names, frames: Set<string>): Record<string, Schema> {
  const declared = declaredBy(connection);
  const sections = sectionSchemas(declared);
  const parts = new Map<string, Schema>(
    Object.entries({ ...sections, ...flowSchemas(declared, names, new Set(Object.keys(sections)), frames) }),
  );
  const order = (Object.keys(SUFFIXES) as Part[]).filter((part) => parts.has(part));
  const entries = order.filter((part) => part !== 'context').map((part) => [part, { tsType: names[part] }] as const);
  return Object.fromEntries([
    [names.connection, { description: connection.label, ...closed(Object.fromEntries(entries)) }],
    ...order.map((part) => [names[part], parts.get(part) ?? {}] as const),
  ]);
}

function sectionSchemas({ sections }: Declared): Record<string, Schema> {
  const { parameters, installSpec, common, scope, scopes } = sections;
  return {
    ...(parameters === undefined ? {} : { parameters: parametersSchema(parameters) as Schema }),
    ...(installSpec === undefined ? {} : { installParameters: parametersSchema(installSpec) as Schema }),
    ...(isObject(common) ? { common: { ...withoutOwnTypes(common), type: 'object' } } : {}),
    ...(scope === undefined && scopes === undefined ? {} : { scopes: union(scopesOf(scope, scopes)) }),
  };
}

/** What only the printer knows would be copied as it is written. */
function withoutOwnTypes(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'tsType' && typeof value === 'string' ? undefined : value)),
  );
}

function scopesOf(scope: unknown, scopes: unknown): string[] {
  const known = isObject(scopes) ? Object.keys(scopes) : [];
  return [...new Set([...known, ...(Array.isArray(scope) ? scope.map(String) : [])])];
}

function union(words: readonly string[]): Schema {
  return words.length === 0 ? { tsType: 'never' } : { type: 'string', enum: words };
}

/** The id in PascalCase, with a number when one of the names made of it is taken. */
function namesFor(id: string, taken: Set<string>): Names {
  const plain = id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  for (let number = 1; ; number++) {
    const base = number === 1 ? plain : `${plain}${number}`;
    const suffixes = Object.entries({ connection: 'Connection', ...SUFFIXES });
    const names = Object.fromEntries(suffixes.map(([part, suffix]) => [part, base + suffix])) as Names;
    if (Object.values(names).some((name) => taken.has(name))) continue;
    for (const name of Object.values(names)) taken.add(name);
    return names;
  }
}
