import { validators } from '#generated/sections.js';
import type { Code } from './codes.ts';
import { andMore, type Diagnostic, MANY, nearest, type Path, type Place } from './diagnostics.ts';
import type { JSONObject } from './json.ts';
import { lookUp } from './json.ts';
import { type BrokenKeyword, brokenKeywords } from './json-schema/validator.ts';
import type { Source } from './source.ts';

/** A value, and where its parts were written, when it was written anywhere. */
export interface LocatedValue extends Pick<Source, 'value'>, Partial<Pick<Source, 'file'>> {
  locate(...of: Parameters<Source['locate']>): Partial<Place>;
}

/** The name of a published schema: a section's, `connector` or `connection`. */
export type SchemaName = keyof typeof validators;

export function isSchemaName(name: string): name is SchemaName {
  return Object.hasOwn(validators, name);
}

/**
 * Returns the problems of a text against the schema of that name: one Diagnostic for each, in the order of the text.
 * Nothing is said about a text that could not be read.
 * @throws Error when there is no schema of that name.
 */
export function schemaProblems(
  schemas: Readonly<Record<string, unknown>>,
  name: string,
  source: LocatedValue,
): Diagnostic[] {
  if (!isSchemaName(name) || !Object.hasOwn(schemas, name))
    throw new Error(`There is no compiled schema ${JSON.stringify(name)}.`);
  if (source.value === undefined) return [];
  // Most texts are right, which a compiled schema says at once. What is wrong with the others, the schema itself tells.
  if (validators[name](source.value)) return [];
  return schemaDiagnostics(schemas[name], source);
}

/**
 * The same for a schema that was not compiled: what is wrong is reported, a value that fits gives nothing. Only the keywords
 * of TRANSLATIONS may be broken; `x-hint` and `x-expected` of a schema put words in place of ours.
 */
export function schemaDiagnostics(schema: unknown, source: LocatedValue): Diagnostic[] {
  // An echo stands near what it echoes, so that a few more than are reported are enough to find them.
  const violations = brokenKeywords(schema, source.value, 10 * MANY).slice(0, 10 * MANY);
  const faults = withoutEchoes(violations.map(fault));
  const problems = faults.slice(0, MANY).map((each) => diagnostic(each, source));
  const [last] = problems.slice(-1);
  const more = faults.length > MANY && last !== undefined ? [andMore(last.code, source.file)] : [];
  return [...problems, ...more].sort(byPlace);
}

interface SchemaFault extends Words {
  readonly code: Code & `schema/${string}`;
  readonly path: Path;
  /** The value that the fault is in: for a key that is unknown or missing, the object. */
  readonly holder: Path;
}

interface Words {
  readonly message: string;
  readonly hint: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Turns one broken keyword into words; `value` is what was found, `at` its path. */
type Translation = (violation: BrokenKeyword, at: Path) => SchemaFault;

/** Every keyword that may be broken. A schema that uses another one fails the tests. */
export const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  type: (violation, at) => {
    const expected = hintOf(violation, 'x-expected') ?? typeWords(violation.schema.type);
    return {
      code: 'schema/type',
      path: at,
      holder: at,
      message: `${at.length === 0 ? wholeOf(violation) : subject(at)} must be ${expected}, not ${shown(violation.value, at)}.`,
      hint: hintOf(violation) ?? `Write ${expected} here.`,
      found: shown(violation.value, at),
      expected,
    };
  },
  required: missing,
  dependentRequired: missing,
  additionalProperties: (violation, at) => {
    const name = String(violation.path.at(-1));
    const known = knownKeys(violation);
    return unknownKey(name, at, known, nearest(name, known));
  },
  not: (violation, at) => ({
    code: 'schema/unknown-key',
    path: at,
    holder: at.slice(0, -1),
    message: `${subject(at)} is not allowed in a connection.`,
    hint: hintOf(violation) ?? 'Remove it.',
    found: String(at.at(-1)),
  }),
  enum: (violation, at) => {
    const allowed = (violation.schema.enum as readonly unknown[]).map(String);
    const meant = typeof violation.value === 'string' ? nearest(violation.value, allowed) : undefined;
    const found = shown(violation.value, at);
    return {
      code: 'schema/enum',
      path: at,
      holder: at,
      message: `${subject(at)} cannot be ${found}.`,
      hint:
        hintOf(violation) ??
        (meant === undefined ? `Write ${listed(allowed)}.` : `Did you mean ${JSON.stringify(meant)}?`),
      found,
      expected: allowed.join(', '),
    };
  },
  minLength: (violation, at) => {
    const limit = Number(violation.schema.minLength);
    const expected = limit === 1 ? 'a string that is not empty' : `at least ${limit} characters`;
    return limits(violation, at, violation.value === '' ? 'is empty' : 'is too short', expected);
  },
  maxLength: (violation, at) => {
    const length = [...String(violation.value)].length;
    return limits(violation, at, `has ${length} characters`, `${violation.schema.maxLength} characters at most`);
  },
  pattern: (violation, at) =>
    limits(
      violation,
      at,
      `cannot be ${shown(violation.value, at)}`,
      hintOf(violation, 'x-expected') ?? `a string that matches ${violation.schema.pattern}`,
    ),
  minItems: (violation, at) => limits(violation, at, 'is too short', `a list of at least ${violation.schema.minItems}`),
  maximum: (violation, at) => limits(violation, at, `is ${violation.value}`, `${violation.schema.maximum} at most`),
  minimum: (violation, at) => limits(violation, at, `is ${violation.value}`, `${violation.schema.minimum} at least`),
};

