import { isObject, type JSONObject } from '../json.ts';
import type { ResolvedSchema } from './resolve.ts';
import type { Check, Run } from './run.ts';
import { patternOf } from './vocabulary.ts';

/** Makes checks of the schemas in a file. */
export interface Compiler {
  readonly resolved: ResolvedSchema;
  check(schema: unknown): Check;
}

/** A keyword that applies schemas, and where it stands. */
export interface Application {
  readonly keyword: string;
  readonly argument: unknown;
  readonly schema: JSONObject;
  readonly compiler: Compiler;
}

/** Makes the check of a keyword; none where the argument is nothing that the keyword takes. */
type Applicator = (application: Application) => Check | undefined;

function broken({ keyword, schema }: Application, value: unknown, run: Run, expected: string, name?: string): false {
  const inner = name === undefined ? [] : [name];
  return run.tell({ code: 'value/limit', expected, keyword, schema, value }, inner);
}

/** An object that lacks some of the names that it must have. */
function demand({ keyword, schema }: Application, list: unknown): Check | undefined {
  if (!Array.isArray(list)) return undefined;
  const names = list.map(String);
  return (value, run) => {
    if (!isObject(value)) return true;
    let holds = true;
    for (const name of names) {
      if (Object.hasOwn(value, name)) continue;
      holds = run.tell({ code: 'value/missing', expected: 'given', keyword, schema, value }, [name]);
    }
    return holds;
  };
}

/** Checks one member of an object, of which the schema `false` is reported as a name too much. */
type MemberCheck = (whole: JSONObject, name: string, run: Run) => boolean;

export function memberCheck(application: Application, schema: unknown): MemberCheck {
  if (schema === false) return (whole, name, run) => broken(application, whole, run, 'left out', name);
  const check = application.compiler.check(schema);
  return (whole, name, run) => run.inside(name, check, whole[name]);
}

/** Checks the members of an object, each by what there is for its name. */
function members(checkFor: (name: string) => MemberCheck | readonly MemberCheck[] | undefined): Check {
  return (value, run) => {
    if (!isObject(value)) return true;
    let holds = true;
    for (const name of Object.keys(value)) {
      if (run.isDone(holds)) break;
      const checks = checkFor(name);
      if (typeof checks === 'function') holds = checks(value, name, run) && holds;
      else for (const check of checks ?? []) holds = check(value, name, run) && holds;
    }
    return holds;
  };
}

function checksByName(application: Application): Map<string, MemberCheck> {
  const entries = isObject(application.argument) ? Object.entries(application.argument) : [];
  return new Map(
    entries.flatMap(([name, schema]) => (schema === true ? [] : [[name, memberCheck(application, schema)]])),
  );
}

/** Pattern → the check of the names that match it. */
function checksByPattern(application: Application): readonly (readonly [RegExp, MemberCheck])[] {
  const entries = isObject(application.argument) ? Object.entries(application.argument) : [];
  return entries.flatMap(([text, schema]) => {
    const pattern = patternOf(text);
    return pattern === undefined ? [] : [[pattern, memberCheck(application, schema)] as const];
  });
}

/** Checks the items of a list from an index on. */
function itemsFrom(check: Check, from: number): Check {
  return (value, run) => {
    if (!Array.isArray(value)) return true;
    let holds = true;
    for (let index = from; index < value.length && !run.isDone(holds); index++) {
      holds = run.inside(index, check, value[index]) && holds;
    }
    return holds;
  };
}

/** Checks the first items of a list, each by a schema of its own. */
function tuple(argument: readonly unknown[], compiler: Compiler): Check {
  const checks = argument.map((schema) => compiler.check(schema));
  return (value, run) => {
    if (!Array.isArray(value)) return true;
    let holds = true;
    for (const [index, check] of checks.entries()) {
      if (index < value.length) holds = run.inside(index, check, value[index]) && holds;
    }
    return holds;
  };
}

/** Applies what the presence of a property requires: names, or a schema of the object. */
const dependents: Applicator = (application) => {
  const { argument, compiler } = application;
  if (!isObject(argument)) return undefined;
  const checks = Object.entries(argument).map(
    ([name, each]) => [name, demand(application, each) ?? compiler.check(each)] as const,
  );
  return (value, run) => {
    if (!isObject(value)) return true;
    let holds = true;
    for (const [name, check] of checks) if (Object.hasOwn(value, name)) holds = check(value, run) && holds;
    return holds;
  };
};

