import type { Code } from '../codes.ts';
import { isObject, lookUp, sameJSON } from '../json.ts';
import { multiplesOf } from './multiples.ts';
import { patternOf } from './vocabulary.ts';

/** A keyword that looks at one value alone. */
export interface Keyword {
  readonly code: Code & `value/${string}`;
  /** Makes the check of a keyword; it takes anything where the argument is none of the keyword's. */
  test(argument: unknown): (value: unknown) => boolean;
  expected(argument: unknown): string;
}

const anything = () => true;

/** A keyword with a number; what tells whether a value holds concerns values of one type alone. */
function limit(
  holds: (argument: number) => (value: unknown) => boolean,
  expected: (argument: number) => string,
): Keyword {
  return {
    code: 'value/limit',
    test: (argument) => (typeof argument === 'number' ? holds(argument) : anything),
    expected: (argument) => expected(Number(argument)),
  };
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isNested = (value: unknown) => typeof value === 'object' && value !== null;
const sizeOf = (value: object) => Object.keys(value).length;
const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** Characters outside of the Basic Multilingual Plane are one each, though JavaScript counts two. */
function characters(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.codePointAt(index) ?? 0) <= 0xffff) continue;
    length--;
    index++;
  }
  return length;
}

/** Keywords that JSON Schema has for a value on its own; `format` is an annotation there, and so it is here. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: {
    code: 'value/type',
    test: (types) => {
      const wanted = [types].flat().map((type) => lookUp(TYPES, String(type))?.holds ?? anything);
      if (wanted.length === 0) return () => false;
      return wanted.reduce((one, other) => (value) => one(value) || other(value));
    },
    expected: (types) =>
      [types]
        .flat()
        .map((type) => lookUp(TYPES, String(type))?.words ?? String(type))
        .join(' or '),
  },
  enum: {
    code: 'value/choice',
    test: (values) => {
      if (!Array.isArray(values)) return anything;
      const scalars = new Set(values.filter((each) => !isNested(each)));
      const nested = values.filter(isNested);
      return (value) => scalars.has(value) || nested.some((each) => sameJSON(each, value));
    },
    expected: (values) => `one of ${(values as unknown[]).map((each) => JSON.stringify(each)).join(', ')}`,
  },
  const: {
    code: 'value/choice',
    test: (wanted) => (value) => sameJSON(wanted, value),
    expected: (wanted) => JSON.stringify(wanted),
  },
  minLength: limit(
    (least) => (value) =>
      typeof value !== 'string' || (value.length >= least && (value.length >= 2 * least || characters(value) >= least)),
    (least) => `at least ${count(least, 'character')} long`,
  ),
  maxLength: limit(
    (most) => (value) => typeof value !== 'string' || value.length <= most || characters(value) <= most,
    (most) => `at most ${count(most, 'character')} long`,
  ),
  pattern: {
    code: 'value/limit',
    test: (text) => {
      const pattern = typeof text === 'string' ? patternOf(text) : undefined;
      return pattern === undefined ? anything : (value) => typeof value !== 'string' || pattern.test(value);
    },
    expected: (pattern) => `a string that matches ${String(pattern)}`,
  },
  minimum: limit(
    (least) => (value) => typeof value !== 'number' || value >= least,
    (least) => `${least} or more`,
  ),
  maximum: limit(
    (most) => (value) => typeof value !== 'number' || value <= most,
    (most) => `${most} or less`,
  ),
  exclusiveMinimum: limit(
    (least) => (value) => typeof value !== 'number' || value > least,
    (least) => `more than ${least}`,
  ),
  exclusiveMaximum: limit(
    (most) => (value) => typeof value !== 'number' || value < most,
    (most) => `less than ${most}`,
  ),
  multipleOf: limit(
    (step) => {
      const isMultiple = multiplesOf(step);
      return (value) => typeof value !== 'number' || isMultiple(value);
    },
    (step) => `a multiple of ${step}`,
  ),
  minItems: limit(
    (least) => (value) => !Array.isArray(value) || value.length >= least,
    (least) => `a list of ${count(least, 'item')} or more`,
  ),
  maxItems: limit(
    (most) => (value) => !Array.isArray(value) || value.length <= most,
    (most) => `a list of ${count(most, 'item')} at most`,
  ),
  uniqueItems: {
    code: 'value/limit',
    test: (wanted) => (wanted === true ? (value) => !Array.isArray(value) || isDistinct(value) : anything),
    expected: () => 'a list without duplicates',
  },
  minProperties: limit(
    (least) => (value) => !isObject(value) || sizeOf(value) >= least,
    (least) => `an object of ${least} properties or more`,
  ),
  maxProperties: limit(
    (most) => (value) => !isObject(value) || sizeOf(value) <= most,
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
  const nested = list.filter(isNested);
  if (new Set(list).size < list.length) return false;
  return nested.every((each, index) => nested.slice(index + 1).every((other) => !sameJSON(each, other)));
}
