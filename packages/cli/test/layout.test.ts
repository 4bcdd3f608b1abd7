import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run } from './connector.ts';
import { apiAt, type MakeProject, makeProject, PARAMS } from './make-project.ts';
import { start, stopAll } from './project.ts';

const WAIT = { timeout: 10_000, interval: 20 };

let project: MakeProject;
beforeEach(() => {
  project = makeProject();
});
afterEach(stopAll);

async function validate(...args: string[]) {
  const { code, stdout } = await run(['validate', '--json', ...args], { cwd: project.root });
  const { data, diagnostics } = JSON.parse(stdout);
  const serious = diagnostics.filter(({ severity }: { severity: string }) => severity !== 'info');
  const codes = serious.map((each: { code: string; file?: string }) => `${each.code} ${each.file}`);
  return { code, ids: data?.connections, codes, diagnostics };
}

describe('validate --changed, in Make’s own layout', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', ...args], {
      cwd: project.root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const changed = (...args: string[]) => validate('--changed', ...args);
  beforeEach(() => {
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
  });

  test.each([
    ['connection/main.communication.iml.json', ['folder']],
    ['src/auth/api.json', ['deep']],
    ['src/forms/auth.json', ['deep']],
    ['top.iml.json', ['top']],
  ])('a fault in %s is found', async (file, ids) => {
    project.write(file, '{');
    expect(await changed()).toMatchObject({ code: 1, ids, codes: [`source/syntax ${file}`] });
  });

  test('staged or committed, it is found where it is asked for', async () => {
    expect(await changed()).toMatchObject({ code: 0, ids: [] });
    project.write('src/auth/api.json', '{');
    git('add', '.');
    expect(await changed()).toMatchObject({ code: 1, ids: ['deep'] });
    git('commit', '--quiet', '-m', 'second');
    expect(await changed()).toMatchObject({ code: 0, ids: [] });
    expect(await changed('HEAD~1')).toMatchObject({ code: 1, ids: ['deep'] });
  });

  test.each([
    ['connection/main.common.json', ['folder']],
    ['connection/common.schema.json', ['folder']],
    ['src/auth/tests/first.test.jsonc', ['deep']],
    // Where it would be written, as none of its files lies in a folder.
    ['connections/top/common.schema.json', ['top']],
    ['modules/list.iml.json', []],
    ['connection/readme.md', []],
  ])('what lies in %s belongs to %j', async (file, ids) => {
    project.write(file, '{}');
    expect(await changed()).toMatchObject({ ids });
  });

  test('everything depends on the manifest', async () => {
    const { deep } = project.connections;
    project.manifest({ deep: { ...deep, connectionType: 'nonsense' } });
    expect(await changed()).toMatchObject({
      code: 1,
      ids: ['folder', 'deep', 'top'],
      codes: ['schema/enum makecomapp.json'],
    });
    git('commit', '--quiet', '-am', 'nonsense');
    project.write('top.iml.json', apiAt('again'));
    expect(await changed()).toMatchObject({ code: 0, ids: ['top'] });
    project.write('makecomapp.json', '{');
    expect(await changed()).toMatchObject({ code: 1, codes: ['source/syntax makecomapp.json'] });
  });

  test('a file that is gone counts, and so does one that the manifest names no more', async () => {
    rmSync(project.path('src/forms/auth.json'));
    expect(await changed()).toMatchObject({
      code: 1,
      ids: ['deep'],
      codes: ['project/missing-file makecomapp.json'],
    });
    git('add', '.');
    expect(await changed()).toMatchObject({ code: 1, ids: ['deep'] });
    git('checkout', '--quiet', 'HEAD', '--', '.');
    const { deep } = project.connections;
    project.manifest({ deep: { ...deep, codeFiles: { communication: 'src/auth/api.json', common: null } } });
    expect(await changed()).toMatchObject({
      code: 0,
      ids: ['folder', 'deep', 'top'],
      codes: ['iml/undeclared-parameter src/auth/api.json'],
    });
    project.manifest({ deep: { ...deep, codeFiles: { params: 'src/forms/auth.json', common: null } } });
    expect(await changed()).toMatchObject({
      code: 1,
      ids: ['folder', 'deep', 'top'],
      codes: ['project/missing-section makecomapp.json'],
    });
  });

  test('a hook of git stops a broken connection', async () => {
    const hook = `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" validate --changed\n`;
    writeFileSync(project.path('.git/hooks/pre-commit'), hook, { mode: 0o755 });
    project.write('src/auth/api.json', '{ "urll": "https://api.acme.test" }');
    expect(() => git('commit', '--quiet', '-am', 'refused')).toThrow('schema/unknown-key');
    project.write('src/auth/api.json', apiAt('new'));
    git('commit', '--quiet', '-am', 'taken');
    expect(git('log', '--format=%s', '-1').trim()).toBe('taken');
  });
});

