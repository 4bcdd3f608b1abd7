import { describe, expect, test } from 'vitest';
import { answer, ask, type Json, reported, start } from './author.ts';

const APPROVED = {
  app: 'shop',
  approved: true,
  connections: [{ type: 'basic', label: 'Main', common: { clientSecret: 'old' } }],
  sections: { api: '{}', scope: '[]' },
  content: { base: '{}' },
};

const put = (path: string, body: string) => answer(path, { method: 'PUT', body, type: 'application/jsonc' });
const section = (name: string, body: string) => put(`/sdk/apps/connections/shop/${name}`, body);
const textOf = async (name: string) => (await ask(`/sdk/apps/connections/shop/${name}`)).text();
const changes = async (): Promise<Json[]> => (await reported('/sdk/apps/shop/1?cols[]=changes')).app.changes;
const change = (id: number) => answer(`/sdk/apps/shop/1/changes/${id}`);
const post = (word: string, body?: object) => answer(`/sdk/apps/shop/1/${word}`, { method: 'POST', body });
const commit = (body?: object) => ask('/sdk/apps/shop/1/commit', { method: 'POST', body });

test('5 an app that is not approved is written directly, without changes', async () => {
  await start({ ...APPROVED, approved: false });
  expect(await section('api', '{ "url": "/" }')).toEqual([200, { change: {} }]);
  expect(await changes()).toEqual([]);
  expect((await post('rollback'))[0]).toBe(400);
  expect((await commit({ message: 'x' })).status).toBe(400);
});

