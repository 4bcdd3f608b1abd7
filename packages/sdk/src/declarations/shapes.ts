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
  /** What only TypeScript can say. */
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
  /** Whether nobody said what members that are not named are: any, and a name is surely not misspelt on purpose. */
  readonly implied: boolean;
}

export interface Member {
  readonly type: Alternatives;
  readonly required: boolean;
  /** What is said above it. */
  readonly words: string;
}

/** The forms that a value can have; no value where there are none. */
export type Alternatives = readonly Shape[];

export const ANY: Alternatives = [{ kind: 'any' }];
export const NEVER: Alternatives = [];

/** Alternatives that are multiplied out; beyond that they are printed as an intersection. */
const MOST = 100;

/** Values of one of all these forms; what another form takes already is left out. */
export function unite(all: readonly Alternatives[]): Alternatives {
  const shapes: Shape[] = [];
  for (const shape of all.flat()) {
    if (shape.kind === 'any') return ANY;
    if (!shapes.some((each) => covers(each, shape))) shapes.push(shape);
  }
  const kept = shapes.filter((shape) => !shapes.some((each) => each !== shape && covers(each, shape)));
  const [yes, no] = [true, false].map((value) =>
    kept.findIndex((each) => each.kind === 'literal' && each.value === value),
  );
  if (yes === undefined || no === undefined || yes < 0 || no < 0) return kept;
  return kept.toSpliced(Math.max(yes, no), 1).toSpliced(Math.min(yes, no), 1, { kind: 'boolean' });
}

function covers(wide: Shape, narrow: Shape): boolean {
  if (narrow.kind === 'literal' && wide.kind !== 'literal')
    return kindOf(narrow.value) === wide.kind && isScalar(wide.kind);
  return keyOf(wide) === keyOf(narrow);
}

/** A text that two shapes share exactly when they are the same. */
export function keyOf(shape: Shape): string {
  switch (shape.kind) {
    case 'literal':
      return JSON.stringify([shape.kind, shape.value]);
    case 'reference':
      return JSON.stringify([shape.kind, shape.name]);
    case 'text':
      return JSON.stringify([shape.kind, shape.text]);
    case 'all':
      return JSON.stringify([shape.kind, ...shape.parts.map(keyOfAll)]);
    case 'array':
      return JSON.stringify([shape.kind, shape.required, shape.prefix.map(keyOfAll), keyOfAll(shape.rest)]);
    case 'object': {
      const members = [...shape.members].map(([name, { type, required }]) => [name, required, keyOfAll(type)]);
      return JSON.stringify([shape.kind, shape.implied, members, keyOfAll(shape.rest)]);
    }
    default:
      return shape.kind;
  }
}

export function keyOfAll(all: Alternatives): string {
  return JSON.stringify(all.map(keyOf));
}

function isScalar(kind: Shape['kind']): boolean {
  return kind === 'string' || kind === 'number' || kind === 'boolean' || kind === 'null';
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
  if (one.some(({ kind }) => kind === 'any')) return other;
  if (other.some(({ kind }) => kind === 'any')) return one;
  if (one.length * other.length > MOST || areApart(one, other)) return [{ kind: 'all', parts: [one, other] }];
  return unite(one.flatMap((a) => other.map((b) => meet(a, b, open))));
}

/** Whether both are choices between objects that have nothing to do with each other: told beside each other, not multiplied. */
function areApart(one: Alternatives, other: Alternatives): boolean {
  if (one.length < 2 || other.length < 2) return false;
  const names = new Set(one.flatMap((shape) => (shape.kind === 'object' ? [...shape.members.keys()] : [])));
  const isPart = (shape: Shape) => shape.kind === 'object' && shape.implied;
  const repeats = (shape: Shape) =>
    shape.kind === 'object' && [...shape.members.keys()].some((name) => names.has(name));
  return one.every(isPart) && other.every(isPart) && !other.some(repeats);
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
  if (a.kind === 'text' || b.kind === 'text' || a.kind === 'all' || b.kind === 'all') return together(a, b);
  if (a.kind === 'literal') return b.kind === 'literal' ? same(a, b) : fits(a.value, b) ? [a] : NEVER;
  if (b.kind === 'literal') return fits(b.value, a) ? [b] : NEVER;
  if (a.kind === 'array' && b.kind === 'array') return [meetArrays(a, b, open)];
  if (a.kind === 'object' && b.kind === 'object') return meetObjects(a, b, open);
  return a.kind === b.kind ? [a] : NEVER;
}

function together(a: Shape, b: Shape): Alternatives {
  const parts = [a, b].flatMap((each) => (each.kind === 'all' ? each.parts : [[each]]));
  return [{ kind: 'all', parts }];
}

function same(a: Shape & { kind: 'literal' }, b: Shape & { kind: 'literal' }): Alternatives {
  return isDeepStrictEqual(a.value, b.value) ? [a] : NEVER;
}

/** Whether a value may have the form, as far as its own kind says. */
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

/** Without the forms of these kinds, and without these values where they are told one by one. */
export function without(all: Alternatives, kinds: ReadonlySet<string>, values: readonly unknown[]): Alternatives {
  return all.filter((shape) => {
    if (shape.kind !== 'literal') return !kinds.has(shape.kind);
    return !kinds.has(kindOf(shape.value)) && !values.some((each) => isDeepStrictEqual(each, shape.value));
  });
}
