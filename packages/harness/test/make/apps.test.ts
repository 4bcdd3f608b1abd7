import { describe, expect, test } from 'vitest';
import { answer, ask, type Json, reported, start } from './author.ts';

const create = (body: object) => reported('/sdk/apps', { method: 'POST', body: { label: 'Shop', ...body } });

describe('4 apps', () => {
  test('create: six characters behind the name, the theme in lower case, version 1', async () => {
    await start();
    const { app } = await create({ name: 'vink', theme: '#33FF57', description: 'Sells' });
    expect(app).toEqual({
      name: expect.stringMatching(/^vink-[0-9a-z]{6}$/),
      label: 'Shop',
      description: 'Sells',
      version: 1,
      theme: '#33ff57',
      public: false,
      approved: false,
    });
    const again = (await create({ name: 'vink' })).app;
    expect(again.name).not.toBe(app.name);
  });

  test('create: every harness gives the same characters, so that a team’s file does not differ', async () => {
    await start();
    const { app } = await create({ name: 'vink' });
    await start();
    expect((await create({ name: 'vink' })).app.name).toBe(app.name);
  });

  test('create: longer names than the editor lets through are taken', async () => {
    await start();
    expect((await create({ name: 'test-connections-app-1234567890123' })).app.name).toHaveLength(41);
  });

  test('create: who may choose names gets the one that was chosen', async () => {
    await start({ settings: { allow_apps: true } });
    expect((await create({ name: 'vink' })).app.name).toBe('vink');
  });

  test('cols in every spelling; four columns are always there, * is all of them', async () => {
    await start({ app: 'shop', approved: true });
    const four = { name: 'shop', label: 'shop', version: 1, beta: false };
    const columns = async (query: string) => (await reported(`/sdk/apps?${query}`)).apps;
    expect(await columns('')).toEqual([four]);
    expect(await columns('all=true')).toEqual([four]);
    for (const key of ['cols[]', 'cols[0]', 'cols%5B%5D', 'cols%5B0%5D', 'cols']) {
      expect(await columns(`${key}=theme`), key).toEqual([{ ...four, theme: '#000000' }]);
    }
    expect(await columns('cols[]=approved&cols[]=changes&cols[]=nothing')).toEqual([
      { ...four, approved: true, changes: [] },
    ]);
    const [all] = await columns('cols=*');
    expect(Object.keys(all)).toEqual(expect.arrayContaining(['created', 'countries', 'changes', 'manifestVersion']));
  });

  test('get: all columns but the changes, which have to be asked for', async () => {
    await start({ app: 'shop' });
    const { app } = await reported('/sdk/apps/shop/1');
    expect(app).toMatchObject({ name: 'shop', beta: false, global: true, countries: null, manifestVersion: 2 });
    expect(app).not.toHaveProperty('changes');
    expect((await reported('/sdk/apps/shop/1?cols[]=changes')).app).toMatchObject({ name: 'shop', changes: [] });
  });

  test('update and delete', async () => {
    await start({ app: 'shop', content: { base: '{}' }, docs: 'x', common: { a: 1 } });
    const body = { label: 'Store', audience: 'countries', countries: ['cz'], theme: '#AABBCC' };
    expect((await reported('/sdk/apps/shop/1', { method: 'PATCH', body })).app).toMatchObject({ theme: '#aabbcc' });
    expect((await reported('/sdk/apps/shop/1')).app).toMatchObject({
      label: 'Store',
      global: false,
      countries: ['cz'],
    });
    expect(await answer('/sdk/apps/shop/1', { method: 'DELETE', body: {} })).toEqual([200, { app: 'shop' }]);
    for (const path of ['', '/base', '/common', '/readme', '/checksum']) {
      expect((await answer(`/sdk/apps/shop/1${path}`))[0], path).toBe(404);
    }
  });

  test('lists are paged', async () => {
    const harness = await start({ app: 'a' });
    for (const app of ['b', 'c']) await harness.seed('make', { app });
    const { apps } = await reported('/sdk/apps?all=true&pg[offset]=1&pg[limit]=1');
    expect(apps.map(({ name }: Json) => name)).toEqual(['b']);
  });
});

