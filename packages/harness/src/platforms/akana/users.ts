import type { Operations } from '@connectorkit/sdk/platforms/akana';
import { type Behaviours, type Principal, Refusal } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { contractItems, entity, feed, type Item, isWanted, picture, resourceItem } from './feeds.ts';
import { followingsOf } from './followers.ts';
import { boardOf, mark, type Notification, notificationsOf } from './notices.ts';
import {
  type Api,
  type ApiVersion,
  type App,
  type AppVersion,
  all,
  avatarOf,
  contractsOfApp,
  type Group,
  isApiAdmin,
  isBusinessAdmin,
  only,
  paged,
  type User,
  unknownId,
  userAt,
  versionsOf,
} from './records.ts';

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'getUser'
  | 'getUserAvatar'
  | 'getUserRoles'
  | 'getUserApis'
  | 'getUserApps'
  | 'getUserGroups'
  | 'getUserConnections'
  | 'getUserBoard'
  | 'getFollowings'
  | 'getNotifications'
  | 'getNotificationsCount'
  | 'changeNotificationState'
  | 'changeNotificationsState'
> = {
  getUser: async ({ path, principal }, tx) => {
    const { id, name, email } = await self(path.UserID, principal, tx);
    return { body: { UserID: id, UserName: name, Email: email, AvatarURL: `/api/users/avatar/${avatarOf(id)}` } };
  },

  getUserAvatar: async ({ path }) => ({ mediaType: 'image/svg+xml', body: picture(path.AvatarID) }),

  getUserRoles: async ({ path, query, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const { ResourceID: resource } = query;
    const there = resource === undefined ? [] : await rolesAt(resource, user, tx);
    return { body: { RoleName: [...new Set([...user.roles, ...there])] } };
  },

  getUserApis: async ({ path, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const apis = (await all<Api>('apis', tx)).filter((api) => !api.deleted && isApiAdmin(asPrincipal(user), api));
    return feed('APIs', await Promise.all(apis.map((api) => apiItem(api, tx))));
  },

  getUserApps: async ({ path, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    return feed('Apps', await Promise.all((await appsOf(user, tx)).map((app) => appItem(app, tx))));
  },

  getUserGroups: async ({ path, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    return feed('Groups', (await groupsOf(user, tx)).map(groupItem));
  },

  getUserConnections: async ({ path, principal, origin }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const asked = { principal, origin, endpoints: false };
    const item = await contractItems(asked, tx);
    const items: Item[] = [];
    for (const app of await appsOf(user, tx)) {
      for (const { id } of await versionsOf<AppVersion>('app-versions', app.id, tx)) {
        for await (const each of contractsOfApp(id, tx)) if (isWanted(each, asked)) items.push(await item(each));
      }
    }
    items.push(...(await groupsOf(user, tx)).map(groupItem));
    items.push(...(await followingsOf(user.id, tx)));
    return feed('Connections', items);
  },

  getUserBoard: async ({ path, query, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    return feed('Forum', paged(await boardItems(user.id, tx), query));
  },

  getFollowings: async ({ path, query, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    return feed('Followings', await followingsOf(user.id, tx, query.Type));
  },

  getNotifications: async ({ path, query, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const found = await notificationsOf(user.id, tx);
    return feed('Notifications', paged(found, query).map(notificationItem), found.length);
  },

  getNotificationsCount: async ({ path, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    return { body: String((await notificationsOf(user.id, tx)).length) };
  },

  changeNotificationState: async ({ path, body, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const state = String(body).trim();
    if (state !== 'read' && state !== 'archived')
      throw new Refusal('invalid', `[${state}] is no state of notifications.`);
    if (!(await mark(user.id, path.NotificationID, state, tx))) throw unknownId('notification', path.NotificationID);
    return { body: state };
  },

  changeNotificationsState: async ({ path, body, principal }, tx) => {
    const user = await self(path.UserID, principal, tx);
    const { State, NotificationID } = body as { State: 'read' | 'archived'; NotificationID: readonly string[] };
    for (const id of NotificationID) {
      if (!(await mark(user.id, id, State, tx))) throw unknownId('notification', id);
    }
    return { body: State };
  },
};

/** Users see their own; admins of the business, who are its site admins here, see everybody's. */
async function self(id: string, principal: Principal, tx: ReadTransaction): Promise<User> {
  const user = await userAt(id, tx);
  only(principal.subject === id || isBusinessAdmin(principal), `read [${id}]`);
  return user;
}

/** The user as one whom a session is for. */
function asPrincipal({ id, roles }: User): Principal {
  return { id: 0, scopes: roles, subject: id };
}

async function rolesAt(resource: string, { id }: User, tx: ReadTransaction): Promise<string[]> {
  const [apis, apps, groups] = await Promise.all([
    all<Api>('apis', tx),
    all<App>('apps', tx),
    all<Group>('groups', tx),
  ]);
  return [
    ...apis.flatMap((each) => (each.id === resource && each.admins.includes(id) ? ['ApiAdmin'] : [])),
    ...apps.flatMap((each) => (each.id === resource && each.team.includes(id) ? ['AppTeam'] : [])),
    ...groups.flatMap((each) => (each.id === resource && each.members.includes(id) ? ['GroupMember'] : [])),
  ];
}

async function appsOf({ id, roles }: User, tx: ReadTransaction): Promise<App[]> {
  const apps = await all<App>('apps', tx);
  return apps.filter(({ deleted, team }) => !deleted && (roles.includes('AppTeam') || team.includes(id)));
}

async function groupsOf({ id }: User, tx: ReadTransaction): Promise<Group[]> {
  return (await all<Group>('groups', tx)).filter(({ members }) => members.includes(id));
}

export async function apiItem({ id, name }: Api, tx: ReadTransaction): Promise<Item> {
  const newest = (await versionsOf<ApiVersion>('api-versions', id, tx)).at(-1);
  return resourceItem('api', id, name, newest === undefined ? [] : [entity('apiversion', newest.id, newest.name)]);
}

export async function appItem({ id, name }: App, tx: ReadTransaction): Promise<Item> {
  const newest = (await versionsOf<AppVersion>('app-versions', id, tx)).at(-1);
  return resourceItem('app', id, name, newest === undefined ? [] : [entity('app-version', newest.id, newest.name)]);
}

export function groupItem({ id, name, description }: Group): Item {
  return resourceItem('group', id, name, [], description);
}

/** The tickets of a forum as items. */
export async function boardItems(resource: string, tx: ReadTransaction): Promise<Item[]> {
  return (await boardOf(resource, tx)).map(({ id, title, status, opened_at, comments, contract }) => ({
    title,
    description: [status, ...comments.map(({ text }) => text)].join('\n'),
    pubDate: opened_at,
    category: [
      { value: 'board-item', domain: 'uddi:soa.com:resourcetype' },
      { value: status, domain: 'uddi:soa.com:ticketstatus' },
    ],
    guid: { value: id },
    EntityReferences: { EntityReference: [entity('contract', contract)] },
  }));
}

function notificationItem({ id, type, subject, text, about, at, state }: Notification): Item {
  return {
    title: subject,
    description: text,
    pubDate: at,
    category: [
      { value: 'contract', domain: 'uddi:soa.com:resourcetype' },
      { value: type, domain: 'uddi:soa.com:notificationtype' },
      { value: state, domain: 'uddi:soa.com:notificationstate' },
    ],
    guid: { value: id },
    EntityReferences: { EntityReference: [entity('contract', about)] },
  };
}
