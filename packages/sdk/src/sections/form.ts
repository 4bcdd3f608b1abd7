import { isObject } from '../json.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import { REFERENCE, VISUAL_TYPES } from '../parameters/kinds.ts';
import { toParameters } from '../parameters/to-parameters.ts';
import { toSchema } from '../parameters/to-schema.ts';
import { orIML, when } from './api-request.ts';
import { VOCABULARY } from './json-schema.ts';
import type { Authoring, JSONSchema } from './section.ts';

const flag = orIML({ type: 'boolean' });
const string: JSONSchema = { type: 'string' };

/**
 * The types of parameters. Sources: Make's documentation of parameters; the schema of its editor extension (Make Apps
 * Editor 2.8.0, syntaxes/imljson/schemas/parameters.json); what its form library knows beside them (@makehq/forman-schema
 * 1.16.0, FORMAN_TYPE_MAP in src/forman.ts and FORMAN_VISUAL_TYPES in src/utils.ts): checkbox, dynamicCollection, editor,
 * filestorage, html, list, markdown, radio, separator, udtspec and udttype.
 */
export const PARAMETER_TYPES = [
  'any',
  'array',
  'banner',
  'boolean',
  'buffer',
  'cert',
  'checkbox',
  'collection',
  'color',
  'date',
  'dynamicCollection',
  'editor',
  'email',
  'file',
  'filename',
  'filestorage',
  'filter',
  'folder',
  'hidden',
  'html',
  'integer',
  'json',
  'list',
  'markdown',
  'number',
  'password',
  'path',
  'pkey',
  'port',
  'radio',
  'select',
  'separator',
  'text',
  'time',
  'timestamp',
  'timezone',
  'udt',
  'udtspec',
  'udttype',
  'uinteger',
  'url',
  'uuid',
] as const;

function closed(
  properties: Readonly<Record<string, JSONSchema>>,
  required: readonly string[] = [],
): { readonly [keyword: string]: unknown } {
  return { type: 'object', properties, additionalProperties: false, required };
}

/** `schema` for the objects among values of these types. */
function among(types: readonly string[], { type: _, ...schema }: { readonly [keyword: string]: unknown }) {
  return { type: types, ...schema };
}

const label: JSONSchema = { type: 'string', minLength: 1, maxLength: 256 };

/** Parameters, or the `rpc://` that answers them. */
const parameters: JSONSchema = { type: ['array', 'string'], items: { $ref: '#/$defs/parameter' } };

/** Parameters that appear when something is chosen. */
const nested: JSONSchema = {
  description: 'Parameters that appear when this is chosen.',
  ...among(['array', 'string', 'object'], closed({ store: parameters, domain: string }, ['store'])),
  items: { $ref: '#/$defs/parameter' },
};

/** One option, or a group of them when it holds `options` itself. */
const option: JSONSchema = {
  ...closed({
    label,
    value: { description: 'What is stored; any JSON.' },
    nested: { $ref: '#/$defs/nested' },
    default: flag,
    short: string,
    description: string,
    options: { type: 'array', items: { $ref: '#/$defs/option' } },
  }),
  allOf: [
    when({ properties: { options: false } }, { required: ['value'] }),
    when({ required: ['options'] }, { required: ['label'] }),
  ],
};

const store: JSONSchema = { type: ['array', 'string'], items: { $ref: '#/$defs/option' } };

const options: JSONSchema = {
  description: 'What can be chosen: a list, or an rpc:// that answers one.',
  ...among(
    ['array', 'string', 'object'],
    closed({
      store,
      label: string,
      value: string,
      default: true,
      learning: flag,
      placeholder: among(['string', 'object'], closed({ label: string, nested: { $ref: '#/$defs/nested' } })),
      nested: { $ref: '#/$defs/nested' },
      operators: { type: ['array', 'string'] },
      logic: string,
      scope: { type: ['array', 'object'] },
      ids: flag,
      showRoot: flag,
      singleLevel: flag,
      wildcard: true,
    }),
  ),
  items: { $ref: '#/$defs/option' },
};

const number = orIML({ type: 'number' });

const validation: JSONSchema = {
  description: 'Limits of the value.',
  ...among(
    ['object', 'boolean'],
    closed({
      min: number,
      max: number,
      minItems: number,
      maxItems: number,
      pattern: { type: ['string', 'object'] },
      enum: { type: 'array' },
    }),
  ),
};

