import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { type ResolvedSchema, resolveSchema } from '../json-schema/resolve.ts';
import { Places } from './places.ts';

/** Something in a schema that a form cannot say, and what to do about it. */
export interface FormProblem {
  /** Into the schema. */
  readonly path: Path;
  readonly part?: 'key';
  readonly message: string;
  readonly hint: string;
}

/** A schema with its references followed. */
export interface Node {
  readonly value: JSONObject;
  readonly path: Path;
  /** Where a keyword of it is written. */
  at(keyword: string): Path;
}

/** State of turning a schema into a form: what was found on the way, and where everything came from. */
export class FormConversion {
  readonly problems: FormProblem[] = [];
  /** Parts that a form has no place for, and can do without. */
  readonly lost: FormProblem[] = [];
  readonly places = new Places();
  readonly #resolved: ResolvedSchema;

  constructor(root: unknown) {
    this.#resolved = resolveSchema(root);
  }

  /** The schema at a place; one that is no object, or whose reference leads nowhere, is reported and read as an empty one. */
  node(schema: unknown, path: Path): Node {
    const seen: string[] = [];
    const from = new Map<string, Path>();
    let value: JSONObject = {};
    let next = schema;
    let here = path;
    for (;;) {
      if (next === true) next = {};
      if (!isObject(next)) {
        this.refuse(here, `${words(path)} is no schema that a field can have.`, 'Describe the field as an object.');
        break;
      }
      const { $ref, ...rest } = next;
      for (const keyword of Object.keys(rest)) {
        const nearer = from.get(keyword);
        if (nearer === undefined) from.set(keyword, [...here, keyword]);
        else if (!OWN_WORDS.test(keyword) && JSON.stringify(value[keyword]) !== JSON.stringify(rest[keyword])) {
          const hint = 'Say it in one of the two places.';
          this.refuse(nearer, `The definition that is referred to says another ${JSON.stringify(keyword)}.`, hint);
        }
      }
      value = { ...rest, ...value };
      if ($ref === undefined) break;
      const target = this.#resolved.follow(next);
      const key = JSON.stringify(target?.path);
      if (target === undefined || seen.includes(key)) {
        const problem = target === undefined ? 'leads nowhere in this file' : 'leads back to itself';
        this.refuse([...here, '$ref'], `The reference ${JSON.stringify($ref)} ${problem}.`, REFERENCE);
        break;
      }
      seen.push(key);
      next = target.schema;
      here = target.path;
    }
    return { value, path, at: (keyword) => from.get(keyword) ?? path };
  }

  refuse(path: Path, message: string, hint: string): void {
    if (this.problems.some((each) => JSON.stringify(each.path) === JSON.stringify(path))) return;
    this.problems.push({ path, part: 'key', message, hint });
  }

  lose(path: Path): void {
    const keyword = JSON.stringify(path.at(-1));
    this.lost.push({
      path,
      part: 'key',
      message: `${keyword} has no equivalent in a form.`,
      hint: 'It is kept as long as the file is a JSON Schema.',
    });
  }
}

/** Words that are taken from where they stand nearest; all else holds as well as what stands elsewhere. */
const OWN_WORDS = /^(title|description|default|examples|\$.*|x-.*)$/;

const REFERENCE = 'Refer to a definition in this file, such as "#/$defs/host", or write the field out.';

/** Describes a path in words. */
export function words(path: Path): string {
  const last = path.at(-1);
  return last === undefined ? 'The schema' : typeof last === 'number' ? `Item ${last + 1}` : JSON.stringify(last);
}

/** Keywords that say nothing about the form. */
export const SILENT = new Set(['$schema', 'additionalProperties', 'unevaluatedProperties', '$defs', 'definitions']);
/** Keywords for people and programs that only schemas have. */
export const LOST = new Set(['$id', 'id', '$comment', '$anchor', '$vocabulary', 'examples', 'deprecated']);

/** Advice for keywords that no form can express. */
export const INSTEAD: Readonly<Record<string, string>> = {
  const: 'Offer the value as the only choice with "enum", or set a "default".',
  format: 'Formats that have a field of their own are date, date-time, time, email, uri, uuid and password.',
  writeOnly: 'Only a password can be hidden: "type": "string" with "writeOnly": true and no "format".',
  type: 'Give the field one type: string, number, integer, boolean, array or object; leave it out of "required" when it may be empty.',
  exclusiveMinimum: 'Use "minimum".',
  exclusiveMaximum: 'Use "maximum".',
  multipleOf: 'Use "type": "integer" for whole numbers, and say the rest in the "description".',
  not: 'Use "pattern", or check it in the request and answer with "response.error".',
  else: 'Write another "if" with the other value and its own "then".',
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: 'Write it beside an "if".',
  dependentRequired: 'Move the fields into the "then" of an "if".',
  dependentSchemas: 'Move the fields into the "then" of an "if".',
  dependencies: 'Move the fields into the "then" of an "if".',
  patternProperties: 'Ask for an array of objects with a name and a value each.',
  additionalProperties:
    'Name the fields under "properties", or ask for an array of objects with a name and a value each.',
  propertyNames: 'Name the fields under "properties".',
  prefixItems: 'Use an object with a property for each item.',
  contains: 'Say it in the "description", or check it in the request.',
  uniqueItems: 'Only a choice among options can be unique: give "items" an "enum" or "oneOf".',
  readOnly: 'Use "x-make-disabled": true.',
  anyOf: 'Alternatives are choices: write each as {"const": …, "title": …}.',
  oneOf: 'Alternatives are choices: write each as {"const": …, "title": …}.',
  allOf: 'It can only hold an "if" with its "then".',
  required: 'Name only fields that stand beside it under "properties".',
};

export const NO_WORD = 'Remove it, or give the field an x-make-… annotation.';
