import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { WRITTEN, writeConnection } from './connections.ts';
import { CONFIGURATION, run, stateIn } from './connector.ts';
import { follow, projectFrom, start, stopAll } from './project.ts';

/* What was connected is connected again: it keeps its id, and what is stored until that has worked. */

const WAIT = { timeout: 20_000, interval: 50 };

let project: string;
beforeAll(async () => {
  project = await projectFrom('oauth2');
  for (const id of ['basic', 'client-credentials']) writeConnection(project, id, WRITTEN[id] as never);
  const dev = await start(['dev', '--port', '0'], project);
  await vi.waitFor(() => expect(dev.talk()).toContain('connector connect --harness'), WAIT);
});
afterAll(stopAll);

async function json(...args: readonly string[]) {
  const { code, stdout } = await run([...args, '--json'], { cwd: project });
  return { code, ...JSON.parse(stdout) };
}

const stored = (id: string) => connectedStore(stateIn(project), { XDG_CONFIG_HOME: CONFIGURATION }).get(id);
const fault = (...args: readonly string[]) =>
  run(['harness', 'fault', ...args, '--platform', 'provider', '--times', '1'], { cwd: project });

describe('on this machine', () => {
  test('after its tokens were revoked: the refusal names the command, which brings new ones', async () => {
    const { data } = await json('connect', 'main', '--local', '--headless', '--scopes', 'orders:read');
    const before = stored(data.id);
    await run(['harness', 'clock', '+61m'], { cwd: project });
    await fault('revoked-refresh');
    const refused = await run(['connections', 'refresh', data.id], { cwd: project });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`connector connect --reauthorize ${data.id}`),
    ]);
    const again = await run(['connect', '--reauthorize', data.id, '--headless'], { cwd: project });
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining(`Connected ${data.id} again as demo@example.com:`),
    ]);
    await run(['harness', 'clock', 'real'], { cwd: project });
    const after = stored(data.id);
    expect(after).toMatchObject({ id: before.id, connected: before.connected, local: true, scopes: ['orders:read'] });
    expect(after.instance.data.accessToken).not.toBe(before.instance.data.accessToken);
    expect((await json('connections', 'verify', data.id)).code).toBe(0);
    expect((await json('connections', 'list')).data.connections).toHaveLength(1);
    const asked = after.trace.steps[0]?.visit?.url ?? '';
    expect(new URL(asked).searchParams.get('scope')).toContain('orders:read');
    await run(['connections', 'delete', data.id], { cwd: project });
  });

  test('a user who denies, and a browser that does not return, leave what is stored as it was', async () => {
    const { data } = await json('connect', 'main', '--local', '--headless');
    const before = stored(data.id);
    await fault('access-denied');
    const denied = await json('connect', '--reauthorize', data.id, '--headless');
    expect([denied.code, denied.diagnostics[0].code]).toEqual([1, 'run/denied']);
    expect(stored(data.id)).toMatchObject({ ...before, trace: { problem: { code: 'run/denied' } } });
    const late = await json('connect', '--reauthorize', data.id, '--print-url', '--timeout', '0.01');
    expect([late.code, late.diagnostics[0].code]).toEqual([1, 'connect/no-callback']);
    expect(stored(data.id)).toEqual({ ...before, trace: expect.anything() });
    const refresh = async () => (await run(['connections', 'refresh', data.id], { cwd: project })).stderr;
    expect(await refresh()).toContain(`${data.id} needs no refresh: demo@example.com.`);
    await run(['harness', 'clock', '+61m'], { cwd: project });
    expect(await refresh()).toContain(`Refreshed ${data.id}: demo@example.com.`);
    await run(['harness', 'clock', 'real'], { cwd: project });
    await run(['connections', 'delete', data.id], { cwd: project });
  });

  test('values that are given replace those of the same name; another account is said', async () => {
    writeFileSync(
      join(project, 'seed.json'),
      JSON.stringify({ users: [{ username: 'nora', password: 'nora-password' }] }),
    );
    await run(['harness', 'seed', 'seed.json', '--platform', 'provider'], { cwd: project });
    const { data } = await json('connect', 'basic', '--local', '--headless');
    const input = JSON.stringify({ account: 'nora', password: 'nora-password' });
    const args = ['connect', '--reauthorize', data.id, '--input', '-'];
    const wrong = await run(args, { cwd: project, input: JSON.stringify({ password: 'wrong-password' }) });
    expect(wrong.code).toBe(1);
    expect(stored(data.id).parameters).toMatchObject({ account: 'demo', password: 'demo-password' });
    const other = await run(args, { cwd: project, input });
    expect([other.code, other.stderr]).toEqual([0, expect.stringContaining('again as nora; before, it was demo')]);
    expect((await json('connections', 'show', data.id)).data.name).toBe('nora');
    await run(['connections', 'delete', data.id], { cwd: project });
  });

  test('additional scopes are asked for whenever a new token is', async () => {
    const { data } = await json('connect', 'client-credentials', '--local', '--headless', '--scopes', 'orders:read');
    expect(stored(data.id).scopes).toEqual(['orders:read']);
    await run(['connections', 'delete', data.id], { cwd: project });
  });

  test.each([
    [['other'], 'main-1 is a connection of main, not of other.'],
    [[], '--headless needs --local.'],
  ])('%j: what does not fit is refused', async (args, message) => {
    const store = connectedStore(stateIn(project), { XDG_CONFIG_HOME: CONFIGURATION });
    const trace = { run: 'connect', connection: 'main', started: '', milliseconds: 0, steps: [] } as const;
    const redirectUri = 'http://127.0.0.1:4710/callback';
    const instance = { data: { accessToken: 'a-token' } };
    const added = store.add({
      connection: 'main',
      local: false,
      connected: '',
      changed: '',
      redirectUri,
      parameters: {},
      instance,
      trace,
    });
    expect(added.id).toBe('main-1');
    for (const flag of [args.length === 0 ? '--headless' : '--print-url']) {
      const { code, diagnostics } = await json('connect', ...args, '--reauthorize', 'main-1', flag);
      expect([code, diagnostics[0].message]).toEqual([2, message]);
    }
    const local = await json('connect', '--reauthorize', 'main-1', '--local');
    expect(local.diagnostics[0].message).toBe('main-1 was connected with the real API, not with the local provider.');
    expect((await json('connect', '--reauthorize', 'none-1')).diagnostics[0].code).toBe('connected/unknown');
    store.remove('main-1');
  });

  test('at the real API, the callback is at the port that was registered', async () => {
    const store = connectedStore(stateIn(project), { XDG_CONFIG_HOME: CONFIGURATION });
    const trace = { run: 'connect', connection: 'main', started: '', milliseconds: 0, steps: [] } as const;
    writeFileSync(
      join(project, 'connections/main/common.local.json'),
      '{"clientId": "an-id", "clientSecret": "hunter2"}',
    );
    const base = {
      connection: 'main',
      local: false,
      connected: '',
      changed: '',
      parameters: {},
      instance: { data: {} },
      trace,
    };
    const { id } = store.add({ ...base, redirectUri: 'http://127.0.0.1:46107/callback' });
    const command = follow(['connect', '--reauthorize', id, '--print-url'], project);
    await expect.poll(command.talk, WAIT).toContain('Open this address');
    expect(decodeURIComponent(command.talk())).toContain('http://127.0.0.1:46107/callback');
    await command.stop('SIGINT');
    store.remove(id);
  });
});

