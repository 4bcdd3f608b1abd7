import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connection, edit, platform, projectAt, stored } from './team.ts';

const API = '{\n  // who it is\n  "url": "https://api.acme.test/one",\n  "method": "GET"\n}\n';

async function pushed() {
  const harness = await platform();
  const project = projectAt(harness, connection('one', { api: API, scope: '["a"]\n' }));
  await project.run('push');
  const name: string = project.json('.connector/origins.json').harness.connections.one;
  return { harness, project, name };
}

describe('pull', () => {
  test('brings here what only they changed, keeps what only we changed, and merges the rest', async () => {
    const { harness, project, name } = await pushed();
    await edit(harness, name, 'scope', '["a", "b"]\n');
    await edit(harness, name, 'api', API.replace('"GET"', '"POST"'));
    project.write('connections/one/api.jsonc', API.replace('/one', '/two').replace('who', 'why'));
    project.write('connections/one/parameters.jsonc', '[]');
    const { code, data } = await project.run('pull');
    expect(code).toBe(0);
    expect(data.written).toEqual([
      { connection: 'one', part: 'api', how: 'merged' },
      { connection: 'one', part: 'scope', how: 'theirs' },
    ]);
    expect(project.read('connections/one/scope.jsonc')).toBe('["a", "b"]\n');
    const both = API.replace('/one', '/two').replace('who', 'why').replace('"GET"', '"POST"');
    expect(project.read('connections/one/api.jsonc')).toBe(both);
    expect((await project.run('push', '--ours', 'parameters')).code).toBe(0);
    expect(await stored(harness, name, 'api')).toBe(both);
  });

  test('refuses where both changed the same value, until a side is chosen', async () => {
    const { harness, project, name } = await pushed();
    const ours = API.replace('GET', 'PUT');
    await edit(harness, name, 'api', API.replace('GET', 'POST'));
    project.write('connections/one/api.jsonc', ours);
    const { code, stdout, stderr } = await project.shown('pull');
    expect(code).toBe(4);
    expect(stdout).toContain('Both changed method.');
    expect(stderr).toContain('\n  connector pull --theirs one/api\n  connector pull --ours one/api\n');
    expect((await project.run('push')).next).toEqual(['connector pull']);
    expect(project.read('connections/one/api.jsonc')).toBe(ours);
    expect((await project.run('pull', '--ours', 'api')).code).toBe(0);
    expect(project.read('connections/one/api.jsonc')).toBe(ours);
    expect((await project.run('push')).code).toBe(0);
    expect(await stored(harness, name, 'api')).toBe(ours);
    await edit(harness, name, 'api', API);
    project.write('connections/one/api.jsonc', API.replace('GET', 'PATCH'));
    expect((await project.run('pull', '--theirs', 'one')).code).toBe(0);
    expect(project.read('connections/one/api.jsonc')).toBe(API);
  });

  test('of sides that were never equal, the commands that choose one are reported, and do it', async () => {
    const { harness, project, name } = await pushed();
    const stranger = projectAt(harness, connection('one', { api: '{}', scope: '["mine"]' }));
    const { code, next } = await stranger.run('push');
    const parts = 'one/api,one/scope';
    expect([code, next]).toEqual([4, [`connector pull --theirs ${parts}`, `connector push --ours ${parts}`]]);
    expect((await stranger.run('diff')).next).toEqual(next);
    const [theirs = '', ours = ''] = next.map((words: string) => words.replace('connector ', ''));
    expect((await stranger.run(...theirs.split(' '))).code).toBe(0);
    expect(stranger.read('connections/one/api.jsonc')).toBe(API);
    const other = projectAt(harness, connection('one', { api: '{}', scope: '["mine"]' }));
    expect((await other.run(...ours.split(' '))).code).toBe(0);
    expect(await stored(harness, name, 'scope')).toBe('["mine"]');
    expect((await project.run('push')).code).toBe(4);
  });

  test('keeps comments and format where their text says the same, or only lost the comments', async () => {
    const { harness, project, name } = await pushed();
    await edit(harness, name, 'api', '{"url": "https://api.acme.test/one", "method": "GET"}');
    await project.run('pull');
    expect(project.read('connections/one/api.jsonc')).toBe(API);
    await edit(harness, name, 'api', '{"url": "https://api.acme.test/three", "method": "GET"}');
    await project.run('pull');
    expect(project.read('connections/one/api.jsonc')).toBe(API.replace('/one', '/three'));
  });

  test('makes connections here of those that only the platform has, inside the project and nowhere else', async () => {
    const { harness, project } = await pushed();
    const other = projectAt(harness, {
      ...connection('one', { api: API, scope: '["a"]\n' }),
      'connections/evil/connection.json': JSON.stringify({ type: 'oauth-1', label: '../../../Etc/Päss WD' }),
      'connections/evil/api.jsonc': '{"requestToken": {"url": "https://api.acme.test"}}',
      'connections/device/connection.json': '{"type": "basic", "label": "CON", "unmanaged": ["api"]}',
    });
    await other.run('push');
    const besides = await project.shown('diff');
    expect(besides.stderr).toContain('and besides it 2 connections that `connector pull` would bring here.');
    const { data } = await project.run('pull');
    expect(data.created).toHaveLength(2);
    expect(data.created).toContain('etc-pass-wd');
    expect(data.created).not.toContain('con');
    const [device = ''] = data.created.filter((id: string) => id !== 'etc-pass-wd');
    // What is empty there has no file here, and is not missed.
    expect(project.json(`connections/${device}/connection.json`)).toEqual({
      type: 'basic',
      label: 'CON',
      unmanaged: ['api'],
    });
    expect((await project.run('validate', device)).code).toBe(0);
    expect(project.json('connections/etc-pass-wd/connection.json')).toEqual({
      type: 'oauth-1',
      label: '../../../Etc/Päss WD',
    });
    expect(existsSync(join(project.root, 'connections/etc-pass-wd/scope.jsonc'))).toBe(false);
    expect(readdirSync(join(project.root, '..')).filter((entry) => /^etc|wd$/i.test(entry))).toEqual([]);
    expect(await project.run('diff', '--exit-code')).toMatchObject({ code: 0 });
    expect((await project.run('pull')).data).toMatchObject({ written: [], created: [] });
  });

  test('fills a project that has nothing but its name', async () => {
    const { harness, project, name } = await pushed();
    const fresh = projectAt(harness, {});
    expect((await fresh.run('pull')).data.created).toEqual(['one']);
    expect(fresh.read('connections/one/api.jsonc')).toBe(project.read('connections/one/api.jsonc'));
    expect(fresh.json('.connector/origins.json').harness.connections).toEqual({ one: name });
    expect((await fresh.run('push')).data.changes).toEqual([]);
  });
});

