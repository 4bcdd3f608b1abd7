import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  answer,
  anyToken,
  arrayOf,
  body,
  boolean,
  environmentId,
  exactly,
  inPath,
  integer,
  nobody,
  organizationId,
  ref,
  text,
  textOrNull,
} from './conventions.ts';

/**
 * Access Management: tokens, who they belong to, and environments. Sources: Anypoint Platform Token.md beside the
 * page, and what the official `anypoint-cli-v4` asks for and reads.
 */

const credentials = body({
  type: 'object',
  required: ['username', 'password'],
  properties: { username: text, password: text },
});
const session = answer(exactly({ access_token: text, token_type: text, redirectUrl: text }));

/** Properties that the document requires of a token's owner: on top, and once more under `user`, where clients read it. */
const person = {
  id: text,
  username: text,
  firstName: text,
  lastName: text,
  email: text,
  createdAt: text,
  updatedAt: text,
  lastLogin: text,
  previousLastLogin: text,
  email_verified_at: text,
  phoneNumber: text,
  ipAllowlistExcluded: boolean,
  enabled: boolean,
  deleted: boolean,
  idprovider_id: text,
  type: text,
  properties: { type: 'object' },
  contributorOfOrganizations: arrayOf(ref('Organization')),
  organizationId: text,
  organization: ref('Organization'),
  organizationPreferences: { type: 'object' },
  memberOfOrganizations: arrayOf(ref('Organization')),
} as const;

const form = { schema: ref('ClientCredentials') };

export const paths: Paths = {
  '/accounts/login': {
    post: {
      operationId: 'login',
      summary: 'Log in with a name and a password',
      security: nobody,
      requestBody: credentials,
      responses: session,
    },
  },
  '/accounts/api/login': {
    post: {
      operationId: 'loginAtAPI',
      summary: 'The same at its other path',
      security: nobody,
      requestBody: credentials,
      responses: session,
    },
  },
  '/accounts/api/v2/oauth2/token': {
    post: {
      operationId: 'createToken',
      summary: 'Get a token for a connected app',
      security: nobody,
      requestBody: {
        required: true,
        content: { 'application/json': form, 'application/x-www-form-urlencoded': form },
      },
      responses: answer(exactly({ access_token: text, expires_in: integer, token_type: text })),
    },
  },
  '/accounts/api/users/me': {
    get: {
      operationId: 'getCurrentUser',
      summary: 'Whose token it is',
      security: anyToken,
      responses: answer(exactly({ ...person, user: exactly(person) })),
    },
  },
  '/accounts/api/me': {
    get: {
      operationId: 'getMe',
      summary: 'Whose token it is: a user or a connected app',
      security: anyToken,
      responses: answer({
        anyOf: [
          exactly({ user: exactly(person) }),
          exactly({ client: exactly({ client_id: text, name: text, org_id: text }) }),
        ],
      }),
    },
  },
  '/accounts/api/organizations/{organizationId}/environments': {
    get: {
      operationId: 'listEnvironments',
      summary: 'List environments',
      security: anyToken,
      parameters: [organizationId],
      responses: answer(exactly({ data: arrayOf(ref('Environment')), total: integer })),
    },
  },
  '/accounts/api/organizations/{organizationId}/environments/{environmentId}': {
    get: {
      operationId: 'getEnvironment',
      summary: 'Get an environment',
      security: anyToken,
      parameters: [organizationId, environmentId],
      responses: answer(ref('Environment')),
    },
  },
  '/accounts/api/organizations/{organizationId}/users/{userId}/roles': {
    get: {
      operationId: 'listUserRoles',
      summary: 'List the roles of a user',
      description: 'Of oneself; administrators may ask for others’.',
      security: anyToken,
      parameters: [organizationId, inPath('userId', '00000000-0000-4000-8000-000000000001')],
      responses: answer(
        exactly({
          data: arrayOf(
            exactly({ role_id: text, name: text, description: text, context_params: exactly({ org: text }) }),
          ),
          total: integer,
        }),
      ),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ClientCredentials: {
    type: 'object',
    required: ['grant_type', 'client_id', 'client_secret'],
    properties: { grant_type: { type: 'string', enum: ['client_credentials'] }, client_id: text, client_secret: text },
  },
  Organization: exactly({
    id: text,
    name: text,
    isRoot: boolean,
    isMaster: boolean,
    isFederated: boolean,
    createdAt: text,
    updatedAt: text,
    ownerId: text,
    clientId: text,
    domain: text,
    idprovider_id: text,
    parentId: textOrNull,
    parentName: textOrNull,
    parentOrganizationIds: arrayOf(text),
    subOrganizationIds: arrayOf(text),
    tenantOrganizationIds: arrayOf(text),
    properties: { type: 'object' },
    subscription: exactly({ category: text, type: text, expiration: text }),
  }),
  Environment: exactly({
    id: text,
    name: text,
    organizationId: text,
    isProduction: boolean,
    type: { type: 'string', enum: ['sandbox', 'production', 'design'] },
    clientId: text,
  }),
};
