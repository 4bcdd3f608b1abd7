import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import { lately } from './lately.ts';
import type { Declared } from './rule.ts';

/** The sections that are forms: users fill in the one, administrators the other. */
export const FORMS = ['parameters', 'installSpec'] as const satisfies readonly SectionName[];

export type FormName = (typeof FORMS)[number];

/** A list of fields, with a naming of its own. */
interface FieldList {
  readonly path: Path;
  readonly fields: readonly unknown[];
  /** Whether the values of these fields are parts of another field's value. */
  readonly inside: boolean;
}

/** A field with a name. */
export interface Field {
  readonly path: Path;
  readonly name: string;
  readonly value: JSONObject;
}

/** The lists of fields in a form: itself, and those inside fields and options. */
export function* listsIn(value: unknown, path: Path, inside = false): Generator<FieldList> {
  if (!Array.isArray(value)) return;
  yield { path, fields: value, inside };
  for (const [index, field] of value.entries()) yield* listsOfField(field, [...path, index], inside);
}

function* listsOfField(field: unknown, path: Path, inside: boolean): Generator<FieldList> {
  if (!isObject(field)) return;
  if (isObject(field.spec)) yield* listsOfField(field.spec, [...path, 'spec'], true);
  else yield* listsIn(field.spec, [...path, 'spec'], true);
  yield* listsOfNested(field.nested, [...path, 'nested'], inside);
  const store = isObject(field.options) ? field.options.store : field.options;
  const options = [...path, 'options', ...(isObject(field.options) ? ['store'] : [])];
  if (isObject(field.options)) yield* listsOfNested(field.options.nested, [...path, 'options', 'nested'], inside);
  yield* listsOfOptions(store, options, inside);
}

function* listsOfNested(nested: unknown, path: Path, inside: boolean): Generator<FieldList> {
  if (isObject(nested)) yield* listsIn(nested.store, [...path, 'store'], inside);
  else yield* listsIn(nested, path, inside);
}

function* listsOfOptions(options: unknown, path: Path, inside: boolean): Generator<FieldList> {
  if (!Array.isArray(options)) return;
  for (const [index, option] of options.entries()) {
    if (!isObject(option)) continue;
    yield* listsOfNested(option.nested, [...path, index, 'nested'], inside);
    yield* listsOfOptions(option.options, [...path, index, 'options'], inside);
  }
}

/** The fields whose values `parameters.<name>` reads, whatever has to be chosen before they appear. */
export function fieldsOf({ sections }: Declared, form: FormName): readonly Field[] {
  return READ[form].fields(sections[form]);
}

function readFields(value: unknown): readonly Field[] {
  return [...listsIn(value, [])].filter(({ inside }) => !inside).flatMap(namedIn);
}

function namedIn({ path, fields }: FieldList): Field[] {
  return fields.flatMap((value, index) =>
    isObject(value) && typeof value.name === 'string' ? [{ path: [...path, index], name: value.name, value }] : [],
  );
}

/** Whether a form has fields that only a call at run time knows. */
export function isOpen({ sections }: Declared, form: FormName): boolean {
  return READ[form].open(sections[form]);
}

function readOpen(value: unknown): boolean {
  if (typeof value === 'string') return true;
  return [...listsIn(value, [])].some(({ fields }) => fields.some((field) => typeof field === 'string' || asks(field)));
}

/** Many rules ask about the same form, one connection after the other. */
const READ = {
  parameters: { fields: lately(readFields), open: lately(readOpen) },
  installSpec: { fields: lately(readFields), open: lately(readOpen) },
} satisfies { readonly [form in FormName]: unknown };

/** Whether the fields that a choice shows are answered by a call. */
function asks(field: unknown): boolean {
  if (!isObject(field)) return false;
  if (typeof field.nested === 'string') return true;
  const deep = Object.values(field).some((each) => typeof each === 'object' && each !== null);
  return deep && JSON.stringify(field).includes('"nested":"');
}
