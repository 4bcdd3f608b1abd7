import type { ScopeVariable } from '../iml/check.ts';
import type { IMLType } from '../iml/function.ts';
import { union } from '../iml/infer.ts';
import type { Known } from '../iml/scopes.ts';
import { isObject } from '../json.ts';
import { type FormName, fieldsOf, isOpen } from './fields.ts';
import type { Declared } from './rule.ts';

type KnownVariable = Known[string];

/** What the other sections tell about the variables of `api` and of `install`. What is absent tells nothing. */
export function knownMembers(declared: Declared): { readonly api: Known; readonly install: Known } {
  const parameters = formMembers(declared, 'parameters');
  const installParameters = formMembers(declared, 'installSpec');
  const common = commonMembers(declared.sections);
  return {
    api: { ...(parameters && { parameters }), ...(common && { common }) },
    install: { ...(installParameters && { parameters: installParameters }) },
  };
}

/** Kinds of fields whose values are no text. A type that is missing here is shown as text or is not known. */
const FIELD_TYPES: Readonly<Record<string, IMLType>> = {
  text: 'text',
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
  date: 'date',
  array: 'array',
  collection: 'collection',
  buffer: 'buffer',
};

/** The fields of a form; undefined when there is none, or when a part of it is fetched when it is shown. */
function formMembers(declared: Declared, form: FormName): KnownVariable {
  if (!Array.isArray(declared.sections[form]) || isOpen(declared, form)) return undefined;
  const types: Record<string, IMLType> = Object.create(null);
  const fields = fieldsOf(declared, form);
  for (const { name, value } of fields) {
    const kind =
      typeof value.type === 'string' && Object.hasOwn(FIELD_TYPES, value.type) ? FIELD_TYPES[value.type] : 'any';
    types[name] = union(kind ?? 'any', 'undefined');
  }
  return {
    type: { collection: types },
    origin: (member) => {
      const field = fields.find(({ name }) => name === member);
      return field && { section: form, path: field.path };
    },
    members: {
      names: new Set(Object.keys(types)),
      code: 'iml/undeclared-parameter',
      says: `is not declared in ${form}.`,
      hint: `Add a field of that name to ${form}, or use one that is there.`,
    },
  };
}

const OPEN_KEYWORDS = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas'];

const JSON_TYPES: Readonly<Record<string, IMLType>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
};

/** What `common` declares and the installation writes; undefined when either may hold anything. */
function commonMembers({ common, install }: Declared['sections']): KnownVariable {
  if (!isObject(common) || !isObject(common.properties)) return undefined;
  const { additionalProperties } = common;
  if (OPEN_KEYWORDS.some((keyword) => keyword in common)) return undefined;
  if (additionalProperties === true || isObject(additionalProperties)) return undefined;
  const written = isObject(install) ? install.common : undefined;
  if (typeof written === 'string' || (isObject(written) && Object.keys(written).some((key) => key.includes('{{'))))
    return undefined;
  const types: Record<string, IMLType> = Object.create(null);
  for (const name of Object.keys(isObject(written) ? written : {})) types[name] = 'any';
  for (const [name, schema] of Object.entries(common.properties)) {
    const type = isObject(schema) && typeof schema.type === 'string' ? JSON_TYPES[schema.type] : undefined;
    types[name] = type === undefined ? 'any' : union(type, 'undefined');
  }
  const members: NonNullable<ScopeVariable['members']> = {
    names: new Set(Object.keys(types)),
    code: 'iml/unset-common',
    says: 'is not declared in common, and nothing sets it.',
    hint: 'Add it to common.schema.json, or use a name that is there.',
  };
  return { type: { collection: types }, members };
}
