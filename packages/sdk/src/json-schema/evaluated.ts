import { isObject, type JSONObject } from '../json.ts';
import { type Application, type Compiler, memberCheck, namesIn } from './applicators.ts';
import { heldBy } from './resolve.ts';
import type { Check, Run } from './run.ts';

/** Which parts of a value a schema has looked at; `true` for all of them. */
type Seen = (part: string | number) => boolean;

const all: Seen = () => true;

/**
 * Keywords by what they evaluate: those beside `unevaluatedProperties` look at members, those beside
 * `unevaluatedItems` at items.
 */
type Own = (schema: JSONObject, value: never, run: Run, compiler: Compiler) => Seen;

const OF_OBJECTS: Own = (schema) => {
  if (schema.additionalProperties !== undefined) return all;
  const isAmong = namesIn(schema);
  return (part) => isAmong(String(part));
};

const OF_LISTS: Own = (schema, list: readonly unknown[], run, compiler) => {
  const { items, prefixItems, additionalItems, contains } = schema;
  if ((items !== undefined && !Array.isArray(items)) || (Array.isArray(items) && additionalItems !== undefined)) {
    return all;
  }
  const first = Math.max(...[items, prefixItems].map((each) => (Array.isArray(each) ? each.length : 0)));
  const check = contains === undefined ? undefined : compiler.check(contains);
  return (part) => {
    const index = Number(part);
    if (index < first) return true;
    return check !== undefined && run.quietly((value) => run.inside(index, check, value), list[index]);
  };
};

/** Collects what the schemas that are applied to one value have looked at. */
class Evaluation {
  readonly #keyword: string;
  readonly #own: Own;
  readonly #value: unknown;
  readonly #run: Run;
  readonly #compiler: Compiler;
  readonly #seen = new Set<JSONObject>();
  readonly parts: Seen[] = [];

  constructor(keyword: string, value: unknown, run: Run, compiler: Compiler) {
    this.#keyword = keyword;
    this.#own = keyword === 'unevaluatedItems' ? OF_LISTS : OF_OBJECTS;
    this.#value = value;
    this.#run = run;
    this.#compiler = compiler;
  }

  /** @param outermost the schema whose keyword asks: what that says itself does not count */
  add(schema: unknown, outermost = false): void {
    if (!isObject(schema) || this.#seen.has(schema)) return;
    this.#seen.add(schema);
    const { resolved } = this.#compiler;
    this.#run.enter(resolved.resourceOf(schema), () => {
      if (!outermost && schema[this.#keyword] !== undefined) this.parts.push(all);
      this.parts.push(this.#own(schema, this.#value as never, this.#run, this.#compiler));
      if (schema.$ref !== undefined) this.add(resolved.follow(schema)?.schema);
      if (schema.$dynamicRef !== undefined) {
        this.add(resolved.followDynamic(schema, this.#run.resources)?.schema);
      }
      for (const each of this.#applied(schema)) this.add(each);
    });
  }

  /** The schemas in it that hold for the same value. */
  #applied(schema: JSONObject): readonly unknown[] {
    const { if: condition, then: met, else: unmet, dependentSchemas, dependencies } = schema;
    const holds = (each: unknown) => this.#run.quietly(this.#compiler.check(each), this.#value);
    const alternatives = heldBy(schema, [], (keyword) => /^(allOf|anyOf|oneOf)$/.test(keyword));
    const branches = condition === undefined ? [] : holds(condition) ? [condition, met] : [unmet];
    const dependents = [dependentSchemas, dependencies].flatMap((map) => Object.entries(isObject(map) ? map : {}));
    const value = this.#value;
    const brought = isObject(value) ? dependents.filter(([name]) => Object.hasOwn(value, name)) : [];
    return [...alternatives.map((each) => each.schema).filter(holds), ...branches, ...brought.map(([, each]) => each)];
  }
}

function seenBy({ keyword, schema, compiler }: Application, value: unknown, run: Run): Seen {
  const evaluation = new Evaluation(keyword, value, run, compiler);
  evaluation.add(schema, true);
  return evaluation.parts.includes(all) ? all : (part) => evaluation.parts.some((seen) => seen(part));
}

/** Keywords for what none of the schemas beside them has evaluated. */
export const UNEVALUATED: Readonly<Record<string, (application: Application) => Check>> = {
  unevaluatedProperties: (application) => {
    const check = memberCheck(application, application.argument);
    return (value, run) => {
      if (!isObject(value)) return true;
      const isSeen = seenBy(application, value, run);
      let holds = true;
      for (const [name, part] of Object.entries(value)) {
        if (!isSeen(name)) holds = check(part, name, value, run) && holds;
      }
      return holds;
    };
  },
  unevaluatedItems: (application) => {
    const check = application.compiler.check(application.argument);
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      const isSeen = seenBy(application, value, run);
      let holds = true;
      for (const [index, item] of value.entries()) {
        if (!isSeen(index)) holds = run.inside(index, check, item) && holds;
      }
      return holds;
    };
  },
};
