import { describe, expect, test } from 'vitest';
import {
  ACCESS,
  APPLICATIONS,
  AT,
  GROUP,
  MANAGED,
  MANAGER,
  ORGANIZATION,
  OTHER,
  SANDBOX,
  start,
  TIER,
  UNAUTHORIZED,
} from './exchange.ts';

const ONE_OF_EACH = [
  ['GET', '/accounts/api/users/me'],
  ['GET', `${AT}/instances`],
  ['GET', APPLICATIONS],
  ['POST', APPLICATIONS],
  ['POST', `${APPLICATIONS}/1/contracts`],
] as const;

test.each(ONE_OF_EACH)('M-60 %s %s without a token, or with a wrong one', async (method, path) => {
  const { ask } = await start();
  for (const authorization of ['', 'Bearer', 'Bearer nobody', 'Token x', 'Basic eDp5']) {
    const answer = await ask(method, path, method === 'GET' ? undefined : {}, { headers: { authorization } });
    expect([authorization, answer.status, answer.body]).toEqual([authorization, 401, UNAUTHORIZED(401)]);
  }
});

test('M-60 API Manager says it in its own shape', async () => {
  const { ask } = await start();
  const { status, body } = await ask('GET', `${MANAGED}/contracts`, undefined, { token: 'nobody' });
  expect([status, body]).toEqual([401, { error: 'Unauthorized', message: 'Unauthorized' }]);
});

test.each(['bearer', 'Bearer', 'BEARER'])('M-61 the scheme may be written %s', async (scheme) => {
  const { ask, harness } = await start();
  const headers = { authorization: `${scheme} ${harness.token}` };
  expect((await ask('GET', `${AT}/instances`, undefined, { headers })).status).toBe(200);
});

test.each(['{', '', '[]', '"x"', 'null', 'name=x', '\uD800'])('M-62 the body %j is no application', async (body) => {
  const { ask } = await start();
  expect(await ask('POST', APPLICATIONS, body)).toMatchObject({ status: 400, body: { status: 400, details: {} } });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await ask('POST', APPLICATIONS, 'name=x', { headers })).status).toBe(400);
  expect((await ask('GET', APPLICATIONS)).body).toEqual([]);
});

test('M-63 who only reads cannot write', async () => {
  const { ask, login } = await start({ applications: [{ id: 1, name: 'a' }] });
  const token = await login('viewer');
  expect((await ask('GET', `${AT}/instances`, undefined, { token })).status).toBe(200);
  for (const [method, path, body] of [
    ['POST', APPLICATIONS, { name: 'b' }],
    ['POST', `${APPLICATIONS}/1/contracts`, ACCESS],
    ['PATCH', `${APPLICATIONS}/1`, { name: 'b' }],
    ['DELETE', `${APPLICATIONS}/1`, undefined],
  ] as const) {
    const answer = await ask(method, path, body, { token });
    expect([path, answer.status, answer.body]).toEqual([path, 403, UNAUTHORIZED(403)]);
  }
});

describe('what roles open', () => {
  const READS = `${MANAGED}/contracts`;
  const cases = [
    ['requester', [403, 403, 403, 403]],
    ['viewer', [403, 403, 403, 403]],
    ['auditor', [200, 403, 200, 403]],
    ['approver', [200, 204, 200, 403]],
    ['owner', [200, 204, 200, 201]],
    ['grouper', [403, 403, 200, 201]],
  ] as const;
  test.each(cases)('%s: contracts read and deleted, tiers read and written: %j', async (username, expected) => {
    const contracts = [{ id: 9, applicationId: 1, instanceId: 956703, status: 'REVOKED' }];
    const { ask, login } = await start({ applications: [{ id: 1, name: 'a' }], contracts });
    const own = { token: await login(username) };
    const statuses = [
      (await ask('GET', READS, undefined, own)).status,
      (await ask('DELETE', `${READS}/9`, undefined, own)).status,
      (await ask('GET', `${MANAGED}/tiers`, undefined, own)).status,
      (await ask('POST', `${MANAGED}/tiers`, { name: 'x', status: 'ACTIVE' }, own)).status,
    ];
    expect(statuses).toEqual(expected);
  });

  test('a group’s administrator decides about its contracts, and about no API’s', async () => {
    const { ask, login } = await start({ ...GROUP, applications: [{ id: 1, name: 'a' }] });
    const own = { token: await login('grouper') };
    const at = `${MANAGER}/groupInstances/24608/contracts`;
    const { body } = await ask('POST', at, { applicationId: 1 }, own);
    expect((await ask('PATCH', `${at}/${body.id}`, { status: 'REVOKED' }, own)).body.status).toBe('REVOKED');
    expect((await ask('POST', `${MANAGED}/contracts`, { applicationId: 1 }, own)).status).toBe(403);
  });

  test('a token may be let in with some of them', async () => {
    const { ask } = await start({ tiers: [TIER] });
    const roles = (await ask('GET', '/accounts/api/users/me')).body.id;
    const path = `/accounts/api/organizations/${ORGANIZATION}/users/${roles}/roles`;
    const { body } = await ask('GET', path);
    expect(body.data.map(({ name }: { name: string }) => name)).toContain('Organization Administrator');
  });
});

