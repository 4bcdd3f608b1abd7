import { MANY, nearest, type SearchBudget } from '../diagnostics.ts';
import { lookUp } from '../json.ts';
import type { IMLType, Parameter, Signature } from './function.ts';
import { infer, kindOf, membersOf, type Types, typeWords } from './infer.ts';
import { outcomeOf } from './outcome.ts';
import { printExpression } from './print.ts';
import { SIGNATURES } from './signatures.ts';
import {
  type Binary,
  type Call,
  COMPARISONS,
  type Expression,
  KEYWORDS,
  type Member,
  type Template,
  type Variable,
} from './tree.ts';

/** Variables and functions that a template can use. */
export interface Scope {
  readonly variables: Variables;
  /** Variables that exist elsewhere, with the reason why not here: a whole sentence. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** The variables that exist, by their names: a map, or what can be asked like one. */
export interface Variables extends Iterable<readonly [string, ScopeVariable]> {
  has(name: string): boolean;
  get(name: string): ScopeVariable | undefined;
}

/** A place in a section, and what it is in a few words. */
export interface Origin {
  readonly section: 'api' | 'parameters' | 'installSpec';
  readonly path: readonly (string | number)[];
  readonly part?: 'key';
}

/** A variable that exists: its type, and its members when all of them are known. */
export interface ScopeVariable {
  readonly type: IMLType;
  /** Said of what is a collection whatever its members are, which may be dear to find out. */
  readonly holds?: 'members';
  /** Where the type of the member was found out; undefined when it was not. */
  readonly origin?: (member: string) => Origin | undefined;
  /** The members that it has, when all of them are known, and what it means when another one is read. */
  readonly members?: {
    readonly names: Names;
    readonly code: 'iml/undeclared-parameter' | 'iml/unset-common' | 'iml/unset-temp';
    readonly hint: string;
    /** End of the sentence about a name, after its path, as in `parameters.x is not declared`. */
    readonly says: string;
  };
}

/** Some names: a set, or what can be asked like one. */
export interface Names extends Iterable<string> {
  has(name: string): boolean;
}

/** The codes of the problems that `check` finds; `connector explain <code>` describes each. */
export type IMLCode =
  | 'iml/syntax'
  | 'iml/foreign-syntax'
  | 'iml/unknown-function'
  | 'iml/undocumented-function'
  | 'iml/missing-argument'
  | 'iml/surplus-argument'
  | 'iml/argument-type'
  | 'iml/unknown-variable'
  | 'iml/unavailable-variable'
  | 'iml/undeclared-parameter'
  | 'iml/unset-common'
  | 'iml/unset-temp'
  | 'iml/index-zero'
  | 'iml/constant-comparison';

/** A problem inside a template; offsets in UTF-16 code units of its text. */
export interface TemplateFinding {
  readonly code: IMLCode;
  readonly message: string;
  readonly hint?: string;
  readonly found?: string;
  readonly expected?: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Returns the problems of a template in its place, as far as they can be known without running it, in the order of the text.
 * A broken expression has its syntax problem only; the others of the template are still checked. Who checks many
 * templates gives them one budget for near misses of names.
 * @example
 * const moment = momentOf(['api', 'url']);
 * if (moment !== undefined) check(parseTemplate('{{parameter.key}}'), scopeAt(moment)); // Unknown variable "parameter".
 */
export function check(template: Template, scope: Scope, budget?: SearchBudget): TemplateFinding[] {
  const checker = new Checker(scope, budget);
  for (const part of template.parts) {
    if (part.kind === 'expression') checker.expression(part.expression);
    if (checker.findings.length > ENOUGH) break;
  }
  if (template.problems.length + checker.findings.length === 0) return [];
  return [...template.problems, ...checker.findings].sort((a, b) => a.offset - b.offset);
}

/** Findings in one text after which it is not read on: there are more of one kind than are ever reported. */
const ENOUGH = 20 * MANY;

/** Functions that ask whether their first argument is there. */
const GUARDS: ReadonlySet<string> = new Set(['if', 'ifempty']);

class Checker {
  readonly findings: TemplateFinding[] = [];
  readonly #scope: Scope;
  readonly #budget: SearchBudget | undefined;
  /** True if the value is only looked at to see if it is there, as in `ifempty(temp.x, …)`. */
  #guarded = false;

  constructor(scope: Scope, budget: SearchBudget | undefined) {
    this.#scope = scope;
    this.#budget = budget;
  }

  /** As `infer` asks for them. */
  get #types(): Types {
    return this;
  }

  get(name: string): IMLType | undefined {
    return this.#scope.variables.get(name)?.type;
  }

