import { describe, expect, test } from 'vitest';
import { answer, ask, client, type Json, reported, start } from './author.ts';

const create = (app: string, type: string, label = type) =>
  reported(`/sdk/apps/${app}/connections`, { method: 'POST', body: { type, label } });
const names = async (app = 'shop') =>
  (await reported(`/sdk/apps/${app}/connections`)).appConnections.map(({ name }: Json) => name);
const remove = (name: string, body?: unknown) => answer(`/sdk/apps/connections/${name}`, { method: 'DELETE', body });

test('1 paths: none has a version in it', async () => {
  await start({ app: 'shop' });
  expect((await answer('/sdk/apps/shop/1/connections'))[0]).toBe(404);
});

describe('1.1 list', () => {
  test('its envelope, and the fields of each', async () => {
    await start({ app: 'shop', connections: [{ type: 'oauth', label: 'Main' }] });
    expect(await reported('/sdk/apps/shop/connections')).toEqual({
      appConnections: [
        { name: 'shop', label: 'Main', type: 'oauth', parameters: {}, app_version: '1', alias_to: null },
      ],
    });
  });

  test('pg in every spelling of its brackets: limit, offset, sortBy, sortDir', async () => {
    await start({ app: 'shop', connections: ['b', 'c', 'a'].map((label) => ({ type: 'other', label })) });
    const labels = async (query: string) =>
      (await reported(`/sdk/apps/shop/connections?${query}`)).appConnections.map(({ label }: Json) => label);
    for (const [open, close] of [
      ['[', ']'],
      ['%5B', '%5D'],
      ['%5b', '%5d'],
    ]) {
      const pg = (key: string, value: string | number) => `pg${open}${key}${close}=${value}`;
      expect(await labels(`${pg('limit', 1)}&${pg('offset', 1)}`)).toEqual(['c']);
      expect(await labels(pg('sortBy', 'label'))).toEqual(['a', 'b', 'c']);
      expect(await labels(`${pg('sortBy', 'label')}&${pg('sortDir', 'desc')}&${pg('limit', 2)}`)).toEqual(['c', 'b']);
      expect(await labels(`${pg('sortBy', 'nothing')}&${pg('limit', 10000)}`)).toEqual(['b', 'c', 'a']);
    }
    expect((await answer('/sdk/apps/shop/connections?pg[limit]=many'))[0]).toBe(400);
  });

  test('is of an app, whatever its version, and of no other', async () => {
    const harness = await start({ app: 'shop', columns: { version: 3 }, connections: [{ type: 'basic', label: 'x' }] });
    await harness.seed('make', { app: 'other', connections: [{ type: 'basic', label: 'y' }] });
    expect([await names('shop'), await names('other')]).toEqual([['shop'], ['other']]);
    expect((await answer('/sdk/apps/nothing/connections'))[0]).toBe(404);
  });
});

describe('1.2 create', () => {
  const STORED = {
    apikey: 'basic',
    basic: 'basic',
    other: 'basic',
    oauth: 'oauth',
    'oauth-refresh': 'oauth',
    'oauth-clicre': 'oauth',
    'oauth-resowncre': 'oauth',
    'oauth-1': 'oauth',
  };

  test.each(Object.entries(STORED))('%s is stored as %s', async (type, stored) => {
    await start({ app: 'shop' });
    expect(await create('shop', type, 'Main')).toEqual({
      appConnection: { name: 'shop', label: 'Main', type: stored },
    });
    expect((await reported('/sdk/apps/connections/shop')).appConnection.type).toBe(stored);
  });

  test('types that are not among the eight, digest and oauth2 among them', async () => {
    await start({ app: 'shop' });
    for (const body of [{ type: 'oauth2', label: 'x' }, { type: 'digest', label: 'x' }, { type: 7 }]) {
      const [status, refusal] = await answer('/sdk/apps/shop/connections', { method: 'POST', body });
      expect([status, refusal.detail, refusal.code]).toEqual([400, 'Invalid connection type', 'SC400']);
    }
    expect(await names()).toEqual([]);
  });

  test('without a type, which Make’s page marks as optional: stored as basic, with that template', async () => {
    await start({ app: 'shop' });
    const [status, { appConnection }] = await answer('/sdk/apps/shop/connections', { method: 'POST', body: {} });
    expect([status, appConnection]).toEqual([200, { name: 'shop', label: 'shop', type: 'basic' }]);
    await create('shop', 'basic', 'Same');
    const parameters = (name: string) => reported(`/sdk/apps/connections/${name}/parameters`);
    expect(await parameters('shop')).toEqual(await parameters('shop2'));
  });

  test('is not idempotent: the same again makes another', async () => {
    await start({ app: 'shop' });
    const made = [await create('shop', 'basic', 'Same'), await create('shop', 'basic', 'Same')];
    expect(made.map(({ appConnection }) => appConnection.name)).toEqual(['shop', 'shop2']);
  });
});

describe('1.2 name generation', () => {
  test('the app’s own name, then a number from 2 without a separator', async () => {
    await start({ app: 'postman-test-app-6-1' });
    for (let made = 0; made < 3; made++) await create('postman-test-app-6-1', 'basic');
    expect(await names('postman-test-app-6-1')).toEqual([
      'postman-test-app-6-1',
      'postman-test-app-6-12',
      'postman-test-app-6-13',
    ]);
  });

  test('after a deletion one more than the highest, or a number that none ever had', async () => {
    const harness = await start({
      app: 'shop',
      connections: ['a', 'b', 'c'].map((label) => ({ type: 'other', label })),
    });
    await remove('shop2');
    expect((await create('shop', 'other')).appConnection.name).toBe('shop4');
    await remove('shop4');
    expect((await create('shop', 'other')).appConnection.name).toBe('shop4');
    await harness.seed('make', { settings: { connection_numbers: 'never_again' } });
    await remove('shop4');
    expect((await create('shop', 'other')).appConnection.name).not.toBe('shop4');
  });

  test('passes over a name that another app’s connection has', async () => {
    const harness = await start({ app: 'shop2', connections: [{ type: 'other', label: 'x' }] });
    await harness.seed('make', { app: 'shop', connections: [{ type: 'other', label: 'x' }] });
    expect((await create('shop', 'other')).appConnection.name).toBe('shop3');
  });
});

