import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { lookUp } from '../json.ts';
import { coded, createConnections } from './connections.ts';
import type { HttpProxy } from './proxy.ts';

/** Milliseconds in which there must be a connection. */
const CONNECT = 10_000;

/** A request, and what it may use. */
export interface ExchangeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds that it may take with all that belongs to it: proxy, connection and answer. */
  readonly timeout: number;
  /** Bytes that the body of the answer may have, once it is no longer compressed. */
  readonly largest: number;
  /** Whom to trust, where that is not what the system trusts. */
  readonly trust?: { readonly ca?: string[]; readonly rejectUnauthorized?: boolean };
}

/** An HTTP answer, no longer compressed. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one request, through a proxy if there is one; no header is sent but those given and those that HTTP needs. */
export type Exchange = (request: ExchangeRequest, proxy?: HttpProxy) => Promise<Answer>;

/** Everything behind the host, as it is written. */
const BEHIND_HOST = /^[a-z]+:\/\/[^/?#]*\/?([^#]*)/i;

/**
 * Requests over Node's own client, with connections that are kept.
 * @param signal Ends requests that are under way when it is aborted.
 * @throws Node's errors and those of `createConnections`, and with these codes: ETIMEDOUT, ERR_HEADERS_TIMEOUT and
 * ERR_BODY_TIMEOUT when the time was over before there was a connection, before the answer began and before it ended;
 * ERR_BODY_TOO_LARGE for an answer that is too large, ERR_BODY_ENCODING for one that is not compressed as it says. After
 * an abort, the signal's reason.
 */
export function createExchange(signal: AbortSignal): Exchange {
  const connectionFor = createConnections(CONNECT, signal);
  return async ({ method, url, headers, body, timeout, largest, trust = {} }, proxy) => {
    const target = new URL(url);
    // What stands before the host would be sent as a password.
    target.username = '';
    target.password = '';
    const { client, server, options } = connectionFor(target, proxy);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { ...options.headers, ...headers, ...length };
    const path = options.path ?? `/${BEHIND_HOST.exec(url)?.[1] ?? ''}`;
    const outgoing = client.request(server, { ...options, ...trust, path, method, headers: all });
    const answer = answerTo(outgoing, { timeout, largest, signal });
    outgoing.end(body);
    return answer;
  };
}

/** Milliseconds and bytes, and what ends it before. */
interface ExchangeLimits {
  readonly timeout: number;
  readonly largest: number;
  readonly signal: AbortSignal;
}

/** The answer, if it is whole before the time is over and the signal is aborted. */
async function answerTo(outgoing: ClientRequest, { timeout, largest, signal }: ExchangeLimits): Promise<Answer> {
  const timers: NodeJS.Timeout[] = [];
  let interrupt = () => {};
  try {
    return await new Promise((resolve, reject) => {
      let late = 'ETIMEDOUT';
      const tooLate = () => reject(coded(late));
      const connecting = setTimeout(tooLate, Math.min(CONNECT, timeout));
      timers.push(connecting, setTimeout(tooLate, timeout));
      interrupt = () => reject(signal.reason);
      signal.addEventListener('abort', interrupt);
      if (signal.aborted) interrupt();
      outgoing.on('error', reject);
      outgoing.once('socket', (socket) => {
        const connected = () => {
          clearTimeout(connecting);
          late = 'ERR_HEADERS_TIMEOUT';
        };
        if (socket.connecting) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
        else connected();
      });
      outgoing.once('response', (incoming) => {
        late = 'ERR_BODY_TIMEOUT';
        read(incoming, largest).then(resolve, reject);
      });
    });
  } catch (error) {
    outgoing.destroy();
    throw error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

/** @throws ERR_BODY_TOO_LARGE, ERR_BODY_ENCODING, and what the connection ends with */
async function read(incoming: IncomingMessage, largest: number): Promise<Answer> {
  const parts: Buffer[] = [];
  let size = 0;
  const stream = decoded(incoming);
  try {
    for await (const part of stream) {
      size += (part as Buffer).byteLength;
      if (size > largest) throw coded('ERR_BODY_TOO_LARGE');
      parts.push(part as Buffer);
    }
  } catch (error) {
    // Only what decompresses fails while the connection stands.
    const isDecoder = stream !== incoming && stream.errored === error && incoming.errored === null;
    throw isDecoder ? coded('ERR_BODY_ENCODING') : error;
  }
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) };
}

/** Loaded with the first answer that is compressed: most runs of the command send no request. */
const zlib = () => process.getBuiltinModule('node:zlib');

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => zlib().createGunzip(),
  'x-gzip': () => zlib().createGunzip(),
  deflate: () => zlib().createInflate(),
  br: () => zlib().createBrotliDecompress(),
};

/** The body as it was before it was compressed. */
function decoded(incoming: IncomingMessage): Readable {
  const { 'content-encoding': encoding = '', 'content-length': length } = incoming.headers;
  const decoder = lookUp(DECODERS, encoding.trim().toLowerCase());
  if (decoder === undefined || incoming.statusCode === 204 || length === '0') return incoming;
  const stream = decoder();
  incoming.once('error', (error) => stream.destroy(error));
  return incoming.pipe(stream);
}