test('a name and a password give a token for an hour, at both paths', async () => {
  const { ask, at } = await start();
  for (const path of ['/accounts/login', '/accounts/api/login']) {
    const { status, body } = await ask('POST', path, { username: 'requester', password: 'requester' }, { token: '' });
    expect([status, body]).toEqual([
      200,
      { access_token: expect.any(String), token_type: 'bearer', redirectUrl: '/home' },
    ]);
    const token = body.access_token;
    expect((await ask('GET', '/accounts/api/users/me', undefined, { token })).body.username).toBe('requester');
  }
  const { body } = await ask('POST', '/accounts/login', { username: 'requester', password: 'requester' });
  at('2026-05-01T10:59:59.999Z');
  expect((await ask('GET', APPLICATIONS, undefined, { token: body.access_token })).status).toBe(200);
  at('2026-05-01T11:00:00.000Z');
  expect((await ask('GET', APPLICATIONS, undefined, { token: body.access_token })).body).toEqual(UNAUTHORIZED(401));
});

test('wrong names and passwords give none', async () => {
  const { ask } = await start({ connected_apps: [{ id: 'robot', secret: 's' }] });
  for (const body of [
    { username: 'requester', password: 'owner' },
    { username: 'nobody', password: 'nobody' },
    { username: '~~~Client~~~', password: 'robot~?~wrong' },
    { username: '~~~Client~~~', password: 's' },
  ]) {
    expect(await ask('POST', '/accounts/login', body)).toEqual({ status: 401, body: UNAUTHORIZED(401) });
  }
  expect((await ask('POST', '/accounts/login', { username: 'requester' })).status).toBe(400);
});

test('a connected app gets a token by JSON and by a form, and may be written as a user', async () => {
  const { ask, harness } = await start({ connected_apps: [{ id: 'robot', name: 'Robot', secret: 's~?~:' }] });
  const asked = { grant_type: 'client_credentials', client_id: 'robot', client_secret: 's~?~:' };
  const path = '/accounts/api/v2/oauth2/token';
  const json = await ask('POST', path, asked);
  expect(json).toEqual({
    status: 200,
    body: { access_token: expect.any(String), expires_in: 3600, token_type: 'bearer' },
  });
  const form = await fetch(`${harness.url}${path}`, { method: 'POST', body: new URLSearchParams(asked) });
  expect(form.status).toBe(200);
  expect((await ask('POST', path, { ...asked, client_secret: 'x' })).status).toBe(401);
  expect((await ask('POST', path, { ...asked, grant_type: 'password' })).status).toBe(400);

  const { body } = await ask('GET', '/accounts/api/me', undefined, { token: json.body.access_token });
  expect(body).toEqual({ client: { client_id: 'robot', name: 'Robot', org_id: ORGANIZATION } });
  const basic = Buffer.from('~~~Client~~~:robot~?~s~?~:').toString('base64');
  const asUser = await ask('GET', '/accounts/api/users/me', undefined, {
    headers: { authorization: `Basic ${basic}` },
  });
  expect(asUser.body).toMatchObject({ id: 'robot', username: 'Robot', organizationId: ORGANIZATION });
  const password = 'robot~?~s~?~:';
  expect((await ask('POST', '/accounts/login', { username: '~~~Client~~~', password })).status).toBe(200);
});

test('who calls is reported with the organisations of the tree, twice', async () => {
  const organizations = [
    { id: OTHER, name: 'Sales', rootId: ORGANIZATION },
    { id: '0', name: 'Strangers' },
  ];
  const { ask, login } = await start({ organizations });
  const own = { token: await login('requester') };
  const { body } = await ask('GET', '/accounts/api/users/me', undefined, own);
  const { user, ...top } = body;
  expect(user).toEqual(top);
  expect(top).toMatchObject({
    username: 'requester',
    organizationPreferences: {},
    memberOfOrganizations: [
      { id: ORGANIZATION, name: 'Harness', isRoot: true },
      { id: OTHER, name: 'Sales', isRoot: false },
    ],
  });
  expect((await ask('GET', '/accounts/api/me', undefined, own)).body).toEqual({ user });
});

test('environments are reported, of one’s own organisations', async () => {
  const environments = [{ id: 'live', name: 'Live', type: 'production' }];
  const { ask } = await start({ environments, organizations: [{ id: OTHER }] });
  const at = `/accounts/api/organizations/${ORGANIZATION}/environments`;
  const live = {
    id: 'live',
    name: 'Live',
    isProduction: true,
    type: 'production',
    organizationId: ORGANIZATION,
    clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
  };
  const { body } = await ask('GET', at);
  expect(body).toMatchObject({ total: 2, data: [{ id: SANDBOX, name: 'Sandbox', isProduction: false }, live] });
  expect((await ask('GET', `${at}/live`)).body).toEqual(live);
  expect((await ask('GET', `${at}/x`)).status).toBe(404);
  expect((await ask('GET', at.replace(ORGANIZATION, OTHER))).body).toEqual(UNAUTHORIZED(403));
});

test('paths that are not there are refused in Exchange’s shape', async () => {
  const { ask } = await start();
  for (const path of [
    '/exchange/api/v2/nothing',
    '/accounts/x',
    '/apimanager/x',
    '/apiplatform/x',
    '/exchange/api/v1/x',
  ]) {
    const { status, body } = await ask('GET', path);
    expect([path, status, body]).toEqual([path, 404, { status: 404, message: 'Not Found', details: {} }]);
  }
});
