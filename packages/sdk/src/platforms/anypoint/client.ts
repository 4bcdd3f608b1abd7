import type { Operations } from '#generated/anypoint.js';
import { ConnectorError } from '../../diagnostics.ts';
import { lookUp } from '../../json.ts';
import { expectUnchanged } from '../expect-unchanged.ts';
import type {
  Access,
  AccessAction,
  AccessContract,
  AccessDetails,
  AccessFilter,
  AccessRequest,
  Account,
  ContractState,
  Endpoint,
} from '../platform.ts';
import { actionsOf, manages, STATES } from './actions.ts';
import type { ReadAnswer } from './reads.ts';
import {
  type APIReference,
  type ContractReference,
  readAPI,
  readContract,
  writeAPI,
  writeContract,
} from './references.ts';
import { type Call, open, visible } from './session.ts';

export type { Operations };

type Application = ReadAnswer<'listApplications'>[number];
/** A contract as its application's team sees it. */
type Mine = ReadAnswer<'listApplicationInstances'>[number];
/** A contract as the API's owners see it. */
type Owned = ReadAnswer<'getManagedContract'> | ReadAnswer<'getGroupContract'>;

/** Facts about an instance. */
interface InstanceRecord {
  readonly api: APIReference;
  readonly title: string;
  readonly organization: string;
  /** Of the asset: the latest in the version group. */
  readonly version: string;
  readonly environmentId: string | null;
  readonly environment: string | null;
}

/** Who calls. */
interface Self {
  readonly organization: string;
  readonly name: string;
  readonly email: string;
  /** Undefined where they cannot be seen. */
  readonly roles: readonly string[] | undefined;
}

/** One contract from both sides, as far as the caller sees them. */
interface Sighting {
  readonly place: InstanceRecord;
  readonly mine?: Mine | undefined;
  readonly owned?: Owned | undefined;
}

/** Who a token of Anypoint's belongs to. Its scopes are the roles that can be seen. */
export async function anypointAccount(endpoint: Endpoint): Promise<Account> {
  const { name, email, roles } = await selfOf(open(endpoint));
  return { name, ...(email === '' ? {} : { email }), ...(roles === undefined ? {} : { scopes: roles }) };
}

/**
 * Access to the APIs of Anypoint's Exchange. An API is `groupId/assetId/versionGroup/instanceId`, with `group:` before
 * the instance of a group; a contract is that, its application's id and its own, or only the last two for the
 * application's team.
 */
export function anypointAccess(endpoint: Endpoint): Access {
  const call = open(endpoint);
  let known: Promise<Self> | undefined;
  const self = async () => {
    known ??= selfOf(call);
    return known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  };
  const show = async (contract: string) => {
    const reference = readContract(contract);
    return reported(await sightingOf(call, await self(), reference), await self());
  };
  return {
    list: async (filter) => listed(call, await self(), filter),
    show,
    request: async (asked) => show(await request(call, await self(), asked)),
    act: async (contract, action, details = {}) => {
      const reference = readContract(contract);
      const sighting = await sightingOf(call, await self(), reference);
      const before = reported(sighting, await self());
      expectUnchanged(`The contract ${contract}`, before, details.seen);
      if (!before.actions.includes(action)) throw notValid(before, action);
      await act(call, await self(), sighting, action, details);
      // What was deleted cannot be shown any more.
      if (action === 'cancel') return { ...before, state: 'cancelled', status: 'DELETED', actions: [] };
      return show(contract);
    },
    credentials: async (contract) => {
      const { application, state } = await show(contract);
      if (state !== 'approved') return undefined;
      const { organization: organizationId } = await self();
      const path = { organizationId, applicationId: application.id };
      const { clientId, clientSecret } = await call('getApplication', { path });
      return { clientId, clientSecret };
    },
  };
}

