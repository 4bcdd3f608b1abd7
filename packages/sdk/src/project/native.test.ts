import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../diagnostics.ts';
import { memoryFiles } from './files.ts';
import { openProject } from './index.ts';

const CONNECTION = '{"type": "apikey", "label": "Acme", "unmanaged": ["api"]}';

function open(files: Readonly<Record<string, string>>) {
  return openProject(memoryFiles(files));
}

function codes(files: Readonly<Record<string, string>>): string[] {
  return open(files).problems.map(({ code, file, path }) => `${code} ${file} ${(path ?? []).join('.')}`.trim());
}

test('a connector is read', () => {
  const project = open({
    'connector.json': JSON.stringify({
      $schema: './connector.schema.json',
      name: 'acme',
      origins: {
        prod: { platform: 'make', url: 'https://eu1.make.com', app: 'acme-x', version: 2, connections: { a: 'b' } },
      },
    }),
    'connections/acme/connection.json': '{"type": "oauth"}',
    'connections/acme/api.jsonc': '{ /* why */ }',
    'connections/acme/scope.json': '["a"]',
    'connections/acme/common.local.json': '{"clientSecret": "x"}',
    'connections/acme/tests/first.test.jsonc': '{}',
    'connections/README.md': 'text',
  });
  expect(project.problems).toEqual([]);
  expect(project).toMatchObject({ name: 'acme', label: 'acme' });
  expect(project.origins).toEqual({
    prod: { platform: 'make', url: 'https://eu1.make.com', app: 'acme-x', version: 2, connections: { a: 'b' } },
  });
  expect(project.connections).toMatchObject([{ id: 'acme', type: 'oauth', label: 'acme' }]);
  expect(Object.keys(project.connections[0]?.sections ?? {})).toEqual(['api', 'scope']);
});

test('a folder without connector.json is no project', () => {
  expect(() => open({ 'connections/acme/connection.json': CONNECTION })).toThrow(ConnectorError);
});

test.each([
  ['', ['source/syntax connector.json']],
  ['[]', ['schema/type connector.json']],
  ['{}', ['schema/required connector.json name']],
  ['{"name": ""}', ['schema/value connector.json name']],
  ['{"name": 7, "label": []}', ['schema/type connector.json name', 'schema/type connector.json label']],
  ['{"nam": "acme"}', ['schema/unknown-key connector.json nam']],
  ['{"name": "acme", "origins": []}', ['schema/type connector.json origins']],
  ['{"name": "acme", "origins": {"prod": 1}}', ['schema/type connector.json origins.prod']],
  ['{"name": "acme", "origins": {"prod": {"version": "1"}}}', ['schema/type connector.json origins.prod.version']],
  ['{"name": "acme", "origins": {"prod": {"version": 0}}}', ['schema/value connector.json origins.prod.version']],
  [
    '{"name": "acme", "origins": {"prod": {"connections": {"a": 1}}}}',
    ['schema/type connector.json origins.prod.connections.a'],
  ],
])('connector.json %j', (text, expected) => {
  expect(codes({ 'connector.json': text, 'connections/acme/connection.json': CONNECTION })).toEqual(expected);
});

test('what is right in a faulty manifest is read', () => {
  const project = open({
    'connector.json':
      '{"name": "acme", "label": 7, "origins": {"prod": {"url": "https://x.io", "app": 1, "version": "x"}, "b": 1}}',
  });
  expect(project).toMatchObject({ name: 'acme', label: 'acme', origins: { prod: { url: 'https://x.io' }, b: {} } });
  expect(project.origins.prod).not.toHaveProperty('version');
  expect(project.problems).toHaveLength(4);
});

test.each([
  ['{"type": "oath"}', ['schema/enum connections/acme/connection.json type'], 'Did you mean "oauth"?'],
  ['{"type": "saml"}', ['schema/enum connections/acme/connection.json type'], 'Write apikey, basic,'],
  ['{"label": "Acme"}', ['schema/required connections/acme/connection.json type'], 'Add "type".'],
  ['{"tpye": "oauth"}', ['schema/unknown-key connections/acme/connection.json tpye'], 'Did you mean "type"?'],
  ['7', ['schema/type connections/acme/connection.json'], 'Write an object here.'],
  ['{', ['source/syntax connections/acme/connection.json'], ''],
])('connection.json %j', (text, expected, hint) => {
  const files = { 'connector.json': '{"name": "acme"}', 'connections/acme/connection.json': text };
  expect(codes(files)).toEqual(expected);
  expect(open(files).problems[0]?.hint).toContain(hint);
  expect(open(files).connections).toEqual([]);
});

