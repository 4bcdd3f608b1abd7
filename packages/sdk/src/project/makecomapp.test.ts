import { describe, expect, test } from 'vitest';
import { validate } from '../validate.ts';
import { commonValues } from './common.ts';
import { memoryFiles } from './files.ts';
import { LAYOUTS, openProject } from './index.ts';
import { MARKERS } from './project.ts';

const API = `// who am I\n{\n\t"url": "https://api.acme.test/me",\n\t"headers": { "authorization": "Bearer {{parameters.apiKey}}" },\n\t"log": { "sanitize": ["request.headers.authorization"] },\n\t"response": { "metadata": { "type": "text", "value": "{{body.name}}" } }\n}\n`;
const PARAMETERS = `[\n\t{ "name": "apiKey", "type": "password", "label": "API key", "required": true }\n]`;

/** As Make's extension writes it: tabs, several origins, files that are ignored, components of other types. */
const MANIFEST = `{
	"fileVersion": 1,
	"generalCodeFiles": {
		"base": "general/base.iml.json",
		"common": null,
		"readme": "README.md",
		"groups": "modules/groups.json"
	},
	"components": {
		"connection": {
			"billing": {
				"label": "Billing",
				"connectionType": "basic",
				"codeFiles": {
					"communication": "connections/billing/billing.communication.iml.json",
					"params": "connections/billing/billing.params.iml.json",
					"common": "connections/billing/billing.common.json",
					"scopeList": null
				}
			},
			"reserved": null
		},
		"module": { "listInvoices": { "label": "List invoices", "codeFiles": {} } },
		"rpc": {},
		"webhook": {},
		"function": {}
	},
	"origins": [
		{
			"label": "Production",
			"baseUrl": "https://eu1.make.com/api",
			"appId": "billing-ab12cd",
			"appVersion": 1,
			"idMapping": {
				"connection": [
					{ "local": "billing", "remote": "billing-ab12cd" },
					{ "local": null, "remote": "billing-ab12cd2" }
				],
				"module": [{ "local": "listInvoices", "remote": "listInvoices" }],
				"function": [],
				"rpc": [],
				"webhook": []
			},
			"apikeyFile": "../.secrets/apikey"
		},
		{
			"label": "Testing",
			"baseUrl": "https://eu2.make.com/api/",
			"appId": "billing-test-zz99zz",
			"appVersion": 2,
			"apikeyFile": "../.secrets/apikey2"
		}
	]
}
`;

const project = () =>
  memoryFiles({
    'makecomapp.json': MANIFEST,
    'general/base.iml.json': '{}',
    'connections/billing/billing.communication.iml.json': API,
    'connections/billing/billing.params.iml.json': PARAMETERS,
    'connections/billing/billing.common.json': '{ "clientId": "abc" }',
  });

test('every layout is known by its file', () => {
  expect(LAYOUTS.map(({ name }) => name).sort()).toEqual(Object.keys(MARKERS).sort());
});

