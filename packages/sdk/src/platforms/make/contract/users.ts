import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, anyToken } from './conventions.ts';

/** Who the token belongs to: the first call of most clients. Source: the official client `@makehq/sdk`. */

export const paths: Paths = {
  '/users/me': {
    get: {
      operationId: 'getCurrentUser',
      summary: 'Get Current User',
      security: anyToken,
      responses: answer({
        type: 'object',
        required: ['authUser'],
        properties: { authUser: { $ref: '#/components/schemas/User' } },
        examples: [
          {
            authUser: {
              id: 1,
              name: 'Connector Author',
              email: 'author@example.com',
              language: 'en',
              timezoneId: 1,
              localeId: 1,
              countryId: 1,
              features: { allow_apps: false },
              avatar: 'https://www.gravatar.com/avatar/',
              lastLogin: '2026-01-01T00:00:00.000Z',
              timezone: 'UTC',
              locale: 'en-US',
            },
          },
        ],
      }),
    },
  },
  '/users/me/current-authorization': {
    get: {
      operationId: 'getCurrentAuthorization',
      summary: 'Get Current Authorization',
      description: 'What the token that it is asked with may do.',
      security: anyToken,
      responses: answer({
        type: 'object',
        required: ['authorization'],
        properties: {
          authorization: {
            type: 'object',
            required: ['authUsed', 'scope'],
            properties: { authUsed: { type: 'string' }, scope: { type: 'array', items: { type: 'string' } } },
          },
        },
        examples: [{ authorization: { authUsed: 'token', scope: ['sdk-apps:read', 'sdk-apps:write'] } }],
      }),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  User: {
    type: 'object',
    required: ['id', 'name', 'email', 'features'],
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      email: { type: 'string' },
      language: { type: 'string' },
      timezoneId: { type: 'integer' },
      localeId: { type: 'integer' },
      countryId: { type: 'integer' },
      features: {
        type: 'object',
        properties: {
          allow_apps: { type: 'boolean', description: 'Whether app names are kept as they were asked for.' },
        },
        additionalProperties: { type: 'boolean' },
      },
      avatar: { type: 'string' },
      lastLogin: { type: ['string', 'null'] },
      timezone: { type: 'string' },
      locale: { type: 'string' },
    },
  },
};
