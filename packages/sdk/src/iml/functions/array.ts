import { lookUp } from '../../json.ts';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { textOf as asText, memberOf } from '../values.ts';
import {
  arrayOf,
  type Collection,
  contentOf,
  integerOr,
  isCollection,
  isMissing,
  kindOf,
  put,
  textOf,
  textOr,
  valueAt,
  withArticle,
} from './coercion.ts';

/*
 * Arrays. A missing array is an empty one, and a value that is no array is an array of that value. Every function gives
 * a new array: what lies in the scope is never changed. Keys are paths: names separated by dots.
 */

const ARRAY_PARAMETER = { name: 'array', type: 'array' } as const;

function ofArray(
  name: string,
  returns: IMLFunction['returns'],
  summary: string,
  example: IMLFunction['example'],
  work: (items: readonly unknown[], surroundings: EvaluationContext) => unknown,
): IMLFunction {
  return {
    name,
    parameters: [ARRAY_PARAMETER],
    returns,
    summary,
    example,
    run: ([value], surroundings) => work(arrayOf(value, surroundings), surroundings),
  };
}

/** At Make these two take the item out of the array that the scope holds. Here nothing is changed by being read. */
const taking = (
  name: string,
  end: string,
  result: string,
  work: (items: readonly unknown[]) => unknown,
): IMLFunction => ({
  name,
  parameters: [ARRAY_PARAMETER],
  returns: 'any',
  summary: `Gives the ${end} item of an array, without removing it; undefined for any other value.`,
  example: { template: `{{${name}(items)}}`, scope: LETTERS, result },
  run: ([value]) => (Array.isArray(value) ? work(value) : undefined),
});

const LETTERS = { items: ['a', 'b', 'c'] };

type Order = { readonly descending: boolean; readonly ignoreCase: boolean };

const ORDERS: ReadonlyMap<string, Order> = new Map([
  ['asc', { descending: false, ignoreCase: false }],
  ['desc', { descending: true, ignoreCase: false }],
  ['asc ci', { descending: false, ignoreCase: true }],
  ['desc ci', { descending: true, ignoreCase: true }],
]);

/** Numbers before texts, whatever else there is after them, and what is missing last in both directions. */
const RANKS: Readonly<Record<string, number>> = { number: 0, date: 0, boolean: 0, text: 1, null: 3, undefined: 3 };

interface Sortable {
  readonly rank: number;
  readonly key: number | string;
}

function sortable(value: unknown, ignoreCase: boolean, surroundings: EvaluationContext): Sortable {
  const kind = kindOf(value);
  const rank = lookUp(RANKS, kind) ?? 2;
  if (rank === 0) return { rank, key: kind === 'date' ? (value as Date).getTime() : Number(value) };
  const text = asText(value, surroundings);
  surroundings.spend(text.length / 100);
  return { rank, key: ignoreCase ? text.toLowerCase() : text };
}

function sort(items: readonly unknown[], order: Order, path: string, surroundings: EvaluationContext): unknown[] {
  surroundings.spend(items.length * Math.log2(items.length + 1));
  const keyed = items.map((item) => ({
    item,
    ...sortable(path === '' ? item : valueAt(item, path), order.ignoreCase, surroundings),
  }));
  const sign = order.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.rank === 3 || b.rank === 3) return a.rank - b.rank;
    if (a.rank !== b.rank) return sign * (a.rank - b.rank);
    return a.key < b.key ? -sign : a.key > b.key ? sign : 0;
  });
  return keyed.map(({ item }) => item);
}

/** Make's help leaves the order out in one example, `sort(contacts, 'name')`: a word that is no order is a key then. */
function sortArguments(order: unknown, key: unknown, surroundings: EvaluationContext): [Order, string] {
  const word = textOr('sort', order, '', surroundings) || 'asc';
  const path = textOr('sort', key, '', surroundings);
  const found = ORDERS.get(word.toLowerCase());
  if (found !== undefined) return [found, path];
  if (path === '') return [{ descending: false, ignoreCase: false }, word];
  throw new IMLError(`sort takes one of the orders ${[...ORDERS.keys()].join(', ')}, not ${word.slice(0, 20)}.`);
}

