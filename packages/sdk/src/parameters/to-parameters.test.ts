// biome-ignore-all lint/suspicious/noThenProperty: a keyword of JSON Schema
import { describe, expect, test } from 'vitest';
import { toParameters } from './to-parameters.ts';
import { toSchema } from './to-schema.ts';

function made(properties: object, rest: object = {}) {
  return toParameters({ type: 'object', properties, ...rest });
}

describe('what authors write', () => {
  test.each<[object, object]>([
    [
      { title: 'A', type: 'string', description: 'B' },
      { label: 'A', type: 'text', help: 'B' },
    ],
    [
      { title: 'A', type: 'string', format: 'password' },
      { label: 'A', type: 'password' },
    ],
    [{ type: 'string', format: 'password', writeOnly: true }, { type: 'password' }],
    [
      { type: 'string', format: 'date' },
      { type: 'date', time: false },
    ],
    [
      { minimum: 1, type: 'integer' },
      { validate: { min: 1 }, type: 'integer' },
    ],
    [{ title: 'A' }, { type: 'any', label: 'A' }],
    [
      { enum: ['a', 2] },
      {
        type: 'select',
        options: [
          { label: 'a', value: 'a' },
          { label: '2', value: 2 },
        ],
      },
    ],
    [{ anyOf: [{ const: 'a', title: 'A' }] }, { type: 'select', options: [{ value: 'a', label: 'A' }] }],
    [
      { oneOf: [{ title: 'G', oneOf: [{ const: 1 }] }] },
      { type: 'select', grouped: true, options: [{ label: 'G', options: [{ value: 1 }] }] },
    ],
    [{ properties: { a: { type: 'number' } } }, { type: 'collection', spec: [{ name: 'a', type: 'number' }] }],
    [{ items: { type: 'string' } }, { type: 'array', spec: { type: 'text' } }],
    [
      { type: 'array', items: { type: 'string', enum: ['a'] } },
      { type: 'array', spec: { type: 'select', options: [{ label: 'a', value: 'a' }] } },
    ],
    [
      { type: 'array', items: { title: 'Pair', properties: {} } },
      { type: 'array', spec: { type: 'collection', label: 'Pair', spec: [] } },
    ],
    [
      { $ref: '#/definitions/host', title: 'Mine' },
      { label: 'Mine', type: 'url' },
    ],
  ])('%j', (field, parameter) => {
    const { form, problems } = made(
      { x: field },
      { definitions: { host: { type: 'string', format: 'uri', title: 'Theirs' } } },
    );
    expect(problems).toEqual([]);
    expect(form).toEqual([{ name: 'x', ...parameter }]);
    // Another author's way of writing it means the same form, and our own way is a fixed point.
    expect(toParameters(toSchema(form)).form).toEqual(form);
  });

  test('one condition beside the properties, for several values', () => {
    const { form, problems } = made(
      { mode: { enum: ['a', 'b', 'c'] } },
      {
        if: { properties: { mode: { enum: ['a', 'c'] } } },
        then: { properties: { x: { type: 'string' } }, required: ['x'] },
      },
    );
    const nested = [{ name: 'x', type: 'text', required: true }];
    expect(problems).toEqual([]);
    expect(form).toMatchObject([{ options: [{ value: 'a', nested }, { value: 'b' }, { value: 'c', nested }] }]);
  });

  test('what has no place in a form is said', () => {
    const { lost, problems } = made(
      { x: { type: 'string', examples: ['a'], 'x-other': 1 } },
      { title: 'T', $comment: 'c' },
    );
    expect(problems).toEqual([]);
    expect(lost.map(({ path }) => path.join('.'))).toEqual([
      'properties.x.examples',
      'properties.x.x-other',
      'title',
      '$comment',
    ]);
  });
});

test.each<[object, string]>([
  [{ type: ['string', 'null'] }, 'type'],
  [{ type: 'null' }, 'type'],
  [{ const: 'a' }, 'const'],
  [{ type: 'string', format: 'hostname' }, 'format'],
  [{ type: 'string', format: 'uri', writeOnly: true }, 'writeOnly'],
  [{ type: 'integer', exclusiveMinimum: 1 }, 'exclusiveMinimum'],
  [{ type: 'integer', multipleOf: 2 }, 'multipleOf'],
  [{ type: 'boolean', minLength: 2 }, 'minLength'],
  [{ type: 'string', not: {} }, 'not'],
  [{ type: 'string', readOnly: true }, 'readOnly'],
  [{ type: 'array', uniqueItems: true }, 'uniqueItems'],
  [{ type: 'array', contains: {} }, 'contains'],
  [{ type: 'array', prefixItems: [{}] }, 'prefixItems'],
  [{ type: 'array', items: [{}] }, 'items'],
  [{ type: 'array', items: false }, 'items'],
  [{ type: 'object', patternProperties: {} }, 'patternProperties'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'additionalProperties'],
  [{ type: 'object', properties: {}, propertyNames: {} }, 'propertyNames'],
  [{ type: 'object', properties: {}, dependentRequired: {} }, 'dependentRequired'],
  [{ type: 'object', properties: {}, required: ['a'] }, 'required.0'],
  [{ type: 'object', required: ['a'] }, 'required'],
  [{ type: 'object', properties: {}, if: {}, then: {} }, 'if'],
  [{ type: 'object', properties: { a: { type: 'boolean' } }, allOf: [{ type: 'object' }] }, 'allOf.0'],
  [{ oneOf: [{ type: 'string' }] }, 'oneOf.0'],
  [{ enum: [] }, 'enum'],
  [{ anyOf: [{ const: 1, minimum: 2 }] }, 'anyOf.0.minimum'],
  [{ $ref: '#/properties/x' }, '$ref'],
  [{ $ref: 'https://example.com/a.json' }, '$ref'],
  [{ title: 'A', 'x-make-label': 'B' }, 'x-make-label'],
  [{ type: 'string', 'x-make-name': 'other' }, 'x-make-name'],
  [{ type: 'integer', 'x-make-type': 'text' }, 'type'],
  [{ type: 'string', enum: ['a'], 'x-make-options': 'rpc://a' }, 'x-make-options'],
  [{ type: 'string', frobnicate: 1 }, 'frobnicate'],
])('%j cannot be a field', (field, place) => {
  const { problems } = made({ x: field });
  expect(problems.map(({ path }) => path.join('.'))).toEqual([`properties.x.${place}`]);
  expect(problems.every(({ message, hint }) => /^.+\.$/.test(message) && /^.+\.$/.test(hint))).toBe(true);
});

test.each<[unknown, string]>([
  [{ type: 'array', properties: {} }, 'type'],
  [{ properties: {} }, ''],
  [7, ''],
  [{ type: 'object', minProperties: 1, properties: {} }, 'minProperties'],
  [{ type: 'object', properties: { a: false } }, 'properties.a'],
  [{ type: 'object', properties: {}, 'x-make-layout': ['a'] }, 'x-make-layout.0'],
  [
    {
      type: 'object',
      properties: { a: { type: 'boolean' } },
      if: { properties: { a: { const: true } } },
      then: {},
      else: {},
    },
    'else',
  ],
])('%j cannot be a form', (schema, place) => {
  expect(toParameters(schema).problems.map(({ path }) => path.join('.'))).toContain(place);
});