describe('Make’s local-development layout', () => {
  test('is read as it stands', () => {
    const read = openProject(project());
    expect(read.name).toBe('billing');
    expect(read.connections).toMatchObject([
      { id: 'billing', type: 'basic', label: 'Billing', folder: 'connections/billing' },
    ]);
    expect(Object.keys(read.connections[0]?.sections ?? {}).sort()).toEqual(['api', 'common', 'parameters']);
    expect(read.origins).toMatchObject({
      Production: {
        url: 'https://eu1.make.com/api/v2',
        app: 'billing-ab12cd',
        version: 1,
        tokenFile: '../.secrets/apikey',
        connections: { billing: 'billing-ab12cd' },
      },
      Testing: { url: 'https://eu2.make.com/api/v2', app: 'billing-test-zz99zz', version: 2, connections: {} },
    });
    const [connection] = read.connections;
    expect(connection && commonValues(read, connection, {})).toEqual({ clientId: 'abc' });
  });

  test('says what it leaves alone, and nothing else', () => {
    expect(validate(openProject(project()))).toMatchObject([
      { code: 'common/unused', severity: 'info', found: '"clientId"' },
      { code: 'project/other-components', severity: 'info', message: expect.stringContaining('1 module') },
    ]);
  });

  test('problems stand in the files that the manifest names', () => {
    const files = project();
    files.write(
      'connections/billing/billing.communication.iml.json',
      API.replace('parameters.apiKey', 'parameters.apiKye'),
    );
    expect(validate(openProject(files))).toContainEqual(
      expect.objectContaining({ file: 'connections/billing/billing.communication.iml.json', line: 4 }),
    );
  });

  test.each([
    ['a file that is not there', 'connections/billing/gone.json'],
    ['a path that leads out', '../billing.json'],
    ['an absolute path', '/etc/passwd'],
    ['a drive', 'C:/billing.json'],
  ])('%s is reported at its place', (_, path) => {
    const files = project();
    files.write('makecomapp.json', MANIFEST.replace('connections/billing/billing.params.iml.json', path));
    expect(validate(openProject(files))).toContainEqual(
      expect.objectContaining({ code: 'project/missing-file', file: 'makecomapp.json', line: 16, found: path }),
    );
  });

  test('what OAuth 1 needs is seen in its api', () => {
    const files = project();
    files.write('makecomapp.json', MANIFEST.replace('"basic"', '"oauth"'));
    expect(openProject(files).connections[0]?.type).toBe('oauth');
    files.write('connections/billing/billing.communication.iml.json', '{"requestToken": {}, "accessToken": {}}');
    expect(openProject(files).connections[0]?.type).toBe('oauth-1');
  });

  test('an unknown type and broken JSON are reported', () => {
    const files = project();
    files.write('makecomapp.json', MANIFEST.replace('"basic"', '"digest"'));
    expect(validate(openProject(files))).toContainEqual(expect.objectContaining({ code: 'schema/enum', line: 13 }));
    files.write('makecomapp.json', '{ "components": ');
    expect(validate(openProject(files))).toContainEqual(expect.objectContaining({ code: 'source/syntax' }));
  });

  test('origins of one label are told apart, and one without a label has the id of its app', () => {
    const files = project();
    files.write('makecomapp.json', MANIFEST.replace('"Testing"', '"Production"'));
    expect(Object.keys(openProject(files).origins)).toEqual(['Production', 'Production 2']);
    files.write('makecomapp.json', MANIFEST.replace('"label": "Testing",', ''));
    expect(Object.keys(openProject(files).origins)).toEqual(['Production', 'billing-test-zz99zz']);
  });
});

