import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryFiles } from '../project/files.ts';
import { openProject } from '../project/index.ts';
import { declarations } from './index.ts';

function typesOf(files: Readonly<Record<string, unknown>>) {
  const texts = Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]);
  return declarations(openProject(memoryFiles({ 'connector.json': '{"name": "acme"}', ...Object.fromEntries(texts) })));
}

const ACME = {
  'connections/acme-login/connection.json': { type: 'oauth' },
  'connections/acme-login/parameters.json': [
    { name: 'api key', type: 'password', label: 'API key', help: 'Not */ the end.', required: true },
    { name: 'region', type: 'select', options: [{ value: 'eu' }, { value: 'us' }] },
    { name: 'retries', type: 'uinteger', label: 'API key' },
    { name: 'headers', type: 'array', spec: [{ name: 'key', type: 'text', required: true }] },
    { name: 'extra', type: 'any' },
  ],
  'connections/acme-login/installSpec.json': [{ name: 'host', type: 'url' }],
  'connections/acme-login/common.schema.json': {
    title: 'Shared',
    properties: { clientId: { $ref: '#/$defs/text', title: 'Id' }, other: { $ref: 'https://example.com/schema.json' } },
    required: ['clientId'],
    $defs: { text: { type: 'string' } },
  },
  'connections/acme-login/scopes.json': { 'orders:read': 'Read', "it's": 'Odd' },
  'connections/acme-login/scope.json': ['profile', 'orders:read'],
  'connections/other/connection.json': { type: 'apikey' },
};

describe('declarations', () => {
  let text = '';

  beforeAll(async () => {
    text = (await typesOf(ACME)).text;
  });

  test('say how they were made, and go to one file', async () => {
    expect(text.split('\n', 1)[0]).toContain('connector types');
    expect((await typesOf(ACME)).file).toBe('connector.d.ts');
  });

  test('are stable', async () => {
    expect((await typesOf(ACME)).text).toBe(text);
    expect((await typesOf(Object.fromEntries(Object.entries(ACME).reverse()))).text).toBe(text);
  });

  test('have a type for each part, and a map of connections', () => {
    const names = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]).sort();
    expect(names).toEqual([
      'AcmeLoginCommon',
      'AcmeLoginConnection',
      'AcmeLoginInstallParameters',
      'AcmeLoginParameters',
      'AcmeLoginScopes',
      'ConnectionId',
      'Connections',
      'OtherConnection',
    ]);
    expect(text).toContain("'orders:read'");
  });

  test('close forms that are closed', () => {
    expect(text).not.toContain('[k: string]: unknown');
  });

  test('are open for a form that only an rpc knows', async () => {
    const open = await typesOf({ ...ACME, 'connections/acme-login/parameters.json': ['rpc://fields'] });
    expect(open.text).toContain('[k: string]: unknown');
  });

  test('leave a faulty section out', async () => {
    const faulty = await typesOf({ ...ACME, 'connections/acme-login/parameters.json': [{ name: 'a', type: 'txt' }] });
    expect(faulty.text).not.toContain('AcmeLoginParameters');
    expect(faulty.text).toContain('AcmeLoginCommon');
  });

  test('have a section whose fault a comment allows', async () => {
    const form = '[{ "name": "a", "type": "txt" }] // connector-ignore schema/enum: new on the platform';
    const files = {
      'connector.json': '{"name": "acme"}',
      'connections/main/connection.json': '{"type": "apikey"}',
      'connections/main/parameters.jsonc': form,
    };
    expect((await declarations(openProject(memoryFiles(files)))).text).toContain('MainParameters');
  });

  test('never give one name to two connections', async () => {
    const ids = ['my-api', 'myApi', 'My-api', 'my-api2', 'a', 'a-install'];
    const { text: many } = await typesOf(
      Object.fromEntries(
        ids.flatMap((id) => [
          [`connections/${id}/connection.json`, { type: 'apikey' }],
          [`connections/${id}/parameters.json`, [{ name: `of-${id}`, type: 'text' }]],
          [`connections/${id}/installSpec.json`, [{ name: `installed-${id}`, type: 'text' }]],
        ]),
      ),
    );
    const names = [...many.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(ids.length * 3 + 2);
    for (const id of ids) expect(many.match(new RegExp(`'of-${id}'`, 'g'))).toHaveLength(1);
  });

  test('of connections that are alike differ in their names alone, also of what they define', async () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/connection' } } };
    const common = { properties: { node: { $ref: '#/$defs/connection' } }, $defs: { connection: node } };
    const { text } = await typesOf(
      Object.fromEntries(
        ['a1b', 'foo', 'foo-common'].flatMap((id) => [
          [`connections/${id}/connection.json`, { type: 'apikey' }],
          [`connections/${id}/parameters.json`, [{ name: 'T_1_Own', type: 'text', label: 'T_Parameters' }]],
          [`connections/${id}/common.schema.json`, common],
        ]),
      ),
    );
    const names = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['A1bParameters', 'A1bCommonConnection', 'FooCommonConnection2']));
    expect(text.match(/next\?: (\w+);/g)).toEqual([
      'next?: A1bCommonConnection;',
      'next?: FooCommonConnection2;',
      'next?: FooCommonCommonConnection;',
    ]);
    expect(text.match(/T_\w+/g)).toEqual(['a1b', 'foo', 'foo-common'].flatMap(() => ['T_Parameters', 'T_1_Own']));
  });

  test('of no connections are still a module', async () => {
    expect((await typesOf({})).text).toContain('export type ConnectionId = keyof Connections;');
  });
});

describe('compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function errorsOf(use: string): string {
    writeFileSync(join(folder, 'use.ts'), use);
    const tsc = join(import.meta.dirname, '../../../../node_modules/.bin/tsc');
    const compilerOptions = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    try {
      execFileSync(tsc, ['-p', folder], { encoding: 'utf8' });
      return '';
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout);
    }
  }

  test('take what the sections take, and refuse what they refuse', async () => {
    writeFileSync(join(folder, 'connector.d.ts'), (await typesOf(ACME)).text);
    const using = (body: string) => `import type { Connections, ConnectionId } from './connector.js';\n${body}\n`;
    expect(
      errorsOf(
        using(`
          export const id: ConnectionId = 'other';
          type Login = Connections['acme-login'];
          export const parameters: Login['parameters'] = { 'api key': 'x', region: 'eu', retries: 1, headers: [{ key: 'a' }] };
          export const common: Login['common'] = { clientId: 'x', other: 7 };
          export const scope: Login['scopes'][] = ['profile', 'orders:read', "it's"];
          export const installed: Login['installParameters'] = { host: 'https://x.io' };
        `),
      ),
    ).toBe('');
    const errors = errorsOf(
      using(`
        export const id: ConnectionId = 'none';
        type Login = Connections['acme-login'];
        export const parameters: Login['parameters'] = { 'api key': 'x', region: 'asia' };
        export const missing: Login['parameters'] = {};
        export const scope: Login['scopes'] = 'other';
        export const common: Login['common'] = { clientId: 'x', clientIdd: 'y' };
      `),
    );
    expect(errors.match(/error TS/g)).toHaveLength(5);
  }, 60_000);
});
