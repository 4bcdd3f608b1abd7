// Whole processes of the bundled `connector types`, beside one that only hands the same schemas to
// json-schema-to-typescript, with its own formatting. `pnpm bench types`; the exit code is 1 when a target is missed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parametersSchema } from '@connectorkit/sdk';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMAND = join(ROOT, 'packages', 'cli', 'dist', 'connector.js');
const PRINTER = createRequire(join(ROOT, 'packages', 'sdk', 'package.json')).resolve('json-schema-to-typescript');

/** Connections, and rounds. */
const SIZES = [
  [1, 15],
  [10, 11],
  [100, 7],
  [1000, 3],
];
/** Of the time of the printer alone, and of a bare start of Node that asks the system when each file was changed. */
const SHARE = 0.35;
const STARTS = 2.8;

const LOOK = `
  const { lstatSync, readdirSync } = require('node:fs');
  for (const id of readdirSync(process.argv[1]))
    for (const file of readdirSync(process.argv[1] + '/' + id)) lstatSync(process.argv[1] + '/' + id + '/' + file);
`;

const ALONE = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import printer from ${JSON.stringify(pathToFileURL(PRINTER).href)};
  let text = '';
  for (const [name, schema] of JSON.parse(readFileSync(process.argv[1], 'utf8')))
    text += await printer.compile(schema, name, { bannerComment: '', additionalProperties: false });
  writeFileSync(process.argv[1] + '.d.ts', text);
`;

const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** @param {string[]} args */
function run(args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ').slice(0, 200)} ended with ${status}: ${stdout}${stderr}`);
  return ms;
}

/** Sections of a connection, no two alike. @param {number} index */
function sections(index) {
  const data = Object.fromEntries(['token', `id${index}`, 'team'].map((name) => [name, `{{body.${name}}}`]));
  const parameters = [
    { name: 'apiKey', type: 'password', label: `Key ${index}`, help: 'From your **settings**.', required: true },
    { name: `limit${index}`, type: 'uinteger', label: 'Limit', default: index },
    {
      name: 'where',
      type: 'select',
      label: 'Where',
      required: true,
      options: [
        { label: 'Cloud', value: 'cloud' },
        { label: 'Own', value: `own${index}`, nested: [{ name: 'host', type: 'url', label: 'Host', required: true }] },
      ],
    },
    { name: 'tags', type: 'array', label: 'Tags', spec: [{ name: 'key', type: 'text', label: 'Key' }] },
  ];
  const scopes = Object.fromEntries(['read', 'write', 'admin', `of${index}`].map((name) => [`${name}:${index}`, name]));
  const common = { type: 'object', properties: { clientId: { type: 'string' }, [`key${index}`]: { type: 'string' } } };
  const log = { sanitize: ['request.headers.authorization', 'response.body.token'] };
  const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
  const api = { url: 'https://api.example.com/v1/me', headers, response: { data }, log };
  return { parameters, scopes, common, api };
}

/** The schemas that the types of the connection are made from. @param {number} index */
function schemas(index) {
  const { parameters, scopes, common, api } = sections(index);
  const data = Object.fromEntries(Object.keys(api.response.data).map((name) => [name, {}]));
  const object = { type: 'object', additionalProperties: false };
  const context = { ...object, properties: { parameters: {}, common: {}, connection: {}, data: {}, temp: {} } };
  return [
    [`C${index}Parameters`, parametersSchema(parameters)],
    [`C${index}Common`, common],
    [`C${index}Scopes`, { type: 'string', enum: Object.keys(scopes) }],
    [`C${index}Data`, { ...object, properties: data }],
    [`C${index}Steps`, { ...object, properties: { request: context, response: context } }],
  ];
}

/** @param {number} count @param {string} folder */
function write(count, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'connector.json'), '{"name": "bench"}\n');
  const all = [];
  for (let index = 0; index < count; index++) {
    const connection = join(folder, 'connections', `c${index}`);
    mkdirSync(connection, { recursive: true });
    writeFileSync(join(connection, 'connection.json'), '{"type": "apikey"}\n');
    for (const [name, value] of Object.entries(sections(index))) {
      const file = name === 'common' ? 'common.schema.json' : `${name}.json`;
      writeFileSync(join(connection, file), JSON.stringify(value, undefined, 2));
    }
    all.push(...schemas(index));
  }
  writeFileSync(join(folder, 'schemas.json'), JSON.stringify(all));
}

/** @param {number[]} numbers */
function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 };
}

/** @param {number[]} numbers */
function shown(numbers) {
  const { median, low, high } = spread(numbers);
  return `${median.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`.padStart(20);
}

if (!existsSync(COMMAND)) throw new Error('Build first: pnpm build.');
const asked = process.argv.map(Number).filter((word) => Number.isInteger(word) && word > 0);
const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
let missed = false;
try {
  console.log(`Node ${process.version}; whole processes in ms: median (fastest–slowest); ratios are medians of pairs`);
  console.log(
    'connections            node -e 0      stamps of files        printer alone      connector types            unchanged',
  );
  for (const [count = 0, rounds = 0] of SIZES.filter(([count]) => asked.length === 0 || asked.includes(count ?? 0))) {
    const folder = join(scratch, String(count));
    write(count, folder);
    /** @type {Record<'bare' | 'look' | 'alone' | 'types' | 'unchanged', number[]>} */
    const times = { bare: [], look: [], alone: [], types: [], unchanged: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const file of ['connector.d.ts', '.connector']) rmSync(join(folder, file), { recursive: true, force: true });
      const each = {
        bare: run(['-e', '0']),
        look: run(['-e', LOOK, join(folder, 'connections')]),
        alone: run(['--input-type=module', '-e', ALONE, join(folder, 'schemas.json')]),
        types: run([COMMAND, 'types', '--project', folder]),
        unchanged: run([COMMAND, 'types', '--project', folder]),
      };
      // The first round warms the file system's cache.
      if (round > 0)
        for (const name of /** @type {(keyof typeof times)[]} */ (Object.keys(times))) times[name].push(each[name]);
    }
    const ratio = (/** @type {number[]} */ of, /** @type {number[]} */ to) =>
      spread(of.map((ms, at) => ms / (to[at] ?? Number.NaN))).median;
    const share = ratio(times.types, times.alone);
    const looks = ratio(times.unchanged, times.look);
    const starts = ratio(times.unchanged, times.bare);
    missed ||= share > SHARE || looks > STARTS;
    console.log(String(count).padStart(11) + Object.values(times).map(shown).join(' '));
    console.log(
      `            ${share.toFixed(2)}× of the printer (at most ${SHARE}); unchanged ${looks.toFixed(2)}× stamps (at most ${STARTS}), ${starts.toFixed(2)}× a start`,
    );
    rmSync(folder, { recursive: true });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = missed ? 1 : 0;
