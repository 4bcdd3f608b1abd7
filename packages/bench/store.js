// The harness on PostgreSQL and on SQLite with one, two and three processes, beside bare Express with the same driver that
// does one select or upsert for each request, in turn. A request to the harness checks a token, an app and a contract.
//   pnpm bench store [--seconds 5] [--rounds 3] [--processes 1,2,3] [--postgres postgres://…]
// Servers, database and load share the cores, so what more processes bring is bounded by what is left of them: the CPU
// time of each part for a request is measured, and the bound that follows from it is written beside the ratio.
// Without --postgres a server is made in a temporary folder, with its default settings.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuOf, median, memoryOf, startCluster } from './cluster.js';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'store' && word !== '--'),
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    processes: { type: 'string', default: '1,2,3' },
    postgres: { type: 'string' },
  },
});
const SECONDS = Number(asked.seconds);
const CONNECTIONS = 48;
const APPS = 12;
const here = import.meta.dirname;
const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';
const BODY = `{ "baseUrl": "https://api.example.com/vCOUNT", "headers": { "authorization": "Bearer {{connection.apiKey}}" }, "pad": "${'x'.repeat(450)}" }`;

const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @typedef {{ child: import('node:child_process').ChildProcess, url: string, paths: string[], headers: Record<string, string> }} Running */

const cluster =
  asked.postgres === undefined ? await startCluster() : { url: asked.postgres, cpu: () => Number.NaN, stop: () => {} };
let stores = 0;

/** @param {string} name of the server @param {string} store @returns {Promise<Running>} */
async function start(name, store) {
  const child = spawn(process.execPath, [join(here, 'servers.js'), name, store], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_TOKEN: TOKEN, BENCH_KEY: 'the key of the benchmark' },
  });
  const [line] = await once(child.stdout, 'data');
  const { url, token, path, paths = [path] } = JSON.parse(String(line));
  const headers = {
    'content-type': 'application/jsonc',
    ...(token === undefined ? {} : { authorization: `Token ${token}` }),
  };
  return { child, url, headers, paths };
}

/** Makes apps with a connection each, so that not all write to one. @param {Running} running @returns {Promise<string[]>} */
async function prepared({ url, headers }) {
  const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const json = { ...headers, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers: json, body: JSON.stringify(body) });
    return /** @type {any} */ (await response.json());
  };
  const paths = [];
  for (let index = 0; index < APPS; index++) {
    const { app } = await post('/api/v2/sdk/apps', { name: `bench-${index}`, label: 'Bench' });
    const { appConnection } = await post(`/api/v2/sdk/apps/${app.name}/connections`, { type: 'oauth', label: 'Main' });
    paths.push(`/api/v2/sdk/apps/connections/${appConnection.name}/api`);
  }
  return paths;
}

