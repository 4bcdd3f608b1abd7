import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREATE_TYPES, SECTIONS } from '@connectorkit/sdk';
import { PROJECT_SCHEMAS } from '@connectorkit/sdk/project';
import { beforeEach, describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { projectFrom } from './project.ts';

let project: string;
beforeEach(async () => {
  project = await projectFrom('oauth2');
});
const write = (file: string, text: string) => writeFileSync(join(project, 'connections', 'main', file), text);
const validate = (args: readonly string[], input?: string) =>
  run(['validate', ...args], { cwd: project, ...(input === undefined ? {} : { input }) });
const WARNS = '{ "profile": "Read", }';

describe('several formats from one run', () => {
  test('files beside stdout, with the same findings', async () => {
    write('scopes.jsonc', WARNS);
    write('scope.jsonc', '["a"');
    const targets = [
      'sarif=out/a.sarif',
      'junit=out/b.xml',
      'gitlab=out/c.json',
      'json=out/d.json',
      'concise=out/e.txt',
    ];
    const { code, stdout } = await validate([...targets, 'github'].flatMap((each) => ['--format', each]));
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, line.indexOf(' ')))).toEqual(['::error', '::warning']);
    const out = (file: string) => readFileSync(join(project, 'out', file), 'utf8');
    expect(JSON.parse(out('a.sarif')).runs[0].results).toHaveLength(2);
    expect(JSON.parse(out('c.json'))).toHaveLength(2);
    expect(JSON.parse(out('d.json'))).toMatchObject({ version: 1, code: 1, diagnostics: [{}, {}] });
    expect(out('e.txt').trimEnd().split('\n')).toHaveLength(2);
    expect(out('b.xml')).toMatch(/^<\?xml/);
  });

  test('stdout is pretty beside files, and files have no colour', async () => {
    write('scope.jsonc', '["a"');
    const options = { cwd: project, env: { FORCE_COLOR: '1' } };
    const { stdout } = await run(['validate', '--format', 'pretty=report.txt', '--format', 'json=r.json'], options);
    expect(stdout).toContain('\u001b[31m');
    expect(readFileSync(join(project, 'report.txt'), 'utf8')).not.toContain('\u001b');
  });

  test('paths are those from the top of the repository, wherever one stands', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: join(project, '..') });
    write('scope.jsonc', '["a"');
    const { stdout } = await run(['validate', '--format', 'github'], { cwd: join(project, 'connections') });
    expect(stdout).toContain('file=my-app/connections/main/scope.jsonc,');
    const gitlab = await validate(['--format', 'gitlab']);
    expect(JSON.parse(gitlab.stdout)[0].location.path).toBe('my-app/connections/main/scope.jsonc');
  });

  test('a report that cannot be written is no success, and what was found is printed', async () => {
    for (const file of ['connections/main/api.jsonc', 'connector.json', '.']) {
      const { code, stderr } = await validate(['--format', `sarif=${file}`]);
      expect(code, file).toBe(2);
      expect(stderr).toContain('output/unwritable');
    }
    expect(JSON.parse(readFileSync(join(project, 'connector.json'), 'utf8')).name).toBe('my-app');
    write('scope.jsonc', '["a"');
    const { code, stdout } = await validate(['--format', 'sarif=.']);
    expect(code).toBe(1);
    expect(stdout).toContain('source/syntax');
  });

  test.each([
    [['--format', 'junit', '--format', 'sarif'], 'cannot both be printed on stdout'],
    [['--json', '--format', 'sarif'], 'cannot both be printed on stdout'],
    [['--format', 'junit=a', '--format', 'sarif=a'], 'two formats'],
    [['--format', 'sarf'], 'Did you mean sarif?'],
    [['--format', 'sarif='], 'has no file name'],
    [['--format'], '--format needs a value'],
  ])('%j is refused', async (args, words) => {
    const { code, stdout, stderr } = await validate(args);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(words);
  });

  test('other commands print so as well', async () => {
    const { code, stdout } = await run(['types', '--check', '--format', 'github'], { cwd: project });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error title=types\/stale,file=connector\.d\.ts::/);
  });
});

