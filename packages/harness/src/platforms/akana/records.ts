import { createHash, randomUUID } from 'node:crypto';
import { type Principal, Refusal } from '../../emulator.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import type { AppEnvironment, Circumstances, Side, State } from './workflow.ts';

/** Records, their keys, how they are found, and who may see them. */

/** A site's settings. */
export interface Settings {
  /** With which every id ends, and the names of the cookies. */
  readonly tenant: string;
  /** True if reading and writing want the header against forgery. */
  readonly csrf_reads: boolean;
  readonly csrf_writes: boolean;
  /** True if public APIs can be read by anybody. */
  readonly anonymous_reads: boolean;
  /** How `Endpoints` and `Actions` stand in JSON: as the page says, or as a real client reads them. */
  readonly rss_nesting: 'array' | 'nested';
  readonly session_minutes: number;
  /** Prefix of links to pictures; the host of the request when it is empty. */
  readonly address: string;
}

const DEFAULTS: Settings = {
  tenant: 'acmepaymentscorp',
  csrf_reads: false,
  csrf_writes: true,
  anonymous_reads: false,
  rss_nesting: 'array',
  session_minutes: 30,
  address: '',
};

/** Roles that hold for all of a tenant; administrators of one API stand with the API. */
export type Role = 'ApiAdmin' | 'BusinessAdmin' | 'AppTeam' | 'Reader';
export const ROLES: readonly Role[] = ['ApiAdmin', 'BusinessAdmin', 'AppTeam', 'Reader'];

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

export interface Api {
  readonly id: string;
  readonly name: string;
  /** `Public`, `com.soa.visibility.registered.users`, or `Limited` to its admins and those who were invited. */
  readonly visibility: string;
  readonly admins: readonly string[];
  /** Users and groups. */
  readonly invited: readonly string[];
  readonly avatar: string;
  readonly deleted: boolean;
}

export interface ApiVersion {
  readonly id: string;
  readonly api: string;
  readonly name: string;
  readonly sandbox_auto: boolean;
  readonly production_auto: boolean;
  /** True if every new app is connected, in the sandbox, at once. */
  readonly automatic: boolean;
  readonly resource_level_permissions: boolean;
  readonly endpoints: readonly { readonly Category: string; readonly Uri: string }[];
  readonly legals: readonly { readonly id: string; readonly title: string }[];
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly team: readonly string[];
  readonly avatar: string;
  readonly deleted: boolean;
}

export interface AppVersion {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly environment: AppEnvironment;
}

export interface Contract {
  readonly id: string;
  /** The place among the contracts of its API version. */
  readonly n: number;
  readonly name: string;
  readonly description: string;
  readonly api_version: string;
  readonly app_version: string;
  readonly environment: AppEnvironment;
  readonly policies: readonly string[];
  readonly restricted: boolean;
  readonly licenses: readonly string[];
  readonly state: State;
  readonly status: string;
  /** The contract that it will replace. */
  readonly revises: string | null;
  readonly ticket: string;
  readonly requested_by: string;
  readonly updated_at: string;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly members: readonly string[];
}

const key = (...parts: Key): Key => ['akana', ...parts];

export const settingsKey = key('settings');
export const userKey = (id: string) => key('users', id);
export const emailKey = (email: string) => key('emails', email.toLowerCase());
export const apiKey = (id: string) => key('apis', id);
export const apiVersionKey = (id: string) => key('api-versions', id);
export const appKey = (id: string) => key('apps', id);
export const appVersionKey = (id: string) => key('app-versions', id);
export const groupKey = (id: string) => key('groups', id);
/** Contracts stand with their API version, so that a feed is a range; the locator finds one by its id. */
const contractKey = (apiVersion: string, n: number) => key('contracts', apiVersion, n);
export const locatorKey = (id: string) => key('contract', id);
const ofAppKey = (appVersion: string, n: number) => key('app-contracts', appVersion, n);
export const agreementKey = (appVersion: string, document: string) => key('agreements', appVersion, document);

