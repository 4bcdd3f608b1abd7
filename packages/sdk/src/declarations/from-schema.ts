import { isObject, type JSONObject } from '../json.ts';
import { type ResolvedSchema, resolveSchema, type Target } from '../json-schema/resolve.ts';
import {
  type Alternatives,
  ANY,
  intersect,
  intersectAll,
  type Member,
  NEVER,
  type ObjectShape,
  type Shape,
  unite,
  without,
} from './shapes.ts';

/** A type that a schema defines for itself: what one of its references leads to. */
export interface Definition {
  readonly name: string;
  readonly type: Alternatives;
  readonly words: string;
}

/** The forms that values of a schema can have, and the types that it defines. */
export interface Typed {
  readonly type: Alternatives;
  readonly words: string;
  readonly definitions: readonly Definition[];
}

/**
 * The types of a JSON Schema, draft 2020-12 or draft-07: every value that the schema takes has one of the forms, and a
 * value that has one is taken, wherever TypeScript can say it. What it cannot say is in docs/declarations.md.
 * @param nameFor gives a definition a name that is free, from what the schema calls it
 */
export function typesOf(schema: unknown, nameFor: (own: string) => string): Typed {
  const reader = new Reader(resolveSchema(schema), nameFor);
  const type = reader.type(schema);
  return { type, words: wordsOf(schema), definitions: reader.definitions() };
}

