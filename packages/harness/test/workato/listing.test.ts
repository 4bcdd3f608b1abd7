import { expect, test } from 'vitest';
import { BASE, CONNECTED, JIRA, NOT_FOUND, start } from './customer.ts';

const ids = (body: { result: { id: number }[] }) => body.result.map(({ id }) => id);
const one = { connections: [{ id: 36, name: 'One', provider: 'jira' }] };

test('W-01 a customer is found by its id', async () => {
  const { ask } = await start({}, one);
  expect(ids((await ask('GET', BASE)).body)).toEqual([36]);
});

test('W-02 a customer is found by its external id with an E before it', async () => {
  const { ask } = await start({}, one);
  expect(ids((await ask('GET', '/api/managed_users/EA2300/connections')).body)).toEqual([36]);
});

test('W-03 an external id with reserved characters is URL encoded, and decoded once', async () => {
  const { ask, seed } = await start();
  const awkward = ['acme/eu 1', '50%25', 'a?b#c', 'ü+&'];
  const managed_users = awkward.map((external_id, index) => ({
    id: index + 1,
    external_id,
    connections: [{ id: index + 100 }],
  }));
  await seed({ managed_users });
  expect((await ask('GET', '/api/managed_users/Eacme%2Feu%201/connections')).body.result).toHaveLength(1);
  for (const [index, each] of awkward.entries()) {
    const { body } = await ask('GET', `/api/managed_users/${encodeURIComponent(`E${each}`)}/connections`);
    expect(ids(body), each).toEqual([index + 100]);
  }
});

test('W-04 exactly one E is taken away', async () => {
  const { ask, seed } = await start();
  await seed({
    managed_users: [
      { id: 1, external_id: 'E77', connections: [{ id: 5 }] },
      { id: 2, external_id: '77' },
    ],
  });
  expect(ids((await ask('GET', '/api/managed_users/EE77/connections')).body)).toEqual([5]);
  expect(ids((await ask('GET', '/api/managed_users/E77/connections')).body)).toEqual([]);
});

test('W-05 an external id without E, unknown ids and unknown external ids are not found', async () => {
  const { ask } = await start();
  for (const user of ['A2300', '98179', '098178', '98178.0', 'EB', 'E', 'E98178', 'eA2300', '-1', '1e3', '__proto__']) {
    const { status, body } = await ask('GET', `/api/managed_users/${user}/connections`);
    expect([user, status, body]).toEqual([user, 404, NOT_FOUND]);
  }
});

test('W-06 another customer’s connection is not found, and stays as it is', async () => {
  const { ask, seed, connections } = await start({}, one);
  await seed({ managed_users: [{ id: 7 }] });
  const before = await connections();
  for (const [method, path, body] of [
    ['PUT', '/36', { name: 'Taken' }],
    ['POST', '/36/disconnect', undefined],
    ['DELETE', '/36', undefined],
    ['GET', '/36/input_schema', undefined],
  ] as const) {
    const answer = await ask(method, `/api/managed_users/7/connections${path}`, body);
    expect([answer.status, answer.body]).toEqual([404, NOT_FOUND]);
  }
  expect(await connections()).toEqual(before);
});

test('W-10 a list is wrapped; the Developer API’s twin answers it bare', async () => {
  const { ask } = await start();
  expect((await ask('GET', BASE)).body).toEqual({ result: [] });
  const twin = await ask('GET', '/api/connections');
  expect([twin.status, twin.body]).toEqual([200, []]);
});

test('W-11 an item has fourteen keys, in the sample’s order', async () => {
  const { ask } = await start({}, one);
  const { body } = await ask('GET', BASE);
  expect(Object.keys(body.result[0])).toEqual([
    'id',
    'name',
    'provider',
    'authorized_at',
    'authorization_status',
    'authorization_error',
    'created_at',
    'updated_at',
    'external_id',
    'folder_id',
    'identity',
    'connection_lost_at',
    'connection_lost_reason',
    'parent_id',
  ]);
});

const tagged = {
  tags: [{ handle: 'tag-ANgeffPL-3gxQwA' }],
  connections: [{ id: 1, tags: ['tag-ANgeffPL-3gxQwA'] }, { id: 2 }],
};

test('W-12 includes[]=tags adds handles, null where there never was one and an empty list where they were taken off', async () => {
  const { ask } = await start({}, tagged);
  const tags = async () =>
    (await ask('GET', `${BASE}?includes[]=tags`)).body.result.map((each: { tags: unknown }) => each.tags);
  expect(await tags()).toEqual([['tag-ANgeffPL-3gxQwA'], null]);
  const assign = (body: object) => ask('POST', '/api/v2/managed_users/98178/tags_assignments', body);
  const assigned = await assign({ remove_tags: ['tag-ANgeffPL-3gxQwA'], connection_ids: [1, 2] });
  expect([assigned.status, assigned.body]).toEqual([200, '']);
  expect(await tags()).toEqual([[], null]);
  const tag = await ask('POST', '/api/v2/managed_users/98178/tags', { title: 'Finance' });
  expect(tag.body.handle).toMatch(/^tag-\w{8}-\w{6}$/);
  await assign({ add_tags: [tag.body.handle], connection_ids: [2] });
  expect(await tags()).toEqual([[], [tag.body.handle]]);
});

