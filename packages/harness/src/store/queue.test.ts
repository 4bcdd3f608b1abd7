import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Queue } from './queue.ts';

test('jobs run in order, also after one that fails', async () => {
  const queue = new Queue();
  const seen: number[] = [];
  const job = (n: number) => async () => {
    seen.push(n);
    await sleep(1);
    seen.push(n);
    if (n === 2) throw new Error('no');
  };
  const done = await Promise.allSettled([1, 2, 3].map((n) => queue.run(job(n))));
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
});

test('a job that waits for a later one is told so, and the queue goes on', async () => {
  const queue = new Queue(20);
  const nested = queue.run(() => queue.run(async () => 'never'));
  await expect(nested).rejects.toThrow('inside');
  expect(await queue.run(async () => 'next')).toBe('next');
});

test('a long line of jobs is no stand-still', async () => {
  const queue = new Queue(50);
  await Promise.all(Array.from({ length: 20 }, () => queue.run(() => sleep(10))));
});