describe('in Make’s own layout', () => {
  test('validate counts and names connections, and fixes them', async () => {
    expect(await validate()).toMatchObject({ code: 0, ids: ['folder', 'deep', 'top'], codes: [] });
    expect((await run(['validate'], { cwd: project.root })).stderr).toContain('in 3 connections.');
    expect(await validate('deep', 'top')).toMatchObject({ code: 0, ids: ['deep', 'top'] });
    expect((await validate('deeep')).diagnostics[0]).toMatchObject({ hint: 'Did you mean "deep"?' });
    project.write('src/forms/auth.json', PARAMS.replace('}]', '},]'));
    const { codes, diagnostics } = await validate();
    expect(codes).toEqual(['source/trailing-comma src/forms/auth.json']);
    expect(diagnostics.map((each: { connection?: string }) => each.connection)).toContain('deep');
    expect(await validate('--fix')).toMatchObject({ code: 0, codes: [] });
    expect(readFileSync(project.path('src/forms/auth.json'), 'utf8')).toBe(PARAMS);
  });

  test('a text that is not saved yet is looked at in its connection, also when there is no file for it', async () => {
    const draft = async (section: string, input: string) => {
      const args = ['validate', '--stdin', '--as', section, '--connection', 'deep', '--json'];
      const { code, stdout } = await run(args, { cwd: project.root, input });
      return [code, JSON.parse(stdout).diagnostics.map(({ file }: { file: string }) => file)];
    };
    expect(await draft('api', '{ "urll": 1 }')).toEqual([1, expect.arrayContaining(['src/auth/api.json'])]);
    expect(await draft('scopes', '[')).toEqual([1, ['src/auth/scopes.jsonc']]);
  });

  test('no report takes the place of a file of the project, and secret values are in none', async () => {
    const report = (file: string) => run(['validate', '--format', `json=${file}`], { cwd: project.root });
    for (const file of ['makecomapp.json', 'src/auth/api.json', 'top.iml.json', 'connection/main.common.json']) {
      const before = readFileSync(project.path(file), 'utf8');
      expect((await report(file)).stderr).toContain('is part of the project');
      expect(readFileSync(project.path(file), 'utf8')).toBe(before);
    }
    expect((await report('modules.json')).code).toBe(0);
    project.write('connection/main.common.json', '{ "clientSecret": "hush-hush" ');
    const harness = await start(['harness', '--port', '0'], project.root);
    const pushed = await run(['push', '--origin', 'harness', '--yes'], { cwd: project.root });
    await harness.stop();
    expect(pushed.code).toBe(1);
    expect(pushed.stdout + pushed.stderr).toContain('connection/main.common.json');
    expect(pushed.stdout + pushed.stderr).not.toContain('hush');
  });

  test('a harness is seeded with all that the manifest names', async () => {
    project.manifest({}, { origins: [{ label: 'Here', baseUrl: 'https://eu1.make.com/api', appId: 'mine-ab12cd' }] });
    const harness = await start(['harness', '--port', '0'], project.root);
    const seeded = await run(['harness', 'seed'], { cwd: project.root });
    expect(seeded.stderr).toContain('Seeded 3 connections');
    await harness.stop();
  });
});

/** Starts a command that watches; every round of `validate` is a line of JSON on stdout. */
function watching(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [BINARY, ...args], {
    cwd: project.root,
    env: environmentOf(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, talk] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    talk += chunk;
  });
  children.push(child);
  const rounds = () => out.split('\n').slice(0, -1);
  const codes = () => {
    const last = rounds().at(-1);
    const diagnostics = last === undefined ? [{ code: 'not yet' }] : JSON.parse(last).diagnostics;
    return diagnostics
      .filter(({ severity }: { severity: string }) => severity !== 'info')
      .map(({ code }: { code: string }) => code);
  };
  return { talk: () => talk, codes, rounds };
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** As editors save: a new file takes the place of the old one. */
function replace(file: string, text: string): void {
  writeFileSync(`${project.path(file)}.new`, text);
  renameSync(`${project.path(file)}.new`, project.path(file));
}

