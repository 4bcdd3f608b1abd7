import { dropHistory } from '../../access/queue.ts';
import { type Principal, Refusal } from '../../emulator.ts';
import { idIn, idsOf } from '../../ids.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';

/** Records, their keys, and how they are found. */

export interface Organization {
  readonly id: string;
  readonly name: string;
  /** The organisation at the top of its tree: its own id when it is that. */
  readonly rootId: string;
  /** True if clients come from providers of the organisation's own. */
  readonly federated: boolean;
}

export interface OrganizationEnvironment {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly type: 'sandbox' | 'production' | 'design';
  /** Where the clients of its APIs come from; null is Anypoint itself. */
  readonly providerId: string | null;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** Its root organisation. */
  readonly organizationId: string;
  readonly roles: readonly string[];
}

/** A connected app that acts on its own behalf. */
export interface ConnectedApp {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly roles: readonly string[];
}

export interface Asset {
  readonly groupId: string;
  readonly assetId: string;
  readonly name: string;
  readonly type: 'rest-api' | 'api-group';
  readonly organizationId: string;
  /** The latest is the last. */
  readonly versions: readonly { readonly version: string; readonly versionGroup: string }[];
  /** By version group the terms that have to be accepted. */
  readonly terms: Readonly<Record<string, string>>;
}

export type InstanceKind = 'api' | 'api-group';

interface AnyInstance {
  readonly id: number;
  readonly organizationId: string;
  readonly groupId: string;
  readonly assetId: string;
  readonly assetVersion: string;
  readonly versionGroup: string;
  readonly environmentId: string;
  readonly label: string | null;
  readonly deprecated: boolean;
}

export interface APIInstance extends AnyInstance {
  /** The API that it is an instance of. */
  readonly apiId: number;
  readonly type: 'managed' | 'external' | 'mocked';
  readonly stage: string;
}

export interface GroupInstance extends AnyInstance {
  readonly apiGroupId: number;
  readonly apiGroupVersionId: number;
  readonly apiGroupName: string;
  readonly isPublic: boolean;
  /** The ids of the instances that are in it. */
  readonly members: readonly number[];
}

export interface Limit {
  readonly visible: boolean;
  readonly maximumRequests: number;
  readonly timePeriodInMilliseconds: number;
}

export interface Tier {
  readonly id: number;
  readonly kind: InstanceKind;
  readonly instanceId: number;
  readonly name: string;
  readonly description: string | null;
  /** Of an API; of a group those of its APIs that have none of their own. */
  readonly limits: readonly Limit[];
  /** Of a group, by instance. */
  readonly limitsByApi: readonly { readonly apiId: number; readonly limits: readonly Limit[] }[];
  readonly status: 'ACTIVE' | 'DEPRECATED';
  readonly autoApprove: boolean;
  readonly created: string;
  readonly updated: string | null;
}

export interface Application {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly redirectUri: readonly string[];
  readonly grantTypes: readonly GrantType[];
  readonly clientId: string;
  readonly providerId: string | null;
  readonly masterOrganizationId: string;
  /** Whoever created it, as `Principal.subject` has it. */
  readonly owner: string;
  readonly created: string;
  readonly updated: string | null;
}

type GrantType = 'password' | 'implicit' | 'client_credentials' | 'authorization_code' | 'refresh_token';

export interface Contract {
  readonly id: number;
  readonly applicationId: number;
  readonly kind: InstanceKind;
  readonly instanceId: number;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'REVOKED';
  /** The tier that is in force. */
  readonly tierId: number | null;
  readonly requestedTierId: number | null;
  readonly approvedDate: string | null;
  readonly rejectedDate: string | null;
  readonly revokedDate: string | null;
  /** The terms that were accepted. */
  readonly terms: string | null;
  readonly created: string;
  readonly updated: string | null;
}

const key = (...parts: Key): Key => ['anypoint', ...parts];

