import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { environmentOf, run, temporaryFolder } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

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
  expect(JSON.parse(readFileSync(join(folder, '.connector/harness.json'), 'utf8'))).toEqual({ token: harness.token });

  const again = await start(['harness', '--port', '0'], folder);
  expect(again.token).toBe(harness.token);
  expect(again.talk()).not.toContain(harness.token);
});

test('over TLS, Node trusts it by the variable that is printed', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--tls-port', '0', '--store', 'memory'], folder);
  const said = () => /at (https:\S+); .*(NODE_EXTRA_CA_CERTS)=(.+)/.exec(harness.talk());
  await expect.poll(said).not.toBeNull();
  const [, url = '', variable = '', file = ''] = said() ?? [];
  expect(file).toBe(join(folder, '.connector', 'harness-tls.crt'));
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
