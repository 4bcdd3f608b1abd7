import type { Writing } from '../../store/store.ts';
import { keepApplication } from './applications.ts';
import { HARNESS_SUBJECT, keepConnectedApp, keepUser, ORGANIZATION, SANDBOX, subjectNamed } from './credentials.ts';
import {
  type APIInstance,
  type Application,
  type Asset,
  assetKey,
  type ConnectedApp,
  type Contract,
  type Environment,
  environmentKey,
  type GroupInstance,
  keepContract,
  keepInstance,
  type Limit,
  type Organization,
  organizationKey,
  secretKey,
  type Tier,
  take,
  tiersKey,
  type User,
} from './records.ts';

type Given<Row, Needed extends keyof Row> = Partial<Row> & Pick<Row, Needed>;
type GivenLimit = Omit<Limit, 'visible'> & { readonly visible?: boolean };

/**
 * What Anypoint's emulator can be seeded with. Everything has the ids and times that are given. There are from the
 * start one organisation, `5a673b98-92f4-459d-b950-daeed7a8165d`, its environment `Sandbox`, and the user `harness`
 * whose the harness's own token is.
 */
export interface AnypointSeed {
  readonly organizations?: readonly Given<Organization, 'id'>[];
  readonly environments?: readonly Given<Environment, 'id' | 'name'>[];
  /** Roles as `ROLES` has them; Exchange Contributor unless said. */
  readonly users?: readonly (Given<User, 'username'> & { readonly password: string })[];
  readonly connected_apps?: readonly (Given<ConnectedApp, 'id'> & { readonly secret: string })[];
  readonly assets?: readonly (Given<Asset, 'assetId'> & { readonly versionGroup?: string })[];
  readonly instances?: readonly Given<APIInstance, 'id' | 'assetId'>[];
  readonly group_instances?: readonly Given<GroupInstance, 'id' | 'assetId'>[];
  readonly tiers?: readonly SeededTier[];
  /** `owner` is the name of a user, or the id of a connected app; the harness's own user unless said. */
  readonly applications?: readonly (Given<Application, 'id' | 'name'> & { readonly secret?: string })[];
  readonly contracts?: readonly Given<Contract, 'id' | 'applicationId' | 'instanceId' | 'status'>[];
}

interface SeededTier extends Omit<Given<Tier, 'id' | 'instanceId'>, 'limits' | 'limitsByApi'> {
  readonly limits?: readonly GivenLimit[];
  readonly limitsByApi?: readonly { readonly apiId: number; readonly limits: readonly GivenLimit[] }[];
}

const BEGINNING = '2026-01-01T00:00:00.000Z';
const VERSIONED = { assetVersion: '1.0.0', versionGroup: 'v1' };
const PLACED = { organizationId: ORGANIZATION, groupId: ORGANIZATION, environmentId: SANDBOX };
const TIMES = { created: BEGINNING, updated: null };

export async function seed(tx: Writing, given: never): Promise<void> {
  const { organizations = [], environments = [], users = [], connected_apps = [], ...more } = given as AnypointSeed;
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

async function seedAssets({ assets = [], instances = [], group_instances = [] }: AnypointSeed, tx: Writing) {
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

async function seedTier(given: SeededTier, tx: Writing): Promise<void> {
  await take('tiers', given.id, tx);
  const whole = (limits: readonly GivenLimit[]) => limits.map((each) => ({ visible: true, ...each }));
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

async function seedApplications({ applications = [], contracts = [] }: AnypointSeed, tx: Writing): Promise<void> {
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
    await keepApplication(application, null, tx);
    await tx.setSecret(secretKey(each.id), secret);
  }
  for (const each of contracts) {
    await take('contracts', each.id, tx);
    const none = { approvedDate: null, rejectedDate: null, revokedDate: null, terms: null };
    const contract: Contract = { kind: 'api', tierId: null, requestedTierId: null, ...none, ...TIMES, ...each };
    await keepContract(contract, tx);
  }
}
