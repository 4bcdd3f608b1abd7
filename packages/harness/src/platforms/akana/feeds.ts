import type { Operations } from '@connectorkit/sdk/platforms/akana';
import type { Principal } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import {
  type ApiVersion,
  agreementKey,
  type Contract,
  circumstancesOf,
  type Ends,
  endsOf,
  type Settings,
  settingsIn,
  sidesOf,
} from './records.ts';
import { ACTIVATED, LIVE, validActions } from './workflow.ts';

/** Contents of feeds, as the JSON that the contract describes; its XML is made of the same. */

type Feed = Operations['getConnectedApps']['answer'];
export type Item = Feed['channel']['item'][number];

/** Types say `[]` and `{ … }` for what may be either; both are made here alone. */
type Nesting = Settings['rss_nesting'];

export function feed(title: string, item: readonly Item[], totalResults?: number): { readonly body: Feed } {
  const channel = { title, ...(totalResults === undefined ? {} : { totalResults }), item: [...item] };
  return { body: { channel, version: '1.0' } };
}

export function category(domain: string, value: string) {
  return { value, domain };
}

const TYPE = 'uddi:soa.com:resourcetype';
const PERMISSIONS = 'uddi:soa.com:api:resource-level-permissions';

/** Something that an item speaks of. */
export function entity(type: string, Guid: string, Title?: string) {
  return { ...(Title === undefined ? {} : { Title }), Guid, Category: [category(TYPE, type)] };
}

/** An item that is a resource of its own. */
export function resourceItem(
  type: string,
  guid: string,
  title: string,
  references: readonly ReturnType<typeof entity>[] = [],
  description?: string,
): Item {
  return {
    title,
    ...(description === undefined ? {} : { description }),
    category: [category(TYPE, type)],
    guid: { value: guid },
    EntityReferences: { EntityReference: [entity(type, guid, title), ...references] },
  };
}

/** With which contracts a feed is made, and how they are answered. */
export interface FeedQuery {
  readonly ActivatedOnly?: string;
  readonly Environment?: string;
  readonly IncludeActions?: string;
  readonly endpoints: boolean;
  readonly principal: Principal;
  /** The address that the request was sent to. */
  readonly origin: string;
}

/** Anything but `true` is false. */
export function isTrue(flag: string | undefined): boolean {
  return flag === 'true';
}

/** Checks if a contract is listed, and wanted. */
export function isWanted({ state, environment }: Contract, { ActivatedOnly, Environment }: FeedQuery): boolean {
  if (!LIVE.includes(state)) return false;
  if (isTrue(ActivatedOnly) && state !== ACTIVATED) return false;
  return Environment === undefined || Environment === '' || Environment.toLowerCase() === environment.toLowerCase();
}

/** Tells contracts as items; what several of them join is looked up once. */
export async function contractItems(
  asked: FeedQuery,
  tx: ReadTransaction,
): Promise<(contract: Contract) => Promise<Item>> {
  const settings = await settingsIn(tx);
  const origin = settings.address || asked.origin;
  const found = new Map<string, Ends>();
  const ends = async (contract: Contract) => {
    const joined = `${contract.api_version} ${contract.app_version}`;
    const known = found.get(joined) ?? (await endsOf(contract, tx));
    found.set(joined, known);
    return known;
  };
  return async (contract) => {
    const joined = await ends(contract);
    const item = bareItem(contract, joined, await agreementsOf(joined, tx), origin);
    const uris = joined.apiVersion.endpoints.filter(({ Category }) => Category === contract.environment);
    if (asked.endpoints && uris.length > 0) item.Endpoints = nested('Endpoint', uris, settings.rss_nesting);
    if (isTrue(asked.IncludeActions)) {
      const names = actionsFor(contract, joined, asked.principal, settings);
      const actions = names.map((name) => ({ value: name, label: name }));
      item.Actions = nested('Action', actions, settings.rss_nesting);
    }
    return item;
  };
}

/** Returns the actions that the caller may perform on it now. */
export function actionsFor(contract: Contract, ends: Ends, principal: Principal, { tenant }: Settings): string[] {
  return validActions(contract.state, circumstancesOf(contract, ends, tenant), sidesOf(principal, ends));
}

function nested(name: string, values: readonly object[], nesting: Nesting): never {
  return (nesting === 'array' ? values : { [name]: values }) as never;
}

/** The documents of the API version that the app version accepted. */
export async function agreementsOf(
  { apiVersion, appVersion }: Pick<Ends, 'apiVersion' | 'appVersion'>,
  tx: ReadTransaction,
) {
  const accepted: ApiVersion['legals'][number][] = [];
  for (const document of apiVersion.legals) {
    if ((await tx.get(agreementKey(appVersion.id, document.id))) !== undefined) accepted.push(document);
  }
  return accepted;
}

function bareItem(contract: Contract, ends: Ends, agreements: ApiVersion['legals'], origin: string): Item {
  const { api, apiVersion, app, appVersion } = ends;
  const levels = apiVersion.resource_level_permissions ? 'supported' : 'notsupported';
  const version = entity('apiversion', apiVersion.id, apiVersion.name);
  version.Category.push(
    category('uddi:soa.com:visibility', api.visibility),
    category(PERMISSIONS, `${PERMISSIONS}-${levels}`),
  );
  return {
    title: contract.id,
    category: [
      category('uddi:soa.com:environment', contract.environment),
      category('uddi:soa.com:wfstate', contract.state),
      category('uddi:soa.com:status', contract.status),
      category('uddi:soa.com:restrictedscope', String(contract.restricted)),
    ],
    guid: { value: contract.id },
    EntityReferences: {
      EntityReference: [
        version,
        entity('api', api.id, api.name),
        entity('app-version', appVersion.id, appVersion.name),
        entity('app', app.id, app.name),
        entity('board-item', contract.ticket),
        ...agreements.map(({ id, title }) => entity('agreement', id, title)),
      ],
    },
    Image: [
      {
        Url: `${origin}/api/apis/avatar/${api.avatar}`,
        Title: 'api',
        Link: `#/api/${api.id}/versions/${apiVersion.id}/details`,
      },
      {
        Url: `${origin}/api/apps/avatar/${app.avatar}`,
        Title: 'app',
        Link: `#/app/${app.id}/versions/${appVersion.id}/details`,
      },
    ],
  };
}

export function imageOf(origin: string, Title: 'user', avatar: string, link: string) {
  return [{ Url: `${origin}/api/users/avatar/${avatar}`, Title, Link: link }];
}

/** A picture that nobody drew: a colour of its own. */
export function picture(id: string): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50"><rect width="50" height="50" fill="hsl(${hue} 60% 50%)"/></svg>`;
}
