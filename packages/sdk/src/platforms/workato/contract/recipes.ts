import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, body, exactly, id, managedUserId, page, time, timeOrNull, vendor, wrapped } from './conventions.ts';

/**
 * A customer's recipes, as far as they make connections be in use. Sources: Workato's page "Recipes" of the Embedded
 * API; the Developer API's `PUT /api/recipes/:recipe_id/connect` for how a recipe gets another connection.
 */

const recipeId: OpenAPIV3_1.ParameterObject = {
  name: 'recipe_id',
  in: 'path',
  required: true,
  schema: { type: 'string', minLength: 1 },
  example: '41354',
};

const success = { $ref: '#/components/schemas/Success' };

const writableConfig: OpenAPIV3_1.SchemaObject = {
  type: ['array', 'string'],
  description: 'The applications that it uses, each with its connection; or the same as JSON text.',
  items: {
    type: 'object',
    required: ['provider'],
    properties: {
      keyword: { type: 'string' },
      name: { type: 'string' },
      provider: { type: 'string' },
      account_id: {
        type: ['integer', 'string', 'null'],
        pattern: '^[0-9]+$',
        description: 'The id of the connection.',
      },
    },
  },
};

export const paths: Paths = {
  '/api/managed_users/{managed_user_id}/recipes': {
    get: {
      operationId: 'listRecipes',
      summary: 'List recipes belonging to a customer',
      description: 'By descending id.',
      security: vendor,
      parameters: [
        managedUserId,
        { name: 'active', in: 'query', schema: { type: 'string' } },
        { name: 'running', in: 'query', schema: { type: 'string' } },
        { name: 'folder_id', in: 'query', schema: { type: 'string' } },
        { name: 'since_id', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
        ...page,
      ],
      responses: answer(wrapped({ type: 'array', items: { $ref: '#/components/schemas/Recipe' } })),
    },
    post: {
      operationId: 'createRecipe',
      summary: 'Create a recipe in a customer workspace',
      security: vendor,
      parameters: [managedUserId],
      requestBody: body({
        type: 'object',
        required: ['recipe'],
        properties: {
          recipe: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              code: { type: ['string', 'object'] },
              config: writableConfig,
              folder_id: id,
            },
          },
        },
      }),
      responses: answer(exactly({ success: { type: 'boolean' }, id: { type: 'integer' } })),
    },
  },
  '/api/managed_users/{managed_user_id}/recipes/{recipe_id}/start': {
    put: {
      operationId: 'startRecipe',
      summary: 'Start a recipe in a customer workspace',
      security: vendor,
      parameters: [managedUserId, recipeId],
      responses: answer(success),
    },
  },
  '/api/managed_users/{managed_user_id}/recipes/{recipe_id}/stop': {
    put: {
      operationId: 'stopRecipe',
      summary: 'Stop a recipe in a customer workspace',
      security: vendor,
      parameters: [managedUserId, recipeId],
      responses: answer(success),
    },
  },
  '/api/managed_users/{managed_user_id}/recipes/{recipe_id}/connect': {
    put: {
      operationId: 'connectRecipe',
      summary: 'Give a stopped recipe another connection',
      security: vendor,
      parameters: [managedUserId, recipeId],
      requestBody: body({
        type: 'object',
        required: ['adapter_name', 'connection_id'],
        properties: { adapter_name: { type: 'string' }, connection_id: id },
      }),
      responses: answer(success),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Recipe: exactly({
    id: { type: 'integer' },
    name: { type: 'string' },
    folder_id: { type: 'integer' },
    running: { type: 'boolean' },
    config: {
      type: 'array',
      items: exactly({
        keyword: { type: 'string' },
        name: { type: 'string' },
        provider: { type: 'string' },
        account_id: { type: ['integer', 'null'] },
      }),
    },
    created_at: time,
    updated_at: time,
    last_run_at: timeOrNull,
    stopped_at: timeOrNull,
  }),
};
