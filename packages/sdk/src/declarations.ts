import { isObject, type JSONObject } from './json.ts';
import { parametersSchema } from './parameters/schema.ts';
import type { Project } from './project/project.ts';
import type { Declared } from './rules/rule.ts';
import { checkConnection } from './validate.ts';

const FILE = 'connector.d.ts';

const HEADER = `/* Made by \`connector types\` from the sections under connections/. Edit those, not this file. */`;

/**
 * The TypeScript declarations of what the connections take and share: an interface for each form and for the common
 * data, the union of scopes, and `Connections`, which maps the ids of connections to them. A section that is absent
 * or faulty declares nothing. The text is the same for the same sections.
 */
export async function declarations(project: Project): Promise<{ file: string; text: string }> {
  const taken = new Set(['Connections', 'ConnectionId']);
  const definitions: Record<string, Schema> = {};
  const connections: Record<string, Schema> = {};
  for (const connection of [...project.connections].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const parts = partsOf(checkConnection(connection).declared);
    const base = baseName(connection.id, Object.keys(SUFFIXES), taken);
    const properties: Record<string, Schema> = {};
    for (const [part, schema] of Object.entries(parts)) {
      const name = `${base}${SUFFIXES[part] ?? ''}`;
      definitions[name] = named(schema, name);
      properties[part] = { $ref: `#/$defs/${name}` };
    }
    connections[connection.id] = closed(properties);
  }
  const root = { title: 'Connections', ...closed(connections), $defs: definitions };
  // Loading the printer takes longer than all the rest, and most commands never print types.
  const { compile } = await import('json-schema-to-typescript');
  const text = await compile(root as Parameters<typeof compile>[0], 'Connections', {
    additionalProperties: false,
    bannerComment: HEADER,
    style: { singleQuote: true, printWidth: 120 },
    unknownAny: true,
    ignoreMinAndMaxItems: true,
    $refOptions: { resolve: { external: false } },
  });
  return { file: FILE, text: `${text.trimEnd()}\n\nexport type ConnectionId = keyof Connections;\n` };
}

type Schema = { readonly [keyword: string]: unknown };

/** What the name of each part's type ends with. */
const SUFFIXES: Readonly<Record<string, string>> = {
  parameters: 'Parameters',
  installParameters: 'InstallParameters',
  common: 'Common',
  scope: 'Scope',
};

function partsOf({ sections }: Declared): Record<string, Schema> {
  const { parameters, installSpec, common, scope, scopes } = sections;
  return {
    ...(parameters === undefined ? {} : { parameters: parametersSchema(parameters) as Schema }),
    ...(installSpec === undefined ? {} : { installParameters: parametersSchema(installSpec) as Schema }),
    ...(isObject(common) ? { common: { ...common, type: 'object' } } : {}),
    ...(scope === undefined && scopes === undefined ? {} : { scope: union(scopesOf(scope, scopes)) }),
  };
}

function scopesOf(scope: unknown, scopes: unknown): string[] {
  const known = isObject(scopes) ? Object.keys(scopes) : [];
  return [...new Set([...known, ...(Array.isArray(scope) ? scope.map(String) : [])])];
}

function union(words: readonly string[]): Schema {
  return words.length === 0 ? { tsType: 'never' } : { type: 'string', enum: words };
}

function closed(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The id in PascalCase, with a number when one of the names made of it is taken. */
function baseName(id: string, parts: readonly string[], taken: Set<string>): string {
  const plain = id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  for (let number = 1; ; number++) {
    const base = number === 1 ? plain : `${plain}${number}`;
    const names = parts.map((part) => `${base}${SUFFIXES[part]}`);
    if (names.some((name) => taken.has(name))) continue;
    for (const name of names) taken.add(name);
    return base;
  }
}

/**
 * The schema as a definition of that name. A `title` would make a type of its own out of any part, so titles become
 * descriptions; references move with the schema, and those to elsewhere mean anything: nothing is fetched.
 */
function named(schema: Schema, name: string): Schema {
  const { $schema: _, $id: __, ...rest } = moved(schema, `#/$defs/${name}`) as JSONObject;
  return { ...rest, title: name };
}

/** Keywords whose value maps names to schemas; in the others' values a `title` is data. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const DATA = new Set(['enum', 'const', 'default', 'examples', 'required']);

function moved(schema: unknown, to: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => moved(each, to));
  if (!isObject(schema)) return schema;
  const { title, description, ...rest } = schema;
  if (typeof rest.$ref === 'string' && !rest.$ref.startsWith('#')) return {};
  const words = [title, description].filter((each) => typeof each === 'string').join('\n\n');
  const entries = Object.entries(rest).map(([keyword, value]) => {
    if (keyword === '$ref') return [keyword, `${to}${String(value).slice(1)}`];
    if (MAPS.has(keyword) && isObject(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([key, each]) => [key, moved(each, to)]))];
    }
    return [keyword, DATA.has(keyword) ? value : moved(value, to)];
  });
  return { ...(words === '' ? {} : { description: words }), ...Object.fromEntries(entries) };
}
