import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from './connector.ts';
import { projectFrom } from './project.ts';

let project: string;
beforeEach(async () => {
  project = await projectFrom('api-key');
});

const write = (file: string, text: string) => writeFileSync(join(project, 'connections', 'main', file), text);
const found = async () => JSON.parse((await run(['validate', '--json'], { cwd: project })).stdout);

describe('validate', () => {
  test('shows the place of a broken text', async () => {
    write('api.jsonc', '{\n  // fine\n  "url": "https://api.example.com"\n  "method": "GET"\n}\n');
    const { code, stdout, stderr } = await run(['validate'], { cwd: project });
    expect(code).toBe(1);
    expect(stdout).toBe(
      `${[
        'connections/main/api.jsonc:4:3 error source/syntax',
        '  "\\"method\\"" is found where a comma is expected.',
        '    3 |   "url": "https://api.example.com"',
        '  > 4 |   "method": "GET"',
        '      |   ^^^^^^^^',
        '    5 | }',
        '  Add a comma after the item before it.',
      ].join('\n')}\n\n`,
    );
    expect(stderr).toBe('1 error in 1 connection.\n  connector explain source/syntax\n');
  });

  test('says the same to programs', async () => {
    write('api.jsonc', '{ "url": "https://api.example.com" "method": "GET" }');
    expect(await found()).toMatchObject({
      version: 1,
      ok: false,
      code: 1,
      data: { connections: ['main'], errors: 1, warnings: 0, infos: 0 },
      diagnostics: [
        { code: 'source/syntax', file: 'connections/main/api.jsonc', line: 1, column: 36, endLine: 1, endColumn: 44 },
      ],
      next: ['connector explain source/syntax'],
    });
  });

  test('finds files that are no section, and types that are none', async () => {
    write('paramters.jsonc', '[]');
    write('connection.json', '{ "type": "api-key", "label": "Key" }');
    const { code, diagnostics } = await found();
    expect(code).toBe(1);
    expect(diagnostics).toMatchObject([
      {
        code: 'schema/enum',
        file: 'connections/main/connection.json',
        line: 1,
        column: 11,
        hint: expect.stringContaining('apikey'),
      },
      {
        code: 'project/unknown-file',
        file: 'connections/main/paramters.jsonc',
        hint: 'Did you mean parameters.jsonc?',
      },
    ]);
  });

  test('warnings alone are no failure', async () => {
    write('parameters.jsonc', '[{ "name": "apiKey", "type": "password", "label": "Key" },]');
    const { code, stdout } = await run(['validate'], { cwd: project });
    expect(code).toBe(0);
    expect(stdout).toContain('warning source/trailing-comma');
  });

  test('one connection of several', async () => {
    mkdirSync(join(project, 'connections', 'other'));
    const other = '{ "type": "other", "label": "Other", "unmanaged": ["api"] }';
    writeFileSync(join(project, 'connections', 'other', 'connection.json'), other);
    write('api.jsonc', '{');
    expect((await run(['validate', 'other'], { cwd: project })).code).toBe(0);
    expect((await run(['validate', 'main'], { cwd: project })).code).toBe(1);
    const { code, stderr } = await run(['validate', 'man'], { cwd: project });
    expect(code).toBe(2);
    expect(stderr).toContain('project/unknown-connection');
    write('connection.json', '{ "type": "no such" }');
    expect((await run(['validate', 'main'], { cwd: project })).code).toBe(1);
  });

  test('works from a folder below, and from outside with --project', async () => {
    write('api.jsonc', '{');
    const below = join(project, 'connections', 'main');
    expect((await run(['validate'], { cwd: below })).stdout).toMatch(/^api\.jsonc:1:2 error/);
    const outside = await run(['validate', '--project', 'my-app'], { cwd: join(project, '..') });
    expect(outside.stdout).toMatch(/^my-app\/connections\/main\/api\.jsonc:1:2 error/);
  });

  test('shows no line of a file with secrets', async () => {
    write('common.schema.json', '{ "type": "object", "properties": { "key": { "type": "string" } } }');
    write('common.local.json', '{ "key": "hush" ');
    const { stdout, stderr } = await run(['push', '--origin', 'harness'], {
      cwd: project,
      env: { CONNECTOR_TOKEN: 'none' },
    });
    expect(stdout + stderr).not.toContain('hush');
  });
});

describe('types', () => {
  test('writes only what changed, and stops at errors', async () => {
    const file = join(project, 'connector.d.ts');
    expect((await run(['types'], { cwd: project })).stderr).toBe('Wrote connector.d.ts.\n');
    expect((await run(['types'], { cwd: project })).stderr).toBe('connector.d.ts is up to date.\n');
    const before = readFileSync(file, 'utf8');
    write('parameters.jsonc', '[{ "name": "key", "type": "txt" }]');
    expect((await run(['types'], { cwd: project })).code).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe(before);
    rmSync(file);
    write('parameters.jsonc', '[{ "name": "apiKey", "type": "password", "label": "Key" }]');
    const { code, stderr } = await run(['types', '--check'], { cwd: project });
    expect(code).toBe(1);
    expect(stderr).toContain('types/stale');
  });
});
