import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { run } from './connector.ts';
import { ask, newProject, start, stopAll } from './project.ts';

afterEach(stopAll);

const WAIT = { timeout: 10_000, interval: 25 };

test('follows every save: types, push, findings, repair', async () => {
  const project = await newProject();
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  expect(readFileSync(join(project, 'connector.d.ts'), 'utf8')).toContain('GithubParameters');
  const name = JSON.parse(readFileSync(join(project, '.connector/origins.json'), 'utf8')).harness.connections.github;
  const remote = async (section: string) => String((await ask(dev, `/sdk/apps/connections/${name}/${section}`)).bytes);

  const scopes = join(project, 'connections/github/scopes.jsonc');
  const before = readFileSync(scopes, 'utf8');
  writeFileSync(scopes, '{ "brand:new": "A scope that was just added" }');
  await expect.poll(() => remote('scopes'), WAIT).toContain('brand:new');
  await expect.poll(() => readFileSync(join(project, 'connector.d.ts'), 'utf8'), WAIT).toContain("'brand:new'");

  writeFileSync(scopes, '{ "broken": ');
  await expect.poll(dev.talk, WAIT).toContain('source/syntax');
  expect(await remote('scopes')).toContain('brand:new');

  // As editors save: a new file takes the place of the old one.
  writeFileSync(`${scopes}.new`, before);
  renameSync(`${scopes}.new`, scopes);
  await expect.poll(() => remote('scopes'), WAIT).toBe(before);
  expect(await dev.stop('SIGINT')).toBe(0);
});

test('says what a removed connection leaves on the platform, and how it is deleted there', async () => {
  const project = await newProject();
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  cpSync(join(project, 'connections/github'), join(project, 'connections/other'), { recursive: true });
  await expect.poll(() => dev.talk().split('pushed').length, WAIT).toBe(3);
  rmSync(join(project, 'connections/other'), { recursive: true });
  await expect.poll(dev.talk, WAIT).toContain('sync/not-declared');
  const [, hint = ''] = /`(connector push --allow-destructive)`/.exec(dev.talk()) ?? [];
  expect(hint).toBe('connector push --allow-destructive');
  const { code } = await run([...hint.split(' ').slice(1), '--yes'], { cwd: project });
  expect(code).toBe(0);
});

test('says which sections a removal leaves on the platform, until the project says that they are left alone', async () => {
  const project = await newProject();
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  rmSync(join(project, 'connections/github/scope.jsonc'));
  await expect.poll(dev.talk, WAIT).toContain('sync/section-left');
  expect((await run(['status'], { cwd: project })).stdout).toContain('no longer declared here, and still there: scope');
  const file = join(project, 'connections/github/connection.json');
  const descriptor = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...descriptor, unmanaged: ['scope'] }));
  const { code, stdout } = await run(['status'], { cwd: project });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/github +in step/)]);
});

test('works with the harness that runs already, and leaves it running', async () => {
  const project = await newProject();
  const harness = await start(['harness', '--port', '0'], project);
  const dev = await start(['dev'], project);
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  expect(await dev.stop()).toBe(0);
  expect((await ask(harness, '/users/me')).status).toBe(200);
});

test('a clone in which it runs for the first time has nothing to commit', async () => {
  const project = await newProject();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project, encoding: 'utf8' });
  git('init', '--quiet');
  const types = await start(['dev', '--port', '0'], project);
  await expect.poll(types.talk, WAIT).toContain('pushed');
  await types.stop();
  git('add', '--all');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--message', 'first');
  rmSync(join(project, '.connector'), { recursive: true });
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, WAIT).toContain('pushed');
  expect(git('status', '--porcelain')).toBe('');
});
