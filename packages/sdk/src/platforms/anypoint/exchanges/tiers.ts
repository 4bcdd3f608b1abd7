import { type Departure, type Exchange, type ExchangeVariant, empty, json, leaving } from '../../exchange.ts';
import { COUNTED, ELSEWHERE, REPOSITORY, type Tenant, withGroup, withInstance } from './tenants.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of API Manager 1.0.0, api-manager/api.yaml in ${REPOSITORY}`;
const PAYLOAD = `${DOCUMENT}, the request’s example`;

const TENANT: Tenant = {
  root: 'f0c9b011-980e-4928-9430-e60e3a97c043',
  organization: 'f0c9b011-980e-4928-9430-e60e3a97c043',
  environment: '22126179-3dae-43f5-ac23-cbc9ecc29c53',
};
const GROUP_TENANT: Tenant = {
  root: '40fbc081-bb0d-4aff-9fb7-f3a48fdeb958',
  organization: '643c5d65-93ab-404d-9c13-efab34cf2a60',
  environment: TENANT.environment,
};

const asked = ({ root, organization }: Tenant) => ({ masterOrganizationId: root, organizationId: organization });
const pathOf = ({ organization: organizationId, environment: environmentId }: Tenant) => ({
  organizationId,
  environmentId,
});
const AT = (tenant: Tenant) =>
  `/apimanager/api/v1/organizations/${tenant.organization}/environments/${tenant.environment}`;

const limit = (maximumRequests: number, timePeriodInMilliseconds: number, visible: boolean) => ({
  maximumRequests,
  timePeriodInMilliseconds,
  visible,
});

const WORDS_47 = `ea nisi est eius libero
non consequatur vel repudiandae ipsa rerum
dolores vel eos tenetur animi`;
const WORDS_48 = `incidunt sit eius vel quo qui qui ex et
rerum possimus laudantium fugit minima aut perferendis
maiores dolore tempore non`;

const TIER_47 = {
  id: 47,
  name: 'consectetur 47',
  description: WORDS_47,
  limits: [limit(1000000, 1000, false)],
  status: 'ACTIVE',
  autoApprove: false,
  created: '2017-07-19T20:46:22.196Z',
};
export const TIER_48 = {
  id: 48,
  name: 'magni 48',
  description: WORDS_48,
  limits: [limit(1000000, 1000, true)],
  status: 'DEPRECATED',
  autoApprove: true,
  created: '2017-07-19T20:46:22.197Z',
};
const OTHER_TIER = {
  id: 8,
  name: 'Gold',
  description: null,
  limits: [limit(7, 60000, true), limit(70, 3600000, false)],
  status: 'ACTIVE',
  autoApprove: true,
  created: '2031-02-03T04:05:06.007Z',
};

type Seeded = typeof TIER_47 | typeof OTHER_TIER;

const told = (tenant: Tenant, { created, ...tier }: Seeded, more: object) => ({
  audit: { created: { date: created }, updated: {} },
  ...asked(tenant),
  ...tier,
  ...more,
});

/** The tiers of an instance of an API, of which one is in force for an application. */
function listOf(tenant: Tenant, instance: number, tiers: readonly Seeded[], used: number): ExchangeVariant {
  const contract = { id: 24, applicationId: 1, instanceId: instance, status: 'APPROVED', tierId: used };
  return {
    given: withInstance(tenant, instance, {
      tiers: tiers.map((each) => ({ ...each, instanceId: instance })),
      applications: [{ id: 1, name: 'dolor 1', masterOrganizationId: tenant.root }],
      contracts: [contract],
    }),
    http: `GET ${AT(tenant)}/apis/${instance}/tiers`,
    request: { path: { ...pathOf(tenant), instanceId: String(instance) } },
    answer: json({
      total: tiers.length,
      tiers: tiers.map((each) => told(tenant, each, { applicationCount: each.id === used ? 1 : 0, apiId: instance })),
    }),
  };
}

