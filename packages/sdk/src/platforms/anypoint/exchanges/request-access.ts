import type { Deviation, Exchange, ExchangeAnswer } from '../../exchange.ts';

const PAGE = 'MuleSoft’s page "Request Access" of the Exchange API';

const json = (body: unknown, status = 200): ExchangeAnswer => ({ status, mediaType: 'application/json', body });

const differs = (key: string, page: unknown, ours: unknown, why: string): Deviation => ({
  path: `/body/${key}`,
  page,
  ours,
  why,
});

const ORGANIZATION = '5a673b98-92f4-459d-b950-daeed7a8165d';
const SANDBOX = 'fa07c403-3655-4e6b-8ea1-4888cc2775c1';
const OTHER = '11111111-2222-4333-8444-555555555555';
const PRODUCTION = '99999999-8888-4777-8666-555555555555';

/** The caller's organisation is another one, with an environment of its own. */
const elsewhere = {
  organizations: [{ id: OTHER, name: 'Acme' }],
  environments: [{ id: PRODUCTION, name: 'Live', organizationId: OTHER, type: 'production' }],
  users: [{ id: '00000000-0000-4000-8000-000000000001', username: 'harness', password: 'p', organizationId: OTHER }],
};
const there = { organizationId: OTHER, groupId: OTHER };
const placed = { ...there, environmentId: PRODUCTION, assetId: 'orders', assetVersion: '2.3.4', versionGroup: 'v2' };
const orders = {
  ...elsewhere,
  assets: [{ ...there, assetId: 'orders', name: 'Orders', versions: [{ version: '2.3.4', versionGroup: 'v2' }] }],
};

const raml = { assets: [{ assetId: 'connected-raml' }] };
const instance = { id: 956703, assetId: 'connected-raml', apiId: 342424 };
const member = { id: 891105, assetId: 'connected-raml', apiId: 342424 };
const group = {
  id: 956703,
  assetId: 'great-group',
  apiGroupId: 23948,
  apiGroupVersionId: 22686,
  apiGroupName: 'great-group',
  members: [891105],
};
const grouped = {
  assets: [...raml.assets, { assetId: 'great-group', type: 'api-group' }],
  instances: [member],
  group_instances: [group],
};

const path = { groupId: ORGANIZATION, assetId: 'connected-raml', versionGroup: 'v1' };
const groupPath = { ...path, assetId: 'great-group' };
const otherPath = { groupId: OTHER, assetId: 'orders', versionGroup: 'v2' };

const ASSETS = '/exchange/api/v2/assets';
const AT = `${ASSETS}/${ORGANIZATION}/connected-raml/versionGroups/v1`;
const GROUP_AT = `${ASSETS}/${ORGANIZATION}/great-group/versionGroups/v1`;
const OTHER_AT = `${ASSETS}/${OTHER}/orders/versionGroups/v2`;
const APPLICATIONS = `/exchange/api/v2/organizations/${ORGANIZATION}/applications`;
const OTHER_APPLICATIONS = `/exchange/api/v2/organizations/${OTHER}/applications`;

const COUNTED = 'ids are counted from 1 in a new harness, and what is made from them follows';
const EDITED = 'the author of the page put one id in place of others, and left this one';
const CAPTURED = 'the sample belongs to another request than the one that is printed; ours follows from the request';

const limits = [{ timePeriodInMilliseconds: 10000, maximumRequests: 1000 }];
const tier = { id: 171457, name: 'new SLA', description: null, limits, status: 'ACTIVE', autoApprove: true };
const gold = { id: 8, name: 'Gold', description: 'Much', status: 'DEPRECATED', autoApprove: false };
const goldLimits = [{ timePeriodInMilliseconds: 60000, maximumRequests: 5 }];

