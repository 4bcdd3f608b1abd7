import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { ChoiceReader, type Choices, type Condition, conditionsOf, isMark, isOfType, restored } from './choices.ts';
import {
  FormConversion,
  type FormProblem,
  INSTEAD,
  LOST,
  NO_WORD,
  type Node,
  SILENT,
  words,
} from './form-conversion.ts';
import { type Identity, identify, TYPE_WORDS, valuesOffered } from './identify.ts';
import { DAY, isChooser, isSwitch, kindOf, limitsOf, type ParameterKind, PREFIX, placeOfRequired } from './kinds.ts';
import type { Places } from './places.ts';

/** A Make form, and how it came about. */
export interface Made {
  /** The array, or the `rpc://` in its place. To be used when there are no problems. */
  readonly form: unknown;
  /** Problems: parts that a Make form cannot express. */
  readonly problems: readonly FormProblem[];
  /** Parts that a form has no place for and can do without, such as `examples`. */
  readonly lost: readonly FormProblem[];
  /** From the form to the schema. */
  readonly places: Places;
}

/**
 * The Make form that asks for the values of a JSON Schema (draft 2020-12 or draft-07).
 * Every keyword is either in the form, or in `lost`, or a problem with a place and a hint.
 */
export function toParameters(schema: unknown): Made {
  const reading = new FormConversion(schema);
  const root = reading.node(schema, []);
  const whole = root.value[`${PREFIX}spec`];
  const form = whole === undefined ? listOf(root, [], reading) : whole;
  if (root.value.type !== 'object') {
    reading.refuse(root.at('type'), 'The values of a form are one object.', 'Write "type": "object" here.');
  }
  reading.places.set([], whole === undefined ? { path: [] } : { path: root.at(`${PREFIX}spec`), verbatim: true });
  for (const keyword of Object.keys(root.value)) {
    if (LOST.has(keyword) || keyword === 'title' || keyword === 'description') reading.lose(root.at(keyword));
    else if (!isOfObject(keyword) && keyword !== `${PREFIX}spec`) leftOver(root, keyword, reading);
  }
  const { problems, lost, places } = reading;
  return { form, problems, lost, places };
}

/** Checks if a keyword says nothing about a field that is no object with fields. */
function isSilent({ value }: Node, keyword: string): boolean {
  return SILENT.has(keyword) && (!/^(additional|unevaluated)Properties$/.test(keyword) || value[keyword] === true);
}

/** Keywords of an object that say which fields it has. */
const OBJECT_WORDS = new Set(['properties', 'required', 'allOf', 'if', 'then', 'else', `${PREFIX}layout`]);

function isOfObject(keyword: string): boolean {
  return OBJECT_WORDS.has(keyword) || SILENT.has(keyword) || keyword === 'type';
}

function leftOver(node: Node, keyword: string, reading: FormConversion): void {
  const path = node.at(keyword);
  if (LOST.has(keyword)) reading.lose(path);
  else if (keyword.startsWith('x-') && !keyword.startsWith(PREFIX)) reading.lose(path);
  else if (!(node.value[keyword] === false && /^(writeOnly|readOnly|uniqueItems)$/.test(keyword))) {
    const value = node.value[keyword];
    const said = typeof value === 'string' ? ` ${JSON.stringify(value)}` : '';
    reading.refuse(
      path,
      `A form cannot express ${JSON.stringify(keyword)}${said} here.`,
      lookUp(INSTEAD, keyword) ?? NO_WORD,
    );
  }
}

