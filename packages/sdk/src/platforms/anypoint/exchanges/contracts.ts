import { type Exchange, type ExchangeVariant, empty, json, leaving } from '../../exchange.ts';
import { COUNTED, ELSEWHERE, REPOSITORY, type Tenant, withGroup, withInstance } from './tenants.ts';
import { TIER_48 } from './tiers.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of API Manager 1.0.0, api-manager/api.yaml in ${REPOSITORY}`;
const OF_LIST = `${DOCUMENT}, the first of example Contracts, which stands for one contract as well`;

const LIVE = '22126179-3dae-43f5-ac23-cbc9ecc29c53';
const ORG = 'f0c9b011-980e-4928-9430-e60e3a97c043';
const TENANT: Tenant = { root: ORG, organization: ORG, environment: LIVE };
const GROUP_ORG = 'df698af3-9b43-4a73-91b2-643dc774b88f';
const GROUP_TENANT: Tenant = { root: GROUP_ORG, organization: GROUP_ORG, environment: LIVE };

const base = ({ organization, environment }: Tenant) =>
  `/apimanager/api/v1/organizations/${organization}/environments/${environment}`;
const pathOf = ({ organization: organizationId, environment: environmentId }: Tenant) => ({
  organizationId,
  environmentId,
});

interface App {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly clientId: string;
  readonly url: string | null;
  readonly created: string;
}

const DOLOR: App = {
  id: 1,
  name: 'dolor 1',
  description:
    'repudiandae quo ab veritatis recusandae consequatur perferendis delectus corporis illo rerum officia quia quaerat ut dolorem eos illum optio odio alias amet nihil consequatur et et reprehenderit voluptate vel ipsa corrupti et dicta sint minus rerum culpa rerum labore temporibus qui dolores porro dolor quam molestias ea est aliquid nam',
  clientId: '98ecdda9dc524b37b141e2cc3ee19747',
  url: 'http://sample-app.com/1',
  created: '2017-07-19T20:46:19.307Z',
};
const APP1: App = {
  id: 4,
  name: 'App1',
  description: null,
  clientId: '9437726c426b41c8ac11d38445caf218',
  url: null,
  created: '2017-08-03T21:48:25.994Z',
};
const VERITATIS: App = {
  id: 3,
  name: 'veritatis 3',
  description:
    'omnis temporibus voluptas cumque ut quia quas commodi officiis doloremque deserunt tempore qui veritatis qui porro ut modi eos consequatur possimus accusamus perferendis a sunt nulla quos laudantium iste voluptas odio blanditiis aliquam aliquid iusto esse dicta neque fugit cupiditate beatae aut quae sint eos sequi numquam ab quo rem',
  clientId: 'a81fca28ebaa4001bc2426350f207a53',
  url: 'http://sample-app.com/3',
  created: '2017-07-19T20:46:19.307Z',
};
const SHOP: App = {
  id: 41,
  name: 'Shop',
  description: null,
  clientId: 'c',
  url: null,
  created: '2031-01-01T00:00:00.000Z',
};
const TEST_APP: App = {
  id: 95543,
  name: 'testApp',
  description: null,
  clientId: '08e71e20c16946ca886551c2bc1ef15a',
  url: null,
  created: '2019-01-25T18:13:39.391Z',
};

const seededApp = (app: App, { root }: Tenant) => ({ ...app, masterOrganizationId: root });
const toldApp = ({ id, name, description, clientId, url, created }: App) => ({
  audit: { created: { date: created }, updated: {} },
  id,
  name,
  description,
  coreServicesId: clientId,
  url,
});

interface Tier {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly limits: readonly object[];
  readonly status: string;
  readonly autoApprove: boolean;
  readonly created: string;
}

const TIER_39: Tier = {
  id: 39,
  name: 'voluptatem 39',
  description:
    'et in non inventore blanditiis voluptas voluptatem enim et\nculpa accusamus corporis\nvoluptas et dolorem ipsa',
  limits: [{ maximumRequests: 100000, timePeriodInMilliseconds: 2592000000, visible: false }],
  status: 'ACTIVE',
  autoApprove: true,
  created: '2017-07-19T20:46:22.146Z',
};

