import { sameJSON } from '../json.ts';

/** One form that a value can have. */
export type Shape =
  | { readonly kind: 'any' }
  | PlainShape
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

export interface PlainShape {
  readonly kind: 'string' | 'number' | 'boolean' | 'null';
  /** Values that are none of it, which count where it meets such a value; TypeScript has no words for them. */
  readonly except?: readonly unknown[];
}

export interface ArrayShape {
  readonly kind: 'array';
  /** Of the first items. */
  readonly prefix: readonly Alternatives[];
  /** How many of the first items are always there, each of which has its type in `prefix`. */
  readonly required: number;
  /** Of all further items; none where there can be none. */
  readonly rest: Alternatives;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Member>;
  /** Of members that are not named; none where there can be none. */
  readonly rest: Alternatives;
  /** True if other members may be anything, because nobody said what they are. */
  readonly implied: boolean;
}

export interface Member {
  readonly type: Alternatives;
  readonly required: boolean;
  /** True if it is declared among the properties: a name beside these is surely not misspelt on purpose. */
  readonly declared: boolean;
  /** Comment above it. */
  readonly words: string;
}

/** The forms that a value can have; no value where there are none. */
export type Alternatives = readonly Shape[];

export const ANY: Alternatives = [{ kind: 'any' }];
export const NEVER: Alternatives = [];

/** All that JSON can be, kind by kind. */
export const EVERYTHING: Alternatives = [
  { kind: 'string' },
  { kind: 'number' },
  { kind: 'boolean' },
  { kind: 'null' },
  { kind: 'array', prefix: [], required: 0, rest: ANY },
  { kind: 'object', members: new Map(), rest: ANY, implied: true },
];

/** Checks if a name that is not declared is a mistake. */
export function closesToTypos({ implied, members }: ObjectShape): boolean {
  return implied && [...members.values()].some(({ declared }) => declared);
}

export function isPlain(shape: Shape): shape is PlainShape {
  return shape.kind === 'string' || shape.kind === 'number' || shape.kind === 'boolean' || shape.kind === 'null';
}

export function isExcept({ except = [] }: PlainShape, value: unknown): boolean {
  return except.some((each) => sameJSON(each, value));
}

/** Returns the type of an item of an array; nothing where there can be none. */
export function itemAt({ prefix, rest }: ArrayShape, index: number): Alternatives {
  return prefix[index] ?? rest;
}

const KEYS = new WeakMap<Shape, string>();

/** A text that two shapes share exactly when they are the same; of a string, a number and their like the kind, and what is none of it. */
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
        ([name, { type, required, declared }]) =>
          `${JSON.stringify(name)}${declared ? '' : '~'}${required ? '' : '?'}${keyOfAll(type)}`,
      );
      return `{${shape.implied}:${members.join(',')}:${keyOfAll(shape.rest)}}`;
    }
    case 'any':
      return shape.kind;
    default:
      return shape.except === undefined ? shape.kind : `${shape.kind}-${JSON.stringify(shape.except)}`;
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

const WEIGHTS = new WeakMap<Shape, number>();

/** How many members and items there are, at all depths. */
export function weightOf(all: Alternatives): number {
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
