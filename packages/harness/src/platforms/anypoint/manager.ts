import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import { type Behaviours, type Call, type Principal, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { act, applicationParts, conditionOf, datedParts, requestAccess } from './contracts.ts';
import { type Action, type Status, transitionOf } from './lifecycle.ts';
import {
  type APIInstance,
  type Application,
  applicationKey,
  type Contract,
  conflict,
  contractsWith,
  type GroupInstance,
  instanceOf,
  invalid,
  notFound,
  organizationAt,
  type Paging,
  paged,
  type Tier,
  tierOf,
} from './records.ts';
import { auditOf, contractTier, ownInstance } from './tiers.ts';

type OperationIds =
  | 'listManagedContracts'
  | 'createManagedContract'
  | 'getManagedContract'
  | 'updateManagedContract'
  | 'deleteManagedContract'
  | 'listGroupContracts'
  | 'createGroupContract'
  | 'getGroupContract'
  | 'updateGroupContract'
  | 'deleteGroupContract'
  | 'approveContract'
  | 'rejectContract'
  | 'revokeContract'
  | 'restoreContract'
  | 'approveTierChangeOfContract'
  | 'rejectTierChangeOfContract';

/** Contracts, as those see them who own the API: API Manager, and the older API Platform. */
export const behaviours: Pick<Behaviours<Operations>, OperationIds> = {
  listManagedContracts: async ({ path, query, principal }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const answers = (contract: Contract) => managedContract(contract, instance, tx);
    return { body: await listed(await contractsWith('api', instance.id, tx), query, answers) };
  },

  createManagedContract: async ({ path, body, principal, now }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const application = await applicationNamed(body.applicationId, principal, path.organizationId, tx);
    const contract = await requestAccess(application, 'api', instance, body, { now, principal }, tx);
    return { status: 201, body: await managedContract(contract, instance, tx) };
  },

  getManagedContract: async ({ path, principal }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    return { body: await managedContract(await contractAt(instance, path.contractId, tx), instance, tx) };
  },

  updateManagedContract: async ({ path, body, principal, now }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    const contract = await patched(await contractAt(instance, path.contractId, tx), body, { now, principal }, tx);
    return { body: await managedContract(contract, instance, tx) };
  },

  deleteManagedContract: async ({ path, principal, now }, tx) => {
    const instance = await ownInstance('api', path, principal, tx);
    await act(await contractAt(instance, path.contractId, tx), 'delete', null, { now, principal }, tx);
    return { status: 204, body: undefined };
  },

  listGroupContracts: async ({ path, query, principal }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const answers = (contract: Contract) => groupContract(contract, group, tx);
    return { body: await listed(await contractsWith('api-group', group.id, tx), query, answers) };
  },

  createGroupContract: async ({ path, body, principal, now }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const application = await applicationNamed(body.applicationId, principal, path.organizationId, tx);
    const contract = await requestAccess(application, 'api-group', group, body, { now, principal }, tx);
    return { status: 201, body: await groupContract(contract, group, tx) };
  },

  getGroupContract: async ({ path, principal }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    return { body: await groupContract(await contractAt(group, path.contractId, tx), group, tx) };
  },

  updateGroupContract: async ({ path, body, principal, now }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    const contract = await patched(await contractAt(group, path.contractId, tx), body, { now, principal }, tx);
    return { body: await groupContract(contract, group, tx) };
  },

  deleteGroupContract: async ({ path, principal, now }, tx) => {
    const group = await ownInstance('api-group', path, principal, tx);
    await act(await contractAt(group, path.contractId, tx), 'delete', null, { now, principal }, tx);
    return { status: 204, body: undefined };
  },

  approveContract: acting('approve'),
  rejectContract: acting('reject'),
  revokeContract: acting('revoke'),
  restoreContract: acting('restore'),
  approveTierChangeOfContract: acting('approveTierChange'),
  rejectTierChangeOfContract: acting('rejectTierChange'),
};

type AnyInstance = APIInstance | GroupInstance;

async function contractAt(instance: AnyInstance, written: string, tx: ReadTransaction): Promise<Contract> {
  const kind = 'members' in instance ? 'api-group' : 'api';
  const id = idIn(written);
  const contract = (await contractsWith(kind, instance.id, tx)).find((each) => each.id === id);
  if (contract === undefined) throw notFound('Contract');
  return contract;
}

/** Any application of the tree: the owner of an API lets others' in. */
async function applicationNamed(
  written: string | number,
  principal: Principal,
  organization: string,
  tx: ReadTransaction,
): Promise<Application> {
  const { rootId } = await organizationAt(organization, principal, tx);
  const application = await tx.get<Application>(applicationKey(Number(written)));
  if (application?.masterOrganizationId !== rootId) throw notFound('Application');
  return application;
}

interface ListQuery extends Paging {
  readonly query?: string;
  readonly status?: string;
  readonly coreServicesId?: string;
}

async function listed<Told extends { readonly id: number; readonly status: Status; readonly application: Named }>(
  contracts: readonly Contract[],
  query: ListQuery,
  answerOf: (contract: Contract) => Promise<Told>,
) {
  const all = await Promise.all(contracts.map(answerOf));
  const { query: part = '', status, coreServicesId } = query;
  const found = all.filter(
    ({ application, ...each }) =>
      application.name.toLowerCase().includes(part.toLowerCase()) &&
      (status === undefined || each.status === status) &&
      (coreServicesId === undefined || application.coreServicesId === coreServicesId),
  );
  return { total: found.length, contracts: paged(found, query) };
}

interface Named {
  readonly name: string;
  readonly coreServicesId: string;
}

/** Actions for a wanted status in each state: the first action that the table allows. */
const WANTED: Readonly<Record<Status, readonly Action[]>> = {
  PENDING: [],
  APPROVED: ['approve', 'restore'],
  REJECTED: ['reject'],
  REVOKED: ['revoke'],
};

interface Patch {
  readonly status?: Status;
  readonly tierId?: string | number;
}

async function patched(
  contract: Contract,
  { status, tierId }: Patch,
  acting: Pick<Call, 'now' | 'principal'>,
  tx: WriteTransaction,
): Promise<Contract> {
  const asked = tierId === undefined ? null : await tierNamed(contract, tierId, tx);
  const action = status === undefined ? 'assignTier' : actionFor(contract, status);
  if (asked !== null && action !== 'approve' && action !== 'assignTier') {
    throw invalid('tierId can be sent with an approval, or alone');
  }
  return (await act(contract, action, asked, acting, tx)) ?? contract;
}

function actionFor({ status }: Contract, wanted: Status): Action {
  const found = WANTED[wanted].find((each) => transitionOf(each, status, { auto: false, changing: false }));
  if (found === undefined) throw conflict(`A contract that is ${status} cannot become ${wanted}`);
  return found;
}

/** A tier of the instance, deprecated or not: its owner may give it. @throws Refusal invalid */
async function tierNamed({ kind, instanceId }: Contract, written: string | number, tx: ReadTransaction): Promise<Tier> {
  const tier = await tierOf(kind, instanceId, Number(written), tx);
  if (tier === undefined) throw invalid('The tier does not belong to the instance');
  return tier;
}

type LegacyPath = Operations['approveContract']['path'];
type LegacyBody = Operations['approveContract']['body'];

/** An action of the API Platform, where `versions` are what API Manager calls instances. */
function acting(action: Action) {
  return async (
    { path, body, principal, now }: Pick<Call, 'principal' | 'now'> & { path: LegacyPath; body: LegacyBody },
    tx: WriteTransaction,
  ) => {
    const { id: organization } = await organizationAt(path.organizationId, principal, tx);
    const instance = await instanceOf('api', path.apiVersionId, tx);
    const there = instance?.organizationId === organization && String(instance.apiId) === path.apiId;
    if (instance === undefined || !there) throw notFound('API version');
    const contract = await contractAt(instance, path.contractId, tx);
    const asked = body?.tierId === undefined ? null : await tierNamed(contract, body.tierId, tx);
    const changed = await act(contract, action, asked, { now, principal }, tx);
    if (changed === undefined) throw new Refusal('internal', 'The contract is gone.');
    return { status: 201, body: await managedContract(changed, instance, tx) };
  };
}

/** Returns the properties that answers have for every kind of contract. */
async function ownedParts(contract: Contract, instance: AnyInstance, tx: ReadTransaction) {
  const { kind, instanceId, applicationId, tierId, requestedTierId, terms } = contract;
  const application = await tx.get<Application>(applicationKey(applicationId));
  if (application === undefined) throw notFound('Application');
  const tier = await tierOf(kind, instanceId, tierId, tx);
  const requested = await tierOf(kind, instanceId, requestedTierId, tx);
  return {
    ...(await datedParts(contract, instance, tx)),
    application: applicationParts(application),
    tierId,
    tier: tier === undefined ? null : await ownersTier(tier, tx),
    requestedTierId,
    requestedTier: requested === undefined ? null : await ownersTier(requested, tx),
    terms,
    partyId: null,
    partyName: null,
  };
}

/** The tier of a contract as its owner is told it: with its times, and with limits that Exchange does not show. */
async function ownersTier(tier: Tier, tx: ReadTransaction) {
  const { limits: _, ...told } = { limits: [], ...(await contractTier(tier, tx)) };
  return { audit: auditOf(tier), ...told, ...(tier.kind === 'api' ? { limits: [...tier.limits] } : {}) };
}

async function managedContract(contract: Contract, instance: APIInstance, tx: ReadTransaction) {
  const { id } = instance;
  return { ...(await ownedParts(contract, instance, tx)), apiId: id, api: { audit: NO_AUDIT, id } };
}

async function groupContract(contract: Contract, group: GroupInstance, tx: ReadTransaction) {
  const { id, apiGroupVersionId, organizationId, environmentId, groupId, assetId, assetVersion, label } = group;
  return {
    ...(await ownedParts(contract, group, tx)),
    groupInstanceId: id,
    groupInstances: {
      audit: NO_AUDIT,
      id,
      groupVersionId: apiGroupVersionId,
      organizationId,
      environmentId,
      assetGroupId: groupId,
      assetId,
      assetVersion,
      groupInstanceLabel: label,
    },
    condition: await conditionOf(contract, tx),
  };
}

/** Instances tell no times. */
const NO_AUDIT = { created: {}, updated: {} };
