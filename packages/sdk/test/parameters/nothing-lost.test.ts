import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject } from '../../src/json.ts';
import { faultsOf } from '../../src/json-schema/validator.ts';
import { toParameters } from '../../src/parameters/to-parameters.ts';
import { toSchema } from '../../src/parameters/to-schema.ts';
import { RUNS, TIMEOUT } from './grammar.ts';

const scalar = fc.constantFrom<unknown>('', 'a', 'ab', 'abcd', 0, 1, 2, 7, 0.5, true, false, null);
const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(scalar, fc.record({ a: scalar }, { requiredKeys: [] })), { maxLength: 3 }),
  },
  { weight: 1, arbitrary: fc.record({ a: scalar, b: scalar }, { requiredKeys: [] }) },
);
const choices = fc.uniqueArray(scalar, { maxLength: 3 });
const size = fc.nat(3);

/** What an author might write of a field, sense or not: a few keywords in any order. */
const { field } = fc.letrec<{ field: object }>((tie) => {
  const inner = fc.oneof(
    { maxDepth: 2, depthIdentifier: 'field' },
    fc.constantFrom({ type: 'string' }, {}),
    tie('field'),
  );
  const type = fc.constantFrom<unknown>('string', 'integer', 'number', 'boolean', 'array', 'object', 'null', [
    'string',
    'null',
  ]);
  const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    title: fc.constant('A'),
    description: fc.constant('B'),
    examples: fc.constant(['a']),
    minLength: size,
    maxLength: size,
    pattern: fc.constantFrom('^a', 'b'),
    minimum: fc.integer({ min: -1, max: 3 }),
    maximum: fc.nat(7),
    minItems: size,
    maxItems: size,
    uniqueItems: fc.boolean(),
    enum: choices,
    const: scalar,
    oneOf: fc.oneof(
      choices.map((all) => all.map((each) => ({ const: each }))),
      fc.array(inner, { minLength: 1, maxLength: 2 }),
    ),
    anyOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
    allOf: fc.array(inner, { minLength: 1, maxLength: 1 }),
    not: inner,
    items: fc.oneof(inner, fc.boolean(), fc.array(inner, { maxLength: 2 })),
    properties: fc.record({ a: inner, b: inner }, { requiredKeys: [] }),
    required: fc.subarray(['a', 'b']),
    additionalProperties: fc.oneof(inner, fc.constant(true)),
    minProperties: size,
    writeOnly: fc.boolean(),
    format: fc.constantFrom('email', 'password', 'date', 'other'),
    $ref: fc.constant('#/$defs/a'),
  };
  return {
    field: fc
      .tuple(fc.option(type, { freq: 8 }), fc.subarray(Object.keys(keywords), { maxLength: 3 }))
      .chain(([told, names]) =>
        fc.record({
          ...(told === null ? {} : { type: fc.constant(told) }),
          ...Object.fromEntries(names.map((name) => [name, keywords[name] ?? value])),
        }),
      ),
  };
});

/** A field with properties is taken for an object, and one with items for a list, also where nobody says so. */
function impliesType(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(impliesType);
  if (!isObject(schema)) return false;
  const implied = schema.type === undefined && (isObject(schema.properties) || isObject(schema.items));
  return implied || Object.values(schema).some(impliesType);
}

test(
  'a schema is refused, or its form takes the very values that it takes',
  () => {
    let taken = 0;
    fc.assert(
      fc.property(field, fc.array(value, { minLength: 1, maxLength: 8 }), (written, values) => {
        const schema = JSON.parse(
          JSON.stringify({ type: 'object', properties: { x: written }, $defs: { a: { type: 'string' } } }),
        );
        const { form, problems } = toParameters(schema);
        if (problems.length > 0 || impliesType(written)) return;
        taken++;
        const ours = toSchema(form);
        for (const x of values) {
          const given = JSON.parse(JSON.stringify({ x }));
          expect([x, faultsOf(ours, given).length === 0]).toEqual([x, faultsOf(schema, given).length === 0]);
        }
      }),
      { numRuns: 5 * RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 2);
  },
  TIMEOUT,
);
