import { structuredPatch } from 'diff';
import type { Path } from '../diagnostics.ts';
import { type ValueChange, valueChanges } from '../value-changes.ts';
import { valueIn } from './merge.ts';

/** How two texts differ: as JSON, where both are, and line by line. */
export interface TextDifference {
  /** The values that differ; empty when only comments or format do, undefined when a text is no JSON. */
  readonly values: readonly ValueChange[] | undefined;
  /** A unified diff without its head: `@@` lines, and lines that begin with `-`, `+`, a space or a backslash. */
  readonly lines: readonly string[];
}

/** Returns the difference that leads from the one text to the other. */
export function differenceOf(before: string, after: string): TextDifference {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: body }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...body,
  ]);
  const [was, is] = [before, after].map(valueIn);
  const values = was === undefined || is === undefined ? undefined : valueChanges(was.value, is.value);
  return { values, lines };
}

/** A path as people write it: `token.headers[0]`, `["odd key"]`, and `the whole` for the root. */
export function pathWords(path: Path): string {
  if (path.length === 0) return 'the whole';
  const words = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return words.join('').replace(/^\./, '');
}
