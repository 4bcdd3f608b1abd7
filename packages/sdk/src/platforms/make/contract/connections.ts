import type { OpenAPIV3_1 } from 'openapi-types';
import { CREATE_TYPES } from '../../../sections/create-types.ts';
import type { Paths } from '../../operations.ts';
import { answer, appName, body, changed, page, read, text, write } from './conventions.ts';

/**
 * The connections of an app. Sources: Make's reference page "SDK Apps > Connections" for the operations, their
 * bodies and paths; Make's OpenAPI document for the fields; the official client `@makehq/sdk` for envelopes.
 */

const connectionName: OpenAPIV3_1.ParameterObject = {
  name: 'SDK_connectionName',
  in: 'path',
  required: true,
  description: 'The name that Make gave the connection.',
  schema: { type: 'string', minLength: 1 },
  example: 'custom-app-13',
};

const sectionName: OpenAPIV3_1.ParameterObject = {
  name: 'SDK_connectionSection',
  in: 'path',
  required: true,
  schema: { type: 'string', enum: ['api', 'parameters', 'scopes', 'scope', 'install', 'installSpec'] },
  example: 'api',
};

const connection = { $ref: '#/components/schemas/AppConnection' };

export const paths: Paths = {
  '/sdk/apps/{SDK_appName}/connections': {
    get: {
      operationId: 'listConnections',
      summary: 'List App Connections',
      description: 'All connections of an app, whatever its version.',
      security: read,
      parameters: [appName, page],
      responses: answer({
        type: 'object',
        required: ['appConnections'],
        properties: { appConnections: { type: 'array', items: { $ref: '#/components/schemas/ListedConnection' } } },
        examples: [
          {
            appConnections: [
              {
                name: 'custom-app-1',
                label: 'Main Connection',
                type: 'oauth',
                parameters: {},
                app_version: '1',
                alias_to: null,
              },
            ],
          },
        ],
      }),
    },
    post: {
      operationId: 'createConnection',
      summary: 'Create Connection',
      description: 'Make names the connection and fills it with a template; the stored type is answered.',
      security: write,
      parameters: [appName],
      requestBody: body({
        type: 'object',
        properties: {
          type: { type: 'string', enum: Object.keys(CREATE_TYPES) },
          label: { type: 'string', minLength: 1 },
        },
        examples: [{ type: 'apikey', label: 'Main Connection' }],
      }),
      responses: answer({
        type: 'object',
        required: ['appConnection'],
        properties: { appConnection: connection },
        examples: [{ appConnection: { name: 'custom-app-13', label: 'Main Connection', type: 'basic' } }],
      }),
    },
  },
  '/sdk/apps/connections/{SDK_connectionName}': {
    get: {
      operationId: 'getConnection',
      summary: 'Get Connection',
      security: read,
      parameters: [connectionName],
      responses: answer({
        type: 'object',
        required: ['appConnection'],
        properties: { appConnection: { $ref: '#/components/schemas/AppConnectionDetail' } },
        examples: [
          {
            appConnection: {
              name: 'custom-app-13',
              label: 'Main Connection',
              type: 'oauth',
              connectedSystemName: null,
              appVersion: '1',
              redirectUri: 'https://www.make.com/oauth/cb/app',
            },
          },
        ],
      }),
    },
    patch: {
      operationId: 'updateConnection',
      summary: 'Update Connection',
      description: 'Name and type cannot be changed.',
      security: write,
      parameters: [connectionName],
      requestBody: body({
        type: 'object',
        properties: {
          label: { type: 'string', minLength: 1 },
          connectedSystemName: { type: ['string', 'null'], description: 'The on-premise agent’s system.' },
        },
        examples: [{ label: 'Main Connection', connectedSystemName: 'my-agent' }],
      }),
      responses: answer({
        type: 'object',
        required: ['appConnection'],
        properties: {
          appConnection: {
            type: 'object',
            required: ['name', 'label', 'type'],
            properties: {
              name: { type: 'string' },
              label: { type: 'string' },
              type: { type: 'string', enum: ['basic', 'oauth'] },
              connectedSystemName: { type: ['string', 'null'] },
            },
          },
        },
        examples: [{ appConnection: { name: 'charlie-1', label: 'Main Connection', type: 'basic' } }],
      }),
    },
    delete: {
      operationId: 'deleteConnection',
      summary: 'Delete Connection',
      security: write,
      parameters: [connectionName],
      responses: answer({
        type: 'object',
        required: ['appConnection'],
        properties: { appConnection: { type: 'string', description: 'The name of what was deleted.' } },
        examples: [{ appConnection: 'custom-app-13' }],
      }),
    },
  },
  // A name of its own in the path: without this entry `common` would be read as a section.
  '/sdk/apps/connections/{SDK_connectionName}/common': {
    get: {
      operationId: 'getConnectionCommon',
      summary: 'Get Connection Common',
      security: read,
      parameters: [connectionName],
      responses: answer({ $ref: '#/components/schemas/Common' }),
    },
    put: {
      operationId: 'setConnectionCommon',
      summary: 'Set Connection Common',
      description: 'Replaces the whole object. Strict JSON only, without comments.',
      security: write,
      parameters: [connectionName],
      requestBody: body({ $ref: '#/components/schemas/Common' }),
      responses: changed,
    },
  },
  '/sdk/apps/connections/{SDK_connectionName}/recreate': {
    post: {
      operationId: 'recreateConnection',
      summary: 'Recreate Connection',
      description: 'Recreates an existing app connection and synchronises it with HQ.',
      security: write,
      parameters: [connectionName],
      responses: answer({ type: 'object', maxProperties: 0, examples: [{}] }),
    },
  },
  '/sdk/apps/connections/{SDK_connectionName}/{SDK_connectionSection}': {
    get: {
      operationId: 'getConnectionSection',
      summary: 'Get Connection Section',
      description: 'The text of the section, byte for byte as it was set.',
      security: read,
      parameters: [connectionName, sectionName],
      responses: answer({ type: 'string', examples: ['{ "url": "https://api.example.com/me" }'] }, 'application/jsonc'),
    },
    put: {
      operationId: 'setConnectionSection',
      summary: 'Set Connection Section',
      security: write,
      parameters: [connectionName, sectionName],
      requestBody: text(),
      responses: answer({ $ref: '#/components/schemas/Change' }),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  AppConnection: {
    type: 'object',
    required: ['name', 'label', 'type'],
    properties: {
      name: { type: 'string' },
      label: { type: 'string' },
      type: { type: 'string', enum: ['basic', 'oauth'] },
    },
  },
  /** The fields that Make's OpenAPI document has beside the three stand with underscores. */
  ListedConnection: {
    type: 'object',
    required: ['name', 'label', 'type'],
    properties: {
      name: { type: 'string' },
      label: { type: 'string' },
      type: { type: 'string', enum: ['basic', 'oauth'] },
      parameters: { type: 'object' },
      app_version: { type: 'string', description: 'Version of the app this connection belongs to.' },
      alias_to: { type: ['string', 'null'], description: 'The original name of an aliased connection.' },
    },
  },
  AppConnectionDetail: {
    type: 'object',
    required: ['name', 'label', 'type'],
    properties: {
      name: { type: 'string' },
      label: { type: 'string' },
      type: { type: 'string', enum: ['basic', 'oauth'] },
      connectedSystemName: { type: ['string', 'null'] },
      appVersion: { type: 'string' },
      redirectUri: { type: 'string', description: 'Only for OAuth connections.' },
    },
  },
  Common: {
    type: 'object',
    additionalProperties: true,
    description: 'The common data of the connection; its structure depends on the connection.',
    examples: [{ clientId: 'the-client-id', clientSecret: 'the-client-secret' }],
  },
  Change: {
    type: 'object',
    required: ['change'],
    properties: {
      change: {
        type: 'object',
        description: 'Empty, or the change row that an approved app keeps until it is committed.',
        properties: {
          id: { type: 'integer' },
          group: { type: 'string' },
          item: { type: 'string' },
          code: { type: 'string' },
        },
      },
    },
    examples: [{ change: {} }],
  },
};
