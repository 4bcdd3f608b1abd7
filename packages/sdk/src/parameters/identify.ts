import { isObject, type JSONObject } from '../json.ts';
import { isSecret } from '../json-schema/validator.ts';
import { DAY, isChooser, kindOf, PREFIX, TOLD } from './kinds.ts';

/** The type of a field, as far as a schema tells it. */
export interface Identity {
  /** The type of the parameter. */
  readonly type: unknown;
  /** The keywords that said so. */
  readonly said: ReadonlySet<string>;
  /** The keyword that offers choices: its own, or that of its items. */
  readonly choice?: { readonly keyword: string; readonly among: 'itself' | 'items' };
}

/** Keywords that tell which type a field has. */
export const TYPE_WORDS = new Set([
  'type',
  'format',
  'contentMediaType',
  'contentEncoding',
  'writeOnly',
  `${PREFIX}type`,
]);

const CHOICES = ['enum', 'oneOf', 'anyOf'];

function holds(schema: JSONObject, words: JSONObject): boolean {
  return Object.entries(words).every(([keyword, value]) => schema[keyword] === value);
}

/** @param items the schema of its items, with references followed */
export function identify(schema: JSONObject, items: JSONObject | undefined): Identity {
  const marked = schema[`${PREFIX}type`];
  const choice = choiceIn(schema, items);
  if (marked !== undefined) return { ...reported(schema, marked), ...(isChooser(marked) ? choice : {}) };
  if (choice.choice !== undefined) return { type: 'select', said: new Set(['type']), ...choice };
  if (schema.type === undefined) {
    const type = isObject(schema.properties) ? 'collection' : items === undefined ? 'any' : 'array';
    return { type, said: new Set() };
  }
  if (schema.type === 'string' && isSecret(schema) && isPlainText(schema)) {
    return { type: 'password', said: new Set(['type', 'writeOnly', 'format']) };
  }
  if (schema.type === 'string' && schema.format === DAY) return { type: DAY, said: new Set(['type', 'format']) };
  let best: Identity = { type: undefined, said: new Set() };
  for (const [type, { words }] of TOLD) {
    // A secret of another format is none that a form can ask for.
    const isSecretText = words.some(([keyword]) => keyword === 'writeOnly');
    if (isSecretText || !holds(schema, Object.fromEntries(words)) || words.length <= best.said.size) continue;
    best = { type, said: new Set(words.map(([keyword]) => keyword)) };
  }
  return best;
}

/** The values that alternatives say right here, out of their groups. */
export function valuesOffered(alternatives: unknown): readonly unknown[] {
  return (Array.isArray(alternatives) ? alternatives : []).flatMap((each) => {
    if (!isObject(each)) return [];
    if (Object.hasOwn(each, 'const')) return [each.const];
    return valuesOffered(each.oneOf);
  });
}

function isPlainText({ format, contentMediaType, contentEncoding }: JSONObject): boolean {
  const formats: unknown[] = [undefined, 'password'];
  return formats.includes(format) && contentMediaType === undefined && contentEncoding === undefined;
}

function reported(schema: JSONObject, type: unknown): Identity {
  const kind = kindOf(type);
  const said = (kind?.words ?? []).filter(([keyword, value]) => schema[keyword] === value).map(([keyword]) => keyword);
  if (isChooser(type) && schema.type !== undefined) said.push('type');
  if (type === DAY && schema.format === DAY) said.push('format');
  if (type === 'password' && isPlainText(schema)) said.push('format');
  return { type, said: new Set([...said, `${PREFIX}type`]) };
}

/** Alternatives that are values; for a text, they are limits if it says that it is one. */
function choiceIn(schema: JSONObject, items: JSONObject | undefined): Pick<Identity, 'choice'> {
  const own = CHOICES.find((keyword) => Array.isArray(schema[keyword]));
  if (own !== undefined) return { choice: { keyword: own, among: 'itself' } };
  if (schema.uniqueItems !== true || items === undefined) return {};
  const inner = CHOICES.find((keyword) => Array.isArray(items[keyword]));
  return inner === undefined ? {} : { choice: { keyword: inner, among: 'items' } };
}
