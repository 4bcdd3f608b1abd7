import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());
beforeEach(() => harness.reset());

const API = `// tabs, a comment, no newline at the end\r\n{\r\n\t"url": "https://api.acme.test/me",\r\n\t"headers": { "authorization": "Bearer {{parameters.apiKey}}" },\r\n\t"response": { "metadata": { "type": "text", "value": "{{body.name}}" } },\r\n\t"log": { "sanitize": ["request.headers.authorization"] }\r\n}`;

interface Envelope {
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of it is what it asserts
  readonly data: any;
  readonly diagnostics: readonly { readonly code: string; readonly file?: string }[];
}

/** A workspace as Make's extension lays it out: the app in src/, the API key beside it. */
function workspace() {
  const root = temporaryFolder();
  const cwd = join(root, 'src');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('.secrets/apikey', `${harness.token}\n`);
  write('src/connections/main/main.communication.iml.json', API);
  write(
    'src/connections/main/main.params.iml.json',
    '[\n\t{ "name": "apiKey", "type": "password", "label": "API key", "required": true }\n]\n',
  );
  write('src/connections/main/main.common.json', '{ "clientId": "abc" }');
  write('src/connections/second/second.communication.iml.json', '{\n}');
  write('src/modules/list/list.communication.iml.json', '{ "url": "/list" }');
  const codeFiles = (id: string, more: object) => ({
    communication: `connections/${id}/${id}.communication.iml.json`,
    ...more,
  });
  const manifest = {
    fileVersion: 1,
    generalCodeFiles: { base: null, common: null, readme: null, groups: null },
    components: {
      connection: {
        main: {
          label: 'Main',
          connectionType: 'basic',
          codeFiles: codeFiles('main', {
            params: 'connections/main/main.params.iml.json',
            common: 'connections/main/main.common.json',
            scopeList: null,
          }),
        },
        second: { label: 'Second', connectionType: 'basic', codeFiles: codeFiles('second', { common: null }) },
      },
      module: { list: { label: 'List', codeFiles: { communication: 'modules/list/list.communication.iml.json' } } },
      rpc: {},
      webhook: {},
      function: {},
    },
    origins: [
      {
        label: 'Testing',
        baseUrl: `${harness.url}/api`,
        appId: 'mine',
        appVersion: 1,
        idMapping: {
          connection: [{ local: 'second', remote: null }],
          module: [{ local: 'list', remote: 'list' }],
          function: [],
          rpc: [],
          webhook: [],
        },
        apikeyFile: '../.secrets/apikey',
      },
    ],
  };
  write('src/makecomapp.json', `${JSON.stringify(manifest, undefined, '\t')}\n`);
  const connector = async (...args: string[]) => {
    const env = { CONNECTOR_HOST_TESTING: new URL(harness.url).host };
    const ran = await run([...args, '--json'], { cwd, env });
    return { ...ran, ...(JSON.parse(ran.stdout) as Envelope) };
  };
  return { cwd, connector };
}

/** Every file of the project with its text, but for what is this machine's own. */
function texts(cwd: string): Record<string, string> {
  const names = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('.connector'),
  );
  const files = names.filter((name) => statSync(join(cwd, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(cwd, name), 'latin1')]));
}

test('a project of Make’s local development is validated, typed, pushed and pulled as it stands', async () => {
  const { cwd, connector } = workspace();
  const before = texts(cwd);
  const validated = await connector('validate');
  expect(validated.code, validated.stdout).toBe(0);
  expect(validated.data.connections).toEqual(['main', 'second']);
  expect(validated.diagnostics.map(({ code }) => code)).toContain('project/other-components');

  const args = ['validate', '--stdin', '--as', 'parameters', '--connection', 'main', '--json'];
  const drafted = await run(args, { cwd, input: '[{ "name": "apiKey", "type": "passwort" }]' });
  expect([drafted.code, drafted.stdout]).toEqual([1, expect.stringContaining('main.params.iml.json')]);

  const pushed = await connector('push', '--yes');
  expect(pushed.code, pushed.stdout).toBe(0);
  const { app, connections } = pushed.data;
  // What its origin says has no counterpart there is left alone.
  expect(Object.keys(connections)).toEqual(['main']);
  const headers = { authorization: `Token ${harness.token}` };
  const read = async (path: string) =>
    (await fetch(`${harness.url}/api/v2/sdk/apps/connections/${connections.main}/${path}`, { headers })).text();
  expect(await read('api')).toBe(API);
  expect(JSON.parse(await read('common'))).toEqual({ clientId: 'abc' });

  const manifest = JSON.parse(readFileSync(join(cwd, 'makecomapp.json'), 'utf8'));
  expect(manifest.origins[0]).toMatchObject({
    appId: app,
    idMapping: {
      connection: [
        { local: 'second', remote: null },
        { local: 'main', remote: connections.main },
      ],
      module: [{ local: 'list', remote: 'list' }],
    },
  });
  expect(manifest.components).toEqual(JSON.parse(before['makecomapp.json'] ?? '').components);

  const typed = await connector('types');
  expect(typed.code, typed.stdout).toBe(0);
  const after = texts(cwd);
  for (const args of [['status'], ['diff', '--exit-code'], ['pull'], ['push', '--yes'], ['recreate']]) {
    const ran = await connector(...args);
    expect(ran.code, `${args.join(' ')}: ${ran.stdout}`).toBe(0);
  }
  expect(texts(cwd)).toEqual(after);
  for (const [file, text] of Object.entries(before)) if (file !== 'makecomapp.json') expect(after[file]).toBe(text);
});

