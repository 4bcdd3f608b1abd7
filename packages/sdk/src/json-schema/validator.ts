import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { APPLICATORS, type Compiler } from './applicators.ts';
import { UNEVALUATED } from './evaluated.ts';
import { KEYWORDS, type Keyword } from './keywords.ts';
import { type ResolvedSchema, resolveSchema } from './resolve.ts';
import { type Check, Run } from './run.ts';
import { VOCABULARY } from './vocabulary.ts';

/** A problem of a value. It never holds what was found: values may be secrets. */
export interface ValueFault {
  readonly code: Keyword['code'] | 'value/missing';
  /** Into the value; of what is missing, where it should be. */
  readonly path: Path;
  /** Expectation, such as `a string` or `at least 8 characters long`. */
  readonly expected: string;
}

/** A keyword that does not hold, and where. */
export interface BrokenKeyword extends ValueFault {
  readonly keyword: string;
  /** The schema that holds the keyword. */
  readonly schema: JSONObject;
  /** Value that the schema is about, and its path: of a key that is missing or too much, the object. */
  readonly value: unknown;
  readonly holder: Path;
}

/** Checks if a schema says that its value is a secret: in the standard's own word, or as forms say it. */
export function isSecret(schema: unknown): boolean {
  return isObject(schema) && (schema.writeOnly === true || schema.format === 'password');
}

/**
 * Returns the problems of a value by a JSON Schema, draft 2020-12 or draft-07, in the order of its keywords and of the value's
 * members. All keywords of the two
 * are checked, but for `format` and the words about contents, which are annotations; see schema-problems.ts for what
 * keeps a schema from being checked. Nothing is fetched.
 */
export function faultsOf(schema: unknown, value: unknown): ValueFault[] {
  return brokenKeywords(schema, value).map(({ code, path, expected }) => ({ code, path, expected }));
}

/**
 * The same, with the schemas that the value breaks. Schemas and values in it may tell secrets. Of a list or an object in
 * which `most` are found, the rest is not looked at.
 */
export function brokenKeywords(schema: unknown, value: unknown, most = Number.POSITIVE_INFINITY): BrokenKeyword[] {
  const run = new Run(most);
  compiled(schema)(value, run);
  return run.found;
}

/** Returns a check if schemas of a file take values. The file must not change. */
export function checkerIn(resolved: ResolvedSchema): (schema: unknown, value: unknown) => boolean {
  const compiler = new SchemaCompiler(resolved);
  const run = new Run(1);
  return (schema, value) => run.quietly(compiler.check(schema), value);
}

/** One sentence, without what was found. */
export function faultWords({ code, path, expected }: ValueFault): string {
  const last = path.at(-1);
  const inner =
    typeof last === 'number'
      ? `Item ${last + 1} of ${JSON.stringify(path.at(-2) ?? 'the list')}`
      : JSON.stringify(last ?? 'The value');
  return code === 'value/missing' ? `${inner} is missing.` : `${inner} must be ${expected}.`;
}

const COMPILED = new WeakMap<object, Check>();

/** The check of a schema, which must not change. */
function compiled(schema: unknown): Check {
  if (!isObject(schema)) return new SchemaCompiler(resolveSchema(schema)).check(schema);
  const known = COMPILED.get(schema) ?? new SchemaCompiler(resolveSchema(schema)).check(schema);
  COMPILED.set(schema, known);
  return known;
}

const HOLDS: Check = () => true;
const REFUSES: Check = (value, run) =>
  run.tell({ code: 'value/limit', expected: 'left out', keyword: 'false', schema: {}, value });

class SchemaCompiler implements Compiler {
  readonly resolved: ResolvedSchema;
  readonly #compiled = new WeakMap<object, Compiled>();

  constructor(resolved: ResolvedSchema) {
    this.resolved = resolved;
  }

  check(schema: unknown): Check {
    if (schema === false) return REFUSES;
    return isObject(schema) ? this.#compile(schema).check : HOLDS;
  }

  test(schema: unknown): Test | undefined {
    if (schema === false) return undefined;
    return isObject(schema) ? this.#compile(schema).test : () => true;
  }

  #compile(schema: JSONObject): Compiled {
    const compiled = this.#compiled.get(schema) ?? this.#compiledOf(schema);
    this.#compiled.set(schema, compiled);
    return compiled;
  }

  #compiledOf(schema: JSONObject): Compiled {
    const { dialect, isDynamic } = this.resolved;
    // In draft-07 all that is beside a reference is ignored.
    const names = dialect === 'draft-07' && schema.$ref !== undefined ? ['$ref'] : Object.keys(schema);
    const steps = names.flatMap((keyword) => this.#step(keyword, schema) ?? []);
    const check = all(steps);
    if (!isDynamic) return { check, test: allTests(steps) };
    const resource = this.resolved.resourceOf(schema);
    return { check: (value, run) => run.enter(resource, () => check(value, run)), test: undefined };
  }

  #step(keyword: string, schema: JSONObject): Step | undefined {
    const only = lookUp(VOCABULARY, keyword)?.only;
    if (only !== undefined && only !== this.resolved.dialect) return undefined;
    const argument = schema[keyword];
    const own = lookUp(KEYWORDS, keyword);
    if (own === undefined) {
      const apply = lookUp(APPLICATORS, keyword) ?? lookUp(UNEVALUATED, keyword);
      const check = apply?.({ keyword, argument, schema, compiler: this });
      return check && { test: undefined, check };
    }
    let expected: string | undefined;
    const tell: Check = (value, run) => {
      // What a schema says of a secret may tell it.
      const tells = isSecret(schema) && /^(const|enum|pattern)$/.test(keyword);
      expected ??= tells ? 'valid against its schema' : own.expected(argument);
      return run.tell({ code: own.code, expected, keyword, schema, value });
    };
    return { test: own.test(argument), check: tell };
  }
}

/** True if a value holds. */
type Test = (value: unknown) => boolean;

interface Compiled {
  readonly check: Check;
  /** The same as a test, where no keyword needs more than the value. */
  readonly test: Test | undefined;
}

/** A keyword's part in a check: a test of the value alone and a report where it fails, or a check from the start. */
interface Step {
  readonly test: Test | undefined;
  readonly check: Check;
}

function all(steps: readonly Step[]): Check {
  const [only] = steps;
  if (only === undefined) return HOLDS;
  if (steps.length === 1 && only.test === undefined) return only.check;
  return (value, run) => {
    let holds = true;
    for (const { test, check } of steps) {
      if (test?.(value)) continue;
      if (test !== undefined && run.isSilent) return false;
      holds = check(value, run) && holds;
      if (!holds && run.isDone(holds)) break;
    }
    return holds;
  };
}

function allTests(steps: readonly Step[]): Test | undefined {
  const tests = steps.flatMap(({ test }) => test ?? []);
  if (tests.length < steps.length) return undefined;
  const [only = () => true] = tests;
  if (tests.length < 2) return only;
  return (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
}
