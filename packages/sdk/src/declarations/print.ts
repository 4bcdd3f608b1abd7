import type { Schema } from './contexts.ts';
import { type Draft, drafts } from './tidy.ts';

/** Schemas in one call: each call has a price of its own, and the price of a schema grows with their number. */
const BATCH = 24;

/**
 * The declarations of schemas, by the names of their types; those of types that they define themselves are among them,
 * under names that begin with the name of the schema's. No name is the beginning of another.
 */
export async function printed(schemas: Readonly<Record<string, Schema>>): Promise<ReadonlyMap<string, Draft>> {
  const names = Object.keys(schemas);
  const found = new Map<string, Draft>();
  for (let from = 0; from < names.length; from += BATCH) {
    for (const each of await declared(names.slice(from, from + BATCH), schemas)) found.set(each.name, each);
  }
  return found;
}

/** The name of what holds the schemas of a call: no name that is given can be this. */
const ROOT = 'All_';

async function declared(names: readonly string[], schemas: Readonly<Record<string, Schema>>): Promise<Draft[]> {
  // Loading the printer takes longer than all the rest, and most commands never print types.
  const { compile } = await import('json-schema-to-typescript');
  const properties = Object.fromEntries(
    names.map((name) => [name, { ...located(schemas[name] ?? {}, name), title: name }]),
  );
  const root = { title: ROOT, type: 'object', properties, additionalProperties: false };
  const text = await compile(root as Parameters<typeof compile>[0], ROOT, {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    unknownAny: true,
    ignoreMinAndMaxItems: true,
    $refOptions: { resolve: { external: false } },
  });
  return drafts(text).filter(({ name }) => name !== ROOT);
}

/** Keywords whose value maps names to schemas; in the others' values a `title` is data. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const DATA = new Set(['enum', 'const', 'examples', 'required']);
const DEFINITIONS = new Set(['$defs', 'definitions']);
/** What would name a type, be taken for one, or be refused, and what no type says. */
const UNSAID = new Set(
  '$schema $id id $anchor title description default examples tsEnumNames extends minItems maxItems deprecated'.split(
    ' ',
  ),
);

/**
 * The schema as the property of that name. A `title` would make a type of its own out of any part, so titles become
 * descriptions; references move with the schema, and those to elsewhere mean anything: nothing is fetched.
 */
function located(schema: Schema, name: string): Schema {
  return moved(schema, name) as Schema;
}

function moved(schema: unknown, name: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => moved(each, name));
  if (typeof schema !== 'object' || schema === null) return schema;
  const own = schema as Schema;
  const { $ref } = own;
  if (typeof $ref === 'string' && !$ref.startsWith('#')) return {};
  const result: Record<string, unknown> = {};
  const words = wordsOf(own);
  if (words !== '') result.description = words;
  for (const [keyword, value] of Object.entries(own)) {
    if (UNSAID.has(keyword)) continue;
    if (keyword === '$ref') result.$ref = `#/properties/${name}${pointer(String(value).slice(1), name)}`;
    else if (MAPS.has(keyword) && typeof value === 'object' && value !== null) {
      const rename = (key: string) => (DEFINITIONS.has(keyword) ? ownName(name, key) : key);
      const entries = Object.entries(value).map(([key, each]) => [rename(key), moved(each, name)]);
      result[keyword] = Object.fromEntries(entries);
    } else result[keyword] = DATA.has(keyword) ? value : moved(value, name);
  }
  // The printer takes whatever says nothing of its type for an object.
  return Object.keys(result).some((keyword) => TELLING.has(keyword)) ? result : { ...result, tsType: 'unknown' };
}

/** Keywords that tell a type. */
const TELLING = new Set(
  'type tsType enum const $ref not allOf anyOf oneOf items properties patternProperties additionalProperties required'.split(
    ' ',
  ),
);

/** Definitions of two schemas may have the same name, and become types of the same file. */
function ownName(name: string, key: string): string {
  return `${name}${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function pointer(path: string, name: string): string {
  return path.replace(
    /\/(\$defs|definitions)\/([^/])/g,
    (_, keyword: string, first: string) => `/${keyword}/${name}${first.toUpperCase()}`,
  );
}

/** What is said above a type: its title, its description, and what it is when it is left out. */
function wordsOf({ title, description, default: preset, writeOnly }: Schema): string {
  const words = [title, description]
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/\r\n?/g, '\n'));
  const told = preset === undefined || writeOnly === true ? undefined : JSON.stringify(preset);
  return [...words, ...(told === undefined || told.length > 60 ? [] : [`@default ${told}`])].join('\n\n').trim();
}
