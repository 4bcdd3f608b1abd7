import { diffArrays } from 'diff';
import { isObject } from './json.ts';

/** How one list became another. */
export interface Alignment {
  /** For each item of the new list the index of the item that it was; undefined for a new one. */
  readonly from: readonly (number | undefined)[];
  /** True if items that are in both stand in another order. */
  readonly moved: boolean;
}

/** Differing items up to which it is worked out what became of each. */
const MOST = 2000;

/**
 * Works out which items of a list are the same in another one. Objects are the same that have the same `name`, or else
 * the same `value`, as the fields and the options of a form; other items are the same when they are equal. Where as many
 * items came as went between two that stayed, they are taken for changed in place.
 * @returns undefined when too many items differ
 */
export function alignLists(before: readonly unknown[], after: readonly unknown[]): Alignment | undefined {
  const [was, is] = [before.map(identityOf), after.map(identityOf)];
  const chunks = diffArrays(was, is, { maxEditLength: MOST });
  if (chunks === undefined) return undefined;
  let index = 0;
  const from = chunks.flatMap(({ added, removed, count }) => {
    const same = Array.from({ length: count }, (_, offset) => (added ? undefined : index + offset));
    if (!added) index += count;
    return removed ? [] : same;
  });
  const matched = new Set(from);
  const left = new Map<string, number[]>();
  for (const [each, id] of was.entries()) if (!matched.has(each)) left.set(id, [...(left.get(id) ?? []), each]);
  if (!is.some((id, at) => from[at] === undefined && left.has(id))) {
    return { from: withChangedInPlace(from, before.length), moved: false };
  }
  return { from: from.map((each, at) => each ?? left.get(is[at] ?? '')?.shift()), moved: true };
}

function identityOf(item: unknown): string {
  const key = isObject(item) ? ['name', 'value'].find((each) => typeof item[each] === 'string') : undefined;
  return JSON.stringify(isObject(item) && key !== undefined ? { [key]: item[key] } : item);
}

/** Takes new items for changed ones where as many came as went. */
function withChangedInPlace(from: readonly (number | undefined)[], count: number): (number | undefined)[] {
  const result = [...from];
  for (let start = 0; start < from.length; start++) {
    if (from[start] !== undefined) continue;
    const next = from.findIndex((each, at) => at > start && each !== undefined);
    const end = next < 0 ? from.length : next;
    const first = (from[start - 1] ?? -1) + 1;
    if ((from[end] ?? count) - first === end - start) {
      for (let at = start; at < end; at++) result[at] = first + at - start;
    }
    start = end;
  }
  return result;
}
