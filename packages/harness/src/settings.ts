import type { ClockSetting } from './clock.ts';
import type { Fault } from './faults.ts';
import type { Key, Store } from './store/store.ts';

/** Settings of every process on a store. One row, because each request reads it. */
export interface Settings {
  readonly clock?: ClockSetting;
  readonly faults?: readonly Fault[];
}

/** Where it is kept. */
export const SETTINGS: Key = ['harness', 'settings'];

/**
 * Names the state of everything, and of what the provider reads once: a new name whenever it is put back, or seeded. So
 * every process on a store notices that what it knows or runs is of before.
 */
export const AGE: Key = ['harness', 'age'];
export const PROVIDER_AGE: Key = ['harness', 'provider-age'];

/** Changes what is set, and gives what `change` makes besides. */
export function changeSettings<Given>(
  store: Store,
  change: (before: Settings) => { readonly after: Settings; readonly given: Given },
): Promise<Given> {
  return store.write(async (tx) => {
    const { after, given } = change((await tx.get<Settings>(SETTINGS)) ?? {});
    await tx.set(SETTINGS, after);
    return given;
  });
}

export async function settings(store: Store): Promise<Settings> {
  return (await store.read((tx) => tx.get<Settings>(SETTINGS))) ?? {};
}
