import type { AnypointSeed } from '#generated/seeds.js';
import type { SeedReference } from '../../seed.ts';
import type { WriteTransaction } from '../../store/store.ts';
import { keepApplication } from './applications.ts';
import {
  HARNESS_SUBJECT,
  keepConnectedApp,
  keepUser,
  ORGANIZATION,
  passwordKey,
  SANDBOX,
  subjectNamed,
} from './credentials.ts';
import {
  type APIInstance,
  type Application,
  type Asset,
  applicationKey,
  assetKey,
  type Contract,
  connectedAppKey,
  environmentKey,
  type GroupInstance,
  type InstanceKind,
  instanceKey,
  keepContract,
  keepInstance,
  organizationKey,
  secretKey,
  type Tier,
  take,
  tiersKey,
} from './records.ts';

type SeededTier = NonNullable<AnypointSeed['tiers']>[number];
type SeededLimits = NonNullable<SeededTier['limits']>;

const BEGINNING = '2026-01-01T00:00:00.000Z';
const VERSIONED = { assetVersion: '1.0.0', versionGroup: 'v1' };
const PLACED = { organizationId: ORGANIZATION, groupId: ORGANIZATION, environmentId: SANDBOX };
const TIMES = { created: BEGINNING, updated: null };

type Placed = { readonly organizationId?: string; readonly groupId?: string };
type OfInstance = { readonly kind?: InstanceKind; readonly instanceId: number };

const organization = {
  what: 'organization',
  keys: (id: string) => [organizationKey(id)],
  among: [['organizations', '*', 'id']],
};
const instance = {
  what: 'instance',
  keys: (id: number, holders: readonly OfInstance[]) => [instanceKey(holders.at(-1)?.kind ?? 'api', id)],
  among: [
    ['instances', '*', 'id'],
    ['group_instances', '*', 'id'],
  ],
};
const apiInstance = { ...instance, keys: (id: number) => [instanceKey('api', id)] };
const tier = {
  what: 'tier of that instance',
  keys: (id: number, holders: readonly OfInstance[]) =>
    holders.slice(-1).map(({ kind = 'api', instanceId }) => [...tiersKey(kind, instanceId), id]),
  among: [],
};

export const references: readonly SeedReference[] = [
  ...[
    ['organizations', '*', 'rootId'],
    ...['environments', 'users', 'connected_apps', 'assets'].map((each) => [each, '*', 'organizationId']),
    ['applications', '*', 'masterOrganizationId'],
  ].map((path) => ({ path, ...organization })),
  ...['instances', 'group_instances'].flatMap((list): SeedReference[] => [
    { path: [list, '*', 'organizationId'], ...organization },
    {
      path: [list, '*', 'assetId'],
      what: 'asset',
      keys: (id: string, holders: readonly Placed[]) => [assetKey(holders.at(-1)?.groupId ?? ORGANIZATION, id)],
      among: [['assets', '*', 'assetId']],
    },
    {
      path: [list, '*', 'environmentId'],
      what: 'environment',
      keys: (id: string, holders: readonly Placed[]) => [
        environmentKey(holders.at(-1)?.organizationId ?? ORGANIZATION, id),
      ],
      among: [['environments', '*', 'id']],
    },
  ]),
  { path: ['group_instances', '*', 'members', '*'], ...apiInstance },
  { path: ['tiers', '*', 'instanceId'], ...instance },
  { path: ['tiers', '*', 'limitsByApi', '*', 'apiId'], ...apiInstance },
  {
    path: ['applications', '*', 'owner'],
    what: 'user or connected app',
    keys: (name: string) => [passwordKey(name), connectedAppKey(name)],
    among: [
      ['users', '*', 'username'],
      ['connected_apps', '*', 'id'],
    ],
  },
  {
    path: ['contracts', '*', 'applicationId'],
    what: 'application',
    keys: (id: number) => [applicationKey(id)],
    among: [['applications', '*', 'id']],
  },
  { path: ['contracts', '*', 'instanceId'], ...instance },
  { path: ['contracts', '*', 'tierId'], ...tier },
  { path: ['contracts', '*', 'requestedTierId'], ...tier },
];

