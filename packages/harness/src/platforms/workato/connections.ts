import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { create, disconnect, remove, update } from './changes.ts';
import { fieldOf, type Provider, providerNamed } from './providers.ts';
import {
  type Account,
  type Connection,
  connectionAt,
  connectionsOf,
  customerAt,
  type Folder,
  folderKey,
} from './records.ts';

type Query = Operations['listConnections']['query'];
type Flat = Operations['createConnection']['answer'];
type Listed = Operations['listConnections']['answer']['result'][number];

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listConnections'
  | 'createConnection'
  | 'updateConnection'
  | 'disconnectConnection'
  | 'deleteConnection'
  | 'getConnectionInputSchema'
  | 'getConnectorInputSchema'
> = {
  listConnections: async ({ path, query, principal }, tx) => {
    const found = await connectionsFound(await customerAt(path, principal, tx), query, tx);
    return { body: { result: found.map((each) => listed(each, query)) } };
  },

  createConnection: async (call, tx) => {
    const account = await customerAt(call.path, call.principal, tx);
    return { body: flat(await create(account, call.body, call, tx)) };
  },

  updateConnection: async (call, tx) => {
    const account = await customerAt(call.path, call.principal, tx);
    const connection = await connectionAt(account, call.path.connection_id, tx);
    return { body: flat(await update(account, connection, call.body, call, tx)) };
  },

  disconnectConnection: async (call, tx) => {
    const account = await customerAt(call.path, call.principal, tx);
    const connection = await connectionAt(account, call.path.connection_id, tx);
    await disconnect(account, connection, isForced(call.query), call, tx);
    return { body: { result: { success: true, status: 'disconnected' } } };
  },

  // `force` is a parameter of disconnecting alone: here it is ignored.
  deleteConnection: async ({ path, principal }, tx) => {
    const account = await customerAt(path, principal, tx);
    await remove(account, await connectionAt(account, path.connection_id, tx), tx);
    return { body: { result: { success: true, status: 'deleted' } } };
  },

  getConnectionInputSchema: async ({ path, principal, published }, tx) => {
    const account = await customerAt(path, principal, tx);
    const { connection_id_or_adapter: asked } = path;
    const name = idIn(asked) === undefined ? asked : (await connectionAt(account, asked, tx)).provider;
    return { body: { result: fieldsOf(await providerNamed(name ?? '', { published }, tx)) } };
  },

  getConnectorInputSchema: async ({ path, principal, published }, tx) => {
    await customerAt(path, principal, tx);
    return { body: { result: fieldsOf(await providerNamed(path.connector_name, { published }, tx)) } };
  },
};

function fieldsOf(provider: Provider | undefined) {
  if (provider === undefined) throw new Refusal('not-found', 'There is no such connector.');
  return provider.parameters.map(fieldOf);
}

/** Only `true`, in whatever case. */
export function isForced({ force }: { readonly force?: string }): boolean {
  return force?.toLowerCase() === 'true';
}

/** Those that all filters let through, by ascending id. */
export async function connectionsFound(account: Account, query: Query, tx: ReadTransaction): Promise<Connection[]> {
  const found: Connection[] = [];
  for (const each of await connectionsOf(account, tx)) {
    const { provider, external_id, parent_id } = query;
    if (each.runtime && query.include_runtime_connections !== 'true') continue;
    if (provider !== undefined && each.provider !== provider) continue;
    if (external_id !== undefined && each.external_id !== external_id) continue;
    if (parent_id !== undefined && each.parent_id !== Number(parent_id)) continue;
    if (query.folder_id !== undefined && !(await isIn(account, each.folder_id, Number(query.folder_id), tx))) continue;
    found.push(each);
  }
  return found;
}

/** A folder holds what lies in it; a project, which is a folder on the top, also what lies in its folders. */
async function isIn(account: Account, folder: number, asked: number, tx: ReadTransaction): Promise<boolean> {
  if (folder === asked) return true;
  for (let id: number | null = folder; id !== null; ) {
    const at: Folder | undefined = await tx.get<Folder>(folderKey(account, id));
    if (at?.id === asked) return at.parent_id === account.home;
    id = at?.parent_id ?? null;
  }
  return false;
}

/** The fields of a list, in the order of the samples. */
function listed(connection: Connection, query: Query): Listed {
  const { tags, identity, connection_lost_at, connection_lost_reason, parent_id } = connection;
  return {
    ...authorized(connection),
    identity,
    connection_lost_at,
    connection_lost_reason,
    parent_id,
    ...(wantsTags(query) ? { tags: tags === null ? null : [...tags] } : {}),
  };
}

export function wantsTags(query: Query): boolean {
  return query['includes[]']?.includes('tags') ?? false;
}

/** Returns the answer of creating and updating: neither the identity nor tags, and never the parameters. */
function flat(connection: Connection): Flat {
  const { parent_id, connection_lost_at, connection_lost_reason } = connection;
  return { ...authorized(connection), parent_id, connection_lost_at, connection_lost_reason };
}

/** The fields that every answer begins with. */
function authorized({ id, name, provider, external_id, folder_id, created_at, updated_at, ...more }: Connection) {
  const { authorized_at, authorization_status, authorization_error } = more;
  const state = { authorized_at, authorization_status, authorization_error };
  return { id, name, provider, ...state, created_at, updated_at, external_id, folder_id };
}
