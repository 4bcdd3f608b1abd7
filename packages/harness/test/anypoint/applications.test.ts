import { expect, test } from 'vitest';
import { ACCESS, APPLICATIONS, GROUP, ORGANIZATION, OTHER, refusal, start, TIER, UNAUTHORIZED } from './exchange.ts';

const NEW = {
  name: 'new-application',
  description: 'description',
  url: 'http://app-url.com',
  redirectUri: ['http://oauth-2.0-app-url.com'],
  grantTypes: [],
  apiEndpoints: false,
};

test('M-10 an application is created', async () => {
  const { ask } = await start();
  expect((await ask('POST', `${APPLICATIONS}?apiInstanceId=956703`, NEW)).status).toBe(201);
  expect((await ask('POST', APPLICATIONS, { name: 'bare' })).status).toBe(201);
});

test('M-11 what was asked for is answered, with credentials, and nothing of apiEndpoints', async () => {
  const { ask } = await start();
  const { body } = await ask('POST', APPLICATIONS, NEW);
  const { apiEndpoints: _, ...echoed } = NEW;
  expect(body).toEqual({
    ...echoed,
    id: expect.any(Number),
    clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
    clientSecret: expect.stringMatching(/^[0-9a-fA-F]{32}$/),
    masterOrganizationId: ORGANIZATION,
    clientProvider: { providerId: null },
  });
  const { body: other } = await ask('POST', APPLICATIONS, { name: 'other' });
  expect(other).toMatchObject({ description: null, url: null, redirectUri: [], grantTypes: [] });
  expect([other.id, other.clientId, other.clientSecret]).not.toContain(body.id);
  expect(new Set([body.clientId, body.clientSecret, other.clientId, other.clientSecret]).size).toBe(4);
});

test.each([true, false, 'true', 'false'])('M-12 apiEndpoints may be %j', async (apiEndpoints) => {
  const { ask } = await start();
  expect((await ask('POST', APPLICATIONS, { ...NEW, apiEndpoints })).status).toBe(201);
});

test.each(['yes', 1, null])('M-12 apiEndpoints may not be %j', async (apiEndpoints) => {
  const { ask } = await start();
  expect(await ask('POST', APPLICATIONS, { ...NEW, apiEndpoints })).toEqual(refusal(400));
});

test('M-13 the five grant types are taken, others are not', async () => {
  const { ask } = await start();
  const grantTypes = ['password', 'implicit', 'client_credentials', 'authorization_code', 'refresh_token'];
  expect((await ask('POST', APPLICATIONS, { ...NEW, grantTypes })).body.grantTypes).toEqual(grantTypes);
  for (const wrong of [['magic'], 'password', [1]]) {
    expect(await ask('POST', APPLICATIONS, { name: 'x', grantTypes: wrong })).toEqual(refusal(400));
  }
});

test('M-14 an application can be made for a group', async () => {
  const { ask } = await start(GROUP);
  for (const name of ['apiGroupInstanceId', 'groupInstanceId']) {
    expect((await ask('POST', `${APPLICATIONS}?${name}=24608`, { name })).status).toBe(201);
    expect(await ask('POST', `${APPLICATIONS}?${name}=1`, { name: 'x' })).toEqual(refusal(400));
  }
  expect(await ask('POST', `${APPLICATIONS}?apiInstanceId=24608`, { name: 'x' })).toEqual(refusal(400));
});

test('M-15 a federated organisation wants to know for which instance, and gives its environment’s provider', async () => {
  const federated = [{ id: ORGANIZATION, name: 'Acme', federated: true }];
  const environments = [{ id: 'live', name: 'Live', providerId: 'p1' }];
  const instances = [...GROUP.instances, { id: 5, assetId: 'connected-raml', environmentId: 'live' }];
  const { ask } = await start({ ...GROUP, organizations: federated, environments, instances });
  const words = 'A target apiInstanceId or groupInstanceId is required';
  expect(await ask('POST', APPLICATIONS, NEW)).toEqual(refusal(400, words));
  expect((await ask('GET', APPLICATIONS)).body).toEqual([]);
  const made = await ask('POST', `${APPLICATIONS}?apiInstanceId=5`, NEW);
  expect([made.status, made.body.clientProvider]).toEqual([201, { providerId: 'p1' }]);
});

