import { type ParseError, parseTree } from 'jsonc-parser';
import { type Comment, commentsIn } from '../comments.ts';
import type { Path, TextEdit } from '../diagnostics.ts';

/** A stretch of a text, in UTF-16 code units, and what comes in its place. */
export type Edit = Omit<TextEdit, 'file'>;

/** A value of a text, or a member of an object, and where it stands; in UTF-16 code units. */
export interface Node {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  readonly value?: unknown;
  readonly offset: number;
  readonly length: number;
  readonly colonOffset?: number;
  readonly parent?: Node;
  children?: Node[];
}

/** A text with its nodes and comments. */
export class EditableText {
  readonly text: string;
  readonly root: Node;
  readonly comments: readonly Comment[];
  readonly #own = new Map<string, Comment[]>();
  /** One level of indentation, as the first line that has one shows. */
  readonly unit: string;

  constructor(text: string) {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { allowTrailingComma: true });
    if (root === undefined || errors.length > 0) throw new Error('A text that is not JSON cannot be edited.');
    this.text = text;
    this.root = root;
    this.comments = commentsIn(text);
    for (const comment of this.comments) {
      const key = JSON.stringify(comment.path);
      const known = this.#own.get(key);
      if (known === undefined) this.#own.set(key, [comment]);
      else known.push(comment);
    }
    this.unit = /^[ \t]+(?=[^\s*])/m.exec(text)?.[0] ?? '  ';
  }

  /** The comments that come and go with the value: not those at the end inside it, and no heading above it. */
  ownComments(path: Path): readonly Comment[] {
    const all = this.#own.get(JSON.stringify(path)) ?? [];
    return all.filter(({ where, apart }) => where !== 'inside' && !apart);
  }

  commentsInside(node: Node): readonly Comment[] {
    return this.comments.filter(({ offset }) => offset > node.offset && offset < endOf(node));
  }

  /** The comma between two offsets between which there is no value. */
  comma(from: number, to: number): number | undefined {
    const found = [...this.text.slice(from, to).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/g)];
    const comma = found.find(([text]) => text === ',');
    return comma === undefined ? undefined : from + comma.index;
  }

  /** The white space at the beginning of the line that an offset is in. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(lineStart(this.text, offset), offset))?.[0] ?? '';
  }

  lineLength(offset: number): number {
    return lineRest(this.text, offset) + offset - lineStart(this.text, offset);
  }

  isAtLineStart(offset: number): boolean {
    return this.text.slice(lineStart(this.text, offset), offset).trim() === '';
  }

  hasLineBreak(from: number, to: number): boolean {
    return this.text.slice(from, to).includes('\n');
  }

  isOnOneLine({ offset, length }: Node): boolean {
    return !this.hasLineBreak(offset, offset + length);
  }

  /** A value as this text would write it: on lines that are indented so, or in one line when there is no indentation. */
  print(value: unknown, indent: string | undefined): string {
    if (indent !== undefined) return JSON.stringify(value, undefined, this.unit).replaceAll('\n', `\n${indent}`);
    const lines = JSON.stringify(value, undefined, 1).split(/\n */);
    const space = (line: string, index: number) =>
      index === 0 || lines[index - 1]?.endsWith('[') || line.startsWith(']') ? '' : ' ';
    return lines.map((line, index) => space(line, index) + line).join('');
  }
}

export function endOf({ offset, length }: Node): number {
  return offset + length;
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

export function lineRest(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return (end < 0 ? text.length : end) - from;
}
