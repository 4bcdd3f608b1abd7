import fc from 'fast-check';
import { isObject } from '../../src/json.ts';

/** A schema as an author might write it, and values that it might be given. */
export interface Sample {
  readonly schema: { readonly [keyword: string]: unknown };
  readonly values: readonly unknown[];
}

const NAMES = ['a', 'b', 'c', 'kind'];
const name = fc.constantFrom(...NAMES);
const scalar = fc.constantFrom<unknown>('', 'a', 'b', 'long text', 0, 1, 2, 2.5, -1, true, false, null);
const anything = fc.oneof(
  { arbitrary: scalar, weight: 4 },
  { arbitrary: fc.array(scalar, { maxLength: 3 }), weight: 1 },
  { arbitrary: fc.dictionary(name, scalar, { maxKeys: 3 }), weight: 1 },
);

/** Each keyword is there or not; of those that TypeScript has no words for, or few, one is there now and then. */
function some(often: Keywords, seldom: Keywords = {}): fc.Arbitrary<object> {
  const present = fc.record(often, { requiredKeys: [] });
  const single = Object.entries(seldom).map(([key, each]) => each.map((value) => ({ [key]: value })));
  const extra = fc.oneof({ arbitrary: fc.constant({}), weight: 3 * single.length + 1 }, ...single);
  return fc.tuple(present, extra).map(([own, more]) => ({ ...own, ...more }));
}

type Keywords = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** As it would be read from a file. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

function schemas(isOld: boolean): fc.Arbitrary<unknown> {
  const definitions = isOld ? 'definitions' : '$defs';
  return fc.letrec<{ schema: unknown }>((tie) => {
    const inner = tie('schema');
    const list = fc.array(inner, { minLength: 1, maxLength: 2 });
    const alternatives = fc.array(inner, { minLength: 2, maxLength: 3 });
    const names = fc.uniqueArray(name, { maxLength: 2 });
    const properties = fc.dictionary(name, inner, { minKeys: 1, maxKeys: 3 });
    const values = fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 });
    const text = some(
      {},
      { minLength: fc.constant(1), maxLength: fc.constant(4), pattern: fc.constantFrom('^a', '^[a-z]*$') },
    );
    const number = some({}, { minimum: fc.constant(0), exclusiveMaximum: fc.constant(2), multipleOf: fc.constant(1) });
    const reference = fc.constantFrom('one', 'two', 'three').map((each) => ({ $ref: `#/${definitions}/${each}` }));
    const object = some(
      { required: names, additionalProperties: fc.oneof(fc.boolean(), fc.constant(false), inner) },
      {
        patternProperties: fc.dictionary(fc.constantFrom('^a', '^x-', 'd$'), inner, { minKeys: 1, maxKeys: 1 }),
        propertyNames: fc.constantFrom<unknown>({ enum: ['a', 'b'] }, { pattern: '^[a-c]' }, { maxLength: 1 }),
        minProperties: fc.nat(2),
        maxProperties: fc.nat(2),
        ...(isOld
          ? {
              dependencies: fc.oneof(
                fc.dictionary(name, fc.uniqueArray(name, { minLength: 1, maxLength: 1 }), { minKeys: 1, maxKeys: 1 }),
                fc.dictionary(name, inner, { minKeys: 1, maxKeys: 1 }),
              ),
            }
          : {
              dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { minLength: 1, maxLength: 1 }), {
                minKeys: 1,
                maxKeys: 1,
              }),
              dependentSchemas: fc.dictionary(name, inner, { minKeys: 1, maxKeys: 1 }),
            }),
      },
    );
    const tuple = isOld
      ? fc.record({ items: list, additionalItems: fc.oneof(fc.boolean(), inner) }, { requiredKeys: ['items'] })
      : fc.record({ prefixItems: list, items: fc.oneof(fc.boolean(), inner) }, { requiredKeys: ['prefixItems'] });
    const array = some(
      {},
      { minItems: fc.nat(2), maxItems: fc.nat(3), contains: inner, uniqueItems: fc.constant(true) },
    );
    const both = (...parts: fc.Arbitrary<object>[]) => fc.tuple(...parts).map((all) => Object.assign({}, ...all));
    const typed = (type: unknown, ...parts: fc.Arbitrary<object>[]) => both(fc.constant({ type }), ...parts);
    const shaped = fc.record({ properties });
    const listed = inner.map((items) => ({ items }));
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    const condition = fc.record({ if: inner, then: inner, else: inner }, { requiredKeys: ['if'] });
    const presence = fc.uniqueArray(
      name.map((each) => ({ required: [each] })),
      { minLength: 2, maxLength: 3, selector: (each) => each.required[0] ?? '' },
    );
    return {
      schema: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'schema' },
        // The first is what is left where schemas are as deep as they may be.
        {
          weight: 5,
          arbitrary: fc.oneof(
            typed('string', text),
            fc.constantFrom('number', 'integer').chain((type) => typed(type, number)),
            fc.constantFrom<object>({ type: 'boolean' }, { type: 'null' }),
            values.map((each) => ({ enum: each })),
          ),
        },
        { weight: 1, arbitrary: fc.constantFrom<object>({}, { type: 'object' }, { type: 'array' }) },
        {
          weight: 1,
          arbitrary: fc
            .uniqueArray(fc.constantFrom('string', 'integer', 'null', 'boolean', 'array', 'object'), {
              minLength: 2,
              maxLength: 2,
            })
            .map((type) => ({ type })),
        },
        { weight: 2, arbitrary: values.map((each) => ({ enum: each })) },
        { weight: 1, arbitrary: anything.map((each) => ({ const: each })) },
        { weight: 1, arbitrary: reference },
        { weight: 6, arbitrary: typed('object', shaped, object) },
        { weight: 1, arbitrary: both(shaped, object) },
        { weight: 2, arbitrary: typed('array', listed, array) },
        { weight: 2, arbitrary: typed('array', tuple, array) },
        { weight: 2, arbitrary: alternatives.map((anyOf) => ({ anyOf })) },
        { weight: 2, arbitrary: alternatives.map((all) => ({ oneOf: all })) },
        { weight: 1, arbitrary: alternatives.map((allOf) => ({ allOf })) },
        { weight: 1, arbitrary: inner.map((not) => ({ not })) },
        { weight: 1, arbitrary: condition },
        {
          weight: 1,
          arbitrary: typed(
            'object',
            shaped,
            object,
            fc.constantFrom('anyOf', 'oneOf').chain((word) => presence.map((each) => ({ [word]: each }))),
          ),
        },
        {
          weight: 1,
          arbitrary: typed(
            'object',
            shaped,
            inner.map((not) => ({ not })),
          ),
        },
        ...(isOld
          ? []
          : [{ weight: 1, arbitrary: both(reference, fc.constant({ description: 'Beside a reference.' })) }]),
      ),
    };
  }).schema;
}

