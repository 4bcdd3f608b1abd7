import { format, type ParseError, parseTree } from 'jsonc-parser';
import type { Stretch } from './json-text.ts';
import type { Replacement } from './rename.ts';

/** How an editor indents. */
export interface FormatOptions {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
  /** True if the text ends with a line break. */
  readonly finalNewline: boolean;
}

/**
 * The edits that indent a text and put one space where one belongs. Line breaks and comments stay where they are. A text
 * with a syntax error stays as it is.
 */
export function formatted(
  text: string,
  { tabSize, insertSpaces, finalNewline }: FormatOptions,
  within?: Stretch,
): readonly Omit<Replacement, 'file'>[] {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) return [];
  const range = within && { offset: within.offset, length: within.end - within.offset };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const insertFinalNewline = finalNewline && within === undefined;
  const edits = format(text, range, { tabSize, insertSpaces, eol, insertFinalNewline, keepLines: true });
  return edits
    .map(({ offset, length, content }) => {
      const end = offset + length;
      // Neither inside of brackets on one line nor in empty braces is there a space.
      const around = text.charAt(offset - 1) + text.charAt(end);
      const isInside = content === ' ' && (around.startsWith('[') || around.endsWith(']') || around === '{}');
      return { offset, end, text: isInside ? '' : content };
    })
    .filter(({ offset, end, text: put }) => text.slice(offset, end) !== put);
}