describe('status', () => {
  test('says how each connection stands', async () => {
    const { harness, project, name } = await pushed();
    expect((await project.shown('status')).stdout).toContain('  one  in step\n');
    await edit(harness, name, 'scope', '[]');
    project.write('connections/one/api.jsonc', '{}');
    project.write('connections/two/connection.json', '{"type": "basic", "label": "two"}');
    const { data, next } = await project.run('status');
    expect(data.connections).toEqual([
      {
        id: 'one',
        state: 'here',
        parts: [
          { part: 'api', verdict: 'ours' },
          { part: 'scope', verdict: 'theirs' },
        ],
      },
      { id: 'two', state: 'new', parts: [] },
    ]);
    expect([data.cutOff, data.snapshots.length, next]).toEqual([false, 1, ['connector pull']]);
  });
});

describe('rollback', () => {
  test('brings back what the last push wrote over, and leaves the files alone', async () => {
    const { harness, project, name } = await pushed();
    project.write('connections/one/api.jsonc', '{}');
    project.write('connections/one/scope.jsonc', '["z"]');
    await project.run('push');
    expect((await project.run('rollback', '--dry-run')).data.changes).toHaveLength(2);
    const { code, data } = await project.run('rollback');
    expect([code, data.changes.length]).toEqual([0, 2]);
    expect(await stored(harness, name, 'api')).toBe(API);
    expect(await stored(harness, name, 'scope')).toBe('["a"]\n');
    expect(project.read('connections/one/api.jsonc')).toBe('{}');
    expect((await project.run('push')).data.changes).toHaveLength(2);
    const { stdout, stderr } = await project.shown('rollback');
    expect(stdout + stderr).toMatch(/Brought back \S+ on \S+: 2 changes, verified/);
  });

  test('never writes over what others changed since, and deletes only when that is allowed', async () => {
    const { harness, project, name } = await pushed();
    project.write('connections/one/api.jsonc', '{}');
    for (const [path, text] of Object.entries(connection('two'))) project.write(path, text);
    await project.run('push');
    await edit(harness, name, 'api', '{"theirs": true}');
    expect(await project.run('rollback')).toMatchObject({ code: 4 });
    expect(await stored(harness, name, 'api')).toBe('{"theirs": true}');
    const refused = await project.run('rollback', '--ours', 'api');
    expect(refused).toMatchObject({ code: 2, diagnostics: [{ code: 'sync/destructive' }] });
    expect(await project.run('rollback', '--ours=api', '--allow-destructive')).toMatchObject({ code: 0 });
    expect(await stored(harness, name, 'api')).toBe(API);
    expect(await project.run('rollback', 'nothing')).toMatchObject({
      code: 2,
      diagnostics: [{ code: 'sync/no-snapshot' }],
    });
  });

  test('brings back values of common, from a file that only its owner reads', async () => {
    const harness = await platform();
    const schema = '{"type": "object", "properties": {"key": {"type": "string"}}}';
    const project = projectAt(harness, { ...connection('one'), 'connections/one/common.schema.json': schema });
    project.write('connections/one/common.local.json', '{"key": "first"}');
    await project.run('push');
    project.write('connections/one/common.local.json', '{"key": "second"}');
    expect((await project.run('diff')).data.common).toEqual([{ connection: 'one', verdict: 'ours', keys: ['key'] }]);
    await project.run('push');
    expect((await project.run('rollback')).code).toBe(0);
    const { one } = project.json('.connector/origins.json').harness.connections;
    expect(JSON.parse(await stored(harness, one, 'common'))).toEqual({ key: 'first' });
  });
});