describe('in the harness', () => {
  test('it keeps its id, and what is stored until that has worked', async () => {
    const { data } = await json('connect', 'main', '--harness', '--local', '--headless');
    const again = (...args: readonly string[]) =>
      run(['connect', '--harness', '--reauthorize', data.id, ...args], { cwd: project });
    await fault('access-denied');
    const denied = await again('--headless');
    expect([denied.code, denied.stderr + denied.stdout]).toEqual([1, expect.stringContaining('run/denied')]);
    expect((await json('connections', 'verify', data.id, '--harness')).code).toBe(0);
    const late = await again('--print-url', '--timeout', '1');
    expect([late.code, late.stderr + late.stdout]).toEqual([6, expect.stringContaining('connect/no-callback')]);
    expect((await json('connections', 'verify', data.id, '--harness')).code).toBe(0);
    // Nobody is waited for any more, also when the command was interrupted.
    const status = async () => (await json('connections', 'show', data.id, '--harness')).data.status;
    expect(await status()).toBe('connected');
    const command = follow(['connect', '--harness', '--reauthorize', data.id, '--print-url'], project);
    await expect.poll(command.talk, WAIT).toContain('Open this address');
    expect(await status()).toBe('waiting');
    expect(await command.stop('SIGINT')).toBe(130);
    expect(await status()).toBe('connected');
    const done = await again('--headless', 'main');
    expect([done.code, done.stderr]).toEqual([
      0,
      expect.stringContaining(`Connected ${data.id} again as demo@example.com:`),
    ]);
    expect((await json('connections', 'list', '--harness')).data.connections).toHaveLength(1);
    const other = await again('--headless', 'basic');
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining(`${data.id} is a connection of main, not of basic.`),
    ]);
    await run(['harness', 'clock', '+61m'], { cwd: project });
    await fault('revoked-refresh');
    const refused = await run(['connections', 'refresh', data.id, '--harness'], { cwd: project });
    await run(['harness', 'clock', 'real'], { cwd: project });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`connector connect --reauthorize ${data.id} --harness`),
    ]);
    await run(['connections', 'delete', data.id, '--harness'], { cwd: project });
  });
});
