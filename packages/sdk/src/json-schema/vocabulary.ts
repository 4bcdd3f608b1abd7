import { isObject, lookUp } from '../json.ts';

/** The `$schema` of the schemas that we write. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The drafts that an author's schema may be written in. */
export type Dialect = 'draft-07' | '2020-12';

/** How the value of a keyword holds schemas; in a map or a list, what is no schema holds none. */
export type Holds = 'schema' | 'list' | 'map' | 'schema or list';

/** Facts about a keyword. */
export interface KnownKeyword {
  /** `checked` against values; `beside` another keyword, which reads it; `structure` of the file; or said to people. */
  readonly role: 'checked' | 'beside' | 'structure' | 'annotation';
  readonly holds?: Holds;
  /** The only dialect that has it, where the other ignores it. */
  readonly only?: Dialect;
  /** True if the schemas in it are applied to the same value, not to a part of it. */
  readonly inPlace?: true;
}

const checked: KnownKeyword = { role: 'checked' };
const annotation: KnownKeyword = { role: 'annotation' };
const inPlace = { role: 'checked', inPlace: true } as const;
const modern = { role: 'checked', only: '2020-12' } as const;

/**
 * Every keyword, and what is done with it. `format` and the words about contents are annotations in both dialects.
 * `dependencies`, and `items` with a list and its `additionalItems`, are checked in 2020-12 as well, which moved them.
 * Sources: JSON Schema Core and Validation, draft 2020-12 and draft-07.
 */
export const VOCABULARY: Readonly<Record<string, KnownKeyword>> = {
  $schema: { role: 'structure' },
  $id: { role: 'structure' },
  $anchor: { role: 'structure', only: '2020-12' },
  $dynamicAnchor: { role: 'structure', only: '2020-12' },
  $defs: { role: 'structure', holds: 'map' },
  definitions: { role: 'structure', holds: 'map' },
  $vocabulary: annotation,
  $comment: annotation,
  $ref: inPlace,
  $dynamicRef: { ...inPlace, only: '2020-12' },
  type: checked,
  enum: checked,
  const: checked,
  minLength: checked,
  maxLength: checked,
  pattern: checked,
  minimum: checked,
  maximum: checked,
  exclusiveMinimum: checked,
  exclusiveMaximum: checked,
  multipleOf: checked,
  minItems: checked,
  maxItems: checked,
  uniqueItems: checked,
  minProperties: checked,
  maxProperties: checked,
  required: checked,
  dependentRequired: modern,
  properties: { ...checked, holds: 'map' },
  patternProperties: { ...checked, holds: 'map' },
  additionalProperties: { ...checked, holds: 'schema' },
  propertyNames: { ...checked, holds: 'schema' },
  unevaluatedProperties: { ...modern, holds: 'schema' },
  items: { ...checked, holds: 'schema or list' },
  prefixItems: { ...modern, holds: 'list' },
  additionalItems: { ...checked, holds: 'schema' },
  unevaluatedItems: { ...modern, holds: 'schema' },
  contains: { ...checked, holds: 'schema' },
  minContains: { role: 'beside', only: '2020-12' },
  maxContains: { role: 'beside', only: '2020-12' },
  allOf: { ...inPlace, holds: 'list' },
  anyOf: { ...inPlace, holds: 'list' },
  oneOf: { ...inPlace, holds: 'list' },
  not: { ...inPlace, holds: 'schema' },
  if: { ...inPlace, holds: 'schema' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { role: 'beside', holds: 'schema', inPlace: true },
  else: { role: 'beside', holds: 'schema', inPlace: true },
  dependentSchemas: { ...inPlace, holds: 'map', only: '2020-12' },
  dependencies: { ...inPlace, holds: 'map' },
  format: annotation,
  contentEncoding: annotation,
  contentMediaType: annotation,
  contentSchema: { ...annotation, holds: 'schema' },
  title: annotation,
  description: annotation,
  default: annotation,
  examples: annotation,
  example: annotation,
  deprecated: annotation,
  readOnly: annotation,
  writeOnly: annotation,
};

/** Keywords of other drafts, which neither dialect has, and what says the same in these. */
export const OF_OTHER_DRAFTS: Readonly<Record<string, string>> = {
  id: 'Write "$id".',
  extends: 'Write "allOf".',
  disallow: 'Write "not".',
  divisibleBy: 'Write "multipleOf".',
  nullable: 'Add "null" to "type".',
  discriminator: 'Tell the alternatives apart with "const" or "if".',
  $recursiveRef: 'Write "$dynamicRef".',
  $recursiveAnchor: 'Write "$dynamicAnchor".',
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'json-schema.org/draft/2020-12/schema': '2020-12',
  'json-schema.org/draft-07/schema': 'draft-07',
};

/** The dialect of a `$schema`; undefined when it is neither of the two. */
export function dialectNamed(uri: unknown): Dialect | undefined {
  return lookUp(
    DIALECTS,
    String(uri)
      .replace(/^https?:\/\//, '')
      .replace(/#$/, ''),
  );
}

/** The draft that a schema says it is written in; 2020-12 where it says nothing, or what nobody knows. */
export function dialectOf(root: unknown): Dialect {
  return (isObject(root) && dialectNamed(root.$schema)) || '2020-12';
}

/** A regular expression as JSON Schema means it; undefined when it is none. */
export function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}
