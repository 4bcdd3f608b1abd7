import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import { keepEvent } from '../../access/queue.ts';
import { type Behaviours, type Call, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { hasVersion, minorOf, nameOf } from './assets.ts';
import { type Action, after, transitionOf } from './lifecycle.ts';
import {
  type APIInstance,
  type Application,
  applicationAt,
  assetOf,
  type Contract,
  conflict,
  contractsOf,
  dropContract,
  environmentOf,
  freshId,
  type GroupInstance,
  type InstanceKind,
  instanceOf,
  invalid,
  keepContract,
  notFound,
  type Organization,
  organizationKey,
  secretOf,
  type Tier,
  tierOf,
  tiersOf,
} from './records.ts';
import { auditOf, contractTier, limitsIn } from './tiers.ts';

type CreateContractBody = Operations['createContract']['body'];

/** Contracts, as those see them whose applications have them. */
export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listContracts'
  | 'createContract'
  | 'changeContractTier'
  | 'listApplicationInstances'
  | 'listInstanceContracts'
  | 'listGroupLimits'
> = {
  listContracts: async ({ path, query, principal }, tx) => {
    const { id } = await applicationAt(path, principal, tx);
    const { includeContractsForApiVersion: only } = query;
    const all = await contractsOf(id, tx);
    const found = all.filter(
      ({ kind, instanceId }) => only === undefined || (kind === 'api' && instanceId === idIn(only)),
    );
    return { body: await Promise.all(found.map((each) => listedContract(each, tx))) };
  },

  createContract: async ({ path, body, principal, now }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const kind = body.instanceType;
    const instance = await instanceAsked(kind, body, tx);
    await checkCoordinates(instance, body, tx);
    const contract = await requestAccess(application, kind, instance, body, { now, principal }, tx);
    return { status: 201, body: await contractTold(contract, application, tx) };
  },

  changeContractTier: async ({ path, body, principal, now }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const id = idIn(path.contractId);
    const contract = (await contractsOf(application.id, tx)).find((each) => each.id === id);
    if (contract === undefined) throw notFound('Contract');
    const asked = await requestableTier(contract, body.requestedTierId, tx);
    const changed = await act(contract, 'changeTier', asked, { now, principal }, tx);
    return { body: await contractTold(changed ?? contract, application, tx) };
  },

  listApplicationInstances: async ({ path, principal }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const contracts = await contractsOf(application.id, tx);
    return { body: await Promise.all(contracts.map((each) => instanceContract(each, application, tx))) };
  },

  listInstanceContracts: async ({ path, principal }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const instance = await instanceOf('api', path.instanceId, tx);
    if (instance === undefined) throw notFound('Instance');
    const through: Contract[] = [];
    for (const contract of await contractsOf(application.id, tx)) {
      const group = contract.kind === 'api' ? undefined : await instanceOf('api-group', contract.instanceId, tx);
      const own = contract.kind === 'api' && contract.instanceId === instance.id;
      if (own || group?.members.includes(instance.id)) through.push(contract);
    }
    return { body: await Promise.all(through.map((each) => instanceContract(each, application, tx))) };
  },

  listGroupLimits: async ({ path, query, principal }, tx) => {
    const application = await applicationAt(path, principal, tx);
    const group = await instanceOf('api-group', path.apiGroupInstanceId, tx);
    if (group?.environmentId !== path.environmentId) throw notFound('API group instance');
    const contracts = await contractsOf(application.id, tx);
    const contract = contracts.find(({ kind, instanceId }) => kind === 'api-group' && instanceId === group.id);
    const asked = query.tierId === undefined ? (contract?.tierId ?? null) : (idIn(query.tierId) ?? 0);
    const tier = await tierOf('api-group', group.id, asked, tx);
    if (tier === undefined && query.tierId !== undefined) throw notFound('Tier');
    return { body: tier === undefined ? [] : await limitsIn(tier, group, tx) };
  },
};

type AnyInstance = APIInstance | GroupInstance;

async function instanceAsked(
  kind: InstanceKind,
  { apiId, apiGroupInstanceId }: CreateContractBody,
  tx: ReadTransaction,
): Promise<AnyInstance> {
  const field = kind === 'api' ? 'apiId' : 'apiGroupInstanceId';
  const written = kind === 'api' ? apiId : apiGroupInstanceId;
  if (written === undefined) throw invalid(`${field} is required`);
  const instance = await instanceOf(kind, written, tx);
  if (instance === undefined) throw invalid(`${field} ${written} does not exist`);
  return instance;
}

/** Checks that the request describes the asset as it is. The organisation is the asset's, not the caller's. */
async function checkCoordinates(instance: AnyInstance, asked: CreateContractBody, tx: ReadTransaction): Promise<void> {
  const { groupId, assetId, versionGroup } = instance;
  const asset = await assetOf(instance, tx);
  const same = asked.groupId === groupId && asked.assetId === assetId && asked.versionGroup === versionGroup;
  const versioned = hasVersion(asset, asked.version, versionGroup);
  if (!same || !versioned || asked.organizationId.toLowerCase() !== asset.organizationId) {
    throw invalid('The asset does not match the instance');
  }
  if (asked.environmentId !== undefined && asked.environmentId !== instance.environmentId) {
    throw invalid('environmentId does not match the instance');
  }
}

/** Parts of a call that say who acts, and when. */
type Acting = Pick<Call, 'now' | 'principal'>;

interface AccessAsked {
  readonly requestedTierId?: string | number | null;
  readonly acceptedTerms?: boolean;
}

/** Makes a contract, in force or pending as the tier has it. @throws Refusal invalid, 409 when there is one already */
export async function requestAccess(
  application: Application,
  kind: InstanceKind,
  instance: AnyInstance,
  { requestedTierId = null, acceptedTerms = false }: AccessAsked,
  { now, principal }: Acting,
  tx: WriteTransaction,
): Promise<Contract> {
  if (instance.deprecated) throw invalid('The instance is deprecated');
  if ('type' in instance && instance.type !== 'managed') throw invalid('The instance is not managed');
  const owner = await tx.get<Organization>(organizationKey(instance.organizationId));
  if (owner?.rootId !== application.masterOrganizationId) throw invalid('The instance does not exist');
  const terms = (await assetOf(instance, tx)).terms[instance.versionGroup] ?? null;
  if (terms !== null && !acceptedTerms) throw invalid('The terms have to be accepted');
  const others = await contractsOf(application.id, tx);
  if (others.some((each) => each.kind === kind && each.instanceId === instance.id)) {
    throw conflict('The application has a contract with the instance already');
  }
  const asked = await requestableTier({ kind, instanceId: instance.id }, requestedTierId, tx);
  const transition = transitionOf('request', 'NONE', { auto: asked?.autoApprove ?? true, changing: false });
  if (transition === undefined) throw conflict('Access cannot be requested');
  const blank: Contract = {
    id: await freshId('contracts', tx),
    applicationId: application.id,
    kind,
    instanceId: instance.id,
    status: 'PENDING',
    tierId: null,
    requestedTierId: null,
    approvedDate: null,
    rejectedDate: null,
    revokedDate: null,
    terms,
    created: now.toISOString(),
    updated: null,
  };
  const contract = { ...after(blank, transition, asked?.id ?? null, now), updated: null };
  await keepContract(contract, tx);
  const event = { at: contract.created, action: 'request', from: null, to: contract.status };
  await keepEvent('anypoint', contract.id, { ...event, by: principal.subject ?? '' }, tx);
  return contract;
}

/** The tier that is asked for; null where the instance has none. @throws Refusal invalid */
async function requestableTier(
  { kind, instanceId }: Pick<Contract, 'kind' | 'instanceId'>,
  written: string | number | null,
  tx: ReadTransaction,
): Promise<Tier | null> {
  const tiers = await tiersOf(kind, instanceId, tx);
  if (written === null) {
    if (tiers.some(({ status }) => status === 'ACTIVE')) throw invalid('requestedTierId is required: choose a tier');
    return null;
  }
  const tier = tiers.find(({ id }) => id === Number(written));
  if (tier === undefined) throw invalid('The tier does not belong to the instance');
  if (tier.status === 'DEPRECATED') throw invalid('The tier is deprecated');
  return tier;
}

/** The contract after an action; undefined when it is gone. @throws Refusal 409, when its state does not allow it */
export async function act(
  contract: Contract,
  action: Action,
  asked: Tier | null,
  { now, principal }: Acting,
  tx: WriteTransaction,
): Promise<Contract | undefined> {
  const { status, tierId, requestedTierId } = contract;
  const changing = status === 'APPROVED' && requestedTierId !== null;
  // Who wants the tier that is in force already wants no other.
  const auto = asked?.autoApprove === true || (asked !== null && asked.id === tierId);
  const transition = transitionOf(action, status, { auto, changing });
  if (transition === undefined) {
    throw new Refusal('invalid', `A contract that is ${status} does not allow this`, { status: 409 });
  }
  if (transition.to === 'NONE') {
    await dropContract(contract, tx);
    return undefined;
  }
  const changed = after(contract, transition, asked?.id ?? requestedTierId, now);
  await keepContract(changed, tx);
  const event = { at: now.toISOString(), action, from: status, to: changed.status, by: principal.subject ?? '' };
  await keepEvent('anypoint', contract.id, event, tx);
  return changed;
}

async function tiersTold({ kind, instanceId, tierId, requestedTierId }: Contract, tx: ReadTransaction) {
  const [tier, requested] = await Promise.all([
    tierOf(kind, instanceId, tierId, tx),
    tierOf(kind, instanceId, requestedTierId, tx),
  ]);
  return {
    ...(tier === undefined ? {} : { tier: await contractTier(tier, tx) }),
    ...(requested === undefined ? {} : { requestedTier: await contractTier(requested, tx) }),
  };
}

export async function listedContract(contract: Contract, tx: ReadTransaction) {
  return { id: contract.id, status: contract.status, ...(await tiersTold(contract, tx)) };
}

async function contractTold(contract: Contract, application: Application, tx: ReadTransaction) {
  const { id, kind, status, applicationId, instanceId } = contract;
  const api = kind === 'api' ? await instanceOf('api', instanceId, tx) : undefined;
  const group = kind === 'api' ? undefined : await instanceOf('api-group', instanceId, tx);
  return {
    id,
    status,
    applicationId,
    clientId: application.clientId,
    clientSecret: await secretOf(application, tx),
    ...(await tiersTold(contract, tx)),
    ...(api === undefined ? {} : { api: await apiTold(api, tx) }),
    ...(group === undefined ? {} : { apiGroupInstance: await groupTold(group, tx) }),
  };
}

async function apiTold(instance: APIInstance, tx: ReadTransaction) {
  const { id, organizationId, deprecated, groupId, assetId, assetVersion, versionGroup, environmentId } = instance;
  const { name: assetName } = await assetOf(instance, tx);
  const { name: environmentName } = await environmentOf(instance, tx);
  return {
    id,
    version: assetVersion,
    minorVersion: minorOf(assetVersion),
    organizationId,
    deprecated,
    groupId,
    assetId,
    assetVersion,
    productVersion: versionGroup,
    environmentId,
    // Anypoint prints the label so when there is none.
    fullname: `${assetName} - ${environmentName} - ${instance.label ?? 'undefined'}`,
    assetName,
    environmentName,
  };
}

async function groupTold(group: GroupInstance, tx: ReadTransaction) {
  const { name: assetName } = await assetOf(group, tx);
  const { name: environmentName } = await environmentOf(group, tx);
  return { ...groupParts(group), assetName, environmentName };
}

function groupParts(group: GroupInstance) {
  const { id, organizationId, environmentId, groupId, assetId, assetVersion, versionGroup, apiGroupVersionId } = group;
  return {
    id,
    organizationId,
    environmentId,
    groupId,
    assetId,
    assetVersion,
    productVersion: versionGroup,
    name: nameOf(group),
    apiGroupVersionId,
  };
}

/** Checks if the application has a contract of its own with each API of the group, and the group's is not needed. */
export async function conditionOf({ kind, applicationId, instanceId }: Contract, tx: ReadTransaction) {
  if (kind === 'api') return 'APPLIED' as const;
  const { members = [] } = (await instanceOf('api-group', instanceId, tx)) ?? {};
  const own = (await contractsOf(applicationId, tx)).filter((each) => each.kind === 'api');
  const covered = (id: number) => own.some((each) => each.instanceId === id && each.status === 'APPROVED');
  return members.length > 0 && members.every(covered) ? ('NOT_APPLIED' as const) : ('APPLIED' as const);
}

/** Returns the properties of a contract that answers with dates have, here and in API Manager. */
export async function datedParts(contract: Contract, { organizationId }: AnyInstance, tx: ReadTransaction) {
  const { id, status, approvedDate, rejectedDate, revokedDate, applicationId } = contract;
  const owner = await tx.get<Organization>(organizationKey(organizationId));
  return {
    audit: auditOf(contract),
    masterOrganizationId: owner?.rootId ?? organizationId,
    organizationId,
    id,
    status,
    approvedDate,
    rejectedDate,
    revokedDate,
    applicationId,
  };
}

export function applicationParts(application: Application) {
  const { id, name, description, url, clientId } = application;
  return { audit: auditOf(application), id, name, description, coreServicesId: clientId, url };
}

async function instanceContract(contract: Contract, application: Application, tx: ReadTransaction) {
  const { kind, instanceId, tierId, requestedTierId } = contract;
  const instance = await instanceOf(kind, instanceId, tx);
  if (instance === undefined) throw notFound('Instance');
  const dated = await datedParts(contract, instance, tx);
  const group = 'members' in instance ? instance : undefined;
  const api = 'members' in instance ? undefined : instance;
  const tiers = await tiersOf(kind, instanceId, tx);
  const actual = tiers.find(({ id }) => id === tierId);
  const possible = tiers.filter(({ id, status }) => id !== tierId && status === 'ACTIVE');
  return {
    ...dated,
    application: { ...applicationParts(application), clientProvider: {} },
    tierId,
    requestedTierId,
    apiVersionId: api?.id ?? null,
    apiVersion: api === undefined ? null : versionTold(api, dated.masterOrganizationId),
    partyId: null,
    partyName: null,
    condition: await conditionOf(contract, tx),
    ...(group === undefined ? {} : { apiGroupInstance: groupParts(group), apiGroupInstanceId: group.id }),
    ...(await tiersTold(contract, tx)),
    possibleTiers: await Promise.all(
      possible.map(async (each) => ({ ...(await contractTier(each, tx)), ...comparison(each, actual) })),
    ),
    versionGroup: instance.versionGroup,
    assetName: (await assetOf(instance, tx)).name,
  };
}

function versionTold(instance: APIInstance, masterOrganizationId: string) {
  const { organizationId, id, apiId, groupId, assetId, assetVersion } = instance;
  return { organizationId, id, apiId, masterOrganizationId, groupId, assetId, assetVersion };
}

/** How a tier of an API compares with that in force: by the slowest of the rates that its limits allow. */
function comparison(tier: Tier, actual: Tier | undefined) {
  if (actual === undefined || tier.kind === 'api-group') return {};
  const difference = rateOf(tier) - rateOf(actual);
  const words = difference > 0 ? 'LESS RESTRICTIVE' : difference < 0 ? 'MORE RESTRICTIVE' : 'EQUAL';
  return { compareToActual: words } as const;
}

function rateOf({ limits }: Tier): number {
  return Math.min(...limits.map(({ maximumRequests, timePeriodInMilliseconds: time }) => maximumRequests / time));
}
