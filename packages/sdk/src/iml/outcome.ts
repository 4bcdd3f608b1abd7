import type { IMLType } from './function.ts';
import { infer, membersOf, type Types } from './infer.ts';
import type { Binary, Expression } from './tree.ts';

/**
 * Checks if a comparison can be true, and whether it can be false, as far as types and literals tell. Equality is
 * JavaScript's `==`: a text equals a number when it spells it, and a boolean only as "1", "0" or "".
 */
export function outcomeOf({ operator, left, right }: Binary, types: Types): 'always' | 'never' | undefined {
  const kinds = [membersOf(infer(left, types)), membersOf(infer(right, types))] as const;
  if (kinds.flat().includes('any')) return undefined;
  if (operator === '=' || operator === '!=') {
    const possible = kinds[0].some((a) => kinds[1].some((b) => mayEqual(side(a, left), side(b, right))));
    if (!possible) return operator === '=' ? 'never' : 'always';
    return undefined;
  }
  if (operator !== '<' && operator !== '<=' && operator !== '>' && operator !== '>=') return undefined;
  const possible = kinds[0].some((a) => kinds[1].some((b) => mayCompare(side(a, left), side(b, right))));
  return possible ? undefined : 'never';
}

interface Side {
  readonly kind: string;
  /** The value of a literal. */
  readonly value?: string | number | boolean;
}

function side(type: IMLType, expression: Expression): Side {
  const kind = typeof type === 'string' ? type : 'array' in type ? 'array' : 'collection';
  if (expression.kind === 'number' || expression.kind === 'string') return { kind, value: expression.value };
  const isTruth = expression.kind === 'keyword' && (expression.name === 'true' || expression.name === 'false');
  return isTruth ? { kind, value: expression.name === 'true' } : { kind };
}

const SIMPLE = new Set(['text', 'number', 'boolean']);

function isNothing({ kind }: Side): boolean {
  return kind === 'null' || kind === 'undefined';
}

function mayEqual(a: Side, b: Side): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (a.kind === 'collection' || b.kind === 'collection')
    return a.kind === b.kind || a.kind === 'array' || b.kind === 'array';
  if (!SIMPLE.has(a.kind) || !SIMPLE.has(b.kind)) return true;
  if (a.kind !== b.kind)
    return numbersOf(a).some((x) => numbersOf(b).some((y) => x === undefined || y === undefined || x === y));
  return a.value === undefined || b.value === undefined || a.value === b.value;
}

/** The numbers that a side can be in a comparison of two kinds; undefined stands for any. */
function numbersOf({ kind, value }: Side): readonly (number | undefined)[] {
  if (value !== undefined) return [Number(value)].filter((number) => !Number.isNaN(number));
  return kind === 'boolean' ? [0, 1] : [undefined];
}

/** Texts compare as texts, all else as numbers: what is none is neither less nor greater. */
function mayCompare(a: Side, b: Side): boolean {
  if (a.kind === 'undefined' || b.kind === 'undefined') return false;
  if (a.kind === 'text' && b.kind === 'text') return true;
  return [a, b].every(
    ({ kind, value }) => kind !== 'collection' && !(typeof value === 'string' && Number.isNaN(Number(value))),
  );
}
