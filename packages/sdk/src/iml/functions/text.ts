import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { textOf as asText } from '../values.ts';
import { arrayOf, flagOf, integerOr, isMissing, kindOf, textOf, textOr } from './coercion.ts';
import { re2 } from './libraries.ts';

/*
 * Text. A missing text stays missing, but has the length 0, contains nothing and splits into nothing; numbers,
 * booleans, dates, buffers and arrays are taken as their text, and a collection is refused.
 */

/** A function of one text that gives another. */
export function ofText(
  name: string,
  summary: string,
  example: IMLFunction['example'],
  work: (text: string) => string,
): IMLFunction {
  return {
    name,
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'text',
    summary,
    example,
    run: ([value], surroundings) => (isMissing(value) ? value : work(textOf(name, value, surroundings))),
  };
}

const REGULAR = /^\/([\s\S]+)\/([gimsuy]*)$/;

/**
 * Replaces every occurrence of a text, or, when the search is written `/pattern/flags`, the first match of the
 * pattern, and all of them with the flag g. `$&` and `$1` in the replacement are understood as JavaScript does.
 *
 * Patterns run in re2js, because JavaScript's own engine backtracks: a pattern such as /(a+)+$/ on a short text that
 * somebody sends keeps it busy for years. RE2 needs time linear in the text, and lacks what makes that impossible:
 * lookahead and backreferences are refused.
 */
function replace(text: string, search: string, replacement: string, surroundings: EvaluationContext): string {
  if (search === '') return text;
  const regular = REGULAR.exec(search);
  if (regular !== null) return replacePattern(text, regular[1] ?? '', regular[2] ?? '', replacement, surroundings);
  let found = 0;
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length)) found++;
  // Every `$&` may put the search in again, and every $` or $' the text.
  const longest = replacement.includes('$') ? replacement.length * (text.length + search.length) : replacement.length;
  surroundings.spend(found + (found * longest) / 100);
  return text.replaceAll(search, replacement);
}

/**
 * Patterns that repeat nothing but their last character or class look no further than their match. With all others,
 * a search may read on to the end of the text before it finds a short match near its start, for every match again.
 */
const LOCAL = /^(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\])+\]|[^\\[\](){}*+?|])+[*+]?$/;

function replacePattern(
  text: string,
  source: string,
  flags: string,
  replacement: string,
  surroundings: EvaluationContext,
): string {
  const RE2JS = re2();
  let bits = RE2JS.LOOKBEHINDS;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  // Compiling takes time and room for each repetition that the pattern counts out.
  surroundings.spend(10 + source.length);
  let pattern: ReturnType<typeof RE2JS.compile>;
  try {
    pattern = RE2JS.compile(RE2JS.translateRegExp(source), bits);
  } catch (error) {
    throw new IMLError(
      `replace cannot run the pattern /${source.slice(0, 100)}/: ${(error as Error).message}.`,
      undefined,
      {
        cause: error,
      },
    );
  }
  surroundings.spend((text.length * pattern.programSize()) / 1000);
  const matcher = pattern.matcher(text);
  const local = LOCAL.test(source);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    if (!local) surroundings.spend(((text.length - matcher.start()) * pattern.programSize()) / 100);
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
    const own = expand(replacement, groups, text, matcher.start(), matcher.end());
    surroundings.spend(1 + own.length / 100);
    result += text.slice(end, matcher.start()) + own;
    end = matcher.end();
    if (!flags.includes('g')) break;
  }
  return result + text.slice(end);
}

/** The replacement with `$$`, `$&`, `` $` ``, `$'` and `$1` to `$99` filled in; a number that names no group is text. */
function expand(replacement: string, groups: readonly string[], text: string, start: number, end: number): string {
  return replacement.replace(/\$(\$|&|`|'|\d\d?)/g, (all, code: string) => {
    if (code === '$') return '$';
    if (code === '&') return groups[0] ?? '';
    if (code === '`') return text.slice(0, start);
    if (code === "'") return text.slice(end);
    const long = Number(code);
    if (long > 0 && long < groups.length) return groups[long] ?? '';
    const short = Number(code[0]);
    return code.length > 1 && short > 0 && short < groups.length ? (groups[short] ?? '') + code.slice(1) : all;
  });
}

