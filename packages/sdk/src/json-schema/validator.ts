import { isDeepStrictEqual } from 'node:util';
import type { Code } from '../codes.ts';
import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp, valueAt } from '../json.ts';

/** What a value lacks. It never says what was found: values may be secrets. */
export interface ValueFault {
  readonly code: Code & `value/${string}`;
  /** Into the value; of what is missing, where it should be. */
  readonly path: Path;
  /** What it must be, such as `a string` or `at least 8 characters long`. */
  readonly expected: string;
}

/** A keyword that does not hold, and where. */
export interface BrokenKeyword extends ValueFault {
  readonly keyword: string;
  /** The schema that holds the keyword. */
  readonly schema: JSONObject;
  /** What the schema is about, and its path: of a key that is missing or too much, the object. */
  readonly value: unknown;
  readonly holder: Path;
}

/** A keyword that looks at one value alone. */
interface Keyword {
  readonly code: ValueFault['code'];
  holds(argument: unknown, value: unknown): boolean;
  expected(argument: unknown): string;
}

const characters = (value: unknown) => [...String(value)].length;

function limit(
  applies: (value: unknown) => boolean,
  holds: (argument: number, value: unknown) => boolean,
  expected: (argument: number) => string,
): Keyword {
  return {
    code: 'value/limit',
    holds: (argument, value) => typeof argument !== 'number' || !applies(value) || holds(argument, value),
    expected: (argument) => expected(Number(argument)),
  };
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const sizeOf = (value: unknown) => Object.keys(value as object).length;
const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What JSON Schema says about a value on its own; `format` is an annotation there, and so it is here. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: {
    code: 'value/type',
    holds: (types, value) => [types].flat().some((type) => lookUp(TYPES, String(type))?.holds(value) ?? true),
    expected: (types) =>
      [types]
        .flat()
        .map((type) => lookUp(TYPES, String(type))?.words ?? String(type))
        .join(' or '),
  },
  enum: {
    code: 'value/choice',
    holds: (values, value) => !Array.isArray(values) || values.some((each) => isDeepStrictEqual(each, value)),
    expected: (values) => `one of ${(values as unknown[]).map((each) => JSON.stringify(each)).join(', ')}`,
  },
  const: {
    code: 'value/choice',
    holds: (wanted, value) => isDeepStrictEqual(wanted, value),
    expected: (wanted) => JSON.stringify(wanted),
  },
  minLength: limit(
    isText,
    (least, value) => characters(value) >= least,
    (least) => `at least ${count(least, 'character')} long`,
  ),
  maxLength: limit(
    isText,
    (most, value) => characters(value) <= most,
    (most) => `at most ${count(most, 'character')} long`,
  ),
  pattern: {
    code: 'value/limit',
    holds: (pattern, value) =>
      typeof value !== 'string' || typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value),
    expected: (pattern) => `a string that matches ${String(pattern)}`,
  },
  minimum: limit(
    isNumber,
    (least, value) => Number(value) >= least,
    (least) => `${least} or more`,
  ),
  maximum: limit(
    isNumber,
    (most, value) => Number(value) <= most,
    (most) => `${most} or less`,
  ),
  exclusiveMinimum: limit(
    isNumber,
    (least, value) => Number(value) > least,
    (least) => `more than ${least}`,
  ),
  exclusiveMaximum: limit(
    isNumber,
    (most, value) => Number(value) < most,
    (most) => `less than ${most}`,
  ),
  multipleOf: limit(
    isNumber,
    (step, value) => Number.isInteger(Number(value) / step),
    (step) => `a multiple of ${step}`,
  ),
  minItems: limit(
    Array.isArray,
    (least, value) => sizeOf(value) >= least,
    (least) => `a list of ${count(least, 'item')} or more`,
  ),
  maxItems: limit(
    Array.isArray,
    (most, value) => sizeOf(value) <= most,
    (most) => `a list of ${count(most, 'item')} at most`,
  ),
  uniqueItems: {
    code: 'value/limit',
    holds: (wanted, value) => wanted !== true || !Array.isArray(value) || isDistinct(value),
    expected: () => 'a list in which nothing stands twice',
  },
  minProperties: limit(
    isObject,
    (least, value) => sizeOf(value) >= least,
    (least) => `an object of ${least} properties or more`,
  ),
  maxProperties: limit(
    isObject,
    (most, value) => sizeOf(value) <= most,
    (most) => `an object of ${most} properties at most`,
  ),
};

const TYPES: Readonly<Record<string, { readonly words: string; holds(value: unknown): boolean }>> = {
  string: { words: 'a string', holds: isText },
  number: { words: 'a number', holds: isNumber },
  integer: { words: 'a whole number', holds: Number.isInteger },
  boolean: { words: 'true or false', holds: (value) => typeof value === 'boolean' },
  object: { words: 'an object', holds: isObject },
  array: { words: 'a list', holds: Array.isArray },
  null: { words: 'null', holds: (value) => value === null },
};