const toldTier = ({ created, ...tier }: Tier) => ({ audit: { created: { date: created }, updated: {} }, ...tier });

interface Deal {
  readonly id: number;
  readonly app: App;
  readonly tier: Tier | null;
  readonly status: string;
  readonly created: string;
  readonly updated: string | null;
  readonly approvedDate: string | null;
  readonly revokedDate?: string | null;
}

const DEAL_24: Deal = {
  id: 24,
  app: DOLOR,
  tier: TIER_48,
  status: 'APPROVED',
  created: '2017-07-19T20:46:22.440Z',
  updated: null,
  approvedDate: '2017-07-19T20:46:22.520Z',
};
const DEAL_77: Deal = {
  id: 77,
  app: APP1,
  tier: TIER_39,
  status: 'APPROVED',
  created: '2017-08-03T22:13:14.533Z',
  updated: '2017-08-03T22:16:36.673Z',
  approvedDate: '2017-08-03T22:16:36.673Z',
};
const OTHER_DEAL: Deal = {
  id: 5,
  app: SHOP,
  tier: null,
  status: 'REVOKED',
  created: '2031-01-02T00:00:00.000Z',
  updated: '2031-01-03T00:00:00.000Z',
  approvedDate: null,
  revokedDate: '2031-01-03T00:00:00.000Z',
};
const GROUP_DEAL: Deal = {
  id: 90161,
  app: TEST_APP,
  tier: null,
  status: 'APPROVED',
  created: '2019-06-10T17:59:22.648Z',
  updated: null,
  approvedDate: '2019-06-10T17:59:22.743Z',
};

/** Properties of a contract of either kind. */
function dealt({ root, organization }: Tenant, deal: Deal) {
  const { id, app, tier, status, created, updated, approvedDate, revokedDate = null } = deal;
  return {
    audit: { created: { date: created }, updated: updated === null ? {} : { date: updated } },
    masterOrganizationId: root,
    organizationId: organization,
    id,
    status,
    approvedDate,
    rejectedDate: null,
    revokedDate,
    applicationId: app.id,
    application: toldApp(app),
    tierId: tier?.id ?? null,
    tier: tier === null ? null : toldTier(tier),
    requestedTierId: null,
    requestedTier: null,
    terms: null,
    partyId: null as string | null,
    partyName: null as string | null,
  };
}

const ofApi = (tenant: Tenant, deal: Deal, instance: number) => ({
  ...dealt(tenant, deal),
  apiId: instance,
  api: { audit: { created: {}, updated: {} }, id: instance },
});

function ofGroup(tenant: Tenant, deal: Deal, group: number) {
  return {
    ...dealt(tenant, deal),
    groupInstanceId: group,
    groupInstances: {
      audit: { created: {}, updated: {} },
      id: group,
      groupVersionId: 1073,
      organizationId: tenant.organization,
      environmentId: tenant.environment,
      assetGroupId: tenant.organization as string | null,
      assetId: 'api-group' as string | null,
      assetVersion: '1.0.0' as string | null,
      groupInstanceLabel: null,
    },
    condition: 'APPLIED',
  };
}

const seededDeal = (kind: string, instanceId: number) => (deal: Deal) => {
  const { id, app, tier, status, created, updated, approvedDate, revokedDate = null } = deal;
  const dates = { created, updated, approvedDate, revokedDate };
  return { id, kind, applicationId: app.id, instanceId, status, tierId: tier?.id ?? null, ...dates };
};

function given(kind: 'api' | 'api-group', tenant: Tenant, instance: number, deals: readonly Deal[], more: object = {}) {
  const things = {
    applications: deals.map(({ app }) => seededApp(app, tenant)),
    tiers: deals.flatMap(({ tier }) => (tier === null ? [] : [{ ...tier, kind, instanceId: instance }])),
    contracts: deals.map(seededDeal(kind, instance)),
    ...more,
  };
  return kind === 'api' ? withInstance(tenant, instance, things) : withGroup(tenant, instance, [], things);
}

