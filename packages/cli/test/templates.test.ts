import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@connectorkit/harness';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { TEMPLATES } from './connections.ts';
import { recordHarness, temporaryFolder } from './connector.ts';
import { Folder, platform } from './sync/team.ts';

/** What was offered, and what is chosen. */
const offered: string[] = [];
let chosen: (labels: readonly string[]) => string = () => '';
vi.mock('@clack/prompts', () => ({
  confirm: async () => false,
  select: async ({ options }: { options: readonly { value: string; label: string; hint?: string }[] }) => {
    offered.push(...options.map(({ label, hint }) => `${label}: ${hint}`));
    return chosen(options.map(({ value }) => value));
  },
  isCancel: () => false,
}));

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SCAFFOLD = readFileSync(join(ROOT, 'scaffold/README.md'), 'utf8');
const names = Object.keys(TEMPLATES);

let harness: Harness;
beforeAll(async () => {
  harness = await platform();
});

async function created(template: string, name = 'my-app'): Promise<Folder> {
  const parent = new Folder(temporaryFolder());
  expect((await parent.run('create', name, '--template', template)).code).toBe(0);
  const folder = new Folder(join(parent.root, name));
  recordHarness(folder.root, harness);
  return folder;
}

test('each folder of templates is one that is tried here', () => {
  expect(readdirSync(join(ROOT, 'templates')).sort()).toEqual(names.toSorted());
});

test('the page about templates lists each with its type', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/templates.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([\w-]+)` .* `([\w-]+)` +\|$/gm)].map(([, name, type]) => `${name} ${type}`);
  const typeOf = (name: string) =>
    JSON.parse(readFileSync(join(ROOT, 'templates', name, 'connections/main/connection.json'), 'utf8')).type;
  expect(listed.toSorted()).toEqual(names.map((name) => `${name} ${typeOf(name)}`).toSorted());
});

describe.each(names)('the template %s', (template) => {
  test.each(['native', 'make'])('is tested, checked, typed, pushed and connected in the layout %s', async (layout) => {
    const folder = await created(template, `${template}-${layout.slice(0, 1)}`);
    const api = 'connections/main/api.jsonc';
    folder.write(api, folder.read(api).replaceAll('.example.com', '.acme.test'));
    // The tests still have the placeholders: what is sent now is written into them.
    expect((await folder.run('test')).code).toBe(1);
    expect((await folder.run('test', '--update', '--yes')).code).toBe(0);
    if (layout === 'make') {
      // Make's own tools know forms as arrays only.
      expect((await folder.run('convert', 'main', '--to', 'array')).code).toBe(0);
      expect((await folder.run('convert', '--layout', 'make')).code).toBe(0);
    }

    expect(await folder.run('validate', '--max-warnings', '0')).toMatchObject({ code: 0, diagnostics: [] });
    const tested = await folder.run('test', '--strict');
    expect(tested).toMatchObject({ code: 0, data: { failed: 0 }, diagnostics: [] });
    expect(tested.data.passed).toBeGreaterThan(3);
    expect((await folder.run('types')).code).toBe(0);
    expect((await folder.run('types', '--check')).code).toBe(0);

    const { connects, shows } = TEMPLATES[template] ?? {};
    const connected = await folder.run('connect', '--local', '--headless');
    expect(connected).toMatchObject({ code: 0, data: { id: 'main-1', name: shows } });
    expect(connected.data.trace.steps.map(({ name }: { name: string }) => name)).toEqual(connects);

    expect((await folder.run('push', '--yes')).code).toBe(0);
    expect((await folder.run('diff', '--exit-code')).code).toBe(0);
    const there = await folder.run('connect', '--harness', '--local', '--headless');
    expect(there).toMatchObject({ code: 0, data: { metadata: { value: shows } } });
  });

  test('is added to a project that has one', async () => {
    const folder = await created('custom');
    expect((await folder.run('add', 'second', '--template', template)).code).toBe(0);
    const added = (path: string) => folder.read(`connections/second/${path}`);
    expect(added('api.jsonc')).toBe(
      readFileSync(join(ROOT, 'templates', template, 'connections/main/api.jsonc'), 'utf8'),
    );
    expect(await folder.run('test', 'second')).toMatchObject({ code: 0, data: { failed: 0 } });
  });

  test('has no file of its own that others have as well', async () => {
    const folder = await created(template);
    expect(existsSync(join(folder.root, 'template.json'))).toBe(false);
    const readme = folder.read('README.md');
    expect(readme.endsWith(`\n\n${SCAFFOLD}`)).toBe(true);
    expect(readme.match(/^# /gm)).toHaveLength(1);
    expect(readme).toMatch(/## What to change.*https:\/\/.*## Files/s);
    const own = readdirSync(join(ROOT, 'templates', template)).sort();
    expect(own).toEqual(['README.md', 'connections', 'connector.json', 'template.json']);
  });
});

describe('who does not know which template', () => {
  test('is asked what users do, and then which of these', async () => {
    const parent = new Folder(temporaryFolder());
    chosen = (values) => values.find((value) => /browser$|pkce$/.test(value)) ?? '';
    expect((await parent.typed('create', 'my-app')).code).toBe(0);
    const groups = offered.splice(0);
    expect(groups.slice(0, 6).map((line) => line.split(':')[0])).toEqual([
      'users paste an API key',
      'users enter a user name and a password',
      'users sign in with the provider, in a browser',
      'no user signs in',
      'something else',
      'a complete example',
    ]);
    expect(groups[2]).toContain('oauth2, oauth2-pkce, oauth1');
    expect(groups.slice(6).map((line) => line.split(':')[0])).toEqual(['oauth2', 'oauth2-pkce', 'oauth1']);
    expect(readFileSync(join(parent.root, 'my-app/connections/main/api.jsonc'), 'utf8')).toContain('code_verifier');
  });

  test('is not asked further where there is one', async () => {
    const parent = new Folder(temporaryFolder());
    // Something else: a template alone in its group.
    chosen = (values) => values.at(-2) ?? '';
    expect((await parent.typed('create', 'my-app')).code).toBe(0);
    expect(offered.splice(0)).toHaveLength(6);
    expect(existsSync(join(parent.root, 'my-app/connections/main/api.jsonc'))).toBe(true);
  });

  test.each(['create', 'add'])('finds them all in the help of %s', async (command) => {
    const { stdout } = await new Folder(temporaryFolder()).shown(command, '--help');
    const [, list = ''] = stdout.split('To start from, with --template:');
    for (const name of names) expect(list).toMatch(new RegExp(`^ {4}${name} +\\S`, 'm'));
    for (const line of list.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});
