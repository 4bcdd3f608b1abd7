import type { Operations } from '@connectorkit/sdk/platforms/akana';
import { keepEvent } from '../../access/queue.ts';
import { type Behaviours, type Principal, Refusal } from '../../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { actionsFor } from './feeds.ts';
import { freshTicket, notify, openTicket, statusOf, updateTicket } from './notices.ts';
import {
  apiVersionAt,
  appVersionAt,
  type Contract,
  circumstancesOf,
  contractAt,
  contractsOfApp,
  type Ends,
  endsOf,
  freshId,
  isApiAdmin,
  isAppTeam,
  keepContract,
  mayReadApi,
  nextNumber,
  only,
  settingsIn,
  sidesOf,
} from './records.ts';
import { ACTIVATED, type AppEnvironment, CANCELLED, initial, LIVE, type Side, transition } from './workflow.ts';

type ContractAnswer = Operations['getContract']['answer'];
type Request = Operations['requestContract']['body'];

/** Terms of a contract, beside its two ends. */
interface Terms {
  readonly Name?: string;
  readonly Description?: string;
  readonly Policies?: { readonly Policy?: readonly { readonly PolicyKey: string }[] };
  readonly ContractScope?: { readonly Restricted?: boolean; readonly LicenseID?: readonly string[] };
}

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'requestContract'
  | 'getContract'
  | 'updateContract'
  | 'executeContractAction'
  | 'getContractApiDetails'
  | 'getContractAppDetails'
  | 'getWorkflowActions'
  | 'executeWorkflowAction'
> = {
  requestContract: async ({ body, principal, now }, tx) => {
    const asked = body as Request;
    const { version: apiVersion, api } = await apiVersionAt(asked.APIVersionID, tx);
    const { version: appVersion, app } = await appVersionAt(asked.RuntimeID, tx);
    only(isAppTeam(principal, app), `request access for [${app.id}]`);
    only(await mayReadApi(principal, api, tx), `read [${api.id}]`);
    const ends = { api, apiVersion, app, appVersion };
    const contract = await create(ends, asked.Environment, asked, principal.subject ?? '', now, tx);
    return { body: answerOf(contract, ends) };
  },

  getContract: async ({ path, principal }, tx) => {
    const { contract, ends } = await seen(path.ContractID, principal, tx);
    return { body: answerOf(contract, ends) };
  },

  updateContract: async ({ path, body, principal, now }, tx) => {
    const { contract, ends } = await seen(path.ContractID, principal, tx);
    const terms = body as Terms;
    // What is settled is changed by admins of the API alone; until then those of the app may, as the workflow says.
    if (!isApiAdmin(principal, ends.api) || !LIVE.includes(contract.state)) {
      const needed = terms.ContractScope === undefined ? 'edit' : 'editscope';
      await refuseInvalid(`apicontract.action.${needed}`, contract, ends, principal, tx);
    }
    const changed = { ...contract, ...fieldsOf(terms, contract), updated_at: now.toISOString() };
    await keepContract(changed, tx);
    return { body: answerOf(changed, ends) };
  },

  executeContractAction: async ({ path, body, principal, now }, tx) => {
    return { body: await execute(path.ContractID, body, principal, now, tx) };
  },

  getContractApiDetails: async ({ path, principal }, tx) => {
    const { api } = (await seen(path.ContractID, principal, tx)).ends;
    const avatar = `/api/apis/avatar/${api.avatar}`;
    return { body: { APIID: api.id, Name: api.name, Visibility: api.visibility, AvatarURL: avatar } };
  },

  getContractAppDetails: async ({ path, principal }, tx) => {
    const { app } = (await seen(path.ContractID, principal, tx)).ends;
    return { body: { AppID: app.id, Name: app.name, AvatarURL: `/api/apps/avatar/${app.avatar}` } };
  },

  getWorkflowActions: async ({ path, query, principal }, tx) => {
    const contract = await contractAt(path.ObjectID, tx);
    const ends = await endsOf(contract, tx);
    const names = actionsFor(contract, ends, principal, await settingsIn(tx));
    const reserved = query.IncludeReservedActions === 'true' ? await reservedActions(contract, ends, tx) : [];
    return { body: { Action: [...names, ...reserved].map((name) => ({ Value: name, Label: name })) } };
  },

  executeWorkflowAction: async ({ path, body, principal, now }, tx) => {
    return { body: await execute(path.ObjectID, body, principal, now, tx) };
  },
};

