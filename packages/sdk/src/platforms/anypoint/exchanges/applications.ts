import { type Exchange, type ExchangeVariant, empty, json, leaving } from '../../exchange.ts';
import { COUNTED, ELSEWHERE, REPOSITORY, type Tenant, tenancy, withGroup, withInstance } from './tenants.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of Exchange Experience 2.0.1, exchange-experience/api.yaml in ${REPOSITORY}`;

const ROOT = '2f17a3df-a5f9-45e8-a8b4-41bd26d89236';
const MINE: Tenant = { root: ROOT, organization: ROOT, environment: '90b78656-99e5-4754-a2ec-09f2eefc7d02' };
const applicationsOf = ({ root }: Tenant) => `/exchange/api/v2/organizations/${root}/applications`;

const writable = {
  description: 'TestRequestAPIAccess description',
  name: 'TestRequestAPIAccess',
  grantTypes: ['password', 'implicit', 'client_credentials', 'authorization_code', 'refresh_token'],
  redirectUri: [
    'http://localhost:9090',
    'https://qax.anypoint.mulesoft.com/apiplatform/pingfederateqa/authentication/oauth2.html',
    'https://qax.anypoint.mulesoft.com/apiplatform/pingfederateqa/admin/authentication/oauth2.html',
    'https://api-notebook.anypoint.mulesoft.com/authenticate/oauth.html',
  ],
  url: 'https://localhost:8080',
};
const printed = {
  ...writable,
  masterOrganizationId: ROOT,
  clientId: '49670e55b98b4ad2be0b6fc20d2cafa2',
  clientSecret: '0fD00492a2554e5f9857598Dbd675472',
  id: 3,
};
const otherWritable = { description: null, name: 'Shop', grantTypes: [], redirectUri: [], url: null };
const otherPrinted = {
  ...otherWritable,
  masterOrganizationId: ELSEWHERE.root,
  clientId: 'c',
  clientSecret: 's',
  id: 41,
};

type Printed = typeof printed | typeof otherPrinted;

const seeded = ({ clientSecret, ...application }: Printed) => ({ ...application, secret: clientSecret });
const PROVIDER = [
  'clientProvider',
  { providerId: null },
  'the page "Request Access" has it in the answer to creating one',
] as const;
const whole = (application: Printed) => ({ ...application, clientProvider: { providerId: null } });

/** An operation on one application, which was there before. */
function onOne(
  method: string,
  tenant: Tenant,
  application: Printed,
  { after = '', body }: { readonly after?: string; readonly body?: object } = {},
): Omit<ExchangeVariant, 'answer'> {
  return {
    given: { ...tenancy(tenant), applications: [seeded(application)] },
    http: `${method} ${applicationsOf(tenant)}/${application.id}${after}`,
    request: {
      path: { organizationId: tenant.root, applicationId: String(application.id) },
      ...(body === undefined ? {} : { body }),
    },
  };
}

const one: readonly Exchange[] = [
  {
    operation: 'getApplication',
    source: `${DOCUMENT}, example ClientApplication`,
    ...onOne('GET', MINE, printed),
    ...leaving(json(printed), [PROVIDER]),
    changed: { ...onOne('GET', ELSEWHERE, otherPrinted), answer: json(whole(otherPrinted)) },
  },
  {
    operation: 'updateApplication',
    source: `${DOCUMENT}, examples UpdateClientApplication and ClientApplication`,
    ...onOne('PATCH', MINE, { ...printed, name: 'Before' }, { body: writable }),
    ...leaving(json(printed), [PROVIDER]),
    changed: {
      ...onOne('PATCH', ELSEWHERE, { ...otherPrinted, name: 'Before' }, { body: { name: 'Shop' } }),
      answer: json(whole(otherPrinted)),
    },
  },
  {
    operation: 'deleteApplication',
    source: `${DOCUMENT}: 204 without a body; the ids are those of the example ClientApplication`,
    ...onOne('DELETE', MINE, printed),
    answer: empty(204),
    changed: { ...onOne('DELETE', ELSEWHERE, otherPrinted), answer: empty(204) },
  },
  {
    operation: 'resetApplicationSecret',
    source: `${DOCUMENT}: 201 without a body; the ids are those of the example ClientApplication`,
    ...onOne('POST', MINE, printed, { after: '/secret/reset' }),
    answer: empty(201),
    changed: { ...onOne('POST', ELSEWHERE, otherPrinted, { after: '/secret/reset' }), answer: empty(201) },
  },
];