const payload = {
  status: 'ACTIVE',
  autoApprove: true,
  limits: [limit(5, 1, true)],
  name: 'tierName',
  description: 'tier description',
};
const otherPayload = {
  status: 'DEPRECATED',
  autoApprove: false,
  limits: [{ maximumRequests: 9, timePeriodInMilliseconds: 60000 }],
  name: 'Silver',
  description: null,
};
const AUDIT = { created: { date: '2017-08-03T21:33:57.041Z' }, updated: {} };
const LATER = '2031-02-03T04:05:06.007Z';
const printedTier = { ...payload, apiId: 25, audit: AUDIT, ...asked(TENANT), id: 190 };
const COUNT: Departure = ['applicationCount', 0, 'as in the list; the example of one tier leaves it out'];

const managed: readonly Exchange[] = [
  {
    operation: 'listManagedTiers',
    source: `${DOCUMENT}, example Tiers`,
    ...listOf(TENANT, 25, [TIER_47, TIER_48], 48),
    changed: listOf(ELSEWHERE, 956703, [OTHER_TIER], 8),
  },
  {
    operation: 'createManagedTier',
    source: `${PAYLOAD}; example Tier, because that of the answer is a list`,
    given: withInstance(TENANT, 25),
    at: AUDIT.created.date,
    http: `POST ${AT(TENANT)}/apis/25/tiers`,
    request: { path: { ...pathOf(TENANT), instanceId: '25' }, body: payload },
    ...leaving(json(printedTier, 201), [['id', 1, COUNTED], COUNT]),
    changed: {
      given: withInstance(ELSEWHERE, 9),
      at: LATER,
      http: `POST ${AT(ELSEWHERE)}/apis/9/tiers`,
      request: { path: { ...pathOf(ELSEWHERE), instanceId: '9' }, body: otherPayload },
      answer: json(
        {
          ...otherPayload,
          limits: [limit(9, 60000, true)],
          ...asked(ELSEWHERE),
          id: 1,
          apiId: 9,
          audit: { created: { date: LATER }, updated: {} },
          applicationCount: 0,
        },
        201,
      ),
    },
  },
  {
    operation: 'updateManagedTier',
    source: `${DOCUMENT}, example Tier of the request and of the answer`,
    given: withInstance(TENANT, 25, { tiers: [{ id: 190, instanceId: 25, name: 'x', created: AUDIT.created.date }] }),
    at: '2017-08-04T00:00:00.000Z',
    http: `PUT ${AT(TENANT)}/apis/25/tiers/190`,
    request: { path: { ...pathOf(TENANT), instanceId: '25', tierId: '190' }, body: payload },
    ...leaving(json(printedTier, 201), [
      ['audit/updated', { date: '2017-08-04T00:00:00.000Z' }, 'it is the answer to a change'],
      COUNT,
    ]),
    changed: {
      given: withInstance(ELSEWHERE, 9, { tiers: [OTHER_TIER].map((each) => ({ ...each, instanceId: 9 })) }),
      at: LATER,
      http: `PUT ${AT(ELSEWHERE)}/apis/9/tiers/8`,
      request: { path: { ...pathOf(ELSEWHERE), instanceId: '9', tierId: '8' }, body: otherPayload },
      answer: json(
        {
          ...otherPayload,
          limits: [limit(9, 60000, true)],
          ...asked(ELSEWHERE),
          id: 8,
          apiId: 9,
          audit: { created: { date: LATER }, updated: { date: LATER } },
          applicationCount: 0,
        },
        201,
      ),
    },
  },
  {
    operation: 'deleteManagedTier',
    source: `${DOCUMENT}: 204 without a body; the ids are those of the example Tier`,
    given: withInstance(TENANT, 25, { tiers: [{ id: 190, instanceId: 25 }] }),
    http: `DELETE ${AT(TENANT)}/apis/25/tiers/190`,
    request: { path: { ...pathOf(TENANT), instanceId: '25', tierId: '190' } },
    answer: empty(204),
    changed: {
      given: withInstance(ELSEWHERE, 9, { tiers: [{ id: 8, instanceId: 9 }] }),
      http: `DELETE ${AT(ELSEWHERE)}/apis/9/tiers/8`,
      request: { path: { ...pathOf(ELSEWHERE), instanceId: '9', tierId: '8' } },
      answer: empty(204),
    },
  },
];