interface Target {
  readonly kind: 'api' | 'api-group';
  readonly tenant: Tenant;
  readonly instance: number;
}

const API: Target = { kind: 'api', tenant: TENANT, instance: 25 };
const OTHER_API: Target = { kind: 'api', tenant: ELSEWHERE, instance: 9 };
const GROUP: Target = { kind: 'api-group', tenant: GROUP_TENANT, instance: 193283 };
const MADE_GROUP: Target = { kind: 'api-group', tenant: TENANT, instance: 25 };
const OTHER_GROUP: Target = { kind: 'api-group', tenant: ELSEWHERE, instance: 31 };

const contractsAt = ({ kind, tenant, instance }: Target) =>
  `${base(tenant)}/${kind === 'api' ? 'apis' : 'groupInstances'}/${instance}/contracts`;
const pathAt = ({ kind, tenant, instance }: Target) => ({
  ...pathOf(tenant),
  [kind === 'api' ? 'instanceId' : 'apiGroupInstanceId']: String(instance),
});
const tell = ({ kind, tenant, instance }: Target, deal: Deal) =>
  kind === 'api' ? ofApi(tenant, deal, instance) : ofGroup(tenant, deal, instance);

function listing(target: Target, deals: readonly Deal[]): ExchangeVariant {
  return {
    given: given(target.kind, target.tenant, target.instance, deals),
    http: `GET ${contractsAt(target)}`,
    request: { path: pathAt(target) },
    answer: json({ total: deals.length, contracts: deals.map((each) => tell(target, each)) }),
  };
}

function getting(target: Target, deal: Deal): ExchangeVariant {
  return {
    given: given(target.kind, target.tenant, target.instance, [deal]),
    http: `GET ${contractsAt(target)}/${deal.id}`,
    request: { path: { ...pathAt(target), contractId: String(deal.id) } },
    answer: json(tell(target, deal)),
  };
}

function deleting(target: Target, deal: Deal): ExchangeVariant {
  return {
    given: given(target.kind, target.tenant, target.instance, [deal]),
    http: `DELETE ${contractsAt(target)}/${deal.id}`,
    request: { path: { ...pathAt(target), contractId: String(deal.id) } },
    answer: empty(204),
  };
}

/** A tier with which access is granted at once. */
const AT_ONCE: Tier = { ...TIER_48, status: 'ACTIVE' };
const MADE_AT = '2017-08-07T16:42:32.872Z';
const APPROVED_AT = '2017-08-07T16:42:32.907Z';
const MADE: Deal = {
  id: 80,
  app: VERITATIS,
  tier: TIER_48,
  status: 'APPROVED',
  created: MADE_AT,
  updated: null,
  approvedDate: APPROVED_AT,
};

const printedApp = {
  masterOrganizationId: ORG,
  id: 3,
  name: 'veritatis 3',
  description: VERITATIS.description,
  coreServicesId: VERITATIS.clientId,
  url: VERITATIS.url,
  grantTypes: [],
  redirectUri: ['http://sample-app.com/3/redirect'],
  clientId: VERITATIS.clientId,
  clientSecret: '795F7A469Bf646289d742869B5d828d4',
  clientProvider: { providerId: null },
  owner: 'N/A',
  email: 'N/A',
  owners: [],
};

const REASON = { reason: 'This is the request reason' };
const printedContract = {
  ...ofApi(TENANT, MADE, 25),
  application: printedApp,
  partyId: '',
  partyName: '',
  requestAccessInfo: REASON,
};
const { groupInstances: _, condition: __, ...printedDeal } = ofGroup(TENANT, MADE, 25);
const printedGroupContract = {
  ...printedDeal,
  application: printedApp,
  partyId: '',
  partyName: '',
  groupInstance: {
    audit: { created: { date: MADE_AT }, updated: {} },
    id: 25,
    groupId: 1066,
    groupVersionId: 1073,
    masterOrganizationId: ORG,
    organizationId: ORG,
    environmentId: LIVE,
    assetGroupId: null,
    assetId: null,
    assetVersion: null,
    productVersion: null,
    groupInstanceLabel: null,
    status: 'DRAFT',
    deprecated: false,
    apiInstances: [312440],
  },
};

