import { expect, test } from 'vitest';
import {
  ACCESS,
  APPLICATIONS,
  AT,
  GROUP,
  GROUP_ACCESS,
  GROUP_AT,
  MANAGED,
  MANAGER,
  ORGANIZATION,
  refusal,
  SANDBOX,
  start,
  TIER,
} from './exchange.ts';

const LIMIT = { timePeriodInMilliseconds: 60000, maximumRequests: 2 };
const GROUP_TIER = {
  id: 7,
  kind: 'api-group',
  instanceId: 24608,
  name: 'api-group-sla',
  autoApprove: false,
  limits: [{ timePeriodInMilliseconds: 1000, maximumRequests: 1 }],
  limitsByApi: [{ apiId: 891105, limits: [LIMIT] }],
};
const GROUP_TIERS = `${GROUP_AT}/environments/${SANDBOX}/apiGroupInstances/24608/tiers`;

test('M-30 the tiers of an instance, with numbers for ids and how many applications have each', async () => {
  const { ask } = await start({ tiers: [TIER], applications: [{ id: 1, name: 'a' }] });
  const reported = { description: null, limits: TIER.limits, status: 'ACTIVE', applicationCount: 0, apiId: 956703 };
  const { status, body } = await ask('GET', `${AT}/instances/956703/tiers`);
  expect([status, body]).toEqual([200, [{ id: 171457, name: 'new SLA', autoApprove: true, ...reported }]]);
  await ask('POST', `${APPLICATIONS}/1/contracts`, { ...ACCESS, requestedTierId: 171457 });
  expect((await ask('GET', `${AT}/instances/956703/tiers`)).body[0].applicationCount).toBe(1);
});

test('M-30 limits that are not visible are not shown to who asks for access', async () => {
  const limits = [{ ...LIMIT, visible: false }, ...TIER.limits];
  const { ask } = await start({ tiers: [{ ...TIER, limits }] });
  expect((await ask('GET', `${AT}/instances/956703/tiers`)).body[0].limits).toEqual(TIER.limits);
  expect((await ask('GET', `${MANAGED}/tiers`)).body.tiers[0].limits).toHaveLength(2);
});

test('M-31 an instance without tiers has an empty list', async () => {
  const { ask } = await start(GROUP);
  expect(await ask('GET', `${AT}/instances/956703/tiers`)).toEqual({ status: 200, body: [] });
  expect(await ask('GET', GROUP_TIERS)).toEqual({ status: 200, body: [] });
  expect(await ask('GET', `${AT}/instances/1/tiers`)).toEqual(refusal(404));
  expect(await ask('GET', `${AT}/instances/x/tiers`)).toEqual(refusal(404));
});

test('M-32 M-33 the tiers of a group, with the limits of each API that is in it', async () => {
  const { ask } = await start({ ...GROUP, tiers: [GROUP_TIER] });
  const { status, body } = await ask('GET', GROUP_TIERS);
  const api = (apiId: number, limits: object[]) => ({
    apiId,
    organizationId: ORGANIZATION,
    groupId: ORGANIZATION,
    assetId: 'connected-raml',
    assetVersion: '1.0.0',
    productVersion: 'v1',
    limits,
  });
  const reported = {
    id: 7,
    apiGroupInstanceId: 24608,
    name: 'api-group-sla',
    description: null,
    status: 'ACTIVE',
    autoApprove: false,
    applicationCount: 0,
    limitsByApi: [api(891105, [LIMIT]), api(956703, [{ timePeriodInMilliseconds: 1000, maximumRequests: 1 }])],
  };
  expect([status, body]).toEqual([200, [reported]]);
});

test('M-33 the limits of a group are reported for an application, by its contract or by a tier', async () => {
  const tiers = [GROUP_TIER, { ...GROUP_TIER, id: 8, name: 'other', autoApprove: true, limitsByApi: [] }];
  const { ask } = await start({ ...GROUP, tiers, applications: [{ id: 1, name: 'a' }] });
  const at = `${APPLICATIONS}/1/environments/${SANDBOX}/apiGroupInstances/24608/limits`;
  expect((await ask('GET', at)).body).toEqual([]);
  const maxima = async (path: string) => {
    const { body } = await ask('GET', path);
    return body.map((each: { limits: { maximumRequests: number }[] }) => each.limits[0]?.maximumRequests);
  };
  expect(await maxima(`${at}?tierId=7`)).toEqual([2, 1]);
  await ask('POST', `${APPLICATIONS}/1/contracts`, { ...GROUP_ACCESS, requestedTierId: 8 });
  expect(await maxima(at)).toEqual([1, 1]);
  expect(await ask('GET', `${at}?tierId=99`)).toEqual(refusal(404));
  expect(await ask('GET', at.replace(SANDBOX, 'x'))).toEqual(refusal(404));
});

test('M-34 the environment in the path has to be the group’s', async () => {
  const { ask } = await start({ ...GROUP, environments: [{ id: 'live', name: 'Live' }], tiers: [GROUP_TIER] });
  expect(await ask('GET', GROUP_TIERS.replace(SANDBOX, 'live'))).toEqual(refusal(404));
  expect(await ask('GET', GROUP_TIERS.replace('24608', '956703'))).toEqual(refusal(404));
});

