import fc from 'fast-check';
import { isObject } from '../../src/json.ts';
import { isField, isVisual } from '../../src/parameters/kinds.ts';
import { PARAMETER_TYPES } from '../../src/sections/form.ts';

/** Cases of one property: many in every run, more at night. */
export const RUNS = process.env.CONNECTOR_NIGHTLY === undefined ? 1_000 : 10_000;
/** Milliseconds. */
export const TIMEOUT = 30 * RUNS + 10_000;

type Entry = readonly [key: string, value: unknown];

/** Names that a form can have, also those that objects and patterns trip over. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'host', 'apiKey') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('1', '0', '__proto__', 'constructor', 'properties', 'required', 'a b', 'ü/~1'),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 5 }) },
);
const iml = fc.constantFrom('{{temp.x}}', '{{parameters.a}} and more');
const words = fc.oneof(fc.constantFrom('Label', 'Some *help*.', 'x'), fc.string({ minLength: 1, maxLength: 8 }));
const orIML = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: iml });
const flag = orIML(fc.boolean());
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
const size = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(-1, 0.5, 65535, 70000));
const limit = orIML(size);
const pattern = fc.oneof(
  fc.constantFrom('^a+$', '(', '[', '\\d', '{{temp.p}}'),
  fc.record({ regexp: fc.constant('a') }),
);
const rpc = fc.constant('rpc://list');

/** Object with some of these keys, in any order. */
function some(entries: Readonly<Record<string, fc.Arbitrary<unknown>>>, always: readonly string[] = []) {
  const all = Object.entries(entries).map(([key, arbitrary]) => arbitrary.map((value): Entry => [key, value]));
  const fixed = all.filter((_, index) => always.includes(Object.keys(entries)[index] ?? ''));
  const free = all.filter((_, index) => !always.includes(Object.keys(entries)[index] ?? ''));
  const picked = fc.tuple(
    fc.tuple(...fixed),
    fc.tuple(...free.map((each) => fc.option(each, { freq: 3, nil: undefined }))),
    fc.boolean(),
    fc.infiniteStream(fc.nat(1000)),
  );
  return picked.map(([must, may, shuffled, stream]) => {
    const entriesOf = [...must, ...may.filter((each) => each !== undefined)] as Entry[];
    if (!shuffled) return Object.fromEntries(entriesOf);
    const keyed = entriesOf.map((entry) => [stream.next().value as number, entry] as const);
    return Object.fromEntries(keyed.sort(([a], [b]) => a - b).map(([, entry]) => entry));
  });
}

const validate = fc.oneof(
  fc.boolean(),
  some({
    min: limit,
    max: limit,
    pattern,
    minItems: limit,
    maxItems: limit,
    enum: fc.array(fc.oneof(fc.constantFrom('a', 'b', '{{c}}'), fc.integer()), { maxLength: 3 }),
  }),
  some({ min: size, max: size }),
  some({ minItems: fc.nat(2), maxItems: fc.nat(4) }),
);

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('live', 'own', 'x') },
  { weight: 2, arbitrary: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null), fc.constant(0.5)) },
  { weight: 1, arbitrary: fc.oneof(iml, json) },
);

/** Keys that any parameter may have, whatever its type makes of them. */
const ANY_KEYS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  name,
  label: words,
  help: words,
  default: json,
  required: flag,
  advanced: flag,
  editable: orIML(fc.oneof(fc.boolean(), some({ enabled: flag, help: words }, ['enabled']))),
  mappable: orIML(fc.oneof(fc.boolean(), some({ help: words }, ['help']))),
  disabled: flag,
  visible: fc.oneof(fc.boolean(), iml),
  semantic: words,
  metadata: some({ a: json, b: json }),
  coder: flag,
};

