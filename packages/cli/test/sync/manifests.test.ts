import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordHarness, temporaryFolder } from '../connector.ts';
import { apiAt, makeProject } from '../make-project.ts';
import { connection, Folder, platform, projectAt, stored } from './team.ts';

/** Commands that need to know where the project is pushed to, or which connections it has. */
const COMMANDS = [
  ['status'],
  ['diff'],
  ['push', '--yes'],
  ['pull'],
  ['recreate'],
  ['publish', '--yes'],
  ['platforms'],
  ['types'],
  ['whoami'],
  ['login', '--origin', 'Production'],
  ['access', 'list', '--platform', 'akana'],
  ['convert', '--layout', 'native'],
  ['validate', 'folder'],
];

const ORIGIN = { label: 'Production', baseUrl: 'https://eu1.make.com/api', appId: 'mine-ab12cd', appVersion: 1 };

describe('a manifest that cannot be relied on is told by every command as validate tells it', () => {
  test.each([
    ['with a byte order mark', 'makecomapp.json', (text: string) => `\ufeff${text}`],
    ['with a comment', 'makecomapp.json', (text: string) => `// mine\n${text}`],
    ['cut off', 'makecomapp.json', (text: string) => text.slice(0, -10)],
    [
      'with origins of the wrong type',
      'makecomapp.json',
      (text: string) => text.replace('"origins": [', '"origins": 1, "x": ['),
    ],
    ['with origins as a list', 'connector.json', () => '{ "name": "mine", "origins": [] }'],
  ])('%s', async (_, file, change) => {
    const project = makeProject();
    project.manifest({}, { origins: [ORIGIN] });
    const folder = new Folder(project.root, { CONNECTOR_TOKEN: 'a-token' });
    folder.write(file, change(file === 'makecomapp.json' ? folder.read(file) : ''));
    const reported = (await folder.run('validate')).diagnostics.filter(
      (each: { file?: string; severity: string }) => each.file === file && each.severity === 'error',
    );
    expect(reported.length).toBeGreaterThan(0);
    for (const command of COMMANDS) {
      const { code, diagnostics } = await folder.run(...command);
      expect([command, code, diagnostics]).toEqual([command, 1, expect.arrayContaining(reported)]);
    }
  });

  test('and so is a connection of which it is not known what it is: it is not taken for deleted', async () => {
    const harness = await platform();
    const project = projectAt(harness, { ...connection('one'), ...connection('two') });
    await project.run('push');
    project.write('connections/one/connection.json', '{ "type": "apikeyy", "label": "one" }\n');
    for (const command of [
      ['status'],
      ['diff'],
      ['pull'],
      ['push', '--allow-destructive'],
      ['recreate'],
      ['platforms'],
    ]) {
      const { code, diagnostics } = await project.run(...command);
      expect([command, code, diagnostics]).toMatchObject([command, 1, [{ code: 'schema/enum', connection: 'one' }]]);
    }
    const { one } = project.json('.connector/origins.json').harness.connections;
    expect(await stored(harness, one, 'api')).toContain('/one');
  });
});

/** A project in Make's layout that speaks to a harness as its own, in a folder of this name. */
async function makeProjectAt(path: string, more: object = {}) {
  const harness = await platform();
  const root = join(temporaryFolder(), path);
  mkdirSync(root, { recursive: true });
  const project = makeProject(root);
  project.manifest({}, more);
  recordHarness(root, harness);
  return { harness, project, folder: new Folder(root) };
}