const TYPES = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;
/** Kinds of shapes that are reported in a word. */
const WORDS: ReadonlySet<string> = new Set(['any', 'string', 'number', 'boolean', 'null']);
const OF_ARRAYS = ['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'minItems'];
const OF_OBJECTS = [
  'properties',
  'required',
  'additionalProperties',
  'patternProperties',
  'unevaluatedProperties',
  'propertyNames',
];
/** Keywords under which a schema stands that others refer to, and that names nothing by itself. */
const CONTAINERS = new Set(['$defs', 'definitions', 'properties', 'items']);

class Reader {
  readonly #schema: ResolvedSchema;
  readonly #nameFor: (own: string) => string;
  /** Path → the type that it is declared as. */
  readonly #defined = new Map<string, { readonly name: string; readonly target: Target }>();
  readonly #types = new Map<string, Alternatives>();
  /** Definitions that are being worked out. */
  readonly #opening = new Set<string>();

  constructor(schema: ResolvedSchema, nameFor: (own: string) => string) {
    this.#schema = schema;
    this.#nameFor = nameFor;
  }

  /** The types that were referred to; what they refer to in turn is among them. */
  definitions(): Definition[] {
    const made: Definition[] = [];
    for (const [key, { name, target }] of this.#defined) {
      made.push({ name, type: this.#expanded(key, target), words: wordsOf(target.schema) });
    }
    return made;
  }

  type(schema: unknown): Alternatives {
    if (schema === false) return NEVER;
    if (!isObject(schema)) return ANY;
    if (typeof schema.tsType === 'string') return [{ kind: 'text', text: schema.tsType }];
    const referred = schema.$ref === undefined ? ANY : this.#referred(schema);
    if (schema.$ref !== undefined && this.#schema.dialect === 'draft-07') return referred;
    const combined = intersectAll([referred, this.#byType(schema), ...this.#values(schema), ...this.#combined(schema)]);
    return closed(this.#unless(combined, schema.not), schema);
  }

  /** A reference that cannot be followed says nothing; `validate` tells of it. */
  #referred(schema: JSONObject): Alternatives {
    const target = this.#schema.follow(schema);
    if (target === undefined) return ANY;
    if (typeof target.schema === 'boolean') return this.type(target.schema);
    const key = JSON.stringify(target.path);
    // A type that refers to itself needs a name, and so does one that takes more than a word to tell.
    if (!this.#opening.has(key)) {
      const type = this.#expanded(key, target);
      if (type.every(({ kind }) => WORDS.has(kind))) return type;
    }
    const known = this.#defined.get(key);
    const name = known?.name ?? this.#nameFor(ownName(target));
    if (known === undefined) this.#defined.set(key, { name, target });
    return [this.#reference(name, key, target)];
  }

  #reference(name: string, key: string, target: Target): Shape {
    return { kind: 'reference', name, expand: () => this.#expanded(key, target) };
  }

  #expanded(key: string, target: Target): Alternatives {
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    // Opened up inside of itself it stands for anything.
    if (this.#opening.has(key)) return ANY;
    this.#opening.add(key);
    const type = this.type(target.schema);
    this.#opening.delete(key);
    this.#types.set(key, type);
    return type;
  }

  /** Returns the type that `type`, and the keywords that concern one type alone, describe. */
  #byType(schema: JSONObject): Alternatives {
    const arrays = OF_ARRAYS.some((keyword) => keyword in schema);
    const objects = OF_OBJECTS.some((keyword) => keyword in schema);
    if (schema.type === undefined && !arrays && !objects) return ANY;
    const named: readonly unknown[] = schema.type === undefined ? TYPES : [schema.type].flat();
    const kinds = new Set(named.map((type) => (type === 'integer' ? 'number' : type)));
    return TYPES.filter((type) => kinds.has(type)).flatMap((kind): Alternatives => {
      if (kind === 'array') return [this.#array(schema)];
      return kind === 'object' ? this.#object(schema) : [{ kind }];
    });
  }

  #array(schema: JSONObject): Shape {
    const { items, prefixItems, additionalItems, unevaluatedItems, minItems } = schema;
    const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const further = Array.isArray(items) ? additionalItems : items;
    const all = tuple.map((each) => this.type(each));
    const end = all.findIndex((each) => each.length === 0);
    const prefix = end < 0 ? all : all.slice(0, end);
    const rest = end < 0 ? this.type(further ?? unevaluatedItems ?? true) : NEVER;
    // How long a list must be is no part of its type, unless its first items have types of their own.
    const required = Math.min(prefix.length, typeof minItems === 'number' ? minItems : 0);
    return { kind: 'array', prefix, required, rest };
  }

  #object(schema: JSONObject): Alternatives {
    const { properties, required, additionalProperties, patternProperties, propertyNames } = schema;
    const names = Array.isArray(required) ? required.map(String) : [];
    const patterns = Object.entries(isObject(patternProperties) ? patternProperties : {});
    const others = patterns.map(([, each]) => this.type(each));
    const rest = unite([...others, this.type(propertyNames === false ? false : (additionalProperties ?? true))]);
    const members = new Map<string, Member>();
    for (const [name, each] of Object.entries(isObject(properties) ? properties : {})) {
      const type = this.type(each);
      if (type.length === 0 && names.includes(name)) return NEVER;
      members.set(name, { type, required: names.includes(name), words: wordsOf(each) });
    }
    for (const name of names) {
      if (!members.has(name)) members.set(name, { type: rest, required: true, words: '' });
    }
    if (names.some((name) => members.get(name)?.type.length === 0)) return NEVER;
    const implied = additionalProperties === undefined && patterns.length === 0 && propertyNames === undefined;
    return [{ kind: 'object', members, rest, implied }];
  }

  /** Returns the types that `enum` and `const` describe. */
  #values(schema: JSONObject): Alternatives[] {
    const lists = [schema.enum, Object.hasOwn(schema, 'const') ? [schema.const] : undefined];
    return lists
      .filter((list): list is unknown[] => Array.isArray(list))
      .map((list) => unite(list.map((value) => [{ kind: 'literal', value }])));
  }

  #combined(schema: JSONObject): Alternatives[] {
    const { allOf, anyOf, oneOf, if: condition, then: met, else: unmet } = schema;
    const united = (list: unknown) => (Array.isArray(list) ? [unite(list.map((each) => this.type(each)))] : []);
    const all = Array.isArray(allOf) ? allOf.map((each) => this.type(each)) : [];
    const branches =
      condition === undefined || (met === undefined && unmet === undefined)
        ? []
        : [unite([intersect(this.type(condition), this.type(met ?? true)), this.type(unmet ?? true)])];
    return [...all, ...united(anyOf), ...united(oneOf), ...branches];
  }

  /** Removes the types that `not` excludes, where that can be said. */
  #unless(type: Alternatives, not: unknown): Alternatives {
    if (not === undefined) return type;
    if (not === true) return NEVER;
    if (!isObject(not)) return type;
    const keywords = Object.keys(not);
    if (keywords.length === 0) return NEVER;
    if (keywords.length > 1) return type;
    if (not.type !== undefined) {
      const kinds = new Set([not.type].flat().map(String));
      const all = type.some(({ kind }) => kind === 'any') ? EVERYTHING : type;
      return without(all, kinds, []);
    }
    if (Array.isArray(not.enum)) return without(type, new Set(), not.enum);
    if ('const' in not) return without(type, new Set(), [not.const]);
    const [name, ...more] = Array.isArray(not.required) ? not.required : [];
    if (typeof name !== 'string' || more.length > 0) return type;
    return type.flatMap((shape) => (shape.kind === 'object' ? withoutMember(shape, name) : [shape]));
  }
}

const OBJECT: ObjectShape = { kind: 'object', members: new Map(), rest: ANY, implied: true };
/** All that JSON can be, kind by kind. */
const EVERYTHING: Alternatives = [
  { kind: 'string' },
  { kind: 'number' },
  { kind: 'boolean' },
  { kind: 'null' },
  { kind: 'array', prefix: [], required: 0, rest: ANY },
  OBJECT,
];

function withoutMember(shape: ObjectShape, name: string): Alternatives {
  const member = shape.members.get(name);
  if (member?.required) return NEVER;
  const members = new Map(shape.members);
  if (shape.rest.length === 0) members.delete(name);
  else members.set(name, { type: NEVER, required: false, words: '' });
  return [{ ...shape, members }];
}

/** Closes objects for `unevaluatedProperties: false`, when everything beside it has been looked at. */
function closed(type: Alternatives, { unevaluatedProperties }: JSONObject): Alternatives {
  return unevaluatedProperties === false ? type.map(withoutOthers) : type;
}

function withoutOthers(shape: Shape): Shape {
  if (shape.kind === 'all') return { ...shape, parts: shape.parts.map((part) => part.map(withoutOthers)) };
  return shape.kind === 'object' && shape.implied ? { ...shape, rest: NEVER, implied: false } : shape;
}

/** Returns the name of a definition: the last name of its path, or `Root`. */
function ownName({ path }: Target): string {
  const names = path.filter((step): step is string => typeof step === 'string' && !CONTAINERS.has(step));
  return names.at(-1) ?? 'Root';
}

/** Returns the comment above a type: its title, its description, and its default. */
export function wordsOf(schema: unknown): string {
  if (!isObject(schema)) return '';
  const { title, description, default: preset, writeOnly } = schema;
  const words = [title, description]
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/\r\n?/g, '\n'));
  const reported = preset === undefined || writeOnly === true ? undefined : JSON.stringify(preset);
  return [...words, ...(reported === undefined || reported.length > 60 ? [] : [`@default ${reported}`])]
    .join('\n\n')
    .trim();
}
