import { isObject } from '@connectorkit/sdk/emulator';
import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Call, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { WriteTransaction } from '../../store/store.ts';
import { changed, type Happening, outcomeOf } from './lifecycle.ts';
import { type Provider, providerNamed, testCredentials, withoutSecrets } from './providers.ts';
import {
  type Account,
  type Connection,
  connectionKey,
  connectionsOf,
  folderKey,
  freshId,
  type Input,
  inputKey,
  isInUse,
  settingsIn,
} from './records.ts';

/** Changes of connections: customers' and the workspace's own. */

export type Payload = Operations['updateConnection']['body'] & { readonly description?: string | null };

/** Parts of a call that a change depends on. */
type ChangeContext = Pick<Call, 'now' | 'published'>;

/** @throws Refusal invalid */
export async function create(
  account: Account,
  payload: Payload,
  asked: ChangeContext,
  tx: WriteTransaction,
): Promise<Connection> {
  const settings = await settingsIn(tx);
  const provider = await providerWanted(payload.provider ?? null, asked, tx);
  if (provider === null && settings.provider_required) throw invalid('provider', "can't be blank");
  if (provider === null && payload.input !== undefined) throw new Refusal('invalid', 'Input needs a provider.');
  if (payload.name === '') throw invalid('name', "can't be blank");
  const at = asked.now.toISOString();
  const connection: Connection = {
    id: await freshId('connections', tx),
    name: payload.name ?? `${provider?.title ?? 'New'} ${provider === null ? 'connection' : 'account'}`,
    provider: provider?.name ?? null,
    authorized_at: null,
    authorization_status: null,
    authorization_error: null,
    created_at: at,
    updated_at: at,
    external_id: payload.external_id ?? null,
    folder_id: await folderWanted(account, payload.folder_id ?? account.home, tx),
    identity: null,
    connection_lost_at: null,
    connection_lost_reason: null,
    parent_id: null,
    tags: null,
    description: payload.description ?? null,
    runtime: false,
  };
  const parented = { ...connection, parent_id: await parentWanted(account, connection, payload.parent_id ?? null, tx) };
  const made = await connect(account, parented, provider, payload, asked, tx);
  const failed = made.authorization_status !== null && made.authorization_status !== 'success';
  if (failed && settings.failed_credentials === 'refused') throw new Refusal('invalid', 'The credentials failed.');
  return made;
}

/** Updates a connection; fields that are left out stay. @throws Refusal invalid */
export async function update(
  account: Account,
  before: Connection,
  payload: Payload,
  asked: ChangeContext,
  tx: WriteTransaction,
): Promise<Connection> {
  if (payload.name === '') throw invalid('name', "can't be blank");
  const provider = await providerWanted(providerAfter(before, payload), asked, tx);
  if (provider === null && payload.input !== undefined) throw new Refusal('invalid', 'Input needs a provider.');
  const { folder_id, parent_id } = payload;
  const after: Connection = {
    ...before,
    name: payload.name ?? before.name,
    provider: provider?.name ?? before.provider,
    external_id: payload.external_id === undefined ? before.external_id : payload.external_id,
    description: payload.description === undefined ? before.description : payload.description,
    folder_id: folder_id === undefined ? before.folder_id : await folderWanted(account, folder_id ?? account.home, tx),
    updated_at: asked.now.toISOString(),
  };
  const parent = parent_id === undefined ? before.parent_id : await parentWanted(account, after, parent_id, tx);
  return connect(account, { ...after, parent_id: parent }, provider, payload, asked, tx);
}

/** A provider is chosen once. @throws Refusal invalid */
function providerAfter({ provider: before }: Connection, { provider: asked }: Payload): string | null {
  if (asked === undefined || asked === before) return before;
  if (before === null) return asked;
  throw new Refusal('invalid', 'The provider of a connection cannot be changed.');
}

/**
 * Merges `input` into the stored parameters, tests them, and keeps the connection.
 * @param consent what the provider told of who agreed
 */
