import { operationsOf } from '@connectorkit/sdk/emulator';
import { anypoint as platform } from '@connectorkit/sdk/platforms/anypoint';
import {
  type AccessQueue,
  type AccessRole,
  type ActionDetails,
  type ContractFile,
  historyOf,
  inQueueOrder,
  type OfferedAction,
  type OwnRequest,
  type QueuedContract,
  requestFor,
} from '../../access/queue.ts';
import { Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { nameOf } from './assets.ts';
import { expanded, HARNESS_SUBJECT, ORGANIZATION, ROLES } from './credentials.ts';
import { type Action, transitionOf } from './lifecycle.ts';
import {
  type APIInstance,
  type Application,
  applicationKey,
  assetOf,
  type ConnectedApp,
  type Contract,
  connectedAppKey,
  environmentOf,
  type GroupInstance,
  type InstanceKind,
  instanceOf,
  type Organization,
  organizationKey,
  type Tier,
  tiersOf,
  type User,
  userKey,
} from './records.ts';

/** Application and API that a contract joins. */
interface Ends {
  readonly application: Application;
  readonly instance: APIInstance | GroupInstance;
  readonly tiers: readonly Tier[];
  /** True if the harness's own user belongs to the organisation of the API, and acts there with whatever role. */
  readonly managed: boolean;
  /** True if the application is that user's. */
  readonly mine: boolean;
}

/** How an action of the table is asked for. */
interface Asking {
  /** By the kind of the instance; absent where there is no operation for it. */
  readonly operations: { readonly [kind in InstanceKind]?: string };
  readonly side: 'managed' | 'mine';
  readonly body?: (tier: string | undefined) => unknown;
  readonly takes?: OfferedAction['takes'];
  readonly needs?: OfferedAction['needs'];
}

const UPDATE = { api: 'updateManagedContract', 'api-group': 'updateGroupContract' };
const DELETE = { api: 'deleteManagedContract', 'api-group': 'deleteGroupContract' };
const TIER = ['tier'] as const;
const status = (status: string) => (tier?: string) => ({ status, ...(tier === undefined ? {} : { tierId: tier }) });

/** Requests are made by applications, and are no action on a contract. */
const ASKINGS: Readonly<Record<Exclude<Action, 'request'>, Asking>> = {
  approve: { operations: UPDATE, side: 'managed', body: status('APPROVED'), takes: TIER },
  reject: { operations: UPDATE, side: 'managed', body: () => ({ status: 'REJECTED' }) },
  revoke: { operations: UPDATE, side: 'managed', body: () => ({ status: 'REVOKED' }) },
  restore: { operations: UPDATE, side: 'managed', body: () => ({ status: 'APPROVED' }) },
  approveTierChange: { operations: { api: 'approveTierChangeOfContract' }, side: 'managed' },
  rejectTierChange: { operations: { api: 'rejectTierChangeOfContract' }, side: 'managed' },
  assignTier: { operations: UPDATE, side: 'managed', body: (tierId) => ({ tierId }), takes: TIER, needs: TIER },
  changeTier: {
    operations: { api: 'changeContractTier', 'api-group': 'changeContractTier' },
    side: 'mine',
    body: (requestedTierId) => ({ requestedTierId }),
    takes: TIER,
    needs: TIER,
  },
  delete: { operations: DELETE, side: 'managed' },
};

const decides = (scopes: readonly string[]) => scopes.includes('contracts:write');

function may(role: string): string {
  const scopes = expanded([role]);
  const words = [
    ...(decides(scopes) ? ['decides about contracts'] : []),
    ...(!decides(scopes) && scopes.includes('group-contracts:write') ? ['decides about contracts of API groups'] : []),
    ...(scopes.includes('exchange:write') ? ['asks for other tiers'] : []),
  ];
  const sentence = words.length === 0 ? 'decides about nothing' : words.join(', and ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

export const access: AccessQueue = {
  roles: Object.keys(ROLES)
    .map((name): AccessRole => ({ name, may: may(name) }))
    // The one who may do everything is the first choice.
    .reverse(),

  list: async (role, tx) => {
    const all = await tx.list<Contract>(['anypoint', 'contracts']);
    const queued: QueuedContract[] = [];
    for (const { value } of all) {
      const ends = await endsOf(value, tx);
      if (ends !== undefined) queued.push(await queuedOf(value, ends, role, tx));
    }
    return inQueueOrder(queued);
  },

  show: async (id, role, tx) => {
    const found = await contractAt(id, tx);
    if (found === undefined) return undefined;
    const { contract, ends } = found;
    const { application, instance, tiers } = ends;
    const terms = (await assetOf(instance, tx)).terms[instance.versionGroup];
    const file: ContractFile = {
      ...(await queuedOf(contract, ends, role, tx)),
      description: application.description ?? '',
      requestedBy: await nameOfSubject(application.owner, tx),
      legals: terms === undefined ? [] : [{ title: terms, accepted: contract.terms !== null }],
      tiers: tiers.map(({ id: tier, name, status, autoApprove, limits }) => ({
        id: String(tier),
        name,
        status,
        automatic: autoApprove,
        limits: limits.map(({ maximumRequests, timePeriodInMilliseconds }) => ({
          requests: maximumRequests,
          milliseconds: timePeriodInMilliseconds,
        })),
      })),
      history: await Promise.all(
        (await historyOf('anypoint', contract.id, tx)).map(async (each) => ({
          ...each,
          by: await nameOfSubject(each.by, tx),
        })),
      ),
      // Anypoint sends e-mails, which nobody can read here.
      notices: [],
    };
    return file;
  },

  request: async (id, action, details, tx) => {
    const found = await contractAt(id, tx);
    const asking = Object.entries(ASKINGS).find(([name]) => name === action)?.[1];
    const operation = found && asking?.operations[found.contract.kind];
    if (found === undefined || asking === undefined || operation === undefined) {
      throw new Refusal('rejected', `A contract has no action ${action}.`);
    }
    return requestOf(operation, found.contract, found.ends, asking, details);
  },
};

/** The name of a user or of a connected app, by what `Principal.subject` has; that itself when they are gone. */
async function nameOfSubject(subject: string, tx: ReadTransaction): Promise<string> {
  const id = subject.slice(subject.indexOf(':') + 1);
  const user = await tx.get<User>(userKey(id));
  return user?.username ?? (await tx.get<ConnectedApp>(connectedAppKey(id)))?.name ?? subject;
}

function requestOf(
  operation: string,
  contract: Contract,
  { application, instance }: Ends,
  { side, body }: Asking,
  { tier }: ActionDetails,
): OwnRequest {
  const path = {
    organizationId: side === 'mine' ? application.masterOrganizationId : instance.organizationId,
    environmentId: instance.environmentId,
    instanceId: instance.id,
    apiGroupInstanceId: instance.id,
    apiVersionId: instance.id,
    ...('apiId' in instance ? { apiId: instance.apiId } : {}),
    applicationId: application.id,
    contractId: contract.id,
  };
  return requestFor(platform.contract, operation, path, body?.(tier));
}

async function contractAt(id: string, tx: ReadTransaction): Promise<{ contract: Contract; ends: Ends } | undefined> {
  const number = idIn(id);
  const all = await tx.list<Contract>(['anypoint', 'contracts']);
  const contract = all.find(({ value }) => value.id === number)?.value;
  const ends = contract && (await endsOf(contract, tx));
  return ends && { contract, ends };
}

/** Undefined when the application or the instance is gone. */
async function endsOf({ applicationId, kind, instanceId }: Contract, tx: ReadTransaction): Promise<Ends | undefined> {
  const application = await tx.get<Application>(applicationKey(applicationId));
  const instance = await instanceOf(kind, instanceId, tx);
  if (application === undefined || instance === undefined) return undefined;
  const organization = await tx.get<Organization>(organizationKey(instance.organizationId));
  return {
    application,
    instance,
    tiers: await tiersOf(kind, instanceId, tx),
    managed: organization?.rootId === ORGANIZATION,
    mine: application.owner === HARNESS_SUBJECT && application.masterOrganizationId === ORGANIZATION,
  };
}

async function queuedOf(contract: Contract, ends: Ends, role: string, tx: ReadTransaction): Promise<QueuedContract> {
  const { id, status: state, tierId, requestedTierId, updated, created } = contract;
  const { application, instance, tiers } = ends;
  const tierName = (wanted: number | null) => tiers.find((each) => each.id === wanted)?.name ?? null;
  return {
    id: String(id),
    api: { id: nameOf(instance), name: `${(await assetOf(instance, tx)).name} ${instance.versionGroup}` },
    application: { id: String(application.id), name: application.name },
    environment: (await environmentOf(instance, tx)).name,
    state,
    waits: state === 'PENDING' || (state === 'APPROVED' && requestedTierId !== null),
    tier: tierName(tierId),
    requestedTier: tierName(requestedTierId),
    changed: updated ?? created,
    actions: offered(contract, ends, role),
  };
}

/** Actions that the table allows in this state, and whose operations the role opens. */
function offered({ kind, status: state, requestedTierId }: Contract, ends: Ends, role: string): OfferedAction[] {
  const scopes = expanded([role]);
  const changing = state === 'APPROVED' && requestedTierId !== null;
  const hasTiers = ends.tiers.some((each) => each.status === 'ACTIVE');
  return Object.entries(ASKINGS).flatMap(([name, { operations, side, takes = [], needs = [] }]): OfferedAction[] => {
    const operation = operationsOf(platform.contract).get(operations[kind] ?? '');
    if (operation === undefined || !ends[side]) return [];
    if (!operation.scopes.every((each) => scopes.includes(each))) return [];
    const transition = transitionOf(name as Action, state, { auto: false, changing });
    if (transition === undefined) return [];
    if (needs.includes('tier') && !hasTiers) return [];
    return [{ name, takes: hasTiers ? takes : [], needs, final: transition.to === 'NONE' }];
  });
}
