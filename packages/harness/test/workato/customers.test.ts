import { expect, test } from 'vitest';
import { askOwn } from '../own-api.ts';
import { CONNECTED, recipeWith, start, type Workato } from './customer.ts';

const CUSTOMERS = '/platforms/workato/customers';

const own = (workato: Workato, method: string, path: string, body?: unknown) =>
  askOwn(workato.harness, method, path, body);

const LOST = { connection_lost_at: '2026-04-02T00:00:00.000Z', connection_lost_reason: 'token expired' };
const FAILED = { authorization_status: 'failed', authorization_error: '401 Unauthorized' } as const;

const GIVEN = {
  name: 'Acme',
  connections: [
    { id: 1, name: 'works', provider: 'jira', ...CONNECTED },
    { id: 2, name: 'used', provider: 'jira', ...CONNECTED },
    { id: 3, name: 'lost', provider: 'jira', ...CONNECTED, ...LOST },
    { id: 4, name: 'failed', provider: 'jira', ...FAILED },
    { id: 5, name: 'raised', provider: 'jira', authorization_status: 'exception', authorization_error: '500' },
    { id: 6, name: 'shell' },
  ],
  recipes: [recipeWith(2, 'jira')],
};

test('customers are listed with the states of their connections', async () => {
  const workato = await start({}, GIVEN);
  expect((await own(workato, 'GET', CUSTOMERS)).body.customers).toEqual([
    {
      id: '98178',
      externalId: 'A2300',
      name: 'Acme',
      connections: { connected: 2, disconnected: 1, failed: 2, lost: 1 },
    },
  ]);
  const { connections } = (await own(workato, 'GET', `${CUSTOMERS}/98178/connections`)).body;
  const told = connections.map(({ name, state, reason, actions }: Record<string, string | string[]>) => {
    return [name, state, reason, (actions as string[]).join(' ')];
  });
  expect(told).toEqual([
    ['works', 'connected', null, 'disconnect delete lose'],
    ['used', 'connected', null, 'force-disconnect lose'],
    ['lost', 'lost', 'token expired', 'disconnect delete'],
    ['failed', 'failed', '401 Unauthorized', 'delete'],
    ['raised', 'failed', '500', 'delete'],
    ['shell', 'disconnected', null, 'delete'],
  ]);
});

test('each action that is offered is performed, and no other', async () => {
  const workato = await start({}, GIVEN);
  const path = `${CUSTOMERS}/98178/connections`;
  for (const { id } of GIVEN.connections) {
    for (const action of ['disconnect', 'force-disconnect', 'lose', 'delete']) {
      const { connections } = (await own(workato, 'GET', path)).body;
      const offered = connections.find((each: { id: string }) => each.id === String(id))?.actions ?? [];
      const { status, body } = await own(workato, 'POST', `${path}/${id}/${action}`, {});
      expect(status, `${id} ${action}: ${body.message}`).toBe(offered.includes(action) ? 200 : 409);
      if (action === 'delete' && status === 200) expect(body).toEqual({ connection: null });
    }
  }
  // What an active recipe uses cannot be deleted.
  expect((await own(workato, 'GET', path)).body.connections).toMatchObject([{ id: '2', state: 'disconnected' }]);
});

test('a connection is lost at the time of the clock, as the platform tells it', async () => {
  const workato = await start({}, GIVEN);
  workato.at('2026-06-01T00:00:00.000Z');
  const path = `${CUSTOMERS}/98178/connections/1/lose`;
  const { body } = await own(workato, 'POST', path, { reason: 'revoked <b>by</b> the user' });
  expect(body.connection).toMatchObject({ state: 'lost', reason: 'revoked <b>by</b> the user' });
  expect((await workato.connections())[0]).toMatchObject({
    connection_lost_at: '2026-06-01T00:00:00.000Z',
    connection_lost_reason: 'revoked <b>by</b> the user',
    authorization_status: 'success',
  });
});

test('what is not there is not found', async () => {
  const workato = await start({}, GIVEN);
  for (const path of [`${CUSTOMERS}/1/connections`, `${CUSTOMERS}/x/connections`, '/platforms/make/customers']) {
    expect((await own(workato, 'GET', path)).status, path).toBe(404);
  }
  expect((await own(workato, 'POST', `${CUSTOMERS}/98178/connections/99/delete`, {})).status).toBe(404);
});
