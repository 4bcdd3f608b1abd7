import { sameJSON } from '../json.ts';
import {
  type Alternatives,
  ANY,
  type ArrayShape,
  isExcept,
  isPlain,
  itemAt,
  kindOf,
  type Member,
  NEVER,
  type ObjectShape,
  type PlainShape,
  type Shape,
  weightOf,
} from './shapes.ts';
import { unite } from './unions.ts';

/** Alternatives that are multiplied out, and the members that they may have; others are written as an intersection. */
const MOST = 100;
const HEAVIEST = 1000;

/** Types that are being opened up, to stop where one holds itself. */
type Open = ReadonlySet<string>;

/** Values that have one of the forms of each side. */
export function intersect(one: Alternatives, other: Alternatives, open: Open = new Set()): Alternatives {
  return intersectAll([one, other], open);
}

/**
 * Values that have one of the forms of each. Choices between objects that have nothing to do with each other are told
 * beside each other, not multiplied.
 */
export function intersectAll(all: readonly Alternatives[], open: Open = new Set()): Alternatives {
  // The first has all that is no choice.
  const parts: Alternatives[] = [ANY];
  /** Name of a member → the part that has it. */
  const owners = new Map<string, number>();
  for (const each of all.flatMap(partsOf).filter((part) => !isAny(part))) {
    const names = memberNames(each);
    const met = [...partsMet(each, names, parts, owners)].sort((a, b) => a - b);
    const [target = parts.length] = met;
    const whole = [...met.map((index) => parts[index] ?? ANY), each].reduce((a, b) => multiplied(a, b, open));
    for (const index of met) parts[index] = ANY;
    parts[target] = whole;
    if (met.length > 1) for (const [name, index] of owners) if (met.includes(index)) owners.set(name, target);
    for (const name of names ?? []) owners.set(name, target);
  }
  const told = withoutBare(parts.filter((part) => !isAny(part)));
  return told.length > 1 ? [{ kind: 'all', parts: told }] : (told[0] ?? ANY);
}

/** The parts that something must be multiplied with: those that have members of the same names, and where it is no choice, or nothing else is, the first. */
function partsMet(
  each: Alternatives,
  names: ReadonlySet<string> | undefined,
  parts: readonly Alternatives[],
  owners: ReadonlyMap<string, number>,
): Set<number> {
  const [base = ANY] = parts;
  if (names === undefined || (!isAny(base) && memberNames(base) === undefined)) return new Set(parts.keys());
  const met = new Set([...names].flatMap((name) => owners.get(name) ?? []));
  const isChoice = each.length > 1 || !each.every(isPart);
  const isFirst = parts.length === 1 && base.length === 1 && [...base, ...each].every(isPart);
  return isChoice && !isFirst ? met : met.add(0);
}

function isAny(all: Alternatives): boolean {
  return all.some(({ kind }) => kind === 'any');
}

/** Checks if it is an object of which others may say more. */
function isPart(shape: Shape): boolean {
  return shape.kind === 'object' && shape.implied;
}

/** Without what says no more than that there is an object, where the others say that as well. */
function withoutBare(parts: readonly Alternatives[]): readonly Alternatives[] {
  const others = parts.filter(([only, ...more]) => {
    return more.length > 0 || only?.kind !== 'object' || !only.implied || only.members.size > 0;
  });
  return others.length > 0 && others.every((part) => memberNames(part) !== undefined) ? others : parts;
}

/** Returns the parts of an intersection. */
function partsOf(all: Alternatives): readonly Alternatives[] {
  const [only, ...more] = all;
  return only?.kind === 'all' && more.length === 0 ? only.parts.flatMap(partsOf) : [all];
}

/** The names of the members of objects of which others may say more; undefined when something else is among them. */
function memberNames(all: Alternatives): Set<string> | undefined {
  const names = new Set<string>();
  const collect = (shape: Shape): boolean => {
    if (shape.kind === 'all') return shape.parts.every((part) => part.every(collect));
    if (shape.kind !== 'object' || !shape.implied) return false;
    for (const name of shape.members.keys()) names.add(name);
    return true;
  };
  return all.length > 0 && all.every(collect) ? names : undefined;
}

function multiplied(one: Alternatives, other: Alternatives, open: Open): Alternatives {
  if (isAny(one)) return other;
  if (isAny(other)) return one;
  const weight = one.length * weightOf(other) + other.length * weightOf(one);
  if (one.length * other.length > MOST || weight > HEAVIEST) {
    return [{ kind: 'all', parts: [...partsOf(one), ...partsOf(other)] }];
  }
  return unite(one.flatMap((a) => other.map((b) => meet(a, b, open))));
}

function meet(a: Shape, b: Shape, open: Open): Alternatives {
  if (a.kind === 'reference' && b.kind === 'reference' && a.name === b.name) return [a];
  for (const [own, another] of [
    [a, b],
    [b, a],
  ] as const) {
    if (own.kind !== 'reference') continue;
    if (open.has(own.name)) return together(a, b);
    return intersect(own.expand(), [another], new Set([...open, own.name]));
  }
  if (a.kind === 'text' || b.kind === 'text') return together(a, b);
  if (a.kind === 'all' || b.kind === 'all') return excludes(a, b) ? NEVER : together(a, b);
  if (a.kind === 'literal') return b.kind === 'literal' ? same(a, b) : fits(a.value, b) ? [a] : NEVER;
  if (b.kind === 'literal') return fits(b.value, a) ? [b] : NEVER;
  if (a.kind === 'array' && b.kind === 'array') return meetArrays(a, b, open);
  if (a.kind === 'object' && b.kind === 'object') return meetObjects(a, b, open);
  if (a.kind !== b.kind || !isPlain(a) || !isPlain(b)) return NEVER;
  return [a.except === undefined || b.except === undefined ? (a.except === undefined ? b : a) : both(a, b)];
}

