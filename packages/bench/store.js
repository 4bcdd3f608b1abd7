// The harness on PostgreSQL and on SQLite with one, two and three processes, beside bare Express with the same driver that
// does one select or upsert for each request, in turn. A request to the harness checks a token, an app and a contract.
//   pnpm bench store [--seconds 5] [--rounds 3] [--processes 1,2,3] [--postgres postgres://…]
//   pnpm bench store --soak 1200     loads one harness on PostgreSQL for so many seconds, and watches its memory
// Without --postgres a server is made in a temporary folder, with its default settings.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'store' && word !== '--'),
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    processes: { type: 'string', default: '1,2,3' },
    postgres: { type: 'string' },
    soak: { type: 'string' },
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

const cluster = asked.postgres === undefined ? await startCluster() : { url: asked.postgres, stop: () => {} };
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
  const used = () => running.reduce((sum, { child }) => sum + cpuOf(child.pid), 0);
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
  return {
    rate: results.reduce((sum, { rate }) => sum + rate, 0),
    p99: Math.max(...results.map(({ p99 }) => p99)),
    cpu: (used() - before) / results.reduce((sum, { total }) => sum + total, 0),
  };
}

/** Microseconds that a process has run; a measure that a busy machine does not spoil. @param {number | undefined} pid */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Megabytes that a process holds. @param {number | undefined} pid */
function memoryOf(pid) {
  const [, kilobytes = 'NaN'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
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
const KINDS = [
  { name: 'express+pg', server: 'express+pg', store: () => cluster.url },
  { name: 'harness, PostgreSQL', server: 'harness', store: newSchema },
  { name: 'harness, SQLite', server: 'harness', store: () => join(scratch, `${++stores}.db`) },
];

if (asked.soak !== undefined) await soak(Number(asked.soak));
else await compare();
await cluster.stop();

async function compare() {
  /** @typedef {{ GET: number[], PUT: number[] }} Figures */
  /** @type {Map<string, Figures & { p99: Figures, cpu: Figures, memory: number[] }>} */
  const seen = new Map();
  for (let round = 1; round <= Number(asked.rounds); round++) {
    for (const count of asked.processes.split(',').map(Number)) {
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
        const row = seen.get(key) ?? {
          GET: [],
          PUT: [],
          p99: { GET: [], PUT: [] },
          cpu: { GET: [], PUT: [] },
          memory: [],
        };
        seen.set(key, row);
        row.GET.push(GET.rate);
        row.PUT.push(PUT.rate);
        row.p99.GET.push(GET.p99);
        row.p99.PUT.push(PUT.p99);
        row.cpu.GET.push(GET.cpu);
        row.cpu.PUT.push(PUT.cpu);
        row.memory.push(memory);
        console.log(`round ${round}: ${key}: GET ${GET.rate.toFixed(0)}/s, PUT ${PUT.rate.toFixed(0)}/s`);
      }
    }
  }
  console.log(
    `\n${availableParallelism()} cores, shared by servers, database and load; ${CONNECTIONS} connections; medians, with the CPU time of the servers for a request`,
  );
  for (const [key, { GET, PUT, p99, cpu, memory }] of seen) {
    console.log(
      `${key.padEnd(24)} GET ${median(GET).toFixed(0)}/s, p99 ${median(p99.GET)} ms, ${median(cpu.GET).toFixed(0)} µs; ` +
        `PUT ${median(PUT).toFixed(0)}/s, p99 ${median(p99.PUT)} ms, ${median(cpu.PUT).toFixed(0)} µs; ${median(memory).toFixed(0)} MB together`,
    );
  }
  const ratio = (/** @type {string} */ one, /** @type {string} */ other, /** @type {'GET' | 'PUT'} */ method) => {
    const [a = [], b = []] = [seen.get(one)?.[method], seen.get(other)?.[method]];
    return median(a.map((rate, index) => rate / (b[index] ?? Number.NaN))).toFixed(2);
  };
  console.log(
    `harness to express+pg, one process: GET ${ratio('harness, PostgreSQL, 1', 'express+pg, 1', 'GET')} (at least 0.6), ` +
      `PUT ${ratio('harness, PostgreSQL, 1', 'express+pg, 1', 'PUT')} (at least 0.5)`,
  );
  const [own, base] = [seen.get('harness, PostgreSQL, 1')?.cpu, seen.get('express+pg, 1')?.cpu];
  if (own !== undefined && base !== undefined) {
    const byCpu = (/** @type {'GET' | 'PUT'} */ method) => (median(base[method]) / median(own[method])).toFixed(2);
    console.log(`the same by CPU time of the server: GET ${byCpu('GET')}, PUT ${byCpu('PUT')}`);
  }
  for (const { name } of KINDS) {
    const [one, two] = [`${name}, 1`, `${name}, 2`];
    if (!seen.has(two)) continue;
    console.log(
      `${name}, two processes to one: GET ${ratio(two, one, 'GET')}, PUT ${ratio(two, one, 'PUT')} (1.6 where cores allow)`,
    );
  }
}

/** @param {number} seconds */
async function soak(seconds) {
  const running = await start('harness', newSchema());
  running.paths = await prepared(running);
  const ends = Date.now() + seconds * 1000;
  /** @type {number[]} */
  const memory = [];
  while (Date.now() < ends) {
    await load([running], 'PUT', 10);
    const { rate } = await load([running], 'GET', 10);
    memory.push(memoryOf(running.child.pid));
    console.log(`${memory.at(-1)?.toFixed(0)} MB, GET ${rate.toFixed(0)}/s`);
  }
  const part = Math.max(1, Math.floor(memory.length / 4));
  const [early, late] = [median(memory.slice(part, 2 * part)), median(memory.slice(-part))];
  console.log(`memory in the second quarter ${early.toFixed(0)} MB, in the last ${late.toFixed(0)} MB`);
  await stop([running]);
  if (late > early * 1.2) process.exitCode = 1;
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function startCluster() {
  const base = '/usr/lib/postgresql';
  const [version] = existsSync(base) ? readdirSync(base).sort().reverse() : [];
  if (version === undefined) throw new Error('PostgreSQL is not installed: name a server with --postgres.');
  const bin = join(base, version, 'bin');
  const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  const as = process.getuid?.() === 0 ? { uid, gid } : {};
  const folder = mkdtempSync(join(tmpdir(), 'connector-bench-pg-'));
  if ('uid' in as) chownSync(folder, uid, gid);
  const data = join(folder, 'data');
  spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], { ...as, cwd: '/' });
  const port = 20_000 + (process.pid % 20_000);
  const options = ['-D', data, '-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(join(bin, 'postgres'), options, { ...as, cwd: folder, stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGQUIT'));
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const isReady = () => spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0;
  for (let tries = 0; !isReady(); tries++) {
    if (tries > 100) throw new Error('PostgreSQL does not start');
    await sleep(100);
  }
  return {
    url,
    stop: async () => {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
