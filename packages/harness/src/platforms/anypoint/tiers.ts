import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import type { Behaviours, Principal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { membersOf } from './assets.ts';
import {
  type APIInstance,
  assetAt,
  conflict,
  contractsWith,
  freshId,
  type GroupInstance,
  type InstanceKind,
  instanceOf,
  instancesIn,
  invalid,
  type Limit,
  notFound,
  organizationAt,
  paged,
  type Tier,
  tierOf,
  tiersKey,
  tiersOf,
} from './records.ts';

type OperationIds =
  | 'listInstanceTiers'
  | 'listAPIGroupInstanceTiers'
  | 'listManagedTiers'
  | 'createManagedTier'
  | 'updateManagedTier'
  | 'deleteManagedTier'
  | 'listGroupTiers'
  | 'createGroupTier'
  | 'updateGroupTier'
  | 'deleteGroupTier';

/** SLA tiers: what Exchange shows of them, and what their owner does in API Manager. */
export const behaviours: Pick<Behaviours<Operations>, OperationIds> = {
  listInstanceTiers: async ({ path, principal }, tx) => {
    await assetAt(path, principal, tx);
    const instances = await instancesIn('api', path, tx);
    const id = idIn(path.instanceId);
    if (!instances.some((each) => each.id === id)) throw notFound('Instance');
    const tiers = await tiersOf('api', Number(id), tx);
    return { body: await Promise.all(tiers.map((each) => instanceTier(each, tx))) };
  },

  listAPIGroupInstanceTiers: async ({ path, principal }, tx) => {
    await assetAt(path, principal, tx);
    const id = idIn(path.apiGroupInstanceId);
    const groups = await instancesIn('api-group', path, tx);
    const group = groups.find((each) => each.id === id && each.environmentId === path.environmentId);
    if (group === undefined) throw notFound('API group instance');
    const tiers = await tiersOf('api-group', group.id, tx);
    return { body: await Promise.all(tiers.map((each) => groupInstanceTier(each, group, tx))) };
  },

  listManagedTiers: async ({ path, query, principal }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const tiers = named(await tiersOf('api', instance.id, tx), query.query);
    const answers = await Promise.all(tiers.map((each) => managedTier(each, instance, principal, tx)));
    return { body: { total: tiers.length, tiers: paged(answers, query) } };
  },

  createManagedTier: async ({ path, body, principal, now }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const tier = await addTier('api', instance.id, body, now, tx);
    return { status: 201, body: await managedTier(tier, instance, principal, tx) };
  },

  updateManagedTier: async ({ path, body, principal, now }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const tier = await changeTier('api', instance.id, path.tierId, body, now, tx);
    return { status: 201, body: await managedTier(tier, instance, principal, tx) };
  },

  deleteManagedTier: async ({ path, principal }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    return dropTier('api', instance.id, path.tierId, tx);
  },

  listGroupTiers: async ({ path, query, principal }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const tiers = named(await tiersOf('api-group', group.id, tx), query.query);
    const answers = await Promise.all(tiers.map((each) => ownGroupTier(each, group, principal, tx)));
    return { body: { total: tiers.length, tiers: paged(answers, query) } };
  },

  createGroupTier: async ({ path, body, principal, now }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const tier = await addTier('api-group', group.id, groupPayload(body, group), now, tx);
    return { status: 201, body: await ownGroupTier(tier, group, principal, tx) };
  },

  updateGroupTier: async ({ path, body, principal, now }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const tier = await changeTier('api-group', group.id, path.tierId, groupPayload(body, group), now, tx);
    return { status: 201, body: await ownGroupTier(tier, group, principal, tx) };
  },

  deleteGroupTier: async ({ path, principal }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    return dropTier('api-group', group.id, path.tierId, tx);
  },
};

interface OwnPath {
  readonly organizationId: string;
  readonly environmentId: string;
  readonly instanceId?: string;
  readonly apiGroupInstanceId?: string;
}

/** An instance at a path of API Manager. @throws Refusal not-found, when it is not in that environment */
export async function ownInstance<K extends InstanceKind>(
  kind: K,
  path: OwnPath,
  principal: Principal,
  tx: ReadTransaction,
) {
  const { id: organization } = await organizationAt(path.organizationId, principal, tx);
  const instance = await instanceOf(kind, path.instanceId ?? path.apiGroupInstanceId ?? '', tx);
  const there = instance?.organizationId === organization && instance.environmentId === path.environmentId;
  if (instance === undefined || !there) throw notFound('API instance');
  return instance;
}

function named(tiers: readonly Tier[], part = ''): Tier[] {
  return tiers.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
}

interface Payload {
  readonly name: string;
  readonly description?: string | null;
  readonly status: Tier['status'];
  readonly autoApprove?: boolean;
  readonly limits?: readonly WrittenLimit[];
  readonly limitsByApi?: readonly { readonly apiId: number; readonly limits: readonly WrittenLimit[] }[];
}

type WrittenLimit = Omit<Limit, 'visible'> & { readonly visible?: boolean };
type GroupPayload = Operations['createGroupTier']['body'];

/** @throws Refusal invalid, when a limit is that of an API that is not in the group */
function groupPayload({ defaultLimits = [], ...same }: GroupPayload, { members }: GroupInstance): Payload {
  const stranger = same.limitsByApi?.find(({ apiId }) => !members.includes(apiId));
  if (stranger !== undefined) throw invalid(`API ${stranger.apiId} is not in the group`);
  return { ...same, limits: defaultLimits };
}

async function addTier(
  kind: InstanceKind,
  instance: number,
  payload: Payload,
  now: Date,
  tx: WriteTransaction,
): Promise<Tier> {
  await uniqueName(kind, instance, payload.name, undefined, tx);
  const id = await freshId('tiers', tx);
  const blank = { id, kind, instanceId: instance, created: now.toISOString(), updated: null };
  return keep({ ...blank, ...written(payload) }, tx);
}

/** The whole of it is written; what is left out is as in a new one. */
async function changeTier(
  kind: InstanceKind,
  instance: number,
  id: string,
  payload: Payload,
  now: Date,
  tx: WriteTransaction,
): Promise<Tier> {
  const before = await tierAt(kind, instance, id, tx);
  await uniqueName(kind, instance, payload.name, before.id, tx);
  return keep({ ...before, ...written(payload), updated: now.toISOString() }, tx);
}

function written({ name, description = null, status, autoApprove = false, limits = [], limitsByApi = [] }: Payload) {
  return {
    name,
    description,
    status,
    autoApprove,
    limits: limits.map(whole),
    limitsByApi: limitsByApi.map(({ apiId, limits: own }) => ({ apiId, limits: own.map(whole) })),
  };
}

function whole({ visible = true, maximumRequests, timePeriodInMilliseconds }: WrittenLimit): Limit {
  return { visible, maximumRequests, timePeriodInMilliseconds };
}

async function uniqueName(
  kind: InstanceKind,
  instance: number,
  name: string,
  own: number | undefined,
  tx: ReadTransaction,
) {
  const tiers = await tiersOf(kind, instance, tx);
  if (tiers.some((each) => each.name === name && each.id !== own))
    throw conflict(`A tier with the name ${name} already exists`);
}

async function keep(tier: Tier, tx: WriteTransaction): Promise<Tier> {
  await tx.set([...tiersKey(tier.kind, tier.instanceId), tier.id], tier);
  return tier;
}

async function tierAt(kind: InstanceKind, instance: number, id: string, tx: ReadTransaction): Promise<Tier> {
  const tier = await tierOf(kind, instance, idIn(id) ?? null, tx);
  if (tier === undefined) throw notFound('Tier');
  return tier;
}

/** @throws Refusal 409, when a contract has it or wants it: it would have no limits */
async function dropTier(kind: InstanceKind, instance: number, written: string, tx: WriteTransaction) {
  const { id } = await tierAt(kind, instance, written, tx);
  const contracts = await contractsWith(kind, instance, tx);
  if (contracts.some(({ tierId, requestedTierId }) => tierId === id || requestedTierId === id)) {
    throw conflict('The tier has contracts');
  }
  await tx.delete([...tiersKey(kind, instance), id]);
  return { status: 204, body: undefined };
}

/** The applications for which it is in force. */
async function applicationCount({ id, kind, instanceId }: Tier, tx: ReadTransaction): Promise<number> {
  return (await contractsWith(kind, instanceId, tx)).filter(({ tierId }) => tierId === id).length;
}

/** The limits that who asks for access is shown. */
function shown(limits: readonly Limit[]) {
  return limits
    .filter(({ visible }) => visible)
    .map(({ timePeriodInMilliseconds, maximumRequests }) => ({ timePeriodInMilliseconds, maximumRequests }));
}

async function instanceTier(tier: Tier, tx: ReadTransaction) {
  const { id, name, description, limits, status, autoApprove, instanceId } = tier;
  const count = await applicationCount(tier, tx);
  return {
    id,
    name,
    description,
    limits: shown(limits),
    status,
    autoApprove,
    applicationCount: count,
    apiId: instanceId,
  };
}

async function groupInstanceTier(tier: Tier, group: GroupInstance, tx: ReadTransaction) {
  const { id, name, description, status, autoApprove } = tier;
  const count = await applicationCount(tier, tx);
  const limitsByApi = await limitsIn(tier, group, tx);
  return {
    id,
    apiGroupInstanceId: group.id,
    name,
    description,
    status,
    autoApprove,
    applicationCount: count,
    limitsByApi,
  };
}

/** Limits of each API of a group under a tier: its own, or those for all that have none. */
export async function limitsIn(tier: Tier, group: GroupInstance, tx: ReadTransaction) {
  const members = await membersOf(group, tx);
  return members.map(({ id, organizationId, groupId, assetId, assetVersion, versionGroup }) => ({
    apiId: id,
    organizationId,
    groupId,
    assetId,
    assetVersion,
    productVersion: versionGroup,
    limits: shown(tier.limitsByApi.find(({ apiId }) => apiId === id)?.limits ?? tier.limits),
  }));
}

/** A tier within a contract. */
export async function contractTier(tier: Tier, tx: ReadTransaction) {
  const { id, name, description, status, autoApprove } = tier;
  const group = tier.kind === 'api' ? undefined : await instanceOf('api-group', tier.instanceId, tx);
  if (group === undefined) return { id, name, description, limits: shown(tier.limits), status, autoApprove };
  const limitsByApi = await limitsIn(tier, group, tx);
  return { id, apiGroupInstanceId: group.id, name, description, status, autoApprove, limitsByApi };
}

export function auditOf({ created, updated }: { readonly created: string; readonly updated: string | null }) {
  return { created: { date: created }, updated: updated === null ? {} : { date: updated } };
}

/** Properties of a tier of either kind, before and after its limits. */
async function ownedPartsOf(
  tier: Tier,
  instance: APIInstance | GroupInstance,
  principal: Principal,
  tx: ReadTransaction,
) {
  const { rootId: masterOrganizationId, id: organizationId } = await organizationAt(
    instance.organizationId,
    principal,
    tx,
  );
  const { id, name, description, status, autoApprove } = tier;
  const before = { audit: auditOf(tier), masterOrganizationId, organizationId, id, name, description };
  return { before, rest: { status, autoApprove, applicationCount: await applicationCount(tier, tx) } };
}

async function managedTier(tier: Tier, instance: APIInstance, principal: Principal, tx: ReadTransaction) {
  const { before, rest } = await ownedPartsOf(tier, instance, principal, tx);
  return { ...before, limits: [...tier.limits], ...rest, apiId: instance.id };
}

async function ownGroupTier(tier: Tier, group: GroupInstance, principal: Principal, tx: ReadTransaction) {
  const { before, rest } = await ownedPartsOf(tier, group, principal, tx);
  const limitsByApi = tier.limitsByApi.map(({ apiId, limits }) => ({ apiId, limits: [...limits] }));
  return { ...before, groupInstanceId: group.id, defaultLimits: [...tier.limits], limitsByApi, ...rest };
}
