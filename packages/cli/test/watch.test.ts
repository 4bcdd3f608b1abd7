import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';
import { projectFrom } from './project.ts';

const WAIT = { timeout: 10_000, interval: 20 };

let project: string;
let child: ChildProcess | undefined;
let rounds: { code: number; diagnostics: { code: string; file?: string }[] }[];
let talk: string;

beforeEach(async () => {
  project = await projectFrom('api-key');
});
afterEach(() => child?.kill('SIGKILL'));

/** Starts watching; every round is a line of JSON on stdout. */
async function watch(...args: string[]): Promise<void> {
  rounds = [];
  talk = '';
  let rest = '';
  child = spawn(process.execPath, [BINARY, 'validate', '--watch', '--json', ...args], {
    cwd: project,
    env: environmentOf(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (chunk) => {
    talk += chunk;
  });
  child.stdout?.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    rounds.push(...lines.map((line) => JSON.parse(line)));
  });
  await expect.poll(() => rounds.length, WAIT).toBeGreaterThan(0);
}

const path = (...parts: string[]) => join(project, 'connections', ...parts);
const shown = () => rounds.at(-1)?.diagnostics;
const codes = () => shown()?.map(({ code }) => code);
const fresh = async () => JSON.parse((await run(['validate', '--json'], { cwd: project })).stdout).diagnostics;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe('validate --watch', () => {
  test('follows saves, atomic saves, new and renamed and deleted connections, and ends with Ctrl-C', async () => {
    await watch();
    expect(codes()).toEqual([]);
    const before = readFileSync(path('main/api.jsonc'), 'utf8');
    writeFileSync(path('main/api.jsonc'), '{');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
    // As editors save: a new file takes the place of the old one.
    writeFileSync(path('main/.api.jsonc.swp'), before);
    renameSync(path('main/.api.jsonc.swp'), path('main/api.jsonc'));
    await expect.poll(codes, WAIT).toEqual([]);
    cpSync(path('main'), path('other'), { recursive: true });
    writeFileSync(path('other/paramters.jsonc'), '[]');
    await expect.poll(codes, WAIT).toEqual(['project/unknown-file']);
    renameSync(path('other'), path('another'));
    await expect.poll(() => shown()?.[0]?.file, WAIT).toBe('connections/another/paramters.jsonc');
    rmSync(path('another'), { recursive: true });
    await expect.poll(codes, WAIT).toEqual([]);
    child?.kill('SIGINT');
    expect(await new Promise((done) => child?.once('exit', done))).toBe(0);
    expect(talk).toContain('Stopped.');
  });

  test('survives that the project is gone for a while', async () => {
    await watch();
    const marker = join(project, 'connector.json');
    const text = readFileSync(marker, 'utf8');
    rmSync(marker);
    await expect.poll(codes, WAIT).toEqual(['project/not-found']);
    writeFileSync(marker, text);
    await expect.poll(codes, WAIT).toEqual([]);
    renameSync(path(), join(project, 'away'));
    await expect.poll(codes, WAIT).toEqual(['project/no-connections']);
    renameSync(join(project, 'away'), path());
    await expect.poll(codes, WAIT).toEqual([]);
    writeFileSync(path('main/api.jsonc'), '[');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
  });

  test('follows a branch that is switched', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: project, stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    git('checkout', '--quiet', '-b', 'topic');
    for (let index = 0; index < 30; index++) cpSync(path('main'), path(`c${index}`), { recursive: true });
    writeFileSync(path('c7/api.jsonc'), '{');
    git('rm', '-r', '--quiet', 'connections/main');
    git('add', '.');
    git('commit', '--quiet', '-m', 'two');
    await watch();
    expect(codes()).toEqual(['source/syntax']);
    git('checkout', '--quiet', 'main');
    await expect.poll(codes, WAIT).toEqual([]);
    git('checkout', '--quiet', 'topic');
    // While git writes, some files are empty for a moment.
    await expect.poll(shown, WAIT).toEqual(await fresh());
    expect(codes()).toEqual(['source/syntax']);
  });

  test('looks only at what changed, and keeps reports in step', async () => {
    for (let index = 0; index < 20; index++) cpSync(path('main'), path(`c${index}`), { recursive: true });
    await watch('--format', 'sarif=report.sarif', 'main', 'c1');
    writeFileSync(path('c2/api.jsonc'), '{');
    writeFileSync(path('c1/api.jsonc'), '{');
    await expect.poll(() => shown()?.map(({ file }) => file), WAIT).toEqual(['connections/c1/api.jsonc']);
    const results = () => JSON.parse(readFileSync(join(project, 'report.sarif'), 'utf8')).runs[0].results;
    expect(results()).toHaveLength(1);
    child?.kill('SIGINT');
    await new Promise((done) => child?.once('exit', done));
    expect(results()).toHaveLength(1);
  });
});

const TEXTS = ['{', '', '{ "url": "https://a.acme.test/", }', '{ "url": "/me" }', '[1,', '{ "urll": 1 }', '\ufeff{}'];

/** Random numbers that are the same in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('after a thousand saves, renames and deletes, what is shown is what a fresh run finds', {
  timeout: 120_000,
}, async () => {
  const random = randomFrom(20261122);
  const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item;
  for (let index = 0; index < 15; index++) cpSync(path('main'), path(`c${index}`), { recursive: true });
  const spare = temporaryFolder();
  cpSync(path('main'), join(spare, 'main'), { recursive: true });
  const good = readFileSync(path('main/api.jsonc'), 'utf8');
  const manifest = readFileSync(join(project, 'connector.json'), 'utf8');
  await watch();
  const file = () =>
    path(pick(readdirSync(path())), pick(['api.jsonc', 'parameters.jsonc', 'scopes.jsonc', 'connection.json']));
  const text = () => (random(2) === 0 ? good : pick(TEXTS));
  const deeds: readonly (() => void)[] = [
    () => writeFileSync(file(), text()),
    () => writeFileSync(file(), text()),
    () => writeFileSync(file(), text()),
    () => {
      const target = file();
      writeFileSync(`${target}~`, text());
      renameSync(`${target}~`, target);
    },
    () => rmSync(file(), { force: true }),
    () => {
      const [from, to] = [file(), file()];
      if (existsSync(from)) renameSync(from, to);
    },
    () => {
      const to = path(`r${random(30)}`);
      const from = path(pick(readdirSync(path())));
      if (!existsSync(to)) renameSync(from, to);
    },
    () => {
      if (readdirSync(path()).length > 8) rmSync(path(pick(readdirSync(path()))), { recursive: true });
    },
    () => cpSync(join(spare, 'main'), path(`n${random(20)}`), { recursive: true }),
    () => {
      writeFileSync(join(project, 'connector.json'), pick([manifest, manifest, '{ "name": 7 }', '{']));
    },
    () => {
      renameSync(path(), join(project, 'away'));
      renameSync(join(project, 'away'), path());
    },
  ];
  const started = performance.now();
  for (let count = 0; count < 1000; count++) {
    pick(deeds)();
    await pause(random(30));
  }
  writeFileSync(join(project, 'connector.json'), manifest);
  mkdirSync(path('last'), { recursive: true });
  writeFileSync(path('last/connection.json'), '{ "type": "last" }');
  expect(performance.now() - started).toBeLessThan(60_000);
  const expected = await fresh();
  await expect.poll(shown, WAIT).toEqual(expected);
  expect(expected.length).toBeGreaterThan(3);
  // And it stays so.
  await pause(400);
  expect(shown()).toEqual(expected);
  expect(child?.exitCode).toBeNull();
  expect(rounds.length).toBeGreaterThan(100);
});
