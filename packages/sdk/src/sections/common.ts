import { DIALECT } from '../json-schema/vocabulary.ts';
import { starterReads } from './api-starters.ts';
import { CREATE_TYPES, type CreateType } from './create-types.ts';
import { VOCABULARY } from './json-schema.ts';
import type { JSONSchema, Section } from './section.ts';

const schema: JSONSchema = { type: ['object', 'boolean'], properties: VOCABULARY };

function starter(properties: string, required: string): string {
  return `{
  "$schema": "${DIALECT}",
  "description": "Shared by all users of the app. Values are secrets: they live in common.local.json, never here.",
  "type": "object",
  "properties": {${properties}},
  "required": [${required}],
  "additionalProperties": false
}
`;
}

function credentials(id: string, secret: string): string {
  return starter(
    `
    "${id}": {
      "description": "As registered with the provider for this app",
      "type": "string"
    },
    "${secret}": {
      "type": "string",
      "writeOnly": true
    }
  `,
    `"${id}", "${secret}"`,
  );
}

const STARTERS = {
  basic: starter('', ''),
  oauth2: credentials('clientId', 'clientSecret'),
  oauth1: credentials('consumerKey', 'consumerSecret'),
};

/** The data that all users of the app share; the file is the author's JSON Schema of it, the values are elsewhere. */
export const common = {
  name: 'common',
  title: 'Common data',
  summary: 'Values that all users of the app share, such as its client id and secret.',
  files: ['common.schema.json'],
  comments: false,
  wire: 'json',
  empty: '{}',
  schemas: {
    common: {
      $schema: DIALECT,
      title: 'The schema of the common section',
      description: 'A JSON Schema of the data that all users of the app share.',
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['object'], 'x-hint': 'The values of common are one object.' },
      },
      allOf: [{ $ref: '#/$defs/schema' }],
      $defs: { schema },
    },
  },
  schemaFor: () => 'common',
  starter: (type: CreateType) => STARTERS[starterReads(type, 'common.') ? CREATE_TYPES[type].kind : 'basic'],
  examples: () => [
    { type: 'oauth', value: {} },
    {
      type: 'oauth',
      value: {
        $schema: DIALECT,
        type: 'object',
        properties: { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } },
        required: ['clientId', 'clientSecret'],
        additionalProperties: false,
      },
    },
    {
      type: 'other',
      value: { properties: { regions: { type: 'array', items: { enum: ['eu', 'us'] } }, extra: true } },
    },
  ],
  counterExamples: () => [
    { type: 'oauth', value: [], code: 'schema/type', path: [] },
    { type: 'oauth', value: { type: 'string' }, code: 'schema/enum', path: ['type'] },
    { type: 'oauth', value: { properties: ['clientId'] }, code: 'schema/type', path: ['properties'] },
    { type: 'oauth', value: { required: 'clientId' }, code: 'schema/type', path: ['required'] },
    { type: 'oauth', value: { required: [true] }, code: 'schema/type', path: ['required', 0] },
    {
      type: 'oauth',
      value: { properties: { clientId: { type: 'text' } } },
      code: 'schema/enum',
      path: ['properties', 'clientId', 'type'],
    },
    {
      type: 'oauth',
      value: { properties: { clientId: 'string' } },
      code: 'schema/type',
      path: ['properties', 'clientId'],
    },
    {
      type: 'oauth',
      value: { properties: { clientId: { minLength: -1 } } },
      code: 'schema/value',
      path: ['properties', 'clientId', 'minLength'],
    },
  ],
} as const satisfies Section;
