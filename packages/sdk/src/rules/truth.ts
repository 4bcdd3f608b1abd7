import { parseTemplate } from '../iml/parse.ts';
import type { Expression } from '../iml/tree.ts';
import { isObject, lookUp } from '../json.ts';
import { referenceOf, soleExpression } from './expressions.ts';
import { namesIn } from './fields.ts';
import { requestsOf } from './reading.ts';
import type { Declared } from './rule.ts';

/**
 * Whether a condition holds when a connection is made, before any answer has stored anything: undefined when that
 * cannot be told from the sections.
 */
export function truthOf(condition: unknown, connection: Declared): boolean | undefined {
  const value = isObject(condition) ? condition.condition : condition;
  if (typeof value !== 'string') return value === undefined ? undefined : Boolean(value);
  if (!value.includes('{{')) return value !== '';
  const expression = soleExpression({ template: parseTemplate(value) });
  return expression === undefined ? undefined : judge(expression, unsetIn(connection));
}

/** Tells which paths have no value yet. */
type Unset = (root: string, name: string) => boolean;

function unsetIn(connection: Declared): Unset {
  const fields = namesIn(connection, 'parameters');
  const stored = new Set<string>();
  let temp = false;
  for (const { value, response } of requestsOf(connection)) {
    const data = response?.data;
    if (isObject(data)) for (const name of Object.keys(data)) stored.add(name);
    temp ||= value.temp !== undefined || response?.temp !== undefined;
  }
  return (root, name) => {
    if (root === 'temp') return !temp;
    return (root === 'data' || root === 'connection') && stored.has(name) && !fields.has(name);
  };
}

/** What each kind of expression says about its truth. */
const JUDGES: { readonly [kind in Expression['kind']]?: (expression: never, unset: Unset) => boolean | undefined } = {
  number: ({ value }: { value: number }) => value !== 0,
  string: ({ value }: { value: string }) => value !== '',
  keyword: ({ name }: { name: string }) => lookUp(KEYWORDS, name),
  not: ({ operand }: { operand: Expression }, unset) => negated(judge(operand, unset)),
  binary: (expression: Extract<Expression, { kind: 'binary' }>, unset) => judgeBinary(expression, unset),
  call: (expression: Extract<Expression, { kind: 'call' }>, unset) => judgeCall(expression, unset),
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

function judge(expression: Expression, unset: Unset): boolean | undefined {
  if (isUnset(expression, unset)) return false;
  return JUDGES[expression.kind]?.(expression as never, unset);
}

function isUnset(expression: Expression, unset: Unset): boolean {
  const reference = referenceOf(expression);
  const [name] = reference?.members ?? [];
  return reference !== undefined && name !== undefined && unset(reference.root, name);
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

const ORDER = new Set(['<', '<=', '>', '>=']);

function judgeBinary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  unset: Unset,
): boolean | undefined {
  // Nothing is smaller or greater than what is not there.
  if (ORDER.has(operator)) return isUnset(left, unset) || isUnset(right, unset) ? false : undefined;
  if (operator !== '|' && operator !== '&') return undefined;
  const truths = [judge(left, unset), judge(right, unset)];
  const decisive = operator === '|';
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : !decisive;
}

function judgeCall({ name, args }: Extract<Expression, { kind: 'call' }>, unset: Unset): boolean | undefined {
  const [first, second, third] = args;
  if (first === undefined) return undefined;
  if (name === 'ifempty' && second !== undefined) return isUnset(first, unset) ? judge(second, unset) : undefined;
  if (name !== 'if' || second === undefined) return undefined;
  const condition = judge(first, unset);
  const otherwise = third === undefined ? false : judge(third, unset);
  if (condition !== undefined) return condition ? judge(second, unset) : otherwise;
  const whenTrue = judge(second, unset);
  return whenTrue === otherwise ? whenTrue : undefined;
}