/** Loads all processes at a time. @param {Running[]} running @param {'GET' | 'PUT'} method @param {number} seconds */
async function load(running, method, seconds = SECONDS) {
  const connections = Math.floor(CONNECTIONS / running.length);
  const used = () => ({
    server: running.reduce((sum, { child }) => sum + cpuOf(child.pid), 0),
    database: cluster.cpu(),
    machine: cpuOfMachine(),
    time: performance.now() * 1000,
  });
  const before = used();
  const results = await Promise.all(
    running.map(async ({ url, paths, headers }) => {
      const settings = { url, paths, method, headers, connections, seconds, ...(method === 'PUT' && { body: BODY }) };
      const loader = spawn(process.execPath, [join(here, 'load.js'), JSON.stringify(settings)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      loader.stdout.on('data', (chunk) => (text += chunk));
      await once(loader, 'close');
      const result = JSON.parse(text);
      if (result.non2xx > 0 || result.errors > 0) throw new Error(`${method} ${url}: ${text}`);
      return result;
    }),
  );
  const after = used();
  const total = results.reduce((sum, { total }) => sum + total, 0);
  const load = results.reduce((sum, { cpu, total }) => sum + cpu * total, 0);
  const [server, database] = [after.server - before.server, after.database - before.database];
  return {
    rate: results.reduce((sum, { rate }) => sum + rate, 0),
    p99: Math.max(...results.map(({ p99 }) => p99)),
    server: server / total,
    database: database / total,
    load: load / total,
    others: (after.machine - before.machine - server - load - (database || 0)) / (after.time - before.time),
  };
}

/** Microseconds for which the machine's cores were not idle (proc(5), /proc/stat). */
function cpuOfMachine() {
  const [, user, nice, system, , , irq, soft] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? [];
  return [user, nice, system, irq, soft].reduce((sum, each) => sum + Number(each), 0) * 10_000;
}

/** @param {Running[]} running */
async function stop(running) {
  await Promise.all(
    running.map(async ({ child }) => {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    }),
  );
}

const newSchema = () => `${cluster.url}${cluster.url.includes('?') ? '&' : '?'}schema=bench_${process.pid}_${++stores}`;
const newFile = () => join(scratch, `${++stores}.db`);
const KINDS = [
  { name: 'express+pg', server: 'express+pg', store: () => cluster.url },
  { name: 'harness, PostgreSQL', server: 'harness', store: newSchema },
  { name: 'express+sqlite', server: 'express+sqlite', store: newFile },
  { name: 'harness, SQLite', server: 'harness', store: newFile },
];

await compare();
await cluster.stop();

/** @typedef {Awaited<ReturnType<typeof load>>} Load */
/** @typedef {'GET' | 'PUT'} Method */

async function compare() {
  const cores = availableParallelism();
  const counts = asked.processes.split(',').map(Number);
  /** @type {Map<string, { GET: Load[], PUT: Load[], memory: number[] }>} */
  const seen = new Map();
  for (let round = 1; round <= Number(asked.rounds); round++) {
    for (const count of counts) {
      for (const { name, server, store } of KINDS) {
        const location = store();
        const running = [];
        for (let each = 0; each < count; each++) running.push(await start(server, location));
        const [first] = running;
        if (server === 'harness' && first !== undefined) {
          const paths = await prepared(first);
          for (const each of running) each.paths = paths;
        }
        await load(running, 'PUT', 1);
        const [GET, PUT] = [await load(running, 'GET'), await load(running, 'PUT')];
        const memory = running.reduce((sum, { child }) => sum + memoryOf(child.pid), 0);
        await stop(running);
        const key = `${name}, ${count}`;
        const row = seen.get(key) ?? { GET: [], PUT: [], memory: [] };
        seen.set(key, row);
        row.GET.push(GET);
        row.PUT.push(PUT);
        row.memory.push(memory);
        console.log(`round ${round}: ${key}: GET ${GET.rate.toFixed(0)}/s, PUT ${PUT.rate.toFixed(0)}/s`);
      }
    }
  }
  const of = (/** @type {string} */ key, /** @type {Method} */ method, /** @type {keyof Load} */ part) =>
    median((seen.get(key)?.[method] ?? []).map((each) => each[part]));
  console.log(
    `\n${cores} cores, which servers, database, load and other programs share; ${CONNECTIONS} connections; medians of ${asked.rounds} rounds; µs of CPU time for a request: servers + database + load`,
  );
  for (const [key, { memory }] of seen) {
    const parts = (/** @type {Method} */ method) => {
      const times = /** @type {const} */ (['server', 'database', 'load']).map((part) =>
        of(key, method, part).toFixed(0),
      );
      return `${method} ${of(key, method, 'rate').toFixed(0)}/s, p99 ${of(key, method, 'p99')} ms, ${times.join(' + ')} µs`;
    };
    const others = Math.max(0, (of(key, 'GET', 'others') + of(key, 'PUT', 'others')) / 2);
    console.log(
      `${key.padEnd(24)} ${parts('GET')}; ${parts('PUT')}; ${median(memory).toFixed(0)} MB together; other programs ${others.toFixed(1)} cores`,
    );
  }
  const busy = [...seen.keys()].flatMap((key) => [of(key, 'GET', 'others'), of(key, 'PUT', 'others')]);
  if (median(busy) > 0.2) {
    console.log(
      `other programs used ${median(busy).toFixed(1)} cores: of what follows only the ratios of CPU time tell something`,
    );
  }
  /** @param {string} one @param {string} other @param {Method} method */
  const ratio = (one, other, method) => {
    const [a = [], b = []] = [seen.get(one)?.[method], seen.get(other)?.[method]];
    return median(a.map(({ rate }, index) => rate / (b[index]?.rate ?? Number.NaN))).toFixed(2);
  };
  for (const [own, base, GET, PUT] of /** @type {const} */ ([
    ['harness, PostgreSQL, 1', 'express+pg, 1', '(at least 0.6)', '(at least 0.5)'],
    ['harness, SQLite, 1', 'express+sqlite, 1', '', ''],
  ])) {
    const byCpu = (/** @type {Method} */ method) => (of(base, method, 'server') / of(own, method, 'server')).toFixed(2);
    console.log(
      `${own} to ${base}: GET ${ratio(own, base, 'GET')} ${GET}, PUT ${ratio(own, base, 'PUT')} ${PUT}; by CPU time of the server GET ${byCpu('GET')}, PUT ${byCpu('PUT')}`,
    );
  }
  for (const { name } of KINDS) {
    for (const count of counts.filter((each) => each > 1)) {
      const line = /** @type {const} */ (['GET', 'PUT']).map((method) => {
        const [server, database, all] = ['server', 'database', 'load'].map((part) =>
          of(`${name}, 1`, method, /** @type {keyof Load} */ (part)),
        );
        const sum = (server ?? 0) + (database ?? 0) + (all ?? 0);
        // One process has one core at most, and all parts together have all of them.
        const most = (/** @type {number} */ processes) => Math.min(processes / (server ?? 0), cores / sum);
        const needed = Math.ceil((1.6 * sum) / (server ?? 0));
        return `${method} ${ratio(`${name}, ${count}`, `${name}, 1`, method)} (these cores allow ${(most(count) / most(1)).toFixed(2)}; 1.6 needs ${needed})`;
      });
      console.log(`${name}, ${count} processes to one: ${line.join(', ')}`);
    }
  }
}
