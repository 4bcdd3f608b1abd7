import { ConnectorError, type Diagnostic, nearest } from '@connectorkit/sdk';
import { PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import type { Origin } from '@connectorkit/sdk/project';

/** Roles that commands ask a platform for, and the message for a platform that lacks one. */
export const ROLES = {
  registry: 'Connections are not defined',
  access: 'Access to APIs is not asked for',
  instances: 'Customers’ connections do not live',
} as const;

export type Role = keyof typeof ROLES;

export type PlatformAs<R extends Role> = Platform & { readonly [role in R]: NonNullable<Platform[role]> };

const platforms: readonly Platform[] = Object.values(PLATFORMS);

/** The platforms that have a role. */
export function platformsAs<R extends Role>(role: R): readonly PlatformAs<R>[] {
  return platforms.filter((each): each is PlatformAs<R> => each[role] !== undefined);
}

/** @throws ConnectorError usage `origin/unknown` */
export function platformNamed(name: string): Platform {
  const platform = platforms.find((each) => each.name === name);
  if (platform !== undefined) return platform;
  throw unknown(`${JSON.stringify(name)} is not a platform.`, name, platforms);
}

/** @throws ConnectorError usage `origin/unknown` when the platform has another role */
export function platformAs<R extends Role>(role: R, name: string): PlatformAs<R> {
  const fitting = platformsAs(role);
  const { title } = platformNamed(name);
  const platform = fitting.find((each) => each.name === name);
  if (platform !== undefined) return platform;
  throw unknown(`${ROLES[role]} on ${title}.`, name, fitting);
}

/** The platform of an origin; one that names none is where connections are defined. */
export function platformOf({ platform }: Pick<Origin, 'platform'>): Platform {
  if (platform !== undefined) return platformNamed(platform);
  const [first] = platformsAs('registry');
  if (first === undefined) throw new Error('no platform defines connections');
  return first;
}

/**
 * The base URL of an origin's API; undefined for the harness on this machine. A URL that is a host alone means the
 * platform's API on it.
 * @param file where the origin is declared, if it is
 * @throws ConnectorError usage `origin/unknown` when its zone or its URL is none
 */
export function urlOf(origin: Pick<Origin, 'platform' | 'url' | 'zone'>, file?: string): string | undefined {
  const { url, zone } = origin;
  if (url === undefined && zone === undefined) return undefined;
  const platform = platformOf(origin);
  const at = file === undefined ? {} : { file };
  if (url === undefined) return zoneOf(platform, zone ?? '', at);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new ConnectorError('usage', {
      code: 'origin/unknown',
      message: `${JSON.stringify(url)} is not the URL of an API.`,
      hint: `Write the whole URL, such as ${Object.values(platform.zones ?? {})[0] ?? 'https://api.example.com'}.`,
      ...at,
    });
  }
  return parsed.pathname === '/' ? `${parsed.origin}${platform.basePath}` : url;
}

function zoneOf({ title, zones = {} }: Platform, zone: string, at: Pick<Diagnostic, 'file'>): string {
  const url = Object.hasOwn(zones, zone) ? zones[zone] : undefined;
  if (url !== undefined) return url;
  const known = Object.keys(zones);
  const meant = nearest(zone, known);
  throw new ConnectorError('usage', {
    code: 'origin/unknown',
    message: `${JSON.stringify(zone)} is not a zone of ${title}.`,
    hint:
      meant !== undefined
        ? `Did you mean ${meant}?`
        : known.length > 0
          ? `Zones are ${known.join(', ')}; any other host has a url.`
          : 'Give the url of its API.',
    ...at,
  });
}

function unknown(message: string, name: string, known: readonly Platform[]): ConnectorError {
  const names = known.map((each) => each.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `Platforms that can are ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return new ConnectorError('usage', { code: 'origin/unknown', message, hint });
}
