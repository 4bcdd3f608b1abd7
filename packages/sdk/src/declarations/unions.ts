import { sameJSON } from '../json.ts';
import {
  type Alternatives,
  ANY,
  type ArrayShape,
  closesToTypos,
  EVERYTHING,
  isExcept,
  isPlain,
  itemAt,
  keyOf,
  kindOf,
  type ObjectShape,
  type PlainShape,
  type Shape,
} from './shapes.ts';

/** Values of one of all these forms; what another form takes already is left out. */
export function unite(all: readonly Alternatives[]): Alternatives {
  const shapes = new Map<string, Shape>();
  for (const shape of all.flat()) {
    if (shape.kind === 'any') return ANY;
    const key = keyOf(shape);
    if (!shapes.has(key)) shapes.set(key, shape);
  }
  const told = withoutCovered(unitedValues([...shapes.values()]));
  return told.length < EVERYTHING.length || !coversAll(told, EVERYTHING) ? told : ANY;
}

/** One plain shape for each kind: what one of them takes, or is told as a value, is taken. */
function unitedValues(all: Alternatives): Alternatives {
  const plain = new Map<string, PlainShape>();
  for (const shape of all) {
    if (!isPlain(shape)) continue;
    const before = plain.get(shape.kind);
    const except = (before ?? shape).except?.filter((value) => isExcept(shape, value)) ?? [];
    plain.set(shape.kind, except.length === 0 ? { kind: shape.kind } : { kind: shape.kind, except });
  }
  const values = all.flatMap((shape) => (shape.kind === 'literal' ? [shape.value] : []));
  if (values.includes(true) && values.includes(false)) plain.set('boolean', { kind: 'boolean' });
  const told = new Set<string>();
  return all.flatMap((shape): Alternatives => {
    const kind = shape.kind === 'literal' ? kindOf(shape.value) : shape.kind;
    const whole = plain.get(kind);
    if (whole === undefined) return [shape];
    if (told.has(kind)) return [];
    told.add(kind);
    const except = whole.except?.filter((value) => !values.some((each) => sameJSON(each, value))) ?? [];
    return [except.length === 0 ? { kind: whole.kind } : { kind: whole.kind, except }];
  });
}

/** Objects and arrays that are held against each other. */
const COMPARED = 40;

/** Without objects and arrays of which others take all values. */
function withoutCovered(all: Alternatives): Alternatives {
  const compared = all.filter(({ kind }) => kind === 'object' || kind === 'array');
  if (compared.length < 2 || compared.length > COMPARED) return all;
  const left = new Set(all);
  for (const shape of compared) {
    if (compared.some((other) => other !== shape && left.has(other) && covers(other, shape))) left.delete(shape);
  }
  return left.size === all.length ? all : [...left];
}

/** Checks if every value of one shape is one of another, so far as that is plain to see. */
function covers(one: Shape, other: Shape): boolean {
  if (one.kind === 'any' || keyOf(one) === keyOf(other)) return true;
  if (other.kind === 'literal') return one.kind === kindOf(other.value) && isPlain(one) && !isExcept(one, other.value);
  if (one.kind === 'array' && other.kind === 'array') return coversArray(one, other);
  if (one.kind === 'object' && other.kind === 'object') return coversObject(one, other);
  return false;
}

function coversAll(one: Alternatives, other: Alternatives): boolean {
  return other.every((shape) => one.some((each) => covers(each, shape)));
}

function coversArray(one: ArrayShape, other: ArrayShape): boolean {
  if (one.required > other.required || !coversAll(one.rest, other.rest)) return false;
  const length = Math.max(one.prefix.length, other.prefix.length);
  return Array.from({ length }, (_, index) => index).every((index) =>
    coversAll(itemAt(one, index), itemAt(other, index)),
  );
}

/** A name that only the other tells of would be taken for a mistake without it. */
function coversObject(one: ObjectShape, other: ObjectShape): boolean {
  const isOpen = !closesToTypos(one);
  if (!coversAll(one.rest, other.rest)) return false;
  for (const [name, { type }] of other.members) {
    const own = one.members.get(name);
    if (own === undefined && (!isOpen || type.length === 0)) return false;
    if (!coversAll(own?.type ?? one.rest, type)) return false;
  }
  for (const [name, { type, required }] of one.members) {
    const another = other.members.get(name);
    if (required && another?.required !== true) return false;
    if (another === undefined && !coversAll(type, other.rest)) return false;
  }
  return true;
}
