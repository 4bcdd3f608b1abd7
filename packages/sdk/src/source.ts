import { getNodeValue, type ParseError, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import type { Code } from './codes.ts';
import { withoutComments } from './comments.ts';
import type { Diagnostic, Path, Place, Severity } from './diagnostics.ts';
import { type DuplicateKey, duplicateKeys } from './duplicate-keys.ts';
import { endOfString, lookUp, outlineOf, withSharedParts } from './json.ts';
import { offsetInString } from './string-offsets.ts';
import { ValueNode } from './text-nodes.ts';
import type { TrapName } from './traps.ts';

/** A JSON text as it was read: its value, what is wrong with it, and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Undefined when the text has a syntax error. */
  readonly value: unknown;
  /** The value, or, of a text with a syntax error, the one that was read of the same file before, if it is known. */
  readonly lastValue?: unknown;
  readonly problems: readonly Diagnostic[];
  /**
   * The place of the value at `path`, of the property's name when `part` is 'key', or of the nearest
   * enclosing value that exists. Positions are computed when they are first asked for.
   * @param span of the value that is a string, or of the name, in UTF-16 code units: its place alone
   */
  locate(path: Path, part?: 'key' | 'value', span?: TextSpan): Place;
  /** The place of a stretch of the text; offsets in UTF-16 code units. */
  place(offset: number, length: number): Place;
}

/** A stretch of a string, from `offset` up to and without `end`. */
interface TextSpan {
  readonly offset: number;
  readonly end: number;
}

/** UTF-16 code units of a text that is read: half as much again as Make takes in a request. */
const SIZE_LIMIT = 3 * 1024 * 1024;

/** Levels of nesting that are read; deeper texts are refused, so that no reader recurses without end. */
const DEPTH_LIMIT = 256;

/**
 * Reads JSON, or JSON with comments when `comments` is true. Never throws: what is wrong with the text is
 * in `problems`, and a trailing comma, which no platform promises to accept, is only a warning there. Of a text that is
 * `secret` no problem repeats anything. Parts of the value that are as they were in `before` are the same objects.
 */
export function readSource(file: string, text: string, { comments, secret = false, before }: ReadOptions): Source {
  const lastValue = before?.lastValue;
  const unreadable = damage(text);
  if (unreadable !== undefined) return new Text(file, text, undefined, [unreadable], lastValue);
  const json = comments ? withoutComments(text) : text;
  const outline = outlineOf(json);
  if (outline.depth > DEPTH_LIMIT) return new Text(file, text, undefined, [tooDeep(text)], lastValue);
  let { value, faults }: ParsedText = { value: undefined, faults: NO_FAULTS };
  try {
    value = JSON.parse(json);
  } catch {
    // Not JSON: a trailing comma, or an error whose place only the slower parser tells.
    ({ value, faults } = readSlowly(text, comments, secret));
  }
  const repeated = value === undefined ? [] : duplicateKeys(text, outline.colons, value);
  const all = repeated.length === 0 ? faults : [...faults, ...repeated.map(repetition(secret))];
  return new Text(file, text, withSharedParts(value, lastValue), all, lastValue);
}

/** How a text is read. */
interface ReadOptions {
  /** True if comments are allowed. */
  readonly comments: boolean;
  /** True if no problem may repeat anything of the text (default: false). */
  readonly secret?: boolean;
  /** The same file as it was read before. */
  readonly before?: Source | undefined;
}

/** A parsed text, with its problems. */
interface ParsedText {
  readonly value: unknown;
  readonly faults: readonly TextFault[];
}

function repetition(secret: boolean): (key: DuplicateKey) => TextFault {
  return ({ name, offset, length, first }) => ({
    code: 'source/duplicate-key',
    offset,
    length,
    words: {
      message: `${secret ? 'This key' : JSON.stringify(name)} occurs twice in this object: the first value is lost.`,
      hint: 'Remove one of the two, or rename it.',
    },
    related: { message: 'The first is here.', ...first },
  });
}

/** Positions are worked out when they are first asked for. */
class Text implements Source {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly lastValue: unknown;
  readonly problems: readonly Diagnostic[];
  #root: ValueNode | undefined;
  #starts: number[] | undefined;

  constructor(file: string, text: string, value: unknown, faults: readonly TextFault[], before: unknown) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.lastValue = value === undefined ? before : value;
    this.problems = faults.length === 0 ? NO_PROBLEMS : faults.map((fault) => this.#problem(fault));
  }

