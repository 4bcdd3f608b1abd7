import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHarness } from '@connectorkit/harness';
import { afterEach, describe, expect, test } from 'vitest';
import { BINARY, CONFIGURATION, environmentOf, recordHarness, run, temporaryFolder } from './connector.ts';
import { ask, askJson, newProject, start, stopAll } from './project.ts';

afterEach(stopAll);

test('needs no project, says where it is, keeps its token to itself and its owner, and stops cleanly', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0'], folder);
  expect(harness.talk()).toContain(harness.url);
  expect(harness.talk().split(harness.token)).toHaveLength(2);
  if (process.platform !== 'win32') {
    for (const secret of ['harness.json', 'harness.db', 'harness.db.key']) {
      expect(statSync(join(folder, '.connector', secret)).mode & 0o777, secret).toBe(0o600);
    }
  }
  expect(await harness.stop()).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, '.connector/harness.json'), 'utf8'))).toEqual({
    token: harness.token,
    control: harness.control,
    stateVersion: 1,
    seal: expect.any(String),
  });

  const again = await start(['harness', '--port', '0'], folder);
  expect([again.token, again.control]).toEqual([harness.token, harness.control]);
  expect(again.talk()).not.toContain(harness.token);
});

test('starts where nothing was compiled before, and what it is printed to is a pipe', async () => {
  const harness = await start(['harness', '--port', '0'], temporaryFolder(), { NODE_DISABLE_COMPILE_CACHE: '1' });
  expect((await ask(harness, '/sdk/apps')).status).toBe(200);
});

test('over TLS, Node trusts it by the variable that is printed', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--tls-port', '0', '--store', 'memory'], folder);
  const said = () => /at (https:\S+); .*(NODE_EXTRA_CA_CERTS)=(.+)/.exec(harness.talk());
  await expect.poll(said).not.toBeNull();
  const [, url = '', variable = '', file = ''] = said() ?? [];
  expect(file).toBe(join(CONFIGURATION, 'connectorkit', 'harness-tls.crt'));
  const script = `fetch(${JSON.stringify(url)} + '/__harness').then((answer) => console.log(answer.status), (error) => console.log(error.cause.code))`;
  const ask = (env: Record<string, string>) =>
    execFileSync(process.execPath, ['-e', script], { env: { ...environmentOf(), ...env }, encoding: 'utf8' }).trim();
  expect(ask({ [variable]: file })).toBe('200');
  expect(ask({})).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('a port in use names its holder', async () => {
  const harness = await start(['harness', '--port', '0'], temporaryFolder());
  const { port } = new URL(harness.url);
  const second = await run(['harness', '--port', port, '--json'], { cwd: temporaryFolder() });
  expect(second.code).toBe(2);
  expect(JSON.parse(second.stdout).diagnostics).toMatchObject([
    { code: 'harness/port-in-use', message: expect.stringContaining(`process ${harness.child.pid}`) },
  ]);
});

test('one folder has one harness', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0'], folder);
  const second = await run(['harness', '--port', '0', '--json'], { cwd: folder });
  expect(second.code).toBe(2);
  expect(JSON.parse(second.stdout).diagnostics).toMatchObject([
    { code: 'harness/already-running', message: expect.stringContaining(harness.url) },
  ]);
});

