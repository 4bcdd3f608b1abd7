import { describe, expect, test } from 'vitest';
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

describe('a change that had to wait', () => {
  const change = (recheck: () => Promise<void>) => ({ ...request, method: 'PUT', recheck });

  test('is looked at again before it is sent, each time; others are not', async () => {
    const { pace, time } = world([limited({ 'retry-after': '3' }), limited({ 'retry-after': '0' }), fine]);
    const looked: number[] = [];
    await pace(
      change(async () => {
        looked.push(time());
      }),
    );
    expect(looked).toEqual([3000]);
  });

  test('is not sent when it must not be made any more, and holds up nobody', async () => {
    const { pace } = world([limited({ 'retry-after': '3' })]);
    const changes = Array.from({ length: 3 }, () =>
      pace(
        change(async () => {
          throw new Error('changed by somebody else');
        }),
      ),
    );
    const ended = await Promise.allSettled(changes);
    expect(ended.map(({ status }) => status)).toContain('rejected');
    expect((await Promise.all([pace(request), pace(request)])).map(({ status }) => status)).toEqual([200, 200]);
  });

  test('also when it was another request that was refused, and may ask for something while it waits', async () => {
    const { pace } = world([limited({ 'retry-after': '3' })]);
    const [, , ...looks] = await Promise.all([
      pace(request),
      pace(request),
      ...Array.from({ length: 4 }, async () => {
        let looks = 0;
        await pace(
          change(async () => {
            await pace(request);
            looks++;
          }),
        );
        return looks;
      }),
    ]);
    expect(looks).toEqual([1, 1, 1, 1]);
  });
});
