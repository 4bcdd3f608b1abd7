import type { Path } from '../diagnostics.ts';
import { parseTemplate } from '../iml/parse.ts';
import type { Expression, Template } from '../iml/tree.ts';
import type { JSONText, Stretch, StringPlace } from './json-text.ts';
import { type Token, tokensIn } from './tokens.ts';

/** A place in an expression of a JSON text. */
export interface ExpressionPoint {
  readonly place: StringPlace;
  readonly template: Template;
  /** The place in the template's text, in UTF-16 code units. */
  readonly character: number;
  /** The words and signs of the expression around it. */
  readonly tokens: readonly Token[];
  /** The stretch of the JSON text that a stretch of the template's text is. */
  stretch(of: Stretch): Stretch;
}

/** The expression in which an offset is, between its braces; undefined outside of expressions. */
export function expressionAt(text: JSONText, offset: number): ExpressionPoint | undefined {
  const place = text.stringAt(offset);
  if (place?.value.includes('{{') !== true) return undefined;
  const character = text.characterAt(offset);
  const template = parseTemplate(place.value);
  const part = template.parts.find((each) => each.kind !== 'text' && each.offset < character && character <= each.end);
  if (part === undefined || character < part.offset + 2) return undefined;
  const tokens = tokensIn(template.text, part);
  const last = tokens.at(-1);
  if (last?.kind === 'brace' && last.text === '}}' && character > last.offset) return undefined;
  return { place, template, character, tokens, stretch: (of) => stretchIn(text, place, of) };
}

/** The stretch of a JSON text that a stretch of one of its strings is. */
export function stretchIn(text: JSONText, { path, part, offset }: StringPlace, of: Stretch): Stretch {
  return text.within(path, part, of) ?? { offset: offset + 1 + of.offset, end: offset + 1 + of.end };
}

/** A path of an expression that is being typed: what stands before the name at a place, and the name. */
export interface TypedPath {
  /** Object that the name is a member of; undefined for the first name of a path. */
  readonly object: Expression | undefined;
  /** The name as far as it is typed, without a backtick. */
  readonly typed: string;
  /** Range that another name replaces; in UTF-16 code units of the template's text. */
  readonly replaced: Stretch;
}

/** The path whose name is being typed; undefined in a text or a number. */
export function typedPathAt(point: ExpressionPoint): TypedPath | undefined {
  const { tokens, character } = point;
  const at = tokens.findLastIndex(({ offset }) => offset < character);
  const token = tokens[at];
  if (token === undefined) return undefined;
  const isTouched = character <= token.end;
  if (isTouched && (token.kind === 'string' || token.kind === 'number')) return undefined;
  const next = tokens[at + 1];
  // In front of a name, it is the name that is typed anew.
  if (next?.offset === character && NAMES.has(next.kind) && !(isTouched && NAMES.has(token.kind))) {
    return typedName(point, at + 1);
  }
  return isTouched && NAMES.has(token.kind) ? typedName(point, at) : typedNothing(point, at);
}

function typedName({ tokens, template, character }: ExpressionPoint, at: number): TypedPath {
  const { offset = character, end = character } = tokens[at] ?? {};
  const typed = template.text.slice(offset, character).replace(/^`/, '');
  return { object: objectBefore(tokens, at - 1, template), typed, replaced: { offset, end } };
}

function typedNothing({ tokens, template, character }: ExpressionPoint, at: number): TypedPath {
  const replaced = { offset: character, end: character };
  return { object: objectBefore(tokens, at, template), typed: '', replaced };
}

/** Expression before the dot with this index; undefined where there is no dot. */
function objectBefore(tokens: readonly Token[], at: number, template: Template): Expression | undefined {
  const dot = tokens[at];
  return dot?.text === '.' && dot.kind === 'operator' ? pathBefore(tokens, at, template) : undefined;
}

const NAMES: ReadonlySet<Token['kind']> = new Set<Token['kind']>(['function', 'variable', 'member', 'keyword']);

/** The path that ends before the dot with this index. */
function pathBefore(tokens: readonly Token[], dot: number, { text }: Template): Expression | undefined {
  const end = tokens[dot]?.offset ?? 0;
  let start = dot;
  for (let at = dot - 1; at > 0; at--) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'brace') break;
    if (token.text === ']' || token.text === ')') at = opening(tokens, at);
    else if (!NAMES.has(token.kind) && token.text !== '.') break;
    start = at;
    if (token.kind === 'variable' || token.kind === 'keyword' || tokens[at]?.kind === 'function') break;
  }
  const from = tokens[start]?.offset ?? end;
  const [part] = parseTemplate(`{{${text.slice(from, end)}}}`).parts;
  return part?.kind === 'expression' ? part.expression : undefined;
}

/** The index of what opens the bracket that closes there; of a call, that of its name. */
function opening(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at > 0; at--) {
    const { text = '', kind } = tokens[at] ?? {};
    if (kind !== 'operator') continue;
    if (text === ']' || text === ')') depth++;
    else if (text === '[' || text === '(') depth--;
    if (depth === 0) return tokens[at - 1]?.kind === 'function' ? at - 1 : at;
  }
  return 0;
}

/** The call around a place in an expression, and the index of the argument that is there. */
export function callAt({ tokens, character }: ExpressionPoint): { name: string; argument: number } | undefined {
  const open: { name: string | undefined; argument: number }[] = [];
  for (const [index, { kind, text, offset }] of tokens.entries()) {
    if (offset >= character) break;
    if (kind !== 'operator') continue;
    if (text === '(' || text === '[') {
      const before = tokens[index - 1];
      open.push({ name: text === '(' && before?.kind === 'function' ? before.text : undefined, argument: 0 });
    } else if (text === ')' || text === ']') open.pop();
    else if (text === ',' || text === ';') {
      const last = open.at(-1);
      if (last !== undefined) last.argument++;
    }
  }
  const call = open.findLast(({ name }) => name !== undefined);
  return call?.name === undefined ? undefined : { name: call.name, argument: call.argument };
}

/** A name of a path in an expression, with the path up to it. */
export interface NamedPoint {
  readonly token: Token;
  /** The path that ends with the name; undefined where the name is that of a function or keyword. */
  readonly path: Expression | undefined;
}

/** The name at a place in an expression. */
export function nameAt({ tokens, template, character }: ExpressionPoint): NamedPoint | undefined {
  const at = tokens.findIndex(({ kind, offset, end }) => NAMES.has(kind) && offset <= character && character <= end);
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === 'function' || token.kind === 'keyword') return { token, path: undefined };
  const object = token.kind === 'member' ? pathBefore(tokens, at - 1, template) : undefined;
  const { offset, end, text: name } = token;
  if (token.kind === 'variable') return { token, path: { kind: 'variable', name, offset, end } };
  return { token, path: object && { kind: 'member', object, name, offset, end } };
}

/** Names from the root of a path on, as far as they are known. */
export function namesOf(path: Expression): Path {
  if (path.kind === 'variable') return [path.name];
  if (path.kind === 'member') return [...namesOf(path.object), path.name];
  return path.kind === 'index' ? namesOf(path.object) : [];
}
