import { expect, test } from 'vitest';
import type { HttpRequest } from '../platform.ts';
import { workatoInstances } from './client.ts';

const FLAT = {
  id: 36,
  name: 'jira_connection',
  provider: 'jira',
  authorized_at: '2015-05-26T22:53:52.528Z',
  authorization_status: 'success',
  authorization_error: null,
  created_at: '2015-05-26T22:53:52.532Z',
  updated_at: '2015-05-26T22:53:52.532Z',
  external_id: 'U12904',
  folder_id: 4515,
  parent_id: 22318,
  connection_lost_at: null,
  connection_lost_reason: null,
};

function client(status: number, answer: unknown, url = 'https://www.workato.com') {
  const sent: HttpRequest[] = [];
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const headers = { 'content-type': typeof answer === 'string' ? 'text/html' : 'application/json; charset=utf-8' };
  const instances = workatoInstances({
    url,
    token: 'the-token',
    send: async (request) => {
      sent.push(request);
      return { status, headers, body: text };
    },
  });
  return { instances, sent };
}

test('a list is asked for with every filter, and told in the role’s words', async () => {
  const lost = { connection_lost_at: '2024-06-01T12:00:00Z', connection_lost_reason: 'network_failure' };
  const shell = { ...FLAT, authorization_status: null, authorized_at: null, parent_id: null };
  const result = [
    { ...FLAT, ...lost, identity: null, tags: null },
    shell,
    { ...shell, authorization_status: 'exception' },
  ];
  const { instances, sent } = client(200, { result });
  const filter = { provider: 'jira', folder: '4515', parent: '22316', externalId: 'a&b', runtime: true, tags: true };
  const reported = await instances.list('Eacme/eu 1', filter);
  expect(sent[0]).toMatchObject({
    method: 'GET',
    headers: { authorization: 'Bearer the-token' },
    url:
      'https://www.workato.com/api/managed_users/Eacme%2Feu%201/connections?provider=jira&folder_id=4515&parent_id=22316' +
      '&external_id=a%26b&include_runtime_connections=true&includes%5B%5D=tags',
  });
  expect(reported[0]).toEqual({
    id: '36',
    name: 'jira_connection',
    provider: 'jira',
    state: 'connected',
    authorizedAt: '2015-05-26T22:53:52.528Z',
    error: null,
    lost: { at: '2024-06-01T12:00:00Z', reason: 'network_failure' },
    identity: null,
    externalId: 'U12904',
    folder: '4515',
    parent: '22318',
    tags: [],
  });
  expect(reported.map(({ state, parent }) => [state, parent])).toEqual([
    ['connected', '22318'],
    ['disconnected', null],
    ['failed', null],
  ]);
  expect(reported[1]).not.toHaveProperty('tags');
});

test('an address may end with /api, as Workato lists them', async () => {
  for (const url of [
    'https://app.eu.workato.com',
    'https://app.eu.workato.com/api',
    'https://app.eu.workato.com/api/',
  ]) {
    const { instances, sent } = client(200, { result: [] }, url);
    await instances.list('1');
    expect(sent[0]?.url).toBe('https://app.eu.workato.com/api/managed_users/1/connections');
  }
});

test('ids go as numbers, and what is not said is not sent', async () => {
  const { instances, sent } = client(200, FLAT);
  await instances.create('98178', { name: 'x', folder: '1892', parent: 'abc', externalId: '128904', input: { a: 1 } });
  await instances.update('98178', '36', {});
  await instances.disconnect('98178', '36', { force: true });
  await instances.disconnect('98178', '36');
  expect(sent.map(({ url, body }) => [url.replace(/.*\/connections/, ''), body && JSON.parse(body)])).toEqual([
    ['', { name: 'x', folder_id: 1892, parent_id: 'abc', external_id: '128904', input: { a: 1 } }],
    ['/36', {}],
    ['/36/disconnect?force=true', undefined],
    ['/36/disconnect', undefined],
  ]);
});

test.each([200, 400, 409, 422])('a rejection is known by its body, whatever its status: %i', async (status) => {
  const message = "You can't delete a connection used by active recipes";
  const { instances } = client(status, { success: false, status: 'rejected', message });
  await expect(instances.delete('1', '2')).rejects.toMatchObject({
    kind: 'refused',
    diagnostics: [{ code: 'instances/in-use', message: expect.stringContaining(message) }],
  });
});

test('refusals are reported in Workato’s words', async () => {
  const cases: readonly (readonly [number, unknown, string, string])[] = [
    [401, { message: 'Unauthorized' }, 'origin/unauthenticated', 'Unauthorized'],
    [403, { message: 'Forbidden' }, 'origin/forbidden', 'Forbidden'],
    [404, { message: 'Not found' }, 'origin/not-found', 'Not found'],
    [400, { message: 'Validation failed', errors: { provider: ['is wrong'] } }, 'origin/refused', 'provider is wrong'],
    [422, { error: 'nope' }, 'origin/refused', 'nope'],
    [502, 'Bad gateway', 'origin/refused', 'Bad gateway'],
    [500, {}, 'origin/refused', 'no reason was given'],
  ];
  for (const [status, answer, code, words] of cases) {
    const { instances } = client(status, answer);
    const refused = { diagnostics: [{ code, message: expect.stringContaining(words) }] };
    await expect(instances.list('1'), String(status)).rejects.toMatchObject(refused);
  }
});
