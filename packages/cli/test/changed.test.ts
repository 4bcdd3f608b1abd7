import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';
import { projectFrom } from './project.ts';

let repository: string;
let project: string;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', ...args], {
    cwd: repository,
    encoding: 'utf8',
    stdio: 'pipe',
  });
const write = (id: string, file: string, text: string) => writeFileSync(join(project, 'connections', id, file), text);
async function changed(args: readonly string[] = [], cwd = project, env: Record<string, string> = {}) {
  const { code, stdout } = await run(['validate', '--json', '--changed', ...args], { cwd, env });
  const { data, diagnostics } = JSON.parse(stdout);
  return { code, ids: data?.connections, codes: diagnostics.map((each: { code: string }) => each.code), diagnostics };
}
const WARNS = '{ "profile": "Read", }';

beforeEach(async () => {
  repository = temporaryFolder();
  project = await projectFrom('oauth2', repository);
  for (const id of ['b', 'c'])
    cpSync(join(project, 'connections/main'), join(project, 'connections', id), { recursive: true });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
});

describe('validate --changed, in a folder of a repository', () => {
  test('looks at nothing when nothing changed', async () => {
    expect(await changed()).toMatchObject({ code: 0, ids: [], codes: [] });
    expect((await run(['validate', '--changed'], { cwd: project })).stderr).toBe('Nothing changed since HEAD.\n');
  });

  test('looks at what is changed, staged and untracked, whole connections at a time', async () => {
    write('main', 'scopes.jsonc', WARNS);
    expect(await changed()).toMatchObject({ ids: ['main'], codes: ['source/trailing-comma'] });
    write('b', 'scopes.jsonc', WARNS);
    git('add', '.');
    mkdirSync(join(project, 'connections', 'new'));
    write('new', 'connection.json', '{ "type": "nothing" }');
    expect(await changed()).toMatchObject({
      code: 1,
      ids: ['b', 'main', 'new'],
      codes: ['source/trailing-comma', 'source/trailing-comma', 'schema/enum'],
    });
    expect(await changed(['--', 'b'])).toMatchObject({ ids: ['b'] });
  });

  test('leaves the problems of what did not change alone', async () => {
    write('c', 'scopes.jsonc', '{');
    git('add', '.');
    git('commit', '--quiet', '-m', 'broken');
    write('main', 'scopes.jsonc', WARNS);
    expect(await changed()).toMatchObject({ code: 0, ids: ['main'] });
  });

  test('names with spaces, letters of every language and quotes are read; what git ignores is not', async () => {
    for (const id of ['a b', 'ü"x']) {
      mkdirSync(join(project, 'connections', id));
      write(id, 'api.jsonc', '{}');
    }
    write('c', 'common.local.json', '{"secret": 1}');
    const { ids, codes } = await changed();
    expect(ids).toEqual(['a b', 'ü"x']);
    expect(codes).toEqual(['project/connection-id', 'project/connection-id']);
  });

  test('a renamed connection is looked at under its new name, and one that is gone is not', async () => {
    renameSync(join(project, 'connections/b'), join(project, 'connections/renamed'));
    rmSync(join(project, 'connections/c'), { recursive: true });
    expect(await changed()).toMatchObject({ code: 0, ids: ['renamed'] });
    git('add', '.');
    expect(await changed()).toMatchObject({ code: 0, ids: ['renamed'] });
    rmSync(join(project, 'connections/renamed/api.jsonc'));
    expect(await changed()).toMatchObject({ ids: ['renamed'] });
    rmSync(join(project, 'connections/renamed'), { recursive: true });
    expect((await run(['validate', '--changed'], { cwd: project })).stderr).toBe(
      'Of what changed since HEAD, nothing belongs to a connection of the project.\n',
    );
    rmSync(join(project, 'connections'), { recursive: true });
    expect(await changed()).toMatchObject({ ids: [], codes: ['project/no-connections'] });
  });

  test('everything depends on the project’s own file', async () => {
    writeFileSync(join(project, 'connector.json'), '{ "name": "" }');
    expect(await changed()).toMatchObject({ code: 1, ids: ['b', 'c', 'main'], codes: ['schema/value'] });
    write('c', 'scopes.jsonc', WARNS);
    git('add', 'my-app/connections');
    git('commit', '--quiet', '-m', 'a warning');
    const rules = { 'source/trailing-comma': 'error' };
    writeFileSync(join(project, 'connector.json'), JSON.stringify({ name: 'my-app', rules }));
    expect(await changed()).toMatchObject({ ids: ['b', 'c', 'main'], codes: ['source/trailing-comma'] });
    expect(await changed(['--', 'b'])).toMatchObject({ ids: ['b'], codes: [] });
  });

  test('a branch is compared with where it left the other', async () => {
    git('checkout', '--quiet', '-b', 'topic');
    write('b', 'scopes.jsonc', WARNS);
    git('commit', '--quiet', '-am', 'mine');
    git('checkout', '--quiet', 'main');
    write('c', 'scopes.jsonc', WARNS);
    git('commit', '--quiet', '-am', 'theirs');
    git('checkout', '--quiet', 'topic');
    expect(await changed(['main'])).toMatchObject({ ids: ['b'] });
    expect(await changed(['HEAD~1'])).toMatchObject({ ids: ['b'] });
    expect(await changed()).toMatchObject({ ids: [] });
  });

  test('before the first commit everything is new', async () => {
    rmSync(join(repository, '.git'), { recursive: true });
    git('init', '--quiet');
    write('b', 'scopes.jsonc', WARNS);
    git('add', 'my-app/connections/c');
    expect(await changed()).toMatchObject({ ids: ['b', 'c', 'main'] });
  });

  test('a hook of git sees what is committed', async () => {
    const hook = `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" validate --project my-app --changed --max-warnings 0\n`;
    writeFileSync(join(repository, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
    write('b', 'scopes.jsonc', WARNS);
    expect(() => git('commit', '--quiet', '-am', 'refused')).toThrow(/too-many-warnings|source\/trailing-comma/);
    write('b', 'scopes.jsonc', '{ "profile": "Read it" }');
    git('commit', '--quiet', '-am', 'taken');
    expect(git('log', '--format=%s', '-1').trim()).toBe('taken');
  });
});

describe('what stops it', () => {
  test('no such commit', async () => {
    const { code, diagnostics } = await changed(['origin/man']);
    expect(code).toBe(2);
    expect(diagnostics).toMatchObject([
      { code: 'changed/unknown-ref', hint: expect.stringContaining('git fetch origin man') },
    ]);
    expect((await changed(['--', '-x'])).code).toBe(2);
  });

  test('no repository', async () => {
    rmSync(join(repository, '.git'), { recursive: true });
    expect(await changed()).toMatchObject({ code: 2, codes: ['changed/no-repository'] });
  });

  test('no git', async () => {
    expect(await changed([], project, { PATH: '/nowhere' })).toMatchObject({ code: 2, codes: ['changed/no-git'] });
    expect(environmentOf({ PATH: '/nowhere' }).PATH).toBe('/nowhere');
  });
});
