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
      context_params: { org },
    }));
    return { body: { data, total: data.length } };
  },
};

type Credentials = Operations['login']['body'];

async function login({ body, now }: Pick<Call, 'now'> & { readonly body: Credentials }, tx: WriteTransaction) {
  const subject = await subjectOf(body.username, body.password, tx);
  const access_token = await openSession(subject, now, tx);
  return { body: { access_token, token_type: 'bearer', redirectUrl: '/home/' } };
}

async function personOf({ id, root, user, app }: Caller, tx: ReadTransaction) {
  const rows = await tx.list<Organization>(['anypoint', 'organizations']);
  const organizations = rows
    .filter(({ value }) => value.rootId === root)
    .map(({ value: { id: each, name } }) => ({ id: each, name, isRoot: each === root }))
    .sort((a, b) => Number(b.isRoot) - Number(a.isRoot));
  const organization = organizations[0] ?? { id: root, name: '', isRoot: true };
  return {
    id,
    username: user?.username ?? app?.name ?? '',
    firstName: user?.firstName ?? app?.name ?? '',
    lastName: user?.lastName ?? '',
    email: user?.email ?? '',
    organizationId: root,
    organization,
    organizationPreferences: {},
    memberOfOrganizations: organizations,
  };
}

function environmentTold({ id, name, organizationId, type }: OrganizationEnvironment) {
  return { id, name, organizationId, isProduction: type === 'production', type, clientId: null };
}