function flatten(items: readonly unknown[], depth: number, surroundings: EvaluationContext, level = 0): unknown[] {
  if (level > 200) throw new IMLError('The value is nested too deeply.');
  const flat: unknown[] = [];
  for (const item of items) {
    if (Array.isArray(item) && depth > 0) {
      surroundings.spend(item.length);
      for (const inner of flatten(item, depth - 1, surroundings, level + 1)) flat.push(inner);
    } else {
      flat.push(item);
    }
  }
  surroundings.spend(flat.length);
  return flat;
}

/** The first of all that are equal: primitives by their text, arrays and collections by what they hold. */
function distinct(items: readonly unknown[], path: string, surroundings: EvaluationContext): unknown[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const value = path === '' ? item : valueAt(item, path);
    const kind = kindOf(value);
    const content =
      kind === 'array' || kind === 'collection' || kind === 'buffer'
        ? contentOf(value, surroundings)
        : isMissing(value)
          ? `missing ${kind}`
          : `text ${asText(value, surroundings)}`;
    surroundings.spend(content.length / 100);
    if (seen.has(content)) return false;
    seen.add(content);
    return true;
  });
}

const deduplicated = (name: string): IMLFunction => ({
  name,
  parameters: [ARRAY_PARAMETER, { name: 'key', type: 'text', optional: true }],
  returns: 'array',
  summary: 'Removes duplicate items: equal as texts, arrays and collections by their content, or by a key.',
  example: { template: `{{${name}(items)}}`, scope: { items: ['a', 'b', 'a'] }, result: ['a', 'b'] },
  run: ([value, key], surroundings) => {
    surroundings.spend(1);
    return distinct(arrayOf(value, surroundings), textOr(name, key, '', surroundings), surroundings);
  },
});

/** Equal for remove: the same primitive. Arrays and collections are never removed. */
function samePrimitive(a: unknown, b: unknown): boolean {
  const [left, right] = [a, b].map((each) => (kindOf(each) === 'text' ? String(each) : each));
  return left === right && (typeof left !== 'object' || left === null);
}

function map(args: readonly unknown[], surroundings: EvaluationContext): unknown[] {
  const [value, key, filterKey, filterValues] = args;
  const items = arrayOf(value, surroundings);
  const path = textOr('map', key, '', surroundings);
  const pick = (item: unknown) => (path === '' ? item : valueAt(item, path));
  if (isMissing(filterKey) || isMissing(filterValues)) return items.map(pick);
  const filter = textOf('map', filterKey, surroundings);
  const allowed = new Set(
    textOf('map', filterValues, surroundings)
      .split(',')
      .map((each) => each.trim()),
  );
  return items.filter((item) => allowed.has(asText(valueAt(item, filter), surroundings))).map(pick);
}

function toArray(value: unknown, surroundings: EvaluationContext): unknown[] {
  if (isMissing(value)) return [];
  if (Array.isArray(value)) return arrayOf(value, surroundings).map((item, key) => ({ key, value: item }));
  if (!isCollection(value)) throw new IMLError(`toArray takes a collection, not ${withArticle(kindOf(value))}.`);
  const keys = Object.keys(value);
  surroundings.spend(keys.length);
  return keys.map((key) => ({ key, value: memberOf(value, key) }));
}