interface GroupTier {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly limits: readonly object[];
  readonly limitsByApi: readonly { readonly apiId: number; readonly limits: readonly object[] }[];
  readonly status: string;
  readonly autoApprove: boolean;
  readonly created: string;
}

const FREE: GroupTier = {
  id: 23,
  name: 'Free',
  description: 'This is some description text',
  limits: [limit(5, 1, true)],
  limitsByApi: [
    { apiId: 2, limits: [limit(100000, 86400000, false), limit(1000000, 604800000, true)] },
    { apiId: 3, limits: [limit(10, 86400000, true), limit(1000000, 2592000000, true)] },
  ],
  status: 'ACTIVE',
  autoApprove: false,
  created: '2017-08-04T15:11:13.070Z',
};

function groupListOf(tenant: Tenant, group: number, members: readonly number[], tier: GroupTier): ExchangeVariant {
  const { created, limits: defaultLimits, ...same } = tier;
  const audit = { created: { date: created }, updated: {} };
  return {
    given: withGroup(tenant, group, members, { tiers: [{ ...tier, kind: 'api-group', instanceId: group }] }),
    http: `GET ${AT(tenant)}/groupInstances/${group}/tiers`,
    request: { path: { ...pathOf(tenant), apiGroupInstanceId: String(group) } },
    answer: json({
      total: 1,
      tiers: [{ audit, ...asked(tenant), groupInstanceId: group, defaultLimits, applicationCount: 0, ...same }],
    }),
  };
}

const groupPayload = {
  status: 'ACTIVE',
  autoApprove: true,
  limitsByApi: [{ apiId: 3, limits: [limit(5, 1, true)] }],
  name: 'tierName',
  description: 'tier description',
};
const otherGroupPayload = {
  status: 'DEPRECATED',
  autoApprove: false,
  defaultLimits: [limit(9, 60000, false)],
  name: 'Silver',
  description: null,
};
const EMPTY_AUDIT = { created: '', updated: '' };
const AUDITED = 'the example has empty texts in place of the times';
const NOT_SENT = 'the request’s example sends none';
const SAME_KEYS = 'as the list has it';
const made = (id: number, updated: object) => ({
  ...otherGroupPayload,
  limitsByApi: [],
  ...asked(ELSEWHERE),
  id,
  groupInstanceId: 31,
  audit: { created: { date: LATER }, updated },
  applicationCount: 0,
});
const seededGroupTier = { kind: 'api-group', name: 'x', created: '2017-08-03T21:33:57.041Z' };