  expression(expression: Expression): void {
    switch (expression.kind) {
      case 'variable':
        this.#variable(expression);
        break;
      case 'member':
        this.expression(expression.object);
        this.#member(expression);
        break;
      case 'index':
        this.expression(expression.object);
        if (expression.index !== undefined) this.expression(expression.index);
        if (expression.index?.kind === 'number' && expression.index.value === 0)
          this.#indexZero(expression.index, expression);
        break;
      case 'not':
        this.#guard(expression.operand);
        break;
      case 'call':
        this.#call(expression);
        for (let index = 0; index < expression.args.length; index++) {
          const arg = expression.args[index] as Expression;
          if (index === 0 && GUARDS.has(expression.name)) this.#guard(arg);
          else this.expression(arg);
        }
        break;
      case 'binary':
        this.#binary(expression);
        break;
      default:
    }
  }

  #guard(expression: Expression): void {
    const before = this.#guarded;
    this.#guarded = true;
    this.expression(expression);
    this.#guarded = before;
  }

  #find(code: IMLCode, { offset, end }: { offset: number; end: number }, words: Words): void {
    this.findings.push({ code, ...words, offset, length: end - offset });
  }

  #variable(variable: Variable, hint?: string): void {
    const { name } = variable;
    if (this.#scope.variables.has(name)) return;
    const reason = this.#scope.elsewhere.get(name);
    const names = [...this.#scope.variables].map(([each]) => each);
    if (reason !== undefined) {
      const message = `${name} does not exist here: ${reason}`;
      this.#find('iml/unavailable-variable', variable, {
        message,
        hint: `Available here are ${names.join(', ')}.`,
        found: name,
      });
      return;
    }
    const meant = nearest(name, [...names, ...KEYWORDS]);
    const usual = SIGNATURES.has(name)
      ? `${name} is a function: give it its value in parentheses, as in ${name}(…).`
      : meant === undefined
        ? `Variables here are ${names.join(', ')}; texts need quotes.`
        : `Did you mean ${meant}?`;
    this.#find('iml/unknown-variable', variable, {
      message: `Unknown variable ${JSON.stringify(name)}.`,
      hint: hint ?? usual,
      found: name,
    });
  }

  #member({ object, name, offset, end }: Member): void {
    if (object.kind !== 'variable') return;
    const members = this.#scope.variables.get(object.name)?.members;
    if (members === undefined || members.names.has(name)) return;
    const meant = nearest(name, members.names, this.#budget);
    // Who asks whether a value is there may know that it is not; but hardly by almost the name of one that is.
    if (this.#guarded && meant === undefined) return;
    this.#find(
      members.code,
      { offset, end },
      {
        message: `${object.name}.${name} ${members.says}`,
        hint: meant === undefined ? members.hint : `Did you mean ${object.name}.${meant}?`,
        found: name,
      },
    );
  }

  #indexZero(place: { offset: number; end: number }, expression: Expression): void {
    this.#find('iml/index-zero', place, {
      message: `${shown(expression)} is always undefined: indexes start at 1.`,
      hint: 'Write [1], or [] for the first item.',
    });
  }

  #binary(binary: Binary): void {
    const { operator, left, right } = binary;
    if (operator === '|') this.#guard(left);
    else this.expression(left);
    const first = operator === '-' && left.kind === 'member' && left.end + 1 === right.offset ? right : undefined;
    if (first?.kind === 'variable') {
      const path = left.kind === 'member' ? printExpression(left.object) : '';
      const name = left.kind === 'member' ? `${left.name}-${first.name}` : '';
      this.#variable(first, `For a name with a hyphen, write it in backticks: ${path}.\`${name}\`.`);
    } else {
      this.expression(right);
    }
    if (!COMPARISONS.has(operator)) return;
    const outcome = outcomeOf(binary, this.#types);
    if (outcome === undefined) return;
    const types = [left, right].map((each) => typeWords(infer(each, this.#types)));
    this.#find('iml/constant-comparison', binary, {
      message: `${shown(binary)} is ${outcome} true: it compares ${types[0]} with ${types[1]}.`,
      hint: 'Compare with a value that the other side can have.',
    });
  }

  #call(call: Call): void {
    const { name } = call;
    const place = { offset: call.offset, end: call.offset + name.length };
    const called = SIGNATURES.get(name);
    if (called === undefined) {
      const meant = nearest(name, SIGNATURES.keys());
      const isKeyword = (KEYWORDS as readonly string[]).includes(name);
      const usual =
        meant === undefined
          ? 'Unless it is a function of the app’s own, use a built-in one.'
          : `Did you mean ${meant}?`;
      this.#find('iml/unknown-function', place, {
        message: isKeyword ? `${name} is not a function.` : `There is no built-in function ${JSON.stringify(name)}.`,
        hint: isKeyword ? `Write ${name} without parentheses.` : usual,
        found: name,
      });
      return;
    }
    if (called.documented === false) {
      this.#find('iml/undocumented-function', place, {
        message: `${name} is not in Make's list of functions.`,
        hint: 'Published apps use it, and its behaviour here is inferred from them; test it on Make before you rely on it.',
        found: name,
      });
    }
    this.#arguments(call, called, place);
  }

  #arguments({ args }: Call, called: Signature, place: { offset: number; end: number }): void {
    const { name, parameters } = called;
    const least = leastOf(parameters);
    const most = parameters[parameters.length - 1]?.rest === true ? Number.POSITIVE_INFINITY : parameters.length;
    if (args.length < least) {
      const missing = parameters[args.length];
      this.#find('iml/missing-argument', place, {
        message: `${name} requires the argument ${missing?.name}.`,
        hint: `It is called as ${signatureOf(name, parameters)}.`,
        found: String(args.length),
        expected: String(least),
      });
    }
    const surplus = args[most];
    const last = args[args.length - 1];
    if (surplus !== undefined && last !== undefined) {
      this.#find(
        'iml/surplus-argument',
        { offset: surplus.offset, end: last.end },
        {
          message: `${name} takes ${most === 1 ? 'one argument' : `${most || 'no'} arguments`}, and is given ${args.length}.`,
          hint: `It is called as ${signatureOf(name, parameters)}; additional arguments are ignored.`,
        },
      );
    }
    for (let index = 0; index < args.length && index < most; index++) {
      const parameter = parameters[Math.min(index, parameters.length - 1)];
      if (parameter !== undefined) this.#argument(args[index] as Expression, parameter, called);
    }
  }

  #argument(arg: Expression, { name, type }: Parameter, called: Signature): void {
    if (type === 'any') return;
    const given = infer(arg, this.#types);
    if (accepts(type, given, arg)) return;
    this.#find('iml/argument-type', arg, {
      message: `${shown(arg)} is ${typeWords(given)}, and ${name} is ${typeWords(type)}.`,
      hint: `It is called as ${signatureOf(called.name, called.parameters)}.`,
      found: typeWords(given),
      expected: typeWords(type),
    });
  }
}

