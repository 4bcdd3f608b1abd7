import type { Operations } from '@connectorkit/sdk/platforms/akana';
import type { Behaviours } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { answerOf, happen } from './contracts.ts';
import { agreementsOf, contractItems, type FeedQuery, feed, type Item, isTrue, isWanted, picture } from './feeds.ts';
import {
  type Api,
  type ApiVersion,
  type AppVersion,
  agreementKey,
  apiAt,
  apiKey,
  appVersionAt,
  type Contract,
  contractsOfApi,
  isApiAdmin,
  isAppTeam,
  mayReadApi,
  only,
  paged,
  readableApiVersion,
  unknownId,
  versionsOf,
} from './records.ts';
import { boardItems } from './users.ts';

type APIVersionAnswer = Operations['getApiVersion']['answer'];

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'getApi'
  | 'deleteApi'
  | 'getApiVersion'
  | 'getConnectedApps'
  | 'getApiContracts'
  | 'getApiLegals'
  | 'acceptApiLegal'
  | 'getApiBoard'
  | 'getApiAvatar'
> = {
  getApi: async ({ path, query, principal }, tx) => {
    const api = await apiAt(path.APIID, tx);
    only(await mayReadApi(principal, api, tx), `read [${api.id}]`);
    const version = isTrue(query.includeDefaultVersion) ? await newestOf(api, tx) : undefined;
    const avatar = `/api/apis/avatar/${api.avatar}`;
    const body = { APIID: api.id, Name: api.name, Visibility: api.visibility, AvatarURL: avatar };
    return { body: { ...body, ...(version === undefined ? {} : { APIVersion: versionTold(version, api, false) }) } };
  },

  deleteApi: async ({ path, principal, now }, tx) => {
    const api = await apiAt(path.APIID, tx);
    only(isApiAdmin(principal, api), `delete [${api.id}]`);
    for (const { id } of await versionsOf<ApiVersion>('api-versions', api.id, tx)) {
      await happen('@ApiDeleted', contractsOfApi(id, tx), now, tx);
    }
    await tx.set(apiKey(api.id), { ...api, deleted: true });
    return { body: '' };
  },

  getApiVersion: async ({ path, query, principal }, tx) => {
    const { version, api } = await readableApiVersion(path.APIVersionID, principal, tx);
    return { body: versionTold(version, api, isTrue(query.IncludeEndpoints)) };
  },

  getConnectedApps: async ({ path, query, principal, origin }, tx) => {
    const { version } = await readableApiVersion(path.APIVersionID, principal, tx);
    return feed('Apps Connected', await listed(version.id, { ...query, principal, origin, endpoints: true }, tx));
  },

  getApiContracts: async ({ path, query, principal, origin, mediaType }, tx) => {
    const { version } = await readableApiVersion(path.APIVersionID, principal, tx);
    const asked = { ...query, principal, origin, endpoints: true };
    const page = { start: query.start ?? query.Start ?? '0', count: query.count ?? query.Count ?? '' };
    const wanted = { start: page.start, ...(page.count === '' ? {} : { count: page.count }) };
    if (OBJECTS.test(mediaType)) {
      const contracts = paged(await contractsWanted(version.id, asked, tx), wanted);
      return { body: { Contract: contracts.map((each) => answerOf(each, { apiVersion: version })) } };
    }
    return feed('API Contracts', paged(await listed(version.id, asked, tx), wanted));
  },

  getApiLegals: async ({ path, query, principal }, tx) => {
    const { version } = await readableApiVersion(path.APIVersionID, principal, tx);
    const scope = query.AgreementScopeID;
    const appVersion = scope === undefined ? undefined : (await appVersionAt(scope, tx)).version;
    return { body: await legalsTold(version, appVersion, tx) };
  },

  acceptApiLegal: async ({ path, body, principal, now }, tx) => {
    const { version } = await readableApiVersion(path.APIVersionID, principal, tx);
    const { DocumentID, AgreementScopeID } = body as { DocumentID: string; AgreementScopeID: string };
    const { version: appVersion, app } = await appVersionAt(AgreementScopeID, tx);
    only(isAppTeam(principal, app), `accept agreements for [${app.id}]`);
    if (!version.legals.some(({ id }) => id === DocumentID)) throw unknownId('agreement', DocumentID);
    await tx.set(agreementKey(appVersion.id, DocumentID), { at: now.toISOString(), user: principal.subject });
    return { body: await legalsTold(version, appVersion, tx) };
  },

  getApiBoard: async ({ path, query, principal }, tx) => {
    const { version } = await readableApiVersion(path.APIVersionID, principal, tx);
    return feed('Forum', paged(await boardItems(version.id, tx), query));
  },

  getApiAvatar: async ({ path }) => ({ mediaType: 'image/svg+xml', body: picture(path.AvatarID) }),
};

/** The vendor's own names of JSON under which a list of objects is answered in place of a feed. */
const OBJECTS = /\+json$/;

/** The newest version is the one that is meant where none is named. */
async function newestOf(api: Api, tx: ReadTransaction): Promise<ApiVersion | undefined> {
  return (await versionsOf<ApiVersion>('api-versions', api.id, tx)).at(-1);
}

function versionTold(version: ApiVersion, api: Api, endpoints: boolean): APIVersionAnswer {
  return {
    APIVersionID: version.id,
    APIID: api.id,
    Name: version.name,
    State: 'com.soa.apiversion.active',
    Visibility: api.visibility,
    SandboxEndpointAccessAutoApproved: version.sandbox_auto,
    ProductionEndpointAccessAutoApproved: version.production_auto,
    SandboxAnonymousAccessAllowed: false,
    ProductionAnonymousAccessAllowed: false,
    ResourceLevelPermissionsSupported: version.resource_level_permissions,
    ...(endpoints ? { Endpoints: { Endpoint: [...version.endpoints] } } : {}),
  };
}

async function listed(apiVersion: string, asked: FeedQuery, tx: ReadTransaction): Promise<Item[]> {
  const item = await contractItems(asked, tx);
  const items: Item[] = [];
  for await (const contract of contractsOfApi(apiVersion, tx)) {
    if (isWanted(contract, asked)) items.push(await item(contract));
  }
  return items;
}

async function contractsWanted(apiVersion: string, asked: FeedQuery, tx: ReadTransaction): Promise<Contract[]> {
  const wanted: Contract[] = [];
  for await (const contract of contractsOfApi(apiVersion, tx)) if (isWanted(contract, asked)) wanted.push(contract);
  return wanted;
}

async function legalsTold(apiVersion: ApiVersion, appVersion: AppVersion | undefined, tx: ReadTransaction) {
  const accepted = appVersion === undefined ? [] : await agreementsOf({ apiVersion, appVersion }, tx);
  const Document = apiVersion.legals.map(({ id, title }) => ({
    DocumentID: id,
    Title: title,
    Accepted: accepted.some((each) => each.id === id),
  }));
  return { Document };
}
