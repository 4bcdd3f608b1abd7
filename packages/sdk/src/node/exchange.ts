import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import { type HttpRequest, SEND_LIMITS } from '../platforms/platform.ts';
import { coded, createConnections } from './connections.ts';
import type { HttpProxy } from './proxy.ts';

/** Milliseconds in which there must be a connection. */
const CONNECT = 10_000;

/** An HTTP answer, its body read as UTF-8. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request, through a proxy if there is one; no header is sent but those given and those that HTTP needs. */
export type Exchange = (request: HttpRequest, proxy?: HttpProxy) => Promise<Answer>;

/**
 * Requests over Node's own client, with connections that are kept.
 * @param timeout Milliseconds that a request may take with all that belongs to it: proxy, connection and answer.
 * @param signal Ends requests that are under way when it is aborted.
 * @throws Node's errors and those of `createConnections`, and with these codes: ETIMEDOUT, ERR_HEADERS_TIMEOUT and
 * ERR_BODY_TIMEOUT when the time was over before there was a connection, before the answer began and before it ended;
 * ERR_BODY_TOO_LARGE for an answer of more bytes than `SEND_LIMITS` allows. After an abort, the signal's reason.
 */
export function createExchange(timeout: number, signal: AbortSignal): Exchange {
  const limit = Math.min(CONNECT, timeout);
  const connectionFor = createConnections(limit, signal);
  return async ({ method, url, headers, body }, proxy) => {
    const target = new URL(url);
    // What stands before the host would be sent as a password.
    target.username = '';
    target.password = '';
    const { client, server, options } = connectionFor(target, proxy);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { ...options.headers, ...headers, ...length };
    const outgoing = client.request(server, { ...options, method, headers: all });
    const answer = answerTo(outgoing, { limit, timeout, signal });
    outgoing.end(body);
    return answer;
  };
}

/** Milliseconds for the connection and for all, and what ends it before. */
interface Limits {
  readonly limit: number;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The answer, if it is whole before the time is over and the signal is aborted. */
async function answerTo(outgoing: ClientRequest, { limit, timeout, signal }: Limits): Promise<Answer> {
  const timers: NodeJS.Timeout[] = [];
  let interrupt = () => {};
  try {
    return await new Promise((resolve, reject) => {
      let late = 'ETIMEDOUT';
      const tooLate = () => reject(coded(late));
      const connecting = setTimeout(tooLate, limit);
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
        const parts: Buffer[] = [];
        let size = 0;
        incoming.on('data', (part: Buffer) => {
          parts.push(part);
          size += part.length;
          if (size > SEND_LIMITS.bytes) reject(coded('ERR_BODY_TOO_LARGE'));
        });
        incoming.once('end', () => {
          const body = new TextDecoder().decode(Buffer.concat(parts));
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        });
        incoming.once('error', reject);
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
