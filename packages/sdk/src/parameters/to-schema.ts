import { isObject, type JSONObject, lookUp } from '../json.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import {
  DAY,
  isChoice,
  isChooser,
  isField,
  isSwitch,
  kindOf,
  limitWords,
  type ParameterKind,
  PREFIX,
  placeOfRequired,
  type Word,
} from './kinds.ts';

/**
 * A Make form as a JSON Schema (draft 2020-12) of the values that it gives, from which `toParameters` makes the very
 * same form again, key order included:
 *
 * - `name` is the property, `required: true` the object's `required`, `label` and `help` are `title` and `description`;
 * - `type` is what KINDS says, a password for example `"type": "string", "writeOnly": true`;
 * - `options` are `enum` where they are values alone, otherwise `oneOf` of `const` and `title`, groups inside; `multiple`
 *   makes them the `items` of an array with `uniqueItems`;
 * - `nested` fields are the `then` of an `if` on the value that shows them, under the object's `allOf`;
 * - `spec` is `items` or `properties`, `validate` the limits that its type has.
 *
 * Converts a form to a JSON Schema. Annotations named `x-make-<key>` carry what it has no word for: `x-make-advanced`, a key at an unusual
 * place, a value that only the platform knows, such as an `rpc://`. `x-make-layout` of an object lists its fields with
 * what has no name, such as banners.
 *
 * Source: Make's documentation of parameters, and its editor's schema.
 * @param form the array of a `parameters` or `installSpec` section that passed its schema, or the `rpc://` in its place
 */
export function toSchema(form: unknown): JSONObject {
  return { $schema: DIALECT, type: 'object', ...objectOf([specWords(form)].flat()) };
}

/** Condition that shows a list of fields: a value of the field of that name, any value, none, or one among several. */
interface Condition {
  readonly name: string;
  readonly when: (name: string) => JSONObject;
  readonly list: readonly unknown[];
}

/** A list of fields, or what stands in its place. */
function specWords(spec: unknown): readonly Word[] {
  return Array.isArray(spec) ? listWords(spec) : [[`${PREFIX}spec`, spec]];
}

/** The keywords of an object whose properties are the fields of a list. */
function listWords(list: readonly unknown[]): readonly Word[] {
  const properties = new Map<string, JSONObject>();
  const required: string[] = [];
  const conditions: Condition[] = [];
  const layout: unknown[] = [];
  for (const item of list) {
    if (!isField(item) || properties.has(item.name)) {
      layout.push({ item });
      continue;
    }
    layout.push(item.name);
    const { words, conditions: own } = fieldWords(item, item.name);
    properties.set(item.name, objectOf(words));
    if (item.required === true) required.push(item.name);
    conditions.push(...own);
  }
  const named = objectOf([...properties]);
  const natural = JSON.stringify(Object.keys(named)) === JSON.stringify(layout);
  return [
    ['properties', named],
    ...(required.length === 0 ? [] : [['required', required] as const]),
    ...(conditions.length === 0 ? [] : [['allOf', conditions.map(implication)] as const]),
    ...(natural ? [] : [[`${PREFIX}layout`, layout] as const]),
  ];
}

function implication({ name, when, list }: Condition): JSONObject {
  return objectOf([
    ['if', when(name)],
    ['then', objectOf(listWords(list))],
  ]);
}

/** A field that is being written down. */
interface Field {
  readonly parameter: JSONObject;
  readonly keys: readonly string[];
  readonly kind: ParameterKind | undefined;
  /** The property that holds it; undefined for what an array holds. */
  readonly name: string | undefined;
  readonly options: Choices | undefined;
  readonly conditions: Condition[];
}

function fieldWords(parameter: JSONObject, name: string | undefined) {
  const keys = Object.keys(parameter);
  const kind = kindOf(parameter.type);
  const options = choicesIn(parameter, name);
  const field: Field = { parameter, keys, kind, name, options, conditions: [] };
  const words = keys.flatMap(
    (key) => lookUp(WRITERS, key)?.(field, parameter[key]) ?? [[PREFIX + key, parameter[key]] as Word],
  );
  return { words, conditions: field.conditions };
}

/** Undefined when JSON Schema has no word for the value. */
type Writer = (field: Field, value: unknown) => readonly Word[] | undefined;

const word =
  (keyword: string): Writer =>
  (_, value) =>
    typeof value === 'string' && value !== '' ? [[keyword, value]] : undefined;

