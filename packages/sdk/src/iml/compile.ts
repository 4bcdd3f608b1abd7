import { ARITHMETIC } from './arithmetic.ts';
import { IMLError, type IMLFunction } from './function.ts';
import { FUNCTIONS } from './functions/index.ts';
import type { Run } from './run.ts';
import type { Binary, Call, Expression, KeywordName, Operator, Template, TemplatePart } from './tree.ts';
import { compare, elementOf, looselyEqual, memberOf, numberOf, textOf } from './values.ts';

/** A compiled expression. */
type Closure = (run: Run) => unknown;

/** A template, ready to run any number of times. */
export interface Compiled {
  readonly closure: Closure;
  /** How many operations it is: none of them runs twice in one evaluation. */
  readonly size: number;
}

/**
 * Makes closures of a template: nothing is made into source code, and what a closure reaches is its own. A single
 * expression keeps its type; anything beside it makes a text.
 */
export function compile(template: Template): Compiled {
  const compiler = new Compiler(template);
  const closure = compiler.template();
  return { closure, size: compiler.size };
}

class Compiler {
  size = 0;
  private readonly source: Template;

  constructor(template: Template) {
    this.source = template;
  }

  template(): Closure {
    const { parts, text } = this.source;
    const [first, second] = parts;
    if (first === undefined) return () => text;
    if (second === undefined) return this.part(first);
    if (parts.length === 2) return this.pair(first, second);
    const closures = parts.map((part) => this.part(part));
    return (run) => {
      let result = '';
      for (let index = 0; index < closures.length; index++) {
        const value = (closures[index] as Closure)(run);
        result += typeof value === 'string' ? value : textOf(value, run);
      }
      return run.grown(result);
    };
  }

  /** A text and an expression, or two expressions: what most templates are. */
  private pair(first: TemplatePart, second: TemplatePart): Closure {
    const right = this.part(second);
    if (first.kind === 'text') {
      const { text } = first;
      return (run) => {
        const value = right(run);
        return run.grown(text + (typeof value === 'string' ? value : textOf(value, run)));
      };
    }
    const left = this.part(first);
    return (run) => run.grown(textOf(left(run), run) + textOf(right(run), run));
  }

  private part(part: TemplatePart): Closure {
    if (part.kind === 'expression') return this.expression(part.expression);
    if (part.kind === 'text') {
      const { text } = part;
      return () => text;
    }
    const problem = this.source.problems.find(({ offset }) => offset >= part.offset && offset <= part.end);
    const { message, offset, length } = problem ?? {
      message: 'The expression has a syntax error.',
      offset: part.offset,
      length: 2,
    };
    return () => {
      throw new IMLError(message, { offset, length });
    };
  }

  private expression(expression: Expression): Closure {
    this.size++;
    switch (expression.kind) {
      case 'number':
      case 'string': {
        const { value } = expression;
        return () => value;
      }
      case 'keyword':
        return KEYWORD_VALUES[expression.name];
      case 'variable': {
        const { name } = expression;
        return (run) => memberOf(run.scope, name);
      }
      case 'member':
        return this.member(expression.object, expression.name);
      case 'index': {
        const object = this.expression(expression.object);
        if (expression.index === undefined) return (run) => elementOf(object(run), 1);
        const index = this.expression(expression.index);
        return (run) => elementOf(object(run), index(run));
      }
      case 'not': {
        const operand = this.expression(expression.operand);
        return (run) => !operand(run);
      }
      case 'call':
        return this.call(expression);
      case 'binary':
        return this.binary(expression);
    }
  }

  private member(object: Expression, name: string): Closure {
    if (object.kind === 'variable') {
      this.size++;
      const root = object.name;
      return ({ scope }) =>
        memberOf(Object.hasOwn(scope, root) ? (scope as Record<string, unknown>)[root] : undefined, name);
    }
    const closure = this.expression(object);
    return (run) => memberOf(closure(run), name);
  }

  private binary({ operator, left, right }: Binary): Closure {
    return OPERATIONS[operator](this.expression(left), this.expression(right));
  }

