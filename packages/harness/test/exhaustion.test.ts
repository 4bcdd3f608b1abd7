import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { operationsOf, PLATFORMS } from '@connectorkit/sdk/platforms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve } from './served.ts';

/** Milliseconds; shorter than by themselves, so that the test is. */
const LIMITS = { headersTimeout: 1000, requestTimeout: 2000 };
/** How much later than its time a connection may be ended: they are looked through once a second. */
const SLACK = 2500;
const AT_ONCE = 50;

let served: Served;
beforeAll(async () => {
  served = await serve({ limits: LIMITS });
  await served.seed('make', { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] });
});
afterAll(() => served.close());

interface Raw {
  /** Of what was answered first; NaN when the connection was ended without an answer. */
  readonly status: number;
  readonly milliseconds: number;
}

/** Writes as `write` does, and waits until the other side ends the connection or answers. */
function raw(write: (socket: Socket) => void): Promise<Raw> {
  const { hostname, port } = new URL(served.url);
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => write(socket));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.once('close', () =>
      resolve({ status: Number(answer.split(' ', 2)[1]), milliseconds: performance.now() - started }),
    );
  });
}

/** A piece every 50 ms until the connection is closed. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 50);
  socket.once('close', () => clearInterval(timer));
}

const times = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: AT_ONCE }, work));

/** Somebody else is served meanwhile, and memory is afterwards what it was after a first time. */
async function endured(attack: () => Promise<void>): Promise<void> {
  let over = false;
  const others = (async () => {
    let slowest = 0;
    while (!over) {
      const started = performance.now();
      expect((await fetch(`${served.url}/api/v2/ping`)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - started);
      await new Promise((done) => setTimeout(done, 50));
    }
    return slowest;
  })();
  await attack();
  const before = await served.memory();
  for (let round = 0; round < 2; round++) await attack();
  const after = await served.memory();
  over = true;
  console.log(
    `others waited at most ${(await others).toFixed(0)} ms; memory ${(before / 1e6).toFixed(1)} MB after the first time, ${(after / 1e6).toFixed(1)} MB after the third`,
  );
  expect(await others).toBeLessThan(2000);
  expect(after / before).toBeLessThan(1.2);
  expect(served.output()).toBe('');
}

const POST = 'POST /api/v2/sdk/apps HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

const SLOW: Readonly<Record<string, { readonly until: number; readonly write: (socket: Socket) => void }>> = {
  'a head that goes on and on': {
    until: LIMITS.headersTimeout,
    write: (socket) => {
      socket.write('GET /api/v2/ping HTTP/1.1\r\nhost: localhost\r\n');
      drip(socket, 'x: y\r\n');
    },
  },
  'a head letter by letter': {
    until: LIMITS.headersTimeout,
    write: (socket) => {
      socket.write('GET /api/v2/ping?');
      drip(socket, 'a');
    },
  },
  'a body letter by letter': {
    until: LIMITS.requestTimeout,
    write: (socket) => {
      socket.write(`${POST}content-length: 1000000\r\n\r\n{"name":"`);
      drip(socket, 'a');
    },
  },
  'chunks without end': {
    until: LIMITS.requestTimeout,
    write: (socket) => {
      socket.write(`${POST}transfer-encoding: chunked\r\n\r\n`);
      drip(socket, '1\r\na\r\n');
    },
  },
  'a body that stops': {
    until: LIMITS.requestTimeout,
    write: (socket) => socket.write(`${POST}content-length: 1000\r\n\r\n{"name`),
  },
};

test.concurrent.each(Object.entries(SLOW))('%s is ended in time, with 408', async (_, { until, write }) => {
  for (const { status, milliseconds } of await times(() => raw(write))) {
    expect(status).toBe(408);
    expect(milliseconds).toBeGreaterThan(until - 100);
    expect(milliseconds).toBeLessThan(until + SLACK);
  }
});

const FLOODS: Readonly<Record<string, string>> = {
  'one long header': `x-flood: ${'y'.repeat(100_000)}\r\n`,
  'many headers': Array.from({ length: 20_000 }, (_, index) => `x-${index}: y\r\n`).join(''),
  'one header many times': 'cookie: a=b\r\n'.repeat(20_000),
  'lines that go on': `x: y\r\n${' z\r\n'.repeat(50_000)}`,
};

test.each(Object.entries(FLOODS))(
  'a flood of headers is refused with 4xx: %s',
  { timeout: 60_000 },
  async (_, flood) => {
    await endured(async () => {
      const answers = await times(() =>
        raw((socket) => socket.end(`GET /api/v2/ping HTTP/1.1\r\nhost: localhost\r\n${flood}\r\n`)),
      );
      // What is cut while it still sends may not see why.
      const seen = answers.map(({ status }) => status).filter((status) => !Number.isNaN(status));
      expect(seen.length).toBeGreaterThan(0);
      for (const status of seen) expect([400, 431]).toContain(status);
    });
  },
);

/** Megabytes beyond every platform's limit. */
const LARGE = Buffer.alloc(4_000_000, 'x');
/** A few kilobytes that unpack to two hundred megabytes. */
const BOMB = gzipSync(Buffer.alloc(200_000_000));

const BODIES: readonly [string, string | Buffer, Record<string, string>][] = [
  ['a text', `{"a":"${LARGE}"}`, {}],
  ['packed', BOMB, { 'content-encoding': 'gzip' }],
];

test.each(BODIES)(
  'a body that is too large is refused as the contract declares: %s',
  {
    timeout: 120_000,
  },
  async (_, body, more) => {
    const wrong: string[] = [];
    await endured(async () => {
      for (const platform of Object.values(PLATFORMS)) {
        for (const { id, method, path, mediaTypes, answers } of operationsOf(platform.contract).values()) {
          if (mediaTypes.length === 0) continue;
          const [base = ''] = platform.contract.servers.map(({ url }) => url.replace(/\/$/, ''));
          const { status } = await fetch(`${served.url}${base}${path.replace(/\{[^}]+\}/g, '1')}`, {
            method,
            headers: { authorization: `Bearer ${served.token}`, 'content-type': mediaTypes[0] ?? '', ...more },
            body,
          });
          if (status < 400 || !answers.has(String(status))) wrong.push(`${status} of ${id}`);
        }
      }
    });
    expect(wrong).toEqual([]);
  },
);
