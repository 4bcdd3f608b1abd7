import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SECTIONS } from '@connectorkit/sdk';
import { openProjectIn } from '@connectorkit/sdk/node';
import { describe, expect, test } from 'vitest';
import { environmentOf, run, temporaryFolder } from './connector.ts';
import { giveHosts } from './project.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const onShelf = (shelf: string) =>
  readdirSync(join(ROOT, shelf), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ shelf, name, option: `--${shelf.slice(0, -1)}` }));
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

describe.each([...onShelf('templates'), ...onShelf('examples')])('$option $name', ({ shelf, name, option }) => {
  test('is created, validates with no more to say than that its hosts are placeholders, and has types', async () => {
    const cwd = temporaryFolder();
    const created = await run(['create', 'my-app-2', option, name], { cwd });
    expect(created).toMatchObject({ code: 0, stdout: '' });
    expect(created.stderr.trimEnd().split('\n').at(-1)).toMatch(/connector dev$/);
    expect(readdirSync(cwd)).toEqual(['my-app-2']);

    const project = join(cwd, 'my-app-2');
    expect(json(project, 'connector.json')).toMatchObject({ name: 'my-app-2' });
    const label = shelf === 'templates' ? 'My App 2' : json(ROOT, shelf, name, 'connector.json').label;
    expect(json(project, 'connector.json').label).toBe(label);
    expect(json(project, 'package.json').name).toBe('my-app-2');
    // A build of the sources made it, and nothing can be installed of that.
    expect(json(project, 'package.json').devDependencies).toBeUndefined();
    execFileSync('git', ['init', '--quiet'], { cwd: project });
    const secret = ['common.local.json', '.common.local.json.4711.abc.tmp'].map((file) => `connections/main/${file}`);
    const ignored = execFileSync('git', ['check-ignore', ...secret], { cwd: project, encoding: 'utf8' });
    expect(ignored.trimEnd().split('\n')).toEqual(secret);
    expect(readdirSync(project).filter((entry) => entry.startsWith('_'))).toEqual([]);

    const validated = await run(['validate', '--json'], { cwd: project });
    const said = JSON.parse(validated.stdout).diagnostics.map((each: { code: string }) => each.code);
    expect([...new Set(said)]).toEqual(shelf === 'templates' ? ['request/placeholder-host'] : []);
    // With --strict, warnings fail the tests; what is signed in them holds the hosts.
    const strictly = shelf === 'examples' ? ['--strict'] : [];
    expect(await run(['test', ...strictly], { cwd: project })).toMatchObject({ code: 0 });
    if (shelf === 'templates') giveHosts(project);
    expect(await run(['validate', '--max-warnings', '0'], { cwd: project })).toMatchObject({ code: 0, stdout: '' });
    // Examples come with their types.
    if (shelf === 'templates') expect((await run(['types', '--check'], { cwd: project })).code).toBe(1);
    else expect(await run(['types', '--check'], { cwd: project })).toMatchObject({ code: 0, stdout: '' });
    expect((await run(['types'], { cwd: project })).code).toBe(0);
    expect(existsSync(join(project, 'connector.d.ts'))).toBe(true);
    expect(await run(['types', '--check'], { cwd: project })).toMatchObject({ code: 0, stdout: '' });
    expect(existsSync(join(project, '.vscode', 'settings.json'))).toBe(true);
  });
});

test('the examples use each section at least twice', () => {
  const connections = onShelf('examples').flatMap(
    ({ name }) => openProjectIn(join(ROOT, 'examples', name)).connections,
  );
  expect(connections.length).toBeGreaterThan(10);
  const uses = SECTIONS.map(({ name }) => [
    name,
    connections.filter(({ sections }) => sections[name] !== undefined).length,
  ]);
  expect(uses.filter(([, count]) => Number(count) < 2)).toEqual([]);
});

describe('where it is created', () => {
  const create = (cwd: string, ...more: string[]) =>
    run(['create', 'my-app', '--template', 'api-key', ...more], { cwd });

  test('nowhere, when something is there', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'my-app'));
    writeFileSync(join(cwd, 'my-app', 'mine.txt'), 'mine');
    const { code, stderr } = await create(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('create/not-empty');
    expect(readdirSync(cwd)).toEqual(['my-app']);
    expect(readdirSync(join(cwd, 'my-app'))).toEqual(['mine.txt']);
  });

  test('in an empty folder that is there, also the one that one stands in', async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await create(cwd, '--folder', '.');
    expect(code).toBe(0);
    expect(stderr).not.toContain('cd ');
    expect(readdirSync(cwd)).toContain('connector.json');
  });

  test('in this folder and named after it, when its name is a dot', async () => {
    const cwd = join(temporaryFolder(), 'My Shop');
    mkdirSync(cwd);
    const { code, stderr } = await run(['create', '.', '--template', 'api-key'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Created my-shop in this folder.') });
    const read = (file: string) => JSON.parse(readFileSync(join(cwd, file), 'utf8'));
    expect([read('connector.json').name, read('package.json').name]).toEqual(['my-shop', 'my-shop']);
    expect(read('package.json').description).toBeUndefined();
    const accented = join(temporaryFolder(), 'Éclair Ünit');
    mkdirSync(join(accented, '.git'), { recursive: true });
    expect((await run(['create', '.', '--template', 'api-key'], { cwd: accented })).stderr).toContain('eclair-unit');
    const nameless = join(cwd, '42');
    mkdirSync(nameless);
    expect((await run(['create', '.', '--template', 'api-key'], { cwd: nameless })).stderr).toContain('--folder .');
  });

  test('in a folder that is named', async () => {
    const cwd = temporaryFolder();
    expect((await create(cwd, '--folder', 'a/b')).stderr).toContain('cd a/b');
    expect(existsSync(join(cwd, 'a', 'b', 'connector.json'))).toBe(true);
    expect(readdirSync(join(cwd, 'a'))).toEqual(['b']);
  });

  test('a template and an example at once are refused', async () => {
    const { code, stderr } = await create(temporaryFolder(), '--example', 'github-oauth');
    expect(code).toBe(2);
    expect(stderr).toContain('--template and --example');
  });
});

test('create-connector is the same under its own name', () => {
  const cwd = temporaryFolder();
  const program = join(ROOT, 'packages', 'create-connector', 'create-connector.js');
  const call = (...argv: string[]) =>
    execFileSync(process.execPath, [program, ...argv], { cwd, env: environmentOf(), encoding: 'utf8', stdio: 'pipe' });
  const help = call('--help');
  expect(help).toContain('create-connector <name> [options]');
  expect(help).not.toContain('connector create');
  call('my-app', '--template', 'api-key');
  expect(existsSync(join(cwd, 'my-app', 'connector.json'))).toBe(true);
});

test('a folder that cannot be made is said to be so, with the reason, and one with a space is quoted', async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'file'), '');
  symlinkSync('nowhere', join(cwd, 'link'));
  const args = (folder: string) => ['create', 'my-app', '--template', 'api-key', '--folder', folder];
  for (const [folder, reason] of [
    ['file/app', '\\(ENOTDIR\\)'],
    ['x'.repeat(300), '\\(ENAMETOOLONG\\)'],
    ['link/app', 'a link that leads nowhere is in its place'],
  ] as const) {
    const { code, stderr } = await run(args(folder), { cwd });
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([2, expect.stringMatching(`create/folder .*${reason}\\.`)]);
  }
  expect(readdirSync(cwd)).toEqual(['file', 'link']);
  expect((await run(args('my $app'), { cwd })).stderr).toContain('\n  cd "my \\$app"\n');
});
