import { expect, test } from 'vitest';
import { BAD_REQUEST, BASE, CONNECTED, JIRA, NOT_FOUND, recipeWith, start } from './customer.ts';

const DISCONNECTED = { result: { success: true, status: 'disconnected' } };
const DELETED = { result: { success: true, status: 'deleted' } };
const KEPT = { success: false, status: 'rejected', message: "You can't delete a connection used by active recipes" };
const STILL = {
  success: false,
  status: 'rejected',
  message: "You can't disconnect a connection used by active recipes",
};

const connected = { id: 1678, name: 'c', provider: 'jira', ...CONNECTED };
const used = { connections: [connected], recipes: [recipeWith(1678, 'jira')] };

test('W-50 a connected connection is disconnected', async () => {
  const { ask, connections } = await start({}, { connections: [{ ...connected, identity: 'me' }] });
  const { status, body } = await ask('POST', `${BASE}/1678/disconnect`);
  expect([status, body]).toEqual([200, DISCONNECTED]);
  const none = { authorized_at: null, authorization_status: null, identity: null, connection_lost_at: null };
  expect((await connections())[0]).toMatchObject(none);
});

test('W-50 disconnecting forgets the credentials, and keeps the other parameters', async () => {
  const { ask } = await start();
  const made = await ask('POST', BASE, { provider: 'jira', input: { ...JIRA, apitoken: 'x' } });
  await ask('POST', `${BASE}/${made.body.id}/disconnect`);
  const put = async (input: object) => (await ask('PUT', `${BASE}/${made.body.id}`, { input })).body;
  expect((await put({})).authorization_error).toBe("API token can't be blank");
  expect((await put({ apitoken: 'y' })).authorization_status).toBe('success');
});

test('W-51 one that is disconnected already stays as it is', async () => {
  const failed = { id: 2, authorization_status: 'failed', authorization_error: 'no' };
  const { ask, connections, at } = await start({}, { connections: [{ id: 1 }, failed], recipes: [recipeWith(1, 'x')] });
  const before = await connections();
  at('2027-01-01T00:00:00.000Z');
  for (const id of [1, 2]) {
    const { status, body } = await ask('POST', `${BASE}/${id}/disconnect`);
    expect([status, body]).toEqual([200, DISCONNECTED]);
  }
  expect(await connections()).toEqual(before);
});

test('W-52 an unknown connection is not found', async () => {
  const { ask } = await start();
  const { status, body } = await ask('POST', `${BASE}/1678/disconnect?force=true`);
  expect([status, body]).toEqual([404, NOT_FOUND]);
});

test('W-53 force stands in the query; a body is not looked at', async () => {
  const { ask, connections } = await start({}, used);
  expect((await ask('POST', `${BASE}/1678/disconnect`, { force: true })).body).toEqual(STILL);
  expect((await connections())[0]).toMatchObject(CONNECTED);
  expect((await ask('POST', `${BASE}/1678/disconnect?force=true`, 'no json')).body).toEqual(DISCONNECTED);
});

test('W-54 one that an active recipe uses is not disconnected unasked', async () => {
  const { ask, connections } = await start({}, used);
  const before = await connections();
  const { status, body } = await ask('POST', `${BASE}/1678/disconnect`);
  expect([status, body]).toEqual([400, STILL]);
  expect(await connections()).toEqual(before);
});

test('W-55 force disconnects it, and the recipe goes on', async () => {
  const { ask, connections } = await start({}, used);
  const { status, body } = await ask('POST', `${BASE}/1678/disconnect?force=true`);
  expect([status, body]).toEqual([200, DISCONNECTED]);
  expect((await connections())[0].authorization_status).toBeNull();
  const recipes = await ask('GET', '/api/managed_users/98178/recipes');
  expect(recipes.body.result).toMatchObject([{ id: 900, running: true, config: [{ account_id: 1678 }] }]);
});

test('W-56 force is true in whatever case, and nothing else', async () => {
  const { ask } = await start({}, used);
  for (const force of ['false', '1', 'yes', '']) {
    expect([force, (await ask('POST', `${BASE}/1678/disconnect?force=${force}`)).body]).toEqual([force, STILL]);
  }
  expect((await ask('POST', `${BASE}/1678/disconnect?force=TRUE`)).body).toEqual(DISCONNECTED);
});