test('W-13 encoded and repeated includes are read alike, unknown ones are ignored', async () => {
  const { ask } = await start({}, tagged);
  const expected = (await ask('GET', `${BASE}?includes[]=tags`)).body;
  for (const query of [
    'includes%5B%5D=tags',
    'includes[]=tags&includes[]=x',
    'includes[]=x&includes%5B%5D=tags',
    'includes[0]=tags',
    'includes=tags',
  ]) {
    expect([query, (await ask('GET', `${BASE}?${query}`)).body]).toEqual([query, expected]);
  }
  const { body } = await ask('GET', `${BASE}?includes[]=x`);
  expect(body.result[0]).not.toHaveProperty('tags');
});

const many = {
  folders: [{ id: 4600 }, { id: 4601, parent_id: 4600 }, { id: 4602, parent_id: 4601 }],
  connections: [
    { id: 22316, provider: 'salesforce', external_id: 'U1' },
    { id: 36, provider: 'salesforce', external_id: 'U12904', parent_id: 22316, folder_id: 4600 },
    { id: 37, provider: 'jira', external_id: 'U12904', folder_id: 4601 },
    { id: 38, provider: 'salesforce', external_id: 'u12904', parent_id: 22316, runtime: true, folder_id: 4602 },
  ],
};
const asked = async (query: string) => {
  const { ask } = await start({}, many);
  const { status, body } = await ask('GET', `${BASE}?${query}`);
  return [status, ids(body)];
};

test('W-14 provider: only its connections, none for an unknown one', async () => {
  expect(await asked('provider=salesforce')).toEqual([200, [36, 22316]]);
  expect(await asked('provider=nothing')).toEqual([200, []]);
});

test('W-15 folder_id: a folder’s own connections, a project’s with all below it; compared as a number', async () => {
  expect(await asked('folder_id=4515')).toEqual([200, [22316]]);
  expect(await asked('folder_id=4600')).toEqual([200, [36, 37]]);
  expect(await asked('folder_id=4601')).toEqual([200, [37]]);
  expect(await asked('folder_id=04601')).toEqual([200, [37]]);
  expect(await asked('folder_id=9')).toEqual([200, []]);
  expect(await asked('folder_id=abc')).toEqual([200, []]);
});

test('W-16 parent_id: the children', async () => {
  expect(await asked('parent_id=22316')).toEqual([200, [36]]);
  expect(await asked('parent_id=9')).toEqual([200, []]);
});

test('W-17 external_id: an exact match', async () => {
  expect(await asked('external_id=U12904')).toEqual([200, [36, 37]]);
  expect(await asked('external_id=U1290')).toEqual([200, []]);
});

test('W-18 include_runtime_connections: only the literal "true"', async () => {
  expect(await asked('include_runtime_connections=true')).toEqual([200, [36, 37, 38, 22316]]);
  for (const other of ['false', '1', 'TRUE', '']) {
    expect(await asked(`include_runtime_connections=${other}`)).toEqual([200, [36, 37, 22316]]);
  }
});

test('W-19 filters are combined by AND', async () => {
  expect(await asked('provider=salesforce&external_id=U12904')).toEqual([200, [36]]);
  expect(await asked('provider=jira&parent_id=22316')).toEqual([200, []]);
});

test('W-20 by ascending id, without paging; unknown keys are ignored', async () => {
  expect(await asked('page=2&per_page=1&anything=else')).toEqual([200, [36, 37, 22316]]);
});

const QUICKBOOKS = { id: 51234, name: 'Books', provider: 'quickbooks' };

test('W-21 identity: e-mail and realm id for QuickBooks, otherwise null', async () => {
  const { ask } = await start({}, { connections: [{ ...QUICKBOOKS, ...CONNECTED, identity: 'me@acme.example/1029' }] });
  await ask('POST', BASE, { name: 'J', provider: 'jira', input: { ...JIRA, apitoken: 'x' } });
  const { body } = await ask('GET', BASE);
  expect(body.result.map((each: { identity: unknown }) => each.identity)).toEqual([null, 'me@acme.example/1029']);
});

test('W-22 identity is of the last authorization: disconnecting takes it away', async () => {
  const { ask, connections } = await start({}, { connections: [{ ...QUICKBOOKS, ...CONNECTED, identity: 'a/1' }] });
  await ask('PUT', `${BASE}/51234`, { name: 'Renamed', input: {} });
  expect((await connections())[0]).toMatchObject({ name: 'Renamed', identity: 'a/1' });
  await ask('POST', `${BASE}/51234/disconnect`);
  expect((await connections())[0]).toMatchObject({ identity: null, authorization_status: null });
});

test('W-23 a lost connection is reported over its status, without milliseconds as in the sample; null when healthy', async () => {
  const lost = { connection_lost_at: '2024-06-01T12:00:00Z', connection_lost_reason: 'network_failure' };
  const { connections } = await start(
    {},
    {
      connections: [
        { id: 1, ...CONNECTED, ...lost },
        { id: 2, ...CONNECTED },
      ],
    },
  );
  const [first, second] = await connections();
  expect(first).toMatchObject({ ...CONNECTED, ...lost });
  expect(second).toMatchObject({ ...CONNECTED, connection_lost_at: null, connection_lost_reason: null });
});

test('W-24 ids are numbers, an external id is a text', async () => {
  const { ask, connections } = await start({}, many);
  const body = { provider: 'salesforce', folder_id: '4600', parent_id: '22316', external_id: '128904' };
  const created = await ask('POST', BASE, body);
  expect(created.body).toMatchObject({ folder_id: 4600, parent_id: 22316, external_id: '128904' });
  expect(Number.isInteger(created.body.id)).toBe(true);
  expect(await connections()).toContainEqual(expect.objectContaining(created.body));
});