const instances: readonly Exchange[] = [
  {
    operation: 'listInstances',
    source: `${PAGE}, step 1.1`,
    given: { ...raml, instances: [instance] },
    http: `GET ${AT}/instances`,
    request: { path },
    answer: json([
      {
        id: '956703',
        versionGroup: 'v1',
        name: 'v1:956703',
        environmentName: 'Sandbox',
        environmentId: SANDBOX,
        type: 'managed',
        productAPIVersion: 'v1',
      },
    ]),
    changed: {
      given: {
        ...orders,
        instances: [
          { ...placed, id: 7, type: 'external' },
          { ...placed, id: 9, deprecated: true },
        ],
      },
      http: `GET ${OTHER_AT}/instances`,
      request: { path: otherPath },
      answer: json([
        {
          id: '7',
          versionGroup: 'v2',
          name: 'v2:7',
          environmentName: null,
          environmentId: null,
          type: 'external',
          productAPIVersion: 'v2',
        },
        {
          id: '9',
          versionGroup: 'v2',
          name: 'v2:9',
          environmentName: 'Live',
          environmentId: PRODUCTION,
          type: 'managed',
          productAPIVersion: 'v2',
          deprecated: true,
        },
      ]),
    },
  },
  {
    operation: 'listAPIGroupInstances',
    source: `${PAGE}, step 1.2`,
    given: grouped,
    http: `GET ${GROUP_AT}/apiGroupInstances`,
    request: { path: groupPath },
    answer: json([
      {
        id: 956703,
        productVersion: 'v1',
        environmentId: SANDBOX,
        environmentType: 'sandbox',
        providerId: null,
        apiGroupId: 23948,
        apiGroupVersionId: 22686,
        apiGroupName: 'great-group',
        name: 'v1:956703',
        isPublic: false,
        apiInstances: [
          {
            id: 891105,
            apiId: 342424,
            version: '1.0.0',
            minorVersion: '1.0',
            name: 'v1:891105',
            productVersion: 'v1',
            environmentId: SANDBOX,
            stage: 'release',
            environmentName: 'Sandbox',
          },
        ],
      },
    ]),
    deviations: [differs('0/name', 'v1:24608', 'v1:956703', EDITED)],
    changed: {
      given: {
        ...orders,
        group_instances: [
          { ...placed, id: 31, apiGroupId: 32, apiGroupVersionId: 33, apiGroupName: 'G', isPublic: true },
        ],
      },
      http: `GET ${OTHER_AT}/apiGroupInstances?limit=5`,
      request: { path: otherPath, query: { limit: '5' } },
      answer: json([
        {
          id: 31,
          productVersion: 'v2',
          environmentId: PRODUCTION,
          environmentType: 'production',
          providerId: null,
          apiGroupId: 32,
          apiGroupVersionId: 33,
          apiGroupName: 'G',
          name: 'v2:31',
          isPublic: true,
          apiInstances: [],
        },
      ]),
    },
  },
];