describe('of several harnesses in one folder', () => {
  const recorded = (folder: string) => JSON.parse(readFileSync(join(folder, '.connector/harness.json'), 'utf8'));

  test('that start at the same moment, one runs, and the others say where', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const lock = join(folder, '.connector/harness.lock');
    mkdirSync(join(folder, '.connector'));
    // As if this process were starting one: all of them wait until it is done.
    writeFileSync(lock, `${process.pid} here`);
    const children = Array.from({ length: 3 }, () => {
      const args = ['harness', '--port', '0', '--store', 'memory', '--json'];
      return spawn(process.execPath, [BINARY, ...args], { cwd: folder, env: environmentOf() });
    });
    try {
      const results = children.map(async (child) => ({ child, out: await text(child.stdout) }));
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(existsSync(join(folder, '.connector/harness.json'))).toBe(false);
      rmSync(lock);
      const running = () => children.filter(({ exitCode }) => exitCode === null);
      await expect.poll(() => running().length, { timeout: 60_000 }).toBe(1);
      const [survivor] = running();
      const { url, pid } = recorded(folder);
      expect(pid).toBe(survivor?.pid);
      expect((await fetch(`${url}/__harness`)).status).toBe(200);
      for (const { child, out } of await Promise.all(results.filter((_, at) => children[at] !== survivor))) {
        const message = `A harness already runs for this folder at ${url}, process ${pid}.`;
        expect([child.exitCode, JSON.parse(out).diagnostics]).toMatchObject([
          2,
          [{ code: 'harness/already-running', message }],
        ]);
      }
      survivor?.kill('SIGTERM');
      await Promise.all(results);
      expect(existsSync(lock)).toBe(false);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });

  test('one that was killed holds nobody, although another process has its number by now', async () => {
    const folder = temporaryFolder();
    const killed = await start(['harness', '--port', '0', '--store', 'memory'], folder);
    await killed.stop('SIGKILL');
    const { url, token, control } = recorded(folder);
    // Written down with the number of this process.
    recordHarness(folder, { url, token, controlToken: control });
    expect(recorded(folder).pid).toBe(process.pid);
    const again = await start(['harness', '--port', '0', '--store', 'memory'], folder);
    expect(again.token).toBe(token);
    expect(recorded(folder)).toMatchObject({ url: again.url, pid: again.child.pid });
  });

  test('one that stops leaves the address of another', async () => {
    const folder = temporaryFolder();
    const first = await start(['harness', '--port', '0', '--store', 'memory'], folder);
    const other = await createHarness();
    recordHarness(folder, other);
    const before = recorded(folder);
    expect(await first.stop()).toBe(0);
    expect(recorded(folder)).toEqual(before);
    await other.close();
  });
});

test('other machines are let in only when asked for, and with a token of the user’s', async () => {
  const folder = temporaryFolder();
  const plain = await run(['harness', '--port', '0', '--host', '0.0.0.0', '--json'], { cwd: folder });
  expect([plain.code, JSON.parse(plain.stdout).diagnostics[0].code]).toEqual([2, 'harness/not-local']);
  const tokenless = await run(['harness', '--port', '0', '--host', '0.0.0.0', '--allow-remote', '--json'], {
    cwd: folder,
  });
  expect(JSON.parse(tokenless.stdout).diagnostics[0].hint).toContain('CONNECTOR_TOKEN');
});

test('in memory it forgets, and leaves no database', async () => {
  const project = await newProject();
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
  expect((await run(['push'], { cwd: project })).code).toBe(0);
  await harness.stop();
  expect(() => statSync(join(project, '.connector/harness.db'))).toThrow('ENOENT');
});

test('a store that is none is refused with its name', async () => {
  const folder = temporaryFolder();
  const store = join(folder, 'connector.db');
  writeFileSync(store, 'this is no database, and long enough to be looked at as if it were one'.repeat(20));
  const { code, stdout } = await run(['harness', '--port', '0', '--store', store, '--json'], { cwd: folder });
  expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([2, 'harness/store']);
  expect(readFileSync(store, 'utf8')).toContain('this is no database');
});

