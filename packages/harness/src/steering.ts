import type { ClockSetting } from './clock.ts';
import type { Fault } from './faults.ts';
import type { Key, Store } from './store/store.ts';

/** What was set for every process on a store. One row, because each request looks at it. */
export interface Steering {
  readonly clock?: ClockSetting;
  readonly faults?: readonly Fault[];
}

/** Where it is kept. */
export const STEERING: Key = ['harness', 'steering'];

/** Changes what is set, and gives what `change` makes besides. */
export function steer<Given>(
  store: Store,
  change: (before: Steering) => { readonly after: Steering; readonly given: Given },
): Promise<Given> {
  return store.write(async (tx) => {
    const { after, given } = change((await tx.get<Steering>(STEERING)) ?? {});
    await tx.set(STEERING, after);
    return given;
  });
}

export async function steering(store: Store): Promise<Steering> {
  return (await store.read((tx) => tx.get<Steering>(STEERING))) ?? {};
}