describe('watching, in Make’s own layout', () => {
  test('validate --watch follows saves wherever the manifest says that files are', async () => {
    const { codes } = watching('validate', '--watch', '--json');
    await expect.poll(codes, WAIT).toEqual([]);
    for (const file of ['connection/main.communication.iml.json', 'src/auth/api.json', 'top.iml.json']) {
      project.write(file, '{');
      await expect.poll(codes, WAIT).toEqual(['source/syntax']);
      replace(file, apiAt('again'));
      await expect.poll(codes, WAIT).toEqual([]);
    }
    rmSync(project.path('src'), { recursive: true });
    await expect.poll(codes, WAIT).toEqual(['project/missing-file', 'project/missing-file']);
    project.write('src/auth/api.json', apiAt('deep'));
    project.write('src/forms/auth.json', PARAMS);
    await expect.poll(codes, WAIT).toEqual([]);
  });

  test('validate --watch follows the manifest to files and folders that come later', async () => {
    const { codes } = watching('validate', '--watch', '--json');
    await expect.poll(codes, WAIT).toEqual([]);
    const { top } = project.connections;
    const codeFiles = { communication: 'late/er/api.json', params: 'top.params.json', common: null };
    project.manifest({ top: { ...top, codeFiles } });
    await expect.poll(codes, WAIT).toEqual(['project/missing-file']);
    mkdirSync(project.path('late'));
    project.write('late/er/api.json', apiAt('later'));
    await expect.poll(codes, WAIT).toEqual([]);
    replace('late/er/api.json', '{');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
    // The file that was named before does not count any more.
    project.write('top.iml.json', '{');
    replace('late/er/api.json', apiAt('later'));
    await expect.poll(codes, WAIT).toEqual([]);
    const manifest = readFileSync(project.path('makecomapp.json'), 'utf8');
    replace('makecomapp.json', '{');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
    rmSync(project.path('makecomapp.json'));
    await expect.poll(codes, WAIT).toEqual(['project/not-found']);
    replace('makecomapp.json', manifest);
    await expect.poll(codes, WAIT).toEqual([]);
    replace('late/er/api.json', '[');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
  });

  test('what is not the project’s brings no round', async () => {
    const { codes, rounds } = watching('validate', '--watch', '--json');
    await expect.poll(codes, WAIT).toEqual([]);
    await new Promise((done) => setTimeout(done, 400));
    const before = rounds().length;
    project.write('modules/list.iml.json', '{');
    project.write('src/auth/notes.txt', 'later');
    await new Promise((done) => setTimeout(done, 400));
    expect(rounds()).toHaveLength(before);
    project.write('src/auth/api.json', '{');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
  });

  test('types --watch prints what a file anywhere declares', async () => {
    const { talk } = watching('types', '--watch');
    const types = () =>
      existsSync(project.path('connector.d.ts')) ? readFileSync(project.path('connector.d.ts'), 'utf8') : '';
    await expect.poll(types, WAIT).toContain('apiKey');
    replace('src/forms/auth.json', PARAMS.replace('apiKey', 'anotherKey'));
    await expect.poll(types, WAIT).toContain('anotherKey');
    replace('src/forms/auth.json', '[');
    await expect.poll(talk, WAIT).toContain('src/forms/auth.json');
    replace('src/forms/auth.json', PARAMS.replace('apiKey', 'lastKey'));
    await expect.poll(types, WAIT).toContain('lastKey');
  });

  test('dev pushes what a file anywhere says', async () => {
    project.manifest({}, { origins: [{ label: 'Here', baseUrl: 'https://eu1.make.com/api', appId: 'mine-ab12cd' }] });
    const dev = await start(['dev', '--port', '0'], project.root);
    await expect.poll(dev.talk, WAIT).toContain('pushed');
    const before = dev.talk().length;
    replace('src/auth/api.json', apiAt('changed'));
    await expect.poll(() => dev.talk().slice(before), WAIT).toContain('pushed');
    replace('top.iml.json', '{');
    await expect.poll(() => dev.talk().slice(before), WAIT).toContain(join('top.iml.json'));
    expect(await dev.stop('SIGINT')).toBe(0);
  });
});
