import { createPublicKey } from 'node:crypto';
import type { WorkatoSeed } from '#generated/seeds.js';
import { Refusal } from '../../emulator.ts';
import type { SeedReference } from '../../seed.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { admit, linkKey } from './credentials.ts';
import { addHome } from './folders.ts';
import { keep } from './managed-users.ts';
import { credentialsKey, providerKey } from './providers.ts';
import {
  type Account,
  accountOf,
  type Connection,
  connectionKey,
  type Folder,
  folderKey,
  freshId,
  inputKey,
  type ManagedUser,
  recipeKey,
  settingsKey,
  tagKey,
  take,
  userKey,
  type Workspace,
  workspaceKey,
  workspaceOf,
} from './records.ts';

type SeededAccount = Omit<NonNullable<WorkatoSeed['workspace']>, 'details'>;
type SeededUser = NonNullable<WorkatoSeed['managed_users']>[number];

const BEGINNING = '2026-01-01T00:00:00.000Z';
const OWN_WORKSPACE = 1;

const WORKSPACE = {
  what: 'workspace',
  keys: (id: number) => [workspaceKey(id)],
  among: [['tokens', '*', 'workspace']],
};

export const references: readonly SeedReference[] = [
  { path: ['managed_users', '*', 'workspace'], ...WORKSPACE },
  { path: ['link_keys', '*', 'workspace'], ...WORKSPACE },
  ...[
    ['folders', '*', 'parent_id'],
    ['connections', '*', 'folder_id'],
    ['recipes', '*', 'folder_id'],
  ].flatMap((path): SeedReference[] => [
    {
      path: ['managed_users', '*', ...path],
      what: 'folder',
      keys: (id, [, , user]: readonly SeededUser[]) => [folderKey({ key: `user-${user?.id}`, home: 0 }, id)],
      among: [['managed_users', '*', 'folders', '*', 'id']],
    },
    {
      path: ['workspace', ...path],
      what: 'folder',
      keys: (id) => [folderKey({ key: `workspace-${OWN_WORKSPACE}`, home: 0 }, id)],
      among: [['workspace', 'folders', '*', 'id']],
    },
  ]),
];

export async function seed(tx: WriteTransaction, given: WorkatoSeed): Promise<void> {
  const { settings, tokens = [], link_keys = {}, providers = [], ...more } = given;
  if (settings !== undefined) await tx.set(settingsKey, settings);
  for (const { token, workspace = OWN_WORKSPACE, privileges = ['oem_vendor'] } of tokens) {
    await admit(tx, token, privileges, workspace);
  }
  for (const [apiKey, key] of Object.entries(link_keys)) {
    if (!isPublicKey(key.public_key)) throw new Refusal('invalid', `The public key of ${apiKey} is not a key in PEM.`);
    await tx.set(linkKey(apiKey), key);
  }
  for (const provider of providers) await tx.set(providerKey(provider.name), provider);
  for (const [name, accepted] of Object.entries(more.credentials ?? {})) {
    await tx.setSecret(credentialsKey(name), accepted);
  }
  for (const user of more.managed_users ?? []) await seedUser(user, tx);
  if (more.workspace !== undefined) {
    const { details, ...things } = more.workspace;
    const account = await workspaceOf({ id: OWN_WORKSPACE, scopes: [] }, tx);
    await seedAccount(account, things, tx);
    if (details !== undefined) {
      await tx.set(workspaceKey(OWN_WORKSPACE), { home: account.home, details } satisfies Workspace);
    }
  }
}

function isPublicKey(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

async function seedUser(given: SeededUser, tx: WriteTransaction): Promise<void> {
  const { folders: _, connections: __, recipes: ___, tags: ____, ...fields } = given;
  const before = await tx.get<ManagedUser>(userKey(given.id));
  const home = given.home ?? before?.home ?? (await freshId('folders', tx));
  const user = {
    external_id: null,
    name: `Customer ${given.id}`,
    notification_email: 'customer@example.com',
    plan_id: null,
    origin_url: null,
    in_trial: false,
    time_zone: 'UTC',
    created_at: BEGINNING,
    updated_at: BEGINNING,
    workspace: OWN_WORKSPACE,
    ...fields,
    home,
  } as ManagedUser;
  await take('users', user.id, tx);
  await take('folders', home, tx);
  await addHome(accountOf(user), user.created_at, tx);
  await keep(user, before?.external_id ?? null, tx);
  await seedAccount(accountOf(user), given, tx);
}

async function seedAccount(account: Account, given: SeededAccount, tx: WriteTransaction): Promise<void> {
  const times = { created_at: BEGINNING, updated_at: BEGINNING };
  for (const each of given.folders ?? []) {
    await take('folders', each.id, tx);
    const folder = { name: `Folder ${each.id}`, parent_id: account.home, ...times, ...each };
    await tx.set(folderKey(account, each.id), folder);
  }
  for (const each of given.folders ?? []) await refuseRing(each.id, account, tx);
  for (const { input, ...each } of given.connections ?? []) {
    await take('connections', each.id, tx);
    await tx.set(connectionKey(account, each.id), { ...BLANK, folder_id: account.home, ...times, ...each });
    if (input !== undefined) await tx.setSecret(inputKey(each.id), input);
  }
  for (const each of given.recipes ?? []) {
    await take('recipes', each.id, tx);
    const recipe = { name: `Recipe ${each.id}`, folder_id: account.home, running: false, config: [], ...times };
    await tx.set(recipeKey(account, each.id), { ...recipe, last_run_at: null, stopped_at: null, ...each });
  }
  for (const each of given.tags ?? []) {
    const tag = { title: each.handle, description: '', color: 'blue', ...times, ...each };
    await tx.set(tagKey(account, each.handle), tag);
  }
}

/** @throws Refusal invalid, when the folder lies in itself, by way of others or not */
async function refuseRing(folder: number, account: Account, tx: ReadTransaction): Promise<void> {
  const above = new Set<number>();
  for (let id: number | null = folder; id !== null; ) {
    if (above.has(id)) throw new Refusal('invalid', `Folder ${folder} lies in itself.`);
    above.add(id);
    id = (await tx.get<Folder>(folderKey(account, id)))?.parent_id ?? null;
  }
}

/** A shell, in the order in which its fields are listed. */
const BLANK: Omit<Connection, 'id' | 'folder_id' | 'created_at' | 'updated_at'> = {
  name: 'New connection',
  provider: null,
  authorized_at: null,
  authorization_status: null,
  authorization_error: null,
  external_id: null,
  identity: null,
  connection_lost_at: null,
  connection_lost_reason: null,
  parent_id: null,
  tags: null,
  description: null,
  runtime: false,
};
