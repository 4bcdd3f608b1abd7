import type { Key } from './store.ts';

/**
 * Keys as texts whose byte order in UTF-8 is the order of the keys (SQLite's BINARY, PostgreSQL's "C" collation).
 *
 * A text is its kind, the name of its space if it is in one, and then, for each part, U+0001, the part's kind and its content. An integer's kind is its
 * number of digits ('a' for one, 'p' for sixteen), so that longer ones sort later; a string's is 's'. Contents hold
 * no U+0000 to U+0002, therefore exactly the keys below K lie between K U+0001 and K U+0002.
 *
 * Separator of a key's parts. Characters that databases do not keep, or that would be taken for it, are escaped in order:
 * U+0000 to U+0002 become U+0002 and a second character; lone surrogates become U+E000, which is the next code
 * point that a text may hold, and a second character, and U+E000 itself sorts after them.
 */
const SEPARATOR = '\x01';
const AFTER = '\x02';
const STRING = 's';
const KIND_BEFORE_ONE_DIGIT = 0x60;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const UNSAFE = /[\0-\x02\uD800-\uDFFF\uE000]/u;
const EVERY_UNSAFE = new RegExp(UNSAFE, 'gu');
const EVERY_ESCAPE = new RegExp(`[${AFTER}\uE000]([^])`, 'gu');

/** Values, secrets, counters and the store's own rows may have equal keys. */
export type Kind = 'v' | 's' | 'c' | 'm';

/** How the keys of a space begin, by their kind: those of the store itself have the kind alone. */
export type Root = '' | `@${string}`;

/** Throws a RangeError for a number that is no non-negative safe integer. */
export function encodeKey(kind: Kind, key: Key, root: Root = ''): string {
  let text = kind + root;
  for (const part of key) text += SEPARATOR + (typeof part === 'string' ? encodeString(part) : encodeInteger(part));
  return text;
}

/** The bounds of the keys below an encoded key; the upper one is exclusive. */
export function below(encoded: string): { from: string; to: string } {
  return { from: encoded + SEPARATOR, to: encoded + AFTER };
}

/** The parts that an encoded key has beyond those of an encoded prefix of it. */
export function partsBeyond(encodedPrefix: string, encoded: string): (string | number)[] {
  return encoded
    .slice(encodedPrefix.length + SEPARATOR.length)
    .split(SEPARATOR)
    .map((part) => (part.startsWith(STRING) ? decodeString(part.slice(1)) : Number(part.slice(1))));
}

function encodeInteger(part: number): string {
  if (!Number.isSafeInteger(part) || part < 0) throw new RangeError(`${part} cannot be a part of a key`);
  const digits = String(part);
  return String.fromCharCode(KIND_BEFORE_ONE_DIGIT + digits.length) + digits;
}

function encodeString(part: string): string {
  return STRING + (UNSAFE.test(part) ? part.replace(EVERY_UNSAFE, escaped) : part);
}

const FIRST_SURROGATE = 0xd800;
const ESCAPED_E000 = '\uD7FF';
const OFFSET = 3;

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0xe000) return `\uE000${ESCAPED_E000}`;
  return code < OFFSET
    ? AFTER + String.fromCharCode(code + OFFSET)
    : `\uE000${String.fromCharCode(code - FIRST_SURROGATE + OFFSET)}`;
}

function decodeString(content: string): string {
  return content.replace(EVERY_ESCAPE, (whole, second: string) => {
    if (second === ESCAPED_E000) return '\uE000';
    const code = second.charCodeAt(0) - OFFSET;
    return String.fromCharCode(whole.startsWith(AFTER) ? code : code + FIRST_SURROGATE);
  });
}