describe('the name of a new app, in Make’s own layout', () => {
  test.each([
    ['my-app', 'my-app'],
    ['My App 2/src', 'my-app-2'],
    ['Müller & Söhne', 'muller-sohne'],
  ])('is that of the folder %s', async (path, name) => {
    const { folder } = await makeProjectAt(path);
    const { code, data } = await folder.run('push', '--origin', 'harness');
    expect([code, data.app]).toEqual([0, expect.stringMatching(new RegExp(`^${name}-`))]);
  });

  test('is asked for where the folder gives none', async () => {
    const { folder, project } = await makeProjectAt('1');
    const { code, diagnostics } = await folder.run('push', '--origin', 'harness');
    expect([code, diagnostics]).toMatchObject([
      2,
      [{ code: 'project/no-name', hint: expect.stringContaining('appId') }],
    ]);
    expect((await folder.run('status', '--origin', 'harness')).code).toBe(0);
    project.write('connector.json', '{ "name": "mine", "layout": "make" }');
    expect((await folder.run('push', '--origin', 'harness')).data.app).toMatch(/^mine-/);
  });

  test('a placeholder is no name and no address: what is to be filled in is named with its place', async () => {
    const placeholder = {
      label: 'New',
      baseUrl: '-FILL-ME- - Example',
      appId: '-FILL-ME- - Place here',
      appVersion: 1,
    };
    const { folder } = await makeProjectAt('filled', { origins: [placeholder, { ...ORIGIN, appId: '-FILL-ME-' }] });
    const validated = await folder.run('validate');
    expect(validated.code).toBe(0);
    expect(validated.diagnostics.filter(({ code }: { code: string }) => code === 'project/placeholder')).toMatchObject([
      { file: 'makecomapp.json', path: ['origins', 0, 'baseUrl'] },
      { file: 'makecomapp.json', path: ['origins', 1, 'appId'] },
    ]);
    for (const command of ['status', 'diff', 'push', 'pull']) {
      const { code, diagnostics } = await folder.run(command, '--origin', 'Production');
      expect([code, diagnostics]).toMatchObject([2, [{ code: 'project/placeholder', path: ['origins', 1, 'appId'] }]]);
    }
    expect((await folder.run('push', '--origin', 'harness')).data.app).toMatch(/^filled-/);
  });

  test.each(['[YOUR APP ID]', 'your-app-id', '<app>'])('%s stands in place of the id of an app', async (appId) => {
    const { folder } = await makeProjectAt('bracketed', { origins: [{ ...ORIGIN, appId }] });
    const { code, diagnostics } = await folder.run('push', '--origin', 'Production', '--yes');
    expect([code, diagnostics]).toMatchObject([
      2,
      [{ code: 'project/placeholder', message: expect.stringContaining(appId), path: ['origins', 0, 'appId'] }],
    ]);
  });
});

describe('an origin of Make’s own layout', () => {
  test('the file that has no token is named', async () => {
    const project = makeProject();
    project.manifest({}, { origins: [{ ...ORIGIN, apikeyFile: '../.secrets/apikey' }] });
    const { code, diagnostics } = await new Folder(project.root).run('status');
    expect(code).toBe(5);
    expect(diagnostics[0].message + diagnostics[0].hint).toContain('../.secrets/apikey');
  });

  test.each(['/api', '/api/', '/api/v2', '/api/v2/', ''])('its base URL may end in %j', async (path) => {
    const harness = await platform();
    const project = makeProject();
    project.manifest({}, { origins: [{ ...ORIGIN, baseUrl: `${harness.url}${path}` }] });
    const folder = new Folder(project.root, {
      CONNECTOR_TOKEN_PRODUCTION: harness.token,
      CONNECTOR_HOST_PRODUCTION: new URL(harness.url).host,
    });
    expect(await folder.run('status')).toMatchObject({ code: 0, data: { app: null, url: `${harness.url}/api/v2` } });
  });

  test('what was deleted there is let go by removing it from the manifest', async () => {
    const { harness, folder } = await makeProjectAt('gone');
    const { data } = await folder.run('push', '--origin', 'harness');
    await fetch(`${harness.url}/api/v2/sdk/apps/connections/${data.connections.top}`, {
      method: 'DELETE',
      headers: { authorization: `Token ${harness.token}` },
    });
    const { diagnostics } = await folder.run('push', '--dry-run', '--origin', 'harness');
    expect(diagnostics).toMatchObject([
      {
        code: 'sync/gone',
        hint: 'It is created again. To give it up, remove "top" from the connections in makecomapp.json.',
      },
    ]);
  });
});

