import type { Node } from 'jsonc-parser';
import type { Path } from '../diagnostics.ts';
import { stepTo } from './changes.ts';
import { type Edit, type EditableText, endOf, lineRest, lineStart } from './text.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Takes out children of one object or list: each with its comments and with the comma that is not needed any more. */
export function removed(source: EditableText, container: Node, path: Path, gone: readonly number[]): Edit[] {
  const { children = [] } = container;
  const close = container.offset + container.length - 1;
  const commas = children.map((child, index) => source.comma(endOf(child), children[index + 1]?.offset ?? close));
  const isGone = new Set(gone);
  const left = [...children.keys()].filter((index) => !isGone.has(index));
  // The comma before the child goes where there is none behind it, or where lines begin with their comma.
  const last = commas.at(-1) === undefined ? (left.at(-1) ?? -1) : children.length;
  const first = isCommaFirst(source, children, commas) ? (left[0] ?? children.length) : children.length;
  const spans = gone.flatMap((index): Span[] => {
    const child = children[index];
    const comma = commas[index > last || index > first ? index - 1 : index];
    const comments = source.ownComments([...path, stepTo(container, index)]);
    return [
      ...(child === undefined ? [] : [{ start: child.offset, end: endOf(child) }]),
      ...(comma === undefined ? [] : [{ start: comma, end: comma + 1 }]),
      ...comments.map(({ offset, text }) => ({ start: offset, end: offset + text.length })),
    ];
  });
  const merged = mergedSpans(source.text, spans);
  const [only] = merged;
  const inner = { start: container.offset + 1, end: close };
  const isEmptied = merged.length === 1 && only !== undefined && isBlank(source.text, inner, only);
  return (isEmptied ? [inner] : merged.map((span) => withSpace(source.text, span))).map(({ start, end }) => ({
    offset: start,
    length: end - start,
    text: '',
  }));
}

function isCommaFirst(source: EditableText, [one, two]: readonly Node[], commas: readonly (number | undefined)[]) {
  const [comma] = commas;
  if (one === undefined || two === undefined || comma === undefined || commas.at(-1) !== undefined) return false;
  return source.hasLineBreak(endOf(one), comma) && !source.hasLineBreak(comma, two.offset);
}

/** Checks if nothing but white space is left of the one stretch without the other. */
function isBlank(text: string, whole: Span, without: Span): boolean {
  return (text.slice(whole.start, without.start) + text.slice(without.end, whole.end)).trim() === '';
}

/** In the order of the text; those between which there is only white space are one. */
function mergedSpans(text: string, spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && text.slice(last.end, span.start).trim() === '') {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}

/** The stretch with the white space that has no use without it: whole lines where nothing else is on them. */
function withSpace(text: string, { start, end }: Span): Span {
  const line = lineStart(text, start);
  const left = line + text.slice(line, start).trimEnd().length;
  const right = end + (/^[ \t]*/.exec(text.slice(end, end + lineRest(text, end)))?.[0].length ?? 0);
  const lineBreak = text.startsWith('\r\n', right) ? 2 : text[right] === '\n' ? 1 : 0;
  if (left === line && lineBreak > 0) {
    const next = right + lineBreak;
    const isBlankAbove = line > 0 && text.slice(lineStart(text, line - 1), line).trim() === '';
    const blank = isBlankAbove ? text.slice(next, next + lineRest(text, next) + 1) : '';
    // Of two blank lines that come together one goes, too.
    return { start: line, end: blank.trim() === '' ? next + blank.length : next };
  }
  if (left === line) return { start, end: right };
  if (lineBreak > 0) return { start: left, end };
  if (right === end && ']}'.includes(text.charAt(end))) return { start: left, end };
  return { start, end: left < start || '[{'.includes(text.charAt(start - 1)) ? right : end };
}