  #problem({ code, severity = 'error', offset, length, words, fix, trap, related }: TextFault): Diagnostic {
    const { file } = this;
    const place = this.place(offset, length);
    const others = related && [{ message: related.message, file, ...this.place(related.offset, related.length) }];
    const more = { ...(others && { related: others }), ...(trap && { trap }) };
    const problem = { code, severity, ...words, file, ...place, ...more };
    return fix === undefined
      ? problem
      : { ...problem, fix: { title: fix, edits: [{ file, offset, length, text: '' }] } };
  }

  place(offset: number, length: number): Place {
    this.#starts ??= lineStarts(this.text);
    const [line, column] = position(this.#starts, offset);
    const [endLine, endColumn] = position(this.#starts, offset + length);
    return { line, column, endLine, endColumn };
  }

  locate(path: Path, part: 'key' | 'value' = 'value', span?: TextSpan): Place {
    if (this.value === undefined) return this.#whole();
    this.#root ??= new ValueNode(this.text);
    let node = this.#root;
    for (const step of path) {
      const member = node.member(step);
      // The nearest value around it.
      if (member === undefined) return this.place(node.offset, node.length);
      node = member;
    }
    const target = part === 'key' && node.key !== undefined ? node.key : node;
    if (span === undefined || (target === node && !node.isString)) return this.place(target.offset, target.length);
    const start = offsetInString(this.text, target, span.offset);
    return this.place(start, offsetInString(this.text, target, span.end) - start);
  }

  /** The place of a text that cannot be read, as far as it can. */
  #whole(): Place {
    const tree = parseTree(this.text, [], { allowTrailingComma: true });
    return this.place(tree?.offset ?? 0, tree?.length ?? 0);
  }
}

const NO_FAULTS: readonly TextFault[] = [];
const NO_PROBLEMS: readonly Diagnostic[] = [];

/** A problem of a text; `fix` names the effect of removing the stretch. */
interface TextFault {
  readonly code: Code;
  readonly severity?: Severity;
  readonly offset: number;
  readonly length: number;
  readonly words: Words;
  readonly fix?: string;
  readonly trap?: TrapName;
  readonly related?: { readonly message: string; readonly offset: number; readonly length: number };
}

/** Reads a text that is not JSON, to find out why. */
function readSlowly(text: string, comments: boolean, secret: boolean): ParsedText {
  const first = firstError(text, comments);
  if (first === undefined) {
    const tree = parseTree(text, [], { disallowComments: !comments, allowEmptyContent: false });
    return { value: tree === undefined ? undefined : getNodeValue(tree), faults: [] };
  }
  const { offset, length } = first;
  // Where a comma stands too much, the bracket behind it is found wrong.
  const comma = comments && '}]'.includes(text.charAt(offset)) ? trailingComma(text) : undefined;
  if (comma !== undefined) return comma;
  if (printParseErrorCode(first.error) === 'InvalidCommentToken') {
    return { value: undefined, faults: [{ code: 'source/comment', offset, length, words: COMMENT }] };
  }
  return {
    value: undefined,
    faults: [{ code: 'source/syntax', offset, length, words: syntaxWords(first, text, secret) }],
  };
}

/** Thrown to end the reading of a text: what follows its first error is not looked at. */
const ENOUGH = Symbol('enough');

function firstError(text: string, comments: boolean): ParseError | undefined {
  let first: ParseError | undefined;
  const onError = (error: number, offset: number, length: number) => {
    first = { error, offset, length };
    throw ENOUGH;
  };
  try {
    visit(text, { onError }, { disallowComments: !comments, allowEmptyContent: false });
  } catch (thrown) {
    if (thrown !== ENOUGH) throw thrown;
  }
  return first;
}

/** Why a text is not even looked at. */
function damage(text: string): TextFault | undefined {
  if (text.length > SIZE_LIMIT)
    return { code: 'source/too-large', offset: 0, length: 0, words: sizeWords(text.length) };
  const damaged = text.startsWith('\uFEFF') ? 0 : isWellFormed(text) ? -1 : text.search(/\p{Surrogate}/u);
  if (damaged < 0) return undefined;
  return { code: 'source/encoding', offset: damaged, length: 1, words: encodingWords(text[damaged]) };
}

function tooDeep(text: string): TextFault {
  const offset = offsetOfDepth(text, DEPTH_LIMIT) ?? 0;
  return { code: 'source/too-deep', offset, length: 1, words: TOO_DEEP };
}

/** Checks if no surrogate stands alone. The library that the compiler is set to does not know the method yet. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** The value and the first trailing comma of a text in which nothing else is wrong. */
function trailingComma(text: string): ParsedText | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const offset = offsetOfTrailingComma(text);
  if (errors.length > 0 || tree === undefined || offset === undefined) return undefined;
  const fault = { code: 'source/trailing-comma', severity: 'warning', offset, length: 1 } as const;
  return {
    value: getNodeValue(tree),
    faults: [{ ...fault, words: TRAILING_COMMA, fix: 'Remove the comma', trap: 'formatter-trailing-comma' }],
  };
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

