// Whole processes of the bundled `connector validate`, beside two floors in the same round: processes that only read the
// same files, parse them with JSON.parse and run the precompiled schemas, which is less than any validator can do. The
// one runs them as Ajv compiles them; the other, lower one runs our own predicates, which are what validate itself uses.
// Targets, for Node 24, which keeps what it compiled: one connection takes at most 2.5 starts of `node -e 0`, and 1,000
// take at most 3.2 times the floor with Ajv. Node 20.19 works too, and compiles the command at each start.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMAND = join(ROOT, 'packages', 'cli', 'dist', 'connector.js');
const SCHEMAS = join(ROOT, 'packages', 'sdk', 'generated', 'sections.js');
const PUBLISHED = join(ROOT, 'packages', 'sdk', 'generated', 'schemas');
const EXAMPLE = join(ROOT, 'examples', 'github-oauth', 'connections', 'github');

/** Connections, and rounds; others are asked for as in `pnpm bench validate 1 1000`. */
const SIZES = new Map([
  [1, 31],
  [100, 15],
  [1000, 9],
  [10000, 3],
]);
const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];

/** Reads, parses and runs only the validators that a module exports. @param {string} file */
const floor = (file) => `
  import { readdirSync, readFileSync } from 'node:fs';
  import { validators } from ${JSON.stringify(pathToFileURL(file).href)};
  const root = process.argv[1] + '/connections/';
  let right = 0;
  for (const id of readdirSync(root))
    for (const name of ${JSON.stringify(SECTIONS)}) {
      const value = JSON.parse(readFileSync(root + id + '/' + name + '.json', 'utf8'));
      if (validators[name === 'api' ? 'api-oauth2' : name](value)) right++;
    }
  console.log(right);
`;

/** Writes the validators that Ajv makes of the published schemas. @param {string} folder @returns {string} their module */
function compiled(folder) {
  const from = join(ROOT, 'packages', 'sdk', 'package.json');
  const require = createRequire(from);
  const { Ajv2020 } = require('ajv/dist/2020.js');
  const { default: standalone } = require('ajv/dist/standalone/index.js');
  const ajv = new Ajv2020({ strict: false, allErrors: true, code: { source: true, esm: true } });
  const names = SECTIONS.map((name) => (name === 'api' ? 'api-oauth2' : name));
  for (const name of names)
    ajv.addSchema({
      ...JSON.parse(readFileSync(join(PUBLISHED, `${name}.schema.json`), 'utf8')),
      $id: `bench:${name}`,
    });
  const exported = Object.fromEntries(names.map((name) => [name.replace('-', '_'), `bench:${name}`]));
  const file = join(folder, 'ajv.mjs');
  const lines = [
    `import { createRequire } from 'node:module';`,
    `const require = createRequire(${JSON.stringify(from)});`,
    standalone(ajv, exported),
    `export const validators = { ${names.map((name) => `${JSON.stringify(name)}: ${name.replace('-', '_')}`).join(', ')} };`,
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** Writes its peak memory, in KiB, to a fourth stream when it ends. */
const MEMORY = `--import=data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

// It triples the start of Node 20, and has nothing to do with what is measured.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** @param {string[]} args @param {string} [options] */
function run(args, options = '') {
  const started = performance.now();
  const { status, stdout, stderr, output } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...env, NODE_OPTIONS: options, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ').slice(0, 200)} ended with ${status}: ${stdout}${stderr}`);
  return { ms, memory: Number(output[3] ?? 0) / 1024 };
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The example's sections without their comments, so that JSON.parse can read them. @param {string} text */
function plain(text) {
  return text.replace(/^\s*\/\/.*\n/gm, '');
}

/** Hosts, and what authors name themselves. */
const NAMES =
  /\b(github|clientId|clientSecret|client_id|client_secret|redirect_uri|accessToken|access_token|grantedScope|repo|org|user|login)\b/g;

/**
 * The text with names of its own, so that what was worked out for one connection helps with no other. Names keep their
 * ends, by which secrets are known.
 * @param {string} text @param {number} index
 */
function varied(text, index) {
  return text.replace(NAMES, `v${index}_$1`);
}

/** @param {number} count @param {string} folder */
function write(count, folder) {
  const texts = SECTIONS.map((name) => [`${name}.json`, plain(readFileSync(join(EXAMPLE, `${name}.jsonc`), 'utf8'))]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'connector.json'), '{"name": "bench"}\n');
  for (let index = 0; index < count; index++) {
    const connection = join(folder, 'connections', `c${index}`);
    mkdirSync(connection, { recursive: true });
    writeFileSync(join(connection, 'connection.json'), '{"type": "oauth"}\n');
    for (const [name = '', text = ''] of texts) writeFileSync(join(connection, name), varied(text, index));
  }
}

if (!existsSync(COMMAND)) throw new Error('Build first: pnpm build.');
const asked = process.argv.map(Number).filter((word) => Number.isInteger(word) && word > 0);
const sizes = asked.length === 0 ? [...SIZES] : asked.map((count) => [count, SIZES.get(count) ?? 5]);
const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
/** @type {[number, number][]} */
const growth = [];
try {
  const ajv = compiled(scratch);
  console.log(`Node ${process.version}; medians of whole processes, in ms; ratios are medians of pairs`);
  console.log(
    'connections    node -e 0   floor Ajv  floor own   validate   x Ajv  x own  x node  validate MiB  floor MiB',
  );
  for (const [count = 0, rounds = 0] of sizes) {
    const folder = join(scratch, String(count));
    write(count, folder);
    const commands = {
      bare: ['-e', '0'],
      ajv: ['--input-type=module', '-e', floor(ajv), folder],
      own: ['--input-type=module', '-e', floor(SCHEMAS), folder],
      validate: [COMMAND, 'validate', '--project', folder],
    };
    /** @type {Record<keyof typeof commands, number[]>} */
    const times = { bare: [], ajv: [], own: [], validate: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const name of /** @type {(keyof typeof commands)[]} */ (Object.keys(commands))) {
        const { ms } = run(commands[name]);
        // The first round warms the file system's cache.
        if (round > 0) times[name].push(ms);
      }
    }
    const ratio = (/** @type {number[]} */ to) => median(times.validate.map((ms, at) => ms / (to[at] ?? Number.NaN)));
    const cells = [
      String(count).padStart(11),
      ...[times.bare, times.ajv, times.own, times.validate].map((each) => median(each).toFixed(1).padStart(10)),
      ...[times.ajv, times.own].map((each) => ratio(each).toFixed(2).padStart(6)),
      ratio(times.bare).toFixed(2).padStart(7),
      run(commands.validate, MEMORY).memory.toFixed(0).padStart(13),
      run(commands.own, MEMORY).memory.toFixed(0).padStart(10),
    ];
    console.log(cells.join(' '));
    growth.push([count, median(times.validate)]);
    rmSync(folder, { recursive: true });
  }
  for (const [index, [count, ms]] of growth.entries()) {
    const before = growth[index - 1];
    if (before === undefined) continue;
    const exponent = Math.log(ms / before[1]) / Math.log(count / before[0]);
    console.log(`growth from ${before[0]} to ${count}: exponent ${exponent.toFixed(2)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