const NOT_KEPT = 'who asked on whose behalf, and why, is not kept';
const APP_KEYS = 'the application is told as in the list, without its secret';
const IN_FORCE = 'an instance may not ask for a tier that is deprecated, though the example does';
const GROUP_KEYS = 'told as in the list, where the key is groupInstances and has a condition beside it';

const asking = {
  applicationId: 3,
  partyId: '',
  partyName: '',
  acceptedTerms: false,
  requestedTierId: 48,
  requestAccessInfo: REASON,
};

function creating(target: Target, app: App, tier: Tier | null, at: string, body: object): ExchangeVariant {
  const { kind, tenant, instance } = target;
  const deal: Deal = { id: 1, app, tier, status: 'APPROVED', created: at, updated: null, approvedDate: at };
  const tiers = tier === null ? [] : [{ ...tier, kind, instanceId: instance }];
  return {
    given: given(kind, tenant, instance, [], { applications: [seededApp(app, tenant)], tiers }),
    at,
    http: `POST ${contractsAt(target)}`,
    request: { path: pathAt(target), body },
    answer: json(tell(target, deal), 201),
  };
}

const api: readonly Exchange[] = [
  {
    operation: 'listManagedContracts',
    source: `${DOCUMENT}, example Contracts`,
    ...listing(API, [DEAL_24, DEAL_77]),
    ...leaving(
      json({
        total: 2,
        contracts: [ofApi(TENANT, DEAL_24, 25), { ...ofApi(TENANT, DEAL_77, 25), partyId: '1', partyName: 'hola' }],
      }),
      [
        ['contracts/1/partyId', null, NOT_KEPT],
        ['contracts/1/partyName', null, NOT_KEPT],
      ],
    ),
    changed: listing(OTHER_API, [OTHER_DEAL]),
  },
  {
    operation: 'createManagedContract',
    source: `${DOCUMENT}, example Contract of the request and of the answer`,
    ...creating(API, VERITATIS, AT_ONCE, MADE_AT, asking),
    ...leaving(json(printedContract, 201), [
      ['id', 1, COUNTED],
      ['approvedDate', MADE_AT, 'one moment is one time here'],
      ['application', toldApp(VERITATIS), APP_KEYS],
      ['tier/status', 'ACTIVE', IN_FORCE],
      ['partyId', null, NOT_KEPT],
      ['partyName', null, NOT_KEPT],
      ['requestAccessInfo', undefined, NOT_KEPT],
    ]),
    changed: creating(OTHER_API, SHOP, null, '2031-02-03T04:05:06.007Z', { applicationId: '41' }),
  },
  {
    operation: 'getManagedContract',
    source: OF_LIST,
    ...getting(API, DEAL_24),
    changed: getting(OTHER_API, OTHER_DEAL),
  },
  {
    operation: 'updateManagedContract',
    source: `${DOCUMENT}, example Contract of the answer; the request as help.salesforce.com, 001115212, has it`,
    given: given('api', TENANT, 25, [{ ...MADE, status: 'PENDING', tier: null, approvedDate: null }], {
      tiers: [{ ...AT_ONCE, kind: 'api', instanceId: 25 }],
      contracts: [
        {
          ...seededDeal('api', 25)({ ...MADE, status: 'PENDING', tier: null, approvedDate: null }),
          requestedTierId: 48,
        },
      ],
    }),
    at: APPROVED_AT,
    http: `PATCH ${contractsAt(API)}/80`,
    request: { path: { ...pathAt(API), contractId: '80' }, body: { status: 'APPROVED' } },
    ...leaving(json(printedContract), [
      ['audit/updated', { date: APPROVED_AT }, 'it is the answer to a change'],
      ['application', toldApp(VERITATIS), APP_KEYS],
      ['tier/status', 'ACTIVE', IN_FORCE],
      ['partyId', null, NOT_KEPT],
      ['partyName', null, NOT_KEPT],
      ['requestAccessInfo', undefined, NOT_KEPT],
    ]),
    changed: {
      given: given('api', ELSEWHERE, 9, [{ ...OTHER_DEAL, status: 'APPROVED', updated: null, revokedDate: null }]),
      at: '2031-01-03T00:00:00.000Z',
      http: `PATCH ${contractsAt(OTHER_API)}/5`,
      request: { path: { ...pathAt(OTHER_API), contractId: '5' }, body: { status: 'REVOKED' } },
      answer: json(ofApi(ELSEWHERE, OTHER_DEAL, 9)),
    },
  },
  {
    operation: 'deleteManagedContract',
    source: `${DOCUMENT}: 204 without a body; the ids are those of the example Contracts`,
    ...deleting(API, { ...DEAL_24, status: 'REVOKED' }),
    changed: deleting(OTHER_API, OTHER_DEAL),
  },
];

