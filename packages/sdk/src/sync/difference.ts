import { differenceLines } from '../text-difference.ts';
import { type ValueChange, valueChanges } from '../value-changes.ts';
import { valueIn } from './merge.ts';

/** How two texts differ: as JSON, where both are, and line by line. */
interface TextDifference {
  /** The values that differ; empty when only comments or format do, undefined when a text is no JSON. */
  readonly values: readonly ValueChange[] | undefined;
  /** A unified diff without its head: `@@` lines, and lines that begin with `-`, `+`, a space or a backslash. */
  readonly lines: readonly string[];
}

/** Returns the difference that leads from the one text to the other. */
export function differenceOf(before: string, after: string): TextDifference {
  const [was, is] = [before, after].map(valueIn);
  const values = was === undefined || is === undefined ? undefined : valueChanges(was.value, is.value);
  return { values, lines: differenceLines(before, after) };
}
