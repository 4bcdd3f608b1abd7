import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { KEYWORDS } from '../json-schema/keywords.ts';
import { type FormConversion, INSTEAD, LOST, NO_WORD, type Node } from './form-conversion.ts';
import { valuesOffered } from './identify.ts';
import { PREFIX } from './kinds.ts';

/** Condition under which a list of fields is shown. */
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
export function conditionsOf(node: Node, reading: FormConversion): readonly Condition[] {
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

function conditionOf(holder: Node, reading: FormConversion): Condition | undefined {
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

/** Checks if an annotation remembers a list that stands elsewhere; all else is the list itself. */
export function isMark(annotation: unknown): annotation is true | JSONObject {
  return annotation === true || (isObject(annotation) && (annotation.store === undefined || annotation.store === true));
}

/** The options of a field, and whether they are in groups. */
export interface Choices {
  readonly options: unknown;
  readonly grouped: boolean;
}

/** Reads the options that a schema offers to one field. */
export class ChoiceReader {
  readonly #conditions: readonly Condition[];
  readonly #reading: FormConversion;
  readonly #readList: ReadList;

  /** @param conditions those that depend on the field */
  constructor(conditions: readonly Condition[], reading: FormConversion, readList: ReadList) {
    this.#conditions = conditions;
    this.#reading = reading;
    this.#readList = readList;
  }

  /**
   * @param node the schema with the alternatives, under the keyword
   * @param rest what the options say besides their list
   * @param wire the path of the options in the form
   */
  read(node: Node, keyword: string, rest: JSONObject | undefined, wire: Path): Choices {
    const listed = rest === undefined ? wire : [...wire, 'store'];
    const path = node.at(keyword);
    this.#reading.places.set(listed, { path });
    const alternatives = node.value[keyword] as readonly unknown[];
    const read = (each: unknown, index: number) =>
      keyword === 'enum'
        ? this.#value(each, [...path, index], [...listed, index])
        : this.#option(this.#reading.node(each, [...path, index]), [...listed, index]);
    const options = alternatives.map(read);
    const offered = keyword === 'enum' ? alternatives : valuesOffered(alternatives);
    this.#checkAny(alternatives, path);
    if (new Set(offered.map((each) => JSON.stringify(each))).size < offered.length) {
      this.#reading.refuse(path, 'A value is offered twice.', 'Offer each value once.');
    }
    const grouped = options.some((option) => Object.hasOwn(option, 'options'));
    return { options: rest === undefined ? options : restored(this.#withLists(rest, wire), options), grouped };
  }

  #value(value: unknown, path: Path, wire: Path): JSONObject {
    for (const key of ['label', 'value']) this.#reading.places.set([...wire, key], { path });
    const label = typeof value === 'string' ? value : JSON.stringify(value);
    return this.#shown(label === '' ? { value } : { label, value }, wire);
  }

  #option(node: Node, wire: Path): JSONObject {
    const { places } = this.#reading;
    const option: Record<string, unknown> = {};
    places.set(wire, { path: node.path });
    for (const [keyword, value] of Object.entries(node.value)) {
      const path = node.at(keyword);
      const isGroup = keyword === 'oneOf' && Array.isArray(value) && !Object.hasOwn(node.value, 'const');
      const key = isGroup ? 'options' : (lookUp(OPTION_KEYS, keyword) ?? markedKey(keyword));
      if (key !== undefined) {
        option[key] = isGroup ? this.#group(value, path, [...wire, key]) : value;
        places.set([...wire, key], { path, ...(isGroup ? {} : { verbatim: true }) });
      } else if (LOST.has(keyword)) this.#reading.lose(path);
      else if (keyword !== 'type' || !valuesOffered([node.value]).every((each) => isOfType(value, each))) {
        this.#reading.refuse(
          path,
          `A choice has no ${JSON.stringify(keyword)} such as this.`,
          INSTEAD.oneOf ?? NO_WORD,
        );
      }
    }
    if (!Object.hasOwn(option, 'value') && !Object.hasOwn(option, 'options')) {
      this.#reading.refuse(node.path, 'An alternative has no value of its own.', INSTEAD.oneOf ?? NO_WORD);
    }
    return Object.hasOwn(option, 'value') ? this.#shown(option, wire) : option;
  }

  #group(alternatives: readonly unknown[], path: Path, wire: Path): readonly JSONObject[] {
    this.#checkAny(alternatives, path);
    return alternatives.map((each, index) =>
      this.#option(this.#reading.node(each, [...path, index]), [...wire, index]),
    );
  }

  #checkAny(alternatives: readonly unknown[], path: Path): void {
    if (alternatives.length > 0) return;
    this.#reading.refuse(path, `${JSON.stringify(path.at(-1))} offers nothing.`, 'Add a choice.');
  }

  /** The option with the fields that it shows. */
  #shown(option: JSONObject, wire: Path): JSONObject {
    const condition = this.#conditions.find(({ when, values }) => when === 'value' && values.includes(option.value));
    return condition === undefined ? option : this.#withList(option, condition, wire);
  }

  #withList(holder: JSONObject, condition: Condition, wire: Path): JSONObject {
    condition.taken = true;
    const inner = [...wire, 'nested', ...(isObject(holder.nested) ? ['store'] : [])];
    return { ...holder, nested: restored(holder.nested, this.#readList(condition.fields, inner)) };
  }

  /** Returns the rest of the options beside their list, with the lists of fields back in their places. */
  #withLists(rest: JSONObject, wire: Path): JSONObject {
    const back = (holder: JSONObject, when: Condition['when'], at: Path) => {
      const condition = this.#conditions.find((each) => each.when === when);
      return condition === undefined || !isMark(holder.nested) ? holder : this.#withList(holder, condition, at);
    };
    const { placeholder } = rest;
    const own = back(rest, 'given', wire);
    return isObject(placeholder) ? { ...own, placeholder: back(placeholder, 'absent', [...wire, 'placeholder']) } : own;
  }
}

const OPTION_KEYS: Readonly<Record<string, string>> = { const: 'value', title: 'label', description: 'description' };

function markedKey(keyword: string): string | undefined {
  return keyword.startsWith(PREFIX) ? keyword.slice(PREFIX.length) : undefined;
}

/** Checks if a value is of the type, or one of the types, that a schema names. */
export function isOfType(type: unknown, value: unknown): boolean {
  return KEYWORDS.type?.test(type)(value) === true;
}