describe('5 an approved app', () => {
  test('each write makes or changes one row; sections are answered as they were written', async () => {
    await start(APPROVED);
    const row = { id: 1, group: 'account', item: 'shop', code: 'api' };
    expect(await section('api', '{ "a": 1 }')).toEqual([200, { change: row }]);
    expect(await section('api', '{ "a": 2 }')).toEqual([200, { change: row }]);
    expect(await changes()).toEqual([row]);
    expect(await textOf('api')).toBe('{ "a": 2 }');
    expect(await change(1)).toEqual([
      200,
      { change: { id: 1, group: 'account', code: 'api', oldValue: '{}', newValue: '{ "a": 2 }' } },
    ]);
    expect((await change(2))[0]).toBe(404);
  });

  test('putting back what is committed takes the row away', async () => {
    await start(APPROVED);
    await section('scope', '["a"]');
    expect(await section('scope', '[]')).toEqual([200, { change: {} }]);
    expect(await changes()).toEqual([]);
  });

  test('the app’s own sections belong to the group app', async () => {
    await start(APPROVED);
    const [, { change: row }] = await put('/sdk/apps/shop/1/base', '{ "baseUrl": "https://x.example" }');
    expect(row).toEqual({ id: 1, group: 'app', item: 'shop', code: 'base' });
    await post('rollback');
    expect(await (await ask('/sdk/apps/shop/1/base')).text()).toBe('{}');
  });

  test('connections are answered as they were committed', async () => {
    await start(APPROVED);
    const body = { label: 'Renamed' };
    const written = await reported('/sdk/apps/connections/shop', { method: 'PATCH', body });
    expect(written.appConnection.label).toBe('Renamed');
    const labels = async () => [
      (await reported('/sdk/apps/connections/shop')).appConnection.label,
      (await reported('/sdk/apps/shop/connections')).appConnections[0].label,
    ];
    expect(await labels()).toEqual(['Main', 'Main']);
    expect(await changes()).toEqual([{ id: 1, group: 'account', item: 'shop', code: 'label' }]);
    await commit({ message: 'Renamed', notify: false });
    expect(await labels()).toEqual(['Renamed', 'Renamed']);
  });

  test('of a new connection the template is what is committed', async () => {
    await start(APPROVED);
    await reported('/sdk/apps/shop/connections', { method: 'POST', body: { type: 'apikey', label: 'New' } });
    const template = await (await ask('/sdk/apps/connections/shop2/api')).text();
    await put('/sdk/apps/connections/shop2/api', '{}');
    const [row] = await changes();
    expect((await change(row.id))[1].change.oldValue).toBe(template);
  });

  test('commit answers plain text; all changes, or those that are named', async () => {
    await start(APPROVED);
    await section('api', '{ "a": 1 }');
    await section('scope', '["a"]');
    const response = await commit({ message: 'One', changeIds: [1] });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'true',
    ]);
    expect((await changes()).map(({ code }) => code)).toEqual(['scope']);
    expect((await commit({ message: 'x', changeIds: [99] })).status).toBe(404);
    expect((await commit()).status).toBe(200);
    expect([await changes(), await textOf('api'), await textOf('scope')]).toEqual([[], '{ "a": 1 }', '["a"]']);
    await post('rollback');
    expect(await textOf('api'), 'what is committed is not taken back').toBe('{ "a": 1 }');
  });

  test('rollback takes back all changes, or those that are named', async () => {
    await start(APPROVED);
    await section('api', '{ "a": 1 }');
    await section('scope', '["a"]');
    await reported('/sdk/apps/connections/shop', { method: 'PATCH', body: { connectedSystemName: 'agent' } });
    expect(await post('rollback', { changeIds: [2] })).toEqual([200, { rolledBack: true }]);
    expect([await textOf('api'), await textOf('scope')]).toEqual(['{ "a": 1 }', '[]']);
    expect(await post('rollback')).toEqual([200, { rolledBack: true }]);
    expect([await textOf('api'), await changes()]).toEqual(['{}', []]);
    await reported('/sdk/apps/connections/shop', { method: 'PATCH', body: { label: 'x' } });
    expect((await reported('/sdk/apps/connections/shop')).appConnection.connectedSystemName).toBeNull();
  });

  test('other platforms see its connections as they were committed', async () => {
    const harness = await start({ ...APPROVED, sections: { parameters: '[{ "name": "key", "type": "text" }]' } });
    await harness.seed('workato', { managed_users: [{ id: 1 }] });
    const fields = async () => {
      const headers = { authorization: `Bearer ${harness.token}` };
      const schema = await ask('//api/v2/managed_users/1/connectors/shop/input_schema', { headers });
      return JSON.stringify(await schema.json());
    };
    await section('parameters', '[{ "name": "region", "type": "text" }]');
    expect([await fields(), await textOf('parameters')]).toEqual([
      expect.stringContaining('"name":"key"'),
      expect.stringContaining('region'),
    ]);
    await commit({ message: 'Regions' });
    expect(await fields()).toContain('region');
  });

  test('a commit’s message has 1 to 1000 characters', async () => {
    await start(APPROVED);
    const [status, refusal] = await post('commit', { message: 'x'.repeat(1001) });
    expect([status, refusal.detail]).toEqual([413, 'Commit message is too big']);
    expect((await commit({ message: '' })).status).toBe(400);
    expect((await commit({ message: 'x'.repeat(1000), notify: true })).status).toBe(200);
  });
});

describe('1.8 common of an approved app', () => {
  test('is locked, the connection’s and the app’s, and has no changes', async () => {
    await start(APPROVED);
    for (const path of ['/sdk/apps/connections/shop/common', '/sdk/apps/shop/1/common']) {
      const [status, refusal] = await answer(path, { method: 'PUT', body: { clientSecret: 'new' } });
      expect([status, refusal.code, refusal.detail]).toEqual([403, 'SC403', expect.stringContaining('locked')]);
    }
    expect(await changes()).toEqual([]);
  });

  test('can be read, or is masked where that reading is chosen', async () => {
    const harness = await start(APPROVED);
    expect(await reported('/sdk/apps/connections/shop/common')).toEqual({ clientSecret: 'old' });
    await harness.seed('make', { settings: { approved_common: 'masked' } });
    expect(await reported('/sdk/apps/connections/shop/common')).toEqual({ clientSecret: '••••••••' });
  });
});