function missing(violation: BrokenKeyword, at: Path): SchemaFault {
  const name = String(violation.path.at(-1));
  return {
    code: 'schema/required',
    path: [...at, name],
    holder: at,
    message: `${JSON.stringify(name)} is missing${at.length === 0 ? '' : ` in ${inner(at)}`}.`,
    hint: hintOf(violation) ?? `Add ${JSON.stringify(name)}.`,
    found: 'nothing',
    expected: name,
  };
}

function limits(violation: BrokenKeyword, at: Path, says: string, expected: string): SchemaFault {
  return {
    code: 'schema/value',
    path: at,
    holder: at,
    message: `${subject(at)} ${says}.`,
    hint: hintOf(violation) ?? `It takes ${expected}.`,
    found: shown(violation.value, at),
    expected,
  };
}

/** A hint lists no more keys than can be taken in at a glance; `expected` has them all. */
const FEW = 8;

function unknownKey(name: string, at: Path, known: readonly string[], meant: string | undefined): SchemaFault {
  const where = at.length === 0 ? '' : ` in ${inner(at)}`;
  const [only] = known;
  const allowed = known.length === 1 ? `only ${only}` : listed(known);
  const otherwise =
    known.length === 0 || known.length > FEW
      ? 'Remove it, or correct its name.'
      : `Remove it; allowed here: ${allowed}.`;
  return {
    code: 'schema/unknown-key',
    path: [...at, name],
    holder: at,
    message: `Unknown property ${quoted(name)}${where}.`,
    hint: meant === undefined ? otherwise : `Did you mean ${JSON.stringify(meant)}?`,
    found: name,
    expected: known.join(', '),
  };
}

function fault(broken: BrokenKeyword): SchemaFault {
  const translate = lookUp(TRANSLATIONS, broken.keyword);
  if (translate === undefined) throw new Error(`The schemas use ${broken.keyword}, which nothing translates.`);
  return translate(broken, broken.holder);
}

/** Schemas are made of parts that may look at one value twice, and a misspelt key is a missing one as well. */
function withoutEchoes(faults: readonly SchemaFault[]): SchemaFault[] {
  const kept = new Map<string, SchemaFault>();
  const wrongType = new Set(faults.filter((each) => each.code === 'schema/type').map((each) => key(each.path)));
  for (const each of faults) {
    const echo = each.code !== 'schema/type' && wrongType.has(key(each.path));
    const id = `${each.code} ${key(each.path)}`;
    if (!echo && !kept.has(id)) kept.set(id, each);
  }
  for (const [id, each] of kept) {
    if (each.code !== 'schema/required') continue;
    const missing = String(each.path.at(-1));
    const misspelt = [...kept.values()].find(
      (other) =>
        other.code === 'schema/unknown-key' &&
        key(other.holder) === key(each.holder) &&
        nearest(String(other.path.at(-1)), [missing]) !== undefined,
    );
    if (misspelt === undefined) continue;
    const known = (misspelt.expected ?? '').split(', ');
    kept.delete(id);
    kept.set(
      `${misspelt.code} ${key(misspelt.path)}`,
      unknownKey(String(misspelt.path.at(-1)), misspelt.holder, known, missing),
    );
  }
  return [...kept.values()];
}

function diagnostic(
  { code, path, message, hint, found, expected, holder }: SchemaFault,
  source: LocatedValue,
): Diagnostic {
  const place =
    code === 'schema/required'
      ? source.locate(holder)
      : source.locate(path, code === 'schema/unknown-key' ? 'key' : 'value');
  return {
    code,
    severity: 'error',
    message,
    hint,
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    ...(source.file === undefined ? {} : { file: source.file }),
    ...place,
    path,
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function key(path: Path): string {
  return JSON.stringify(path);
}

function hintOf(violation: BrokenKeyword, annotation = 'x-hint'): string | undefined {
  const words = violation.schema[annotation];
  return typeof words === 'string' ? words : undefined;
}

/** The keys that can still be written: known, not refused and not there yet. */
function knownKeys({ schema: holding, value }: BrokenKeyword): readonly string[] {
  const properties = Object.entries((holding.properties ?? {}) as JSONObject);
  return properties
    .filter(([name, schema]) => !Object.hasOwn(schema as object, 'not') && !Object.hasOwn(value as object, name))
    .map(([name]) => name);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((each) => lookUp(TYPE_WORDS, String(each)) ?? String(each)).join(' or ');
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const LONGEST = 40;

/** Names of values that must not be repeated in a message. */
const SECRET = /secret|passw|token|api_?key|private|credential|authorization/i;

/** The value in a message: whole when it is short, and never when it may be a secret. */
function shown(value: unknown, path: Path): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return JSON.stringify(value);
  const name = path.findLast((step) => typeof step === 'string');
  return name !== undefined && SECRET.test(name) && value !== '' ? 'a string' : quoted(value);
}

function quoted(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST) return JSON.stringify(text);
  return `${JSON.stringify(`${characters.slice(0, LONGEST / 2).join('')}…`)} (${characters.length} characters)`;
}

function inner(path: Path): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return quoted(String(last));
  const list = path.at(-2);
  return `item ${last + 1}${list === undefined ? '' : ` of ${typeof list === 'number' ? `item ${list + 1}` : quoted(list)}`}`;
}

function wholeOf(violation: BrokenKeyword): string {
  return hintOf(violation, 'x-subject') ?? 'The whole file';
}

function subject(path: Path): string {
  if (path.length === 0) return 'The whole file';
  const words = inner(path);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
