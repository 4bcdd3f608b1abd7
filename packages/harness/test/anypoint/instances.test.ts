import { expect, test } from 'vitest';
import { ASSETS, AT, GROUP, GROUP_AT, ORGANIZATION, OTHER, refusal, SANDBOX, start } from './exchange.ts';

test('M-01 the instances of an API have texts for ids', async () => {
  const { ask } = await start();
  const { status, body } = await ask('GET', `${AT}/instances`);
  expect([status, body]).toEqual([
    200,
    [
      {
        id: '956703',
        versionGroup: 'v1',
        name: 'v1:956703',
        environmentName: 'Sandbox',
        environmentId: SANDBOX,
        type: 'managed',
        productAPIVersion: 'v1',
      },
    ],
  ]);
});

test('M-02 external and mocked instances are listed among them, and stand in no environment', async () => {
  const instances = [
    { id: 1, assetId: 'connected-raml', type: 'external' },
    { id: 2, assetId: 'connected-raml', type: 'mocked' },
  ];
  const { ask } = await start({ instances });
  const { body } = await ask('GET', `${AT}/instances`);
  expect(body.map((each: Record<string, unknown>) => [each.id, each.type, each.environmentId])).toEqual([
    ['1', 'external', null],
    ['2', 'mocked', null],
    ['956703', 'managed', SANDBOX],
  ]);
});

test('M-03 a deprecated instance is listed, and said to be one', async () => {
  const { ask } = await start({ instances: [{ id: 1, assetId: 'connected-raml', deprecated: true }] });
  const { body } = await ask('GET', `${AT}/instances`);
  expect(body[0]).toMatchObject({ id: '1', deprecated: true });
  expect(body[1]).not.toHaveProperty('deprecated');
});

test('M-04 the instances of a group have numbers, and the APIs that are in them', async () => {
  const { ask } = await start(GROUP);
  const { status, body } = await ask('GET', `${GROUP_AT}/apiGroupInstances`);
  expect([status, body]).toEqual([
    200,
    [
      {
        id: 24608,
        productVersion: 'v1',
        environmentId: SANDBOX,
        environmentType: 'sandbox',
        providerId: null,
        apiGroupId: 24608,
        apiGroupVersionId: 22686,
        apiGroupName: 'great-group',
        name: 'v1:24608',
        isPublic: false,
        apiInstances: [891105, 956703].map((id) => ({
          id,
          apiId: 342424,
          version: '1.0.0',
          minorVersion: '1.0',
          name: `v1:${id}`,
          productVersion: 'v1',
          environmentId: SANDBOX,
          stage: 'release',
          environmentName: 'Sandbox',
        })),
      },
    ],
  ]);
});

test('M-04 they are those that are there, not a copy', async () => {
  const { ask, seed } = await start(GROUP);
  await seed({
    instances: [{ id: 891105, assetId: 'connected-raml', apiId: 7, assetVersion: '2.1.3', stage: 'beta' }],
  });
  const { body } = await ask('GET', `${GROUP_AT}/apiGroupInstances`);
  expect(body[0].apiInstances[0]).toMatchObject({ apiId: 7, version: '2.1.3', minorVersion: '2.1', stage: 'beta' });
});

test('M-05 an unknown asset is not found; an asset without instances has an empty list', async () => {
  const { ask } = await start({ assets: [{ assetId: 'bare' }] });
  for (const list of ['instances', 'apiGroupInstances']) {
    expect(await ask('GET', `${ASSETS}/${ORGANIZATION}/nothing/versionGroups/v1/${list}`)).toEqual(refusal(404));
    const bare = await ask('GET', `${ASSETS}/${ORGANIZATION}/bare/versionGroups/v1/${list}`);
    expect([bare.status, bare.body]).toEqual([200, []]);
    expect((await ask('GET', `${ASSETS}/${ORGANIZATION}/connected-raml/versionGroups/v9/${list}`)).body).toEqual([]);
  }
});

test('M-05 nor is an asset of another organisation', async () => {
  const organizations = [{ id: OTHER }];
  const { ask } = await start({
    organizations,
    assets: [{ groupId: OTHER, organizationId: OTHER, assetId: 'theirs' }],
  });
  expect(await ask('GET', `${ASSETS}/${OTHER}/theirs/versionGroups/v1/instances`)).toEqual(refusal(404));
});

test('M-06 groups’ instances are paged and ordered', async () => {
  const group_instances = [1, 2, 3].map((id) => ({ id, assetId: 'great-group', apiGroupName: `g${4 - id}` }));
  const { ask } = await start({ assets: GROUP.assets, group_instances });
  const ids = async (query: string) =>
    (await ask('GET', `${GROUP_AT}/apiGroupInstances?${query}`)).body.map(({ id }: { id: number }) => id);
  expect(await ids('limit=2')).toEqual([1, 2]);
  expect(await ids('limit=2&offset=2')).toEqual([3]);
  expect(await ids('sort=apiGroupName')).toEqual([3, 2, 1]);
  expect(await ids('sort=id&ascending=false')).toEqual([3, 2, 1]);
  expect(await ids('limit=0')).toEqual([]);
  expect(await ask('GET', `${GROUP_AT}/apiGroupInstances?limit=251`)).toEqual(refusal(400));
});

test('an asset tells its versions, the latest first, and its terms are those of a version group', async () => {
  const versions = ['1.0.0', '1.0.1', '2.0.0'].map((version) => ({ version, versionGroup: `v${version[0]}` }));
  const { ask } = await start({ assets: [{ assetId: 'orders', name: 'Orders', versions, terms: { v1: 'Be kind.' } }] });
  const { body } = await ask('GET', `${ASSETS}/${ORGANIZATION}/orders`);
  expect(body).toMatchObject({
    name: 'Orders',
    version: '2.0.0',
    versionGroup: 'v2',
    organization: { id: ORGANIZATION },
  });
  expect(body.otherVersions.map(({ version }: { version: string }) => version)).toEqual(['1.0.1', '1.0.0']);
  const terms = async (group: string) =>
    (await ask('GET', `${ASSETS}/${ORGANIZATION}/orders/versionGroups/${group}/terms`)).body;
  expect(await terms('v1')).toMatchObject([{ assetVersion: '1.0.1', versionGroup: 'v1', terms: 'Be kind.' }]);
  expect(await terms('v2')).toEqual([]);
});
