import { endOfString } from './json.ts';

/** A value in a JSON text, or the name of a property: where it begins, and how long it is. */
export interface TextNode {
  readonly offset: number;
  readonly length: number;
}

/**
 * A value in a JSON text, comments and a comma after the last item allowed. A list or an object is read as far as what is
 * asked for, so that a few places in a long text cost little. The text must hold a value.
 */
export class ValueNode implements TextNode {
  readonly offset: number;
  /** The name of the property that it is the value of. */
  readonly key: TextNode | undefined;
  readonly #text: string;
  /** The members that were read so far. */
  readonly #members = new Map<string | number, ValueNode>();
  /** The one that was read last. */
  #last: ValueNode | undefined;
  #length: number | undefined;

  constructor(text: string, from = 0, key?: TextNode) {
    this.#text = text;
    this.key = key;
    this.offset = endOfBlank(text, from);
  }

  get length(): number {
    this.#length ??= endOfValue(this.#text, this.offset) - this.offset;
    return this.#length;
  }

  get isString(): boolean {
    return this.#text[this.offset] === '"';
  }

  /** The value of that name or at that index; the first one of a name that is there twice. */
  member(step: string | number): ValueNode | undefined {
    while (!this.#members.has(step) && this.#readNext());
    return this.#members.get(step);
  }

  /** Reads one more member. @returns false when there is none */
  #readNext(): boolean {
    const [text, bracket] = [this.#text, this.#text[this.offset]];
    if (bracket !== '{' && bracket !== '[') return false;
    const at = this.#startOfNext();
    if (at >= text.length || text[at] === '}' || text[at] === ']') return false;
    const key = bracket === '{' ? { offset: at, length: endOfString(text, at) + 1 - at } : undefined;
    // Behind the colon.
    const from = key === undefined ? at : endOfBlank(text, key.offset + key.length) + 1;
    const member = new ValueNode(text, from, key);
    const step = key === undefined ? this.#members.size : nameIn(text.slice(key.offset, key.offset + key.length));
    if (!this.#members.has(step)) this.#members.set(step, member);
    this.#last = member;
    return true;
  }

  /** Where the next member begins, or the bracket stands that closes the value: behind the comma, if there is one. */
  #startOfNext(): number {
    const [text, last] = [this.#text, this.#last];
    if (last === undefined) return endOfBlank(text, this.offset + 1);
    const next = endOfBlank(text, last.offset + last.length);
    return text[next] === ',' ? endOfBlank(text, next + 1) : next;
  }
}

function nameIn(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

/** Where the next character stands that is no space, line break or part of a comment. */
function endOfBlank(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    if (text.charCodeAt(at) <= 0x20) continue;
    const end = endOfComment(text, at);
    if (end === at) break;
    at = end - 1;
  }
  return at;
}

/** Where a comment ends that begins at an offset; the offset itself when none does. */
function endOfComment(text: string, at: number): number {
  const mark = text[at] === '/' ? text[at + 1] : undefined;
  if (mark === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  if (mark !== '/') return at;
  let end = at;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Where a value ends that begins at an offset. */
function endOfValue(text: string, from: number): number {
  let open = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x2f) at = Math.max(at, endOfComment(text, at) - 1);
    else if (code === 0x7b || code === 0x5b) open++;
    else if (code === 0x7d || code === 0x5d) open--;
    else if (open > 0) continue;
    // Numbers, true, false and null.
    else return endOfWord(text, at);
    if (open <= 0) return at + 1;
  }
  return text.length;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !/[\s,\]}/]/.test(text.charAt(at))) at++;
  return at;
}
