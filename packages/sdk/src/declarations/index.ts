import { isObject } from '../json.ts';
import { parametersSchema } from '../parameters/schema.ts';
import type { Connection, Project } from '../project/project.ts';
import type { Declared } from '../rules/rule.ts';
import { declaredBy } from '../validate.ts';
import { closed, FRAME_NAMES, flowSchemas, frameSchemas, type Schema } from './contexts.ts';
import { DECLARATIONS } from './record.ts';
import { OWN, Shapes } from './shapes.ts';
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

const CONNECTION = `${OWN}Connection`;
/** The names of the types of whichever connection. */
const NAMES = Object.fromEntries(Object.entries(SUFFIXES).map(([part, suffix]) => [part, OWN + suffix])) as Readonly<
  Record<Part, string>
>;

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
    const base = baseFor(connection.id, taken);
    const schemas = schemasOf(connection, frames);
    return { id: connection.id, base, schemas, key: JSON.stringify([base, schemas]) };
  });
  const shapes = new Shapes();
  const named = new Map(typed.flatMap(({ key, schemas }) => (before.has(key) ? [] : [[key, shapes.add(schemas)]])));
  const shared = shapes.add(frameSchemas(frames));
  await shapes.print();
  const texts = typed.map(({ key, base }) => {
    const names = named.get(key) ?? [];
    const made = before.get(key) ?? shapes.texts(names, base, taken);
    if (!shapes.defines(names)) before.set(key, made);
    return made;
  });
  const map = typed.map(({ id, base }) => `${JSON.stringify(id)}: ${base}Connection`).join('\n');
  const [index] = tidied(`export interface Connections {\n${map}\n}`);
  const parts = [
    HEADER,
    index?.text ?? '',
    'export type ConnectionId = keyof Connections;',
    ...texts.flat(),
    ...shapes.texts(shared, '', taken),
  ];
  const keys = new Set(typed.map(({ key }) => key));
  for (const key of before.keys()) if (!keys.has(key)) before.delete(key);
  return { file: DECLARATIONS, text: `${parts.join('\n\n')}\n` };
}

/** By the names of their types. */
function schemasOf(connection: Connection, frames: Set<string>): Record<string, Schema> {
  const declared = declaredBy(connection);
  const sections = sectionSchemas(declared);
  const parts = new Map<string, Schema>(
    Object.entries({ ...sections, ...flowSchemas(declared, NAMES, new Set(Object.keys(sections)), frames) }),
  );
  const order = (Object.keys(SUFFIXES) as Part[]).filter((part) => parts.has(part));
  const entries = order.filter((part) => part !== 'context').map((part) => [part, { tsType: NAMES[part] }] as const);
  return Object.fromEntries([
    [CONNECTION, { description: connection.label, ...closed(Object.fromEntries(entries)) }],
    ...order.map((part) => [NAMES[part], parts.get(part) ?? {}] as const),
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

/** The id in PascalCase, with a number when one of the names that begin with it is taken. */
function baseFor(id: string, taken: Set<string>): string {
  const plain = id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  for (let number = 1; ; number++) {
    const base = number === 1 ? plain : `${plain}${number}`;
    const names = ['Connection', ...Object.values(SUFFIXES)].map((suffix) => base + suffix);
    if (names.some((name) => taken.has(name))) continue;
    for (const name of names) taken.add(name);
    return base;
  }
}
