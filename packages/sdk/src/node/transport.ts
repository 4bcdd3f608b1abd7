import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHTTP } from 'node:http';
import { request as requestHTTPS } from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { lookUp } from '../json.ts';
import { type HttpAnswer, type HttpCall, type Transport, TransportError } from '../runtime/transport.ts';

/** What a transport is given. */
export interface TransportOptions {
  /** Ends requests that are under way when it is aborted; the reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Sends requests with Node's own client: one deadline and one size around each, and no redirect followed. */
export function createTransport({ signal }: TransportOptions = {}): Transport {
  return async (call) => {
    signal?.throwIfAborted();
    const outgoing = start(call);
    const timer = { stage: 'there was no connection in time' };
    let interrupt = () => {};
    let deadline: NodeJS.Timeout | undefined;
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        deadline = setTimeout(() => reject(new TransportError('timeout', timer.stage)), call.timeout);
        interrupt = () => reject(signal?.reason);
        signal?.addEventListener('abort', interrupt);
        outgoing.once('error', (error) => reject(failureOf(error)));
        outgoing.once('finish', () => {
          timer.stage = 'no answer began';
        });
        outgoing.once('response', (incoming) => {
          timer.stage = 'the answer did not end';
          read(incoming, call).then(resolve, (error) => reject(failureOf(error)));
        });
        outgoing.end(call.body);
      });
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', interrupt);
      // What was not read to its end must not go on coming.
      if (!outgoing.closed) outgoing.destroy();
    }
  };
}

const RAW_PATH = /^[a-z]+:\/\/[^/?#]*([^#]*)/i;

function start({ method, url, headers, body, ca, rejectUnauthorized }: HttpCall): ClientRequest {
  const { protocol, hostname, port, username, password } = new URL(url);
  const [, path = '/'] = RAW_PATH.exec(url) ?? [];
  const user = [username, password].map(decodeURIComponent).join(':');
  const auth = user !== ':' && headers.authorization === undefined ? { auth: user } : {};
  const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
  const options: RequestOptions = {
    method,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port }),
    path: path.startsWith('/') ? path : `/${path}`,
    headers: { ...headers, ...length },
    ...auth,
  };
  if (protocol !== 'https:') return requestHTTP(options);
  const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  return requestHTTPS({ ...options, ...trusted, rejectUnauthorized: rejectUnauthorized ?? true });
}

async function read(incoming: IncomingMessage, { largest, method }: HttpCall): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of decoded(incoming, method)) {
    size += (part as Buffer).byteLength;
    if (size > largest) throw new TransportError('too-large', `the answer is longer than ${largest} bytes`);
    parts.push(part as Buffer);
  }
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) };
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body as it was before it was compressed. */
function decoded(incoming: IncomingMessage, method: string): Readable {
  const decoder = lookUp(DECODERS, (incoming.headers['content-encoding'] ?? '').trim().toLowerCase());
  const isEmpty = method === 'HEAD' || incoming.statusCode === 204 || incoming.headers['content-length'] === '0';
  if (decoder === undefined || isEmpty) return incoming;
  const stream = decoder();
  incoming.once('error', (error) => (stream as unknown as Readable).destroy(error));
  return incoming.pipe(stream) as unknown as Readable;
}

/** Why there was no answer, by the code of Node's error. */
const CAUSES: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'the name of the host is not known',
  EPROTO: 'what answers there does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak TLS',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too long',
  HPE_INVALID_CONSTANT: 'what answers there does not speak HTTP',
};

const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody known vouches for its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody known vouches for its certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody known vouches for its certificate',
};

function failureOf(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const found = [error, ...((error as AggregateError).errors ?? [])].find((each) => typeof each?.code === 'string');
  const code: string = found?.code ?? '';
  const certificate = lookUp(CERTIFICATES, code);
  const what = certificate ?? lookUp(CAUSES, code) ?? (error instanceof Error ? error.message : String(error));
  const failure = certificate === undefined ? 'unreachable' : 'certificate';
  return new TransportError(failure, code === '' ? what : `${what} (${code})`, { cause: error });
}
