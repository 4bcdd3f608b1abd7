import type { Path, Severity } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { KEYWORDS } from '../json-schema/keywords.ts';
import { faultWords, type ValueFault } from '../json-schema/validator.ts';
import { hasExpression, isChooser, isField, isSwitch, kindOf, limitWords } from './kinds.ts';
import { toParameters } from './to-parameters.ts';
import { type Choices, choicesIn, shownList } from './to-schema.ts';

/** A problem of a user's input. It never repeats the input: that may be a secret. */
export interface ValueProblem extends ValueFault {
  /** `warning` where the form asks for it, but the platform does not insist: required fields inside lists. */
  readonly severity: Severity;
  readonly message: string;
}

/**
 * Returns the problems of the values that a user gives, by the rules of the form: what is required, inside collections as well; the
 * limits that `validate` sets; choices; the fields that the chosen option shows, and no others. Defaults take the place
 * of what is left out. What only the platform knows (an `rpc://`, an expression) takes anything, values that the form
 * does not ask for are left alone, and formats such as that of an email address are not checked.
 *
 * @param form the value of a `parameters` or `installSpec` section, as an array or as a JSON Schema, that passed `validate`
 * @param values by the names of the fields
 * @typeParam Values what the form yields, such as `Connections['main']['parameters']` of the generated declarations
 * @returns the problems, in the order of the form, and the values with their defaults: of that type when there are no
 * problems
 * @example
 * const { problems, values } = checkValues(form, { apiKey: 'k' });
 */
export function checkValues<Values extends object = JSONObject>(
  form: unknown,
  values: object,
): { readonly problems: readonly ValueProblem[]; readonly values: Values } {
  const list = isObject(form) ? toParameters(form).form : form;
  const completed = withDefaults(list, values as JSONObject);
  return { problems: problemsOf(list, completed, [], 'error'), values: completed as Values };
}

/** Defaults can show further fields, which have defaults of their own. */
function withDefaults(list: unknown, values: JSONObject): JSONObject {
  const completed = new Map(Object.entries(values));
  for (let before = -1; before !== completed.size; ) {
    before = completed.size;
    for (const field of shownFields(list, (name) => completed.get(name))) {
      const preset = presetOf(field);
      if (!completed.has(field.name) && preset !== undefined) completed.set(field.name, preset);
    }
  }
  for (const { name, type, spec } of shownFields(list, (each) => completed.get(each))) {
    const value = completed.get(name);
    if (type === 'collection' && Array.isArray(spec) && isObject(value)) completed.set(name, withDefaults(spec, value));
    if (type === 'array' && Array.isArray(spec) && Array.isArray(value)) {
      completed.set(
        name,
        value.map((item) => (isObject(item) ? withDefaults(spec, item) : item)),
      );
    }
  }
  return Object.fromEntries(completed);
}

/** The value of a field that is left out; undefined when it has none, or only the platform knows it. */
function presetOf(field: Field): unknown {
  const { default: preset, multiple } = field;
  if (preset !== undefined) return hasExpression(preset) ? undefined : preset;
  const chosen = (choicesIn(field, field.name)?.options ?? []).filter((option) => option.default === true);
  return multiple === true && chosen.length > 0 ? chosen.map(({ value }) => value) : chosen[0]?.value;
}

type Field = JSONObject & { readonly name: string };

/** The fields that are asked for, those that choices show behind the ones that they belong to. */
function* shownFields(list: unknown, given: (name: string) => unknown): Generator<Field> {
  const seen = new Set<string>();
  for (const item of Array.isArray(list) ? list : []) {
    if (!isField(item) || seen.has(item.name)) continue;
    seen.add(item.name);
    yield item;
    for (const shown of listsShown(item, given(item.name))) yield* shownFields(shown, given);
  }
}

function listsShown(field: Field, value: unknown): readonly (readonly unknown[])[] {
  if (isSwitch(field.type)) return value === true ? [shownList(field.nested) ?? []] : [];
  const choices = choicesIn(field, field.name);
  if (choices === undefined) return [];
  return [...shownBesides(field.options, value), ...shownByChoice(choices, field.multiple === true, value)];
}