/** The fields of an object, as a list at a path of the form. */
function listOf(node: Node, wire: Path, reading: FormConversion): readonly unknown[] {
  const { value } = node;
  const properties = isObject(value.properties) ? value.properties : {};
  const conditions = conditionsOf(node, reading);
  const required = new Map<string, Path>();
  for (const [index, name] of (Array.isArray(value.required) ? value.required : []).entries()) {
    const path = [...node.at('required'), index];
    if (Object.hasOwn(properties, String(name))) required.set(String(name), path);
    else reading.refuse(path, `${JSON.stringify(name)} is required, but no field.`, INSTEAD.required ?? NO_WORD);
  }
  checkOpenness(node, reading);
  const list = layoutOf(node, Object.keys(properties), reading).map((each, index) => {
    const here = [...wire, index];
    if (typeof each !== 'string') {
      reading.places.set(here, { path: each.path, verbatim: true });
      return each.item;
    }
    const path = [...node.at('properties'), each];
    reading.places.set(here, { path });
    reading.places.set([...here, 'name'], { path, part: 'key' });
    const own = conditions.filter(({ name }) => name === each);
    const requiredAt = required.get(each);
    return new FieldReader(
      reading.node(properties[each], path),
      { name: each, requiredAt, conditions: own },
      here,
      reading,
    ).read();
  });
  for (const { taken, path, name } of conditions) {
    if (taken) continue;
    const hint = `Show them by a choice that stands beside them: a value of an "enum" or a "oneOf", or true.`;
    reading.refuse(path, `${JSON.stringify(name)} offers no choice that could show these fields.`, hint);
  }
  return list;
}

/** Forms know their fields, so a closed object says nothing new, and what an open one says cannot be expressed. */
function checkOpenness(node: Node, reading: FormConversion): void {
  for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
    if (isObject(node.value[keyword])) leftOver(node, keyword, reading);
  }
  if (node.value.else !== undefined) leftOver(node, 'else', reading);
}

/** Returns the layout of a list: fields by name, and items that have none. */
function layoutOf(node: Node, names: readonly string[], reading: FormConversion) {
  const path = node.at(`${PREFIX}layout`);
  const layout = node.value[`${PREFIX}layout`];
  const items: (string | { readonly item: unknown; readonly path: Path })[] = [];
  for (const [index, each] of (Array.isArray(layout) ? layout : []).entries()) {
    const here = [...path, index];
    if (isObject(each)) items.push({ item: each.item, path: [...here, 'item'] });
    else if (names.includes(String(each)) && !items.includes(String(each))) items.push(String(each));
    else reading.refuse(here, `${JSON.stringify(each)} is not a field of this object.`, 'List each field once.');
  }
  return [...items, ...names.filter((name) => !items.includes(name))];
}

/** Where a field stands in its object; nothing of it for what an array holds. */
interface Standing {
  readonly name?: string;
  readonly requiredAt?: Path | undefined;
  readonly conditions: readonly Condition[];
}

/** Reads one field, keyword by keyword: the parameter's keys come in the order of the keywords. */
class FieldReader {
  readonly #node: Node;
  readonly #standing: Standing;
  readonly #wire: Path;
  readonly #reading: FormConversion;
  readonly #parameter = new Map<string, unknown>();
  readonly #items: Node | undefined;
  readonly #identity: Identity;
  readonly #kind: ParameterKind | undefined;
  readonly #limits: Record<string, unknown> = {};

  constructor(node: Node, standing: Standing, wire: Path, reading: FormConversion) {
    this.#node = node;
    this.#standing = standing;
    this.#wire = wire;
    this.#reading = reading;
    const { items } = node.value;
    this.#items = isObject(items) ? reading.node(items, node.at('items')) : undefined;
    this.#identity = identify(node.value, this.#items?.value);
    this.#kind = kindOf(this.#identity.type);
  }

  read(): JSONObject {
    const { value } = this.#node;
    const { name } = this.#standing;
    const keywords = Object.keys(value);
    if (name !== undefined && !keywords.includes(`${PREFIX}name`)) this.#parameter.set('name', name);
    const tells = keywords.some((keyword) => TYPE_WORDS.has(keyword));
    if (!tells) this.#putType(this.#node.path);
    for (const keyword of keywords) this.#readWord(keyword, value[keyword]);
    this.#putNested();
    return this.#withRequired();
  }

  #readWord(keyword: string, value: unknown): void {
    const plain = lookUp(PLAIN, keyword);
    if (TYPE_WORDS.has(keyword)) this.#readType(keyword);
    else if (this.#isLimit(keyword)) this.#readLimit(keyword, value);
    else if (keyword.startsWith(PREFIX)) this.#readMark(keyword, value);
    else if (plain !== undefined) this.#put(plain, value, keyword, true);
    else if (!this.#readChoice(keyword) && !this.#readSpec(keyword)) leftOver(this.#node, keyword, this.#reading);
  }

  #put(key: string, value: unknown, keyword: string, verbatim = false): void {
    const path = this.#node.at(keyword);
    if (this.#parameter.has(key)) {
      const hint = `Keep either ${JSON.stringify(keyword)} or what else gives it.`;
      this.#reading.refuse(path, `${JSON.stringify(key)} is said twice.`, hint);
      return;
    }
    this.#parameter.set(key, value);
    this.#reading.places.set([...this.#wire, key], { path, ...(verbatim ? { verbatim } : {}) });
  }

