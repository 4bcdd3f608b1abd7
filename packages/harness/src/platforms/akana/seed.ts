import type { AkanaSeed } from '#generated/seeds.js';
import type { SeedReference } from '../../seed.ts';
import type { WriteTransaction } from '../../store/store.ts';
import { renewSecret, secretKey } from './apps.ts';
import { openTicket, statusOf } from './notices.ts';
import {
  type Api,
  type ApiVersion,
  type App,
  type AppVersion,
  agreementKey,
  apiKey,
  apiVersionKey,
  appKey,
  appVersionKey,
  avatarOf,
  type Contract,
  emailKey,
  endsOf,
  freshId,
  type Group,
  groupKey,
  keepContract,
  locatorKey,
  nextNumber,
  placeOf,
  ROLES,
  type User,
  userKey,
} from './records.ts';
import { admit, configure, passwordKey } from './session.ts';
import { PENDING } from './workflow.ts';

type Item<Field extends keyof AkanaSeed> = NonNullable<AkanaSeed[Field]> extends (infer Each)[] ? Each : never;
type SeededApiVersion = NonNullable<Item<'apis'>['versions']>[number];
type SeededAppVersion = NonNullable<Item<'apps'>['versions']>[number];

const BEGINNING = '2026-01-01T00:00:00.000Z';

const USERS = [['users', '*', 'id']];
const user = { what: 'user', keys: (id: string) => [userKey(id)], among: USERS };
const appVersion = {
  what: 'app version',
  keys: (id: string) => [appVersionKey(id)],
  among: [['apps', '*', 'versions', '*', 'id']],
};

export const references: readonly SeedReference[] = [
  { path: ['groups', '*', 'members', '*'], ...user },
  { path: ['apis', '*', 'admins', '*'], ...user },
  {
    path: ['apis', '*', 'invited', '*'],
    what: 'user or group',
    keys: (id: string) => [userKey(id), groupKey(id)],
    among: [...USERS, ['groups', '*', 'id']],
  },
  { path: ['apps', '*', 'team', '*'], ...user },
  {
    path: ['contracts', '*', 'api_version'],
    what: 'API version',
    keys: (id: string) => [apiVersionKey(id)],
    among: [['apis', '*', 'versions', '*', 'id']],
  },
  { path: ['contracts', '*', 'app_version'], ...appVersion },
  {
    path: ['contracts', '*', 'revises'],
    what: 'contract',
    keys: (id: string) => [locatorKey(id)],
    among: [['contracts', '*', 'id']],
  },
  { path: ['contracts', '*', 'requested_by'], ...user },
  { path: ['agreements', '*', 'app_version'], ...appVersion },
];

export async function seed(tx: WriteTransaction, given: AkanaSeed): Promise<void> {
  const { settings = {}, tokens = [], users = [], groups = [], apis = [], apps = [], ...more } = given;
  await configure(settings, tx);
  for (const { token, roles = ROLES } of tokens) await admit(tx, token, roles);
  for (const user of users) await seedUser(user, tx);
  for (const group of groups) {
    await tx.set(groupKey(group.id), { name: 'Group', description: '', members: [], ...group } satisfies Group);
  }
  for (const { versions = [], ...api } of apis) {
    const blank = { visibility: 'Public', admins: [], invited: [], avatar: avatarOf(api.id), deleted: false };
    await tx.set(apiKey(api.id), { name: 'API', ...blank, ...api } satisfies Api);
    for (const version of versions) await tx.set(apiVersionKey(version.id), apiVersion(api.id, version));
  }
  for (const { versions = [], ...app } of apps) {
    const blank = { team: [], avatar: avatarOf(app.id), deleted: false };
    await tx.set(appKey(app.id), { name: 'App', ...blank, ...app } satisfies App);
    for (const version of versions) await seedAppVersion(app.id, version, tx);
  }
  for (const { app_version, document } of more.agreements ?? []) {
    await tx.set(agreementKey(app_version, document), { at: BEGINNING });
  }
  for (const contract of more.contracts ?? []) await seedContract(contract, tx);
}

async function seedUser({ password, ...given }: Item<'users'>, tx: WriteTransaction): Promise<void> {
  const user: User = { name: 'User', email: `${given.id}@example.com`, roles: [], ...given };
  await tx.set(userKey(user.id), user);
  await tx.set(emailKey(user.email), user.id);
  if (password !== undefined) await tx.setSecret(passwordKey(user.id), password);
}

function apiVersion(api: string, given: SeededApiVersion): ApiVersion {
  return {
    api,
    name: 'v1',
    sandbox_auto: false,
    production_auto: false,
    automatic: false,
    resource_level_permissions: false,
    endpoints: [],
    legals: [],
    ...given,
  };
}

async function seedAppVersion(
  app: string,
  { secret, ...given }: SeededAppVersion,
  tx: WriteTransaction,
): Promise<void> {
  const version: AppVersion = { app, name: '1.0', environment: 'Sandbox', ...given };
  await tx.set(appVersionKey(version.id), version);
  if (secret === undefined) await renewSecret(version.id, tx);
  else await tx.setSecret(secretKey(version.id), secret);
}

async function seedContract(given: Item<'contracts'>, tx: WriteTransaction): Promise<void> {
  const before = await placeOf(given.id, tx);
  const n = before ?? (await nextNumber('contracts', tx));
  const { state = PENDING, revises = null } = given;
  const contract: Contract = {
    name: 'Contract',
    description: '',
    environment: 'Sandbox',
    policies: [],
    restricted: false,
    licenses: [],
    state,
    revises,
    ticket: await freshId(tx, `contract_request${n}`),
    requested_by: await freshId(tx, 'harness'),
    updated_at: BEGINNING,
    ...given,
    n,
    status: statusOf(state, revises),
  };
  await keepContract(contract, tx);
  if (before === undefined) await openTicket(contract, await endsOf(contract, tx), contract.updated_at, tx);
}
