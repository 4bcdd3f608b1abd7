import { findNodeAtLocation, findNodeAtOffset, getNodePath, getNodeValue, type Node, parseTree } from 'jsonc-parser';
import type { Path } from '../diagnostics.ts';
import { characterInString, offsetInString } from '../string-offsets.ts';

/** A stretch of a text: offsets in UTF-16 code units, the end exclusive. */
export interface Stretch {
  readonly offset: number;
  readonly end: number;
}

/** A string of a JSON text: the name of a property, or a value. */
export interface StringPlace extends Stretch {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly value: string;
}

/** A value or a property in a JSON text, with its place, as jsonc-parser has it; a property's children are its name and its value. */
export interface JSONNode {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
  readonly value?: unknown;
  readonly parent?: JSONNode;
  readonly children?: JSONNode[];
}

/** A JSON text as an editor has it, be it complete or not: what can be read of it, and where it stands. */
export class JSONText {
  readonly text: string;
  /** Value as far as it can be read; undefined for a text without any value. */
  readonly root: JSONNode | undefined;
  #value: { readonly value: unknown } | undefined;

  constructor(text: string) {
    this.text = text;
    this.root = parseTree(text, [], { allowTrailingComma: true });
  }

  get value(): unknown {
    this.#value ??= { value: this.root === undefined ? undefined : getNodeValue(this.root) };
    return this.#value.value;
  }

  /** The string in which an offset is, from behind its opening quote up to its closing one. */
  stringAt(offset: number): StringPlace | undefined {
    const node = this.#stringNode(offset);
    return node === undefined ? undefined : this.#place(node);
  }

  /** The path of the innermost value that an offset is in or at. */
  pathAt(offset: number): Path {
    const node = this.root && findNodeAtOffset(this.root, offset, true);
    return node === undefined ? [] : getNodePath(node);
  }

  /** Every string, in the order of the text. */
  *strings(): Generator<StringPlace> {
    const open: Node[] = this.root === undefined ? [] : [this.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.type === 'string') yield this.#place(node);
      else open.push(...(node.children ?? []).toReversed());
    }
  }

  /** The place of the value at a path, or of the name of the property there; undefined when it is not there. */
  stretchOf(path: Path, part: 'key' | 'value' = 'value'): Stretch | undefined {
    const node = this.#nodeOf(path, part);
    return node === undefined ? undefined : { offset: node.offset, end: node.offset + node.length };
  }

  /** The place of a stretch of the string at a path; the stretch is in characters of its value. */
  within(path: Path, part: 'key' | 'value', span: Stretch): Stretch | undefined {
    const node = this.#nodeOf(path, part);
    if (node?.type !== 'string') return undefined;
    const offset = offsetInString(this.text, node, span.offset);
    return { offset, end: offsetInString(this.text, node, span.end) };
  }

  /** The place of what a string says, without its quotes. */
  inner(path: Path, part: 'key' | 'value'): Stretch | undefined {
    const node = this.#nodeOf(path, part);
    if (node?.type !== 'string') return undefined;
    return this.within(path, part, { offset: 0, end: String(node.value).length });
  }

  /** The character of the value of the string around an offset. */
  characterAt(offset: number): number {
    const node = this.#stringNode(offset);
    return node === undefined ? 0 : characterInString(this.text, node, offset);
  }

  #stringNode(offset: number): Node | undefined {
    const node = this.root && findNodeAtOffset(this.root, offset, true);
    if (node?.type !== 'string' || offset <= node.offset) return undefined;
    // Behind its closing quote is outside; a string that is not closed has no such place.
    const isClosed = node.length > 1 && this.text.charAt(node.offset + node.length - 1) === '"';
    return isClosed && offset >= node.offset + node.length ? undefined : node;
  }

  #nodeOf(path: Path, part: 'key' | 'value'): Node | undefined {
    const node = this.root && findNodeAtLocation(this.root, [...path]);
    if (node === undefined || part === 'value') return node;
    return node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  }

  #place(node: Node): StringPlace {
    const { parent, offset, length } = node;
    const isName = parent?.type === 'property' && parent.children?.[0] === node;
    const path = getNodePath(node);
    return { path, part: isName ? 'key' : 'value', value: String(node.value), offset, end: offset + length };
  }
}
