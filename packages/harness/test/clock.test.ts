import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterEach, expect, test } from 'vitest';

const open: Harness[] = [];
const folder = mkdtempSync(join(tmpdir(), 'harness-'));
afterEach(async () => {
  await Promise.all(open.splice(0).map((harness) => harness.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(store = 'memory'): Promise<Harness> {
  const clock = { now: () => new Date('2026-06-01T12:00:00Z') };
  const harness = await createHarness({ store, clock });
  open.push(harness);
  return harness;
}

/** When Make says that its user was last seen: now. */
async function seen({ url, token }: Harness): Promise<string> {
  const response = await fetch(`${url}/api/v2/users/me`, { headers: { authorization: `Token ${token}` } });
  return ((await response.json()) as { authUser: { lastLogin: string } }).authUser.lastLogin;
}

test('the clock is set, stands still or runs, and is advanced', async () => {
  const harness = await start();
  const { clock } = harness;
  expect(await seen(harness)).toBe('2026-06-01T12:00:00.000Z');
  expect(await clock.advance(3_600_000)).toEqual(new Date('2026-06-01T13:00:00Z'));
  expect(await clock.advance(-60_000)).toEqual(new Date('2026-06-01T12:59:00Z'));
  expect(await seen(harness)).toBe('2026-06-01T12:59:00.000Z');
  await clock.set('2027-01-01T00:00:00Z');
  expect(await seen(harness)).toBe('2027-01-01T00:00:00.000Z');
  await clock.set(new Date('2030-01-01T00:00:00Z'), { frozen: true });
  await clock.advance(1000);
  expect([await seen(harness), await clock.now()]).toEqual([
    '2030-01-01T00:00:01.000Z',
    new Date('2030-01-01T00:00:01Z'),
  ]);
  await clock.reset();
  expect(await seen(harness)).toBe('2026-06-01T12:00:00.000Z');
});

test('it runs on from where it was set', async () => {
  const harness = await createHarness();
  open.push(harness);
  await harness.clock.set('2031-01-01T00:00:00Z');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const moved = (await harness.clock.now()).getTime() - Date.parse('2031-01-01T00:00:00Z');
  expect(moved).toBeGreaterThanOrEqual(15);
  expect(moved).toBeLessThan(20_000);
});

test('clock and faults hold for every harness on the store, and outlive it', async () => {
  const file = join(folder, 'shared.db');
  const [one, two] = [await start(file), await start(file)];
  await one.clock.advance(86_400_000);
  await one.faults.add({ effect: 'status', status: 503, times: 1 });
  expect(await two.faults.list()).toHaveLength(1);
  const denied = await fetch(`${two.url}/api/v2/users/me`, { headers: { authorization: `Token ${two.token}` } });
  expect(denied.status).toBe(503);
  expect(await one.faults.list()).toEqual([]);
  expect(await seen(two)).toBe('2026-06-02T12:00:00.000Z');
  await Promise.all(open.splice(0).map((harness) => harness.close()));
  expect(await seen(await start(file))).toBe('2026-06-02T12:00:00.000Z');
});

test('what is no moment is refused', async () => {
  const { clock } = await start();
  for (const wrong of [clock.set('tomorrow'), clock.advance(Number.NaN), clock.advance(1e18)]) {
    await expect(wrong).rejects.toMatchObject({ kind: 'usage', diagnostics: [{ code: 'harness/clock' }] });
  }
  expect(await clock.now()).toEqual(new Date('2026-06-01T12:00:00Z'));
});