const applications: readonly Exchange[] = [
  {
    operation: 'createApplication',
    source: `${PAGE}, step 2.1`,
    given: { ...raml, instances: [instance] },
    http: `POST ${APPLICATIONS}?apiInstanceId=956703`,
    request: {
      path: { organizationId: ORGANIZATION },
      query: { apiInstanceId: '956703' },
      body: {
        name: 'new-application',
        description: 'description',
        url: 'http://app-url.com',
        redirectUri: ['http://oauth-2.0-app-url.com'],
        grantTypes: [],
        apiEndpoints: false,
      },
    },
    answer: json(
      {
        id: 1,
        redirectUri: ['http://oauth-2.0-app-url.com'],
        name: 'new-application',
        description: 'description',
        url: 'http://app-url.com',
        clientId: '5404442a4fab01dfd71bb0c6c9fbdf5a',
        clientSecret: '5485cB5d03981Cc3BD989290a6Be33ca',
        masterOrganizationId: ORGANIZATION,
        grantTypes: [],
        clientProvider: { providerId: null },
      },
      201,
    ),
    deviations: [
      differs('id', 273626, 1, COUNTED),
      differs('clientId', '2b9adc811b4842bfa614949ed2aa7b8c', '5404442a4fab01dfd71bb0c6c9fbdf5a', COUNTED),
      differs('clientSecret', '561C251D4C724E5ABE15D7c76d6C3E63', '5485cB5d03981Cc3BD989290a6Be33ca', COUNTED),
    ],
    changed: {
      given: { ...orders, instances: [{ ...placed, id: 9 }], applications: [{ id: 1, name: 'Taken' }] },
      http: `POST ${OTHER_APPLICATIONS}?apiInstanceId=9`,
      request: {
        path: { organizationId: OTHER },
        query: { apiInstanceId: '9' },
        body: { name: 'Shop', description: null, redirectUri: [], grantTypes: ['password'], apiEndpoints: 'true' },
      },
      answer: json(
        {
          id: 2,
          redirectUri: [],
          name: 'Shop',
          description: null,
          url: null,
          clientId: '2c4d4ab026677bd5321bbe40f0f1d793',
          clientSecret: '5485cB5d03981Cc3BD989290a6Be33ca',
          masterOrganizationId: OTHER,
          grantTypes: ['password'],
          clientProvider: { providerId: null },
        },
        201,
      ),
    },
  },
  {
    operation: 'listApplications',
    source: `${PAGE}, step 2.2`,
    given: { applications: [{ id: 273626, name: 'new application for my rest-api' }] },
    http: `GET ${APPLICATIONS}`,
    request: { path: { organizationId: ORGANIZATION } },
    answer: json([
      {
        id: 273626,
        name: 'new application for my rest-api',
        description: null,
        url: null,
        masterOrganizationId: ORGANIZATION,
        clientProvider: { providerId: null },
      },
    ]),
    changed: {
      given: {
        ...elsewhere,
        applications: [
          { id: 3, name: 'Shop', description: 'Sells', url: 'https://shop.example', masterOrganizationId: OTHER },
          { id: 4, name: 'Till', masterOrganizationId: OTHER },
        ],
      },
      http: `GET ${OTHER_APPLICATIONS}?query=sho`,
      request: { path: { organizationId: OTHER }, query: { query: 'sho' } },
      answer: json([
        {
          id: 3,
          name: 'Shop',
          description: 'Sells',
          url: 'https://shop.example',
          masterOrganizationId: OTHER,
          clientProvider: { providerId: null },
        },
      ]),
    },
  },
];

const tiers: readonly Exchange[] = [
  {
    operation: 'listInstanceTiers',
    source: `${PAGE}, step 3.1`,
    given: { ...raml, instances: [instance], tiers: [{ ...tier, instanceId: 956703 }] },
    http: `GET ${AT}/instances/956703/tiers`,
    request: { path: { ...path, instanceId: '956703' } },
    answer: json([{ ...tier, applicationCount: 0, apiId: 956703 }]),
    changed: {
      given: { ...orders, instances: [{ ...placed, id: 9 }], tiers: [{ ...gold, instanceId: 9, limits: goldLimits }] },
      http: `GET ${OTHER_AT}/instances/9/tiers`,
      request: { path: { ...otherPath, instanceId: '9' } },
      answer: json([{ ...gold, limits: goldLimits, applicationCount: 0, apiId: 9 }]),
    },
  },
  {
    operation: 'listAPIGroupInstanceTiers',
    source: `${PAGE}, step 3.2`,
    given: {
      ...grouped,
      tiers: [
        {
          id: 171457,
          kind: 'api-group',
          instanceId: 956703,
          name: 'api-group-sla',
          autoApprove: false,
          limitsByApi: [{ apiId: 891105, limits }],
        },
      ],
    },
    http: `GET ${GROUP_AT}/environments/${SANDBOX}/apiGroupInstances/956703/tiers`,
    request: { path: { ...groupPath, environmentId: SANDBOX, apiGroupInstanceId: '956703' } },
    answer: json([
      {
        id: 171457,
        apiGroupInstanceId: 956703,
        name: 'api-group-sla',
        description: null,
        status: 'ACTIVE',
        autoApprove: false,
        applicationCount: 0,
        limitsByApi: [
          {
            apiId: 891105,
            organizationId: ORGANIZATION,
            groupId: ORGANIZATION,
            assetId: 'connected-raml',
            assetVersion: '1.0.0',
            productVersion: 'v1',
            limits,
          },
        ],
      },
    ]),
    deviations: [differs('0/apiGroupInstanceId', 24608, 956703, EDITED)],
    changed: {
      given: {
        ...orders,
        group_instances: [{ ...placed, id: 31 }],
        tiers: [{ ...gold, kind: 'api-group', instanceId: 31 }],
      },
      http: `GET ${OTHER_AT}/environments/${PRODUCTION}/apiGroupInstances/31/tiers`,
      request: { path: { ...otherPath, environmentId: PRODUCTION, apiGroupInstanceId: '31' } },
      answer: json([{ ...gold, apiGroupInstanceId: 31, applicationCount: 0, limitsByApi: [] }]),
    },
  },
];

