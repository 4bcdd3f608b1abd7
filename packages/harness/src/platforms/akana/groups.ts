import type { Operations } from '@connectorkit/sdk/platforms/akana';
import type { Behaviours, Principal } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { feed, type Item, resourceItem } from './feeds.ts';
import {
  type Api,
  type App,
  all,
  freshId,
  type Group,
  groupAt,
  groupKey,
  isAppTeam,
  isBusinessAdmin,
  mayReadApi,
  only,
  paged,
  userAt,
} from './records.ts';
import { apiItem, appItem, groupItem } from './users.ts';

export const behaviours: Pick<
  Behaviours<Operations>,
  'createGroup' | 'getGroup' | 'deleteGroup' | 'getGroupMembers' | 'addGroupMember' | 'removeGroupMember' | 'search'
> = {
  createGroup: async ({ body, principal }, tx) => {
    const { Name, Description = '' } = body as { Name: string; Description?: string };
    const { id: user } = await userAt(principal.subject ?? '', tx);
    const group: Group = { id: await freshId(tx), name: Name, description: Description, members: [user] };
    await tx.set(groupKey(group.id), group);
    return { body: answerOf(group) };
  },

  getGroup: async ({ path }, tx) => ({ body: answerOf(await groupAt(path.GroupID, tx)) }),

  deleteGroup: async ({ path, principal }, tx) => {
    const group = await groupAt(path.GroupID, tx);
    only(leads(principal, group), `delete [${group.id}]`);
    await tx.delete(groupKey(group.id));
    return { body: group.id };
  },

  getGroupMembers: async ({ path }, tx) => {
    const { members } = await groupAt(path.GroupID, tx);
    const users = await Promise.all(members.map((id) => userAt(id, tx)));
    return feed(
      'Group Members',
      users.map(({ id, name }) => resourceItem('user', id, name)),
    );
  },

  addGroupMember: async ({ path, body, principal }, tx) => {
    const group = await groupAt(path.GroupID, tx);
    only(leads(principal, group), `invite to [${group.id}]`);
    const { id } = await userAt(String(body).trim(), tx);
    const members = [...new Set([...group.members, id])];
    await tx.set(groupKey(group.id), { ...group, members });
    return { body: String(members.length) };
  },

  removeGroupMember: async ({ path, principal }, tx) => {
    const group = await groupAt(path.GroupID, tx);
    const { id } = await userAt(path.UserID, tx);
    only(id === principal.subject || leads(principal, group), `remove [${id}] from [${group.id}]`);
    const members = group.members.filter((each) => each !== id);
    await tx.set(groupKey(group.id), { ...group, members });
    return { body: String(members.length) };
  },

  search: async ({ query, principal }, tx) => {
    const words = (query.q ?? '').split(/\s+/).filter((word) => word !== '');
    const type = words.find((word) => word.startsWith('type:'))?.slice('type:'.length);
    const text = words
      .filter((word) => !word.startsWith('type:'))
      .join(' ')
      .toLowerCase();
    const found = (await visible(type, principal, tx)).filter(({ title }) => title.toLowerCase().includes(text));
    return feed('Search Results', paged(found, query), found.length);
  },
};

/** Members of an independent group are equals. */
function leads(principal: Principal, { members }: Group): boolean {
  return members.includes(principal.subject ?? '') || isBusinessAdmin(principal);
}

function answerOf({ id, name, description }: Group) {
  return { GroupID: id, Name: name, Description: description };
}

/** Returns the groups of one type, or of all, that the caller may see. */
async function visible(type: string | undefined, principal: Principal, tx: ReadTransaction): Promise<Item[]> {
  const kinds: Readonly<Record<string, () => Promise<Item[]>>> = {
    api: async () => {
      const found: Item[] = [];
      for (const api of await all<Api>('apis', tx)) {
        if (!api.deleted && (await mayReadApi(principal, api, tx))) found.push(await apiItem(api, tx));
      }
      return found;
    },
    app: async () => {
      const apps = await all<App>('apps', tx);
      const seen = apps.filter((app) => !app.deleted && (isAppTeam(principal, app) || isBusinessAdmin(principal)));
      return Promise.all(seen.map((app) => appItem(app, tx)));
    },
    group: async () => (await all<Group>('groups', tx)).map(groupItem),
  };
  const wanted = Object.entries(kinds).filter(([kind]) => type === undefined || kind === type);
  return (await Promise.all(wanted.map(([, of]) => of()))).flat();
}