const printedInList = {
  ...ofGroup(GROUP_TENANT, GROUP_DEAL, 193283),
  groupInstances: {
    ...ofGroup(GROUP_TENANT, GROUP_DEAL, 193283).groupInstances,
    assetGroupId: null,
    assetId: null,
    assetVersion: null,
  },
  condition: 'GROUP',
};
const PLACED = 'a group is an asset of Exchange here';
const CONDITION = 'no contract of the application’s own is in the way';
const departures = (at: string) =>
  [
    [`${at}groupInstances/assetGroupId`, GROUP_ORG, PLACED],
    [`${at}groupInstances/assetId`, 'api-group', PLACED],
    [`${at}groupInstances/assetVersion`, '1.0.0', PLACED],
    [`${at}condition`, 'APPLIED', CONDITION],
  ] as const;
const madeInGroup = ofGroup(TENANT, { ...MADE, id: 1, tier: null, approvedDate: MADE_AT }, 25);

const group: readonly Exchange[] = [
  {
    operation: 'listGroupContracts',
    source: `${DOCUMENT}, example GroupContract`,
    ...listing(GROUP, [GROUP_DEAL]),
    ...leaving(json({ total: 1, contracts: [printedInList] }), departures('contracts/0/')),
    changed: listing(OTHER_GROUP, [OTHER_DEAL]),
  },
  {
    operation: 'createGroupContract',
    source: `${DOCUMENT}, examples of the request and of the answer`,
    ...creating(MADE_GROUP, VERITATIS, null, MADE_AT, { ...asking, requestedTierId: null }),
    request: { path: pathAt(MADE_GROUP), body: { ...asking, requestedTierId: null } },
    ...leaving(json(printedGroupContract, 201), [
      ['id', 1, COUNTED],
      ['approvedDate', MADE_AT, 'one moment is one time here'],
      ['application', toldApp(VERITATIS), APP_KEYS],
      ['tierId', null, 'a tier of a group has limits by API; the example has one of an API'],
      ['tier', null, 'a tier of a group has limits by API; the example has one of an API'],
      ['partyId', null, NOT_KEPT],
      ['partyName', null, NOT_KEPT],
      ['groupInstance', undefined, GROUP_KEYS],
      ['groupInstances', madeInGroup.groupInstances, GROUP_KEYS],
      ['condition', 'APPLIED', GROUP_KEYS],
    ]),
    changed: creating(OTHER_GROUP, SHOP, null, '2031-02-03T04:05:06.007Z', { applicationId: '41' }),
  },
  {
    operation: 'getGroupContract',
    source: `${DOCUMENT}, the one of example GroupContract, which stands for one contract as well`,
    ...getting(GROUP, GROUP_DEAL),
    ...leaving(json(printedInList), departures('')),
    changed: getting(OTHER_GROUP, OTHER_DEAL),
  },
  {
    operation: 'deleteGroupContract',
    source: `${DOCUMENT}: 204 without a body; the ids are those of the example GroupContract`,
    ...deleting(GROUP, { ...GROUP_DEAL, status: 'REVOKED' }),
    changed: deleting(OTHER_GROUP, OTHER_DEAL),
  },
];

export const managedContracts: readonly Exchange[] = [...api, ...group];
