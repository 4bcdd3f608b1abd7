// Makes connections of API descriptions as vendors publish them, validates and types each, and runs it against a server
// that does what the same description says: with the right credentials it connects, with wrong ones it is refused.
// `pnpm descriptions` writes what became of each into docs/explanation/descriptions.md; --check fails where that is not what is there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCUMENTS } from './documents.js';
import { RIGHT, vendorOf } from './vendor.js';

const here = import.meta.dirname;
const PAGE = join(here, '../../docs/explanation/descriptions.md');
const options = { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' };
const { status } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], options);
if (status !== 0) process.exit(status ?? 1);
// After what may install it.
const { openProjectIn, createTransport } = await import('@connectorkit/sdk/node');
const { prepare } = await import('@connectorkit/sdk/runtime');
const { main } = await import('@connectorkit/cli');
const { parse } = await import('yaml');

const cwd = mkdtempSync(join(tmpdir(), 'connectorkit-descriptions-'));

/** @param {readonly string[]} words @param {string} folder */
async function connector(words, folder) {
  const said = { stdout: '', stderr: '' };
  const stream = (/** @type {'stdout' | 'stderr'} */ name) => ({
    write: (/** @type {string | Uint8Array} */ text) => {
      said[name] += text;
    },
  });
  const environment = { PATH: process.env.PATH, XDG_CONFIG_HOME: join(cwd, '.config') };
  const code = await main([...words, '--json'], {
    cwd: folder,
    environment,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  });
  return { code, ...JSON.parse(said.stdout) };
}

/** @param {readonly any[]} diagnostics */
const errorsIn = (diagnostics) => diagnostics.filter(({ severity }) => severity === 'error');

