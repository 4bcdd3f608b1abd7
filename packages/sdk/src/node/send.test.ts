import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectorError } from '../diagnostics.ts';
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
    if (request.url === '/dripping') {
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
      return;
    }
    if (request.url === '/endless') {
      const part = Buffer.alloc(1024 * 1024, 'x');
      const pour = () => {
        while (response.write(part));
      };
      response.on('drain', pour);
      pour();
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

test('a request is sent as it is and its answer given, whatever the status', async () => {
  const send = createSend({ environment: {} });
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
  const send = createSend({ environment: {} });
  await send({ method: 'DELETE', url, headers: {}, body: 'ü' });
  expect(seen).toMatchObject({ method: 'DELETE', headers: { 'content-length': '2' }, body: 'ü' });
  await send({ method: 'POST', url, headers: {} });
  expect(seen).toMatchObject({ method: 'POST', headers: { 'content-length': '0' }, body: '' });
  await send({ method: 'GET', url: url.replace('//', '//user:secret@'), headers: {} });
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(['connection', 'host', 'user-agent']);
});

test('no number of seconds is too large, and what is none is not asked for', async () => {
  for (const seconds of ['1e12', 'Infinity', '-1', 'soon']) {
    expect(
      (await createSend({ environment: { CONNECTOR_TIMEOUT: seconds } })({ method: 'GET', url, headers: {} })).status,
    ).toBe(200);
  }
});

test('connections are used again', async () => {
  let connections = 0;
  server.on('connection', () => connections++);
  const send = createSend({ environment: {} });
  for (let count = 0; count < 3; count++) await send({ method: 'PUT', url, headers: {}, body: '1' });
  expect(connections).toBe(1);
});

test('an answer that is cut, or stops in the middle', async () => {
  const send = createSend({ environment: { CONNECTOR_TIMEOUT: '0.3' } });
  const failing = async (path: string) =>
    (await send({ method: 'GET', url: `${url}${path}`, headers: {} }).catch((error) => error)).message;
  expect(await failing('/cut')).toContain('the connection was cut (ECONNRESET)');
  expect(await failing('/half')).toContain('the answer did not end in time (ERR_BODY_TIMEOUT)');
});

test('an answer that never ends is ended by the time, and by its size', async () => {
  const failing = async (path: string, seconds: string) => {
    const started = performance.now();
    const { message } = await createSend({ environment: { CONNECTOR_TIMEOUT: seconds } })({
      method: 'GET',
      url: `${url}${path}`,
      headers: {},
    }).catch((error) => error);
    return { message, seconds: (performance.now() - started) / 1000 };
  };
  const dripping = await failing('/dripping', '0.3');
  expect(dripping.message).toContain('the answer did not end in time (ERR_BODY_TIMEOUT)');
  expect(dripping.seconds).toBeLessThan(1);
  expect((await failing('/endless', '60')).message).toContain('the answer is longer than 64 MB (ERR_BODY_TOO_LARGE)');
});

test('an answer of a few megabytes is given whole', async () => {
  const body = 'é'.repeat(4 * 1024 * 1024);
  const large = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(large, 'listening');
  const { port } = large.address() as AddressInfo;
  const answer = await createSend({ environment: {} })({ method: 'GET', url: `http://127.0.0.1:${port}`, headers: {} });
  expect(answer.body === body).toBe(true);
  large.closeAllConnections();
  large.close();
});

test('a proxy is never used for this machine', async () => {
  const send = createSend({ environment: { HTTP_PROXY: 'http://127.0.0.1:9' } });
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
    const send = createSend({
      environment: { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
    });
    const answer = await send({ method: 'GET', url: 'http://api.example.invalid/a', headers: { 'X-Own': '1' } });
    expect(answer).toMatchObject({ status: 200, body: 'grüß' });
    expect(asked.join()).toContain('api.example.invalid');
    expect(seen).toMatchObject({ headers: { 'x-own': '1', 'user-agent': 'connectorkit' } });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

/** Answers of a proxy to a request for a tunnel, and the resulting messages. */
const PROXIES: readonly (readonly [what: string, does: (socket: Socket) => void, said: string])[] = [
  ['closes the connection', (socket) => socket.destroy(), 'the connection was cut (ECONNRESET)'],
  ['says nothing', () => {}, 'nothing answered in time (ETIMEDOUT)'],
  ['begins to answer', (socket) => socket.write('HTTP/1.1 2'), 'nothing answered in time (ETIMEDOUT)'],
  [
    'drips headers',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('a: b\r\n'), 20);
      socket.once('close', () => clearInterval(drip));
    },
    'nothing answered in time (ETIMEDOUT)',
  ],
  [
    'sends headers without an end',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}`),
    'the headers of the answer are too long (HPE_HEADER_OVERFLOW)',
  ],
  [
    'wants a password',
    (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    'the proxy wants a name and a password, or other ones (ERR_PROXY_UNAUTHENTICATED)',
  ],
  [
    'refuses',
    (socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    'the proxy does not let it through (ERR_PROXY_REFUSED)',
  ],
  ['gives a tunnel to nothing', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'), 'in time'],
  ['closes the tunnel', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 'the connection was cut (ECONNRESET)'],
  [
    'speaks no TLS in the tunnel',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    },
    'what answers there does not speak TLS',
  ],
];

test.each(PROXIES)('a request through a proxy that %s ends, and says so', async (_, does, said) => {
  let connections = 0;
  const sockets = new Set<Socket>();
  const proxy = createTcpServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => does(socket));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const environment = { HTTPS_PROXY: `http://name:secret@${address}`, CONNECTOR_TIMEOUT: '0.3' };
    const request = { method: 'GET', url: 'https://api.example.invalid/a', headers: {} };
    const error = await createSend({ environment })(request).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error.message).toContain(`https://api.example.invalid cannot be reached through the proxy ${address}: `);
    expect(error.message).toContain(said);
    expect(error.message).not.toContain('secret');
    expect(connections).toBe(1);
  } finally {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
});

test('why there is no answer is said in words', async () => {
  server.close();
  await once(server, 'close');
  const refused = await createSend({ environment: {} })({ method: 'GET', url: `${url}/secret`, headers: {} }).catch(
    (error) => error,
  );
  expect(refused).toBeInstanceOf(ConnectorError);
  expect(refused).toMatchObject({ kind: 'network', diagnostics: [{ code: 'origin/unreachable' }] });
  expect(refused.message).toBe(
    `${url} cannot be reached: nothing listens there (ECONNREFUSED). What was tried was GET /secret.`,
  );
});

test('an answer that does not come in time, a host that nobody knows, and one that speaks no TLS', async () => {
  const send = createSend({ environment: { CONNECTOR_TIMEOUT: '0.3' } });
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
  const pending = createSend({ signal: interruption.signal, environment: {} })({
    method: 'GET',
    url: `${url}/silent`,
    headers: {},
  });
  setTimeout(() => interruption.abort(), 50);
  await expect(pending).rejects.not.toBeInstanceOf(ConnectorError);
});
