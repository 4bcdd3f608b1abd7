import { rmSync } from 'node:fs';
import type { FaultRule, Harness } from '@connectorkit/harness';
import { afterAll, expect, test } from 'vitest';
import { connection, Folder, platform, projectAt } from './team.ts';

/** Milliseconds; more than a hasty push waits. What nobody waited for is done all the same, while it is run again. */
const LATE = 1600;
/** Only a push that is cut off is hasty, which others wait for: on a busy machine any call may take a second. */
const HASTY = { CONNECTOR_TIMEOUT: '1' };

/** Each fault strikes one call, but for the limit that holds on, which nobody waits for. */
const FAULTS = {
  reset: { effect: 'reset', times: 1 },
  timeout: { effect: 'latency', milliseconds: LATE, times: 1 },
  'short 429': { effect: 'rate-limit', retryAfter: 0, times: 1 },
  'long 429': { effect: 'rate-limit', retryAfter: 900, times: 1 },
  'status 500': { effect: 'status', status: 500, times: 1 },
  'lost answer': { effect: 'lost', times: 1 },
} as const satisfies Record<string, FaultRule>;

/** Faults after which a rollback is tried in every run, one that does nothing and one that does it all; the others by night. */
const ROLLED_BACK: ReadonlySet<string> = new Set(['reset', 'lost answer']);
const SCHEMA = '{"type": "object", "properties": {"key": {"type": "string", "writeOnly": true}}}';
const CHANGED = '{ "url": "https://api.acme.test/changed" }\n';
const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec', 'common'];

const outcomes = new Map<string, Map<string, string>>();
afterAll(() => {
  const names = Object.keys(FAULTS);
  const widths = names.map((name) => Math.max(name.length, 22));
  const row = (head: string, cells: readonly string[]) =>
    `${head.padEnd(6)}${cells.map((cell, at) => cell.padEnd((widths[at] ?? 0) + 2)).join('')}`;
  const lines = [...outcomes].map(([call, cells]) =>
    row(
      call,
      names.map((name) => cells.get(name) ?? '-'),
    ),
  );
  process.stdout.write(
    `\nA push of three connections, by the call that fails\n${row('call', names)}\n${lines.join('\n')}\n`,
  );
});

/** A project of which one connection was pushed and changed since, one was renamed, and one is new. */
async function before(harness: Harness, name: string): Promise<{ project: Folder; was: unknown }> {
  const project = projectAt(harness, {
    ...connection('one', { scope: '["a"]\n' }),
    ...connection('two'),
    'connections/two/common.schema.json': SCHEMA,
    'connections/two/common.local.json': '{"key": "first"}',
  });
  project.write('connector.json', JSON.stringify({ name, label: name }));
  expect((await project.run('push')).code).toBe(0);
  const was = await everything(harness, project);
  project.write('connections/one/api.jsonc', CHANGED);
  project.write('connections/one/scope.jsonc', '["b"]\n');
  project.write('connections/two/connection.json', '{"type": "apikey", "label": "renamed"}');
  project.write('connections/two/common.local.json', '{"key": "second"}');
  for (const [path, text] of Object.entries(connection('three'))) project.write(path, text);
  return { project, was };
}

/** The calls of a push that nothing happens to: a fault that strikes none counts them. */
async function steps(harness: Harness, project: Folder): Promise<string[]> {
  await harness.faults.add({ effect: 'latency', milliseconds: 0, platform: 'make' });
  expect(await pushing(project)).toBe(0);
  const [counter] = await harness.faults.list();
  await harness.faults.clear();
  return Array.from({ length: counter?.seen ?? 0 }, (_, at) => String(at + 1));
}

async function pushing(project: Folder): Promise<number> {
  return (await project.run('push')).code;
}

async function ask(harness: Harness, path: string) {
  const response = await fetch(`${harness.url}/api/v2/sdk/apps${path}`, {
    headers: { authorization: `Token ${harness.token}` },
  });
  return response.text();
}

