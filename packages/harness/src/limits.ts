import type { Operation } from '@connectorkit/sdk/emulator';
import { type Emulator, type Principal, Refusal } from './emulator.ts';
import type { ReadTransaction } from './store/store.ts';

interface Counted {
  readonly emulator: Emulator;
  readonly operation: Operation;
  readonly principal: Principal;
  readonly at: Date;
}

export type Counter = (counted: Counted, tx: ReadTransaction) => Promise<void>;

/** Requests counted in a minute, by counter. */
export type Windows = Map<string, { minute: number; requests: number }>;

const MINUTE = 60_000;

/**
 * Counts requests by the minute of the clock; what was counted stands in `windows`, and nowhere else.
 * `asked` says whether the harness was started with rate limits. What it gives throws Refusal too-many.
 */
export function counter(windows: Windows, asked: boolean): Counter {
  return async ({ emulator, operation, principal, at }, tx) => {
    const { name, perMinute } = (await emulator.limit?.(operation, asked, tx)) ?? {};
    if (name === undefined || perMinute === undefined) return;
    const key = `${emulator.platform.name} ${principal.id} ${name}`;
    const minute = Math.floor(at.getTime() / MINUTE);
    const before = windows.get(key);
    const requests = before?.minute === minute ? before.requests + 1 : 1;
    windows.set(key, { minute, requests });
    if (requests <= perMinute) return;
    const seconds = Math.ceil(((minute + 1) * MINUTE - at.getTime()) / 1000);
    const headers = { 'retry-after': String(seconds) };
    throw new Refusal('too-many', `More than ${perMinute} requests in a minute.`, { headers });
  };
}
