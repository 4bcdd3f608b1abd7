import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationsOf, PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OTHER } from './anypoint/exchange.ts';
import { type Base, CHANGES, type Random, type RawRequest, randomFrom, requestOf } from './requests.ts';
import { type Served, serve } from './served.ts';
import { type State, stateIn } from './state.ts';
import { type ValidRequest, validRequestsOf } from './valid-requests.ts';

const NIGHTLY = process.env.CONNECTOR_NIGHTLY !== undefined;
/** The same in every run, others by night. */
const SEED = NIGHTLY ? Date.now() : 20_261_122;
/** Requests for each operation, by whoever may do everything and by a stranger. */
const OWN = NIGHTLY ? 400 : 40;
const STRANGE = NIGHTLY ? 130 : 14;
const AT_ONCE = 16;

const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const CONTROL = '0f5be0bb-5f07-4d49-9c0c-52b7a8a4f2a6';

/** Somebody on a platform who may touch nothing of what is there, and whose own things the harness's owner may not touch. */
interface Stranger {
  readonly authorization: string;
  readonly given: object;
  /** What tells the stranger's own things in the state. */
  readonly own: RegExp;
}

const STRANGERS: Readonly<Record<string, Stranger>> = {
  make: {
    authorization: 'Token stranger',
    given: { tokens: [{ token: 'stranger', scopes: ['sdk-apps:read'] }] },
    own: /^never$/,
  },
  akana: {
    authorization: 'Bearer stranger',
    given: { tokens: [{ token: 'stranger', roles: [] }] },
    own: /harness-user/,
  },
  workato: {
    authorization: 'Bearer stranger',
    given: {
      tokens: [{ token: 'stranger', workspace: 2 }],
      managed_users: [
        {
          id: 500,
          external_id: 'A2300',
          workspace: 2,
          home: 501,
          name: 'foreign',
          connections: [{ id: 502, name: 'foreign' }],
        },
      ],
    },
    own: /"workspace":2|workspace-2|user-500|foreign/,
  },
  anypoint: {
    authorization: `Basic ${btoa('stranger:stranger')}`,
    given: {
      organizations: [{ id: OTHER, name: 'foreign' }],
      users: [
        { username: 'stranger', password: 'stranger', organizationId: OTHER, roles: ['Organization Administrator'] },
      ],
      assets: [{ assetId: 'foreign', groupId: OTHER, organizationId: OTHER }],
      applications: [{ id: 900, name: 'foreign', masterOrganizationId: OTHER, owner: 'stranger' }],
    },
    own: new RegExp(`${OTHER}|foreign|stranger`),
  },
};

let served: Served;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const store = join(folder, 'harness.db');
  served = await serve({ token: TOKEN, controlToken: CONTROL, store, checkAnswers: true });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

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

/** Everything as a request needs it, and what the stranger has. */
async function place(request: ValidRequest, { name }: Platform): Promise<State> {
  const control = { authorization: `Bearer ${CONTROL}`, 'content-type': 'application/json' };
  expect(await send({ method: 'POST', path: '/__harness/reset', headers: control, body: Buffer.from('{}') })).toBe(200);
  await served.seed(name, STRANGERS[name]?.given);
  await request.prepare(served);
  return stateIn(join(folder, 'harness.db'));
}

/** Entries that were there before and are no longer as they were. Counters are nobody's. */
function changed(before: State, touchable: (entry: string) => boolean): string[] {
  const after = stateIn(join(folder, 'harness.db'));
  return [...before].flatMap(([key, value]) => {
    const entry = `${key} ${value}`;
    const same = after.get(key) === value || !/^[vs]/.test(key) || touchable(entry);
    return same ? [] : [`${entry} → ${after.get(key)}`];
  });
}

/**
 * Every status that a contract declares, and those of what is no HTTP request of any operation. That an operation gives
 * its own alone, the harness itself looks at: what it says otherwise is among its faults.
 */
const STATUSES = new Set(
  Object.values(PLATFORMS)
    .flatMap(({ contract }) => [...operationsOf(contract).values()])
    .flatMap(({ answers }) => [...answers.keys()].map(Number))
    .concat([400, 404, 405, 406, 413, 415, 417, 429, 431]),
);

interface Round {
  readonly base: Base;
  readonly random: Random;
  readonly count: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends requests that are changed at random; the words for those that were answered as they should not be. */
async function attack(
  { base, random, count, headers }: Round,
  counts: Map<number | string, number>,
): Promise<string[]> {
  const changes = Object.entries(CHANGES);
  const wrong: string[] = [];
  const built = Array.from({ length: count }, () => {
    const [name = '', change] = changes[Math.floor(random() * changes.length)] ?? [];
    const changedRequest = requestOf(base, change ?? (() => ({})), TOKEN, random);
    return { name, ...changedRequest, headers: { ...changedRequest.headers, ...headers } };
  });
  await Promise.all(
    built.map(async (each) => {
      const status = await send(each);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      const start = each.body?.toString('utf8', 0, 200);
      if (!STATUSES.has(Number(status)))
        wrong.push(`${status} to ${each.method} ${each.path.slice(0, 200)} (${each.name}) ${start}`);
    }),
  );
  return wrong;
}

/** Whoever has a link may do what the link is for. */
const byLink = ({ operation }: Base) => operation.schemes.includes('directLink');

test('generated requests, valid, nearly valid and hostile, get no answer and change nothing that they should not', {
  timeout: NIGHTLY ? 3_600_000 : 240_000,
}, async () => {
  const random = randomFrom(SEED);
  const counts = new Map<number | string, number>();
  const wrong: string[] = [];
  const memory: number[] = [];
  let operations = 0;
  for (const platform of Object.values(PLATFORMS)) {
    const stranger = STRANGERS[platform.name] as Stranger;
    for (const base of await validRequestsOf(platform)) {
      operations++;
      const say = (words: readonly string[]) => wrong.push(...words.map((each) => `${base.operation.id}: ${each}`));
      await place(base, platform);
      const valid = await send(requestOf(base, () => ({}), TOKEN, random));
      counts.set(valid, (counts.get(valid) ?? 0) + 1);
      if (Number(valid) >= 300) say([`a valid request is answered with ${valid}`]);

      const before = await place(base, platform);
      say(await attack({ base, random, count: OWN, headers: {} }, counts));
      say(changed(before, (entry) => !stranger.own.test(entry)));

      const more = byLink(base) ? {} : { authorization: stranger.authorization };
      const again = await place(base, platform);
      say(await attack({ base, random, count: STRANGE, headers: more }, counts));
      if (!byLink(base)) say(changed(again, (entry) => stranger.own.test(entry)));
    }
    memory.push(await served.memory());
  }
  const requests = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const megabytes = memory.map((bytes) => (bytes / 1e6).toFixed(1)).join(', ');
  const answers = JSON.stringify(Object.fromEntries(counts));
  console.log(
    `${requests} requests, seed ${SEED}, ${operations} operations; answers ${answers}; memory ${megabytes} MB`,
  );
  expect(wrong).toEqual([]);
  expect(served.output()).toBe('');
  expect(requests).toBeGreaterThan(10_000);
  expect((memory.at(-1) ?? 0) / (memory[1] ?? 0)).toBeLessThan(1.5);
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
    answer: /^HTTP\/1.1 400/,
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
  expect(await send({ method: 'GET', path: '/__harness', headers: {} })).toBe(200);
  expect(served.output()).toBe('');
});
