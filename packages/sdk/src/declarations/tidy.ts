import { group, hardline, ifBroken, indent, joined, type Layout, laidOut, line, softline } from './layout.ts';

/** A declaration, with the comment before it. */
export interface Declaration {
  readonly name: string;
  readonly text: string;
}

/** A declaration that is not laid out. */
export interface Draft {
  readonly name: string;
  /** Its text, with other names of types in place of these. */
  laidOut(rename: Rename): string;
}

type Rename = (name: string) => string;

const WIDTH = 120;

/**
 * The declarations in what json-schema-to-typescript prints when it does not format, laid out as prettier lays them out
 * with single quotes in lines of 120 characters. Prettier takes four times as long as the printing itself.
 * @throws SyntaxError for text that the printer does not print
 */
export function tidied(text: string): Declaration[] {
  return drafts(text).map((draft) => ({ name: draft.name, text: draft.laidOut((name) => name) }));
}

/** The same, for those who lay one out under several names. */
export function drafts(text: string): Draft[] {
  return split(tokensIn(text)).map((tokens) => ({
    name: tokens[tokens[0]?.kind === 'comment' ? 3 : 2]?.text ?? '',
    laidOut: (rename) => new Reader(tokens, rename).declaration(),
  }));
}

/** Each declaration's own. */
function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const starts = token.kind === 'comment' || (token.text === 'export' && tokens[index - 1]?.kind !== 'comment');
    if (parts.length === 0 || (depth === 0 && starts)) parts.push([]);
    parts.at(-1)?.push(token);
    if (token.kind === 'sign' && '{[('.includes(token.text)) depth++;
    if (token.kind === 'sign' && '}])'.includes(token.text)) depth--;
  }
  return parts;
}

type Token = { readonly text: string; readonly kind: string; readonly fresh: boolean };

const TOKENS =
  /(?<comment>\/\*[\s\S]*?\*\/)|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\d[\d.]*(?:e[+-]?\d+)?)|(?<word>[\p{ID_Start}$_][\p{ID_Continue}$.]*)|(?<sign>\.\.\.|[{}()[\]|&:;,?=<>])/uy;
const SPACE = /\s*/y;

function tokensIn(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    SPACE.lastIndex = at;
    const [space = ''] = SPACE.exec(text) ?? [];
    at += space.length;
    if (at >= text.length) return tokens;
    TOKENS.lastIndex = at;
    const found = TOKENS.exec(text);
    if (found?.groups === undefined) throw new SyntaxError(`Unexpected ${JSON.stringify(text.slice(at, at + 20))}`);
    const kind = Object.keys(found.groups).find((name) => found.groups?.[name] !== undefined) ?? '';
    tokens.push({ text: found[0], kind, fresh: space.includes('\n') });
    at += found[0].length;
  }
}

/** A type as it is laid out, and what those around it must know of it. */
interface Type {
  readonly kind: 'simple' | 'null' | 'object' | 'union' | 'intersection';
  readonly layout: Layout;
  /** The alternatives, or the parts. */
  readonly types?: readonly Type[];
}

