import { expect, test } from 'vitest';
import type { Registry } from '../platforms/platform.ts';
import { apply, type Step, verify } from './apply.ts';
import { plan } from './plan.ts';
import { type LocalConnection, TEXT_SECTIONS } from './state.ts';

const project = { name: 'shop', label: 'Shop' };
const local: LocalConnection = {
  id: 'main',
  type: 'oauth',
  label: 'Main',
  texts: { api: '{ }', scope: '["a"]' },
  common: { clientSecret: 's3cret' },
  commonVariables: ['CONNECTOR_COMMON_MAIN_CLIENT_SECRET'],
};

/** A platform that keeps what it is told, and fails at the call that is named. */
function platform(failing?: string) {
  const texts = new Map<string, string>();
  const calls: string[] = [];
  const did = (call: string) => {
    calls.push(call);
    if (call === failing) throw new Error(`lost at ${call}`);
  };
  let common: unknown = {};
  const registry: Partial<Registry> = {
    createApp: async ({ name, label }) => {
      did('createApp');
      return { name: `${name}-abc123`, label, version: 1 };
    },
    create: async (app, { label }) => {
      did('create');
      return { name: app, label, type: 'oauth' };
    },
    setSection: async (name, section, text) => {
      did(`set ${section}`);
      texts.set(`${name} ${section}`, text);
    },
    setCommon: async (_name, values) => {
      did('set common');
      common = values;
    },
    section: async (name, section) => texts.get(`${name} ${section}`) ?? '',
    common: async () => common,
  };
  return { registry: registry as Registry, texts, calls };
}

const nothing = { app: undefined, connections: new Map() };

async function all(steps: AsyncIterable<Step>, until: Step[] = []): Promise<Step[]> {
  for await (const step of steps) until.push(step);
  return until;
}

test('every step tells what to record, and the last one is the whole', async () => {
  const { registry, calls } = platform();
  const planned = plan(project, {}, [local], nothing);
  const steps = await all(apply(planned, registry));
  expect(calls).toEqual(['createApp', 'create', ...TEXT_SECTIONS.map(({ name }) => `set ${name}`), 'set common']);
  expect(steps.map(({ change }) => change)).toEqual(planned.changes);
  const last = steps.at(-1);
  expect(last?.names).toEqual({ app: 'shop-abc123', version: 1, connections: { main: 'shop-abc123' } });
  expect(Object.keys(last?.base.main ?? {})).toEqual(['api', 'scope']);
  expect(JSON.stringify(steps.map(({ base }) => base))).not.toContain('s3cret');
  expect(await verify(planned, last?.names ?? { app: '', version: 1, connections: {} }, registry)).toEqual([]);
});

test('a push that is cut off anywhere goes on where it stopped, without a conflict', async () => {
  const whole = platform();
  await all(apply(plan(project, {}, [local], nothing), whole.registry));
  for (const failing of whole.calls.slice(2)) {
    const { registry, texts } = platform(failing);
    const done: Step[] = [];
    await expect(all(apply(plan(project, {}, [local], nothing), registry), done)).rejects.toThrow(`lost at ${failing}`);
    const last = done.at(-1);
    const stored = {
      name: 'shop-abc123',
      label: 'Main',
      type: 'oauth' as const,
      texts: Object.fromEntries(
        TEXT_SECTIONS.map(({ name }) => [name, texts.get(`shop-abc123 ${name}`) ?? 'template']),
      ),
      common: {},
    };
    const remote = {
      app: { name: 'shop-abc123', label: 'Shop', version: 1 },
      connections: new Map([['main', stored]]),
    };
    const again = plan(project, last?.base ?? {}, [local], remote);
    expect(again.conflicts, failing).toEqual([]);
    expect(
      again.changes.map((change) => (change.action === 'set' ? `set ${change.section}` : 'set common')),
      failing,
    ).toEqual(whole.calls.slice(whole.calls.indexOf(failing)));
  }
});

test('what did not arrive is told', async () => {
  const { registry, texts } = platform();
  const planned = plan(project, {}, [local], nothing);
  const steps = await all(apply(planned, registry));
  texts.set('shop-abc123 api', 'something else');
  const differing = await verify(planned, steps.at(-1)?.names ?? { app: '', version: 1, connections: {} }, registry);
  expect(differing).toMatchObject([{ code: 'sync/not-verified', message: 'api of shop-abc123 is not what was sent.' }]);
});
