// Stands in for lodash in the bundle: what the printer of declarations calls of it, for what the printer has, which is
// JSON and trees of plain objects. Loading lodash takes as long as printing the types of a connection.

/** @typedef {Record<PropertyKey, unknown>} Plain */

/** @param {unknown} value @returns {value is Plain} */
export function isPlainObject(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** @param {unknown} value @returns {unknown} */
export function cloneDeep(value) {
  if (Array.isArray(value)) return value.map(cloneDeep);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cloneDeep(each)]));
}

/** @param {Plain} target @param {...Plain} sources */
export function merge(target, ...sources) {
  for (const source of sources) {
    for (const [key, value] of Object.entries(source)) {
      const before = target[key];
      if (isPlainObject(value)) target[key] = merge(isPlainObject(before) ? before : {}, value);
      else if (value !== undefined) target[key] = value;
    }
  }
  return target;
}

/** @param {Plain} object @param {...string} keys */
export function omit(object, ...keys) {
  const rest = { ...object };
  for (const key of keys) delete rest[key];
  return rest;
}

/** @param {Plain | undefined} object @param {(value: unknown, key: string) => unknown} change */
export function map(object, change) {
  return Object.entries(object ?? {}).map(([key, value]) => change(value, key));
}

/** @param {readonly unknown[]} items @param {(item: unknown) => unknown} by */
export function uniqBy(items, by) {
  const first = new Map();
  for (const item of items) {
    const key = by(item);
    if (!first.has(key)) first.set(key, item);
  }
  return [...first.values()];
}

/** @param {unknown} items @param {unknown} item */
export function includes(items, item) {
  return Array.isArray(items) && items.includes(item);
}

/** @param {string} text @param {string} end */
export function endsWith(text, end) {
  return text.endsWith(end);
}

/** @param {string} text */
export function trim(text) {
  return text.trim();
}

/** @param {string} text */
export function upperFirst(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
