import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { PREFIX } from './kinds.ts';
import { INSTEAD, LOST, NO_WORD, type Node, type Reading } from './reading.ts';

/** What shows a list of fields. */
export interface Condition {
  /** The field that it depends on. */
  readonly name: string;
  readonly when: 'value' | 'given' | 'absent';
  readonly values: readonly unknown[];
  /** The object that holds the fields; where the condition stands. */
  readonly fields: Node;
  readonly path: Path;
  taken: boolean;
}

/** The list of fields that a condition shows, at a path of the form. */
export type ReadList = (node: Node, wire: Path) => readonly unknown[];

/** The conditions of an object: its own, and those under `allOf`. */
export function conditionsOf(node: Node, reading: Reading): readonly Condition[] {
  const { allOf } = node.value;
  const holders = [
    ...(node.value.if === undefined && node.value.then === undefined ? [] : [node]),
    ...(Array.isArray(allOf) ? allOf : []).map((each, index) => reading.node(each, [...node.at('allOf'), index])),
  ];
  return holders.flatMap((holder) => {
    const condition = conditionOf(holder, reading);
    if (condition !== undefined) return [condition];
    const hint =
      'Write {"if": {"properties": {"<field>": {"const": <value>}}, "required": ["<field>"]}, "then": {"properties": {…}}}.';
    reading.refuse(
      holder === node ? node.at('if') : holder.path,
      'A form can only show fields when a choice has a value.',
      hint,
    );
    return [];
  });
}

function conditionOf(holder: Node, reading: Reading): Condition | undefined {
  const { if: test, then } = holder.value;
  const extra = Object.keys(holder.value).some((keyword) => !/^(if|then|\$comment)$/.test(keyword));
  // An object's own condition stands among its other keywords; under "allOf" it stands alone.
  const alone = typeof holder.path.at(-1) !== 'number' || !extra;
  const found = isObject(test) ? testOf(test) : undefined;
  if (found === undefined || then === undefined || !alone) return undefined;
  return { ...found, fields: reading.node(then, holder.at('then')), path: holder.at('if'), taken: false };
}

function testOf(test: JSONObject): Pick<Condition, 'name' | 'when' | 'values'> | undefined {
  const { properties, required, not, type: _, ...others } = test;
  if (Object.keys(others).length > 0) return undefined;
  const [name, second] = isObject(properties) ? Object.keys(properties) : namesIn(required);
  if (isObject(not) && properties === undefined) {
    const [absent, more] = namesIn(not.required);
    return absent === undefined || more !== undefined ? undefined : { name: absent, when: 'absent', values: [] };
  }
  if (name === undefined || second !== undefined || not !== undefined) return undefined;
  if (!isObject(properties)) return { name, when: 'given', values: [] };
  const at = properties[name];
  const value = isObject(at) && isObject(at.contains) ? at.contains : at;
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  if (Array.isArray(value.enum)) return { name, when: 'value', values: value.enum };
  return Object.hasOwn(value, 'const') ? { name, when: 'value', values: [value.const] } : undefined;
}

function namesIn(names: unknown): string[] {
  return Array.isArray(names) ? names.map(String) : [];
}

/** The list in the form that its mark remembers. */
export function restored(mark: unknown, list: readonly unknown[]): unknown {
  if (!isObject(mark)) return list;
  return Object.hasOwn(mark, 'store') ? { ...mark, store: list } : { store: list, ...mark };
}

/** Whether an annotation remembers a list that stands elsewhere; all else is the list itself. */
export function isMark(annotation: unknown): annotation is true | JSONObject {
  return annotation === true || (isObject(annotation) && (annotation.store === undefined || annotation.store === true));
}

/** The options of a field, and whether they are in groups. */
export interface Choices {
  readonly options: unknown;
  readonly grouped: boolean;
}

/**
 * The options that a schema offers.
 * @param node the schema with the alternatives
 * @param rest what the options say besides their list
 * @param wire the path of the options in the form
 */
