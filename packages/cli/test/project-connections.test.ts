import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { projectFrom, start, stopAll } from './project.ts';
import { Folder } from './sync/team.ts';

afterEach(stopAll);

vi.mock('@clack/prompts', () => ({ confirm: async () => true, isCancel: () => false }));

const LAYOUTS = ['native', 'make'] as const;

/** A project with the connection main, in a layout, and its harness. */
async function project(layout: (typeof LAYOUTS)[number]): Promise<Folder> {
  const root = await projectFrom('api-key');
  if (layout === 'make') expect((await run(['convert', '--layout', 'make'], { cwd: root })).code).toBe(0);
  return new Folder(root);
}

/** Every text of the project that tells of a connection. */
function told(folder: Folder): string {
  const files = [
    'connector.json',
    'makecomapp.json',
    'connector.lock.json',
    '.connector/lock.json',
    '.connector/origins.json',
    '.vscode/settings.json',
  ];
  return files.map((file) => (existsSync(join(folder.root, file)) ? folder.read(file) : '')).join('\n');
}

const api = (folder: Folder, id: string) => {
  const found = folder.run('list').then(({ data }) => data.connections.find((each: { id: string }) => each.id === id));
  return found.then(({ files }) => files.find((file: string) => /api|communication/.test(file)) as string);
};

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  test('a connection is added from a template and from a description, and all of it validates', async () => {
    const folder = await project(layout);
    expect(await folder.run('add', 'login', '--template', 'oauth2')).toMatchObject({ code: 0 });
    const document = {
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: 'https://orders.acme.test' }],
      components: { securitySchemes: { a: { type: 'http', scheme: 'bearer' }, b: { type: 'http', scheme: 'basic' } } },
      security: [{ a: [] }, { b: [] }],
      paths: { '/me': { get: {} } },
    };
    writeFileSync(join(folder.root, '..', 'openapi.json'), JSON.stringify(document));
    const several = await folder.run('add', 'orders', '--from-openapi', '../openapi.json');
    expect([several.code, several.diagnostics[0].hint]).toEqual([2, expect.stringContaining('--connection')]);
    const added = await folder.run('add', 'orders', '--from-openapi', '../openapi.json', '--connection', 'b');
    expect([added.code, added.data.connection]).toEqual([0, 'orders']);
    const place = added.diagnostics.find((each: { code: string }) => each.code === 'openapi/assumed');
    expect(folder.read(place.file).split('\n')[place.line - 1]).toContain('https://orders.acme.test/me');
    const listed = (await folder.run('list')).data;
    expect(listed.layout).toBe(layout);
    expect(listed.connections.map(({ id }: { id: string }) => id).sort()).toEqual(['login', 'main', 'orders']);
    const file = await api(folder, 'login');
    folder.write(file, folder.read(file).replaceAll('.example.com', '.acme.test'));
    expect(await folder.run('validate', '--max-warnings', '0')).toMatchObject({ code: 0 });
    expect((await folder.run('types')).code).toBe(0);
    expect(folder.read('connector.d.ts')).toMatch(/orders/i);
    for (const id of ['main', 'MAIN']) {
      expect((await folder.run('add', id, '--template', 'api-key')).diagnostics[0].code).toBe('project/connection-id');
    }
    // Windows keeps the second and the third for devices.
    for (const id of ['1st', 'con', 'Lpt1']) {
      expect((await folder.run('add', id, '--template', 'api-key')).diagnostics[0].code).toBe('project/connection-id');
    }
  });

  test('a connection that was pushed is renamed with its files, tests, lock and origins, and pushes nothing', async () => {
    const folder = await project(layout);
    await start(['harness', '--port', '0'], folder.root);
    expect((await folder.run('push', '--yes')).code).toBe(0);
    const test = join((await api(folder, 'main')).replace(/\/[^/]+$/, ''), 'tests/mine.test.jsonc');
    folder.write(test, '{\n  // mine\n  "connection": "main"\n}\n');
    const remote = (await folder.run('list')).data.connections[0].platforms.harness;
    expect(remote).toEqual(expect.any(String));
    const looked = await folder.run('rename', 'main', 'orders', '--dry-run');
    expect([looked.code, existsSync(join(folder.root, test))]).toEqual([0, true]);
    const renamed = await folder.run('rename', 'main', 'orders');
    expect([renamed.code, renamed.data.platforms]).toEqual([0, { harness: remote }]);
    expect(existsSync(join(folder.root, test))).toBe(false);
    expect(folder.read(test.replace('/main/', '/orders/'))).toBe('{\n  // mine\n  "connection": "orders"\n}\n');
    expect(told(folder)).not.toMatch(/"main"|\/main\//);
    const [listed] = (await folder.run('list')).data.connections;
    expect(listed).toMatchObject({ id: 'orders', type: 'apikey', platforms: { harness: remote } });
    folder.remove(test.replace('/main/', '/orders/'));
    expect((await folder.run('validate')).code).toBe(0);
    const difference = await folder.run('diff', '--exit-code');
    expect([difference.code, difference.data.changes ?? []]).toEqual([0, []]);
    for (const id of ['orders', 'ORDERS', '1st', 'a/b']) {
      const refused = await folder.run('rename', 'orders', id);
      // Only the case of a name may change.
      expect([id, refused.code]).toEqual([id, id === 'ORDERS' ? 0 : 2]);
      if (id === 'ORDERS') await folder.run('rename', 'ORDERS', 'orders');
    }
    expect((await folder.run('rename', 'mian', 'x')).diagnostics[0].code).toBe('project/unknown-connection');
  });

  test('a connection is removed after somebody agreed, and what is on the platform is told and stays', async () => {
    const folder = await project(layout);
    await start(['harness', '--port', '0'], folder.root);
    await folder.run('add', 'orders', '--template', 'api-key');
    expect((await folder.run('push', '--yes')).code).toBe(0);
    const file = await api(folder, 'orders');
    const refused = await folder.run('remove', 'orders');
    expect([refused.code, refused.diagnostics[0].code, existsSync(join(folder.root, file))]).toEqual([
      2,
      'usage/missing',
      true,
    ]);
    const removed = await folder.typed('remove', 'orders');
    expect([removed.code, removed.stdout]).toEqual([
      0,
      expect.stringMatching(/on harness it stays as it is, and is called/),
    ]);
    expect(existsSync(join(folder.root, file))).toBe(false);
    expect(told(folder)).not.toMatch(/orders/);
    expect((await folder.run('list')).data.connections.map(({ id }: { id: string }) => id)).toEqual(['main']);
    expect((await folder.run('validate')).code).toBe(0);
    expect((await folder.run('remove', 'orders', '--yes')).diagnostics[0].code).toBe('project/unknown-connection');
  });
});

test('what others wrote into the settings of the editor stays, and a file that cannot be read is left alone', async () => {
  const root = await projectFrom('api-key');
  const file = join(root, '.vscode/settings.json');
  const own =
    '{\n  // mine\n  "editor.tabSize": 3,\n  "json.schemas": [{ "fileMatch": ["/a.json"], "url": "./a.schema.json" }]\n}\n';
  writeFileSync(file, own);
  expect((await run(['add', 'orders', '--template', 'oauth2'], { cwd: root })).code).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('// mine');
  expect(text).toContain('./a.schema.json');
  expect(text).toContain('/connections/orders/api.jsonc');
  writeFileSync(file, '{ "editor');
  expect((await run(['rename', 'orders', 'login'], { cwd: root })).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('{ "editor');
  expect(temporaryFolder()).not.toBe(root);
});
