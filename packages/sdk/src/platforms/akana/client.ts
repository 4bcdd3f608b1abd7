import type { Operations } from '#generated/akana.js';
import { ConnectorError } from '../../diagnostics.ts';
import { lookUp } from '../../json.ts';
import { type Call, type Conventions, contractClient } from '../client.ts';
import { expectUnchanged } from '../expect-unchanged.ts';
import type {
  Access,
  AccessAction,
  AccessContract,
  AccessFilter,
  AccessRequest,
  Account,
  ContractState,
  Endpoint,
  HttpResponse,
} from '../platform.ts';
import { contract } from './contract/index.ts';
import { faultFromXML, feedFromXML, normalized } from './feed.ts';
import { type FeedRead, type ItemRead, READS, type ReadOperations, SECRET } from './reads.ts';
import { keepSession } from './session.ts';

export type { Operations };

const ACCEPT = {
  json: 'application/json, */*;q=0.1',
  xml: 'text/xml, application/json;q=0.5, */*;q=0.1',
} as const;

const conventions: Conventions = {
  contract,
  credentials: () => ({}),
  readError,
  parse,
  oneAsList: true,
  secret: SECRET,
  hints: {
    401: 'Check e-mail and password, or the token of the session; what a role may not do is answered like this as well.',
    500: 'Follow the platform’s message; it responds like this to unknown ids as well.',
  },
};

/** How Akana is spoken to, as far as the endpoint does not say it. */
export interface ClientOptions {
  /** Which tenant a session belongs to whose token does not say it (default: acmepaymentscorp). */
  readonly tenant?: string;
  /** Media type in which feeds are requested; both give the same (default: `json`). */
  readonly feeds?: 'json' | 'xml';
}

/**
 * Calls Akana's operations. Feeds are `Feed`s, whatever the server wrote them like.
 * The endpoint's token is `email:password`, the cookies of a session, or the value of the session's cookie.
 */
export function akanaClient(endpoint: Endpoint, { tenant, feeds = 'json' }: ClientOptions = {}): Call<ReadOperations> {
  const send = keepSession(endpoint, conventions, tenant);
  return contractClient<ReadOperations>({ ...conventions, accept: ACCEPT[feeds] }, { ...endpoint, send });
}

/** The same, but that what is read of the answers is held against the contract. */
type CheckedCall = Call<ReadOperations, typeof READS>;

function checkedClient(endpoint: Endpoint, { tenant, feeds = 'json' }: ClientOptions = {}): CheckedCall {
  const send = keepSession(endpoint, conventions, tenant);
  const checked = { ...conventions, accept: ACCEPT[feeds], reads: READS };
  return contractClient<ReadOperations, typeof READS>(checked, { ...endpoint, send });
}

/** Who a session belongs to. */
export async function akanaAccount(endpoint: Endpoint): Promise<Account> {
  const call = checkedClient(endpoint);
  const user = await currentUser(call);
  const [{ UserName: name, Email: email }, { RoleName: scopes }] = await Promise.all([
    call('getUser', { path: { UserID: user } }),
    call('getUserRoles', { path: { UserID: user } }),
  ]);
  return { name, ...(email ? { email } : {}), scopes: [scopes ?? []].flat() };
}

/** Renewing is how a session is asked for its user. */
async function currentUser(call: CheckedCall): Promise<string> {
  // It answers nothing when there is no session.
  const renewed = (await call('renewToken')) as { readonly userFDN?: string | null } | undefined;
  if (renewed?.userFDN) return renewed.userFDN;
  throw new ConnectorError('auth', {
    code: 'origin/unauthenticated',
    message: 'The session is not valid on the platform.',
    hint: 'Log in again, or use e-mail and password, joined by a colon, in place of the token.',
  });
}

/** Contracts between apps and APIs. APIs and apps are given by the ids of their versions, and found by name as well. */
export function akanaAccess(endpoint: Endpoint, options: ClientOptions = {}): Access {
  const call = checkedClient(endpoint, options);
  const show = (id: string) => showContract(call, id);
  return {
    list: (filter) => listContracts(call, filter),
    show,
    request: async (asked) => show(await requestContract(call, asked)),
    act: async (id, action, details = {}) => {
      if (details.seen !== undefined) expectUnchanged(`The contract ${id}`, await show(id), details.seen);
      if (action === 'revise') return show(await revise(call, id));
      await act(call, id, action, details.comment);
      return show(id);
    },
    credentials: async (id) => {
      const { RuntimeID, State } = await call('getContract', { path: { ContractID: id } });
      if (lookUp(STATES, State) !== 'active') return undefined;
      const path = { AppVersionID: RuntimeID };
      const [version, { SharedSecret }] = await Promise.all([
        call('getAppVersion', { path }),
        call('getSharedSecret', { path }),
      ]);
      return { clientId: version.RuntimeID, clientSecret: SharedSecret };
    },
  };
}