test('a faulty label does not lose the connection', () => {
  const project = open({
    'connector.json': '{"name": "acme"}',
    'connections/acme/connection.json': '{"type": "basic", "label": 7, "unmanaged": ["api"]}',
  });
  expect(project.connections).toMatchObject([{ id: 'acme', type: 'basic', label: 'acme' }]);
  expect(project.problems).toMatchObject([{ code: 'schema/type', path: ['label'] }]);
});

test.each<[string, Record<string, string>, string[]]>([
  ['no connections', {}, ['project/no-connections connector.json']],
  [
    'a folder without connection.json',
    { 'connections/acme/api.json': '{}' },
    ['project/no-descriptor connections/acme/connection.json'],
  ],
  [
    'a folder that cannot be an id',
    { 'connections/1st/connection.json': CONNECTION },
    ['project/connection-id connections/1st'],
  ],
  [
    'a folder that Windows cannot have',
    { 'connections/Aux/connection.json': CONNECTION },
    ['project/connection-id connections/Aux'],
  ],
  [
    'a file that is no section',
    { 'connections/acme/connection.json': CONNECTION, 'connections/acme/parameter.jsonc': '[]' },
    ['project/unknown-file connections/acme/parameter.jsonc'],
  ],
  [
    'a section in two files',
    {
      'connections/acme/connection.json': '{"type": "apikey"}',
      'connections/acme/api.json': '{}',
      'connections/acme/api.jsonc': '{}',
    },
    ['project/duplicate-section connections/acme/api.json'],
  ],
])('%s', (_, files, expected) => {
  expect(codes({ 'connector.json': '{"name": "acme"}', ...files })).toEqual(expected);
});

describe('a connection without api', () => {
  const reported = (files: Readonly<Record<string, string>>) => {
    const named = Object.entries(files).map(([name, text]) => [`connections/acme/${name}`, text]);
    return codes({ 'connector.json': '{"name": "acme"}', ...Object.fromEntries(named) });
  };
  test('is reported, also when it has other sections', () => {
    const files = { 'connection.json': '{"type": "basic"}', 'parameters.jsonc': '[]' };
    expect(reported(files)).toEqual(['project/missing-section connections/acme/connection.json']);
  });

  test('is all right when connection.json says that it is left to the platform', () => {
    const text = '{"type": "basic", "unmanaged": ["api", "scope"]}';
    expect(reported({ 'connection.json': text, 'parameters.jsonc': '[]' })).toEqual([]);
    expect(reported({ 'connection.json': text, 'api.jsonc': '{}' })).toEqual([
      'project/unmanaged connections/acme/connection.json unmanaged.0',
    ]);
    const others = '{"type": "basic", "unmanaged": ["scope"]}';
    expect(reported({ 'connection.json': others })).toEqual([
      'project/missing-section connections/acme/connection.json',
    ]);
    expect(reported({ 'connection.json': '{"type": "basic", "unmanaged": ["apy"]}', 'api.json': '{}' })).toEqual([
      'schema/enum connections/acme/connection.json unmanaged.0',
    ]);
  });

  test.each([
    'api.jsonb',
    'api.json5',
    'api.jsonc.txt',
    'Api.jsonc',
    '.api.jsonc',
    'api.JSONC',
    'apì.jsonc',
    'api',
    'API.txt',
  ])('has it in %s, which is reported instead', (name) => {
    expect(reported({ 'connection.json': '{"type": "basic"}', [name]: '{}' })).toEqual([
      `project/unknown-file connections/acme/${name}`,
    ]);
  });

  test('what editors and systems leave is not reported', () => {
    const others = { '.api.jsonc.swp': '', '.DS_Store': '', '.gitkeep': '', 'README.md': '', '.vscode/x.json': '' };
    expect(reported({ 'connection.json': '{"type": "basic"}', 'api.jsonc': '{}', ...others })).toEqual([]);
  });

  test.each(['connection.jsonc', 'Connection.json', 'conection.json'])('nor connection.json, but %s', (name) => {
    const { problems } = open({ 'connector.json': '{"name": "acme"}', [`connections/acme/${name}`]: '{}' });
    expect(problems).toMatchObject([{ code: 'project/no-descriptor', hint: `Rename ${name} to connection.json.` }]);
  });
});

