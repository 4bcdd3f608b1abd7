import { isObject, type JSONObject, lookUp } from '../json.ts';
import { type ResolvedSchema, resolveSchema, type Target } from '../json-schema/resolve.ts';
import { checkerIn } from '../json-schema/validator.ts';
import { type Dialect, VOCABULARY } from '../json-schema/vocabulary.ts';
import { byType, dependents, wordsOf } from './by-type.ts';
import { intersect, intersectAll } from './intersections.ts';
import { oppositeOf, type Reading } from './opposites.ts';
import { type Alternatives, ANY, NEVER, type Shape } from './shapes.ts';
import { unite } from './unions.ts';

/** A type that a schema defines for itself: what one of its references leads to. */
interface Definition {
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
 * value that has one is taken, wherever TypeScript can say it. What it cannot say is in docs/reference/declarations.md.
 * @param nameFor gives a definition a name that is free, from what the schema calls it
 */
export function typesOf(schema: unknown, nameFor: (own: string) => string): Typed {
  const reader = new Reader(resolveSchema(schema), nameFor);
  const type = reader.type(schema);
  return { type, words: wordsOf(schema), definitions: reader.definitions() };
}

/** Kinds of shapes whose type is one word. */
const WORDS: ReadonlySet<string> = new Set(['any', 'string', 'number', 'boolean', 'null']);
/** Alternatives of a `oneOf` that are held against each other. */
const MOST_EXCLUSIVE = 12;
/** Literal values of a type that are held against their schema. */
const MOST_VALUES = 200;
/** Keywords under which a schema stands that others refer to, and that names nothing by itself. */
const CONTAINERS = new Set(['$defs', 'definitions', 'properties', 'items']);

class Reader implements Reading {
  readonly dialect: Dialect;
  readonly takes: Reading['takes'];
  readonly #schema: ResolvedSchema;
  readonly #nameFor: (own: string) => string;
  /** Path → the type that it is declared as. */
  readonly #defined = new Map<string, { readonly name: string; readonly target: Target }>();
  readonly #types = new Map<string, Alternatives>();
  /** Schema → types of its values, and of all others. */
  readonly #told = { type: new WeakMap<object, Alternatives>(), opposite: new WeakMap<object, Alternatives>() };
  /** Definitions that are being worked out. */
  readonly #opening = new Set<string>();

  constructor(schema: ResolvedSchema, nameFor: (own: string) => string) {
    this.#schema = schema;
    this.#nameFor = nameFor;
    this.dialect = schema.dialect;
    this.takes = checkerIn(schema);
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
    const known = this.#told.type.get(schema) ?? this.#typeOf(schema);
    this.#told.type.set(schema, known);
    return known;
  }

  /** Returns the types of the values that a schema refuses; of those for which TypeScript has no words, a wider one. */
  opposite(schema: unknown): Alternatives {
    if (schema === false) return ANY;
    if (!isObject(schema)) return NEVER;
    const known = this.#told.opposite.get(schema);
    if (known !== undefined) return known;
    // Inside of itself it stands for anything.
    this.#told.opposite.set(schema, ANY);
    const opposite = this.#oppositeOf(schema);
    this.#told.opposite.set(schema, opposite);
    return opposite;
  }

  #oppositeOf(schema: JSONObject): Alternatives {
    if (typeof schema.tsType === 'string') return ANY;
    if (schema.$ref === undefined) return oppositeOf(schema, this);
    const target = this.#schema.follow(schema);
    const referred = target === undefined ? ANY : this.opposite(target.schema);
    return this.dialect === 'draft-07' ? referred : unite([referred, oppositeOf(schema, this)]);
  }

  #typeOf(schema: JSONObject): Alternatives {
    if (typeof schema.tsType === 'string') return [{ kind: 'text', text: schema.tsType }];
    const referred = schema.$ref === undefined ? ANY : this.#referred(schema);
    if (schema.$ref !== undefined && this.dialect === 'draft-07') return referred;
    const not = schema.not === undefined ? ANY : this.opposite(schema.not);
    const all = [referred, byType(schema, this), ...this.#values(schema), ...this.#combined(schema), not];
    return this.#held(closed(intersectAll(all), schema), schema);
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

  /** Returns the types that `enum` and `const` describe. */
  #values(schema: JSONObject): Alternatives[] {
    const lists = [schema.enum, Object.hasOwn(schema, 'const') ? [schema.const] : undefined];
    return lists
      .filter((list): list is unknown[] => Array.isArray(list))
      .map((list) => unite(list.map((value) => [{ kind: 'literal', value }])));
  }

  #combined(schema: JSONObject): Alternatives[] {
    const { allOf, anyOf, oneOf, if: condition, then: met, else: unmet } = schema;
    const all = Array.isArray(allOf) ? allOf.map((each) => this.type(each)) : [];
    const any = Array.isArray(anyOf) ? [unite(anyOf.map((each) => this.type(each)))] : [];
    const one = Array.isArray(oneOf) ? [this.#exclusive(oneOf)] : [];
    const branches =
      condition === undefined || (met === undefined && unmet === undefined)
        ? []
        : [
            unite([
              intersect(this.type(condition), this.type(met ?? true)),
              intersect(this.opposite(condition), this.type(unmet ?? true)),
            ]),
          ];
    return [...all, ...any, ...one, ...branches, ...dependents(schema, this)];
  }

  /** Values of exactly one of the schemas. */
  #exclusive(schemas: readonly unknown[]): Alternatives {
    const types = schemas.map((each) => this.type(each));
    if (schemas.length > MOST_EXCLUSIVE) return unite(types);
    return unite(
      types.map((own, index) => {
        const others = schemas.filter((_, at) => at !== index && intersect(own, types[at] ?? NEVER).length > 0);
        return intersectAll([own, ...others.map((other) => this.opposite(other))]);
      }),
    );
  }

  /** Removes literal values that the schema refuses. */
  #held(type: Alternatives, schema: JSONObject): Alternatives {
    const told = type.flatMap((shape): readonly unknown[] => valuesOf(shape) ?? []);
    if (told.length === 0 || told.length > MOST_VALUES || !isRestricted(schema)) return type;
    return unite(
      type.map((shape) => {
        const values = valuesOf(shape);
        if (values === undefined) return [shape];
        return values.filter((value) => this.takes(schema, value)).map((value) => ({ kind: 'literal', value }));
      }),
    );
  }
}

/** Returns the values of a shape, where these are few. */
function valuesOf(shape: Shape): readonly unknown[] | undefined {
  if (shape.kind === 'literal') return [shape.value];
  if (shape.kind === 'boolean') return [true, false];
  return shape.kind === 'null' ? [null] : undefined;
}

/** Checks if a schema says more than its type does: by several keywords, or by one that combines schemas. */
function isRestricted(schema: JSONObject): boolean {
  const checked = Object.keys(schema).filter((keyword) => lookUp(VOCABULARY, keyword)?.role === 'checked');
  return checked.length > 1 || checked.some((keyword) => /^(not|oneOf|if|allOf)$/.test(keyword));
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
