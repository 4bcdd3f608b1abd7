import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type Listener, listenAt } from './listener.ts';

const SHORT = { headersTimeout: 150, requestTimeout: 400, maxHeaderSize: 2048, grace: 300 };

/** Sends text as it is, and gives all that comes until the other side closes. */
function raw(listener: Listener, text: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
  socket.write(text);
  const answer = new Promise<string>((resolve) => {
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk;
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(got));
  });
  return { socket, answer };
}

const statusOf = async (answer: Promise<string>) => (await answer).split(' ')[1];
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n';

test('a head that takes too long or is too long, and a body that does not end, are ended', async () => {
  const listener = await listenAt(
    '127.0.0.1',
    0,
    (request, response) => request.resume().once('end', () => response.end('done')),
    undefined,
    SHORT,
  );
  expect(await statusOf(raw(listener, `${REQUEST}Connection: close\r\n\r\n`).answer)).toBe('200');
  const started = performance.now();
  expect(await statusOf(raw(listener, `${REQUEST}X-Slow: `).answer)).toBe('408');
  expect(
    await statusOf(raw(listener, `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc`).answer),
  ).toBe('408');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await statusOf(raw(listener, `${REQUEST}X-Long: ${'x'.repeat(3000)}\r\n\r\n`).answer)).toBe('431');
  expect(await statusOf(raw(listener, 'NONSENSE\r\n\r\n').answer)).toBe('400');
  await listener.close();
});

test('what is under way when it closes is answered; what does not end is cut off', async () => {
  let asked = () => {};
  const under = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let finish = () => {};
  const listener = await listenAt(
    '127.0.0.1',
    0,
    (request, response) => {
      if (request.url === '/stuck') return;
      finish = () => response.end('written');
      asked();
    },
    undefined,
    SHORT,
  );
  const idle = raw(listener, '');
  const slow = raw(listener, `${REQUEST}\r\n`);
  await under;
  const stuck = raw(listener, REQUEST.replace('/ ', '/stuck ').concat('\r\n'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const closed = listener.close();
  setTimeout(() => finish(), 60);
  expect(await slow.answer).toContain('written');
  expect(await idle.answer).toBe('');
  expect(await stuck.answer).toBe('');
  await closed;
  await expect(fetch(listener.url)).rejects.toThrow();
});
