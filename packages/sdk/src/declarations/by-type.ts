import { isObject, type JSONObject } from '../json.ts';
import { patternOf } from '../json-schema/vocabulary.ts';
import { arrayOf, atMost, intersect, intersectAll } from './intersections.ts';
import { dependent, having, lacking, type Reading } from './opposites.ts';
import { type Alternatives, ANY, type ArrayShape, EVERYTHING, type Member, NEVER, type ObjectShape } from './shapes.ts';
import { unite } from './unions.ts';

const OF_ARRAYS = ['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'minItems', 'maxItems', 'contains'];
const OF_OBJECTS = [
  'properties',
  'required',
  'additionalProperties',
  'patternProperties',
  'unevaluatedProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
];
/** Optional members that are written as alternatives, of which each has another of them. */
const MOST_COUNTED = 4;

/** Returns the type that `type`, and the keywords that concern one type alone, describe. */
export function byType(schema: JSONObject, reading: Reading): Alternatives {
  const isTold = [...OF_ARRAYS, ...OF_OBJECTS].some((keyword) => keyword in schema);
  if (schema.type === undefined && !isTold) return ANY;
  const named: readonly unknown[] = [schema.type ?? EVERYTHING.map(({ kind }) => kind)].flat();
  const kinds = new Set(named.map((type) => (type === 'integer' ? 'number' : type)));
  return EVERYTHING.filter(({ kind }) => kinds.has(kind)).flatMap((shape): Alternatives => {
    if (shape.kind === 'array') return arrays(schema, reading);
    return shape.kind === 'object' ? objects(schema, reading) : [shape];
  });
}

function arrays(schema: JSONObject, reading: Reading): Alternatives {
  const { items, prefixItems, additionalItems, unevaluatedItems, minItems, maxItems, contains } = schema;
  const isOld = reading.dialect === 'draft-07';
  const tuple = Array.isArray(prefixItems) && !isOld ? prefixItems : Array.isArray(items) ? items : [];
  const further = Array.isArray(items) ? additionalItems : items;
  const least = contains === undefined ? 0 : Number(isOld ? 1 : (schema.minContains ?? 1));
  const all = arrayOf(
    tuple.map((each) => reading.type(each)),
    Math.max(least, typeof minItems === 'number' ? minItems : 0),
    reading.type(further ?? unevaluatedItems ?? true),
  );
  const short = all.flatMap((each) =>
    each.kind === 'array' && typeof maxItems === 'number' ? atMost(each, maxItems) : [each],
  );
  return least === 0
    ? short
    : short.flatMap((each) => (each.kind === 'array' ? containing(each, reading.type(contains)) : [each]));
}

/** Narrows arrays to those that hold an item of the type, where each item has a type of its own. */
function containing(shape: ArrayShape, type: Alternatives): Alternatives {
  const { prefix, required, rest } = shape;
  if (rest.length > 0) return intersect(unite([...prefix, rest]), type).length === 0 ? NEVER : [shape];
  return unite(
    prefix.map((_, index) =>
      arrayOf(
        prefix.map((each, at) => (at === index ? intersect(each, type) : each)),
        Math.max(required, index + 1),
        NEVER,
      ),
    ),
  );
}

function objects(schema: JSONObject, reading: Reading): Alternatives {
  const { properties, required, additionalProperties, patternProperties, propertyNames } = schema;
  const declared = new Map(Object.entries(isObject(properties) ? properties : {}));
  const demanded = new Set(Array.isArray(required) ? required.map(String) : []);
  const patterns = Object.entries(isObject(patternProperties) ? patternProperties : {}).map(
    ([text, each]) => [patternOf(text), reading.type(each)] as const,
  );
  const additional = reading.type(additionalProperties ?? true);
  const typeOf = (name: string): Alternatives => {
    if (propertyNames !== undefined && !reading.takes(propertyNames, name)) return NEVER;
    const own = declared.has(name) ? [reading.type(declared.get(name))] : [];
    const matched = patterns.filter(([pattern]) => pattern?.test(name)).map(([, type]) => type);
    const told = [...own, ...matched];
    return told.length === 0 ? additional : intersectAll(told);
  };
  const named = namesAmong(propertyNames);
  const members = new Map<string, Member>();
  for (const name of new Set([...declared.keys(), ...demanded, ...(named ?? [])])) {
    const type = typeOf(name);
    if (type.length === 0 && demanded.has(name)) return NEVER;
    const words = wordsOf(declared.get(name));
    members.set(name, { type, required: demanded.has(name), declared: declared.has(name), words });
  }
  const rest = named === undefined ? unite([...patterns.map(([, type]) => type), additional]) : NEVER;
  const implied = additionalProperties === undefined && patterns.length === 0 && propertyNames === undefined;
  return counted({ kind: 'object', members, rest, implied }, schema);
}

/** Returns the only names that there can be; undefined where they are not listed. */
function namesAmong(propertyNames: unknown): readonly string[] | undefined {
  if (propertyNames === false) return [];
  if (!isObject(propertyNames)) return undefined;
  const values = 'const' in propertyNames ? [propertyNames.const] : propertyNames.enum;
  return Array.isArray(values) ? values.filter((each) => typeof each === 'string') : undefined;
}

/** Narrows an object by `minProperties` and `maxProperties`. */
function counted(shape: ObjectShape, { minProperties, maxProperties }: JSONObject): Alternatives {
  const most = typeof maxProperties === 'number' ? maxProperties : Number.POSITIVE_INFINITY;
  const least = typeof minProperties === 'number' ? minProperties : 0;
  const few = most === Number.POSITIVE_INFINITY ? [shape] : withAtMost(shape, most);
  return least === 0 ? few : few.flatMap((each) => withAtLeast(each, least));
}

function withAtMost(shape: ObjectShape, most: number): ObjectShape[] {
  const { required, optional } = namesIn(shape);
  if (required.length > most) return [];
  const isClosed = shape.rest.length === 0;
  if (required.length === most)
    return [{ ...shape, members: changed(shape, optional, forbidden), rest: NEVER, implied: false }];
  if (!isClosed || most - required.length > 1 || optional.length > MOST_COUNTED) return [shape];
  if (optional.length < 2) return [shape];
  return optional.map((name) => {
    const others = optional.filter((each) => each !== name);
    return { ...shape, members: changed(shape, others, forbidden) };
  });
}

function withAtLeast(shape: ObjectShape, least: number): ObjectShape[] {
  const { required, optional } = namesIn(shape);
  const missing = least - required.length;
  if (missing <= 0 || shape.rest.length > 0) return [shape];
  if (optional.length < missing) return [];
  if (optional.length === missing) return [{ ...shape, members: changed(shape, optional, demandedToo) }];
  if (missing > 1 || optional.length > MOST_COUNTED) return [shape];
  return optional.map((name) => ({ ...shape, members: changed(shape, [name], demandedToo) }));
}

function namesIn({ members }: ObjectShape): { required: string[]; optional: string[] } {
  const names = [...members].filter(([, { type }]) => type.length > 0);
  return {
    required: names.flatMap(([name, each]) => (each.required ? [name] : [])),
    optional: names.flatMap(([name, each]) => (each.required ? [] : [name])),
  };
}

const forbidden = (member: Member): Member => ({ ...member, type: NEVER });
const demandedToo = (member: Member): Member => ({ ...member, required: true });

function changed(
  { members }: ObjectShape,
  names: readonly string[],
  change: (member: Member) => Member,
): ReadonlyMap<string, Member> {
  return new Map([...members].map(([name, member]) => [name, names.includes(name) ? change(member) : member]));
}

/** Returns the types that dependencies between properties describe. */
export function dependents(schema: JSONObject, reading: Reading): Alternatives[] {
  const { dependentRequired, dependentSchemas, dependencies } = schema;
  const maps = [...(reading.dialect === 'draft-07' ? [] : [dependentRequired, dependentSchemas]), dependencies];
  const others = EVERYTHING.filter(({ kind }) => kind !== 'object');
  return maps
    .flatMap((map) => Object.entries(isObject(map) ? map : {}))
    .map(([name, brought]) =>
      unite([others, lacking(name), intersect(having(name, ANY), dependent(brought, reading))]),
    );
}

/** Returns the comment above a type: its title, its description, and its default. */
export function wordsOf(schema: unknown): string {
  if (!isObject(schema)) return '';
  const { title, description, default: preset, writeOnly } = schema;
  const words = [title, description]
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/\r\n?/g, '\n'));
  const told = preset === undefined || writeOnly === true ? undefined : JSON.stringify(preset);
  return [...words, ...(told === undefined || told.length > 60 ? [] : [`@default ${told}`])].join('\n\n').trim();
}