test('what was changed on Make comes into the files that the manifest names; what is null stays away', async () => {
  const { cwd, connector } = workspace();
  const { data } = await connector('push', '--yes');
  const section = (name: string, text: string) =>
    fetch(`${harness.url}/api/v2/sdk/apps/connections/${data.connections.main}/${name}`, {
      method: 'PUT',
      headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/jsonc' },
      body: text,
    });
  const theirs = '[\n\t{ "name": "apiKey", "type": "text", "label": "Key" }\n]\n';
  await section('parameters', theirs);
  await section('scopes', '{ "a": "b" }');
  const before = texts(cwd);
  const refused = await connector('push', '--yes');
  expect([refused.code, refused.diagnostics[0]?.code]).toEqual([4, 'sync/conflict']);
  const pulled = await connector('pull');
  expect(pulled.code, pulled.stdout).toBe(0);
  expect(readFileSync(join(cwd, 'connections/main/main.params.iml.json'), 'utf8')).toBe(theirs);
  expect(existsSync(join(cwd, 'connections/main/main.scope-list.iml.json'))).toBe(false);
  expect(Object.keys(texts(cwd)).sort()).toEqual(Object.keys(before).sort());
});

test('what is in conflict is told by the files that the manifest names', async () => {
  const { cwd, connector } = workspace();
  renameSync(join(cwd, 'connections/main'), join(cwd, 'auth'));
  const manifest = join(cwd, 'makecomapp.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('connections/main/', 'auth/'));
  const { data } = await connector('push', '--yes');
  const there = (path: string, method: string, body: unknown) =>
    fetch(`${harness.url}/api/v2/sdk/apps/connections/${data.connections.main}${path}`, {
      method,
      headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await there('/api', 'PUT', {});
  await there('', 'PATCH', { label: 'Theirs' });
  await there('/common', 'PUT', { clientId: 'theirs' });
  const refused = await connector('push', '--yes', '--check-common');
  expect(refused.diagnostics.map(({ code, file }) => [code, file])).toEqual([
    ['sync/conflict', 'makecomapp.json'],
    ['sync/conflict', 'auth/main.communication.iml.json'],
    ['sync/conflict', 'auth/main.common.json'],
  ]);
  await there('', 'DELETE', {});
  const gone = await connector('push', '--dry-run');
  expect(gone.diagnostics).toMatchObject([{ code: 'sync/gone', file: 'auth' }]);
});

test('convert --layout moves it, and back', async () => {
  const { cwd, connector } = workspace();
  const dry = await connector('convert', '--layout', 'native', '--dry-run');
  expect(dry.code, dry.stdout).toBe(0);
  expect(existsSync(join(cwd, 'connector.json'))).toBe(false);
  const moved = await connector('convert', '--layout', 'native');
  expect(moved.code, moved.stdout).toBe(0);
  expect(readFileSync(join(cwd, 'connections/main/api.jsonc'), 'utf8')).toBe(API);
  if (process.platform !== 'win32') {
    expect(statSync(join(cwd, 'connections/main/common.local.json')).mode & 0o777).toBe(0o600);
  }
  expect((await connector('validate')).code).toBe(0);
  const pushed = await connector('push', '--yes');
  expect(pushed.code, pushed.stdout).toBe(0);
  const back = await connector('convert', '--layout', 'make');
  expect(back.code, back.stdout).toBe(0);
  expect(readFileSync(join(cwd, 'connections/main/main.communication.iml.json'), 'utf8')).toBe(API);
  const status = await connector('diff', '--exit-code');
  expect(status.code, status.stdout).toBe(0);
  const again = await connector('convert', '--layout', 'make');
  expect([again.code, again.diagnostics[0]?.code]).toEqual([2, 'convert/layout']);
});
