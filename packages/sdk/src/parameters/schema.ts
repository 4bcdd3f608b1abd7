import { isObject, type JSONObject } from '../json.ts';
import type { JSONSchema } from '../sections/section.ts';

/** What can be said in words about any schema. */
type Words = { readonly [keyword: string]: unknown };

/**
 * The JSON Schema (draft 2020-12) of the values that a Make form gives: an object by parameter name.
 * Fields that only some options show are optional; fields that only an `rpc://` knows leave the object open.
 * @param parameters the array of a `parameters` or `installSpec` section that passed its schema
 */
export function parametersSchema(parameters: readonly unknown[]): JSONSchema {
  return objectOf(fieldsOf(parameters));
}

/** The fields of one list, and of the lists nested in them. */
interface Fields {
  readonly properties: ReadonlyMap<string, { readonly schema: Words; readonly required: boolean }>;
  /** Whether there are fields that nobody knows before the form is open. */
  readonly open: boolean;
}

function objectOf({ properties, open }: Fields): Words {
  const names = [...properties].filter(([, { required }]) => required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries([...properties].map(([name, { schema }]) => [name, schema])),
    ...(names.length === 0 ? {} : { required: names }),
    additionalProperties: open,
  };
}

function fieldsOf(list: unknown): Fields {
  if (!Array.isArray(list)) return { properties: new Map(), open: list !== undefined };
  const properties = new Map<string, { schema: Words; required: boolean }>();
  let open = false;
  for (const parameter of list) {
    if (!isObject(parameter)) {
      open = true;
      continue;
    }
    if (typeof parameter.name === 'string' && parameter.type !== 'banner') {
      add(properties, parameter.name, { ...schemaOf(parameter), ...wordsOf(parameter) }, parameter.required === true);
    }
    for (const nested of nestedOf(parameter)) {
      const fields = fieldsOf(nested);
      open ||= fields.open;
      for (const [name, { schema }] of fields.properties) add(properties, name, schema, false);
    }
  }
  return { properties, open };
}

/** Two options may show fields of the same name; then either of the two may be what is given. */
function add(
  properties: Map<string, { schema: Words; required: boolean }>,
  name: string,
  schema: Words,
  required: boolean,
): void {
  const before = properties.get(name);
  if (before === undefined) {
    properties.set(name, { schema, required });
    return;
  }
  const known = Array.isArray(before.schema.anyOf) ? (before.schema.anyOf as Words[]) : [before.schema];
  if (known.some((each) => JSON.stringify(each) === JSON.stringify(schema))) return;
  properties.set(name, { schema: { anyOf: [...known, schema] }, required: before.required });
}

/** The lists of fields that a choice in this one shows. */
function nestedOf(parameter: JSONObject): unknown[] {
  const { options } = parameter;
  const more = isObject(options)
    ? [options.nested, isObject(options.placeholder) ? options.placeholder.nested : undefined]
    : [];
  return [parameter.nested, ...more, ...choicesOf(options).map((option) => option.nested)]
    .map((nested) => (isObject(nested) ? nested.store : nested))
    .filter((nested) => nested !== undefined);
}

/** The options that the file itself lists, out of their groups; none when an `rpc://` answers them. */
function choicesOf(options: unknown): JSONObject[] {
  const list = isObject(options) ? options.store : options;
  if (!Array.isArray(list)) return [];
  return list
    .filter(isObject)
    .flatMap((option) => (Array.isArray(option.options) ? choicesOf(option.options) : [option]));
}

function wordsOf({ label, help, default: preset }: JSONObject): Words {
  return {
    ...(typeof label === 'string' ? { title: label } : {}),
    ...(typeof help === 'string' ? { description: help } : {}),
    ...(preset === undefined ? {} : { default: preset }),
  };
}