export async function settingsIn(tx: ReadTransaction): Promise<Settings> {
  return { ...DEFAULTS, ...(await tx.get<Partial<Settings>>(settingsKey)) };
}

export async function freshId(tx: ReadTransaction, local: string = randomUUID()): Promise<string> {
  return `${local}.${(await settingsIn(tx)).tenant}`;
}

/** The next number of a kind of thing. */
export function nextNumber(kind: string, tx: WriteTransaction): Promise<number> {
  return tx.next(key('numbers', kind));
}

/** A picture's id, as the samples have them: an underscore and 22 letters and digits. */
export function avatarOf(id: string): string {
  return `_${createHash('sha256').update(id).digest('base64url').replace(/[-_]/g, '0').slice(0, 22)}`;
}

/** Ids that are not known, and those of another kind of thing, are refused alike. */
async function known<Row>(kind: string, id: string, at: Key, tx: ReadTransaction): Promise<Row> {
  const row = await tx.get<Row & { readonly deleted?: boolean }>(at);
  if (row === undefined || row.deleted === true) throw unknownId(kind, id);
  return row;
}

export function unknownId(kind: string, id: string): Refusal {
  return new Refusal('not-found', `There is no object of the type [${kind}] with the id [${id}].`);
}

export const userAt = (id: string, tx: ReadTransaction) => known<User>('user', id, userKey(id), tx);
export const apiAt = (id: string, tx: ReadTransaction) => known<Api>('api', id, apiKey(id), tx);
export const appAt = (id: string, tx: ReadTransaction) => known<App>('app', id, appKey(id), tx);
export const groupAt = (id: string, tx: ReadTransaction) => known<Group>('group', id, groupKey(id), tx);

export async function contractAt(id: string, tx: ReadTransaction): Promise<Contract> {
  const [apiVersion, n] = await known<readonly [string, number]>('contract', id, locatorKey(id), tx);
  return (await tx.get<Contract>(contractKey(apiVersion, n))) as Contract;
}

/** The place of a contract among those of its API version; undefined when there is none. */
export async function placeOf(id: string, tx: ReadTransaction): Promise<number | undefined> {
  return (await tx.get<readonly [string, number]>(locatorKey(id)))?.[1];
}

/** Writes a contract; one that is new finds its way into both collections. */
export async function keepContract(contract: Contract, tx: WriteTransaction): Promise<void> {
  const { id, n, api_version: apiVersion, app_version: appVersion } = contract;
  await tx.set(contractKey(apiVersion, n), contract);
  await tx.set(locatorKey(id), [apiVersion, n]);
  await tx.set(ofAppKey(appVersion, n), id);
}

export async function* contractsOfApi(apiVersion: string, tx: ReadTransaction): AsyncGenerator<Contract> {
  const limit = 500;
  for (let offset = 0; ; offset += limit) {
    const page = await tx.list<Contract>(key('contracts', apiVersion), { limit, offset });
    for (const { value } of page) yield value;
    if (page.length < limit) return;
  }
}

export async function* contractsOfApp(appVersion: string, tx: ReadTransaction): AsyncGenerator<Contract> {
  for (const { value } of await tx.list<string>(key('app-contracts', appVersion))) yield contractAt(value, tx);
}

/** The versions of an API or an app, the newest last. */
export async function versionsOf<Row extends ApiVersion | AppVersion>(
  kind: 'api-versions' | 'app-versions',
  owner: string,
  tx: ReadTransaction,
): Promise<Row[]> {
  const all = await tx.list<Row>(key(kind));
  return all.map(({ value }) => value).filter((each) => ('api' in each ? each.api : each.app) === owner);
}

/** The API version, with its API. @throws Refusal not-found */
export async function apiVersionAt(id: string, tx: ReadTransaction): Promise<{ version: ApiVersion; api: Api }> {
  const version = await known<ApiVersion>('apiversion', id, apiVersionKey(id), tx);
  return { version, api: await apiAt(version.api, tx) };
}

