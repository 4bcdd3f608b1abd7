import { operationsOf, PLATFORMS } from '@connectorkit/sdk/platforms';
import { describe, expect, test } from 'vitest';
import { answer, ask, client, reported, start } from './author.ts';

const READ = '11111111-1111-4111-8111-111111111111';
const WRITE = '22222222-2222-4222-8222-222222222222';
const DENIED = [403, { detail: 'Access denied.', message: 'Permission denied', code: 'SC403' }];

test('0 base: below /api/v2, and as the reference page writes its paths', async () => {
  await start({ app: 'shop' });
  for (const path of ['/sdk/apps/shop/1', '//sdk/apps/shop/1']) {
    expect((await reported(path)).app.name).toBe('shop');
  }
});

test('0 security: Token and Bearer, in whatever case', async () => {
  const { token } = await start();
  for (const scheme of ['Token', 'Bearer', 'token', 'bearer']) {
    const headers = { authorization: `${scheme} ${token}` };
    expect((await ask('/users/me', { headers })).status, scheme).toBe(200);
  }
  for (const authorization of ['', token, `Basic ${token}`, 'Token nobody', 'Token']) {
    expect(await answer('/users/me', { headers: { authorization } })).toEqual([
      401,
      { detail: 'User is not logged in.', message: 'User is not logged in.', code: 'IM015' },
    ]);
  }
});

describe('0 scopes', () => {
  test('sdk-apps:read lets read and nothing else, sdk-apps:write lets write and nothing else', async () => {
    const tokens = [
      { token: READ, scopes: ['sdk-apps:read'] },
      { token: WRITE, scopes: ['sdk-apps:write'] },
    ];
    await start({ app: 'shop', connections: [{ type: 'basic', label: 'x' }], tokens });
    const reader = { authorization: `Token ${READ}` };
    const writer = { authorization: `Token ${WRITE}` };
    const label = { body: { label: 'y' } };
    expect((await ask('/sdk/apps/connections/shop', { headers: reader })).status).toBe(200);
    expect(await answer('/sdk/apps/connections/shop', { method: 'PATCH', headers: reader, ...label })).toEqual(DENIED);
    expect(await answer('/sdk/apps/connections/shop', { method: 'DELETE', headers: reader })).toEqual(DENIED);
    expect(await answer('/sdk/apps/shop/1/checksum', { headers: writer })).toEqual(DENIED);
    const patched = await answer('/sdk/apps/connections/shop', { method: 'PATCH', headers: writer, ...label });
    expect(patched[1].appConnection.label).toBe('y');
    expect((await reported('/users/me/current-authorization', { headers: reader })).authorization).toEqual({
      authUsed: 'token',
      scope: ['sdk-apps:read'],
    });
  });

  test('every operation on apps wants the one for its method', () => {
    for (const { id, path, method, scopes } of operationsOf(PLATFORMS.make.contract).values()) {
      if (!path.startsWith('/sdk/')) continue;
      expect(scopes, id).toEqual([method === 'GET' ? 'sdk-apps:read' : 'sdk-apps:write']);
    }
  });
});

test('0 headers: what the clients send besides is tolerated', async () => {
  await start();
  const headers = {
    'user-agent': 'MakeTypeScriptSDK/1.6.10',
    'imt-apps-sdk-version': '2.8.0',
    'x-imt-apps-sdk-version': '1.3.22',
    'imt-vsce-localmode': 'true',
  };
  expect(await answer('/sdk/apps', { headers })).toEqual([200, { apps: [] }]);
});

test('0 ping: plain text, for anybody', async () => {
  await start();
  const response = await ask('/ping', { headers: { authorization: '' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
});

test('4 users/me: who the token belongs to, and whether names of apps may be chosen', async () => {
  const harness = await start();
  expect(await client().users.me()).toMatchObject({ id: 1, name: 'Connector Author', features: { allow_apps: false } });
  await harness.seed('make', { settings: { allow_apps: true } });
  expect((await reported('/users/me')).authUser.features).toEqual({ allow_apps: true });
});