function whole(isOld: boolean): fc.Arbitrary<Sample['schema']> {
  const each = schemas(isOld);
  const definitions = fc.record({ one: each, two: each, three: each });
  return fc.tuple(each, definitions).map(([schema, defined]) =>
    plain({
      ...(isOld ? { $schema: 'http://json-schema.org/draft-07/schema#' } : {}),
      [isOld ? 'definitions' : '$defs']: defined,
      ...(isObject(schema) && !(isOld && '$ref' in schema) ? schema : { allOf: [schema] }),
    }),
  );
}

/** Values that a schema might take: what its keywords name, or something else now and then. */
function near(schema: unknown, root: Sample['schema'], depth = 0): fc.Arbitrary<unknown> {
  if (!isObject(schema) || depth > 5) return anything;
  const choices = choicesOf(schema, root, depth);
  const wrong = { weight: 1, arbitrary: anything };
  return fc.oneof({ weight: 9, arbitrary: fc.oneof(...(choices.length === 0 ? [anything] : choices)) }, wrong);
}

function choicesOf(schema: Sample['schema'], root: Sample['schema'], depth: number): fc.Arbitrary<unknown>[] {
  const deeper = (each: unknown) => near(each, root, depth + 1);
  const { $ref, type, properties, items, prefixItems, minItems } = schema;
  const found: fc.Arbitrary<unknown>[] = [];
  if (typeof $ref === 'string') {
    const [, holder = '', key = ''] = $ref.split('/');
    const holding = root[holder];
    found.push(deeper(isObject(holding) ? holding[key] : undefined));
  }
  if ('const' in schema) found.push(fc.constant(schema.const));
  if (Array.isArray(schema.enum)) found.push(fc.constantFrom(...schema.enum));
  for (const list of [schema.anyOf, schema.oneOf, schema.allOf])
    if (Array.isArray(list))
      found.push(
        ...list.map((each) =>
          deeper(isObject(each) ? { ...schema, anyOf: undefined, oneOf: undefined, allOf: undefined, ...each } : each),
        ),
      );
  for (const each of [schema.if, schema.then, schema.else]) if (each !== undefined) found.push(deeper(each));
  const kinds = new Set([type].flat());
  if (kinds.has('object') || isObject(properties)) {
    const known = Object.entries(isObject(properties) ? properties : {}).map(
      ([key, each]) => [key, deeper(each)] as const,
    );
    const others = isObject(schema.additionalProperties) ? deeper(schema.additionalProperties) : scalar;
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const all = { ...Object.fromEntries(required.map((key) => [key, others])), ...Object.fromEntries(known) };
    const must = required.filter((key) => key in all);
    found.push(
      fc.record(all, { requiredKeys: must }),
      fc
        .tuple(
          fc.record(all, { requiredKeys: must }),
          fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'x-y'), others, { maxKeys: 1 }),
        )
        .map(([own, more]) => ({ ...more, ...own })),
      fc.record(all, { requiredKeys: [] }),
    );
  }
  if (kinds.has('array') || items !== undefined || prefixItems !== undefined) {
    const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const rest = Array.isArray(items) ? schema.additionalItems : items;
    const least = typeof minItems === 'number' ? minItems : 0;
    for (const length of [least, least + 1, 3])
      found.push(fc.tuple(...Array.from({ length }, (_, index) => deeper(first[index] ?? rest))));
  }
  const plainKinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    string: fc.constantFrom('', 'a', 'b', 'ab', 'long text'),
    number: fc.constantFrom(0, 1, 2, 2.5, -1),
    integer: fc.constantFrom(0, 1, 2, 7),
    boolean: fc.boolean(),
    null: fc.constant(null),
  };
  for (const kind of kinds) {
    const own = plainKinds[String(kind)];
    if (own !== undefined) found.push(own);
  }
  return found;
}

/** Schemas of both drafts, with values for each; the same for the same seed. */
export function samples(seed: number, count: number, valuesEach: number): Sample[] {
  const sample = fc
    .boolean()
    .chain((isOld) =>
      whole(isOld).chain((schema) =>
        fc
          .array(near(schema, schema), { minLength: valuesEach, maxLength: valuesEach })
          .map((values) => ({ schema, values: plain(values) })),
      ),
    );
  return fc.sample(sample, { seed, numRuns: count });
}
