import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';

/** The drafts that an author's schema may be written in. */
export type Dialect = 'draft-07' | '2020-12';

/** A schema of an author's, all of whose references can be followed. */
export interface ResolvedSchema {
  readonly root: unknown;
  readonly dialect: Dialect;
  /** Where the `$ref` of a schema in it leads; undefined when that is nowhere in the same file. */
  follow(holder: JSONObject): Target | undefined;
}

/** What a reference leads to. */
export interface Target {
  readonly schema: unknown;
  /** From the root. */
  readonly path: Path;
}

/** How the value of a keyword holds schemas. */
type Holds = 'schema' | 'list' | 'map' | 'schema or list';

/** The keywords whose values hold schemas. Source: JSON Schema Core 2020-12, section 10, and draft-07. */
const HOLDERS: Readonly<Record<string, Holds>> = {
  $defs: 'map',
  definitions: 'map',
  properties: 'map',
  patternProperties: 'map',
  dependentSchemas: 'map',
  // In draft-07 a value is a schema or a list of names; a list of names holds no schema.
  dependencies: 'map',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  propertyNames: 'schema',
  items: 'schema or list',
  prefixItems: 'list',
  additionalItems: 'schema',
  unevaluatedItems: 'schema',
  contains: 'schema',
  allOf: 'list',
  anyOf: 'list',
  oneOf: 'list',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: 'schema',
  else: 'schema',
  contentSchema: 'schema',
};

/** What the root is called where it has no `$id`: references are relative to something. */
const ROOT = 'schema:///';

/** The draft that a schema says it is written in; 2020-12 where it says nothing. */
export function dialectOf(root: unknown): Dialect {
  return isObject(root) && /draft-0[67]\b/.test(String(root.$schema)) ? 'draft-07' : '2020-12';
}

/** Reads a schema once: its resources, its anchors, and what each reference is relative to. Nothing is fetched. */
export function resolveSchema(root: unknown): ResolvedSchema {
  const dialect = dialectOf(root);
  const index = new Index(dialect);
  index.add(root, ROOT, []);
  return { root, dialect, follow: (holder) => index.follow(holder) };
}

class Index {
  readonly #dialect: Dialect;
  /** URI without fragment → schema. */
  readonly #resources = new Map<string, Target>();
  /** URI with a plain-name fragment → schema. */
  readonly #anchors = new Map<string, Target>();
  /** Schema → the URI that its references are relative to. */
  readonly #bases = new Map<object, string>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  add(schema: unknown, around: string, path: Path): void {
    if (path.length === 0) this.#resources.set(around, { schema, path });
    if (!isObject(schema) || this.#bases.has(schema)) return;
    const base = this.#baseOf(schema, around, path);
    this.#bases.set(schema, base);
    for (const keyword of Object.keys(schema)) {
      const holds = lookUp(HOLDERS, keyword);
      if (holds === undefined) continue;
      for (const { schema: inner, path: at } of held(schema[keyword], holds, [...path, keyword]))
        this.add(inner, base, at);
    }
  }

  /** What is beside `$ref` counts in 2020-12, and is ignored in draft-07. */
  #baseOf(schema: JSONObject, around: string, path: Path): string {
    const { $id, $anchor, $dynamicAnchor, $ref } = schema;
    if (this.#dialect === 'draft-07' && $ref !== undefined) return around;
    let base = around;
    if (typeof $id === 'string') {
      const uri = resolved($id, around);
      const [resource = '', fragment = ''] = (uri ?? around).split('#');
      // In draft-07 an anchor is written as an `$id` that is a fragment.
      if (fragment !== '' && this.#dialect === 'draft-07')
        this.#anchors.set(`${resource}#${fragment}`, { schema, path });
      else {
        base = resource;
        this.#resources.set(base, { schema, path });
      }
    }
    for (const anchor of [$anchor, $dynamicAnchor]) {
      if (typeof anchor === 'string') this.#anchors.set(`${base}#${anchor}`, { schema, path });
    }
    return base;
  }

  follow(holder: JSONObject): Target | undefined {
    const { $ref } = holder;
    const uri = typeof $ref === 'string' ? resolved($ref, this.#bases.get(holder) ?? ROOT) : undefined;
    if (uri === undefined) return undefined;
    const [resource = '', fragment = ''] = uri.split('#');
    if (fragment !== '' && !fragment.startsWith('/')) return this.#anchors.get(`${resource}#${fragment}`);
    const start = this.#resources.get(resource);
    return start === undefined ? undefined : this.#at(start, fragment);
  }

  /** What a JSON Pointer leads to. Source: RFC 6901. */
  #at(start: Target, pointer: string): Target | undefined {
    let { schema, path } = start;
    let base = isObject(schema) ? (this.#bases.get(schema) ?? ROOT) : ROOT;
    for (const part of pointer.split('/').slice(1)) {
      const name = pointerPart(part);
      if (name === undefined || typeof schema !== 'object' || schema === null || !Object.hasOwn(schema, name))
        return undefined;
      const step = Array.isArray(schema) ? Number(name) : name;
      schema = (schema as JSONObject)[name];
      path = [...path, step];
      if (isObject(schema)) base = this.#bases.get(schema) ?? base;
    }
    if (typeof schema !== 'boolean' && !isObject(schema)) return undefined;
    // Where no keyword holds schemas nobody has looked yet.
    this.add(schema, base, path);
    return { schema, path };
  }
}

function held(value: unknown, holds: Holds, path: Path): Target[] {
  if (holds === 'map') {
    return isObject(value) ? Object.entries(value).map(([name, schema]) => ({ schema, path: [...path, name] })) : [];
  }
  if (Array.isArray(value)) {
    return holds === 'schema' ? [] : value.map((schema, index) => ({ schema, path: [...path, index] }));
  }
  return holds === 'list' ? [] : [{ schema: value, path }];
}

function resolved(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href;
  } catch {
    return undefined;
  }
}

/** A part of a JSON Pointer in a URI's fragment; undefined where it is escaped wrongly. */
function pointerPart(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
