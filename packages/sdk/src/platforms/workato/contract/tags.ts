import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, anyToken, body, exactly, managedUserId, time, vendor } from './conventions.ts';

/**
 * Tags and what they are put on, of a customer and of the workspace itself. Sources: Workato's pages "Tag
 * assignments" and "Environment management" of both APIs; of the list Workato's own command line, `wk`.
 */

const handle: OpenAPIV3_1.ParameterObject = {
  name: 'handle',
  in: 'path',
  required: true,
  schema: { type: 'string', minLength: 1 },
  example: 'tag-ANgeffPL-3gxQwA',
};

const tag = { $ref: '#/components/schemas/Tag' };
const success = { $ref: '#/components/schemas/Success' };
const writable = {
  title: { type: 'string', minLength: 1 },
  description: { type: 'string' },
  color: { type: 'string' },
} as const satisfies Record<string, OpenAPIV3_1.SchemaObject>;
const handles = { type: 'array', items: { type: 'string' } } as const satisfies OpenAPIV3_1.SchemaObject;
const ids = { type: 'array', items: { type: 'integer' } } as const satisfies OpenAPIV3_1.SchemaObject;

/** The same operations for whoever has tags; `of` ends the operations' ids. */
function tagPaths(
  of: string,
  prefix: string,
  owner: OpenAPIV3_1.ParameterObject[],
  security: OpenAPIV3_1.SecurityRequirementObject[],
): Paths {
  return {
    [`${prefix}/tags`]: {
      get: {
        operationId: `list${of}Tags`,
        summary: 'List tags',
        security,
        parameters: owner,
        responses: answer(exactly({ data: exactly({ tags: { type: 'array', items: tag } }) })),
      },
      post: {
        operationId: `create${of}Tag`,
        summary: 'Create a tag',
        security,
        parameters: owner,
        requestBody: body({ type: 'object', required: ['title'], properties: writable }),
        responses: answer(tag),
      },
    },
    [`${prefix}/tags/{handle}`]: {
      put: {
        operationId: `update${of}Tag`,
        summary: 'Update a tag',
        security,
        parameters: [...owner, handle],
        requestBody: body({ type: 'object', properties: writable }),
        responses: answer(tag),
      },
      delete: {
        operationId: `delete${of}Tag`,
        summary: 'Delete a tag',
        security,
        parameters: [...owner, handle],
        responses: answer(success),
      },
    },
    [`${prefix}/tags_assignments`]: {
      post: {
        operationId: `assign${of}Tags`,
        summary: 'Manage tag assignments',
        description: 'Puts tags on recipes and connections, and takes them off; all or nothing.',
        security,
        parameters: owner,
        requestBody: body({
          type: 'object',
          properties: { add_tags: handles, remove_tags: handles, recipe_ids: ids, connection_ids: ids },
          anyOf: [{ required: ['recipe_ids'] }, { required: ['connection_ids'] }],
        }),
        responses: { ...answer(success), '200': { description: 'Done; there is no body.' } },
      },
    },
  };
}

export const paths: Paths = {
  ...tagPaths('Workspace', '/api', [], anyToken),
  ...tagPaths('Customer', '/api/v2/managed_users/{managed_user_id}', [managedUserId], vendor),
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Tag: exactly({
    handle: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    color: { type: 'string' },
    created_at: time,
    updated_at: time,
  }),
};