export const organizationKey = (id: string): Key => key('organizations', id);
export const environmentKey = (organization: string, id: string): Key => key('environments', organization, id);
export const userKey = (id: string): Key => key('users', id);
export const connectedAppKey = (id: string): Key => key('connected-apps', id);
export const assetKey = (groupId: string, assetId: string): Key => key('assets', groupId, assetId);
export const instanceKey = (kind: InstanceKind, id: number): Key => key('instances', kind, id);
/** The instances of an asset, so that a list is one range. */
const placedKey = (kind: InstanceKind, { groupId, assetId }: Coordinates): Key => key('placed', kind, groupId, assetId);
export const tiersKey = (kind: InstanceKind, instance: number): Key => key('tiers', kind, instance);
export const applicationKey = (id: number): Key => key('applications', id);
export const secretKey = (application: number): Key => key('secrets', application);
export const ownedKey = (owner: string): Key => key('owned', owner);
export const nameKey = (organization: string, name: string): Key => key('application-names', organization, name);
const contractsKey = (application: number): Key => key('contracts', application);
/** The contracts with an instance: which application each belongs to. */
const madeKey = (kind: InstanceKind, instance: number): Key => key('made', kind, instance);

interface Coordinates {
  readonly groupId: string;
  readonly assetId: string;
}

export const { freshId, take } = idsOf('anypoint');

export const notFound = (what: string) => new Refusal('not-found', `${what} not found`);
/** Refusal for a thing that belongs to another. */
export const notYours = () => new Refusal('forbidden', 'Unauthorized');
export const invalid = (words: string) => new Refusal('invalid', words);
export const conflict = (words: string) => new Refusal('invalid', words, { status: 409 });

/** Who calls: a user or a connected app, and the root organisation that it belongs to. */
export interface Caller {
  readonly id: string;
  readonly root: string;
  readonly user?: User;
  readonly app?: ConnectedApp;
}

/** @throws Refusal unauthenticated, when whom the token belongs to is no longer there */
export async function callerOf({ subject = '' }: Principal, tx: ReadTransaction): Promise<Caller> {
  const id = subject.slice(subject.indexOf(':') + 1);
  const isUser = subject.startsWith('user:');
  const user = isUser ? await tx.get<User>(userKey(id)) : undefined;
  const app = isUser ? undefined : await tx.get<ConnectedApp>(connectedAppKey(id));
  const root = (user ?? app)?.organizationId;
  if (root === undefined) throw new Refusal('unauthenticated', 'Unauthorized');
  return { id, root, ...(user === undefined ? {} : { user }), ...(app === undefined ? {} : { app }) };
}

/** The organisation at a path, when it is in the caller's tree. @throws Refusal forbidden */
export async function organizationAt(id: string, principal: Principal, tx: ReadTransaction): Promise<Organization> {
  const [organization, { root }] = await Promise.all([
    tx.get<Organization>(organizationKey(id)),
    callerOf(principal, tx),
  ]);
  if (organization?.rootId !== root) throw notYours();
  return organization;
}

/** The caller's root organisation, which is what stands in the paths of applications. @throws Refusal forbidden */
export async function rootAt(id: string, principal: Principal, tx: ReadTransaction): Promise<Organization> {
  const organization = await organizationAt(id, principal, tx);
  if (organization.id !== organization.rootId) throw notYours();
  return organization;
}

export async function environmentOf(
  { organizationId, environmentId }: Pick<AnyInstance, 'organizationId' | 'environmentId'>,
  tx: ReadTransaction,
): Promise<OrganizationEnvironment> {
  const environment = await tx.get<OrganizationEnvironment>(environmentKey(organizationId, environmentId));
  if (environment === undefined) throw notFound('Environment');
  return environment;
}

/** An asset of the caller's tree. @throws Refusal not-found */
export async function assetAt(
  { groupId, assetId }: Coordinates,
  principal: Principal,
  tx: ReadTransaction,
): Promise<Asset> {
  const asset = await tx.get<Asset>(assetKey(groupId, assetId));
  if (asset === undefined) throw notFound('Asset');
  const owner = await tx.get<Organization>(organizationKey(asset.organizationId));
  if (owner?.rootId !== (await callerOf(principal, tx)).root) throw notFound('Asset');
  return asset;
}

export async function assetOf(instance: Coordinates, tx: ReadTransaction): Promise<Asset> {
  const asset = await tx.get<Asset>(assetKey(instance.groupId, instance.assetId));
  if (asset === undefined) throw notFound('Asset');
  return asset;
}

export interface Instances {
  readonly api: APIInstance;
  readonly 'api-group': GroupInstance;
}

