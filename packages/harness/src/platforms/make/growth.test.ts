import { expect, test } from 'vitest';
import type { Call } from '../../emulator.ts';
import { openStore } from '../../store/index.ts';
import type { Entry, Store, WriteTransaction } from '../../store/store.ts';
import { behaviours } from './connections.ts';
import { seed } from './seed.ts';

const NOW = new Date('2026-05-01T10:00:00.000Z');

const WORK: Readonly<Record<string, (tx: WriteTransaction) => Promise<unknown>>> = {
  get: (tx) => behaviours.getConnectionSection(call({ path: section }), tx),
  put: (tx) => behaviours.setConnectionSection(call({ path: section, body: '{ "url": "/v2" }' }), tx),
  list: (tx) => behaviours.listConnections(call({ path: { SDK_appName: 'shop' } }), tx),
  create: (tx) =>
    behaviours.createConnection(call({ path: { SDK_appName: 'shop' }, body: { type: 'basic', label: 'x' } }), tx),
};

const section = { SDK_connectionName: 'shop', SDK_connectionSection: 'api' };

const call = (given: Partial<Call>) => ({ query: {}, now: NOW, ...given }) as never;

/** Calls of a transaction, and the rows that its lists gave. */
async function visited(store: Store, work: (tx: WriteTransaction) => Promise<unknown>): Promise<number> {
  let count = 0;
  await store.write((tx) => {
    const counted = new Proxy(tx, {
      get:
        (_target, name: keyof WriteTransaction) =>
        async (...given: never[]) => {
          const answer: unknown = await (tx[name] as (...given: never[]) => Promise<unknown>)(...given);
          count += name === 'list' ? 1 + (answer as Entry<unknown>[]).length : 1;
          return answer;
        },
    });
    return work(counted);
  });
  return count;
}

const fill = (store: Store, app: string, count: number) =>
  store.write((tx) => seed(tx, { app, connections: Array(count).fill({ type: 'oauth', label: 'Main' }) } as never));

test('what connections of other apps there are costs no operation a row; creating costs the same in a full app', async () => {
  const store = await openStore('memory');
  await fill(store, 'shop', 10);
  const before: Record<string, number> = {};
  for (const [name, work] of Object.entries(WORK)) before[name] = await visited(store, work);
  // By their names they are neighbours on both sides.
  for (const other of ['sho', 'shop2', 'shops', 'a', 'z']) await fill(store, other, 50);
  for (const name of ['get', 'put'] as const) expect(await visited(store, WORK[name] as never)).toBe(before[name]);
  // One was created: a member and its row.
  expect(await visited(store, WORK.list as never)).toBe((before.list ?? 0) + 2);
  await fill(store, 'shop', 100);
  expect(await visited(store, WORK.create as never)).toBe(before.create);
  await store.close();
});
