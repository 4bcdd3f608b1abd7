import { RULE_SEVERITIES } from '../diagnostics.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { SECTIONS } from '../sections/index.ts';
import type { JSONSchema } from '../sections/section.ts';
import { TEST_SCHEMA } from './test-schema.ts';

const words: JSONSchema = { type: 'string', minLength: 1 };

const origin: JSONSchema = {
  description: 'A place that the project is pushed to.',
  type: 'object',
  properties: {
    platform: { description: 'The platform behind it (default: make).', ...words },
    url: { description: 'The base URL of its API (default: the running harness).', ...words },
    zone: { description: 'In place of the URL: a zone of the platform, such as eu1.', ...words },
    tokenFile: { description: 'A file that holds the token, which git must ignore.', ...words },
    app: { description: 'What the platform calls the app.', ...words },
    version: { description: 'The version of the app.', type: 'integer', minimum: 1 },
    ignored: {
      description: 'Excluded connections: in the project by id, on the platform by name.',
      type: 'object',
      properties: {
        local: { type: 'array', items: words },
        remote: { type: 'array', items: words },
      },
      additionalProperties: false,
    },
    connections: {
      description: 'What the platform calls each connection.',
      type: 'object',
      additionalProperties: words,
    },
  },
  additionalProperties: false,
};

/** Of the project's own files, by name; the name is also the validator's. */
export const PROJECT_SCHEMAS: Readonly<Record<string, JSONSchema>> = {
  connector: {
    $schema: DIALECT,
    title: 'connector.json',
    description: 'A connector and its origins.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      layout: {
        description: 'Layout of the files: native (default), or make with makecomapp.json.',
        type: 'string',
        enum: ['native', 'make'],
      },
      name: { description: 'The name of the connector, and of its app before platforms add to it.', ...words },
      label: { description: 'What people read.', ...words },
      origins: { type: 'object', additionalProperties: origin },
      rules: {
        description: 'Severities of problems, by their codes.',
        type: 'object',
        additionalProperties: { type: 'string', enum: RULE_SEVERITIES },
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  makecomapp: {
    $schema: DIALECT,
    title: 'makecomapp.json',
    description: 'The connections of a project in Make’s local-development layout.',
    type: 'object',
    properties: {
      fileVersion: { type: 'number' },
      components: {
        type: 'object',
        properties: {
          connection: {
            description: 'The connections by their local ids.',
            type: 'object',
            additionalProperties: {
              type: ['object', 'null'],
              properties: {
                label: { description: 'What people read.', type: 'string' },
                connectionType: {
                  description: 'What Make stores.',
                  type: 'string',
                  enum: [...new Set(['basic', 'oauth', ...Object.keys(CREATE_TYPES)])],
                },
                codeFiles: {
                  description: 'Where its sections are; null for those that are ignored.',
                  type: 'object',
                  additionalProperties: { type: ['string', 'null'] },
                },
              },
              required: ['codeFiles'],
            },
          },
        },
      },
      origins: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            label: { type: 'string' },
            baseUrl: { type: 'string' },
            appId: { type: 'string' },
            appVersion: { type: 'number' },
            apikeyFile: { type: 'string' },
            idMapping: { type: 'object' },
          },
          required: ['baseUrl'],
        },
      },
    },
    required: ['components', 'origins'],
  },
  connection: {
    $schema: DIALECT,
    title: 'connection.json',
    description: 'The type and the label of a connection.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      type: { description: 'How the connection authorizes.', type: 'string', enum: Object.keys(CREATE_TYPES) },
      label: { description: 'What people read.', ...words },
      unmanaged: {
        description: 'Sections without a file on purpose: they stay as they are on the platform.',
        type: 'array',
        items: { type: 'string', enum: SECTIONS.map(({ name }) => name) },
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  test: TEST_SCHEMA,
};