const grouped: readonly Exchange[] = [
  {
    operation: 'listGroupTiers',
    source: `${DOCUMENT}, example GroupTier`,
    ...groupListOf(GROUP_TENANT, 34, [2, 3], FREE),
    changed: groupListOf(ELSEWHERE, 31, [7], { ...OTHER_TIER, limitsByApi: [] }),
  },
  {
    operation: 'createGroupTier',
    source: `${PAYLOAD}; example GroupTier of the answer`,
    given: withGroup(GROUP_TENANT, 1072, [3]),
    at: LATER,
    http: `POST ${AT(GROUP_TENANT)}/groupInstances/1072/tiers`,
    request: { path: { ...pathOf(GROUP_TENANT), apiGroupInstanceId: '1072' }, body: groupPayload },
    ...leaving(
      json(
        {
          status: 'ACTIVE',
          autoApprove: true,
          defaultLimits: [limit(5, 1, true)],
          limitsByApi: [
            {
              apiId: 3,
              groupId: 'ba3dd49c-9bd3-43a3-bb54-226715e9c57a',
              assetId: 'facebook-api',
              assetVersion: '1.0.0',
              limits: [limit(5, 1, true)],
            },
          ],
          groupInstanceId: 1072,
          name: 'tierName',
          description: 'tier description',
          audit: EMPTY_AUDIT,
          id: 131529,
        },
        201,
      ),
      [
        ['id', 1, COUNTED],
        ['audit', { created: { date: LATER }, updated: {} }, AUDITED],
        ['defaultLimits', [], NOT_SENT],
        ['limitsByApi/0/groupId', undefined, SAME_KEYS],
        ['limitsByApi/0/assetId', undefined, SAME_KEYS],
        ['limitsByApi/0/assetVersion', undefined, SAME_KEYS],
        ['masterOrganizationId', GROUP_TENANT.root, SAME_KEYS],
        ['organizationId', GROUP_TENANT.organization, SAME_KEYS],
        ['applicationCount', 0, SAME_KEYS],
      ],
    ),
    changed: {
      given: withGroup(ELSEWHERE, 31, [7]),
      at: LATER,
      http: `POST ${AT(ELSEWHERE)}/groupInstances/31/tiers`,
      request: { path: { ...pathOf(ELSEWHERE), apiGroupInstanceId: '31' }, body: otherGroupPayload },
      answer: json(made(1, {}), 201),
    },
  },
  {
    operation: 'updateGroupTier',
    source: `${DOCUMENT}, example GroupTier of the answer; the request’s is the one of creating, its own has no status`,
    given: withGroup(
      {
        ...GROUP_TENANT,
        root: 'dba62d01-b878-4816-a908-9703bd0c1fac',
        organization: 'dba62d01-b878-4816-a908-9703bd0c1fac',
      },
      1072,
      [3],
      { tiers: [{ ...seededGroupTier, id: 131529, instanceId: 1072 }] },
    ),
    at: LATER,
    http: `PUT ${AT({ ...GROUP_TENANT, organization: 'dba62d01-b878-4816-a908-9703bd0c1fac' })}/groupInstances/1072/tiers/131529`,
    request: {
      path: {
        organizationId: 'dba62d01-b878-4816-a908-9703bd0c1fac',
        environmentId: GROUP_TENANT.environment,
        apiGroupInstanceId: '1072',
        tierId: '131529',
      },
      body: groupPayload,
    },
    ...leaving(
      json({
        status: 'ACTIVE',
        autoApprove: true,
        defaultLimits: [limit(5, 1, true)],
        limitsByApi: [{ apiId: 3, limits: [limit(5, 1, true)] }],
        name: 'tierName',
        description: 'tier description',
        masterOrganizationId: 'dba62d01-b878-4816-a908-9703bd0c1fac',
        organizationId: 'dba62d01-b878-4816-a908-9703bd0c1fac',
        id: 131529,
        groupInstanceId: 1072,
        applicationCount: 0,
        audit: EMPTY_AUDIT,
      }),
      [
        ['status', 201, 'the document has 200 and 201; this is as for a tier of an API'],
        ['defaultLimits', [], NOT_SENT],
        ['audit', { created: { date: seededGroupTier.created }, updated: { date: LATER } }, AUDITED],
      ],
    ),
    changed: {
      given: withGroup(ELSEWHERE, 31, [7], {
        tiers: [{ ...seededGroupTier, created: LATER, id: 8, instanceId: 31 }],
      }),
      at: LATER,
      http: `PUT ${AT(ELSEWHERE)}/groupInstances/31/tiers/8`,
      request: { path: { ...pathOf(ELSEWHERE), apiGroupInstanceId: '31', tierId: '8' }, body: otherGroupPayload },
      answer: json(made(8, { date: LATER }), 201),
    },
  },
  {
    operation: 'deleteGroupTier',
    source: `${DOCUMENT}: 204 without a body; the ids are those of the example GroupTier`,
    given: withGroup(GROUP_TENANT, 1072, [3], { tiers: [{ ...seededGroupTier, id: 131529, instanceId: 1072 }] }),
    http: `DELETE ${AT(GROUP_TENANT)}/groupInstances/1072/tiers/131529`,
    request: { path: { ...pathOf(GROUP_TENANT), apiGroupInstanceId: '1072', tierId: '131529' } },
    answer: empty(204),
    changed: {
      given: withGroup(ELSEWHERE, 31, [7], { tiers: [{ ...seededGroupTier, id: 8, instanceId: 31 }] }),
      http: `DELETE ${AT(ELSEWHERE)}/groupInstances/31/tiers/8`,
      request: { path: { ...pathOf(ELSEWHERE), apiGroupInstanceId: '31', tierId: '8' } },
      answer: empty(204),
    },
  },
];

export const managedTiers: readonly Exchange[] = [...managed, ...grouped];