async function selfOf(call: Call): Promise<Self> {
  const { user, ...top } = await call('getCurrentUser');
  const { id, username, email, organization, memberOfOrganizations } = { ...user, ...top };
  const root = memberOfOrganizations?.find(({ isRoot }) => isRoot)?.id ?? organization?.id;
  if (!id || !username || !root) {
    throw new ConnectorError('refused', {
      code: 'origin/unexpected-answer',
      message: 'GET /accounts/api/users/me was answered without the id, the name or the organisation of a user.',
      hint: 'Check that the address is that of Anypoint’s API.',
    });
  }
  const path = { organizationId: root, userId: id };
  const roles = await visible(call('listUserRoles', { path }));
  return { organization: root, name: username, email: email ?? '', roles: roles?.data.map(({ name }) => name) };
}

/** @throws ConnectorError refused `origin/not-found` */
async function placeOf(call: Call, api: APIReference): Promise<InstanceRecord> {
  const { groupId, assetId, versionGroup, instance, ofGroup } = api;
  const path = { groupId, assetId, versionGroup };
  const asset = await call('getAsset', { path: { groupId, assetId } });
  const versions = [asset, ...(asset.otherVersions ?? [])];
  const version = versions.find((each) => each.versionGroup === versionGroup)?.version ?? asset.version;
  const base = { api, organization: asset.organization.id, version };
  if (ofGroup) {
    const found = (await call('listAPIGroupInstances', { path })).find(({ id }) => String(id) === instance);
    if (found === undefined) throw missing(writeAPI(api));
    const { name, environmentId = null, apiInstances } = found;
    const environment = apiInstances?.find((each) => each.environmentId === environmentId)?.environmentName;
    return { ...base, title: `${asset.name} ${name}`, environmentId, environment: environment ?? environmentId };
  }
  const found = (await call('listInstances', { path })).find(({ id }) => String(id) === instance);
  if (found === undefined) throw missing(writeAPI(api));
  const { name, environmentId = null, environmentName: environment = null } = found;
  return { ...base, title: `${asset.name} ${name}`, environmentId, environment };
}

function missing(what: string): ConnectorError {
  const message = `There is no ${what} that this user can see.`;
  const hint = 'Check the id, and that the token is of the right organisation.';
  return new ConnectorError('refused', { code: 'origin/not-found', message, hint, found: what });
}

/** The path of the owner's operations on an instance; undefined where none manages it. */
function ownPath({ organization, environmentId, api }: InstanceRecord) {
  if (environmentId === null) return undefined;
  const path = { organizationId: organization, environmentId };
  return api.ofGroup ? { ...path, apiGroupInstanceId: api.instance } : { ...path, instanceId: api.instance };
}

async function sightingOf(
  call: Call,
  self: Self,
  { api, application, contract }: ContractReference,
): Promise<Sighting> {
  const path = { organizationId: self.organization, applicationId: application };
  const mine = (await visible(call('listApplicationInstances', { path })))?.find(({ id }) => String(id) === contract);
  const at = api ?? (mine === undefined ? undefined : apiOf(mine));
  if (at === undefined) throw missing(`contract ${application}/${contract}`);
  const place = await placeOf(call, at);
  const own = ownPath(place);
  const operation = at.ofGroup ? 'getGroupContract' : 'getManagedContract';
  const owned: Owned | undefined =
    own && (await visible(call(operation, { path: { ...own, contractId: contract } as never })));
  if (mine === undefined && String(owned?.applicationId) !== application) {
    throw missing(`contract ${application}/${contract}`);
  }
  return { place, mine, owned };
}

function apiOf({ apiVersion, apiGroupInstance, versionGroup }: Mine): APIReference | undefined {
  const of = apiVersion ?? apiGroupInstance;
  if (of === undefined || of === null) return undefined;
  const { groupId, assetId, id } = of;
  return { groupId, assetId, versionGroup, instance: String(id), ofGroup: of === apiGroupInstance };
}