describe('rollback of a push that made the app', () => {
  async function first() {
    const harness = await platform();
    const project = projectAt(harness, connection('one'));
    const manifest = project.read('connector.json');
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization: `Token ${harness.token}`, 'content-type': 'application/json' };
      const response = await fetch(`${harness.url}/api/v2/sdk/apps${path}`, { ...init, headers });
      return JSON.parse(await response.text());
    };
    return { harness, project, manifest, ask };
  }

  test('deletes it when that is allowed, and the project is as if it never was pushed', async () => {
    const { project, manifest, ask } = await first();
    await project.run('push');
    const { app } = project.json('.connector/origins.json').harness;
    const refused = await project.run('rollback');
    expect(refused).toMatchObject({ code: 2, diagnostics: [{ code: 'sync/destructive' }] });
    expect(refused.diagnostics[0].message).toContain(`would be deleted: the connection ${app}, the app ${app}.`);
    const { stdout } = await project.shown('rollback', '--allow-destructive', '--dry-run');
    expect(stdout).toBe(`- connection one, which is ${app} there\n- app ${app}, with all that it holds\n`);
    expect((await ask('')).apps).toHaveLength(1);
    const { code, data } = await project.run('rollback', '--allow-destructive');
    expect([code, data.changes.at(-1)]).toEqual([0, { action: 'delete-app', name: app }]);
    expect((await ask('')).apps).toEqual([]);
    expect(project.read('connector.json')).toBe(manifest);
    expect((await project.run('status')).data).toMatchObject({ cutOff: false, app: null });
    expect((await project.run('push')).data.changes[0]).toMatchObject({ action: 'create-app' });
  });

  test('says that it stays, and how it is deleted, when that is not allowed', async () => {
    const { harness, project, ask } = await first();
    await harness.faults.add({ effect: 'status', times: 1, operation: 'createConnection' });
    expect((await project.run('push')).code).toBe(7);
    const { code, diagnostics } = await project.run('rollback');
    expect([code, diagnostics[0].code]).toEqual([0, 'sync/app-stays']);
    expect((await ask('')).apps).toHaveLength(1);
    const [, words = ''] = /^`connector (.*)` deletes it\.$/.exec(diagnostics[0].hint) ?? [];
    expect((await project.run(...words.split(' '))).code).toBe(0);
    expect((await ask('')).apps).toEqual([]);
  });

  test('leaves it when something else is in it by now', async () => {
    const { project, ask } = await first();
    await project.run('push');
    const { app } = project.json('.connector/origins.json').harness;
    const body = JSON.stringify({ type: 'basic', label: 'a colleague' });
    const { name } = (await ask(`/${app}/connections`, { method: 'POST', body })).appConnection;
    const { code, diagnostics } = await project.run('rollback', '--allow-destructive');
    expect([code, diagnostics[0].code]).toEqual([0, 'sync/app-stays']);
    expect(diagnostics[0].hint).toContain(`connection ${name}`);
    const left = (await ask(`/${app}/connections`)).appConnections;
    expect(left.map(({ label }: { label: string }) => label)).toEqual(['a colleague']);
  });

  test('goes on after an answer that was lost', async () => {
    const { harness, project, manifest, ask } = await first();
    await project.run('push');
    await harness.faults.add({ effect: 'lost', times: 1, operation: 'deleteApp', platform: 'make' });
    expect((await project.run('rollback', '--allow-destructive')).code).toBe(6);
    expect((await project.run('status')).data.cutOff).toBe(true);
    expect((await project.run('rollback', '--allow-destructive')).code).toBe(0);
    expect((await project.run('status')).data).toMatchObject({ cutOff: false, app: null });
    expect((await ask('')).apps).toEqual([]);
    expect(project.read('connector.json')).toBe(manifest);
  });
});

