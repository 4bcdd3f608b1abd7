import type { Diagnostic } from '@connectorkit/sdk/emulator';
import type { PushedConnection } from '../emulator.ts';
import { AGE } from '../settings.ts';
import type { ReadTransaction, WriteTransaction } from '../store/store.ts';
import type { ConnectionInstance } from './instances.ts';
import type { Taken } from './outside.ts';
import { ATTEMPTS, type InstancePlace, type InstanceRow, type InstanceTrace, keyOf } from './records.ts';

/** Milliseconds for which a browser is waited for. */
const PATIENCE = 600_000;
/** Attempts of a platform that failed and are still told of; the oldest are forgotten first. */
const REMEMBERED = 100;

/** A try to connect something that waits for a browser, or failed after one came back. */
export interface Attempt {
  /** Names it: an instance may have several, one after the other. */
  readonly name: string;
  /** As it is shown. */
  readonly instance: ConnectionInstance;
  /** Milliseconds since 1970, in real time. */
  readonly until: number;
  /** Of everything, when it began: what was put back meanwhile has another. */
  readonly age?: string | undefined;
  /** True if an instance is stored under its id, which holds until the attempt succeeds. */
  readonly isStored: boolean;
  /** True if a browser has come back for it. */
  readonly isTaken?: boolean;
  /** Of one that failed. */
  readonly trace?: InstanceTrace;
}

/** Data with which any process can go on when the browser has come back. It is secret. */
export interface Suspended {
  /** Where the browser was sent to. */
  readonly url: string;
  readonly origin: string;
  readonly redirectUri: string;
  readonly local: boolean;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The connection as it was pushed when the attempt began. */
  readonly pushed: PushedConnection;
  readonly taken: Taken;
  /** Of an instance that is new. */
  readonly row?: Omit<InstanceRow, 'shown'>;
}

/** When a browser that is sent away now must be back. */
export function deadline(): number {
  return Date.now() + PATIENCE;
}

/** Keeps an attempt in the place of a former one, and what it needs to go on. */
export async function suspend(place: InstancePlace, attempt: Attempt, state: Suspended, tx: WriteTransaction) {
  const key = keyOf(ATTEMPTS, place);
  await tx.set(key, { ...attempt, age: await tx.get<string>(AGE) } satisfies Attempt);
  await tx.setSecret(key, JSON.stringify(state));
}

/** The attempt of an instance; undefined when there is none, or everything was put back since. */
export async function attemptAt(place: InstancePlace, tx: ReadTransaction): Promise<Attempt | undefined> {
  const attempt = await tx.get<Attempt>(keyOf(ATTEMPTS, place));
  return attempt === undefined || attempt.age !== (await tx.get<string>(AGE)) ? undefined : asItIs(attempt);
}

export async function attemptsOf(platform: string, tx: ReadTransaction): Promise<readonly Attempt[]> {
  const age = await tx.get<string>(AGE);
  const rows = await tx.list<Attempt>([ATTEMPTS, platform]);
  return rows.map(({ value }) => value).flatMap((each) => (each.age === age ? [asItIs(each)] : []));
}

export async function suspendedAt(place: InstancePlace, tx: ReadTransaction): Promise<Suspended | undefined> {
  const text = await tx.getSecret<string>(keyOf(ATTEMPTS, place));
  return text === undefined ? undefined : JSON.parse(text);
}

/** Takes an attempt for a browser that came back, once. @returns whether it was still waited for */
export async function take(place: InstancePlace, name: string, tx: WriteTransaction): Promise<boolean> {
  const attempt = await attemptAt(place, tx);
  if (attempt?.name !== name || attempt.isTaken || attempt.instance.status !== 'waiting') return false;
  await tx.set(keyOf(ATTEMPTS, place), { ...attempt, isTaken: true } satisfies Attempt);
  return true;
}

/** Keeps why an attempt failed, for whoever asks. */
export async function fail(
  place: InstancePlace,
  attempt: Attempt,
  { problem, trace }: { readonly problem: Diagnostic; readonly trace: InstanceTrace },
  tx: WriteTransaction,
): Promise<void> {
  const key = keyOf(ATTEMPTS, place);
  await tx.delete(key);
  const instance: ConnectionInstance = { ...attempt.instance, status: 'failed', problem };
  await tx.set(key, { ...attempt, instance, trace } satisfies Attempt);
  const rows = await tx.list<Attempt>([ATTEMPTS, place.platform]);
  const failed = rows.filter(({ value }) => value.instance.status === 'failed');
  const oldestFirst = failed.sort((one, other) => one.value.until - other.value.until);
  for (const { key: old } of oldestFirst.slice(0, -REMEMBERED)) await tx.forget(old);
}

/** Forgets it. */
export async function dropAttempt(place: InstancePlace, tx: WriteTransaction): Promise<void> {
  await tx.delete(keyOf(ATTEMPTS, place));
}

/** One whose browser did not come back in time has failed, though nobody has written that down. */
function asItIs(attempt: Attempt): Attempt {
  const { instance, until } = attempt;
  if (instance.status !== 'waiting' || until >= Date.now()) return attempt;
  return { ...attempt, instance: { ...instance, status: 'failed', problem: NOT_BACK } };
}

const NOT_BACK: Diagnostic = {
  code: 'connect/no-callback',
  severity: 'error',
  message: `The browser did not return within ${PATIENCE / 60_000} minutes.`,
  hint: 'Connect again. If the provider shows an error, register the redirect URI with it.',
};
