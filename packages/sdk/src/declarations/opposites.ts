import { isObject, type JSONObject, lookUp } from '../json.ts';
import { type Dialect, VOCABULARY } from '../json-schema/vocabulary.ts';
import { arrayOf, atMost, intersect, intersectAll } from './intersections.ts';
import { type Alternatives, ANY, type ArrayShape, EVERYTHING, kindOf, NEVER, type ObjectShape } from './shapes.ts';
import { unite } from './unions.ts';

/** Reader of a file of schemas: their types, and those of the values that they refuse. */
export interface Reading {
  readonly dialect: Dialect;
  type(schema: unknown): Alternatives;
  opposite(schema: unknown): Alternatives;
  /** Checks if a schema takes a value. */
  takes(schema: unknown, value: unknown): boolean;
}

const OBJECT: ObjectShape = { kind: 'object', members: new Map(), rest: ANY, implied: true };
const ARRAY: ArrayShape = { kind: 'array', prefix: [], required: 0, rest: ANY };
const STRING: Alternatives = [{ kind: 'string' }];
const NUMBER: Alternatives = [{ kind: 'number' }];

/** Objects that have a member of this type. */
export function having(name: string, type: Alternatives): Alternatives {
  if (type.length === 0) return NEVER;
  return [{ ...OBJECT, members: new Map([[name, { type, required: true, declared: false, words: '' }]]) }];
}

/** Objects that have no member of this name. */
export function lacking(name: string): Alternatives {
  return [{ ...OBJECT, members: new Map([[name, { type: NEVER, required: false, declared: false, words: '' }]]) }];
}

/** Arrays with an item of this type at an index. */
function holding(index: number, type: Alternatives): Alternatives {
  if (type.length === 0) return NEVER;
  return arrayOf([...Array.from({ length: index }, () => ANY), type], index + 1, ANY);
}

/** Everything but these values. */
function allBut(values: readonly unknown[]): Alternatives {
  return EVERYTHING.flatMap((shape): Alternatives => {
    const except = values.filter((value) => kindOf(value) === shape.kind);
    if (shape.kind === 'null') return except.length > 0 ? NEVER : [shape];
    if (shape.kind === 'boolean') {
      const left = [true, false].filter((value) => !except.includes(value));
      return left.length === 2 ? [shape] : left.map((value) => ({ kind: 'literal', value }));
    }
    const isTold = except.length > 0 && (shape.kind === 'string' || shape.kind === 'number');
    return [isTold ? { ...shape, except } : shape];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** Returns the type of an object with a property that requires names, or a schema. */
export function dependent(brought: unknown, reading: Reading): Alternatives {
  if (!Array.isArray(brought)) return reading.type(brought);
  return intersectAll(brought.map((name) => having(String(name), ANY)));
}

type Opposite = (argument: unknown, reading: Reading, schema: JSONObject) => Alternatives;

const inTuple: Opposite = (items, reading) =>
  unite(listOf(items).map((each, index) => holding(index, reading.opposite(each))));
const inRest = (from: number, further: unknown, reading: Reading) =>
  reading.opposite(further).length === 0 ? NEVER : arrayOf([], from + 1, ANY);
const inMember: Opposite = (schema, reading) => (reading.opposite(schema).length === 0 ? NEVER : [OBJECT]);
const inDependents: Opposite = (dependents, reading) =>
  unite(
    entriesOf(dependents).map(([name, each]) =>
      intersect(
        having(name, ANY),
        Array.isArray(each) ? unite(each.map((other) => lacking(String(other)))) : reading.opposite(each),
      ),
    ),
  );

/**
 * Types of the values that a keyword refuses. As everywhere they are wider where TypeScript has no words: for strings that
 * are too short it is every string.
 */
const OPPOSITES: Readonly<Record<string, Opposite>> = {
  type: (types) => {
    const names = new Set([types].flat());
    return EVERYTHING.filter(({ kind }) => !names.has(kind));
  },
  const: (value) => allBut([value]),
  enum: (values) => allBut(listOf(values)),
  minLength: () => STRING,
  maxLength: () => STRING,
  pattern: () => STRING,
  minimum: () => NUMBER,
  maximum: () => NUMBER,
  exclusiveMinimum: () => NUMBER,
  exclusiveMaximum: () => NUMBER,
  multipleOf: () => NUMBER,
  minItems: (least) => (Number(least) > 0 ? atMost(ARRAY, Number(least) - 1) : NEVER),
  maxItems: (most) => arrayOf([], Number(most) + 1, ANY),
  uniqueItems: (wanted) => (wanted === true ? arrayOf([], 2, ANY) : NEVER),
  prefixItems: inTuple,
  items: (items, reading, { prefixItems }) =>
    Array.isArray(items) ? inTuple(items, reading, {}) : inRest(listOf(prefixItems).length, items, reading),
  additionalItems: (further, reading, { items }) =>
    Array.isArray(items) ? inRest(items.length, further, reading) : NEVER,
  unevaluatedItems: () => [ARRAY],
  contains: (schema, reading, { minContains, maxContains }) => {
    if (reading.dialect === '2020-12' && (minContains ?? maxContains) !== undefined) return [ARRAY];
    return arrayOf([], 0, reading.opposite(schema));
  },
  minProperties: (least) =>
    Number(least) > 1 ? [OBJECT] : Number(least) === 1 ? [{ ...OBJECT, rest: NEVER, implied: false }] : NEVER,
  maxProperties: () => [OBJECT],
  required: (names) => unite(listOf(names).map((name) => lacking(String(name)))),
  properties: (properties, reading) =>
    unite(entriesOf(properties).map(([name, schema]) => having(name, reading.opposite(schema)))),
  patternProperties: (patterns, reading) =>
    unite(entriesOf(patterns).map(([, schema]) => inMember(schema, reading, {}))),
  additionalProperties: inMember,
  propertyNames: (schema) => (schema === true ? NEVER : [OBJECT]),
  unevaluatedProperties: inMember,
  dependentRequired: inDependents,
  dependentSchemas: inDependents,
  dependencies: inDependents,
  allOf: (all, reading) => unite(listOf(all).map((each) => reading.opposite(each))),
  anyOf: (all, reading) => intersectAll(listOf(all).map((each) => reading.opposite(each))),
  oneOf: (all, reading) => {
    const types = listOf(all).map((each) => reading.type(each));
    const pairs = types.flatMap((one, index) => types.slice(index + 1).map((other) => intersect(one, other)));
    return unite([intersectAll(listOf(all).map((each) => reading.opposite(each))), ...pairs]);
  },
  not: (schema, reading) => reading.type(schema),
  if: (condition, reading, { then: met, else: unmet }) =>
    unite([
      met === undefined ? NEVER : intersect(reading.type(condition), reading.opposite(met)),
      unmet === undefined ? NEVER : intersect(reading.opposite(condition), reading.opposite(unmet)),
    ]),
  $dynamicRef: () => ANY,
};

/** Returns the types of the values that the keywords of a schema refuse, apart from a reference. */
export function oppositeOf(schema: JSONObject, reading: Reading): Alternatives {
  return unite(
    Object.entries(schema).map(([keyword, argument]) => {
      const only = lookUp(VOCABULARY, keyword)?.only;
      if (only !== undefined && only !== reading.dialect) return NEVER;
      return lookUp(OPPOSITES, keyword)?.(argument, reading, schema) ?? NEVER;
    }),
  );
}
