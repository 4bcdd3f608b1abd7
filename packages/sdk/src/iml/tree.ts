/** A place in a template: offsets in UTF-16 code units of its text; the end is exclusive. */
export interface Span {
  readonly offset: number;
  readonly end: number;
}

/** The text of a template as it was read. A template without expressions has at most one part. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
  /** Syntax errors: at most one for each expression. */
  readonly problems: readonly SyntaxProblem[];
}

/** A part of a template: plain text, an expression, or an expression with a syntax error. */
export type TemplatePart = TextPart | ExpressionPart | BrokenPart;

/** Text outside expressions, as it stands. */
interface TextPart extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `{{…}}`, the braces included. */
interface ExpressionPart extends Span {
  readonly kind: 'expression';
  readonly expression: Expression;
}

/** An expression that cannot be read, the braces included: one of the problems says why. */
interface BrokenPart extends Span {
  readonly kind: 'broken';
  readonly text: string;
}

/** Expressions carry the place of what they are made of; parentheses around them are not kept. */
export type Expression = NumberLiteral | TextLiteral | Keyword | Variable | Member | Index | Call | Not | Binary;

interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
}

interface TextLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

interface Keyword extends Span {
  readonly kind: 'keyword';
  readonly name: KeywordName;
}

/** The first name of a path. */
export interface Variable extends Span {
  readonly kind: 'variable';
  readonly name: string;
}

export interface Member extends Span {
  readonly kind: 'member';
  readonly object: Expression;
  readonly name: string;
}

/** Counts from 1; negative numbers count from the end; without a number it is the first. */
interface Index extends Span {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression | undefined;
}

/** Begins with the function's name. */
export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

interface Not extends Span {
  readonly kind: 'not';
  readonly operand: Expression;
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Each in its shortest spelling: `||`, `&&`, `==`, `===` and `!==` are read as `|`, `&`, `=` and `!=`. */
export type Operator = '|' | '&' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '++' | '-' | '*' | '/' | '%';

/** How tightly an operator binds; all of them bind to the left. `!` binds with 16, access with 17. */
export const PRECEDENCE: Readonly<Record<Operator, number>> = {
  '|': 5,
  '&': 6,
  '=': 10,
  '!=': 10,
  '<': 11,
  '<=': 11,
  '>': 11,
  '>=': 11,
  '+': 13,
  '++': 13,
  '-': 13,
  '*': 14,
  '/': 14,
  '%': 14,
};

/** The operators that compare their two sides. */
export const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Words that stand for a value wherever a variable could stand; in backticks they are names like any other. */
export const KEYWORDS = [
  'true',
  'false',
  'null',
  'erase',
  'ignore',
  'undefined',
  'emptystring',
  'emptyarray',
  'space',
  'nbsp',
  'tab',
  'newline',
  'carriagereturn',
  'now',
  'timestamp',
  'uuid',
  'pi',
  'random',
] as const;

export type KeywordName = (typeof KEYWORDS)[number];

/** Why an expression cannot be read; offsets in UTF-16 code units of the template's text. */
export interface SyntaxProblem {
  readonly code: 'iml/syntax' | 'iml/foreign-syntax';
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
  readonly length: number;
}
