import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
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
    if (request.url === '/cut') {
      response.destroy();
      return;
    }
    if (request.url === '/half') {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      return;
    }
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

test('a body has its length with every method, and no request without one says that it has one', async () => {
  const send = createSend(never, {});
  await send({ method: 'DELETE', url, headers: {}, body: 'ü' });
  expect(seen).toMatchObject({ method: 'DELETE', headers: { 'content-length': '2' }, body: 'ü' });
  await send({ method: 'POST', url, headers: {} });
  expect(seen).toMatchObject({ method: 'POST', headers: { 'content-length': '0' }, body: '' });
  await send({ method: 'GET', url: url.replace('//', '//user:secret@'), headers: {} });
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(['connection', 'host', 'user-agent']);
});

test('connections are used again', async () => {
  let connections = 0;
  server.on('connection', () => connections++);
  const send = createSend(never, {});
  for (let count = 0; count < 3; count++) await send({ method: 'PUT', url, headers: {}, body: '1' });
  expect(connections).toBe(1);
});

test('an answer that is cut, or stops in the middle', async () => {
  const send = createSend(never, { CONNECTOR_TIMEOUT: '0.3' });
  const failing = async (path: string) =>
    (await send({ method: 'GET', url: `${url}${path}`, headers: {} }).catch((error) => error)).message;
  expect(await failing('/cut')).toContain('the connection was cut (ECONNRESET)');
  expect(await failing('/half')).toContain('the answer stopped in the middle (ERR_BODY_TIMEOUT)');
});

test('a proxy is never used for this machine', async () => {
  const send = createSend(never, { HTTP_PROXY: 'http://127.0.0.1:9' });
  expect((await send({ method: 'GET', url, headers: {} })).status).toBe(200);
});

test('another machine is reached through the proxy', async () => {
  const { port } = server.address() as AddressInfo;
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    get({ port, path: new URL(request.url ?? '').pathname, headers: request.headers }, (answer) =>
      answer.pipe(response),
    );
  });
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const through = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    through.pipe(socket).pipe(through);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const send = createSend(never, { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    const answer = await send({ method: 'GET', url: 'http://api.example.invalid/a', headers: { 'X-Own': '1' } });
    expect(answer).toMatchObject({ status: 200, body: 'grüß' });
    expect(asked.join()).toContain('api.example.invalid');
    expect(seen).toMatchObject({ headers: { 'x-own': '1', 'user-agent': 'connectorkit' } });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
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
  expect(await failing(`${url}/silent`)).toContain('no answer began in time (ERR_HEADERS_TIMEOUT)');
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
