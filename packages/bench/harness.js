// The harness beside bare servers and other mocks: GET and PUT of a section over 50 connections, each server in a
// process of its own and loaded by another, in turn, on the Node that each supports.
//   pnpm bench harness [--seconds 10] [--rounds 3] [--only harness,express] [--node24 PATH]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

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
    { name: `${name}, Node 20`, start: () => own(name, process.execPath) },
    ...(node24 === undefined ? [] : [{ name: `${name}, Node 24`, start: () => own(name, node24) }]),
  ]),
  { name: 'json-server', start: () => foreign(process.execPath, jsonServer) },
  { name: 'Mockoon', start: () => foreign(process.execPath, mockoon) },
  ...(node24 === undefined ? [] : [{ name: 'Prism', start: () => foreign(node24, prism) }]),
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
  const [line] = await once(child.stdout, 'data');
  const { url, token, path } = JSON.parse(String(line));
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  await fetch(url + (token === undefined ? path : '/api/v2/sdk/apps'), { headers });
  return { child, url, path, headers, start: performance.now() - started };
}

/**
 * @param {string} node @param {(port: number) => { args: string[], path: string }} peer
 * @returns {Promise<Running>}
 */
async function foreign(node, peer) {
  const port = await freePort();
  const { args, path } = peer(port);
  const started = performance.now();
  const child = spawn(node, args, { stdio: 'ignore', cwd: scratch });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const answered = await fetch(url + path).catch(() => undefined);
    if (answered?.ok) break;
    if (performance.now() - started > 30_000) throw new Error(`${args[0]} does not answer`);
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

/** The file that a package's command runs. @param {string} name @param {string} command */
function bin(name, command) {
  const root = join(here, 'node_modules', name);
  const { bin: bins } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, typeof bins === 'string' ? bins : bins[command]);
}

/** @param {string} name @param {unknown} content */
function file(name, content) {
  const path = join(scratch, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** @param {number} port */
function jsonServer(port) {
  const db = file('db.json', { sections: [{ id: 'api', ...JSON.parse(BODY) }] });
  const args = [bin('json-server', 'json-server'), '--quiet', '--port', String(port), '--host', '127.0.0.1', db];
  return { args, path: '/sections/api' };
}

/** @param {number} port */
function mockoon(port) {
  const route = (/** @type {string} */ method, /** @type {string} */ body) => ({
    uuid: `00000000-0000-4000-8000-00000000000${method.length}`,
    type: 'http',
    method,
    endpoint: 'sections/api',
    responses: [
      {
        uuid: `00000000-0000-4000-8000-00000000001${method.length}`,
        body,
        statusCode: 200,
        headers: [{ key: 'content-type', value: 'application/json' }],
        default: true,
      },
    ],
  });
  const environment = file('mockoon.json', {
    uuid: '00000000-0000-4000-8000-000000000000',
    lastMigration: 33,
    name: 'bench',
    port,
    hostname: '127.0.0.1',
    routes: [
      { ...route('get', BODY) },
      { ...route('put', '{"change":{}}'), uuid: '00000000-0000-4000-8000-000000000009' },
    ],
  });
  return {
    args: [bin('@mockoon/cli', 'mockoon-cli'), 'start', '--data', environment, '--disable-log-to-file', '--repair'],
    path: '/sections/api',
  };
}

/** @param {number} port */
function prism(port) {
  const answer = (/** @type {unknown} */ example) => ({
    200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' }, example } } },
  });
  const requestBody = { content: { 'application/json': { schema: { type: 'object' } } } };
  const contract = file('openapi.json', {
    openapi: '3.1.0',
    info: { title: 'bench', version: '1' },
    paths: {
      '/sections/api': {
        get: { responses: answer(JSON.parse(BODY)) },
        put: { requestBody, responses: answer({ change: {} }) },
      },
    },
  });
  const args = [bin('@stoplight/prism-cli', 'prism'), 'mock', '--port', String(port), '--host', '127.0.0.1', contract];
  return { args, path: '/sections/api' };
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

/** @type {Map<string, { start: number[], GET: any[], PUT: any[] }>} */
const seen = new Map(SERVERS.map(({ name }) => [name, { start: [], GET: [], PUT: [] }]));
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, start } of SERVERS) {
    try {
      const started = await start();
      const running = name.startsWith('harness') ? await prepared(started) : started;
      running.headers['content-type'] = name.startsWith('harness') ? 'application/jsonc' : 'application/json';
      await (
        await fetch(running.url + running.path, { method: 'PUT', headers: running.headers, body: '{"a":' })
      ).text();
      await (await fetch(running.url + running.path, { method: 'PUT', headers: running.headers, body: BODY })).text();
      const found = seen.get(name);
      found?.start.push(running.start);
      found?.GET.push(await load(running, 'GET'));
      found?.PUT.push(await load(running, 'PUT'));
      await stop(running);
    } catch (error) {
      console.log(`${name} could not be measured: ${error}`);
    }
  }
}

console.log(
  `${CONNECTIONS} connections, ${SECONDS} s each, ${ROUNDS} rounds in turn; medians (slowest–fastest), CPU of the server in µs a request`,
);
for (const [name, { start, GET, PUT }] of seen) {
  if (GET.length === 0) continue;
  const cells = [GET, PUT].map((runs) => {
    const rates = runs.map(({ rate }) => Math.round(rate));
    const cpu = median(runs.map((each) => each.cpu)).toFixed(0);
    return `${median(rates)}/s (${Math.min(...rates)}–${Math.max(...rates)}), p99 ${median(runs.map(({ p99 }) => p99))} ms, ${cpu} µs`;
  });
  console.log(`${name.padEnd(18)} GET ${cells[0]}; PUT ${cells[1]}; first answer after ${median(start).toFixed(0)} ms`);
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
const starts = [seen.get('harness, Node 20'), seen.get('express, Node 20')].map((each) => median(each?.start ?? []));
console.log(
  `first answer ${((starts[0] ?? 0) - (starts[1] ?? 0)).toFixed(0)} ms after that of bare Express (at most 60)`,
);
