import type { JSONSchema, Platform } from '@connectorkit/sdk/emulator';

/** Parts of the JSON Schemas of seeds. */

type Properties = Readonly<Record<string, JSONSchema>>;

/** An object with these properties and no others; those that are named have to be there. */
export function object(properties: Properties, required: readonly string[] = [], description?: string) {
  return {
    type: 'object',
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
    ...(required.length === 0 ? {} : { required }),
    properties,
  };
}

/** The same for a whole seed. */
export function seedOf(title: string, properties: Properties, $defs?: Properties) {
  const $schema = { type: 'string', description: 'Where this schema lies, for editors.' };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `A seed of ${title}`,
    'x-subject': `A seed of ${title}`,
    ...object({ $schema, ...properties }),
    ...($defs === undefined ? {} : { $defs }),
  };
}

export function list(items: JSONSchema, description?: string) {
  return { type: 'array', ...(description === undefined ? {} : { description }), items };
}

/** Objects by name. */
export function map(values: JSONSchema, description: string) {
  return { type: 'object', description, additionalProperties: values };
}

export function text(description?: string) {
  return { type: 'string', ...(description === undefined ? {} : { description }) };
}

/** A text that is not empty. */
export function name(description?: string) {
  return { ...text(description), minLength: 1 };
}

export function textOrNull(description?: string) {
  return { ...text(description), type: ['string', 'null'] };
}

export function flag(description?: string) {
  return { type: 'boolean', ...(description === undefined ? {} : { description }) };
}

/** Range of ids that are numbers. */
export const COUNTED = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

/** An id, counted from 1. */
export function id(description?: string) {
  return { type: 'integer', ...COUNTED, ...(description === undefined ? {} : { description }) };
}

export function choice(values: readonly (string | number | null)[], description?: string) {
  return { enum: values, ...(description === undefined ? {} : { description }) };
}

const TIME = {
  description: 'ISO 8601.',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
  'x-expected': 'a time such as 2026-01-01T00:00:00Z',
};
export const time = { type: 'string', ...TIME };
export const timeOrNull = { type: ['string', 'null'], ...TIME };

/** Returns the contract's schemas for the properties of one of its things. */
export function answered({ contract }: Platform, thing: string): Properties {
  const schema = contract.components?.schemas?.[thing] as { readonly properties?: Properties } | undefined;
  if (schema?.properties === undefined) throw new Error(`The contract has no ${thing}.`);
  return schema.properties;
}
