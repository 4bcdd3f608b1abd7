import { workato as platform } from '@connectorkit/sdk/platforms/workato';
import { type OwnRequest, requestFor } from '../../access/queue.ts';
import type { ConnectionState, Customer, CustomerConnection, Customers } from '../../customers/customers.ts';
import { Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { changed, outcomeOf } from './lifecycle.ts';
import {
  accountOf,
  type Connection,
  connectionAt,
  connectionKey,
  connectionsOf,
  isInUse,
  type ManagedUser,
  userKey,
} from './records.ts';

/** How an action is asked for; `force` disconnects what active recipes use. */
const REQUESTS: Readonly<Record<string, { readonly operation: string; readonly query?: string }>> = {
  disconnect: { operation: 'disconnectConnection' },
  'force-disconnect': { operation: 'disconnectConnection', query: '?force=true' },
  delete: { operation: 'deleteConnection' },
};

export const customers: Customers = {
  list: async (tx) => {
    const found: Customer[] = [];
    for (const { value } of await tx.list<ManagedUser>(['workato', 'users'])) {
      const counts = { connected: 0, disconnected: 0, failed: 0, lost: 0 };
      for (const each of await connectionsOf(accountOf(value), tx)) counts[stateOf(each)] += 1;
      found.push({ id: String(value.id), externalId: value.external_id, name: value.name ?? '', connections: counts });
    }
    return found;
  },

  connections: async (customer, tx) => {
    const user = await userAt(customer, tx);
    if (user === undefined) return undefined;
    const account = accountOf(user);
    const all = await connectionsOf(account, tx);
    return Promise.all(all.map(async (each) => told(each, await isInUse(account, each, tx))));
  },

  request: (customer, connection, action): OwnRequest | undefined => {
    const found = Object.entries(REQUESTS).find(([name]) => name === action)?.[1];
    if (found === undefined) return undefined;
    const path = { managed_user_id: customer, connection_id: connection };
    const asked = requestFor(platform.contract, found.operation, path);
    return { ...asked, url: `${asked.url}${found.query ?? ''}` };
  },

  lose: async (customer, written, reason, now, tx) => {
    const user = await userAt(customer, tx);
    if (user === undefined) throw new Refusal('not-found', 'There is no such customer.');
    const account = accountOf(user);
    const connection = await connectionAt(account, written, tx);
    const outcome = outcomeOf(connection.authorization_status, 'lost', { inUse: false, force: false });
    if (outcome.kind !== 'changed') throw new Refusal('rejected', 'Only a connection that is connected can be lost.');
    await tx.set(connectionKey(account, connection.id), changed(connection, outcome.fields, now, reason));
  },
};

async function userAt(customer: string, tx: ReadTransaction): Promise<ManagedUser | undefined> {
  const id = idIn(customer);
  return id === undefined ? undefined : tx.get<ManagedUser>(userKey(id));
}

function stateOf({ authorization_status, connection_lost_at }: Connection): ConnectionState {
  if (authorization_status === null) return 'disconnected';
  if (authorization_status !== 'success') return 'failed';
  return connection_lost_at === null ? 'connected' : 'lost';
}

function told(connection: Connection, inUse: boolean): CustomerConnection {
  const { id, name, provider, identity, external_id, authorized_at, updated_at } = connection;
  const state = stateOf(connection);
  const lost = { at: connection.connection_lost_at, reason: connection.connection_lost_reason };
  return {
    id: String(id),
    name,
    provider,
    state,
    since: { connected: authorized_at, disconnected: null, failed: updated_at, lost: lost.at }[state],
    reason: state === 'lost' ? lost.reason : (connection.authorization_error ?? null),
    identity: identity ?? null,
    externalId: external_id,
    inUse,
    actions: actionsOf(connection, state, inUse),
  };
}

/** Actions whose outcome, by the table, is a change. */
function actionsOf({ authorization_status: status }: Connection, state: ConnectionState, inUse: boolean): string[] {
  const kind = (on: 'disconnect' | 'delete' | 'lost', force = false) => outcomeOf(status, on, { inUse, force }).kind;
  return [
    ...(kind('disconnect') === 'changed' ? ['disconnect'] : []),
    ...(kind('disconnect') === 'rejected' && kind('disconnect', true) === 'changed' ? ['force-disconnect'] : []),
    ...(kind('delete') === 'absent' ? ['delete'] : []),
    ...(state !== 'lost' && kind('lost') === 'changed' ? ['lose'] : []),
  ];
}