test('W-60 active and disconnected connections are deleted', async () => {
  const { ask, connections } = await start({}, { connections: [connected, { id: 2 }] });
  for (const id of [1678, 2]) {
    const { status, body } = await ask('DELETE', `${BASE}/${id}`);
    expect([status, body]).toEqual([200, DELETED]);
  }
  expect(await connections()).toEqual([]);
});

test('W-60 the children of a deleted parent stay, without a parent', async () => {
  const children = [{ id: 2, provider: 'jira', parent_id: 1678 }];
  const { ask, connections } = await start({}, { connections: [connected, ...children] });
  await ask('DELETE', `${BASE}/1678`);
  expect(await connections()).toMatchObject([{ id: 2, parent_id: null }]);
});

test('W-61 one that an active recipe uses is not deleted: the rejection is not wrapped', async () => {
  const { ask, connections } = await start({}, used);
  const { body } = await ask('DELETE', `${BASE}/1678`);
  expect(body).toEqual(KEPT);
  expect(await connections()).toHaveLength(1);
});

test('W-62 the status of a rejection is 400, and can be set', async () => {
  const { ask, seed } = await start({}, used);
  expect((await ask('DELETE', `${BASE}/1678`)).status).toBe(400);
  for (const rejected_status of [409, 422]) {
    await seed({ settings: { rejected_status } });
    const { status, body } = await ask('DELETE', `${BASE}/1678`);
    expect([status, body]).toEqual([rejected_status, KEPT]);
    expect((await ask('POST', `${BASE}/1678/disconnect`)).status).toBe(rejected_status);
  }
});

test('W-63 an unknown connection, and one that is deleted already, is not found', async () => {
  const { ask } = await start({}, { connections: [connected] });
  await ask('DELETE', `${BASE}/1678`);
  for (const id of [1678, 1]) {
    const { status, body } = await ask('DELETE', `${BASE}/${id}`);
    expect([status, body]).toEqual([404, NOT_FOUND]);
  }
});

test('W-64 force is nothing to deleting', async () => {
  const { ask } = await start({}, used);
  expect((await ask('DELETE', `${BASE}/1678?force=true`)).body).toEqual(KEPT);
});

test('W-65 once the recipe is stopped, it is deleted', async () => {
  const { ask } = await start({}, { connections: [connected] });
  const recipes = '/api/managed_users/98178/recipes';
  const config = [{ keyword: 'application', provider: 'jira', account_id: 1678 }];
  const made = await ask('POST', recipes, { recipe: { name: 'Sync', config: JSON.stringify(config) } });
  expect(made.body).toEqual({ success: true, id: expect.any(Number) });
  expect((await ask('PUT', `${recipes}/${made.body.id}/start`)).body).toEqual({ success: true });
  expect((await ask('DELETE', `${BASE}/1678`)).body).toEqual(KEPT);
  expect((await ask('PUT', `${recipes}/${made.body.id}/stop`)).body).toEqual({ success: true });
  expect((await ask('DELETE', `${BASE}/1678`)).body).toEqual(DELETED);
});

test('W-66 an active connection need not be disconnected before it is deleted', async () => {
  const { ask } = await start({}, { connections: [connected] });
  expect((await ask('DELETE', `${BASE}/1678`)).body).toEqual(DELETED);
});

test('an id is never given twice', async () => {
  const { ask } = await start({}, { connections: [{ id: 2 }] });
  const create = async () => (await ask('POST', BASE, {})).body.id;
  expect([await create(), await create()]).toEqual([1, 3]);
  await ask('DELETE', `${BASE}/3`);
  expect(await create()).toBe(4);
});

const FIVE = [
  ['GET', BASE, undefined],
  ['POST', BASE, { name: 'x', provider: 'jira' }],
  ['PUT', `${BASE}/1678`, { name: 'x' }],
  ['POST', `${BASE}/1678/disconnect?force=true`, undefined],
  ['DELETE', `${BASE}/1678`, undefined],
] as const;

