// How soon a harness answers and what it takes, beside bare Express: each in a process of its own, in turn. What it takes
// in memory is held against Express with libsql loaded, because a harness keeps its state in SQLite.
//   pnpm bench starts
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROUNDS = 15;
const NAMES = ['express', 'express+libsql', 'harness'];

/** @typedef {{ first: number, cpu: number, memory: number }} Start milliseconds to the first answer, of CPU until then, and MB */

/** @param {string} name @returns {Promise<Start>} */
async function started(name) {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'servers.js'), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { url, token, path } = JSON.parse(String(line));
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  const answer = await fetch(url + (token === undefined ? path : '/api/v2/sdk/apps'), { headers });
  await answer.arrayBuffer();
  const first = performance.now() - begun;
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`);
  const found = { first, ...takenBy(child.pid) };
  const closed = once(child, 'close');
  child.kill();
  await closed;
  return found;
}

/** Returns the CPU time of a process so far, where /proc tells. @param {number | undefined} pid */
function takenBy(pid) {
  if (process.platform !== 'linux') return { cpu: Number.NaN, memory: Number.NaN };
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) * 10, memory: Number(resident) / 1024 };
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** @type {Map<string, Start[]>} */
const seen = new Map(NAMES.map((name) => [name, []]));
// The first round fills the system's caches.
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of NAMES) {
    const found = await started(name);
    if (round > 0) seen.get(name)?.push(found);
  }
}

/** @param {string} name @param {keyof Start} key */
const of = (name, key) => median((seen.get(name) ?? []).map((each) => each[key]));
console.log(`\nmedians of ${ROUNDS} starts in turn`);
for (const name of NAMES) {
  const [first, cpu, memory] = [of(name, 'first'), of(name, 'cpu'), of(name, 'memory')];
  console.log(
    `${name.padEnd(15)} first answer after ${first.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU; then ${memory.toFixed(1)} MB`,
  );
}
const later = of('harness', 'first') - of('express', 'first');
const more = of('harness', 'memory') / of('express+libsql', 'memory');
console.log(`harness: first answer ${later.toFixed(0)} ms after that of bare Express (at most 35)`);
console.log(`harness: ${more.toFixed(2)} times the memory of Express with libsql loaded (at most 1.10)`);
