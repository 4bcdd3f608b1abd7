import { KEYWORDS, type Template } from '../iml/tree.ts';
import type { Stretch } from './json-text.ts';

/** Kinds of words and signs in an expression. */
export type TokenKind = 'brace' | 'function' | 'variable' | 'member' | 'keyword' | 'string' | 'number' | 'operator';

/** A word or a sign of an expression; offsets in UTF-16 code units of the template's text. */
export interface Token extends Stretch {
  readonly kind: TokenKind;
  /** As it is written; of a name in backticks, the name. */
  readonly text: string;
}

const TOKEN =
  /(?<space>[\s\u00A0\uFEFF]+)|(?<string>'[^']*'?|"[^"]*"?)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_][A-Za-z0-9_]*|`[^`]*`?)|(?<operator>[=!<>]=?=?|[|&+*/%-]|[\s\S])/gy;

const WORDS: ReadonlySet<string> = new Set(KEYWORDS);

/** The words and signs of all expressions of a template, be they complete or not. */
export function tokensOf({ text, parts }: Template): readonly Token[] {
  return parts.flatMap((part) => (part.kind === 'text' ? [] : tokensIn(text, part)));
}

/** The words and signs of one expression, its braces included. */
export function tokensIn(text: string, { offset, end }: Stretch): readonly Token[] {
  const tokens: Token[] = [{ kind: 'brace', text: '{{', offset, end: offset + 2 }];
  const isClosed = end - offset >= 4 && text.endsWith('}}', end);
  const inner = text.slice(0, isClosed ? end - 2 : end);
  TOKEN.lastIndex = offset + 2;
  for (let found = TOKEN.exec(inner); found !== null; found = TOKEN.exec(inner)) {
    const { space, name, string, number } = found.groups ?? {};
    const at = { offset: found.index, end: TOKEN.lastIndex };
    if (space !== undefined) continue;
    if (name !== undefined) tokens.push(named(name, at, tokens.at(-1), inner));
    else {
      const kind = string !== undefined ? 'string' : number !== undefined ? 'number' : 'operator';
      tokens.push({ kind, text: found[0], ...at });
    }
    TOKEN.lastIndex = at.end;
  }
  if (isClosed) tokens.push({ kind: 'brace', text: '}}', offset: end - 2, end });
  return tokens;
}

function named(written: string, at: Stretch, before: Token | undefined, text: string): Token {
  const text_ = written.startsWith('`') ? written.slice(1, written.endsWith('`') ? -1 : undefined) : written;
  if (before?.kind === 'operator' && before.text === '.') return { kind: 'member', text: text_, ...at };
  if (/^\s*\(/.test(text.slice(at.end, at.end + 20))) return { kind: 'function', text: text_, ...at };
  return { kind: WORDS.has(written) ? 'keyword' : 'variable', text: text_, ...at };
}
