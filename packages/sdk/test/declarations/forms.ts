/** A form of one connection, with values that its type must take, and such that it must refuse. */
export interface Fixture {
  readonly form: unknown;
  readonly takes: readonly object[];
  readonly refuses: readonly object[];
}

const x = (parameter: object) => [{ name: 'x', ...parameter }];
const each = (values: readonly unknown[]) => values.map((value) => ({ x: value }));
const of = (parameter: object, takes: readonly unknown[], refuses: readonly unknown[]): Fixture => ({
  form: x(parameter),
  takes: each(takes),
  refuses: each(refuses),
});
const ANYTHING = ['a', 7, null, [1], { a: 1 }];

/** Types of parameters that give a text. */
const TEXTS =
  'buffer cert color date editor email file filename folder json password path pkey text time timestamp timezone url uuid';
const NUMBERS = 'integer number port uinteger';
const UNKNOWN = 'any dynamicCollection filestorage hidden udt udtspec udttype';
const VISUAL = 'banner html markdown separator';

/** Keys that change nothing about what a parameter gives. */
const SILENT: Readonly<Record<string, unknown>> = {
  label: 'Label */',
  help: 'Some\n\n*help*.',
  advanced: true,
  editable: { enabled: true, help: 'x' },
  mappable: { help: 'x' },
  disabled: true,
  visible: false,
  semantic: 'x',
  metadata: { a: 1 },
  coder: true,
  multiline: true,
  tags: 'strip',
  pattern: 'x',
  sort: 'x',
  dynamic: true,
  mode: 'edit',
  labels: { add: 'Add' },
  sequence: true,
  time: true,
  schema: { type: 'string' },
  codepage: 'utf-8',
  extension: ['txt'],
  ids: true,
  showRoot: true,
  singleLevel: true,
  logic: 'and',
  rpc: { url: 'rpc://x', label: 'x', parameters: [] },
  convert: { type: 'text', format: 'x', timezone: 'x', name: 'x', label: 'x', names: ['x'] },
  title: 'x',
  text: 'x',
  closable: true,
  theme: 'x',
  badge: 'x',
};

const options = [{ value: 'a', label: 'A', short: 'a', description: 'The first', default: false }, { value: 2 }];
const host = [{ name: 'host', type: 'url', required: true }];
const where = {
  name: 'where',
  type: 'select',
  required: true,
  options: [{ value: 'own', nested: host }, { value: 'cloud' }],
};

const named = (names: string, make: (type: string) => Fixture) =>
  Object.fromEntries(names.split(' ').map((type) => [`type-${type}`, make(type)]));

