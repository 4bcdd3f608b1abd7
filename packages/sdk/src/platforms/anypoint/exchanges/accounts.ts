import { type Exchange, type ExchangeVariant, json, leaving } from '../../exchange.ts';
import { ELSEWHERE, REPOSITORY, type Tenant, tenancy } from './tenants.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of Access Management 1.0.0, access-management/api.yaml in ${REPOSITORY}`;
const READ = 'of what the example prints only what clients were seen to read is told; the rest is profile and plan';

const ALIKE = 'no profiles are kept: every user and every organisation is told alike';

const ORGANIZATION = 'f0c9b011-980e-4928-9430-e60e3a97c043';

const me = {
  id: '5197cdf3-36c9-4bcb-8840-5779e961c746',
  firstName: 'Organization',
  lastName: 'Owner',
  email: 'core_services@mulesoft.com',
  username: 'max',
};
const other = { id: 'u-2', firstName: 'Dana', lastName: 'Doe', email: 'dana@acme.example', username: 'dana' };

/** The caller logs in by name, because the harness's own token is another's. */
const asUser = (username: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:Password1`).toString('base64')}`,
});

interface Person {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly username: string;
}

const BEGINNING = '2026-01-01T00:00:00.000Z';

/** Values that a harness gives for every user and of every organisation alike. */
const PROFILE = {
  createdAt: BEGINNING,
  updatedAt: BEGINNING,
  lastLogin: BEGINNING,
  previousLastLogin: BEGINNING,
  email_verified_at: BEGINNING,
  phoneNumber: '',
  ipAllowlistExcluded: false,
  enabled: true,
  deleted: false,
  idprovider_id: 'mulesoft',
  type: 'host',
  properties: {},
};

/** The client ids of environments and organisations are made of their ids. */
const CLIENT_IDS: ReadonlyMap<string, string> = new Map([
  ['f0c9b011-980e-4928-9430-e60e3a97c043', 'f24a1d1b83a8f7a4f02cb1721f700c9d'],
  ['0a14e2fd-1cfe-4310-acbc-54bf93eb8420', '43e3b885bf7551a50cdd95b382b3f293'],
  ['11111111-2222-4333-8444-555555555555', '4c9d0df151fc22c5887e9810f03c8432'],
  ['99999999-8888-4777-8666-555555555555', '4e0c2a77299a1cf20202320d492d4956'],
]);

const organizationOf = (id: string, name: string, owner: string) => ({
  id,
  name,
  isRoot: true,
  isMaster: true,
  isFederated: false,
  createdAt: BEGINNING,
  updatedAt: BEGINNING,
  ownerId: owner,
  clientId: CLIENT_IDS.get(id),
  domain: id,
  idprovider_id: 'mulesoft',
  parentId: null,
  parentName: null,
  parentOrganizationIds: [],
  subOrganizationIds: [],
  tenantOrganizationIds: [],
  properties: { defaultAccessManagementUi: 'cs-ui' },
  subscription: { category: 'Developer', type: 'Free', expiration: BEGINNING },
});

function personOf(person: Person, id: string, name: string) {
  const organization = organizationOf(id, name, person.id);
  return {
    ...person,
    ...PROFILE,
    organizationId: id,
    organization,
    organizationPreferences: {},
    memberOfOrganizations: [organization],
    contributorOfOrganizations: [organization],
  };
}

const given = (person: Person, id: string, name: string) => ({
  organizations: [{ id, name }],
  users: [{ ...person, password: 'Password1', organizationId: id, roles: ['Organization Administrator'] }],
});

const chris = {
  id: 'a23c0943-1cc4-47f1-aea2-cb6c2c2fca6a',
  firstName: 'Chris',
  lastName: 'Mordue',
  email: 'christopher.mordue@mulesoft.com',
  username: 'sundaycmordue',
};
const SUNDAYS = '0a14e2fd-1cfe-4310-acbc-54bf93eb8420';
const sundays = { name: "Mordue's Sundays testing", id: SUNDAYS, isRoot: true };

