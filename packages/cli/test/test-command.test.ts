import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';
import { makeProject } from './make-project.ts';
import { newProject, projectFrom } from './project.ts';

const WAIT = { timeout: 10_000, interval: 20 };
const TESTS = 'connections/main/tests/main.test.jsonc';

let project: string;
beforeEach(async () => {
  project = await projectFrom('api-key');
});

const at = (file: string) => join(project, file);
const edit = (file: string, from: string, to: string) => {
  const text = readFileSync(at(file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(at(file), text.replace(from, to));
};
async function json(...args: readonly string[]) {
  const { code, stdout, stderr } = await run(['test', ...args, '--json'], { cwd: project });
  return { ...JSON.parse(stdout), code, stderr };
}

describe('connector test', () => {
  test('passes for a project as it was created, and for the example', async () => {
    expect(await json('--strict')).toMatchObject({ code: 0, data: { passed: 4, failed: 0 }, diagnostics: [] });
    const { code, stderr } = await run(['test', '--strict'], { cwd: await newProject() });
    expect([code, stderr]).toEqual([0, '7 cases passed in 1 file of 1 connection.\n']);
  });

  test('shows a failure at the line of the test, at the line of the section, and with a diff', async () => {
    edit('connections/main/api.jsonc', 'Bearer {{', 'Token {{');
    const { code, stdout, stderr } = await run(['test'], { cwd: project });
    expect(code).toBe(1);
    expect(stderr).toBe('1 of 4 cases failed in 1 file of 1 connection.\n');
    expect(stdout).toContain(`${TESTS}:13:43 error test/request`);
    expect(stdout).toContain('The section makes it here. connections/main/api.jsonc:5:22');
    expect(stdout).toContain('    -authorization: Bearer key-1\n    +authorization: Token key-1\n');
  });

  test('fails for what cannot be read, and for sections with errors', async () => {
    writeFileSync(at('connections/main/tests/broken.test.jsonc'), '{ "cases": [ }');
    const broken = await json();
    expect(broken).toMatchObject({ code: 1, data: { passed: 4, failed: 0 } });
    expect(broken.diagnostics).toMatchObject([
      { code: 'source/syntax', file: 'connections/main/tests/broken.test.jsonc' },
    ]);
    rmSync(at('connections/main/tests/broken.test.jsonc'));
    edit('connections/main/api.jsonc', '"url"', '"ulr"');
    expect(await json()).toMatchObject({ code: 1, data: { passed: 0 }, diagnostics: [{ code: 'schema/unknown-key' }] });
    writeFileSync(at('connections/main/connection.json'), '{');
    expect((await json()).code).toBe(1);
  });

  test('says that there are no tests, and fails for it with --strict', async () => {
    cpSync(at('connections/main'), at('connections/other'), { recursive: true });
    rmSync(at('connections/other/tests'), { recursive: true });
    const told = await json();
    expect(told).toMatchObject({ code: 0, diagnostics: [{ code: 'test/none', severity: 'warning' }] });
    expect(told.diagnostics[0].message).toContain('other');
    expect(await json('--strict')).toMatchObject({ code: 1, diagnostics: [{ code: 'test/none', severity: 'error' }] });
    expect(await json('main', '--strict')).toMatchObject({ code: 0, diagnostics: [] });
    expect((await json('none')).code).toBe(2);
  });

  test('needs no network and leaves nothing behind', async () => {
    const before = readdirSync(project, { recursive: true, encoding: 'utf8' }).sort();
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    expect((await run(['test', '--strict'], { cwd: project, env })).code).toBe(0);
    expect(readdirSync(project, { recursive: true, encoding: 'utf8' }).sort()).toEqual(before);
  });

  test.each([
    [['--watch', '--update'], 'usage/arguments'],
    [['--watch', '--changed'], 'usage/arguments'],
    [['--yes'], 'usage/arguments'],
    [['--lcov', 'no/such/folder/a.info'], 'output/unwritable'],
  ])('%j is refused', async (args, code) => {
    const refused = await json(...args);
    expect([refused.code, refused.diagnostics[0].code]).toEqual([2, code]);
  });
});

describe('reports', () => {
  test('JUnit has a suite for each file, with a case for each case', async () => {
    edit('connections/main/api.jsonc', 'Bearer {{', 'Token {{');
    const { stdout } = await run(['test', '--format', 'junit'], { cwd: project });
    expect(stdout).toMatch(/<testsuite id="0" name="[^"]*main\.test\.jsonc" .*tests="4" failures="1" errors="0"/);
    expect(stdout).toContain('<testcase name="a refusal with 401 is told in the words of the API"');
    expect(stdout).toContain('<failure type="test/request"');
    expect(stdout).toContain('-authorization: Bearer key-1');
    const concise = await run(['test', '--format', 'concise'], { cwd: project });
    expect(concise.stdout).toMatch(new RegExp(`^${TESTS}:13:43: error "a key is proved.*\\[test/request\\]\n$`));
    const github = await run(['test', '--format', 'github'], { cwd: project });
    expect(github.stdout).toMatch(/^::error title=test\/request,file=.*main\.test\.jsonc,line=13/);
  });

  test('coverage is told in words, as JSON, and as LCOV', async () => {
    const text = readFileSync(at(TESTS), 'utf8');
    writeFileSync(at(TESTS), text.replace(/,\s*\{\s*"name": "a refusal[\s\S]*?\n {4}\}(?=\n {2}\])/, ''));
    const { stdout } = await run(['test', '--coverage'], { cwd: project });
    expect(stdout).toContain('connections/main/api.jsonc: tests reach');
    expect(stdout).toContain('response.error.message is never evaluated');
    const { data } = await json('--coverage', '--lcov', 'lcov.info');
    expect(data.coverage[0].missing.map(({ kind }: { kind: string }) => kind)).toEqual(['error', 'expression']);
    expect(readFileSync(at('lcov.info'), 'utf8')).toMatch(
      /^TN:main\nSF:connections\/main\/api\.jsonc\n[\s\S]*end_of_record\n$/,
    );
  });
});

describe('--update', () => {
  test('shows what it would write, writes on demand, and keeps comments', async () => {
    edit('connections/main/api.jsonc', 'Bearer {{', 'Token {{');
    const before = readFileSync(at(TESTS), 'utf8');
    const shown = await json('--update');
    expect(shown).toMatchObject({
      code: 1,
      data: { updated: [TESTS], written: false },
      next: ['connector test --update --yes'],
    });
    expect(readFileSync(at(TESTS), 'utf8')).toBe(before);
    const { stdout } = await run(['test', '--update'], { cwd: project });
    expect(stdout).toContain('    +            "headers": { "authorization": "Token key-1" }\n');
    expect(await json('--update', '--yes')).toMatchObject({
      code: 0,
      data: { updated: [TESTS], written: true, failed: 0 },
    });
    expect(readFileSync(at(TESTS), 'utf8')).toBe(before.replace('Bearer key-1', 'Token key-1'));
    expect(await json('--update', '--yes')).toMatchObject({ code: 0, data: { updated: [], written: false } });
  });
});

describe('--changed', () => {
  test('runs the connections that changed, and of tests that changed only those', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', ...args], {
        cwd: project,
      });
    cpSync(at('connections/main'), at('connections/other'), { recursive: true });
    cpSync(at(TESTS), at('connections/main/tests/second.test.jsonc'));
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    expect(await json('--changed')).toMatchObject({ code: 0, data: { passed: 0, failed: 0 } });
    edit(TESTS, '"key-1"', '"key-2"');
    const some = await json('--changed');
    expect(new Set(some.data.cases.map(({ file }: { file: string }) => file))).toEqual(new Set([TESTS]));
    edit('connections/main/api.jsonc', '"uid"', '"uid" ');
    expect((await json('--changed')).data.cases).toHaveLength(8);
    git('checkout', '--quiet', '.');
    edit('connector.json', '{', '{ ');
    expect((await json('--changed')).data.cases).toHaveLength(12);
  });
});

describe('--watch', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  test('runs what a change touches, survives what is broken for a while, and ends with Ctrl-C', async () => {
    const rounds: {
      data: { passed: number; failed: number; cases: { name: string; milliseconds: number }[] };
      diagnostics: { code: string }[];
    }[] = [];
    let rest = '';
    child = spawn(process.execPath, [BINARY, 'test', '--watch', '--json'], {
      cwd: project,
      env: environmentOf(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      rounds.push(...lines.map((line) => JSON.parse(line)));
    });
    const codes = () => rounds.at(-1)?.diagnostics.map(({ code }) => code);
    await expect.poll(codes, WAIT).toEqual([]);
    const [first] = rounds;
    edit('connections/main/api.jsonc', 'Bearer {{', 'Token {{');
    await expect.poll(codes, WAIT).toEqual(['test/request']);
    edit(TESTS, 'Bearer key-1', 'Token key-1');
    await expect.poll(codes, WAIT).toEqual([]);
    // A late event of the last edit would count as a change together with the next one.
    await setTimeout(500);
    writeFileSync(at('connections/main/tests/more.test.jsonc'), '{');
    await expect.poll(codes, WAIT).toEqual(['source/syntax']);
    const before = rounds.at(-2)?.data.cases;
    // The other file kept its results: it was not run again.
    expect(rounds.at(-1)?.data.cases).toEqual(before);
    rmSync(at('connections/main/tests/more.test.jsonc'));
    await expect.poll(codes, WAIT).toEqual([]);
    const manifest = readFileSync(at('connector.json'), 'utf8');
    writeFileSync(at('connector.json'), '{');
    await expect.poll(() => codes()?.length ?? 0, WAIT).toBeGreaterThan(0);
    writeFileSync(at('connector.json'), manifest);
    await expect.poll(codes, WAIT).toEqual([]);
    expect(first?.data.passed).toBe(4);
    child.kill('SIGINT');
    expect(await new Promise((done) => child?.once('exit', done))).toBe(0);
  });
});

describe('in Make’s layout', () => {
  const CASE = (path: string, name = 'Ada') => ({
    name: `asks at ${path}`,
    given: { parameters: { apiKey: 'key-1' } },
    exchanges: [{ request: { url: `https://api.acme.test/${path}` }, answer: { body: { name } } }],
    expect: { metadata: name },
  });

  test('tests lie in the folder of the code files, and change nothing of what is validated', async () => {
    const { root, write, manifest } = makeProject(temporaryFolder());
    manifest();
    project = root;
    const inside = await run(['validate', '--json'], { cwd: root });
    write('connection/tests/first.test.jsonc', JSON.stringify({ cases: [CASE('main')] }));
    const after = await run(['validate', '--json'], { cwd: root });
    expect(JSON.parse(after.stdout)).toEqual(JSON.parse(inside.stdout));
    const { data, diagnostics } = await json('folder');
    expect({ diagnostics, cases: data.cases }).toMatchObject({
      diagnostics: [],
      cases: [{ connection: 'folder', passed: true }],
    });
  });
});

test('a thousand cases in a file are all run', async () => {
  mkdirSync(at('connections/main/tests/many'));
  const [first] = JSON.parse(readFileSync(at(TESTS), 'utf8').replace(/^\s*\/\/.*$/gm, '')).cases;
  const cases = Array.from({ length: 1000 }, (_, index) => ({ ...first, name: `case ${index}` }));
  writeFileSync(at('connections/main/tests/many/all.test.jsonc'), JSON.stringify({ cases }));
  expect(await json()).toMatchObject({ code: 0, data: { passed: 1004, failed: 0 } });
});
