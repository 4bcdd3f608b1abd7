import type { MakeOperations } from '@connectorkit/sdk';
import { Refusal } from '../../emulator.ts';
import type { Key, Reading } from '../../store/store.ts';

/** What is kept, under which keys, and how it is found. */

export type App = MakeOperations['getApp']['answer']['app'];

/** What is kept of a connection beside its sections. */
export interface Connection {
  readonly name: string;
  readonly label: string;
  readonly type: 'basic' | 'oauth';
  readonly app: string;
  /** Counts up within an app, so that lists keep the order of creation. */
  readonly number: number;
  readonly connectedSystemName: string | null;
}

export const appKey = (name: string): Key => ['make', 'apps', name];
export const connectionKey = (name: string): Key => ['make', 'connections', name];
export const sectionKey = (name: string, section: string): Key => ['make', 'sections', name, section];
export const commonKey = (name: string): Key => ['make', 'common', name];
export const memberKey = (app: string, number: number): Key => ['make', 'app-connections', app, number];
/** What Make's central registry has of a connection since it was last recreated. */
export const headquartersKey = (name: string): Key => ['make', 'hq', name];

/** @throws Refusal not-found */
export async function appNamed(name: string, tx: Reading): Promise<App> {
  const app = await tx.get<App>(appKey(name));
  if (app === undefined) throw new Refusal('not-found', `App not found '${name}'.`);
  return app;
}

/**
 * The app of that name and major version.
 * @throws Refusal not-found
 */
export async function appAt(path: MakeOperations['getApp']['path'], tx: Reading): Promise<App> {
  const app = await appNamed(path.SDK_appName, tx);
  if (app.version === Number(path.SDK_appVersion)) return app;
  throw new Refusal('not-found', `App not found '${app.name}' version '${path.SDK_appVersion}'.`);
}

/** @throws Refusal not-found */
export async function connectionNamed(name: string, tx: Reading): Promise<Connection> {
  const connection = await tx.get<Connection>(connectionKey(name));
  if (connection === undefined) throw new Refusal('not-found', `Connection not found '${name}'.`);
  return connection;
}

/** An app's connections in the order of their creation. */
export async function connectionsOf(app: string, tx: Reading): Promise<Connection[]> {
  const members = await tx.list<string>(['make', 'app-connections', app]);
  return Promise.all(members.map(({ value }) => connectionNamed(value, tx)));
}

/** Make's `pg[limit]` and `pg[offset]`. */
export function paged<Item>(items: readonly Item[], page: { limit?: string; offset?: string } = {}): Item[] {
  const offset = Number(page.offset ?? 0);
  return items.slice(offset, page.limit === undefined ? undefined : offset + Number(page.limit));
}