const RARE_KEYS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  validate,
  multiline: flag,
  tags: fc.constantFrom('strip', 'stripall', 'escape'),
  pattern: words,
  sort: words,
  dynamic: flag,
  mode: fc.constantFrom('edit', 'choose'),
  labels: some({ add: words, edit: words }),
  sequence: flag,
  time: flag,
  schema: fc.oneof(fc.boolean(), some({ type: fc.constant('string') })),
  codepage: words,
  extension: fc.oneof(words, fc.array(words, { maxLength: 2 })),
  ids: flag,
  showRoot: flag,
  singleLevel: flag,
  logic: words,
  rpc: some({ url: rpc, label: words, parameters: rpc }, ['url', 'label']),
  convert: some({ type: words, format: words, names: fc.array(words, { maxLength: 2 }) }, ['type']),
  title: words,
  text: words,
  closable: flag,
  theme: words,
  badge: words,
};

const rareKey = fc
  .constantFrom(...Object.keys(RARE_KEYS))
  .chain((key) => some({ [key]: RARE_KEYS[key] ?? json }, [key]));

/** The whole grammar: parameters in `form`, nested to a depth. */
export const { form } = fc.letrec<{ form: unknown; list: unknown[]; tidy: unknown; parameter: object }>((tie) => {
  const deep = { maxDepth: 3, depthIdentifier: 'form', withCrossShrink: true };
  const list = fc.array(
    fc.oneof(deep, tie('parameter'), tie('parameter'), fc.constantFrom('rpc://more', '{{temp.rest}}')),
    {
      maxLength: 4,
    },
  );
  const inner = fc.oneof(deep, fc.constant([]), tie('list'));
  const nested = fc.oneof(
    { weight: 4, arbitrary: inner },
    { weight: 1, arbitrary: rpc },
    { weight: 1, arbitrary: some({ store: fc.oneof(inner, rpc), domain: words }, ['store']) },
  );
  const option = some({ label: words, value, nested, default: flag, short: words, description: words }, ['value']);
  const plainOption = fc.constantFrom('live', 'own', '3').map((each) => ({ label: each, value: each }));
  const group = some({ label: words, options: fc.array(option, { maxLength: 2 }), nested, value }, [
    'label',
    'options',
  ]);
  const optionList = fc.oneof(
    fc.array(option, { maxLength: 4 }),
    fc.uniqueArray(option, { maxLength: 4, selector: (each) => JSON.stringify((each as { value: unknown }).value) }),
    fc.uniqueArray(plainOption, { maxLength: 3, selector: (each) => each.value }),
    fc.array(fc.oneof(group, option), { maxLength: 2 }),
  );
  const options = fc.oneof(
    { weight: 5, arbitrary: optionList },
    { weight: 1, arbitrary: rpc },
    {
      weight: 1,
      arbitrary: some(
        {
          store: fc.oneof(rpc, optionList),
          label: words,
          value: words,
          default: json,
          learning: flag,
          placeholder: fc.oneof(words, some({ label: words, nested })),
          nested,
          operators: rpc,
          scope: fc.array(words, { maxLength: 1 }),
          wildcard: flag,
        },
        ['store'],
      ),
    },
  );
  const spec = fc.oneof(deep, inner, tie('parameter'), rpc);
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...PARAMETER_TYPES) },
    { weight: 4, arbitrary: fc.constantFrom('text', 'password', 'boolean', 'date', 'uinteger', 'port') },
    { weight: 8, arbitrary: fc.constantFrom('select', 'array', 'collection', 'radio', 'list') },
    { weight: 1, arbitrary: iml },
  );
  const parameter = fc.tuple(type, rareKey).chain(([chosen, rare]) =>
    some(
      {
        ...ANY_KEYS,
        type: fc.constant(chosen),
        ...Object.fromEntries(Object.entries(rare).map(([key, each]) => [key, fc.constant(each)])),
        ...(OWN_KEYS[chosen] ?? ((_: Parts) => ({})))({ options, nested, spec }),
      },
      ['type', ...(isVisual(chosen) ? [] : ['name'])],
    ),
  );
  return {
    form: fc.oneof({ weight: 20, arbitrary: tie('list') }, { weight: 1, arbitrary: rpc }),
    list,
    tidy: tie('list'),
    parameter,
  } as never;
});