const RESERVED = ['@AppDeleted', '@ApiDeleted', '@app_switch_to_production'];

async function reservedActions(contract: Contract, ends: Ends, tx: ReadTransaction): Promise<string[]> {
  const circumstances = circumstancesOf(contract, ends, (await settingsIn(tx)).tenant);
  return RESERVED.filter((name) => transition(name, contract.state, circumstances, ['Platform']) !== undefined);
}

/** A contract, for those on one of its sides. @throws Refusal not-found, forbidden */
async function seen(
  id: string,
  principal: Principal,
  tx: ReadTransaction,
): Promise<{ contract: Contract; ends: Ends }> {
  const contract = await contractAt(id, tx);
  const ends = await endsOf(contract, tx);
  only(sidesOf(principal, ends).length > 0, `read [${id}]`);
  return { contract, ends };
}

/** Returns a contract as operations answer it. */
export function answerOf(contract: Contract, { apiVersion }: Pick<Ends, 'apiVersion'>): ContractAnswer {
  return {
    ContractID: contract.id,
    Name: contract.name,
    Description: contract.description,
    APIVersionID: contract.api_version,
    Endpoint: apiVersion.endpoints.filter(({ Category }) => Category === contract.environment),
    RuntimeID: contract.app_version,
    Environment: contract.environment,
    Policies: { Policy: contract.policies.map((PolicyKey) => ({ PolicyKey })) },
    State: contract.state,
    ContractScope: { Restricted: contract.restricted, LicenseID: [...contract.licenses] },
    Status: contract.status,
    Updated: contract.updated_at,
    UpdatedInMillis: Date.parse(contract.updated_at),
  };
}

function fieldsOf(
  terms: Terms,
  before: Pick<Contract, 'name' | 'description' | 'policies' | 'restricted' | 'licenses'>,
) {
  return {
    name: terms.Name ?? before.name,
    description: terms.Description ?? before.description,
    policies: terms.Policies?.Policy?.map(({ PolicyKey }) => PolicyKey) ?? before.policies,
    restricted: terms.ContractScope?.Restricted ?? before.restricted,
    licenses: terms.ContractScope?.LicenseID ?? before.licenses,
  };
}

/**
 * A contract begins, or, where there is one between the same for the same environment, a revision of it.
 * @throws Refusal rejected when there is a revision already
 */
export async function create(
  ends: Ends,
  environment: AppEnvironment,
  terms: Terms,
  requester: string,
  now: Date,
  tx: WriteTransaction,
): Promise<Contract> {
  const { api, apiVersion, app, appVersion } = ends;
  const before = await liveBetween(apiVersion.id, appVersion.id, environment, tx);
  if (before.length > 1) {
    const message = `There is a revision of the contract [${before[0]?.id}] already; only one is allowed at one time.`;
    throw new Refusal('rejected', message);
  }
  const auto = environment === 'Sandbox' ? apiVersion.sandbox_auto : apiVersion.production_auto;
  const { to, notifies } = initial({ contract: environment, app: appVersion.environment, auto });
  const revises = before[0]?.id ?? null;
  const blank = { name: `${app.name} - ${api.name}`, description: '', policies: [], restricted: false, licenses: [] };
  const contract: Contract = {
    id: await freshId(tx),
    n: await nextNumber('contracts', tx),
    ...fieldsOf(terms, before[0] ?? blank),
    api_version: apiVersion.id,
    app_version: appVersion.id,
    environment,
    state: to,
    status: statusOf(to, revises),
    revises,
    ticket: await freshTicket(tx),
    requested_by: requester,
    updated_at: now.toISOString(),
  };
  const kept = await settle(contract, now, tx);
  await openTicket(kept, ends, now.toISOString(), tx);
  await notify(notifies, kept, ends, now.toISOString(), tx);
  const began = { at: now.toISOString(), action: 'request', from: null, to: kept.state, by: requester };
  await keepEvent('akana', kept.id, began, tx);
  return kept;
}

async function liveBetween(apiVersion: string, appVersion: string, environment: AppEnvironment, tx: ReadTransaction) {
  const found: Contract[] = [];
  for await (const each of contractsOfApp(appVersion, tx)) {
    if (each.api_version === apiVersion && each.environment === environment && LIVE.includes(each.state)) {
      found.push(each);
    }
  }
  return found;
}

