import { expect, test } from 'vitest';
import {
  ACCESS,
  APPLICATIONS,
  GROUP,
  GROUP_ACCESS,
  MANAGED,
  MANUAL,
  ORGANIZATION,
  OTHER,
  refusal,
  SANDBOX,
  start,
  TIER,
} from './exchange.ts';

const CONTRACTS = `${APPLICATIONS}/273626/contracts`;
const application = { id: 273626, name: 'new-application', clientId: 'the-id', secret: 'the-secret' };
const mine = { applications: [application] };
const tiered = { ...mine, tiers: [TIER, MANUAL] };
const { id: _, instanceId: __, ...told } = { ...TIER, description: null, status: 'ACTIVE' };
const AUTO = { id: 171457, ...told };

test('M-40 access is requested with the page’s body', async () => {
  const { ask } = await start(tiered);
  const { status, body } = await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId: 171457 });
  expect([status, body.status]).toEqual([201, 'APPROVED']);
});

test.each([
  'acceptedTerms',
  'instanceType',
  'organizationId',
  'groupId',
  'assetId',
  'version',
  'versionGroup',
  'apiId',
])('M-41 %s is required', async (field) => {
  const { ask } = await start(mine);
  const { [field]: _gone, ...body } = ACCESS as Record<string, unknown>;
  expect(await ask('POST', CONTRACTS, body)).toEqual(refusal(400, new RegExp(field)));
  expect((await ask('GET', CONTRACTS)).body).toEqual([]);
});

test('M-41 and for a group apiGroupInstanceId', async () => {
  const { ask } = await start({ ...GROUP, ...mine });
  const { apiGroupInstanceId: _gone, ...body } = GROUP_ACCESS;
  expect(await ask('POST', CONTRACTS, { ...body, apiId: 956703 })).toEqual(refusal(400, /apiGroupInstanceId/));
});

test.each([
  ['numbers', { apiId: 956703, requestedTierId: 171457 }],
  ['texts', { apiId: '956703', requestedTierId: '171457' }],
])('M-42 ids may be %s', async (_how, ids) => {
  const { ask } = await start(tiered);
  const { status, body } = await ask('POST', CONTRACTS, { ...ACCESS, ...ids });
  expect([status, body.api.id, body.tier.id]).toEqual([201, 956703, 171457]);
});

test('M-42 a group’s id as well', async () => {
  const { ask } = await start({ ...GROUP, applications: [application, { id: 2, name: 'b' }] });
  for (const [app, apiGroupInstanceId] of [
    ['273626', 24608],
    ['2', '24608'],
  ] as const) {
    const body = { ...GROUP_ACCESS, apiGroupInstanceId };
    expect((await ask('POST', `${APPLICATIONS}/${app}/contracts`, body)).status).toBe(201);
  }
});

test.each([
  { apiId: '' },
  { apiId: 0 },
  { apiId: 1.5 },
  { apiId: null },
  { apiId: 'x' },
  { requestedTierId: 0 },
  { requestedTierId: true },
  { organizationId: 'acme' },
  { acceptedTerms: 'true' },
  { acceptedTerms: null },
  { assetId: '' },
  { assetId: 5 },
  { versionGroup: 'v'.repeat(257) },
  { environmentId: 7 },
])('M-42 %j is not taken', async (wrong) => {
  const { ask } = await start(mine);
  expect(await ask('POST', CONTRACTS, { ...ACCESS, ...wrong })).toEqual(refusal(400));
  expect((await ask('GET', CONTRACTS)).body).toEqual([]);
});

test.each(['API', 'group', '', null])('M-43 instanceType is not %j', async (instanceType) => {
  const { ask } = await start(mine);
  expect(await ask('POST', CONTRACTS, { ...ACCESS, instanceType })).toEqual(refusal(400, /instanceType/));
});

test('M-44 access to a group is requested with apiGroupInstanceId', async () => {
  const { ask } = await start({ ...GROUP, ...mine });
  const { status, body } = await ask('POST', CONTRACTS, GROUP_ACCESS);
  expect([status, body]).toEqual([
    201,
    {
      id: 1,
      status: 'APPROVED',
      applicationId: 273626,
      clientId: 'the-id',
      clientSecret: 'the-secret',
      apiGroupInstance: {
        id: 24608,
        organizationId: ORGANIZATION,
        environmentId: SANDBOX,
        groupId: ORGANIZATION,
        assetId: 'great-group',
        assetVersion: '1.0.0',
        productVersion: 'v1',
        name: 'v1:24608',
        apiGroupVersionId: 22686,
        assetName: 'great-group',
        environmentName: 'Sandbox',
      },
    },
  ]);
});

