import { group, hardline, ifBroken, indent, joined, type Layout, laidOut, line, softline } from './layout.ts';
import {
  type Alternatives,
  closesToTypos,
  keyOfAll,
  type Member,
  NEVER,
  type ObjectShape,
  type Shape,
} from './shapes.ts';
import { unite } from './unions.ts';

/** Characters in a line, where that is possible. */
const WIDTH = 120;

/**
 * A declaration, laid out as prettier lays it out with single quotes: an interface for a single object, otherwise an alias.
 * @param words what is said above it
 */
export function declaration(name: string, type: Alternatives, words = ''): string {
  const [only, ...others] = type;
  const layout =
    only?.kind === 'object' && others.length === 0
      ? [`export interface ${name} `, objectType(only).layout]
      : [`export type ${name} = `, ofAnnotation(typeOf(type)), ';'];
  return laidOut([comment(words), layout], WIDTH);
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

function typeOf(alternatives: Alternatives): Type {
  if (alternatives.length === 0) return simple('never');
  const type = toldApart(alternatives);
  const shared = sharedMembers(type);
  if (shared !== undefined) return intersectionOf([objectType(shared.common), unionOf(shared.own.map(objectType))]);
  const types = type.map(shapeType);
  return types.length === 1 ? (types[0] as Type) : unionOf(types);
}

function shapeType(shape: Shape): Type {
  switch (shape.kind) {
    case 'any':
      return simple('unknown');
    case 'literal':
      return simple(valueText(shape.value));
    case 'reference':
      return simple(shape.name);
    case 'text':
      return simple(shape.text);
    case 'all':
      return intersectionOf(shape.parts.map(typeOf));
    case 'array':
      return arrayType(shape);
    case 'object':
      return objectType(shape);
    default:
      return simple(shape.kind);
  }
}

function arrayType({ prefix, required, rest }: Extract<Shape, { kind: 'array' }>): Type {
  const further = typeOf(rest);
  if (prefix.length === 0) return rest.length === 0 ? simple('[]') : simple([inParentheses(further), '[]']);
  const items = prefix.map((each, index): Layout => {
    const type = typeOf(each);
    return index < required ? amongOthers(type) : [inParentheses(type), '?'];
  });
  if (rest.length > 0) items.push(['...', inParentheses(further), '[]']);
  return simple(group(['[', indent([softline, joined([',', line], items)]), softline, ']']));
}

function objectType(shape: ObjectShape): Type {
  const { members, rest } = shape;
  const lines: Layout[] = [];
  for (const [name, member] of members) lines.push(hardline, memberLayout(name, member));
  // A name that is not declared is a mistake, unless somebody said that there can be others.
  if (rest.length > 0 && !closesToTypos(shape)) {
    lines.push(hardline, '[k: string]: ', ofAnnotation(typeOf(indexed([...members.values()], rest))), ';');
  }
  // Without any word of members it would be anything but null.
  if (lines.length === 0) lines.push(hardline, '[k: string]: never;');
  return { kind: 'object', layout: group(['{', indent(lines), hardline, '}']) };
}

function memberLayout(name: string, { type, required, words }: Member): Layout {
  const key = IDENTIFIER.test(name) ? name : valueText(name);
  return [comment(words), `${key}${required ? '' : '?'}: `, ofAnnotation(typeOf(type)), ';'];
}

/** Returns the type of an index signature: TypeScript wants it to include those of named members. */
function indexed(members: readonly Member[], rest: Alternatives): Alternatives {
  const optional = members.some(({ required }) => !required);
  const all = unite([rest, ...members.map(({ type }) => type)]);
  return optional && !all.some(({ kind }) => kind === 'any') ? [...all, { kind: 'text', text: 'undefined' }] : all;
}

/**
 * Of several objects the members that all have, and what each has beside them; undefined where that says it in no fewer
 * words.
 */
function sharedMembers(type: Alternatives): { common: ObjectShape; own: ObjectShape[] } | undefined {
  const objects = type.filter((shape): shape is ObjectShape => shape.kind === 'object');
  const [first] = objects;
  if (first === undefined || objects.length < 2 || objects.length < type.length) return undefined;
  // Where other members have a type, it holds for all that stands in the same object.
  if (objects.some(({ rest }) => rest.some(({ kind }) => kind !== 'any') || keyOfAll(rest) !== keyOfAll(first.rest)))
    return undefined;
  const isShared = (name: string, member: Member) =>
    objects.every(({ members }) => {
      const other = members.get(name);
      return other?.required === member.required && keyOfAll(other.type) === keyOfAll(member.type);
    });
  const common = new Map([...first.members].filter(([name, member]) => isShared(name, member)));
  if (common.size === 0) return undefined;
  const own = objects.map((object) => {
    const members = new Map([...object.members].filter(([name]) => !common.has(name)));
    return { ...object, members, rest: NEVER, implied: false };
  });
  return { common: { ...first, members: common }, own };
}

/** Objects that each tell of the members of the others. */
const MOST_APART = 20;

/**
 * Objects of which each has a word about the members of the others: the compiler takes a member that one of several
 * objects has, whichever of them the rest is like, unless a value of a member tells them apart.
 */
function toldApart(type: Alternatives): Alternatives {
  const objects = type.filter((shape): shape is ObjectShape => shape.kind === 'object');
  if (objects.length < 2 || objects.length > MOST_APART || haveTag(objects)) return type;
  const names = new Set(objects.flatMap(({ members }) => [...members.keys()]));
  return type.map((shape) => {
    if (shape.kind !== 'object' || (shape.rest.length > 0 && !closesToTypos(shape))) return shape;
    const member = { type: shape.rest, required: false, declared: true, words: '' };
    const missing = [...names].filter((name) => !shape.members.has(name));
    return { ...shape, members: new Map([...shape.members, ...missing.map((name) => [name, member] as const)]) };
  });
}

/** Checks if one member has a value of its own in each object, or is missing in one. */
function haveTag(objects: readonly ObjectShape[]): boolean {
  const [first] = objects;
  return [...(first?.members.keys() ?? [])].some((name) => {
    const seen = new Set<string>();
    return objects.every(({ members }) => {
      const values = tagsOf(members.get(name));
      const isOwn = values?.every((value) => !seen.has(value)) ?? false;
      for (const value of values ?? []) seen.add(value);
      return isOwn;
    });
  });
}

/** The values of a member, also that it is missing; undefined when these are not told one by one. */
function tagsOf(member: Member | undefined): readonly string[] | undefined {
  if (member === undefined) return undefined;
  const values = member.type.flatMap((shape) => (shape.kind === 'literal' ? [JSON.stringify(shape.value)] : []));
  if (values.length < member.type.length) return undefined;
  return member.required ? values : [...values, 'undefined'];
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A JSON value as a type, in one line. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, each]) => {
      return `${IDENTIFIER.test(name) ? name : valueText(name)}: ${valueText(each)}`;
    });
    return members.length === 0 ? '{ [k: string]: never }' : `{ ${members.join('; ')} }`;
  }
  return typeof value === 'string' ? quoted(JSON.stringify(value)) : JSON.stringify(value).replace('e+', 'e');
}

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

function comment(words: string): Layout {
  if (words === '') return '';
  const lines = words.replaceAll('*/', '* /').split('\n');
  const starred = lines.flatMap((each): Layout[] => [hardline, ` * ${each.trim()}`.trimEnd()]);
  return ['/**', ...starred, hardline, ' */', hardline];
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
