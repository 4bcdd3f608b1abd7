import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, body, exactly, id, managedUserId, page, time, vendor, wrapped } from './conventions.ts';

/**
 * A customer's folders and projects, which are the folders on the top. Source: Workato's page "Folders" of the
 * Embedded API; samples of the Developer API for the fields of a project.
 */

export const paths: Paths = {
  '/api/managed_users/{managed_user_id}/folders': {
    get: {
      operationId: 'listFolders',
      summary: 'List folders',
      description: 'Those in `parent_id` (default: in the home folder).',
      security: vendor,
      parameters: [
        managedUserId,
        { name: 'parent_id', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
        ...page,
      ],
      responses: answer(wrapped({ type: 'array', items: { $ref: '#/components/schemas/Folder' } })),
    },
    post: {
      operationId: 'createFolder',
      summary: 'Create a folder',
      security: vendor,
      parameters: [managedUserId],
      requestBody: body({
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', minLength: 1 }, parent_id: id },
      }),
      responses: answer({ $ref: '#/components/schemas/Folder' }),
    },
  },
  '/api/managed_users/{managed_user_id}/projects': {
    get: {
      operationId: 'listProjects',
      summary: 'List projects',
      security: vendor,
      parameters: [managedUserId, ...page],
      responses: answer(wrapped({ type: 'array', items: { $ref: '#/components/schemas/Project' } })),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Folder: exactly({
    id: { type: 'integer' },
    name: { type: 'string' },
    parent_id: { type: ['integer', 'null'] },
    created_at: time,
    updated_at: time,
  }),
  Project: exactly({
    id: { type: 'integer' },
    description: { type: 'string' },
    folder_id: { type: 'integer' },
    name: { type: 'string' },
  }),
};