describe('1.3 get', () => {
  test('of a basic one without a redirect URI', async () => {
    await start({ app: 'shop', connections: [{ type: 'apikey', label: 'Key' }] });
    expect(await reported('/sdk/apps/connections/shop')).toEqual({
      appConnection: { name: 'shop', label: 'Key', type: 'basic', connectedSystemName: null, appVersion: '1' },
    });
  });

  test('of an OAuth one with it, and its app’s version as a text', async () => {
    await start({ app: 'shop', columns: { version: 2 }, connections: [{ type: 'oauth-1', label: 'Old' }] });
    expect((await reported('/sdk/apps/connections/shop')).appConnection).toMatchObject({
      appVersion: '2',
      redirectUri: 'https://www.make.com/oauth/cb/app',
    });
  });
});

test('1.4 update: label and connected system, nothing else; told at once', async () => {
  await start({ app: 'shop', connections: [{ type: 'basic', label: 'Before' }] });
  const patch = (body: object) => reported('/sdk/apps/connections/shop', { method: 'PATCH', body });
  const after = { name: 'shop', label: 'After', type: 'basic', connectedSystemName: 'my-agent' };
  expect(await patch({ label: 'After', connectedSystemName: 'my-agent' })).toEqual({ appConnection: after });
  expect(await patch({ type: 'oauth', name: 'mine' })).toEqual({ appConnection: after });
  expect((await reported('/sdk/apps/connections/shop')).appConnection).toMatchObject(after);
  expect((await patch({ connectedSystemName: null })).appConnection.connectedSystemName).toBeNull();
});

describe('1.5 delete', () => {
  const one = { app: 'shop', connections: [{ type: 'basic', label: 'x' }] };

  test('answers the bare name, and takes a body', async () => {
    await start(one);
    expect(await remove('shop', {})).toEqual([200, { appConnection: 'shop' }]);
    expect(await names()).toEqual([]);
    expect((await remove('shop'))[0]).toBe(404);
  });

  test('on request it stays for a while: it is listed and read until the clock has passed', async () => {
    let now = new Date('2026-05-01T10:00:00.000Z');
    await start({ ...one, settings: { deletion_seconds: 5 } }, { clock: { now: () => now } });
    expect(await remove('shop')).toEqual([200, { appConnection: 'shop' }]);
    now = new Date('2026-05-01T10:00:04.999Z');
    expect(await remove('shop')).toEqual([200, { appConnection: 'shop' }]);
    expect([await names(), (await ask('/sdk/apps/connections/shop/api')).status]).toEqual([['shop'], 200]);
    now = new Date('2026-05-01T10:00:05.000Z');
    expect([await names(), (await ask('/sdk/apps/connections/shop/api')).status]).toEqual([[], 404]);
    expect((await reported('/sdk/apps/shop/1/checksum')).accounts).toEqual([]);
    expect((await create('shop', 'oauth', 'Anew')).appConnection).toEqual({
      name: 'shop',
      label: 'Anew',
      type: 'oauth',
    });
    expect(await names()).toEqual(['shop']);
  });

  test('is refused where a module uses it, in Make’s words where that has an alternative', async () => {
    await start({
      app: 'shop',
      connections: ['a', 'b', 'c'].map((label) => ({ type: 'basic', label })),
      uses: [
        { module: 'getThing', connection: 'shop', alternative: 'shop2' },
        { module: 'listThings', connection: 'shop3' },
      ],
    });
    const [status, refusal] = await remove('shop');
    expect([status, refusal.detail]).toEqual([400, 'Connection cannot be deleted when alternative connection exists.']);
    expect((await remove('shop2'))[1].detail).toBe("Connection is used by module 'getThing'.");
    expect((await remove('shop3'))[1]).toMatchObject({ code: 'IM016', message: expect.any(String) });
    expect(await names()).toHaveLength(3);
  });

  test.each(['public', 'approved'])('is refused in apps that are %s', async (state) => {
    await start({ ...one, [state]: true });
    expect((await remove('shop'))[0]).toBe(403);
    expect(await names()).toEqual(['shop']);
  });

  test('all go with their app', async () => {
    await start(one);
    await client().sdk.apps.delete('shop', 1);
    expect((await answer('/sdk/apps/connections/shop'))[0]).toBe(404);
  });
});

test('1.9 recreate: an empty object; the content stays; nothing for one that is not there, nor for PUT', async () => {
  await start({ app: 'shop', connections: [{ type: 'basic', label: 'x' }], sections: { scope: '["a"]' } });
  for (const body of [undefined, {}]) {
    expect(await answer('/sdk/apps/connections/shop/recreate', { method: 'POST', body })).toEqual([200, {}]);
  }
  expect(await client().sdk.connections.getSection('shop', 'scope')).toBe('["a"]');
  expect((await answer('/sdk/apps/connections/nothing/recreate', { method: 'POST' }))[0]).toBe(404);
  expect((await answer('/sdk/apps/connections/shop/test', { method: 'POST' }))[0]).toBe(404);
});
