// biome-ignore-all lint/suspicious/noThenProperty: a keyword of JSON Schema
import { describe, expect, test } from 'vitest';
import { DIALECT } from '../json-schema/vocabulary.ts';
import { PARAMETER_TYPES } from '../sections/form.ts';
import { toParameters } from './to-parameters.ts';
import { toSchema } from './to-schema.ts';

type Schema = Readonly<Record<string, unknown>> & { readonly properties: Readonly<Record<string, unknown>> };

/** The image of one parameter, which leads back to it. */
function imageOf(parameter: object): unknown {
  const form = [{ name: 'x', ...parameter }];
  const schema = toSchema(form) as Schema;
  const made = toParameters(schema);
  expect([JSON.stringify(made.form), made.problems, made.lost]).toEqual([JSON.stringify(form), [], []]);
  return schema.properties.x;
}

const TYPES: Readonly<Record<(typeof PARAMETER_TYPES)[number], object | undefined>> = {
  any: {},
  array: { type: 'array' },
  banner: undefined,
  boolean: { type: 'boolean' },
  buffer: { type: 'string', contentEncoding: 'base64' },
  checkbox: { type: 'boolean', 'x-make-type': 'checkbox' },
  cert: { type: 'string', 'x-make-type': 'cert' },
  collection: { type: 'object' },
  color: { type: 'string', 'x-make-type': 'color' },
  date: { type: 'string', format: 'date-time' },
  dynamicCollection: { 'x-make-type': 'dynamicCollection' },
  editor: { type: 'string', 'x-make-type': 'editor' },
  email: { type: 'string', format: 'email' },
  file: { type: 'string', 'x-make-type': 'file' },
  filename: { type: 'string', 'x-make-type': 'filename' },
  filestorage: { 'x-make-type': 'filestorage' },
  filter: { type: 'array', 'x-make-type': 'filter' },
  folder: { type: 'string', 'x-make-type': 'folder' },
  hidden: { 'x-make-type': 'hidden' },
  html: undefined,
  integer: { type: 'integer' },
  list: { 'x-make-type': 'list' },
  markdown: undefined,
  json: { type: 'string', contentMediaType: 'application/json' },
  number: { type: 'number' },
  password: { type: 'string', writeOnly: true },
  path: { type: 'string', 'x-make-type': 'path' },
  pkey: { type: 'string', writeOnly: true, 'x-make-type': 'pkey' },
  port: { type: 'integer', 'x-make-type': 'port', minimum: 0, maximum: 65535 },
  radio: { 'x-make-type': 'radio' },
  select: { 'x-make-type': 'select' },
  separator: undefined,
  text: { type: 'string' },
  time: { type: 'string', format: 'time' },
  timestamp: { type: 'string', format: 'date-time', 'x-make-type': 'timestamp' },
  timezone: { type: 'string', 'x-make-type': 'timezone' },
  udt: { 'x-make-type': 'udt' },
  udtspec: { 'x-make-type': 'udtspec' },
  udttype: { 'x-make-type': 'udttype' },
  uinteger: { type: 'integer', 'x-make-type': 'uinteger', minimum: 0 },
  url: { type: 'string', format: 'uri' },
  uuid: { type: 'string', format: 'uuid' },
};

test.each(PARAMETER_TYPES)('the type %s has an image', (type) => {
  expect(imageOf({ type })).toEqual(TYPES[type]);
});

