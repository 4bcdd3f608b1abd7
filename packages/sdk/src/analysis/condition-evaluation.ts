import { parseTemplate } from '../iml/parse.ts';
import type { Expression } from '../iml/tree.ts';
import { isObject, lookUp } from '../json.ts';
import { looksSecret } from '../secrecy.ts';
import type { Declared } from './declared.ts';
import { referenceOf, soleExpression } from './expressions.ts';
import { namesIn } from './fields.ts';
import { requestsOf, stepsOf } from './requests.ts';

/**
 * Checks if a condition holds when a connection is made, before any answer has stored anything: undefined when that
 * cannot be told from the sections.
 */
export function conditionAtFirst(condition: unknown, connection: Declared): boolean | undefined {
  return conditionAmong(condition, factsAtFirst(connection));
}

/** Checks if a condition holds as long as a token that was got is good; undefined when that cannot be known. */
export function conditionWhileGood(condition: unknown, connection: Declared): boolean | undefined {
  return conditionAmong(condition, factsWhileGood(connection));
}

function conditionAmong(condition: unknown, facts: Facts): boolean | undefined {
  const value = isObject(condition) ? condition.condition : condition;
  if (typeof value !== 'string') return value === undefined ? undefined : Boolean(value);
  if (!value.includes('{{')) return value !== '';
  const expression = soleExpression({ template: parseTemplate(value) });
  return expression === undefined ? undefined : judge(expression, facts);
}

/** Knowledge about a value: that there is none yet, that there is one, or that it is a moment still to come. */
type Fact = 'unset' | 'set' | 'to come';

/** Tells what is known of the value at a path. */
type Facts = (root: string, name: string) => Fact | undefined;

function factsAtFirst(connection: Declared): Facts {
  const fields = namesIn(connection, 'parameters');
  const stored = new Set<string>();
  let temp = false;
  for (const { value, response } of requestsOf(connection)) {
    const data = response?.data;
    if (isObject(data)) for (const name of Object.keys(data)) stored.add(name);
    temp ||= value.temp !== undefined || response?.temp !== undefined;
  }
  return (root, name) => {
    if (root === 'temp') return temp ? undefined : 'unset';
    return isStored(root) && stored.has(name) && !fields.has(name) ? 'unset' : undefined;
  };
}

/** Names of moments at which something ends. */
const ENDS = /expir|valid.?(until|to)|ends?.?at/i;
/** A value that is a token of the answer. */
const TOKEN = /\bbody\.(\w+\.)*(access|refresh)_?token\b/i;

function factsWhileGood(connection: Declared): Facts {
  const facts = new Map<string, Fact>();
  for (const { response } of stepsOf(connection, 'token')) {
    const data = response?.data;
    for (const [name, value] of isObject(data) ? Object.entries(data) : []) {
      if (typeof value !== 'string' || !value.includes('{{')) continue;
      if (ENDS.test(name)) facts.set(name, 'to come');
      else if (looksSecret(name) || TOKEN.test(value)) facts.set(name, 'set');
    }
  }
  return (root, name) => (isStored(root) ? facts.get(name) : undefined);
}

function isStored(root: string): boolean {
  return root === 'data' || root === 'connection';
}

/** Evaluation of conditions by kind of expression. */
const JUDGES: { readonly [kind in Expression['kind']]?: (expression: never, facts: Facts) => boolean | undefined } = {
  number: ({ value }: { value: number }) => value !== 0,
  string: ({ value }: { value: string }) => value !== '',
  keyword: ({ name }: { name: string }) => lookUp(KEYWORDS, name),
  not: ({ operand }: { operand: Expression }, facts) => negated(judge(operand, facts)),
  binary: (expression: Extract<Expression, { kind: 'binary' }>, facts) => judgeBinary(expression, facts),
  call: (expression: Extract<Expression, { kind: 'call' }>, facts) => judgeCall(expression, facts),
};

const KEYWORDS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  null: false,
  undefined: false,
  ignore: false,
  erase: false,
  now: true,
  uuid: true,
  timestamp: true,
  pi: true,
};

function judge(expression: Expression, facts: Facts): boolean | undefined {
  const fact = factOf(expression, facts);
  if (fact !== undefined) return fact !== 'unset';
  return JUDGES[expression.kind]?.(expression as never, facts);
}

function factOf(expression: Expression, facts: Facts): Fact | undefined {
  const reference = referenceOf(expression);
  const [name] = reference?.members ?? [];
  return reference === undefined || name === undefined ? undefined : facts(reference.root, name);
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

const ORDER = new Set(['<', '<=', '>', '>=']);

function judgeBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  facts: Facts,
): boolean | undefined {
  if (ORDER.has(operator)) return judgeOrder(operator, left, right, facts);
  if (operator === '=' || operator === '!=') {
    const isThere = [left, right].some((each) => (factOf(each, facts) ?? 'unset') !== 'unset');
    return isThere && [left, right].some(isNothing) ? operator === '!=' : undefined;
  }
  if (operator !== '|' && operator !== '&') return undefined;
  const truths = [judge(left, facts), judge(right, facts)];
  const decisive = operator === '|';
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : !decisive;
}

function judgeOrder(operator: string, left: Expression, right: Expression, facts: Facts): boolean | undefined {
  const [before, after] = [factOf(left, facts), factOf(right, facts)];
  // Nothing is smaller or greater than what is not there.
  if (before === 'unset' || after === 'unset') return false;
  if (before === 'to come' && isAboutNow(right)) return operator.startsWith('>');
  if (after === 'to come' && isAboutNow(left)) return operator.startsWith('<');
  return undefined;
}

/** Checks if it is an empty text, or what stands for nothing. */
function isNothing(expression: Expression): boolean {
  if (expression.kind === 'string') return expression.value === '';
  return expression.kind === 'keyword' && ['null', 'undefined', 'emptystring'].includes(expression.name);
}

/** Checks if it is this moment, or one at some distance from it. */
function isAboutNow(expression: Expression): boolean {
  if (expression.kind === 'keyword') return expression.name === 'now' || expression.name === 'timestamp';
  if (expression.kind === 'binary') return isAboutNow(expression.left) || isAboutNow(expression.right);
  const [first] = expression.kind === 'call' ? expression.args : [];
  return first !== undefined && isAboutNow(first);
}

function judgeCall({ name, args }: Extract<Expression, { kind: 'call' }>, facts: Facts): boolean | undefined {
  const [first, second, third] = args;
  if (first === undefined) return undefined;
  if (name === 'ifempty' && second !== undefined) {
    const truth = judge(first, facts);
    return truth === false ? judge(second, facts) : truth;
  }
  if (name !== 'if' || second === undefined) return undefined;
  const condition = judge(first, facts);
  const otherwise = third === undefined ? false : judge(third, facts);
  if (condition !== undefined) return condition ? judge(second, facts) : otherwise;
  const whenTrue = judge(second, facts);
  return whenTrue === otherwise ? whenTrue : undefined;
}
