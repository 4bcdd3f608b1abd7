import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { authorizing, done, filters, identifying, losing, parent, payload, provider, tags } from './connections.ts';
import { answer, anyToken, body, connectionId, exactly, rejectable, time } from './conventions.ts';

/**
 * The workspace's own connections: the Developer API's twin of the customers' operations. It wraps no list, and has
 * `application` and `description` where the other has `identity`. Source: the OpenAPI document of Workato's
 * platform CLI.
 */

const connection = { $ref: '#/components/schemas/WorkspaceConnection' };

const described: OpenAPIV3_1.SchemaObject = {
  ...payload,
  properties: { ...payload.properties, description: { type: ['string', 'null'] } },
};

export const paths: Paths = {
  '/api/users/me': {
    get: {
      operationId: 'getWorkspace',
      summary: 'Get workspace details',
      security: anyToken,
      responses: answer({ $ref: '#/components/schemas/Workspace' }),
    },
  },
  '/api/connections': {
    get: {
      operationId: 'listWorkspaceConnections',
      summary: 'List connections',
      security: anyToken,
      parameters: [provider, ...filters],
      responses: answer({ type: 'array', items: connection }),
    },
    post: {
      operationId: 'createWorkspaceConnection',
      summary: 'Create a connection',
      security: anyToken,
      requestBody: body({ ...described, required: ['name', 'provider'] }),
      responses: answer(connection),
    },
  },
  '/api/connections/{connection_id}': {
    put: {
      operationId: 'updateWorkspaceConnection',
      summary: 'Update a connection',
      security: anyToken,
      parameters: [connectionId],
      requestBody: body(described),
      responses: answer(connection),
    },
    delete: {
      operationId: 'deleteWorkspaceConnection',
      summary: 'Delete a connection',
      security: anyToken,
      parameters: [connectionId],
      responses: rejectable(answer(done('deleted'))),
    },
  },
  '/api/connections/{connection_id}/disconnect': {
    post: {
      operationId: 'disconnectWorkspaceConnection',
      summary: 'Disconnect a connection',
      security: anyToken,
      parameters: [connectionId, { name: 'force', in: 'query', schema: { type: 'string' } }],
      responses: rejectable(answer(done('disconnected'))),
    },
  },
};

const twin = exactly({
  application: { type: ['string', 'null'] },
  ...identifying,
  description: { type: ['string', 'null'] },
  ...authorizing,
  ...losing,
  ...parent,
});

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  // What the OpenAPI document requires; of the profile its page shows more, which no connection needs.
  Workspace: exactly({
    id: { type: 'integer' },
    name: { type: 'string' },
    created_at: time,
    plan_id: { type: 'string' },
    current_billing_period_start: time,
    current_billing_period_end: time,
    recipes_count: { type: 'integer' },
    company_name: { type: ['string', 'null'] },
    location: { type: ['string', 'null'] },
    email: { type: 'string' },
    active_recipes_count: { type: 'integer' },
    root_folder_id: { type: 'integer' },
  }),
  WorkspaceConnection: { ...twin, properties: { ...twin.properties, tags } },
};
