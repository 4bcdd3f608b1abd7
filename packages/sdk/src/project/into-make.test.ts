import { expect, test } from 'vitest';
import { validate } from '../validate.ts';
import { memoryFiles } from './files.ts';
import { openProject, relayout } from './index.ts';
import type { Layout, Project } from './project.ts';

type Memory = ReturnType<typeof memoryFiles>;

const API = '// kept\n{ "url": "https://api.acme.test/me" }\n';

function nativeProject(): Memory {
  const origins = {
    prod: {
      url: 'https://eu1.make.com/api/v2',
      app: 'mine-ab12cd',
      version: 2,
      connections: { main: 'mine-ab12cd' },
      ignored: { local: ['second'], remote: ['mine-ab12cd9'] },
    },
    customers: { platform: 'workato', zone: 'eu' },
    later: { url: 'https://us1.make.com/api/v2' },
  };
  return memoryFiles({
    'connector.json': JSON.stringify({ name: 'mine', label: 'Mine', rules: { 'parameter/unused': 'off' }, origins }),
    'connections/main/connection.json': '{ "type": "apikey", "label": "Main" }',
    'connections/main/api.jsonc': API,
    'connections/main/parameters.json': '[]',
    'connections/main/common.schema.json': '{ "type": "object", "properties": {} }',
    'connections/second/connection.json': '{ "type": "oauth-refresh", "label": "Second" }',
    'connections/second/api.jsonc': '{}',
    'connections/second/scope.jsonc': '["a"]',
  });
}

function move(files: Memory, to: Layout['name']): Project {
  const { renames, writes } = relayout(openProject(files), to);
  for (const [from, target] of renames) files.rename(from, target);
  for (const { file, text } of writes) files.write(file, text);
  return openProject(files);
}

/** All that a project means, apart from where its files lie. */
function meaning({ name, label, rules, origins, connections }: Project) {
  return {
    name,
    label,
    rules: [...rules],
    origins,
    connections: connections.map(({ id, type, label: words, sections }) => ({
      id,
      type,
      label: words,
      texts: Object.fromEntries(Object.entries(sections).map(([section, source]) => [section, source.text])),
    })),
  };
}

test('a project goes into Make’s layout and comes back without loss', () => {
  const files = nativeProject();
  const before = meaning(openProject(files));
  const made = move(files, 'make');
  expect(made.manifest.file).toBe('makecomapp.json');
  expect(made.connections.map(({ sections }) => sections.api?.file)).toEqual([
    'connections/main/main.communication.iml.json',
    'connections/second/second.oauth-communication.iml.json',
  ]);
  const { tokenFile, ...prod } = made.origins.prod ?? {};
  expect(tokenFile).toBe('../.secrets/apikey');
  expect(meaning(made)).toEqual({ ...before, origins: { ...before.origins, prod: { ...prod, tokenFile } } });
  expect(prod).toEqual(before.origins.prod);
  expect(validate(made).filter(({ code }) => /^(project|source)/.test(code))).toEqual([]);

  const back = move(files, 'native');
  expect(back.manifest.file).toBe('connector.json');
  expect(meaning(back)).toEqual({ ...before, origins: { ...before.origins, prod: { ...prod, tokenFile } } });
  expect(files.read('connections/main/api.jsonc')).toBe(API);
  expect(back.problems).toEqual([]);
});

test('what Make has beside connections stays in its file, which goes on naming the files', () => {
  const other = { listThings: { label: 'List', codeFiles: { communication: 'modules/list/list.iml.json' } } };
  const files = memoryFiles({
    'makecomapp.json': JSON.stringify({
      fileVersion: 1,
      generalCodeFiles: { base: 'general/base.iml.json', common: null, readme: null, groups: null },
      components: {
        connection: {
          main: {
            label: 'Main',
            connectionType: 'basic',
            codeFiles: { communication: 'src/api.imljson', common: 'src/common.json', params: null },
          },
        },
        module: other,
      },
      origins: [{ label: 'Origin', baseUrl: 'https://eu1.make.com/api', appId: 'mine-ab12cd', appVersion: 1 }],
    }),
    'src/api.imljson': API,
    'src/common.json': '{"clientId": "abc"}',
  });
  const native = move(files, 'native');
  expect(meaning(native)).toMatchObject({
    name: 'mine',
    connections: [{ id: 'main', type: 'basic', texts: { api: API } }],
  });
  expect(files.read('connections/main/common.local.json')).toBe('{"clientId": "abc"}');
  expect(files.read('.gitignore')?.split('\n')).toEqual([
    '.connector/',
    'connections/*/common.local.json',
    'connections/*/.common.local.json.*.tmp',
    '',
  ]);
  const { components } = JSON.parse(files.read('makecomapp.json') ?? '');
  expect(components.module).toEqual(other);
  expect(components.connection.main.codeFiles).toEqual({
    communication: 'connections/main/api.jsonc',
    common: 'connections/main/common.local.json',
    params: null,
  });
  const back = move(files, 'make');
  expect(back.connections[0]?.sections.api?.text).toBe(API);
  expect(Object.keys(back.origins)).toEqual(['Origin']);
});

test('a form that has to be compiled is refused before anything is moved', () => {
  const files = nativeProject();
  files.write('connections/main/parameters.json', '{ "type": "object", "properties": {} }');
  expect(() => relayout(openProject(files), 'make')).toThrow(/written as a JSON Schema/);
});

test('there is nothing to do where it is in that layout', () => {
  expect(() => relayout(openProject(nativeProject()), 'native')).toThrow(/already/);
});
