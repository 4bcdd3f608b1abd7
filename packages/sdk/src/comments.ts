import { visit } from 'jsonc-parser';
import type { Path } from './diagnostics.ts';
import { endOfString, isObject } from './json.ts';

/** A comment, and the value that it is about. */
export interface Comment {
  /** With its slashes. */
  readonly text: string;
  /** Where it begins, in UTF-16 code units. */
  readonly offset: number;
  readonly path: Path;
  /** Before the value, behind it on its line, or at the end inside it. */
  readonly where: 'before' | 'behind' | 'inside';
  /** True if a blank line stands between the comment and the value that it comes before, as behind a heading. */
  readonly apart: boolean;
}

/**
 * The comments of a JSON text, in its order. A comment is about the value that begins behind it on the line on which
 * the comment ends, else about the value that ends or opens before it on its line, else about the value that follows. A
 * comment that goes on exactly below one behind a value is about that value, too.
 */
export function commentsIn(text: string): Comment[] {
  const owners = new Owners();
  const open: Path[] = [];
  let member: Path = [];
  visit(
    text,
    {
      onObjectProperty: (name, _offset, _length, line, column, path) => {
        member = [...path(), name];
        owners.begin(member, line, column);
      },
      onSeparator: (character) => owners.separate(character === ':' ? member : undefined),
      onObjectBegin: (_offset, _length, line, column, path) => opened([...path()], line, column),
      onArrayBegin: (_offset, _length, line, column, path) => opened([...path()], line, column),
      onLiteralValue: (_value, _offset, _length, line, column, path) => owners.begin([...path()], line, column),
      onObjectEnd: (_offset, _length, line) => closed(line),
      onArrayEnd: (_offset, _length, line) => closed(line),
      onComment: (offset, length, line, column) =>
        owners.wait(text.slice(offset, offset + length).trimEnd(), offset, line, column),
    },
    { allowTrailingComma: true },
  );
  owners.end([]);
  return owners.comments.sort((a, b) => a.offset - b.offset);

  function opened(path: Path, line: number, column: number): void {
    owners.begin(path, line, column);
    open.push(path);
  }

  function closed(line: number): void {
    const path = open.pop() ?? [];
    owners.end(path);
    owners.ended(path, line);
  }
}

/** A comment of which it is not known yet what it is about. Lines and columns count from 0. */
interface Waiting {
  readonly text: string;
  readonly offset: number;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
}

class Owners {
  readonly comments: Comment[] = [];
  #waiting: Waiting[] = [];
  /** The value that ended or opened last. */
  #last: { readonly path: Path; readonly line: number } | undefined;
  /** The comment that was reported last to stand behind a value. */
  #behind: Waiting | undefined;

  wait(text: string, offset: number, line: number, column: number): void {
    this.#waiting.push({ text, offset, line, column, endLine: line + text.split('\n').length - 1 });
  }

  /** A value begins, or its name does. */
  begin(path: Path, line: number, column: number): void {
    const own = this.#waiting.findIndex(({ endLine }) => endLine === line);
    const [earlier, inLine] = own < 0 ? [this.#waiting, []] : [this.#waiting.slice(0, own), this.#waiting.slice(own)];
    const left = this.#settleBehind(earlier, column);
    let next = line;
    const before = [...left, ...inLine].reverse().map((comment) => {
      const apart = next - comment.endLine > 1;
      next = apart ? Number.POSITIVE_INFINITY : comment.line;
      return { comment, apart };
    });
    for (const { comment, apart } of before.reverse()) this.#settle(comment, path, 'before', apart);
    this.#waiting = [];
    this.#behind = undefined;
    this.#last = { path, line };
  }

  /** A comma, or the colon of a member. */
  separate(member: Path | undefined): void {
    this.#waiting = this.#settleBehind(this.#waiting);
    if (member === undefined) return;
    for (const comment of this.#waiting) this.#settle(comment, member, 'before');
    this.#waiting = [];
  }

  /** The value at the path, or the text, is about to end. */
  end(path: Path): void {
    for (const comment of this.#settleBehind(this.#waiting)) this.#settle(comment, path, 'inside');
    this.#waiting = [];
  }

  ended(path: Path, line: number): void {
    this.#last = { path, line };
  }

  /** Settles those that stand behind the last value, or go on below one that does, and gives the others. */
  #settleBehind(comments: readonly Waiting[], nextColumn?: number): Waiting[] {
    const last = this.#last;
    if (last === undefined) return [...comments];
    const others = comments.findIndex((comment) => {
      const above = this.#behind;
      const goesOn =
        comment.column === above?.column && comment.line === above.endLine + 1 && comment.column !== nextColumn;
      if (comment.line !== last.line && !goesOn) return true;
      this.#behind = comment;
      this.#settle(comment, last.path, 'behind');
      return false;
    });
    return others < 0 ? [] : comments.slice(others);
  }

  #settle({ text, offset }: Waiting, path: Path, where: Comment['where'], apart = false): void {
    this.comments.push({ text, offset, path, where, apart });
  }
}

/** The value as JSON text of two spaces, each comment at its value. A comment of a value that is not there is left out. */
export function printWithComments(value: unknown, comments: readonly Comment[]): string {
  return `${linesWithComments(value, comments, '  ').join('\n')}\n`;
}

/** The lines of a JSON text of the value, each comment at its value. */
export function linesWithComments(value: unknown, comments: readonly Comment[], indent: string): string[] {
  return new Printer(comments, indent).lines(value, [], '');
}

class Printer {
  readonly #comments = new Map<string, Comment[]>();
  readonly #indent: string;