const EVENTS = `MuleSoft’s OpenAPI document of Analytics Event Export, analytics-event-export/api.yaml in ${REPOSITORY}`;
const APPS =
  'MuleSoft’s page "Connected Application Authentication", docs.mulesoft.com/exchange/connected-app-authentication';
const FORM = 'application/x-www-form-urlencoded';

const tokens: readonly Exchange[] = [
  {
    operation: 'login',
    source: `${EVENTS}, Usage Examples, step 1; the body in JSON as Anypoint Platform Token.md of exchange-experience sends it`,
    given: { users: [{ username: 'ANYPOINT_USERNAME', password: 'ANYPOINT_PASSWORD' }] },
    http: 'POST /accounts/login',
    request: { body: { username: 'ANYPOINT_USERNAME', password: 'ANYPOINT_PASSWORD' } },
    ...leaving(
      json({ access_token: '54545454-5454-5454-5454-545454545454', token_type: 'Bearer', redirectUrl: '/home' }),
      [['token_type', 'bearer', 'as in the example of POST /login, the same at its other path']],
    ),
    drawn: ['/body/access_token'],
    changed: {
      given: { users: [{ username: 'dana', password: 'other' }] },
      http: 'POST /accounts/login',
      request: { body: { username: 'dana', password: 'other' } },
      answer: json({ access_token: '', token_type: 'bearer', redirectUrl: '/home' }),
    },
  },
  {
    operation: 'createToken',
    source: `${APPS}, Obtain a Bearer Token`,
    given: { connected_apps: [{ id: 'CLIENT_ID', secret: 'CLIENT_SECRET' }] },
    http: 'POST /accounts/api/v2/oauth2/token',
    request: {
      headers: { 'content-type': FORM },
      body: 'client_id=CLIENT_ID&client_secret=CLIENT_SECRET&grant_type=client_credentials',
    },
    ...leaving(json({ access_token: 'YOUR_BEARER_TOKEN', token_type: 'bearer' }), [
      [
        'expires_in',
        3600,
        'the page "Connected App Examples" of Access Management has it in its answer: sixty minutes',
      ],
    ]),
    drawn: ['/body/access_token'],
    changed: {
      given: { connected_apps: [{ id: 'other', secret: 'word' }] },
      http: 'POST /accounts/api/v2/oauth2/token',
      request: {
        headers: { 'content-type': `${FORM}; charset=utf-8` },
        body: 'grant_type=client_credentials&client_id=other&client_secret=word',
      },
      answer: json({ access_token: '', expires_in: 3600, token_type: 'bearer' }),
    },
  },
  {
    operation: 'loginAtAPI',
    source: `${DOCUMENT}, example of POST /login`,
    given: { users: [{ username: 'testUser', password: 'Password1' }] },
    http: 'POST /accounts/api/login',
    request: { body: { username: 'testUser', password: 'Password1' } },
    ...leaving(json({ access_token: 'd127e2ec-a703-4e2a-8629-e9158804748b', token_type: 'bearer' }), [
      ['redirectUrl', '/home', 'the older answer to a login has it, and clients read it'],
    ]),
    drawn: ['/body/access_token'],
    changed: {
      given: { users: [{ username: 'dana', password: 'other' }] },
      http: 'POST /accounts/api/login',
      request: { body: { username: 'dana', password: 'other' } },
      answer: json({ access_token: '', token_type: 'bearer', redirectUrl: '/home' }),
    },
  },
  {
    operation: 'getCurrentUser',
    source: `${DOCUMENT}, example of GET /users/me; ${READ}`,
    given: given(me, ORGANIZATION, 'MuleSoft Inc'),
    http: 'GET /accounts/api/users/me',
    request: { headers: asUser('max') },
    ...leaving(
      json({
        ...me,
        createdAt: '2015-01-29T00:00:53.315Z',
        updatedAt: '2015-01-29T00:00:55.163Z',
        lastLogin: '2015-01-29T00:11:55.163Z',
        previousLastLogin: '2015-01-28T00:11:55.163Z',
        ipAllowlistExcluded: false,
        email_verified_at: '2015-01-29T00:00:53.315Z',
        phoneNumber: '111-111-1111',
        enabled: true,
        deleted: false,
        idprovider_id: 'mulesoft',
        properties: {},
        organization: { name: 'MuleSoft Inc', id: ORGANIZATION, isRoot: true, isMaster: true, isFederated: false },
      }),
      [
        ...(['createdAt', 'updatedAt', 'lastLogin', 'previousLastLogin', 'email_verified_at'] as const).map(
          (key) => [key, BEGINNING, ALIKE] as const,
        ),
        ['phoneNumber', '', ALIKE],
        ['organization', organizationOf(ORGANIZATION, 'MuleSoft Inc', me.id), `${READ}; ${ALIKE}`],
        ...(
          [
            'type',
            'organizationId',
            'organizationPreferences',
            'memberOfOrganizations',
            'contributorOfOrganizations',
          ] as const
        ).map((key) => [key, personOf(me, ORGANIZATION, 'MuleSoft Inc')[key], 'as GET /me has it'] as const),
        ['user', personOf(me, ORGANIZATION, 'MuleSoft Inc'), 'anypoint-cli-v4 reads the same below user'],
      ],
    ),
    changed: {
      given: given(other, ELSEWHERE.root, 'Acme'),
      http: 'GET /accounts/api/users/me',
      request: { headers: asUser('dana') },
      answer: json({ ...personOf(other, ELSEWHERE.root, 'Acme'), user: personOf(other, ELSEWHERE.root, 'Acme') }),
    },
  },
  {
    operation: 'getMe',
    source: `${DOCUMENT}, example of GET /me; ${READ}`,
    given: given(chris, SUNDAYS, sundays.name),
    http: 'GET /accounts/api/me',
    request: { headers: asUser('sundaycmordue') },
    ...leaving(
      json({
        client: {
          client_id: 'asdflkjlsdf09234oiuWERmn',
          name: 'Admin Client',
          redirect_uris: [],
          grant_types: [
            'authorization_code',
            'refresh_token',
            'validate_bearer',
            'password',
            'client_credentials',
            'implicit',
          ],
        },
        user: {
          ...chris,
          organizationPreferences: { [SUNDAYS]: { defaultEnvironment: 'a6217e66-faf1-4c17-bbbc-8c008ef4c8c6' } },
          organizationId: SUNDAYS,
          organization: sundays,
          memberOfOrganizations: [sundays],
        },
      }),
      [
        ['client', undefined, 'a user who logged in by name came through no connected app'],
        ['user', personOf(chris, SUNDAYS, sundays.name), `${READ}; ${ALIKE}`],
      ],
    ),
    changed: {
      given: given(other, ELSEWHERE.root, 'Acme'),
      http: 'GET /accounts/api/me',
      request: { headers: asUser('dana') },
      answer: json({ user: personOf(other, ELSEWHERE.root, 'Acme') }),
    },
  },
];