function reported({ place, mine, owned }: Sighting, self: Self): AccessContract {
  const contract = mine ?? owned;
  if (contract === undefined) throw missing('contract');
  const { id, status, application, tier, requestedTier } = contract;
  const changing = status === 'APPROVED' && requestedTier !== undefined && requestedTier !== null;
  // Its team gets the list of tiers; none of them matters to others.
  const tiered = mine !== undefined && ((mine.possibleTiers ?? []).length > 0 || tier !== undefined);
  const managed = owned !== undefined && manages(self.roles, place.api.ofGroup);
  return {
    id: writeContract(place.api, application.id, id),
    api: { id: writeAPI(place.api), title: place.title },
    application: { id: String(application.id), title: application.name },
    environment: place.environment,
    tier: tier?.name ?? null,
    requestedTier: requestedTier?.name ?? null,
    state: stateOf(status),
    status,
    actions: actionsOf({ status, changing, tiered, mine: mine !== undefined, managed }),
  };
}

/** @throws ConnectorError refused `origin/refused`, for a state that is not known: nothing can be said of it */
function stateOf(status: string): ContractState {
  const state = lookUp(STATES, status);
  if (state !== undefined) return state;
  const message = `Anypoint reports the unknown contract status ${status}.`;
  const hint = 'Look at the contract in Anypoint, and take a newer version of connectorkit.';
  throw new ConnectorError('refused', { code: 'origin/refused', message, hint, found: status });
}

async function listed(call: Call, self: Self, filter: AccessFilter): Promise<AccessContract[]> {
  const api = filter.api === undefined ? undefined : readAPI(filter.api);
  const sightings = new Map<string, Sighting>();
  const places = new Map<string, Promise<InstanceRecord>>();
  const place = (reference: APIReference) => {
    const written = writeAPI(reference);
    const found = places.get(written) ?? placeOf(call, reference);
    places.set(written, found);
    return found;
  };
  for (const application of await applicationsOf(call, self, filter.application)) {
    const path = { organizationId: self.organization, applicationId: String(application.id) };
    for (const mine of await call('listApplicationInstances', { path })) {
      const at = apiOf(mine);
      if (at === undefined || (api !== undefined && writeAPI(at) !== writeAPI(api))) continue;
      sightings.set(String(mine.id), { place: await place(at), mine });
    }
  }
  if (api !== undefined) {
    const at = await place(api);
    for (const owned of await ownedAt(call, at)) {
      const { application, id } = owned;
      if (filter.application !== undefined && !isNamed(application, filter.application)) continue;
      sightings.set(String(id), { place: at, mine: sightings.get(String(id))?.mine, owned });
    }
  }
  const all = [...sightings.values()].map((each) => reported(each, self));
  const { environment, state } = filter;
  return all.filter(
    (each) =>
      (environment === undefined || each.environment === environment) && (state === undefined || each.state === state),
  );
}

const PAGE = 250;

/** Those of the caller's applications that are named so; all of them unless one is named. */
async function applicationsOf(call: Call, self: Self, named: string | undefined): Promise<Application[]> {
  const path = { organizationId: self.organization };
  const found: Application[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const query = { limit: String(PAGE), offset: String(offset) };
    const page = await call('listApplications', { path, query });
    found.push(...page.filter((each) => named === undefined || isNamed(each, named)));
    if (page.length < PAGE) return found;
  }
}

function isNamed({ id, name }: { readonly id: number; readonly name: string }, named: string): boolean {
  return String(id) === named || name === named;
}

/** The contracts with an instance, as far as the caller sees them in API Manager. */
async function ownedAt(call: Call, place: InstanceRecord): Promise<Owned[]> {
  const path = ownPath(place);
  if (path === undefined) return [];
  const operation = place.api.ofGroup ? 'listGroupContracts' : 'listManagedContracts';
  const found: Owned[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const query = { limit: String(PAGE), offset: String(offset) };
    const page = await visible(call(operation, { path: path as never, query }));
    found.push(...(page?.contracts ?? []));
    if ((page?.contracts.length ?? 0) < PAGE) return found;
  }
}

