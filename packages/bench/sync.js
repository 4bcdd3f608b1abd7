// `connector push` beside a bare script that makes the same calls, two at a time: of a project that is new, and of one
// that is unchanged. Both are whole processes, the start of Node included, and both send with undici over connections
// that are kept: the command with the package, the script with the fetch that comes with Node. The harness is a process
// of its own, in memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIST = join(import.meta.dirname, '..', 'cli', 'dist');
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'github-oauth', 'connections', 'github');
const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];

/** Connections, and rounds. */
const SIZES = [
  [1, 15],
  [10, 9],
  [100, 5],
];

if (!existsSync(join(DIST, 'connector.js'))) throw new Error('Build first: pnpm build.');
const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
const harness = spawn(process.execPath, [join(DIST, 'connector.js'), 'harness', '--port', '0', '--store', 'memory'], {
  cwd: project('harness', 0),
  stdio: ['ignore', 'ignore', 'pipe'],
});
let requests = 0;

/** @param {string} name @param {number} count */
function project(name, count) {
  const folder = join(scratch, name);
  mkdirSync(join(folder, '.connector'), { recursive: true });
  writeFileSync(join(folder, 'connector.json'), JSON.stringify({ name, label: name }));
  for (let index = 0; index < count; index++) {
    const connection = join(folder, 'connections', `c${index}`);
    mkdirSync(connection, { recursive: true });
    writeFileSync(join(connection, 'connection.json'), JSON.stringify({ type: 'oauth', label: `c${index}` }));
    for (const section of SECTIONS) {
      writeFileSync(join(connection, `${section}.jsonc`), readFileSync(join(EXAMPLE, `${section}.jsonc`)));
    }
  }
  return folder;
}

/** @param {string} cwd @param {string[]} words */
async function inProcess(cwd, words) {
  const child = spawn(process.execPath, words, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(said);
}

/** @param {string} cwd */
function push(cwd) {
  return inProcess(cwd, [join(DIST, 'connector.js'), 'push', '--quiet']);
}

/** @param {string} cwd */
function script(cwd) {
  return inProcess(cwd, [join(import.meta.dirname, 'sync-script.js'), cwd]);
}

/** Milliseconds, and the requests that the harness answered. @param {() => Promise<void>} work */
async function timed(work) {
  const before = requests;
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  // The harness writes its lines after its answers.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { ms, asked: requests - before };
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** @typedef {{ ms: number, asked: number }} Run */

/** @param {string} title @param {number} count @param {{ bare: Run, own: Run }[]} rounds */
function row(title, count, rounds) {
  const ratios = rounds.map(({ bare, own }) => own.ms / bare.ms);
  const sides = [rounds.map(({ bare }) => bare), rounds.map(({ own }) => own)];
  const cells = [
    ...sides.map((runs) =>
      median(runs.map(({ ms }) => ms))
        .toFixed(0)
        .padStart(8),
    ),
    median(ratios).toFixed(2).padStart(6),
    `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`.padStart(13),
    sides
      .map((runs) => median(runs.map(({ asked }) => asked)))
      .join(' / ')
      .padStart(11),
  ];
  console.log([String(count).padStart(11), title.padEnd(9), ...cells].join(' '));
}

try {
  await new Promise((resolve, reject) => {
    harness.stderr.on('data', (chunk) => {
      requests += String(chunk).match(/^- (GET|PUT|POST|PATCH|DELETE) /gm)?.length ?? 0;
      if (String(chunk).includes('Harness ready')) resolve(undefined);
    });
    harness.once('exit', (code) => reject(new Error(`the harness ended with ${code}`)));
  });
  const facts = readFileSync(join(scratch, 'harness', '.connector', 'harness.json'), 'utf8');
  console.log(`Node ${process.version}; medians in ms; ratios are medians of pairs`);
  console.log('connections push        script     push  ratio        spread    requests');
  for (const [count = 0, rounds = 0] of SIZES) {
    const full = [];
    const unchanged = [];
    for (let round = 0; round <= rounds; round++) {
      const ours = project(`own-${count}-${round}`, count);
      const theirs = project(`bare-${count}-${round}`, count);
      for (const folder of [ours, theirs]) writeFileSync(join(folder, '.connector', 'harness.json'), facts);
      for (const results of [full, unchanged]) {
        // Whoever goes second finds a warmer harness: they take turns.
        const turns = [() => timed(() => script(theirs)), () => timed(() => push(ours))];
        if (round % 2 === 1) turns.reverse();
        const measured = [];
        for (const turn of turns) measured.push(await turn());
        if (round % 2 === 1) measured.reverse();
        const [bare, own] = measured;
        // The first round warms the harness up.
        if (round > 0 && bare && own) results.push({ bare, own });
      }
    }
    row('all of it', count, full);
    row('unchanged', count, unchanged);
  }
} finally {
  harness.removeAllListeners('exit');
  harness.kill();
  rmSync(scratch, { recursive: true, force: true });
}