function isDistinct(list: readonly unknown[]): boolean {
  return list.every((each, index) => list.slice(index + 1).every((other) => !isDeepStrictEqual(each, other)));
}

/** Whether a schema says that its value is a secret: in the standard's own word, or as forms say it. */
export function isSecret(schema: unknown): boolean {
  return isObject(schema) && (schema.writeOnly === true || schema.format === 'password');
}

/**
 * What a value breaks of a JSON Schema, draft 2020-12 or draft-07, in the order of its keywords. References within the
 * schema are followed; nothing is fetched, and what is not known (`unevaluated…`, `$dynamicRef`) is not checked.
 */
export function faultsOf(schema: unknown, value: unknown): ValueFault[] {
  return brokenKeywords(schema, value).map(({ code, path, expected }) => ({ code, path, expected }));
}

/**
 * The same, with the schemas that the value breaks. Schemas and values in it may tell secrets. Of a list or an object in
 * which `most` are found, the rest is not looked at.
 */
export function brokenKeywords(schema: unknown, value: unknown, most = Number.POSITIVE_INFINITY): BrokenKeyword[] {
  return new Instance(schema, most).check(schema, value, []);
}

/** One sentence, without what was found. */
export function faultWords({ code, path, expected }: ValueFault): string {
  const last = path.at(-1);
  const inner =
    typeof last === 'number'
      ? `Item ${last + 1} of ${JSON.stringify(path.at(-2) ?? 'the list')}`
      : JSON.stringify(last ?? 'The value');
  return code === 'value/missing' ? `${inner} is missing.` : `${inner} must be ${expected}.`;
}

class Instance {
  readonly most: number;
  readonly #root: unknown;
  readonly #open = new Set<string>();

  constructor(root: unknown, most: number) {
    this.#root = root;
    this.most = most;
  }

  check(schema: unknown, value: unknown, path: Path): BrokenKeyword[] {
    if (schema === false) return [refused('false', {}, value, path, path)];
    if (!isObject(schema)) return [];
    const found: BrokenKeyword[] = [];
    for (const keyword of Object.keys(schema)) {
      const argument = schema[keyword];
      const own = lookUp(KEYWORDS, keyword);
      if (own === undefined) {
        for (const each of lookUp(APPLICATORS, keyword)?.({ keyword, argument, schema, value, path, in: this }) ?? [])
          found.push(each);
      } else if (!own.holds(argument, value)) {
        // What a schema says of a secret may tell it.
        const tells = isSecret(schema) && /^(const|enum|pattern)$/.test(keyword);
        const expected = tells ? 'as its schema says' : own.expected(argument);
        found.push({ code: own.code, path, expected, keyword, schema, value, holder: path });
      }
    }
    return found;
  }

  holds(schema: unknown, value: unknown): boolean {
    return this.check(schema, value, []).length === 0;
  }