function listOf({ argument, compiler }: Application): readonly Check[] {
  return Array.isArray(argument) ? argument.map((schema) => compiler.check(schema)) : [];
}

/** Follows a reference when it is first come by: it may lead to where it stands. */
const reference: Applicator = ({ keyword, schema, compiler }) => {
  const { resolved } = compiler;
  if (keyword === '$dynamicRef') {
    return (value, run) => {
      const target = resolved.followDynamic(schema, run.resources);
      return target === undefined || run.follow(schema, compiler.check(target.schema), value);
    };
  }
  let check: Check | undefined;
  return (value, run) => {
    check ??= compiler.check(resolved.follow(schema)?.schema);
    return run.follow(schema, check, value);
  };
};

export const APPLICATORS: Readonly<Record<string, Applicator>> = {
  $ref: reference,
  $dynamicRef: reference,
  required: (application) => demand(application, application.argument),
  properties: (application) => {
    const checks = checksByName(application);
    return members((name) => checks.get(name));
  },
  patternProperties: (application) => {
    const checks = checksByPattern(application);
    return members((name) => checks.filter(([pattern]) => pattern.test(name)).map(([, check]) => check));
  },
  additionalProperties: (application) => {
    const { argument, schema } = application;
    if (argument === true) return undefined;
    const isAmong = namesIn(schema);
    const check = memberCheck(application, argument);
    return members((name) => (isAmong(name) ? undefined : check));
  },
  propertyNames: (application) => {
    const check = application.compiler.check(application.argument);
    return members(() => (whole, name, run) => {
      const holds = run.quietly((value) => run.inside(name, check, value), name);
      return holds || broken(application, whole, run, 'left out: its name is not allowed', name);
    });
  },
  items: ({ argument, schema, compiler }) => {
    if (Array.isArray(argument)) return tuple(argument, compiler);
    return itemsFrom(compiler.check(argument), Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0);
  },
  additionalItems: ({ argument, schema, compiler }) =>
    Array.isArray(schema.items) ? itemsFrom(compiler.check(argument), schema.items.length) : undefined,
  prefixItems: ({ argument, compiler }) => (Array.isArray(argument) ? tuple(argument, compiler) : undefined),
  contains: (application) => {
    const { argument, schema, compiler } = application;
    const check = compiler.check(argument);
    const isOld = compiler.resolved.dialect === 'draft-07';
    const { minContains: least = 1, maxContains: most = Number.POSITIVE_INFINITY } = isOld ? {} : schema;
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      const found = value.filter((item, index) => run.quietly((each) => run.inside(index, check, each), item)).length;
      if (found >= Number(least) && found <= Number(most)) return true;
      return broken(application, value, run, 'a list that holds what is asked for');
    };
  },
  allOf: (application) => {
    const checks = listOf(application);
    return (value, run) => {
      let holds = true;
      for (const check of checks) holds = check(value, run) && holds;
      return holds;
    };
  },
  anyOf: (application) => {
    const checks = listOf(application);
    return (value, run) =>
      checks.some((check) => run.quietly(check, value)) || broken(application, value, run, 'one of the alternatives');
  },
  oneOf: (application) => {
    const checks = listOf(application);
    return (value, run) =>
      checks.filter((check) => run.quietly(check, value)).length === 1 ||
      broken(application, value, run, 'exactly one of the alternatives');
  },
  not: (application) => {
    const check = application.compiler.check(application.argument);
    return (value, run) => !run.quietly(check, value) || broken(application, value, run, 'something else');
  },
  if: ({ argument, schema, compiler }) => {
    const [condition, met, unmet] = [argument, schema.then, schema.else].map((each) => compiler.check(each));
    return (value, run) => {
      const next = condition === undefined || run.quietly(condition, value) ? met : unmet;
      return next === undefined || next(value, run);
    };
  },
  dependentRequired: dependents,
  dependentSchemas: dependents,
  dependencies: dependents,
};

/** The names that `properties` and `patternProperties` of a schema concern. */
export function namesIn({ properties, patternProperties }: JSONObject): (name: string) => boolean {
  const names = new Set(isObject(properties) ? Object.keys(properties) : []);
  const patterns = Object.keys(isObject(patternProperties) ? patternProperties : {}).flatMap(
    (text) => patternOf(text) ?? [],
  );
  return (name) => names.has(name) || patterns.some((pattern) => pattern.test(name));
}