export async function connect(
  account: Account,
  connection: Connection,
  provider: Provider | null,
  { input, shell_connection: untested = false }: Pick<Payload, 'input' | 'shell_connection'>,
  { now }: Pick<ChangeContext, 'now'>,
  tx: WriteTransaction,
  consent?: Readonly<Record<string, string>>,
): Promise<Connection> {
  const key = connectionKey(account, connection.id);
  if (input === undefined || provider === null) {
    await tx.set(key, connection);
    return connection;
  }
  const merged = deepMerged((await tx.getSecret<Input>(inputKey(connection.id))) ?? {}, input);
  await tx.setSecret(inputKey(connection.id), merged);
  const verdict = untested ? undefined : await testCredentials(provider, merged, tx, consent);
  const after = verdict === undefined ? connection : happened(connection, verdict.happening, now, verdict.words);
  await tx.set(key, after);
  return after;
}

/** The connection after something that usage has no say in. */
function happened(connection: Connection, on: Happening, now: Date, words: string | null): Connection {
  const outcome = outcomeOf(connection.authorization_status, on, { inUse: false, force: false });
  return outcome.kind === 'changed' ? changed(connection, outcome.fields, now, words) : connection;
}

/** @throws Refusal rejected, when an active recipe uses the connection and `force` is not said */
export async function disconnect(
  account: Account,
  connection: Connection,
  force: boolean,
  { now, published }: ChangeContext,
  tx: WriteTransaction,
): Promise<void> {
  const inUse = await isInUse(account, connection, tx);
  const outcome = outcomeOf(connection.authorization_status, 'disconnect', { inUse, force });
  if (outcome.kind === 'rejected') throw await rejection('disconnect', tx);
  if (outcome.kind !== 'changed') return;
  await tx.set(connectionKey(account, connection.id), changed(connection, outcome.fields, now, null));
  const input = await tx.getSecret<Input>(inputKey(connection.id));
  if (input === undefined) return;
  const provider = await providerNamed(connection.provider ?? '', { published }, tx);
  await tx.setSecret(inputKey(connection.id), withoutSecrets(provider, input));
}

/** Its children stay, without a parent. @throws Refusal rejected, when an active recipe uses it */
export async function remove(account: Account, connection: Connection, tx: WriteTransaction): Promise<void> {
  const { id, authorization_status } = connection;
  const inUse = await isInUse(account, connection, tx);
  if (outcomeOf(authorization_status, 'delete', { inUse, force: false }).kind === 'rejected') {
    throw await rejection('delete', tx);
  }
  for (const each of await connectionsOf(account, tx)) {
    if (each.parent_id === id) await tx.set(connectionKey(account, each.id), { ...each, parent_id: null });
  }
  await tx.delete(connectionKey(account, id));
  await tx.delete(inputKey(id));
}

async function rejection(verb: 'disconnect' | 'delete', tx: WriteTransaction): Promise<Refusal> {
  const { rejected_status: status } = await settingsIn(tx);
  return new Refusal('rejected', `You can't ${verb} a connection used by active recipes`, { status });
}

async function providerWanted(
  name: string | null,
  asked: ChangeContext,
  tx: WriteTransaction,
): Promise<Provider | null> {
  if (name === null) return null;
  const provider = await providerNamed(name, asked, tx);
  if (provider === undefined) throw invalid('provider', 'is not included in the list');
  return provider;
}

async function folderWanted(account: Account, written: number | string, tx: WriteTransaction): Promise<number> {
  const id = idIn(written);
  if (id === undefined || (await tx.get(folderKey(account, id))) === undefined) {
    throw new Refusal('invalid', 'There is no such folder.');
  }
  return id;
}

/** A parent is of the same provider, and no descendant. */
async function parentWanted(
  account: Account,
  connection: Connection,
  written: number | string | null,
  tx: WriteTransaction,
): Promise<number | null> {
  if (written === null) return null;
  const id = idIn(written);
  const refusal = new Refusal('invalid', 'The parent must be another connection of the same provider.');
  for (let at: number | null | undefined = id; at !== null; ) {
    const ancestor: Connection | undefined =
      at === undefined ? undefined : await tx.get<Connection>(connectionKey(account, at));
    if (ancestor === undefined || ancestor.id === connection.id) throw refusal;
    if (ancestor.provider === null || ancestor.provider !== connection.provider) throw refusal;
    at = ancestor.parent_id;
  }
  return id ?? null;
}

function invalid(field: string, fault: string): Refusal {
  return new Refusal('invalid', `${field} ${fault}`, { fields: { [field]: [fault] } });
}

function deepMerged(before: Input, change: Input): Input {
  const merged = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(change)) {
    const old = merged.get(name);
    merged.set(name, isObject(old) && isObject(value) ? deepMerged(old, value) : value);
  }
  return Object.fromEntries(merged);
}
