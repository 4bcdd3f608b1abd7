import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import {
  answer,
  body,
  connectionId,
  exactly,
  idOrNull,
  managedUserId,
  rejectable,
  textOrNull,
  time,
  timeOrNull,
  vendor,
  wrapped,
} from './conventions.ts';

/**
 * The connections of a customer. Source: Workato's page "Connections" of the Embedded API, last updated 10/9/2024;
 * input schemas and `shell_connection` from the page's later versions.
 */

export const filters: readonly OpenAPIV3_1.ParameterObject[] = [
  { name: 'folder_id', in: 'query', schema: { type: 'string' }, description: 'The project or folder that holds it.' },
  { name: 'parent_id', in: 'query', schema: { type: 'string' }, description: 'The connection that it was made from.' },
  { name: 'external_id', in: 'query', schema: { type: 'string' }, description: 'The vendor’s own id of it.' },
  {
    name: 'include_runtime_connections',
    in: 'query',
    schema: { type: 'string' },
    description: 'With "true", and nothing else, the runtime user connections are answered as well.',
  },
  {
    name: 'includes[]',
    in: 'query',
    schema: { type: 'array', items: { type: 'string' } },
    description: 'Further fields: `tags`. Others are ignored.',
  },
];

export const provider: OpenAPIV3_1.ParameterObject = {
  name: 'provider',
  in: 'query',
  schema: { type: 'string' },
  description: 'The type of the application.',
};

/** Body of writing a connection. Ids are taken as numbers and as texts of digits. */
export const payload: OpenAPIV3_1.SchemaObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    provider: { type: ['string', 'null'] },
    parent_id: idOrNull,
    folder_id: idOrNull,
    external_id: textOrNull,
    input: {
      type: 'object',
      additionalProperties: true,
      description: 'The connection’s parameters, as its provider names them. Never answered.',
    },
    shell_connection: { type: 'boolean', description: 'Whether the parameters are stored without being tested.' },
  },
};

const status = {
  type: ['string', 'null'],
  enum: ['success', 'failed', 'exception', null],
} satisfies OpenAPIV3_1.SchemaObject;

/** In the order of the samples. */
export const identifying = { id: { type: 'integer' }, name: { type: 'string' }, provider: textOrNull } as const;
export const authorizing = {
  authorized_at: timeOrNull,
  authorization_status: status,
  authorization_error: textOrNull,
  created_at: time,
  updated_at: time,
  external_id: textOrNull,
  folder_id: { type: 'integer' },
} as const;
export const parent = { parent_id: { type: ['integer', 'null'] } } as const satisfies Record<
  string,
  OpenAPIV3_1.SchemaObject
>;
export const losing = { connection_lost_at: timeOrNull, connection_lost_reason: textOrNull } as const;
export const tags: OpenAPIV3_1.SchemaObject = {
  type: ['array', 'null'],
  items: { type: 'string' },
  description: 'Handles; null when there never was one. Only when it is asked for.',
};

const flat = { $ref: '#/components/schemas/Connection' };
const listed = exactly({ ...identifying, ...authorizing, identity: textOrNull, ...losing, ...parent });

export function done(status: string): OpenAPIV3_1.SchemaObject {
  return wrapped(exactly({ success: { type: 'boolean' }, status: { type: 'string', enum: [status] } }));
}

const inputSchema = answer(wrapped({ type: 'array', items: { $ref: '#/components/schemas/Field' } }));

export const paths: Paths = {
  '/api/managed_users/{managed_user_id}/connections': {
    get: {
      operationId: 'listConnections',
      summary: 'List connections',
      security: vendor,
      parameters: [managedUserId, provider, ...filters],
      responses: answer(wrapped({ type: 'array', items: { $ref: '#/components/schemas/ListedConnection' } })),
    },
    post: {
      operationId: 'createConnection',
      summary: 'Create a connection',
      description: 'Without `input` a shell, which is disconnected; with it the connection is authenticated as well.',
      security: vendor,
      parameters: [managedUserId],
      requestBody: body(payload),
      responses: answer(flat),
    },
  },
  '/api/managed_users/{managed_user_id}/connections/{connection_id}': {
    put: {
      operationId: 'updateConnection',
      summary: 'Update a connection',
      description: 'What is left out stays; `input` is merged into the parameters that are stored.',
      security: vendor,
      parameters: [managedUserId, connectionId],
      requestBody: body(payload),
      responses: answer(flat),
    },
    delete: {
      operationId: 'deleteConnection',
      summary: 'Delete a connection',
      security: vendor,
      parameters: [managedUserId, connectionId],
      responses: rejectable(answer(done('deleted'))),
    },
  },
  '/api/managed_users/{managed_user_id}/connections/{connection_id}/disconnect': {
    post: {
      operationId: 'disconnectConnection',
      summary: 'Disconnect a connection',
      security: vendor,
      parameters: [
        managedUserId,
        connectionId,
        {
          name: 'force',
          in: 'query',
          schema: { type: 'string' },
          description: '`true`: even if active recipes use it.',
        },
      ],
      responses: rejectable(answer(done('disconnected'))),
    },
  },
  '/api/managed_users/{managed_user_id}/connections/{connection_id_or_adapter}/input_schema': {
    get: {
      operationId: 'getConnectionInputSchema',
      summary: 'Get connection endpoint',
      description: 'The fields of `input`, by a connection or by the name of its provider.',
      security: vendor,
      parameters: [managedUserId, { ...connectionId, name: 'connection_id_or_adapter' }],
      responses: inputSchema,
    },
  },
  '/api/v2/managed_users/{managed_user_id}/connectors/{connector_name}/input_schema': {
    get: {
      operationId: 'getConnectorInputSchema',
      summary: 'Get connector endpoint',
      security: vendor,
      parameters: [managedUserId, { ...connectionId, name: 'connector_name', example: 'jira' }],
      responses: inputSchema,
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Connection: exactly({ ...identifying, ...authorizing, ...parent, ...losing }),
  ListedConnection: { ...listed, properties: { ...listed.properties, tags } },
  Field: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'label', 'type', 'control_type', 'optional'],
    properties: {
      name: { type: 'string' },
      label: { type: 'string' },
      type: { type: 'string' },
      control_type: { type: 'string' },
      optional: { type: 'boolean' },
      hint: { type: 'string' },
      default: { type: 'string' },
      pick_list: {
        type: 'array',
        description: 'Pairs of label and value.',
        items: { type: 'array', items: { type: 'string' } },
      },
      properties: { type: 'array', items: { $ref: '#/components/schemas/Field' } },
    },
  },
};
