import { type JSONPath, visit } from 'jsonc-parser';
import type { Path } from './diagnostics.ts';
import { isObject } from './json.ts';

/** A comment, and the value that it is about. */
export interface Comment {
  /** With its slashes. */
  readonly text: string;
  readonly path: Path;
  /** Before the value, behind it on its line, or at the end inside it. */
  readonly where: 'before' | 'behind' | 'inside';
}

/** The comments of a JSON text, in its order. */
export function commentsIn(text: string): Comment[] {
  const comments: Comment[] = [];
  /** Comments whose value has not come yet. */
  let pending: string[] = [];
  let last: { readonly path: Path; readonly line: number } | undefined;
  const begin = (path: Path) => {
    for (const comment of pending) comments.push({ text: comment, path, where: 'before' });
    pending = [];
  };
  const end = (path: Path) => {
    for (const comment of pending) comments.push({ text: comment, path, where: 'inside' });
    pending = [];
  };
  const open: Path[] = [];
  let at: Path = [];
  visit(
    text,
    {
      onObjectProperty: (name, _offset, _length, _line, _column, path) => {
        at = [...path(), name];
        begin(at);
      },
      onObjectBegin: (_offset, _length, line, _column, path) => opened(path(), line),
      onArrayBegin: (_offset, _length, line, _column, path) => opened(path(), line),
      onLiteralValue: (_value, _offset, _length, line, _column, path) => {
        begin(path());
        last = { path: path(), line };
      },
      onObjectEnd: (_offset, _length, line) => closed(line),
      onArrayEnd: (_offset, _length, line) => closed(line),
      onComment: (offset, length, line) => {
        const comment = text.slice(offset, offset + length).trimEnd();
        if (last !== undefined && last.line === line)
          comments.push({ text: comment, path: last.path, where: 'behind' });
        else pending.push(comment);
      },
    },
    { allowTrailingComma: true },
  );
  end([]);
  return comments;

  function opened(path: JSONPath, line: number): void {
    begin(path);
    open.push([...path]);
    last = { path: [...path], line };
  }

  function closed(line: number): void {
    const path = open.pop() ?? [];
    end(path);
    last = { path, line };
  }
}

/** The value as JSON text of two spaces, each comment at its value. A comment of a value that is not there is left out. */
export function printWithComments(value: unknown, comments: readonly Comment[]): string {
  const printer = new Printer(comments);
  return `${printer.lines(value, [], '').join('\n')}\n`;
}

class Printer {
  readonly #comments = new Map<string, Comment[]>();

  constructor(comments: readonly Comment[]) {
    for (const comment of comments) {
      const key = JSON.stringify(comment.path);
      this.#comments.set(key, [...(this.#comments.get(key) ?? []), comment]);
    }
  }

  lines(value: unknown, path: Path, head: string, comma = ''): string[] {
    const before = this.#texts(path, 'before');
    const behind = this.#texts(path, 'behind');
    const tail = `${comma}${behind.map((text) => ` ${text}`).join('')}`;
    const inside = this.#texts(path, 'inside').flatMap(indented);
    const entries = Array.isArray(value)
      ? value.map((item, index) => [index, item, ''] as const)
      : isObject(value)
        ? Object.entries(value).map(([key, item]) => [key, item, `${JSON.stringify(key)}: `] as const)
        : undefined;
    const own = before.flatMap((text) => text.split('\n').map((line) => line.trim()));
    if (entries === undefined) return [...own, `${head}${JSON.stringify(value)}${tail}`];
    const [start, end] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    if (entries.length === 0 && inside.length === 0) return [...own, `${head}${start}${end}${tail}`];
    const inner = entries.flatMap(([key, item, title], index) =>
      this.lines(item, [...path, key], title, index < entries.length - 1 ? ',' : '').map((line) => `  ${line}`),
    );
    return [...own, `${head}${start}`, ...inner, ...inside, `${end}${tail}`];
  }

  #texts(path: Path, where: Comment['where']): string[] {
    const all = this.#comments.get(JSON.stringify(path)) ?? [];
    return all.filter((comment) => comment.where === where).map(({ text }) => text);
  }
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line.trim()}`);
}
