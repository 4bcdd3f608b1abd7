import { isDeepStrictEqual } from 'node:util';

/** One form that a value can have. */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null' }
  /** Exactly this JSON value. */
  | { readonly kind: 'literal'; readonly value: unknown }
  | ArrayShape
  | ObjectShape
  /** A type that has a name of its own, and what it stands for. */
  | { readonly kind: 'reference'; readonly name: string; expand(): Alternatives }
  /** A type that only TypeScript can express. */
  | { readonly kind: 'text'; readonly text: string }
  /** A value that has all of these forms at once. */
  | { readonly kind: 'all'; readonly parts: readonly Alternatives[] };

export interface ArrayShape {
  readonly kind: 'array';
  /** Of the first items. */
  readonly prefix: readonly Alternatives[];
  /** How many of the first items are always there. */
  readonly required: number;
  /** Of all further items; none where there can be none. */
  readonly rest: Alternatives;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Member>;
  /** Of members that are not named; none where there can be none. */
  readonly rest: Alternatives;
  /** True if other members may be anything, because nobody declared them: a name is surely not misspelt on purpose. */
  readonly implied: boolean;
}

export interface Member {
  readonly type: Alternatives;
  readonly required: boolean;
  /** Comment above it. */
  readonly words: string;
}

/** The forms that a value can have; no value where there are none. */
export type Alternatives = readonly Shape[];

export const ANY: Alternatives = [{ kind: 'any' }];
export const NEVER: Alternatives = [];

/** Alternatives that are multiplied out, and the members that they may have; others are reported as an intersection. */
const MOST = 100;
const HEAVIEST = 1000;

/** Values of one of all these forms; what another form takes already is left out. */
export function unite(all: readonly Alternatives[]): Alternatives {
  const shapes = new Map<string, Shape>();
  for (const shape of all.flat()) {
    if (shape.kind === 'any') return ANY;
    const key = keyOf(shape);
    if (!shapes.has(key)) shapes.set(key, shape);
  }
  const kept = [...shapes.values()].filter((shape) => shape.kind !== 'literal' || !shapes.has(kindOf(shape.value)));
  const [yes, no] = [true, false].map((value) =>
    kept.findIndex((each) => each.kind === 'literal' && each.value === value),
  );
  if (yes === undefined || no === undefined || yes < 0 || no < 0) return kept;
  return kept.toSpliced(Math.max(yes, no), 1).toSpliced(Math.min(yes, no), 1, { kind: 'boolean' });
}

const KEYS = new WeakMap<Shape, string>();

/** A text that two shapes share exactly when they are the same; of a string, a number and their like the kind alone. */
export function keyOf(shape: Shape): string {
  const known = KEYS.get(shape);
  if (known !== undefined) return known;
  const key = makeKey(shape);
  KEYS.set(shape, key);
  return key;
}

/** Only what comes from outside is in quotes: quotes within quotes would double with every level. */
function makeKey(shape: Shape): string {
  switch (shape.kind) {
    case 'literal':
      return `=${JSON.stringify(shape.value)}`;
    case 'reference':
      return `@${JSON.stringify(shape.name)}`;
    case 'text':
      return `$${JSON.stringify(shape.text)}`;
    case 'all':
      return `(${shape.parts.map(keyOfAll).join('&')})`;
    case 'array':
      return `[${shape.required}:${shape.prefix.map(keyOfAll).join(',')}:${keyOfAll(shape.rest)}]`;
    case 'object': {
      const members = [...shape.members].map(
        ([name, { type, required }]) => `${JSON.stringify(name)}${required ? '' : '?'}${keyOfAll(type)}`,
      );
      return `{${shape.implied}:${members.join(',')}:${keyOfAll(shape.rest)}}`;
    }
    default:
      return shape.kind;
  }
}

export function keyOfAll(all: Alternatives): string {
  return `<${all.map(keyOf).join('|')}>`;
}

/** The JSON type of a value. */
export function kindOf(value: unknown): 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'string' | 'number' | 'boolean' | 'object';
}

