import { describe, expect, test } from 'vitest';
import { problemsOfSchema } from './schema-problems.ts';
import { faultsOf } from './validator.ts';
import { VOCABULARY } from './vocabulary.ts';

const OLD = 'http://json-schema.org/draft-07/schema#';
/** As it is read from a file, which may have more digits than a double. */
const read = (text: string): unknown => JSON.parse(text);

const list = { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] };
const node = { type: 'object', required: ['next'], properties: { next: list } };
const nested = { oneOf: [{ type: 'string' }, { $ref: '#/$defs/c' }, { $ref: '#/$defs/number' }] };
const strings = { $id: 'https://x.test/strings', $defs: { item: { $dynamicAnchor: 'item', type: 'string' } } };
const generic = {
  $id: 'https://x.test/list',
  type: 'array',
  items: { $dynamicRef: '#item' },
  $defs: { any: { $dynamicAnchor: 'item' } },
};

/** Facts of the two drafts: values that a schema takes, and values that it does not. */
const FACTS: readonly (readonly [schema: unknown, takes: readonly unknown[], refuses: readonly unknown[]])[] = [
  // Recursion through alternatives.
  [
    { ...list, $defs: { node } },
    [null, { next: null }, { next: { next: null } }],
    ['oops', { next: { next: 'oops' } }],
  ],
  [
    {
      ...nested,
      $defs: {
        c: { type: 'object', required: ['c'], properties: { c: nested } },
        number: { type: 'object', required: ['c'], properties: { c: { type: 'number' } } },
      },
    },
    ['a', { c: 'a' }, { c: 1 }, { c: { c: 1 } }],
    [1, { c: true }, { c: { c: {} } }],
  ],
  [{ properties: { a: { $ref: '#' } }, additionalProperties: false }, [{ a: { a: {} } }], [{ a: { b: 1 } }]],
  [
    { not: { contains: { $ref: '#/$defs/b' } }, $defs: { b: { type: 'array', contains: { const: 1 } } } },
    [[1], [[2]]],
    [[[1]], [[2], [1]]],
  ],
  // References by pointer, anchor and id.
  [{ $ref: '#/properties/eu', properties: { eu: { maxProperties: 0 } } }, [{}], [{ us: 1 }]],
  [{ $ref: '#/$defs/a~1b%25~0', $defs: { 'a/b%~': { type: 'string' } } }, ['a'], [1]],
  [{ items: { $ref: '#in' }, $defs: { a: { $anchor: 'in', minimum: 2 } } }, [[2]], [[1]]],
  [{ items: { $ref: '#in' }, prefixItems: [{ $anchor: 'in', minimum: 2 }] }, [[2, 2]], [[2, 1]]],
  [{ $ref: 'a.json', $defs: { a: { $id: 'a.json', $ref: '#/$defs/b', $defs: { b: { const: 1 } } } } }, [1], [2]],
  [{ $id: 'https://x.test/', $ref: '/b#/x', $defs: { b: { $id: '/b', x: { type: 'null' } } } }, [null], [0]],
  [{ $schema: OLD, $ref: '#in', definitions: { a: { $id: '#in', type: 'null' } } }, [null], [1]],
  [{ $ref: '#/$defs/a', maxLength: 2, $defs: { a: { minLength: 2 } } }, ['ab'], ['a', 'abc']],
  // $dynamicRef.
  [{ ...strings, $ref: 'list', $defs: { ...strings.$defs, generic } }, [['a']], [[1]]],
  [generic, [['a', 1]], ['a']],
  // What nothing has looked at.
  [
    {
      allOf: [{ properties: { a: true } }],
      anyOf: [{ required: ['b'], properties: { b: true } }, true],
      unevaluatedProperties: false,
    },
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ c: 1 }, { a: 1, c: 1 }],
  ],
  [
    { $ref: '#/$defs/a', unevaluatedProperties: false, $defs: { a: { properties: { a: true } } } },
    [{ a: 1 }],
    [{ b: 1 }],
  ],
  [{ if: { required: ['a'], properties: { a: true } }, unevaluatedProperties: false }, [{ a: 1 }, {}], [{ b: 1 }]],
  [{ not: { not: { properties: { a: true } } }, unevaluatedProperties: false }, [{}], [{ a: 1 }]],
  [
    { dependentSchemas: { a: { properties: { a: true, b: true } } }, unevaluatedProperties: false },
    [{ a: 1, b: 1 }],
    [{ b: 1 }],
  ],
  [{ prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: { const: 1 } }, [[0, 'a', 1]], [[0, 'a', 2]]],
  [{ allOf: [{ prefixItems: [true, true] }], unevaluatedItems: false }, [[1, 2]], [[1, 2, 3]]],
  [{ allOf: [{ unevaluatedItems: true }], unevaluatedItems: false }, [[1, 2]], []],
  // Lists, in the words of both drafts.
  [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, [[], ['a'], ['a', 1]], [[1], ['a', 'b']]],
  [{ $schema: OLD, items: [{ type: 'string' }], additionalItems: false }, [[], ['a']], [['a', 1]]],
  [
    { contains: { const: 1 }, minContains: 2, maxContains: 2 },
    [
      [1, 1],
      [1, 0, 1],
    ],
    [[], [1], [1, 1, 1]],
  ],
  [{ contains: true, minContains: 0 }, [[], [1]], []],
  [
    { uniqueItems: true },
    [
      [1, true],
      [0, false],
      [{ a: 1 }, { a: 2 }],
      [[1], [[1]]],
    ],
    [
      [0, -0],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  // Objects, with names that JavaScript's have.
  [{ required: ['toString', '__proto__'] }, [JSON.parse('{"toString": 1, "__proto__": 1}')], [{}, { toString: 1 }]],
  [
    { properties: { constructor: { type: 'number' } }, additionalProperties: false },
    [{}, { constructor: 1 }],
    [{ constructor: 'a' }, { toString: 1 }],
  ],
  [
    { patternProperties: { '^\\p{L}$': { type: 'number' } }, additionalProperties: false },
    [{ é: 1 }],
    [{ é: 'a' }, { 1: 1 }],
  ],
  [{ propertyNames: { maxLength: 1 } }, [{ a: 1 }, { 𝒜: 1 }], [{ ab: 1 }]],
  [{ dependentRequired: { a: ['b'] } }, [{ b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
  [{ dependencies: { a: ['b'], c: { maxProperties: 1 } } }, [{ c: 1 }], [{ a: 1 }, { c: 1, d: 1 }]],
  [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ a: 1 }, { b: 1 }], [{}, { c: 1 }]],
  // Numbers and texts.
  [{ const: 0 }, [0, -0], [1]],
  [{ enum: [{ a: [-0] }] }, [{ a: [0] }], [{ a: [1] }]],
  [{ multipleOf: 0.01 }, [19.99, 0, -1.1, 4.35, 1e300], [19.999, 1e-3]],
  [{ multipleOf: 0.123456789 }, [], [1e308]],
  [{ type: 'integer' }, [1, 1e20, -0], [1.5]],
  [{ minLength: 2, maxLength: 2 }, ['ab', '𝒜𝒜'], ['𝒜', 'abc', '𝒜𝒜𝒜']],
  [{ pattern: 'a+' }, ['caat', 7], ['b']],
  // Limits, and values of other types, which they do not concern.
  [{ minimum: 1.1 }, [1.1, 2, 'x', null], [0.6, -1]],
  [{ maximum: -2 }, [-2, -2.0001, []], [-1, 0]],
  [{ exclusiveMinimum: 1.1 }, [1.2, {}], [1.1, 0]],
  [{ exclusiveMaximum: 3 }, [2.2, true], [3, 3.5]],
  [{ minItems: 1 }, [[1], '', {}], [[]]],
  [{ maxItems: 1 }, [[], [1], 'ab'], [[1, 2]]],
  [{ minProperties: 1 }, [{ a: 1 }, [], ''], [{}]],
  [{ maxProperties: 0 }, [{}, [1]], [{ a: 1 }]],
  [{ type: ['object', 'null'] }, [{}, null], [[], 0, false, '']],
  [{ type: 'array' }, [[]], [{}, '[]', null]],
  [{ type: 'boolean' }, [true, false], [0, null, 'true']],
  [{ enum: [[false], { a: [1] }, null] }, [[false], { a: [1] }, null], [[0], false, { a: [1], b: 1 }]],
  // Combinations.
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2, 'x'], [0, 3]],
  [{ oneOf: [{ type: 'integer' }, { minimum: 2 }] }, [1, 2.5], [3, 1.5]],
  [{ oneOf: [true, true] }, [], [1]],
  [{ not: {} }, [], [null, {}, 0]],
  [
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    { if: { exclusiveMaximum: 0 }, then: { minimum: -10 }, else: { multipleOf: 2 } },
    [-1, 100, 'x'],
    [-100, 3],
  ],
  [{ dependentSchemas: { a: { minProperties: 2 } } }, [{ b: 1 }, { a: 1, b: 1 }, 'a'], [{ a: 1 }]],
  [
    {
      properties: { a: { maxItems: 3 }, b: true },
      patternProperties: { 'f.o': { minItems: 2 } },
      additionalProperties: { type: 'integer' },
    },
    [{ a: [1, 2] }, { foo: [1, 2] }, { z: 3 }],
    [{ a: [1, 2, 3, 4] }, { foo: [] }, { z: 'x' }],
  ],
  [
    { additionalProperties: false, patternProperties: { '^v': true } },
    [{ v: 1 }, { vroom: 2 }, []],
    [{ a: 1 }, { v: 1, q: 1 }],
  ],
  [{ $schema: OLD, items: [{ type: 'string' }], additionalItems: { type: 'number' } }, [['a', 1]], [['a', 'b']]],
  [{ $schema: OLD, additionalItems: false }, [[1, 2]], []],
  [{ unevaluatedItems: false }, [[], 'x'], [[1]]],
  [{ items: { unevaluatedProperties: false, properties: { a: true } } }, [[{ a: 1 }]], [[{ b: 1 }]]],
  // A word of structure is one where it stands as a keyword alone.
  [{ properties: { $ref: { type: 'string' }, $id: { type: 'number' } } }, [{ $ref: 'a', $id: 1 }], [{ $ref: 1 }]],
  [{ enum: [{ $ref: '#/$defs/a' }, { $anchor: 'x' }] }, [{ $ref: '#/$defs/a' }], ['a']],
  [{ const: { $id: 'https://x.test/c' } }, [{ $id: 'https://x.test/c' }], [{}]],
  [{ $ref: '#/unknown/sub', unknown: { sub: { type: 'boolean' } } }, [true], [1]],
  [{ definitions: { a: { type: 'null' } }, $ref: '#/definitions/a' }, [null], [1]],
  [
    { $vocabulary: { 'https://x.test/v': false }, title: 'x', default: 1, examples: [1], deprecated: true },
    ['a', 1],
    [],
  ],
  [{ readOnly: true, writeOnly: true, description: 'x', example: 1, contentEncoding: 'base64' }, ['%', 1], []],
  [{ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'null' }, [null], [0]],
  // Numbers that are large, or that no double holds.
  [
    { type: 'integer' },
    [read('12345678910111213141516171819202122232425'), read('-98249283749234923498293171823948729348710298301928331')],
    [1e-300],
  ],
  [
    { maximum: read('18446744073709551615') },
    [read('18446744073709551600'), 1],
    [read('98249283749234923498293171823948729348710298301928331')],
  ],
  [
    { exclusiveMaximum: read('972783798187987123879878123.18878137') },
    [1],
    [read('972783798187987123879878123.188781371'), 1e300],
  ],
  [{ type: 'integer', multipleOf: 0.5 }, [1e308, 1], [0.5]],
  [{ multipleOf: 1e-8 }, [12391239123, 0.00000001], [1e-9]],
  [
    { multipleOf: read('123456789012345680') },
    [0, read('123456789012345680'), read('246913578024691360')],
    [1, read('123456789012345670')],
  ],
  // Regular expressions as ECMA-262 has them, with Unicode.
  [{ pattern: '^\\d$' }, ['0'], ['߀', 'a']],
  [{ pattern: '^\\w$' }, ['a', '_'], ['é', '-']],
  [{ pattern: '^\\s$' }, [' ', '\u00a0', '\ufeff', '\u2029'], ['\u200b', 'a']],
  [{ pattern: '^abc$' }, ['abc'], ['abc\n', 'xabc']],
  [{ pattern: '^\\cC$' }, ['\u0003'], ['\\cC']],
  [{ pattern: '^\\p{Letter}+$' }, ['ÉcoleΩ'], ['a1', '']],
  [{ pattern: '^🐲*$' }, ['', '🐲', '🐲🐲'], ['🐉', '🐉🐲']],
  [{ patternProperties: { '^🐲*$': { type: 'integer' } } }, [{ '🐲': 1 }, { '🐉': 'a' }], [{ '🐲🐲': 'a' }]],
  // Annotations by design, in both drafts.
  [{ format: 'email', contentMediaType: 'application/json', contentSchema: false, $comment: 'x' }, ['{', 'a'], []],
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  [{ then: false, else: false, minContains: 7 }, [1, []], []],
];

