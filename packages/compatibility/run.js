// Runs what others wrote against ours: their servers, clients, and readers of what is written here, each at the versions
// of package.json. What came of it is written into docs/reference/compatibility.md; PEERS says what was expected.
//   pnpm compatibility               runs all of it, and writes the page
//   pnpm compatibility oidc newman   runs the peers whose name contains a word, and writes nothing
//   pnpm compatibility --check       fails where something is not as the page and PEERS have it
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editionsOf } from './editions.js';
import { PARTS, PEERS } from './peers.js';

const here = import.meta.dirname;
const PAGE = join(here, '../../docs/reference/compatibility.md');
const BEGIN = '<!-- written by pnpm compatibility -->';
const WORDS = { works: 'works', remark: 'works with a remark', fails: 'does not work', absent: 'not run' };
/** The longest that all cases of one version of a peer may take. */
const MINUTES = 10 * 60_000;
/** Most of what they do is to start. */
const AT_ONCE = 2;

const check = process.argv.includes('--check');
const given = process.argv.slice(2).filter((word) => word !== '--check');
const words = given.length === 0 ? undefined : given;
const options = { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' };
const { status } = spawnSync('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], options);
if (status !== 0) process.exit(status ?? 1);

/**
 * @typedef {{ at: number, outcome: 'works' | 'remark' | 'fails' | 'absent', seen?: string }} Result
 * @typedef {{ peer: import('./peers.js').Peer, version: string, results: readonly Result[] }} Ran
 */

/** Runs the cases of one version of a peer. @param {number} index @param {string} place @returns {Promise<Result[]>} */
async function resultsOf(index, place) {
  const { cases, keepsState } = PEERS[index];
  if (!keepsState) return resultsIn(index, place, [...cases.keys()]);
  const results = [];
  for (const at of cases.keys()) results.push(...(await resultsIn(index, place, [at], String(at))));
  return results;
}

/** @param {number} index @param {string} place @param {readonly number[]} wanted @param {string[]} only @returns {Promise<Result[]>} */
function resultsIn(index, place, wanted, ...only) {
  return new Promise((resolve) => {
    /** @type {Result[]} */
    const results = [];
    let said = '';
    const child = fork(join(here, 'attempt.js'), [String(index), place, ...only], { cwd: here, silent: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), MINUTES);
    const listen = (/** @type {Buffer} */ text) => {
      said = `${said}${text}`.slice(-4000);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('message', (/** @type {any} */ result) => results.push(result));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const why = signal === 'SIGKILL' ? `no end after ${MINUTES / 60_000} minutes` : `ended with ${code}`;
      const rest = wanted.filter((at) => !results.some((each) => each.at === at));
      if (rest.length > 0 && process.env.CI === undefined) console.error(said);
      const [line = why] = /^.*Error.*$/m.exec(said) ?? [];
      resolve([...results, ...rest.map((at) => /** @type {Result} */ ({ at, outcome: 'fails', seen: line }))]);
    });
  });
}

/** What differs from what PEERS expects of a case. @param {import('./peers.js').Case} each @param {string} version @param {Result} result */
function changeIn({ expected = 'works', seen = / / }, version, { outcome, seen: now = '' }) {
  const wanted = typeof expected === 'string' ? expected : (expected[version.split('.')[0]] ?? 'works');
  if (outcome === 'absent') return undefined;
  if (outcome !== wanted) return `expected: ${WORDS[wanted]}`;
  return outcome === 'works' || seen.test(now) ? undefined : 'expected another reason';
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');

/** The cells of a row. @param {import('./peers.js').Peer} peer @param {string} version @param {Result} result */
function rowOf(peer, version, { at, outcome, seen = '' }) {
  const each = peer.cases[at];
  const change = changeIn(each, version, { at, outcome, seen });
  const authored = { works: each.note ?? '', remark: each.remedy?.words ?? '', fails: each.why ?? '', absent: seen }[
    outcome
  ];
  const words = change === undefined ? authored : `**changed**, ${change}${seen === '' ? '' : `; seen: ${seen}`}`;
  const source = each.source === undefined || authored === '' || change !== undefined ? '' : ` (${each.source})`;
  return {
    cells: [peer.name, version, each.tried, WORDS[outcome], `${words}${source}`].map(cell),
    change,
    absent: outcome === 'absent',
  };
}

/** Rows of a peer, one for the versions of which the same is to be said. @param {readonly { cells: string[] }[]} all */
function merged(all) {
  const lines = new Map();
  for (const {
    cells: [name = '', version = '', ...rest],
  } of all) {
    const key = JSON.stringify([name, ...rest]);
    lines.set(key, [name, [lines.get(key)?.[1], version].filter(Boolean).join(', '), ...rest]);
  }
  // Where versions differ, the case stands once for each; they are put together.
  const order = [...new Set(all.map(({ cells }) => JSON.stringify([cells[0], cells[2]])))];
  return [...lines.values()].sort(
    (a, b) => order.indexOf(JSON.stringify([a[0], a[2]])) - order.indexOf(JSON.stringify([b[0], b[2]])),
  );
}

/** @typedef {{ part: string, cells: string[], change?: string, absent: boolean }} Row */

/** Runs one version of a peer, and says what came of it. @param {import('./peers.js').Peer} peer @param {import('./editions.js').Edition} edition @returns {Promise<Row[]>} */
async function rowsOf(peer, { version, place, missing }) {
  const started = performance.now();
  const absent = () => peer.cases.map((_, at) => /** @type {Result} */ ({ at, outcome: 'absent', seen: missing }));
  const results = missing === undefined ? await resultsOf(PEERS.indexOf(peer), place) : absent();
  const rows = results
    .sort((a, b) => a.at - b.at)
    .map((result) => ({ part: peer.part, ...rowOf(peer, version, result) }));
  console.log(`${peer.name} ${version}, ${Math.round((performance.now() - started) / 1000)} s`);
  for (const [index, { cells, change }] of rows.entries()) {
    const [, , tried, outcome, told] = cells;
    console.log(`  ${change === undefined ? '' : 'CHANGED '}${tried}: ${outcome}${told === '' ? '' : `: ${told}`}`);
    const { seen } = results[index] ?? {};
    if (words !== undefined && seen !== undefined && change === undefined) console.log(`    seen: ${seen}`);
  }
  return rows;
}

const named = PEERS.filter(({ name }) => words === undefined || words.some((word) => name.includes(word)));
const jobs = named.flatMap((peer) => editionsOf(peer).map((edition) => ({ peer, edition })));
/** @type {Row[][]} */
const all = [];
let next = 0;
const work = async () => {
  for (let job = next++; job < jobs.length; job = next++) all[job] = await rowsOf(jobs[job].peer, jobs[job].edition);
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
const rows = all.flat();

const changed = rows.filter(({ change }) => change !== undefined);
const count = (/** @type {string} */ words) => rows.filter(({ cells }) => cells[3] === words).length;
const summary = `${rows.length} rows: ${Object.values(WORDS)
  .map((each) => `${count(each)} ${each}`)
  .join(', ')}.`;
console.log(`${summary} ${changed.length} changed.`);

if (words === undefined) {
  const tables = PARTS.map(({ part, title, about }) => {
    const lines = merged(rows.filter((row) => row.part === part)).map((cells) => `| ${cells.join(' | ')} |`);
    const head = ['| software | version | what is tried | result | remark |', '| --- | --- | --- | --- | --- |'];
    return `## ${title}\n\n${about}\n\n${[...head, ...lines].join('\n')}\n`;
  });
  const before = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const text = `${before.slice(0, before.indexOf(BEGIN))}${BEGIN}\n\n${summary}\n\n${tables.join('\n')}`;
  if (!check) writeFileSync(PAGE, text);
  else {
    // What is not run here says nothing, and neither does the version of a program of the machine.
    const said = (/** @type {readonly string[]} */ [name, , ...rest]) => [name, ...rest].join(' | ');
    const page = new Set(before.split('\n').map((line) => said(line.slice(2, -2).split(/ +\| +/))));
    const other = rows.filter(({ cells, absent }) => !absent && !page.has(said(cells))).map(({ cells }) => said(cells));
    for (const line of other) console.log(`otherwise than on the page: ${line}`);
    assert.equal(other.length, 0, 'docs/reference/compatibility.md is out of date: run pnpm compatibility');
    assert.equal(changed.length, 0, 'Some rows are not as PEERS expects');
  }
}