/** By the type of a parameter. Types that are not listed may give anything. */
const SCHEMAS: Readonly<Record<string, (parameter: JSONObject) => Words>> = {
  text: (parameter) => ({ type: 'string', ...lengths(parameter) }),
  password: (parameter) => ({ type: 'string', ...lengths(parameter), writeOnly: true }),
  number: (parameter) => ({ type: 'number', ...range(parameter) }),
  integer: (parameter) => ({ type: 'integer', ...range(parameter) }),
  uinteger: (parameter) => ({ type: 'integer', minimum: 0, ...range(parameter) }),
  port: (parameter) => ({ type: 'integer', minimum: 0, maximum: 65535, ...range(parameter) }),
  boolean: () => ({ type: 'boolean' }),
  select: (parameter) => {
    const one = optionValues(parameter);
    return parameter.multiple === true ? { type: 'array', items: one, uniqueItems: true } : one;
  },
  array: (parameter) => ({ type: 'array', items: itemsOf(parameter.spec), ...sizes(parameter) }),
  collection: ({ spec }) =>
    spec === undefined ? { type: 'object', additionalProperties: true } : objectOf(fieldsOf(spec)),
  date: ({ time }) => ({ type: 'string', format: time === false ? 'date' : 'date-time' }),
  time: () => ({ type: 'string', format: 'time' }),
  timestamp: () => ({ type: 'string', format: 'date-time' }),
  timezone: () => ({ type: 'string' }),
  email: (parameter) => ({ type: 'string', format: 'email', ...lengths(parameter) }),
  url: (parameter) => ({ type: 'string', format: 'uri', ...lengths(parameter) }),
  uuid: () => ({ type: 'string', format: 'uuid' }),
  color: () => ({ type: 'string' }),
  json: () => ({ type: 'string', contentMediaType: 'application/json' }),
  buffer: () => ({ type: 'string', contentEncoding: 'base64' }),
  filename: () => ({ type: 'string' }),
  file: () => ({ type: 'string' }),
  folder: () => ({ type: 'string' }),
  path: () => ({ type: 'string' }),
  cert: () => ({ type: 'string' }),
  pkey: () => ({ type: 'string', writeOnly: true }),
  filter: () => ({ type: 'array', items: { type: 'array' } }),
};

function schemaOf(parameter: JSONObject): Words {
  const make = typeof parameter.type === 'string' ? SCHEMAS[parameter.type] : undefined;
  return make?.(parameter) ?? {};
}

function optionValues({ options }: JSONObject): Words {
  const values = choicesOf(options).map((option) => option.value);
  const literal = values.every((value) => typeof value !== 'string' || !value.includes('{{'));
  return values.length > 0 && literal ? { enum: distinct(values) } : { type: 'string' };
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** One field makes a list of its values, several a list of objects. */
function itemsOf(spec: unknown): JSONSchema {
  if (Array.isArray(spec)) return objectOf(fieldsOf(spec));
  return isObject(spec) ? { ...schemaOf(spec), ...wordsOf(spec) } : {};
}

function limitsOf(parameter: JSONObject): JSONObject {
  return isObject(parameter.validate) ? parameter.validate : {};
}

/** The limits that are literal: an expression is known only when the form is open. */
function numbers(limits: JSONObject, names: Readonly<Record<string, string>>): Words {
  return Object.fromEntries(
    Object.entries(names).flatMap(([from, to]) => (typeof limits[from] === 'number' ? [[to, limits[from]]] : [])),
  );
}

function lengths(parameter: JSONObject): Words {
  const limits = limitsOf(parameter);
  return {
    ...numbers(limits, { min: 'minLength', max: 'maxLength' }),
    ...(typeof limits.pattern === 'string' && isPattern(limits.pattern) ? { pattern: limits.pattern } : {}),
    ...(Array.isArray(limits.enum) && limits.enum.length > 0 ? { enum: distinct(limits.enum) } : {}),
  };
}

function range(parameter: JSONObject): Words {
  return numbers(limitsOf(parameter), { min: 'minimum', max: 'maximum' });
}

function sizes(parameter: JSONObject): Words {
  return numbers(limitsOf(parameter), { minItems: 'minItems', maxItems: 'maxItems' });
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
