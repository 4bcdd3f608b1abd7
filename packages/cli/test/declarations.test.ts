import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BINARY, environmentOf, run } from './connector.ts';
import { projectFrom } from './project.ts';

const WAIT = { timeout: 15_000, interval: 20 };
let project: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  project = await projectFrom('api-key');
});
afterEach(() => child?.kill('SIGKILL'));

const at = (...parts: string[]) => join(project, ...parts);
const types = (...args: string[]) => run(['types', ...args], { cwd: project });
const form = (name: string) => `[{"name": "${name}", "type": "password", "label": "Key", "required": true}]`;

function use(name: string): void {
  writeFileSync(at('connections/main/parameters.jsonc'), form(name));
  const api = readFileSync(at('connections/main/api.jsonc'), 'utf8');
  writeFileSync(at('connections/main/api.jsonc'), api.replace(/parameters\.\w+/, `parameters.${name}`));
}

describe('types', () => {
  test('rewrites nothing when nothing changed, and all that depends on it when something did', async () => {
    expect((await types()).stderr).toBe('Wrote connector.d.ts.\n');
    const before = statSync(at('connector.d.ts')).mtimeMs;
    expect((await types()).stderr).toBe('connector.d.ts is up to date.\n');
    expect(statSync(at('connector.d.ts')).mtimeMs).toBe(before);
    use('token');
    expect((await types('--check')).code).toBe(1);
    expect((await types()).stderr).toBe('Wrote connector.d.ts.\n');
    expect(readFileSync(at('connector.d.ts'), 'utf8')).toContain('  token: string;');
    mkdirSync(at('connections/other'));
    writeFileSync(at('connections/other/connection.json'), '{"type": "other", "unmanaged": ["api"]}');
    expect((await types()).stderr).toBe('Wrote connector.d.ts.\n');
  });

  test('corrects what was edited by hand, or damaged in its own record', async () => {
    await types();
    appendFileSync(at('connector.d.ts'), 'export type Mine = 1;\n');
    expect((await types('--check')).code).toBe(1);
    expect((await types()).stderr).toBe('Wrote connector.d.ts.\n');
    for (const text of ['', '{', '{"types": 1}', 'null']) {
      writeFileSync(at('.connector/validation.json'), text);
      expect((await types()).stderr).toContain('connector.d.ts is up to date.\n');
    }
  });

  test('needs no record of its own to check', async () => {
    await types();
    writeFileSync(at('.connector/validation.json'), '');
    expect((await types('--check')).code).toBe(0);
    expect(readFileSync(at('.connector/validation.json'), 'utf8')).toBe('');
  });

  test('stops at an error, and writes nothing', async () => {
    writeFileSync(at('connections/main/parameters.jsonc'), '[{"name": "a"}]');
    const { code, stderr } = await types();
    expect(code).toBe(1);
    expect(stderr).toContain('schema/required');
    expect(existsSync(at('connector.d.ts'))).toBe(false);
  });

  test.each<[schema: object, code: string, place: string]>([
    [{ $ref: '#/$defs/regoin', $defs: { region: { type: 'object' } } }, 'common/unresolved-reference', '$ref'],
    [
      { properties: { a: { $ref: 'https://a.test/a.json' }, b: { $ref: 'https://b.test/b.json' } } },
      'common/unresolved-reference',
      'properties.a.$ref',
    ],
    [{ properties: { a: { $ref: '#/$defs/%zz' } } }, 'common/unresolved-reference', 'properties.a.$ref'],
    [
      { properties: { a: { $ref: '#/$defs/a~2' } }, $defs: { 'a~2': true } },
      'common/unresolved-reference',
      'properties.a.$ref',
    ],
    [{ properties: { a: { pattern: '^[a-z]+\\-[a-z]+$' } } }, 'common/unreadable-pattern', 'properties.a.pattern'],
    [{ properties: { a: { pattern: '[' } } }, 'common/unreadable-pattern', 'properties.a.pattern'],
  ])('%j is told at its place, by types and by validate', async (schema, code, place) => {
    writeFileSync(at('connections/main/common.schema.json'), JSON.stringify(schema));
    for (const command of ['types', 'validate']) {
      const { code: exit, stdout } = await run([command, '--json'], { cwd: project });
      const { diagnostics } = JSON.parse(stdout);
      const told = diagnostics.map((each: { code: string; path?: string[] }) => `${each.code} ${each.path?.join('.')}`);
      expect([command, exit]).toEqual([command, 1]);
      expect(told).toContain(`${code} ${place}`);
    }
  });

  test('of references in a circle, with names that differ in capitals alone, are written and up to date', async () => {
    const schema = {
      properties: {
        node: { $ref: '#' },
        eu: { type: 'string' },
        us: { $ref: '#/properties/eu' },
        a: { $ref: '#/$defs/id' },
        b: { $ref: '#/$defs/Id' },
      },
      $defs: {
        id: { type: 'object', properties: { x: { type: 'string' } } },
        Id: { type: 'object', properties: { y: { type: 'number' } } },
      },
    };
    writeFileSync(at('connections/main/common.schema.json'), JSON.stringify(schema));
    expect(await types()).toMatchObject({ code: 0, stderr: 'Wrote connector.d.ts.\n' });
    const text = readFileSync(at('connector.d.ts'), 'utf8');
    expect(text).toMatch(/us\?: string;/);
    expect(text).toMatch(/export interface MainCommonId \{\s+x\?: string;/);
    expect(text).toMatch(/export interface MainCommonId2 \{\s+y\?: number;/);
    expect((await types('--check')).code).toBe(0);
  });

  test('cannot watch and check', async () => {
    expect(await types('--watch', '--check')).toMatchObject({ code: 2, stderr: expect.stringContaining('--check') });
  });
});

test('types --watch follows saves, tells errors, and ends with Ctrl-C', async () => {
  let talk = '';
  child = spawn(process.execPath, [BINARY, 'types', '--watch'], { cwd: project, env: environmentOf() });
  child.stderr?.on('data', (chunk) => {
    talk += chunk;
  });
  const declared = () => (existsSync(at('connector.d.ts')) ? readFileSync(at('connector.d.ts'), 'utf8') : '');
  await expect.poll(declared, WAIT).toContain('apiKey: string');
  use('token');
  await expect.poll(declared, WAIT).toContain('token: string');
  writeFileSync(at('connections/main/parameters.jsonc'), '[');
  await expect.poll(() => talk, WAIT).toContain('source/syntax');
  expect(declared()).toContain('token: string');
  use('secret');
  await expect.poll(declared, WAIT).toContain('secret: string');
  child.kill('SIGINT');
  expect(await new Promise((done) => child?.once('exit', done))).toBe(0);
  expect(talk).toContain('Stopped.');
});
