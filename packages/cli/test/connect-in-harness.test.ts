import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run } from './connector.ts';
import { follow, projectFrom, type Started, start, stopAll } from './project.ts';

afterAll(stopAll);

const WAIT = { timeout: 20_000, interval: 50 };

let project: string;
let dev: Started;
beforeAll(async () => {
  project = await projectFrom('oauth2');
  dev = await start(['dev', '--port', '0'], project);
  await vi.waitFor(() => expect(dev.talk()).toContain('connector connect --harness'), WAIT);
});

async function json(...args: readonly string[]) {
  const { code, stdout } = await run([...args, '--json'], { cwd: project });
  return { code, ...JSON.parse(stdout) };
}

const stepsIn = ({ data }: { data: { trace: { steps: { name: string; outcome: string }[] } } }) =>
  data.trace.steps.map(({ name, outcome }) => `${name} ${outcome}`);

const api = () => join(project, 'connections/main/api.jsonc');

describe('what `connector dev` pushed', () => {
  test('connects in the harness, runs the section of the last save, refreshes and ends', async () => {
    const connected = await json('connect', '--harness', '--local', '--headless');
    expect(connected).toMatchObject({
      code: 0,
      data: { metadata: { value: 'demo@example.com' }, status: 'connected' },
    });
    const { id } = connected.data;
    expect(stepsIn(connected)).toEqual(['authorize done', 'token done', 'info done']);
    const verify = () => json('connections', 'verify', id, '--harness');
    const first = await verify();
    expect(stepsIn(first)).toEqual(['refresh skipped', 'info done']);

    const before = readFileSync(api(), 'utf8');
    const rounds = dev.talk().split('pushed').length;
    writeFileSync(api(), before.replace(/("value": ")(\{\{body)/, '$1Saved as $2'));
    await expect.poll(() => dev.talk().split('pushed').length, WAIT).toBeGreaterThan(rounds);
    const second = await verify();
    expect(second).toMatchObject({ code: 0, data: { metadata: { value: 'Saved as demo@example.com' } } });
    expect(second.data.trace.version).not.toBe(first.data.trace.version);
    expect(dev.talk().split('connector connect --harness')).toHaveLength(2);

    await run(['harness', 'clock', '+61m'], { cwd: project });
    expect(stepsIn(await json('connections', 'refresh', id, '--harness'))).toEqual(['refresh done']);
    await run(['harness', 'clock', 'real'], { cwd: project });
    const listed = await run(['connections', 'list', '--harness'], { cwd: project });
    expect(listed.stdout).toMatch(new RegExp(`${id} +main +local provider +Saved as demo@example.com`));
    expect((await run(['connections', 'trace', id, '--harness'], { cwd: project })).stdout).toContain('✓ refresh');
    expect((await run(['connections', 'trace', id, '--harness', '--curl'], { cwd: project })).stdout).toContain(
      'curl ',
    );
    expect((await run(['connections', 'show', id, '--harness'], { cwd: project })).stdout).toContain(
      'status: connected',
    );
    expect(stepsIn(await json('connections', 'invalidate', id, '--harness'))).toEqual(['invalidate done']);
    expect((await json('connections', 'list', '--harness')).data.connections).toEqual([]);
    writeFileSync(api(), before);
  });

  test('waits for a browser, and tells what it brought', async () => {
    const connecting = () => follow(['connect', '--harness', '--local', '--print-url', '--timeout', '60'], project);
    const addressIn = async (talk: () => string) => {
      await expect.poll(talk, WAIT).toMatch(/browser: http\S+/);
      return new URL(/browser: (\S+)/.exec(talk())?.[1] ?? '');
    };
    const denied = connecting();
    const url = await addressIn(denied.talk);
    const callback = new URL(url.searchParams.get('redirect_uri') ?? '');
    expect(callback.href).toBe(`${dev.url}/__harness/callback`);
    const state = url.searchParams.get('state') ?? '';
    callback.search = `${new URLSearchParams({ error: 'access_denied', error_description: 'You said no', state })}`;
    expect(await (await fetch(callback)).text()).toContain('You said no');
    expect(await denied.ended).toBe(1);
    expect(denied.talk()).not.toContain('waiting');
  });

  test('a browser that does not come back is waited for no longer than was said', async () => {
    const { code, diagnostics } = await json('connect', '--harness', '--local', '--print-url', '--timeout', '1');
    expect([code, diagnostics[0].code]).toEqual([6, 'connect/no-callback']);
    const { data } = await json('connections', 'list', '--harness');
    expect(data.connections.filter(({ status }: { status: string }) => status === 'waiting')).toEqual([]);
  });

  test('a refusal is told with its trace, and what is not there by its name', async () => {
    await run(['harness', 'fault', 'access-denied', '--platform', 'provider', '--times', '1'], { cwd: project });
    const refused = await json('connect', '--harness', '--local', '--headless');
    expect(refused).toMatchObject({ code: 1, diagnostics: [{ code: 'run/denied' }] });
    expect(stepsIn(refused)).toEqual(['authorize failed']);
    const unknown = await json('connections', 'verify', 'nothing-1', '--harness');
    expect([unknown.code, unknown.diagnostics[0].code]).toEqual([2, 'harness/instance']);
    expect((await json('connect', '--harness', '--port', '1')).diagnostics[0].code).toBe('usage/arguments');
  });
});

test('what was never pushed is said to be, and so is that no harness runs', async () => {
  const alone = await projectFrom('api-key');
  const connect = async () => {
    const { code, stdout } = await run(['connect', '--harness', '--json'], { cwd: alone });
    return [code, JSON.parse(stdout).diagnostics[0].code];
  };
  expect(await connect()).toEqual([6, 'harness/not-running']);
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], alone);
  expect(await connect()).toEqual([2, 'sync/not-pushed']);
  await harness.stop();
});
