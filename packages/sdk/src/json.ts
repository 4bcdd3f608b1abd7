import type { Path } from './diagnostics.ts';

/** A JSON object whose members are not known. */
export interface JSONObject {
  readonly [key: string]: unknown;
}

/** Checks if the JSON value is an object, and neither an array nor null. */
export function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at the path through objects and arrays; undefined when the path leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/**
 * Looks a name up among a table's own keys: a name that comes from outside may be
 * `constructor` or `toString`.
 */
export function lookUp<Value>(table: { readonly [name: string]: Value }, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The value of a JSON text; undefined for what is none. */
export function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, DEEPEST) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Levels of lists and objects in one another that are followed. What goes deeper is nobody's data, and exhausts the stack. */
export const DEEPEST = 200;

/** Checks if lists and objects stand in one another deeper than so many levels. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

/** Checks if two JSON values are the same, whatever the order of keys; 0 and -0 are the same number. */
export function sameJSON(one: unknown, other: unknown): boolean {
  return isSame(one, other, false);
}

/** Checks if two JSON values are the same, keys in the same order. */
export function sameInOrder(one: unknown, other: unknown): boolean {
  return isSame(one, other, true);
}

/** Checks if two lists hold the same things, by their identity. */
export function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

function isSame(one: unknown, other: unknown, inOrder: boolean): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((each, index) => isSame(each, other[index], inOrder))
    );
  }
  if (!isObject(one) || !isObject(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  const hasName = (name: string, index: number) => (inOrder ? name === others[index] : Object.hasOwn(other, name));
  return (
    names.length === others.length &&
    names.every((name, index) => hasName(name, index) && isSame(one[name], other[name], inOrder))
  );
}

/**
 * The value, with the parts of an earlier one in the place of those that are the same: who keeps what was worked out of a
 * part then knows by its identity that nothing in it changed. Changes `value`, which nobody else may hold yet.
 * @returns the earlier value itself when all is the same, keys in the same order
 */
export function withSharedParts(value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) return Array.isArray(before) ? withSharedItems(value, before) : value;
  if (isObject(value)) return isObject(before) ? withSharedMembers(value, before) : value;
  return value;
}

function withSharedItems(value: unknown[], before: readonly unknown[]): readonly unknown[] {
  let isSame = value.length === before.length;
  for (let index = 0; index < value.length; index++) {
    if (index < before.length) value[index] = withSharedParts(value[index], before[index]);
    isSame &&= Object.is(value[index], before[index]);
  }
  return isSame ? before : value;
}

function withSharedMembers(value: { [name: string]: unknown }, before: JSONObject): JSONObject {
  const [names, others] = [Object.keys(value), Object.keys(before)];
  let isSame = names.length === others.length;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? '';
    const isThere = name === others[index] || Object.hasOwn(before, name);
    if (isThere) value[name] = withSharedParts(value[name], before[name]);
    isSame &&= name === others[index] && Object.is(value[name], before[name]);
  }
  return isSame ? before : value;
}

/** Where a string of a JSON text ends that begins at `start`: at its closing quote, at the end of its line or of the text. */
export function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x22 || code === 0x0a) return index;
  }
  return text.length;
}

/** What is outside of the strings of a JSON text: how deep its brackets nest, and how many colons there are. */
export function outlineOf(json: string): { readonly depth: number; readonly colons: number } {
  let [open, depth, colons] = [0, 0, 0];
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === 0x22) index = endOfString(json, index);
    else if (code === 0x3a) colons++;
    else if (code === 0x7b || code === 0x5b) {
      open++;
      if (open > depth) depth = open;
    } else if (code === 0x7d || code === 0x5d) open--;
  }
  return { depth, colons };
}
