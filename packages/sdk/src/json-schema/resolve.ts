import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { type Dialect, dialectOf, type Holds, VOCABULARY } from './vocabulary.ts';

/** A schema, read once: where each schema in it stands, and where its references lead. Nothing is fetched. */
export interface ResolvedSchema {
  readonly root: unknown;
  readonly dialect: Dialect;
  /** Every schema in it that is an object, each before those that it holds. */
  readonly schemas: readonly Located[];
  /** True if a `$dynamicRef` is in it, so that it matters by which resources a schema is reached. */
  readonly isDynamic: boolean;
  /** Where the `$ref` of a schema in it leads, or its `$dynamicRef` by itself; undefined when that is nowhere. */
  follow(holder: JSONObject, keyword?: '$ref' | '$dynamicRef'): Target | undefined;
  /** Where its `$dynamicRef` leads when it was reached by these resources, the outermost first. */
  followDynamic(holder: JSONObject, entered: readonly string[]): Target | undefined;
  /** The URI of the resource that a schema in it belongs to: what has an `$id` is one. */
  resourceOf(schema: object): string;
  /** The URIs and anchors that more than one schema goes by, at the later of them. */
  readonly repeated: readonly Repetition[];
}

/** Target of a reference. */
export interface Target {
  readonly schema: unknown;
  /** From the root. */
  readonly path: Path;
}

/** A schema that is an object. */
export interface Located {
  readonly schema: JSONObject;
  readonly path: Path;
}

interface Repetition {
  readonly path: Path;
  readonly first: Path;
}

/** URI of a root without `$id`: references are relative to something. */
const ROOT = 'schema:///';

const RESOLVED = new WeakMap<object, ResolvedSchema>();

/** The same for the same root, which must not change. */
export function resolveSchema(root: unknown): ResolvedSchema {
  if (!isObject(root)) return new Index(root);
  const known = RESOLVED.get(root) ?? new Index(root);
  RESOLVED.set(root, known);
  return known;
}

class Index implements ResolvedSchema {
  readonly root: unknown;
  readonly dialect: Dialect;
  readonly schemas: Located[] = [];
  readonly repeated: Repetition[] = [];
  isDynamic = false;
  /** URI without fragment → schema. */
  readonly #resources = new Map<string, Target>();
  /** URI with a plain-name fragment → schema. */
  readonly #anchors = new Map<string, Target>();
  /** Those of them that a `$dynamicAnchor` names. */
  readonly #dynamic = new Map<string, Target>();
  /** Schema → the URI that its references are relative to. */
  readonly #bases = new Map<object, string>();

  constructor(root: unknown) {
    this.root = root;
    this.dialect = dialectOf(root);
    this.#resources.set(ROOT, { schema: root, path: [] });
    this.#add(root, ROOT, []);
  }

  resourceOf(schema: object): string {
    return this.#bases.get(schema) ?? ROOT;
  }

  #add(schema: unknown, around: string, path: Path): void {
    if (!isObject(schema) || this.#bases.has(schema)) return;
    const base = this.#baseOf(schema, around, path);
    this.#bases.set(schema, base);
    this.schemas.push({ schema, path });
    this.isDynamic ||= schema.$dynamicRef !== undefined;
    for (const { schema: inner, path: at } of heldBy(schema, path)) this.#add(inner, base, at);
  }

  /** Returns the base URI of a schema. Keywords beside `$ref` count in 2020-12, and are ignored in draft-07. */
  #baseOf(schema: JSONObject, around: string, path: Path): string {
    const { $id, $anchor, $dynamicAnchor, $ref } = schema;
    const isOld = this.dialect === 'draft-07';
    if (isOld && $ref !== undefined) return around;
    const here = { schema, path };
    let base = around;
    const [resource = '', fragment = ''] = (typeof $id === 'string' && resolved($id, around)?.split('#')) || [];
    // In draft-07 an anchor is written as an `$id` that is a fragment.
    if (fragment !== '' && isOld) this.#name(this.#anchors, `${resource}#${fragment}`, here, '$id');
    else if (resource !== '') {
      base = resource;
      this.#name(this.#resources, base, here, '$id');
    }
    if (isOld) return base;
    if (typeof $anchor === 'string') this.#name(this.#anchors, `${base}#${$anchor}`, here, '$anchor');
    if (typeof $dynamicAnchor === 'string') {
      this.#name(this.#anchors, `${base}#${$dynamicAnchor}`, here, '$dynamicAnchor');
      this.#dynamic.set(`${base}#${$dynamicAnchor}`, here);
    }
    return base;
  }

  #name(names: Map<string, Target>, uri: string, here: Target, keyword: string): void {
    const first = names.get(uri);
    if (first === undefined) names.set(uri, here);
    else if (first.schema !== here.schema)
      this.repeated.push({ path: [...here.path, keyword], first: [...first.path, keyword] });
  }

  follow(holder: JSONObject, keyword: '$ref' | '$dynamicRef' = '$ref'): Target | undefined {
    const uri = this.#uri(holder, keyword);
    if (uri === undefined) return undefined;
    const [resource = '', fragment = ''] = uri.split('#');
    if (fragment !== '' && !fragment.startsWith('/')) return this.#anchors.get(`${resource}#${fragment}`);
    const start = this.#resources.get(resource);
    return start === undefined ? undefined : this.#at(start, fragment);
  }

  followDynamic(holder: JSONObject, entered: readonly string[]): Target | undefined {
    const uri = this.#uri(holder, '$dynamicRef');
    if (uri === undefined || !this.#dynamic.has(uri)) return this.follow(holder, '$dynamicRef');
    const name = uri.slice(uri.indexOf('#'));
    const outermost = entered.find((resource) => this.#dynamic.has(resource + name));
    return this.#dynamic.get(outermost === undefined ? uri : outermost + name);
  }

  #uri(holder: JSONObject, keyword: '$ref' | '$dynamicRef'): string | undefined {
    const reference = holder[keyword];
    return typeof reference === 'string' ? resolved(reference, this.resourceOf(holder)) : undefined;
  }

  /** Returns the target of a JSON Pointer. Source: RFC 6901. */
  #at(start: Target, pointer: string): Target | undefined {
    let { schema, path } = start;
    let base = isObject(schema) ? this.resourceOf(schema) : ROOT;
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
    this.#add(schema, base, path);
    return { schema, path };
  }
}

/** The schemas that stand in the keywords of a schema, from all of them or from some. */
export function heldBy(schema: JSONObject, path: Path, wanted: (keyword: string) => boolean = () => true): Target[] {
  return Object.keys(schema).flatMap((keyword) => {
    const holds = lookUp(VOCABULARY, keyword)?.holds;
    return holds === undefined || !wanted(keyword) ? [] : held(schema[keyword], holds, [...path, keyword]);
  });
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
  if (/~(?![01])/.test(part)) return undefined;
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
