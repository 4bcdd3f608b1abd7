// How long it takes from a key press in an `api` of 300 lines to the problems, beside a server that checks our schema
// alone with the JSON service that editors use, for the same edits; and what a project of 1,000 connections changes.
// Both are started as an editor starts them, and speak over stdio. Needs a build: node lsp.js
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const CONNECTOR = fileURLToPath(new URL('../cli/dist/connector.js', import.meta.url));
const JSON_SERVER = fileURLToPath(new URL('./json-server.js', import.meta.url));
/** So many that the slowest hundredth is more than a few keys in which the system had something else to do. */
const ROUNDS = Number(process.env.ROUNDS ?? 20);

/**
 * What is typed, key by key, and taken back: each behind such a piece, at another one in every round. The text is no
 * JSON while a member is typed, and is while a comment is, or the inside of a string that is closed already.
 * @type {readonly (readonly [behind: RegExp, text: string])[]}
 */
const TYPED = [
  [/"headers": \{\n\s*/g, '"x-request-id": "{{executionId}}",'],
  [/"headers": \{\n\s*/g, '"accept-language": "{{ifempty(parameters.language, \'en\')}}",'],
  [/"url": "[^"]*/g, "?fields={{join(parameters.fields, ',')}}"],
  [/"headers": \{/g, ' // Why these are sent.'],
  [/"authorization": "[^"]*/g, ' {{parameters.suffix}}'],
];

const one = project(1);
const thousand = project(1000);
const [ours, theirs] = [await serverFor([CONNECTOR, 'lsp'], one), await serverFor([JSON_SERVER], one)];
// What just started is slow in both; what is left of that shows in the figures of all keys that follow.
const first = await measured([ours, theirs], 1);
report('this server, the first keys', first[0]);
report('JSON service, the first keys', first[1]);
const pairs = await measured([ours, theirs], ROUNDS);
report('this server', pairs[0]);
report('JSON service, schema alone', pairs[1]);
const ratio = (/** @type {number} */ share) => quantile(pairs[0], share) / quantile(pairs[1], share);
say(`that is ${ratio(0.5).toFixed(2)} times its median, ${ratio(0.99).toFixed(2)} times its p99 (at most 1.00)`);

const many = await serverFor([CONNECTOR, 'lsp'], thousand);
await measured([ours, many], 1);
const sizes = await measured([ours, many], ROUNDS);
report('project of one connection', sizes[0]);
report('project of 1,000', sizes[1]);
say(`p99 is ${(quantile(sizes[1], 0.99) / quantile(sizes[0], 0.99)).toFixed(2)} times (at most 1.50)`);
say(`memory with 1,000 connections: ${many.memory().toFixed(0)} MB (under 250)`);
for (const server of [ours, theirs, many]) await server.stop();
process.exit();

/**
 * @param {number} count of connections
 * @returns {string} its folder, which is removed when the process ends
 */
function project(count) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const made = join(folder, 'project');
  execFileSync(process.execPath, [CONNECTOR, 'create', 'bench', '--template', 'oauth2', '--folder', made, '--quiet']);
  const main = join(made, 'connections', 'main');
  writeFileSync(join(main, 'api.jsonc'), longer(readFileSync(join(main, 'api.jsonc'), 'utf8'), 300));
  for (let index = 1; index < count; index++) cpSync(main, join(made, 'connections', `c${index}`), { recursive: true });
  return made;
}

/**
 * An `api` with more requests that say who has connected, until it has so many lines.
 * @param {string} text
 * @param {number} lines
 */
function longer(text, lines) {
  const start = text.indexOf('"info": {');
  const end = text.indexOf('\n  }', start) + 4;
  const request = text.slice(text.indexOf('{', start), end);
  const count = Math.ceil((lines - text.split('\n').length) / request.split('\n').length) + 1;
  const requests = Array.from({ length: count }, (_, index) => request.replace('/me"', `/me/${index}"`));
  return `${text.slice(0, start)}"info": [${requests.join(', ')}]${text.slice(end)}`;
}

/**
 * A server with the document open, as an editor has it.
 * @param {string[]} command
 * @param {string} folder
 */
async function serverFor(command, folder) {
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const file = join(folder, 'connections/main/api.jsonc');
  const uri = pathToFileURL(file).href;
  let version = 1;
  /** @type {(version: number) => void} */
  let shown = () => {};
  connection.onNotification('textDocument/publishDiagnostics', (params) => {
    if (params.uri === uri) shown(params.version);
  });
  connection.listen();
  const capabilities = { textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } } };
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities });
  await connection.sendNotification('initialized', {});
  /** @param {number} wanted */
  const problems = (wanted) => new Promise((done) => (shown = (found) => found >= wanted && done(undefined)));
  const text = readFileSync(file, 'utf8');
  const first = problems(1);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'jsonc', version, text },
  });
  await first;
  return {
    text,
    /** @param {{ range: import('vscode-languageserver').Range, text: string }} change @returns {Promise<number>} ms */
    async press(change) {
      version++;
      const ended = problems(version);
      const started = performance.now();
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [change],
      });
      await ended;
      return performance.now() - started;
    },
    /** @returns {number} the memory of the process, MB */
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
    },
  };
}

/**
 * Types the same keys in each, in turn.
 * @param {Awaited<ReturnType<typeof serverFor>>[]} servers
 * @param {number} rounds in each of which all of TYPED is typed
 * @returns {Promise<number[][]>} ms of each key press, by server
 */
async function measured(servers, rounds) {
  /** @type {number[][]} */
  const times = servers.map(() => []);
  const text = servers[0]?.text ?? '';
  const document = TextDocument.create('file:///a.jsonc', 'jsonc', 1, text);
  let keys = 0;
  for (let round = 0; round < rounds; round++) {
    for (const change of TYPED.flatMap(([behind, typed]) => changesOf(document, behind, typed, round))) {
      keys++;
      // Who comes first changes from key to key.
      const order = keys % 2 === 0 ? [0, 1] : [1, 0];
      for (const index of order) {
        const time = await servers[index]?.press(change);
        if (time !== undefined) times[index]?.push(time);
      }
    }
  }
  return times;
}

/**
 * The changes that type a text, key by key, and take it back.
 * @param {TextDocument} document
 * @param {RegExp} behind
 * @param {string} typed
 * @param {number} round
 */
function changesOf(document, behind, typed, round) {
  const places = [...document.getText().matchAll(behind)].map(({ index, 0: found }) => index + found.length);
  const { line, character } = document.positionAt(places[(round * 3) % places.length] ?? 0);
  const here = (/** @type {number} */ offset) => ({ line, character: character + offset });
  const keys = [...typed].map((text, index) => ({ range: { start: here(index), end: here(index) }, text }));
  const back = keys.map((_, index) => ({ range: { start: here(index), end: here(index + 1) }, text: '' })).reverse();
  return [...keys, ...back];
}

/** @param {string} what @param {number[] | undefined} times */
function report(what, times) {
  say(
    `${what}: median ${quantile(times, 0.5).toFixed(2)} ms, p95 ${quantile(times, 0.95).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms (${times?.length} keys)`,
  );
}

/** @param {number[] | undefined} times @param {number} share */
function quantile(times = [], share) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