describe('a connection of no declared type', () => {
  const typeless = (api: string, manifest = MANIFEST) => {
    const files = project();
    files.write('makecomapp.json', manifest.replace('"connectionType": "basic",', ''));
    files.write('connections/billing/billing.communication.iml.json', api);
    return files;
  };
  const unmapped = MANIFEST.replace('{ "local": "billing", "remote": "billing-ab12cd" },', '');
  const reported = (files: ReturnType<typeof typeless>) =>
    validate(openProject(files))
      .filter(({ code }) => code !== 'project/other-components' && code !== 'common/unused')
      .map(({ code, severity, file }) => `${severity} ${code} ${file?.split('/').at(-1)}`);

  test('is read as what its sections are; that it has none is an error only when it has to be created', () => {
    expect(reported(typeless(API))).toEqual(['info project/no-type makecomapp.json']);
    expect(reported(typeless(API, unmapped))).toEqual(['error project/no-type makecomapp.json']);
    expect(openProject(typeless(API)).connections).toMatchObject([{ type: 'basic', possibleTypes: ['basic'] }]);
  });

  test.each([
    ['{ "urll": "https://api.example.com/me" }', ['basic', 'oauth', 'oauth-1']],
    ['{ "token": { "url": "https://a.example.com/token" } }', ['oauth']],
    ['{ "requestToken": {}, "accessToken": {} }', ['oauth-1']],
    ['{ "authorize": {}, "info": {} }', ['oauth', 'oauth-1']],
    ['{ }', ['basic', 'oauth', 'oauth-1']],
    ['{', ['basic', 'oauth', 'oauth-1']],
  ])('%s may be of the types %j', (api, types) => {
    expect(openProject(typeless(api)).connections).toMatchObject([{ type: types[0], possibleTypes: types }]);
  });

  test('what is wrong with its sections is reported as far as all types agree', () => {
    const params = 'connections/billing/billing.params.iml.json';
    const files = typeless('{ "authorize": { "urll": 1 }, "info": { "url": "https://a.example.com/me" } }');
    files.write(params, '[{ "name": "x", "type": "passwort" }]');
    expect(reported(files)).toEqual(
      expect.arrayContaining([
        'error schema/unknown-key billing.communication.iml.json',
        'error schema/enum billing.params.iml.json',
      ]),
    );
    // What one of them may be, and another may not, is nobody's fault.
    const empty = typeless('{ }');
    empty.write(params, '[');
    expect(reported(empty)).toEqual([
      'error source/syntax billing.params.iml.json',
      'info project/no-type makecomapp.json',
    ]);
  });

  test('with the type that it was created with beside it is of that', () => {
    const files = typeless(API, unmapped);
    files.write('connections/billing/connection.json', '{ "type": "apikey" }');
    expect(openProject(files).connections).toMatchObject([{ type: 'apikey' }]);
    expect(reported(files)).toEqual([]);
  });
});

describe('sections that are not named', () => {
  const reported = (manifest: string, more: Readonly<Record<string, string>> = {}) => {
    const files = project();
    files.write('makecomapp.json', manifest);
    for (const [path, text] of Object.entries(more)) files.write(path, text);
    return validate(openProject(files))
      .filter(({ severity }) => severity !== 'info')
      .map(({ code, severity, found, line }) => [code, severity, found, line].filter(Boolean).join(' '));
  };
  const communication = '"communication": "connections/billing/billing.communication.iml.json",';

  test('api is needed, unless its file is null', () => {
    expect(reported(MANIFEST.replace(communication, ''))).toEqual([
      'project/missing-section error 14',
      'project/unnamed-file warning connections/billing/billing.communication.iml.json 14',
    ]);
    expect(reported(MANIFEST.replace(communication, '"communication": null,'))).toEqual([]);
    expect(reported(MANIFEST.replace('billing.communication', 'gone'))).toEqual([
      'project/missing-file error connections/billing/gone.iml.json 15',
    ]);
  });

  test('what has the name that Make’s extension gives is reported when nothing names it', () => {
    const scope = { 'connections/billing/billing.default-scope.iml.json': '["a"]' };
    expect(reported(MANIFEST, scope)).toEqual([
      'project/unnamed-file warning connections/billing/billing.default-scope.iml.json 14',
    ]);
    expect(reported(MANIFEST, { 'connections/billing/billing.scope-list.iml.json': '{}' })).toEqual([]);
    expect(reported(MANIFEST, { 'connections/billing/other.default-scope.iml.json': '["a"]' })).toEqual([]);
  });

  test('no connection at all is reported', () => {
    const manifest = JSON.stringify({ components: { connection: { later: null } }, origins: [] });
    expect(reported(manifest)).toEqual(['project/no-connections warning']);
  });

  test('a connection that comes here without api leaves it to the platform', () => {
    const files = project();
    openProject(files).write({ fresh: { type: 'basic', label: 'Fresh', texts: { parameters: '[]' } } });
    const { codeFiles } = JSON.parse(files.read('makecomapp.json') ?? '').components.connection.fresh;
    expect(codeFiles.communication).toBeNull();
    expect(openProject(files).connections).toMatchObject([
      { id: 'billing' },
      { id: 'fresh', unmanaged: ['api', 'common'] },
    ]);
  });
});

