import { expect, test } from 'vitest';
import { BAD_REQUEST, BASE, CONNECTED, JIRA, NOT_FOUND, START, start } from './customer.ts';

const SECRET = 'a-token-that-nobody-reads';
const GOOD = { ...JIRA, apitoken: SECRET };
const FLAT = [
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
  'parent_id',
  'connection_lost_at',
  'connection_lost_reason',
];
const CONNECTED_NOW = { authorization_status: 'success', authorized_at: START, authorization_error: null };
const DISCONNECTED = { authorization_status: null, authorized_at: null, authorization_error: null };

test('W-30 a shell is disconnected', async () => {
  const { ask } = await start({}, { folders: [{ id: 1892 }] });
  const body = { name: 'jira_connection', provider: 'jira', folder_id: 1892, external_id: '128904' };
  const { status, body: made } = await ask('POST', BASE, body);
  expect([status, made]).toEqual([200, expect.objectContaining({ ...body, ...DISCONNECTED })]);
});

test('W-31 with credentials that work it is authenticated; others fail, and say so', async () => {
  const { ask, seed } = await start();
  const create = async (input: object) => (await ask('POST', BASE, { provider: 'jira', input })).body;
  expect(await create(GOOD)).toMatchObject(CONNECTED_NOW);
  expect(await create({ ...JIRA, auth_type: 'api_token', apitoken: 'x', api_token_auth: true })).toMatchObject(
    CONNECTED_NOW,
  );
  const failed = { authorized_at: null, authorization_status: 'failed', authorization_error: expect.any(String) };
  expect(await create(JIRA)).toMatchObject(failed);
  expect(await create({ ...JIRA, apitoken: 'invalid-token' })).toMatchObject(failed);
  const raised = { ...failed, authorization_status: 'exception' };
  expect(await create({ ...JIRA, apitoken: 'exception' })).toMatchObject(raised);
  await seed({ credentials: { jira: [{ email: 'me@acme.example', apitoken: 'the-only-one' }] } });
  expect(await create(GOOD)).toMatchObject(failed);
  expect(await create({ ...JIRA, apitoken: 'the-only-one' })).toMatchObject(CONNECTED_NOW);
});

test('W-31 a provider that wants consent is not authenticated by parameters', async () => {
  const { ask } = await start();
  const input = { advanced_settings: { scopes: 'all' } };
  expect((await ask('POST', BASE, { provider: 'outreach', input })).body).toMatchObject(DISCONNECTED);
});

test('W-31 shell_connection: parameters are stored, and not tested', async () => {
  const { ask } = await start();
  const body = { provider: 'jira', input: { ...JIRA, apitoken: 'invalid' }, shell_connection: true };
  const made = await ask('POST', BASE, body);
  expect(made.body).toMatchObject(DISCONNECTED);
  expect((await ask('PUT', `${BASE}/${made.body.id}`, { input: { apitoken: 'good' } })).body).toMatchObject(
    CONNECTED_NOW,
  );
});

test('W-31 as another reading has it, failed credentials are refused and nothing is created', async () => {
  const { ask, seed, connections } = await start();
  await seed({ settings: { failed_credentials: 'refused' } });
  const refused = await ask('POST', BASE, { provider: 'jira', input: JIRA });
  expect([refused.status, refused.body, await connections()]).toEqual([400, BAD_REQUEST, []]);
});

test('W-32 creating answers 200', async () => {
  const { ask } = await start();
  expect((await ask('POST', BASE, { provider: 'jira' })).status).toBe(200);
});

test('W-33 what is answered is flat, without identity, tags and input', async () => {
  const { ask } = await start();
  const { body } = await ask('POST', BASE, { name: 'x', provider: 'jira', input: GOOD });
  expect(Object.keys(body)).toEqual(FLAT);
});

