import { nearest } from '../diagnostics.ts';
import type { JSONObject } from '../json.ts';

/** Checks if an expression may add properties that nobody can know here. */
export function hasSpread(value: object): boolean {
  return Object.keys(value).some((name) => name.includes('{{'));
}

/**
 * Checks if the property is not there, in any spelling: a misspelt one is told by the schema, and what an expression
 * adds nobody can know.
 */
export function lacks(value: JSONObject, name: string): boolean {
  if (value[name] !== undefined) return false;
  for (const key of Object.keys(value)) if (key !== name && (key.includes('{{') || isLike(key, name))) return false;
  return true;
}

/** Checks if the one may be the other, misspelt. Most names are told apart by their length. */
function isLike(key: string, name: string): boolean {
  const limit = Math.max(1, Math.floor(key.length / 3));
  return Math.abs(key.length - name.length) <= limit && nearest(key, [name]) !== undefined;
}
