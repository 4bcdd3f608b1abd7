import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, appName, appVersion, body, columns, page, read, write } from './conventions.ts';

/**
 * The apps that connections belong to: as much as a client needs to get to them.
 * Source: the official client `@makehq/sdk` and what its tests read back.
 */

const app = {
  type: 'object',
  required: ['app'],
  properties: { app: { $ref: '#/components/schemas/App' } },
} as const satisfies OpenAPIV3_1.SchemaObject;

const example = {
  name: 'custom-app-a1b2c3',
  label: 'Custom App',
  description: '',
  version: 1,
  beta: false,
  theme: '#33ff57',
  language: 'en',
  public: false,
  approved: false,
  global: true,
  countries: null,
  created: '2026-01-01T00:00:00.000Z',
  manifestVersion: 1,
};

const writable: Record<string, OpenAPIV3_1.SchemaObject> = {
  label: { type: 'string', minLength: 1 },
  description: { type: 'string' },
  theme: { type: 'string', pattern: '^#[0-9A-Fa-f]{6}$' },
  language: { type: 'string' },
  audience: { type: 'string', enum: ['global', 'countries'] },
  countries: { type: ['array', 'null'], items: { type: 'string' } },
};

export const paths: Paths = {
  '/sdk/apps': {
    get: {
      operationId: 'listApps',
      summary: 'List Apps',
      description: 'Four columns, and those that are asked for.',
      security: read,
      parameters: [
        page,
        columns,
        { name: 'all', in: 'query', schema: { type: 'string' } },
        { name: 'opensource', in: 'query', schema: { type: 'string' } },
      ],
      responses: answer({
        type: 'object',
        required: ['apps'],
        properties: { apps: { type: 'array', items: { $ref: '#/components/schemas/ListedApp' } } },
        examples: [{ apps: [{ name: 'custom-app-a1b2c3', label: 'Custom App', version: 1, beta: false }] }],
      }),
    },
    post: {
      operationId: 'createApp',
      summary: 'Create App',
      description: 'Make adds a hyphen and six characters to the name.',
      security: write,
      requestBody: body({
        type: 'object',
        required: ['name', 'label'],
        properties: {
          name: { type: 'string', pattern: '^[a-z][0-9a-z-]*[0-9a-z]$' },
          private: { type: 'boolean' },
          ...writable,
        },
        examples: [{ name: 'custom-app', label: 'Custom App', theme: '#33FF57', language: 'en', audience: 'global' }],
      }),
      responses: answer({ ...app, examples: [{ app: example }] }),
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}': {
    get: {
      operationId: 'getApp',
      summary: 'Get App',
      security: read,
      parameters: [appName, appVersion, columns],
      responses: answer({ ...app, examples: [{ app: example }] }),
    },
    patch: {
      operationId: 'updateApp',
      summary: 'Update App',
      security: write,
      parameters: [appName, appVersion],
      requestBody: body({ type: 'object', properties: writable, examples: [{ label: 'Custom App' }] }),
      responses: answer({ ...app, examples: [{ app: example }] }),
    },
    delete: {
      operationId: 'deleteApp',
      summary: 'Delete App',
      description: 'Its connections go with it.',
      security: write,
      parameters: [appName, appVersion],
      responses: answer({
        type: 'object',
        required: ['app'],
        properties: { app: { type: 'string' } },
        examples: [{ app: 'custom-app-a1b2c3' }],
      }),
    },
  },
};

const columnsOfApp: OpenAPIV3_1.SchemaObject['properties'] = {
  name: { type: 'string' },
  label: { type: 'string' },
  description: { type: ['string', 'null'] },
  version: { type: 'integer' },
  beta: { type: 'boolean' },
  theme: { type: 'string' },
  language: { type: ['string', 'null'] },
  public: { type: 'boolean' },
  approved: { type: 'boolean' },
  global: { type: 'boolean' },
  countries: { type: ['array', 'null'], items: { type: 'string' } },
  created: { type: 'string' },
  manifestVersion: { type: 'integer' },
  opensource: { type: 'boolean' },
  changes: {
    type: 'array',
    description: 'Of an approved app what is not committed yet; only when it is asked for.',
    items: { $ref: '#/components/schemas/ChangeRow' },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  App: {
    type: 'object',
    required: ['name', 'label', 'version', 'public', 'approved'],
    properties: columnsOfApp,
  },
  ListedApp: {
    type: 'object',
    required: ['name', 'label', 'version', 'beta'],
    properties: columnsOfApp,
  },
};
