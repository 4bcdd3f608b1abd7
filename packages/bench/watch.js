// How long it takes from a save to the findings, with 100 connections in the project, and how long `validate --changed`
// takes with 1,000 connections of which one changed, against a bare start of Node. Needs a build: node watch.js
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONNECTOR = fileURLToPath(new URL('../cli/dist/connector.js', import.meta.url));
const SAVES = 50;
const STARTS = 25;
const WARNS = '{ "read": "Read", }';

const { median, worst } = await fromSaveToFindings(project(100));
say(`save → findings, 100 connections: median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms (under 30)`);
const { bare, changed } = startsWithOneChanged(project(1000));
say(`--changed, 1 of 1,000 connections: ${changed.toFixed(0)} ms, node alone ${bare.toFixed(0)} ms`);
say(`that is ${(changed / bare).toFixed(2)} times a bare start (under 4)`);

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * @param {number} count
 * @returns {string} its folder, which is removed when the process ends
 */
function project(count) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const made = join(folder, 'project');
  execFileSync(process.execPath, [CONNECTOR, 'create', 'bench', '--template', 'oauth2', '--folder', made, '--quiet']);
  for (let index = 1; index < count; index++) {
    cpSync(join(made, 'connections', 'main'), join(made, 'connections', `c${index}`), { recursive: true });
  }
  return made;
}

/** @param {string} folder */
async function fromSaveToFindings(folder) {
  const child = spawn(process.execPath, [CONNECTOR, 'validate', '--watch', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  /** @type {(diagnostics: { file: string }[]) => void} */
  let tell = () => {};
  child.stdout.on('data', (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) tell(JSON.parse(line).diagnostics);
  });
  /** @param {(diagnostics: { file: string }[]) => boolean} fits */
  const shown = (fits) => new Promise((done) => (tell = (diagnostics) => fits(diagnostics) && done(undefined)));
  await shown(() => true);
  await pause(1000);
  const times = [];
  for (let index = 1; index <= SAVES; index++) {
    const id = `c${index}`;
    const file = join(folder, 'connections', id, 'scopes.jsonc');
    const seen = shown((diagnostics) => diagnostics.some((each) => each.file.includes(`/${id}/`)));
    const started = performance.now();
    writeFileSync(file, WARNS);
    await seen;
    times.push(performance.now() - started);
    // No rhythm that timers could fall in step with.
    await pause(50 + Math.random() * 250);
  }
  child.kill('SIGINT');
  return { median: middle(times), worst: Math.max(...times) };
}

/** @param {string} folder */
function startsWithOneChanged(folder) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('commit', '-m', 'all');
  mkdirSync(join(folder, 'connections', 'c7'), { recursive: true });
  writeFileSync(join(folder, 'connections', 'c7', 'scopes.jsonc'), WARNS);
  const timed = (/** @type {string[]} */ args) => {
    const started = performance.now();
    execFileSync(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    return performance.now() - started;
  };
  const bare = [];
  const changed = [];
  // In turn, so that what else the machine does falls on both.
  for (let index = 0; index < STARTS; index++) {
    bare.push(timed(['-e', '0']));
    changed.push(timed([CONNECTOR, 'validate', '--changed']));
  }
  return { bare: middle(bare), changed: middle(changed) };
}

/** @param {number[]} times */
function middle(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
