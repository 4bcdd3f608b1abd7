import { SYNTAX_ERRORS, type SyntaxErrorText, unexpected } from './syntax-errors.ts';
import {
  type Expression,
  KEYWORDS,
  type KeywordName,
  type Operator,
  PRECEDENCE,
  type SyntaxProblem,
  type Template,
  type TemplatePart,
} from './tree.ts';

/** Levels that an expression may be nested, counting each operator and access, so that no reader recurses without end. */
const DEPTH_LIMIT = 500;

/**
 * Reads a template: text with any number of `{{expressions}}`. Never throws: what is wrong is in `problems`, with at
 * most one problem for each expression, and reading goes on after it. Takes time in proportion to the length.
 *
 * Both `,` and `;` separate arguments, at every level: Make documents the comma for sections and uses the semicolon in
 * its scenario editor, and sections in use hold both, even in one call.
 * @example
 * const { parts, problems } = parseTemplate('Bearer {{parameters.apiKey}}');
 */
export function parseTemplate(text: string): Template {
  let open = text.indexOf('{{');
  if (open < 0) {
    return { text, parts: text === '' ? [] : [{ kind: 'text', text, offset: 0, end: text.length }], problems: [] };
  }
  const reader = new Reader(text);
  const parts: TemplatePart[] = [];
  let offset = 0;
  while (open >= 0) {
    if (open > offset) parts.push({ kind: 'text', text: text.slice(offset, open), offset, end: open });
    const part = reader.part(open);
    parts.push(part);
    offset = part.end;
    open = text.indexOf('{{', offset);
  }
  if (offset < text.length) parts.push({ kind: 'text', text: text.slice(offset), offset, end: text.length });
  return { text, parts, problems: reader.problems };
}

const NONE: readonly SyntaxProblem[] = [];

const NAMES: ReadonlyMap<string, KeywordName> = new Map(KEYWORDS.map((word) => [word, word]));

/** Classes of characters. */
const SPACE = 1;
const DIGIT = 2;
const LETTER = 4;

const CLASSES = new Uint8Array(128);
for (const character of '\t\n\v\f\r ') CLASSES[character.charCodeAt(0)] = SPACE;
for (const character of '0123456789') CLASSES[character.charCodeAt(0)] = DIGIT;
for (const character of '_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  CLASSES[character.charCodeAt(0)] = LETTER;

function classOf(code: number): number {
  return code < 128 ? (CLASSES[code] as number) : code === 0xa0 || code === 0xfeff ? SPACE : 0;
}

const BANG = 0x21;
const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BACKTICK = 0x60;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The operator that each character begins, in its shortest spelling. */
const OPERATORS: readonly (Operator | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (character === '!') return '!=';
  return Object.hasOwn(PRECEDENCE, character) ? (character as Operator) : undefined;
});

/** Thrown inside the reader only, once for a broken expression: building an Error would cost more than the parsing. */
const BROKEN = Symbol('broken');

/** A recursive descent over character codes: the tree is all that it allocates. */
class Reader {
  problems: readonly SyntaxProblem[] = NONE;
  private readonly text: string;
  private at = 0;
  /** How deep the parser is, and how high the tree is that it read last. */
  private depth = 0;
  private height = 0;
  private operatorLength = 0;
  private finders: { closing: Finder; second: Finder; opening: Finder } | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The part that begins with the `{{` at `open`. */
  part(open: number): TemplatePart {
    this.at = open + 2;
    this.depth = 0;
    try {
      const expression = this.expression(0);
      const code = this.skip();
      if (code !== CLOSE_BRACE || this.text.charCodeAt(this.at + 1) !== CLOSE_BRACE) this.unexpected('operator');
      return { kind: 'expression', expression, offset: open, end: this.at + 2 };
    } catch (thrown) {
      if (thrown !== BROKEN) throw thrown;
      const end = this.recover(open);
      return { kind: 'broken', text: this.text.slice(open, end), offset: open, end };
    }
  }

  /** Operators that bind at least as tightly as `least`, and their operands. */
  private expression(least: number): Expression {
    if (++this.depth > DEPTH_LIMIT) this.fail(SYNTAX_ERRORS.tooDeep, this.at, 1);
    let left = this.operand();
    for (;;) {
      const operator = this.operator();
      if (operator === undefined) break;
      const precedence = PRECEDENCE[operator];
      if (precedence < least) break;
      const at = this.at;
      this.at += this.operatorLength;
      const height = this.height;
      const right = this.expression(precedence + 1);
      this.grow(height, at);
      left = { kind: 'binary', operator, left, right, offset: left.offset, end: right.end };
    }
    this.depth--;
    return left;
  }

