import { isDeepStrictEqual } from 'node:util';
import { commentsIn } from '../comments.ts';
import type { Path } from '../diagnostics.ts';
import { mayBeInexact } from '../exact-numbers.ts';
import { withValue } from '../json-edits/index.ts';
import { readSource } from '../source.ts';
import { type ValueChange, valueChanges, withChanges } from '../value-changes.ts';

/** Both sides' changes in one text, or the paths at which both changed the same value in different ways. */
export type Merged = { readonly text: string } | { readonly overlaps: readonly Path[] };

/**
 * Brings what they changed since `base` into our text, and keeps our comments and format.
 * @returns undefined when a text is no JSON, or when they changed comments, which have no place in a merge of values.
 */
export function merge(base: string, ours: string, theirs: string): Merged | undefined {
  const [was, here, there] = [base, ours, theirs].map(valueIn);
  if (was === undefined || here === undefined || there === undefined) return undefined;
  if (!isDeepStrictEqual(commentTexts(base), commentTexts(theirs))) return undefined;
  const left = valueChanges(was.value, here.value);
  const right = valueChanges(was.value, there.value);
  const overlaps = right.filter((change) =>
    left.some((other) => overlap(change.path, other.path) && !isSame(change, other)),
  );
  if (overlaps.length > 0) return { overlaps: overlaps.map(({ path }) => path) };
  // As values, numbers that a double cannot hold may look the same.
  if (longNumbers(base) !== longNumbers(ours) || longNumbers(base) !== longNumbers(theirs)) return undefined;
  const missing = right.filter((change) => !left.some((other) => isSame(change, other)));
  return { text: withValue(ours, [], withChanges(here.value, missing)) };
}

/** Lists the numbers of a JSON text that a double may not hold, in the order of their digits. */
function longNumbers(text: string): string {
  const numbers = text.match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.filter(mayBeInexact).sort().join();
}

/**
 * Their text in the format of ours: where it only lacks comments that ours has, ours is kept and their values are
 * written into it, because a platform's editor drops comments when it writes a section anew.
 */
export function keepingComments(ours: string, theirs: string): string {
  const here = valueIn(ours);
  const there = valueIn(theirs);
  if (here === undefined || there === undefined) return theirs;
  const own = commentTexts(ours);
  const new_ = commentTexts(theirs).filter((comment) => !own.includes(comment));
  const changes = valueChanges(here.value, there.value);
  if (new_.length > 0) return theirs;
  if (changes.length > 0 && commentTexts(theirs).length === own.length) return theirs;
  const kept = withValue(ours, [], there.value);
  return longNumbers(kept) === longNumbers(theirs) ? kept : theirs;
}

/** The value of a JSON text, as plain objects; undefined when it is none. */
export function valueIn(text: string): { readonly value: unknown } | undefined {
  const { value, problems } = readSource('', text, { comments: true });
  if (value === undefined || problems.some(({ severity }) => severity === 'error')) return undefined;
  return { value: JSON.parse(JSON.stringify(value)) };
}

function commentTexts(text: string): string[] {
  return commentsIn(text).map((comment) => comment.text);
}

function isSame(one: ValueChange, other: ValueChange): boolean {
  return isDeepStrictEqual(one.path, other.path) && isDeepStrictEqual(one.after, other.after);
}

/** Checks if one path leads through the other. */
function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return isDeepStrictEqual(one.slice(0, length), other.slice(0, length));
}