describe('publish', () => {
  test('refuses the placeholders of a template, which validate warns of', async () => {
    const project = projectAt(await platform(), connection('one'), 'make');
    project.write('connections/one/api.jsonc', '{ "url": "https://www.example.com/api/whoami" }\n');
    const { code, diagnostics } = await project.run('validate');
    expect(code).toBe(0);
    expect(diagnostics).toMatchObject([{ code: 'request/placeholder-host', severity: 'warning' }]);
    const refused = await project.run('publish', '--yes');
    expect(refused).toMatchObject({ code: 1, data: { steps: [], stopped: 'validate' } });
    expect(refused.diagnostics).toMatchObject([{ code: 'request/placeholder-host', severity: 'error' }]);
    expect(project.json('connector.json').origins.make.connections).toBeUndefined();
  });

  test('goes all the way with one report, and stops at the first step that is not fine', async () => {
    const harness = await platform();
    const project = projectAt(harness, connection('one'), 'make');
    project.write('connections/one/api.jsonc', '{ "url": "http://api.acme.test/me" }\n');
    expect((await project.run('validate')).code).toBe(0);
    const warned = await project.run('publish', '--yes');
    expect(warned).toMatchObject({ code: 1, data: { steps: [], stopped: 'validate' } });
    expect(warned.diagnostics).toMatchObject([{ code: 'request/plain-http', severity: 'error' }]);
    const files = { parameters: '[{"name": "apiKey", "type": "password", "label": "API key", "required": true}]\n' };
    const api =
      '{\n  "url": "https://api.acme.test/me",\n  "headers": { "authorization": "Bearer {{parameters.apiKey}}" },\n  "response": { "error": { "message": "{{body.error}}" } },\n  "log": { "sanitize": ["request.headers.authorization"] }\n}\n';
    project.write('connections/one/api.jsonc', api);
    project.write('connections/one/parameters.jsonc', files.parameters);
    project.write(
      'connections/one/common.schema.json',
      '{"type": "object", "properties": {"key": {"type": "string"}}}',
    );
    const untested = await project.run('publish', '--yes');
    expect(untested).toMatchObject({
      ...{ code: 1, data: { stopped: 'types' } },
      diagnostics: [{ code: 'test/none', severity: 'warning' }, { code: 'types/stale' }],
    });
    const test = (status: number) => ({
      ...{ name: 'a key is proved', given: { parameters: { apiKey: 'key-1' } } },
      exchanges: [{ request: { headers: { authorization: 'Bearer key-1' } }, answer: { status } }],
    });
    const file = 'connections/one/tests/key.test.jsonc';
    project.write(file, JSON.stringify({ cases: [test(401)] }));
    const failing = await project.run('publish', '--yes');
    expect(failing).toMatchObject({
      code: 1,
      data: { stopped: 'test' },
      diagnostics: [{ code: 'test/failed-run', file }],
    });
    project.write(file, JSON.stringify({ cases: [test(200)] }));
    const stale = await project.run('publish', '--yes');
    expect(stale).toMatchObject({ code: 1, data: { stopped: 'types' }, diagnostics: [{ code: 'types/stale' }] });
    await project.run('types');
    const { code, data, diagnostics } = await project.run('publish', '--yes');
    expect(code).toBe(0);
    expect(diagnostics.map(({ code: what }: { code: string }) => what)).toContain('sync/common-skipped');
    expect(data.steps.map(({ step }: { step: string }) => step)).toEqual([
      'validate',
      'test',
      'types',
      'push',
      'recreate',
      'verify',
    ]);
    const { one } = project.json('connector.json').origins.make.connections;
    await edit(harness, one, 'api', '{}');
    expect(await project.run('publish', '--yes')).toMatchObject({ code: 4, data: { stopped: 'push' } });
  });
});