let emoji: RegExp | undefined;

/** Matches emoji: sequences, flags and keycaps as one; the signs ©, ® and ™ are text. */
function emojiPattern(): RegExp {
  // The flag v is newer than the syntax that the compiler is set to.
  // biome-ignore lint/complexity/useRegexLiterals: a literal is refused
  emoji ??= new RegExp('\\p{RGI_Emoji}|[\\p{Emoji_Presentation}[\\p{Extended_Pictographic}--[©®™]]]\\uFE0F?', 'gv');
  return emoji;
}

function contains(value: unknown, search: unknown, ci: boolean, surroundings: EvaluationContext): boolean {
  const fold = (text: string) => (ci ? text.toLowerCase() : text);
  if (Array.isArray(value)) {
    const wanted = plain(search);
    if (!ci) return arrayOf(value, surroundings).some((item) => Object.is(plain(item), wanted));
    const text = fold(asText(search, surroundings));
    return arrayOf(value, surroundings).some((item) => fold(asText(item, surroundings)) === text);
  }
  const kind = kindOf(value);
  if (isMissing(value) || isMissing(search) || kind === 'collection' || kind === 'function') return false;
  return fold(textOf('contains', value, surroundings)).includes(fold(textOf('contains', search, surroundings)));
}

/** Dates are compared by their time, and -0 is 0. */
function plain(value: unknown): unknown {
  if (kindOf(value) === 'date') return `date ${(value as Date).getTime()}`;
  if (value === 0) return 0;
  return value instanceof String ? String.prototype.valueOf.call(value) : value;
}

const WORD_START = /(^|\s)(\S)/gu;