/** Checks if no value has both forms, as far as the JSON types say: one of them is several forms at once. */
function excludes(a: Shape, b: Shape): boolean {
  const types = (shape: Shape): readonly Set<string | undefined>[] =>
    shape.kind === 'all' ? shape.parts.map((part) => new Set(part.flatMap(typesIn))) : [new Set(typesIn(shape))];
  return types(a).some((one) =>
    types(b).some(
      (other) => ![one, other].some((set) => set.has(undefined)) && [...one].every((type) => !other.has(type)),
    ),
  );
}

/** The JSON types that values of a shape may have; undefined among them when nobody knows. */
function typesIn(shape: Shape): readonly (string | undefined)[] {
  if (shape.kind === 'literal') return [kindOf(shape.value)];
  if (shape.kind === 'all') return shape.parts.flat().flatMap(typesIn);
  return shape.kind === 'any' || shape.kind === 'reference' || shape.kind === 'text' ? [undefined] : [shape.kind];
}

function together(a: Shape, b: Shape): Alternatives {
  const parts = withoutBare([a, b].flatMap((each) => (each.kind === 'all' ? each.parts : [[each]])));
  return parts.length === 1 ? (parts[0] ?? ANY) : [{ kind: 'all', parts }];
}

function same(a: Shape & { kind: 'literal' }, b: Shape & { kind: 'literal' }): Alternatives {
  return sameJSON(a.value, b.value) ? [a] : NEVER;
}

function both(a: PlainShape, b: PlainShape): PlainShape {
  return { kind: a.kind, except: [...(a.except ?? []), ...(b.except ?? [])] };
}

/** Checks if a value may have the form, as far as that is plain to see. */
function fits(value: unknown, shape: Shape): boolean {
  if (kindOf(value) !== shape.kind) return false;
  return !isPlain(shape) || !isExcept(shape, value);
}

function meetArrays(a: ArrayShape, b: ArrayShape, open: Open): Alternatives {
  const length = Math.max(a.prefix.length, b.prefix.length);
  const prefix = Array.from({ length }, (_, index) => intersect(itemAt(a, index), itemAt(b, index), open));
  return arrayOf(prefix, Math.max(a.required, b.required), intersect(a.rest, b.rest, open));
}

/** The members and items of the types of items that are told one by one: what would be longer is told of any number. */
const MOST_ITEMS = 12;

/** Arrays of these items, of which the first ones must be there: where one cannot be, neither can those behind it. */
export function arrayOf(items: readonly Alternatives[], required: number, further: Alternatives): Alternatives {
  const end = items.findIndex((each) => each.length === 0);
  const prefix = end < 0 ? items : items.slice(0, end);
  const rest = end < 0 ? further : NEVER;
  if (required <= prefix.length) return [{ kind: 'array', prefix, required, rest }];
  if (rest.length === 0) return NEVER;
  const all = padded(prefix, required, rest);
  return [{ kind: 'array', prefix: all, required: Math.min(required, all.length), rest }];
}

/** Of an array those that have no more items than this. */
export function atMost({ prefix, required, rest }: ArrayShape, most: number): Alternatives {
  if (required > most) return NEVER;
  const all = rest.length === 0 ? prefix : padded(prefix, most, rest);
  const isWhole = all.length >= most;
  return [{ kind: 'array', prefix: all.slice(0, most), required, rest: isWhole ? NEVER : rest }];
}

/** The items with as many further ones as there have to be, unless that would be too much to tell. */
function padded(prefix: readonly Alternatives[], length: number, rest: Alternatives): readonly Alternatives[] {
  const missing = length - prefix.length;
  if (missing <= 0 || missing * (1 + weightOf(rest)) > MOST_ITEMS) return prefix;
  return [...prefix, ...Array.from({ length: missing }, () => rest)];
}

function meetObjects(a: ObjectShape, b: ObjectShape, open: Open): Alternatives {
  const members = new Map<string, Member>();
  for (const name of new Set([...a.members.keys(), ...b.members.keys()])) {
    const [own, other] = [a.members.get(name), b.members.get(name)];
    const type = intersect(own?.type ?? a.rest, other?.type ?? b.rest, open);
    const required = (own?.required ?? false) || (other?.required ?? false);
    if (type.length === 0 && required) return NEVER;
    const words = own?.words || other?.words || '';
    // A member that cannot be is left out where only named ones can be.
    const closed = (own === undefined && a.rest.length === 0) || (other === undefined && b.rest.length === 0);
    const declared = (own?.declared ?? false) || (other?.declared ?? false);
    if (type.length > 0 || !closed) members.set(name, { type, required, declared, words });
  }
  const implied = a.implied && b.implied;
  return [{ kind: 'object', members, rest: intersect(a.rest, b.rest, open), implied }];
}