describe('a connection without connectionType', () => {
  test('is pushed and pulled where it is, with the type that the platform stores', async () => {
    const { harness, project, folder } = await makeProjectAt('typeless');
    const { data } = await folder.run('push', '--origin', 'harness');
    const { connectionType: _, ...top } = project.connections.top ?? { label: '', codeFiles: {} };
    project.manifest({ top });
    project.write('top.iml.json', apiAt('changed'));
    for (const command of ['status', 'diff', 'push', 'pull']) {
      const { code, diagnostics } = await folder.run(command, '--origin', 'harness');
      expect([command, code]).toEqual([command, 0]);
      const reported = diagnostics.filter((each: { severity: string }) => each.severity !== 'info');
      expect(reported).toEqual([]);
    }
    expect(await stored(harness, data.connections.top, 'api')).toBe(apiAt('changed'));
    const { diagnostics } = await folder.run('diff', '--origin', 'harness');
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'project/no-type', hint: 'Write "connectionType": "basic" into its entry.' }),
    );
    const authorize =
      '{ "authorize": { "url": "https://a.example.org", "qs": { "client_id": "{{common.clientId}}" } } }';
    project.write('top.iml.json', authorize);
    const refused = await folder.run('push', '--origin', 'harness');
    expect([refused.code, refused.diagnostics]).toMatchObject([
      4,
      expect.arrayContaining([expect.objectContaining({ code: 'sync/conflict', file: 'makecomapp.json' })]),
    ]);
  });

  test('is not created: it is asked of which type', async () => {
    const harness = await platform();
    const project = makeProject();
    const { connectionType: _, ...top } = project.connections.top ?? { label: '', codeFiles: {} };
    const idMapping = { connection: [{ local: 'top', remote: 'other-ab12cd' }] };
    project.manifest({ top }, { origins: [{ ...ORIGIN, idMapping }] });
    recordHarness(project.root, harness);
    const folder = new Folder(project.root);
    const { code, diagnostics } = await folder.run('push', '--origin', 'harness');
    expect([code, diagnostics]).toMatchObject([4, [{ code: 'project/no-type', severity: 'error' }]]);
    project.manifest({ top });
    expect((await folder.run('validate')).diagnostics).toContainEqual(
      expect.objectContaining({ code: 'project/no-type', severity: 'error', connection: 'top' }),
    );
  });
});

test('a project without connections has nothing to push, and says so', async () => {
  const harness = await platform();
  const project = projectAt(harness, {});
  const { stderr } = await project.shown('push');
  expect(stderr).toContain('There is nothing to push to harness');
  expect(stderr).not.toContain('undefined');
});