export const TEXT: readonly IMLFunction[] = [
  {
    name: 'length',
    parameters: [{ name: 'value', type: { union: ['text', 'buffer', 'array'] } }],
    returns: 'number',
    summary: 'Counts the characters of a text, the bytes of a buffer or the items of an array; 0 for null.',
    example: { template: "{{length('abc')}}", result: 3 },
    run: ([value], surroundings) => {
      if (isMissing(value)) return 0;
      if (Array.isArray(value)) return value.length;
      if (kindOf(value) === 'buffer') return (value as Uint8Array).byteLength;
      return textOf('length', value, surroundings).length;
    },
  },
  ofText('lower', 'Converts all letters to lower case.', { template: "{{lower('Hello')}}", result: 'hello' }, (text) =>
    text.toLowerCase(),
  ),
  ofText('upper', 'Converts all letters to upper case.', { template: "{{upper('Hello')}}", result: 'HELLO' }, (text) =>
    text.toUpperCase(),
  ),
  ofText(
    'capitalize',
    'Converts the first letter to upper case and leaves the others.',
    { template: "{{capitalize('hello World')}}", result: 'Hello World' },
    (text) => text.replace(/^./su, (first) => first.toUpperCase()),
  ),
  ofText(
    'startcase',
    'Converts the first letter of every word to upper case and all others to lower case.',
    { template: "{{startcase('hELLO wORLD')}}", result: 'Hello World' },
    (text) => text.toLowerCase().replace(WORD_START, (_, space: string, first: string) => space + first.toUpperCase()),
  ),
  ofText('trim', 'Removes white space from both ends.', { template: "{{trim('  a b ')}}", result: 'a b' }, (text) =>
    text.trim(),
  ),
  {
    name: 'substring',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'start', type: 'number' },
      { name: 'end', type: 'number', optional: true },
    ],
    returns: 'text',
    summary: 'Gives the characters from one position to before another; positions count from 0.',
    example: { template: "{{substring('Hello', 0, 3)}}", result: 'Hel' },
    run: ([value, start, end], surroundings) => {
      if (isMissing(value)) return value;
      const text = textOf('substring', value, surroundings);
      return text.substring(integerOr('substring', start, 0), integerOr('substring', end, text.length));
    },
  },
  {
    name: 'indexOf',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'search', type: 'text' },
      { name: 'start', type: 'number', optional: true },
    ],
    returns: 'number',
    summary: 'Gives the position, from 0, at which a text first occurs in another, or -1.',
    example: { template: "{{indexOf('Make', 'k')}}", result: 2 },
    run: ([value, search, start], surroundings) => {
      if (isMissing(value) || isMissing(search)) return -1;
      const text = textOf('indexOf', value, surroundings);
      return text.indexOf(textOf('indexOf', search, surroundings), integerOr('indexOf', start, 0));
    },
  },
  {
    name: 'contains',
    parameters: [
      { name: 'value', type: { union: ['text', 'array'] } },
      { name: 'search', type: 'any' },
      { name: 'ignoreCase', type: 'boolean', optional: true },
    ],
    returns: 'boolean',
    summary: 'Checks if a text contains another text, or an array a value.',
    example: { template: "{{contains('Hello', 'ell')}}", result: true },
    run: ([value, search, ci], surroundings) => contains(value, search, flagOf(ci), surroundings),
  },
  {
    name: 'replace',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'search', type: 'text' },
      { name: 'replacement', type: 'text' },
    ],
    returns: 'text',
    summary: 'Replaces all occurrences of a text, or the first match of a `/pattern/`, or all with `/pattern/g`.',
    example: { template: "{{replace('a-b-c', '-', '')}}", result: 'abc' },
    run: ([value, search, replacement], surroundings) =>
      isMissing(value)
        ? value
        : replace(
            textOf('replace', value, surroundings),
            textOr('replace', search, '', surroundings),
            textOr('replace', replacement, '', surroundings),
            surroundings,
          ),
  },
  {
    name: 'replaceEmojiCharacters',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'replacement', type: 'text' },
    ],
    returns: 'text',
    summary: 'Replaces every emoji.',
    example: { template: "{{replaceEmojiCharacters('Hi 👋🏽!', '*')}}", result: 'Hi *!' },
    run: ([value, replacement], surroundings) => {
      if (isMissing(value)) return value;
      const text = textOf('replaceEmojiCharacters', value, surroundings);
      const other = textOr('replaceEmojiCharacters', replacement, '', surroundings);
      surroundings.spend((text.length * other.length) / 100);
      return text.replace(emojiPattern(), () => other);
    },
  },
  {
    name: 'split',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'separator', type: 'text' },
      { name: 'keepEmpty', type: 'boolean', optional: true },
    ],
    returns: { array: 'text' },
    summary: 'Splits a text at each separator into trimmed texts, and leaves out empty ones unless told to keep them.',
    example: { template: "{{split('a, ,b', ',')}}", result: ['a', 'b'] },
    run: ([value, separator, keepEmpty], surroundings) => {
      if (isMissing(value)) return [];
      const text = textOf('split', value, surroundings);
      surroundings.spend(text.length / 10);
      const parts = isMissing(separator) ? [text] : text.split(textOf('split', separator, surroundings));
      const trimmed = parts.map((part) => part.trim());
      return flagOf(keepEmpty) ? trimmed : trimmed.filter((part) => part !== '');
    },
  },
  {
    name: 'ascii',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'removeDiacritics', type: 'boolean', optional: true },
    ],
    returns: 'text',
    summary: 'Removes every character that is not ASCII; letters with marks can be replaced by the plain letters.',
    example: { template: "{{ascii('ěščřž', true)}}", result: 'escrz' },
    run: ([value, removeDiacritics], surroundings) => {
      if (isMissing(value)) return value;
      const text = textOf('ascii', value, surroundings);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them.
      return (flagOf(removeDiacritics) ? text.normalize('NFD') : text).replace(/[^\x00-\x7f]/g, '');
    },
  },
  coded(
    'encodeURL',
    'Encodes a text for use in a part of a URL.',
    "{{encodeURL('a b&c')}}",
    'a%20b%26c',
    encodeURIComponent,
  ),
  coded(
    'decodeURL',
    'Decodes a text that was encoded for a part of a URL.',
    "{{decodeURL('a%20b')}}",
    'a b',
    decodeURIComponent,
  ),
];

/** Broken pairs of surrogates cannot be encoded, and broken escapes not decoded. */
function coded(
  name: string,
  summary: string,
  template: string,
  result: string,
  code: (text: string) => string,
): IMLFunction {
  return ofText(name, summary, { template, result }, (text) => {
    try {
      return code(text);
    } catch (error) {
      throw new IMLError(`${name} cannot read the text: ${(error as Error).message}.`, undefined, { cause: error });
    }
  });
}