type Words = Pick<TemplateFinding, 'message' | 'hint' | 'found' | 'expected'>;

/** The expression in a message, cut when it is long; texts in it may be secrets, so they are not shown. */
function shown(expression: Expression): string {
  if (expression.kind === 'string') return 'The text';
  const text = printExpression(expression).replace(/'[^']*'|"[^"]*"/g, "'…'");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** How a function is called, as in `round(number)` or `join(array, [separator])`. */
export function signatureOf(name: string, parameters: readonly Parameter[]): string {
  const words = parameters.map((each) => {
    const word = each.rest === true ? `${each.name}…` : each.name;
    return each.optional === true ? `[${word}]` : word;
  });
  return `${name}(${words.join(', ')})`;
}

/** How many arguments a function needs. */
function leastOf(parameters: readonly Parameter[]): number {
  let least = 0;
  for (const { optional, rest } of parameters) {
    if (optional === true || rest === true) break;
    least++;
  }
  return least;
}

/**
 * Types that are converted without a loss worth reporting; an absent value is accepted everywhere, as paths may lead
 * nowhere.
 */
const ACCEPTED: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(['text', 'number', 'boolean', 'date', 'buffer']),
  number: new Set(['number', 'text', 'boolean', 'date']),
  boolean: new Set(['boolean', 'text', 'number']),
  date: new Set(['date', 'text', 'number']),
  array: new Set(['array']),
  collection: new Set(['collection']),
  buffer: new Set(['buffer', 'text']),
  null: new Set(),
  undefined: new Set(),
};

function accepts(wanted: IMLType, given: IMLType, arg: Expression): boolean {
  if (given === 'any' || given === wanted) return true;
  if (typeof wanted === 'string' && typeof given === 'string' && lookUp(ACCEPTED, wanted)?.has(given) === true) {
    if (arg.kind !== 'string' || wanted !== 'number') return true;
  }
  if (typeof wanted === 'string' && typeof given === 'object' && 'union' in given) {
    // Values that may be missing are usually right when they are there.
    for (const each of given.union)
      if (each === 'any' || (typeof each === 'string' && lookUp(ACCEPTED, wanted)?.has(each) === true)) return true;
  }
  const wants = membersOf(wanted).map(kindOf);
  if (wants.includes('any')) return true;
  if (arg.kind === 'string' && wants.every((kind) => kind === 'number'))
    return arg.value.trim() === '' || !Number.isNaN(Number(arg.value));
  const kinds = membersOf(given)
    .map(kindOf)
    .filter((kind) => kind !== 'null' && kind !== 'undefined');
  return (
    kinds.length === 0 ||
    kinds.some((kind) => kind === 'any' || wants.some((want) => lookUp(ACCEPTED, want)?.has(kind)))
  );
}
