import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from './connector.ts';
import { ask, projectFrom, start, stopAll } from './project.ts';

let project: string;
beforeEach(async () => {
  project = await projectFrom('api-key');
});

afterEach(stopAll);

const file = (section: string) => join(project, 'connections', 'main', `${section}.jsonc`);
const convert = (...args: string[]) => run(['convert', 'main', ...args], { cwd: project });

test('writes the form as a schema and back again, comments included', async () => {
  const before = readFileSync(file('parameters'), 'utf8');
  const there = await convert('--to', 'schema');
  expect([there.code, there.stdout]).toEqual([0, '']);
  expect(there.stderr).toContain('Wrote connections/main/parameters.jsonc as a JSON Schema.');
  const schema = readFileSync(file('parameters'), 'utf8');
  expect(schema).toContain('"$schema": "https://json-schema.org/draft/2020-12/schema"');
  expect((await run(['validate'], { cwd: project })).code).toBe(0);
  expect((await run(['types', '--check'], { cwd: project })).stderr).not.toContain('Error');
  expect((await convert('--to', 'schema')).stderr).toContain('Nothing to do: already a JSON Schema.');
  await convert('--to', 'array');
  expect(readFileSync(file('parameters'), 'utf8')).toBe(before);
});

test('a dry run shows the text and writes nothing', async () => {
  const before = readFileSync(file('parameters'), 'utf8');
  const { code, stdout } = await convert('--to', 'schema', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('"properties": {');
  expect(readFileSync(file('parameters'), 'utf8')).toBe(before);
});

test('says what the array has no place for, and stops at what it cannot express', async () => {
  const schema = (field: object) => JSON.stringify({ type: 'object', properties: { apiKey: field } });
  writeFileSync(file('parameters'), schema({ type: 'string', examples: ['x'] }));
  const lossy = JSON.parse((await convert('--to', 'array', '--json')).stdout);
  expect(lossy.diagnostics).toMatchObject([{ code: 'form/lost', path: ['properties', 'apiKey', 'examples'] }]);
  const broken = schema({ type: 'string', format: 'hostname' });
  writeFileSync(file('parameters'), broken);
  const refused = await convert('--to', 'array', '--json');
  expect([refused.code, JSON.parse(refused.stdout).diagnostics[0].code]).toEqual([1, 'form/not-expressible']);
  expect(readFileSync(file('parameters'), 'utf8')).toBe(broken);
});

test('knows no other connection', async () => {
  const { code, stderr } = await run(['convert', 'mian', '--to', 'schema'], { cwd: project });
  expect([code, stderr.includes('Did you mean "main"?')]).toEqual([2, true]);
});

test('a form that is a schema is pushed as an array, and pushed again only when that changes', async () => {
  await convert('--to', 'schema');
  const harness = await start(['harness', '--port', '0'], project);
  const push = async () => JSON.parse((await run(['push', '--json'], { cwd: project })).stdout).data;
  const pushed = await push();
  const { bytes } = await ask(harness, `/sdk/apps/connections/${pushed.connections.main}/parameters`);
  expect(JSON.parse(String(bytes))).toMatchObject([
    { name: 'apiKey', type: 'password', label: 'API key', required: true },
  ]);
  const text = readFileSync(file('parameters'), 'utf8');
  writeFileSync(file('parameters'), `// Words for us.\n${text}`);
  expect((await push()).changes).toEqual([]);
  writeFileSync(file('parameters'), text.replace('"API key"', '"Key"'));
  expect((await push()).changes).toEqual([
    { action: 'set', connection: 'main', section: 'parameters', why: 'changed' },
  ]);
});

test('values of common that break their schema stop the push, and are never shown', async () => {
  const secret = 'hunter2-hunter2';
  writeFileSync(
    join(project, 'connections/main/common.schema.json'),
    '{"type": "object", "properties": {"retries": {"type": "integer"}, "key": {"type": "string", "pattern": "^k-"}}}',
  );
  await start(['harness', '--port', '0'], project);
  const env = { CONNECTOR_COMMON_MAIN_RETRIES: secret, CONNECTOR_COMMON_MAIN_KEY: secret };
  const refused = await run(['push', '--json'], { cwd: project, env });
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout).diagnostics).toMatchObject([
    { code: 'value/type', path: ['retries'], expected: 'a whole number' },
    { code: 'value/limit', path: ['key'], hint: expect.stringContaining('CONNECTOR_COMMON_MAIN_KEY') },
  ]);
  expect(refused.stdout + refused.stderr).not.toContain(secret);
  const good = { CONNECTOR_COMMON_MAIN_RETRIES: '3', CONNECTOR_COMMON_MAIN_KEY: 'k-1' };
  expect((await run(['push'], { cwd: project, env: good })).code).toBe(0);
});
