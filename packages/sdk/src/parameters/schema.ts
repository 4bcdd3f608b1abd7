import { isObject, type JSONObject } from '../json.ts';
import type { JSONSchema } from '../sections/section.ts';
import { isMark } from './choices.ts';
import { PREFIX } from './kinds.ts';
import { toSchema } from './to-schema.ts';

/**
 * The plain JSON Schema (draft 2020-12) of the values that a Make form yields once `checkValues` has put its defaults
 * in, for programs that know neither annotations nor conditions, such as printers of types. Fields that are required or
 * have a default are required. What a choice shows is an alternative for each value, under `allOf` and `anyOf`; what
 * one of several choices shows is optional. Fields that only an `rpc://` knows leave the object open.
 * @param form the array of a `parameters` or `installSpec` section that passed its schema, or the `rpc://` in its place
 * @example
 * parametersSchema([{ name: 'apiKey', type: 'text', required: true }]); // { type: 'object', properties: { apiKey: … }, … }
 */
export function parametersSchema(form: unknown): JSONSchema {
  const { $schema: _, ...schema } = toSchema(form);
  return closed(yielded(schema));
}

type Properties = ReadonlyMap<string, JSONObject>;

/** A part of an object's schema, beside the others. */
interface ObjectPart {
  readonly schema: JSONObject;
  /** True if the object may have properties that nobody tells of. */
  readonly open: boolean;
  /** Alternatives of the object. */
  readonly alternatives?: readonly ObjectPart[];
}

/** An object of the properties; those that are required must be among them. */
function objectOf(properties: Properties, required: Iterable<string>, open: boolean): ObjectPart {
  const names = [...new Set(required)];
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(names.length === 0 ? {} : { required: names }),
    ...(open ? { additionalProperties: true } : {}),
  };
  return { schema, open };
}

/** An object that is all of the parts. */
function intersection(parts: readonly ObjectPart[]): ObjectPart {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return first;
  return { schema: { allOf: parts.map(({ schema }) => schema) }, open: parts.some(({ open }) => open) };
}

/** An object that is one of the parts. */
function choice(alternatives: readonly ObjectPart[]): ObjectPart {
  const schema = { anyOf: alternatives.map((each) => each.schema) };
  return { schema, open: alternatives.some(({ open }) => open), alternatives };
}

/** The schema of all that is said of an object: it has no other properties, unless it may. */
function closed({ schema, open, alternatives }: ObjectPart): JSONObject {
  if (alternatives !== undefined) return { anyOf: alternatives.map(closed) };
  if (isObject(schema.properties)) return { ...schema, additionalProperties: open };
  return open ? schema : { ...schema, unevaluatedProperties: false };
}

/** The fields of an object, with what their choices show. */
function yielded(schema: JSONObject): ObjectPart {
  if (!isObject(schema.properties)) return { schema: { type: 'object', additionalProperties: true }, open: true };
  const fields = Object.entries(schema.properties) as [string, JSONObject][];
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  for (const [name, field] of fields) if (hasPreset(field)) required.add(name);
  const conditions = conditionsOf(schema);
  const byName = grouped(conditions, ({ name }) => name);
  const properties = new Map<string, JSONObject>();
  const choices: ObjectPart[] = [];
  for (const [name, field] of fields) {
    const own = byName.get(name) ?? [];
    if (own.some(({ shows }) => shows !== 'one of several')) {
      choices.push(choice(alternativesOf(name, plain(field), required.has(name), own)));
    } else properties.set(name, plain(field));
  }
  const several = new Map<string, JSONObject>();
  for (const { shows, fields } of conditions) if (shows === 'one of several') addAll(several, fields);
  const names = [...required].filter((name) => properties.has(name));
  const base = objectOf(properties, names, isOpen(schema, fields));
  return intersection([
    ...(properties.size === 0 && choices.length > 0 && !base.open ? [] : [base]),
    ...choices,
    ...(several.size === 0 ? [] : [objectOf(several, [], conditions.some(isOpenAnyway))]),
  ]);
}

/** Condition that shows fields. */
interface Condition {
  /** The field that it depends on. */
  readonly name: string;
  readonly shows: 'for a value' | 'one of several' | 'when given' | 'when absent';
  readonly value: unknown;
  /** The object of the fields that are shown. */
  readonly fields: JSONObject;
}

/** Reads the conditions that `toSchema` writes under `allOf`. */
function conditionsOf({ allOf }: JSONObject): Condition[] {
  return (Array.isArray(allOf) ? allOf : []).map(({ if: test, then: fields }): Condition => {
    if (isObject(test.not)) {
      const [name = ''] = test.not.required as string[];
      return { name, shows: 'when absent', value: undefined, fields };
    }
    const [name = ''] = test.required as string[];
    const at = isObject(test.properties) ? (test.properties[name] as JSONObject) : undefined;
    if (at === undefined) return { name, shows: 'when given', value: undefined, fields };
    const several = isObject(at.contains);
    const { const: value } = (several ? at.contains : at) as JSONObject;
    return { name, shows: several ? 'one of several' : 'for a value', value, fields };
  });
}

