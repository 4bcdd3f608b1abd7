import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Principal, Refusal } from '../../emulator.ts';
import { idIn, idsOf } from '../../ids.ts';
import type { Key, ReadTransaction } from '../../store/store.ts';

/** Records, their keys, and how they are found. */

/** Whose things they are: a customer's, or the workspace's own. */
export interface Account {
  /** `user-98178`, or `workspace-1` for a workspace's own things. */
  readonly key: string;
  /** The id of the folder where things go that name none. */
  readonly home: number;
}

export interface Workspace {
  /** The id of its home folder. */
  readonly home: number;
  /** Values that replace the defaults. */
  readonly details?: Partial<Operations['getWorkspace']['answer']>;
}

export type ManagedUser = Operations['getManagedUser']['answer'] & {
  /** The id of the workspace whose customer it is. */
  readonly workspace: number;
  readonly home: number;
};

/** The listed fields, in their order, and what is never answered or only when it is asked for. */
export type Connection = Omit<Operations['listConnections']['answer']['result'][number], 'tags'> & {
  readonly tags: readonly string[] | null;
  readonly description: string | null;
  /** True if it belongs to a single end user and is listed only when that is asked for. */
  readonly runtime: boolean;
};

export type Folder = Operations['createFolder']['answer'];
export type Recipe = Operations['listRecipes']['answer']['result'][number];
export type Tag = Operations['createCustomerTag']['answer'];
/** The parameters of a connection: secret. */
export type Input = Readonly<Record<string, unknown>>;

/** Readings of what the reference leaves open; each row of the README says which. */
export interface Settings {
  /** The status of a rejection by active recipes. */
  readonly rejected_status: 400 | 409 | 422;
  /** True if credentials that fail when a connection is created leave it `failed`; otherwise it is refused with 400. */
  readonly failed_credentials: 'created' | 'refused';
  /** True if a connection needs a provider when it is created, as an older version of the page had it. */
  readonly provider_required: boolean;
}

const DEFAULTS: Settings = { rejected_status: 400, failed_credentials: 'created', provider_required: false };

export const settingsKey: Key = ['workato', 'settings'];
export const userKey = (id: number): Key => ['workato', 'users', id];
/** The customers of a workspace by id, so that a list is one range. */
export const memberKey = (workspace: number, id: number): Key => ['workato', 'members', workspace, id];
export const externalKey = (workspace: number, id: string): Key => ['workato', 'external', workspace, id];
export const workspaceKey = (id: number): Key => ['workato', 'workspaces', id];
export const connectionKey = (account: Account, id: number): Key => ['workato', 'connections', account.key, id];
export const inputKey = (id: number): Key => ['workato', 'inputs', id];
export const folderKey = (account: Account, id: number): Key => ['workato', 'folders', account.key, id];
export const recipeKey = (account: Account, id: number): Key => ['workato', 'recipes', account.key, id];
export const tagKey = (account: Account, handle: string): Key => ['workato', 'tags', account.key, handle];
export const recipeTagsKey = (id: number): Key => ['workato', 'recipe-tags', id];

export async function settingsIn(tx: ReadTransaction): Promise<Settings> {
  return { ...DEFAULTS, ...(await tx.get<Partial<Settings>>(settingsKey)) };
}

export const { freshId, take } = idsOf('workato');

/**
 * The customer at the path: its id, or `E` and its external id, of which exactly one `E` is taken away. The path was
 * decoded once, after it was routed.
 * @throws Refusal not-found, also for customers of another workspace
 */
export async function managedUserAt(
  written: string,
  { id: workspace }: Principal,
  tx: ReadTransaction,
): Promise<ManagedUser> {
  const user = await userWritten(written, workspace, tx);
  if (user?.workspace !== workspace) throw new Refusal('not-found', 'There is no such customer.');
  return user;
}

async function userWritten(written: string, workspace: number, tx: ReadTransaction): Promise<ManagedUser | undefined> {
  if (written.startsWith('E')) {
    const id = await tx.get<number>(externalKey(workspace, written.slice(1)));
    return id === undefined ? undefined : tx.get<ManagedUser>(userKey(id));
  }
  const id = idIn(written);
  return id === undefined ? undefined : tx.get<ManagedUser>(userKey(id));
}

/** A customer's account, as the path names it. */
export async function customerAt(
  { managed_user_id }: { readonly managed_user_id: string },
  principal: Principal,
  tx: ReadTransaction,
): Promise<Account> {
  return accountOf(await managedUserAt(managed_user_id, principal, tx));
}

export function accountOf({ id, home }: Pick<ManagedUser, 'id' | 'home'>): Account {
  return { key: `user-${id}`, home };
}

/** The account of the workspace's own things. */
export async function workspaceOf({ id }: Principal, tx: ReadTransaction): Promise<Account> {
  const workspace = await tx.get<Workspace>(workspaceKey(id));
  if (workspace === undefined) throw new Refusal('not-found', 'There is no such workspace.');
  return { key: `workspace-${id}`, home: workspace.home };
}

/** @throws Refusal not-found */
export async function connectionAt(account: Account, written: string, tx: ReadTransaction): Promise<Connection> {
  const id = idIn(written);
  const connection = id === undefined ? undefined : await tx.get<Connection>(connectionKey(account, id));
  if (connection === undefined) throw new Refusal('not-found', 'There is no such connection.');
  return connection;
}

export async function connectionsOf(account: Account, tx: ReadTransaction): Promise<Connection[]> {
  return (await tx.list<Connection>(['workato', 'connections', account.key])).map(({ value }) => value);
}

export async function recipesOf(account: Account, tx: ReadTransaction): Promise<Recipe[]> {
  return (await tx.list<Recipe>(['workato', 'recipes', account.key])).map(({ value }) => value);
}

/** Checks if an active recipe uses the connection. */
export async function isInUse(account: Account, { id }: Connection, tx: ReadTransaction): Promise<boolean> {
  const recipes = await recipesOf(account, tx);
  return recipes.some(({ running, config }) => running && config.some(({ account_id }) => account_id === id));
}

/** Workato's `page` and `per_page`. */
export function paged<Item>(
  items: readonly Item[],
  query: { readonly page?: string; readonly per_page?: string },
  size: number,
): Item[] {
  const per = Math.min(Math.max(1, Number(query.per_page ?? size)), 100);
  const page = Math.max(1, Number(query.page ?? 1));
  return items.slice((page - 1) * per, page * per);
}