const limit = (maximumRequests: number, timePeriodInMilliseconds: number) => ({
  maximumRequests,
  timePeriodInMilliseconds,
});
const ACTIVE = { status: 'ACTIVE', autoApprove: true } as const;
const TIER_KEYS = 'the tier of a contract is told alike everywhere, as the page "Request Access" has it';

const GOLD = { description: null, id: 14939, limits: [limit(1000, 60000), limit(20000, 3600000)], name: 'Gold' };
const SILVER = { description: null, id: 5770, limits: [limit(5, 60000)], name: 'Silver' };
const two = { ...tenancy(MINE), applications: [seeded(printed)] };
const twoInstances = withInstance(MINE, 1, {});

const someApi = (tenant: Tenant, id: number, more: object) => ({
  organizationId: tenant.organization,
  groupId: tenant.organization,
  assetId: 'some-api',
  environmentId: tenant.environment,
  id,
  ...more,
});

const listed: readonly Exchange[] = [
  {
    operation: 'listContracts',
    source: `${DOCUMENT}, example Contracts; the application is that of the example ClientApplication`,
    given: {
      ...two,
      ...twoInstances,
      instances: [someApi(MINE, 1, {}), someApi(MINE, 2, {})],
      tiers: [
        { ...GOLD, instanceId: 2, autoApprove: false },
        { ...SILVER, instanceId: 1 },
      ],
      contracts: [
        { id: 36444, applicationId: 3, instanceId: 2, status: 'PENDING', requestedTierId: 14939 },
        { id: 13765, applicationId: 3, instanceId: 1, status: 'APPROVED', tierId: 5770 },
      ],
    },
    http: `GET ${applicationsOf(MINE)}/3/contracts`,
    request: { path: { organizationId: ROOT, applicationId: '3' } },
    ...leaving(
      json([
        { id: 36444, status: 'PENDING', requestedTier: GOLD },
        { id: 13765, status: 'APPROVED', tier: SILVER },
      ]),
      [
        ['0', { id: 13765, status: 'APPROVED', tier: { ...SILVER, ...ACTIVE } }, 'by ascending id, as every list here'],
        [
          '1',
          { id: 36444, status: 'PENDING', requestedTier: { ...GOLD, ...ACTIVE, autoApprove: false } },
          `by ascending id, as every list here; ${TIER_KEYS}`,
        ],
      ],
    ),
    changed: {
      given: {
        ...withInstance(ELSEWHERE, 9),
        applications: [seeded(otherPrinted)],
        contracts: [{ id: 5, applicationId: 41, instanceId: 9, status: 'REVOKED' }],
      },
      http: `GET ${applicationsOf(ELSEWHERE)}/41/contracts`,
      request: { path: { organizationId: ELSEWHERE.root, applicationId: '41' } },
      answer: json([{ id: 5, status: 'REVOKED' }]),
    },
  },
];

const FREE_AT = '2020-09-17T13:10:55.006Z';
const FACE: Tenant = {
  root: 'f68e6165-99ce-4499-97e2-2d1d45498c73',
  organization: 'f68e6165-99ce-4499-97e2-2d1d45498c73',
  environment: '90b78656-99e5-4754-a2ec-09f2eefc7d02',
};
const IMPLICIT = 'the example leaves it out, as it does of what createContract is answered with';

interface Changing {
  readonly tenant: Tenant;
  readonly application: { readonly id: number; readonly clientId: string; readonly clientSecret: string };
  readonly contract: number;
  readonly group: number;
  readonly tier: { readonly id: number; readonly name: string };
  readonly rate: { readonly maximumRequests: number; readonly timePeriodInMilliseconds: number };
}

