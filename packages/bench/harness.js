// The harness beside bare servers and other mocks: GET and PUT of a section over 50 connections, each server in a
// process of its own and loaded by another, in turn, on the Node that each supports.
//   pnpm bench harness [--seconds 10] [--rounds 3] [--only harness,express] [--node24 PATH]
// A run of everything takes about a quarter of an hour, `starts.js` and `flat.js` included, which come last.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MOCKS } from './mocks.js';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'harness' && word !== '--'),
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    node24: { type: 'string' },
  },
});
const SECONDS = Number(asked.seconds);
const ROUNDS = Number(asked.rounds);
const CONNECTIONS = 50;
const here = import.meta.dirname;
const BODY = `{ "baseUrl": "https://api.example.com/vCOUNT", "headers": { "authorization": "Bearer {{connection.apiKey}}" }, "pad": "${'x'.repeat(450)}" }`;

const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @typedef {{ child: import('node:child_process').ChildProcess, url: string, path: string, headers: Record<string, string>, start: number }} Running */

const node24 = asked.node24 ?? nodeTwentyFour();
const SERVERS = [
  ...['node:http', 'express', 'fastify', 'harness'].flatMap((name) => [
    { name: `${name}, Node 20`, start: () => own(name, process.execPath), stores: true },
    ...(node24 === undefined ? [] : [{ name: `${name}, Node 24`, start: () => own(name, node24), stores: true }]),
  ]),
  ...MOCKS.flatMap((mock) => {
    const node = mock.newest ? node24 : process.execPath;
    return node === undefined ? [] : [{ name: mock.name, start: () => foreign(node, mock), stores: mock.stores }];
  }),
].filter(({ name }) => asked.only === '' || asked.only.split(',').some((each) => name.startsWith(each)));

