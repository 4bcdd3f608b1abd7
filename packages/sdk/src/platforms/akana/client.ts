import type { Operations } from '#generated/akana.js';
import { ConnectorError } from '../../diagnostics.ts';
import { lookUp } from '../../json.ts';
import { type Call, type Conventions, contractClient } from '../client.ts';
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
import { type Feed, type FeedItem, faultFromXML, feedFromXML, normalized } from './feed.ts';
import { keepSession } from './session.ts';

export type { Operations };

type Written = Operations['getConnectedApps']['answer'];

/** The operations as the client gives them: what may be written in several ways is told in one. */
export type Told = {
  readonly [Id in keyof Operations]: Omit<Operations[Id], 'answer'> & {
    readonly answer: Written extends Operations[Id]['answer'] ? Feed : Operations[Id]['answer'];
  };
};

const JSON_FIRST = 'application/json, */*;q=0.1';
const XML_FIRST = 'text/xml, application/json;q=0.5, */*;q=0.1';

const conventions: Conventions = {
  contract,
  credentials: () => ({}),
  readError,
  readAnswer,
  hints: {
    401: 'Check e-mail and password, or the token of the session; what a role may not do is answered like this as well.',
    500: 'Do what the platform says; ids that it does not know are answered like this as well.',
  },
};

/** How Akana is spoken to, as far as the endpoint does not say it. */
export interface ClientOptions {
  /** Which tenant a session belongs to whose token does not say it; acmepaymentscorp unless said. */
  readonly tenant?: string;
  /** What feeds are asked for in; they are told alike. `json` unless said. */
  readonly feeds?: 'json' | 'xml';
}

/**
 * Calls Akana's operations. Feeds are `Feed`s, whatever the server wrote them like.
 * The endpoint's token is `email:password`, the cookies of a session, or the value of the session's cookie.
 */
export function akanaClient(endpoint: Endpoint, { tenant, feeds = 'json' }: ClientOptions = {}): Call<Told> {
  const send = keepSession(endpoint, conventions, tenant);
  return contractClient<Told>(
    { ...conventions, accept: feeds === 'xml' ? XML_FIRST : JSON_FIRST },
    { ...endpoint, send },
  );
}

/** Who a session belongs to. */
export async function akanaAccount(endpoint: Endpoint): Promise<Account> {
  const call = akanaClient(endpoint);
  const user = await currentUser(call);
  const [{ UserName: name, Email: email }, { RoleName: scopes }] = await Promise.all([
    call('getUser', { path: { UserID: user } }),
    call('getUserRoles', { path: { UserID: user } }),
  ]);
  return { name, email, scopes };
}

/** Renewing is how a session is asked for its user. */
async function currentUser(call: Call<Told>): Promise<string> {
  const renewed = (await call('renewToken')) as { userFDN?: string } | string;
  if (typeof renewed === 'object' && typeof renewed.userFDN === 'string') return renewed.userFDN;
  throw new ConnectorError('auth', {
    code: 'origin/unauthenticated',
    message: 'There is no such session on the platform.',
    hint: 'Log in again, or give e-mail and password, joined by a colon, in place of the token.',
  });
}