export async function instanceOf<K extends InstanceKind>(
  kind: K,
  written: string | number,
  tx: ReadTransaction,
): Promise<Instances[K] | undefined> {
  const id = idIn(written);
  return id === undefined ? undefined : tx.get<Instances[K]>(instanceKey(kind, id));
}

export async function keepInstance(
  kind: InstanceKind,
  instance: APIInstance | GroupInstance,
  tx: WriteTransaction,
): Promise<void> {
  await tx.set(instanceKey(kind, instance.id), instance);
  await tx.set([...placedKey(kind, instance), instance.versionGroup, instance.id], instance.id);
}

/** The instances of a version group of an asset, by ascending id. */
export async function instancesIn<K extends InstanceKind>(
  kind: K,
  { groupId, assetId, versionGroup }: Coordinates & { readonly versionGroup: string },
  tx: ReadTransaction,
): Promise<Instances[K][]> {
  const placed = await tx.list<number>([...placedKey(kind, { groupId, assetId }), versionGroup]);
  const found = await Promise.all(placed.map(({ value }) => instanceOf(kind, value, tx)));
  return found.filter((each) => each !== undefined);
}

export async function tiersOf(kind: InstanceKind, instance: number, tx: ReadTransaction): Promise<Tier[]> {
  return (await tx.list<Tier>(tiersKey(kind, instance))).map(({ value }) => value);
}

export async function tierOf(
  kind: InstanceKind,
  instance: number,
  id: number | null,
  tx: ReadTransaction,
): Promise<Tier | undefined> {
  return id === null ? undefined : tx.get<Tier>([...tiersKey(kind, instance), id]);
}

/** The application at a path. @throws Refusal not-found, or forbidden when it is another’s */
export async function applicationAt(
  { organizationId, applicationId }: { readonly organizationId: string; readonly applicationId: string },
  principal: Principal,
  tx: ReadTransaction,
): Promise<Application> {
  const { id: organization } = await rootAt(organizationId, principal, tx);
  const id = idIn(applicationId);
  const application = id === undefined ? undefined : await tx.get<Application>(applicationKey(id));
  if (application?.masterOrganizationId !== organization) throw notFound('Application');
  if (application.owner !== principal.subject) throw notYours();
  return application;
}

export async function secretOf({ id }: Application, tx: ReadTransaction): Promise<string> {
  return (await tx.getSecret<string>(secretKey(id))) ?? '';
}

export async function contractsOf(application: number, tx: ReadTransaction): Promise<Contract[]> {
  return (await tx.list<Contract>(contractsKey(application))).map(({ value }) => value);
}

/** All contracts with an instance, by ascending id. */
export async function contractsWith(kind: InstanceKind, instance: number, tx: ReadTransaction): Promise<Contract[]> {
  const made = await tx.list<number>(madeKey(kind, instance));
  const found = await Promise.all(
    made.map(({ key: parts, value }) => tx.get<Contract>([...contractsKey(value), Number(parts.at(-1))])),
  );
  return found.filter((each) => each !== undefined);
}

export async function keepContract(contract: Contract, tx: WriteTransaction): Promise<void> {
  const { id, applicationId, kind, instanceId } = contract;
  await tx.set([...contractsKey(applicationId), id], contract);
  await tx.set([...madeKey(kind, instanceId), id], applicationId);
}

export async function dropContract(
  { id, applicationId, kind, instanceId }: Contract,
  tx: WriteTransaction,
): Promise<void> {
  await tx.delete([...contractsKey(applicationId), id]);
  await dropHistory('anypoint', id, tx);
  await tx.delete([...madeKey(kind, instanceId), id]);
}

export interface Paging {
  readonly limit?: string;
  readonly offset?: string;
  readonly sort?: string;
  readonly ascending?: string;
}

const MOST = 250;

/** In the order of a field that they all have, which is `id` by default, and no more than 250. */
export function paged<Item extends { readonly id: number }>(items: readonly Item[], query: Paging): Item[] {
  const { limit = String(MOST), offset = '0', sort = 'id', ascending = 'true' } = query;
  const turn = ascending === 'false' ? -1 : 1;
  const field = (item: Item) => (item as Readonly<Record<string, unknown>>)[sort] ?? item.id;
  const ordered = [...items].sort((a, b) => turn * (compare(field(a), field(b)) || a.id - b.id));
  return ordered.slice(Number(offset), Number(offset) + Number(limit));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