/** The path of a Node 24, by way of npm; undefined when there is none to be had. */
function nodeTwentyFour() {
  const { stdout, status } = spawnSync('npx', ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return stdout.trim();
  console.log('Node 24 could not be installed: what needs it is left out.');
  return undefined;
}

/** @param {string} name @param {string} node @returns {Promise<Running>} */
async function own(name, node) {
  const started = performance.now();
  const child = spawn(node, [join(here, 'servers.js'), name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended before it listened')));
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
  const { url, token, path } = JSON.parse(String(line));
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  await fetch(url + (token === undefined ? path : '/api/v2/sdk/apps'), { headers });
  return { child, url, path, headers, start: performance.now() - started };
}

/** @param {string} node @param {import('./mocks.js').Mock} mock @returns {Promise<Running>} */
async function foreign(node, mock) {
  const port = await freePort();
  const { args, path } = mock.command(port, scratch);
  const started = performance.now();
  const child = spawn(node, args, { stdio: 'ignore', cwd: scratch });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const answered = await fetch(url + path).catch(() => undefined);
    if (answered?.ok) break;
    if (performance.now() - started > 30_000) {
      child.kill();
      throw new Error(`${mock.name} does not answer`);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  return { child, url, path, headers: {}, start: performance.now() - started };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}

/** An app with ten connections on the harness, the path of a section, and a body that was refused. @param {Running} running */
async function prepared(running) {
  const { url, headers } = running;
  const post = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return /** @type {any} */ (await response.json());
  };
  const { app } = await post('/api/v2/sdk/apps', { name: 'bench', label: 'Bench' });
  let path = '';
  for (let index = 0; index < 10; index++) {
    const { appConnection } = await post(`/api/v2/sdk/apps/${app.name}/connections`, { type: 'oauth', label: 'Main' });
    path = `/api/v2/sdk/apps/connections/${appConnection.name}/api`;
  }
  return { ...running, path, list: `/api/v2/sdk/apps/${app.name}/connections` };
}

/** @param {Running} running @param {'GET' | 'PUT'} method @param {string} [path] */
async function load({ url, path: section, headers, child }, method, path = section) {
  const settings = { url: url + path, method, headers, connections: CONNECTIONS, seconds: SECONDS };
  const before = cpuOf(child.pid);
  const loader = spawn(
    process.execPath,
    [join(here, 'load.js'), JSON.stringify(method === 'PUT' ? { ...settings, body: BODY } : settings)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  loader.stdout.on('data', (chunk) => (text += chunk));
  await once(loader, 'close');
  const result = JSON.parse(text);
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${method} ${settings.url}: ${text}`);
  return { ...result, cpu: (cpuOf(child.pid) - before) / result.total };
}

/** Microseconds that a process has run, where /proc tells; a measure that a busy machine does not spoil. @param {number | undefined} pid */
function cpuOf(pid) {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** @param {Running} running */
async function stop({ child }) {
  const closed = once(child, 'close');
  child.kill();
  await closed;
}

/**
 * A broken body first, then one that is whole and is read back: a server that answers something else is not measured.
 * @param {Running} running @param {boolean} stores
 * @returns {Promise<string>} what is answered to the broken body, for which Prism lets its client wait for ever
 */
async function checked({ url, path, headers }, stores) {
  const put = (/** @type {string} */ body) =>
    fetch(url + path, { method: 'PUT', headers, body, signal: AbortSignal.timeout(2000) });
  const refused = await put('{"a":').then(
    ({ status }) => String(status),
    () => 'no answer',
  );
  const kept = { baseUrl: `https://api.example.com/${Date.now()}`, pad: 'x'.repeat(450) };
  const written = await put(JSON.stringify(kept));
  const read = await fetch(url + path, { headers });
  const found = /** @type {any} */ (await read.json());
  if (written.status !== 200 || read.status !== 200) throw new Error(`PUT ${written.status}, GET ${read.status}`);
  if (stores && found.baseUrl !== kept.baseUrl) throw new Error(`it keeps ${JSON.stringify(found).slice(0, 200)}`);
  await put(BODY);
  return refused;
}

/** @typedef {{ rate: number, p99: number, cpu: number }} Load */
/** @type {Map<string, { start: number[], refused: string, GET: Load[], PUT: Load[] }>} */
const seen = new Map(SERVERS.map(({ name }) => [name, { start: [], refused: '', GET: [], PUT: [] }]));
for (let round = 1; round <= ROUNDS; round++) {
  for (const { name, start, stores } of SERVERS) {
    /** @type {Running | undefined} */
    let running;
    try {
      running = await start();
      if (name.startsWith('harness')) running = await prepared(running);
      running.headers['content-type'] = name.startsWith('harness') ? 'application/jsonc' : 'application/json';
      const refused = await checked(running, stores);
      const GET = await load(running, 'GET');
      const PUT = await load(running, 'PUT');
      const found = seen.get(name);
      found?.start.push(running.start);
      found?.GET.push(GET);
      found?.PUT.push(PUT);
      if (found !== undefined) found.refused = refused;
      console.log(`round ${round}: ${name}, GET ${GET.rate.toFixed(0)}/s, PUT ${PUT.rate.toFixed(0)}/s`);
    } catch (error) {
      console.log(`round ${round}: ${name} could not be measured: ${error}`);
    } finally {
      if (running !== undefined) await stop(running);
    }
  }
}

console.log(
  `\n${CONNECTIONS} connections, ${SECONDS} s each, ${ROUNDS} rounds in turn; medians (slowest–fastest), CPU of the server in µs a request`,
);
for (const [name, { start, refused, GET, PUT }] of seen) {
  if (GET.length === 0) continue;
  const cells = [GET, PUT].map((runs) => {
    const rates = runs.map(({ rate }) => Math.round(rate));
    const cpu = median(runs.map((each) => each.cpu)).toFixed(0);
    return `${median(rates)}/s (${Math.min(...rates)}–${Math.max(...rates)}), p99 ${median(runs.map(({ p99 }) => p99))} ms, ${cpu} µs`;
  });
  console.log(
    `${name.padEnd(18)} GET ${cells[0]}; PUT ${cells[1]}; first answer after ${median(start).toFixed(0)} ms; to a broken body ${refused}`,
  );
}

/** The harness against another, pair by pair. @param {string} base @param {'GET' | 'PUT'} method @param {'rate' | 'cpu'} by */
function ratio(base, method, by) {
  const harness = seen.get(base.replace(/^[^,]+/, 'harness'))?.[method] ?? seen.get('harness, Node 20')?.[method] ?? [];
  const others = seen.get(base)?.[method] ?? [];
  const pairs = harness.flatMap((each, index) => {
    const other = others[index];
    return other === undefined ? [] : [by === 'rate' ? each.rate / other.rate : other.cpu / each.cpu];
  });
  return median(pairs).toFixed(2);
}

const TARGETS = [
  ['express, Node 20', 1.5, 1.2],
  ['express, Node 24', 0.6, 0.45],
  ['Mockoon', 1, 1],
  ['json-server', 1, 1],
  ['Prism', 1, 1],
];
for (const [base, get, put] of TARGETS) {
  const name = String(base);
  if ((seen.get(name)?.GET.length ?? 0) === 0) continue;
  console.log(
    `harness to ${name.padEnd(17)} GET ${ratio(name, 'GET', 'rate')} (by CPU ${ratio(name, 'GET', 'cpu')}; at least ${get}), ` +
      `PUT ${ratio(name, 'PUT', 'rate')} (by CPU ${ratio(name, 'PUT', 'cpu')}; at least ${put})`,
  );
}
if (asked.only === '') {
  await import('./starts.js');
  await import('./flat.js');
}
