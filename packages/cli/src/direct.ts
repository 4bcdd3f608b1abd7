import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { HttpRequest } from '@connectorkit/sdk';

/** Milliseconds in which a connection must stand. */
const CONNECT = 10_000;

/** What came back, its body read as UTF-8. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request; a header that is not given is not sent, but for those that HTTP needs. */
export type Direct = (request: HttpRequest, signal: AbortSignal) => Promise<Answer>;

/**
 * Requests over Node's own client, with connections that are kept. A larger client has to compile its parser first,
 * which takes longer than most commands.
 * @param timeout Milliseconds until an answer must have begun, and between any two parts of it.
 * @throws the client's own errors, and with the codes ETIMEDOUT, ERR_HEADERS_TIMEOUT and ERR_BODY_TIMEOUT for what does
 * not come in time: the connection, the answer's beginning, and the rest of it.
 */
export function createDirect(timeout: number): Direct {
  const agents = new Map<string, Agent>();
  return ({ method, url, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      const target = new URL(url);
      // What stands before the host would be sent as a password.
      target.username = '';
      target.password = '';
      const safe = target.protocol === 'https:';
      const client = safe ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
      const agent = agents.get(target.protocol) ?? new client.Agent({ keepAlive: true });
      agents.set(target.protocol, agent);
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = client.request(target, { method, agent, signal, headers: { ...headers, ...length } });
      let timer: NodeJS.Timeout | undefined;
      const failed = (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      };
      const expect = (code: string, milliseconds: number) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          failed(Object.assign(new Error('It took too long.'), { code }));
          outgoing.destroy();
        }, milliseconds);
      };
      expect('ETIMEDOUT', Math.min(CONNECT, timeout));
      outgoing.once('socket', (socket) => {
        const connected = () => expect('ERR_HEADERS_TIMEOUT', timeout);
        if (socket.connecting) socket.once(safe ? 'secureConnect' : 'connect', connected);
        else connected();
      });
      outgoing.once('response', (incoming) => {
        const parts: Buffer[] = [];
        const more = () => expect('ERR_BODY_TIMEOUT', timeout);
        more();
        incoming.on('data', (part) => {
          parts.push(part);
          more();
        });
        incoming.once('end', () => {
          clearTimeout(timer);
          const text = new TextDecoder().decode(Buffer.concat(parts));
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
        });
        incoming.once('error', failed);
      });
      outgoing.on('error', failed);
      outgoing.end(body);
    });
}
