import { types } from 'node:util';
import { DEEPEST } from '../../json.ts';
import { type EvaluationContext, IMLError } from '../function.ts';
import { textOf as asText, elementOf, memberOf } from '../values.ts';

/*
 * How a value becomes the kind that a function takes, as Make documents it (help.make.com/type-coercion): anything
 * that is no array becomes an array of one, a number, boolean, date or buffer becomes text, numeric text a number, and
 * a date is read from text or from milliseconds since 1970. Where the table says "validation error", an IMLError is
 * thrown. Text that cannot be read gives NaN or an invalid date, as it does in JavaScript.
 *
 * The functions keep two rules for what is missing (null or undefined): a missing subject stays what it is, so that
 * the field that it was meant for is left out, and a missing array or collection counts as an empty one.
 */

export type ValueKind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'array'
  | 'collection'
  | 'buffer'
  | 'null'
  | 'undefined'
  | 'function';

export type Collection = Record<string, unknown>;

export function kindOf(value: unknown): ValueKind {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'bigint':
      return 'number';
    case 'symbol':
      return 'function';
    case 'object':
      break;
    default:
      return typeof value as ValueKind;
  }
  if (Array.isArray(value)) return 'array';
  if (types.isDate(value)) return 'date';
  if (types.isUint8Array(value)) return 'buffer';
  // The keyword `emptystring` is a text that is not taken for null, and therefore an object.
  return types.isStringObject(value) ? 'text' : 'collection';
}

export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

export function isCollection(value: unknown): value is Collection {
  return kindOf(value) === 'collection';
}

function refuse(name: string, expected: string, value: unknown): never {
  throw new IMLError(`${name} takes ${expected}, not ${withArticle(kindOf(value))}.`);
}

export function withArticle(kind: string): string {
  if (kind === 'text' || kind === 'null' || kind === 'undefined') return kind;
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** @throws IMLError for a value that contains itself, or is nested as if it did. */
export function guardDepth(depth: number): void {
  if (depth > DEEPEST) throw new IMLError('The value is nested too deeply.');
}

/** The text of an argument; takes its length from the budget. @throws IMLError for a collection. */
export function textOf(name: string, value: unknown, surroundings: EvaluationContext): string {
  if (typeof value === 'string') {
    surroundings.spend(1 + value.length / 100);
    return value;
  }
  const kind = kindOf(value);
  if (kind === 'collection' || kind === 'function') refuse(name, 'text', value);
  const text = asText(value, surroundings);
  surroundings.spend(1 + text.length / 100);
  return text;
}

/** Like textOf, with `otherwise` for what is missing. */
export function textOr(name: string, value: unknown, otherwise: string, surroundings: EvaluationContext): string {
  return isMissing(value) ? otherwise : textOf(name, value, surroundings);
}

/** A number; NaN for text that is none. @throws IMLError for what is neither a number nor text. */
export function numberOf(name: string, value: unknown): number {
  const kind = kindOf(value);
  if (kind === 'number') return Number(value);
  if (kind === 'text') return numberIn(String.prototype.trim.call(value));
  return refuse(name, 'a number', value);
}

function numberIn(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

/** A whole number, cut towards zero; `otherwise` for what is missing or no number. */
export function integerOr(name: string, value: unknown, otherwise: number): number {
  if (isMissing(value)) return otherwise;
  const number = Math.trunc(numberOf(name, value));
  return Number.isNaN(number) ? otherwise : number;
}

/** Checks if a flag is set: `true`, and text other than `false` and the empty one. */
export function flagOf(value: unknown): boolean {
  if (kindOf(value) !== 'text') return Boolean(value);
  const text = String.prototype.trim.call(value);
  return text !== '' && text !== 'false';
}

/** The array that an argument is, or the array that holds it; empty for what is missing. Spends a unit an item. */
export function arrayOf(value: unknown, surroundings: EvaluationContext): readonly unknown[] {
  if (isMissing(value)) return [];
  if (!Array.isArray(value)) return [value];
  surroundings.spend(1 + value.length);
  return value;
}

/** A collection; empty for what is missing. @throws IMLError for anything else. */
export function collectionOf(name: string, value: unknown): Collection {
  if (isMissing(value)) return {};
  return isCollection(value) ? value : refuse(name, 'a collection', value);
}

/** The bytes of a buffer, or those of a text in UTF-8. */
export function bytesOf(name: string, value: unknown, surroundings: EvaluationContext): Buffer {
  if (typeof value !== 'string' && types.isUint8Array(value)) {
    surroundings.spend(1 + value.byteLength / 100);
    return bufferOf(value);
  }
  return Buffer.from(textOf(name, value, surroundings), 'utf8');
}

function bufferOf(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Sets an own property; `__proto__` is a name like any other. */
export function put(target: Collection, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/**
 * The value at a path: names and indexes separated by dots, `[n]` allowed for indexes, which count from 1, from the
 * end when they are negative. A property whose name is the whole path comes first. Nothing inherited is found.
 */
export function valueAt(root: unknown, path: string): unknown {
  if (isCollection(root) && Object.hasOwn(root, path)) return memberOf(root, path);
  let value = root;
  for (const step of path.replace(/\[(-?\d*)\]/g, '.$1').split('.')) {
    if (step === '' && value === root && path.startsWith('[')) continue;
    value = child(value, step);
    if (isMissing(value)) return value;
  }
  return value;
}

function child(value: unknown, step: string): unknown {
  return Array.isArray(value) ? elementOf(value, step === '' ? 1 : step) : memberOf(value, step);
}

/** Text that is equal for two values exactly when they hold the same: keys in any order, dates by their time. */
export function contentOf(value: unknown, surroundings: EvaluationContext, depth = 0): string {
  guardDepth(depth);
  surroundings.spend(1);
  const kind = kindOf(value);
  if (kind === 'array') {
    const items = Array.from(value as unknown[], (item) => contentOf(item, surroundings, depth + 1));
    return `[${items.join(',')}]`;
  }
  if (kind === 'collection') {
    const collection = value as Collection;
    const keys = Object.keys(collection).sort();
    const entries = keys.map((key) => `${JSON.stringify(key)}:${contentOf(collection[key], surroundings, depth + 1)}`);
    return `{${entries.join(',')}}`;
  }
  const text = asText(value, surroundings);
  surroundings.spend(text.length / 100);
  return `${kind} ${JSON.stringify(text)}`;
}
