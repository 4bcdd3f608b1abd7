import { isObject, type JSONObject } from '../json.ts';
import type { JSONSchema } from '../sections/section.ts';
import { isMark } from './choices.ts';
import { PREFIX } from './kinds.ts';
import { toSchema } from './to-schema.ts';

/**
 * The plain JSON Schema (draft 2020-12) of the values that a Make form gives, for programs that know no annotations and
 * no conditions, such as printers of types: an object by parameter name. Fields that only some options show are
 * optional; fields that only an `rpc://` knows leave the object open.
 * @param form the array of a `parameters` or `installSpec` section that passed its schema, or the `rpc://` in its place
 */
export function parametersSchema(form: unknown): JSONSchema {
  const { $schema: _, ...schema } = toSchema(form);
  return plainObject(schema);
}

/** The fields of one list, and of the lists that choices in it show. */
interface Fields {
  readonly properties: Map<string, JSONObject>;
  readonly required: readonly unknown[];
  /** Whether there are fields that nobody knows before the form is open. */
  readonly open: boolean;
}

function plainObject(schema: JSONObject): JSONObject {
  if (!isObject(schema.properties)) return { type: 'object', additionalProperties: true };
  const { properties, required, open } = fieldsOf(schema);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: open,
  };
}

function fieldsOf(schema: JSONObject): Fields {
  const own = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const properties = new Map(own.map(([name, field]) => [name, plain(field as JSONObject)]));
  const layout = schema[`${PREFIX}layout`];
  const items = (Array.isArray(layout) ? layout : []).filter(isObject).map(({ item }) => item);
  let open = items.some((item) => typeof item === 'string') || own.some(([, field]) => hidesFields(field));
  for (const condition of Array.isArray(schema.allOf) ? (schema.allOf as JSONObject[]) : []) {
    const shown = fieldsOf(condition.then as JSONObject);
    open ||= shown.open;
    for (const [name, field] of shown.properties) add(properties, name, field);
  }
  return { properties, required: Array.isArray(schema.required) ? schema.required : [], open };
}

/** Two options may show fields of the same name; then either of the two may be what is given. */
function add(properties: Map<string, JSONObject>, name: string, schema: JSONObject): void {
  const before = properties.get(name);
  const known = Array.isArray(before?.anyOf) ? (before.anyOf as JSONObject[]) : before === undefined ? [] : [before];
  if (known.some((each) => JSON.stringify(each) === JSON.stringify(schema))) return;
  properties.set(name, known.length === 0 ? schema : { anyOf: [...known, schema] });
}

/** Whether a choice shows fields that are written down nowhere here. */
function hidesFields(field: unknown): boolean {
  if (Array.isArray(field)) return field.some(hidesFields);
  if (!isObject(field)) return false;
  const { oneOf, items, [`${PREFIX}options`]: options, [`${PREFIX}nested`]: nested } = field;
  return isUnknown(nested) || isUnknown(field.nested) || [oneOf, items, options, field.placeholder].some(hidesFields);
}

function isUnknown(nested: unknown): boolean {
  return nested !== undefined && !isMark(nested);
}

function plain(schema: JSONObject): JSONObject {
  const words = Object.entries(schema).filter(([keyword]) => !keyword.startsWith(PREFIX) && !OF_OBJECTS.has(keyword));
  const { items, oneOf, ...rest } = Object.fromEntries(words) as JSONObject;
  return {
    ...rest,
    ...(schema.type === 'object' ? plainObject(schema) : {}),
    ...(isObject(items) ? { items: plain(items) } : {}),
    ...(Array.isArray(oneOf) ? { enum: valuesIn(oneOf) } : {}),
  };
}

const OF_OBJECTS = new Set(['properties', 'required', 'allOf']);

/** The values of choices, out of their groups. */
function valuesIn(choices: readonly unknown[]): unknown[] {
  return (choices as JSONObject[]).flatMap((choice) =>
    Array.isArray(choice.oneOf) ? valuesIn(choice.oneOf) : [choice.const],
  );
}
