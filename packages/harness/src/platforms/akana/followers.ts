import type { Operations } from '@connectorkit/sdk/platforms/akana';
import type { Behaviours, Call, Principal } from '../../emulator.ts';
import type { Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { category, entity, feed, type Item, imageOf } from './feeds.ts';
import {
  apiAt,
  appAt,
  avatarOf,
  groupAt,
  isApiAdmin,
  isAppTeam,
  isBusinessAdmin,
  mayReadApi,
  nextNumber,
  only,
  settingsIn,
  unknownId,
  userAt,
} from './records.ts';

type FollowedKind = 'api' | 'app' | 'group';

interface Follower {
  readonly id: string;
  readonly n: number;
  readonly user: string;
  readonly kind: FollowedKind;
  readonly resource: string;
  readonly title: string;
}

const followersKey = (resource: string, ...n: number[]): Key => ['akana', 'followers', resource, ...n];
const followingsKey = (user: string, ...n: number[]): Key => ['akana', 'followings', user, ...n];

/** A thing that can be followed: its name, and the caller's rights over its followers. */
interface Followed {
  readonly title: string;
  readonly reads: boolean;
  readonly administers: boolean;
}

const FOLLOWED: Readonly<
  Record<FollowedKind, (id: string, principal: Principal, tx: ReadTransaction) => Promise<Followed>>
> = {
  api: async (id, principal, tx) => {
    const api = await apiAt(id, tx);
    return { title: api.name, reads: await mayReadApi(principal, api, tx), administers: isApiAdmin(principal, api) };
  },
  app: async (id, principal, tx) => {
    const app = await appAt(id, tx);
    const team = isAppTeam(principal, app) || isBusinessAdmin(principal);
    return { title: app.name, reads: team, administers: team };
  },
  group: async (id, principal, tx) => {
    const { name, members } = await groupAt(id, tx);
    const member = members.includes(principal.subject ?? '') || isBusinessAdmin(principal);
    return { title: name, reads: true, administers: member };
  },
};

async function followers(kind: FollowedKind, id: string, { principal, origin }: Call, tx: ReadTransaction) {
  only((await FOLLOWED[kind](id, principal, tx)).reads, `read [${id}]`);
  const { address } = await settingsIn(tx);
  const items = (await rows(followersKey(id), tx)).map(async ({ id: guid, user }): Promise<Item> => {
    const { name } = await userAt(user, tx);
    return {
      title: name,
      category: [category('uddi:soa.com:resourcetype', 'follower')],
      guid: { value: guid },
      EntityReferences: { EntityReference: [entity('user', user, name)] },
      Image: imageOf(address || origin, 'user', avatarOf(user), `#/user/${user}/details`),
    };
  });
  return feed('Followers', await Promise.all(items));
}

async function follow(kind: FollowedKind, id: string, { principal, body }: Call, tx: WriteTransaction) {
  const { title, administers } = await FOLLOWED[kind](id, principal, tx);
  const { id: user } = await userAt(String(body).trim(), tx);
  // Apps are followed by users who may not list their followers.
  only(user === principal.subject || administers, `let [${user}] follow [${id}]`);
  if (kind === 'api') only((await FOLLOWED.api(id, principal, tx)).reads, `read [${id}]`);
  const before = await rows(followersKey(id), tx);
  if (before.some((each) => each.user === user)) return { body: String(before.length) };
  const n = await nextNumber('followers', tx);
  const follower = { id: `follower${n}.${(await settingsIn(tx)).tenant}`, n, user, kind, resource: id, title };
  await tx.set(followersKey(id, n), follower);
  await tx.set(followingsKey(user, n), follower);
  return { body: String(before.length + 1) };
}

async function unfollow(kind: FollowedKind, id: string, followerId: string, { principal }: Call, tx: WriteTransaction) {
  const { administers } = await FOLLOWED[kind](id, principal, tx);
  const before = await rows(followersKey(id), tx);
  const found = before.find((each) => each.id === followerId);
  if (found === undefined) throw unknownId('follower', followerId);
  only(found.user === principal.subject || administers, `remove [${followerId}]`);
  await tx.delete(followersKey(id, found.n));
  await tx.delete(followingsKey(found.user, found.n));
  return { body: String(before.length - 1) };
}

async function rows(prefix: Key, tx: ReadTransaction): Promise<Follower[]> {
  return (await tx.list<Follower>(prefix)).map(({ value }) => value);
}

/** Returns the items that a user follows. */
export async function followingsOf(user: string, tx: ReadTransaction, kind?: string): Promise<Item[]> {
  const found = await rows(followingsKey(user), tx);
  return found
    .filter((each) => kind === undefined || each.kind === kind)
    .map(({ id, resource, title, kind: type }) => ({
      title,
      category: [category('uddi:soa.com:resourcetype', 'following')],
      guid: { value: id },
      EntityReferences: {
        EntityReference: [
          { Title: title, Guid: resource, Category: [...entity(type, resource).Category, FOLLOWED_CATEGORY] },
        ],
      },
    }));
}

const FOLLOWED_CATEGORY = category('uddi:soa.com:relationship', 'followed');

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'getApiFollowers'
  | 'followApi'
  | 'unfollowApi'
  | 'getAppFollowers'
  | 'followApp'
  | 'unfollowApp'
  | 'getGroupFollowers'
  | 'followGroup'
  | 'unfollowGroup'
> = {
  getApiFollowers: (call, tx) => followers('api', call.path.APIID, call, tx),
  followApi: (call, tx) => follow('api', call.path.APIID, call, tx),
  unfollowApi: (call, tx) => unfollow('api', call.path.APIID, call.path.FollowerID, call, tx),
  getAppFollowers: (call, tx) => followers('app', call.path.AppID, call, tx),
  followApp: (call, tx) => follow('app', call.path.AppID, call, tx),
  unfollowApp: (call, tx) => unfollow('app', call.path.AppID, call.path.FollowerID, call, tx),
  getGroupFollowers: (call, tx) => followers('group', call.path.GroupID, call, tx),
  followGroup: (call, tx) => follow('group', call.path.GroupID, call, tx),
  unfollowGroup: (call, tx) => unfollow('group', call.path.GroupID, call.path.FollowerID, call, tx),
};