  constructor(comments: readonly Comment[], indent: string) {
    this.#indent = indent;
    for (const comment of comments) {
      const key = JSON.stringify(comment.path);
      const known = this.#comments.get(key);
      if (known === undefined) this.#comments.set(key, [comment]);
      else known.push(comment);
    }
  }

  lines(value: unknown, path: Path, head: string, comma = ''): string[] {
    const behind = this.#texts(path, 'behind');
    // Nothing can follow a comment that goes on to the end of its line.
    const fits = (text: string, index: number) =>
      !text.includes('\n') && (text.startsWith('/*') || index === behind.length - 1);
    const tail = `${comma}${behind
      .filter(fits)
      .map((text) => ` ${text}`)
      .join('')}`;
    const above = behind.filter((text, index) => !fits(text, index));
    const own = [...this.#texts(path, 'before'), ...above].flatMap(trimmedLines);
    const entries = Array.isArray(value)
      ? value.map((item, index) => [index, item, ''] as const)
      : isObject(value)
        ? Object.entries(value).map(([key, item]) => [key, item, `${JSON.stringify(key)}: `] as const)
        : undefined;
    if (entries === undefined) return [...own, `${head}${JSON.stringify(value)}${tail}`];
    const [start, end] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    const inside = this.#texts(path, 'inside').flatMap(trimmedLines);
    if (entries.length === 0 && inside.length === 0) return [...own, `${head}${start}${end}${tail}`];
    const inner = entries.flatMap(([key, item, title], index) =>
      this.lines(item, [...path, key], title, index < entries.length - 1 ? ',' : ''),
    );
    const indented = [...inner, ...inside].map((line) => `${this.#indent}${line}`);
    return [...own, `${head}${start}`, ...indented, `${end}${tail}`];
  }

  #texts(path: Path, where: Comment['where']): string[] {
    const all = this.#comments.get(JSON.stringify(path)) ?? [];
    return all.filter((comment) => comment.where === where).map(({ text }) => text);
  }
}

function trimmedLines(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}

/**
 * A text without its comments, of which nothing is known that the parser of JSON does not check. Only what looks like a
 * comment is looked at: most slashes are those of addresses.
 */
export function withoutComments(text: string): string {
  let without = '';
  /** Up to where the text was taken over or left out. */
  let done = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at)) {
    const mark = text[at + 1];
    const string = mark === '/' || mark === '*' ? stringAround(text, at, done) : at;
    if (string !== undefined) {
      at = string + 1;
      continue;
    }
    const close = mark === '/' ? endOfLine(text, at) : text.indexOf('*/', at + 2);
    // It is not closed.
    if (close < 0) break;
    const end = mark === '/' ? close : close + 2;
    without += `${text.slice(done, at)} `;
    at = done = end;
  }
  return done === 0 ? text : without + text.slice(done);
}

/** Where the string ends that an offset is in; undefined when it is in none. No string is longer than its line. */
function stringAround(text: string, offset: number, from: number): number | undefined {
  const start = Math.max(from, text.lastIndexOf('\n', offset) + 1);
  for (let quote = text.indexOf('"', start); quote >= 0 && quote < offset; ) {
    const end = endOfString(text, quote);
    if (end >= offset) return end;
    quote = text.indexOf('"', end + 1);
  }
  return undefined;
}

function endOfLine(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  const end = next < 0 ? text.length : next;
  const carriage = text.slice(offset, end).indexOf('\r');
  return carriage < 0 ? end : offset + carriage;
}
