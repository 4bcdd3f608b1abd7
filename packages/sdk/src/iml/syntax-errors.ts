import { lookUp } from '../json.ts';
import type { SyntaxProblem } from './tree.ts';

/** Text of a syntax error. */
export type SyntaxErrorText = Pick<SyntaxProblem, 'code' | 'message' | 'hint'>;

/** Expected parts of an expression. */
type Expected = 'value' | 'operator' | 'argument' | 'parenthesis' | 'bracket' | 'name';

function syntax(message: string, hint: string): SyntaxErrorText {
  return { code: 'iml/syntax', message, hint };
}

function foreign(message: string, hint: string): SyntaxErrorText {
  return { code: 'iml/foreign-syntax', message, hint };
}

/** Mistakes that are known by what stands there. */
export const SYNTAX_ERRORS = {
  tooDeep: syntax('The expression is nested too deeply here.', 'Compute a part of it in temp, and use that.'),
  openString: syntax(
    'The text that begins here is not closed.',
    'Close it with the same quote; to put a quote into a text, enclose the text in the other one.',
  ),
  openBacktick: syntax('The name that begins here is not closed.', 'Close it with a backtick.'),
  empty: syntax('The braces are empty.', 'Write an expression, or remove the braces.'),
  spread: syntax(
    '{{...}} stands for the properties of an object, and only as a key.',
    'Write {"{{...}}": "{{object}}"}, or an expression here.',
  ),
  open: syntax('The expression is not closed.', 'Close it with }}.'),
  arrow: foreign(
    'Functions cannot be defined inside an IML expression.',
    'Use map, sort or join, or compute the value in temp.',
  ),
  angles: foreign('IML has no operator <>.', 'Write != for unequal.'),
  power: foreign('IML has no operator **.', 'Multiply with *.'),
  nested: foreign(
    'Braces inside braces.',
    'One pair encloses the whole expression: join texts inside it with +, or end the pair before the next one begins.',
  ),
  object: foreign(
    'IML has no object literals.',
    'Write the object as JSON in temp, and use temp.name; parseJSON reads one from a text.',
  ),
  array: foreign(
    'IML has no list literals: Make reads [ ] here as null.',
    "Write split('a,b', ','), merge(…) or emptyarray.",
  ),
  ternary: foreign('IML has no operator ? :.', 'Write if(condition, then, otherwise).'),
  coalesce: foreign('IML has no operator ??.', 'Write ifempty(value, otherwise).'),
  chaining: foreign(
    'IML has no operator ?.',
    'Write a plain dot: a missing part of a path gives undefined, and no error.',
  ),
  letters: syntax(
    'A name without backticks holds only letters from A to Z, digits and _.',
    'Enclose the name in backticks, as in parameters.`größe`.',
  ),
  negative: syntax('Only numbers have a sign.', 'Subtract the value from 0.'),
  method: (name: string) =>
    foreign(
      `IML has no methods: ${name} cannot be called on a value.`,
      `Give the value to the function: ${name}(value, …).`,
    ),
} as const satisfies Record<string, SyntaxErrorText | ((name: string) => SyntaxErrorText)>;

/** The operators that other languages write as words. */
const WORDS: Readonly<Record<string, string>> = {
  and: '&',
  or: '|',
  eq: '=',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  mod: '%',
  div: '/',
  is: '=',
};

const EXPECTED: Readonly<Record<Expected, readonly [noun: string, hint: string]>> = {
  value: ['a value', 'Write a variable, a number, a text in quotes or a function.'],
  operator: [
    'an operator or the end of the expression',
    'Join the two parts with an operator, or close the expression with }}.',
  ],
  argument: [
    'an operator, a comma or a closing parenthesis',
    'Separate arguments with a comma, and close the parenthesis.',
  ],
  parenthesis: ['an operator or a closing parenthesis', 'Close the parenthesis.'],
  bracket: ['an operator or a closing bracket', 'Close the bracket.'],
  name: ['a name', 'Put names with other characters than letters, digits and _ in backticks, such as headers.`x-id`.'],
};

/** Returns the syntax error for something else at `at` than what is expected there. */
export function unexpected(text: string, at: number, expected: Expected): SyntaxProblem {
  const rest = text.slice(at, at + 100);
  const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest)?.[0];
  const found = word ?? /^(\d[\w.]*|\.\.\.|[?][?.]|\}\}|\{\{|[\s\S])/u.exec(rest)?.[0] ?? '';
  const place = { offset: Math.min(at, Math.max(text.length - 1, 0)), length: Math.max(found.length, 1) };
  if (expected === 'value') {
    const complaint = valueSyntaxError(text, at, found);
    if (complaint !== undefined) return { ...complaint, ...place };
  } else if (expected !== 'name') {
    const complaint = operatorSyntaxError(text, at, found);
    if (complaint !== undefined) return { ...complaint, ...place };
  }
  if (found === '') return { ...SYNTAX_ERRORS.open, ...place };
  const [noun, hint] = EXPECTED[expected];
  const message = `${JSON.stringify(found.slice(0, 40))} is found where ${noun} is expected.`;
  return { ...syntax(message, hint), ...place };
}

function valueSyntaxError(text: string, at: number, found: string): SyntaxErrorText | undefined {
  if (found === '[') return SYNTAX_ERRORS.array;
  if (found === '{{') return SYNTAX_ERRORS.nested;
  if (found === '{') return SYNTAX_ERRORS.object;
  if (found === '-') return SYNTAX_ERRORS.negative;
  const beginning = text
    .slice(Math.max(at - 50, 0), at)
    .trimEnd()
    .endsWith('{{');
  if (beginning && found === '}}') return SYNTAX_ERRORS.empty;
  if (beginning && found === '...') return SYNTAX_ERRORS.spread;
  return undefined;
}

function operatorSyntaxError(text: string, at: number, found: string): SyntaxErrorText | undefined {
  if (found === '{{') return SYNTAX_ERRORS.nested;
  if (found === '?.') return SYNTAX_ERRORS.chaining;
  if (found === '??') return SYNTAX_ERRORS.coalesce;
  if (found === '?') return SYNTAX_ERRORS.ternary;
  if (/^[^ -~]|^\$/.test(found) && /\w$/.test(text.charAt(at - 1))) return SYNTAX_ERRORS.letters;
  const operator = lookUp(WORDS, found.toLowerCase());
  if (operator !== undefined) return foreign(`IML has no operator ${found}.`, `Write ${operator}.`);
  if (/(^|[^\w.])not\s+$/.test(text.slice(Math.max(at - 20, 0), at)))
    return foreign('IML has no operator not.', 'Write !.');
  return undefined;
}