test('M-16 an application has a name', async () => {
  const { ask } = await start();
  for (const body of [{ description: 'x' }, { name: '' }, { name: 5 }, { name: null }]) {
    expect(await ask('POST', APPLICATIONS, body)).toEqual(refusal(400));
  }
});

test('M-17 and no other application of the organisation has it', async () => {
  const { ask, login } = await start();
  await ask('POST', APPLICATIONS, NEW);
  expect(await ask('POST', APPLICATIONS, NEW)).toEqual(refusal(409, /new-application/));
  const token = await login('requester');
  expect((await ask('POST', APPLICATIONS, NEW, { token })).status).toBe(409);
  expect((await ask('POST', APPLICATIONS, { name: 'New-Application' }, { token })).status).toBe(201);
});

test('M-18 one’s own applications are listed, without their secrets', async () => {
  const { ask, login } = await start();
  const token = await login('requester');
  const { body: made } = await ask('POST', APPLICATIONS, NEW, { token });
  await ask('POST', APPLICATIONS, { name: 'another’s' });
  const { status, body } = await ask('GET', APPLICATIONS, undefined, { token });
  expect([status, body]).toEqual([
    200,
    [
      {
        id: made.id,
        name: 'new-application',
        description: 'description',
        url: 'http://app-url.com',
        masterOrganizationId: ORGANIZATION,
        clientProvider: { providerId: null },
      },
    ],
  ]);
});

test('M-18 a connected app has applications of its own', async () => {
  const { ask } = await start({ connected_apps: [{ id: 'robot', secret: 's' }] });
  const { body } = await ask('POST', '/accounts/api/v2/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: 'robot',
    client_secret: 's',
  });
  const token = body.access_token;
  await ask('POST', APPLICATIONS, { name: 'its own' }, { token });
  await ask('POST', APPLICATIONS, { name: 'ours' });
  const list = await ask('GET', APPLICATIONS, undefined, { token });
  expect(list.body.map(({ name }: { name: string }) => name)).toEqual(['its own']);
});

test('M-19 the list is filtered, ordered and paged', async () => {
  const applications = [
    { id: 1, name: 'Shop', providerId: 'p1' },
    { id: 2, name: 'shopping' },
    { id: 3, name: 'Till' },
  ];
  const environments = [{ id: 'live', name: 'Live', providerId: 'p1' }];
  const instances = [...GROUP.instances, { id: 5, assetId: 'connected-raml', environmentId: 'live' }];
  const { ask } = await start({ ...GROUP, applications, environments, instances });
  const ids = async (query: string) =>
    (await ask('GET', `${APPLICATIONS}?${query}`)).body.map(({ id }: { id: number }) => id);
  expect(await ids('query=SHOP')).toEqual([1, 2]);
  expect(await ids('query=Shop&literalMatch=true')).toEqual([1]);
  expect(await ids('apiInstanceId=5')).toEqual([1]);
  expect(await ids('apiInstanceId=956703')).toEqual([2, 3]);
  expect(await ids('groupInstanceId=24608')).toEqual([2, 3]);
  expect(await ids('sort=name&ascending=false')).toEqual([2, 3, 1]);
  expect(await ids('limit=1&offset=1')).toEqual([2]);
  expect(await ids('limit=0')).toEqual([]);
  for (const wrong of ['limit=251', 'limit=-1', 'offset=x', 'apiInstanceId=99', 'ascending=maybe']) {
    expect([wrong, (await ask('GET', `${APPLICATIONS}?${wrong}`)).status]).toEqual([wrong, 400]);
  }
});

test('M-19 with an instance named, applications tell their contract with it', async () => {
  const applications = [
    { id: 1, name: 'with' },
    { id: 2, name: 'without' },
  ];
  const { ask } = await start({ tiers: [TIER], applications });
  await ask('POST', `${APPLICATIONS}/1/contracts`, { ...ACCESS, requestedTierId: 171457 });
  const { body } = await ask('GET', `${APPLICATIONS}?includeContractsForApiVersion=956703`);
  expect(body[0].contract).toMatchObject({ id: 1, status: 'APPROVED', tier: { name: 'new SLA' } });
  expect(body[1]).not.toHaveProperty('contract');
  expect((await ask('GET', APPLICATIONS)).body[0]).not.toHaveProperty('contract');
});

