import type { Operation } from '@connectorkit/sdk/emulator';
import { type Emulator, type Principal, Refusal } from './emulator.ts';
import type { Key, ReadTransaction, Store } from './store/store.ts';

/** Where the requests of the current minute are counted, for every process on a store. */
export const COUNTED: Key = ['harness', 'requests'];

const MINUTE = 60_000;

/** A request that a limit concerns. */
interface Counted {
  readonly emulator: Emulator;
  readonly operation: Operation;
  readonly principal: Principal;
  readonly at: Date;
}

/** Thrown into a transaction whose request has to be counted before: the count stays whatever becomes of the request. */
export class Uncounted extends Error {
  readonly key: Key;
  readonly perMinute: number;
  readonly at: Date;

  constructor(key: Key, perMinute: number, at: Date) {
    super('the request has to be counted');
    this.key = key;
    this.perMinute = perMinute;
    this.at = at;
  }
}

/**
 * Looks whether a limit concerns a request.
 * @param asked true if the harness was started with rate limits
 * @throws Uncounted if one does
 */
export async function refuseUncounted(
  { emulator, operation, principal, at }: Counted,
  asked: boolean,
  tx: ReadTransaction,
): Promise<void> {
  const { name, perMinute } = (await emulator.limit?.(operation, asked, tx)) ?? {};
  if (name === undefined || perMinute === undefined) return;
  throw new Uncounted([...COUNTED, emulator.platform.name, String(principal.id), name], perMinute, at);
}

/** Counts a request by the minute of the clock. @throws Refusal too-many */
export async function count({ key, perMinute, at }: Uncounted, store: Store): Promise<void> {
  const minute = Math.floor(at.getTime() / MINUTE);
  const requests = await store.write(async (tx) => {
    const before = await tx.get<{ minute: number; requests: number }>(key);
    const after = before?.minute === minute ? before.requests + 1 : 1;
    await tx.set(key, { minute, requests: after });
    return after;
  });
  if (requests <= perMinute) return;
  const seconds = Math.ceil(((minute + 1) * MINUTE - at.getTime()) / 1000);
  const headers = { 'retry-after': String(seconds) };
  throw new Refusal('too-many', `More than ${perMinute} requests in a minute.`, { headers });
}
