// Whole processes: GitHub's description of 12 MB to a finished connection, beside one that only parses its JSON, and
// beside libraries that read the same file. `pnpm bench openapi`; the exit code is 1 when a target is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;
const COMMAND = join(here, '../cli/dist/connector.js');
const FILE = join(here, 'node_modules/@octokit/openapi/generated/api.github.com.json');

/** Of the time, and of the peak memory, of `JSON.parse` in a bare process. */
const MOST = 2;
const ROUNDS = 9;
/** The libraries take many times as long. */
const FEW = 3;

const folder = mkdtempSync(join(tmpdir(), 'bench-openapi-'));
const peak = join(folder, 'peak.cjs');
writeFileSync(
  peak,
  `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
);

/** @param {string} name @param {string} text */
function script(name, text) {
  // Beside this file, where the libraries are found.
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    text.replace(/from '([^.n][^']*)'/g, (_, module) => `from '${resolved(module)}'`),
  );
  return file;
}

/** @param {string} module */
function resolved(module) {
  return import.meta.resolve(module);
}

const bare = join(folder, 'bare.cjs');
writeFileSync(bare, `JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));`);

let made = 0;
/** Each with the arguments of Node. @type {readonly { name: string, rounds: number, args: () => string[] }[]} */
const TASKS = [
  { name: 'JSON.parse in a bare process', rounds: ROUNDS, args: () => [bare, FILE] },
  {
    name: 'connector create --from-openapi',
    rounds: ROUNDS,
    args: () => [
      COMMAND,
      'create',
      'github',
      '--from-openapi',
      FILE,
      '--auth',
      'bearer',
      '--folder',
      join(folder, `made-${made++}`),
    ],
  },
  {
    name: '@readme/openapi-parser, dereference',
    rounds: FEW,
    args: () => [
      script('readme', `import { dereference } from '@readme/openapi-parser';\nawait dereference(process.argv[2]);`),
      FILE,
    ],
  },
  {
    name: '@redocly/openapi-core, bundle',
    rounds: FEW,
    args: () => [
      script(
        'redocly',
        `import { bundle, createConfig } from '@redocly/openapi-core';\nawait bundle({ ref: process.argv[2], config: await createConfig({}) });`,
      ),
      FILE,
    ],
  },
  {
    name: 'openapi-typescript',
    rounds: FEW,
    args: () => [
      script(
        'typescript',
        `import openapiTS from 'openapi-typescript';\nimport { pathToFileURL } from 'node:url';\nawait openapiTS(pathToFileURL(process.argv[2]));`,
      ),
      FILE,
    ],
  },
];

/** @param {readonly string[]} args @returns {{ ms: number, mb: number }} */
function run(args) {
  const file = join(folder, 'peak.txt');
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', pathToFileURL(peak).pathname, ...args], {
    encoding: 'utf8',
    env: { ...process.env, PEAK: file, XDG_CONFIG_HOME: folder },
    cwd: folder,
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`.slice(0, 2000));
  return { ms, mb: Number(readFileSync(file, 'utf8')) / 1024 };
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const runs = TASKS.map(() => /** @type {{ ms: number, mb: number }[]} */ ([]));
// In turn, so that what the machine does meanwhile meets everybody alike; the first round warms caches up.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [index, { rounds, args }] of TASKS.entries()) {
    if (round > rounds) continue;
    const once = run(args());
    if (round > 0) runs[index]?.push(once);
  }
}
const results = TASKS.map(({ name }, index) => ({
  name,
  ms: median((runs[index] ?? []).map(({ ms }) => ms)),
  mb: median((runs[index] ?? []).map(({ mb }) => mb)),
}));
const [floor, ours] = results;
console.log(`${(statSync(FILE).size / 1024 ** 2).toFixed(1)} MB, ${ROUNDS} rounds, ${FEW} of the libraries; medians`);
for (const { name, ms, mb } of results) {
  const ratios = `${(ms / (floor?.ms ?? 1)).toFixed(2)}× time, ${(mb / (floor?.mb ?? 1)).toFixed(2)}× memory`;
  console.log(`${name.padEnd(36)} ${ms.toFixed(0).padStart(6)} ms ${mb.toFixed(0).padStart(5)} MB  ${ratios}`);
}
rmSync(folder, { recursive: true, force: true });
const missed = [
  (ours?.ms ?? 0) > MOST * (floor?.ms ?? 0) ? 'time' : undefined,
  (ours?.mb ?? 0) > MOST * (floor?.mb ?? 0) ? 'memory' : undefined,
].filter((each) => each !== undefined);
if (missed.length > 0) console.error(`More than ${MOST} times the ${missed.join(' and the ')} of JSON.parse.`);
process.exitCode = missed.length > 0 ? 1 : 0;
