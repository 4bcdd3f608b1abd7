import { expect, test } from 'vitest';
import { platform } from '../../test/registry.ts';
import type { Checksums, Registry } from '../platforms/platform.ts';
import type { Base } from '../project/project.ts';
import { makeChanges, type Step } from './apply-changes.ts';
import { compare } from './compare.ts';
import { journalOf, resumed, unfinishedOf } from './journal.ts';
import { type LocalConnection, TEXT_SECTIONS } from './local.ts';
import { plan } from './plan.ts';
import { readBack } from './read-back.ts';
import { readRemote, type Wanted } from './remote.ts';

const project = { name: 'shop', label: 'Shop', connections: [] };
const local: LocalConnection = {
  id: 'main',
  type: 'oauth',
  label: 'Main',
  texts: { api: '{ }', scope: '["a"]' },
  common: { clientSecret: 's3cret' },
  commonVariables: ['CONNECTOR_COMMON_MAIN_CLIENT_SECRET'],
};
const fingerprints = { of: (_id: string, values: unknown) => JSON.stringify(values), recorded: {} };
const wanted: Wanted = { base: {}, textOf: () => undefined, readsCommon: () => true, dropped: false };

async function planned(registry: Registry, base: Base = {}, journal?: ReturnType<typeof journalOf>) {
  const remote = await readRemote(registry, project, {}, [local], { ...wanted, unfinished: unfinishedOf(journal) });
  return plan(project, compare(resumed(base, journal, remote), [local], remote, fingerprints), 'push');
}

async function all(steps: AsyncIterable<Step>, until: Step[] = []): Promise<Step[]> {
  for await (const step of steps) until.push(step);
  return until;
}

test('every step tells what to record, and the last one is the whole', async () => {
  const { registry, calls } = platform();
  const settled = await planned(registry);
  const steps = await all(makeChanges(settled, registry));
  expect(calls.slice(0, 2)).toEqual(['createApp', 'create']);
  expect(calls.slice(2).sort()).toEqual([...TEXT_SECTIONS.map(({ name }) => `set ${name}`), 'set common'].sort());
  expect(steps.map(({ change }) => change)).toEqual(settled.changes);
  const last = steps.at(-1)?.state();
  expect(last?.names).toEqual({ app: 'shop-abc123', version: 1, connections: { main: 'shop-abc123' } });
  expect(Object.keys(last?.base.main ?? {}).sort()).toEqual(['api', 'label', 'scope']);
  expect(JSON.stringify(steps.map((step) => step.state().base))).not.toContain('s3cret');
  expect(await readBack(settled, last?.names ?? { app: '', version: 1, connections: {} }, registry)).toEqual([]);
});

test('a push of which one answer was lost is run again without a conflict, and ends where it would have', async () => {
  const whole = platform();
  await all(makeChanges(await planned(whole.registry), whole.registry));
  const order = whole.calls.filter((call) => !call.startsWith('get'));
  for (const failing of order) {
    const { registry, texts, state } = platform(failing);
    const first = await planned(registry);
    await expect(all(makeChanges(first, registry))).rejects.toThrow(`lost at ${failing}`);
    state.failing = undefined;
    const again = await planned(registry, {}, journalOf(first, fingerprints, 'snapshot'));
    expect(again.conflicts, failing).toEqual([]);
    await all(makeChanges(again, registry));
    expect(Object.fromEntries(texts), failing).toEqual(Object.fromEntries(whole.texts));
    expect(await registry.list('shop-abc123'), failing).toHaveLength(1);
  }
});

test('what did not arrive is reported', async () => {
  const { registry, texts } = platform();
  const settled = await planned(registry);
  const steps = await all(makeChanges(settled, registry));
  texts.set('shop-abc123 api', 'something else');
  const names = steps.at(-1)?.state().names ?? { app: '', version: 1, connections: {} };
  expect(await readBack(settled, names, registry)).toMatchObject([
    { code: 'sync/not-verified', message: 'api of shop-abc123 differs from what was sent.' },
  ]);
});

test('texts that a checksum names are not downloaded, neither before nor after', async () => {
  const { registry, texts, calls } = platform();
  const checksums: Checksums = {
    sum: (name, section) => texts.get(`${name} ${section}`),
    says: (name, section, text) => texts.get(`${name} ${section}`) === text,
    others: [],
  };
  const saying: Registry = { ...registry, checksums: async () => checksums };
  const settled = await planned(saying);
  const steps = await all(makeChanges(settled, saying));
  const names = steps.at(-1)?.state().names ?? { app: '', version: 1, connections: {} };
  expect(await readBack(settled, names, saying)).toEqual([]);
  expect((await planned(saying)).changes).toEqual([]);
  expect(calls.filter((call) => call.startsWith('get'))).toEqual([]);
});