test('M-35 a deprecated tier is listed, and cannot be asked for', async () => {
  const { ask } = await start({ tiers: [{ ...TIER, status: 'DEPRECATED' }], applications: [{ id: 1, name: 'a' }] });
  expect((await ask('GET', `${AT}/instances/956703/tiers`)).body[0].status).toBe('DEPRECATED');
  const answer = await ask('POST', `${APPLICATIONS}/1/contracts`, { ...ACCESS, requestedTierId: 171457 });
  expect(answer).toEqual(refusal(400, /deprecated/));
});

const PAYLOAD = { name: 'Gold', status: 'ACTIVE', autoApprove: true, limits: [{ visible: true, ...LIMIT }] };

test('an owner creates, changes, lists and deletes tiers', async () => {
  const { ask, login } = await start({ applications: [{ id: 1, name: 'a' }] });
  const own = { token: await login('owner') };
  const made = await ask('POST', `${MANAGED}/tiers`, PAYLOAD, own);
  expect([made.status, made.body]).toEqual([
    201,
    {
      audit: { created: { date: '2026-05-01T10:00:00.000Z' }, updated: {} },
      masterOrganizationId: ORGANIZATION,
      organizationId: ORGANIZATION,
      id: expect.any(Number),
      description: null,
      applicationCount: 0,
      apiId: 956703,
      ...PAYLOAD,
    },
  ]);
  const at = `${MANAGED}/tiers/${made.body.id}`;
  expect((await ask('POST', `${MANAGED}/tiers`, PAYLOAD, own)).body).toEqual({
    error: 'Conflict',
    message: expect.stringContaining('Gold'),
  });
  const put = await ask('PUT', at, { name: 'Silver', status: 'DEPRECATED', description: 'Less' }, own);
  const silver = { name: 'Silver', status: 'DEPRECATED', description: 'Less', autoApprove: false, limits: [] };
  expect([put.status, put.body]).toMatchObject([201, silver]);
  const list = await ask('GET', `${MANAGED}/tiers?limit=10&offset=0&sort=name&query=&ascending=true`, undefined, own);
  expect(list.body).toMatchObject({ total: 1, tiers: [silver] });
  expect((await ask('GET', `${MANAGED}/tiers?query=gold`)).body).toEqual({ total: 0, tiers: [] });
  expect(await ask('DELETE', at, undefined, own)).toEqual({ status: 204, body: '' });
  expect(await ask('DELETE', at, undefined, own)).toMatchObject({ status: 404, body: { error: 'Not Found' } });
});

test('a tier that a contract has or wants is not deleted', async () => {
  const tiers = [TIER, { ...TIER, id: 2, name: 'b', autoApprove: false }];
  const { ask } = await start({ tiers, applications: [{ id: 1, name: 'a' }] });
  const { body } = await ask('POST', `${APPLICATIONS}/1/contracts`, { ...ACCESS, requestedTierId: 171457 });
  await ask('PATCH', `${APPLICATIONS}/1/contracts/${body.id}`, { requestedTierId: 2 });
  for (const id of [171457, 2]) expect((await ask('DELETE', `${MANAGED}/tiers/${id}`)).status).toBe(409);
  await ask('DELETE', `${APPLICATIONS}/1`);
  for (const id of [171457, 2]) expect((await ask('DELETE', `${MANAGED}/tiers/${id}`)).status).toBe(204);
});

test('so does the owner of a group, whose tiers have limits for each of its APIs', async () => {
  const { ask, login } = await start(GROUP);
  const own = { token: await login('grouper') };
  const at = `${MANAGER}/groupInstances/24608/tiers`;
  const limits = [{ visible: true, ...LIMIT }];
  const payload = { name: 'G', status: 'ACTIVE', defaultLimits: limits, limitsByApi: [{ apiId: 891105, limits: [] }] };
  const made = await ask('POST', at, payload, own);
  expect([made.status, made.body]).toMatchObject([201, { ...payload, groupInstanceId: 24608, autoApprove: false }]);
  expect((await ask('GET', GROUP_TIERS)).body[0].limitsByApi).toMatchObject([
    { apiId: 891105, limits: [] },
    { apiId: 956703, limits: [LIMIT] },
  ]);
  const stranger = { ...payload, name: 'H', limitsByApi: [{ apiId: 5, limits: [] }] };
  expect((await ask('POST', at, stranger, own)).status).toBe(400);
  expect((await ask('PUT', `${at}/${made.body.id}`, { name: 'G2', status: 'ACTIVE' }, own)).status).toBe(201);
  expect((await ask('GET', at, undefined, own)).body).toMatchObject({ total: 1, tiers: [{ name: 'G2' }] });
  expect((await ask('DELETE', `${at}/${made.body.id}`, undefined, own)).status).toBe(204);
});

test('what is no tier is refused in API Manager’s words', async () => {
  const { ask } = await start();
  for (const body of [{}, { name: 'x' }, { name: 'x', status: 'NEW' }, { ...PAYLOAD, limits: [{}] }, '{']) {
    const answer = await ask('POST', `${MANAGED}/tiers`, body);
    expect([answer.status, answer.body]).toEqual([400, { error: 'Bad Request', message: expect.any(String) }]);
  }
});