test('M-45 environmentId may be left out, or is the instance’s', async () => {
  const { ask } = await start(mine);
  expect(await ask('POST', CONTRACTS, { ...ACCESS, environmentId: '273626' })).toEqual(refusal(400, /environmentId/));
  expect((await ask('POST', CONTRACTS, { ...ACCESS, environmentId: SANDBOX })).status).toBe(201);
});

test('M-46 the answer to a request that is approved by itself', async () => {
  const { ask } = await start(tiered);
  const { body } = await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId: 171457 });
  expect(body).toEqual({
    id: 1,
    status: 'APPROVED',
    applicationId: 273626,
    clientId: 'the-id',
    clientSecret: 'the-secret',
    tier: AUTO,
    api: {
      id: 956703,
      version: '1.0.0',
      minorVersion: '1.0',
      organizationId: ORGANIZATION,
      deprecated: false,
      groupId: ORGANIZATION,
      assetId: 'connected-raml',
      assetVersion: '1.0.0',
      productVersion: 'v1',
      environmentId: SANDBOX,
      fullname: 'connected-raml - Sandbox - undefined',
      assetName: 'connected-raml',
      environmentName: 'Sandbox',
    },
  });
});

test('M-47 its credentials are the application’s', async () => {
  const { ask } = await start();
  const { body: made } = await ask('POST', APPLICATIONS, { name: 'x' });
  const { body } = await ask('POST', `${APPLICATIONS}/${made.id}/contracts`, ACCESS);
  expect([body.clientId, body.clientSecret]).toEqual([made.clientId, made.clientSecret]);
});

test('M-48 a tier that is not approved by itself leaves it pending', async () => {
  const { ask } = await start(tiered);
  const { status, body } = await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId: 171458 });
  expect([status, body.status, body.requestedTier]).toEqual([
    201,
    'PENDING',
    { ...AUTO, id: 171458, name: 'manual SLA', autoApprove: false },
  ]);
  expect(body).not.toHaveProperty('tier');
  expect(body.clientSecret).toBe('the-secret');
  const { tier: _none, ...listed } = { id: body.id, status: 'PENDING', requestedTier: body.requestedTier, tier: 0 };
  expect((await ask('GET', CONTRACTS)).body).toEqual([listed]);
});

test.each([{}, { requestedTierId: null }])('M-49 without tiers it is approved at once, with %j', async (tier) => {
  const { ask } = await start(mine);
  const { status, body } = await ask('POST', CONTRACTS, { ...ACCESS, ...tier });
  expect([status, body.status]).toEqual([201, 'APPROVED']);
  expect(body).not.toHaveProperty('tier');
  expect(body).not.toHaveProperty('requestedTier');
});

test.each([{}, { requestedTierId: null }])('M-50 with tiers one has to be chosen, not %j', async (tier) => {
  const { ask } = await start(tiered);
  expect(await ask('POST', CONTRACTS, { ...ACCESS, ...tier })).toEqual(refusal(400, /requestedTierId/));
});

test('M-51 and one of the instance that is not deprecated', async () => {
  const instances = [{ id: 5, assetId: 'connected-raml' }];
  const tiers = [TIER, { ...TIER, id: 8, name: 'old', status: 'DEPRECATED' }, { ...TIER, id: 9, instanceId: 5 }];
  const { ask } = await start({ ...mine, instances, tiers });
  for (const requestedTierId of [8, 9, 10]) {
    expect(await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId })).toEqual(refusal(400, /tier/));
  }
});

test('M-52 terms have to be accepted where there are some', async () => {
  const { ask, seed } = await start(mine);
  expect((await ask('POST', CONTRACTS, { ...ACCESS, acceptedTerms: false })).status, 'there are none').toBe(201);
  await seed({
    assets: [{ assetId: 'connected-raml', terms: { v1: 'Be kind.' } }],
    applications: [{ id: 2, name: 'b' }],
  });
  const at = `${APPLICATIONS}/2/contracts`;
  expect(await ask('POST', at, { ...ACCESS, acceptedTerms: false })).toEqual(refusal(400, /terms/));
  expect((await ask('POST', at, ACCESS)).status).toBe(201);
  const { body } = await ask('GET', `${MANAGED}/contracts`);
  expect(body.contracts.map(({ terms }: { terms: unknown }) => terms)).toEqual([null, 'Be kind.']);
});

