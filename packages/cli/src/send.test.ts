import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSend } from './send.ts';

let server: Server;
let url: string;
let seen: { method: string | undefined; headers: NodeJS.Dict<string | string[]>; body: string } | undefined;
beforeEach(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen = { method: request.method, headers: request.headers, body };
    if (request.url === '/silent') return;
    response.setHeader('X-Twice', ['a', 'b']);
    if (request.url === '/moved') response.writeHead(302, { location: '/' });
    response.end('grüß');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const never = new AbortController().signal;

test('a request is sent as it is and its answer given, whatever the status', async () => {
  const send = createSend(never, {});
  const answer = await send({ method: 'PUT', url: `${url}/a`, headers: { 'X-Own': '1' }, body: '{"a":"ü"}' });
  expect(answer).toMatchObject({ status: 200, headers: { 'x-twice': 'a, b' }, body: 'grüß' });
  expect(seen).toMatchObject({
    method: 'PUT',
    headers: { 'x-own': '1', 'user-agent': 'connectorkit' },
    body: '{"a":"ü"}',
  });
  expect((await send({ method: 'GET', url: `${url}/moved`, headers: {} })).status).toBe(302);
});

test('a proxy is never used for this machine', async () => {
  const send = createSend(never, { HTTP_PROXY: 'http://127.0.0.1:9' });
  expect((await send({ method: 'GET', url, headers: {} })).status).toBe(200);
});

test('why there is no answer is said in words', async () => {
  server.close();
  await once(server, 'close');
  const refused = await createSend(
    never,
    {},
  )({ method: 'GET', url: `${url}/secret`, headers: {} }).catch((error) => error);
  expect(refused).toBeInstanceOf(ConnectorError);
  expect(refused).toMatchObject({ kind: 'network', diagnostics: [{ code: 'origin/unreachable' }] });
  expect(refused.message).toBe(
    `${url} cannot be reached: nothing listens there (ECONNREFUSED). What was tried was GET /secret.`,
  );
});

test('an answer that does not come in time, a host that nobody knows, and one that speaks no TLS', async () => {
  const send = createSend(never, { CONNECTOR_TIMEOUT: '0.3' });
  const failing = async (address: string) => {
    const { message, kind } = await send({ method: 'GET', url: address, headers: {} }).catch((error) => error);
    return `${kind}: ${message}`;
  };
  expect(await failing(`${url}/silent`)).toContain('network: ');
  expect(await failing(`${url}/silent`)).toContain('no answer began in time (UND_ERR_HEADERS_TIMEOUT)');
  expect(await failing('http://nobody.invalid/a')).toMatch(
    /the name of the host .* \((ENOTFOUND|EAI_AGAIN)\).* GET \/a\./,
  );
  expect(await failing(url.replace('http:', 'https:'))).toContain('does not speak TLS');
});

test('a request ends when the command is interrupted', async () => {
  const interruption = new AbortController();
  const pending = createSend(interruption.signal, {})({ method: 'GET', url: `${url}/silent`, headers: {} });
  setTimeout(() => interruption.abort(), 50);
  await expect(pending).rejects.not.toBeInstanceOf(ConnectorError);
});
