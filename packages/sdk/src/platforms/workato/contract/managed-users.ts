import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, body, exactly, managedUserId, page, textOrNull, time, vendor, wrapped } from './conventions.ts';

/** The customers of a vendor. Source: Workato's page "Manage customers" of the Embedded API. */

const user = { $ref: '#/components/schemas/ManagedUser' };

const writable = {
  name: { type: 'string', minLength: 1 },
  notification_email: { type: 'string', minLength: 1 },
  external_id: textOrNull,
  plan_id: textOrNull,
  origin_url: { ...textOrNull, description: 'The origin of the page that embeds Workato’s.' },
  in_trial: { type: 'boolean' },
  time_zone: { type: 'string' },
} as const satisfies Record<string, OpenAPIV3_1.SchemaObject>;

export const paths: Paths = {
  '/api/managed_users': {
    get: {
      operationId: 'listManagedUsers',
      summary: 'List all customers',
      security: vendor,
      parameters: [...page],
      responses: answer(wrapped({ type: 'array', items: user })),
    },
    post: {
      operationId: 'createManagedUser',
      summary: 'Create a customer',
      security: vendor,
      requestBody: body({ type: 'object', required: ['name', 'notification_email'], properties: writable }),
      responses: answer(user),
    },
  },
  '/api/managed_users/{managed_user_id}': {
    get: {
      operationId: 'getManagedUser',
      summary: 'Get a customer',
      security: vendor,
      parameters: [managedUserId],
      responses: answer(user),
    },
    put: {
      operationId: 'updateManagedUser',
      summary: 'Update a customer',
      security: vendor,
      parameters: [managedUserId],
      requestBody: body({ type: 'object', properties: writable }),
      responses: answer(user),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ManagedUser: exactly({
    id: { type: 'integer' },
    external_id: textOrNull,
    name: { type: 'string' },
    notification_email: { type: 'string' },
    plan_id: textOrNull,
    origin_url: textOrNull,
    in_trial: { type: 'boolean' },
    time_zone: { type: 'string' },
    created_at: time,
    updated_at: time,
  }),
};
