import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeStartLock } from './start-lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'state', 'harness.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** Writes the lock of another process. */
function heldBy(pid: number): void {
  writeFileSync(file, `${pid} another\n`);
}

test('is held by one, is there as long, and can be taken again', async () => {
  const first = await takeStartLock(file, { signal });
  expect([first.isHeld(), existsSync(file)]).toEqual([true, true]);
  first.release();
  expect(existsSync(file)).toBe(false);
  (await takeStartLock(file, { signal })).release();
});

test.skipIf(process.platform === 'win32')('is no pipe that came with an archive', async () => {
  mkdirSync(dirname(file));
  execFileSync('mkfifo', [file]);
  await expect(takeStartLock(file, { signal })).rejects.toThrow(
    'harness.lock cannot be read: it is not a regular file.',
  );
});

test('is waited for while its process lives', async () => {
  (await takeStartLock(file, { signal })).release();
  heldBy(process.ppid);
  let taken = false;
  const second = takeStartLock(file, { signal }).then((lock) => {
    taken = true;
    return lock;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(taken).toBe(false);
  rmSync(file);
  expect((await second).isHeld()).toBe(true);
});

test.each([
  ['of a process that has ended', async () => heldBy(await deadPid())],
  ['with our own number, as every process of a container has', async () => heldBy(process.pid)],
])('%s is taken over at once', async (_, left) => {
  (await takeStartLock(file, { signal })).release();
  await left();
  const started = performance.now();
  const lock = await takeStartLock(file, { signal });
  expect([lock.isHeld(), performance.now() - started < 3000]).toEqual([true, true]);
});

test('whose number another process has by now is taken over after a while; who lives after all can tell', async () => {
  const slow = await takeStartLock(file, { signal });
  heldBy(process.ppid);
  const lock = await takeStartLock(file, { signal, patience: 200 });
  expect([lock.isHeld(), slow.isHeld()]).toEqual([true, false]);
  slow.release();
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
});

test('of many that take over at once, one holds it at a time', async () => {
  (await takeStartLock(file, { signal })).release();
  heldBy(await deadPid());
  let holding = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = await takeStartLock(file, { signal });
      most = Math.max(most, ++holding);
      await new Promise((resolve) => setTimeout(resolve, 10));
      holding--;
      lock.release();
    }),
  );
  expect(most).toBe(1);
});

test('nobody waits who was told to end', async () => {
  (await takeStartLock(file, { signal })).release();
  heldBy(process.ppid);
  const interruption = new AbortController();
  const waiting = takeStartLock(file, { signal: interruption.signal });
  interruption.abort();
  await expect(waiting).rejects.toThrow(/aborted/);
});
