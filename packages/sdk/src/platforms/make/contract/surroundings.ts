import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { answer, anyToken, appName, appVersion, page, read } from './conventions.ts';

/**
 * Operations that clients need beside apps and connections: the components of other kinds, enumerations, a sign of life.
 * Sources: the official client `@makehq/sdk`, and Make's editor extension.
 */

function components(key: string): OpenAPIV3_1.ResponsesObject {
  return answer({
    type: 'object',
    required: [key],
    properties: {
      [key]: {
        type: 'array',
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
    examples: [{ [key]: [] }],
  });
}

const VERSIONED = [
  ['modules', 'listModules', 'appModules'],
  ['rpcs', 'listRpcs', 'appRpcs'],
  ['functions', 'listFunctions', 'appFunctions'],
  ['endpoints', 'listEndpoints', 'appEndpoints'],
] as const;

const named = { code: { type: 'string' }, name: { type: 'string' } } as const;

export const paths: Paths = {
  ...Object.fromEntries(
    VERSIONED.map(([kind, operationId, key]) => [
      `/sdk/apps/{SDK_appName}/{SDK_appVersion}/${kind}`,
      {
        get: {
          operationId,
          summary: `List App ${kind[0]?.toUpperCase()}${kind.slice(1)}`,
          security: read,
          parameters: [appName, appVersion, page],
          responses: components(key),
        },
      },
    ]),
  ),
  '/sdk/apps/{SDK_appName}/webhooks': {
    get: {
      operationId: 'listWebhooks',
      summary: 'List App Webhooks',
      security: read,
      parameters: [appName, page],
      responses: components('appWebhooks'),
    },
  },
  '/enums/countries': {
    get: {
      operationId: 'listCountries',
      summary: 'List Countries',
      security: anyToken,
      responses: answer({
        type: 'object',
        required: ['countries'],
        properties: {
          countries: {
            type: 'array',
            items: {
              type: 'object',
              required: ['id', 'name', 'code', 'code2'],
              properties: { id: { type: 'integer' }, ...named, code2: { type: 'string' } },
            },
          },
        },
        examples: [{ countries: [{ id: 4, name: 'Afghanistan', code: 'AFG', code2: 'af' }] }],
      }),
    },
  },
  '/enums/languages': {
    get: {
      operationId: 'listLanguages',
      summary: 'List Languages',
      security: anyToken,
      responses: answer({
        type: 'object',
        required: ['languages'],
        properties: {
          languages: { type: 'array', items: { type: 'object', required: ['code', 'name'], properties: named } },
        },
        examples: [{ languages: [{ code: 'en', name: 'English' }] }],
      }),
    },
  },
  '/ping': {
    get: {
      operationId: 'ping',
      summary: 'Ping',
      security: [],
      responses: answer({ type: 'string', examples: ['OK'] }, 'text/plain'),
    },
  },
};