const credentials = {
  clientId: 'a90a084a42fc455f8cd493fce5027dff',
  clientSecret: 'cCab4Ed6278841469982c41f07bf9467',
};

const contracts: readonly Exchange[] = [
  {
    operation: 'createContract',
    source: `${PAGE}, step 4`,
    given: {
      ...raml,
      instances: [instance],
      tiers: [{ ...tier, instanceId: 956703 }],
      applications: [
        { id: 273626, name: 'new-application', clientId: credentials.clientId, secret: credentials.clientSecret },
      ],
    },
    http: `POST ${APPLICATIONS}/273626/contracts`,
    request: {
      path: { organizationId: ORGANIZATION, applicationId: '273626' },
      body: {
        apiId: 956703,
        instanceType: 'api',
        requestedTierId: 171457,
        acceptedTerms: true,
        organizationId: ORGANIZATION,
        groupId: ORGANIZATION,
        assetId: 'connected-raml',
        version: '1.0.0',
        versionGroup: 'v1',
      },
    },
    answer: json(
      {
        id: 1,
        status: 'APPROVED',
        applicationId: 273626,
        ...credentials,
        tier,
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
      },
      201,
    ),
    deviations: [
      differs('id', 379427, 1, COUNTED),
      differs('applicationId', 273463, 273626, CAPTURED),
      differs('api/id', 891105, 956703, CAPTURED),
      differs('api/assetId', 'asset-id', 'connected-raml', CAPTURED),
      differs('api/assetName', 'asset-id', 'connected-raml', CAPTURED),
      differs('api/fullname', 'asset-id - Sandbox - undefined', 'connected-raml - Sandbox - undefined', CAPTURED),
    ],
    changed: {
      given: {
        ...orders,
        group_instances: [{ ...placed, id: 31, apiGroupVersionId: 33 }],
        tiers: [{ ...gold, status: 'ACTIVE', kind: 'api-group', instanceId: 31 }],
        applications: [{ id: 3, name: 'Shop', masterOrganizationId: OTHER, clientId: 'c', secret: 's' }],
      },
      http: `POST ${OTHER_APPLICATIONS}/3/contracts`,
      request: {
        path: { organizationId: OTHER, applicationId: '3' },
        body: {
          apiGroupInstanceId: '31',
          instanceType: 'api-group',
          requestedTierId: '8',
          acceptedTerms: false,
          organizationId: OTHER,
          groupId: OTHER,
          assetId: 'orders',
          version: '2.3.4',
          versionGroup: 'v2',
          environmentId: PRODUCTION,
        },
      },
      answer: json(
        {
          id: 1,
          status: 'PENDING',
          applicationId: 3,
          clientId: 'c',
          clientSecret: 's',
          requestedTier: { ...gold, status: 'ACTIVE', apiGroupInstanceId: 31, limitsByApi: [] },
          apiGroupInstance: {
            id: 31,
            organizationId: OTHER,
            environmentId: PRODUCTION,
            groupId: OTHER,
            assetId: 'orders',
            assetVersion: '2.3.4',
            productVersion: 'v2',
            name: 'v2:31',
            apiGroupVersionId: 33,
            assetName: 'Orders',
            environmentName: 'Live',
          },
        },
        201,
      ),
    },
  },
];

export const requestAccess: readonly Exchange[] = [...instances, ...applications, ...tiers, ...contracts];