function simple(layout: Layout): Type {
  return { kind: layout === 'null' ? 'null' : 'simple', layout };
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #rename: Rename;
  #at = 0;

  constructor(tokens: readonly Token[], rename: Rename) {
    this.#tokens = tokens;
    this.#rename = rename;
  }

  #peek(): string {
    return this.#tokens[this.#at]?.text ?? '';
  }

  #take(expected?: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined || (expected !== undefined && token.text !== expected))
      throw new SyntaxError(`Expected ${expected ?? 'more'}, and there is ${token?.text ?? 'nothing'}`);
    return token.text;
  }

  #takes(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at++;
    return true;
  }

  declaration(): string {
    const comment = this.#comment();
    this.#take('export');
    const keyword = this.#take();
    const name = this.#rename(this.#take());
    let layout: Layout;
    if (keyword === 'interface') layout = [comment, `export interface ${name} `, this.#object().layout];
    else {
      this.#take('=');
      layout = [comment, `export type ${name} = `, ofAnnotation(this.#type()), ';'];
    }
    if (this.#at < this.#tokens.length) throw new SyntaxError(`Unexpected ${this.#peek()}`);
    return laidOut(layout, WIDTH);
  }

  #comment(): Layout {
    if (this.#tokens[this.#at]?.kind !== 'comment') return '';
    const lines = this.#take().split('\n');
    return lines.flatMap((each, index) => [index === 0 ? each.trim() : ` ${each.trim()}`, hardline]);
  }

  #type(): Type {
    const types = [this.#item()];
    const sign = this.#peek();
    if (sign !== '|' && sign !== '&') return types[0] as Type;
    while (this.#takes(sign)) types.push(this.#item());
    return sign === '|' ? unionOf(types) : intersectionOf(types);
  }

  #item(): Type {
    let type = this.#single();
    while (this.#peek() === '[' && this.#tokens[this.#at]?.fresh === false) {
      this.#take('[');
      this.#take(']');
      type = simple([inParentheses(type), '[]']);
    }
    return type;
  }

  #single(): Type {
    const token = this.#tokens[this.#at];
    if (token?.text === '{') return this.#object();
    if (token?.text === '[') return this.#tuple();
    this.#at++;
    if (token?.text === '(') {
      const inner = this.#type();
      this.#take(')');
      return inner;
    }
    if (token?.kind === 'string') return simple(quoted(token.text));
    if (token?.kind === 'number') return simple(token.text.replace('e+', 'e'));
    if (token?.kind !== 'word') throw new SyntaxError(`There is no type ${token?.text ?? ''}`);
    const name = this.#rename(token.text);
    if (!this.#takes('<')) return simple(name);
    const argument = this.#type();
    this.#take('>');
    return simple([`${name}<`, argument.layout, '>']);
  }

  #tuple(): Type {
    this.#take('[');
    const items: { rest: string; type: Type }[] = [];
    while (!this.#takes(']')) {
      items.push({ rest: this.#takes('...') ? '...' : '', type: this.#type() });
      this.#takes(',');
    }
    if (items.length === 0) return simple('[]');
    const layouts = items.map(({ rest, type }) => [rest, items.length > 1 ? amongOthers(type) : type.layout]);
    return simple(group(['[', indent([softline, joined([',', line], layouts)]), softline, ']']));
  }

  #object(): Type {
    this.#take('{');
    const members: Layout[] = [];
    while (!this.#takes('}')) {
      members.push(hardline, this.#comment(), this.#key());
      this.#take(':');
      members.push(': ', ofAnnotation(this.#type()), ';');
      this.#takes(',');
    }
    return { kind: 'object', layout: members.length === 0 ? '{}' : group(['{', indent(members), hardline, '}']) };
  }

  #key(): string {
    const token = this.#take();
    let key = token;
    if (token === '[') {
      const name = this.#take();
      this.#take(':');
      key = `[${name}: ${this.#take()}]`;
      this.#take(']');
    } else if (token.startsWith('"')) key = IDENTIFIER.test(token) ? token.slice(1, -1) : quoted(token);
    return this.#takes('?') ? `${key}?` : key;
  }
}

/** A name in quotes that needs none. */
const IDENTIFIER = /^"[\p{ID_Start}$_][\p{ID_Continue}$]*"$/u;

/** In single quotes, unless that needs more escapes. */
function quoted(json: string): string {
  const inner = json.slice(1, -1);
  const doubles = inner.split('\\"').length;
  const singles = inner.split("'").length;
  if (singles > doubles) return json;
  const unescaped = inner.replace(/\\(.)|'/gs, (all, escaped: string | undefined) =>
    escaped === '"' ? '"' : all === "'" ? "\\'" : all,
  );
  return `'${unescaped}'`;
}

function unionOf(types: readonly Type[]): Type {
  // An object or nothing stays where it is.
  const others = types.filter(({ kind }) => kind !== 'null');
  const hugs = others.length === 1 && others[0]?.kind === 'object';
  const layouts = types.map((type) => (hugs ? type.layout : indent(inUnion(type))));
  if (hugs) return { kind: 'union', layout: joined(' | ', layouts), types };
  return { kind: 'union', layout: [ifBroken('| '), joined([line, '| '], layouts)], types };
}

function hugs({ kind, types = [] }: Type): boolean {
  const others = types.filter((type) => type.kind !== 'null');
  return kind === 'union' && others.length === 1 && others[0]?.kind === 'object';
}

function inUnion(type: Type): Layout {
  return type.kind === 'union' || type.kind === 'intersection' ? inParentheses(type) : type.layout;
}

/** Behind a colon or an equals sign. */
function ofAnnotation(type: Type): Layout {
  if (type.kind !== 'union' || hugs(type)) return type.layout;
  return group(indent([ifBroken(line), type.layout]));
}

/** Where only one thing can stand. */
function inParentheses(type: Type): Layout {
  if (type.kind === 'intersection' || hugs(type)) return ['(', type.layout, ')'];
  if (type.kind !== 'union') return type.layout;
  return group(['(', indent([softline, type.layout]), softline, ')']);
}

/** Where its alternatives must not be taken for what stands beside it. */
function amongOthers(type: Type): Layout {
  if (type.kind !== 'union' || hugs(type)) return type.layout;
  return group([indent([ifBroken(['(', softline]), type.layout]), softline, ifBroken(')')]);
}

function intersectionOf(types: readonly Type[]): Type {
  const isObject = (index: number) => types[index]?.kind === 'object';
  let indented = false;
  const parts = types.map((type, index): Layout => {
    const layout = inUnion(type);
    if (index === 0) return layout;
    if (isObject(index - 1) && isObject(index)) return [' & ', indented ? indent(layout) : layout];
    if (!isObject(index - 1) && !isObject(index)) return indent([' &', line, layout]);
    if (index > 1) indented = true;
    return [' & ', index > 1 ? indent(layout) : layout];
  });
  return { kind: 'intersection', layout: group(parts), types };
}
