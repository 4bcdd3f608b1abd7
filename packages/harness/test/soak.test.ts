import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { type Served, serve } from './served.ts';

const NIGHTLY = process.env.CONNECTOR_NIGHTLY !== undefined;
const REQUESTS = NIGHTLY ? 2_000_000 : 60_000;
/** The requests after which caches and the journal are full, and memory has nothing to grow for. */
const FULL = NIGHTLY ? 200_000 : 40_000;
const CONNECTIONS = 16;
const IN_A_ROW = 25;

let served: Served;
afterAll(() => served?.close());

test(`${REQUESTS} requests leave no more memory in use than the first ${FULL}`, {
  timeout: NIGHTLY ? 3_600_000 : 120_000,
}, async () => {
  served = await serve({});
  await served.seed('make', { app: 'soak', connections: [{ type: 'basic', label: 'Main' }] });
  const started = performance.now();
  const counts = new Map<string, number>();
  const send = async (requests: number) => {
    const each = Math.ceil(requests / CONNECTIONS / IN_A_ROW);
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => sendRows(index, each, counts)));
  };
  // Until the journal is full and its latest rows are remembered memory grows: with a journal of 0 it does not at all.
  await send(FULL / 2);
  await served.memory();
  await send(FULL / 2);
  const before = await served.memory();
  await send(REQUESTS - FULL);
  const after = await served.memory();
  const rate = (REQUESTS / (performance.now() - started)) * 1000;
  console.log(
    `${REQUESTS} requests, ${rate.toFixed(0)} a second, answers ${JSON.stringify(Object.fromEntries(counts))}; ` +
      `memory ${(before / 1e6).toFixed(1)} MB after ${FULL}, ${(after / 1e6).toFixed(1)} MB at the end: ${(after / before).toFixed(3)}×`,
  );
  expect([...counts.keys()].sort()).toEqual(['200', '400', '401', '404']);
  expect(after / before).toBeLessThan(1.1);
  expect(served.output()).toBe('');
});

const SECTION = '/api/v2/sdk/apps/connections/soak/api';

/** Requests that change between a bounded number of values. */
function requestNumber(number: number): string {
  const text = `{ "baseUrl": "https://api.example.com/${number % 997}", "pad": "${'x'.repeat(number % 300)}" }`;
  const head = `host: localhost\r\nauthorization: Token ${served.token}`;
  const put = (body: string) =>
    `PUT ${SECTION} HTTP/1.1\r\n${head}\r\ncontent-type: application/jsonc\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const kinds = [
    `GET ${SECTION} HTTP/1.1\r\n${head}\r\n\r\n`,
    put(text),
    `GET /api/v2/sdk/apps/soak/connections HTTP/1.1\r\n${head}\r\n\r\n`,
    `GET /api/v2/sdk/apps?pg[limit]=${number % 50} HTTP/1.1\r\n${head}\r\n\r\n`,
    put(text.slice(0, -1)),
    `GET ${SECTION} HTTP/1.1\r\nhost: localhost\r\nauthorization: Token guess-${number}\r\n\r\n`,
    `GET /api/v2/nothing/${number} HTTP/1.1\r\n${head}\r\n\r\n`,
    `GET ${SECTION} HTTP/1.1\r\n${head}\r\n\r\n`,
  ];
  return kinds[number % kinds.length] ?? '';
}

/** Sends rows of requests, each row when the one before it is answered. */
function sendRows(first: number, rows: number, counts: Map<string, number>): Promise<void> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname).setEncoding('latin1');
    let number = first * 7919;
    let left = rows;
    let open = 0;
    let tail = '';
    const next = () => {
      if (left-- === 0) {
        socket.destroy();
        return resolve();
      }
      open = IN_A_ROW;
      socket.write(Array.from({ length: IN_A_ROW }, () => requestNumber(number++)).join(''));
    };
    socket.on('data', (chunk) => {
      const text = tail + chunk;
      for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        counts.set(status, (counts.get(status) ?? 0) + 1);
        open--;
      }
      tail = text.slice(text.lastIndexOf('\n') + 1).slice(-12);
      if (/HTTP\/1\.1 \d{3} /.test(tail)) tail = '';
      if (open === 0) next();
    });
    socket.once('error', reject).once('connect', next);
  });
}
