import { describe, expect, test } from 'vitest';
import { declarations, memoryFiles, openProject } from '../../src/index.ts';
import { faultsOf } from '../../src/json-schema/validator.ts';
import { COMPILERS, complaints } from './compiling.ts';

const OLD = 'http://json-schema.org/draft-07/schema#';
const text = { type: 'string' };
const number = { type: 'number' };
const one = (schema: unknown) => ({ properties: { x: schema }, additionalProperties: false });
const each = (...values: unknown[]) => values.map((x) => ({ x }));
const ab = { a: text, b: text };
const either = [{ required: ['a'] }, { required: ['b'] }];

interface Case {
  readonly schema: object;
  readonly takes: readonly object[];
  readonly refuses: readonly object[];
  /** Names that nobody declares: mistakes to the compiler alone. */
  readonly surplus?: readonly object[];
}

/** Connection → a schema of `common`, with values that it takes and refuses. */
const CASES: Readonly<Record<string, Case>> = {
  'closed-tuple': {
    schema: one({ type: 'array', prefixItems: [text, number], items: false }),
    takes: each([], ['a'], ['a', 1]),
    refuses: each([1], ['a', 'b'], ['a', 1, 2]),
  },
  'open-tuple': {
    schema: one({ type: 'array', prefixItems: [text], items: number, minItems: 1 }),
    takes: each(['a'], ['a', 1, 2]),
    refuses: each([], ['a', 'b'], [1]),
  },
  'old-tuple': {
    schema: { $schema: OLD, ...one({ type: 'array', items: [text, number] }) },
    takes: each([], ['a'], ['a', 1], ['a', 1, null]),
    refuses: each([1], ['a', 'b']),
  },
  lengths: {
    schema: one({ type: 'array', items: text, minItems: 1, maxItems: 2 }),
    takes: each(['a'], ['a', 'b']),
    refuses: each([], ['a', 'b', 'c'], [1]),
  },
  'any-object': { schema: one({ type: 'object' }), takes: each({}, { a: 1 }), refuses: each(1, 'a', [], null) },
  'no-member': { schema: one({ type: 'object', maxProperties: 0 }), takes: each({}), refuses: each(1, [], { a: 1 }) },
  not: { schema: one({ not: { type: 'object' } }), takes: each(1, 'a', null, []), refuses: each({}, { a: 1 }) },
  'not-a-value': {
    schema: one({ enum: ['a', 'b', 1], not: { const: 'b' } }),
    takes: each('a', 1),
    refuses: each('b', 2),
  },
  'any-of-required': {
    schema: { properties: ab, anyOf: either },
    takes: [{ a: 'x' }, { b: 'x' }, { a: 'x', b: 'x' }],
    refuses: [{}, { a: 1 }],
    surplus: [{ a: 'x', bb: 'x' }],
  },
  'one-of-required': {
    schema: { properties: ab, oneOf: either },
    takes: [{ a: 'x' }, { b: 'x' }],
    refuses: [{}, { a: 'x', b: 'x' }],
    surplus: [{ a: 'x', bb: 'x' }],
  },
  'dependent-required': {
    schema: { properties: ab, dependentRequired: { a: ['b'] } },
    takes: [{}, { b: 'x' }, { a: 'x', b: 'x' }],
    refuses: [{ a: 'x' }],
  },
  condition: {
    schema: {
      properties: { kind: { enum: ['a', 'b'] }, b: text },
      required: ['kind'],
      if: { properties: { kind: { const: 'b' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['b'] },
    },
    takes: [{ kind: 'a' }, { kind: 'b', b: 'x' }],
    refuses: [{ kind: 'b' }, {}],
  },
  'one-of-closed': {
    schema: one({
      oneOf: [
        { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false },
        { type: 'object', properties: { b: text }, required: ['b'], additionalProperties: false },
      ],
    }),
    takes: each({ a: 'x' }, { b: 'x' }),
    refuses: each({}, { a: 'x', b: 'x' }),
  },
  zero: { schema: one({ const: 0 }), takes: each(0, -0), refuses: each(1, '0') },
  root: {
    schema: { properties: { x: { $ref: '#' } }, additionalProperties: false },
    takes: [{}, { x: { x: {} } }],
    refuses: [{ x: 1 }, { x: { y: 1 } }],
  },
  recursion: {
    schema: {
      ...one({ $ref: '#/$defs/t' }),
      $defs: {
        t: {
          anyOf: [
            { type: 'null' },
            { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/t' } } },
          ],
        },
      },
    },
    takes: each(null, { next: { next: null } }),
    refuses: each({ next: { next: 'oops' } }, {}),
  },
  pointer: {
    schema: { properties: { eu: { type: 'object', properties: { host: text } }, us: { $ref: '#/properties/eu' } } },
    takes: [{ us: { host: 'x' } }],
    refuses: [{ us: { host: 1 } }, { us: 'x' }],
  },
  anchor: {
    schema: { ...one({ $ref: '#name' }), $defs: { n: { $anchor: 'name', type: 'string' } } },
    takes: each('a'),
    refuses: each(1, {}),
  },
  capitals: {
    schema: {
      properties: { a: { $ref: '#/$defs/id' }, b: { $ref: '#/$defs/Id' } },
      $defs: { id: { type: 'object', properties: { x: text } }, Id: { type: 'object', properties: { y: number } } },
    },
    takes: [{ a: { x: 'x' }, b: { y: 1 } }],
    refuses: [{ a: { x: 1 } }, { b: { y: 'x' } }],
    surplus: [{ a: { y: 1 } }, { b: { x: 'x' } }],
  },
};

const ids = Object.keys(CASES);
const project = openProject(
  memoryFiles({
    'connector.json': '{"name": "shared"}',
    ...Object.fromEntries(
      ids.flatMap((id) => [
        [`connections/${id}/connection.json`, '{"type": "oauth"}'],
        [`connections/${id}/common.schema.json`, JSON.stringify(CASES[id]?.schema)],
      ]),
    ),
  }),
);

test.each(COMPILERS)(
  'under %s, the types of common take what its schema takes, and refuse what it refuses',
  (compiler) => {
    const lines = ids.flatMap((id) => {
      const { takes = [], refuses = [], surplus = [] } = CASES[id] ?? {};
      const take = (value: object) => `take<Connections[${JSON.stringify(id)}]['common']>(${JSON.stringify(value)});`;
      return [...takes.map(take), ...[...refuses, ...surplus].map((value) => `// @ts-expect-error\n${take(value)}`)];
    });
    const use = `import type { Connections } from './connector.js';\ndeclare function take<T>(value: T): void;\n${lines.join('\n')}\n`;
    expect(complaints(compiler, { 'connector.d.ts': declarations(project).text, 'use.ts': use })).toBe('');
  },
);

test.each(ids)('%s: the checker says the same', (id) => {
  const { schema = {}, takes = [], refuses = [], surplus = [] } = CASES[id] ?? {};
  const object = { type: 'object', ...schema };
  expect([...takes, ...surplus].filter((value) => faultsOf(object, value).length > 0)).toEqual([]);
  expect(refuses.filter((value) => faultsOf(object, value).length === 0)).toEqual([]);
});

describe('a type has one name', () => {
  const region = { type: 'object', properties: { host: text } };

  test('also where a description stands beside a reference to it', () => {
    const schema = {
      properties: { eu: { $ref: '#/$defs/region' }, us: { $ref: '#/$defs/region', description: 'Of Virginia.' } },
      $defs: { region },
    };
    const files = {
      'connector.json': '{"name": "shared"}',
      'connections/main/connection.json': '{"type": "oauth"}',
      'connections/main/common.schema.json': JSON.stringify(schema),
    };
    const declared = declarations(openProject(memoryFiles(files))).text;
    expect(declared.match(/MainCommonRegion\w*;/g)).toEqual(['MainCommonRegion;', 'MainCommonRegion;']);
    expect(declared.match(/interface MainCommonRegion/g)).toHaveLength(1);
    expect(declared).toContain(' * Of Virginia.');
  });
});