export async function appVersionAt(id: string, tx: ReadTransaction): Promise<{ version: AppVersion; app: App }> {
  const version = await known<AppVersion>('app-version', id, appVersionKey(id), tx);
  return { version, app: await appAt(version.app, tx) };
}

/** The two ends of a contract, even if they were deleted. */
export interface Ends {
  readonly api: Api;
  readonly apiVersion: ApiVersion;
  readonly app: App;
  readonly appVersion: AppVersion;
}

export async function endsOf({ api_version, app_version }: Contract, tx: ReadTransaction): Promise<Ends> {
  const apiVersion = (await tx.get<ApiVersion>(apiVersionKey(api_version))) as ApiVersion;
  const appVersion = (await tx.get<AppVersion>(appVersionKey(app_version))) as AppVersion;
  const api = (await tx.get<Api>(apiKey(apiVersion.api))) as Api;
  const app = (await tx.get<App>(appKey(appVersion.app))) as App;
  return { api, apiVersion, app, appVersion };
}

export function circumstancesOf(contract: Contract, { apiVersion, appVersion }: Ends, tenant: string): Circumstances {
  return {
    contract: contract.environment,
    app: appVersion.environment,
    emptyScope: contract.restricted && contract.licenses.length === 0,
    scoped: contract.restricted || apiVersion.resource_level_permissions,
    foreignApp: !appVersion.id.endsWith(`.${tenant}`),
  };
}

/** On which sides of a contract the caller stands. */
export function sidesOf(principal: Principal, { api, app }: Pick<Ends, 'api' | 'app'>): Side[] {
  return [
    ...(isApiAdmin(principal, api) ? (['ApiAdmin'] as const) : []),
    ...(isAppTeam(principal, app) ? (['AppSide'] as const) : []),
  ];
}

export function isBusinessAdmin({ scopes }: Principal): boolean {
  return scopes.includes('BusinessAdmin');
}

/** Admins of the business may do what admins of APIs may. */
export function isApiAdmin(principal: Principal, { admins }: Api): boolean {
  const { scopes, subject = '' } = principal;
  return scopes.includes('ApiAdmin') || isBusinessAdmin(principal) || admins.includes(subject);
}

export function isAppTeam({ scopes, subject = '' }: Principal, { team }: App): boolean {
  return scopes.includes('AppTeam') || team.includes(subject);
}

/** @throws Refusal forbidden, which Akana answers like a missing session */
export function only(allowed: boolean, what: string): void {
  if (!allowed) throw new Refusal('forbidden', `The user is not authorized to ${what}.`);
}

export async function mayReadApi(principal: Principal, api: Api, tx: ReadTransaction): Promise<boolean> {
  const { subject } = principal;
  if (api.visibility === 'Public') return true;
  if (subject === undefined) return false;
  if (api.visibility === 'com.soa.visibility.registered.users' || isApiAdmin(principal, api)) return true;
  for (const id of api.invited) {
    if (id === subject || (await tx.get<Group>(groupKey(id)))?.members.includes(subject)) return true;
  }
  return false;
}

/** @throws Refusal not-found, forbidden */
export async function readableApiVersion(
  id: string,
  principal: Principal,
  tx: ReadTransaction,
): Promise<{ version: ApiVersion; api: Api }> {
  const found = await apiVersionAt(id, tx);
  only(await mayReadApi(principal, found.api, tx), `read [${id}]`);
  return found;
}

/** Rows of a kind, each in the order of its key. */
export async function all<Row>(
  kind: 'users' | 'apis' | 'api-versions' | 'apps' | 'groups',
  tx: ReadTransaction,
): Promise<Row[]> {
  return (await tx.list<Row>(key(kind))).map(({ value }) => value);
}

/** `start` and `count` of a list. */
export function paged<Item>(
  items: readonly Item[],
  { start = '0', count }: { start?: string; count?: string },
): Item[] {
  const first = Number(start);
  return items.slice(first, count === undefined ? undefined : first + Number(count));
}