test('W-34 every key is optional; input needs a provider', async () => {
  const { ask, connections } = await start();
  const { status, body } = await ask('POST', BASE, {});
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ provider: null, folder_id: 4515, external_id: null }),
  ]);
  const refused = await ask('POST', BASE, { input: GOOD });
  expect([refused.status, refused.body]).toEqual([400, BAD_REQUEST]);
  expect(await connections()).toHaveLength(1);
  const unknown = await ask('POST', BASE, { provider: 'nothing' });
  expect([unknown.status, unknown.body]).toEqual([
    400,
    { message: 'Validation failed', errors: { provider: ['is not included in the list'] } },
  ]);
});

test('W-34 as an older page has it, the provider is required', async () => {
  const { ask, seed } = await start();
  await seed({ settings: { provider_required: true } });
  expect((await ask('POST', BASE, {})).body).toEqual({
    message: 'Validation failed',
    errors: { provider: ["can't be blank"] },
  });
});

test('W-35 a parent is of the same provider, and there', async () => {
  const { ask, connections } = await start({}, { connections: [{ id: 1, provider: 'salesforce' }, { id: 2 }] });
  for (const body of [
    { provider: 'jira', parent_id: 1 },
    { provider: 'salesforce', parent_id: 9 },
    { parent_id: 2 },
    { provider: 'salesforce', folder_id: 9 },
  ]) {
    const { status, body: error } = await ask('POST', BASE, body);
    expect([body, status, error]).toEqual([body, 400, BAD_REQUEST]);
  }
  expect(await connections()).toHaveLength(2);
  expect((await ask('POST', BASE, { provider: 'salesforce', parent_id: 1 })).body.parent_id).toBe(1);
});

test('W-36 without a folder it lands in the customer’s home folder', async () => {
  const { ask } = await start();
  expect((await ask('POST', BASE, { provider: 'jira' })).body.folder_id).toBe(4515);
});

test('W-37 secrets are in no answer', async () => {
  const { ask, harness } = await start();
  const answers = [await ask('POST', BASE, { name: 'x', provider: 'jira', input: GOOD })];
  const { id } = answers[0]?.body ?? {};
  answers.push(
    await ask('PUT', `${BASE}/${id}`, { input: { apitoken: `invalid-${SECRET}` } }),
    await ask('GET', `${BASE}?includes[]=tags`),
    await ask('GET', `${BASE}/${id}/input_schema`),
    await ask('POST', BASE, `{"provider":"jira","input":{"apitoken":"${SECRET}"`),
    await ask('POST', BASE, { provider: 5, input: GOOD }),
    await ask('POST', `${BASE}/${id}/disconnect`),
    await ask('DELETE', `${BASE}/${id}`),
  );
  for (const { body } of answers) expect(JSON.stringify(body)).not.toContain(SECRET);
  expect(JSON.stringify(harness)).not.toContain(SECRET);
});

const before = {
  folders: [{ id: 28940 }],
  connections: [
    { id: 1678, name: 'jira_connection', provider: 'jira', external_id: 'U1', created_at: '2026-01-02T00:00:00.000Z' },
  ],
};

test('W-40 an update answers the new values', async () => {
  const { ask } = await start({}, before);
  const body = { name: 'jira_connection_latest', folder_id: 28940, input: GOOD };
  const { status, body: made } = await ask('PUT', `${BASE}/1678`, body);
  expect([status, Object.keys(made)]).toEqual([200, FLAT]);
  expect(made).toMatchObject({ id: 1678, name: 'jira_connection_latest', folder_id: 28940, ...CONNECTED_NOW });
});