/** Writes a contract; a revision that is activated takes the place of what it revises. */
async function settle(contract: Contract, now: Date, tx: WriteTransaction): Promise<Contract> {
  const { revises, state } = contract;
  const replaces = revises !== null && state === ACTIVATED;
  const kept = { ...contract, ...(replaces ? { revises: null } : {}) };
  const written = { ...kept, status: statusOf(state, kept.revises) };
  await keepContract(written, tx);
  if (replaces) await end(await contractAt(revises, tx), now, tx);
  return written;
}

async function end(original: Contract, now: Date, tx: WriteTransaction): Promise<void> {
  const ended = { ...original, state: CANCELLED, status: statusOf(CANCELLED, null), updated_at: now.toISOString() };
  await keepContract(ended, tx);
  await updateTicket(ended, undefined, tx);
  const event = { at: ended.updated_at, action: 'replace', from: original.state, to: CANCELLED, by: '' };
  await keepEvent('akana', original.id, event, tx);
}

/** Performs a workflow action; returns the contract's state afterwards. */
async function execute(
  id: string,
  body: unknown,
  principal: Principal,
  now: Date,
  tx: WriteTransaction,
): Promise<string> {
  const { ActionName, Comments = '' } = body as { ActionName: string; Comments?: string };
  const contract = await contractAt(id, tx);
  const ends = await endsOf(contract, tx);
  const sides = sidesOf(principal, ends);
  only(sides.length > 0, `execute [${ActionName}] on [${id}]`);
  const said = { user: principal.subject ?? '', text: Comments };
  return (await perform(ActionName, contract, ends, sides, said, now, tx)).state;
}

/** @throws Refusal rejected when the action is not valid in this state, for this caller */
async function refuseInvalid(name: string, contract: Contract, ends: Ends, principal: Principal, tx: ReadTransaction) {
  const circumstances = circumstancesOf(contract, ends, (await settingsIn(tx)).tenant);
  if (transition(name, contract.state, circumstances, sidesOf(principal, ends)) === undefined)
    throw invalid(name, contract);
}

function invalid(name: string, { id, state }: Contract): Refusal {
  return new Refusal('rejected', `The action [${name}] is not valid for the contract [${id}] in the state [${state}].`);
}

/** @throws Refusal rejected */
async function perform(
  name: string,
  contract: Contract,
  ends: Ends,
  sides: readonly Side[],
  said: { readonly user: string; readonly text: string } | undefined,
  now: Date,
  tx: WriteTransaction,
): Promise<Contract> {
  const circumstances = circumstancesOf(contract, ends, (await settingsIn(tx)).tenant);
  const row = transition(name, contract.state, circumstances, sides);
  if (row === undefined) throw invalid(name, contract);
  const at = now.toISOString();
  const after = await settle({ ...contract, state: row.to ?? contract.state, updated_at: at }, now, tx);
  await updateTicket(after, said?.text ? { ...said, at } : undefined, tx);
  await notify(row.notifies, after, ends, at, tx);
  const comment = said?.text ? { comment: said.text } : {};
  const event = { at, action: name.replace('apicontract.action.', ''), from: contract.state, to: after.state };
  await keepEvent('akana', contract.id, { ...event, by: said?.user ?? '', ...comment }, tx);
  if (!LIVE.includes(after.state)) await freeRevision(after, tx);
  return after;
}

/** A revision whose original is gone stands on its own. */
async function freeRevision(original: Contract, tx: WriteTransaction): Promise<void> {
  const { api_version, app_version, environment } = original;
  for (const each of await liveBetween(api_version, app_version, environment, tx)) {
    if (each.revises !== original.id) continue;
    await keepContract({ ...each, revises: null, status: statusOf(each.state, null) }, tx);
  }
}

/** Something happened to what contracts join, and those that it concerns learn of it. */
export async function happen(
  name: '@AppDeleted' | '@ApiDeleted' | '@app_switch_to_production',
  contracts: AsyncIterable<Contract>,
  now: Date,
  tx: WriteTransaction,
): Promise<void> {
  const { tenant } = await settingsIn(tx);
  const found: Contract[] = [];
  for await (const each of contracts) found.push(each);
  for (const { id } of found) {
    const contract = await contractAt(id, tx);
    const ends = await endsOf(contract, tx);
    if (transition(name, contract.state, circumstancesOf(contract, ends, tenant), ['Platform']) === undefined) continue;
    await perform(name, contract, ends, ['Platform'], undefined, now, tx);
  }
}
