import { type Exchange, type ExchangeVariant, json, leaving } from '../../exchange.ts';
import { ELSEWHERE, REPOSITORY, type Tenant, tenancy } from './tenants.ts';

const DOCUMENT = `MuleSoft’s OpenAPI document of Access Management 1.0.0, access-management/api.yaml in ${REPOSITORY}`;
const READ = 'of what the example prints only what clients were seen to read is told; the rest is profile and plan';

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

function personOf(person: Person, id: string, name: string) {
  const organization = { id, name, isRoot: true };
  return {
    ...person,
    organizationId: id,
    organization,
    organizationPreferences: {},
    memberOfOrganizations: [organization],
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

const tokens: readonly Exchange[] = [
  {
    operation: 'loginAtAPI',
    source: `${DOCUMENT}, example of POST /login`,
    given: { users: [{ username: 'testUser', password: 'Password1' }] },
    http: 'POST /accounts/api/login',
    request: { body: { username: 'testUser', password: 'Password1' } },
    ...leaving(json({ access_token: 'd127e2ec-a703-4e2a-8629-e9158804748b', token_type: 'bearer' }), [
      ['redirectUrl', '/home/', 'the older answer to a login has it, and clients read it'],
    ]),
    drawn: ['/body/access_token'],
    changed: {
      given: { users: [{ username: 'dana', password: 'other' }] },
      http: 'POST /accounts/api/login',
      request: { body: { username: 'dana', password: 'other' } },
      answer: json({ access_token: '', token_type: 'bearer', redirectUrl: '/home/' }),
    },
  },
  {
    operation: 'getCurrentUser',
    source: `${DOCUMENT}, example of GET /users/me; ${READ}`,
    given: given(me, ORGANIZATION, 'MuleSoft Inc'),
    http: 'GET /accounts/api/users/me',
    request: { headers: asUser('max') },
    ...leaving(json({ ...me, organization: { name: 'MuleSoft Inc', id: ORGANIZATION, isRoot: true } }), [
      ['organizationId', ORGANIZATION, 'as GET /me has it; anypoint-cli-v4 reads it here'],
      ['organizationPreferences', {}, 'as GET /me has it; anypoint-cli-v4 reads it here'],
      [
        'memberOfOrganizations',
        [{ id: ORGANIZATION, name: 'MuleSoft Inc', isRoot: true }],
        'as GET /me has it; anypoint-cli-v4 reads it here',
      ],
      ['user', personOf(me, ORGANIZATION, 'MuleSoft Inc'), 'anypoint-cli-v4 reads the same below user'],
    ]),
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
        ['user/organizationPreferences', {}, 'nobody has chosen an environment here'],
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

interface Place extends Tenant {
  readonly name: string;
  readonly type: string;
}

const DEVELOPMENT: Place = {
  root: '70b3f7cb-614c-4276-b0cd-4f73db11602c',
  organization: '70b3f7cb-614c-4276-b0cd-4f73db11602c',
  environment: ORGANIZATION,
  name: 'Development',
  type: 'production',
};
const STAGE: Place = { ...ELSEWHERE, name: 'Stage', type: 'sandbox' };

function environmentOf({ environment: id, organization: organizationId, name, type }: Place) {
  return { id, organizationId, name, isProduction: type === 'production', type };
}

const placed = (place: Place) => ({
  ...tenancy(place),
  environments: [{ id: place.environment, name: place.name, organizationId: place.organization, type: place.type }],
});

function listOf(place: Place): ExchangeVariant {
  return {
    given: placed(place),
    http: `GET /accounts/api/organizations/${place.organization}/environments`,
    request: { path: { organizationId: place.organization } },
    answer: json({ data: [{ ...environmentOf(place), clientId: null }], total: 1 }),
  };
}

function oneOf(place: Place): ExchangeVariant {
  const { organization: organizationId, environment: environmentId } = place;
  return {
    given: placed(place),
    http: `GET /accounts/api/organizations/${organizationId}/environments/${environmentId}`,
    request: { path: { organizationId, environmentId } },
    answer: json({ ...environmentOf(place), clientId: null }),
  };
}

const CLIENT_ID = 'abdf31490ba44484a1de789baf685e37';
const NO_CLIENT = 'environments have no client of their own here';
const SANDBOX: Place = { ...DEVELOPMENT, type: 'sandbox' };
const LIVE: Place = { ...ELSEWHERE, name: 'Live', type: 'production' };

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
const role = (name: string, role_id: string) => ({ role_id, name, context_params: { org: ROLES_ORGANIZATION } });

const places: readonly Exchange[] = [
  {
    operation: 'listEnvironments',
    source: `${DOCUMENT}, example of GET /organizations/{organizationId}/environments`,
    ...listOf(DEVELOPMENT),
    ...leaving(json({ data: [{ ...environmentOf(DEVELOPMENT), clientId: CLIENT_ID }], total: 1 }), [
      ['data/0/clientId', null, NO_CLIENT],
    ]),
    changed: listOf(STAGE),
  },
  {
    operation: 'getEnvironment',
    source: `${DOCUMENT}, example of GET /organizations/{organizationId}/environments/{environmentId}`,
    ...oneOf(SANDBOX),
    ...leaving(json({ ...environmentOf(SANDBOX), clientId: CLIENT_ID }), [['clientId', null, NO_CLIENT]]),
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