test('W-41 name, parent, folder, external id and input are taken; a provider is chosen once', async () => {
  const { ask } = await start(
    {},
    { ...before, connections: [...before.connections, { id: 2, provider: 'jira' }, { id: 3 }] },
  );
  const body = { name: 'n', parent_id: 2, folder_id: 28940, external_id: 'e', provider: 'jira' };
  expect((await ask('PUT', `${BASE}/1678`, body)).body).toMatchObject(body);
  expect((await ask('PUT', `${BASE}/1678`, { parent_id: null, external_id: null })).body).toMatchObject({
    parent_id: null,
    external_id: null,
  });
  const changed = await ask('PUT', `${BASE}/1678`, { provider: 'salesforce', name: 'not this' });
  expect([changed.status, changed.body]).toEqual([400, BAD_REQUEST]);
  expect((await ask('PUT', `${BASE}/3`, { provider: 'jira' })).body.provider).toBe('jira');
  const circle = [await ask('PUT', `${BASE}/1678`, { parent_id: 1678 })];
  await ask('PUT', `${BASE}/1678`, { parent_id: 2 });
  circle.push(await ask('PUT', `${BASE}/2`, { parent_id: 1678 }));
  expect(circle.map(({ status }) => status)).toEqual([400, 400]);
});

test('W-42 input is merged deeply into the stored parameters', async () => {
  const { ask, seed } = await start({}, { connections: [{ id: 1, provider: 'nested' }] });
  const accepted = { a: '1', b: '2', c: '3' };
  const parameters = [
    { name: 'a', label: 'A' },
    { name: 'b', label: 'B' },
    { name: 'c', label: 'C' },
  ];
  const providers = [{ name: 'nested', title: 'Nested', parameters, methods: [{ needs: ['a', 'b', 'c'] }] }];
  await seed({ providers, credentials: { nested: [accepted] } });
  const put = async (input: object) => (await ask('PUT', `${BASE}/1`, { input })).body.authorization_status;
  expect(await put({ a: '1', deep: { x: 1 } })).toBe('failed');
  expect(await put({ b: '2', deep: { y: 2 }, list: [1, 2] })).toBe('failed');
  expect(await put({ c: '3' })).toBe('success');
  const outreach = { name: 'Outreach scope connection', provider: 'outreach' };
  const made = await ask('POST', BASE, outreach);
  const input = { advanced_settings: { scopes: 'sequences.all phoneNumbers.all' } };
  expect((await ask('PUT', `${BASE}/${made.body.id}`, { ...outreach, input })).status).toBe(200);
  expect((await ask('PUT', `${BASE}/1`, `{"input":{"__proto__":{"polluted":1}}}`)).status).toBe(200);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('W-43 what is left out stays', async () => {
  const { ask, connections, at } = await start({}, { connections: [{ ...before.connections[0], ...CONNECTED }] });
  const [old] = await connections();
  at('2026-05-02T00:00:00.000Z');
  await ask('PUT', `${BASE}/1678`, { name: 'new' });
  expect(await connections()).toEqual([{ ...old, name: 'new', updated_at: '2026-05-02T00:00:00.000Z' }]);
});

test('W-44 an unknown connection is not found', async () => {
  const { ask } = await start();
  for (const id of ['1', 'x', '1678.5', '%20']) {
    const { status, body } = await ask('PUT', `${BASE}/${id}`, { name: 'x' });
    expect([id, status, body]).toEqual([id, 404, NOT_FOUND]);
  }
});

test('W-45 when it was updated moves, when it was created does not', async () => {
  const { ask, at } = await start({}, before);
  at('2026-06-01T00:00:00.000Z');
  const { body } = await ask('PUT', `${BASE}/1678`, {});
  expect(body).toMatchObject({ created_at: '2026-01-02T00:00:00.000Z', updated_at: '2026-06-01T00:00:00.000Z' });
});

test('credentials that work again find a lost connection', async () => {
  const lost = { connection_lost_at: '2024-06-01T12:00:00Z', connection_lost_reason: 'network_failure' };
  const { ask } = await start({}, { connections: [{ id: 1, provider: 'jira', ...CONNECTED, ...lost }] });
  const found = { connection_lost_at: null, connection_lost_reason: null };
  expect((await ask('PUT', `${BASE}/1`, { name: 'x' })).body).toMatchObject(lost);
  expect((await ask('PUT', `${BASE}/1`, { input: GOOD })).body).toMatchObject({ ...CONNECTED_NOW, ...found });
});
