import { Make } from '@makehq/sdk';
import { expect, test } from 'vitest';
import { ask, start } from './author.ts';

const PLANS = { free: 30, core: 60, pro: 120, teams: 240, enterprise: 1000 };

function clock() {
  let now = Date.parse('2026-05-01T10:00:30.000Z');
  return {
    now: () => new Date(now),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

/** Ten at once, so that a thousand do not take long. */
async function statuses(times: number): Promise<number[]> {
  const answers: number[] = [];
  while (answers.length < times) {
    const batch = Array.from({ length: Math.min(10, times - answers.length) }, () => ask('/users/me'));
    answers.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return answers;
}

test.each(Object.entries(PLANS))('3 rate limits: %s has %i requests a minute', async (plan, perMinute) => {
  const time = clock();
  await start({ settings: { plan } }, { clock: time });
  expect(new Set(await statuses(perMinute))).toEqual(new Set([200]));
  const refused = await ask('/sdk/apps');
  expect([refused.status, refused.headers.get('content-type'), await refused.text()]).toEqual([
    429,
    'text/plain; charset=utf-8',
    'Requests limit for organization exceeded, please try again later.',
  ]);
  expect(refused.headers.get('retry-after')).toBe('30');
  expect((await ask('/ping')).status).toBe(200);
  time.pass(30);
  expect(await statuses(1)).toEqual([200]);
});

test('3 rate limits: one for the organization, whoever asks', async () => {
  const token = '33333333-3333-4333-8333-333333333333';
  await start({ settings: { plan: 'free' }, tokens: [{ token, scopes: ['sdk-apps:read'] }] }, { clock: clock() });
  await statuses(30);
  expect((await ask('/sdk/apps', { headers: { authorization: `Token ${token}` } })).status).toBe(429);
});

test('3 rate limits: none without a plan, Core’s when the harness is asked for limits', async () => {
  await start(undefined, { clock: clock() });
  expect(new Set(await statuses(70))).toEqual(new Set([200]));
  await start(undefined, { clock: clock(), rateLimits: true });
  expect((await statuses(61)).filter((status) => status === 429)).toHaveLength(1);
});

test('3 rate limits: the official client waits as long as it is reported, and tries again', async () => {
  const time = clock();
  time.pass(29);
  const { url, token } = await start({ settings: { plan: 'free' } }, { clock: time });
  await statuses(30);
  const make = new Make(token, new URL(url).host, { retry: { onRateLimit: true } });
  make.protocol = 'http';
  const waiting = make.users.me();
  setTimeout(() => time.pass(1), 200);
  expect((await waiting).id).toBe(1);
});
