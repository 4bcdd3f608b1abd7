import { type Shown, shown } from './text.ts';

/** Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface FramePlace {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

export interface FrameLine {
  /** Absent on the line of carets. */
  readonly number?: number;
  readonly text: string;
  /** True if the line is the one that is meant, or the carets below it. */
  readonly meant: boolean;
}

/** Columns of a source line that are shown; longer lines are cut around the place. */
const WIDTH = 100;
/** Columns shown before the place in a line that is cut. */
const LEAD = 30;

/** The line that a place is on with carets below it, and `around` lines before and after it. */
export function frame(source: string, place: FramePlace, around: number): FrameLine[] {
  const lines = source.split(/\r\n|\n|\r/);
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const meant = lines[place.line - 1];
  if (meant === undefined) return [];
  const from = place.column - 1;
  const to = place.endLine === undefined || place.endLine === place.line ? (place.endColumn ?? 0) - 1 : meant.length;
  const start = startOf(meant, from);
  const result: FrameLine[] = [];
  for (
    let number = Math.max(1, place.line - around);
    number <= Math.max(place.line, Math.min(last, place.line + around));
    number++
  ) {
    const text = cut(lines[number - 1] ?? '', start);
    result.push({ number, text, meant: number === place.line });
    if (number !== place.line) continue;
    const before = widthOf(meant.slice(start, from)) + (start > 0 ? 1 : 0);
    const under = Math.min(widthOf(meant.slice(from, to)), WIDTH - before);
    result.push({ text: ' '.repeat(before) + '^'.repeat(Math.max(1, under)), meant: true });
  }
  return result.map((line) => ({ ...line, text: line.text.trimEnd() }));
}

/** Where in a line to begin so that `at` is shown: at its beginning, unless that is too far away. */
function startOf(line: string, at: number): number {
  if (widthOf(line.slice(0, WIDTH)) <= WIDTH && at + LEAD <= WIDTH) return 0;
  const start = Math.max(0, at - LEAD);
  // Half of a surrogate pair would be shown as an escape.
  return start > 0 && /[\udc00-\udfff]/.test(line[start] ?? '') ? start - 1 : start;
}

function cut(line: string, start: number): string {
  let text = start > 0 ? '…' : '';
  let width = text.length;
  for (const each of shownOf(line.slice(start, start + WIDTH * 2))) {
    if (width + each.width > WIDTH) return `${text}…`;
    text += each.text;
    width += each.width;
  }
  return text;
}

function shownOf(text: string): Shown[] {
  return Array.from(text, shown);
}

function widthOf(text: string): number {
  return shownOf(text).reduce((sum, each) => sum + each.width, 0);
}
