import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { isField } from '../parameters/kinds.ts';
import type { SectionName } from '../sections/index.ts';
import type { Declared } from './declared.ts';
import { lazy } from './lazy.ts';

/** The sections that are forms: users fill in the one, administrators the other. */
export const FORMS = ['parameters', 'installSpec'] as const satisfies readonly SectionName[];

export type FormName = (typeof FORMS)[number];

/** A list of fields, with a naming of its own. */
interface FieldList {
  readonly path: Path;
  readonly fields: readonly unknown[];
  /** True if the values of these fields are parts of another field's value. */
  readonly inside: boolean;
}

/** A field that gives a value under a name. */
export interface Field {
  readonly path: Path;
  readonly name: string;
  readonly value: JSONObject;
}

/** The lists of fields in a form: itself, and those inside fields and options. */
export function listsIn({ sections }: Declared, form: FormName): readonly FieldList[] {
  return READ[form].lists(sections[form]);
}

function readLists(value: unknown): readonly FieldList[] {
  const found: FieldList[] = [];
  addList(value, [], false, found);
  return found;
}

function addList(value: unknown, path: Path, inside: boolean, found: FieldList[]): void {
  if (!Array.isArray(value)) return;
  found.push({ path, fields: value, inside });
  for (const [index, field] of value.entries()) {
    if (isObject(field) && holdsFields(field)) addListsOf(field, [...path, index], inside, found);
  }
}

/** Most fields hold no others. */
function holdsFields({ spec, nested, options }: JSONObject): boolean {
  return spec !== undefined || nested !== undefined || options !== undefined;
}

function addListsOf(field: JSONObject, path: Path, inside: boolean, found: FieldList[]): void {
  const { spec, nested, options } = field;
  if (!isObject(spec)) addList(spec, [...path, 'spec'], true, found);
  else if (holdsFields(spec)) addListsOf(spec, [...path, 'spec'], true, found);
  addNested(nested, [...path, 'nested'], inside, found);
  if (isObject(options)) {
    addNested(options.nested, [...path, 'options', 'nested'], inside, found);
    addOptions(options.store, [...path, 'options', 'store'], inside, found);
  } else addOptions(options, [...path, 'options'], inside, found);
}

function addNested(nested: unknown, path: Path, inside: boolean, found: FieldList[]): void {
  if (isObject(nested)) addList(nested.store, [...path, 'store'], inside, found);
  else addList(nested, path, inside, found);
}

function addOptions(options: unknown, path: Path, inside: boolean, found: FieldList[]): void {
  if (!Array.isArray(options)) return;
  for (const [index, option] of options.entries()) {
    if (!isObject(option)) continue;
    addNested(option.nested, [...path, index, 'nested'], inside, found);
    addOptions(option.options, [...path, index, 'options'], inside, found);
  }
}

/** The fields whose values `parameters.<name>` reads, whatever has to be chosen before they appear. */
export function fieldsOf({ sections }: Declared, form: FormName): readonly Field[] {
  return READ[form].fields(sections[form]);
}

function namedIn(lists: readonly FieldList[]): readonly Field[] {
  const found: Field[] = [];
  for (const { path, fields, inside } of lists) {
    if (inside) continue;
    for (const [index, value] of fields.entries()) {
      if (isField(value)) found.push({ path: [...path, index], name: value.name, value });
    }
  }
  return found;
}

/** The names of those fields. */
export function namesIn({ sections }: Declared, form: FormName): ReadonlySet<string> {
  return READ[form].names(sections[form]);
}

/** Checks if a form has fields that only a call at run time knows. */
export function isOpen({ sections }: Declared, form: FormName): boolean {
  return READ[form].open(sections[form]);
}

/** Reads a form, once for all rules: they ask about one connection after the other. */
function reading() {
  const lists = lazy(readLists);
  const fields = lazy((value: unknown) => namedIn(lists(value)));
  const isAsked = (field: unknown) => typeof field === 'string' || asks(field);
  return {
    lists,
    fields,
    names: lazy((value: unknown): ReadonlySet<string> => new Set(fields(value).map(({ name }) => name))),
    open: lazy(
      (value: unknown) => typeof value === 'string' || lists(value).some(({ fields }) => fields.some(isAsked)),
    ),
  };
}

const READ: { readonly [form in FormName]: ReturnType<typeof reading> } = {
  parameters: reading(),
  installSpec: reading(),
};

/** Checks if the fields that a choice shows are answered by a call. */
function asks(field: unknown): boolean {
  if (Array.isArray(field)) return field.some(asks);
  return isObject(field) && (typeof field.nested === 'string' || Object.values(field).some(asks));
}
