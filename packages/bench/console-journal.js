// The console's journal in Chromium while requests come: how long its frames take, and how many rows are in the page.
// Part of `console.js`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Requests a second. */
const RATE = 200;
/** Milliseconds that frames may take. */
const LIMIT = 20;
/** Entries that the journal has before. */
const FILLED = 10_000;

/** @typedef {{ intervals: number[], work: number[] }} Frames Milliseconds. */

/**
 * Measures the frames of the journal: without requests, and with 200 a second, in turns. From frame to frame is what a
 * user sees, and what anything else on the machine delays as well. Work is the processor time of the page's main thread in
 * a frame, for its scripts, styles, layout and painting: it is the same however busy the machine is.
 * @param {{ browser: import('playwright-core').Browser, page: import('playwright-core').Page, url: string, token: string, seconds: number, rounds: number }} given
 */
export async function measureJournal({ browser, page, url, token, seconds, rounds }) {
  await load({ url, token, rate: 0, total: FILLED, seconds: 0 });
  await page.goto(`${url}/__harness/console/journal`);
  await page.getByRole('table', { name: 'Requests' }).waitFor();
  /** @type {{ quiet: Frames, busy: Frames }} */
  const all = { quiet: { intervals: [], work: [] }, busy: { intervals: [], work: [] } };
  let asked = 0;
  for (let round = 0; round < rounds; round++) {
    for (const name of /** @type {const} */ (['quiet', 'busy'])) {
      const loading = name === 'busy' ? load({ url, token, rate: RATE, total: 0, seconds: seconds + 1 }) : undefined;
      await page.waitForTimeout(500);
      await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
      const intervals = /** @type {number[]} */ (await page.evaluate(`(${INTERVALS})(${seconds * 1000})`));
      const trace = JSON.parse((await browser.stopTracing()).toString());
      all[name].intervals.push(...intervals);
      all[name].work.push(...workIn(trace.traceEvents));
      asked += (await loading) ?? 0;
    }
  }
  const rows = await page.locator('.entries tbody tr').count();
  const shown = await page.locator('.bar p').textContent();
  console.log(`\nThe journal, ${shown?.trim()}, ${rows} rows in the page; ${asked} more in ${rounds} rounds`);
  for (const [name, { intervals, work }] of Object.entries(all)) {
    const title = `  ${name === 'quiet' ? 'no requests' : `${RATE} a second`}`.padEnd(16);
    console.log(`${title}frame to frame: ${words(intervals)}; work: ${words(work)}`);
  }
  const most = at(all.busy.work, 0.99);
  const verdict = most < LIMIT ? 'within' : 'NOT within';
  console.log(`  ${verdict} ${LIMIT} ms: 99 of 100 frames need at most ${most.toFixed(1)} ms of the main thread`);
}

/** Runs in the page. */
const INTERVALS = `(milliseconds) => new Promise((resolve) => {
  const intervals = [];
  let before = performance.now();
  const end = before + milliseconds;
  const frame = (now) => {
    intervals.push(now - before);
    before = now;
    if (now < end) requestAnimationFrame(frame);
    else resolve(intervals.slice(1));
  };
  requestAnimationFrame(frame);
})`;

/**
 * Processor time of the page's main thread in each frame, in milliseconds.
 * @param {readonly { name: string, pid: number, tid: number, ts: number, tdur?: number, args?: { name?: string } }[]} events
 */
function workIn(events) {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame');
  const [{ pid, tid } = { pid: 0, tid: 0 }] = fired;
  const starts = fired.filter((each) => each.tid === tid).map(({ ts }) => ts);
  const tasks = events.filter((each) => each.name.endsWith('RunTask') && each.pid === pid && each.tid === tid);
  if (starts.length < 2 || tasks.length === 0) throw new Error('the trace has no frames');
  const frames = [...new Set(starts)].sort((a, b) => a - b);
  const work = new Array(frames.length - 1).fill(0);
  for (const { ts, tdur = 0 } of tasks) {
    const next = frames.findIndex((each) => each > ts);
    if (next > 0) work[next - 1] += tdur / 1000;
  }
  return work;
}

/** @param {readonly number[]} values @param {number} share */
function at(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** @param {readonly number[]} values */
function words(values) {
  const [median, most, longest] = [at(values, 0.5), at(values, 0.99), Math.max(...values)];
  const late = values.filter((each) => each > LIMIT).length;
  const times = `median ${median.toFixed(1)}, p99 ${most.toFixed(1)}, longest ${longest.toFixed(1)} ms`;
  return `${times}, ${late} of ${values.length} over ${LIMIT}`;
}

/**
 * Requests in a process of their own, so that only the harness is loaded by them. Gives how many were answered.
 * @param {{ url: string, token: string, rate: number, total: number, seconds: number }} wanted `rate` 0: as fast as they
 * are answered
 * @returns {Promise<number>}
 */
async function load(wanted) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'console-load.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOAD: JSON.stringify(wanted) },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error('the load failed');
  return Number(output);
}
