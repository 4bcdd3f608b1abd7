import { types } from 'node:util';
import { textOf } from '../iml/values.ts';
import { isPlain } from './expressions.ts';

/** A name and a value, as they stand in a query string or a form. */
export type Pair = readonly [name: string, value: string];

/** Nothing of what is written here grows beyond what an expression may give. */
const BUDGET = { spend: () => {} };

/** The value as it stands in a header, a query string or a form: dates as ISO 8601, bytes as UTF-8. */
export function asText(value: unknown): string {
  return isPlain(value) ? JSON.stringify(value) : textOf(value, BUDGET);
}

/** Checks if the value is bytes, as a file is. */
export function isBytes(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}

/** Half of a character, which UTF-8 cannot write, becomes the sign for what is no character. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** Everything but letters, digits, `-`, `.`, `_` and `~` percent-encoded. Source: RFC 3986, section 2.3. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The text that was percent-encoded, or written as a form; what cannot be decoded stays as it is. */
export function formDecoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/**
 * The pairs of an object, nested ones as `outer[inner]`, each item of a list as a pair of its own. Undefined is left
 * out, and null is an empty text where `nulls` says so.
 */
export function pairsOf(object: object, nulls: 'empty' | 'left out'): Pair[] {
  const pairs: Pair[] = [];
  for (const [name, value] of Object.entries(object)) addPairs(name, value, nulls, pairs);
  return pairs;
}

function addPairs(name: string, value: unknown, nulls: 'empty' | 'left out', pairs: Pair[]): void {
  if (value === undefined) return;
  if (value === null) {
    if (nulls === 'empty') pairs.push([name, '']);
  } else if (Array.isArray(value)) for (const item of value) addPairs(name, item, nulls, pairs);
  else if (isPlain(value)) {
    for (const [inner, each] of Object.entries(value)) addPairs(`${name}[${inner}]`, each, nulls, pairs);
  } else pairs.push([name, asText(value)]);
}

/** The pairs as a query string or a form has them; a space is `%20`, which both read. */
export function written(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&');
}

/** The pairs of a query string or a form, decoded, in their order. */
export function readPairs(text: string): Pair[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0
        ? [formDecoded(pair), '']
        : ([formDecoded(pair.slice(0, at)), formDecoded(pair.slice(at + 1))] as const);
    });
}

/** The pairs as an object; a name that comes more than once has a list of its values. */
export function objectOf(pairs: readonly Pair[]): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(values);
}