describe('keys', () => {
  test.each<[object, object]>([
    [
      { label: 'Host', help: 'Of *yours*.', default: 'a' },
      { title: 'Host', description: 'Of *yours*.', default: 'a' },
    ],
    [{ required: true }, {}],
    [{ required: false }, { 'x-make-required': false }],
    [
      { help: 'First.', required: true },
      { description: 'First.', 'x-make-required': true },
    ],
    [
      { advanced: true, editable: { enabled: true, help: 'x' } },
      { 'x-make-advanced': true, 'x-make-editable': { enabled: true, help: 'x' } },
    ],
    [
      { mappable: { help: 'x' }, disabled: '{{a}}', visible: '{{b}}', semantic: 'c', coder: true, metadata: { d: 1 } },
      {
        'x-make-mappable': { help: 'x' },
        'x-make-disabled': '{{a}}',
        'x-make-visible': '{{b}}',
        'x-make-semantic': 'c',
        'x-make-coder': true,
        'x-make-metadata': { d: 1 },
      },
    ],
    [
      { multiline: true, tags: 'strip' },
      { 'x-make-multiline': true, 'x-make-tags': 'strip' },
    ],
    [
      { rpc: { url: 'rpc://a', label: 'Test' }, convert: { type: 'number' } },
      { 'x-make-rpc': { url: 'rpc://a', label: 'Test' }, 'x-make-convert': { type: 'number' } },
    ],
    [{ validate: { min: 1, max: 9, pattern: '^a' } }, { minLength: 1, maxLength: 9, pattern: '^a' }],
    [{ validate: { min: 1, max: '{{temp.max}}' } }, { 'x-make-validate': { min: 1, max: '{{temp.max}}' } }],
    [{ validate: { pattern: '(' } }, { 'x-make-validate': { pattern: '(' } }],
    [{ validate: true }, { 'x-make-validate': true }],
    [{ validate: { enum: ['a', 'b'] } }, { 'x-make-type': 'text', enum: ['a', 'b'] }],
  ])('%j', (keys, words) => {
    expect(imageOf({ type: 'text', ...keys })).toEqual({ type: 'string', ...words });
  });

  test.each<[object, object]>([
    [
      { type: 'date', time: false },
      { type: 'string', format: 'date' },
    ],
    [
      { type: 'date', label: 'Day', time: false },
      { type: 'string', format: 'date', title: 'Day', 'x-make-time': false },
    ],
    [
      { type: '{{temp.type}}', validate: { min: 1 } },
      { 'x-make-type': '{{temp.type}}', 'x-make-validate': { min: 1 } },
    ],
    [
      { type: 'port', validate: { min: 1024 } },
      { type: 'integer', 'x-make-type': 'port', maximum: 65535, minimum: 1024 },
    ],
    [
      { type: 'uinteger', validate: { min: 0 } },
      { type: 'integer', 'x-make-type': 'uinteger', minimum: 0, 'x-make-validate': { min: 0 } },
    ],
    [
      { type: 'array', spec: { type: 'text', required: true } },
      { type: 'array', items: { type: 'string', 'x-make-required': true } },
    ],
    [
      { type: 'array', spec: [{ name: 'a', type: 'text', required: true }], validate: { maxItems: 3 } },
      {
        type: 'array',
        items: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        maxItems: 3,
      },
    ],
    [
      { type: 'array', spec: { type: 'collection', spec: [] } },
      { type: 'array', items: { type: 'object', 'x-make-type': 'collection', properties: {} } },
    ],
    [
      { type: 'array', spec: 'rpc://items' },
      { type: 'array', 'x-make-spec': 'rpc://items' },
    ],
    [
      { type: 'select', options: [{ label: 'eu', value: 'eu' }] },
      { type: 'string', enum: ['eu'] },
    ],
    [
      { type: 'radio', options: [{ label: 'eu', value: 'eu' }] },
      { type: 'string', 'x-make-type': 'radio', enum: ['eu'] },
    ],
    [
      { type: 'list', multiple: true, options: [{ value: 1, label: 'One' }] },
      {
        type: 'array',
        'x-make-type': 'list',
        uniqueItems: true,
        items: { type: 'integer', oneOf: [{ const: 1, title: 'One' }] },
      },
    ],
    [
      { type: 'select', options: [{ value: 1, label: 'One', default: true }] },
      { type: 'integer', oneOf: [{ const: 1, title: 'One', 'x-make-default': true }] },
    ],
    [
      { type: 'select', options: 'rpc://list' },
      { 'x-make-type': 'select', 'x-make-options': 'rpc://list' },
    ],
    [
      { type: 'select', multiple: true, options: [{ label: 'eu', value: 'eu' }] },
      { type: 'array', uniqueItems: true, items: { type: 'string', enum: ['eu'] } },
    ],
    [
      { type: 'select', grouped: true, options: [{ label: 'EU', options: [{ value: 'de' }] }] },
      { type: 'string', oneOf: [{ title: 'EU', oneOf: [{ const: 'de' }] }] },
    ],
    [
      { type: 'select', options: { store: [{ value: 'a' }], placeholder: 'None' } },
      { type: 'string', oneOf: [{ const: 'a' }], 'x-make-options': { placeholder: 'None' } },
    ],
  ])('%j', (parameter, schema) => {
    expect(imageOf(parameter)).toEqual(schema);
  });
});

describe('a form', () => {
  test('is an object of its fields; what has no name keeps its place', () => {
    const form = [
      { type: 'banner', text: 'Hello' },
      { name: 'b', type: 'text', required: true },
      'rpc://more',
      { name: '1', type: 'text' },
    ];
    expect(toSchema(form)).toEqual({
      $schema: DIALECT,
      type: 'object',
      properties: { b: { type: 'string' }, 1: { type: 'string' } },
      required: ['b'],
      'x-make-layout': [{ item: { type: 'banner', text: 'Hello' } }, 'b', { item: 'rpc://more' }, '1'],
    });
    expect(toParameters(toSchema(form)).form).toEqual(form);
  });

  test('that only an rpc knows is one annotation', () => {
    expect(toSchema('rpc://form')).toEqual({ $schema: DIALECT, type: 'object', 'x-make-spec': 'rpc://form' });
  });

  test('shows fields by conditions', () => {
    const field = (name: string) => [{ name, type: 'text', required: true }];
    const form = [
      {
        name: 'where',
        type: 'select',
        options: [
          { value: 'own', nested: field('host') },
          { value: 'cloud', nested: 'rpc://cloud' },
        ],
      },
      { name: 'proxy', type: 'boolean', nested: { store: field('port'), domain: 'x' } },
      { name: 'sandbox', type: 'checkbox', nested: field('key') },
      { name: 'plan', type: 'radio', options: [{ value: 'pro', nested: field('seats') }] },
      {
        name: 'tags',
        type: 'select',
        multiple: true,
        options: { placeholder: { label: '-', nested: field('none') }, store: [{ value: 'a', nested: field('a1') }] },
      },
    ];
    const then = (name: string) => ({ properties: { [name]: { type: 'string' } }, required: [name] });
    const schema = toSchema(form) as Schema;
    expect(schema.allOf).toEqual([
      { if: { properties: { where: { const: 'own' } }, required: ['where'] }, then: then('host') },
      { if: { properties: { proxy: { const: true } }, required: ['proxy'] }, then: then('port') },
      { if: { properties: { sandbox: { const: true } }, required: ['sandbox'] }, then: then('key') },
      { if: { properties: { plan: { const: 'pro' } }, required: ['plan'] }, then: then('seats') },
      { if: { properties: { tags: { contains: { const: 'a' } } }, required: ['tags'] }, then: then('a1') },
      { if: { not: { required: ['tags'] } }, then: then('none') },
    ]);
    expect(schema.properties.proxy).toEqual({ type: 'boolean', 'x-make-nested': { domain: 'x' } });
    expect(JSON.stringify(toParameters(schema).form)).toBe(JSON.stringify(form));
  });
});
