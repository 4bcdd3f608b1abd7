import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ spaces: { most: 3 } });
});
afterAll(() => harness.close());

/** Asks a platform or the harness itself as the owner of a token. */
function asker(token: string, at: () => Harness = () => harness) {
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(`${at().url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
}

const APP = { name: 'shop', label: 'Shop', theme: '#000000', language: 'en', audience: 'global' };
const appsOf = async (ask: ReturnType<typeof asker>) => {
  const { status, body } = await ask('GET', '/api/v2/sdk/apps');
  expect(status).toBe(200);
  return body.apps.map(({ label }: { label: string }) => label);
};

test('a space has its own apps, journal, clock, faults and snapshots', async () => {
  const own = asker(harness.token);
  const control = asker(harness.controlToken);
  const { status, body } = await control('PUT', '/__harness/spaces/pr-123', { hours: 48 });
  expect([status, body.name, typeof body.token]).toEqual([200, 'pr-123', 'string']);
  const branch = asker(body.token);
  const other = asker((await harness.spaces.create('pr-124')).token);
  expect((await branch('POST', '/api/v2/sdk/apps', { ...APP, label: 'of the branch' })).status).toBe(200);
  expect([await appsOf(branch), await appsOf(other), await appsOf(own)]).toEqual([['of the branch'], [], []]);
  // Its counters too: each has the first managed user.
  const ids: number[] = [];
  for (const ask of [branch, other, own]) {
    const { body: customer } = await ask('POST', '/api/managed_users', {
      name: 'Ada',
      notification_email: 'ada@acme.example',
    });
    ids.push(customer.result?.id ?? customer.id);
  }
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(ids[0]).toBeGreaterThan(0);
  await branch('PUT', '/__harness/clock', { now: '2031-01-01T00:00:00Z', frozen: true });
  await branch('POST', '/__harness/faults', { effect: 'status', platform: 'make', status: 503 });
  expect((await branch('GET', '/api/v2/users/me')).status).toBe(503);
  expect((await other('GET', '/api/v2/users/me')).status).toBe(200);
  expect((await branch('DELETE', '/__harness/faults')).status).toBe(200);
  expect((await branch('GET', '/__harness/clock')).body.now).toBe('2031-01-01T00:00:00.000Z');
  expect((await harness.clock.now()).getFullYear()).not.toBe(2031);
  const urls = async (ask: ReturnType<typeof asker>) =>
    (await ask('GET', '/__harness/journal')).body.entries.map(({ url }: { url: string }) => url);
  expect(await urls(branch)).toContain('/api/v2/sdk/apps');
  expect((await harness.journal.list()).filter(({ status }) => status === 503)).toEqual([]);
  await branch('PUT', '/__harness/snapshots/before');
  await branch('POST', '/__harness/reset');
  expect([await appsOf(branch), (await branch('GET', '/__harness/snapshots')).body.snapshots]).toEqual([
    [],
    ['before'],
  ]);
  expect(await harness.snapshots()).toEqual([]);
  await branch('POST', '/__harness/snapshots/before/restore');
  expect(await appsOf(branch)).toEqual(['of the branch']);
});

test('its token controls it alone, and not the harness', async () => {
  const { token } = await harness.spaces.create('pr-123');
  const branch = asker(token);
  expect((await branch('GET', '/__harness/spaces')).status).toBe(404);
  expect((await branch('PUT', '/__harness/spaces/another')).status).toBe(404);
  const own = await fetch(`${harness.url}/__harness/spaces`);
  expect(own.status).toBe(401);
  expect((await asker(harness.token)('GET', '/__harness/journal')).status).toBe(401);
});

test('a space keeps its token, is listed, and is removed with all that it has', async () => {
  const first = await harness.spaces.create('pr-123', 1);
  const again = await harness.spaces.create('pr-123', 2);
  expect([again.token, again.created]).toEqual([first.token, first.created]);
  expect(Date.parse(again.expires) - Date.parse(first.expires)).toBeGreaterThan(3_500_000);
  expect((await harness.spaces.list()).map(({ name }) => name)).toEqual(['pr-123', 'pr-124']);
  expect([await harness.spaces.remove('pr-123'), await harness.spaces.remove('pr-123')]).toEqual([true, false]);
  expect((await asker(first.token)('GET', '/api/v2/sdk/apps')).status).toBe(401);
  const { token } = await harness.spaces.create('pr-123');
  expect(token).not.toBe(first.token);
  const fresh = asker(token);
  expect(await appsOf(fresh)).toEqual([]);
  expect((await fresh('GET', '/__harness/snapshots')).body.snapshots).toEqual([]);
});

test('spaces outlive a reset of the harness, and its snapshots', async () => {
  const { token } = await harness.spaces.create('pr-123');
  const branch = asker(token);
  await branch('POST', '/api/v2/sdk/apps', { ...APP, label: 'of the branch' });
  await harness.snapshot('before');
  await harness.reset();
  expect(await appsOf(branch)).toEqual(['of the branch']);
  await harness.spaces.remove('pr-124');
  await harness.restore('before');
  expect((await harness.spaces.list()).map(({ name }) => name)).toEqual(['pr-123']);
  expect((await branch('GET', '/api/v2/sdk/apps')).status).toBe(200);
  await harness.spaces.create('pr-124');
});

test('so many spaces, with a name and a time that can be', async () => {
  await harness.spaces.create('third');
  await expect(harness.spaces.create('fourth')).rejects.toMatchObject({ kind: 'refused' });
  const control = asker(harness.controlToken);
  expect((await control('PUT', '/__harness/spaces/fourth')).status).toBe(409);
  for (const [name, hours] of [
    ['a b', 1],
    ['.a', 1],
    ['third', 0],
    ['third', -1],
    ['third', 10_000],
    ['third', Number.NaN],
  ] as const) {
    const hint = name === 'third' ? 'above 0 and at most 2160' : 'letters, digits';
    await expect(harness.spaces.create(name, hours)).rejects.toMatchObject({
      kind: 'usage',
      diagnostics: [{ code: 'harness/space', hint: expect.stringContaining(hint) }],
    });
  }
});

test('a space that has expired is gone', async () => {
  await harness.spaces.remove('third');
  const { token } = await harness.spaces.create('short', 1 / 3600);
  expect((await asker(token)('GET', '/api/v2/users/me')).status).toBe(200);
  await sleep(1100);
  expect((await harness.spaces.list()).map(({ name }) => name)).not.toContain('short');
  expect((await asker(token)('GET', '/api/v2/users/me')).status).toBe(401);
});

const STORES = [
  { name: 'an SQLite file', isPostgres: false },
  { name: 'PostgreSQL', isPostgres: true },
];

describe.each(STORES)('two harnesses on $name', ({ isPostgres }) => {
  const missing = isPostgres && POSTGRES === undefined;
  let server: PostgresServer | undefined;
  let folder: string;
  let both: readonly [Harness, Harness];
  const faults: unknown[] = [];
  beforeAll(async () => {
    if (missing) return;
    folder = mkdtempSync(join(tmpdir(), 'spaces-'));
    if (isPostgres) server = await startPostgres();
    const store = server?.location('spaces') ?? join(folder, 'spaces.db');
    const given = { store, storeKey: 'the key of all processes', spaces: { most: 3 } };
    const open = () => createHarness({ ...given, onFault: (fault) => faults.push(fault) });
    both = [await open(), await open()];
  });
  afterAll(async () => {
    if (missing) return;
    await Promise.all(both.map((each) => each.close()));
    await server?.stop();
    rmSync(folder, { recursive: true });
    expect(faults).toEqual([]);
  });
  const eight = <T>(make: (at: Harness, index: number) => T) =>
    Array.from({ length: 8 }, (_, index) => make(both[index % 2] as Harness, index));

  test.skipIf(missing)(
    'make one space of a name, and no more than there may be, when they are asked at once',
    async () => {
      const same = await Promise.all(eight((at) => at.spaces.create('same')));
      expect(new Set(same.map(({ token }) => token)).size).toBe(1);
      const many = await Promise.allSettled(eight((at, index) => at.spaces.create(`many-${index}`)));
      const refused = many.filter((each) => each.status === 'rejected');
      expect(refused.map(({ reason }) => reason)).toEqual(
        refused.map(() => expect.objectContaining({ kind: 'refused' })),
      );
      const names = (await both[1].spaces.list()).map(({ name }) => name);
      expect([refused.length, names.length]).toEqual([6, 3]);
      const removed = await Promise.all(names.flatMap((name) => both.map((at) => at.spaces.remove(name))));
      expect(removed.filter(Boolean)).toHaveLength(3);
    },
  );

  test.skipIf(missing)('leave nothing in a space that is removed while it is asked and made again', async () => {
    for (let round = 0; round < 3; round++) {
      const { token } = await both[0].spaces.create('busy');
      const statuses = new Set<number>();
      let over = false;
      const clients = Promise.all(
        eight(async (at, index) => {
          const ask = asker(token, () => at);
          for (let app = 0; !over; app++) {
            const { status } = await ask('POST', '/api/v2/sdk/apps', { ...APP, name: `shop-${index}-${app}` });
            statuses.add(status);
            if (status === 401) return;
          }
        }),
      );
      while (!statuses.has(200)) await sleep(5);
      await sleep(20);
      expect(await both[round % 2]?.spaces.remove('busy')).toBe(true);
      const again = await both[1].spaces.create('busy');
      // The other process may take the token for good a little longer.
      await sleep(round === 0 ? 4000 : 500);
      over = true;
      await clients;
      expect([...statuses].filter((status) => status !== 200 && status !== 401)).toEqual([]);
      expect(again.token).not.toBe(token);
      for (const at of both) {
        const fresh = asker(again.token, () => at);
        expect((await fresh('GET', '/__harness/journal')).body.entries).toEqual([]);
      }
      for (const at of both) expect(await appsOf(asker(again.token, () => at))).toEqual([]);
      await both[0].spaces.remove('busy');
    }
  });

  test.skipIf(missing)('let in their own tokens whichever of them is reset', async () => {
    const statuses = () =>
      Promise.all(both.map(async (at) => (await asker(at.token, () => at)('GET', '/api/v2/users/me')).status));
    expect(await statuses()).toEqual([200, 200]);
    for (const at of both) {
      await at.reset();
      expect(await statuses()).toEqual([200, 200]);
    }
    // A token that was made on a platform is gone.
    const { token } = await both[0].admit({ platform: 'make' });
    await both[1].reset();
    expect((await asker(token, () => both[0])('GET', '/api/v2/users/me')).status).toBe(401);
  });

  test.skipIf(missing)('clean up no space that is let stay longer meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      await both[0].spaces.create('short', 0.05 / 3600);
      await sleep(60);
      const [{ token }] = await Promise.all([both[0].spaces.create('short', 1), both[1].spaces.list()]);
      for (const at of both) expect((await asker(token, () => at)('GET', '/api/v2/users/me')).status).toBe(200);
      await both[0].spaces.remove('short');
    }
  });
});

test.each([
  ['rows', { rows: 40 }, / rows/],
  ['bytes', { bytes: 3000 }, / bytes/],
])('a space holds so many %s, tells what it holds, and can be made empty again', async (_, limits, words) => {
  const small = await createHarness({ spaces: limits });
  try {
    const { token } = await small.spaces.create('small');
    const branch = asker(token, () => small);
    const add = async () => {
      const { status, body } = await branch('POST', '/api/managed_users', {
        name: 'Ada',
        notification_email: `${'a'.repeat(40)}@acme.example`,
      });
      return status === 507 ? (body.message as string) : undefined;
    };
    let refusal: string | undefined;
    // It is measured every few seconds.
    for (let tries = 0; refusal === undefined && tries < 100; tries++) {
      refusal = await add();
      await sleep(60);
    }
    expect(refusal).toMatch(words);
    const [held] = await small.spaces.list();
    expect(held).toMatchObject({ name: 'small', rows: expect.any(Number), bytes: expect.any(Number) });
    expect([(held?.rows ?? 0) >= 40, (held?.bytes ?? 0) >= 3000]).toContain(true);
    // It can be read, others and the harness itself go on, and what it holds can be given up.
    expect((await branch('GET', '/api/managed_users')).status).toBe(200);
    const other = asker((await small.spaces.create('other')).token, () => small);
    for (const ask of [other, asker(small.token, () => small)]) {
      const user = { name: 'Ada', notification_email: 'ada@acme.example' };
      expect((await ask('POST', '/api/managed_users', user)).status).toBe(200);
    }
    expect((await branch('PUT', '/__harness/snapshots/one')).status).toBe(507);
    expect((await branch('POST', '/__harness/reset')).status).toBe(200);
    await expect.poll(add, { timeout: 10_000, interval: 300 }).toBe(undefined);
  } finally {
    await small.close();
  }
});