/** Values that the form takes. @param {any} connection @param {typeof RIGHT} values */
function parametersOf(connection, values) {
  const known = {
    username: values.user,
    password: values.password,
    clientId: values.client,
    clientSecret: values.secret,
  };
  const form = connection.sections.parameters?.value ?? [];
  return Object.fromEntries(
    form.flatMap((/** @type {any} */ { name, type, default: preset }) => {
      const value =
        /** @type {Record<string, string>} */ (known)[name] ?? preset ?? (type === 'password' ? values.key : undefined);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * Connects against the vendor, and gives how it ended.
 * @param {any} connection @param {string} vendor @param {typeof RIGHT} values
 */
async function connected(connection, vendor, values) {
  const send = createTransport();
  /** @param {any} call */
  const transport = (call) => {
    const asked = new URL(call.url);
    return send({ ...call, url: `${vendor}/`, headers: { ...call.headers, 'x-asked': asked.href } });
  };
  const runnable = prepare(connection, {
    parameters: parametersOf(connection, values),
    common: { clientId: values.client, clientSecret: values.secret },
    redirectUri: 'http://127.0.0.1:4610/callback',
    transport,
    now: () => new Date(),
    chance: (size) => randomBytes(size),
  });
  return runnable.connect(async ({ url }) => {
    const state = new URL(url).searchParams.get('state') ?? '';
    return new URLSearchParams({ code: 'code-1', state });
  });
}

const WRONG = Object.fromEntries(Object.keys(RIGHT).map((key) => [key, 'wrong']));

/**
 * What became of a document.
 * @param {import('./documents.js').Listed} listed @param {number} index
 */
async function outcomeOf({ file, options: given = [] }, index) {
  const path = join(here, 'node_modules', file);
  const name = `api-${index}`;
  const made = await connector(['create', name, '--from-openapi', path, ...given], cwd);
  const said = made.diagnostics.filter((/** @type {any} */ { code }) => /^openapi\/(?!odd|assumed)/.test(code));
  if (made.code !== 0) {
    const [why] = errorsIn(made.diagnostics);
    assert.equal(why?.code, 'openapi/no-security', `${file}: ${JSON.stringify(made.diagnostics)}`);
    return { made: [], why: `${why.message} ${why.hint}` };
  }
  const folder = join(cwd, name);
  const validated = await connector(['validate'], folder);
  assert.deepEqual(errorsIn(validated.diagnostics), [], file);
  assert.equal((await connector(['types'], folder)).code, 0, file);
  assert.equal((await connector(['test'], folder)).code, 0, file);
  const document = parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''), {
    merge: true,
    maxAliasCount: -1,
    logLevel: 'silent',
  });
  const vendor = await vendorOf(document, given);
  const rows = [];
  for (const connection of openProjectIn(folder).connections) {
    const isOpen = said.some(
      (/** @type {any} */ each) => each.connection === connection.id && /no request/.test(each.message),
    );
    const right = await connected(connection, vendor.url, RIGHT);
    const wrong = await connected(connection, vendor.url, /** @type {any} */ (WRONG));
    // Without a request that proves it, nothing can: then it is enough that it is said.
    if (!isOpen) assert.equal(right.problem, undefined, `${file} ${connection.id}: ${JSON.stringify(right.problem)}`);
    assert.notEqual(wrong.problem, undefined, `${file} ${connection.id} connects with wrong credentials`);
    const proof = String(proofOf(connection)).replace(/^https?:\/\/[^/]*/, '');
    rows.push({ id: connection.id, type: connection.type, proof: isOpen ? undefined : proof });
  }
  vendor.close();
  const others = said
    .filter((/** @type {any} */ { code }) => code === 'openapi/unsupported')
    .map((/** @type {any} */ each) => each.message);
  const open = said.filter((/** @type {any} */ { code }) => code === 'openapi/unanswered').length;
  return {
    made: rows,
    why: [
      ...others,
      ...(open === 0 ? [] : [`${open} ${open === 1 ? 'location is' : 'locations are'} marked as unanswered.`]),
    ].join(' '),
  };
}

/** The address of the request that proves a connection. @param {any} connection */
function proofOf(connection) {
  const api = connection.sections.api.value;
  return (api.info ?? [api].flat().at(-1)).url;
}

const lines = [];
const counts = { documents: 0, connections: 0, ran: 0 };
for (const [index, listed] of DOCUMENTS.entries()) {
  const { made, why } = await outcomeOf(listed, index);
  const given = listed.options === undefined ? '' : ` with \`${listed.options.join(' ')}\``;
  const version = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies[packageOf(listed.file)];
  const cells = made.map(
    ({ id, type, proof }) => `\`${id}\` (${type}${proof === undefined ? ', no request verifies it' : `, ${proof}`})`,
  );
  const short = listed.file.slice(packageOf(listed.file).length + 1);
  lines.push(
    `| ${packageOf(listed.file)} ${version}: ${short}${given} | ${cells.join('; ') || '–'} | ${why.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |`,
  );
  counts.documents++;
  counts.connections += made.length;
  counts.ran += made.filter(({ proof }) => proof !== undefined).length;
  console.log(`${made.length === 0 ? '–' : made.length} ${listed.file}${given}`);
}
rmSync(cwd, { recursive: true, force: true });

/** @param {string} file */
function packageOf(file) {
  return file
    .split('/')
    .slice(0, file.startsWith('@') ? 2 : 1)
    .join('/');
}

const BEGIN = '<!-- written by pnpm descriptions -->';
const before = readFileSync(PAGE, 'utf8');
const table = ['| document | connections | missing and unsupported |', '| --- | --- | --- |', ...lines];
const summary = `${counts.documents} documents, ${counts.connections} connections: ${counts.ran} accepted correct credentials and refused wrong ones.`;
const text = `${before.slice(0, before.indexOf(BEGIN))}${BEGIN}\n\n${summary}\n\n${table.join('\n')}\n`;
const biome = spawnSync('npx', ['biome', 'format', '--stdin-file-path=docs/explanation/descriptions.md'], {
  ...{ cwd: join(here, '../..'), input: text, encoding: 'utf8', shell: process.platform === 'win32' },
});
assert.equal(biome.status, 0, biome.stderr);
const after = biome.stdout;
console.log(summary);
if (process.argv.includes('--check'))
  assert.equal(after, before, 'docs/explanation/descriptions.md is out of date: run pnpm descriptions');
else writeFileSync(PAGE, after);