describe('what is recorded', () => {
  const names = { app: 'billing-ab12cd', version: 1, connections: { billing: 'billing-ab12cd' } };

  test('changes nothing where it is so already', () => {
    const files = project();
    openProject(files).record('Production', names, { billing: { api: 'sha256-x' } });
    expect(files.read('makecomapp.json')).toBe(MANIFEST);
    expect(openProject(files).base('Production')).toEqual({ billing: { api: 'sha256-x' } });
  });

  test('of a connection goes into the origin’s map, and all other pairs stay', () => {
    const files = project();
    const connections = { billing: 'billing-ab12cd3', other: 'billing-ab12cd4' };
    openProject(files).record('Production', { ...names, connections }, {});
    const { idMapping } = JSON.parse(files.read('makecomapp.json') ?? '').origins[0];
    expect(idMapping).toEqual({
      connection: [
        { local: 'billing', remote: 'billing-ab12cd3' },
        { local: null, remote: 'billing-ab12cd2' },
        { local: 'other', remote: 'billing-ab12cd4' },
      ],
      module: [{ local: 'listInvoices', remote: 'listInvoices' }],
      function: [],
      rpc: [],
      webhook: [],
    });
  });

  test('of an origin without a map makes one that Make’s schema takes', () => {
    const files = project();
    openProject(files).record('Testing', { ...names, app: 'billing-test-zz99zz', version: 2 }, {});
    const { idMapping } = JSON.parse(files.read('makecomapp.json') ?? '').origins[1];
    expect(idMapping).toEqual({
      connection: [{ local: 'billing', remote: 'billing-ab12cd' }],
      module: [],
      function: [],
      rpc: [],
      webhook: [],
    });
  });
});

describe('what is written', () => {
  test('goes to the files that the manifest names, but not to those that are ignored', () => {
    const files = project();
    openProject(files).write({ billing: { texts: { parameters: '[]', scopes: '{"a": "b"}' } } });
    expect(files.read('connections/billing/billing.params.iml.json')).toBe('[]');
    expect(files.read('makecomapp.json')).toBe(MANIFEST);
    expect([...files.texts.keys()].filter((path) => path.includes('scope'))).toEqual([]);
  });

  test('of a section that the manifest does not name is named there', () => {
    const files = project();
    openProject(files).write({ billing: { label: 'Bills', texts: { scope: '["a"]' } } });
    expect(files.read('connections/billing/billing.default-scope.iml.json')).toBe('["a"]');
    expect(openProject(files).connections[0]).toMatchObject({ label: 'Bills' });
    expect(openProject(files).connections[0]?.sections.scope?.value).toEqual(['a']);
  });

  test('of a new connection has the names that Make’s extension gives', () => {
    const files = project();
    openProject(files).write({ newOne: { type: 'oauth', label: 'New', texts: { api: '{}', parameters: '[]' } } });
    expect(JSON.parse(files.read('makecomapp.json') ?? '').components.connection.newOne).toEqual({
      label: 'New',
      connectionType: 'oauth',
      codeFiles: {
        communication: 'connections/new-one/new-one.oauth-communication.iml.json',
        params: 'connections/new-one/new-one.params.iml.json',
        common: null,
      },
    });
    expect(openProject(files).connections.map(({ id }) => id)).toEqual(['billing', 'newOne']);
  });

  test.each(['..', 'a/b', 'a\\b', '', 'con:', '__proto__'])('refuses %j as an id', (id) => {
    const files = project();
    expect(() => openProject(files).write({ [id]: { type: 'basic', texts: { api: '{}' } } })).toThrow(
      /is not a valid connection id/,
    );
    expect(files.read('makecomapp.json')).toBe(MANIFEST);
  });
});

test('beside connector.json it counts only when that says so', () => {
  const files = project();
  files.write('connector.json', '{"name": "mine"}');
  expect(openProject(files).connections).toEqual([]);
  files.write(
    'connector.json',
    '{"name": "mine", "label": "Mine", "layout": "make", "rules": {"parameter/unused": "off"}}',
  );
  expect(openProject(files)).toMatchObject({ name: 'mine', label: 'Mine', connections: [{ id: 'billing' }] });
});
