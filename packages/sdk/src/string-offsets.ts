import type { TextNode } from './text-nodes.ts';

/** An escape in the text of a JSON string: its character in the value, and how much longer the text is from there on. */
interface Escape {
  readonly character: number;
  readonly longer: number;
}

/** Escapes of a string, by where they begin in it: found once for each string. */
const ESCAPES = new WeakMap<TextNode, readonly Escape[]>();

/**
 * Gives the offset in a text at which a character of a JSON string's value stands: escapes are longer than what they mean.
 * @param node of the string in the text
 * @param character in UTF-16 code units of the value
 */
export function offsetInString(text: string, node: TextNode, character: number): number {
  const escapes = ESCAPES.get(node) ?? escapesIn(text, node);
  ESCAPES.set(node, escapes);
  let low = 0;
  let high = escapes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((escapes[middle]?.character ?? 0) < character) low = middle + 1;
    else high = middle;
  }
  return node.offset + 1 + character + (escapes[low - 1]?.longer ?? 0);
}

/**
 * Gives the character of a JSON string's value that stands at an offset in the text: the reverse of `offsetInString`.
 * An offset inside of an escape is that of its character.
 */
export function characterInString(text: string, node: TextNode, offset: number): number {
  const raw = offset - node.offset - 1;
  let longer = 0;
  for (const each of ESCAPES.get(node) ?? escapesIn(text, node)) {
    if (each.character + longer >= raw) break;
    longer = Math.min(each.longer, raw - each.character);
  }
  return Math.max(0, raw - longer);
}

function escapesIn(text: string, node: TextNode): readonly Escape[] {
  const found: Escape[] = [];
  const end = node.offset + node.length - 1;
  let longer = 0;
  for (let at = text.indexOf('\\', node.offset + 1); at >= 0 && at < end; ) {
    const character = at - node.offset - 1 - longer;
    const length = text[at + 1] === 'u' ? 6 : 2;
    longer += length - 1;
    found.push({ character, longer });
    at = text.indexOf('\\', at + length);
  }
  return found;
}
