/** A read or a write of one value, with the moments between which it was done. */
export interface Operation {
  readonly kind: 'read' | 'write';
  readonly value: string;
  readonly begun: number;
  readonly ended: number;
}

/**
 * True if operations could have been done one after another, each at a moment between its beginning and its end, so that
 * each read gives what was written last. It tries all orders in which they may have been (Wing and Gong, 1993).
 */
export function isLinearizable(history: readonly Operation[], initial: string): boolean {
  const all = [...history].sort((one, other) => one.begun - other.begun);
  const seen = new Set<string>();
  const done = new Array<boolean>(all.length).fill(false);
  const search = (left: number, value: string): boolean => {
    if (left === 0) return true;
    const state = `${value} ${done.map(Number).join('')}`;
    if (seen.has(state)) return false;
    seen.add(state);
    let earliestEnd = Number.POSITIVE_INFINITY;
    for (const [index, each] of all.entries()) if (!done[index]) earliestEnd = Math.min(earliestEnd, each.ended);
    for (const [index, each] of all.entries()) {
      if (each.begun > earliestEnd) break;
      if (done[index] || (each.kind === 'read' && each.value !== value)) continue;
      done[index] = true;
      if (search(left - 1, each.value)) return true;
      done[index] = false;
    }
    return false;
  };
  return search(all.length, initial);
}
