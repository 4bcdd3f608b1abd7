import { rootCertificates } from 'node:tls';
import { lookUp } from '../json.ts';
import { type HttpCall, type Transport, TransportError, type TransportFailure } from '../runtime/transport.ts';
import { createExchange, type ExchangeRequest } from './exchange.ts';
import { percentDecoded, proxyFor } from './proxy.ts';
import { CAUSES, causeOf, type SendOptions } from './send.ts';

/**
 * Makes a `Transport`, which sends the requests of a run with Node's HTTP client and follows no redirects. It uses
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and keeps the `timeout` and the size limit of each call.
 * @throws TransportError from calls without a complete response; the reason of `signal` once that is aborted
 */
export function createTransport({
  signal = new AbortController().signal,
  environment = process.env,
}: Pick<SendOptions, 'signal' | 'environment'> = {}): Transport {
  const exchange = createExchange(signal);
  return async (call) => {
    signal.throwIfAborted();
    const proxy = proxyFor(new URL(call.url), environment);
    try {
      return await exchange({ ...call, headers: authorized(call), ...trustOf(call) }, proxy);
    } catch (error) {
      if (signal.aborted) throw error;
      throw failureOf(error);
    }
  };
}

/** A name and a password before the host are sent as Basic. */
function authorized({ url, headers }: HttpCall): HttpCall['headers'] {
  const { username, password } = new URL(url);
  if ((username === '' && password === '') || headers.authorization !== undefined) return headers;
  const pair = [username, password].map(percentDecoded).join(':');
  return { ...headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function trustOf({ ca, rejectUnauthorized = true }: HttpCall): Pick<ExchangeRequest, 'trust'> {
  if (ca === undefined && rejectUnauthorized) return {};
  return { trust: { ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }), rejectUnauthorized } };
}

/** Error codes that are failures to reach a host. */
const FAILURES: Readonly<Record<string, TransportFailure>> = {
  ERR_BODY_TOO_LARGE: 'too-large',
  ERR_BODY_ENCODING: 'unreadable',
  HPE_HEADER_OVERFLOW: 'unreadable',
  ERR_BODY_TIMEOUT: 'timeout',
  ERR_HEADERS_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  CERT_HAS_EXPIRED: 'certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
};

function failureOf(error: unknown): TransportError {
  const code = causeOf(error);
  const [what] = lookUp(CAUSES, code ?? '') ?? [error instanceof Error ? error.message : String(error)];
  const failure = lookUp(FAILURES, code ?? '') ?? 'unreachable';
  return new TransportError(failure, code === undefined ? what : `${what} (${code})`, { cause: error });
}