export const ARRAY: readonly IMLFunction[] = [
  {
    name: 'add',
    parameters: [ARRAY_PARAMETER, { name: 'value', type: 'any', rest: true }],
    returns: 'array',
    summary: 'Gives an array with values appended.',
    example: { template: "{{add(items, 'd')}}", scope: LETTERS, result: ['a', 'b', 'c', 'd'] },
    run: ([value, ...more], surroundings) => [...arrayOf(value, surroundings), ...more],
  },
  {
    name: 'remove',
    parameters: [
      ARRAY_PARAMETER,
      { name: 'value', type: { union: ['text', 'number', 'boolean', 'null'] }, rest: true },
    ],
    returns: 'array',
    summary: 'Gives an array without some values; only texts, numbers, booleans and null can be removed.',
    example: { template: "{{remove(items, 'b')}}", scope: LETTERS, result: ['a', 'c'] },
    run: ([value, ...unwanted], surroundings) => {
      const items = arrayOf(value, surroundings);
      surroundings.spend(items.length * unwanted.length);
      return items.filter((item) => !unwanted.some((each) => samePrimitive(item, each)));
    },
  },
  {
    name: 'join',
    parameters: [ARRAY_PARAMETER, { name: 'separator', type: 'text', optional: true }],
    returns: 'text',
    summary: 'Joins the items into one text with a separator between them, a comma unless another is given.',
    example: { template: "{{join(items, ' ')}}", scope: LETTERS, result: 'a b c' },
    run: ([value, separator], surroundings) => {
      const items = arrayOf(value, surroundings);
      const between = textOr('join', separator, ',', surroundings);
      surroundings.spend((items.length * between.length) / 100);
      return items
        .map((item) => {
          const text = asText(item, surroundings);
          surroundings.spend(text.length / 100);
          return text;
        })
        .join(between);
    },
  },
  {
    name: 'map',
    parameters: [
      ARRAY_PARAMETER,
      { name: 'key', type: 'text' },
      { name: 'filterKey', type: 'text', optional: true },
      { name: 'filterValues', type: 'text', optional: true },
    ],
    returns: 'array',
    summary: 'Takes one key of every item, or of those whose filter key has one of the values, which commas separate.',
    example: {
      template: "{{map(emails, 'address', 'label', 'work,home')}}",
      scope: {
        emails: [
          { address: 'a@example.com', label: 'work' },
          { address: 'b@example.com', label: 'other' },
        ],
      },
      result: ['a@example.com'],
    },
    run: map,
  },
  {
    name: 'sort',
    parameters: [
      ARRAY_PARAMETER,
      { name: 'order', type: 'text', optional: true },
      { name: 'key', type: 'text', optional: true },
    ],
    returns: 'array',
    summary: 'Sorts by value or by a key, in the order asc or desc, or asc ci or desc ci to ignore case.',
    example: { template: "{{sort(items, 'desc')}}", scope: { items: [2, 10, 1] }, result: [10, 2, 1] },
    run: ([value, order, key], surroundings) =>
      sort(arrayOf(value, surroundings), ...sortArguments(order, key, surroundings), surroundings),
  },
  ofArray(
    'reverse',
    'array',
    'Gives the items in the opposite order.',
    { template: '{{reverse(items)}}', scope: LETTERS, result: ['c', 'b', 'a'] },
    (items) => items.toReversed(),
  ),
  ofArray(
    'shuffle',
    'array',
    'Gives the items in random order.',
    { template: "{{shuffle(split('a', ','))}}", result: ['a'] },
    (items, surroundings) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = Math.floor(surroundings.random() * (last + 1));
        [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
      }
      return shuffled;
    },
  ),
  {
    name: 'slice',
    parameters: [ARRAY_PARAMETER, { name: 'start', type: 'number' }, { name: 'end', type: 'number', optional: true }],
    returns: 'array',
    summary: 'Gives the items from one position to before another; positions count from 0, negative ones from the end.',
    example: { template: '{{slice(items, 1)}}', scope: LETTERS, result: ['b', 'c'] },
    run: ([value, start, end], surroundings) => {
      const items = arrayOf(value, surroundings);
      return items.slice(integerOr('slice', start, 0), integerOr('slice', end, items.length));
    },
  },
  {
    name: 'merge',
    parameters: [{ name: 'array', type: 'array', rest: true }],
    returns: 'array',
    summary: 'Joins arrays into one; other arguments are ignored.',
    example: {
      template: '{{merge(items, more, null)}}',
      scope: { ...LETTERS, more: ['d'] },
      result: ['a', 'b', 'c', 'd'],
    },
    run: (args, surroundings) => args.filter(Array.isArray).flatMap((each) => [...arrayOf(each, surroundings)]),
  },
  {
    name: 'flatten',
    parameters: [ARRAY_PARAMETER, { name: 'depth', type: 'number', optional: true }],
    returns: 'array',
    summary: 'Replaces arrays inside an array with their items, one level deep or to the given depth.',
    example: { template: '{{flatten(items)}}', scope: { items: [1, [2, [3]]] }, result: [1, 2, [3]] },
    run: ([value, depth], surroundings) =>
      flatten(arrayOf(value, surroundings), integerOr('flatten', depth, 1), surroundings),
  },
  deduplicated('distinct'),
  deduplicated('deduplicate'),
  {
    name: 'keys',
    parameters: [{ name: 'collection', type: { union: ['collection', 'array'] } }],
    returns: { array: 'text' },
    summary: 'Gives the names of all keys of a collection, or the positions of an array, from 0, as texts.',
    example: { template: '{{keys(body)}}', scope: { body: { id: 7, name: 'a' } }, result: ['id', 'name'] },
    run: ([value], surroundings) => toArray(value, surroundings).map((entry) => String(memberOf(entry, 'key'))),
  },
  {
    name: 'toCollection',
    parameters: [ARRAY_PARAMETER, { name: 'key', type: 'text' }, { name: 'value', type: 'text' }],
    returns: 'collection',
    summary: 'Makes a collection of an array of pairs: one key of each item is the name, another the value.',
    example: {
      template: "{{toCollection(headers, 'name', 'text')}}",
      scope: { headers: [{ name: 'x-id', text: '7' }] },
      result: { 'x-id': '7' },
    },
    run: ([value, key, valueKey], surroundings) => {
      const paths = [key, valueKey].map((each) => textOr('toCollection', each, '', surroundings));
      const [keyPath = '', valuePath = ''] = paths;
      const collection: Collection = {};
      for (const item of arrayOf(value, surroundings)) {
        const name = valueAt(item, keyPath);
        if (!isMissing(name)) put(collection, asText(name, surroundings), valueAt(item, valuePath));
      }
      return collection;
    },
  },
  {
    name: 'toArray',
    parameters: [{ name: 'collection', type: { union: ['collection', 'array'] } }],
    returns: { array: { collection: { key: { union: ['text', 'number'] }, value: 'any' } } },
    summary: 'Makes an array of pairs of a key and a value; for an array the keys are positions, from 0.',
    example: { template: '{{toArray(body)}}', scope: { body: { id: 7 } }, result: [{ key: 'id', value: 7 }] },
    run: ([value], surroundings) => toArray(value, surroundings),
  },
  ofArray(
    'first',
    'any',
    'Gives the first item.',
    { template: '{{first(items)}}', scope: LETTERS, result: 'a' },
    (items) => items[0],
  ),
  ofArray(
    'last',
    'any',
    'Gives the last item.',
    { template: '{{last(items)}}', scope: LETTERS, result: 'c' },
    (items) => items.at(-1),
  ),
  taking('pop', 'last', 'c', (items) => items.at(-1)),
  taking('shift', 'first', 'a', (items) => items[0]),
  {
    name: 'isArray',
    parameters: [{ name: 'value', type: 'any' }],
    returns: 'boolean',
    summary: 'Checks if a value is an array.',
    example: { template: '{{isArray(items)}}', scope: LETTERS, result: true },
    run: ([value]) => Array.isArray(value),
  },
];
