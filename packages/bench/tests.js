// `connector test` as whole processes, beside `vitest run` with the same cases written as tests around stubs of `fetch`,
// in turn in the same run. One case takes at most three starts of `node -e 0`, once the caches are warm: the target is for
// Node 24, which keeps what it compiled. The command works on Node 20.19 too, which compiles it at each start.
//   pnpm bench tests; the exit code is 1 when a target is missed
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMAND = join(ROOT, 'packages', 'cli', 'dist', 'connector.js');
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** Cases in a file, on both sides: about as many as one connection has. */
const EACH = 20;
const ROUNDS = 7;

const API = {
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
    response: {
      data: { accessToken: '{{body.access_token}}', expires: '{{addSeconds(now, body.expires_in)}}' },
      error: { message: '[{{statusCode}}] {{body.error}}' },
    },
    log: { sanitize: ['request.body.client_secret', 'response.body.access_token'] },
  },
  info: {
    url: 'https://api.acme.test/me',
    headers: { authorization: 'Bearer {{connection.accessToken}}' },
    response: {
      uid: '{{body.id}}',
      metadata: { type: 'text', value: '{{body.name}}' },
      error: { message: '[{{statusCode}}] {{body.message}}' },
    },
    log: { sanitize: ['request.headers.authorization'] },
  },
};
const FORM = [
  { name: 'clientId', type: 'text', label: 'Client ID', required: true },
  { name: 'clientSecret', type: 'password', label: 'Client secret', required: true },
];

/** The same case on both sides. @param {number} index */
const facts = (index) => ({
  id: `client-${index}`,
  secret: `secret-${index}`,
  token: `token-${index}`,
  name: `User ${index}`,
});

/** @param {number} index */
function testCase(index) {
  const { id, secret, token, name } = facts(index);
  return {
    name: `user ${index} connects`,
    given: { parameters: { clientId: id, clientSecret: secret } },
    exchanges: [
      {
        request: {
          method: 'POST',
          url: 'https://auth.acme.test/token',
          body: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
        },
        answer: { body: { access_token: token, expires_in: 3600 } },
      },
      {
        request: { method: 'GET', url: 'https://api.acme.test/me', headers: { authorization: `Bearer ${token}` } },
        answer: { body: { id: index, name } },
      },
    ],
    expect: {
      data: { accessToken: token, expires: '2026-01-01T01:00:00.000Z' },
      uid: index,
      metadata: { type: 'text', value: name },
    },
  };
}

/** @param {string} folder @param {number} count */
function writeProject(folder, count) {
  const connection = join(folder, 'connections', 'main');
  mkdirSync(join(connection, 'tests'), { recursive: true });
  writeFileSync(join(folder, 'connector.json'), '{ "name": "bench" }');
  writeFileSync(join(connection, 'connection.json'), '{ "type": "oauth-clicre" }');
  writeFileSync(join(connection, 'api.json'), JSON.stringify(API, undefined, 2));
  writeFileSync(join(connection, 'parameters.json'), JSON.stringify(FORM, undefined, 2));
  for (const [file, indexes] of files(count)) {
    const text = JSON.stringify({ cases: indexes.map(testCase) }, undefined, 2);
    writeFileSync(join(connection, 'tests', `${file}.test.jsonc`), text);
  }
}

/** What the connection does, written by hand around fetch. */
const BY_HAND = `
export async function connect({ clientId, clientSecret }, now) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  const granted = await fetch('https://auth.acme.test/token', { method: 'POST', body });
  if (!granted.ok) throw new Error('[' + granted.status + '] ' + (await granted.json()).error);
  const { access_token, expires_in } = await granted.json();
  const account = await fetch('https://api.acme.test/me', { headers: { authorization: 'Bearer ' + access_token } });
  if (!account.ok) throw new Error('[' + account.status + '] ' + (await account.json()).message);
  const { id, name } = await account.json();
  const expires = new Date(now.getTime() + expires_in * 1000).toISOString();
  return { data: { accessToken: access_token, expires }, uid: id, metadata: { type: 'text', value: name } };
}
`;

/** @param {number} index */
function vitestCase(index) {
  const { id, secret, token, name } = facts(index);
  return `
test('user ${index} connects', async () => {
  const fetch = vi.fn();
  fetch.mockResolvedValueOnce(Response.json({ access_token: '${token}', expires_in: 3600 }));
  fetch.mockResolvedValueOnce(Response.json({ id: ${index}, name: '${name}' }));
  vi.stubGlobal('fetch', fetch);
  const connected = await connect({ clientId: '${id}', clientSecret: '${secret}' }, new Date('2026-01-01T00:00:00Z'));
  const [[tokenUrl, token], [infoUrl, info]] = fetch.mock.calls;
  expect([tokenUrl, token.method, infoUrl]).toEqual(['https://auth.acme.test/token', 'POST', 'https://api.acme.test/me']);
  expect(Object.fromEntries(token.body)).toEqual({ grant_type: 'client_credentials', client_id: '${id}', client_secret: '${secret}' });
  expect(info.headers).toEqual({ authorization: 'Bearer ${token}' });
  expect(connected).toEqual({
    data: { accessToken: '${token}', expires: '2026-01-01T01:00:00.000Z' },
    uid: ${index},
    metadata: { type: 'text', value: '${name}' },
  });
});
`;
}