  /** Nothing when the reference leads nowhere, or back to itself with the same value. */
  follow(reference: unknown, value: unknown, path: Path): BrokenKeyword[] {
    const key = `${String(reference)} ${JSON.stringify(path)}`;
    if (typeof reference !== 'string' || !reference.startsWith('#') || this.#open.has(key)) return [];
    this.#open.add(key);
    let target = this.#root;
    for (const part of reference.slice(1).split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      target = valueAt(target, [Array.isArray(target) ? Number(name) : name]);
    }
    const faults = this.check(target, value, path);
    this.#open.delete(key);
    return faults;
  }
}

interface Application {
  readonly keyword: string;
  readonly argument: unknown;
  readonly schema: JSONObject;
  readonly value: unknown;
  readonly path: Path;
  readonly in: Instance;
}

type Applicator = (application: Application) => readonly BrokenKeyword[];

function broken({ keyword, schema, value, path }: Application, expected: string, at: Path = path): BrokenKeyword[] {
  return [{ code: 'value/limit', path: at, expected, keyword, schema, value, holder: path }];
}

/** Something is there that must not be. */
function refused(keyword: string, schema: JSONObject, value: unknown, path: Path, holder: Path): BrokenKeyword {
  return { code: 'value/limit', path, expected: 'left out', keyword, schema, value, holder };
}

/** What is missing in an object of all that it must have. */
const missing: Applicator = ({ keyword, argument, schema, value, path }) => {
  if (!isObject(value) || !Array.isArray(argument)) return [];
  const names = argument.map(String).filter((name) => !Object.hasOwn(value, name));
  const found = { code: 'value/missing', expected: 'given', keyword, schema, value, holder: path } as const;
  return names.map((name) => ({ ...found, path: [...path, name] }));
};

/** Applies a schema to each item of a list from an index on. */
function each({ value, path, in: instance }: Application, schema: unknown, from: number): BrokenKeyword[] {
  if (!Array.isArray(value)) return [];
  const found: BrokenKeyword[] = [];
  for (let index = from; index < value.length && found.length < instance.most; index++) {
    for (const fault of instance.check(schema, value[index], [...path, index])) found.push(fault);
  }
  return found;
}

const tuple: Applicator = ({ argument, value, path, in: instance }) => {
  if (!Array.isArray(value) || !Array.isArray(argument)) return [];
  return argument
    .slice(0, value.length)
    .flatMap((schema, index) => instance.check(schema, value[index], [...path, index]));
};

/** The values of an object, each with the schemas that stand for its name. */
const members =
  (schemasFor: (name: string, application: Application) => readonly unknown[]): Applicator =>
  (application) => {
    const { keyword, schema: parent, value, path, in: instance } = application;
    if (!isObject(value)) return [];
    const found: BrokenKeyword[] = [];
    for (const name of Object.keys(value)) {
      if (found.length >= instance.most) break;
      for (const schema of schemasFor(name, application)) {
        if (schema === true) continue;
        const inner = [...path, name];
        if (schema === false) found.push(refused(keyword, parent, value, inner, path));
        else for (const each of instance.check(schema, value[name], inner)) found.push(each);
      }
    }
    return found;
  };

function byName(map: unknown, name: string): readonly unknown[] {
  return isObject(map) && Object.hasOwn(map, name) ? [map[name]] : [];
}

function byPattern(map: unknown, name: string): readonly unknown[] {
  if (!isObject(map)) return [];
  return Object.entries(map).flatMap(([pattern, schema]) => (new RegExp(pattern, 'u').test(name) ? [schema] : []));
}

/** What a property that is there brings with it. */
const dependents: Applicator = (application) => {
  const { argument, value, path, in: instance } = application;
  if (!isObject(value) || !isObject(argument)) return [];
  return Object.entries(argument).flatMap(([name, demand]) => {
    if (!Object.hasOwn(value, name)) return [];
    return Array.isArray(demand) ? missing({ ...application, argument: demand }) : instance.check(demand, value, path);
  });
};

const APPLICATORS: Readonly<Record<string, Applicator>> = {
  $ref: ({ argument, value, path, in: instance }) => instance.follow(argument, value, path),
  required: missing,
  properties: members((name, { argument }) => byName(argument, name)),
  patternProperties: members((name, { argument }) => byPattern(argument, name)),
  additionalProperties: members((name, { argument, schema }) =>
    [...byName(schema.properties, name), ...byPattern(schema.patternProperties, name)].length === 0 ? [argument] : [],
  ),
  propertyNames: (application) => {
    const { argument, value, path, in: instance } = application;
    if (!isObject(value)) return [];
    const names = Object.keys(value).filter((name) => !instance.holds(argument, name));
    return names.flatMap((name) => broken(application, 'left out: its name is not allowed', [...path, name]));
  },
  items: (application) => {
    const { argument, schema } = application;
    if (Array.isArray(argument)) return tuple(application);
    return each(application, argument, Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0);
  },
  additionalItems: (application) => {
    const { argument, schema } = application;
    return Array.isArray(schema.items) ? each(application, argument, schema.items.length) : [];
  },
  prefixItems: tuple,
  contains: (application) => {
    const { argument, schema, value, in: instance } = application;
    if (!Array.isArray(value)) return [];
    const found = value.filter((item) => instance.holds(argument, item)).length;
    const { minContains: least = 1, maxContains: most = Number.POSITIVE_INFINITY } = schema;
    return found >= Number(least) && found <= Number(most)
      ? []
      : broken(application, 'a list that holds what is asked for');
  },
  allOf: ({ argument, value, path, in: instance }) =>
    listIn(argument).flatMap((schema) => instance.check(schema, value, path)),
  anyOf: (application) => (holding(application).length > 0 ? [] : broken(application, 'one of the alternatives')),
  oneOf: (application) =>
    holding(application).length === 1 ? [] : broken(application, 'exactly one of the alternatives'),
  not: (application) =>
    application.in.holds(application.argument, application.value) ? broken(application, 'something else') : [],
  if: ({ argument, schema, value, path, in: instance }) =>
    instance.check(instance.holds(argument, value) ? schema.then : schema.else, value, path),
  dependentRequired: dependents,
  dependentSchemas: dependents,
  dependencies: dependents,
};

/** The alternatives that the value meets. */
function holding({ argument, value, in: instance }: Application): readonly unknown[] {
  return listIn(argument).filter((schema) => instance.holds(schema, value));
}

function listIn(argument: unknown): readonly unknown[] {
  return Array.isArray(argument) ? argument : [];
}
