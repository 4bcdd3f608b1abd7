import type { Path } from '../diagnostics.ts';
import type { Origin, ScopeVariable } from '../iml/check.ts';
import type { IMLType } from '../iml/function.ts';
import { union } from '../iml/infer.ts';
import type { Known } from '../iml/scopes.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { Declared } from './declared.ts';
import { type Field, type FormName, fieldsOf, isOpen, namesIn } from './fields.ts';
import { lazy } from './lazy.ts';

/** Returns the variables of `api` at first, as the other sections declare them. An absent section declares nothing. */
export function knownInAPI(declared: Declared): Known {
  const parameters = formValues(declared, 'parameters');
  const common = commonMembers(declared.sections);
  return { parameters, common, data: undefined, connection: undefined, temp: undefined, body: undefined };
}

/** Returns the variables of `install`, as the other sections declare them. */
export function knownInInstall(declared: Declared): Known {
  const parameters = formValues(declared, 'installSpec');
  return { parameters, common: undefined, data: undefined, connection: undefined, temp: undefined, body: undefined };
}

/** Kinds of fields whose values are no text. A type that is missing here is shown as text or is not known. */
const FIELD_TYPES: Readonly<Record<string, IMLType>> = {
  text: 'text',
  editor: 'text',
  password: 'text',
  email: 'text',
  url: 'text',
  uuid: 'text',
  color: 'text',
  cert: 'text',
  pkey: 'text',
  number: 'number',
  integer: 'number',
  uinteger: 'number',
  port: 'number',
  boolean: 'boolean',
  checkbox: 'boolean',
  date: 'date',
  array: 'array',
  collection: 'collection',
  buffer: 'buffer',
};

/** Kinds of fields → what their values are, which may be missing. */
const OPTIONAL: ReadonlyMap<string, IMLType> = new Map(
  Object.entries(FIELD_TYPES).map(([kind, type]) => [kind, union(type, 'undefined')]),
);

/** The values of a form; undefined when it is not known, or when a part of it is fetched when it is shown. */
function formValues(declared: Declared, form: FormName): ScopeVariable | undefined {
  const isKnown = Array.isArray(declared.sections[form]) || declared.absent?.includes(form) === true;
  if (!isKnown || isOpen(declared, form)) return undefined;
  return new FormValues(form, fieldsOf(declared, form), namesIn(declared, form));
}

class FormValues implements ScopeVariable {
  readonly members: NonNullable<ScopeVariable['members']>;
  readonly #form: FormName;
  readonly #fields: readonly Field[];
  #type: IMLType | undefined;

  constructor(form: FormName, fields: readonly Field[], names: ReadonlySet<string>) {
    this.#form = form;
    this.#fields = fields;
    const { code, says, hint } = UNDECLARED[form];
    this.members = { names, code, says, hint };
  }

  get type(): IMLType {
    this.#type ??= typeOf(this.#fields);
    return this.#type;
  }

  origin(member: string): Origin | undefined {
    const field = this.#fields.find(({ name }) => name === member);
    return field && { section: this.#form, path: field.path };
  }
}

const UNDECLARED = { parameters: undeclaredIn('parameters'), installSpec: undeclaredIn('installSpec') };

function undeclaredIn(form: FormName) {
  return {
    code: 'iml/undeclared-parameter',
    says: `is not declared in ${form}.`,
    hint: `Add a field of that name to ${form}, or use one that is there.`,
  } as const;
}

function typeOf(fields: readonly Field[]): IMLType {
  const types: Record<string, IMLType> = Object.create(null);
  for (const { name, value } of fields)
    types[name] = (typeof value.type === 'string' && OPTIONAL.get(value.type)) || 'any';
  return { collection: types };
}

const OPEN_KEYWORDS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas'];

/** Checks if a schema may declare names in other ways than by its properties. */
const isOpenSchema = lazy((schema: JSONObject) => OPEN_KEYWORDS.some((keyword) => keyword in schema));

const JSON_TYPES: Readonly<Record<string, IMLType>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
};

/** Where a name of `common` comes from. */
export interface CommonName {
  readonly section: 'common' | 'install';
  readonly path: Path;
  readonly part: 'key';
  /** The author's schema of its value, where there is one. */
  readonly schema?: unknown;
}

/** The names that `common` declares and those that the installation writes; undefined when either may hold any. */
export function declaredCommon({ common, install }: Declared['sections']): ReadonlyMap<string, CommonName> | undefined {
  if (!isObject(common) || !isObject(common.properties)) return undefined;
  const { additionalProperties } = common;
  if (isOpenSchema(common)) return undefined;
  if (additionalProperties === true || isObject(additionalProperties)) return undefined;
  const written = isObject(install) ? install.common : undefined;
  if (typeof written === 'string' || (isObject(written) && Object.keys(written).some((key) => key.includes('{{'))))
    return undefined;
  const names = Object.keys(isObject(written) ? written : {});
  const found = new Map<string, CommonName>();
  for (const name of names) found.set(name, { section: 'install', path: ['common', name], part: 'key' });
  for (const [name, schema] of Object.entries(common.properties))
    found.set(name, { section: 'common', path: ['properties', name], part: 'key', schema });
  return found;
}

function commonMembers(sections: Declared['sections']): ScopeVariable | undefined {
  const declared = declaredCommon(sections);
  if (declared === undefined) return undefined;
  const types: Record<string, IMLType> = Object.create(null);
  for (const [name, { schema }] of declared) {
    const type = isObject(schema) && typeof schema.type === 'string' ? lookUp(JSON_TYPES, schema.type) : undefined;
    types[name] = type === undefined ? 'any' : union(type, 'undefined');
  }
  const members: NonNullable<ScopeVariable['members']> = {
    names: new Set(Object.keys(types)),
    code: 'iml/unset-common',
    says: 'is not declared in common, and nothing sets it.',
    hint: 'Add it to common, or use a name that is there.',
  };
  return { type: { collection: types }, members };
}
