import { ConnectorError } from '../diagnostics.ts';
import { lookUp } from '../json.ts';
import { type HttpRequest, SEND_LIMITS, type Send } from '../platforms/platform.ts';
import type { Environment } from '../project/common.ts';
import { createExchange } from './exchange.ts';
import { type HttpProxy, proxyFor } from './proxy.ts';

/** Milliseconds that Node's timers can count. */
const LONGEST = 2 ** 31 - 1;

/** Options of a `Send`. */
export interface SendOptions {
  /** Ends requests that are under way when it is aborted; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Where HTTP_PROXY, HTTPS_PROXY, NO_PROXY and CONNECTOR_TIMEOUT are read; `process.env` unless given. */
  readonly environment?: Environment;
}

/**
 * Milliseconds that a request may take, from the first attempt to connect to the end of the answer; CONNECTOR_TIMEOUT
 * sets them in seconds.
 */
export function timeoutOf({ CONNECTOR_TIMEOUT }: Environment): number {
  const seconds = Number(CONNECTOR_TIMEOUT);
  return Math.min(seconds > 0 ? 1000 * seconds : SEND_LIMITS.milliseconds, LONGEST);
}

/** Why a request got no answer, by the cause's code. */
export const CAUSES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EHOSTUNREACH: ['the host is not reachable', 'Check the network, or the VPN.'],
  ENETUNREACH: ['there is no network', 'Check the network.'],
  ETIMEDOUT: ['nothing answered in time', 'Check the address and the network.'],
  EPROTO: ['what answers there does not speak TLS', 'Check whether the address begins with http or https.'],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'what answers there does not speak TLS',
    'Check whether the address begins with http or https.',
  ],
  ECONNREFUSED: ['nothing listens there', 'Check the port, or start what should listen.'],
  ENOTFOUND: ['the name of the host is not known', 'Check the spelling of the host, and the network.'],
  EAI_AGAIN: ['the name of the host could not be looked up', 'Check the network, then try again.'],
  ECONNRESET: ['the connection was cut', 'Try again.'],
  ERR_HEADERS_TIMEOUT: ['no answer began in time', 'Try again later; CONNECTOR_TIMEOUT sets the seconds.'],
  ERR_BODY_TIMEOUT: ['the answer did not end in time', 'Try again later; CONNECTOR_TIMEOUT sets the seconds.'],
  ERR_BODY_TOO_LARGE: [
    `the answer is longer than ${SEND_LIMITS.bytes / 1024 / 1024} MB`,
    'Check that the address belongs to the platform’s API.',
  ],
  ERR_BODY_ENCODING: [
    'its body is not compressed as its Content-Encoding says',
    'Check that the address belongs to the platform’s API.',
  ],
  HPE_HEADER_OVERFLOW: [
    'the headers of the answer are too long',
    'Check that the address belongs to the platform’s API.',
  ],
  ERR_PROXY_UNAUTHENTICATED: [
    'the proxy wants a name and a password, or other ones',
    'Write them into its address, as in HTTPS_PROXY=http://name:password@proxy.example.com:3128.',
  ],
  ERR_PROXY_REFUSED: [
    'the proxy does not let it through',
    'Ask those who run the proxy, or name the host in NO_PROXY.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'its certificate is not trusted',
    'Set NODE_EXTRA_CA_CERTS to the file of its certificate; a harness prints the path when it starts.',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate is not trusted', 'Name its authority in NODE_EXTRA_CA_CERTS.'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['its certificate is not trusted', 'Name its authority in NODE_EXTRA_CA_CERTS.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Tell those who run it.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another host', 'Check the address.'],
};

/**
 * Makes a `Send`, which clients of platforms send their requests with, over Node's own HTTP client. It honours HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY, never for this machine, and takes as many seconds as CONNECTOR_TIMEOUT allows, 40 by default.
 * The `Send` throws a ConnectorError network `origin/unreachable` when there is no whole answer in that time.
 * @example
 * const account = await PLATFORMS.make.whoami({ url, token, send: createSend() });
 */
export function createSend({
  signal = new AbortController().signal,
  environment = process.env,
}: SendOptions = {}): Send {
  const exchange = createExchange(signal);
  const limits = { timeout: timeoutOf(environment), largest: SEND_LIMITS.bytes };
  return async (request) => {
    const given = { ...request, headers: { 'user-agent': 'connectorkit', ...request.headers } };
    const proxy = proxyFor(new URL(request.url), environment);
    try {
      const { status, headers, body } = await exchange({ ...given, ...limits }, proxy);
      return { status, headers: joined(headers), body: new TextDecoder().decode(body), request: given };
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable(request, proxy, error);
    }
  };
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}

/** The code in CAUSES by which an error, or what is behind it, is known. */
export function causeOf(error: unknown): string | undefined {
  const causes = [error, (error as { cause?: unknown }).cause, ...((error as AggregateError).errors ?? [])];
  const codes = causes.map((cause) => String((cause as { code?: unknown } | undefined)?.code ?? ''));
  return codes.find((each) => lookUp(CAUSES, each) !== undefined);
}

function unreachable({ method, url }: HttpRequest, proxy: HttpProxy | undefined, error: unknown): ConnectorError {
  const code = causeOf(error);
  const [what, hint] = lookUp(CAUSES, code ?? '') ?? [
    error instanceof Error ? error.message : String(error),
    'Check the address and the network.',
  ];
  const { origin, pathname } = new URL(url);
  const cause = code === undefined ? what : `${what} (${code})`;
  const way = proxy === undefined ? '' : ` through the proxy ${proxy.url.host}`;
  const message = `${origin} cannot be reached${way}: ${cause}. What was tried was ${method} ${pathname}.`;
  return new ConnectorError('network', { code: 'origin/unreachable', message, hint }, { cause: error });
}
