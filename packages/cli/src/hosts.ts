import { ConnectorError } from '@connectorkit/sdk';
import type { Environment } from '@connectorkit/sdk/project';
import { normalUrl } from './credentials.ts';
import { platformOf } from './platforms.ts';
import { isLoopback } from './running-harness.ts';
import type { DestinationAddress } from './settings.ts';

/** Checks if an origin is at one of the addresses that its platform has for everybody. */
export function isOwnZone(place: DestinationAddress): boolean {
  const { zones = {} } = platformOf(place);
  return Object.values(zones).some((zone) => isSameUrl(zone, place.url));
}

/**
 * Checks if somebody else than the project says that an origin's token is for its host: the platform, whose own address it
 * is, or the user, on the command line or in `CONNECTOR_HOST_<ORIGIN>`.
 * @throws ConnectorError auth `origin/host` when the variable names another host, usage `usage/environment` when it names none
 */
export function isNamed(place: DestinationAddress, environment: Environment): boolean {
  const variable = hostVariable(place.name);
  const host = environment[variable];
  if (!host) return place.typed === true || isOwnZone(place);
  if (hostNamed(place, variable, host)) return true;
  throw notForHost(place, `${variable} is ${host}`);
}

/**
 * Checks if a variable names the host of an address.
 * @throws ConnectorError usage `usage/environment` when it names none
 */
export function hostNamed({ url }: Pick<DestinationAddress, 'url'>, variable: string, host: string): boolean {
  const matches = isAt(url, host);
  if (matches !== undefined) return matches;
  throw new ConnectorError('usage', {
    code: 'usage/environment',
    message: `${variable} is neither a host nor a URL: ${JSON.stringify(host)}.`,
    hint: `Write it as ${variable}=${new URL(url).host}.`,
  });
}

/** @throws ConnectorError usage `origin/plain-http` for an address that others could read the token on the way to */
export function refusePlainHttp({ name, url }: Pick<DestinationAddress, 'name' | 'url'>): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopback(hostname)) return;
  throw new ConnectorError('usage', {
    code: 'origin/plain-http',
    message: `${JSON.stringify(name)} is at ${url}: without TLS, anyone on the network could read the token.`,
    hint: 'Use https://; http:// is only allowed for this machine.',
    found: url,
  });
}

/** That a token stays where it is. */
export function notForHost(place: DestinationAddress, why: string): ConnectorError {
  const { name, url } = place;
  return new ConnectorError('auth', {
    code: 'origin/host',
    message: `${JSON.stringify(name)} is at ${url}, and ${why}.`,
    hint: `If its token is for that host, set ${hostVariable(name)}=${new URL(url).host}, or log in with \`connector login --origin ${name}\`.`,
    found: url,
  });
}

/** The environment variable that holds the token of one origin: `make-eu` → `CONNECTOR_TOKEN_MAKE_EU`. */
export function tokenVariable(origin: string): string {
  return variableOf('TOKEN', origin);
}

/** The one that says which host that token is for. */
export function hostVariable(origin: string): string {
  return variableOf('HOST', origin);
}

function variableOf(kind: 'TOKEN' | 'HOST', origin: string): string {
  return `CONNECTOR_${kind}_${origin.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

function isSameUrl(one: string, other: string): boolean {
  return normalUrl(one) === normalUrl(other);
}

/** Checks if a base URL is at a host, with a port or without, or is a URL or lies below it; undefined when it is neither. */
function isAt(url: string, named: string): boolean | undefined {
  const { protocol, host } = new URL(url);
  const whole = named.includes('://');
  const text = whole ? named : `${protocol}//${named}`;
  if (!URL.canParse(text)) return undefined;
  const meant = new URL(text);
  if (!whole && (meant.pathname !== '/' || meant.search !== '' || meant.hash !== '')) return undefined;
  return meant.protocol === protocol && meant.host === host && `${normalUrl(url)}/`.startsWith(`${normalUrl(text)}/`);
}
