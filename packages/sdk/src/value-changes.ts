import { isDeepStrictEqual } from 'node:util';
import type { Path } from './diagnostics.ts';
import { isObject } from './json.ts';
import { alignLists } from './list-alignment.ts';

/** One value that is not the same in two JSON values. */
export interface ValueChange {
  readonly path: Path;
  /** Undefined when there was none. */
  readonly before: unknown;
  /** Undefined when it is gone. */
  readonly after: unknown;
}

/**
 * Returns the changes that lead from one JSON value to the other, at the deepest places that describe them. A list whose items are not the same
 * ones at the same places is one value.
 */
export function valueChanges(before: unknown, after: unknown, path: Path = []): ValueChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const stay = alignLists(before, after)?.from.every((from, index) => from === index) ?? false;
    if (!stay) return [{ path, before, after }];
    return before.flatMap((item, index) => valueChanges(item, after[index], [...path, index]));
  }
  if (!isObject(before) || !isObject(after)) return [{ path, before, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => valueChanges(own(before, key), own(after, key), [...path, key]));
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The JSON value after the changes, none of which leads through another. */
export function withChanges(value: unknown, changes: readonly ValueChange[]): unknown {
  const [first] = changes;
  if (first === undefined) return value;
  if (first.path.length === 0) return first.after;
  const steps = new Map<string | number, ValueChange[]>();
  for (const change of changes) {
    const [step = '', ...path] = change.path;
    const known = steps.get(step);
    if (known === undefined) steps.set(step, [{ ...change, path }]);
    else known.push({ ...change, path });
  }
  if (Array.isArray(value)) return value.map((item, index) => withChanges(item, steps.get(index) ?? []));
  const members = Object.entries(isObject(value) ? value : {}).filter(([key]) => !steps.has(key));
  const changed = [...steps].map(([step, each]) => [
    step,
    withChanges(isObject(value) ? own(value, String(step)) : undefined, each),
  ]);
  return Object.fromEntries([...members, ...changed].filter(([, each]) => each !== undefined));
}

/** A path as people write it: `token.headers[0]`, `["odd key"]`, and `the whole` for the root. */
export function pathWords(path: Path): string {
  if (path.length === 0) return 'the whole';
  const words = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return words.join('').replace(/^\./, '');
}