  private call(call: Call): Closure {
    const { name, offset } = call;
    const place = { offset, length: call.end - offset };
    const args = call.args.map((each) => this.expression(each));
    const builtIn = FUNCTIONS.get(name);
    if (builtIn === undefined) {
      const length = name.length;
      return (run) => {
        const own = run.given.functions?.get(name);
        if (own === undefined) throw new IMLError(`Unknown function ${name}.`, { offset, length });
        return callOf(own, args, place)(run);
      };
    }
    return callOf(builtIn, args, place);
  }
}

type TextRange = { readonly offset: number; readonly length: number };

function callOf(called: IMLFunction, args: readonly Closure[], place: TextRange): Closure {
  const { lazy, run: work } = called;
  const values = valuesOf(args);
  return (run) => {
    try {
      return lazy === undefined
        ? work(values(run), run)
        : lazy(
            args.map((arg) => () => arg(run)),
            run,
          );
    } catch (thrown) {
      throw placed(thrown, called.name, place);
    }
  };
}

/** Most calls have one or two arguments. */
function valuesOf(args: readonly Closure[]): (run: Run) => unknown[] {
  const [first, second] = args;
  if (first === undefined) return () => [];
  if (second === undefined) return (run) => [first(run)];
  if (args.length === 2) return (run) => [first(run), second(run)];
  return (run) => args.map((arg) => arg(run));
}

/** The innermost call that failed gives the place; what is not ours to throw, such as a getter's error, gets one too. */
function placed(thrown: unknown, name: string, place: TextRange): IMLError {
  if (thrown instanceof IMLError) {
    return thrown.offset === undefined ? new IMLError(thrown.message, place, { cause: thrown.cause }) : thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new IMLError(`${name} failed: ${message}`, place, { cause: thrown });
}

/** Source: Make's operators. `+` joins when a side is a text, and of null and another gives the other. */
function plus(left: unknown, right: unknown, run: Run): unknown {
  if (typeof left === 'number' && typeof right === 'number') return ARITHMETIC['+'](left, right);
  if (typeof left === 'string' && typeof right === 'string') return run.grown(left + right);
  if (left === null || left === undefined) return right ?? null;
  if (right === null || right === undefined) return left;
  if (isSummand(left) && isSummand(right)) return ARITHMETIC['+'](Number(left), Number(right));
  return run.grown(textOf(left, run) + textOf(right, run));
}

function isSummand(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

type Operation = (left: Closure, right: Closure) => Closure;

function arithmetic(operator: keyof typeof ARITHMETIC): Operation {
  const compute = ARITHMETIC[operator];
  return (left, right) => (run) => compute(numberOf(left(run), run), numberOf(right(run), run));
}

/** All equality is loose, however it is spelt; `&` and `|` give an operand, and the right one only when it is needed. */
const OPERATIONS: Readonly<Record<Operator, Operation>> = {
  '|': (left, right) => (run) => left(run) || right(run),
  '&': (left, right) => (run) => left(run) && right(run),
  '=': (left, right) => (run) => looselyEqual(left(run), right(run), run),
  '!=': (left, right) => (run) => !looselyEqual(left(run), right(run), run),
  '<': (left, right) => (run) => compare(left(run), right(run), run) < 0,
  '<=': (left, right) => (run) => compare(left(run), right(run), run) <= 0,
  '>': (left, right) => (run) => compare(left(run), right(run), run) > 0,
  '>=': (left, right) => (run) => compare(left(run), right(run), run) >= 0,
  '+': (left, right) => (run) => plus(left(run), right(run), run),
  '++': arithmetic('+'),
  '-': arithmetic('-'),
  '*': arithmetic('*'),
  '/': arithmetic('/'),
  '%': arithmetic('%'),
};

/** `emptystring` is an object, as it is at Make: other than "" it is not taken for nothing. */
const KEYWORD_VALUES: Readonly<Record<KeywordName, Closure>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  erase: () => null,
  ignore: () => undefined,
  undefined: () => undefined,
  emptystring: () => new String(''),
  emptyarray: () => [],
  space: () => ' ',
  nbsp: () => '\u00a0',
  tab: () => '\t',
  newline: () => '\n',
  carriagereturn: () => '\r',
  now: (run) => run.now(),
  timestamp: (run) => Math.floor(run.now().getTime() / 1000),
  uuid: (run) => run.uuid(),
  pi: () => Math.PI,
  random: (run) => run.random(),
};