function changingTier({ tenant, application, contract, group, tier, rate }: Changing): ExchangeVariant {
  const { id: applicationId, clientId, clientSecret } = application;
  const apiGroupInstance = {
    id: group,
    organizationId: tenant.organization,
    environmentId: tenant.environment,
    groupId: tenant.organization,
    assetId: 'api-group',
    assetVersion: '1.0.0',
    productVersion: 'v1',
    name: `v1:${group}`,
    apiGroupVersionId: 1073,
    assetName: 'API Group',
    environmentName: 'Live',
  };
  return {
    given: withGroup(tenant, group, [], {
      applications: [
        { id: applicationId, name: 'Shop', clientId, secret: clientSecret, masterOrganizationId: tenant.root },
      ],
      tiers: [{ ...tier, kind: 'api-group', instanceId: group, limits: [rate] }],
      contracts: [{ id: contract, kind: 'api-group', applicationId, instanceId: group, status: 'APPROVED' }],
    }),
    http: `PATCH ${applicationsOf(tenant)}/${applicationId}/contracts/${contract}`,
    request: {
      path: { organizationId: tenant.root, applicationId: String(applicationId), contractId: String(contract) },
      body: { requestedTierId: tier.id },
    },
    answer: json({
      id: contract,
      status: 'APPROVED',
      applicationId,
      clientId,
      clientSecret,
      tier: { ...tier, apiGroupInstanceId: group, description: null, ...ACTIVE, limitsByApi: [] },
      apiGroupInstance,
    }),
  };
}

const FREE: Changing = {
  tenant: FACE,
  application: {
    id: 276068,
    clientId: '13d5201f05344a4193e1fe4b14e8cb4d',
    clientSecret: '285116794aE54Fa5C23BaE03D673EB09',
  },
  contract: 384818,
  group: 1901,
  tier: { id: 173842, name: 'Free' },
  rate: limit(1, 1000),
};
const toFree = changingTier(FREE);
const freed = toFree.answer.body as { readonly tier: object; readonly apiGroupInstance: object };

/** Limits of a group's APIs under the tier of an application's contract. */
function limitsUnder(
  tenant: Tenant,
  ids: { application: number; group: number; api: number; tier: number },
  rate: ReturnType<typeof limit>,
): ExchangeVariant {
  const { application, group, api, tier } = ids;
  return {
    given: withGroup(tenant, group, [api], {
      applications: [{ id: application, name: 'Shop', masterOrganizationId: tenant.root }],
      tiers: [{ id: tier, name: 'Free', kind: 'api-group', instanceId: group, limits: [rate], created: FREE_AT }],
      contracts: [
        { id: 5, kind: 'api-group', applicationId: application, instanceId: group, status: 'APPROVED', tierId: tier },
      ],
    }),
    http: `GET ${applicationsOf(tenant)}/${application}/environments/${tenant.environment}/apiGroupInstances/${group}/limits`,
    request: {
      path: {
        organizationId: tenant.root,
        applicationId: String(application),
        environmentId: tenant.environment,
        apiGroupInstanceId: String(group),
      },
    },
    answer: json([
      {
        apiId: api,
        organizationId: tenant.organization,
        groupId: tenant.organization,
        assetId: 'some-api',
        assetVersion: '1.0.0',
        productVersion: 'v1',
        limits: [rate],
      },
    ]),
  };
}

const AS_TIERS = 'told as the limits of a tier of the group are, in the page "Request Access", step 3.2';

