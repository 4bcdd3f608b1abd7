import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { HarnessOptions } from '@connectorkit/harness';

/** A harness in a process of its own, as it was built, that can be killed and asked how it is. */
export interface Served {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** What it printed, and what went wrong in it. */
  readonly output: () => string;
  seed(platform: string, given: unknown): Promise<void>;
  /** Bytes in use, of the heap and of buffers, after garbage was collected. */
  memory(): Promise<number>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

const BUILT = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;

const CHILD = `
import { createHarness } from ${JSON.stringify(BUILT)};
const { options } = JSON.parse(process.argv[2]);
const harness = await createHarness({ ...options, onFault: (fault) => console.error('FAULT', fault) });
const works = {
  seed: async ([platform, given]) => void (await harness.seed(platform, given)),
  memory: async () => {
    // Connections that were just closed are let go of a little later.
    let least = Infinity;
    for (let round = 0; round < 10; round++) {
      gc();
      await new Promise((done) => setTimeout(done, 100));
      const { heapUsed, external } = process.memoryUsage();
      least = Math.min(least, heapUsed + external);
    }
    return least;
  },
  close: () => harness.close(),
};
process.on('message', async ({ id, work, given }) => {
  const answer = await works[work](given).then((value) => ({ value }), (error) => ({ error: String(error) }));
  process.send({ id, ...answer });
  if (work === 'close') process.disconnect();
});
process.send({ ready: { url: harness.url, token: harness.token } });
`;

/** Needs a build. @throws Error with what the process printed, when it ends before it listens. */
export async function serve(options: Omit<HarnessOptions, 'onRequest' | 'onFault' | 'clock'>): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  const file = join(folder, 'child.mjs');
  writeFileSync(file, CHILD);
  const child = fork(file, [JSON.stringify({ options })], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const closed = once(child, 'close').finally(() => rmSync(folder, { recursive: true, force: true }));
  const ready = await Promise.race([message(child, (each) => 'ready' in each), closed.then(() => undefined)]);
  if (ready === undefined) throw new Error(output);
  let asked = 0;
  const ask = async (work: string, given?: unknown) => {
    const id = ++asked;
    const answered = message(child, (each) => each.id === id);
    child.send({ id, work, given });
    const { value, error } = await answered;
    if (error !== undefined) throw new Error(String(error));
    return value;
  };
  return {
    ...(ready.ready as { url: string; token: string }),
    pid: child.pid ?? 0,
    output: () => output,
    seed: async (platform, given) => void (await ask('seed', [platform, given])),
    memory: async () => Number(await ask('memory')),
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    close: async () => {
      if (child.connected) await ask('close');
      await closed;
    },
  };
}

function message(child: ChildProcess, fits: (each: Record<string, unknown>) => boolean) {
  return new Promise<Record<string, unknown>>((resolve) => {
    const listen = (each: Record<string, unknown>) => {
      if (!fits(each)) return;
      child.off('message', listen);
      resolve(each);
    };
    child.on('message', listen);
  });
}