interface NamedEnvironment extends Tenant {
  readonly name: string;
  readonly type: string;
}

const DEVELOPMENT: NamedEnvironment = {
  root: '70b3f7cb-614c-4276-b0cd-4f73db11602c',
  organization: '70b3f7cb-614c-4276-b0cd-4f73db11602c',
  environment: ORGANIZATION,
  name: 'Development',
  type: 'production',
};
const STAGE: NamedEnvironment = { ...ELSEWHERE, name: 'Stage', type: 'sandbox' };

function environmentOf({ environment: id, organization: organizationId, name, type }: NamedEnvironment) {
  return { id, organizationId, name, isProduction: type === 'production', type };
}

const placed = (place: NamedEnvironment) => ({
  ...tenancy(place),
  environments: [{ id: place.environment, name: place.name, organizationId: place.organization, type: place.type }],
});

function listOf(place: NamedEnvironment): ExchangeVariant {
  return {
    given: placed(place),
    http: `GET /accounts/api/organizations/${place.organization}/environments`,
    request: { path: { organizationId: place.organization } },
    answer: json({ data: [{ ...environmentOf(place), clientId: CLIENT_IDS.get(place.environment) }], total: 1 }),
  };
}

function oneOf(place: NamedEnvironment): ExchangeVariant {
  const { organization: organizationId, environment: environmentId } = place;
  return {
    given: placed(place),
    http: `GET /accounts/api/organizations/${organizationId}/environments/${environmentId}`,
    request: { path: { organizationId, environmentId } },
    answer: json({ ...environmentOf(place), clientId: CLIENT_IDS.get(environmentId) }),
  };
}