test('a file right among the folders of the connections is reported when it is called like one of a section', () => {
  const others = { 'connections/README.md': '', 'connections/.gitkeep': '', 'connections/notes.txt': '' };
  const main = { 'connections/acme/connection.json': CONNECTION };
  const faulty = { 'connections/api.jsonc': '{}', 'connections/.connection.json': '{}' };
  expect(codes({ 'connector.json': '{"name": "acme"}', ...main, ...others, ...faulty })).toEqual([
    'project/unknown-file connections/.connection.json',
    'project/unknown-file connections/api.jsonc',
  ]);
});

test('a folder that is nearly called connections is pointed at', () => {
  const { problems } = open({ 'connector.json': '{"name": "acme"}', 'conections/acme/connection.json': CONNECTION });
  expect(problems).toMatchObject([{ code: 'project/no-connections', hint: 'Rename conections/ to connections/.' }]);
});

test('a connection that only the platform has comes here without api when that is empty there', () => {
  const files = memoryFiles({ 'connector.json': '{"name": "acme"}' });
  openProject(files).write({ acme: { type: 'basic', label: 'Acme', texts: { parameters: '[]' } } });
  const [connection] = openProject(files).connections;
  expect(connection).toMatchObject({ id: 'acme', unmanaged: ['api'] });
  expect(openProject(files).problems).toEqual([]);
});

test('a misspelt file is reported with the name that was meant', () => {
  const { problems } = open({
    'connector.json': '{"name": "acme"}',
    'connections/acme/connection.json': CONNECTION,
    'connections/acme/parameter.jsonc': '[]',
  });
  expect(problems[0]?.hint).toBe('Did you mean parameters.jsonc?');
});

const NAMES = { app: 'acme-k3', version: 1, connections: { acme: 'acme-k32' } };
const BASE = { acme: { scope: 'sha256-b', api: 'sha256-a' } };

test('what is recorded is read again, and the manifest keeps its comments and format', () => {
  const files = memoryFiles({
    'connector.json': `// The connector.
{
    "name": "acme", // short
    "origins": {
        // EU
        "prod": { "url": "https://eu1.make.com", "version": 1 }
    }
}
`,
    'connections/acme/connection.json': CONNECTION,
  });
  openProject(files).record('prod', NAMES, BASE);
  expect(files.texts.get('connector.json')).toBe(`// The connector.
{
    "name": "acme", // short
    "origins": {
        // EU
        "prod": {
            "url": "https://eu1.make.com",
            "version": 1,
            "app": "acme-k3",
            "connections": {
                "acme": "acme-k32"
            }
        }
    }
}
`);
  const again = openProject(files);
  expect(again.problems).toEqual([]);
  expect(again.origins.prod).toEqual({ url: 'https://eu1.make.com', ...NAMES });
  expect(again.base('prod')).toEqual(BASE);
  expect(again.base('other')).toEqual({});
});

test('a manifest with tabs and Windows lines keeps them', () => {
  const files = memoryFiles({ 'connector.json': '{\r\n\t"name": "acme" // short\r\n}\r\n' });
  openProject(files).record('prod', { app: 'x', version: 1, connections: {} }, {});
  const text = files.texts.get('connector.json') ?? '';
  expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  expect(text).toContain('\r\n\t"origins": {\r\n\t\t"prod": {\r\n\t\t\t"app": "x",');
  expect(text).toContain('// short');
});

test('recording the same again writes nothing', () => {
  const origins = { prod: { url: 'https://eu1.make.com' } };
  const files = memoryFiles({
    'connector.json': JSON.stringify({ name: 'acme', origins }),
    'connections/acme/connection.json': CONNECTION,
  });
  openProject(files).record('prod', NAMES, BASE);
  const before = new Map(files.texts);
  const written: string[] = [];
  const watched = { ...files, write: (path: string) => void written.push(path) };
  openProject(watched).record('prod', NAMES, { acme: { api: 'sha256-a', scope: 'sha256-b' } });
  expect(written).toEqual([]);
  expect(files.texts).toEqual(before);
});

test('a lock that cannot be read is no base', () => {
  const project = open({
    'connector.json': '{"name": "acme"}',
    'connections/acme/connection.json': CONNECTION,
    'connector.lock.json': '<<<<<<< ours',
  });
  expect(project.base('prod')).toEqual({});
});