/** By the id of the connection. */
export const FIXTURES: Readonly<Record<string, Fixture>> = {
  ...named(TEXTS, (type) => of({ type }, ['a', ''], [7, null, ['a']])),
  ...named(NUMBERS, (type) => of({ type }, [7], ['7', null, true])),
  ...named(UNKNOWN, (type) => of({ type }, ANYTHING, [])),
  'type-boolean': of({ type: 'boolean' }, [true, false], ['true', 1]),
  'type-filter': of({ type: 'filter' }, [[], [[{ a: 1 }]]], ['a', {}]),
  ...named(VISUAL, (type) => ({
    form: [...x({ type: 'text' }), { type, name: 'b' }],
    takes: [{}],
    refuses: [{ b: 'x' }],
  })),
  'type-checkbox': of({ type: 'checkbox' }, [true, false], ['true', 1]),
  ...named('list radio', (type) => of({ type, options: [{ value: 'a' }, { value: 2 }] }, ['a', 2], ['b', '2', null])),
  'type-expression': of({ type: '{{temp.type}}' }, ANYTHING, []),
  ...Object.fromEntries(
    Object.entries(SILENT).map(([key, value]) => [`key-${key}`, of({ type: 'text', [key]: value }, ['a'], [7])]),
  ),
  required: { form: x({ type: 'text', required: true }), takes: [{ x: 'a' }], refuses: [{}, { y: 'a' }] },
  optional: { form: x({ type: 'text', required: false }), takes: [{}, { x: 'a' }], refuses: [{ y: 'a' }] },
  default: { form: x({ type: 'text', default: 'a' }), takes: [{ x: 'b' }], refuses: [{ x: 1 }] },
  day: of({ type: 'date', time: false }, ['2026-01-01'], [7]),
  'validate-enum': of({ type: 'text', validate: { enum: ['a', 'b'] } }, ['a', 'b'], ['c']),
  'validate-limits': of({ type: 'text', validate: { min: 1, max: 2, pattern: '^a' } }, ['a'], [7]),
  'validate-items': of({ type: 'array', validate: { minItems: 1, maxItems: 2 } }, [['a'], [1, 2]], ['a']),
  select: of({ type: 'select', options, grouped: false }, ['a', 2], ['b', '2', null, ['a']]),
  'select-one': of({ type: 'select', options: [{ value: null }, { value: true }] }, [null, true], [false, 'a']),
  'select-rpc': of({ type: 'select', options: 'rpc://list' }, ANYTHING, []),
  'select-store': of(
    {
      type: 'select',
      options: {
        store: options,
        default: 'a',
        learning: true,
        placeholder: { label: 'None' },
        operators: 'rpc://o',
        logic: 'and',
        scope: ['a'],
        ids: true,
        showRoot: true,
        singleLevel: true,
        wildcard: true,
      },
    },
    ['a', 2],
    ['b'],
  ),
  'select-store-rpc': of({ type: 'select', options: { store: 'rpc://x', label: 'x', value: 'x' } }, ANYTHING, []),
  'select-multiple': of({ type: 'select', multiple: true, options }, [[], ['a'], ['a', 2]], ['a', ['b']]),
  'select-multiple-rpc': of({ type: 'select', multiple: true, options: 'rpc://list' }, [[], ['b', 1]], ['a']),
  'select-grouped': of(
    { type: 'select', grouped: true, options: [{ label: 'G', options: [{ value: 'a' }] }, { value: 'b' }] },
    ['a', 'b'],
    ['c', 'G'],
  ),
  array: of({ type: 'array' }, [[], ['a', 1]], ['a', {}]),
  'array-texts': of({ type: 'array', spec: { type: 'text' } }, [[], ['a']], [[1], 'a']),
  'array-lists': of({ type: 'array', spec: { type: 'array', spec: { type: 'integer' } } }, [[[1], []]], [[1], [['a']]]),
  'array-objects': of(
    {
      type: 'array',
      spec: [
        { name: 'k', type: 'text', required: true },
        { name: 'v', type: 'number' },
      ],
    },
    [[], [{ k: 'a' }, { k: 'b', v: 1 }]],
    [[{}], [{ k: 1 }], [{ k: 'a', w: 1 }], { k: 'a' }],
  ),
  'array-choices': of({ type: 'array', spec: { type: 'select', options } }, [['a', 2]], [['b']]),
  collection: of({ type: 'collection' }, [{}, { a: 1 }], ['a', 1]),
  'collection-fields': of(
    { type: 'collection', spec: [{ name: 'a', type: 'text', required: true }, where] },
    [
      { a: 'x', where: 'cloud' },
      { a: 'x', where: 'own', host: 'https://a.io' },
    ],
    [{}, { a: 'x', where: 'own' }, { a: 'x', where: 'cloud', host: 'https://a.io' }],
  ),
  'nested-select': {
    form: [{ name: 'key', type: 'password', required: true }, where],
    takes: [
      { key: 'a', where: 'cloud' },
      { key: 'a', where: 'own', host: 'https://a.io' },
    ],
    refuses: [
      { key: 'a' },
      { where: 'cloud' },
      { key: 'a', where: 'own' },
      { key: 'a', where: 'cloud', host: 'https://a.io' },
      { key: 'a', where: 'own', host: 7 },
    ],
  },
  'nested-optional': {
    form: [{ ...where, required: false }],
    takes: [{}, { where: 'cloud' }, { where: 'own', host: 'a' }],
    refuses: [{ host: 'a' }, { where: 'own' }],
  },
  'nested-default': {
    form: [{ ...where, required: false, default: 'cloud' }],
    takes: [{ where: 'cloud' }, { where: 'own', host: 'a' }],
    refuses: [{ where: 'own' }, { where: 'other' }],
  },
  'nested-boolean': {
    form: [{ name: 'proxy', type: 'boolean', nested: { store: host, domain: 'x' } }],
    takes: [{}, { proxy: false }, { proxy: true, host: 'a' }],
    refuses: [{ proxy: true }, { proxy: false, host: 'a' }, { host: 'a' }],
  },
  'nested-deep': {
    form: [{ ...where, options: [{ value: 'own', nested: [{ ...where, name: 'how' }] }, { value: 'cloud' }] }],
    takes: [{ where: 'cloud' }, { where: 'own', how: 'cloud' }, { where: 'own', how: 'own', host: 'a' }],
    refuses: [{ where: 'own' }, { where: 'own', how: 'own' }, { where: 'cloud', how: 'cloud' }],
  },
  'nested-twice': {
    form: [where, { name: 'proxy', type: 'boolean', nested: [{ name: 'port', type: 'port', required: true }] }],
    takes: [{ where: 'cloud' }, { where: 'own', host: 'a', proxy: true, port: 1 }],
    refuses: [
      { where: 'cloud', proxy: true },
      { where: 'own', proxy: true, port: 1 },
    ],
  },
  'nested-given': {
    form: [
      {
        name: 'x',
        type: 'select',
        options: {
          store: [{ value: 1 }],
          nested: [{ name: 'some', type: 'text', required: true }],
          placeholder: { label: 'None', nested: [{ name: 'none', type: 'text', required: true }] },
        },
      },
    ],
    takes: [{ x: 1, some: 'a' }, { none: 'a' }],
    refuses: [{ x: 1 }, {}, { x: 1, none: 'a' }, { some: 'a' }],
  },
  'nested-several': {
    form: [{ ...where, multiple: true }],
    takes: [{ where: ['cloud'] }, { where: ['own', 'cloud'], host: 'a' }],
    refuses: [{ where: 'own' }, { where: ['own'], host: 7 }],
  },
  'nested-rpc': {
    form: [{ name: 'x', type: 'boolean', nested: 'rpc://more' }],
    takes: [{ x: true, y: 1 }],
    refuses: [{ x: 1 }],
  },
  'open-rpc': { form: 'rpc://form', takes: [{}, { a: 1 }], refuses: [] },
  'open-item': { form: [{ name: 'x', type: 'text' }, 'rpc://more'], takes: [{ x: 'a', y: 1 }], refuses: [{ x: 1 }] },
  // To TypeScript, an object without properties is anything.
  empty: { form: [], takes: [{}], refuses: [] },
  'odd-names': {
    form: [
      { name: "it's a-b", type: 'text', required: true },
      { name: '1', type: 'number' },
    ],
    takes: [{ "it's a-b": 'x', '1': 1 }],
    refuses: [{ '1': 1 }, { "it's a-b": 'x', '1': 'a' }],
  },
  schema: {
    form: {
      type: 'object',
      properties: { region: { type: 'string', enum: ['eu', 'us'] }, retries: { type: 'integer', default: 3 } },
      required: ['region'],
    },
    takes: [{ region: 'eu', retries: 1 }],
    refuses: [{ region: 'asia', retries: 1 }, { retries: 1 }],
  },
};