test('every keyword of the two drafts has a fact', () => {
  const used = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) for (const key of Object.keys(value)) used.add(key);
    Object.values(value).forEach(collect);
  };
  for (const [schema] of FACTS) collect(schema);
  expect(Object.keys(VOCABULARY).filter((keyword) => !used.has(keyword))).toEqual([]);
});

describe('takes and refuses', () => {
  test.each(FACTS.map(([schema, takes, refuses]) => [JSON.stringify(schema), schema, takes, refuses] as const))(
    '%s',
    (_, schema, takes, refuses) => {
      expect(problemsOfSchema(schema)).toEqual([]);
      expect(takes.filter((value) => faultsOf(schema, value).length > 0)).toEqual([]);
      expect(refuses.filter((value) => faultsOf(schema, value).length === 0)).toEqual([]);
    },
  );
});

describe('what cannot be checked is reported with its place', () => {
  test.each<[schema: unknown, code: string, path: string]>([
    [{ $ref: '#/$defs/none' }, 'common/unresolved-reference', '$ref'],
    [{ properties: { a: { $ref: '#none' } } }, 'common/unresolved-reference', 'properties.a.$ref'],
    [{ items: { $ref: 'https://example.com/schema.json' } }, 'common/unresolved-reference', 'items.$ref'],
    [{ $ref: '#/$defs/%zz' }, 'common/unresolved-reference', '$ref'],
    [{ $ref: '#/$defs/a~2b', $defs: { 'a~2b': true } }, 'common/unresolved-reference', '$ref'],
    [{ $ref: '#/title', title: 'no schema' }, 'common/unresolved-reference', '$ref'],
    [{ $dynamicRef: '#none' }, 'common/unresolved-reference', '$dynamicRef'],
    [{ properties: { a: { $ref: '#/properties/a' } } }, 'common/unresolved-reference', 'properties.a'],
    [{ anyOf: [{ type: 'null' }, { $ref: '#' }] }, 'common/unresolved-reference', ''],
    [{ unknown: { at: { $ref: '#none' } }, $ref: '#/unknown/at' }, 'common/unresolved-reference', 'unknown.at.$ref'],
    [{ properties: { a: { pattern: '^[a-z]+\\-[a-z]+$' } } }, 'common/unreadable-pattern', 'properties.a.pattern'],
    [{ pattern: '[' }, 'common/unreadable-pattern', 'pattern'],
    [{ pattern: '\\a' }, 'common/unreadable-pattern', 'pattern'],
    [{ pattern: '^\\S(|(.|\\n)*\\S)\\Z' }, 'common/unreadable-pattern', 'pattern'],
    [{ $ref: 'https://json-schema.org/draft/2020-12/schema' }, 'common/unresolved-reference', '$ref'],
    [{ patternProperties: { '(?i)abc': true } }, 'common/unreadable-pattern', 'patternProperties.(?i)abc'],
    [{ $schema: OLD, prefixItems: [true] }, 'common/unchecked-keyword', 'prefixItems'],
    [
      { $schema: OLD, $ref: '#/definitions/a', maxLength: 2, definitions: { a: true } },
      'common/unchecked-keyword',
      'maxLength',
    ],
    [{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'common/unchecked-keyword', '$schema'],
    [{ $defs: { a: { $schema: OLD } } }, 'common/unchecked-keyword', '$defs.a.$schema'],
    [{ $recursiveRef: '#' }, 'common/unchecked-keyword', '$recursiveRef'],
    [{ properties: { a: { nullable: true } } }, 'common/unchecked-keyword', 'properties.a.nullable'],
    [{ $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } }, 'common/repeated-id', '$defs.b.$anchor'],
    [{ $defs: { a: { $id: 'x' }, b: { $id: 'x' } } }, 'common/repeated-id', '$defs.b.$id'],
  ])('%j', (schema, code, path) => {
    expect(problemsOfSchema(schema).map((each) => [each.code, each.path.join('.')])).toEqual([[code, path]]);
    // And nothing throws where it is checked all the same.
    expect(Array.isArray(faultsOf(schema, { a: ['x'] }))).toBe(true);
  });
});
