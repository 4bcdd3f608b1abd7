import { type Exchange, json, leaving } from '../../exchange.ts';
import { ELSEWHERE, REPOSITORY, type Tenant, withInstance } from './tenants.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of Exchange Experience 2.0.1, exchange-experience/api.yaml in ${REPOSITORY}`;

const ORG = 'f68e6165-99ce-4499-97e2-2d1d45498c73';
const TENANT: Tenant = { root: ORG, organization: ORG, environment: '90b78656-99e5-4754-a2ec-09f2eefc7d02' };
const APPLICATION = {
  id: 213125,
  name: 'Application',
  clientId: '150bc7635a014fd38fc6deddee942561',
  created: '2020-02-11T14:09:40.515Z',
  updated: '2020-07-28T20:54:51.546Z',
};
const limit = (maximumRequests: number, timePeriodInMilliseconds: number) => ({
  timePeriodInMilliseconds,
  maximumRequests,
});
const ACTIVE = { description: null, status: 'ACTIVE' } as const;
const TIERS = [
  { id: 138725, name: 'Free', ...ACTIVE, autoApprove: true, limits: [limit(30, 60000), limit(1000, 86400000)] },
  { id: 138726, name: 'Improved', ...ACTIVE, autoApprove: true, limits: [limit(30, 60000)] },
  { id: 138727, name: 'Premium', ...ACTIVE, autoApprove: false, limits: [limit(60, 60000)] },
] as const;
const [FREE, IMPROVED, PREMIUM] = TIERS;
const IN_API = { masterOrganizationId: ORG, organizationId: ORG, apiVersionId: 699301 };
const KEYS = 'the tier of a contract is told alike everywhere';
const possible = (tier: (typeof TIERS)[number]) => ({ ...IN_API, ...tier, compareToActual: 'LESS RESTRICTIVE' });

const given = withInstance(TENANT, 699301, {
  instances: [
    {
      organizationId: ORG,
      groupId: ORG,
      environmentId: TENANT.environment,
      assetId: 'some-api',
      id: 699301,
      apiId: 309557,
    },
  ],
  tiers: TIERS.map((tier) => ({ ...tier, instanceId: 699301 })),
  applications: [{ ...APPLICATION, masterOrganizationId: ORG }],
  contracts: [
    {
      id: 298286,
      applicationId: 213125,
      instanceId: 699301,
      status: 'APPROVED',
      tierId: 138725,
      created: '2020-05-12T18:47:09.746Z',
      updated: '2020-07-27T14:35:16.685Z',
      approvedDate: '2020-07-27T14:35:16.685Z',
    },
  ],
});

const printed = {
  audit: { created: { date: '2020-05-12T18:47:09.746Z' }, updated: { date: '2020-07-27T14:35:16.685Z' } },
  masterOrganizationId: ORG,
  organizationId: ORG,
  id: 298286,
  status: 'APPROVED',
  approvedDate: '2020-07-27T14:35:16.685Z',
  rejectedDate: null,
  revokedDate: null,
  applicationId: 213125,
  application: {
    audit: { created: { date: APPLICATION.created }, updated: { date: APPLICATION.updated } },
    id: 213125,
    name: 'Application',
    description: null,
    clientProvider: {},
    coreServicesId: APPLICATION.clientId,
    url: null,
  },
  tierId: 138725,
  requestedTierId: null,
  apiVersionId: 699301,
  apiVersion: {
    audit: { created: {}, updated: {} },
    organizationId: ORG,
    id: 699301,
    apiId: 309557,
    masterOrganizationId: ORG,
    groupId: ORG,
    assetId: 'some-api',
    assetVersion: '1.0.0',
  },
  partyId: null,
  partyName: null,
  condition: 'APPLIED',
  tier: FREE,
  possibleTiers: [possible(IMPROVED), possible(PREMIUM)],
  versionGroup: 'v1',
  assetName: 'Some API',
};
const departures = [
  ['0/apiVersion/audit', undefined, 'instances tell no times'],
  ['0/possibleTiers/0', { ...IMPROVED, compareToActual: 'LESS RESTRICTIVE' }, KEYS],
  ['0/possibleTiers/1', { ...PREMIUM, compareToActual: 'LESS RESTRICTIVE' }, KEYS],
] as const;

const OTHER_AT = '2031-01-02T00:00:00.000Z';
const otherGiven = withInstance(ELSEWHERE, 9, {
  applications: [{ id: 41, name: 'Shop', clientId: 'c', created: OTHER_AT, masterOrganizationId: ELSEWHERE.root }],
  contracts: [{ id: 5, applicationId: 41, instanceId: 9, status: 'PENDING', created: OTHER_AT }],
});
const other = {
  audit: { created: { date: OTHER_AT }, updated: {} },
  masterOrganizationId: ELSEWHERE.root,
  organizationId: ELSEWHERE.organization,
  id: 5,
  status: 'PENDING',
  approvedDate: null,
  rejectedDate: null,
  revokedDate: null,
  applicationId: 41,
  application: {
    audit: { created: { date: OTHER_AT }, updated: {} },
    id: 41,
    name: 'Shop',
    description: null,
    clientProvider: {},
    coreServicesId: 'c',
    url: null,
  },
  tierId: null,
  requestedTierId: null,
  apiVersionId: 9,
  apiVersion: {
    organizationId: ELSEWHERE.organization,
    id: 9,
    apiId: 9,
    masterOrganizationId: ELSEWHERE.root,
    groupId: ELSEWHERE.organization,
    assetId: 'some-api',
    assetVersion: '1.0.0',
  },
  partyId: null,
  partyName: null,
  condition: 'APPLIED',
  possibleTiers: [],
  versionGroup: 'v1',
  assetName: 'Some API',
};

const at = (root: string, application: number) =>
  `/exchange/api/v2/organizations/${root}/applications/${application}/instances`;

/** The contracts of an application, as its team sees them. */
export const instanceContracts: readonly Exchange[] = [
  {
    operation: 'listApplicationInstances',
    source: `${DOCUMENT}, the first of example InstanceContracts, whose keys clients read; the example of this operation itself, Instances, has no contracts`,
    given,
    http: `GET ${at(ORG, 213125)}`,
    request: { path: { organizationId: ORG, applicationId: '213125' } },
    ...leaving(json([printed]), departures),
    changed: {
      given: otherGiven,
      http: `GET ${at(ELSEWHERE.root, 41)}`,
      request: { path: { organizationId: ELSEWHERE.root, applicationId: '41' } },
      answer: json([other]),
    },
  },
  {
    operation: 'listInstanceContracts',
    source: `${DOCUMENT}, the first of example InstanceContracts`,
    given,
    http: `GET ${at(ORG, 213125)}/699301/contracts`,
    request: { path: { organizationId: ORG, applicationId: '213125', instanceId: '699301' } },
    ...leaving(json([printed]), departures),
    changed: {
      given: otherGiven,
      http: `GET ${at(ELSEWHERE.root, 41)}/9/contracts`,
      request: { path: { organizationId: ELSEWHERE.root, applicationId: '41', instanceId: '9' } },
      answer: json([other]),
    },
  },
];