describe('what counts', () => {
  test('--max-warnings', async () => {
    write('scopes.jsonc', WARNS);
    expect((await validate(['--max-warnings', '1'])).code).toBe(0);
    const { code, stdout } = await validate(['--max-warnings', '0', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).diagnostics.at(-1)).toMatchObject({
      code: 'validate/too-many-warnings',
      severity: 'error',
    });
    for (const value of ['-1', 'x', '1.5']) expect((await validate([`--max-warnings=${value}`])).code).toBe(2);
  });

  test('--rule, the last word counts', async () => {
    write('scopes.jsonc', WARNS);
    const rule = (...values: string[]) =>
      validate(values.flatMap((value) => ['--rule', `source/trailing-comma=${value}`]));
    expect((await rule('error')).code).toBe(1);
    expect(await rule('off')).toMatchObject({ code: 0, stdout: '' });
    expect((await rule('error', 'info')).stdout).toContain('info source/trailing-comma');
  });

  test('--rule stands above what the project says', async () => {
    write('scopes.jsonc', WARNS);
    writeFileSync(join(project, 'connector.json'), '{"name": "x", "rules": {"source/trailing-comma": "off"}}');
    expect(await validate([])).toMatchObject({ code: 0, stdout: '' });
    expect((await validate(['--rule', 'source/trailing-comma=error'])).code).toBe(1);
  });

  test.each([
    ['request/plain-htp=off', 'Did you mean request/plain-http?'],
    ['plain-http=off', 'Did you mean request/plain-http?'],
    ['request/plain-http=of', '--rule request/plain-http=off'],
    ['request/plain-http', 'cannot be ""'],
    ['source/syntax=off', 'the severity of source/syntax'],
    ['schema/enum=off', '// connector-ignore schema/enum: <why it is acceptable there>'],
    ['schema/type=warning', 'it cannot be suppressed by a comment either'],
  ])('--rule %s is refused', async (value, words) => {
    const { code, stderr } = await validate(['--rule', value]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('a project without connections fails in CI, where nobody would see that nothing was looked at', async () => {
    rmSync(join(project, 'connections'), { recursive: true });
    const coded = async (args: readonly string[], CI?: string) => {
      const { code, stdout } = await run(['validate', '--json', ...args], { cwd: project, env: CI ? { CI } : {} });
      return [
        code,
        ...JSON.parse(stdout).diagnostics.map(
          (each: { severity: string; code: string }) => `${each.severity} ${each.code}`,
        ),
      ];
    };
    expect(await coded([])).toEqual([0, 'warning project/no-connections']);
    expect(await coded([], 'true')).toEqual([1, 'error project/no-connections']);
    mkdirSync(join(project, 'connections'));
    expect((await run(['validate'], { cwd: project })).stdout).toContain('Add a folder with a connection.json');
    expect(await coded(['--fix'], '1')).toEqual([1, 'error project/no-connections']);
    expect(await coded([], 'false')).toEqual([0, 'warning project/no-connections']);
    expect(await coded(['--rule', 'project/no-connections=warning'], 'true')).toEqual([
      0,
      'warning project/no-connections',
    ]);
    const manifest = { name: 'my-app', rules: { 'project/no-connections': 'info' } };
    writeFileSync(join(project, 'connector.json'), JSON.stringify(manifest));
    expect(await coded([], 'true')).toEqual([0, 'info project/no-connections']);
  });

  test('--explain prints the page of a code once, below its first problem', async () => {
    write('scopes.jsonc', WARNS);
    mkdirSync(join(project, 'connections', 'other'));
    writeFileSync(join(project, 'connections/other/connection.json'), '{ "type": "other", "unmanaged": ["api"] }');
    writeFileSync(join(project, 'connections/other/scopes.jsonc'), WARNS);
    const { stdout } = await validate(['--explain']);
    expect(stdout.match(/\| A comma after the last item\./g)).toHaveLength(1);
    expect(stdout.indexOf('| A comma')).toBeLessThan(stdout.indexOf('connections/other'));
    const { data } = JSON.parse((await validate(['--explain', '--json'])).stdout);
    expect(Object.keys(data.pages)).toEqual(['source/trailing-comma']);
  });
});

describe('--stdin', () => {
  test('a section on its own', async () => {
    const outside = temporaryFolder();
    const options = { cwd: outside, input: '{\n  "read": 1,\n}\n' };
    const { code, stdout } = await run(['validate', '--stdin', '--as', 'scopes'], options);
    expect(code).toBe(1);
    expect(stdout).toContain('scopes.jsonc:2:11 error schema/type');
    expect(stdout).toContain('> 2 |   "read": 1,');
    expect(stdout).not.toContain('draft');
  });

  test('a section whose schema depends on the type', async () => {
    const asked = await validate(['--stdin', '--as', 'api'], '{}');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('types are apikey, basic');
    const text = '{ "url": "/me" }';
    const { diagnostics } = JSON.parse(
      (await validate(['--stdin', '--as', 'api', '--type', 'apikey', '--json'], text)).stdout,
    );
    expect(diagnostics.map(({ code, file }: Record<string, string>) => `${code} ${file}`)).toContain(
      'request/relative-url api.jsonc',
    );
    expect((await validate(['--stdin', '--as', 'api', '--type', 'oauth', '--json'], text)).code).toBe(1);
  });

  test('in the place of a connection’s own file', async () => {
    write('scope.jsonc', '{');
    const args = ['--stdin', '--as', 'scopes', '--connection', 'main'];
    const { code, stdout } = await validate(args, WARNS);
    expect(code).toBe(0);
    expect(stdout).toContain('connections/main/scopes.jsonc:1:20 warning');
    expect(stdout).not.toContain('scope.jsonc:');
    expect((await validate(['--stdin', '--as', 'scopes', '--connection', 'man'], WARNS)).stderr).toContain('"main"');
  });

  test.each([
    [['--stdin'], '--stdin needs --as'],
    [['--as', 'api'], '--as needs --stdin'],
    [['--stdin', '--as', 'apo'], 'Did you mean api?'],
    [['--stdin', '--as', 'api', 'main'], 'cannot both be given'],
    [['--stdin', '--as', 'api', '--type', 'oauth', '--connection', 'main'], 'cannot both be given'],
  ])('%j is refused', async (args, words) => {
    const { code, stderr } = await validate(args, '');
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('schema', () => {
  const printed = async (...args: string[]) => run(['schema', ...args], { cwd: temporaryFolder() });

  test.each(SECTIONS.map(({ name }) => name))('%s, as it is published', async (name) => {
    const section = SECTIONS.find((each) => each.name === name);
    for (const type of Object.keys(CREATE_TYPES) as (keyof typeof CREATE_TYPES)[]) {
      const { code, stdout } = await printed(name, '--type', type);
      expect(code).toBe(0);
      const schemas: Readonly<Record<string, unknown>> = section?.schemas ?? {};
      expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(schemas[section?.schemaFor(type) ?? ''])));
      if (type === 'basic') return;
    }
  });

  test('of the project’s own files', async () => {
    expect(JSON.parse((await printed('connection')).stdout)).toEqual(PROJECT_SCHEMAS.connection);
  });

  test('names what it needs', async () => {
    expect((await printed('api')).stderr).toContain('types are apikey, basic');
    expect((await printed('apo')).stderr).toContain('Did you mean api?');
    expect((await printed('constructor')).code).toBe(2);
    expect((await printed()).stderr).toContain('connector schema needs <section>');
  });
});

test('nothing that is validated is run', async () => {
  const trap = join(project, 'trap');
  const touch = `node -e "require('fs').writeFileSync('${trap}', '')"`;
  const scripts = Object.fromEntries(
    ['validate', 'prevalidate', 'preinstall', 'prepare', 'types'].map((each) => [each, touch]),
  );
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'x', scripts }));
  await validate([]);
  await run(['types'], { cwd: project });
  expect(existsSync(trap)).toBe(false);
});

test('a problem names the page of the trap that it leads into', async () => {
  const api = readFileSync(join(project, 'connections', 'main', 'api.jsonc'), 'utf8');
  write('api.jsonc', api.replace('"qs": {', '"qs": { "code_challenge": "{{uuid}}", "code_challenge_method": "plain",'));
  const page = 'connector explain trap/pkce-plain';
  expect((await validate([])).stdout).toContain(`\n  ${page}\n`);
  const { diagnostics } = JSON.parse((await validate(['--json'])).stdout);
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'oauth/challenge-method', trap: 'pkce-plain' }));
  const sarif = JSON.parse((await validate(['--format', 'sarif'])).stdout);
  const texts = sarif.runs[0].results.map(({ message }: { message: { text: string } }) => message.text);
  expect(texts.join('\n')).toContain(page);

  const explained = await run(['explain', 'trap/pkce-plain'], { cwd: project });
  expect(explained.code).toBe(0);
  expect(explained.stdout).toContain('Seen on 2026-11-28 with oidc-provider 9.13.3.');
  expect(explained.stdout).toContain('RFC 7636');
});
