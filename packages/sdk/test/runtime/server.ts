import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a server received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a server answers: a status of 200 and JSON unless said. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
}

export type Script = (request: Received, response: ServerResponse) => Reply | undefined | Promise<Reply | undefined>;

/** A server on this machine that answers as it is reported, and remembers what it was asked. It ends with the test. */
export async function serve(script: Script): Promise<{ readonly url: string; readonly received: readonly Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(parts).toString('latin1') };
    received.push(request);
    const reply = await script(request, response);
    if (reply === undefined) return;
    const { status = 200, headers: sent = {}, body } = reply;
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const type = body === undefined || isText ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { ...type, ...(sent as Record<string, string>) });
    response.end(body === undefined || isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
