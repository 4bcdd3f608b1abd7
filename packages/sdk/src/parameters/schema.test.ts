import { describe, expect, test } from 'vitest';
import { parametersSchema } from './schema.ts';

const of = (parameter: object) => parametersSchema([{ name: 'x', ...parameter }]) as { properties: { x: unknown } };

test.each<[object, object]>([
  [{ type: 'text' }, { type: 'string' }],
  [
    { type: 'text', validate: { min: 1, max: 9, pattern: '^a+$' } },
    { type: 'string', minLength: 1, maxLength: 9, pattern: '^a+$' },
  ],
  [{ type: 'text', validate: { pattern: '(' } }, { type: 'string' }],
  [
    { type: 'text', validate: { enum: ['a', 'b'] } },
    { type: 'string', enum: ['a', 'b'] },
  ],
  [{ type: 'text', validate: true }, { type: 'string' }],
  [{ type: 'password' }, { type: 'string', writeOnly: true }],
  [
    { type: 'number', validate: { min: 0.5 } },
    { type: 'number', minimum: 0.5 },
  ],
  [{ type: 'number', validate: { min: 0.5, max: '{{temp.max}}' } }, { type: 'number' }],
  [{ type: 'integer' }, { type: 'integer' }],
  [
    { type: 'uinteger', validate: { min: 5 } },
    { type: 'integer', minimum: 5 },
  ],
  [{ type: 'port' }, { type: 'integer', minimum: 0, maximum: 65535 }],
  [{ type: 'boolean' }, { type: 'boolean' }],
  [{ type: 'date' }, { type: 'string', format: 'date-time' }],
  [
    { type: 'date', time: false },
    { type: 'string', format: 'date' },
  ],
  [{ type: 'email' }, { type: 'string', format: 'email' }],
  [{ type: 'url' }, { type: 'string', format: 'uri' }],
  [{ type: 'uuid' }, { type: 'string', format: 'uuid' }],
  [{ type: 'color' }, { type: 'string' }],
  [{ type: 'json' }, { type: 'string', contentMediaType: 'application/json' }],
  [{ type: 'buffer' }, { type: 'string', contentEncoding: 'base64' }],
  [{ type: 'file' }, { type: 'string' }],
  [{ type: 'pkey' }, { type: 'string', writeOnly: true }],
  [{ type: 'hidden' }, {}],
  [{ type: 'any' }, {}],
  [{ type: '{{temp.type}}' }, {}],
  [{ type: 'filter' }, { type: 'array' }],
  [{ type: 'select', options: [{ value: 'a' }, { value: 1 }, { value: null }] }, { enum: ['a', 1, null] }],
  [
    { type: 'select', options: { store: [{ value: 'a' }] } },
    { type: 'string', enum: ['a'] },
  ],
  [
    { type: 'select', grouped: true, options: [{ label: 'g', options: [{ value: 'a' }] }] },
    { type: 'string', enum: ['a'] },
  ],
  [{ type: 'select', options: 'rpc://list' }, {}],
  [{ type: 'select', options: [] }, {}],
  [{ type: 'select', options: [{ value: '{{temp.a}}' }, { value: 'b' }] }, {}],
  [
    { type: 'select', multiple: true, options: [{ value: 'a' }] },
    { type: 'array', items: { type: 'string', enum: ['a'] }, uniqueItems: true },
  ],
  [
    { type: 'select', multiple: true, options: 'rpc://list' },
    { type: 'array', uniqueItems: true },
  ],
  [{ type: 'array' }, { type: 'array' }],
  [
    { type: 'array', spec: { type: 'integer', label: 'Number' }, validate: { minItems: 1, maxItems: 3 } },
    { type: 'array', items: { type: 'integer', title: 'Number' }, minItems: 1, maxItems: 3 },
  ],
  [
    { type: 'array', spec: [{ name: 'a', type: 'text', required: true }] },
    {
      type: 'array',
      items: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
    },
  ],
  [
    { type: 'collection', spec: [{ name: 'a', type: 'boolean' }] },
    { type: 'object', properties: { a: { type: 'boolean' } }, additionalProperties: false },
  ],
  [{ type: 'collection' }, { type: 'object', additionalProperties: true }],
  [
    { type: 'text', label: 'Host', help: 'Of your *server*.', default: 'a.io' },
    { type: 'string', title: 'Host', description: 'Of your *server*.', default: 'a.io' },
  ],
  [
    { type: 'boolean', default: false },
    { type: 'boolean', default: false },
  ],
])('%j', (parameter, schema) => {
  expect(of(parameter).properties.x).toEqual(schema);
});

