import type { Diagnostic } from '@connectorkit/sdk/emulator';
import type { Instance, Trace } from '@connectorkit/sdk/runtime';
import type { Key, ReadTransaction, WriteTransaction } from '../store/store.ts';

/** Trace of a run, with the version of the sections that were run. */
export interface InstanceTrace extends Trace {
  /** Names the texts of the sections that were run: the same texts have the same version. */
  readonly version: string;
}

/** The part of an instance that is kept in the clear. */
export interface InstanceRow {
  readonly id: string;
  readonly app: string;
  readonly connection: string;
  readonly name: string;
  readonly local: boolean;
  readonly created: string;
  readonly changed: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Without secrets. */
  readonly shown: Instance;
  /** Of the sections that were run last. */
  readonly version: string;
  /** Reason for which the last run failed. */
  readonly problem?: Diagnostic;
}

/** The part of an instance that is kept encrypted. */
export interface InstanceSecret {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly instance: Instance;
}

/** All that is kept. */
export interface StoredInstance {
  readonly row: InstanceRow;
  readonly secret: InstanceSecret;
}

/** Place of an instance in the store: its connection, and its number there. */
export interface InstancePlace {
  readonly platform: string;
  /** Name of the connection on the platform. */
  readonly connection: string;
  readonly number: number;
}

const ROWS = 'instances';
const TRACES = 'instance-traces';
/** Of attempts that wait for a browser, or failed. */
export const ATTEMPTS = 'instance-attempts';

export const keyOf = (kind: string, { platform, connection, number }: InstancePlace): Key => [
  kind,
  platform,
  connection,
  number,
];

/** The id of an instance: the name of its connection, and a number. */
export function idOf({ connection, number }: Pick<InstancePlace, 'connection' | 'number'>): string {
  return `${connection}-${number}`;
}

/** The place that an id names; undefined when it is none. */
export function placeOf(platform: string, id: string): InstancePlace | undefined {
  const [, connection, number] = /^(.+)-([1-9]\d{0,14})$/.exec(id) ?? [];
  return connection === undefined ? undefined : { platform, connection, number: Number(number) };
}

/** A place that nothing was ever kept at. */
export async function freshPlace(platform: string, connection: string, tx: WriteTransaction): Promise<InstancePlace> {
  return { platform, connection, number: await tx.next([ROWS, platform, connection]) };
}

/** The rows of a platform's instances, or of those of one connection. */
export async function rowsOf(
  platform: string,
  connection: string | undefined,
  tx: ReadTransaction,
): Promise<InstanceRow[]> {
  const entries = await tx.list<InstanceRow>([ROWS, platform, ...(connection === undefined ? [] : [connection])]);
  return entries.map(({ value }) => value);
}

export function rowAt(place: InstancePlace, tx: ReadTransaction): Promise<InstanceRow | undefined> {
  return tx.get(keyOf(ROWS, place));
}

export async function storedAt(place: InstancePlace, tx: ReadTransaction): Promise<StoredInstance | undefined> {
  const row = await rowAt(place, tx);
  const secret = await tx.getSecret<string>(keyOf(ROWS, place));
  return row === undefined || secret === undefined ? undefined : { row, secret: JSON.parse(secret) };
}

export function traceAt(place: InstancePlace, tx: ReadTransaction): Promise<InstanceTrace | undefined> {
  return tx.get(keyOf(TRACES, place));
}

/** Keeps a trace, and what is given of the rest. */
export async function keep(
  place: InstancePlace,
  { row, secret, trace }: { row: InstanceRow; secret?: InstanceSecret; trace: InstanceTrace },
  tx: WriteTransaction,
): Promise<void> {
  await tx.set(keyOf(ROWS, place), row);
  // One text: not every word that is filled in is a secret, and the journal is told otherwise which are.
  if (secret !== undefined) await tx.setSecret(keyOf(ROWS, place), JSON.stringify(secret));
  await tx.set(keyOf(TRACES, place), trace);
}

/** Deletes an instance; returns whether there was one. */
export async function forgetInstance(place: InstancePlace, tx: WriteTransaction): Promise<boolean> {
  await tx.delete(keyOf(TRACES, place));
  return tx.delete(keyOf(ROWS, place));
}

/** Deletes the instances of a connection that is deleted: its name may be given to another one. */
export async function forgetInstances(platform: string, connection: string, tx: WriteTransaction): Promise<void> {
  await tx.deleteAll([ROWS, platform, connection]);
  await tx.deleteAll([TRACES, platform, connection]);
  await tx.deleteAll([ATTEMPTS, platform, connection]);
}