export async function seed(tx: WriteTransaction, given: AnypointSeed): Promise<void> {
  const { organizations = [], environments = [], users = [], connected_apps = [], ...more } = given;
  for (const each of organizations) {
    const organization = { name: `Organization ${each.id}`, rootId: each.id, federated: false, ...each };
    await tx.set(organizationKey(each.id), organization);
  }
  for (const each of environments) {
    const environment = { organizationId: ORGANIZATION, type: 'sandbox', providerId: null, ...each };
    await tx.set(environmentKey(environment.organizationId, each.id), environment);
  }
  for (const [index, { password, ...each }] of users.entries()) {
    const fields = { firstName: each.username, lastName: '', email: `${each.username}@example.com` };
    const id = `00000000-0000-4000-8000-00000000010${index}`;
    const belongs = { organizationId: ORGANIZATION, roles: ['Exchange Contributor'] };
    await keepUser({ id, ...fields, ...belongs, ...each }, password, tx);
  }
  for (const { secret, ...each } of connected_apps) {
    const app = { name: each.id, organizationId: ORGANIZATION, roles: ['Exchange Contributor'], ...each };
    await keepConnectedApp(app, secret, tx);
  }
  await seedAssets(more, tx);
  for (const each of more.tiers ?? []) await seedTier(each, tx);
  await seedApplications(more, tx);
}

async function seedAssets({ assets = [], instances = [], group_instances = [] }: AnypointSeed, tx: WriteTransaction) {
  for (const { versionGroup = 'v1', ...each } of assets) {
    const asset: Asset = {
      groupId: ORGANIZATION,
      organizationId: ORGANIZATION,
      name: each.assetId,
      type: 'rest-api',
      versions: [{ version: '1.0.0', versionGroup }],
      terms: {},
      ...each,
    };
    await tx.set(assetKey(asset.groupId, asset.assetId), asset);
  }
  const plain = { ...PLACED, ...VERSIONED, label: null, deprecated: false };
  for (const each of instances) {
    const instance: APIInstance = { ...plain, apiId: each.id, type: 'managed', stage: 'release', ...each };
    await keepInstance('api', instance, tx);
  }
  for (const each of group_instances) {
    const group: GroupInstance = {
      ...plain,
      apiGroupId: each.id,
      apiGroupVersionId: each.id,
      apiGroupName: each.assetId,
      isPublic: false,
      members: [],
      ...each,
    };
    await keepInstance('api-group', group, tx);
  }
}

async function seedTier(given: SeededTier, tx: WriteTransaction): Promise<void> {
  await take('tiers', given.id, tx);
  const whole = (limits: SeededLimits) => limits.map((each) => ({ visible: true, ...each }));
  const plain = { name: `Tier ${given.id}`, description: null, status: 'ACTIVE', autoApprove: true } as const;
  const tier: Tier = {
    kind: 'api',
    ...plain,
    ...TIMES,
    ...given,
    limits: whole(given.limits ?? []),
    limitsByApi: (given.limitsByApi ?? []).map(({ apiId, limits }) => ({ apiId, limits: whole(limits) })),
  };
  await tx.set([...tiersKey(tier.kind, tier.instanceId), tier.id], tier);
}

async function seedApplications(
  { applications = [], contracts = [] }: AnypointSeed,
  tx: WriteTransaction,
): Promise<void> {
  for (const { secret = 'seeded-secret', owner, ...each } of applications) {
    await take('applications', each.id, tx);
    const application: Application = {
      description: null,
      url: null,
      redirectUri: [],
      grantTypes: [],
      clientId: `client-of-${each.id}`,
      providerId: null,
      masterOrganizationId: ORGANIZATION,
      owner: owner === undefined ? HARNESS_SUBJECT : await subjectNamed(owner, tx),
      ...TIMES,
      ...each,
    };
    const before = await tx.get<Application>(applicationKey(each.id));
    await keepApplication(application, before?.name ?? null, tx);
    await tx.setSecret(secretKey(each.id), secret);
  }
  for (const each of contracts) {
    await take('contracts', each.id, tx);
    const none = { approvedDate: null, rejectedDate: null, revokedDate: null, terms: null };
    const contract: Contract = { kind: 'api', tierId: null, requestedTierId: null, ...none, ...TIMES, ...each };
    await keepContract(contract, tx);
  }
}
