// Whether memory stays as it is: a harness on PostgreSQL and one on SQLite, each in a process of its own, answer a steady
// mixture of requests to all platforms for a while, and what each holds is written every half minute.
//   pnpm bench soak [--minutes 20] [--rate 60] [--postgres postgres://…]
// The rate is of each harness, a second. What is kept in it is bounded: whatever grows is not given back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, memoryOf, startCluster } from './cluster.js';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'soak' && word !== '--'),
  options: {
    minutes: { type: 'string', default: '20' },
    rate: { type: 'string', default: '60' },
    postgres: { type: 'string' },
  },
});
const RATE = Number(asked.rate);
/** Requests that wait at most: a machine that is busy otherwise is asked less. */
const MOST = 64;
/** Milliseconds between two groups of requests, and between two measurements. */
const TICK = 100;
const MEASURE = 30_000;
const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const ORGANIZATION = '/exchange/api/v2/organizations/5a673b98-92f4-459d-b950-daeed7a8165d';
const SECTION = '/api/v2/sdk/apps/connections/soak/api';

const SEED = {
  make: { app: 'soak', connections: [{ type: 'basic', label: 'Main' }] },
  workato: { managed_users: [{ id: 7, name: 'Ada' }] },
  anypoint: { applications: [{ id: 1, name: 'one' }] },
  akana: {
    apis: [{ id: 'api.acmepaymentscorp', versions: [{ id: 'version.acmepaymentscorp' }] }],
    apps: [{ id: 'app.acmepaymentscorp', versions: [{ id: 'appversion.acmepaymentscorp' }] }],
    contracts: [
      { id: 'c.acmepaymentscorp', api_version: 'version.acmepaymentscorp', app_version: 'appversion.acmepaymentscorp' },
    ],
  },
};

/** @typedef {{ method?: string, path: string, scheme?: string, type?: string, token?: string, body?: string | object, status?: number }} Asked */
/** Requests by their number: their values change, and come again. @type {readonly ((number: number) => Asked)[]} */
const REQUESTS = [
  () => ({ path: SECTION, scheme: 'Token' }),
  (number) => ({
    ...{ method: 'PUT', path: SECTION, scheme: 'Token', type: 'application/jsonc' },
    body: `{ "baseUrl": "https://api.example.com/${number % 997}", "pad": "${'x'.repeat(number % 300)}" }`,
  }),
  () => ({ path: '/api/v2/sdk/apps/soak/connections', scheme: 'Token' }),
  (number) => ({ method: 'PUT', path: '/api/managed_users/7', body: { name: `Ada ${number % 997}` } }),
  () => ({ path: '/api/managed_users/7' }),
  (number) => ({
    ...{ method: 'PATCH', path: `${ORGANIZATION}/applications/1` },
    body: { name: 'one', description: `changed ${number % 997}` },
  }),
  () => ({ path: `${ORGANIZATION}/applications/1` }),
  () => ({ path: '/api/contracts/c.acmepaymentscorp' }),
  () => ({ path: '/api/apis/versions/version.acmepaymentscorp/connectedapps' }),
  (number) => ({ path: SECTION, scheme: 'Token', token: `guess-${number}`, status: 401 }),
  (number) => ({ path: `/api/v2/nothing/${number}`, scheme: 'Token', status: 404 }),
  (number) => ({
    ...{ method: 'PUT', path: SECTION, scheme: 'Token', type: 'application/jsonc', status: 400 },
    body: `{ "baseUrl": ${number % 997}`,
  }),
];

