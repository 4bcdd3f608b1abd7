import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk';
import type { Certificate } from './certificate.ts';
import { portHolder } from './port.ts';

/** One address at which the harness is reached. */
export interface Listener {
  /** Such as http://127.0.0.1:4600. */
  readonly url: string;
  /** Takes no further request, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/**
 * Listens at a port, 0 for a free one; over TLS with a certificate.
 * @throws ConnectorError usage `harness/port-in-use`
 */
export async function listenAt(
  host: string,
  port: number,
  answer: RequestListener,
  certificate?: Certificate,
): Promise<Listener> {
  const server = certificate === undefined ? createServer(answer) : await createTlsServer(answer, certificate);
  await listen(server, host, port, certificate === undefined ? '--port' : '--tls-port');
  const address = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  const scheme = certificate === undefined ? 'http' : 'https';
  return { url: `${scheme}://${name}:${address.port}`, close: () => close(server) };
}

async function createTlsServer(answer: RequestListener, { text, key }: Certificate): Promise<Server> {
  const https = await import('node:https');
  return https.createServer({ cert: text, key, minVersion: 'TLSv1.2' }, answer);
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
        hint: `Stop what holds it, choose another with ${option}, or let the system choose with ${option} 0.`,
        found: String(port),
      },
      { cause },
    );
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  });
}
