import { structuredPatch } from 'diff';

/** Returns a unified diff without its head: `@@` lines, and lines that begin with `-`, `+`, a space or a backslash. */
export function differenceLines(before: string, after: string): string[] {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}
