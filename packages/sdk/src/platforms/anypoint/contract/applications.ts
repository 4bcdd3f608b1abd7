import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  answer,
  applicationId,
  arrayOf,
  body,
  exactly,
  inQuery,
  integer,
  organizationId,
  page,
  readExchange,
  ref,
  type Schema,
  text,
  textOrNull,
  writeExchange,
} from './conventions.ts';

/**
 * Client applications: what APIs know their callers by. Sources: the page, steps 2.1 and 2.2; the other operations
 * from Exchange Experience's OpenAPI document. The organisation in the path is the caller's root organisation.
 */

const APPLICATIONS = '/exchange/api/v2/organizations/{organizationId}/applications';
export const APPLICATION = `${APPLICATIONS}/{applicationId}`;
const one = [organizationId, applicationId];

const forInstance: readonly OpenAPIV3_1.ParameterObject[] = [
  inQuery('apiInstanceId', 'Of the API for which it is made: its client provider becomes the application’s.'),
  inQuery('apiGroupInstanceId', 'The same for an API group.'),
  inQuery('groupInstanceId', 'The older name of apiGroupInstanceId.'),
];

/** "password", "implicit", … as the page lists them. */
const grantType = {
  type: 'string',
  enum: ['password', 'implicit', 'client_credentials', 'authorization_code', 'refresh_token'],
} as const satisfies Schema;

const writable = {
  name: { type: 'string', minLength: 1, maxLength: 256 },
  description: textOrNull,
  url: textOrNull,
  redirectUri: { type: 'array', items: { type: 'string' }, description: 'One name for several addresses.' },
  grantTypes: { type: 'array', items: grantType },
  apiEndpoints: {
    type: ['boolean', 'string'],
    enum: [true, false, 'true', 'false'],
    description: 'The page’s words say texts, its sample says a boolean. Not told again.',
  },
} as const satisfies Record<string, OpenAPIV3_1.SchemaObject>;

export const paths: Paths = {
  [APPLICATIONS]: {
    get: {
      operationId: 'listApplications',
      summary: 'List the applications that the caller created',
      security: readExchange,
      parameters: [
        organizationId,
        inQuery('query', 'A part of the name.'),
        inQuery('literalMatch', '`true`: the whole name.', '^(true|false)$'),
        ...forInstance,
        inQuery('includeContractsForApiVersion', 'An instance; applications tell their contract with it.'),
        ...page,
      ],
      responses: answer(arrayOf(ref('ListedApplication'))),
    },
    post: {
      operationId: 'createApplication',
      summary: 'Create an application',
      description: 'Federated organisations want to know for which instance.',
      security: writeExchange,
      parameters: [organizationId, ...forInstance],
      requestBody: body({ type: 'object', required: ['name'], properties: writable }),
      responses: answer(ref('Application'), 201),
    },
  },
  [APPLICATION]: {
    get: {
      operationId: 'getApplication',
      summary: 'Get an application, with its secret',
      security: readExchange,
      parameters: one,
      responses: answer(ref('Application')),
    },
    patch: {
      operationId: 'updateApplication',
      summary: 'Change an application',
      security: writeExchange,
      parameters: one,
      requestBody: body({ type: 'object', properties: writable }),
      responses: answer(ref('Application')),
    },
    delete: {
      operationId: 'deleteApplication',
      summary: 'Delete an application and its contracts',
      security: writeExchange,
      parameters: one,
      responses: answer(null, 204),
    },
  },
  [`${APPLICATION}/secret/reset`]: {
    post: {
      operationId: 'resetApplicationSecret',
      summary: 'Give an application another secret, which is returned with the application',
      security: writeExchange,
      parameters: one,
      responses: answer(null, 201),
    },
  },
};

const identifying = { name: text, description: textOrNull, url: textOrNull } as const;
const provided = { clientProvider: exactly({ providerId: textOrNull }) } as const;

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Application: exactly({
    id: integer,
    redirectUri: arrayOf(text),
    ...identifying,
    clientId: text,
    clientSecret: text,
    masterOrganizationId: text,
    grantTypes: arrayOf(grantType),
    ...provided,
  }),
  ListedApplication: exactly(
    { id: integer, ...identifying, masterOrganizationId: text, ...provided },
    { contract: ref('ListedContract') },
  ),
};
