import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify } from 'jsonc-parser';
import { commentsIn } from '../comments.ts';
import type { Path } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import { readSource } from '../source.ts';

/** One value that is not the same in two JSON values. */
export interface ValueChange {
  readonly path: Path;
  /** Undefined when there was none. */
  readonly before: unknown;
  /** Undefined when it is gone. */
  readonly after: unknown;
}

/** What leads from one JSON value to the other, at the deepest places that tell it. Lists of different lengths are one value. */
export function valueChanges(before: unknown, after: unknown, path: Path = []): ValueChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => valueChanges(item, after[index], [...path, index]));
  }
  if (!isObject(before) || !isObject(after)) return [{ path, before, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => valueChanges(own(before, key), own(after, key), [...path, key]));
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

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
  const missing = right.filter((change) => !left.some((other) => isSame(change, other)));
  const text = withChanges(ours, missing);
  // The sum of both, by values alone: what the text says must be that.
  const sum = withChanges(JSON.stringify(was.value), [...left, ...missing]);
  const whole = valueIn(text);
  return whole !== undefined && isDeepStrictEqual(whole.value, JSON.parse(sum)) ? { text } : undefined;
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
  const kept = withChanges(ours, changes);
  return isDeepStrictEqual(valueIn(kept)?.value, there.value) ? kept : theirs;
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

/** Whether one path leads through the other. */
function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return isDeepStrictEqual(one.slice(0, length), other.slice(0, length));
}

function withChanges(text: string, changes: readonly ValueChange[]): string {
  let edited = text;
  for (const { path, after } of changes) {
    if (path.length > 0 && valueAt(valueIn(edited)?.value, path) === undefined && after === undefined) continue;
    const indent = /^[ \t]+(?=\S)/m.exec(text)?.[0] ?? '  ';
    const formattingOptions = {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    };
    edited = applyEdits(edited, modify(edited, [...path], after, { formattingOptions }));
  }
  return edited;
}
