// The whole `connector push`, in this process, beside a bare script that makes the same calls with fetch, two at a time:
// of a project that is new, and of one that is unchanged. The harness is a process of its own, in memory.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DIST = join(import.meta.dirname, '..', 'cli', 'dist');
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'github-oauth', 'connections', 'github');
const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];

/** Connections, and rounds. */
const SIZES = [
  [1, 15],
  [10, 9],
  [100, 5],
];

if (!existsSync(join(DIST, 'main.js'))) throw new Error('Build first: pnpm build.');
const { main } = await import(pathToFileURL(join(DIST, 'main.js')).href);
const scratch = mkdtempSync(join(tmpdir(), 'connector-bench-'));
const harness = spawn(process.execPath, [join(DIST, 'connector.js'), 'harness', '--port', '0', '--store', 'memory'], {
  cwd: project('harness', 0),
  stdio: ['ignore', 'ignore', 'pipe'],
});
let requests = 0;

/** @param {string} name @param {number} count */
function project(name, count) {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
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

/** @param {string} cwd */
async function push(cwd) {
  let said = '';
  const quiet = { write: (/** @type {string} */ text) => (said += text) };
  const code = await main(['push', '--quiet'], { cwd, environment: {}, stdin: {}, stdout: quiet, stderr: quiet });
  if (code !== 0) throw new Error(said);
}

/** @template Item @param {Item[]} items @param {(item: Item) => Promise<void>} work */
async function inPairs(items, work) {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

/** The same calls without anything that makes them safe. @param {string} cwd @param {{ url: string, token: string }} facts */
async function script(cwd, { url, token }) {
  const call = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {string} */ type = '',
    body = '',
  ) => {
    const headers = { authorization: `Token ${token}`, ...(type && { 'content-type': type }) };
    const answer = await fetch(`${url}/api/v2/sdk/apps${path}`, { method, headers, ...(body && { body }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  };
  const json = (/** @type {unknown} */ value) => /** @type {const} */ (['application/json', JSON.stringify(value)]);
  const { name } = JSON.parse(readFileSync(join(cwd, 'connector.json'), 'utf8'));
  const ids = readdirSync(join(cwd, 'connections'));
  const texts = ids.map((id) =>
    SECTIONS.map((section) => readFileSync(join(cwd, 'connections', id, `${section}.jsonc`), 'utf8')),
  );
  const { apps } = JSON.parse(await call('GET', '?all=true'));
  let app = apps.find((/** @type {{ label: string }} */ each) => each.label === name)?.name;
  const sums = async () => {
    const { accounts } = JSON.parse(await call('GET', `/${app}/1/checksum`));
    return new Map(
      accounts.map((/** @type {{ name: string, checksum: object }} */ each) => [each.name, each.checksum]),
    );
  };
  const md5 = (/** @type {string} */ text) => createHash('md5').update(text).digest('hex');
  /** @type {string[]} */
  let names = [];
  let known = new Map();
  if (app === undefined) {
    const made = { name, label: name, description: '', theme: '#6b7280', language: 'en', audience: 'global' };
    app = JSON.parse(await call('POST', '', ...json(made))).app.name;
    for (const id of ids) {
      const created = await call('POST', `/${app}/connections`, ...json({ type: 'oauth', label: id }));
      names.push(JSON.parse(created).appConnection.name);
    }
  } else {
    const [list, all] = await Promise.all([call('GET', `/${app}/connections`), sums()]);
    const { appConnections } = JSON.parse(list);
    names = ids.map((id) => appConnections.find((/** @type {{ label: string }} */ each) => each.label === id).name);
    known = all;
  }
  const different = names.flatMap((remote, at) =>
    SECTIONS.flatMap((section, index) => {
      const text = texts[at]?.[index] ?? '';
      return known.get(remote)?.[`${section}_jsonc`] === md5(text) ? [] : [{ remote, section, text }];
    }),
  );
  await inPairs(different, async ({ remote, section, text }) => {
    await call('PUT', `/connections/${remote}/${section}`, 'application/jsonc', text);
  });
  if (different.length === 0) return;
  const [after] = await Promise.all([sums(), call('GET', `/${app}/connections`)]);
  if (different.some(({ remote, section, text }) => after.get(remote)?.[`${section}_jsonc`] !== md5(text)))
    throw new Error(app);
}

/** @param {() => Promise<void>} work */
async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** @param {string} title @param {number} count @param {{ bare: number, own: number, asked: number }[]} rounds */
function row(title, count, rounds) {
  const ratios = rounds.map(({ bare, own }) => own / bare);
  const spread = `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`;
  const numbers = [median(rounds.map(({ bare }) => bare)), median(rounds.map(({ own }) => own))];
  console.log(
    [
      String(count).padStart(11),
      title.padEnd(10),
      ...numbers.map((ms) => ms.toFixed(1).padStart(10)),
      median(ratios).toFixed(2).padStart(7),
      spread.padStart(13),
      String(median(rounds.map(({ asked }) => asked))).padStart(9),
    ].join(' '),
  );
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
  console.log('connections push           script       push   ratio        spread  requests');
  for (const [count = 0, rounds = 0] of SIZES) {
    const full = [];
    const unchanged = [];
    for (let round = 0; round <= rounds; round++) {
      const ours = project(`own-${count}-${round}`, count);
      const theirs = project(`bare-${count}-${round}`, count);
      mkdirSync(join(ours, '.connector'));
      writeFileSync(join(ours, '.connector', 'harness.json'), facts);
      for (const results of [full, unchanged]) {
        // Whoever goes second finds a warmer harness: they take turns.
        const bare = () => timed(() => script(theirs, JSON.parse(facts)));
        const own = () => timed(() => push(ours));
        let asked = requests;
        const count = async () => {
          asked = requests;
          const ms = await own();
          await new Promise((resolve) => setTimeout(resolve, 50));
          asked = requests - asked;
          return ms;
        };
        const [first, second] = round % 2 === 0 ? [bare, count] : [count, bare];
        const [one, two] = [await first(), await second()];
        const pair = round % 2 === 0 ? { bare: one, own: two, asked } : { bare: two, own: one, asked };
        // The first round warms both up.
        if (round > 0) results.push(pair);
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