/** Schema of a parameter with a documented type. */
const field = closed({
  name: { description: 'The key of the value.', type: 'string', minLength: 1, maxLength: 128 },
  type: true,
  label: { description: 'What the field is called in the form.', ...label },
  help: { description: 'Markdown below the field.', type: 'string', minLength: 1 },
  default: true,
  required: flag,
  advanced: { description: 'Hides the field until advanced settings are shown.', ...flag },
  editable: {
    description: 'Whether the value can be changed later.',
    ...orIML(among(['boolean', 'object'], closed({ enabled: flag, help: string }, ['enabled']))),
  },
  mappable: orIML(among(['boolean', 'object'], closed({ help: string }, ['help']))),
  disabled: flag,
  visible: { type: ['string', 'boolean'] },
  semantic: string,
  metadata: { type: 'object' },
  coder: flag,
  multiline: flag,
  tags: orIML({ type: 'string', enum: ['strip', 'stripall', 'escape'] }),
  validate: validation,
  pattern: string,
  nested: { $ref: '#/$defs/nested' },
  options,
  multiple: flag,
  sort: string,
  dynamic: flag,
  grouped: flag,
  mode: orIML({ type: 'string', enum: ['edit', 'choose'] }),
  spec: {
    description: 'What an array or a collection holds.',
    type: ['array', 'object', 'string'],
    ...when({ type: 'array' }, { items: { $ref: '#/$defs/parameter' } }),
    allOf: [when({ type: 'object' }, { $ref: '#/$defs/parameter' })],
  },
  labels: { type: 'object' },
  sequence: flag,
  time: flag,
  schema: { description: 'A JSON Schema.', type: ['object', 'boolean'] },
  codepage: string,
  extension: { type: ['string', 'array'], items: string },
  ids: flag,
  showRoot: flag,
  singleLevel: flag,
  logic: string,
  rpc: closed({ url: string, label: string, parameters }, ['url', 'label']),
  convert: closed(
    {
      type: string,
      format: string,
      timezone: string,
      name: string,
      label: string,
      names: { type: ['string', 'array'] },
    },
    ['type'],
  ),
  title: string,
  text: string,
  closable: flag,
  theme: string,
  badge: string,
});

/** Types of which no document says what else they may say. */
const UNDOCUMENTED = VISUAL_TYPES.filter((type) => type !== 'banner');

const parameter: JSONSchema = {
  title: 'Parameter',
  description: 'One field of a form, or an rpc:// that returns fields.',
  type: ['object', 'string'],
  properties: {
    type: {
      type: 'string',
      ...when({ not: { pattern: `\\{\\{|${REFERENCE.source}` } }, { enum: PARAMETER_TYPES }),
    },
  },
  required: ['type'],
  allOf: [
    when({ type: 'string' }, { pattern: '^(rpc://|\\{\\{)', 'x-expected': 'a string that begins with rpc://' }),
    { if: { properties: { type: { enum: UNDOCUMENTED } }, required: ['type'] }, else: { $ref: '#/$defs/field' } },
  ],
};

/**
 * The schema of a form: the parameters that Make asks a user, or an administrator, to fill in.
 * Sources: Make's documentation of parameters, and its editor's schema.
 */
export function formSchema(title: string, description: string): JSONSchema {
  return {
    $schema: DIALECT,
    title,
    description,
    type: ['array', 'string'],
    'x-expected': 'an array of parameters, or a JSON Schema of the values',
    items: { $ref: '#/$defs/parameter' },
    ...when({ type: 'string' }, { pattern: '^(rpc://|\\{\\{)', 'x-expected': 'a string that begins with rpc://' }),
    $defs: { parameter, field, nested, option },
  };
}

/**
 * The schema of a form that is declared as a JSON Schema of its values. What a keyword may say in a form, and what not,
 * is reported when the form is made of it.
 */
export function authoredFormSchema(title: string, description: string): JSONSchema {
  return {
    $schema: DIALECT,
    title,
    description,
    type: 'object',
    properties: {
      type: { type: 'string', enum: ['object'], 'x-hint': 'The values of a form are one object.' },
    },
    required: ['type'],
    allOf: [{ $ref: '#/$defs/schema' }],
    $defs: {
      schema: {
        type: ['object', 'boolean'],
        properties: VOCABULARY,
        patternProperties: { '^x-': true },
        additionalProperties: false,
      },
    },
  };
}

/** An object is a JSON Schema; the platform's own form is an array or a string. */
export const FORM_AUTHORING: Authoring = {
  applies: isObject,
  compile: (schema) => {
    const { form, problems, lost, places } = toParameters(schema);
    return { value: form, problems, lost, places };
  },
  author: toSchema,
};
