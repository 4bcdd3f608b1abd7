/** Something that was asked for and its answer, with the moments between which it was done, in milliseconds. */
export interface Operation<Asked> {
  readonly asked: Asked;
  /** JSON. */
  readonly answered: unknown;
  readonly begun: number;
  readonly ended: number;
}

/**
 * What one thing does when it is asked by one client alone. A state is JSON and is never changed: the one after an
 * operation is given, or undefined where the operation could not have had its answer.
 */
export interface Model<Asked, State> {
  readonly initial: State;
  after(state: State, operation: Pick<Operation<Asked>, 'asked' | 'answered'>): State | undefined;
}

/**
 * True if operations could have been done one after another, each at a moment between its beginning and its end, so that
 * each has the answer that the model gives then. That is more than to be serializable: who has been answered is before
 * who asks later. It tries all orders in which they may have been (Wing and Gong, 1993).
 */
export function isLinearizable<Asked, State>(
  history: readonly Operation<Asked>[],
  { initial, after }: Model<Asked, State>,
): boolean {
  const all = [...history].sort((one, other) => one.begun - other.begun);
  const seen = new Set<string>();
  const done = new Array<boolean>(all.length).fill(false);
  const search = (first: number, state: State): boolean => {
    let next = first;
    while (done[next]) next++;
    if (next === all.length) return true;
    const place = `${next} ${done.slice(next).map(Number).join('')} ${JSON.stringify(state)}`;
    if (seen.has(place)) return false;
    seen.add(place);
    let earliestEnd = Number.POSITIVE_INFINITY;
    for (let index = next; index < all.length; index++) {
      const { begun, ended } = all[index] as Operation<Asked>;
      if (begun > earliestEnd) break;
      if (!done[index]) earliestEnd = Math.min(earliestEnd, ended);
    }
    for (let index = next; index < all.length; index++) {
      const each = all[index] as Operation<Asked>;
      if (each.begun > earliestEnd) break;
      const later = done[index] ? undefined : after(state, each);
      if (later === undefined) continue;
      done[index] = true;
      if (search(next, later)) return true;
      done[index] = false;
    }
    return false;
  };
  return search(0, initial);
}
