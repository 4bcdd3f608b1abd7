import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POSTGRES, startPostgres } from '../../test/postgres-server.ts';
import { openStore } from './index.ts';

const ROUNDS = 20;
const WRITERS = 8;

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Writes until it is killed; a number on its output is a row that the store has answered for. */
const CHILD = `
import { writeSync } from 'node:fs';
import { openStore } from './store.mjs';
const store = await openStore(process.argv[2], process.argv[3] === undefined ? {} : { key: process.argv[3] });
await Promise.all(Array.from({ length: ${WRITERS} }, async () => {
  for (;;) {
    const n = await store.write(async (tx) => {
      const n = await tx.next(['rows']);
      await tx.set(['row', n], { n, text: 'x'.repeat(n % 500) });
      await tx.setSecret(['row', n], n);
      return n;
    });
    writeSync(1, n + '\\n');
  }
}));
`;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  symlinkSync(at('../../node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'child.mjs'), CHILD);
  await bundle(join(folder, 'store.mjs'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The store as plain JavaScript, for a process of its own, without a build of the packages. */
async function bundle(file: string): Promise<void> {
  const rolldown = createRequire(at('../../../sdk/package.json')).resolve('rolldown');
  const { build } = (await import(pathToFileURL(rolldown).href)) as { build(options: object): Promise<unknown> };
  await build({
    input: at('./index.ts'),
    platform: 'node',
    external: ['libsql', 'pg'],
    // Its only use is the error, and the rest of the package needs files that a build generates.
    resolve: { alias: { '@connectorkit/sdk': at('../../../sdk/src/diagnostics.ts') } },
    output: { file, codeSplitting: false },
  });
}

test('what was answered survives a kill at any moment', { timeout: 60_000 }, async () => {
  const file = join(folder, 'store.db');
  let last = 0;
  let answered = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // Every third is killed while it starts, the others while they write.
    const numbers = await writeAndDie(file, round % 3 === 0 ? 'starts' : 'writes');
    answered += numbers.length;
    const store = await openStore(file);
    last = await store.read(async (tx) => {
      const [newest] = await tx.list<{ n: number }>(['row'], { reverse: true, limit: 1 });
      for (const n of numbers) {
        expect(await tx.get(['row', n])).toEqual({ n, text: 'x'.repeat(n % 500) });
        expect(await tx.getSecret(['row', n])).toBe(n);
      }
      return newest?.value.n ?? 0;
    });
    await store.close();
    expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(last);
  }
  expect(answered).toBeGreaterThan(ROUNDS);
  const store = await openStore(file);
  const rows = await store.read((tx) => tx.list(['row']));
  expect(rows.map(({ key }) => key[1])).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  expect(await store.write((tx) => tx.next(['rows']))).toBe(last + 1);
  await store.close();
});

/** The numbers that a child was answered before it was killed. */
async function writeAndDie(file: string, killWhile: 'starts' | 'writes'): Promise<number[]> {
  const child = spawn(process.execPath, [join(folder, 'child.mjs'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  if (killWhile === 'writes') await once(child.stdout, 'data');
  await sleep(Math.random() * 120);
  await kill(child);
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map(Number);
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  const [code, signal] = await closed;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

test.skipIf(POSTGRES === undefined)(
  'nor is it lost when one of three processes on PostgreSQL is killed, a hundred times',
  {
    timeout: 600_000,
  },
  async () => {
    const server = await startPostgres();
    const location = server.location('kills');
    // Every line is written at once, so that none is cut.
    const output: string[] = [];
    const begin = () => {
      const child = spawn(process.execPath, [join(folder, 'child.mjs'), location, KEY], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const written = once(child.stdout, 'data');
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output.push(text);
      });
      return { child, written };
    };
    const children = [begin(), begin(), begin()];
    for (let kills = 0; kills < 100; kills++) {
      const victim = kills % children.length;
      await children[victim]?.written;
      await sleep(Math.random() * 30);
      await kill(children[victim]?.child as ChildProcess);
      children[victim] = begin();
    }
    for (const { child } of children) await kill(child);
    const numbers = output.join('').split('\n').filter(Boolean).map(Number);
    expect(numbers.length).toBeGreaterThan(100);
    expect(new Set(numbers).size).toBe(numbers.length);
    const store = await openStore(location, { key: KEY });
    const rows = await store.read((tx) => tx.list<{ n: number }>(['row']));
    const kept = new Set(rows.map(({ value }) => value.n));
    expect(numbers.filter((number) => !kept.has(number))).toEqual([]);
    expect(await store.write((tx) => tx.next(['rows']))).toBe(Math.max(...kept) + 1);
    await store.close();
    await server.stop();
  },
);

const KEY = 'the key of all processes';
