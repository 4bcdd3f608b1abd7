import { Readable } from 'node:stream';
import { createHarness, type Harness } from '@connectorkit/harness';
import { filesIn } from '@connectorkit/sdk/node';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { credentialsOf } from '../src/credentials.ts';
import { openLocalState } from '../src/local-state/index.ts';
import { takeStartLock } from '../src/local-state/start-lock.ts';
import { rangeOfMaker } from '../src/made-by.ts';
import { main } from '../src/main.ts';
import type { WindowsDisk } from './windows-disk.ts';

/* The sources, run with the paths of Windows on a disk that behaves as one there. */

const { fs, system, simulated } = vi.hoisted(() => {
  const platform = process.platform;
  const { tmpdir } = process.getBuiltinModule('node:os');
  const fs = process.getBuiltinModule('node:fs');
  const folder = fs.mkdtempSync(`${fs.realpathSync(tmpdir())}/windows-`);
  Object.defineProperty(process, 'platform', { value: 'win32' });
  return {
    fs,
    system: platform,
    simulated: { folder, disk: undefined as unknown },
  };
});
vi.mock('node:path', async (original) => {
  const { win32 } = await original<typeof import('node:path')>();
  return { ...win32, default: win32 };
});
vi.mock('node:fs', async (original) => {
  const { windowsDisk } = await import('./windows-disk.ts');
  const disk = windowsDisk(await original<typeof import('node:fs')>(), simulated.folder);
  simulated.disk = disk;
  if (system === 'win32') return original();
  return { ...disk.fs, default: disk.fs };
});
afterAll(() => {
  Object.defineProperty(process, 'platform', { value: system });
  fs.rmSync(simulated.folder, { recursive: true, force: true });
});

const disk = simulated.disk as WindowsDisk;
const WORK = 'C:\\Users\\Ada Lovelace\\Work';
const environment = { APPDATA: 'C:\\Users\\Ada Lovelace\\AppData\\Roaming' };

/** There is nothing to simulate. */
const REAL = system === 'win32';

beforeEach(() => disk.hold(0));
afterEach(() => {
  for (const drive of fs.readdirSync(simulated.folder)) fs.rmSync(`${simulated.folder}/${drive}`, { recursive: true });
});

async function run(cwd: string, ...args: string[]) {
  const texts = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (chunk: string | Uint8Array) => {
      texts[name] += String(chunk);
    },
  });
  fs.mkdirSync(disk.place(cwd), { recursive: true });
  const streams = { stdin: Readable.from([]), stdout: sink('stdout'), stderr: sink('stderr') };
  return { code: await main(args, { cwd, environment, ...streams }), ...texts };
}

/** What is in a folder and below it, as this machine sees it. */
const listed = (path: string) => (fs.readdirSync(disk.place(path), { recursive: true }) as string[]).sort();
const textOf = (path: string) => fs.readFileSync(disk.place(path), 'utf8');