test.each(FIVE)(
  'W-70 %s %s without a token, or with a wrong one: 401, and nothing changed',
  async (method, path, body) => {
    const { ask, connections } = await start({}, { connections: [connected] });
    const before = await connections();
    for (const authorization of ['', 'Bearer nobody', 'Bearer', 'Basic eDp5']) {
      const answer = await ask(method, path, body, { headers: { authorization } });
      expect([answer.status, answer.body]).toEqual([401, { message: 'Unauthorized' }]);
    }
    expect(await connections()).toEqual(before);
  },
);

test.each(FIVE)(
  'W-70 %s %s without the privilege, or of another vendor: refused, and nothing changed',
  async (method, path, body) => {
    const { ask, seed, connections } = await start({}, { connections: [connected] });
    await seed({
      tokens: [
        { token: 'plain', privileges: [] },
        { token: 'other', workspace: 2 },
      ],
    });
    const before = await connections();
    const plain = await ask(method, path, body, { token: 'plain' });
    expect([plain.status, plain.body]).toEqual([403, { message: 'Forbidden' }]);
    const other = await ask(method, path, body, { token: 'other' });
    expect([other.status, other.body]).toEqual([404, NOT_FOUND]);
    expect(await connections()).toEqual(before);
  },
);

test('W-70 the older headers and query let a token in as well', async () => {
  const { ask, harness } = await start();
  const headers = { authorization: '', 'x-user-email': 'a@b.example', 'x-user-token': harness.token };
  expect((await ask('GET', BASE, undefined, { headers })).status).toBe(200);
  const query = `user_email=a%40b.example&user_token=${harness.token}`;
  expect((await ask('GET', `${BASE}?${query}`, undefined, { headers: { authorization: '' } })).status).toBe(200);
});

test('W-71 bodies that are malformed are refused, and change nothing', async () => {
  const { ask, connections } = await start({}, { connections: [connected] });
  const before = await connections();
  const bodies = [
    '{"name":',
    '[]',
    '"x"',
    'null',
    '{"name":5}',
    '{"input":"x"}',
    '{"folder_id":"a"}',
    '{"name":""}',
    '\uD800',
  ];
  for (const [method, path] of [['POST', BASE] as const, ['PUT', `${BASE}/1678`] as const]) {
    for (const body of [...bodies, '{"parent_id":-1}', '{"folder_id":1.5}', '{"external_id":5}']) {
      const answer = await ask(method, path, body);
      expect([body, answer.status, typeof answer.body.message]).toEqual([body, 400, 'string']);
    }
    const form = await ask(method, path, 'name=x', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([form.status, form.body]).toEqual([400, BAD_REQUEST]);
    const large = await ask(method, path, { name: 'x'.repeat(1_100_000) });
    expect([large.status, large.body]).toEqual([400, BAD_REQUEST]);
  }
  expect(await connections()).toEqual(before);
});

test('W-72 beyond the limit: 429, until the next minute', async () => {
  const { ask, at } = await start({ rateLimits: true }, { connections: [connected] });
  at('2026-05-01T10:00:15.000Z');
  for (let index = 0; index < 60; index++) expect((await ask('PUT', `${BASE}/1678`, {})).status).toBe(200);
  const { status, headers, body } = await ask('POST', BASE, {});
  expect([status, headers.get('retry-after'), body]).toEqual([429, '45', { message: 'Too many requests' }]);
  expect((await ask('GET', BASE)).body.result).toHaveLength(1);
  at('2026-05-01T10:01:00.000Z');
  expect((await ask('POST', BASE, {})).status).toBe(200);
});

test('W-73 unknown paths and methods are not found; there is no reading of one connection', async () => {
  const { ask } = await start({}, { connections: [connected] });
  for (const [method, path] of [
    ['GET', `${BASE}/1678`],
    ['PATCH', `${BASE}/1678`],
    ['GET', '/api/managed_users/98178/nothing'],
    ['GET', '/api/v2/managed_users/98178/nothing'],
    ['GET', '/api/connections/1/nothing'],
    ['GET', '/api/recipes/1'],
    ['GET', '/api/managed_users/%E0%A4%A/connections'],
  ] as const) {
    const { status, body } = await ask(method, path);
    expect([path, status, body]).toEqual([path, 404, NOT_FOUND]);
  }
});