const CLIENT_ID = 'abdf31490ba44484a1de789baf685e37';
const MADE = 'client ids are made of the ids here';
const SANDBOX: NamedEnvironment = { ...DEVELOPMENT, type: 'sandbox' };
const LIVE: NamedEnvironment = { ...ELSEWHERE, name: 'Live', type: 'production' };

const USER = '6c611d76-8f9c-40be-86dd-e73458ad6b0c';
const ROLES_ORGANIZATION = 'a248f5de-70c3-480e-a35f-35cee4d91c5d';

const rolesIn = (organization: string, user: string, username: string, roles: readonly string[]): ExchangeVariant => ({
  given: {
    organizations: [{ id: organization, name: 'Acme' }],
    users: [{ id: user, username, password: 'Password1', organizationId: organization, roles }],
  },
  http: `GET /accounts/api/organizations/${organization}/users/${user}/roles`,
  request: { path: { organizationId: organization, userId: user }, headers: asUser(username) },
  answer: json({
    data: roles.map((name) => ({
      role_id: name.toLowerCase().replaceAll(' ', '-'),
      name,
      description: name,
      context_params: { org: organization },
    })),
    total: roles.length,
  }),
});

const printedRoles = {
  data: [
    {
      role_id: '73a5c3c3-ef75-4291-b51e-a69f998eeea2',
      context_params: { org: ROLES_ORGANIZATION },
      name: 'Organization Owner',
      description:
        'Organization Owner allows full administration of users and full access to create and manage all APIs',
    },
    {
      role_id: '96bf8032-9e54-4031-9bee-bc5f59f9f4e5',
      context_params: { org: ROLES_ORGANIZATION, user: USER },
      name: 'Business Group Viewer',
      description: 'Business Group Viewer',
    },
  ],
  total: 2,
};
const OWN_ROLES = 'the roles here are those that Exchange and API Manager name; their ids are made of the names';
const role = (name: string, role_id: string) => ({
  role_id,
  name,
  description: name,
  context_params: { org: ROLES_ORGANIZATION },
});

const places: readonly Exchange[] = [
  {
    operation: 'listEnvironments',
    source: `${DOCUMENT}, example of GET /organizations/{organizationId}/environments`,
    ...listOf(DEVELOPMENT),
    ...leaving(json({ data: [{ ...environmentOf(DEVELOPMENT), clientId: CLIENT_ID }], total: 1 }), [
      ['data/0/clientId', CLIENT_IDS.get(ORGANIZATION), MADE],
    ]),
    changed: listOf(STAGE),
  },
  {
    operation: 'getEnvironment',
    source: `${DOCUMENT}, example of GET /organizations/{organizationId}/environments/{environmentId}`,
    ...oneOf(SANDBOX),
    ...leaving(json({ ...environmentOf(SANDBOX), clientId: CLIENT_ID }), [
      ['clientId', CLIENT_IDS.get(ORGANIZATION), MADE],
    ]),
    changed: oneOf(LIVE),
  },
  {
    operation: 'listUserRoles',
    source: `${DOCUMENT}, example of GET /organizations/{organizationId}/users/{userId}/roles`,
    ...rolesIn(ROLES_ORGANIZATION, USER, 'owner', ['Exchange Viewer', 'View Contracts']),
    ...leaving(json(printedRoles), [
      ['data/0', role('Exchange Viewer', 'exchange-viewer'), OWN_ROLES],
      ['data/1', role('View Contracts', 'view-contracts'), OWN_ROLES],
    ]),
    changed: rolesIn(ELSEWHERE.root, 'u-2', 'dana', ['Exchange Viewer']),
  },
];

export const accounts: readonly Exchange[] = [...tokens, ...places];
