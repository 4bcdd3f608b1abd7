// Whether get, put and the list of an app with ten connections take as long where other apps hold 100,000: two
// harnesses, one with that app alone, are asked the same in turn, one call after the other. Besides with what they
// know by heart, they are asked when they have just forgotten it, because another process wrote to the file.
//   pnpm bench flat
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';

const OTHERS = 100_000;
const APPS = 100;
const ROUNDS = 20;
const CALLS = 100;

const folder = mkdtempSync(join(tmpdir(), 'connector-bench-'));
const connections = (/** @type {number} */ count) => Array(count).fill({ type: 'oauth', label: 'Main' });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** @typedef {(method: string, path: string, body?: string) => Promise<void>} Call */
/** @typedef {{ call: Call, forget: () => Promise<unknown>, stop: () => Promise<void> }} Side */

/**
 * A harness in a process of its own, and another on the same file.
 * @param {string} name @param {number} others
 * @returns {Promise<Side>}
 */
async function side(name, others) {
  const store = join(folder, `${name}.db`);
  const beside = await createHarness({ store, journal: 0 });
  const { registry } = (await beside.clients()).make;
  await beside.seed('make', { app: 'bench', connections: connections(10) });
  await beside.seed('make', { app: 'beside', connections: connections(1) });
  const started = performance.now();
  for (let app = 0; app < APPS && others > 0; app++) {
    await beside.seed('make', { app: `other-${app}`, connections: connections(others / APPS) });
  }
  if (others > 0)
    console.log(`${others} connections in ${APPS} apps seeded in ${seconds(performance.now() - started)}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'servers.js'), 'harness', store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { url, token } = JSON.parse(String(line));
  const { hostname, port } = new URL(url);
  let count = 0;
  return {
    call: (method, path, body) =>
      new Promise((done, failed) => {
        const headers = { authorization: `Token ${token}`, 'content-type': 'application/jsonc' };
        const asked = request({ hostname, port, method, path: `/api/v2/sdk/apps${path}`, headers, agent }, (answer) => {
          if (answer.statusCode !== 200) failed(new Error(`${method} ${path}: ${answer.statusCode}`));
          answer.resume().once('end', done);
        });
        asked.once('error', failed).end(body);
      }),
    forget: () => registry.setSection('beside', 'api', `{ "url": "/${count++}" }`),
    stop: async () => {
      const closed = once(child, 'close');
      child.kill();
      await closed;
      await beside.close();
    },
  };
}

let count = 0;
/** @type {Record<string, (call: Call) => Promise<void>>} */
const WORK = {
  GET: (call) => call('GET', '/connections/bench/api'),
  PUT: (call) => call('PUT', '/connections/bench/api', `{ "url": "https://api.example.com/v${count++}" }`),
  list: (call) => call('GET', '/bench/connections'),
};

/** The median of calls in microseconds. @param {(call: Call) => Promise<void>} work @param {Side} at @param {boolean} cold */
async function timed(work, { call, forget }, cold) {
  const times = [];
  for (let index = 0; index < CALLS; index++) {
    if (cold) await forget();
    const started = performance.now();
    await work(call);
    times.push((performance.now() - started) * 1000);
  }
  return median(times);
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const sides = [await side('alone', 0), await side('beside', OTHERS)];
console.log(
  `medians of ${ROUNDS} rounds of ${CALLS} calls in turn: an app with 10 connections alone, and where other apps hold ${OTHERS}`,
);
for (const cold of [false, true]) {
  for (const [name, work] of Object.entries(WORK)) {
    /** @type {number[][]} */
    const found = [[], []];
    // The first round warms both of them up; each is the first in every other round.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const time = await timed(work, /** @type {Side} */ (sides[index]), cold);
        if (round > 0) found[index]?.push(time);
      }
    }
    const [alone = [], beside = []] = found;
    const ratio = median(alone.map((time, index) => (beside[index] ?? Number.NaN) / time)).toFixed(2);
    const [first, second] = [median(alone).toFixed(0), median(beside).toFixed(0)];
    console.log(
      `${name.padEnd(4)} ${cold ? 'forgotten' : 'by heart '} ${first} µs, ${second} µs: ${ratio}× (flat below 1.15)`,
    );
  }
}
agent.destroy();
for (const each of sides) await each.stop();
rmSync(folder, { recursive: true, force: true });
