import { type Compiled, compile } from './compile.ts';
import { IMLError } from './function.ts';
import { parseTemplate } from './parse.ts';
import { type Given, Run } from './run.ts';
import type { Template } from './tree.ts';
import { memberOf } from './values.ts';

/**
 * The value of a template. When the text is exactly one `{{expression}}`, its value as it is, undefined and buffers
 * included; otherwise a text, to which null and undefined contribute nothing. A path that leads nowhere gives
 * undefined. Texts are compiled when they are first seen, and a few thousand of them are kept.
 *
 * The expression reads own properties of the scope and calls built-in functions; it reaches nothing else, changes
 * nothing, and ends within its budget. Clock, chance and time zone are `given`.
 * @typeParam Context what the expression sees, such as `Connections['main']['steps']['token']['response']` of the
 * generated declarations
 * @throws IMLError for a broken expression, an unknown function, arguments that make no sense, a budget that is used up.
 * @example
 * const given = { now: () => new Date(), random: Math.random, uuid: () => crypto.randomUUID() };
 * evaluate('Bearer {{parameters.apiKey}}', { parameters: { apiKey: 'k' } }, given); // 'Bearer k'
 */
export function evaluate<Context extends object = object>(
  template: Template | string,
  scope: Context,
  given: Given,
): unknown {
  if (typeof template === 'string') {
    const compiled = cached(template);
    return compiled === undefined ? template : start(compiled, new Run(scope, given));
  }
  let compiled = compiledTemplates.get(template);
  if (compiled === undefined) {
    compiled = compile(template);
    compiledTemplates.set(template, compiled);
  }
  return start(compiled, new Run(scope, given));
}

/**
 * A JSON value with every template in it evaluated, keys excepted. A property whose value is undefined is dropped, and
 * so is an item of an array; the properties of the object that `"{{...}}": "{{object}}"` gives take its place. All
 * templates share one budget.
 * @throws IMLError as `evaluate` does.
 * @example
 * evaluateValue({ authorization: '{{parameters.apiKey}}' }, { parameters: { apiKey: 'k' } }, given); // { authorization: 'k' }
 */
export function evaluateValue<Context extends object = object>(value: unknown, scope: Context, given: Given): unknown {
  return resolved(value, new Run(scope, given), 0);
}

const compiledTemplates = new WeakMap<Template, Compiled>();

/** How deep a value may be nested. */
const DEPTH_LIMIT = 256;

function resolved(value: unknown, run: Run, depth: number): unknown {
  if (typeof value === 'string') {
    const compiled = cached(value);
    return compiled === undefined ? value : start(compiled, run);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_LIMIT) throw new IMLError('The value is nested too deeply.');
  if (Array.isArray(value)) {
    run.spend(value.length);
    const items: unknown[] = [];
    for (const item of value) {
      const own = resolved(item, run, depth + 1);
      if (own !== undefined) items.push(own);
    }
    return items;
  }
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    run.spend(1);
    const own = resolved((value as Record<string, unknown>)[key], run, depth + 1);
    if (key === SPREAD) spread(own, result, run);
    else if (own !== undefined) put(result, key, own);
  }
  return result;
}

const SPREAD = '{{...}}';

function spread(object: unknown, result: Record<string, unknown>, run: Run): void {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return;
  for (const key of Object.keys(object)) {
    run.spend(1);
    const value = memberOf(object, key);
    if (value !== undefined) put(result, key, value);
  }
}

/** Assigning `__proto__` would change what the object inherits. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

function start({ closure, size }: Compiled, run: Run): unknown {
  run.spend(size);
  try {
    const value = closure(run);
    return typeof value === 'object' && value instanceof String ? '' : value;
  } catch (thrown) {
    if (thrown instanceof IMLError) throw thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new IMLError(`The expression failed: ${message}`, undefined, { cause: thrown });
  }
}

/**
 * The texts that were compiled last. A text has one place, which the next text that belongs there takes from it: that
 * bounds the cache, and costs a text that is met only once next to nothing.
 */
const PLACES = 1024;
const texts: string[] = new Array(PLACES).fill('');
const compilations: (Compiled | undefined)[] = new Array(PLACES).fill(undefined);

/** The compiled text; undefined for a text without expressions, which is its own value. */
function cached(text: string): Compiled | undefined {
  const place = placeOf(text);
  if (texts[place] === text) return compilations[place];
  if (!text.includes('{{')) return undefined;
  const compiled = compile(parseTemplate(text));
  if (text.length <= LONGEST) {
    texts[place] = text;
    compilations[place] = compiled;
  }
  return compiled;
}

/** Longer texts are compiled every time, so that the cache cannot hold much memory; most are below 200. */
const LONGEST = 4096;

/** From the length and eight characters: to look at all of them would cost more than a wrong guess. */
function placeOf(text: string): number {
  const { length } = text;
  let hash = length;
  const step = (length >> 2) + 1;
  for (let at = length - 1; at >= 0; at -= step) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}
