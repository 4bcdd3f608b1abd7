import { ConnectorError } from '@connectorkit/sdk/emulator';

/**
 * The parts of a key, in order; lists go by leading parts. A part is any string, which sorts by code points,
 * or a non-negative safe integer, which sorts by value and before every string. A key sorts before the keys
 * that it begins.
 */
export type Key = readonly (string | number)[];

export interface Entry<T> {
  readonly key: Key;
  readonly value: T;
}

export interface Page {
  /** Entries at most; all when absent. */
  readonly limit?: number;
  /** Entries left out at the start; 0 when absent. */
  readonly offset?: number;
  /** From the last key to the first; limit and offset count from the end then. */
  readonly reverse?: boolean;
}

/** Reading part of a transaction. Everything that it returns belongs to one moment. */
export interface ReadTransaction {
  get<T>(key: Key): Promise<T | undefined>;
  /** The entries whose key begins with all of `prefix` and has more parts, in key order. Secrets are not listed. */
  list<T>(prefix: Key, page?: Page): Promise<Entry<T>[]>;
  /** A value written with `setSecret`. */
  getSecret<T>(key: Key): Promise<T | undefined>;
  /** Names of the snapshots, sorted. */
  snapshots(): Promise<readonly string[]>;
  /** As `list`, of what a snapshot keeps; nothing when there is no snapshot of that name. */
  listKept<T>(snapshot: string, prefix: Key): Promise<Entry<T>[]>;
}

/** Writing part of a transaction; it sees its own changes. */
export interface WriteTransaction extends ReadTransaction {
  /** Any JSON value, kept as JSON.stringify writes it; a TypeError for what it does not write, such as undefined. */
  set(key: Key, value: unknown): Promise<void>;
  /** Like `set`, but encrypted at rest and bound to its key. A key's secret stands beside its value: neither replaces the other. */
  setSecret(key: Key, value: unknown): Promise<void>;
  /** Removes the key's value and secret; whether there was one. */
  delete(key: Key): Promise<boolean>;
  /** Removes them without a look whether there were any, which would cost a round trip. */
  forget(key: Key): Promise<void>;
  /** Removes the values and secrets of the prefix itself and of all keys below it; how many there were. */
  deleteAll(prefix: Key): Promise<number>;
  /**
   * The next number of a counter, from 1. Counters stand apart from values and are not deleted with them, so that no
   * number is given to two transactions that both succeed; only `clear` and `restore` turn them back.
   */
  next(counter: Key): Promise<number>;
  /** Removes everything but the snapshots and what stands apart, counters included. */
  clear(): Promise<void>;
  /** Keeps everything as it is now, but for what stands apart, under a name; a snapshot of that name is replaced. */
  keep(snapshot: string): Promise<void>;
  /** Puts everything back to a snapshot, counters included; whether there is one of that name. */
  restore(snapshot: string): Promise<boolean>;
  /** Removes a snapshot; whether there was one of that name. */
  drop(snapshot: string): Promise<boolean>;
}

/**
 * Transactions over keys and JSON values. `fn` may touch nothing but its transaction: a store that finds two of
 * them in each other's way rolls one back and runs its `fn` again.
 *
 * A transaction must not be begun and awaited inside another one. The inner one would wait for the outer one for
 * ever; the store notices after some seconds and rejects those that wait.
 */
export interface Store {
  /** True if other processes may use it at the same time. */
  readonly isShared: boolean;
  read<T>(fn: (tx: ReadTransaction) => Promise<T>): Promise<T>;
  /** All or nothing: what `fn` throws rolls back and is passed on. What was answered survives the end of the process. */
  write<T>(fn: (tx: WriteTransaction) => Promise<T>): Promise<T>;
  /**
   * A store of its own in the same place: it sees nothing of the others, snapshots and counters included. Closed with the
   * store itself.
   * @param name letters, digits, dots, hyphens and underscores
   * @param onSecret told of every secret that is written or read there
   */
  space(name: string, onSecret?: (value: unknown) => void): Store;
  /** Removes all that stands in a space, which nobody may use any more: its name is not to be given again. */
  removeSpace(name: string): Promise<void>;
  /** Its size, without what is stored apart: rows of all kinds, those of snapshots included, and bytes of their values. */
  usage(): Promise<StoreUsage>;
  /** How it has done so far; absent where there is nothing to tell. */
  figures?(): StoreFigures;
  /** Waits for the transactions under way; later ones are rejected. */
  close(): Promise<void>;
}

/** Size of a store's contents. */
export interface StoreUsage {
  readonly rows: number;
  readonly bytes: number;
}

/** Figures of a store on a server, with all its spaces, in this process. */
export interface StoreFigures {
  /** Connections to the server now: in use, not in use, and the transactions that wait for one. */
  readonly connections: { readonly active: number; readonly idle: number; readonly waiting: number };
  /** Times that something was tried again because the server could not be reached. */
  readonly retries: number;
  /** Times that transactions were begun anew because others had written meanwhile. */
  readonly conflicts: number;
}

export interface StoreOptions {
  /** Secrets are encrypted with a key made from this text. Without it, from a key file beside the store. */
  readonly key?: string;
  /** NORMAL survives the end of the process, FULL a power failure as well; writes are then much slower. */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /** Rows below this key, and its counter, are neither cleared nor kept in snapshots nor put back. */
  readonly apart?: Key;
  /** Told of every secret that is written or read. */
  readonly onSecret?: (value: unknown) => void;
}

/** True if a store cannot be used now, for a reason that its `message` names. */
export function isStoreFault(problem: unknown): problem is ConnectorError {
  return problem instanceof ConnectorError && problem.diagnostics[0]?.code === 'harness/store';
}

const HINT = 'Name another file with --store, or move this one away.';

/** Why a store cannot be used, for a reason that the user can correct. */
export function refusal(message: string, { hint = HINT, cause }: { hint?: string; cause?: unknown } = {}) {
  return new ConnectorError('usage', { code: 'harness/store', message, hint }, { cause });
}