  /** The tree that was read last becomes part of a larger one, beside one of `height`. */
  private grow(height: number, at: number): void {
    if (height > this.height) this.height = height;
    if (++this.height > DEPTH_LIMIT) this.fail(SYNTAX_ERRORS.tooDeep, at, 1);
  }

  /** The operator that stands next, if one does; its spelling's length is in operatorLength. */
  private operator(): Operator | undefined {
    const code = this.skip();
    if (code === CLOSE_BRACE || code >= 128) return undefined;
    const operator = OPERATORS[code];
    if (operator === undefined) return undefined;
    const next = this.text.charCodeAt(this.at + 1);
    const more = next === EQUALS ? this.text.charCodeAt(this.at + 2) === EQUALS : false;
    this.operatorLength = 1;
    switch (operator) {
      case '=':
        if (next === 0x3e) this.fail(SYNTAX_ERRORS.arrow, this.at, 2);
        this.operatorLength = next === EQUALS ? (more ? 3 : 2) : 1;
        return operator;
      case '!=':
        if (next !== EQUALS) return undefined;
        this.operatorLength = more ? 3 : 2;
        return operator;
      case '|':
      case '&':
        if (next === code) this.operatorLength = 2;
        return operator;
      case '+':
        if (next !== PLUS) return operator;
        this.operatorLength = 2;
        return '++';
      case '<':
      case '>':
        if (operator === '<' && next === 0x3e) this.fail(SYNTAX_ERRORS.angles, this.at, 2);
        if (next !== EQUALS) return operator;
        this.operatorLength = 2;
        return operator === '<' ? '<=' : '>=';
      case '*':
        if (next === code) this.fail(SYNTAX_ERRORS.power, this.at, 2);
        return operator;
      default:
        return operator;
    }
  }

  private operand(): Expression {
    const code = this.skip();
    if (code !== BANG) return this.postfix(this.primary(code));
    const offset = this.at++;
    if (++this.depth > DEPTH_LIMIT) this.fail(SYNTAX_ERRORS.tooDeep, offset, 1);
    const operand = this.operand();
    this.depth--;
    this.grow(0, offset);
    return { kind: 'not', operand, offset, end: operand.end };
  }

  private postfix(primary: Expression): Expression {
    let object = primary;
    for (;;) {
      const code = this.skip();
      if (code === DOT) {
        const at = this.at++;
        const name = this.memberName();
        this.grow(0, at);
        object = { kind: 'member', object, name, offset: object.offset, end: this.at };
        if (this.text.charCodeAt(this.at) === OPEN_PAREN)
          this.fail(SYNTAX_ERRORS.method(name), at + 1, this.at - at - 1);
      } else if (code === OPEN_BRACKET) {
        const at = this.at++;
        const height = this.height;
        const index = this.skip() === CLOSE_BRACKET ? undefined : this.expression(0);
        if (this.skip() !== CLOSE_BRACKET) this.unexpected('bracket');
        this.at++;
        this.grow(height, at);
        object = { kind: 'index', object, index, offset: object.offset, end: this.at };
      } else return object;
    }
  }

  private memberName(): string {
    const code = this.skip();
    const offset = this.at;
    if (code === BACKTICK) return this.backticked();
    if (classOf(code) !== LETTER) this.unexpected('name');
    this.word();
    return this.text.slice(offset, this.at);
  }

  private primary(code: number): Expression {
    this.height = 1;
    const offset = this.at;
    const kind = classOf(code);
    if (kind === LETTER) {
      this.word();
      const name = this.text.slice(offset, this.at);
      if (this.skip() === OPEN_PAREN) return this.call(name, offset);
      const end = offset + name.length;
      const keyword = NAMES.get(name);
      return keyword === undefined
        ? { kind: 'variable', name, offset, end }
        : { kind: 'keyword', name: keyword, offset, end };
    }
    if (kind === DIGIT) return this.number(offset);
    if (code === QUOTE || code === DOUBLE_QUOTE) {
      const end = this.text.indexOf(code === QUOTE ? "'" : '"', offset + 1);
      if (end < 0) this.fail(SYNTAX_ERRORS.openString, offset, 1);
      this.at = end + 1;
      return { kind: 'string', value: this.text.slice(offset + 1, end), offset, end: end + 1 };
    }
    if (code === OPEN_PAREN) {
      this.at++;
      const inner = this.expression(0);
      if (this.skip() !== CLOSE_PAREN) this.unexpected('parenthesis');
      this.at++;
      return inner;
    }
    if (code === BACKTICK) return { kind: 'variable', name: this.backticked(), offset, end: this.at };
    if (code === MINUS && classOf(this.text.charCodeAt(offset + 1)) === DIGIT) {
      this.at++;
      return this.number(offset);
    }
    return this.unexpected('value');
  }

