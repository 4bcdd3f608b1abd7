import { isObject, type JSONObject, lookUp } from '../json.ts';
import { patternOf } from '../json-schema/vocabulary.ts';

/** A keyword of a JSON Schema and its value; in a list, in the order in which they are written. */
export type Word = readonly [keyword: string, value: unknown];

/** Prefix of annotations that carry what JSON Schema has no word for, before the name that the parameter gives it. */
export const PREFIX = 'x-make-';

/** The limits of a value: a key of `validate` → the keyword that says the same. */
const LIMITS = {
  length: { min: 'minLength', max: 'maxLength', pattern: 'pattern', enum: 'enum' },
  range: { min: 'minimum', max: 'maximum' },
  items: { minItems: 'minItems', maxItems: 'maxItems' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** The image of one type of parameter. */
export interface ParameterKind {
  /** Keywords that identify the type. */
  readonly words: readonly Word[];
  /** True if those words alone do not tell the type, so that `x-make-type` goes with them. */
  readonly marked?: true;
  /** Which limits `validate` can set. */
  readonly limits?: keyof typeof LIMITS;
  /** Limits that the type itself sets. */
  readonly bounds?: Readonly<Record<string, number>>;
}

const STRING: Word = ['type', 'string'];

function text(...words: readonly Word[]): ParameterKind {
  return { words: [STRING, ...words], limits: 'length' };
}

const markedText: ParameterKind = { words: [STRING], marked: true };

/** By the type of a parameter; types that are not listed, and expressions in their place, may give anything. */
const KINDS: Readonly<Record<string, ParameterKind>> = {
  text: text(),
  password: text(['writeOnly', true]),
  email: text(['format', 'email']),
  url: text(['format', 'uri']),
  uuid: text(['format', 'uuid']),
  number: { words: [['type', 'number']], limits: 'range' },
  integer: { words: [['type', 'integer']], limits: 'range' },
  uinteger: { words: [['type', 'integer']], marked: true, limits: 'range', bounds: { minimum: 0 } },
  port: { words: [['type', 'integer']], marked: true, limits: 'range', bounds: { minimum: 0, maximum: 65535 } },
  boolean: { words: [['type', 'boolean']] },
  checkbox: { words: [['type', 'boolean']], marked: true },
  // What a choice is, its options tell.
  select: { words: [], limits: 'items' },
  list: { words: [], marked: true, limits: 'items' },
  radio: { words: [], marked: true, limits: 'items' },
  array: { words: [['type', 'array']], limits: 'items' },
  collection: { words: [['type', 'object']] },
  date: { words: [STRING, ['format', 'date-time']] },
  time: { words: [STRING, ['format', 'time']] },
  timestamp: { words: [STRING, ['format', 'date-time']], marked: true },
  json: { words: [STRING, ['contentMediaType', 'application/json']] },
  buffer: { words: [STRING, ['contentEncoding', 'base64']] },
  pkey: { words: [STRING, ['writeOnly', true]], marked: true },
  timezone: markedText,
  color: markedText,
  editor: { ...markedText, limits: 'length' },
  filename: markedText,
  file: markedText,
  folder: markedText,
  path: markedText,
  cert: markedText,
  filter: { words: [['type', 'array']], marked: true },
};

/** Of a day without a time. */
export const DAY = 'date';

export function kindOf(type: unknown): ParameterKind | undefined {
  return typeof type === 'string' && Object.hasOwn(KINDS, type) ? lookUp(KINDS, type) : undefined;
}

/** The types of parameters that their words tell without a mark. */
export const TOLD = Object.entries(KINDS).filter(([, { marked, words }]) => marked !== true && words.length > 0);

/** The keys of `validate` that a kind knows → their keywords. */
export function limitsOf({ limits }: ParameterKind): Readonly<Record<string, string>> {
  return limits === undefined ? {} : LIMITS[limits];
}

/**
 * The limits of a parameter as keywords; undefined when one of them is known only where the form is open, such as an
 * expression, or has no keyword: then none of them is checked here.
 */
export function limitWords(kind: ParameterKind | undefined, validate: unknown): readonly Word[] | undefined {
  if (kind === undefined || !isObject(validate)) return undefined;
  const known = limitsOf(kind);
  const words = Object.entries(validate).map(([key, value]): Word => [known[key] ?? '', value]);
  return words.length > 0 && words.every((word) => fits(word, kind)) ? words : undefined;
}

function fits([keyword, value]: Word, { bounds = {} }: ParameterKind): boolean {
  const bound = bounds[keyword];
  if (bound !== undefined && (typeof value !== 'number' || !(keyword === 'minimum' ? value > bound : value < bound))) {
    return false;
  }
  return lookUp(VALUES, keyword)?.(value) ?? false;
}

const isSize = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown) => typeof value === 'number';

/** Checks of keywords' values. */
const VALUES: Readonly<Record<string, (value: unknown) => boolean>> = {
  minLength: isSize,
  maxLength: isSize,
  minItems: isSize,
  maxItems: isSize,
  minimum: isNumber,
  maximum: isNumber,
  pattern: isPattern,
  enum: (value) => Array.isArray(value) && isChoice(value),
};

function isPattern(text: unknown): boolean {
  return typeof text === 'string' && !hasExpression(text) && patternOf(text) !== undefined;
}

export function hasExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

/** Checks if the values can be told apart here: some, literal, none of them twice. */
export function isChoice(values: readonly unknown[]): boolean {
  const scalar = values.every((value) => (value === null || typeof value !== 'object') && !hasExpression(value));
  return scalar && values.length > 0 && new Set(values).size === values.length;
}

/**
 * Where `required` stands in a parameter, unless it says otherwise: after the name, the type and the label with which
 * the parameter begins.
 */
export function placeOfRequired(keys: readonly string[]): number {
  const end = keys.findIndex((key) => !/^(name|type|label)$/.test(key));
  return end < 0 ? keys.length : end;
}

/** Checks if an item of a form is a field that gives a value under a name. */
export function isField(item: unknown): item is JSONObject & { readonly name: string } {
  return isObject(item) && typeof item.name === 'string' && !isVisual(item.type);
}

/** The types of parameters that show something and ask for nothing. Source: as PARAMETER_TYPES. */
export const VISUAL_TYPES = ['banner', 'html', 'markdown', 'separator'] as const;

export function isVisual(type: unknown): boolean {
  return (VISUAL_TYPES as readonly unknown[]).includes(type);
}

/**
 * The types of parameters that choose something else of the customer's, such as `account:google`. Source:
 * FORMAN_REFERENCE_TYPES of the same library, without udt, which Make's editor knows in any form.
 */
export const REFERENCE = /^(account|aiagent|datastore|device|hook|keychain|scenario)(:|$)/;

/** Checks if a parameter of the type offers a choice among options: in a menu, or side by side. */
export function isChooser(type: unknown): boolean {
  return type === 'select' || type === 'list' || type === 'radio';
}

/** Checks if a parameter of the type asks for true or false. */
export function isSwitch(type: unknown): boolean {
  return type === 'boolean' || type === 'checkbox';
}
