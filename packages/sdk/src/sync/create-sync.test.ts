import { expect, test } from 'vitest';
import { platform } from '../../test/registry.ts';
import { memoryFiles } from '../project/files.ts';
import { openProject } from '../project/index.ts';
import { createSync } from './create-sync.ts';
import type { SyncEvent } from './options.ts';
import { readSavedPlan } from './saved-plan.ts';
import { memoryState, type SyncState } from './sync-state.ts';

const APP = 'shop-abc123';
const TIME = Date.UTC(2030, 0, 1);

const connection = (id: string, url: string) => ({
  [`connections/${id}/connection.json`]: `{ "type": "apikey", "label": "${id}" }`,
  [`connections/${id}/api.jsonc`]: `{ "url": "${url}" }`,
});

/** A project that is synced with a platform in memory; what is waited for does not take any time. */
function syncing({ failing, state = memoryState() }: { readonly failing?: string; readonly state?: SyncState } = {}) {
  const there = platform(failing);
  const files = memoryFiles({
    'connector.json': '{ "name": "shop", "label": "Shop" }',
    ...connection('one', 'https://api.acme.test'),
  });
  const events: SyncEvent[] = [];
  let time = TIME;
  /** A sync with the files as they are now. */
  const open = () =>
    createSync({
      project: openProject(files),
      registry: there.registry,
      state,
      origin: { name: 'make', url: 'https://make.test' },
      clock: {
        now: () => time,
        sleep: async (milliseconds) => {
          time += milliseconds;
        },
      },
      random: () => 'a key of many random bytes',
      report: (event) => events.push(event),
    });
  const push = async () => {
    const sync = open();
    return sync.apply(await sync.plan('push'));
  };
  const edit = (text: string) => files.texts.set('connections/one/api.jsonc', text);
  return { ...there, files, events, open, push, edit, now: () => time };
}

test('a push makes the platform what the project declares, and the next has nothing to do', async () => {
  const { open, texts, events } = syncing();
  const sync = open();
  const { names } = await sync.apply(await sync.plan('push'));
  expect(names).toEqual({ app: APP, version: 1, connections: { one: APP } });
  expect(texts.get(`${APP} api`)).toBe('{ "url": "https://api.acme.test" }');
  expect(events[0]).toEqual({ type: 'changed', change: { action: 'create-app', name: 'shop', label: 'Shop' } });
  expect((await sync.plan('push')).changes).toEqual([]);
  expect(await sync.verify()).toEqual([]);
  texts.set(`${APP} api`, '{}');
  expect(await sync.verify()).toEqual([`api of ${APP}`]);
  expect((await sync.plan('push')).conflicts).toMatchObject([{ code: 'sync/conflict' }]);
});

test('a plan that was agreed to is made once more: what is done already is left out, anything else is a conflict', async () => {
  const { open, push, edit, texts } = syncing();
  await push();
  edit('{ "url": "https://mine.test" }');
  const plan = await open().plan('push', { ours: () => true });
  expect((await plan.refresh()).changes).toEqual(plan.changes);
  texts.set(`${APP} api`, '{ "url": "https://mine.test" }');
  expect(await plan.refresh()).toMatchObject({ changes: [], conflicts: [] });
  texts.set(`${APP} api`, '{ "url": "https://theirs.test" }');
  const now = await plan.refresh();
  expect(now.conflicts).toMatchObject([{ code: 'sync/plan-stale' }]);
  await expect(open().apply(now)).rejects.toMatchObject({ kind: 'conflict' });
});

test('what somebody writes between plan and write is left alone, and nothing counts as begun', async () => {
  const { open, push, edit, texts } = syncing();
  await push();
  edit('{ "url": "https://mine.test" }');
  const sync = open();
  const plan = await sync.plan('push');
  texts.set(`${APP} api`, '{ "url": "https://theirs.test" }');
  await expect(sync.apply(plan)).rejects.toMatchObject({ kind: 'conflict' });
  expect(texts.get(`${APP} api`)).toBe('{ "url": "https://theirs.test" }');
  expect(sync.isCutOff()).toBe(false);
});