function shownByChoice({ shown }: Choices, multiple: boolean, value: unknown): readonly (readonly unknown[])[] {
  const chosen = multiple ? (Array.isArray(value) ? value : []) : [value];
  return shown.filter(([option]) => chosen.includes(option)).map(([, list]) => list);
}

/** Returns the fields that any choice shows, or none. */
function shownBesides(options: unknown, value: unknown): readonly (readonly unknown[])[] {
  if (!isObject(options)) return [];
  const holder = value === undefined ? options.placeholder : options;
  const list = isObject(holder) ? shownList(holder.nested) : undefined;
  return list === undefined ? [] : [list];
}

function problemsOf(list: unknown, values: JSONObject, path: Path, insists: Severity): ValueProblem[] {
  const given = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  return [...shownFields(list, given)].flatMap((field) => {
    const here = [...path, field.name];
    const value = given(field.name);
    if (value !== undefined) return faultsOfField(field, value, here, insists, field.name);
    if (field.required !== true) return [];
    return [problem({ code: 'value/missing', path: here, expected: 'given' }, insists)];
  });
}

function faultsOfField(
  parameter: JSONObject,
  value: unknown,
  path: Path,
  insists: Severity,
  name: string | undefined,
): ValueProblem[] {
  const faults = wordsFor(parameter, name).filter(
    ([keyword, argument]) => lookUp(KEYWORDS, keyword)?.test(argument)(value) === false,
  );
  const wrongType = faults.find(([keyword]) => keyword === 'type');
  const reported = (wrongType === undefined ? faults : [wrongType]).map(([keyword, argument]) => {
    const { code, expected } = lookUp(KEYWORDS, keyword) as (typeof KEYWORDS)[string];
    return problem({ code, path, expected: expected(argument) });
  });
  return [...reported, ...faultsInside(parameter, value, path, insists, name)];
}

/** Returns the message for a value as a whole. */
function wordsFor(
  parameter: JSONObject,
  name: string | undefined,
): readonly (readonly [keyword: string, argument: unknown])[] {
  const { type, multiple } = parameter;
  const kind = kindOf(type);
  const limits = limitWords(kind, parameter.validate) ?? [];
  if (!isChooser(type)) {
    const shape = (kind?.words ?? []).filter(([keyword]) => keyword === 'type');
    return [...shape, ...Object.entries(kind?.bounds ?? {}), ...limits];
  }
  if (multiple === true) return [['type', 'array'], ['uniqueItems', true], ...limits];
  const choices = choicesIn(parameter, name);
  return choices === undefined ? limits : [['enum', choices.options.map((option) => option.value)], ...limits];
}

/** Returns the problems of the parts of a value. */
function faultsInside(
  parameter: JSONObject,
  value: unknown,
  path: Path,
  insists: Severity,
  name: string | undefined,
): ValueProblem[] {
  const { type, spec, multiple } = parameter;
  if (type === 'collection' && isObject(value)) return problemsOf(spec, value, path, insists);
  if (!Array.isArray(value)) return [];
  if (isChooser(type) && multiple === true) {
    const values = choicesIn(parameter, name)?.options.map((option) => option.value);
    const one = values === undefined ? {} : { enum: values };
    return value.flatMap((item, index) => itemFaults(one, item, [...path, index]));
  }
  if (type !== 'array') return [];
  return value.flatMap((item, index) => {
    const here = [...path, index];
    if (isObject(spec)) return faultsOfField(spec, item, here, 'warning', undefined);
    if (!Array.isArray(spec)) return [];
    return isObject(item) ? problemsOf(spec, item, here, 'warning') : itemFaults({ type: 'object' }, item, here);
  });
}

function itemFaults(words: JSONObject, value: unknown, path: Path): ValueProblem[] {
  return Object.entries(words).flatMap(([keyword, argument]) => {
    const own = lookUp(KEYWORDS, keyword);
    if (own === undefined || own.test(argument)(value)) return [];
    return [problem({ code: own.code, path, expected: own.expected(argument) })];
  });
}

function problem(fault: ValueFault, severity: Severity = 'error'): ValueProblem {
  return { ...fault, severity, message: faultWords(fault) };
}
