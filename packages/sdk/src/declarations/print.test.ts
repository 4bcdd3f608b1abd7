import { format } from 'prettier';
import { expect, test } from 'vitest';
import { typesOf } from './from-schema.ts';
import { declaration } from './print.ts';

const object = (properties: object, more = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
});
const values = (...values: unknown[]) => ({ enum: values });
const list = (items: unknown) => ({ type: 'array', items });
const field = (schema: unknown) => object({ x: schema });
const LONG = values(...['a', 'b', 'c', 'd'].map((letter) => letter.repeat(35)));
const A = object({ a: { type: 'string', description: 'Text */ of\n\n  two `paragraphs`\n"x" ' } });
const B = object({ b: values(1, 'x', null, true) }, { required: ['b'] });
const named = (tsType: string) => ({ tsType });

test.each<[string, object]>([
  ['an empty object', object({})],
  ['a comment', A],
  ['an open object', { type: 'object', additionalProperties: true }],
  ['an object of texts', object({ a: { type: 'number' } }, { additionalProperties: { type: 'string' } })],
  ['names that need quotes', object({ 'a-b': true, "it's": true, 'say "hi"': true, ü: true, 1: true, '': true })],
  ['texts that need escapes', field(values("it's", 'q"q', 'both \' "', '\n\\', 'ü\u2028', '\\"'))],
  ['numbers', field(values(1e21, -2.5, 1e-7, 0))],
  ['values that are no scalars', field(values({ a: 1, 'b-c': [1, 'x'] }, [1], []))],
  ['a short union', field(values('a', 'b'))],
  ['a long union', field(LONG)],
  ['a long union of its own', LONG],
  ['a list of a union', field(list(values('a', 'b')))],
  ['a list of a long union', field(list(LONG))],
  ['a list of a long union of its own', list(LONG)],
  ['a list of lists', field(list(list(A)))],
  ['a list of objects', field(list({ anyOf: [A, B] }))],
  ['an object or nothing', field({ anyOf: [A, { type: 'null' }] })],
  ['nothing or an object', { anyOf: [{ type: 'null' }, B] }],
  ['a list of objects or nothing', field(list({ anyOf: [A, { type: 'null' }] }))],
  ['an object, nothing or a text', field({ anyOf: [A, { type: 'null' }, { type: 'string' }] })],
  ['alternatives of its own', { anyOf: [A, B] }],
  ['an intersection', field({ allOf: [A, B] })],
  ['an intersection of its own', { allOf: [A, { anyOf: [A, B] }] }],
  ['alternatives twice', { allOf: [{ anyOf: [A, B] }, { anyOf: [B, A] }] }],
  ['alternatives inside', { allOf: [A, { anyOf: [B, { allOf: [B, { anyOf: [A, B] }] }] }] }],
  ['alternatives before an object', { allOf: [{ anyOf: [A, B] }, A] }],
  ['names and an object', field({ allOf: [named('Answer'), named('Context'), A] })],
  ['names among objects', field({ allOf: [A, named('Context'), B, named('D')] })],
  ['many long names', { allOf: ['A', 'B', 'C', 'D'].map((letter) => named(letter.repeat(40))) }],
  ['an intersection among alternatives', field({ anyOf: [{ allOf: [A, B] }, { type: 'string' }] })],
  ['a type of a type', field(named('Partial<Foo>'))],
  ['what cannot be', object({ x: { not: {} }, y: false, z: { type: 'array' } })],
  ['types', field({ type: ['string', 'null', 'array'] })],
  ['a tuple', field({ type: 'array', items: [{ type: 'string' }, A], minItems: 2 })],
  ['a long tuple', field({ type: 'array', items: [LONG, { type: 'string' }], minItems: 2, additionalItems: false })],
  ['members that several objects share', { anyOf: [object({ a: A, b: B }), object({ a: A, c: B })] }],
  ['a tuple whose end may be missing', field({ type: 'array', prefixItems: [A, { type: 'string' }], minItems: 1 })],
])('%s: as prettier would have it', async (_, schema) => {
  const { type, words, definitions } = typesOf(schema, (own) => own);
  const all = [{ name: 'Root', type, words }, ...definitions];
  const text = `${all.map((each) => declaration(each.name, each.type, each.words)).join('\n\n')}\n`;
  const style = { printWidth: 120, singleQuote: true, trailingComma: 'none' } as const;
  expect(await format(text, { parser: 'typescript', ...style })).toBe(text);
});
