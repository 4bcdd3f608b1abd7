import { expect, test } from 'vitest';
import {
  ACCESS,
  APPLICATIONS,
  GROUP,
  GROUP_ACCESS,
  LEGACY,
  MANAGED,
  MANAGER,
  MANUAL,
  ORGANIZATION,
  OTHER,
  SANDBOX,
  START,
  start,
  TIER,
} from './exchange.ts';

const CONTRACTS = `${MANAGED}/contracts`;
const world = {
  tiers: [TIER, MANUAL],
  applications: [
    { id: 1, name: 'Shop', clientId: 'shop-id' },
    { id: 2, name: 'Till', clientId: 'till-id' },
  ],
};
const request = (tier: number) => ({ ...ACCESS, requestedTierId: tier });

test('contracts are listed with their applications, tiers and dates', async () => {
  const { ask } = await start(world);
  await ask('POST', `${APPLICATIONS}/1/contracts`, request(171457));
  await ask('POST', `${APPLICATIONS}/2/contracts`, request(171458));
  const { status, body } = await ask('GET', `${CONTRACTS}?limit=10&offset=0&sort=name&query=&ascending=true`);
  expect([status, body.total, body.contracts]).toEqual([
    200,
    2,
    [
      {
        audit: { created: { date: START }, updated: {} },
        masterOrganizationId: ORGANIZATION,
        organizationId: ORGANIZATION,
        id: 1,
        status: 'APPROVED',
        approvedDate: START,
        rejectedDate: null,
        revokedDate: null,
        applicationId: 1,
        application: {
          audit: { created: { date: '2026-01-01T00:00:00.000Z' }, updated: {} },
          id: 1,
          name: 'Shop',
          description: null,
          coreServicesId: 'shop-id',
          url: null,
        },
        tierId: 171457,
        tier: expect.objectContaining({ name: 'new SLA' }),
        requestedTierId: null,
        requestedTier: null,
        terms: null,
        partyId: null,
        partyName: null,
        apiId: 956703,
        api: { audit: { created: {}, updated: {} }, id: 956703 },
      },
      expect.objectContaining({ id: 2, status: 'PENDING', approvedDate: null, tierId: null, requestedTierId: 171458 }),
    ],
  ]);
  const ids = async (query: string) =>
    (await ask('GET', `${CONTRACTS}?${query}`)).body.contracts.map(({ id }: { id: number }) => id);
  expect(await ids('status=PENDING')).toEqual([2]);
  expect(await ids('coreServicesId=shop-id&limit=1')).toEqual([1]);
  expect(await ids('query=TIL')).toEqual([2]);
  expect(await ids('sort=id&ascending=false&limit=1')).toEqual([2]);
  expect((await ask('GET', `${CONTRACTS}?limit=1`)).body.total).toBe(2);
});

test('a pending contract is approved, or put on another tier with the approval', async () => {
  const { ask, login, at } = await start(world);
  const own = { token: await login('approver') };
  for (const app of [1, 2]) await ask('POST', `${APPLICATIONS}/${app}/contracts`, request(171458));
  at('2026-05-01T10:30:00.000Z');
  const approved = await ask('PATCH', `${CONTRACTS}/1`, { status: 'APPROVED' }, own);
  expect([approved.status, approved.body]).toMatchObject([
    200,
    { status: 'APPROVED', tierId: 171458, requestedTierId: null, approvedDate: '2026-05-01T10:30:00.000Z' },
  ]);
  const other = await ask('PATCH', `${CONTRACTS}/2`, { status: 'APPROVED', tierId: 171457 }, own);
  expect(other.body).toMatchObject({ status: 'APPROVED', tierId: 171457, requestedTierId: null });
  expect((await ask('GET', `${CONTRACTS}/2`, undefined, own)).body).toEqual(other.body);
  expect((await ask('GET', `${APPLICATIONS}/2/contracts`)).body).toMatchObject([
    { status: 'APPROVED', tier: { id: 171457 } },
  ]);
});

test('one that is in force is revoked with its date, restored, and deleted', async () => {
  const { ask, at } = await start(world);
  await ask('POST', `${APPLICATIONS}/1/contracts`, request(171457));
  at('2026-05-01T10:10:00.000Z');
  const revoked = await ask('PATCH', `${CONTRACTS}/1`, { status: 'REVOKED' });
  expect(revoked.body).toMatchObject({ status: 'REVOKED', revokedDate: '2026-05-01T10:10:00.000Z', tierId: 171457 });
  const restored = await ask('PATCH', `${CONTRACTS}/1`, { status: 'APPROVED' });
  expect(restored.body).toMatchObject({ status: 'APPROVED', revokedDate: null, tierId: 171457 });
  expect(await ask('DELETE', `${CONTRACTS}/1`)).toEqual({ status: 204, body: '' });
  expect((await ask('GET', `${CONTRACTS}/1`)).body).toEqual({ error: 'Not Found', message: 'Contract not found' });
  expect((await ask('GET', `${APPLICATIONS}/1/contracts`)).body).toEqual([]);
});

