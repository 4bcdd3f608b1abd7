import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { ResolvedSchema } from './resolve.ts';
import type { Check, Run } from './run.ts';
import { patternOf, VOCABULARY } from './vocabulary.ts';

/** Makes checks of the schemas in a file. */
export interface Compiler {
  readonly resolved: ResolvedSchema;
  check(schema: unknown): Check;
  /** Returns a test of values, where the schema needs nothing but the value. */
  test(schema: unknown): ((value: unknown) => boolean) | undefined;
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
type MemberCheck = (part: unknown, name: string, whole: JSONObject, run: Run) => boolean;

export function memberCheck(application: Application, schema: unknown): MemberCheck {
  if (schema === false) return (_, name, whole, run) => broken(application, whole, run, 'left out', name);
  const check = application.compiler.check(schema);
  return (part, name, _, run) => run.inside(name, check, part);
}

/** The keywords that say what the members of an object are. */
const OF_MEMBERS = ['properties', 'patternProperties', 'additionalProperties'];

/** Checks each member of an object by all that is said of it; the first of the keywords that are there does it for all. */
const members: Applicator = (application) => {
  const { schema } = application;
  if (application.keyword !== OF_MEMBERS.find((keyword) => schema[keyword] !== undefined)) return undefined;
  const of = (keyword: string) => ({ ...application, keyword, argument: schema[keyword] });
  const named = checksByName(of('properties'));
  const byPattern = checksByPattern(of('patternProperties'));
  const further = schema.additionalProperties ?? true;
  const others = further === true ? undefined : memberCheck(of('additionalProperties'), further);
  const checkAmong = (part: unknown, name: string, whole: JSONObject, run: Run): boolean => {
    let holds = true;
    let isMet = named.has(name);
    for (const [pattern, check] of byPattern) {
      if (!pattern.test(name)) continue;
      isMet = true;
      holds = check(part, name, whole, run) && holds;
    }
    return isMet || others === undefined ? holds : others(part, name, whole, run);
  };
  const isNamedAlone = byPattern.length === 0;
  return (value, run) => {
    if (!isObject(value)) return true;
    const names = Object.keys(value);
    const parts = Object.values(value);
    let holds = true;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? '';
      const part = parts[index];
      const own = named.get(name);
      const isRight = own === undefined || own.test(part) || own.check(part, name, value, run);
      if (isRight && own !== undefined && isNamedAlone) continue;
      if (!isRight) holds = false;
      if (own === undefined || !isNamedAlone) holds = checkAmong(part, name, value, run) && holds;
      if (run.isDone(holds)) break;
    }
    return holds;
  };
};

/** Name → the check of that member, which is left out where the test says that it holds. */
function checksByName(application: Application) {
  const entries = isObject(application.argument) ? Object.entries(application.argument) : [];
  return new Map(
    entries.map(([name, schema]) => {
      const test = application.compiler.test(schema) ?? UNTESTED;
      return [name, { test, check: memberCheck(application, schema) }];
    }),
  );
}

/** The test of a schema that needs more than the value. */
const UNTESTED = () => false;

/** Pattern → the check of the names that match it. */
function checksByPattern(application: Application): readonly (readonly [RegExp, MemberCheck])[] {
  const entries = isObject(application.argument) ? Object.entries(application.argument) : [];
  return entries.flatMap(([text, schema]) => {
    const pattern = patternOf(text);
    return pattern === undefined ? [] : [[pattern, memberCheck(application, schema)] as const];
  });
}

/** Checks the items of a list from an index on. */
function itemsFrom({ compiler }: Application, schema: unknown, from: number): Check {
  const check = compiler.check(schema);
  const test = compiler.test(schema) ?? UNTESTED;
  return (value, run) => {
    if (!Array.isArray(value)) return true;
    let holds = true;
    for (let index = from; index < value.length; index++) {
      if (test(value[index]) || run.inside(index, check, value[index])) continue;
      holds = false;
      if (run.isDone(holds)) break;
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

/** Checks alternatives, of which nothing is reported. */
function alternativesOf({ argument, compiler }: Application): readonly Check[] {
  return (Array.isArray(argument) ? argument : []).map((schema): Check => {
    const test = compiler.test(schema);
    if (test !== undefined) return test;
    const check = compiler.check(schema);
    return (value, run) => run.quietly(check, value);
  });
}

/** Follows a reference when it is first come by: it may lead to where it stands. */
const reference: Applicator = ({ keyword, schema, compiler }) => {
  const { resolved } = compiler;
  if (keyword === '$dynamicRef') {
    return followed((value, run) => {
      const target = resolved.followDynamic(schema, run.resources);
      return target === undefined || compiler.check(target.schema)(value, run);
    });
  }
  let check: Check | undefined;
  return (value, run) => {
    if (check === undefined) {
      const target = resolved.follow(schema)?.schema;
      const own = compiler.check(target);
      check = leadsOn(target) ? followed(own) : own;
    }
    return check(value, run);
  };
};

/** Checks if a schema applies others to the same value, so that it may lead back to itself. */
function leadsOn(schema: unknown): boolean {
  return isObject(schema) && Object.keys(schema).some((keyword) => lookUp(VOCABULARY, keyword)?.inPlace === true);
}

/** The check of a reference, which says nothing where it leads back to itself with the same value. */
function followed(check: Check): Check {
  /** How deep in the value it is being followed. */
  let depth = -1;
  return (value, run) => {
    if (depth === run.path.length) return true;
    const before = depth;
    depth = run.path.length;
    try {
      return check(value, run);
    } finally {
      depth = before;
    }
  };
}

export const APPLICATORS: Readonly<Record<string, Applicator>> = {
  $ref: reference,
  $dynamicRef: reference,
  required: (application) => demand(application, application.argument),
  properties: members,
  patternProperties: members,
  additionalProperties: members,
  propertyNames: (application) => {
    const check = application.compiler.check(application.argument);
    return (value, run) => {
      if (!isObject(value)) return true;
      let holds = true;
      for (const name of Object.keys(value)) {
        if (run.quietly((each) => run.inside(name, check, each), name)) continue;
        holds = broken(application, value, run, 'left out: its name is not allowed', name);
        if (run.isDone(holds)) break;
      }
      return holds;
    };
  },
  items: (application) => {
    const { argument, schema, compiler } = application;
    if (Array.isArray(argument)) return tuple(argument, compiler);
    return itemsFrom(application, argument, Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0);
  },
  additionalItems: (application) => {
    const { argument, schema } = application;
    return Array.isArray(schema.items) ? itemsFrom(application, argument, schema.items.length) : undefined;
  },
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
      return broken(application, value, run, 'a list with the required items');
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
    const tests = alternativesOf(application);
    return (value, run) => {
      for (const holds of tests) if (holds(value, run)) return true;
      return broken(application, value, run, 'one of the alternatives');
    };
  },
  oneOf: (application) => {
    const tests = alternativesOf(application);
    return (value, run) => {
      let count = 0;
      for (const holds of tests) if (holds(value, run)) count++;
      return count === 1 || broken(application, value, run, 'exactly one of the alternatives');
    };
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
  if (patterns.length === 0) return (name) => names.has(name);
  return (name) => names.has(name) || patterns.some((pattern) => pattern.test(name));
}
