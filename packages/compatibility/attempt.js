// Runs the cases of one peer at one version, in a process of its own: a peer that ends the process, or waits for ever,
// takes nothing else with it. `node attempt.js <index in PEERS> <where the peer is> [case]`; results go to the parent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEERS } from './peers.js';

const [index = '', place = '', only] = process.argv.slice(2);
const peer = PEERS[Number(index)];
const folder = mkdtempSync(join(tmpdir(), 'connectorkit-compatibility-'));

/** What a peer says in a place that nobody waits for. @type {unknown[]} */
const stray = [];
process.on('unhandledRejection', (reason) => stray.push(reason));

/** Gives what went wrong in a line, without what differs from run to run. @param {() => Promise<void>} attempt */
async function failureOf(attempt) {
  stray.length = 0;
  try {
    await attempt();
    if (stray.length === 0) return undefined;
    return told(stray[0]);
  } catch (error) {
    return told(error);
  }
}

/** @param {unknown} error */
function told(error) {
  const text = error instanceof Error ? error.message || error.name : JSON.stringify(error);
  return text
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')
    .replaceAll(folder, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}

const { attempts, begin } = await import(peer.module);
/** @type {readonly (() => unknown)[]} */
let ends = [];
const context = {
  place,
  folder,
  /** @param {() => unknown} end what is to be done when the attempt is over */
  onEnd: (end) => {
    ends = [end, ...ends];
  },
};
const subject = await begin?.(context);
for (const [at, { attempt, given = {}, remedy }] of peer.cases.entries()) {
  if (only !== undefined && at !== Number(only)) continue;
  const run = async (/** @type {object} */ settings) => {
    const kept = ends;
    ends = [];
    try {
      await attempts[attempt]({ ...context, subject }, settings);
    } finally {
      for (const end of ends) await end();
      ends = kept;
    }
  };
  const first = await failureOf(() => run(given));
  const second =
    first === undefined || remedy === undefined ? first : await failureOf(() => run({ ...given, ...remedy.given }));
  const outcome = first === undefined ? 'works' : second === undefined ? 'remark' : 'fails';
  // Of a remark, what made it necessary.
  process.send?.({ at, outcome, seen: outcome === 'remark' ? first : second });
}
for (const end of ends) await end();
rmSync(folder, { recursive: true, force: true });
process.exit();