describe('4 app sections', () => {
  const put = (section: string, body: string, type = 'application/jsonc') =>
    answer(`/sdk/apps/shop/1/${section}`, { method: 'PUT', body, type });

  test('base, install and installSpec byte for byte', async () => {
    await start({ app: 'shop' });
    for (const section of ['base', 'install', 'installSpec']) {
      const text = `// ${section}\r\n{ }\n`;
      expect(await put(section, text)).toEqual([200, { change: {} }]);
      const response = await ask(`/sdk/apps/shop/1/${section}`);
      expect([response.headers.get('content-type'), await response.text()]).toEqual(['application/jsonc', text]);
    }
    expect((await put('base', '{ "a" }'))[1].detail).toContain(' in JSONC at position 6');
    expect((await put('wrong', '{}'))[0]).toBe(404);
  });

  test('1.6 groups is JSON only: it comes back written anew', async () => {
    await start({ app: 'shop' });
    await put('groups', '[{"label":"All","modules":[]}] // all of them');
    expect(await (await ask('/sdk/apps/shop/1/groups')).text()).toBe(
      JSON.stringify([{ label: 'All', modules: [] }], undefined, 4),
    );
  });

  test('common and readme; none at all empties the readme', async () => {
    await start({ app: 'shop' });
    expect(await put('common', '{"clientId":"a"}', 'application/json')).toEqual([200, { changed: true }]);
    expect(await reported('/sdk/apps/shop/1/common')).toEqual({ clientId: 'a' });
    expect((await put('common', '[]', 'application/json'))[1].detail).toBe('Common data must be a collection');
    expect(await put('readme', '# Shop', 'text/markdown')).toEqual([200, { changed: true }]);
    const readme = await ask('/sdk/apps/shop/1/readme');
    expect([readme.headers.get('content-type'), await readme.text()]).toEqual([
      'text/markdown; charset=utf-8',
      '# Shop',
    ]);
    await put('readme', '', 'text/markdown');
    expect(await (await ask('/sdk/apps/shop/1/readme')).text()).toBe('');
  });

  test('public and private, open and closed source', async () => {
    await start({ app: 'shop' });
    const post = (word: string) => reported(`/sdk/apps/shop/1/${word}`, { method: 'POST' });
    expect(await post('public')).toEqual({ public: true, inviteToken: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect((await reported('/sdk/apps/shop/1')).app.public).toBe(true);
    expect(await post('private')).toEqual({ public: false, inviteToken: null });
    expect(await post('opensource')).toEqual({ changed: true });
    expect((await reported('/sdk/apps?opensource=true')).apps).toHaveLength(1);
    expect(await post('closedsource')).toEqual({ changed: true });
    expect((await reported('/sdk/apps?opensource=true')).apps).toEqual([]);
  });

  test('icon: a PNG of 512 by 512 pixels, byte for byte', async () => {
    await start({ app: 'shop' });
    expect((await answer('/sdk/apps/shop/1/icon/512'))[0]).toBe(404);
    expect((await put('icon', 'no image', 'image/png'))[1].detail).toContain('512x512');
  });
});

test('4 clone of the editor extension: the lists that it asks for are there, and empty', async () => {
  await start({ app: 'shop' });
  expect(await reported('/sdk/apps/shop/webhooks')).toEqual({ appWebhooks: [] });
  for (const [path, key] of [
    ['modules', 'appModules'],
    ['rpcs', 'appRpcs'],
    ['functions', 'appFunctions'],
    ['endpoints', 'appEndpoints'],
  ] as const) {
    expect(await reported(`/sdk/apps/shop/1/${path}`)).toEqual({ [key]: [] });
    expect((await answer(`/sdk/apps/nothing/1/${path}`))[0]).toBe(404);
  }
  const { checksum } = (await reported('/sdk/apps/shop/1/checksum')).app[0];
  expect(Object.keys(checksum)).toEqual(expect.arrayContaining(['base', 'groups', 'installSpec', 'content']));
});

test('4 enums: countries and languages by their codes', async () => {
  await start();
  const { countries } = await reported('/enums/countries');
  expect(countries).toContainEqual({ id: expect.any(Number), name: 'Czechia', code: 'CZE', code2: 'cz' });
  expect(new Set(countries.map(({ id }: Json) => id)).size).toBe(countries.length);
  expect((await reported('/enums/languages')).languages).toContainEqual({ code: 'en', name: 'English' });
});
