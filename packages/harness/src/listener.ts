import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Certificate } from './certificate.ts';
import { portHolder } from './port.ts';

/** One address at which the harness is reached. */
export interface Listener {
  /** Such as http://127.0.0.1:4600. */
  readonly url: string;
  /** Takes no further request, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** How long things may take, in milliseconds, and how long a request's head may be, in bytes. */
export interface ListenerLimits {
  /** Until the head of a request is there (default: 15 seconds). */
  readonly headersTimeout: number;
  /** Until all of a request is there (default: a minute). */
  readonly requestTimeout: number;
  /** Default: 16384. */
  readonly maxHeaderSize: number;
  /** From when the harness says that it is not ready until it takes no further connection, when it is closed (default: 0). */
  readonly drain: number;
  /** From then until requests that are still under way are cut off (default: 10 seconds). */
  readonly grace: number;
}

/** As they are unless they are said. */
export const LIMITS: ListenerLimits = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  maxHeaderSize: 16_384,
  drain: 0,
  grace: 10_000,
};
/** More header fields than any client sends; those beyond are not read. */
const HEADERS = 200;

/**
 * Listens at a port, 0 for a free one; over TLS with a certificate.
 * @param option of the command that chooses another port
 * @throws ConnectorError usage `harness/port-in-use`
 */
export async function listenAt(
  host: string,
  port: number,
  answer: RequestListener,
  certificate?: Certificate,
  given: Partial<ListenerLimits> = {},
  option = certificate === undefined ? '--port' : '--tls-port',
): Promise<Listener> {
  const { grace, drain: _, ...limits } = { ...LIMITS, ...given };
  const options = { ...limits, connectionsCheckingInterval: Math.min(1000, limits.headersTimeout) };
  const server =
    certificate === undefined ? createServer(options, answer) : createTlsServer(options, answer, certificate);
  server.maxHeadersCount = HEADERS;
  await listen(server, host, port, option);
  const address = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  const scheme = certificate === undefined ? 'http' : 'https';
  return { url: `${scheme}://${name}:${address.port}`, close: () => close(server, grace) };
}

function createTlsServer(options: ServerOptions, answer: RequestListener, { text, key }: Certificate) {
  const https = process.getBuiltinModule('node:https');
  return https.createServer({ ...options, cert: text, key, minVersion: 'TLSv1.2' }, answer);
}

async function listen(server: Server, host: string, port: number, option: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw cause;
    const holder = code === 'EADDRINUSE' ? await portHolder(host, port) : message;
    throw new ConnectorError(
      'usage',
      {
        code: 'harness/port-in-use',
        message: `The harness cannot listen on ${host}:${port}: ${holder}.`,
        hint: `Stop the program that uses it, choose another port with ${option}, or let the system choose with ${option} 0.`,
        found: String(port),
      },
      { cause },
    );
  }
}

/** Closes a server: requests under way are answered; connections that are idle, or take too long, are closed. */
function close(server: Server, grace: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const last = setTimeout(() => server.closeAllConnections(), grace);
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
  server.closeIdleConnections();
  return closed.finally(() => {
    clearInterval(idle);
    clearTimeout(last);
  });
}
