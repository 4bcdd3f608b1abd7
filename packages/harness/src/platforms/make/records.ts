import type { Operations } from '@connectorkit/sdk/platforms/make';
import { Refusal } from '../../emulator.ts';
import type { Key, ReadTransaction } from '../../store/store.ts';

/** Records, their keys, and how they are found. */

/** All columns of an app but `changes`, which are rows of their own. */
export type App = Required<Omit<Operations['getApp']['answer']['app'], 'changes'>>;

/** Record of a connection, beside its sections: the last written state, committed or not. */
export interface Connection {
  readonly name: string;
  readonly label: string;
  readonly type: 'basic' | 'oauth';
  readonly app: string;
  /** Counts up within an app, so that lists keep the order of creation. */
  readonly number: number;
  readonly connectedSystemName: string | null;
  /** When it was deleted and is no longer there, ISO 8601; not set while nobody deleted it. */
  readonly gone?: string;
}

/** A module that uses connections. Modules are not emulated: uses come from the seed. */
export interface Use {
  readonly module: string;
  readonly connection: string;
  readonly alternative?: string;
}

export const appKey = (name: string): Key => ['make', 'apps', name];
export const appSectionKey = (name: string, section: string): Key => ['make', 'app-sections', name, section];
export const appCommonKey = (name: string): Key => ['make', 'app-common', name];
/** A PNG in base64. */
export const iconKey = (name: string): Key => ['make', 'icons', name];
export const docsKey = (name: string): Key => ['make', 'docs', name];
export const usesKey = (app: string): Key => ['make', 'uses', app];
export const CONNECTIONS: Key = ['make', 'connections'];
export const connectionKey = (name: string): Key => [...CONNECTIONS, name];
export const sectionsOf = (name: string): Key => ['make', 'sections', name];
export const sectionKey = (name: string, section: string): Key => [...sectionsOf(name), section];
/** When a section of a connection was written last, ISO 8601. */
export const pushedKey = (name: string): Key => ['make', 'pushed', name];
export const commonKey = (name: string): Key => ['make', 'common', name];
export const memberKey = (app: string, number: number): Key => ['make', 'app-connections', app, number];
/** The names of an app's connections that were deleted and were not swept up yet. */
export const goingOf = (app: string): Key => ['make', 'going', app];
export const goingKey = (app: string, number: number): Key => [...goingOf(app), number];
/** Key of Make's central registry of connections, as of the last recreation. */
export const headquartersKey = (name: string): Key => ['make', 'hq', name];

/** @throws Refusal not-found */
export async function appNamed(name: string, tx: ReadTransaction): Promise<App> {
  const app = await tx.get<App>(appKey(name));
  if (app === undefined) throw new Refusal('not-found', `App not found '${name}'.`);
  return app;
}

/**
 * The app of that name and major version.
 * @throws Refusal not-found
 */
export async function appAt(path: Operations['getApp']['path'], tx: ReadTransaction): Promise<App> {
  const app = await appNamed(path.SDK_appName, tx);
  if (app.version === Number(path.SDK_appVersion)) return app;
  throw new Refusal('not-found', `App not found '${app.name}' version '${path.SDK_appVersion}'.`);
}

/** @throws Refusal not-found */
export async function connectionNamed(name: string, now: Date, tx: ReadTransaction): Promise<Connection> {
  const connection = await tx.get<Connection>(connectionKey(name));
  if (connection === undefined || isGone(connection, now)) {
    throw new Refusal('not-found', `Connection not found '${name}'.`);
  }
  return connection;
}

/** An app's connections in the order of their creation, those that are gone left out. */
export async function connectionsOf(app: string, now: Date, tx: ReadTransaction): Promise<Connection[]> {
  return (await allConnectionsOf(app, tx)).filter((connection) => !isGone(connection, now));
}

/** The same with those that are gone and were not swept up yet. */
export async function allConnectionsOf(app: string, tx: ReadTransaction): Promise<Connection[]> {
  const members = await tx.list<string>(['make', 'app-connections', app]);
  const found = await Promise.all(members.map(({ value }) => tx.get<Connection>(connectionKey(value))));
  return found.filter((connection) => connection !== undefined);
}

export function isGone({ gone }: Connection, now: Date): boolean {
  return gone !== undefined && now >= new Date(gone);
}

interface Page {
  readonly sortBy?: string;
  readonly sortDir?: 'asc' | 'desc';
  readonly limit?: string;
  readonly offset?: string;
}

/** Make's `pg[sortBy]`, `pg[sortDir]`, `pg[limit]` and `pg[offset]`; what has no such field is left in its order. */
export function paged<Item extends object>(items: readonly Item[], page: Page = {}): Item[] {
  const { sortBy, sortDir = 'asc', limit, offset = '0' } = page;
  const sorted = [...items];
  if (sortBy !== undefined) sorted.sort((a, b) => compare(fieldOf(a, sortBy), fieldOf(b, sortBy)));
  if (sortDir === 'desc') sorted.reverse();
  const start = Number(offset);
  return sorted.slice(start, limit === undefined ? undefined : start + Number(limit));
}

function fieldOf(item: object, name: string): unknown {
  return Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [first, second] = [String(a), String(b)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
