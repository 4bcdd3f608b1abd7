import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** A server that nothing is meant for, and what arrived there. */
export interface Stranger {
  readonly url: string;
  readonly port: number;
  /** Each request that came, with its headers and its body. */
  readonly received: string[];
  /** How many connections were opened. */
  connections(): number;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** What a platform would answer to whoever asks who they are, so that nothing ends early. */
const welcome: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json').end('{"authUser": {"id": 1, "name": "Ada"}, "apps": []}');
};

/** Listens at a free port of this machine, and writes down all that comes. */
export async function startStranger(answer: RequestListener = welcome): Promise<Stranger> {
  const received: string[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}\n${body}`);
    answer(request, response);
  });
  server.on('connection', () => {
    connections++;
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, received, connections: () => connections };
}
