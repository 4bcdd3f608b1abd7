import { randomBytes } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/akana';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { Key, WriteTransaction } from '../../store/store.ts';
import { answerOf, create, happen } from './contracts.ts';
import { contractItems, feed, type Item, isTrue, isWanted, picture } from './feeds.ts';
import {
  type ApiVersion,
  type App,
  type AppVersion,
  all,
  apiVersionAt,
  appAt,
  appKey,
  appVersionAt,
  appVersionKey,
  avatarOf,
  type Contract,
  contractsOfApp,
  endsOf,
  freshId,
  isAppTeam,
  isBusinessAdmin,
  only,
  paged,
  settingsIn,
  userAt,
  versionsOf,
} from './records.ts';
import { boardItems } from './users.ts';

export const secretKey = (appVersion: string): Key => ['akana', 'secrets', appVersion];

/** Going to production, which the platform answers with the reserved action of the same meaning. */
const TO_PRODUCTION = 'app.action.switch.to.production';

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'createApp'
  | 'getApp'
  | 'deleteApp'
  | 'getAppBoard'
  | 'getAppVersion'
  | 'executeAppAction'
  | 'getAppContracts'
  | 'getSharedSecret'
  | 'regenerateSharedSecret'
  | 'getAppAvatar'
> = {
  createApp: async ({ body, principal, now }, tx) => {
    const { Name, VersionName = '1.0' } = body as { Name: string; VersionName?: string };
    const id = await freshId(tx);
    const user = await userAt(principal.subject ?? '', tx);
    const app: App = { id, name: Name, team: [user.id], avatar: avatarOf(id), deleted: false };
    const version: AppVersion = {
      id: await freshId(tx, randomName(40)),
      app: id,
      name: VersionName,
      environment: 'Sandbox',
    };
    await tx.set(appKey(id), app);
    await tx.set(appVersionKey(version.id), version);
    await renewSecret(version.id, tx);
    await connectAutomatically(app, version, user.id, now, tx);
    return { body: { ...appTold(app), AppVersion: await versionTold(version, tx) } };
  },

  getApp: async ({ path, query, principal }, tx) => {
    const app = await appAt(path.AppID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `read [${app.id}]`);
    const newest = (await versionsOf<AppVersion>('app-versions', app.id, tx)).at(-1);
    const version =
      isTrue(query.includeDefaultVersion) && newest ? { AppVersion: await versionTold(newest, tx) } : undefined;
    return { body: { ...appTold(app), ...version } };
  },

  deleteApp: async ({ path, principal, now }, tx) => {
    const app = await appAt(path.AppID, tx);
    only(isAppTeam(principal, app), `delete [${app.id}]`);
    for (const { id } of await versionsOf<AppVersion>('app-versions', app.id, tx)) {
      await happen('@AppDeleted', contractsOfApp(id, tx), now, tx);
      await tx.delete(secretKey(id));
    }
    await tx.set(appKey(app.id), { ...app, deleted: true });
    return { body: app.id };
  },

  getAppBoard: async ({ path, query, principal }, tx) => {
    const app = await appAt(path.AppID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `read [${app.id}]`);
    return feed('Forum', paged(await boardItems(app.id, tx), query));
  },

  getAppVersion: async ({ path, principal }, tx) => {
    const { version, app } = await appVersionAt(path.AppVersionID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `read [${version.id}]`);
    return { body: await versionTold(version, tx) };
  },

  executeAppAction: async ({ path, body, principal, now }, tx) => {
    const { version, app } = await appVersionAt(path.AppVersionID, tx);
    only(isAppTeam(principal, app), `execute actions of [${version.id}]`);
    const { ActionName } = body as { ActionName: string };
    if (ActionName !== TO_PRODUCTION || version.environment !== 'Sandbox') {
      throw new Refusal('rejected', `The action [${ActionName}] is not valid for the app version [${version.id}].`);
    }
    // The workflow asks what the app was before.
    await happen('@app_switch_to_production', contractsOfApp(version.id, tx), now, tx);
    await tx.set(appVersionKey(version.id), { ...version, environment: 'Production' });
    return { body: 'Production' };
  },

  getAppContracts: async ({ path, query, principal, origin, mediaType }, tx) => {
    const { version, app } = await appVersionAt(path.AppVersionID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `read [${version.id}]`);
    const asked = { ...query, principal, origin, endpoints: isTrue(query.IncludeAPIEndpoints) };
    const contracts: Contract[] = [];
    for await (const each of contractsOfApp(version.id, tx)) if (isWanted(each, asked)) contracts.push(each);
    if (/\+json$/.test(mediaType)) {
      return {
        body: { Contract: await Promise.all(contracts.map(async (each) => answerOf(each, await endsOf(each, tx)))) },
      };
    }
    const item = await contractItems(asked, tx);
    const items: Item[] = [];
    for (const each of contracts) items.push(await item(each));
    return feed('Application Contracts', items);
  },

  getSharedSecret: async ({ path, principal }, tx) => {
    const { version, app } = await appVersionAt(path.AppVersionID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `read the secret of [${version.id}]`);
    const SharedSecret = await tx.getSecret<string>(secretKey(version.id));
    if (SharedSecret === undefined) throw new Refusal('rejected', `[${version.id}] has no shared secret.`);
    return { body: { SharedSecret } };
  },

  regenerateSharedSecret: async ({ path, principal }, tx) => {
    const { version, app } = await appVersionAt(path.AppVersionID, tx);
    only(isAppTeam(principal, app) || isBusinessAdmin(principal), `change the secret of [${version.id}]`);
    await renewSecret(version.id, tx);
    return { body: version.id };
  },

  getAppAvatar: async ({ path }) => ({ mediaType: 'image/svg+xml', body: picture(path.AvatarID) }),
};

function randomName(length: number): string {
  return randomBytes(length * 2)
    .toString('base64url')
    .replace(/[-_]/g, '')
    .slice(0, length)
    .padEnd(length, '0');
}

export async function renewSecret(appVersion: string, tx: WriteTransaction): Promise<void> {
  await tx.setSecret(secretKey(appVersion), randomName(40));
}

function appTold({ id, name, avatar }: App) {
  return { AppID: id, Name: name, AvatarURL: `/api/apps/avatar/${avatar}` };
}

/** Identity of an app at gateways: the tenant and the id of the version, as in the samples of identities. */
async function versionTold({ id, app, name, environment }: AppVersion, tx: Parameters<typeof settingsIn>[0]) {
  const { tenant } = await settingsIn(tx);
  const identity = `${tenant}-${id.replace(/\.[^.]*$/, '')}`;
  return {
    AppVersionID: id,
    AppID: app,
    Name: name,
    State: 'com.soa.appversion.active',
    Environment: environment,
    RuntimeID: identity,
  };
}

async function connectAutomatically(app: App, appVersion: AppVersion, user: string, now: Date, tx: WriteTransaction) {
  for (const { id, automatic } of await all<ApiVersion>('api-versions', tx)) {
    if (!automatic) continue;
    const { version: apiVersion, api } = await apiVersionAt(id, tx);
    const ends = { api, apiVersion: { ...apiVersion, sandbox_auto: true }, app, appVersion };
    await create(ends, 'Sandbox', {}, user, now, tx);
  }
}
