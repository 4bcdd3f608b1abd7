import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import { originOf } from './origin.ts';
import { sendJson } from './platform-requests.ts';

/** True if a request may go on; what may not is answered. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page elsewhere can point a name of its own at this address, but not change the name that the browser sends. */
export function hostGuard(host: string, publicHost?: string): Guard {
  const names = new Set([...LOOPBACK, host.includes(':') ? `[${host}]` : host, ...(publicHost ? [publicHost] : [])]);
  const any = host === '0.0.0.0' || host === '::';
  return ({ headers, headersDistinct }, response) => {
    // RFC 9112, section 3.2. Node takes the first of them.
    if ((headersDistinct.host?.length ?? 0) > 1) {
      sendJson(response, 400, { message: 'The request has more than one Host header.' });
      return false;
    }
    const name = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
    if (any || names.has(name)) return true;
    sendJson(response, 403, { message: `The harness does not answer to the host name ${JSON.stringify(name)}.` });
    return false;
  };
}

/**
 * Refuses requests that a page elsewhere has a browser send: by the origin that the browser names, or where it names none, by
 * what it says of where the request comes from. Going to a page of ours is no such thing, nor is showing one in a frame.
 */
export const originGuard: Guard = (request, response) => {
  const { origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = request.headers;
  const fits =
    origin === undefined
      ? site === 'none' || site === 'same-origin' || mode === 'navigate'
      : origin.toLowerCase() === originOf(request).toLowerCase();
  if (fits) return true;
  sendJson(response, 403, { message: `The harness does not answer pages of ${JSON.stringify(origin ?? site)}.` });
  return false;
};

/** Levels of brackets that a body may have; what reads it goes a level deeper with each. */
const DEEPEST = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Checks if JSON, with comments or without, is nested deeper than anything that is meant. */
export function isTooDeep(bytes: Buffer): boolean {
  if (bytes.length <= DEEPEST) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (quoted) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (OPENING.has(byte) && ++depth > DEEPEST) return true;
    else if (CLOSING.has(byte)) depth--;
  }
  return false;
}

/** Characters that a token of the user's own has at least: what is shorter can be guessed. */
const SHORTEST_TOKEN = 20;

/** Checks if only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Options that keep others out of a harness. */
interface Admission {
  readonly allowRemote?: boolean;
  readonly token?: string;
  readonly controlToken?: string;
}

/**
 * @throws ConnectorError usage `harness/not-local` for an address that others can reach, unless it is allowed, there is a
 * token, and tokens that were given are long enough.
 */
export function refuseRemote(host: string, { allowRemote = false, token, controlToken }: Admission): void {
  if (isLoopback(host)) return;
  const tokens = [
    { what: 'the token', variable: 'CONNECTOR_TOKEN', length: token?.length },
    { what: 'the control token', variable: 'CONNECTOR_CONTROL_TOKEN', length: controlToken?.length },
  ];
  const short = tokens.find(({ length = SHORTEST_TOKEN }) => length < SHORTEST_TOKEN);
  if (allowRemote && token !== undefined && short === undefined) return;
  const { variable } = short ?? { variable: 'CONNECTOR_TOKEN' };
  const own = `your own token of at least ${SHORTEST_TOKEN} characters in ${variable}`;
  throw new ConnectorError('usage', {
    code: 'harness/not-local',
    message:
      allowRemote && short !== undefined
        ? `${host} can be reached from other machines, and ${short.what} has only ${short.length} characters.`
        : `${host} can be reached from other machines.`,
    hint: allowRemote ? `Give the harness ${own}.` : `Use 127.0.0.1, or add --allow-remote and ${own}.`,
    found: host,
  });
}

/** @throws ConnectorError usage `harness/token` for a control token that can be guessed, whoever can reach the harness */
export function refuseShort(controlToken: string | undefined): void {
  const length = controlToken?.length ?? SHORTEST_TOKEN;
  if (length >= SHORTEST_TOKEN) return;
  throw new ConnectorError('usage', {
    code: 'harness/token',
    message: `The control token has only ${length} characters.`,
    hint: `Give the harness one of at least ${SHORTEST_TOKEN} characters in CONNECTOR_CONTROL_TOKEN, or none.`,
  });
}
