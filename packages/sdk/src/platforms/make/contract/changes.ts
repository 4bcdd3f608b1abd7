import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, appName, appVersion, read, write } from './conventions.ts';

/**
 * Changes of an approved app that are not committed yet.
 * Sources: Make's OpenAPI document, and its editor extension for the groups.
 */

const parameters = [appName, appVersion];
const changeIds = {
  type: 'array',
  items: { type: 'integer' },
  description: 'All changes, when it is left out.',
} as const;

function optional(
  properties: Record<string, OpenAPIV3_1.SchemaObject>,
  example: object,
): OpenAPIV3_1.RequestBodyObject {
  return { content: { 'application/json': { schema: { type: 'object', properties, examples: [example] } } } };
}

export const paths: Paths = {
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/changes/{SDK_changeId}': {
    get: {
      operationId: 'getChange',
      summary: 'Get Change',
      security: read,
      parameters: [
        ...parameters,
        {
          name: 'SDK_changeId',
          in: 'path',
          required: true,
          schema: { type: 'string', pattern: '^[0-9]+$' },
          example: '123',
        },
      ],
      responses: answer({
        type: 'object',
        required: ['change'],
        properties: { change: { $ref: '#/components/schemas/ChangeDetail' } },
        examples: [
          { change: { id: 123, group: 'account', code: 'api', oldValue: '{}', newValue: '{ "url": "/me" }' } },
        ],
      }),
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/commit': {
    post: {
      operationId: 'commitChanges',
      summary: 'Commit Changes',
      description: 'Of an approved app only.',
      security: write,
      parameters,
      requestBody: optional(
        { message: { type: 'string', minLength: 1, maxLength: 1000 }, notify: { type: 'boolean' }, changeIds },
        { message: 'Scopes in order', notify: false, changeIds: [123] },
      ),
      responses: answer({ type: 'string', enum: ['true'], examples: ['true'] }, 'text/plain'),
    },
  },
  '/sdk/apps/{SDK_appName}/{SDK_appVersion}/rollback': {
    post: {
      operationId: 'rollbackChanges',
      summary: 'Rollback Changes',
      description: 'Of an approved app only.',
      security: write,
      parameters,
      requestBody: optional({ changeIds }, { changeIds: [123] }),
      responses: answer({
        type: 'object',
        required: ['rolledBack'],
        properties: { rolledBack: { type: 'boolean' } },
        examples: [{ rolledBack: true }],
      }),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  ChangeRow: {
    type: 'object',
    required: ['id', 'group', 'item', 'code'],
    properties: {
      id: { type: 'integer' },
      group: { type: 'string', description: '`account` for connections, `app` for what is the app’s own.' },
      item: { type: 'string', description: 'The name of the connection or of the app.' },
      code: { type: 'string', description: 'The section or field.' },
    },
  },
  ChangeDetail: {
    type: 'object',
    required: ['id', 'group', 'code', 'oldValue', 'newValue'],
    properties: {
      id: { type: 'integer' },
      group: { type: 'string' },
      code: { type: 'string' },
      oldValue: { type: ['string', 'null'] },
      newValue: { type: ['string', 'null'] },
    },
  },
};
