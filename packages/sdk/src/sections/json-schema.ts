import { when } from './api-request.ts';
import type { JSONSchema } from './section.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

const anySchema: JSONSchema = { $ref: '#/$defs/schema' };
const schemas: JSONSchema = { type: 'array', items: anySchema };
const byName: JSONSchema = { type: 'object', additionalProperties: anySchema };
const names: JSONSchema = { type: 'array', items: { type: 'string' } };
const flag: JSONSchema = { type: 'boolean' };
const size: JSONSchema = { type: 'integer', minimum: 0 };
const number: JSONSchema = { type: 'number' };
const string: JSONSchema = { type: 'string' };

/** Schema of any JSON Schema, draft 2020-12 or draft-07, as far as it is certain; for `#/$defs/schema`. */
export const VOCABULARY: Readonly<Record<string, JSONSchema>> = {
  $schema: string,
  $id: string,
  $ref: string,
  $anchor: string,
  $dynamicRef: string,
  $dynamicAnchor: string,
  $comment: string,
  $defs: byName,
  definitions: byName,
  type: {
    type: ['string', 'array'],
    ...when({ type: 'string' }, { enum: TYPES }),
    items: { type: 'string', enum: TYPES },
  },
  title: string,
  description: string,
  default: true,
  examples: { type: 'array' },
  enum: { type: 'array' },
  const: true,
  properties: byName,
  patternProperties: byName,
  additionalProperties: anySchema,
  unevaluatedProperties: anySchema,
  propertyNames: anySchema,
  required: names,
  dependentRequired: { type: 'object', additionalProperties: names },
  dependentSchemas: byName,
  dependencies: { type: 'object' },
  minProperties: size,
  maxProperties: size,
  items: { type: ['object', 'boolean', 'array'], ...when({ type: ['object', 'boolean'] }, anySchema) },
  prefixItems: schemas,
  contains: anySchema,
  minContains: size,
  maxContains: size,
  additionalItems: anySchema,
  unevaluatedItems: anySchema,
  uniqueItems: flag,
  minItems: size,
  maxItems: size,
  minLength: size,
  maxLength: size,
  pattern: string,
  format: string,
  contentMediaType: string,
  contentEncoding: string,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: number,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: anySchema,
  if: anySchema,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: anySchema,
  else: anySchema,
  readOnly: flag,
  writeOnly: flag,
  deprecated: flag,
};
