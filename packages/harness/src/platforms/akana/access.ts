import { akana as platform } from '@connectorkit/sdk/platforms/akana';
import {
  type AccessQueue,
  type AccessRole,
  type ContractFile,
  historyOf,
  inQueueOrder,
  type Notice,
  type OfferedAction,
  type QueuedContract,
  requestFor,
} from '../../access/queue.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { agreementsOf } from './feeds.ts';
import type { Notification } from './notices.ts';
import {
  type Contract,
  circumstancesOf,
  contractAt,
  type Ends,
  endsOf,
  placeOf,
  type Role,
  settingsIn,
  sidesOf,
} from './records.ts';
import { CANCELLED, transition, validActions, WAITING } from './workflow.ts';

const MAY: Readonly<Record<Role, string>> = {
  ApiAdmin: 'Decides about the contracts of all APIs.',
  BusinessAdmin: 'Decides about the contracts of all APIs, and sees what everybody sees.',
  AppTeam: 'Resubmits and cancels the contracts of all apps.',
  Reader: 'Decides about nothing.',
};

const PREFIX = 'apicontract.action.';

export const access: AccessQueue = {
  roles: Object.entries(MAY).map(([name, may]): AccessRole => ({ name, may })),

  list: async (role, tx) => {
    const all = await tx.list<Contract>(['akana', 'contracts']);
    const { tenant } = await settingsIn(tx);
    const queued: QueuedContract[] = [];
    for (const { value } of all) queued.push(queuedOf(value, await endsOf(value, tx), role, tenant));
    return inQueueOrder(queued);
  },

  show: async (id, role, tx) => {
    if ((await placeOf(id, tx)) === undefined) return undefined;
    const contract = await contractAt(id, tx);
    const ends = await endsOf(contract, tx);
    const accepted = (await agreementsOf(ends, tx)).map((each) => each.id);
    const file: ContractFile = {
      ...queuedOf(contract, ends, role, (await settingsIn(tx)).tenant),
      description: contract.description,
      requestedBy: contract.requested_by,
      legals: ends.apiVersion.legals.map(({ id: document, title }) => ({
        title,
        accepted: accepted.includes(document),
      })),
      // Akana's licences limit what may be used; how often is none of its contracts'.
      tiers: [],
      history: await historyOf('akana', id, tx),
      notices: await noticesAbout(id, tx),
    };
    return file;
  },

  request: async (id, action, { comment = '' }) => {
    const body = { ActionName: `${PREFIX}${action}`, Comments: comment };
    return requestFor(platform.contract, 'executeContractAction', { ContractID: id }, body);
  },
};

function queuedOf(contract: Contract, ends: Ends, role: string, tenant: string): QueuedContract {
  const { id, environment, state, updated_at } = contract;
  const { api, apiVersion, app, appVersion } = ends;
  return {
    id,
    api: { id: apiVersion.id, name: `${api.name} ${apiVersion.name}`.trim() },
    application: { id: appVersion.id, name: `${app.name} ${appVersion.name}`.trim() },
    environment,
    state,
    waits: WAITING.includes(state),
    tier: null,
    requestedTier: null,
    changed: updated_at,
    actions: offered(contract, ends, role, tenant),
  };
}

/** Actions that move a contract to another state; editing it is none. */
function offered(contract: Contract, ends: Ends, role: string, tenant: string): OfferedAction[] {
  const circumstances = circumstancesOf(contract, ends, tenant);
  const sides = sidesOf({ id: 0, scopes: [role] }, ends);
  return validActions(contract.state, circumstances, sides).flatMap((name): OfferedAction[] => {
    const to = transition(name, contract.state, circumstances, sides)?.to;
    if (to === undefined) return [];
    return [{ name: name.slice(PREFIX.length), takes: ['comment'], needs: [], final: to === CANCELLED }];
  });
}

async function noticesAbout(contract: string, tx: ReadTransaction): Promise<Notice[]> {
  const all = await tx.list<Notification>(['akana', 'notifications']);
  return all
    .filter(({ value }) => value.about === contract)
    .map(({ key, value: { at, subject, text, state } }) => ({ at, to: String(key.at(-2)), subject, text, state }))
    .reverse();
}
