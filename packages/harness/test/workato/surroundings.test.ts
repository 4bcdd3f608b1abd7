import { expect, test } from 'vitest';
import { BAD_REQUEST, BASE, CONNECTED, NOT_FOUND, recipeWith, START, start } from './customer.ts';

const USERS = '/api/managed_users';
const FOLDERS = `${USERS}/98178/folders`;
const RECIPES = `${USERS}/98178/recipes`;
const TAGS = '/api/v2/managed_users/98178/tags';

test('customers are created, listed, read and changed', async () => {
  const { ask } = await start();
  const body = { name: 'Acme', notification_email: 'a@acme.example', external_id: 'acme/eu 1', in_trial: true };
  const made = await ask('POST', USERS, { ...body, workspace: 99, home: 1 });
  expect([made.status, made.body]).toEqual([
    200,
    {
      ...body,
      id: 1,
      plan_id: null,
      origin_url: null,
      time_zone: 'UTC',
      created_at: START,
      updated_at: START,
    },
  ]);
  const changed = await ask('PUT', `${USERS}/Eacme%2Feu%201`, { external_id: 'other' });
  expect(changed.body).toEqual({ ...made.body, external_id: 'other' });
  expect((await ask('GET', `${USERS}/Eacme%2Feu%201`)).body).toEqual(NOT_FOUND);
  expect((await ask('GET', `${USERS}/Eother`)).body).toEqual(changed.body);
  expect((await ask('GET', `${USERS}?per_page=1`)).body).toEqual({ result: [changed.body] });
  expect((await ask('GET', `${USERS}?per_page=1&page=2`)).body.result).toMatchObject([{ id: 98178 }]);
  const taken = await ask('POST', USERS, { ...body, external_id: 'other' });
  expect([taken.status, taken.body.errors]).toEqual([400, { external_id: ['has already been taken'] }]);
  expect((await ask('POST', USERS, { name: 'no address' })).body).toEqual(BAD_REQUEST);
  expect((await ask('GET', USERS)).body.result).toHaveLength(2);
});

test('folders lie in folders; those on the top are projects', async () => {
  const { ask } = await start();
  const project = await ask('POST', FOLDERS, { name: 'Project' });
  expect(project.body).toMatchObject({ name: 'Project', parent_id: 4515 });
  const folder = await ask('POST', FOLDERS, { name: 'Inside', parent_id: String(project.body.id) });
  expect((await ask('GET', FOLDERS)).body).toEqual({ result: [project.body] });
  expect((await ask('GET', `${FOLDERS}?parent_id=${project.body.id}`)).body).toEqual({ result: [folder.body] });
  expect((await ask('GET', `${USERS}/98178/projects`)).body.result).toMatchObject([{ name: 'Project' }]);
  expect((await ask('POST', FOLDERS, { name: 'Nowhere', parent_id: 9 })).body).toEqual(BAD_REQUEST);
});

test('recipes are listed by descending id, started, stopped and rewired', async () => {
  const connections = [
    { id: 1, provider: 'jira' },
    { id: 2, provider: 'jira' },
    { id: 3, provider: 'salesforce' },
  ];
  const { ask } = await start({}, { connections });
  const config = (account_id: number, provider = 'jira') => [{ keyword: 'application', provider, account_id }];
  const first = (await ask('POST', RECIPES, { recipe: { name: 'First', config: config(1) } })).body.id;
  const second = (await ask('POST', RECIPES, { recipe: { config: JSON.stringify(config(2)) } })).body.id;
  await ask('PUT', `${RECIPES}/${second}/start`);
  const listed = async (query = '') => {
    const { body } = await ask('GET', `${RECIPES}?${query}`);
    return body.result.map(({ id }: { id: number }) => id);
  };
  expect(await listed()).toEqual([second, first]);
  expect([await listed('active=true'), await listed('running=false')]).toEqual([[second], [first]]);
  expect([await listed(`since_id=${second}`), await listed('per_page=1')]).toEqual([[first], [second]]);
  const connect = (id: number, connection_id: unknown, adapter_name = 'jira') =>
    ask('PUT', `${RECIPES}/${id}/connect`, { adapter_name, connection_id });
  expect((await connect(first, 2)).body).toEqual({ success: true });
  expect((await connect(second, 1)).status).toBe(400);
  expect((await connect(first, 3)).status).toBe(400);
  expect((await connect(first, 9)).status).toBe(404);
  for (const wrong of ['{', '{}', '[{"provider":5}]', JSON.stringify(config(3))]) {
    expect((await ask('POST', RECIPES, { recipe: { config: wrong } })).body).toEqual(BAD_REQUEST);
  }
  expect((await ask('PUT', `${RECIPES}/99/start`)).body).toEqual(NOT_FOUND);
  expect(await listed()).toHaveLength(2);
});

test('another customer’s recipe uses no connection of this one', async () => {
  const { ask, seed } = await start({}, { connections: [{ id: 1, provider: 'jira', ...CONNECTED }] });
  await seed({ managed_users: [{ id: 7, recipes: [recipeWith(1, 'jira')] }] });
  expect((await ask('DELETE', `${BASE}/1`)).status).toBe(200);
});

