import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Queue } from './queue.ts';

interface Job {
  run(): Promise<unknown>;
  refuse(error: Error): void;
}

/** A queue whose jobs are functions, and how many it was given at once. */
function queueOf(patience?: number) {
  const together: number[] = [];
  const queue = new Queue<Job>(async (jobs, sign) => {
    together.push(jobs.length);
    for (const { run } of jobs) {
      sign();
      await run();
    }
  }, patience);
  const run = <T>(work: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      queue.add({ run: () => work().then(resolve, reject), refuse: reject });
    });
  return { queue, run, together };
}

test('jobs run in order and together, also after one that fails', async () => {
  const { run, together } = queueOf();
  const seen: number[] = [];
  const job = (n: number) => async () => {
    seen.push(n);
    await sleep(1);
    seen.push(n);
    if (n === 2) throw new Error('no');
  };
  const done = await Promise.allSettled([1, 2, 3].map((n) => run(job(n))));
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
  expect(together).toEqual([3]);
});

test('so many at once, and no more', async () => {
  const { run, together, queue } = queueOf();
  await Promise.all(Array.from({ length: 250 }, () => run(async () => 0)));
  expect(together).toEqual([100, 100, 50]);
  await queue.idle();
});

test('a job that waits for a later one is told so, and the queue goes on', async () => {
  const { run } = queueOf(20);
  const nested = run(() => run(async () => 'never'));
  await expect(nested).rejects.toThrow('inside');
  expect(await run(async () => 'next')).toBe('next');
});

test('a long line of jobs is no stand-still', async () => {
  const { run } = queueOf(50);
  const first = Array.from({ length: 20 }, () => run(() => sleep(10)));
  await sleep(20);
  expect((await Promise.all([...first, run(async () => 'late')])).at(-1)).toBe('late');
});

test('is idle when everything is done', async () => {
  const { run, queue } = queueOf();
  let done = 0;
  for (let index = 0; index < 3; index++) {
    run(async () => {
      await sleep(1);
      done++;
    });
  }
  await queue.idle();
  expect(done).toBe(3);
  await queue.idle();
});
