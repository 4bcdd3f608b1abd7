import type { Writing } from '../../store/store.ts';
import { admit, type LinkKey, linkKey } from './credentials.ts';
import { addHome } from './folders.ts';
import { keep } from './managed-users.ts';
import { credentialsKey, type Provider, providerKey } from './providers.ts';
import {
  type Account,
  accountOf,
  type Connection,
  connectionKey,
  type Folder,
  folderKey,
  freshId,
  type Input,
  inputKey,
  type ManagedUser,
  type Recipe,
  recipeKey,
  type Settings,
  settingsKey,
  type Tag,
  tagKey,
  take,
  workspaceOf,
} from './records.ts';

/** What Workato's emulator can be seeded with. Everything has the ids and times that are given. */
export interface WorkatoSeed {
  readonly settings?: Partial<Settings>;
  readonly tokens?: readonly {
    readonly token: string;
    /** 1, the harness's own, unless said. */
    readonly workspace?: number;
    /** `oem_vendor` unless said. */
    readonly privileges?: readonly string[];
  }[];
  /** Keys by which the links of embedded pages are checked, by API key. */
  readonly link_keys?: Readonly<Record<string, LinkKey>>;
  readonly providers?: readonly Provider[];
  /** By provider the only parameters that it accepts from now on; secret. */
  readonly credentials?: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  readonly managed_users?: readonly SeededUser[];
  /** The workspace's own. */
  readonly workspace?: SeededAccount;
}

type Given<Row> = { readonly [Field in keyof Row]?: Row[Field] | undefined };

interface SeededAccount {
  readonly folders?: readonly (Given<Folder> & Pick<Folder, 'id'>)[];
  readonly connections?: readonly (Given<Connection> & Pick<Connection, 'id'> & { readonly input?: Input })[];
  readonly recipes?: readonly (Given<Recipe> & Pick<Recipe, 'id'>)[];
  readonly tags?: readonly (Given<Tag> & Pick<Tag, 'handle'>)[];
}

interface SeededUser extends Given<Omit<ManagedUser, 'home'>>, SeededAccount {
  readonly id: number;
  /** The id of the home folder. */
  readonly home?: number;
}

const BEGINNING = '2026-01-01T00:00:00.000Z';
const OWN_WORKSPACE = 1;

export async function seed(tx: Writing, given: never): Promise<void> {
  const { settings, tokens = [], link_keys = {}, providers = [], ...more } = given as WorkatoSeed;
  if (settings !== undefined) await tx.set(settingsKey, settings);
  for (const { token, workspace = OWN_WORKSPACE, privileges = ['oem_vendor'] } of tokens) {
    await admit(tx, token, privileges, workspace);
  }
  for (const [apiKey, key] of Object.entries(link_keys)) await tx.set(linkKey(apiKey), key);
  for (const provider of providers) await tx.set(providerKey(provider.name), provider);
  for (const [name, accepted] of Object.entries(more.credentials ?? {})) {
    await tx.setSecret(credentialsKey(name), accepted);
  }
  for (const user of more.managed_users ?? []) await seedUser(user, tx);
  if (more.workspace !== undefined) {
    await seedAccount(await workspaceOf({ id: OWN_WORKSPACE, scopes: [] }, tx), more.workspace, tx);
  }
}

async function seedUser(given: SeededUser, tx: Writing): Promise<void> {
  const { folders: _, connections: __, recipes: ___, tags: ____, ...fields } = given;
  const home = given.home ?? (await freshId('folders', tx));
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
  await keep(user, null, tx);
  await seedAccount(accountOf(user), given, tx);
}

async function seedAccount(account: Account, given: SeededAccount, tx: Writing): Promise<void> {
  const times = { created_at: BEGINNING, updated_at: BEGINNING };
  for (const each of given.folders ?? []) {
    await take('folders', each.id, tx);
    const folder = { name: `Folder ${each.id}`, parent_id: account.home, ...times, ...each };
    await tx.set(folderKey(account, each.id), folder);
  }
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
