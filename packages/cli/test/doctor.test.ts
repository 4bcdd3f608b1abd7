import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, win32 } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../src/command.ts';
import type { Examined } from '../src/doctor/check.ts';
import { checkHistory } from '../src/doctor/history.ts';
import { CHECKS } from '../src/doctor/index.ts';
import { checkHarness, checkNode, checkPath, checkPorts, programsNamed } from '../src/doctor/machine.ts';
import { version } from '../src/version.ts';
import { environmentOf, run, stateIn, temporaryFolder } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

const WINDOWS = process.platform === 'win32';
const PLANTED = {
  token: 'planted-token-0f4a1c7e93',
  common: 'planted-common-5b2d8e6a17',
  variable: 'planted-variable-c93e0b417d',
};

interface Report {
  readonly code: number;
  readonly text: string;
  /** `check status: message`, of each finding. */
  readonly findings: readonly string[];
}

/** A run in which nothing of what was planted may be printed. */
async function doctor(cwd: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Report> {
  const { code, stdout, stderr } = await run(['doctor', '--json', ...args], { cwd, env });
  for (const secret of Object.values(PLANTED)) expect(stdout + stderr).not.toContain(secret);
  const { data, diagnostics } = JSON.parse(stdout);
  const findings = data.checks.flatMap((check: { name: string; findings: { status: string; message: string }[] }) =>
    check.findings.map(({ status, message }) => `${check.name} ${status}: ${message}`),
  );
  const reported = diagnostics.map(({ code: each, severity, message }: Record<string, string>) =>
    `${each} ${severity}: ${message}`.replace('doctor/', ''),
  );
  expect(reported).toEqual(findings.filter((finding: string) => / (warning|error): /.test(finding)));
  return { code, text: stdout + stderr, findings };
}

const of = (report: Report, check: string) => report.findings.filter((each) => each.startsWith(`${check} `));

let project: string;
beforeAll(async () => {
  project = await newProject();
});
afterEach(stopAll);

const servers: (() => void)[] = [];
afterAll(() => {
  for (const close of servers) close();
});

/** A platform on this machine whose clock is behind; it counts requests. */
async function platformBehind(seconds: number) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'nobody'}`);
    const date = new Date(Date.now() - 1000 * seconds).toUTCString();
    response.writeHead(401, { date, 'content-type': 'application/json' }).end('{"message":"Access denied."}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function originAt(url: string): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'connector.json'),
    JSON.stringify({ name: 'far', origins: { far: { platform: 'make', url } } }),
  );
  return folder;
}

test('every check of the table is reported with what it looks at, and a new project passes', async () => {
  const { code, stdout } = await run(['doctor', '--json'], { cwd: project });
  const { ok, data } = JSON.parse(stdout);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  const told = data.checks.map(({ name, looksAt }: { name: string; looksAt: string }) => [name, looksAt]);
  expect(told).toEqual(CHECKS.map(({ name, looksAt }) => [name, looksAt]));
  expect(told.map(([name]: string[]) => name)).toEqual(
    'node path project editor credentials scopes clock ports harness history'.split(' '),
  );
  const pretty = await run(['doctor'], { cwd: project });
  expect(pretty.stdout).toMatch(/^ok +node +Node\.js/);
  expect(pretty.stdout).toMatch(/^ok +editor +\.vscode/m);
  expect(pretty.stderr).toMatch(/^10 checks: /);
});

test('each problem has a page', async () => {
  for (const { name } of CHECKS) {
    const { code, stdout } = await run(['explain', `doctor/${name}`], { cwd: project });
    expect(code, `doctor/${name}`).toBe(0);
    expect(stdout).toContain(`doctor/${name}`);
  }
});

test('the page of the documentation lists every check', () => {
  const page = readFileSync(new URL('../../../docs/how-to/doctor.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(listed).toEqual(CHECKS.map(({ name }) => name));
});

test('outside of a project the machine is checked, and nothing is written', async () => {
  const folder = temporaryFolder();
  const report = await doctor(folder, ['--fix']);
  expect(report.code).toBe(0);
  expect(of(report, 'project')).toEqual(['project skipped: There is no project in this folder or above it.']);
  expect(readdirSync(folder)).toEqual([]);
});

test('an error in a section, and settings that cannot be read', async () => {
  const broken = await newProject();
  writeFileSync(join(broken, 'connections/github/scope.jsonc'), '{');
  expect(of(await doctor(broken), 'project').join()).toMatch(/^project (error|warning): .*/);
  writeFileSync(join(broken, 'connector.json'), '{');
  const report = await doctor(broken);
  expect(report.code).toBe(1);
  expect(of(report, 'project').join()).toMatch(/^project error: connector\.json/);
});

test('editors’ settings that are outdated are written again by --fix, and others’ stay', async () => {
  const own = await newProject();
  const file = join(own, '.vscode/settings.json');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replaceAll('/connections/github/', '/connections/old/').replace('{', '{ "mine": 1,'));
  expect(of(await doctor(own), 'editor').join()).toMatch(/^editor warning: .*settings\.json/);
  expect(of(await doctor(own, ['--fix']), 'editor').join()).toMatch(/^editor ok/);
  expect(readFileSync(file, 'utf8')).toContain('"mine": 1');
  expect(readFileSync(file, 'utf8')).toContain('/connections/github/');
});

describe.skipIf(WINDOWS)('files of secrets', () => {
  test('that others can open are errors, and --fix closes them', async () => {
    const own = await newProject();
    const configuration = temporaryFolder();
    const env = { XDG_CONFIG_HOME: configuration };
    await run(['login', '--platform', 'make', '--zone', 'eu1', '--no-verify'], { cwd: own, env, input: PLANTED.token });
    const common = join(own, 'connections/github/common.local.json');
    writeFileSync(common, JSON.stringify({ clientId: 'a', clientSecret: PLANTED.common }));
    chmodSync(common, 0o644);
    const open = await doctor(own, ['--offline'], env);
    expect(open.code).toBe(1);
    expect(of(open, 'credentials').join()).toContain('common.local.json, which holds secrets.');
    const closed = await doctor(own, ['--offline', '--fix'], env);
    expect(closed.code).toBe(0);
    expect(statSync(common).mode & 0o777).toBe(0o600);
  });
});

test('a token for each origin: where it comes from, or how to get one', async () => {
  const { url } = await platformBehind(0);
  const folder = originAt(url);
  const none = await doctor(folder, ['--offline']);
  expect(of(none, 'credentials')[0]).toMatch(/^credentials warning: far: There is no token for "far"/);
  // A variable alone does not let a project choose who gets the token.
  const env = { CONNECTOR_TOKEN_FAR: PLANTED.token };
  expect(of(await doctor(folder, ['--offline'], env), 'credentials')[0]).toMatch(/only the project’s files say/);
  const named = { ...env, CONNECTOR_HOST_FAR: new URL(url).host };
  expect(of(await doctor(folder, ['--offline'], named), 'credentials')[0]).toBe(
    'credentials ok: far: the token comes from CONNECTOR_TOKEN_FAR.',
  );
});

test('nobody is asked with --offline, and nobody gets a token that is not for that host', async () => {
  const { url, requests } = await platformBehind(0);
  const folder = originAt(url);
  const report = await doctor(folder, ['--offline'], { CONNECTOR_TOKEN_FAR: PLANTED.token });
  expect(of(report, 'clock')).toEqual(['clock skipped: Origins were not asked: --offline was given.']);
  expect(requests).toEqual([]);
  await doctor(folder, [], { CONNECTOR_TOKEN_FAR: PLANTED.token });
  expect(requests.length).toBeGreaterThan(0);
  expect(requests.filter((request) => !request.endsWith(' nobody'))).toEqual([]);
});

test.each([
  [0, 'ok', 'agree within'],
  [120, 'warning', 'this clock is 120 s ahead of'],
  [900, 'error', 'signed requests are refused'],
  [-900, 'error', 'this clock is 900 s behind'],
])('a clock that differs by %i seconds is %s', async (seconds, status, words) => {
  const { url } = await platformBehind(seconds);
  const report = await doctor(originAt(url));
  const [found = ''] = of(report, 'clock');
  // A second may pass while it is looked.
  expect(found.replace(/\b(119|121) s/, '120 s').replace(/\b(899|901) s/, '900 s')).toContain(words);
  expect(found).toMatch(`clock ${status}: far: `);
});

test('the scopes of a token are compared with those that the platform’s operations need', async () => {
  const folder = temporaryFolder();
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], folder);
  const reading = await run(['harness', 'token', '--platform', 'make', '--scopes', 'sdk-apps:read', '--json'], {
    cwd: folder,
  });
  const { token } = JSON.parse(reading.stdout).data;
  const far = originAt(harness.url);
  const env = { CONNECTOR_HOST_FAR: new URL(harness.url).host };
  const lacking = await doctor(far, [], { ...env, CONNECTOR_TOKEN_FAR: token });
  expect(of(lacking, 'scopes')).toEqual(['scopes warning: far: the token lacks sdk-apps:write.']);
  const whole = await doctor(far, [], { ...env, CONNECTOR_TOKEN_FAR: harness.token });
  expect(of(whole, 'scopes').join()).toMatch(/^scopes ok: far: the token has the scopes .*sdk-apps:write/);
  const refused = await doctor(far, [], { ...env, CONNECTOR_TOKEN_FAR: PLANTED.token });
  expect(refused.code).toBe(1);
  expect(of(refused, 'scopes').join()).toMatch(/^scopes error: far: /);
  expect(lacking.text + whole.text).not.toContain(harness.token);
});

test('that no harness can be started, where there is no SQLite', async () => {
  const examined = { context: { state: () => undefined }, choice: { folder: '.', harness: undefined } };
  const check = (load: () => Promise<unknown>) => checkHarness(examined as unknown as Examined, load);
  const lack = new ConnectorError('usage', { code: 'harness/store', message: 'there is none', hint: 'Install it.' });
  expect(await check(() => Promise.reject(lack))).toEqual([
    { status: 'warning', message: 'None can be started: there is none.', hint: 'Install it.' },
  ]);
  expect(await check(async () => undefined)).toMatchObject([{ status: 'skipped' }]);
  await expect(check(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
});

test('the harness of the folder, of this version and of another', async () => {
  const folder = temporaryFolder();
  await start(['harness', '--port', '0', '--store', 'memory'], folder);
  expect(of(await doctor(folder), 'harness').join()).toMatch(/^harness ok: .* answers, and has this version/);
  stateIn(folder).update('harness', (record) => ({ ...record, version: '0.0.1' }));
  expect(of(await doctor(folder), 'harness').join()).toContain(`is of version 0.0.1; this is ${version()}.`);
  stateIn(folder).update('harness', (record) => ({ ...record, url: 'http://127.0.0.1:9' }));
  expect(of(await doctor(folder), 'harness').join()).toMatch(/^harness error: Process \d+ is not the harness/);
});

describe('git history', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@acme.test', ...args], {
      cwd,
      env: environmentOf(),
      stdio: 'pipe',
    });

  test('is searched for stored values, files of secrets and what looks like a secret, and prints none', async () => {
    const own = await newProject();
    const configuration = temporaryFolder();
    const env = { XDG_CONFIG_HOME: configuration, CONNECTOR_TOKEN_MAKE: PLANTED.variable };
    await run(['login', '--platform', 'make', '--zone', 'eu1', '--no-verify'], { cwd: own, env, input: PLANTED.token });
    git(own, 'init', '-q');
    const early = await doctor(own, ['--offline'], env);
    expect(of(early, 'history')).toEqual(['history skipped: The project’s files are in no commit yet.']);
    git(own, 'add', '-A');
    git(own, 'commit', '-qm', 'clean');
    const clean = await doctor(own, ['--offline'], env);
    expect(of(clean, 'history')).toEqual(['history ok: No secret was found in 1 commit of the project’s files.']);

    const known = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0'].join('');
    writeFileSync(join(own, 'notes.txt'), `x ${PLANTED.variable}\n`);
    writeFileSync(join(own, 'a.json'), `{"api_key": "q8ZtR5nW2xL9vB4k", "id": "q8ZtR5nW2xL9vB4kAA"}\n`);
    writeFileSync(join(own, 'b.txt'), `${known}\n`);
    writeFileSync(
      join(own, 'connections/github/common.local.json'),
      JSON.stringify({ clientId: 'a', clientSecret: PLANTED.common }),
    );
    git(own, 'add', '-Af');
    git(own, 'commit', '-qm', 'oops');
    git(own, 'rm', '-q', 'notes.txt', 'a.json', 'b.txt');
    git(own, 'rm', '-q', '--cached', 'connections/github/common.local.json');
    git(own, 'commit', '-qm', 'gone');
    const report = await doctor(own, ['--offline'], env);
    expect(report.code).toBe(1);
    expect(report.text).not.toContain(known);
    expect(report.text).not.toContain('q8ZtR5nW2xL9vB4k');
    const found = of(report, 'history').map((each) => each.replace(/Commit [0-9a-f]{7,}/, 'Commit X'));
    expect(found.sort()).toEqual(
      [
        'what looks like a value of api_key in a.json.',
        'what looks like a secret of a well-known service in b.txt.',
        'connections/github/common.local.json, which is a file of secrets.',
        'the value of clientSecret in connections/github/common.local.json in connections/github/common.local.json.',
        'the value of CONNECTOR_TOKEN_MAKE in notes.txt.',
      ]
        .map((rest) => `history error: Commit X has ${rest}`)
        .sort(),
    );
  });

  test('a search that takes too long says how far it came', async () => {
    const own = await newProject();
    git(own, 'init', '-q');
    git(own, 'add', '-A');
    git(own, 'commit', '-qm', 'all');
    const environment = environmentOf();
    const context = { cwd: own, environment, signal: new AbortController().signal, state: () => stateIn(own) };
    const examined = {
      context: context as unknown as Context,
      root: own,
      project: undefined,
      choice: { folder: own, project: { origins: {} } },
    } as unknown as Examined;
    const whole = await checkHistory(examined);
    expect(whole.map(({ status }) => status)).toEqual(['ok']);
    const cut = await checkHistory(examined, 0);
    expect(cut.map(({ status, message }) => [status, message])).toEqual([
      ['warning', expect.stringMatching(/^Only the last \d+ commits? could be searched in 0 s\.$/)],
    ]);
    const none = await checkHistory({ ...examined, root: temporaryFolder() });
    expect(none.map(({ status }) => status)).toEqual(['skipped']);
  });
});

describe('the machine', () => {
  const examined = (environment: Record<string, string> = {}) => ({ context: { environment } }) as unknown as Examined;

  test.each([
    ['20.19.0', 'ok'],
    ['20.18.3', 'error'],
    ['18.20.0', 'error'],
    ['26.1.0', 'ok'],
  ])('Node.js %s is %s', (found, status) => {
    expect(checkNode(examined(), found).map((each) => each.status)).toEqual([status]);
  });

  test('a port that is taken is a warning', async () => {
    const { url } = await platformBehind(0);
    const port = Number(new URL(url).port);
    const folder = temporaryFolder();
    const choice = { folder };
    const context = { send: undefined, state: () => stateIn(folder) };
    const ports = [{ port, use: 'the test', remedy: 'Stop it.', harness: false }];
    const [finding] = await checkPorts({ context, choice } as unknown as Examined, ports as never);
    expect(finding).toMatchObject({ status: 'warning', message: expect.stringContaining('EADDRINUSE') });
  });

  const WINDOWS_LOOKUP = (files: readonly string[], environment: Record<string, string>) => ({
    environment,
    windows: true,
    real: (file: string) => files.find((each) => each.toLowerCase() === file.toLowerCase()),
    delimiter: win32.delimiter,
    join: win32.join,
  });

  test('on Windows programs are found by PATHEXT, and PATH in any case and with quotes', () => {
    const files = ['C:\\npm\\connector.cmd', 'D:\\Tools dir\\connector.exe'];
    const lookup = WINDOWS_LOOKUP(files, { Path: 'C:\\npm;"D:\\Tools dir";C:\\npm', PATHEXT: '.EXE;.CMD' });
    expect(programsNamed('connector', lookup).map(({ file }) => file)).toEqual(files);
    const [finding] = checkPath(examined(), 'C:\\npm\\connector.js', lookup);
    expect(finding).toMatchObject({ status: 'warning', message: expect.stringContaining('2 different connectors') });
  });

  test('elsewhere another connector in PATH than the one that runs is a warning', () => {
    const real = (file: string) =>
      file.startsWith('/a/') ? '/a/real' : file.startsWith('/b/') ? '/b/real' : undefined;
    const lookup = (PATH: string) => ({ environment: { PATH }, windows: false, real, delimiter: ':', join: posixJoin });
    const posixJoin = (folder: string, name: string) => `${folder}/${name}`;
    const messages = (PATH: string, own: string) =>
      checkPath(examined(), own, lookup(PATH)).map(({ status, message }) => `${status}: ${message}`);
    expect(messages('/a:/c', '/a/x')).toEqual(['ok: The shell runs /a/connector.']);
    expect(messages('/b', '/a/x')).toEqual(['warning: The shell runs /b/connector, but this is /a/real.']);
    expect(messages('/a:/b', '/a/x')).toEqual([
      'warning: PATH has 2 different connectors: /a/connector, /b/connector.',
    ]);
    // These are in PATH only for what npx and npm run start.
    expect(messages('/a/node_modules/.bin:/b', '/b/x')).toEqual(['ok: The shell runs /b/connector.']);
    expect(messages('/c', '/a/x')[0]).toMatch(/^ok: No connector is in PATH/);
  });
});
