import { expect, test } from 'vitest';
import { BASE, CONNECTED, recipeWith, start } from './customer.ts';

/**
 * The requests of every curl on Workato's page "Connections" of the Embedded API, last updated 10/9/2024, in its
 * order; host and token are replaced, and the address that the page hides. The brackets are not encoded, as curl
 * leaves them.
 */
const EMAIL = 'owner@acme.example';
const input = { host_name: 'acme.atlassian.net', api_token_auth: 'true', email: EMAIL, apitoken: 'XXXXXXXX' };

interface Curl {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** What is there before, for the run on a harness of its own. */
  readonly given: object;
  readonly expected: object;
}

const jira = { id: 1678, name: 'jira_connection', provider: 'jira' };
const outreach = { ...CONNECTED, id: 1678, name: 'o', provider: 'outreach' };
const inUse = { connections: [{ ...jira, ...CONNECTED }], recipes: [recipeWith(1678, 'jira')] };

const CURLS: readonly Curl[] = [
  {
    title: 'list connections',
    method: 'GET',
    path: '/api/managed_users/98178/connections?includes[]=tags',
    given: { connections: [{ ...jira, tags: ['tag-ANgeffPL-3gxQwA'] }] },
    expected: { result: [{ ...jira, tags: ['tag-ANgeffPL-3gxQwA'] }] },
  },
  {
    title: 'shell connection request',
    method: 'POST',
    path: '/api/managed_users/98178/connections',
    body: { name: 'jira_connection', provider: 'jira', folder_id: 1892, external_id: '128904' },
    given: { folders: [{ id: 1892 }] },
    expected: { name: 'jira_connection', authorization_status: null, folder_id: 1892, external_id: '128904' },
  },
  {
    title: 'connection with credentials',
    method: 'POST',
    path: '/api/managed_users/98178/connections',
    body: { name: 'jira_connection', provider: 'jira', input },
    given: {},
    expected: { name: 'jira_connection', authorization_status: 'success' },
  },
  {
    title: 'update a Jira connection',
    method: 'PUT',
    path: '/api/managed_users/98178/connections/1678',
    body: { name: 'jira_connection_latest', folder_id: 28940, input },
    given: { folders: [{ id: 28940 }], connections: [jira] },
    expected: { id: 1678, name: 'jira_connection_latest', folder_id: 28940, authorization_status: 'success' },
  },
  {
    title: 'update an Outreach connection',
    method: 'PUT',
    path: '/api/managed_users/98178/connections/1678',
    body: {
      name: 'Outreach scope connection',
      provider: 'outreach',
      input: { advanced_settings: { scopes: 'sequences.all phoneNumbers.all' } },
    },
    given: { connections: [outreach] },
    expected: { id: 1678, name: 'Outreach scope connection', ...CONNECTED },
  },
  {
    title: 'disconnect a connection',
    method: 'POST',
    path: '/api/managed_users/98178/connections/1678/disconnect?force=true',
    given: inUse,
    expected: { result: { success: true, status: 'disconnected' } },
  },
  {
    title: 'delete a connection',
    method: 'DELETE',
    path: '/api/managed_users/98178/connections/1678',
    given: { connections: [jira] },
    expected: { result: { success: true, status: 'deleted' } },
  },
];

test.each(CURLS)('$title, as it is printed', async ({ method, path, body, given, expected }) => {
  const { ask } = await start({}, given);
  const answer = await ask(method, path, body);
  expect([answer.status, answer.body]).toEqual([200, toMatch(expected)]);
});

test('all of them in the page’s order; Outreach’s on a connection of its own, because no connection is both', async () => {
  const folders = [{ id: 1892 }, { id: 28940 }];
  const { ask, connections } = await start({}, { ...inUse, folders });
  const { body: own } = await ask('POST', BASE, { name: 'o', provider: 'outreach' });
  for (const { method, path, body, expected, title } of CURLS) {
    const meant = title.includes('Outreach') ? path.replace('1678', own.id) : path;
    if (method === 'DELETE') {
      expect((await ask(method, meant)).body).toMatchObject({ success: false, status: 'rejected' });
      await ask('PUT', '/api/managed_users/98178/recipes/900/stop');
    }
    const answer = await ask(method, meant, body);
    expect([title, answer.status]).toEqual([title, 200]);
    if (!('result' in expected)) {
      const { name } = expected as { name: string };
      expect(answer.body.name).toBe(name);
    }
  }
  expect((await connections()).map(({ name, authorization_status: status }) => [name, status])).toEqual([
    ['Outreach scope connection', null],
    ['jira_connection', null],
    ['jira_connection', 'success'],
  ]);
});

/** What is expected is part of what is answered. */
function toMatch(expected: object): unknown {
  const entries = Object.entries(expected).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((each) => expect.objectContaining(each)) : value,
  ]);
  return expect.objectContaining(Object.fromEntries(entries));
}
