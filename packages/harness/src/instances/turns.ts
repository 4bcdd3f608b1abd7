import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key, Store } from '../store/store.ts';

/** Milliseconds after which a process is taken to have ended that has not said so: longer than any run. */
const LEASE = 120_000;
const PAUSE = 100;

interface Turn {
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Runs something while no other process on the store runs anything of the same name: two that refresh at a time would
 * use one refresh token twice.
 */
export async function inTurn<T>(store: Store, name: string, work: () => Promise<T>): Promise<T> {
  if (!store.isShared) return work();
  const key: Key = ['instance-turns', name];
  const holder = randomUUID();
  const take = () =>
    store.write(async (tx) => {
      const held = await tx.get<Turn>(key);
      if (held !== undefined && held.until > Date.now()) return false;
      await tx.set(key, { holder, until: Date.now() + LEASE } satisfies Turn);
      return true;
    });
  while (!(await take())) await sleep(PAUSE);
  try {
    return await work();
  } finally {
    await store.write(async (tx) => {
      if ((await tx.get<Turn>(key))?.holder === holder) await tx.delete(key);
    });
  }
}