/** All that the platform has of a project, byte for byte. */
async function everything(harness: Harness, project: Folder): Promise<Record<string, string>> {
  const { app } = project.json('.connector/origins.json').harness;
  const list = await ask(harness, `/${app}/connections`);
  const all: Record<string, string> = { list };
  for (const { name } of JSON.parse(list).appConnections as { name: string }[]) {
    for (const section of SECTIONS) all[`${name} ${section}`] = await ask(harness, `/connections/${name}/${section}`);
  }
  return all;
}

/** What the platform has to have in the end, whatever it calls the connections. */
async function isRight(harness: Harness, project: Folder): Promise<void> {
  const { connections, app } = project.json('.connector/origins.json').harness;
  const { appConnections } = JSON.parse(await ask(harness, `/${app}/connections`));
  const labels = (appConnections as { label: string }[]).map(({ label }) => label);
  expect(labels.sort()).toEqual(['one', 'renamed', 'three']);
  expect(await ask(harness, `/connections/${connections.one}/api`)).toBe(CHANGED);
  expect(await ask(harness, `/connections/${connections.one}/scope`)).toBe('["b"]\n');
  expect(await ask(harness, `/connections/${connections.two}/common`)).toBe('{"key":"second"}');
  expect(await ask(harness, `/connections/${connections.three}/api`)).toBe(project.read('connections/three/api.jsonc'));
  expect(await ask(harness, `/connections/${connections.three}/parameters`)).toBe('[]');
  expect((await project.run('status')).data).toMatchObject({ cutOff: false });
}

test.concurrent.each(Object.entries(FAULTS))(
  '%s at every call of a push: running it again ends right, and a rollback gives back every byte',
  { timeout: 300_000 },
  async (name, fault) => {
    const harness = await platform();
    const calls = await steps(harness, (await before(harness, 'count')).project);
    expect(calls.length).toBeGreaterThan(15);
    for (const [after, call] of calls.entries()) {
      const app = `${name}-${call}`.replace(' ', '-').toLowerCase();
      const where = `${name} at ${call}`;
      const again = await struck(harness, `${app}-a`, fault, after);
      expect(await pushing(again.project), where).toBe(0);
      await isRight(harness, again.project);
      rmSync(again.project.root, { recursive: true });
      if (!ROLLED_BACK.has(name) && !process.env.CONNECTOR_NIGHTLY) {
        tell(name, call, `${again.code}: ${again.code === 0 ? 'done' : 'again ok'}`);
        continue;
      }
      const back = await struck(harness, `${app}-b`, fault, after);
      const untouched = back.code !== 0 && !(await back.project.run('status')).data.cutOff;
      if (!untouched) {
        expect(await back.project.run('rollback', '--allow-destructive'), where).toMatchObject({ code: 0 });
      }
      expect(await everything(harness, back.project), where).toEqual(back.was);
      rmSync(back.project.root, { recursive: true });
      tell(
        name,
        call,
        `${back.code}: ${again.code === 0 ? 'done' : 'again ok'}, ${untouched ? 'untouched' : 'back ok'}`,
      );
    }
  },
);

function tell(name: string, call: string, outcome: string): void {
  outcomes.set(call, (outcomes.get(call) ?? new Map()).set(name, outcome));
}

/** A push that a fault strikes. */
async function struck(harness: Harness, app: string, fault: FaultRule, after: number) {
  const { project, was } = await before(harness, app);
  await harness.faults.add({ ...fault, after, platform: 'make' });
  const expected = fault.effect === 'rate-limit' ? (fault.retryAfter === 0 ? 0 : 7) : fault.effect === 'status' ? 7 : 6;
  const code = await pushing(new Folder(project.root, expected === 6 ? HASTY : {}));
  await harness.faults.clear();
  expect(code, app).toBe(expected);
  return { project, was, code };
}