const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
const cluster = asked.postgres === undefined ? await startCluster() : undefined;
const location = asked.postgres ?? cluster?.url ?? '';
const soaked = [
  await start('PostgreSQL', `${location}${location.includes('?') ? '&' : '?'}schema=soak_${process.pid}`),
  await start('SQLite', join(scratch, 'soak.db')),
];
console.log(
  `${soaked.length} harnesses, ${RATE} requests a second to each for ${asked.minutes} minutes; MB that the process holds, and of them in use after garbage was collected`,
);
const begun = Date.now();
const ends = begun + Number(asked.minutes) * 60_000;
const loads = soaked.map((each) => load(each, ends));
for (let next = begun + MEASURE; next <= ends + TICK; next += MEASURE) {
  await sleep(next - Date.now());
  const seen = [];
  for (const each of soaked) seen.push(`${each.name} ${await measured(each)}`);
  console.log(`${((Date.now() - begun) / 60_000).toFixed(1).padStart(5)} min  ${seen.join('   ')}`);
}
await Promise.all(loads);
for (const { name, used, held, late } of soaked) {
  // The first quarter fills what is bounded.
  const quarter = Math.max(1, Math.floor(used.length / 4));
  const parts = (/** @type {number[]} */ all) => [median(all.slice(quarter, 2 * quarter)), median(all.slice(-quarter))];
  const [[early = Number.NaN, last = Number.NaN], [first = Number.NaN, final = Number.NaN]] = [
    parts(used),
    parts(held),
  ];
  console.log(
    `${name}: in use ${early.toFixed(1)} MB in the second quarter, ${last.toFixed(1)} MB in the last: ${(last / early).toFixed(3)}× (flat below 1.05); ` +
      `held ${first.toFixed(0)} MB and ${final.toFixed(0)} MB; p99 of all ${late().toFixed(0)} ms`,
  );
  if (!(last / early < 1.05)) process.exitCode = 1;
}
for (const { child } of soaked) {
  const closed = once(child, 'close');
  child.kill();
  await closed;
}
await cluster?.stop();
rmSync(scratch, { recursive: true, force: true });

/** @typedef {{ name: string, child: import('node:child_process').ChildProcess, url: string, agent: Agent, used: number[], held: number[], answered: { count: number, times: Map<number, number> }, late: () => number }} Soaked */

/** @param {string} name @param {string} store @returns {Promise<Soaked>} */
async function start(name, store) {
  const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, 'servers.js'), 'harness', store], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      BENCH_TOKEN: TOKEN,
      BENCH_KEY: 'the key of the benchmark',
      BENCH_SEED: JSON.stringify(SEED),
    },
  });
  const [line] = await once(/** @type {import('node:stream').Readable} */ (child.stdout), 'data');
  const { url } = JSON.parse(String(line));
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  /** Milliseconds → how many requests took so long. @type {Map<number, number>} */
  const times = new Map();
  const answered = { count: 0, times };
  const late = () => {
    let left = answered.count / 100;
    for (const [time, count] of [...times].sort(([a], [b]) => b - a)) {
      left -= count;
      if (left < 0) return time;
    }
    return 0;
  };
  return { name, child, url, agent, used: [], held: [], answered, late };
}

/** @param {Soaked} soaked */
async function measured({ child, used, held, answered }) {
  child.send('memory');
  const [bytes] = await once(child, 'message');
  used.push(Number(bytes) / 1e6);
  held.push(memoryOf(child.pid));
  return `${held.at(-1)?.toFixed(0)} (${used.at(-1)?.toFixed(1)}) MB, ${answered.count} requests`;
}

/** Sends requests at a steady rate, whatever becomes of them. @param {Soaked} soaked @param {number} ends */
async function load(soaked, ends) {
  let number = 0;
  let open = 0;
  const begun = performance.now();
  while (Date.now() < ends) {
    const due = ((performance.now() - begun) / 1000) * RATE;
    for (; number < due; number++) {
      if (open >= MOST) continue;
      open++;
      ask(soaked, number).finally(() => open--);
    }
    await sleep(TICK);
  }
  while (open > 0) await sleep(TICK);
}

/** @param {Soaked} soaked @param {number} number @returns {Promise<void>} */
function ask({ url, agent, answered: { times }, answered }, number) {
  const make = /** @type {(number: number) => Asked} */ (REQUESTS[number % REQUESTS.length]);
  const { method = 'GET', path, scheme = 'Bearer', type, token = TOKEN, body, status = 200 } = make(number);
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const headers = {
    authorization: `${scheme} ${token}`,
    ...(text !== undefined && {
      'content-type': type ?? 'application/json',
      'content-length': Buffer.byteLength(text),
    }),
  };
  const sent = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method, headers, agent }, (answer) => {
      if (answer.statusCode !== status) reject(new Error(`${method} ${path}: ${answer.statusCode}`));
      answer.resume().once('end', () => {
        const time = Math.round(performance.now() - sent);
        times.set(time, (times.get(time) ?? 0) + 1);
        answered.count++;
        resolve();
      });
    });
    asked.once('error', reject).end(text);
  });
}