test('M-53 a deprecated instance gives no contracts; those that are there stay', async () => {
  const { ask, seed } = await start({ ...GROUP, ...mine });
  await ask('POST', CONTRACTS, ACCESS);
  const deprecated = { assetId: 'connected-raml', apiId: 342424, deprecated: true };
  await seed({
    instances: [{ id: 956703, ...deprecated }],
    group_instances: GROUP.group_instances.map((each) => ({ ...each, deprecated: true })),
    applications: [{ id: 2, name: 'b' }],
  });
  const at = `${APPLICATIONS}/2/contracts`;
  expect(await ask('POST', at, ACCESS)).toEqual(refusal(400, /deprecated/));
  expect(await ask('POST', at, GROUP_ACCESS)).toEqual(refusal(400, /deprecated/));
  expect((await ask('GET', CONTRACTS)).body).toHaveLength(1);
});

test.each(['external', 'mocked'])('M-54 nor does one that is %s', async (type) => {
  const { ask } = await start({ ...mine, instances: [{ id: 5, assetId: 'connected-raml', type }] });
  expect(await ask('POST', CONTRACTS, { ...ACCESS, apiId: 5 })).toEqual(refusal(400, /managed/));
});

test('M-55 an application has one contract with an instance', async () => {
  const { ask } = await start({
    ...GROUP,
    ...tiered,
    instances: [...GROUP.instances, { id: 5, assetId: 'connected-raml' }],
  });
  const body = { ...ACCESS, requestedTierId: 171457 };
  await ask('POST', CONTRACTS, body);
  expect(await ask('POST', CONTRACTS, body)).toEqual(refusal(409));
  expect(await ask('POST', CONTRACTS, { ...body, requestedTierId: 171458 })).toEqual(refusal(409));
  expect((await ask('POST', CONTRACTS, { ...ACCESS, apiId: 5 })).status).toBe(201);
  expect((await ask('POST', CONTRACTS, GROUP_ACCESS)).status).toBe(201);
  expect(await ask('POST', CONTRACTS, GROUP_ACCESS)).toEqual(refusal(409));
});

test.each(['REJECTED', 'REVOKED'])('M-55 one that is %s has to be deleted first', async (status) => {
  const contracts = [{ id: 3, applicationId: 273626, instanceId: 956703, status }];
  const { ask } = await start({ ...mine, contracts });
  expect(await ask('POST', CONTRACTS, ACCESS)).toEqual(refusal(409));
  expect((await ask('DELETE', `${MANAGED}/contracts/3`)).status).toBe(204);
  expect((await ask('POST', CONTRACTS, ACCESS)).status).toBe(201);
});

test('M-56 the application has to be there, and the caller’s', async () => {
  const { ask, login } = await start(mine);
  const token = await login('colleague');
  expect(await ask('POST', CONTRACTS, ACCESS, { token })).toEqual(refusal(403, 'Unauthorized'));
  for (const id of ['1', 'x', '0273626']) {
    expect(await ask('POST', `${APPLICATIONS}/${id}/contracts`, ACCESS)).toEqual(refusal(404));
  }
});

test.each([
  { organizationId: OTHER },
  { groupId: OTHER },
  { assetId: 'other' },
  { version: '9.9.9' },
  { versionGroup: 'v2' },
  { apiId: 1 },
])('M-57 the asset has to be the instance’s, not %j', async (wrong) => {
  const { ask } = await start({ ...mine, assets: [{ assetId: 'other' }] });
  expect(await ask('POST', CONTRACTS, { ...ACCESS, ...wrong })).toEqual(refusal(400));
  expect((await ask('GET', CONTRACTS)).body).toEqual([]);
});

test('M-57 organizationId is the asset’s, which need not be the caller’s own', async () => {
  const group = { organizationId: OTHER, groupId: OTHER };
  const { ask } = await start({
    ...mine,
    organizations: [{ id: OTHER, name: 'Sales', rootId: ORGANIZATION }],
    environments: [{ id: 'live', name: 'Live', organizationId: OTHER }],
    assets: [{ ...group, assetId: 'sales' }],
    instances: [{ ...group, id: 5, assetId: 'sales', environmentId: 'live' }],
  });
  const body = { ...ACCESS, ...group, apiId: 5, assetId: 'sales' };
  expect((await ask('POST', CONTRACTS, { ...body, organizationId: ORGANIZATION })).status).toBe(400);
  expect((await ask('POST', CONTRACTS, body)).body.api).toMatchObject({
    environmentName: 'Live',
    organizationId: OTHER,
  });
});