const changing: readonly Exchange[] = [
  {
    operation: 'changeContractTier',
    source: `${DOCUMENT}, example of PATCH …/contracts/{contractId}; the ids asked for are those that it answers`,
    ...toFree,
    ...leaving(
      json({
        id: 384818,
        status: 'APPROVED',
        applicationId: 276068,
        clientId: FREE.application.clientId,
        clientSecret: FREE.application.clientSecret,
        tier: {
          id: 173842,
          groupInstanceId: 1901,
          name: 'Free',
          description: null,
          defaultLimits: [{ visible: true, ...FREE.rate }],
          status: 'ACTIVE',
          autoApprove: true,
        },
      }),
      [
        ['tier', freed.tier, TIER_KEYS],
        ['apiGroupInstance', freed.apiGroupInstance, IMPLICIT],
      ],
    ),
    changed: changingTier({
      tenant: ELSEWHERE,
      application: { id: 41, clientId: 'c', clientSecret: 's' },
      contract: 12,
      group: 31,
      tier: { id: 8, name: 'Gold' },
      rate: limit(7, 60000),
    }),
  },
  {
    operation: 'listGroupLimits',
    source: `${DOCUMENT}, example of GET …/apiGroupInstances/{apiGroupInstanceId}/limits; the application is that of the example before`,
    ...limitsUnder(FACE, { application: 276068, group: 1901, api: 307123, tier: 173842 }, FREE.rate),
    ...leaving(
      json([
        {
          apiVersionId: 307123,
          assetId: 'oas-api-indexed',
          groupId: FACE.root,
          assetVersion: '1.0.0',
          productVersion: 'v1',
          organizationId: FACE.root,
          environmentId: FACE.environment,
          isPublic: true,
          tier: {
            audit: { created: { date: FREE_AT }, updated: {} },
            masterOrganizationId: FACE.root,
            organizationId: FACE.root,
            id: 173842,
            groupInstanceId: 1901,
            name: 'Free',
            description: null,
            status: 'ACTIVE',
            autoApprove: true,
            applicationCount: 0,
            limits: [{ visible: true, ...FREE.rate }],
          },
        },
      ]),
      [
        ['0/assetId', 'some-api', 'the asset that was put in place'],
        ['0/apiVersionId', undefined, AS_TIERS],
        ['0/apiId', 307123, AS_TIERS],
        ['0/environmentId', undefined, AS_TIERS],
        ['0/isPublic', undefined, AS_TIERS],
        ['0/tier', undefined, AS_TIERS],
        ['0/limits', [FREE.rate], AS_TIERS],
      ],
    ),
    changed: limitsUnder({ ...ELSEWHERE }, { application: 41, group: 31, api: 7, tier: 8 }, limit(7, 60000)),
  },
];

/** The terms of a version group, of which a harness has one text. */
function termsOf(tenant: Tenant, assetId: string, versionGroup: string, text: string): ExchangeVariant {
  const placed = { groupId: tenant.organization, organizationId: tenant.organization, assetId };
  return {
    given: { ...tenancy(tenant), assets: [{ ...placed, versionGroup, terms: { [versionGroup]: text } }] },
    http: `GET /exchange/api/v2/assets/${tenant.organization}/${assetId}/versionGroups/${versionGroup}/terms`,
    request: { path: { groupId: tenant.organization, assetId, versionGroup } },
    answer: json([
      {
        groupId: tenant.organization,
        assetId,
        assetVersion: '1.0.0',
        versionGroup,
        id: 1,
        underlyingTerms: null,
        terms: text,
      },
    ]),
  };
}

const TERMS = `<h2>Dwelling and speedily ignorant any steepest</h2>
<p>His followed carriage proposal entrance directly had elegance.</p>
`;
const printedTerms = {
  groupId: FACE.root,
  assetId: 'inimputability',
  assetVersion: '1.0.0',
  versionGroup: 'v1',
  id: 7184,
  underlyingTerms: [
    {
      groupId: 'be1e07e2-a230-424b-93c4-a95829767d5d',
      assetId: 'delta-flights',
      minorVersion: '1.1',
      version: '1.1.1',
      name: 'Delta Flights',
      termsText: TERMS,
    },
  ],
};
const ONE_TEXT = 'terms are one text here, of the asset itself and of none below it';

const terms: Exchange = {
  operation: 'listTerms',
  source: `${DOCUMENT}, the second of example Terms`,
  ...termsOf(FACE, 'inimputability', 'v1', TERMS),
  ...leaving(json([printedTerms]), [
    ['0/id', 1, COUNTED],
    ['0/underlyingTerms', null, ONE_TEXT],
    ['0/terms', TERMS, ONE_TEXT],
  ]),
  changed: termsOf(ELSEWHERE, 'orders', 'v2', 'Be kind.'),
};

export const applications: readonly Exchange[] = [...one, ...listed, ...changing, terms];