const WRITERS: Readonly<Record<string, Writer>> = {
  name: ({ name, keys }) => (name !== undefined && keys[0] === 'name' ? [] : undefined),
  type: typeWords,
  label: word('title'),
  help: word('description'),
  default: (_, value) => [['default', value]],
  required: ({ name, keys }, value) => {
    const others = keys.filter((key) => key !== 'required');
    const usual = keys.indexOf('required') === placeOfRequired(others);
    return value === true && name !== undefined && usual ? [] : undefined;
  },
  validate: ({ kind }, value) => limitWords(kind, value),
  time: ({ parameter, keys }, value) =>
    isDay(parameter) && keys[keys.indexOf('time') - 1] === 'type' && value === false ? [] : undefined,
  multiple: ({ parameter }, value) =>
    isChooser(parameter.type) && value === true ? [['uniqueItems', true]] : undefined,
  grouped: ({ options, keys }, value) =>
    options?.grouped === true && value === true && keys[keys.indexOf('grouped') + 1] === 'options' ? [] : undefined,
  options: choiceWords,
  spec: ({ parameter, name }, spec) => lookUp(SPECS, String(parameter.type))?.(spec, name),
  nested: nestedWords,
};

/** Checks if a parameter asks for a day. */
function isDay({ type, time }: JSONObject): boolean {
  return type === DAY && time === false;
}

function typeWords(field: Field, type: unknown): readonly Word[] | undefined {
  const { parameter, kind, options, keys } = field;
  const mark: Word = [`${PREFIX}type`, type];
  if (isChooser(type)) {
    const shape: readonly Word[] = parameter.multiple === true ? [['type', 'array']] : (options?.type ?? []);
    return kind?.marked === true || options === undefined || shape.length === 0 ? [...shape, mark] : shape;
  }
  const first = field.name !== undefined && keys[0] === 'name' ? keys[1] : keys[0];
  if (kind === undefined) return type === 'any' && first === 'type' ? [] : undefined;
  if (isDay(parameter))
    return [
      ['type', 'string'],
      ['format', 'date'],
    ];
  const limits = limitWords(kind, parameter.validate) ?? [];
  const bounds = Object.entries(kind.bounds ?? {}).filter(([keyword]) => limits.every(([each]) => each !== keyword));
  const isItem = field.name === undefined && type === 'collection';
  const isChosen = limits.some(([keyword]) => keyword === 'enum');
  return [...kind.words, ...(kind.marked === true || isItem || isChosen ? [mark] : []), ...bounds];
}

/** By the type of a parameter, what its `spec` is. */
const SPECS: Readonly<Record<string, (spec: unknown, name: string | undefined) => readonly Word[] | undefined>> = {
  collection: (spec) => (Array.isArray(spec) ? listWords(spec) : undefined),
  array: (spec) => {
    if (Array.isArray(spec)) return [['items', objectOf([['type', 'object'], ...listWords(spec)])]];
    if (!isObject(spec)) return undefined;
    return [['items', objectOf(fieldWords(spec, undefined).words)]];
  },
};

/**
 * Returns the list of fields that a choice can show, also one in a `store`; anything else is known only when the form
 * is open.
 */
export function shownList(nested: unknown): readonly unknown[] | undefined {
  if (Array.isArray(nested)) return nested;
  return isObject(nested) && Array.isArray(nested.store) ? nested.store : undefined;
}

/** Stands where such a list stood: `true`, or what the list's holder says besides. */
function mark(nested: unknown): unknown {
  return isObject(nested) ? withoutStore(nested) : true;
}

/** Removes a `store` that stands first, as a rule; where it does not, `true` keeps its place. */
function withoutStore(holder: JSONObject): JSONObject {
  const { store: _, ...rest } = holder;
  return Object.keys(holder)[0] === 'store' ? rest : { ...holder, store: true };
}

function nestedWords({ parameter, name, keys, conditions }: Field, nested: unknown): readonly Word[] | undefined {
  const list = shownList(nested);
  if (!isSwitch(parameter.type) || name === undefined || list === undefined) return undefined;
  conditions.push({ name, when: has(true), list });
  return Array.isArray(nested) && keys.at(-1) === 'nested' ? [] : [[`${PREFIX}nested`, mark(nested)]];
}

const has = (value: unknown) => (name: string) => ({
  properties: objectOf([[name, { const: value }]]),
  required: [name],
});
const includes = (value: unknown) => (name: string) => ({
  properties: objectOf([[name, { contains: { const: value } }]]),
  required: [name],
});
const isGiven = (name: string) => ({ required: [name] });
const isAbsent = (name: string) => ({ not: { required: [name] } });

/** The options that a parameter lists itself. */
export interface Choices {
  /** Out of their groups. */
  readonly options: readonly JSONObject[];
  readonly words: readonly Word[];
  readonly grouped: boolean;
  /** The keyword `type`, when all values are of one. */
  readonly type: readonly Word[];
  /** Value → the fields that it shows. */
  readonly shown: readonly (readonly [value: unknown, list: readonly unknown[]])[];
}

/**
 * The options that the parameter itself lists; undefined when they are known only where the form is open.
 * @param name the property that holds the field; undefined for what an array holds
 */