test('M-58 the full name has the label of the instance, or `undefined`', async () => {
  const instances = [{ id: 5, assetId: 'connected-raml', label: 'v1:300853' }];
  const assets = [{ assetId: 'connected-raml', name: 'Facebook' }];
  const environments = [{ id: SANDBOX, name: 'QAx' }];
  const { ask } = await start({ ...mine, instances, assets, environments });
  expect((await ask('POST', CONTRACTS, { ...ACCESS, apiId: 5 })).body.api.fullname).toBe('Facebook - QAx - v1:300853');
  expect((await ask('POST', CONTRACTS, ACCESS)).body.api.fullname).toBe('Facebook - QAx - undefined');
});

test('another tier: at once when it is approved by itself, else the old one stays until it is', async () => {
  const { ask } = await start({ ...tiered, tiers: [TIER, MANUAL, { ...TIER, id: 5, name: 'third' }] });
  const { body: made } = await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId: 171457 });
  const change = async (requestedTierId: unknown) => {
    const { status, body } = await ask('PATCH', `${CONTRACTS}/${made.id}`, { requestedTierId });
    return [status, body.status, body.tier?.id, body.requestedTier?.id];
  };
  expect(await change(5)).toEqual([200, 'APPROVED', 5, undefined]);
  expect(await change('171458')).toEqual([200, 'APPROVED', 5, 171458]);
  expect(await change(5), 'who wants what they have wants no other').toEqual([200, 'APPROVED', 5, undefined]);
  await change(171458);
  expect(await change(171457)).toEqual([200, 'APPROVED', 171457, undefined]);
  expect((await change(99))[0]).toBe(400);
  expect((await change(null))[0]).toBe(400);
  expect(await ask('PATCH', `${CONTRACTS}/99`, { requestedTierId: 5 })).toEqual(refusal(404));
});

test('an application tells the instances that it has contracts with, and through which contracts', async () => {
  const third = { ...MANUAL, id: 5, name: 'slow', limits: [{ timePeriodInMilliseconds: 10000, maximumRequests: 1 }] };
  const { ask } = await start({ ...GROUP, ...tiered, tiers: [TIER, MANUAL, third] });
  await ask('POST', CONTRACTS, { ...ACCESS, requestedTierId: 171457 });
  await ask('POST', CONTRACTS, GROUP_ACCESS);
  const { body } = await ask('GET', `${APPLICATIONS}/273626/instances`);
  const shared = { status: 'APPROVED', applicationId: 273626, partyId: null, versionGroup: 'v1', condition: 'APPLIED' };
  expect(body).toMatchObject([
    {
      ...shared,
      apiVersionId: 956703,
      apiVersion: { id: 956703, apiId: 342424, assetId: 'connected-raml' },
      application: { coreServicesId: 'the-id' },
      tierId: 171457,
      assetName: 'connected-raml',
      possibleTiers: [
        { id: 5, compareToActual: 'MORE RESTRICTIVE' },
        { id: 171458, compareToActual: 'EQUAL' },
      ],
    },
    { ...shared, apiVersionId: null, apiVersion: null, apiGroupInstanceId: 24608, assetName: 'great-group' },
  ]);
  const through = async (id: number) =>
    (await ask('GET', `${APPLICATIONS}/273626/instances/${id}/contracts`)).body.map((each: { id: number }) => each.id);
  expect(await through(956703)).toEqual([1, 2]);
  expect(await through(891105)).toEqual([2]);
});

test('a group’s contract is not applied where the application has its own with each of the group’s APIs', async () => {
  const { ask } = await start({ ...GROUP, ...mine });
  await ask('POST', CONTRACTS, GROUP_ACCESS);
  const condition = async () => (await ask('GET', `${APPLICATIONS}/273626/instances`)).body.at(0).condition;
  await ask('POST', CONTRACTS, ACCESS);
  expect(await condition()).toBe('APPLIED');
  await ask('POST', CONTRACTS, { ...ACCESS, apiId: 891105 });
  expect(await condition()).toBe('NOT_APPLIED');
});