export function choicesOf(
  node: Node,
  keyword: string,
  rest: JSONObject | undefined,
  conditions: readonly Condition[],
  wire: Path,
  reading: Reading,
  readList: ReadList,
): Choices {
  const { places } = reading;
  const listed = rest === undefined ? wire : [...wire, 'store'];
  const path = node.at(keyword);
  places.set(listed, { path });
  const alternatives = node.value[keyword] as readonly unknown[];
  const options =
    keyword === 'enum'
      ? alternatives.map((value, index) => {
          for (const key of ['label', 'value']) places.set([...listed, index, key], { path: [...path, index] });
          return shown(labelled(value), [...listed, index], conditions, readList);
        })
      : alternatives.map((each, index) =>
          optionOf(reading.node(each, [...path, index]), [...listed, index], conditions, reading, readList),
        );
  if (alternatives.length === 0) reading.refuse(path, `${JSON.stringify(keyword)} offers nothing.`, 'Add a choice.');
  const grouped = options.some((option) => Object.hasOwn(option, 'options'));
  if (rest === undefined) return { options, grouped };
  return { options: restored(withLists(rest, conditions, wire, readList), options), grouped };
}

/** A value that has no words of its own is called by its name. */
function labelled(value: unknown): JSONObject {
  const label = typeof value === 'string' ? value : JSON.stringify(value);
  return label === '' ? { value } : { label, value };
}

function optionOf(
  node: Node,
  wire: Path,
  conditions: readonly Condition[],
  reading: Reading,
  readList: ReadList,
): JSONObject {
  const option: Record<string, unknown> = {};
  reading.places.set(wire, { path: node.path });
  const put = (key: string, value: unknown, keyword: string, verbatim = false) => {
    option[key] = value;
    reading.places.set([...wire, key], { path: node.at(keyword), ...(verbatim ? { verbatim } : {}) });
  };
  for (const [keyword, value] of Object.entries(node.value)) {
    const key = OPTION_KEYS[keyword];
    if (key !== undefined) put(key, value, keyword, true);
    else if (keyword === 'oneOf' && Array.isArray(value)) {
      const path = node.at(keyword);
      const inner = value.map((each, index) =>
        optionOf(reading.node(each, [...path, index]), [...wire, 'options', index], conditions, reading, readList),
      );
      put('options', inner, keyword);
    } else if (keyword.startsWith(PREFIX)) put(keyword.slice(PREFIX.length), value, keyword, true);
    else if (LOST.has(keyword)) reading.lose(node.at(keyword));
    else if (keyword !== 'type')
      reading.refuse(node.at(keyword), `A choice has no ${JSON.stringify(keyword)}.`, INSTEAD.oneOf ?? NO_WORD);
  }
  if (!Object.hasOwn(option, 'value') && !Object.hasOwn(option, 'options')) {
    reading.refuse(node.path, 'An alternative has no value of its own.', INSTEAD.oneOf ?? NO_WORD);
  }
  return Object.hasOwn(option, 'value') ? shown(option, wire, conditions, readList) : option;
}

const OPTION_KEYS: Readonly<Record<string, string>> = { const: 'value', title: 'label', description: 'description' };

/** The option with the fields that it shows. */
function shown(option: JSONObject, wire: Path, conditions: readonly Condition[], readList: ReadList): JSONObject {
  const condition = conditions.find(({ when, values }) => when === 'value' && values.includes(option.value));
  if (condition === undefined) return option;
  condition.taken = true;
  const inner = [...wire, 'nested', ...(isObject(option.nested) ? ['store'] : [])];
  return { ...option, nested: restored(option.nested, readList(condition.fields, inner)) };
}

/** What options say besides their list, with the lists of fields back in their places. */
function withLists(rest: JSONObject, conditions: readonly Condition[], wire: Path, readList: ReadList): JSONObject {
  const back = (holder: JSONObject, when: Condition['when'], at: Path) => {
    const condition = conditions.find((each) => each.when === when);
    if (condition === undefined || !isMark(holder.nested)) return holder;
    condition.taken = true;
    const inner = [...at, 'nested', ...(isObject(holder.nested) ? ['store'] : [])];
    return { ...holder, nested: restored(holder.nested, readList(condition.fields, inner)) };
  };
  const { placeholder } = rest;
  const own = back(rest, 'given', wire);
  return isObject(placeholder) ? { ...own, placeholder: back(placeholder, 'absent', [...wire, 'placeholder']) } : own;
}