/** Akana's states, as far as they are more than a name with a word of ours. */
const STATES: Readonly<Record<string, ContractState>> = {
  'apicontract.status.pending_approval': 'pending',
  'apicontract.status.resubmitted': 'pending',
  'apicontract.status.config_pending': 'pending',
  'apicontract.status.approved': 'approved',
  'apicontract.status.activated': 'active',
  'apicontract.status.suspended': 'suspended',
  'apicontract.status.rejected': 'rejected',
};

const PREFIX = 'apicontract.action.';
/** Actions that have the same name in Akana's workflow and ours; its others are left out. */
const SHARED: readonly AccessAction[] = [
  'approve',
  'reject',
  'activate',
  'suspend',
  'resume',
  'cancel',
  'revise',
  'resubmit',
];

function actionsOf(names: readonly string[]): AccessAction[] {
  return SHARED.filter((action) => names.includes(`${PREFIX}${action}`));
}

async function listContracts(call: CheckedCall, filter: AccessFilter): Promise<readonly AccessContract[]> {
  const { api, application, environment, state } = filter;
  const query = { IncludeActions: 'true', ...(environment === undefined ? {} : { Environment: environment }) };
  const feeds: FeedRead[] = [];
  if (api !== undefined) {
    const { version } = await find(call, 'api', api);
    feeds.push(await call('getApiContracts', { path: { APIVersionID: version }, query }));
  } else {
    const versions = application === undefined ? await ownApps(call) : [(await find(call, 'app', application)).version];
    for (const AppVersionID of versions) feeds.push(await call('getAppContracts', { path: { AppVersionID }, query }));
  }
  const contracts = feeds.flatMap(({ channel }) => channel.item.map(contractFrom));
  const wanted = application === undefined || api === undefined ? undefined : await find(call, 'app', application);
  return contracts.filter(
    (each) =>
      (state === undefined || each.state === state) && (wanted === undefined || each.application.id === wanted.version),
  );
}

async function ownApps(call: CheckedCall): Promise<string[]> {
  const { channel } = await call('getUserApps', { path: { UserID: await currentUser(call) } });
  return channel.item.flatMap((item) => entity(item, 'app-version')?.Guid ?? []);
}

function category(item: Pick<ItemRead, 'category'>, domain: string): string | undefined {
  return item.category.find((each) => each.domain === domain)?.value;
}

function entity(item: ItemRead, type: string) {
  return item.EntityReferences?.EntityReference.find(
    (each) => category({ category: each.Category }, 'uddi:soa.com:resourcetype') === type,
  );
}

function contractFrom(item: ItemRead): AccessContract {
  const status = category(item, 'uddi:soa.com:wfstate') ?? '';
  const reported = (version: string, whole: string) => ({
    id: entity(item, version)?.Guid ?? '',
    title: entity(item, whole)?.Title ?? '',
  });
  return {
    id: item.guid.value,
    api: reported('apiversion', 'api'),
    application: reported('app-version', 'app'),
    environment: category(item, 'uddi:soa.com:environment') ?? null,
    tier: null,
    requestedTier: null,
    state: lookUp(STATES, status) ?? 'cancelled',
    status,
    actions: actionsOf((item.Actions ?? []).map(({ value }) => value)),
  };
}

async function showContract(call: CheckedCall, id: string): Promise<AccessContract> {
  const path = { ContractID: id };
  const [shown, api, app, names] = await Promise.all([
    call('getContract', { path }),
    call('getContractApiDetails', { path }),
    call('getContractAppDetails', { path }),
    validActions(call, id),
  ]);
  return {
    id: shown.ContractID,
    api: { id: shown.APIVersionID, title: api.Name },
    application: { id: shown.RuntimeID, title: app.Name },
    environment: shown.Environment,
    tier: null,
    requestedTier: null,
    state: lookUp(STATES, shown.State) ?? 'cancelled',
    status: shown.State,
    actions: actionsOf(names),
  };
}

async function validActions(call: CheckedCall, id: string): Promise<string[]> {
  const { Action } = await call('getWorkflowActions', { path: { ObjectID: id } });
  return [Action ?? []].flat().map(({ Value }) => Value);
}

async function requestContract(call: CheckedCall, asked: AccessRequest): Promise<string> {
  const api = await find(call, 'api', asked.api);
  const app = await find(call, 'app', asked.application);
  if (asked.acceptTerms === true) await acceptLegals(call, api.version, app.version);
  const environment = asked.environment ?? 'Sandbox';
  const { ContractID } = await call('requestContract', {
    body: {
      APIVersionID: api.version,
      RuntimeID: app.version,
      Environment: environment as 'Sandbox',
      ...(asked.comment === undefined ? {} : { Description: asked.comment }),
    },
  });
  return ContractID;
}