/** Contracts between apps and APIs. APIs and apps are told by the ids of their versions, and found by name as well. */
export function akanaAccess(endpoint: Endpoint, options: ClientOptions = {}): Access {
  const call = akanaClient(endpoint, options);
  const show = (id: string) => showContract(call, id);
  return {
    list: (filter) => listContracts(call, filter),
    show,
    request: async (asked) => show(await requestContract(call, asked)),
    act: async (id, action, details = {}) => {
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
/** What Akana's workflow and ours call the same; others of its actions stay untold. */
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

async function listContracts(call: Call<Told>, filter: AccessFilter): Promise<readonly AccessContract[]> {
  const { api, application, environment, state } = filter;
  const query = { IncludeActions: 'true', ...(environment === undefined ? {} : { Environment: environment }) };
  const feeds: Feed[] = [];
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

async function ownApps(call: Call<Told>): Promise<string[]> {
  const { channel } = await call('getUserApps', { path: { UserID: await currentUser(call) } });
  return channel.item.flatMap((item) => entity(item, 'app-version')?.Guid ?? []);
}

function category(item: Pick<FeedItem, 'category'>, domain: string): string | undefined {
  return item.category.find((each) => each.domain === domain)?.value;
}

function entity(item: FeedItem, type: string) {
  return item.EntityReferences?.EntityReference.find(
    (each) => category({ category: each.Category }, 'uddi:soa.com:resourcetype') === type,
  );
}

function contractFrom(item: FeedItem): AccessContract {
  const status = category(item, 'uddi:soa.com:wfstate') ?? '';
  const told = (version: string, whole: string) => ({
    id: entity(item, version)?.Guid ?? '',
    title: entity(item, whole)?.Title ?? '',
  });
  return {
    id: item.guid.value,
    api: told('apiversion', 'api'),
    application: told('app-version', 'app'),
    environment: category(item, 'uddi:soa.com:environment') ?? null,
    tier: null,
    requestedTier: null,
    state: lookUp(STATES, status) ?? 'cancelled',
    status,
    actions: actionsOf((item.Actions ?? []).map(({ value }) => value)),
  };
}

async function showContract(call: Call<Told>, id: string): Promise<AccessContract> {
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

async function validActions(call: Call<Told>, id: string): Promise<string[]> {
  const { Action } = await call('getWorkflowActions', { path: { ObjectID: id } });
  return [Action ?? []].flat().map(({ Value }) => Value);
}

async function requestContract(call: Call<Told>, asked: AccessRequest): Promise<string> {
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

async function acceptLegals(call: Call<Told>, api: string, app: string): Promise<void> {
  const path = { APIVersionID: api };
  const { Document } = await call('getApiLegals', { path, query: { AgreementScopeID: app } });
  for (const { DocumentID, Accepted } of [Document ?? []].flat()) {
    if (!Accepted) await call('acceptApiLegal', { path, body: { DocumentID, AgreementScopeID: app } });
  }
}

/** A revision is a second contract between the same; the platform has no action for it. */
async function revise(call: Call<Told>, id: string): Promise<string> {
  const { APIVersionID, RuntimeID, Environment, ContractScope } = await call('getContract', {
    path: { ContractID: id },
  });
  const made = await call('requestContract', { body: { APIVersionID, RuntimeID, Environment, ContractScope } });
  return made.ContractID;
}

async function act(call: Call<Told>, id: string, action: AccessAction, comment = ''): Promise<void> {
  const names = await validActions(call, id);
  const ActionName = `${PREFIX}${action}`;
  if (names.includes(ActionName)) {
    await call('executeContractAction', { path: { ContractID: id }, body: { ActionName, Comments: comment } });
    return;
  }
  const valid = actionsOf(names);
  throw new ConnectorError('refused', {
    code: 'access/not-valid',
    message: `The contract ${id} cannot be told to ${action} by this user now.`,
    hint:
      valid.length === 0 ? 'There is nothing that this user may do with it now.' : `Valid are: ${valid.join(', ')}.`,
    found: action,
    ...(valid.length === 0 ? {} : { expected: valid.join(', ') }),
  });
}

type Kind = 'api' | 'app';

/** How an API or an app is found: by the id of its version, by its own, or by its name. */
const LOOKUPS: Readonly<
  Record<Kind, (call: Call<Told>, id: string) => readonly (() => Promise<string | undefined>)[]>
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
async function find(call: Call<Told>, kind: Kind, given: string): Promise<{ readonly version: string }> {
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

function readAnswer(text: string, mediaType: string): unknown {
  if (/[/+]json$/.test(mediaType)) return normalized(JSON.parse(text));
  return /[/+]xml$/.test(mediaType) && !mediaType.startsWith('image/') ? feedFromXML(text) : text;
}

/** The fault's own words, in JSON or XML; text that is neither is told as it is, cut short. */
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