test('tags are made, changed and deleted, and assigned all or nothing', async () => {
  const { ask, connections } = await start({}, { connections: [{ id: 1 }], recipes: [recipeWith(1, 'jira')] });
  const { body: tag } = await ask('POST', TAGS, { title: 'Finance', color: 'red' });
  expect((await ask('PUT', `${TAGS}/${tag.handle}`, { title: 'Money' })).body).toMatchObject({
    title: 'Money',
    color: 'red',
  });
  const assign = (body: object) => ask('POST', `${TAGS}_assignments`, body);
  const partly = await assign({ add_tags: [tag.handle], connection_ids: [1, 9] });
  expect([partly.status, (await connections())[0].tags]).toEqual([404, null]);
  expect((await assign({ add_tags: ['tag-nothing'], connection_ids: [1] })).status).toBe(404);
  expect((await assign({ add_tags: [tag.handle] })).status).toBe(400);
  const assigned = await assign({ add_tags: [tag.handle], connection_ids: [1], recipe_ids: [900] });
  expect([assigned.status, assigned.body]).toEqual([200, '']);
  expect((await connections())[0].tags).toEqual([tag.handle]);
  expect((await ask('DELETE', `${TAGS}/${tag.handle}`)).body).toEqual({ success: true });
  expect([(await ask('GET', TAGS)).body, (await connections())[0].tags]).toEqual([{ data: { tags: [] } }, []]);
});

test('input schemas tell what a provider wants, by its name and by a connection', async () => {
  const { ask } = await start({}, { connections: [{ id: 1, provider: 'jira' }, { id: 2 }] });
  const named = await ask('GET', '/api/v2/managed_users/98178/connectors/jira/input_schema');
  expect(named.body.result).toContainEqual({
    name: 'apitoken',
    label: 'API token',
    type: 'string',
    control_type: 'password',
    optional: true,
  });
  for (const asked of ['jira', '1']) {
    expect((await ask('GET', `${BASE}/${asked}/input_schema`)).body).toEqual(named.body);
  }
  const sheets = await ask('GET', `${BASE}/google_sheets/input_schema`);
  expect(sheets.body.result).toMatchObject([{ name: 'advanced_settings', properties: [{ name: 'scopes' }] }]);
  for (const asked of ['nothing', '2', '9'])
    expect((await ask('GET', `${BASE}/${asked}/input_schema`)).body).toEqual(NOT_FOUND);
});

test('a connector that was published to a registry here is a provider, and its form the parameters', async () => {
  const { ask, harness } = await start();
  const parameters = `[
    { "type": "banner", "text": "Hello" },
    // who it is
    { "name": "user", "type": "text", "label": "User", "required": true, "help": "As you log in" },
    { "name": "apiKey", "type": "password", "label": "API key", "required": true }
  ]`;
  const connections = [{ type: 'basic' as const, label: 'Shop' }];
  await harness.seed('make', { app: 'shop', connections, sections: { parameters } });
  await harness.seed('make', { app: 'agreed', connections: [{ type: 'oauth', label: 'OAuth' }] });
  const schema = await ask('GET', '/api/v2/managed_users/98178/connectors/shop/input_schema');
  expect(schema.body.result).toEqual([
    { name: 'user', label: 'User', type: 'string', control_type: 'text', optional: false, hint: 'As you log in' },
    { name: 'apiKey', label: 'API key', type: 'string', control_type: 'password', optional: false },
  ]);
  const create = async (provider: string, input: object) => (await ask('POST', BASE, { provider, input })).body;
  expect(await create('shop', { user: 'me' })).toMatchObject({
    name: 'Shop account',
    authorization_status: 'failed',
    authorization_error: "API key can't be blank",
  });
  const made = await create('shop', { user: 'me', apiKey: 'k' });
  expect(made.authorization_status).toBe('success');
  expect((await create('agreed', {})).authorization_status).toBeNull();
  await ask('POST', `${BASE}/${made.id}/disconnect`);
  const again = await ask('PUT', `${BASE}/${made.id}`, { input: {} });
  expect(again.body.authorization_error).toBe("API key can't be blank");
});

test('the twin has the same life in the Developer API’s shape, apart from the customers’', async () => {
  const { ask, seed, connections } = await start();
  await seed({
    tokens: [{ token: 'plain', privileges: [] }],
    workspace: { connections: [{ id: 50, provider: 'jira' }] },
  });
  const plain = { token: 'plain' };
  const made = await ask('POST', '/api/connections', { name: 'Own', provider: 'rest', description: 'd' }, plain);
  expect(made.body).toMatchObject({ application: 'rest', provider: 'rest', description: 'd' });
  expect(made.body).not.toHaveProperty('identity');
  const input = { auth_type: 'basic', user: 'me', password: 'p' };
  const updated = await ask('PUT', `/api/connections/${made.body.id}`, { input }, plain);
  expect(updated.body.authorization_status).toBe('success');
  const { body: tag } = await ask('POST', '/api/tags', { title: 'Own' }, plain);
  await ask('POST', '/api/tags_assignments', { add_tags: [tag.handle], connection_ids: [made.body.id] }, plain);
  const listed = await ask('GET', '/api/connections?includes[]=tags&provider=rest', undefined, plain);
  expect(listed.body).toEqual([{ ...updated.body, tags: [tag.handle] }]);
  expect((await ask('POST', '/api/connections', { name: 'No provider' }, plain)).body).toEqual(BAD_REQUEST);
  const ended = await ask('POST', `/api/connections/${made.body.id}/disconnect`, undefined, plain);
  expect(ended.body).toEqual({ result: { success: true, status: 'disconnected' } });
  const [left] = (await ask('GET', '/api/connections?provider=rest', undefined, plain)).body;
  expect(left).toMatchObject({ id: made.body.id, authorization_status: null });
  expect((await ask('DELETE', `/api/connections/${made.body.id}`, undefined, plain)).status).toBe(200);
  expect((await ask('DELETE', `${BASE}/50`)).body).toEqual(NOT_FOUND);
  expect(await connections()).toEqual([]);
  await seed({ tokens: [{ token: 'other', workspace: 2 }] });
  expect((await ask('GET', '/api/connections', undefined, { token: 'other' })).body).toEqual([]);
});
