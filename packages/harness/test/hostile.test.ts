import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { PLATFORMS, type Platform } from '@connectorkit/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basesOf, CHANGES, type RawRequest, randomFrom, requestOf } from './requests.ts';
import { type Served, serve } from './served.ts';

const NIGHTLY = process.env.CONNECTOR_NIGHTLY !== undefined;
/** The same in every run, others by night. */
const SEED = NIGHTLY ? Date.now() : 20_261_122;
const REQUESTS = NIGHTLY ? 100_000 : 10_000;
const AT_ONCE = 16;

const platforms: readonly Platform[] = Object.values(PLATFORMS);

let served: Served;
beforeAll(async () => {
  served = await serve({ token: '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11' });
  for (const platform of platforms) {
    for (const { given } of await platform.exchanges()) await served.seed(platform.name, given).catch(() => {});
  }
});
afterAll(() => served.close());

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
afterAll(() => agent.destroy());

/** The status, or the code of the error when the connection was cut. */
function send({ method, path, headers, body }: RawRequest): Promise<number | string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(served.url);
    // Without it a client sends the body of a GET as if it were the next request.
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const asked = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', ({ message }) => resolve(message));
    });
    asked.once('error', ({ message }) => resolve(message));
    asked.end(body);
  });
}

test(`of ${REQUESTS} hostile requests none brings the harness down, or an answer that it should not give`, {
  timeout: NIGHTLY ? 600_000 : 120_000,
}, async () => {
  const random = randomFrom(SEED);
  const bases = (await Promise.all(platforms.map(basesOf))).flat();
  const changes = Object.entries(CHANGES);
  const wrong: string[] = [];
  const counts = new Map<number | string, number>();
  const touched = new Set<string>();
  let next = 0;
  const work = async (until: number) => {
    for (let index = next++; index < until; index = next++) {
      const base = bases[index % bases.length];
      const [name, change] = changes[Math.floor(random() * changes.length)] ?? [];
      if (base === undefined || change === undefined) continue;
      const built = requestOf(base, change, served.token, random);
      const status = await send(built);
      touched.add(`${base.prefix} ${base.operation.id}`);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      const fine = typeof status === 'number' && (status < 500 || built.declared.has(status));
      if (!fine)
        wrong.push(
          `${status} to ${built.method} ${built.path.slice(0, 200)} (${name}) ${built.body?.toString('utf8', 0, 200)}`,
        );
    }
    next--;
  };
  const memory: number[] = [];
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const until = Math.floor(REQUESTS * share);
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(until)));
    next = until;
    memory.push(await served.memory());
  }
  const megabytes = memory.map((bytes) => (bytes / 1e6).toFixed(1));
  console.log(
    `${REQUESTS} requests, seed ${SEED}, ${touched.size} operations; answers ${JSON.stringify(Object.fromEntries(counts))}; memory after quarters ${megabytes.join(', ')} MB`,
  );
  expect(wrong).toEqual([]);
  expect(served.output()).toBe('');
  expect(touched.size).toBe(
    bases.reduce((all, { prefix, operation }) => all.add(`${prefix} ${operation.id}`), new Set()).size,
  );
  const [, half = 0, , end = 0] = memory;
  expect(end / half).toBeLessThan(1.5);
});

/** What a server sends to bytes that need be no HTTP; a connection that is cut has sent nothing. */
function sendRaw(pieces: readonly (string | Buffer)[], patience: number): Promise<string> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer.split('\r\n', 1)[0] ?? '');
    };
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('\r\n')) end();
    });
    socket.once('error', end).once('close', end);
    for (const piece of pieces) socket.write(piece);
    setTimeout(end, patience);
  });
}

const HEAD = 'POST /api/v2/sdk/apps HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

const RAW: Readonly<Record<string, { readonly pieces: readonly (string | Buffer)[]; readonly answer: RegExp }>> = {
  'no HTTP': { pieces: ['\u0000\u0001\u0002\r\n\r\n'], answer: /^HTTP\/1.1 400/ },
  'a method that there is not': { pieces: ['HACK / HTTP/1.1\r\nhost: localhost\r\n\r\n'], answer: /^HTTP\/1.1 400/ },
  'no host': { pieces: ['GET /api/v2/sdk/apps HTTP/1.1\r\n\r\n'], answer: /^HTTP\/1.1 (400|403)/ },
  'two hosts': {
    pieces: ['GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example.com\r\n\r\n'],
    answer: /^HTTP\/1.1 4/,
  },
  'a whole address': {
    pieces: ['GET http://evil.example.com/api/v2/sdk/apps HTTP/1.1\r\nhost: evil.example.com\r\n\r\n'],
    answer: /^HTTP\/1.1 403/,
  },
  'headers without end': {
    pieces: ['GET / HTTP/1.1\r\nhost: localhost\r\n', `x-flood: ${'y'.repeat(100_000)}\r\n`],
    answer: /^HTTP\/1.1 431/,
  },
  'very many headers': {
    pieces: ['GET / HTTP/1.1\r\nhost: localhost\r\n', 'a: b\r\n'.repeat(50_000), '\r\n'],
    answer: /^HTTP\/1.1 4/,
  },
  'a long address': {
    pieces: [`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
    answer: /^HTTP\/1.1 4/,
  },
  'a length and chunks': {
    pieces: [`${HEAD}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    answer: /^HTTP\/1.1 400/,
  },
  'two lengths': { pieces: [`${HEAD}content-length: 4\r\ncontent-length: 5\r\n\r\n{}{}`], answer: /^HTTP\/1.1 400/ },
  'a negative length': { pieces: [`${HEAD}content-length: -1\r\n\r\n`], answer: /^HTTP\/1.1 400/ },
  'chunks that are none': { pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`], answer: /^HTTP\/1.1 400/ },
  'two encodings': {
    pieces: [`${HEAD}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    answer: /^HTTP\/1.1 400/,
  },
  'a chunk that says too much': {
    pieces: [`${HEAD}transfer-encoding: chunked\r\n\r\n2;${'a'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`],
    answer: /^HTTP\/1.1 413/,
  },
  'an expectation': { pieces: [`${HEAD}expect: miracles\r\ncontent-length: 2\r\n\r\n{}`], answer: /^HTTP\/1.1 417/ },
  'another protocol': { pieces: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], answer: /^HTTP\/1.1 400/ },
  'a tunnel': { pieces: ['CONNECT evil.example.com:443 HTTP/1.1\r\nhost: localhost\r\n\r\n'], answer: /^$/ },
  'a body that stops': { pieces: [`${HEAD}content-length: 1000\r\n\r\n{"name`], answer: /^$/ },
  'an end in the headers': { pieces: [`${HEAD}x: a\r\n`], answer: /^$/ },
};

test.each(Object.entries(RAW))('on the wire: %s', async (_name, { pieces, answer }) => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => sendRaw(pieces, answer.test('') ? 300 : 10_000)));
  for (const each of answers) expect(each).toMatch(answer);
  expect(await send({ operation: '', method: 'GET', path: '/__harness', headers: {}, declared: new Set() })).toBe(200);
  expect(served.output()).toBe('');
});