test('an owner gives another tier, and thereby answers who asked for one', async () => {
  const { ask } = await start(world);
  const { body: made } = await ask('POST', `${APPLICATIONS}/1/contracts`, request(171457));
  await ask('PATCH', `${APPLICATIONS}/1/contracts/${made.id}`, { requestedTierId: 171458 });
  const { body } = await ask('PATCH', `${CONTRACTS}/1`, { tierId: '171458' });
  expect(body).toMatchObject({ status: 'APPROVED', tierId: 171458, requestedTierId: null });
  expect((await ask('PATCH', `${CONTRACTS}/1`, { tierId: 5 })).status).toBe(400);
  expect((await ask('PATCH', `${CONTRACTS}/1`, { status: 'REVOKED', tierId: 171457 })).status).toBe(400);
  expect((await ask('PATCH', `${CONTRACTS}/1`, {})).status).toBe(400);
});

test('an owner lets an application of somebody else in', async () => {
  const { ask, login } = await start(world);
  const own = { token: await login('owner') };
  const made = await ask('POST', CONTRACTS, { applicationId: 1, requestedTierId: 171457, acceptedTerms: true }, own);
  expect([made.status, made.body.status]).toEqual([201, 'APPROVED']);
  expect((await ask('POST', CONTRACTS, { applicationId: 1, requestedTierId: 171457 }, own)).body).toMatchObject({
    error: 'Conflict',
  });
  expect((await ask('POST', CONTRACTS, { applicationId: 99, requestedTierId: 171457 }, own)).status).toBe(404);
});

test('the older API has a path for each action, and answers 201', async () => {
  const { ask } = await start(world);
  const act = async (id: number, action: string, body?: object) => {
    const answer = await ask('POST', `${LEGACY}/${id}/${action}`, body);
    return [answer.status, answer.body.status, answer.body.tierId, answer.body.requestedTierId];
  };
  for (const app of [1, 2]) await ask('POST', `${APPLICATIONS}/${app}/contracts`, request(171458));
  expect(await act(1, 'reject')).toEqual([201, 'REJECTED', null, 171458]);
  expect(await act(2, 'approve', { tierId: 171457 })).toEqual([201, 'APPROVED', 171457, null]);
  expect(await act(2, 'revoke', {})).toEqual([201, 'REVOKED', 171457, null]);
  expect(await act(2, 'restore')).toEqual([201, 'APPROVED', 171457, null]);
  await ask('PATCH', `${APPLICATIONS}/2/contracts/2`, { requestedTierId: 171458 });
  expect(await act(2, 'rejectTierChange')).toEqual([201, 'APPROVED', 171457, null]);
  await ask('PATCH', `${APPLICATIONS}/2/contracts/2`, { requestedTierId: 171458 });
  expect(await act(2, 'approveTierChange')).toEqual([201, 'APPROVED', 171458, null]);
  expect((await act(1, 'approve'))[0]).toBe(409);
  for (const wrong of [
    LEGACY.replace('342424', '1'),
    LEGACY.replace('956703', '1'),
    LEGACY.replace(ORGANIZATION, OTHER),
  ]) {
    expect([403, 404]).toContain((await ask('POST', `${wrong}/1/approve`)).status);
  }
});

test('a group’s contracts have the same life', async () => {
  const tiers = [{ ...MANUAL, kind: 'api-group', instanceId: 24608 }];
  const { ask, login } = await start({ ...GROUP, ...world, tiers });
  const own = { token: await login('approver') };
  const at = `${MANAGER}/groupInstances/24608/contracts`;
  await ask('POST', `${APPLICATIONS}/1/contracts`, { ...GROUP_ACCESS, requestedTierId: 171458 });
  const { body } = await ask('GET', at, undefined, own);
  expect(body).toMatchObject({
    total: 1,
    contracts: [
      {
        status: 'PENDING',
        groupInstanceId: 24608,
        groupInstances: { id: 24608, groupVersionId: 22686, assetId: 'great-group', environmentId: SANDBOX },
        condition: 'APPLIED',
      },
    ],
  });
  const patch = async (status: string, id = 2) => (await ask('PATCH', `${at}/${id}`, { status }, own)).body.status;
  expect(await patch('REJECTED', 1)).toBe('REJECTED');
  expect((await ask('DELETE', `${at}/1`, undefined, own)).status).toBe(204);
  await ask('POST', `${APPLICATIONS}/1/contracts`, { ...GROUP_ACCESS, requestedTierId: 171458 });
  expect([await patch('APPROVED'), await patch('REVOKED'), await patch('APPROVED')]).toEqual([
    'APPROVED',
    'REVOKED',
    'APPROVED',
  ]);
  expect((await ask('GET', `${at}/2`)).body.tier).toMatchObject({ apiGroupInstanceId: 24608, limitsByApi: [{}, {}] });
});

test('instances are only where they are', async () => {
  const { ask } = await start({
    ...world,
    environments: [{ id: 'live', name: 'Live' }],
    organizations: [{ id: OTHER }],
  });
  const statuses = async (path: string) => (await ask('GET', path)).status;
  expect(await statuses(CONTRACTS.replace(SANDBOX, 'live'))).toBe(404);
  expect(await statuses(CONTRACTS.replace(ORGANIZATION, OTHER))).toBe(403);
  expect(await statuses(CONTRACTS.replace('956703', '1'))).toBe(404);
  expect(await statuses(`${MANAGER}/groupInstances/956703/contracts`)).toBe(404);
});