/** The items by a key, in their order. */
function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** One object for each value that shows fields, one for all others, and one for when nothing is given. */
function alternativesOf(
  name: string,
  field: JSONObject,
  required: boolean,
  conditions: readonly Condition[],
): ObjectPart[] {
  const shown = (shows: Condition['shows']) =>
    conditions.filter((each) => each.shows === shows).map(({ fields }) => fields);
  const byValue = grouped(
    conditions.filter(({ shows }) => shows === 'for a value'),
    ({ value }) => value,
  );
  const given = shown('when given');
  const absent = shown('when absent');
  const others = withoutValues(field, new Set(byValue.keys()));
  const apart = !required && (given.length + absent.length > 0 || others === undefined);
  const { title: _, description: __, ...bare } = field;
  const { enum: ___, ...words } = bare;
  const alternatives = [...byValue].map(([value, all]) => {
    const lists = all.map(({ fields }) => fields);
    return joined(name, { ...words, enum: [value] }, true, [...lists, ...given]);
  });
  if (others !== undefined) alternatives.push(joined(name, others, required || apart, given));
  if (apart) alternatives.push(joined(name, { not: {} }, false, absent));
  const [first, ...rest] = alternatives as [ObjectPart, ...ObjectPart[]];
  return [described(first, name, field), ...rest];
}

/** The first of the alternatives says what the field is. */
function described({ schema, open }: ObjectPart, name: string, { title, description }: JSONObject): ObjectPart {
  const words = { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
  const [first, ...rest] = Array.isArray(schema.allOf) ? (schema.allOf as JSONObject[]) : [schema];
  const properties = first?.properties as JSONObject;
  const own = { ...first, properties: { ...properties, [name]: { ...(properties[name] as JSONObject), ...words } } };
  return { schema: rest.length === 0 ? own : { allOf: [own, ...rest] }, open };
}

/** The field without some of its values; undefined when none is left. */
function withoutValues(field: JSONObject, values: ReadonlySet<unknown>): JSONObject | undefined {
  const { title: _, description: __, ...bare } = field;
  if (values.size === 0) return bare;
  const all = Array.isArray(field.enum) ? field.enum : [true, false];
  const left = all.filter((value) => !values.has(value));
  return left.length === 0 ? undefined : { ...bare, enum: left };
}

/** An object with the field and all that is shown with it; one object where no name is there twice. */
function joined(name: string, field: JSONObject, required: boolean, lists: readonly JSONObject[]): ObjectPart {
  const properties = new Map([[name, field]]);
  const names = required ? [name] : [];
  const others: ObjectPart[] = [];
  let open = false;
  for (const part of lists.map(yielded)) {
    const { schema } = part;
    const entries = isObject(schema.properties) ? (Object.entries(schema.properties) as [string, JSONObject][]) : [];
    const apart = schema.allOf !== undefined || schema.anyOf !== undefined;
    if (apart || entries.some(([each]) => properties.has(each))) others.push(part);
    else {
      for (const [each, own] of entries) properties.set(each, own);
      names.push(...(Array.isArray(schema.required) ? (schema.required as string[]) : []));
      open ||= part.open;
    }
  }
  return intersection([objectOf(properties, names, open), ...others]);
}

/** All fields that may be shown, whatever is chosen among them. */
function addAll(found: Map<string, JSONObject>, schema: JSONObject): void {
  for (const [name, field] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    add(found, name, plain(field as JSONObject));
  }
  for (const { fields } of conditionsOf(schema)) addAll(found, fields);
}

/** Two options may show fields of the same name; then either of the two may be what is given. */
function add(properties: Map<string, JSONObject>, name: string, schema: JSONObject): void {
  const before = properties.get(name);
  const known = Array.isArray(before?.anyOf) ? (before.anyOf as JSONObject[]) : before === undefined ? [] : [before];
  if (known.some((each) => JSON.stringify(each) === JSON.stringify(schema))) return;
  properties.set(name, known.length === 0 ? schema : { anyOf: [...known, schema] });
}

/** Checks if a field that is left out gets a value. */
function hasPreset({ default: preset, oneOf, items }: JSONObject): boolean {
  if (preset !== undefined) return !(typeof preset === 'string' && preset.includes('{{'));
  const choices = Array.isArray(oneOf) ? oneOf : isObject(items) && Array.isArray(items.oneOf) ? items.oneOf : [];
  return choices.some(function chosen(choice: JSONObject): boolean {
    return Array.isArray(choice.oneOf) ? choice.oneOf.some(chosen) : choice[`${PREFIX}default`] === true;
  });
}

/** Checks if there are fields that nobody knows before the form is open. */
function isOpen(schema: JSONObject, fields: readonly (readonly [string, JSONObject])[]): boolean {
  const layout = schema[`${PREFIX}layout`];
  const items = (Array.isArray(layout) ? layout : []).filter(isObject).map(({ item }) => item);
  return items.some((item) => typeof item === 'string') || fields.some(([, field]) => hidesFields(field));
}

function isOpenAnyway({ fields }: Condition): boolean {
  const own = Object.entries(isObject(fields.properties) ? fields.properties : {}) as [string, JSONObject][];
  return !isObject(fields.properties) || isOpen(fields, own) || conditionsOf(fields).some(isOpenAnyway);
}

/** Checks if a choice shows fields that are written down nowhere here. */
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
    ...(schema.type === 'object' ? closed(yielded(schema)) : {}),
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
