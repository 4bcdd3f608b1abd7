import { generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Expected, TEMPLATES, WRITTEN, writeConnection } from './connections.ts';
import { run } from './connector.ts';
import { follow, projectFrom, type Started, start, stopAll } from './project.ts';

afterAll(stopAll);

const ROOT = join(import.meta.dirname, '../../..');
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

describe('what signs each request, or an assertion for a token', () => {
  const NAMES = ['digest-md5', 'digest-sha-256', 'assertion', 'assertion-steps', 'template-digest', 'template-jwt'];
  const expected = (name: string): Expected => WRITTEN[name] ?? (TEMPLATES[name.replace('template-', '')] as Expected);
  let signing: string;

  const told = async (...args: readonly string[]) => {
    const { code, stdout } = await run([...args, '--harness', '--json'], { cwd: signing });
    const { data, diagnostics } = JSON.parse(stdout);
    return { code, data, diagnostics, steps: data?.trace === undefined ? [] : stepsIn({ data }) };
  };

  beforeAll(async () => {
    signing = await projectFrom('api-key');
    for (const name of NAMES) {
      const written = WRITTEN[name];
      const template = join(ROOT, 'templates', name.replace('template-', ''), 'connections/main');
      if (written === undefined) cpSync(template, join(signing, 'connections', name), { recursive: true });
      else writeConnection(signing, name, written);
    }
    const started = await start(['dev', '--port', '0'], signing);
    await vi.waitFor(() => expect(started.talk()).toContain('connector connect --harness'), WAIT);
  });

  test.each(NAMES)('%s connects, is verified, gets another token and ends', async (name) => {
    const { connects, renews, shows, isRevoked = connects.includes('token') } = expected(name);
    const done = (steps: readonly string[]) => steps.map((step) => `${step} done`);
    const last = connects.filter((step) => /^(info|request)(\[|$)/.test(step));
    const connected = await told('connect', name, '--local', '--headless');
    expect(connected, JSON.stringify(connected.diagnostics)).toMatchObject({ code: 0, steps: done(connects) });
    if (shows !== undefined) expect(connected.data.metadata.value).toBe(shows);
    const { id } = connected.data;
    const verify = async () => {
      const { code, steps } = await told('connections', 'verify', id);
      return [code, ...steps.filter((step) => step.endsWith(' done'))];
    };
    expect(await verify()).toEqual([0, ...done(last)]);
    await run(['harness', 'clock', '+61m'], { cwd: signing });
    try {
      expect(await verify()).toEqual([0, ...done([...(renews === undefined ? [] : [renews]), ...last])]);
    } finally {
      await run(['harness', 'clock', 'real'], { cwd: signing });
    }
    const ended = await told('connections', 'invalidate', id);
    expect([ended.code, ...ended.steps]).toEqual([0, ...done(isRevoked ? ['invalidate'] : [])]);
  });

  test.each([
    ['digest-md5', 'request[2]', { account: 'demo', password: 'wrong-password' }],
    ['assertion', 'request[1]', { account: 'demo', privateKey: otherKey() }],
  ])('%s with the wrong secret says which request was refused', async (name, step, values) => {
    const file = join(signing, 'wrong.json');
    writeFileSync(file, JSON.stringify(values));
    const refused = await told('connect', name, '--local', '--headless', '--input', file);
    expect(refused).toMatchObject({ code: 1, diagnostics: [{ code: 'run/refused' }] });
    expect(refused.steps.at(-1)).toBe(`${step} failed`);
    for (const text of ['wrong-password', 'BEGIN']) expect(JSON.stringify(refused)).not.toContain(text);
    expect((await told('connections', 'list')).data.connections).toEqual([]);
  });
});

/** A private key that nobody registered. */
function otherKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

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
