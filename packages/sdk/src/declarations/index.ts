import type { Declared } from '../analysis/declared.ts';
import { isObject } from '../json.ts';
import { parametersSchema } from '../parameters/schema.ts';
import { type Connection, DECLARATIONS, type Project } from '../project/project.ts';
import { declaredBy } from '../validate.ts';
import { closed, FRAME_NAMES, flowSchemas, frameSchemas, type Schema } from './contexts.ts';
import { typesOf } from './from-schema.ts';
import { declaration } from './print.ts';

const HEADER = '/* Made by `connector types` from the sections of the connections. Edit those, not this file. */';

/** Suffixes of the types of each part, in the order in which they are declared. */
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

type DeclaredPart = keyof typeof SUFFIXES;

/** The names of the types of a connection's parts. */
type Names = Readonly<Record<DeclaredPart, string>>;

/**
 * The TypeScript declarations of what the connections take, share, store and see: `Connections` maps the id of each to
 * its `parameters` as its form yields them, `installParameters`, `common`, `scopes`, the `data` that its answers store,
 * and, in `steps` and `install`, what expressions see. A section that is absent or faulty declares nothing. The text is
 * the same for the same sections.
 * @returns the file, relative to the project, and its text
 * @example
 * const { file, text } = declarations(project);
 * project.files.write(file, text);
 */
export function declarations(project: Project): { file: string; text: string } {
  const taken = new Set(['Connections', 'ConnectionId', ...FRAME_NAMES]);
  const frames = new Set<string>();
  const connections = [...project.connections].sort((a, b) => (a.id < b.id ? -1 : 1));
  // All names of parts before those of definitions, which give way.
  const named = connections.map((connection) => ({ connection, base: baseFor(connection.id, taken) }));
  const texts = named.flatMap(({ connection, base }) => declared(schemasOf(connection, base, frames), taken));
  const map = named.map(({ connection, base }) => [connection.id, { tsType: `${base}Connection` }] as const);
  const parts = [
    HEADER,
    ...declared({ Connections: closed(Object.fromEntries(map)) }, taken),
    'export type ConnectionId = keyof Connections;',
    ...texts,
    ...declared(frameSchemas(frames), taken),
  ];
  return { file: DECLARATIONS, text: `${parts.join('\n\n')}\n` };
}

/** The declarations of schemas by the names of their types, each followed by those of the types that it defines. */
function declared(schemas: Readonly<Record<string, Schema>>, taken: Set<string>): string[] {
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const { type, words, definitions } = typesOf(schema, (own) => free(`${name}${pascal(own)}`, taken));
    const all = [...definitions].sort((a, b) => (a.name < b.name ? -1 : 1));
    return [declaration(name, type, words), ...all.map((each) => declaration(each.name, each.type, each.words))];
  });
}

/** By the names of their types. */
function schemasOf(connection: Connection, base: string, frames: Set<string>): Record<string, Schema> {
  const names = Object.fromEntries(
    Object.entries(SUFFIXES).map(([part, suffix]) => [part, `${base}${suffix}`]),
  ) as Names;
  const declared = declaredBy(connection);
  const sections = sectionSchemas(declared);
  const parts = new Map<string, Schema>(
    Object.entries({ ...sections, ...flowSchemas(declared, names, new Set(Object.keys(sections)), frames) }),
  );
  const order = (Object.keys(SUFFIXES) as DeclaredPart[]).filter((part) => parts.has(part));
  const entries = order.filter((part) => part !== 'context').map((part) => [part, { tsType: names[part] }] as const);
  return Object.fromEntries([
    [`${base}Connection`, { description: connection.label, ...closed(Object.fromEntries(entries)) }],
    ...order.map((part) => [names[part], parts.get(part) ?? {}] as const),
  ]);
}

function sectionSchemas({ sections }: Declared): Record<string, Schema> {
  const { parameters, installSpec, common, scope, scopes } = sections;
  return {
    ...(parameters === undefined ? {} : { parameters: schemaOfForm(parameters) }),
    ...(installSpec === undefined ? {} : { installParameters: schemaOfForm(installSpec) }),
    ...(isObject(common) ? { common: { ...withoutOwnTypes(common), type: 'object' } } : {}),
    ...(scope === undefined && scopes === undefined ? {} : { scopes: { enum: scopesOf(scope, scopes) } }),
  };
}

/**
 * Returns the schema from which the types of a form are made. How long a list must be is left out: lists that a program puts
 * together have the type of a list of any length.
 */
export function schemaOfForm(form: unknown): Schema {
  const isLength = (key: string, value: unknown) => /^(min|max)Items$/.test(key) && typeof value === 'number';
  return JSON.parse(JSON.stringify(parametersSchema(form), (key, value) => (isLength(key, value) ? undefined : value)));
}

/** Removes types that only the printer knows, which would be copied as written. */
function withoutOwnTypes(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'tsType' && typeof value === 'string' ? undefined : value)),
  );
}

function scopesOf(scope: unknown, scopes: unknown): string[] {
  const known = isObject(scopes) ? Object.keys(scopes) : [];
  return [...new Set([...known, ...(Array.isArray(scope) ? scope.map(String) : [])])];
}

/** Words of letters and digits, each with a capital. */
function pascal(name: string): string {
  const words = name.split(/[^\p{ID_Continue}$]+/u);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** The name, with a number when it is taken. */
function free(name: string, taken: Set<string>): string {
  let own = name;
  for (let number = 2; taken.has(own); number++) own = `${name}${number}`;
  taken.add(own);
  return own;
}

/** The id in PascalCase, with a number when one of the names that begin with it is taken. */
function baseFor(id: string, taken: Set<string>): string {
  const plain = pascal(id);
  for (let number = 1; ; number++) {
    const base = number === 1 ? plain : `${plain}${number}`;
    const names = ['Connection', ...Object.values(SUFFIXES)].map((suffix) => base + suffix);
    if (names.some((name) => taken.has(name))) continue;
    for (const name of names) taken.add(name);
    return base;
  }
}
