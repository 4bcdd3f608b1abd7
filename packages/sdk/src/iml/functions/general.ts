import type { IMLFunction } from '../function.ts';
import { textOf as asText, looselyEqual, memberOf } from '../values.ts';
import {
  arrayOf,
  type Collection,
  collectionOf,
  contentOf,
  isMissing,
  kindOf,
  put,
  textOf,
  type ValueKind,
  valueAt,
} from './coercion.ts';

/*
 * Choosing values and reaching into them. The three that choose are lazy: only what is chosen is evaluated, so that a
 * branch may hold what would fail.
 */

/** Null, undefined and the empty text; the keyword `emptystring` is text on purpose, and `[]`, 0 and false are values. */
function isEmpty(value: unknown): boolean {
  return isMissing(value) || value === '';
}

const thunks = (args: readonly unknown[]) => args.map((arg) => () => arg);

/** Kinds of values that are equal when their contents are. */
const STRUCTURED: ReadonlySet<ValueKind> = new Set<ValueKind>(['array', 'collection', 'date', 'buffer']);

type Lazy = NonNullable<IMLFunction['lazy']>;

const choose: Lazy = ([condition, then, otherwise]) => (condition?.() ? then?.() : otherwise?.());

const ifEmpty: Lazy = ([value, otherwise]) => {
  const found = value?.();
  return isEmpty(found) ? otherwise?.() : found;
};

const select: Lazy = ([subject, ...cases], surroundings) => {
  const text = (value: unknown) => (isMissing(value) ? String(value) : asText(value, surroundings));
  const wanted = text(subject?.());
  let at = 0;
  for (; at + 1 < cases.length; at += 2) {
    surroundings.spend(1);
    if (text(cases[at]?.()) === wanted) return cases[at + 1]?.();
  }
  return cases[at]?.();
};

/** The names given to pick and omit; an array of names counts as its names. */
function names(fn: string, args: readonly unknown[], surroundings: Parameters<typeof arrayOf>[1]): Set<string> {
  const flat = args.flatMap((arg) => arrayOf(arg, surroundings));
  return new Set(flat.filter((name) => !isMissing(name)).map((name) => textOf(fn, name, surroundings)));
}

export const GENERAL: readonly IMLFunction[] = [
  {
    name: 'if',
    parameters: [
      { name: 'condition', type: 'any' },
      { name: 'then', type: 'any' },
      { name: 'otherwise', type: 'any', optional: true },
    ],
    returns: 'any',
    summary: 'Gives the second argument when the first is true, not empty and not 0, and the third otherwise.',
    example: { template: "{{if(statusCode = 200, 'ok', 'failed')}}", scope: { statusCode: 200 }, result: 'ok' },
    run: (args, surroundings) => choose(thunks(args), surroundings),
    lazy: choose,
  },
  {
    name: 'ifempty',
    parameters: [
      { name: 'value', type: 'any' },
      { name: 'otherwise', type: 'any' },
    ],
    returns: 'any',
    summary: 'Gives the first argument, or the second when the first is null, undefined or an empty text.',
    example: {
      template: "{{ifempty(parameters.url, 'https://api.example.com')}}",
      scope: { parameters: {} },
      result: 'https://api.example.com',
    },
    run: (args, surroundings) => ifEmpty(thunks(args), surroundings),
    lazy: ifEmpty,
  },
  {
    name: 'switch',
    parameters: [
      { name: 'value', type: 'any' },
      { name: 'case', type: 'any' },
      { name: 'result', type: 'any' },
      { name: 'more', type: 'any', optional: true, rest: true },
    ],
    returns: 'any',
    summary:
      'Compares a value, as text, with each case and gives the result of the first that fits, or the last argument.',
    example: {
      template: "{{switch(parameters.region, 'eu', 'eu.example.com', 'us', 'us.example.com', 'example.com')}}",
      scope: { parameters: { region: 'us' } },
      result: 'us.example.com',
    },
    run: (args, surroundings) => select(thunks(args), surroundings),
    lazy: select,
  },
  {
    name: 'get',
    parameters: [
      { name: 'value', type: { union: ['collection', 'array'] } },
      { name: 'path', type: { union: ['text', 'number'] } },
    ],
    returns: 'any',
    summary: 'Gives what lies at a path of names and indexes separated by dots; indexes count from 1.',
    example: {
      template: "{{get(body, 'users.1.name')}}",
      scope: { body: { users: [{ name: 'Ada' }] } },
      result: 'Ada',
    },
    run: ([value, path], surroundings) =>
      isMissing(value) || isMissing(path) ? undefined : valueAt(value, textOf('get', path, surroundings)),
  },
  {
    name: 'pick',
    parameters: [
      { name: 'collection', type: 'collection' },
      { name: 'key', type: 'text', rest: true },
    ],
    returns: 'collection',
    summary: 'Gives a new collection that holds only the named keys.',
    example: {
      template: "{{pick(parameters, 'name', 'size')}}",
      scope: { parameters: { id: 7, name: 'a', size: 2 } },
      result: { name: 'a', size: 2 },
    },
    run: ([value, ...keys], surroundings) => {
      const collection = collectionOf('pick', value);
      const picked: Collection = {};
      for (const key of names('pick', keys, surroundings)) {
        if (Object.hasOwn(collection, key)) put(picked, key, memberOf(collection, key));
      }
      return picked;
    },
  },
  {
    name: 'omit',
    parameters: [
      { name: 'collection', type: 'collection' },
      { name: 'key', type: 'text', rest: true },
    ],
    returns: 'collection',
    summary: 'Gives a new collection that holds all but the named keys.',
    example: {
      template: "{{omit(parameters, 'id')}}",
      scope: { parameters: { id: 7, name: 'a' } },
      result: { name: 'a' },
    },
    run: ([value, ...keys], surroundings) => {
      const collection = collectionOf('omit', value);
      const left = names('omit', keys, surroundings);
      const kept: Collection = {};
      const all = Object.keys(collection);
      surroundings.spend(all.length);
      for (const key of all) if (!left.has(key)) put(kept, key, memberOf(collection, key));
      return kept;
    },
  },
  {
    name: 'equal',
    parameters: [
      { name: 'a', type: 'any' },
      { name: 'b', type: 'any' },
    ],
    returns: 'boolean',
    summary: 'Checks if two values are equal, loosely as `=` does; arrays and collections by their content.',
    example: { template: "{{equal('1', 1)}}", result: true },
    run: ([a, b], surroundings) => {
      const kind = kindOf(a);
      if (kind !== kindOf(b) || !STRUCTURED.has(kind)) return looselyEqual(a, b, surroundings);
      return contentOf(a, surroundings) === contentOf(b, surroundings);
    },
  },
];