describe('two that are one on the other side are refused, and both are named', () => {
  test.each([
    ['native', 'connections', '"one" and "two" are both "shop-1" on "prod".'],
    ['make', 'idMapping', '"folder" and "deep" are both "mine-1" on "Production".'],
    ['make, locally', 'idMapping', '"folder" is both "mine-1" and "mine-2" on "Production".'],
    ['make, ignored', 'idMapping', '"folder" is both "mine-1" and nothing on "Production".'],
  ])('by a recorded name: %s', async (kind, key, message) => {
    const pairs: Record<string, object[]> = {
      make: [
        { local: 'folder', remote: 'mine-1' },
        { local: 'deep', remote: 'mine-1' },
      ],
      'make, locally': [
        { local: 'folder', remote: 'mine-1' },
        { local: 'folder', remote: 'mine-2' },
      ],
      'make, ignored': [
        { local: 'folder', remote: 'mine-1' },
        { local: 'folder', remote: null },
      ],
    };
    const origins = { prod: { url: 'https://eu1.make.com/api/v2', connections: { one: 'shop-1', two: 'shop-1' } } };
    const project = makeProject();
    const folder = new Folder(project.root, { CONNECTOR_TOKEN: 'a-token' });
    if (kind === 'native') folder.write('connector.json', JSON.stringify({ name: 'mine', origins }));
    else {
      const idMapping = { connection: pairs[kind], module: [], function: [], rpc: [], webhook: [] };
      project.manifest({}, { origins: [{ ...ORIGIN, idMapping }] });
    }
    for (const command of ['validate', 'status', 'push', 'pull']) {
      const { code, diagnostics } = await folder.run(command);
      const reported = diagnostics.filter((each: { code: string }) => each.code === 'project/paired-twice');
      expect([command, code, reported]).toMatchObject([command, 1, [{ message, related: [{ message: 'the first' }] }]]);
      expect(reported[0].path).toContain(key);
    }
  });

  test('by label and type: two there for one here, as connections and as apps', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'));
    const { app, connections } = (await project.run('push')).data;
    const post = async (path: string, body: object) => {
      const response = await fetch(`${harness.url}/api/v2/sdk/apps${path}`, {
        method: 'POST',
        headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as { appConnection: { name: string } };
    };
    const { appConnection } = await post(`/${app}/connections`, { type: 'apikey', label: 'one' });
    expect((await project.run('status')).code).toBe(0);
    renameSync(join(project.root, '.connector/origins.json'), join(project.root, 'origins.json'));
    for (const command of [['status'], ['diff'], ['pull', '--theirs', 'all'], ['push', '--ours', 'all']]) {
      const { code, diagnostics } = await project.run(...command);
      expect([command, code, diagnostics]).toMatchObject([command, 4, [{ code: 'sync/ambiguous' }]]);
      expect(diagnostics[0].message).toContain(`${connections.one} and ${appConnection.name}`);
    }
    await post('', {
      name: 'shop',
      label: 'Shop',
      description: '',
      theme: '#6b7280',
      language: 'en',
      audience: 'global',
    });
    const { code, diagnostics } = await project.run('push');
    expect([code, diagnostics]).toMatchObject([4, [{ code: 'sync/ambiguous' }]]);
    expect(diagnostics[0].message).toContain(app);
  });
});

describe('convert --layout native', () => {
  test('leaves no folder behind that would be taken for a connection', async () => {
    const project = makeProject();
    const codeFiles = {
      communication: 'connections/my-own/my-own.communication.iml.json',
      params: 'top.params.json',
      common: null,
    };
    project.manifest({ myOwn: { label: 'Own', connectionType: 'basic', codeFiles } });
    project.write('connections/my-own/my-own.communication.iml.json', apiAt('own'));
    project.write('connections/my-own/connection.json', '{ "type": "apikey", "label": "Before" }\n');
    project.write('connections/my-own/common.schema.json', '{ "type": "object", "properties": {} }\n');
    project.write('connections/my-own/common.local.json', '{}\n');
    project.write('connections/my-own/tests/first.test.jsonc', '{}\n');
    project.write('connections/my-own/README.md', 'words\n');
    const folder = new Folder(project.root);
    expect((await folder.run('convert', '--layout', 'native')).code).toBe(0);
    expect(readdirSync(project.path('connections')).sort()).toEqual(['deep', 'folder', 'myOwn', 'top']);
    expect(readdirSync(project.path('connections/myOwn')).sort()).toEqual([
      'README.md',
      'api.jsonc',
      'common.local.json',
      'common.schema.json',
      'connection.json',
      'parameters.jsonc',
      'tests',
    ]);
    expect(folder.json('connections/myOwn/connection.json')).toEqual({ type: 'apikey', label: 'Own' });
    expect(readdirSync(project.root)).not.toContain('src');
    const { code, data, diagnostics } = await folder.run('validate');
    const serious = diagnostics.filter(({ severity }: { severity: string }) => severity !== 'info');
    expect([code, data.connections, serious]).toEqual([0, ['deep', 'folder', 'myOwn', 'top'], []]);
  });

  test('refuses to take the place of another file, or to leave a folder among the connections', async () => {
    const project = makeProject();
    const folder = new Folder(project.root);
    const convert = async () => {
      const { code, diagnostics } = await folder.run('convert', '--layout', 'native');
      return [code, diagnostics[0]?.code, diagnostics[0]?.file];
    };
    project.write('connections/top/api.jsonc', '{}');
    expect(await convert()).toEqual([2, 'convert/layout', 'connections/top/api.jsonc']);
    renameSync(project.path('connections/top'), project.path('connections/notes'));
    expect(await convert()).toEqual([2, 'convert/layout', 'connections/notes/api.jsonc']);
    expect(folder.read('top.iml.json')).toContain('/top');
  });

  test('refuses an id that no connection can have there, and a file that is named and not there', async () => {
    const convert = async (id: string, codeFiles: object) => {
      const project = makeProject();
      project.manifest({ [id]: { label: 'Top', connectionType: 'basic', codeFiles: { common: null, ...codeFiles } } });
      const { code, diagnostics } = await new Folder(project.root).run('convert', '--layout', 'native');
      expect(readdirSync(project.root)).toContain('top.iml.json');
      return [code, diagnostics[0]?.code, diagnostics[0]?.message];
    };
    expect(await convert('my_top 1', { communication: 'top.iml.json' })).toEqual([
      2,
      'convert/layout',
      expect.stringContaining('my_top 1'),
    ]);
    expect(await convert('top', { communication: 'top.iml.json', params: 'nowhere.json' })).toEqual([
      1,
      'project/missing-file',
      expect.stringContaining('nowhere.json'),
    ]);
  });
});