describe.skipIf(REAL)('a project is created', () => {
  test.each([
    ['in a folder with a space', WORK, 'my-app', `${WORK}\\my-app`, 'cd my-app'],
    ['on another drive', WORK, 'D:\\Own Work\\my-app', 'D:\\Own Work\\my-app', 'cd "D:\\Own Work\\my-app"'],
    ['on a share', '\\\\server\\share\\work', 'sub/my-app', '\\\\server\\share\\work\\sub\\my-app', 'cd sub\\my-app'],
    ['from the top of a drive', 'C:\\', 'my-app', 'C:\\my-app', 'cd my-app'],
    ['in a folder that is there in another case', WORK, '..\\WORK\\my-app', `${WORK}\\my-app`, 'cd my-app'],
  ])('%s', async (_, cwd, folder, target, next) => {
    const made = await run(cwd, 'create', 'my-app', '--template', 'api-key', '--folder', folder);
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining(`\n  ${next}\n`)]);
    expect(listed(target)).toEqual(
      expect.arrayContaining([
        '.gitignore',
        '.github/workflows/connector.yml',
        'connections/main/tests/main.test.jsonc',
      ]),
    );
    expect(listed(target).filter((path) => /(^|\/)_|template\.json|node_modules/.test(path))).toEqual([]);
    // Nothing is left beside it.
    expect(listed(`${target}\\..`).filter((path) => path.startsWith('.my-app'))).toEqual([]);
    const settings = JSON.parse(textOf(`${target}\\.vscode\\settings.json`));
    expect(JSON.stringify(settings)).not.toContain('\\\\');
    const validated = await run(target, 'validate', '--json');
    expect(
      JSON.parse(validated.stdout).diagnostics.map(({ code, file }: Record<string, string>) => [code, file]),
    ).toEqual([['request/placeholder-host', 'connections/main/api.jsonc']]);
  });

  test.each(['aux', 'Work\\nul.d', 'a<b', 'file.txt\\app'])('not in %s, and it says so', async (folder) => {
    fs.mkdirSync(disk.place(WORK), { recursive: true });
    fs.writeFileSync(disk.place(`${WORK}\\file.txt`), '');
    const refused = await run(WORK, 'create', 'my-app', '--template', 'api-key', '--folder', folder);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/create\/folder[\s\S]*Choose another/)]);
    expect(listed(WORK)).toEqual(['file.txt']);
  });

  test('although a virus scanner holds each file for a moment', async () => {
    disk.hold(3);
    expect(await run(WORK, 'create', 'my-app', '--example', 'github-oauth')).toMatchObject({ code: 0 });
    expect(disk.refused()).toBeGreaterThan(3);
    expect((await run(`${WORK}\\my-app`, 'test')).code).toBe(0);
  });

  test('and depends on the tarball that made it, on whatever drive', () => {
    const lock = { packages: { 'node_modules/@connectorkit/cli': { resolved: 'file:../packs/cli.tgz' } } };
    for (const path of ['C:\\home\\node_modules\\@connectorkit\\cli', 'C:\\packs'])
      fs.mkdirSync(disk.place(path), { recursive: true });
    fs.writeFileSync(disk.place('C:\\home\\node_modules\\.package-lock.json'), JSON.stringify(lock));
    fs.writeFileSync(disk.place('C:\\packs\\cli.tgz'), '');
    const own = 'C:\\home\\node_modules\\@connectorkit\\cli\\';
    expect(rangeOfMaker('C:\\work\\mine', own)).toBe('file:../../packs/cli.tgz');
    expect(rangeOfMaker('D:\\work\\mine', own)).toBe('file:C:/packs/cli.tgz');
  });
});

describe.skipIf(REAL)('a connection', () => {
  const project = `${WORK}\\my-app`;
  beforeEach(async () => {
    expect((await run(WORK, 'create', 'my-app', '--template', 'api-key')).code).toBe(0);
  });

  test.each(['con', 'Aux', 'COM1', 'MAIN', 'a b', 'a.'])('cannot be added as %s', async (id) => {
    const before = listed(project);
    const added = await run(project, 'add', id, '--template', 'oauth2');
    expect([added.code, added.stderr]).toEqual([2, expect.stringContaining('project/connection-id')]);
    expect(listed(project)).toEqual(before);
  });

  test('is added with its tests', async () => {
    const added = await run(project, 'add', 'second', '--template', 'oauth2');
    expect([added.code, added.stdout]).toEqual([0, expect.stringContaining('connections/second/api.jsonc\n')]);
    expect(listed(project)).toContain('connections/second/tests/main.test.jsonc');
    expect((await run(project, 'test')).code).toBe(0);
  });

  test('gets a name that differs in case alone', async () => {
    fs.writeFileSync(disk.place(`${project}\\connections\\main\\common.local.json`), '{}');
    const renamed = await run(project, 'rename', 'main', 'Main');
    expect([renamed.code, renamed.stderr]).toEqual([0, expect.stringContaining('main is called Main now')]);
    expect(fs.readdirSync(disk.place(`${project}\\connections`))).toEqual(['Main']);
    expect(listed(project)).toEqual(
      expect.arrayContaining(['connections/Main/api.jsonc', 'connections/Main/tests/main.test.jsonc']),
    );
    expect((await run(project, 'validate', 'Main')).code).toBe(0);
  });
});

