import { createHash } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/anypoint';
import type { Behaviours, Call } from '../../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { clientSubject, LIFETIME, openSession, rolesOf, subjectOf } from './credentials.ts';
import {
  type Caller,
  callerOf,
  environmentKey,
  notFound,
  notYours,
  type Organization,
  type OrganizationEnvironment,
  organizationAt,
} from './records.ts';

/** Access Management: tokens, who they belong to, and environments. */
export const behaviours: Pick<
  Behaviours<Operations>,
  | 'login'
  | 'loginAtAPI'
  | 'createToken'
  | 'getCurrentUser'
  | 'getMe'
  | 'listEnvironments'
  | 'getEnvironment'
  | 'listUserRoles'
> = {
  login,
  loginAtAPI: login,

  createToken: async ({ body, now }, tx) => {
    const subject = await clientSubject(body.client_id, body.client_secret, tx);
    const access_token = await openSession(subject, now, tx);
    return { body: { access_token, expires_in: LIFETIME, token_type: 'bearer' } };
  },

  getCurrentUser: async ({ principal }, tx) => {
    const answers = await personOf(await callerOf(principal, tx), tx);
    return { body: { ...answers, user: answers } };
  },

  getMe: async ({ principal }, tx) => {
    const caller = await callerOf(principal, tx);
    if (caller.app === undefined) return { body: { user: await personOf(caller, tx) } };
    return { body: { client: { client_id: caller.id, name: caller.app.name, org_id: caller.root } } };
  },

  listEnvironments: async ({ path, principal }, tx) => {
    const { id } = await organizationAt(path.organizationId, principal, tx);
    const rows = await tx.list<OrganizationEnvironment>(['anypoint', 'environments', id]);
    const data = rows.map(({ value }) => environmentTold(value));
    return { body: { data, total: data.length } };
  },

  getEnvironment: async ({ path, principal }, tx) => {
    const { id } = await organizationAt(path.organizationId, principal, tx);
    const environment = await tx.get<OrganizationEnvironment>(environmentKey(id, path.environmentId));
    if (environment === undefined) throw notFound('Environment');
    return { body: environmentTold(environment) };
  },

  listUserRoles: async ({ path, principal }, tx) => {
    const { id: org } = await organizationAt(path.organizationId, principal, tx);
    if ((await callerOf(principal, tx)).id !== path.userId) throw notYours();
    const data = rolesOf(principal).map((name) => ({
      role_id: name.toLowerCase().replaceAll(' ', '-'),
      name,
      description: name,
      context_params: { org },
    }));
    return { body: { data, total: data.length } };
  },
};

type Credentials = Operations['login']['body'];

async function login({ body, now }: Pick<Call, 'now'> & { readonly body: Credentials }, tx: WriteTransaction) {
  const subject = await subjectOf(body.username, body.password, tx);
  const access_token = await openSession(subject, now, tx);
  return { body: { access_token, token_type: 'bearer', redirectUrl: '/home' } };
}

async function personOf({ id, root, user, app }: Caller, tx: ReadTransaction) {
  const rows = await tx.list<Organization>(['anypoint', 'organizations']);
  const tree = rows.map(({ value }) => value).filter(({ rootId }) => rootId === root);
  const organizations = tree
    .map((each) => organizationTold(each, tree, id))
    .sort((a, b) => Number(b.isRoot) - Number(a.isRoot));
  const alone: Organization = { id: root, name: '', rootId: root, federated: false };
  return {
    id,
    username: user?.username ?? app?.name ?? '',
    firstName: user?.firstName ?? app?.name ?? '',
    lastName: user?.lastName ?? '',
    email: user?.email ?? '',
    ...PROFILE,
    organizationId: root,
    organization: organizations[0] ?? organizationTold(alone, [alone], id),
    organizationPreferences: {},
    memberOfOrganizations: organizations,
    contributorOfOrganizations: organizations,
  };
}

const BEGINNING = '2026-01-01T00:00:00.000Z';

/** Profile of every user: no profiles are stored. */
const PROFILE = {
  createdAt: BEGINNING,
  updatedAt: BEGINNING,
  lastLogin: BEGINNING,
  previousLastLogin: BEGINNING,
  email_verified_at: BEGINNING,
  phoneNumber: '',
  ipAllowlistExcluded: false,
  enabled: true,
  deleted: false,
  idprovider_id: 'mulesoft',
  type: 'host',
  properties: {},
};

/** @param tree all organisations below the same root */
function organizationTold({ id, name, rootId, federated }: Organization, tree: readonly Organization[], owner: string) {
  const isRoot = id === rootId;
  return {
    id,
    name,
    isRoot,
    isMaster: isRoot,
    isFederated: federated,
    createdAt: BEGINNING,
    updatedAt: BEGINNING,
    ownerId: owner,
    clientId: clientIdOf(id),
    domain: id,
    idprovider_id: 'mulesoft',
    parentId: isRoot ? null : rootId,
    parentName: tree.find((each) => !isRoot && each.id === rootId)?.name ?? null,
    parentOrganizationIds: isRoot ? [] : [rootId],
    subOrganizationIds: isRoot ? tree.filter((each) => each.id !== id).map((each) => each.id) : [],
    tenantOrganizationIds: [],
    properties: { defaultAccessManagementUi: 'cs-ui' },
    subscription: { category: 'Developer', type: 'Free', expiration: BEGINNING },
  };
}

function environmentTold({ id, name, organizationId, type }: OrganizationEnvironment) {
  return { id, name, organizationId, isProduction: type === 'production', type, clientId: clientIdOf(id) };
}

/** 32 hexadecimal digits, made of the id, so that a harness is the same every time. */
function clientIdOf(id: string): string {
  return createHash('sha256').update(`client ${id}`).digest('hex').slice(0, 32);
}
