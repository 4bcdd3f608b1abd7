import { ConnectorError, type HttpRequest, type Send } from '@connectorkit/sdk';
import type { Dispatcher } from 'undici';
import { createDirect, type Direct } from './direct.ts';

/** Seconds until an answer must have begun, and the same again between any two parts of it; CONNECTOR_TIMEOUT changes it. */
const TIMEOUT = 40;

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds that the beginning of an answer is waited for. */
export function timeoutOf({ CONNECTOR_TIMEOUT }: Environment): number {
  return 1000 * (Number(CONNECTOR_TIMEOUT) > 0 ? Number(CONNECTOR_TIMEOUT) : TIMEOUT);
}

/** Why a request got no answer, by the cause's code. */
const CAUSES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EHOSTUNREACH: ['there is no way to the host', 'Check the network, or the VPN.'],
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
  ERR_BODY_TIMEOUT: ['the answer stopped in the middle', 'Try again later; CONNECTOR_TIMEOUT sets the seconds.'],
  UND_ERR_SOCKET: ['the connection was cut', 'Try again.'],
  UND_ERR_CONNECT_TIMEOUT: ['nothing answered in time', 'Check the address and the network.'],
  UND_ERR_HEADERS_TIMEOUT: ['no answer began in time', 'Try again later; CONNECTOR_TIMEOUT sets the seconds.'],
  UND_ERR_BODY_TIMEOUT: ['the answer stopped in the middle', 'Try again later; CONNECTOR_TIMEOUT sets the seconds.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is not trusted', 'Name its authority in NODE_EXTRA_CA_CERTS.'],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate is not trusted', 'Name its authority in NODE_EXTRA_CA_CERTS.'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['its certificate is not trusted', 'Name its authority in NODE_EXTRA_CA_CERTS.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Tell those who run it.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another host', 'Check the address.'],
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A `Send` that honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY, never for this machine. */
export function createSend(signal: AbortSignal, environment: Environment): Send {
  const timeout = timeoutOf(environment);
  const direct = createDirect(timeout);
  const viaProxy = createProxied(timeout, environment) ?? direct;
  return async (request) => {
    const given = { ...request, headers: { 'user-agent': 'connectorkit', ...request.headers } };
    try {
      const send = LOOPBACK.has(new URL(request.url).hostname) ? direct : viaProxy;
      const { status, headers, body } = await send(given, signal);
      return { status, headers: joined(headers), body: status < 400 ? body : await told(request, body) };
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable(request.method, request.url, error);
    }
  };
}

/** Through the proxies that the environment names, with undici, which is loaded with the first request; undefined when it names none. */
function createProxied(timeout: number, environment: Environment): Direct | undefined {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  const httpProxy = named('HTTP_PROXY');
  const httpsProxy = named('HTTPS_PROXY');
  if (httpProxy === '' && httpsProxy === '') return undefined;
  const proxies = { httpProxy, httpsProxy, noProxy: named('NO_PROXY') };
  let dispatcher: Dispatcher | undefined;
  return async ({ method, url, headers, body }, signal) => {
    const { EnvHttpProxyAgent } = await import('undici');
    dispatcher ??= new EnvHttpProxyAgent({ ...proxies, headersTimeout: timeout, bodyTimeout: timeout });
    const { origin, pathname, search } = new URL(url);
    const answer = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method: method as 'GET',
      headers,
      body: body ?? null,
      signal,
    });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
  };
}

/** What a refusal says, which may be shown. */
async function told(request: HttpRequest, text: string): Promise<string> {
  const { withoutEcho } = await import('./echo.ts');
  return withoutEcho(request, text);
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}

function unreachable(method: string, url: string, error: unknown): ConnectorError {
  const causes = [error, (error as { cause?: unknown }).cause, ...((error as AggregateError).errors ?? [])];
  const codes = causes.map((cause) => String((cause as { code?: unknown } | undefined)?.code ?? ''));
  const [what, hint] = codes.map((code) => CAUSES[code]).find((words) => words !== undefined) ?? [
    error instanceof Error ? error.message : String(error),
    'Check the address and the network.',
  ];
  const { origin, pathname } = new URL(url);
  const code = codes.find((each) => CAUSES[each] !== undefined);
  const cause = code === undefined ? what : `${what} (${code})`;
  const message = `${origin} cannot be reached: ${cause}. What was tried was ${method} ${pathname}.`;
  return new ConnectorError('network', { code: 'origin/unreachable', message, hint }, { cause: error });
}