describe('a form', () => {
  test('requires what must be filled in, and knows no more', () => {
    const form = [
      { name: 'a', type: 'text', required: true },
      { name: 'b', type: 'text', required: false },
      { type: 'banner', name: 'note', text: 'Hello' },
      { type: 'text', label: 'without a name' },
    ];
    expect(parametersSchema(form)).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    });
  });

  test('of nothing is an empty object', () => {
    expect(parametersSchema([])).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  test('is open where only an rpc knows the fields', () => {
    expect(parametersSchema(['rpc://more'])).toMatchObject({ additionalProperties: true });
    expect(parametersSchema([{ name: 'a', type: 'boolean', nested: 'rpc://more' }])).toMatchObject({
      additionalProperties: true,
    });
    const option = { value: 1, nested: { store: 'rpc://more' } };
    expect(parametersSchema([{ name: 'a', type: 'select', options: [option] }])).toMatchObject({
      additionalProperties: true,
    });
  });

  const object = (properties: object, required: string[] = []) => ({
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  });

  /** An object that is one of several parts of another: it takes what those declare. */
  const part = (...given: Parameters<typeof object>) => {
    const { additionalProperties: _, ...rest } = object(...given);
    return rest;
  };

  test('has its defaults, so that those fields are always there', () => {
    const form = [
      { name: 'a', type: 'text', default: 'x' },
      { name: 'b', type: 'text', default: '{{temp.b}}' },
      { name: 'c', type: 'select', options: [{ label: 'One', value: 1, default: true }, { value: 2 }] },
      { name: 'd', type: 'select', multiple: true, options: [{ label: 'One', value: 1, default: true }] },
    ];
    expect(parametersSchema(form)).toMatchObject({ required: ['a', 'c', 'd'] });
  });

  test('has an alternative for each value that shows fields', () => {
    const form = [
      {
        name: 'where',
        type: 'select',
        label: 'Where',
        required: true,
        options: [
          { value: 'own', nested: [{ name: 'host', type: 'text', required: true }] },
          { value: 'cloud' },
          { value: 'test' },
        ],
      },
      { name: 'proxy', type: 'boolean', nested: { store: [{ name: 'proxyPort', type: 'port', required: true }] } },
    ];
    expect(parametersSchema(form)).toEqual({
      allOf: [
        {
          anyOf: [
            part({ where: { type: 'string', enum: ['own'], title: 'Where' }, host: { type: 'string' } }, [
              'where',
              'host',
            ]),
            part({ where: { type: 'string', enum: ['cloud', 'test'] } }, ['where']),
          ],
        },
        {
          anyOf: [
            part(
              {
                proxy: { type: 'boolean', enum: [true] },
                proxyPort: { type: 'integer', minimum: 0, maximum: 65535 },
              },
              ['proxy', 'proxyPort'],
            ),
            part({ proxy: { type: 'boolean', enum: [false] } }),
          ],
        },
      ],
      unevaluatedProperties: false,
    });
  });

  test('tells what any choice shows from what none shows', () => {
    const nested = (name: string) => [{ name, type: 'text' }];
    const options = {
      placeholder: { label: 'None', nested: nested('none') },
      store: [{ value: 1 }],
      nested: nested('some'),
    };
    expect(parametersSchema([{ name: 'a', type: 'select', options }])).toEqual({
      anyOf: [
        object({ a: { type: 'integer', enum: [1] }, some: { type: 'string' } }, ['a']),
        object({ a: { not: {} }, none: { type: 'string' } }),
      ],
    });
  });

  test('shows fields of one name as often as they are there', () => {
    const option = (value: number, type: string) => ({ value, nested: [{ name: 'id', type }] });
    const choice = [option(1, 'text'), option(2, 'integer'), option(3, 'text')];
    expect(parametersSchema([{ name: 'a', type: 'select', multiple: true, options: choice }])).toMatchObject({
      allOf: [{ properties: { a: { type: 'array' } } }, { properties: { id: { anyOf: [{}, {}] } } }],
    });
    const same = [
      { name: 'a', type: 'select', required: true, options: [{ value: 1, nested: [{ name: 'a', type: 'number' }] }] },
    ];
    expect(parametersSchema(same)).toMatchObject({
      anyOf: [
        {
          allOf: [part({ a: { type: 'integer', enum: [1] } }, ['a']), part({ a: { type: 'number' } })],
          unevaluatedProperties: false,
        },
      ],
    });
  });
});