  #readType(keyword: string): void {
    const { said, choice } = this.#identity;
    const holder = choice?.among === 'items' ? undefined : choice?.keyword;
    const fits = keyword !== 'type' || holder === undefined || areOfType(this.#node, holder);
    if (!said.has(keyword) || !fits) leftOver(this.#node, keyword, this.#reading);
    if (!this.#parameter.has('type')) this.#putType(this.#node.at(keyword));
  }

  #putType(path: Path): void {
    const { type } = this.#identity;
    this.#parameter.set('type', type);
    this.#reading.places.set([...this.#wire, 'type'], { path });
    const { value } = this.#node;
    const isDay = type === DAY && value.format === DAY && !Object.hasOwn(value, `${PREFIX}time`);
    if (!isDay) return;
    this.#parameter.set('time', false);
    this.#reading.places.set([...this.#wire, 'time'], { path: this.#node.at('format') });
  }

  #isLimit(keyword: string): boolean {
    if (keyword === 'enum' && this.#identity.choice !== undefined) return false;
    return this.#kind !== undefined && Object.values(limitsOf(this.#kind)).includes(keyword);
  }

  #readLimit(keyword: string, value: unknown): void {
    if (this.#kind?.bounds?.[keyword] === value) return;
    const [key = keyword] =
      Object.entries(limitsOf(this.#kind ?? { words: [] })).find(([, each]) => each === keyword) ?? [];
    const wasThere = Object.keys(this.#limits).length > 0;
    this.#limits[key] = value;
    if (!wasThere) this.#put('validate', this.#limits, keyword);
    this.#reading.places.set([...this.#wire, 'validate', key], { path: this.#node.at(keyword), verbatim: true });
  }

  /** Reads an annotation. */
  #readMark(keyword: string, value: unknown): void {
    const key = keyword.slice(PREFIX.length);
    const { name } = this.#standing;
    if (OBJECT_WORDS.has(keyword)) this.#readSpec(keyword);
    else if (keyword === `${PREFIX}options` && this.#identity.choice !== undefined) this.#checkRest(keyword, value);
    else if (keyword === `${PREFIX}name` && name !== undefined && value !== name) {
      const hint = `Write ${JSON.stringify(name)}, or rename the property.`;
      this.#reading.refuse(this.#node.at(keyword), 'The name is not that of the property.', hint);
    } else if (keyword === `${PREFIX}nested` && this.#shows() !== undefined) this.#putNested(keyword);
    else this.#put(key, value, keyword, true);
  }

  #checkRest(keyword: string, value: unknown): void {
    if (isObject(value) && isMark(value)) return;
    const { choice } = this.#identity;
    const hint = `Keep either ${JSON.stringify(keyword)} or ${JSON.stringify(choice?.keyword)}.`;
    this.#reading.refuse(this.#node.at(keyword), '"options" is said twice.', hint);
  }

  /** Checks if the keyword belongs to the choices that the field offers. */
  #readChoice(keyword: string): boolean {
    const { choice, type } = this.#identity;
    if (
      keyword === 'uniqueItems' &&
      isChooser(type) &&
      choice?.among !== 'itself' &&
      this.#node.value[keyword] === true
    ) {
      this.#put('multiple', true, keyword);
      return true;
    }
    if (choice === undefined) return false;
    if (keyword !== (choice.among === 'items' ? 'items' : choice.keyword)) return false;
    const { options, grouped } = this.#choices(choice);
    if (grouped && !Object.hasOwn(this.#node.value, `${PREFIX}grouped`)) this.#put('grouped', true, keyword);
    this.#put('options', options, keyword);
    return true;
  }

  #choices({ keyword, among }: NonNullable<Identity['choice']>): Choices {
    const { value } = this.#node;
    const marked = value[`${PREFIX}options`];
    const rest = isObject(marked) ? marked : undefined;
    const holder = among === 'items' ? (this.#items ?? this.#node) : this.#node;
    if (rest !== undefined) {
      const path = this.#node.at(`${PREFIX}options`);
      for (const key of Object.keys(rest)) {
        this.#reading.places.set([...this.#wire, 'options', key], { path: [...path, key], verbatim: true });
      }
    }
    for (const each of among === 'items' ? Object.keys(holder.value) : []) {
      if (each !== keyword && (each !== 'type' || !areOfType(holder, keyword))) leftOver(holder, each, this.#reading);
    }
    const wire = [...this.#wire, 'options'];
    const readList = (node: Node, at: Path) => shownList(node, at, this.#reading);
    return new ChoiceReader(this.#standing.conditions, this.#reading, readList).read(holder, keyword, rest, wire);
  }

  /** Checks if the keyword says what an object or an array holds. */
  #readSpec(keyword: string): boolean {
    const { type } = this.#identity;
    const wire = [...this.#wire, 'spec'];
    const ofObject = OBJECT_WORDS.has(keyword) || /^(additional|unevaluated)Properties$/.test(keyword);
    if (type === 'collection' && ofObject) {
      const { value } = this.#node;
      if (isObject(value.properties) && !this.#parameter.has('spec')) {
        this.#put('spec', undefined, 'properties');
        this.#parameter.set('spec', listOf(this.#node, wire, this.#reading));
      }
      if (value.properties === undefined && !isSilent(this.#node, keyword)) {
        leftOver(this.#node, keyword, this.#reading);
      }
      return true;
    }
    if (type !== 'array' || keyword !== 'items') return isSilent(this.#node, keyword);
    if (this.#items === undefined) {
      if (this.#node.value.items === true) return true;
      return false;
    }
    this.#put('spec', undefined, keyword);
    const items = this.#items;
    const isList = isObject(items.value.properties) && Object.keys(items.value).every(isOfObject);
    const spec = isList
      ? listOf(items, wire, this.#reading)
      : new FieldReader(items, { conditions: [] }, wire, this.#reading).read();
    this.#parameter.set('spec', spec);
    return true;
  }

  /** Returns the condition under which a switched-on field shows others. */
  #shows(): Condition | undefined {
    if (!isSwitch(this.#identity.type)) return undefined;
    return this.#standing.conditions.find(({ when, values }) => when === 'value' && values.includes(true));
  }

  #putNested(keyword = 'type'): void {
    const condition = this.#shows();
    if (condition === undefined || condition.taken) return;
    condition.taken = true;
    const mark = this.#node.value[`${PREFIX}nested`];
    const wire = [...this.#wire, 'nested', ...(isObject(mark) ? ['store'] : [])];
    this.#put('nested', restored(mark, shownList(condition.fields, wire, this.#reading)), keyword);
  }

  #withRequired(): JSONObject {
    const entries = [...this.#parameter];
    const { requiredAt } = this.#standing;
    if (requiredAt === undefined) return Object.fromEntries(entries);
    this.#reading.places.set([...this.#wire, 'required'], { path: requiredAt });
    const said = this.#parameter.get('required');
    if (said === undefined) entries.splice(placeOfRequired([...this.#parameter.keys()]), 0, ['required', true]);
    else if (said !== true) {
      const path = this.#node.at(`${PREFIX}required`);
      this.#reading.refuse(path, `${words(this.#node.path)} is required, and here it is not.`, 'Keep one of the two.');
    }
    return Object.fromEntries(entries);
  }
}

/** Checks if the choices under a keyword are what the type beside them says. */
function areOfType({ value }: Node, keyword: string): boolean {
  const offered = keyword === 'enum' ? value.enum : valuesOffered(value[keyword]);
  return (offered as readonly unknown[]).every((each) => isOfType(value.type, each));
}

/** Keywords that are one key of the parameter, whatever its type. */
const PLAIN: Readonly<Record<string, string>> = { title: 'label', description: 'help', default: 'default' };

/** The fields that a choice shows. */
function shownList(node: Node, wire: Path, reading: FormConversion): readonly unknown[] {
  reading.places.set(wire, { path: node.path });
  for (const keyword of Object.keys(node.value)) if (!isOfObject(keyword)) leftOver(node, keyword, reading);
  return listOf(node, wire, reading);
}