async function acceptLegals(call: CheckedCall, api: string, app: string): Promise<void> {
  const path = { APIVersionID: api };
  const { Document } = await call('getApiLegals', { path, query: { AgreementScopeID: app } });
  for (const { DocumentID, Accepted } of [Document ?? []].flat()) {
    if (!Accepted) await call('acceptApiLegal', { path, body: { DocumentID, AgreementScopeID: app } });
  }
}

/** A revision is a second contract between the same; the platform has no action for it. */
async function revise(call: CheckedCall, id: string): Promise<string> {
  const { APIVersionID, RuntimeID, Environment, ContractScope } = await call('getContract', {
    path: { ContractID: id },
  });
  const scope = ContractScope ? { ContractScope } : {};
  const made = await call('requestContract', { body: { APIVersionID, RuntimeID, Environment, ...scope } });
  return made.ContractID;
}

async function act(call: CheckedCall, id: string, action: AccessAction, comment = ''): Promise<void> {
  const names = await validActions(call, id);
  const ActionName = `${PREFIX}${action}`;
  if (names.includes(ActionName)) {
    await call('executeContractAction', { path: { ContractID: id }, body: { ActionName, Comments: comment } });
    return;
  }
  const valid = actionsOf(names);
  throw new ConnectorError('refused', {
    code: 'access/not-valid',
    message: `The contract ${id} does not allow this user the action ${action} now.`,
    hint: valid.length === 0 ? 'This user has no actions on it now.' : `Possible actions: ${valid.join(', ')}.`,
    found: action,
    ...(valid.length === 0 ? {} : { expected: valid.join(', ') }),
  });
}

type ResourceKind = 'api' | 'app';

/** How an API or an app is found: by the id of its version, by its own, or by its name. */
const LOOKUPS: Readonly<
  Record<ResourceKind, (call: CheckedCall, id: string) => readonly (() => Promise<string | undefined>)[]>
> = {
  api: (call, id) => [
    async () => (await call('getApiVersion', { path: { APIVersionID: id } })).APIVersionID,
    async () => {
      const found = await call('getApi', { path: { APIID: id }, query: { includeDefaultVersion: 'true' } });
      return found.APIVersion?.APIVersionID;
    },
  ],
  app: (call, id) => [
    async () => (await call('getAppVersion', { path: { AppVersionID: id } })).AppVersionID,
    async () => {
      const found = await call('getApp', { path: { AppID: id }, query: { includeDefaultVersion: 'true' } });
      return found.AppVersion?.AppVersionID;
    },
  ],
};

/** @throws ConnectorError refused `origin/not-found` when nothing that this user sees is called so, or several are */
async function find(call: CheckedCall, kind: ResourceKind, given: string): Promise<{ readonly version: string }> {
  // Ids end with their tenant, and have no spaces.
  const lookups = /^\S+\.[\w-]+$/.test(given) ? LOOKUPS[kind](call, given) : [];
  for (const lookup of lookups) {
    const version = await lookup().catch(notFound);
    if (version !== undefined) return { version };
  }
  const { channel } = await call('search', { query: { q: `type:${kind} ${given}` } });
  const named = channel.item.filter(({ title }) => title === given);
  const version = named[0] && entity(named[0], kind === 'api' ? 'apiversion' : 'app-version')?.Guid;
  if (version !== undefined && named.length === 1) return { version };
  throw new ConnectorError('refused', {
    code: 'origin/not-found',
    message:
      named.length > 1 ? `Several are called ${given}.` : `This user sees no ${kind} with the id or name ${given}.`,
    hint: 'Give the id of its version, such as 4iXro2Uxs2h4LviCshR9pK9w.acmepaymentscorp.',
    found: given,
  });
}

/** Ids that the platform does not know are refused with 500 like any failure. */
function notFound(error: unknown): undefined {
  if (error instanceof ConnectorError && error.kind === 'refused') return undefined;
  throw error;
}

function parse(text: string): unknown {
  return text.trimStart().startsWith('<') ? feedFromXML(text) : normalized(JSON.parse(text));
}

/** The fault's own words, in JSON or XML; text that is neither is reported as it is, cut short. */
function readError({ body }: HttpResponse): string | undefined {
  const text = body.trim();
  try {
    if (text.startsWith('<')) return faultFromXML(text);
    const { faultstring, message } = JSON.parse(text) as { faultstring?: unknown; message?: unknown };
    const words = faultstring ?? message;
    return typeof words === 'string' ? words : undefined;
  } catch {
    return text === '' ? undefined : text.slice(0, 200);
  }
}