test('the one that runs is steered: seeds, snapshots, tokens, clock, journal, faults, reset', {
  timeout: 120_000,
}, async () => {
  const project = await newProject();
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
  const steer = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['harness', ...args, '--json'], { cwd: project });
    const { data, diagnostics } = JSON.parse(stdout);
    return { code, data, diagnostics, stderr };
  };
  const { data: names } = await steer('seed');
  expect((await ask(harness, `/sdk/apps/${names.app}/connections`)).status).toBe(200);
  // What was seeded is what a push would bring about.
  const pushed = JSON.parse((await run(['push', '--json'], { cwd: project })).stdout);
  expect(pushed).toMatchObject({ ok: true, data: { app: names.app, changes: [] } });

  expect((await steer('snapshot', 'seeded')).code).toBe(0);
  const reading = (await run(['harness', 'token', '--platform', 'make', '--scopes', 'sdk-apps:read'], { cwd: project }))
    .stdout;
  expect(reading).toMatch(/^[0-9a-f-]{36}\n$/);
  expect((await ask({ ...harness, token: reading.trim() }, '/sdk/apps')).status).toBe(200);
  expect((await ask({ ...harness, token: reading.trim() }, '/sdk/apps', { method: 'POST' })).status).toBe(403);

  const { data: fault } = await steer('fault', 'status', '--status', '503', '--times', '1', '--platform', 'make');
  expect(fault.fault).toMatchObject({ effect: 'status', status: 503, times: 1 });
  expect((await steer('fault')).data.faults).toHaveLength(1);
  expect((await ask(harness, '/sdk/apps')).status).toBe(503);
  expect((await steer('fault', 'half', '--share', '0.25')).data.fault).toMatchObject({ share: 0.25 });
  expect((await steer('fault', '1')).data).toEqual({ deleted: true });
  expect((await steer('fault', 'los')).diagnostics).toMatchObject([
    { code: 'harness/fault', hint: 'Did you mean lost?' },
  ]);
  expect((await steer('fault', 'clear')).code).toBe(0);

  expect((await steer('clock', '2030-01-01T00:00:00Z', '--frozen')).data.now).toBe('2030-01-01T00:00:00.000Z');
  expect((await steer('clock', '+90m')).data.now).toBe('2030-01-01T01:30:00.000Z');
  expect((await steer('clock', 'yesterday')).diagnostics).toMatchObject([{ code: 'harness/clock' }]);
  expect((await steer('clock', '1d')).diagnostics).toMatchObject([
    { code: 'harness/clock', found: '1d', hint: expect.stringContaining('`connector harness clock +1d`') },
  ]);
  expect((await steer('clock', '2031')).data.now).toBe('2031-01-01T00:00:00.000Z');
  expect((await steer('clock', 'real')).code).toBe(0);

  const { entries } = (await steer('journal', '--limit', '2')).data;
  expect(entries).toMatchObject([
    { method: 'POST', status: 403 },
    { status: 503, fault: 'status', operation: 'listApps' },
  ]);
  expect((await steer('reset')).code).toBe(0);
  expect(await askJson(harness, '/sdk/apps')).toEqual({ apps: [] });
  expect((await steer('restore', 'seeded')).code).toBe(0);
  expect((await askJson(harness, '/sdk/apps')).apps).toHaveLength(1);
  expect((await steer('snapshot')).data).toEqual({ snapshots: ['seeded'] });
  expect((await steer('restore', 'seede')).diagnostics).toMatchObject([{ hint: 'Did you mean seeded?' }]);

  const seed = join(project, 'make.json');
  writeFileSync(seed, '{ "app": "raw" }');
  expect((await steer('seed', 'make.json', '--platform', 'make')).code).toBe(0);
  writeFileSync(seed, '{\n  // a name\n  "ap": "raw"\n}\n');
  expect(await steer('seed', 'make.json', '--platform', 'make')).toMatchObject({
    code: 1,
    diagnostics: [{ code: 'schema/unknown-key', file: 'make.json', line: 3, column: 3, hint: 'Did you mean "app"?' }],
  });
  expect((await askJson(harness, '/sdk/apps')).apps).toHaveLength(2);
  for (const secret of [harness.token, harness.control]) expect(JSON.stringify(entries)).not.toContain(secret);
});

test('the journal is followed until Ctrl-C', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], folder);
  const child = spawn(process.execPath, [BINARY, 'harness', 'journal', '--follow'], {
    cwd: folder,
    env: environmentOf(),
  });
  let reported = '';
  child.stderr.on('data', (chunk) => {
    reported += chunk;
  });
  await ask(harness, '/sdk/apps?first');
  await expect.poll(() => reported, { timeout: 10_000 }).toContain('?first');
  await ask(harness, '/sdk/apps?second');
  await expect.poll(() => reported, { timeout: 10_000 }).toContain('?second');
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect([code, reported.split('?first').length]).toEqual([0, 2]);
});

