import { expect, test } from 'vitest';
import { paced, type Wait } from './pace.ts';
import type { HttpResponse } from './platform.ts';

const request = { method: 'GET', url: 'https://api.example.com', headers: {} };
const fine: HttpResponse = { status: 200, headers: {}, body: '' };
const limited = (headers: HttpResponse['headers'] = {}): HttpResponse => ({ status: 429, headers, body: 'Too many.' });

/** A platform that gives these answers, and a clock that only moves by sleeping. */
function world(answers: readonly HttpResponse[]) {
  const left = [...answers];
  const waits: Wait[] = [];
  let time = 0;
  let running = 0;
  let most = 0;
  const send = async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    return left.shift() ?? fine;
  };
  const sleep = async (milliseconds: number) => {
    time += milliseconds;
  };
  const pace = paced(send, { now: () => time, sleep, random: () => 0.5, waiting: (wait) => waits.push(wait) });
  return { pace, waits, time: () => time, most: () => most };
}

test('two requests are under way at once, and no more', async () => {
  const { pace, most } = world([]);
  const answers = await Promise.all(Array.from({ length: 9 }, () => pace(request)));
  expect([answers.length, most()]).toEqual([9, 2]);
});

test('a refusal is waited out as long as was asked for, in seconds or until a date, and told', async () => {
  const dates = { date: 'Sun, 01 Feb 2026 12:00:00 GMT', 'retry-after': 'Sun, 01 Feb 2026 12:00:07 GMT' };
  const { pace, waits, time } = world([limited({ 'retry-after': '3' }), limited(dates)]);
  expect((await pace(request)).status).toBe(200);
  expect([waits, time()]).toEqual([
    [
      { milliseconds: 3000, asked: true },
      { milliseconds: 7000, asked: true },
    ],
    10_000,
  ]);
});

test('without a word the pause doubles, with jitter, until patience ends and the refusal is passed on', async () => {
  const { pace, waits, time } = world(Array.from({ length: 50 }, () => limited()));
  expect((await pace(request)).status).toBe(429);
  expect(waits.slice(0, 3).map(({ milliseconds }) => milliseconds)).toEqual([750, 1500, 3000]);
  expect(time()).toBeLessThanOrEqual(300_000);
});
