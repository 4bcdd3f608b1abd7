import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { overNetwork } from './clients.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function sent(answer: (response: ServerResponse) => void, limits?: Parameters<typeof overNetwork>[0]) {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  return overNetwork(limits)({ method: 'GET', url, headers: {} });
}

const LIMITS = { milliseconds: 300, bytes: 100_000 };

test('an answer is read as it is', async () => {
  const answer = await sent((response) => response.writeHead(201, { 'x-one': '1' }).end('Grüße'));
  expect(answer).toMatchObject({ status: 201, headers: { 'x-one': '1' }, body: 'Grüße' });
});

test('one that does not begin, and one that does not end, is waited for until the deadline', async () => {
  const late = { code: 'origin/unreachable', message: expect.stringContaining('no whole answer in 0.3 seconds') };
  await expect(sent(() => {}, LIMITS)).rejects.toMatchObject({ kind: 'network', diagnostics: [late] });
  const dripping = (response: ServerResponse) => {
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  };
  await expect(sent(dripping, LIMITS)).rejects.toMatchObject({ diagnostics: [late] });
});

test('one without an end is cut off where it is too long', async () => {
  let closed = false;
  const endless = (response: ServerResponse) => {
    const more = () => {
      while (!closed && response.write('x'.repeat(50_000)));
    };
    response.on('drain', more).on('close', () => {
      closed = true;
    });
    more();
  };
  await expect(sent(endless, { ...LIMITS, milliseconds: 20_000 })).rejects.toThrow('more than 100000 bytes');
  await expect.poll(() => closed).toBe(true);
});
