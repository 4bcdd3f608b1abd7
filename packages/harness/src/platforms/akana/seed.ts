import type { Writing } from '../../store/store.ts';
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
  nextNumber,
  placeOf,
  ROLES,
  type Role,
  type Settings,
  type User,
  userKey,
} from './records.ts';
import { admit, configure, passwordKey } from './session.ts';
import { PENDING } from './workflow.ts';

type Given<Row, Needed extends keyof Row> = Partial<Row> & Pick<Row, Needed>;

/** What Akana's emulator can be seeded with. Everything has the ids that are given. */
export interface AkanaSeed {
  /** The tenant is set before anything else, so that all that follows belongs to it. */
  readonly settings?: Partial<Settings>;
  /** Sessions that last, of users of their own. */
  readonly tokens?: readonly { readonly token: string; readonly roles?: readonly Role[] }[];
  readonly users?: readonly (Given<User, 'id'> & { readonly password?: string })[];
  readonly groups?: readonly Given<Group, 'id'>[];
  readonly apis?: readonly (Given<Api, 'id'> & {
    readonly versions?: readonly Given<Omit<ApiVersion, 'api'>, 'id'>[];
  })[];
  readonly apps?: readonly (Given<App, 'id'> & {
    readonly versions?: readonly (Given<Omit<AppVersion, 'app'>, 'id'> & { readonly secret?: string })[];
  })[];
  /** In the order in which feeds list them. */
  readonly contracts?: readonly Given<Omit<Contract, 'n' | 'status'>, 'id' | 'api_version' | 'app_version'>[];
  /** Documents that app versions accepted. */
  readonly agreements?: readonly { readonly app_version: string; readonly document: string }[];
}

const BEGINNING = '2026-01-01T00:00:00.000Z';

export async function seed(tx: Writing, given: never): Promise<void> {
  const { settings = {}, tokens = [], users = [], groups = [], apis = [], apps = [], ...more } = given as AkanaSeed;
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

async function seedUser({ password, ...given }: Given<User, 'id'> & { password?: string }, tx: Writing): Promise<void> {
  const user: User = { name: 'User', email: `${given.id}@example.com`, roles: [], ...given };
  await tx.set(userKey(user.id), user);
  await tx.set(emailKey(user.email), user.id);
  if (password !== undefined) await tx.setSecret(passwordKey(user.id), password);
}

function apiVersion(api: string, given: Given<Omit<ApiVersion, 'api'>, 'id'>): ApiVersion {
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
  { secret, ...given }: Given<Omit<AppVersion, 'app'>, 'id'> & { secret?: string },
  tx: Writing,
): Promise<void> {
  const version: AppVersion = { app, name: '1.0', environment: 'Sandbox', ...given };
  await tx.set(appVersionKey(version.id), version);
  if (secret === undefined) await renewSecret(version.id, tx);
  else await tx.setSecret(secretKey(version.id), secret);
}

async function seedContract(given: NonNullable<AkanaSeed['contracts']>[number], tx: Writing): Promise<void> {
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