const COMMENT: Words = {
  message: 'Comments are not allowed in this file.',
  hint: 'Remove the comment: this file is read as strict JSON.',
};
const TRAILING_COMMA: Words = {
  message: 'Comma after the last item.',
  hint: 'Remove it: Make documents comments in sections, but not trailing commas.',
};
const TOO_DEEP: Words = {
  message: `The text is nested more than ${DEPTH_LIMIT} levels deep here.`,
  hint: 'Flatten the value: no section needs more than a few dozen levels.',
};

const SYNTAX: Readonly<Record<string, Words>> = {
  InvalidSymbol: {
    message: 'is not a JSON value.',
    hint: 'JSON values are true, false, null, numbers, strings in double quotes, objects and arrays.',
  },
  InvalidNumberFormat: { message: 'is not a JSON number.', hint: 'Write it as in 12, -0.5 or 1e3.' },
  PropertyNameExpected: {
    message: 'is found where a property name is expected.',
    hint: 'Property names are strings in double quotes.',
  },
  ValueExpected: { message: 'is found where a value is expected.', hint: 'Add the value.' },
  ColonExpected: {
    message: 'is found where a colon is expected.',
    hint: 'Put a colon between a property and its value.',
  },
  CommaExpected: {
    message: 'is found where a comma is expected.',
    hint: 'Add a comma after the item before it.',
  },
  CloseBraceExpected: {
    message: 'is found where a closing brace is expected.',
    hint: 'Close the object with }.',
  },
  CloseBracketExpected: {
    message: 'is found where a closing bracket is expected.',
    hint: 'Close the array with ].',
  },
  EndOfFileExpected: {
    message: 'is found after the end of the value.',
    hint: 'A file contains one value: remove the rest.',
  },
  UnexpectedEndOfComment: { message: 'The comment is not closed.', hint: 'Close it with */.' },
  UnexpectedEndOfString: {
    message: 'The string is not closed.',
    hint: 'Close it with a double quote on the same line; a line break inside it is written \\n.',
  },
  UnexpectedEndOfNumber: { message: 'The number is not complete.', hint: 'Add the missing digits.' },
  InvalidUnicode: {
    message: 'The \\u escape is not complete.',
    hint: 'It takes four hexadecimal digits, as in \\u00e9.',
  },
  InvalidEscapeCharacter: {
    message: 'is an unknown escape.',
    hint: 'JSON has the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.',
  },
  InvalidCharacter: {
    message: 'The string contains a control character.',
    hint: 'Write it as an escape, such as \\t or \\n.',
  },
};

function syntaxWords(error: ParseError, text: string, secret: boolean): Words {
  if (text.trim() === '')
    return { message: 'The file is empty.', hint: 'Write {} or [] for a section without content.' };
  const words = lookUp(SYNTAX, printParseErrorCode(error.error)) ?? {
    message: 'is not valid here.',
    hint: 'Check the JSON around it.',
  };
  if (!words.message.startsWith('is ')) return words;
  const found = text.slice(error.offset, error.offset + Math.max(error.length, 1));
  const shown = found.trim() === '' ? 'The end of the file' : secret ? 'This text' : JSON.stringify(found.slice(0, 40));
  return { ...words, message: `${shown} ${words.message}` };
}

function sizeWords(length: number): Words {
  return {
    message: `The text has ${megabytes(length)} MB, and the limit is ${megabytes(SIZE_LIMIT)}.`,
    hint: 'Remove what does not belong here: Make refuses requests of more than about 2 MB.',
  };
}

function megabytes(length: number): string {
  return (length / 1024 / 1024).toFixed(1).replace(/\.0$/, '');
}

function encodingWords(character: string | undefined): Words {
  return character === '\uFEFF'
    ? { message: 'The file starts with a byte order mark.', hint: 'Save it as UTF-8 without a byte order mark.' }
    : { message: 'The file is not valid UTF-8 here.', hint: 'Save it again as UTF-8.' };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function position(starts: readonly number[], offset: number): [line: number, column: number] {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - (starts[low] ?? 0) + 1];
}

/** Where brackets, counted outside strings, first nest deeper than `limit`. Comments may only raise the count. */
export function offsetOfDepth(text: string, limit: number): number | undefined {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = endOfString(text, index);
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > limit) return index;
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return undefined;
}

function offsetOfTrailingComma(text: string): number | undefined {
  let pending: number | undefined;
  let found: number | undefined;
  const item = () => {
    pending = undefined;
  };
  const end = () => {
    found ??= pending;
    pending = undefined;
  };
  visit(
    text,
    {
      onSeparator: (character, offset) => {
        if (character === ',') pending = offset;
      },
      onObjectBegin: item,
      onArrayBegin: item,
      onObjectProperty: item,
      onLiteralValue: item,
      onObjectEnd: end,
      onArrayEnd: end,
    },
    { allowTrailingComma: true },
  );
  return found;
}