interface Parts {
  readonly options: fc.Arbitrary<unknown>;
  readonly nested: fc.Arbitrary<unknown>;
  readonly spec: fc.Arbitrary<unknown>;
}

const OWN_KEYS: Readonly<Record<string, (parts: Parts) => Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  select: ({ options }) => ({ options, multiple: flag, grouped: flag, validate }),
  list: ({ options }) => ({ options, multiple: flag, grouped: flag, validate }),
  radio: ({ options }) => ({ options, multiple: flag, grouped: flag, validate }),
  checkbox: ({ nested }) => ({ nested }),
  boolean: ({ nested }) => ({ nested }),
  array: ({ spec }) => ({ spec, validate }),
  collection: ({ spec }) => ({ spec }),
  text: ({ options, nested, spec }) => ({ validate, nested, options, spec }),
  password: () => ({ validate }),
  number: () => ({ validate }),
  integer: () => ({ validate }),
  uinteger: () => ({ validate }),
  port: () => ({ validate }),
  date: () => ({ time: flag }),
  hidden: ({ options }) => ({ options }),
};

/** Values for a form, many of them right: what a careless user might give. */
export function valuesFor(form: unknown): fc.Arbitrary<Record<string, unknown>> {
  const fields = fieldsIn(form);
  return fc.tuple(...fields.map((field) => fc.option(valueFor(field), { freq: 4, nil: undefined }))).map((values) => {
    const entries = values.flatMap((each, index) => (each === undefined ? [] : [[fields[index]?.name ?? '', each]]));
    return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
  });
}

type Parameter = Readonly<Record<string, unknown>> & { readonly name: string };

/** All fields whose values lie side by side. */
function fieldsIn(list: unknown): Parameter[] {
  if (!Array.isArray(list)) return [];
  return list
    .filter(isObject)
    .flatMap((each) => [...(isField(each) ? [each] : []), ...listsBelow(each.nested), ...listsBelow(each.options)]);
}

function listsBelow(value: unknown): Parameter[] {
  if (Array.isArray(value)) {
    const fields = fieldsIn(value);
    return fields.length > 0
      ? fields
      : value.flatMap((each) => (isObject(each) ? listsBelow(each.nested ?? each.options) : []));
  }
  return isObject(value) ? [value.store, value.nested, value.placeholder].flatMap(listsBelow) : [];
}

const TEXTS = fc.constantFrom('', 'a', 'aa', 'aaaaaaa', '𝒜𝒜', '1', 'live');

const NEAR: Readonly<Record<string, (parameter: Readonly<Record<string, unknown>>) => fc.Arbitrary<unknown>>> = {
  number: () => fc.oneof(fc.integer({ min: -2, max: 8 }), fc.constant(0.5)),
  integer: () => fc.integer({ min: -2, max: 8 }),
  uinteger: () => fc.integer({ min: -1, max: 8 }),
  port: () => fc.constantFrom(0, 1, 5, 80, 65535, 65536, -1),
  boolean: () => fc.boolean(),
  checkbox: () => fc.boolean(),
  radio: () => value,
  select: ({ multiple }) => (multiple === true ? fc.uniqueArray(value, { maxLength: 3 }) : value),
  collection: ({ spec }) => valuesFor(spec),
  array: ({ spec }) => {
    const items = Array.isArray(spec) ? valuesFor(spec) : isObject(spec) ? valueFor(spec) : json;
    return fc.array(items, { maxLength: 3 });
  },
  filter: () => fc.array(json, { maxLength: 2 }),
};

function valueFor(parameter: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const near = NEAR[String(parameter.type)]?.(parameter) ?? TEXTS;
  return fc.oneof({ weight: 12, arbitrary: near }, { weight: 1, arbitrary: json });
}
