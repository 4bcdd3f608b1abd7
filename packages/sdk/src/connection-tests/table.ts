import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';

/** Place for a value of a table. */
const COLUMN = /\$\{(\w+)\}/g;
const ALONE = /^\$\{(\w+)\}$/;

/**
 * Returns the value with those of a row in the places of `${column}`: a text that is only this becomes the value as it is, in
 * any other its text stands among the rest. What the row has no column for stays.
 */
export function inRow(value: unknown, row: JSONObject): unknown {
  if (typeof value === 'string') {
    const [, only = ''] = ALONE.exec(value) ?? [];
    if (Object.hasOwn(row, only)) return row[only];
    return value.replace(COLUMN, (all, name: string) => asText(lookUp(row, name)) ?? all);
  }
  if (Array.isArray(value)) return value.map((item) => inRow(item, row));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inRow(each, row)]));
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Returns the columns that a value names and the row does not have, each where it is named first. */
export function unknownColumns(value: unknown, row: JSONObject): { readonly name: string; readonly path: Path }[] {
  const found = new Map<string, Path>();
  const look = (each: unknown, path: Path) => {
    if (typeof each === 'string') {
      for (const [, name = ''] of each.matchAll(COLUMN)) {
        if (!Object.hasOwn(row, name) && !found.has(name)) found.set(name, path);
      }
    }
    if (Array.isArray(each)) for (const [index, item] of each.entries()) look(item, [...path, index]);
    if (isObject(each)) for (const [key, item] of Object.entries(each)) look(item, [...path, key]);
  };
  look(value, []);
  return [...found].map(([name, path]) => ({ name, path }));
}