test('an application is told to who created it, changed, and deleted with its contracts', async () => {
  const { ask, login } = await start({ tiers: [TIER] });
  const token = await login('requester');
  const own = { token };
  const { body: made } = await ask('POST', APPLICATIONS, NEW, own);
  const at = `${APPLICATIONS}/${made.id}`;
  expect((await ask('GET', at, undefined, own)).body).toEqual(made);
  const changed = await ask('PATCH', at, { name: 'renamed', url: null, grantTypes: ['password'] }, own);
  const expected = { ...made, name: 'renamed', url: null, grantTypes: ['password'] };
  expect([changed.status, changed.body]).toEqual([200, expected]);
  expect((await ask('GET', at, undefined, own)).body).toEqual(expected);
  expect((await ask('POST', APPLICATIONS, NEW, own)).status, 'the name is free again').toBe(201);
  expect((await ask('PATCH', at, { name: 'new-application' }, own)).status).toBe(409);

  await ask('POST', `${at}/contracts`, { ...ACCESS, requestedTierId: 171457 }, own);
  const managed = `/apimanager/api/v1/organizations/${ORGANIZATION}/environments/fa07c403-3655-4e6b-8ea1-4888cc2775c1/apis/956703/contracts`;
  expect((await ask('GET', managed)).body.total).toBe(1);
  const gone = await ask('DELETE', at, undefined, own);
  expect([gone.status, gone.body]).toEqual([204, '']);
  expect((await ask('GET', at, undefined, own)).status).toBe(404);
  expect((await ask('GET', managed)).body).toEqual({ total: 0, contracts: [] });
});

test('applications are seeded as those of users and of connected apps', async () => {
  const connected_apps = [{ id: 'robot', secret: 's' }];
  const applications = [
    { id: 1, name: 'a', owner: 'requester' },
    { id: 2, name: 'b', owner: 'robot' },
    { id: 3, name: 'c' },
  ];
  const { ask, login } = await start({ connected_apps, applications });
  const ids = async (token?: string) =>
    (await ask('GET', APPLICATIONS, undefined, token === undefined ? {} : { token })).body.map(
      ({ id }: { id: number }) => id,
    );
  expect(await ids(await login('requester'))).toEqual([1]);
  expect(await ids(await login('~~~Client~~~', 'robot~?~s'))).toEqual([2]);
  expect(await ids()).toEqual([3]);
});

test('its secret can be made anew; it is reported where the application is', async () => {
  const { ask } = await start();
  const { body: made } = await ask('POST', APPLICATIONS, NEW);
  const reset = await ask('POST', `${APPLICATIONS}/${made.id}/secret/reset`);
  expect([reset.status, reset.body]).toEqual([201, '']);
  const { body } = await ask('GET', `${APPLICATIONS}/${made.id}`);
  expect(body).toEqual({ ...made, clientSecret: expect.stringMatching(/^[0-9a-fA-F]{32}$/) });
  expect(body.clientSecret).not.toBe(made.clientSecret);
});

test('others’ applications, and those of other organisations, are theirs', async () => {
  const { ask, login } = await start({ organizations: [{ id: OTHER }], applications: [{ id: 1, name: 'mine' }] });
  const token = await login('colleague');
  for (const [method, path, body] of [
    ['GET', '/1', undefined],
    ['PATCH', '/1', { name: 'theirs' }],
    ['DELETE', '/1', undefined],
    ['POST', '/1/secret/reset', undefined],
    ['GET', '/1/contracts', undefined],
    ['POST', '/1/contracts', ACCESS],
  ] as const) {
    const answer = await ask(method, `${APPLICATIONS}${path}`, body, { token });
    expect([path, answer.status, answer.body]).toEqual([path, 403, UNAUTHORIZED(403)]);
    expect((await ask(method, `${APPLICATIONS}${path.replace('1', '9')}`, body, { token })).status).toBe(404);
  }
  expect((await ask('GET', APPLICATIONS.replace(ORGANIZATION, OTHER))).body).toEqual(UNAUTHORIZED(403));
  expect((await ask('GET', `${APPLICATIONS}/1`)).body.name).toBe('mine');
});