/** Types that are being opened up, to stop where one holds itself. */
type Open = ReadonlySet<string>;

/** Values that have one of the forms of each side. */
export function intersect(one: Alternatives, other: Alternatives, open: Open = new Set()): Alternatives {
  return intersectAll([one, other], open);
}

/**
 * Values that have one of the forms of each. Choices between objects that have nothing to do with each other are reported
 * beside each other, not multiplied.
 */
export function intersectAll(all: readonly Alternatives[], open: Open = new Set()): Alternatives {
  // The first has all that is no choice.
  const parts: Alternatives[] = [ANY];
  /** Name of a member → the part that has it. */
  const owners = new Map<string, number>();
  for (const each of all.flatMap(partsOf)) {
    const names = memberNames(each);
    const met = [...partsMet(each, names, parts, owners)].sort((a, b) => a - b);
    const [target = parts.length] = met;
    const whole = [...met.map((index) => parts[index] ?? ANY), each].reduce((a, b) => multiplied(a, b, open));
    for (const index of met) parts[index] = ANY;
    parts[target] = whole;
    if (met.length > 1) for (const [name, index] of owners) if (met.includes(index)) owners.set(name, target);
    for (const name of names ?? []) owners.set(name, target);
  }
  const reported = withoutBare(parts.filter((part) => !isAny(part)));
  return reported.length > 1 ? [{ kind: 'all', parts: reported }] : (reported[0] ?? ANY);
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

const WEIGHTS = new WeakMap<Shape, number>();

/** How many members and items there are, at all depths. */
function weightOf(all: Alternatives): number {
  return all.reduce((sum, shape) => sum + weightOfShape(shape), 0);
}

function weightOfShape(shape: Shape): number {
  const known = WEIGHTS.get(shape);
  if (known !== undefined) return known;
  let weight = 0;
  if (shape.kind === 'all') weight = weightOf(shape.parts.flat());
  else if (shape.kind === 'array') weight = 1 + weightOf([...shape.prefix.flat(), ...shape.rest]);
  else if (shape.kind === 'object') {
    weight = weightOf(shape.rest);
    for (const { type } of shape.members.values()) weight += 1 + weightOf(type);
  }
  WEIGHTS.set(shape, weight);
  return weight;
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
  if (a.kind === 'array' && b.kind === 'array') return [meetArrays(a, b, open)];
  if (a.kind === 'object' && b.kind === 'object') return meetObjects(a, b, open);
  return a.kind === b.kind ? [a] : NEVER;
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
  return isDeepStrictEqual(a.value, b.value) ? [a] : NEVER;
}

/** Checks if a value may have the form, as far as its own kind says. */
function fits(value: unknown, shape: Shape): boolean {
  return kindOf(value) === shape.kind;
}

function meetArrays(a: ArrayShape, b: ArrayShape, open: Open): ArrayShape {
  const length = Math.max(a.prefix.length, b.prefix.length);
  const at = (array: ArrayShape, index: number) => array.prefix[index] ?? array.rest;
  const prefix = Array.from({ length }, (_, index) => intersect(at(a, index), at(b, index), open));
  // Where an item cannot be, neither can those behind it.
  const end = prefix.findIndex((each) => each.length === 0);
  const rest = end < 0 ? intersect(a.rest, b.rest, open) : NEVER;
  return {
    kind: 'array',
    prefix: end < 0 ? prefix : prefix.slice(0, end),
    required: Math.max(a.required, b.required),
    rest,
  };
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
    if (type.length > 0 || !closed) members.set(name, { type, required, words });
  }
  const implied = a.implied && b.implied;
  return [{ kind: 'object', members, rest: intersect(a.rest, b.rest, open), implied }];
}

/** Without the forms of these kinds, and without these values where they are reported one by one. */
export function without(all: Alternatives, kinds: ReadonlySet<string>, values: readonly unknown[]): Alternatives {
  return all.filter((shape) => {
    if (shape.kind !== 'literal') return !kinds.has(shape.kind);
    return !kinds.has(kindOf(shape.value)) && !values.some((each) => isDeepStrictEqual(each, shape.value));
  });
}