test('nothing is steered where nothing runs, and what an action lacks is said', async () => {
  const folder = temporaryFolder();
  const { code, stdout } = await run(['harness', 'reset', '--json'], { cwd: folder });
  expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([6, 'harness/not-running']);
  const wrong = await run(['harness', 'resett', '--json'], { cwd: folder });
  expect([wrong.code, JSON.parse(wrong.stdout).diagnostics[0].hint]).toEqual([2, 'Did you mean reset?']);
  await start(['harness', '--port', '0', '--store', 'memory'], folder);
  for (const args of [['token'], ['restore'], ['seed', 'x.json'], ['seed']]) {
    expect((await run(['harness', ...args], { cwd: folder })).code, args.join(' ')).toBe(2);
  }
});

test('what is not there cannot be removed, and options of a space are for nothing else', async () => {
  const folder = temporaryFolder();
  await start(['harness', '--port', '0', '--store', 'memory'], folder);
  const refused = async (...args: string[]) => {
    const { code, stdout } = await run(['harness', ...args, '--json'], { cwd: folder });
    return [code, JSON.parse(stdout).diagnostics?.[0]];
  };
  expect(await refused('remove-space', 'pr-1')).toMatchObject([
    2,
    { code: 'harness/space', message: 'There is no space "pr-1".', hint: 'There are none.' },
  ]);
  expect((await run(['harness', 'token', '--space', 'pr-12'], { cwd: folder })).code).toBe(0);
  expect(await refused('remove-space', 'pr-1')).toMatchObject([2, { hint: 'Did you mean pr-12?' }]);
  expect(await refused('fault', '7')).toMatchObject([
    2,
    { code: 'harness/fault', message: 'There is no fault "7".', hint: 'There are none.' },
  ]);
  expect(await refused('token', '--space', 'pr-12', '--hours', '-1')).toMatchObject([
    2,
    { code: 'harness/space', hint: 'Choose a number of hours above 0 and at most 2160.' },
  ]);
  expect(await refused('token', '--platform', 'make', '--hours', '2')).toMatchObject([2, { code: 'usage/missing' }]);
  for (const other of ['platform', 'scopes']) {
    expect(await refused('token', '--space', 'pr-12', `--${other}`, 'make')).toMatchObject([
      2,
      { code: 'usage/arguments', message: `--space and --${other} cannot both be given.` },
    ]);
  }
});

test('takes its control token from the environment, unless that is for a host elsewhere', async () => {
  const control = 'a-control-token-of-two-processes';
  const given = async (env: Record<string, string>) => {
    const folder = temporaryFolder();
    const harness = await start(['harness', '--port', '0', '--store', 'memory'], folder, env);
    expect(harness.talk()).not.toContain(control);
    return { folder, harness };
  };
  for (const host of ['', '127.0.0.1:4600', 'http://localhost:4600']) {
    const { folder, harness } = await given({ CONNECTOR_CONTROL_TOKEN: control, CONNECTOR_CONTROL_HOST: host });
    expect(harness.control, host).toBe(control);
    const headers = { authorization: `Bearer ${control}` };
    expect((await fetch(`${harness.url}/__harness/clock`, { headers })).status).toBe(200);
    // A command in its folder needs no variable.
    expect((await run(['harness', 'clock'], { cwd: folder })).code).toBe(0);
    await harness.stop();
  }
  const { harness } = await given({
    CONNECTOR_CONTROL_TOKEN: control,
    CONNECTOR_CONTROL_HOST: 'harness.example.com:4643',
  });
  expect(harness.control).not.toBe(control);
  const short = await run(['harness', '--port', '0', '--store', 'memory', '--json'], {
    cwd: temporaryFolder(),
    env: { CONNECTOR_CONTROL_TOKEN: 'short' },
  });
  expect([short.code, JSON.parse(short.stdout).diagnostics]).toMatchObject([
    2,
    [{ code: 'harness/token', message: 'The control token has only 5 characters.' }],
  ]);
});

test('the local provider is loaded without a word of its library about Node', async () => {
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], temporaryFolder());
  const { status } = await fetch(`${harness.url}/provider/.well-known/openid-configuration`);
  expect(status).toBe(200);
  expect(harness.talk()).not.toMatch(/oidc-provider|Unsupported/);
});