test('a push that was cut off goes on, waits for what has no answer, and makes nothing twice', async () => {
  const { open, push, registry, state, events, now } = syncing({ failing: 'create' });
  await expect(push()).rejects.toMatchObject({ diagnostics: [{}, { code: 'sync/cut-off' }] });
  state.failing = undefined;
  const { list } = registry;
  // Its answer was lost, and it comes late as well.
  registry.list = async (app) => (now() < TIME + 1000 ? [] : list(app));
  const sync = open();
  expect(sync.isCutOff()).toBe(true);
  await sync.resume();
  expect(events.at(-1)).toMatchObject({ type: 'waiting', pending: { what: 'connection' }, seconds: 40 });
  await sync.apply(await sync.plan('push'));
  expect(await registry.list(APP)).toHaveLength(1);
  expect([sync.isCutOff(), await sync.verify()]).toEqual([false, []]);
});

test('a rollback brings back what a push wrote over, and deletes what it created only when that is allowed', async () => {
  const { open, push, edit, texts, registry } = syncing();
  await expect(open().planRollback()).rejects.toMatchObject({ diagnostics: [{ code: 'sync/no-snapshot' }] });
  await push();
  edit('{ "url": "https://mine.test" }');
  await push();
  const sync = open();
  const [first, second] = sync.snapshots();
  const back = await sync.planRollback();
  expect(back).toMatchObject({ restores: second, staying: undefined });
  await sync.apply(back);
  expect(texts.get(`${APP} api`)).toBe('{ "url": "https://api.acme.test" }');
  await expect(sync.planRollback({ snapshot: first })).rejects.toMatchObject({
    diagnostics: [{ code: 'sync/destructive' }],
  });
  await sync.apply(await sync.planRollback({ snapshot: first, allowDestructive: true }));
  expect([await registry.apps(), await registry.list(APP)]).toEqual([[], []]);
});

test('a pull writes what changed on the platform, and adds what is only there', async () => {
  const { open, push, texts, registry, files } = syncing();
  await push();
  texts.set(`${APP} api`, '{ "url": "https://theirs.test" }');
  await registry.create(APP, { type: 'apikey', label: 'Two' });
  texts.set(`${APP}-2 api`, '{ "url": "https://two.test" }');
  const sync = open();
  const { added } = await sync.apply(await sync.plan('pull'));
  expect(added).toEqual({ two: `${APP}-2` });
  expect(files.read('connections/one/api.jsonc')).toBe('{ "url": "https://theirs.test" }');
  expect(files.read('connections/two/api.jsonc')).toBe('{ "url": "https://two.test" }');
  expect((await open().plan('pull')).writes).toEqual([]);
});

test('a saved plan is done as it was saved, once, and on its own origin', async () => {
  const { open, push, edit, texts } = syncing();
  await push();
  edit('{ "url": "https://mine.test" }');
  const text = JSON.stringify(open().save(await open().plan('push')));
  edit('{ "url": "https://later.test" }');
  const saved = readSavedPlan(text, 'plan.json');
  await expect(open().planSaved({ ...saved, origin: 'other' })).rejects.toMatchObject({
    diagnostics: [{ code: 'sync/plan-unreadable' }],
  });
  await open().apply(await open().planSaved(saved));
  expect(texts.get(`${APP} api`)).toBe('{ "url": "https://mine.test" }');
  expect((await open().planSaved(saved)).changes).toEqual([]);
});

test('connections are recreated when the platform has what was pushed', async () => {
  const { open, push, texts, calls } = syncing();
  await expect(open().recreate(['one'])).rejects.toMatchObject({ diagnostics: [{ code: 'sync/not-pushed' }] });
  await push();
  expect((await open().recreate(['one'])).names).toEqual([APP]);
  texts.set(`${APP} api`, '{}');
  const { plan, names } = await open().recreate(['one']);
  expect([plan.conflicts.length, names]).toEqual([1, []]);
  expect(calls.filter((call) => call === 'recreate')).toHaveLength(1);
});