/** Asks for access; the id of the contract that was made. */
async function request(call: Call, self: Self, asked: AccessRequest): Promise<string> {
  const api = readAPI(asked.api);
  const place = await placeOf(call, api);
  if (asked.environment !== undefined && ![place.environment, place.environmentId].includes(asked.environment)) {
    throw refused(
      `${place.title} is in ${place.environment}, not in ${asked.environment}.`,
      'Choose another instance.',
    );
  }
  const [application] = await applicationsOf(call, self, asked.application);
  if (application === undefined) throw missing(`application ${asked.application}`);
  const tier = asked.tier === undefined ? undefined : await tierNamed(call, place, asked.tier);
  const { groupId, assetId, versionGroup, instance, ofGroup } = api;
  const target = ofGroup ? { apiGroupInstanceId: Number(instance) } : { apiId: instance };
  const { id } = await call('createContract', {
    path: { organizationId: self.organization, applicationId: String(application.id) },
    body: {
      ...target,
      instanceType: ofGroup ? 'api-group' : 'api',
      ...(tier === undefined ? {} : { requestedTierId: tier }),
      acceptedTerms: asked.acceptTerms ?? false,
      organizationId: place.organization,
      groupId,
      assetId,
      version: place.version,
      versionGroup,
    },
  });
  return writeContract(api, application.id, id);
}

/** The id of a tier of the instance, by its id or name. */
async function tierNamed(call: Call, { api, environmentId }: InstanceRecord, named: string): Promise<number> {
  const { groupId, assetId, versionGroup, instance, ofGroup } = api;
  const path = { groupId, assetId, versionGroup };
  const tiers: readonly { readonly id: number; readonly name: string }[] = ofGroup
    ? await call('listAPIGroupInstanceTiers', {
        path: { ...path, environmentId: environmentId ?? '', apiGroupInstanceId: instance },
      })
    : await call('listInstanceTiers', { path: { ...path, instanceId: instance } });
  const found = tiers.find((each) => isNamed(each, named));
  if (found !== undefined) return found.id;
  const names = tiers.map(({ name }) => name).join(', ');
  throw refused(`There is no tier ${named}.`, names === '' ? 'Remove the tier.' : `Choose one of ${names}.`);
}

function refused(message: string, hint: string): ConnectorError {
  return new ConnectorError('refused', { code: 'origin/refused', message, hint });
}

function notValid({ id, status, actions }: AccessContract, action: AccessAction): ConnectorError {
  const hint = actions.length === 0 ? 'You can do nothing to it now.' : `You can ${actions.join(', ')} it.`;
  const message = `The contract ${id} is ${status}; it cannot be acted on with ${action} by you.`;
  return new ConnectorError('refused', { code: 'access/not-valid', message, hint, found: action });
}

/** Requests of an owner's actions, by the contract before it. */
const WRITES: { readonly [action in AccessAction]?: (owned: Owned, tier?: number) => object } = {
  approve: ({ status, requestedTierId }, tier = requestedTierId ?? undefined) => ({
    ...(status === 'APPROVED' ? {} : { status: 'APPROVED' }),
    ...(tier === undefined ? {} : { tierId: tier }),
  }),
  // Whoever is put on the tier that they have no longer waits for another.
  reject: ({ status, tierId }) => (status === 'APPROVED' ? { tierId } : { status: 'REJECTED' }),
  revoke: () => ({ status: 'REVOKED' }),
  restore: () => ({ status: 'APPROVED' }),
};

async function act(
  call: Call,
  self: Self,
  { place, mine, owned }: Sighting,
  action: AccessAction,
  details: AccessDetails,
): Promise<void> {
  const tier = details.tier === undefined ? undefined : await tierNamed(call, place, details.tier);
  if (action === 'revise' && mine !== undefined) {
    if (tier === undefined) throw refused('Another tier is not named.', 'Say which tier you want.');
    const path = { organizationId: self.organization, applicationId: String(mine.applicationId) };
    const body = { requestedTierId: tier };
    await call('changeContractTier', { path: { ...path, contractId: String(mine.id) }, body });
    return;
  }
  if (owned === undefined) return;
  const path = { ...ownPath(place), contractId: String(owned.id) } as never;
  if (action === 'cancel') await call(place.api.ofGroup ? 'deleteGroupContract' : 'deleteManagedContract', { path });
  else {
    const body = WRITES[action]?.(owned, tier) as never;
    await call(place.api.ofGroup ? 'updateGroupContract' : 'updateManagedContract', { path, body });
  }
}