export function choicesIn(parameter: JSONObject, name: string | undefined): Choices | undefined {
  const choices = isChooser(parameter.type) ? listedChoices(parameter) : undefined;
  // What a choice among the items of an array shows has no place beside them.
  return name === undefined && (choices?.shown.length ?? 0) > 0 ? undefined : choices;
}

function listedChoices({ options, grouped }: JSONObject): Choices | undefined {
  const store = storeOf(options);
  if (store === undefined) return undefined;
  const flat = flattened(store);
  const values = flat?.map(({ value }) => value);
  if (flat === undefined || values === undefined || !isChoice(values)) return undefined;
  const isGrouped = store.some((option) => Object.hasOwn(option as object, 'options'));
  if (isGrouped && grouped === undefined) return undefined;
  const plain = store.every((option) => isPlain(option as JSONObject));
  return {
    options: flat,
    words: plain ? [['enum', values]] : [['oneOf', store.map((option) => objectOf(choice(option as JSONObject)))]],
    grouped: isGrouped,
    type: typeOf(values),
    shown: flat.flatMap(({ value, nested }) => {
      const list = shownList(nested);
      return list === undefined ? [] : [[value, list] as const];
    }),
  };
}

function storeOf(options: unknown): readonly unknown[] | undefined {
  if (Array.isArray(options)) return options;
  if (!isObject(options) || options.value !== undefined) return undefined;
  return Array.isArray(options.store) ? options.store : undefined;
}

/** The options out of their groups; undefined when one of them is not written down here. */
function flattened(store: readonly unknown[]): readonly JSONObject[] | undefined {
  const flat = store.map((option) => {
    if (!isObject(option)) return undefined;
    if (option.options === undefined) return option.value === undefined ? undefined : [option];
    const { options, value, nested } = option;
    if (!Array.isArray(options) || options.length === 0 || value !== undefined || nested !== undefined)
      return undefined;
    return flattened(options);
  });
  return flat.every((each) => each !== undefined) ? flat.flat() : undefined;
}

/** Checks if there is nothing to an option but its value. */
function isPlain(option: JSONObject): boolean {
  return (
    typeof option.value === 'string' &&
    option.value !== '' &&
    option.label === option.value &&
    Object.keys(option).join() === 'label,value'
  );
}

const TYPES: readonly (readonly [type: string, holds: (value: unknown) => boolean])[] = [
  ['string', (value) => typeof value === 'string'],
  ['integer', Number.isInteger],
  ['number', (value) => typeof value === 'number'],
  ['boolean', (value) => typeof value === 'boolean'],
];

function typeOf(values: readonly unknown[]): readonly Word[] {
  return TYPES.filter(([, holds]) => values.every(holds))
    .slice(0, 1)
    .map(([type]) => ['type', type]);
}

function choice(option: JSONObject): readonly Word[] {
  const keys = Object.keys(option);
  return keys.flatMap((key): readonly Word[] => {
    const value = option[key];
    if (key === 'value') return [['const', value]];
    if (key === 'options') return [['oneOf', (value as JSONObject[]).map((each) => objectOf(choice(each)))]];
    if ((key === 'label' || key === 'description') && typeof value === 'string' && value !== '') {
      return [[key === 'label' ? 'title' : key, value]];
    }
    if (key !== 'nested' || shownList(value) === undefined) return [[PREFIX + key, value]];
    return Array.isArray(value) && keys.at(-1) === 'nested' ? [] : [[`${PREFIX}nested`, mark(value)]];
  });
}

function choiceWords(
  { parameter, name, options: chosen, conditions }: Field,
  options: unknown,
): readonly Word[] | undefined {
  const multiple = parameter.multiple === true;
  if (chosen === undefined) return undefined;
  if (name !== undefined) {
    const when = multiple ? includes : has;
    for (const [value, list] of chosen.shown) conditions.push({ name, when: when(value), list });
  }
  const words = multiple ? [['items', objectOf([...chosen.type, ...chosen.words])] as const] : chosen.words;
  if (!isObject(options)) return words;
  const rest = withoutStore(options);
  return [...words, [`${PREFIX}options`, name === undefined ? rest : withoutLists(rest, name, conditions)]];
}

/** Returns the options beside their list; lists of fields in them become conditions, with marks in their place. */
function withoutLists(rest: JSONObject, name: string, conditions: Condition[]): JSONObject {
  const out = (holder: JSONObject, when: Condition['when']) => {
    const list = shownList(holder.nested);
    if (list === undefined) return holder;
    conditions.push({ name, when, list });
    return { ...holder, nested: mark(holder.nested) };
  };
  const { placeholder } = rest;
  const own = out(rest, isGiven);
  return isObject(placeholder) ? { ...own, placeholder: out(placeholder, isAbsent) } : own;
}

function objectOf(words: readonly Word[]): JSONObject {
  return Object.fromEntries(words);
}