/** @param {string} folder @param {number} count */
function writeVitest(folder, count) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // Its own, so that the repository's is not looked for.
  writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');
  writeFileSync(join(folder, 'connect.js'), BY_HAND);
  const head = `import { expect, test, vi } from 'vitest';\nimport { connect } from './connect.js';\n`;
  for (const [file, indexes] of files(count)) {
    writeFileSync(join(folder, `${file}.test.js`), head + indexes.map(vitestCase).join(''));
  }
}

/** @param {number} count @returns {[string, number[]][]} */
function files(count) {
  return Array.from({ length: Math.ceil(count / EACH) }, (_, file) => [
    `file-${file}`,
    Array.from({ length: Math.min(EACH, count - file * EACH) }, (__, index) => file * EACH + index),
  ]);
}

/** Writes its peak memory, in KiB, to a fourth stream when it ends. */
const MEMORY = `--import=data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

const { NODE_EXTRA_CA_CERTS: _, CI: __, ...env } = process.env;

/** @param {string[]} args @param {{ cwd: string, says?: string, options?: string }} surroundings */
function run(args, { cwd, says = '', options = '' }) {
  const started = performance.now();
  const { status, stdout, stderr, output } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, NODE_OPTIONS: options, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const ms = performance.now() - started;
  if (status !== 0 || !`${stdout}${stderr}`.includes(says)) {
    throw new Error(`${args.join(' ').slice(0, 200)} ended with ${status}: ${stdout}${stderr}`);
  }
  return { ms, memory: Number(output[3] ?? 0) / 1024 };
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** @type {string[]} */
const missed = [];

/** @param {string} what @param {number} value @param {number} most @param {string} unit */
function target(what, value, most, unit) {
  const met = value <= most;
  if (!met) missed.push(what);
  console.log(`${met ? 'met' : 'MISSED'}: ${what}: ${value.toFixed(2)}${unit} of at most ${most}${unit}`);
}

/** Which Node the targets in starts of `node -e 0` are for. */
function reference() {
  const isReference = process.version.startsWith('v24.');
  return isReference ? 'The targets are for this version.' : 'The target in starts of Node is for Node 24.';
}

/** Medians of rounds in turn. @param {Record<string, () => { ms: number }>} works @returns {Record<string, number>} */
function medians(works) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, work] of Object.entries(works)) {
      const { ms } = work();
      // The first round warms the file system's cache.
      if (round > 0) times[name]?.push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

if (!existsSync(COMMAND)) throw new Error('Build first: pnpm build.');
// Inside of the repository, so that the tests find vitest.
const scratch = mkdtempSync(join(import.meta.dirname, '.tests-'));
try {
  const folder = (/** @type {string} */ name) => join(scratch, name);
  for (const count of [1, 1000, 10_000]) writeProject(folder(`project-${count}`), count);
  writeVitest(folder('vitest'), 1000);
  const ours = (/** @type {number} */ count) => () =>
    run([COMMAND, 'test'], { cwd: folder(`project-${count}`), says: `${count} case` });
  console.log(`Node ${process.version}; medians of ${ROUNDS} rounds. ${reference()}`);
  const thousand = medians({
    connector: ours(1000),
    vitest: () =>
      run([VITEST, 'run', '--root', folder('vitest')], {
        cwd: folder('vitest'),
        says: '1000 passed',
      }),
  });
  const { connector = Number.NaN, vitest = Number.NaN } = thousand;
  console.log(`1,000 cases of two exchanges: ${connector.toFixed(0)} ms, vitest ${vitest.toFixed(0)} ms`);
  target('1,000 cases, beside vitest', connector / vitest, 0.2, '×');
  const single = medians({ one: ours(1), bare: () => run(['-e', '0'], { cwd: scratch }) });
  const { one = Number.NaN, bare = Number.NaN } = single;
  console.log(`one case: ${one.toFixed(0)} ms, node -e 0 ${bare.toFixed(0)} ms`);
  target('one case, in starts of Node', one / bare, 3, '×');
  const options = { cwd: folder('project-10000'), says: '10000 cases', options: MEMORY };
  target('peak memory with 10,000 cases', run([COMMAND, 'test'], options).memory, 200, ' MB');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = missed.length === 0 ? 0 : 1;
