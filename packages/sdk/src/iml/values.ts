import { types } from 'node:util';
import type { EvaluationContext } from './function.ts';

/** Budget that converting long values is paid from. */
type Budget = Pick<EvaluationContext, 'spend'>;

/**
 * The property of that name. Only an object's own properties are reachable, and no functions: what an object inherits
 * (`constructor`, `toString`, a class's getters) does not exist for an expression.
 */
export function memberOf(object: unknown, name: string | number): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name)) return undefined;
  const value = (object as Readonly<Record<string | number, unknown>>)[name];
  return typeof value === 'function' ? undefined : value;
}

/**
 * The item of an array at `index`, counted from 1, or from the end when it is negative; 0 is outside. Of another
 * object, the property of that name.
 */
export function elementOf(object: unknown, index: unknown): unknown {
  if (!Array.isArray(object))
    return typeof index === 'string' || typeof index === 'number' ? memberOf(object, index) : undefined;
  const position = typeof index === 'string' && index.trim() !== '' ? Number(index) : index;
  if (typeof position !== 'number' || !Number.isInteger(position) || position === 0) return undefined;
  return memberOf(object, position > 0 ? position - 1 : object.length + position);
}

/** Levels of arrays in arrays that are written as text. */
const DEPTH_LIMIT = 20;

/**
 * The value as it appears in a text: nothing for null and undefined, dates as ISO 8601 in UTC, items with a comma
 * between them, bytes as UTF-8, and `{object}` for a collection. Source: Make's `toString`.
 */
export function textOf(value: unknown, budget: Budget): string {
  return typeof value === 'string' ? value : textOfOther(value, budget, 0);
}

function textOfOther(value: unknown, budget: Budget, depth: number): string {
  if (typeof value !== 'object') return value === undefined || typeof value === 'function' ? '' : String(value);
  if (value === null) return '';
  if (types.isDate(value)) return isoOf(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isUint8Array(value)) {
    budget.spend(value.byteLength / 100);
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
  }
  if (!Array.isArray(value)) return '{object}';
  if (depth >= DEPTH_LIMIT) return '';
  budget.spend(value.length);
  let text = '';
  for (let index = 0; index < value.length; index++) {
    const item = memberOf(value, index);
    const own = typeof item === 'string' ? item : textOfOther(item, budget, depth + 1);
    budget.spend(own.length / 100);
    text += index === 0 ? own : `,${own}`;
  }
  return text;
}

function isoOf(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? 'Invalid date' : new Date(time).toISOString();
}

/** The value as a number, as JavaScript's `Number` has it: null is 0, undefined is not a number, a date its milliseconds. */
export function numberOf(value: unknown, budget: Budget): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object')
    return typeof value === 'symbol' || typeof value === 'function' ? Number.NaN : Number(value);
  if (value === null) return 0;
  if (types.isDate(value)) return Date.prototype.getTime.call(value);
  return Array.isArray(value) || types.isStringObject(value) ? Number(textOf(value, budget)) : Number.NaN;
}

/** Equality as JavaScript's `==` has it, without calling anything that belongs to the values. */
export function looselyEqual(left: unknown, right: unknown, budget: Budget): boolean {
  if (left === right) return true;
  const leftObject = typeof left === 'object' && left !== null;
  const rightObject = typeof right === 'object' && right !== null;
  if (leftObject && rightObject) return false;
  if (left === null || left === undefined || right === null || right === undefined) {
    return (left ?? undefined) === (right ?? undefined);
  }
  const a = leftObject ? textOf(left, budget) : left;
  const b = rightObject ? textOf(right, budget) : right;
  // biome-ignore lint/suspicious/noDoubleEquals: it is what is evaluated; both are primitive
  return a == b;
}

/** Less than zero when `left` comes before `right`, NaN when neither does: JavaScript's `<`, where dates are numbers. */
export function compare(left: unknown, right: unknown, budget: Budget): number {
  const a = comparable(left, budget);
  const b = comparable(right, budget);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const x = numberOf(a, budget);
  const y = numberOf(b, budget);
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
}

function comparable(value: unknown, budget: Budget): unknown {
  return typeof value === 'object' && value !== null && !types.isDate(value) ? textOf(value, budget) : value;
}
