import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { FUNCTIONS } from './index.ts';

const GIVEN = { now: () => new Date('2024-02-29T12:00:00.000Z'), random: () => 0.5, uuid: () => '0' };

const entries = [...FUNCTIONS];

test.each(entries)('the example of %s gives what it says', (_, { example }) => {
  expect(evaluate(example.template, example.scope ?? {}, GIVEN)).toEqual(example.result);
});

test.each(entries)('%s leaves out only its last parameters, and repeats only the last', (name, entry) => {
  expect(entry.name).toBe(name);
  const optional = entry.parameters.map((parameter) => parameter.optional === true);
  expect(optional).toEqual(optional.toSorted((a, b) => Number(a) - Number(b)));
  expect(entry.parameters.slice(0, -1).some((parameter) => parameter.rest)).toBe(false);
  expect(entry.summary).toMatch(/^[A-Z].*\.$/);
});

const frozen = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
};

/** One of each kind, deeply frozen, so that a function that changes an argument throws. */
const VALUES = frozen([
  undefined,
  null,
  '',
  'text',
  '12',
  -1.5,
  true,
  [],
  [3, 'b', null, { a: 1 }, [1]],
  {},
  JSON.parse('{"a":{"b":[1,2]},"__proto__":{"polluted":true},"constructor":1}'),
  new Date(0),
  new Date(Number.NaN),
  new String(''),
  Buffer.from([0, 255]),
]) as unknown[];

test.each(entries)('%s takes anything without changing it, and fails only as an IMLError', (name) => {
  const templates = ['', 'a', 'a, b', 'b, a', 'a, a, b', 'a, b, b, a'].map((args) => `{{${name}(${args})}}`);
  for (const a of VALUES) {
    for (const b of VALUES) {
      for (const template of templates) {
        try {
          const result = evaluate(template, { a, b }, GIVEN);
          expect(typeof result).not.toBe('function');
        } catch (error) {
          expect(error).toMatchObject({ name: 'IMLError' });
          // What was not foreseen is reported as "f failed: ..." by the evaluation.
          expect((error as Error).message).not.toContain(`${name} failed`);
        }
      }
    }
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a key named __proto__ is a key like any other', () => {
  const scope = { data: JSON.parse('{"__proto__":{"polluted":1},"b":2}') };
  for (const template of [
    "{{omit(data, 'b')}}",
    "{{pick(data, '__proto__')}}",
    "{{toCollection(toArray(omit(data, 'b')), 'key', 'value')}}",
  ]) {
    const result = evaluate(template, scope, GIVEN) as Record<string, unknown>;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(result.polluted).toBeUndefined();
  }
});

test.each(['(a+)+$', '(a|aa)*$', '(.*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
  'the pattern /%s/ cannot hang',
  (pattern) => {
    const text = 'a'.repeat(5000);
    const start = performance.now();
    evaluate(`{{replace(text, '/${pattern}/g', 'x')}}`, { text }, GIVEN);
    expect(performance.now() - start).toBeLessThan(2000);
  },
);

test.each([
  "{{replace(text, 'a', text)}}",
  "{{replace(text, '/a/g', text)}}",
  "{{replace(text, '/a/g', '$`$`')}}",
  "{{replace(short, '/(a.*b)?/g', 'x')}}",
  "{{replace(short, '/(a|aa)*c|a/g', 'x')}}",
  '{{join(split(text, emptystring), text)}}',
  "{{replaceEmojiCharacters('👋👋' + text, text)}}",
  '{{flatten(deep, 100)}}',
])('%s ends within the budget', (template) => {
  let deep: unknown[] = [1];
  for (let depth = 0; depth < 30; depth++) deep = [deep, deep];
  expect(() => evaluate(template, { text: 'a'.repeat(100_000), short: 'a'.repeat(20_000), deep }, GIVEN)).toThrow(
    'takes too long',
  );
});

test('the table loads no library', () => {
  for (const file of readdirSync(import.meta.dirname).filter((each) => !each.endsWith('.test.ts'))) {
    const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8');
    const imports = [...text.matchAll(/^import (?!type\b).*? from '([^.][^']*)'/gms)].map((match) => match[1]);
    expect(imports.filter((each) => !each?.startsWith('node:'))).toEqual([]);
  }
});