  /** The arguments of the function whose name begins at `offset`. */
  private call(name: string, offset: number): Expression {
    this.at++;
    const args: Expression[] = [];
    let height = 0;
    if (this.skip() !== CLOSE_PAREN) {
      for (;;) {
        args.push(this.expression(0));
        if (this.height > height) height = this.height;
        const code = this.skip();
        if (code === CLOSE_PAREN) break;
        if (code !== COMMA && code !== SEMICOLON) this.unexpected('argument');
        this.at++;
      }
    }
    this.at++;
    this.height = height;
    this.grow(0, offset);
    return { kind: 'call', name, args, offset, end: this.at };
  }

  private number(offset: number): Expression {
    const text = this.text;
    while (classOf(text.charCodeAt(this.at)) === DIGIT) this.at++;
    if (text.charCodeAt(this.at) === DOT && classOf(text.charCodeAt(this.at + 1)) === DIGIT) {
      this.at++;
      while (classOf(text.charCodeAt(this.at)) === DIGIT) this.at++;
    }
    return { kind: 'number', value: Number(text.slice(offset, this.at)), offset, end: this.at };
  }

  private backticked(): string {
    const offset = this.at + 1;
    const end = this.text.indexOf('`', offset);
    if (end < 0) this.fail(SYNTAX_ERRORS.openBacktick, this.at, 1);
    this.at = end + 1;
    return this.text.slice(offset, end);
  }

  private word(): void {
    const text = this.text;
    let at = this.at + 1;
    while ((classOf(text.charCodeAt(at)) & (LETTER | DIGIT)) !== 0) at++;
    this.at = at;
  }

  /** Skips space, and gives the character code that stands next; NaN at the end. */
  private skip(): number {
    let code = this.text.charCodeAt(this.at);
    while (classOf(code) === SPACE) code = this.text.charCodeAt(++this.at);
    return code;
  }

  private fail(complaint: SyntaxErrorText, offset: number, length: number): never {
    if (this.problems === NONE) this.problems = [];
    (this.problems as SyntaxProblem[]).push({ ...complaint, offset, length });
    throw BROKEN;
  }

  private unexpected(expected: Parameters<typeof unexpected>[2]): never {
    const { offset, length, ...complaint } = unexpected(this.text, this.at, expected);
    this.fail(complaint, offset, length);
  }

  /**
   * Where reading goes on after the broken expression that begins at `open`: behind the braces that close it. Braces
   * that open again before that are inside it when something is left to close both, and begin the next one otherwise.
   */
  private recover(open: number): number {
    const text = this.text;
    this.finders ??= {
      closing: new Finder(text, '}}'),
      second: new Finder(text, '}}'),
      opening: new Finder(text, '{{'),
    };
    const { closing, second, opening } = this.finders;
    const close = closing.after(open + 2);
    if (close < 0) return text.length;
    for (let at = open + 2; at < close; at++) {
      const code = text.charCodeAt(at);
      if (code === OPEN_BRACE && text.charCodeAt(at + 1) === OPEN_BRACE) {
        const outer = second.after(close + 2);
        const next = opening.after(close + 2);
        return outer >= 0 && (next < 0 || outer < next) ? outer + 2 : at;
      }
      if (code !== QUOTE && code !== DOUBLE_QUOTE) continue;
      const end = text.indexOf(code === QUOTE ? "'" : '"', at + 1);
      if (end < 0) continue;
      if (end > close) break;
      at = end;
    }
    return close + 2;
  }
}

/** Finds the next occurrence of a word. Searches that go forward look at each character of the text once. */
class Finder {
  readonly #text: string;
  readonly #word: string;
  #from = 0;
  #found = -2;

  constructor(text: string, word: string) {
    this.#text = text;
    this.#word = word;
  }

  after(offset: number): number {
    const known = this.#found !== -2 && offset >= this.#from && (this.#found === -1 || offset <= this.#found);
    if (known) return this.#found;
    this.#from = offset;
    this.#found = this.#text.indexOf(this.#word, offset);
    return this.#found;
  }
}
