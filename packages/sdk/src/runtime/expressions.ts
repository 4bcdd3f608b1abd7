import type { Path } from '../diagnostics.ts';
import { evaluate } from '../iml/evaluate.ts';
import { IMLError } from '../iml/function.ts';
import type { Given } from '../iml/run.ts';
import { memberOf } from '../iml/values.ts';
import { isObject, type JSONObject } from '../json.ts';
import { Failure } from './failure.ts';

/** A string with expressions, and what it came to. */
export interface Evaluation {
  /** Into `api`. */
  readonly path: Path;
  readonly text: string;
  readonly value: unknown;
}

/** The key whose value's properties take its place. */
const SPREAD = '{{...}}';

/** Evaluates the directives of a request, and keeps what each of their strings came to. */
export class Evaluator {
  readonly #given: Given;
  /** Evaluated expressions, in order. */
  evaluations: Evaluation[] = [];

  constructor(given: Given) {
    this.#given = given;
  }

  /**
   * The value with every string in it evaluated. What is undefined is left out of objects and lists.
   * @throws Failure at the string that has no value
   */
  value(value: unknown, scope: object, path: Path): unknown {
    if (typeof value === 'string') return this.#string(value, scope, path);
    if (Array.isArray(value)) return this.#list(value, scope, path);
    return isObject(value) ? this.#object(value, scope, path) : value;
  }

  #string(text: string, scope: object, path: Path): unknown {
    if (!text.includes('{{')) return text;
    try {
      const value = evaluate(text, scope, this.#given);
      this.evaluations.push({ path, text, value });
      return value;
    } catch (error) {
      if (!(error instanceof IMLError)) throw error;
      const { offset, length = 0 } = error;
      const span = offset === undefined ? {} : { span: { offset, end: offset + length } };
      const hint = 'Correct the expression; `connector iml` evaluates it.';
      throw new Failure({ code: 'run/expression', message: error.message, hint, path, ...span }, { cause: error });
    }
  }

  #list(list: readonly unknown[], scope: object, path: Path): unknown[] {
    const items: unknown[] = [];
    for (const [index, item] of list.entries()) {
      const value = this.value(item, scope, [...path, index]);
      if (value !== undefined) items.push(value);
    }
    return items;
  }

  #object(object: JSONObject, scope: object, path: Path): JSONObject {
    const entries = new Map<string, unknown>();
    for (const name of Object.keys(object)) {
      const value = this.value(object[name], scope, [...path, name]);
      if (name === SPREAD) {
        if (!isObject(value)) continue;
        for (const key of Object.keys(value)) {
          const member = memberOf(value, key);
          if (member !== undefined) entries.set(key, member);
        }
      } else if (value !== undefined) entries.set(name, value);
    }
    return Object.fromEntries(entries);
  }
}

/**
 * Puts values into others as deep as both are objects or lists, and changes neither: lists are merged item by item, and
 * what is undefined changes nothing. Source: `_.merge` of lodash, with which Make fills `temp`.
 */
export function merged(into: unknown, from: unknown): unknown {
  if (from === undefined) return into;
  if (Array.isArray(from)) {
    const before: readonly unknown[] = Array.isArray(into) ? into : [];
    const length = Math.max(before.length, from.length);
    return Array.from({ length }, (_, index) => merged(before[index], from[index]));
  }
  if (!isPlain(from)) return from;
  const entries = new Map(isPlain(into) ? Object.entries(into) : []);
  for (const [name, value] of Object.entries(from)) entries.set(name, merged(entries.get(name), value));
  return Object.fromEntries(entries);
}

/** Checks if it is an object that expressions see into, and no date and no bytes. */
export function isPlain(value: unknown): value is JSONObject {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
