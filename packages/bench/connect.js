// What the whole command `connector connect --local --headless` takes for client credentials, beside bare starts of Node
// in turn: with a harness that runs and whose provider has answered before, as on any day after the first request. Wall
// time is told, and the time of CPU of the command's own process, which what else runs on the machine changes less. The
// targets are for Node 24, which keeps what it compiled; Node 20.19 works too, and compiles the command at each start.
//   pnpm bench connect [--node PATH]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const ROUNDS = 25;
const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'connect' && word !== '--'),
  options: { node: { type: 'string', default: process.execPath } },
});

const CONNECTOR = join(import.meta.dirname, '../cli/dist/connector.js');
const folder = mkdtempSync(join(tmpdir(), 'connector-bench-'));
const { NODE_EXTRA_CA_CERTS: _, ...surroundings } = process.env;
const env = { ...surroundings, XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache') };
const project = join(folder, 'app');

const write = (file, value) => writeFileSync(join(project, file), JSON.stringify(value));
mkdirSync(join(project, 'connections/main'), { recursive: true });
write('connector.json', { name: 'acme', label: 'Acme' });
write('connections/main/connection.json', { type: 'oauth-clicre', label: 'Acme' });
write('connections/main/parameters.json', [
  { name: 'clientId', type: 'text', label: 'Client ID', required: true },
  { name: 'clientSecret', type: 'password', label: 'Client secret', required: true },
]);
write('connections/main/api.json', {
  token: {
    condition: '{{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}',
    url: 'https://auth.acme.test/token',
    method: 'POST',
    type: 'urlencoded',
    body: {
      grant_type: 'client_credentials',
      client_id: '{{parameters.clientId}}',
      client_secret: '{{parameters.clientSecret}}',
    },
    response: { data: { accessToken: '{{body.access_token}}', expires: '{{addSeconds(now, body.expires_in)}}' } },
    log: { sanitize: ['request.body.client_secret', 'response.body.access_token'] },
  },
  info: {
    url: 'https://api.acme.test/me',
    headers: { authorization: 'Bearer {{connection.accessToken}}' },
    response: { metadata: { type: 'text', value: '{{body.id}}' } },
    log: { sanitize: ['request.headers.authorization'] },
  },
});

// Into a file: nobody reads a pipe while this process waits for a command.
const log = join(folder, 'harness.log');
const output = openSync(log, 'w');
const harness = spawn(asked.node, [CONNECTOR, 'harness', '--port', '0'], {
  cwd: project,
  env,
  stdio: ['ignore', output, output],
});
process.on('exit', () => {
  harness.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});
for (let said = ''; !said.includes('Harness ready'); said = readFileSync(log, 'utf8')) {
  if (harness.exitCode !== null) throw new Error(said);
  await setTimeout(50);
}

/** Tells at its end how much CPU a process has used, in microseconds. */
const meter = join(folder, 'meter.cjs');
const used = join(folder, 'used.txt');
writeFileSync(
  meter,
  `process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    require('node:fs').writeFileSync(${JSON.stringify(used)}, String(user + system));
  });`,
);

/** Milliseconds of a run: on the clock, and of CPU. @param {readonly string[]} args */
function timed(args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(asked.node, ['--require', meter, ...args], { cwd: project, env });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  return { wall, cpu: Number(readFileSync(used, 'utf8')) / 1000 };
}

const CONNECT = [CONNECTOR, 'connect', '--local', '--headless'];
const RUNS = new Map([
  ['node -e 0', ['-e', '0']],
  ['connector --help', [CONNECTOR, '--help']],
  ['connector validate', [CONNECTOR, 'validate']],
  ['connector connect', CONNECT],
]);
/** Starts of `node -e 0` that a command may take, on the clock. */
const MOST = new Map([
  ['connector --help', 3],
  ['connector validate', 2.5],
  ['connector connect', 4],
]);
const first = timed(CONNECT);
/** @type {Map<string, { wall: number, cpu: number }[]>} */
const seen = new Map([...RUNS.keys()].map((name) => [name, []]));
// The first round fills the system's caches.
for (let round = 0; round <= ROUNDS; round++) {
  rmSync(join(project, '.connector/connected.json'), { force: true });
  for (const [name, args] of RUNS) {
    const found = timed(args);
    if (round > 0) seen.get(name)?.push(found);
  }
}

/** @param {string} name @param {'wall' | 'cpu'} key */
const median = (name, key) =>
  seen
    .get(name)
    ?.map((each) => each[key])
    .sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
const { stdout: version } = spawnSync(asked.node, ['--version'], { encoding: 'utf8' });
console.log(`\nNode ${version.trim()}, medians of ${ROUNDS} runs in turn; each in starts of node -e 0`);
for (const name of RUNS.keys()) {
  const cells = ['wall', 'cpu'].map((key) => {
    const ratio = median(name, key) / median('node -e 0', key);
    return `${key} ${median(name, key).toFixed(1)} ms (${ratio.toFixed(2)}×)`;
  });
  console.log(`${name.padEnd(20)} ${cells.join(', ')}`);
}
console.log(`The very first, for which the harness loads its provider: ${first.wall.toFixed(0)} ms.`);
console.log('The targets are for Node 24.');
for (const [name, most] of MOST) {
  const ratio = median(name, 'wall') / median('node -e 0', 'wall');
  if (ratio > most) process.exitCode = 1;
  console.log(`${ratio <= most ? 'met' : 'MISSED'}: ${name} takes ${ratio.toFixed(2)} starts of at most ${most}`);
}
// The harness runs on.
process.exit();