/** A harness of this machine: there is no SQLite for the one that is simulated. */
async function createHarnessHere(): Promise<Harness> {
  Object.defineProperty(process, 'platform', { value: system });
  try {
    return await createHarness({ store: 'memory' });
  } finally {
    Object.defineProperty(process, 'platform', { value: 'win32' });
  }
}

describe.skipIf(REAL)('the local state', () => {
  const project = `${WORK}\\my-app`;
  const state = () => openLocalState(filesIn(project), environment);

  test('is kept and believed, however the path of the folder is written', async () => {
    await run(WORK, 'create', 'my-app', '--example', 'github-oauth');
    disk.hold(2);
    const harness = await createHarnessHere();
    try {
      const { url, token, controlToken: control } = harness;
      state().update('harness', () => ({ url, token, control, pid: process.pid }));
      expect(await run(project, 'push')).toMatchObject({ code: 0 });
      expect(listed(project)).toEqual(
        expect.arrayContaining(['.connector/.gitignore', '.connector/harness.json', '.connector/lock.json']),
      );
      const elsewhere = project.replace('C:', 'c:').toUpperCase();
      for (const folder of [project, elsewhere, `${project}\\connections`]) {
        const same = await run(folder, 'diff', '--exit-code');
        expect([folder, same.code, same.stderr]).toEqual([folder, 0, expect.not.stringContaining('left aside')]);
      }
      const file = `${project}\\connections\\github\\scope.jsonc`;
      fs.writeFileSync(disk.place(file), `// ours\n${textOf(file)}`);
      expect((await run(project, 'push', '--json')).code).toBe(0);
      const snapshots = fs.readdirSync(disk.place(`${project}\\.connector\\snapshots`));
      expect(snapshots.length).toBeGreaterThan(0);
      expect(snapshots.filter((name) => !/^[\w-]+\.json$/.test(name))).toEqual([]);
      expect(await run(project, 'rollback', '--yes')).toMatchObject({ code: 0 });
      expect((await run(project, 'diff', '--exit-code')).code).toBe(3);
      expect(disk.refused()).toBeGreaterThan(0);
    } finally {
      await harness.close();
    }
  });

  test('has a lock that is taken although the last one is still being removed', async () => {
    const { signal } = new AbortController();
    const file = `${project}\\.connector\\harness.lock`;
    disk.hold(3);
    const lock = await takeStartLock(file, { signal });
    expect([lock.isHeld(), disk.refused()]).toEqual([true, 3]);
    lock.release();
    disk.hold(Number.POSITIVE_INFINITY);
    await expect(takeStartLock(file, { signal })).rejects.toMatchObject({ code: 'EPERM' });
  });
});

test.skipIf(REAL)('credentials are kept in the folder of the user that Windows has for them', () => {
  disk.hold(2);
  const at = { platform: 'make', url: 'https://eu1.make.com/api/v2' };
  const { file, keep } = credentialsOf(environment);
  expect(file).toBe('C:\\Users\\Ada Lovelace\\AppData\\Roaming\\connectorkit\\credentials.json');
  keep(at, 'one');
  disk.hold(2);
  keep({ ...at, platform: 'workato' }, 'two');
  expect(disk.refused()).toBe(2);
  const { token, forget } = credentialsOf({ APPDATA: environment.APPDATA.toUpperCase() });
  expect([token(at), forget(at), token(at)]).toEqual(['one', true, undefined]);
  // Nothing is left beside it.
  expect(fs.readdirSync(disk.place(`${file}\\..`))).toEqual(['credentials.json']);
});
