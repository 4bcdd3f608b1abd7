import { getNodeValue, type Node } from 'jsonc-parser';
import { type Comment, linesWithComments } from '../comments.ts';
import type { Path } from '../diagnostics.ts';
import { type Entry, stepTo } from './changes.ts';
import { type Edit, type EditableText, endOf } from './text.ts';

/** Characters of a line up to which an object or list that stood on one line stays on it. */
const LINE = 100;

export function replaced(source: EditableText, node: Node, value: unknown): Edit {
  const { offset, length } = node;
  const container = node.parent?.type === 'property' ? node.parent.parent : node.parent;
  const indent = source.indentAt(offset);
  const inLine = source.print(value, undefined);
  const isShort = indent.length + inLine.length <= LINE;
  const wasInLine = (node.children?.length ?? 0) > 0 && source.isOnOneLine(node);
  const isInLine = (container !== undefined && source.isOnOneLine(container)) || (wasInLine && isShort);
  return { offset, length, text: isInLine ? inLine : source.print(value, indent) };
}

export function inserted(source: EditableText, container: Node, path: Path, entries: readonly Entry[]): Edit[] {
  if (becomesLong(source, container, entries)) return [spread(source, container, entries)];
  const ends = entries.filter(({ before }) => before === undefined);
  const places = new Set(entries.flatMap(({ before }) => (before === undefined ? [] : [before])));
  return [
    ...[...places].map((index) => insertedBefore(source, container, path, index, entries)),
    ...(ends.length === 0 ? [] : appended(source, container, path, ends)),
  ];
}

function insertedBefore(
  source: EditableText,
  container: Node,
  path: Path,
  index: number,
  entries: readonly Entry[],
): Edit {
  const { children = [] } = container;
  const start = children[index]?.offset ?? 0;
  const comments = source.ownComments([...path, index]).filter(({ where }) => where === 'before');
  const above = Math.min(start, ...comments.map((comment) => comment.offset));
  const last = children[index - 1];
  const comma = last === undefined ? undefined : source.comma(endOf(last), start);
  // Where lines begin with their comma, the new ones do as well.
  const isCommaFirst = comma !== undefined && (comma > above || source.isAtLineStart(comma));
  const offset = isCommaFirst ? Math.min(above, comma) : above;
  const indent = source.isAtLineStart(offset) ? source.indentAt(offset) : undefined;
  const space = indent === undefined ? ' ' : `\n${indent}`;
  const text = entries
    .filter(({ before }) => before === index)
    .map((entry) => memberText(source, entry, indent))
    .map((member) => (isCommaFirst ? `, ${member}${space}` : `${member},${space}`))
    .join('');
  return { offset, length: 0, text };
}

function memberText(source: EditableText, { key, value }: Entry, indent: string | undefined): string {
  return (key === undefined ? '' : `${JSON.stringify(key)}: `) + source.print(value, indent);
}

function appended(source: EditableText, container: Node, path: Path, entries: readonly Entry[]): Edit[] {
  const { children = [] } = container;
  const last = children.at(-1);
  if (last === undefined) return [filled(source, container, path, entries)];
  const close = endOf(container) - 1;
  const comma = source.comma(endOf(last), close);
  const behind = source
    .ownComments([...path, stepTo(container, children.length - 1)])
    .filter(({ offset }) => offset >= endOf(last));
  const end = Math.max(endOf(last), comma === undefined ? 0 : comma + 1, ...behind.map(endOfComment));
  const isInLine =
    !source.hasLineBreak(end, close) && !behind.some(({ offset }) => comma !== undefined && offset > comma);
  const indent = isInLine && source.isOnOneLine(container) ? undefined : source.indentAt(last.offset);
  const members = entries.map((entry) => memberText(source, entry, indent));
  if (isInLine) return [{ offset: comma ?? end, length: 0, text: members.map((member) => `, ${member}`).join('') }];
  const lines = members.map((member) => `\n${indent}${member}`).join(',');
  if (comma !== undefined) return [{ offset: end, length: 0, text: `${lines},` }];
  if (end === endOf(last)) return [{ offset: end, length: 0, text: `,${lines}` }];
  return [
    { offset: endOf(last), length: 0, text: ',' },
    { offset: end, length: 0, text: lines },
  ];
}

function endOfComment({ offset, text }: Comment): number {
  return offset + text.length;
}

/** Checks if what stands on one line, and holds no comment, gets a line that is too long. */
function becomesLong(source: EditableText, container: Node, entries: readonly Entry[]): boolean {
  const isEmpty = (container.children ?? []).length === 0;
  if (isEmpty || !source.isOnOneLine(container) || source.commentsInside(container).length > 0) return false;
  const line = source.lineLength(container.offset);
  const more = entries.reduce((sum, entry) => sum + memberText(source, entry, undefined).length + 2, 0);
  return line <= LINE && line + more > LINE;
}

/** Writes what stands on one line, and what is put into it, on lines of their own. */
function spread(source: EditableText, container: Node, entries: readonly Entry[]): Edit {
  const before: unknown = getNodeValue(container);
  const added = (at?: number) => entries.filter((entry) => entry.before === at);
  const value = Array.isArray(before)
    ? [
        ...before.flatMap((item, at) => [...added(at).map((entry) => entry.value), item]),
        ...added().map((entry) => entry.value),
      ]
    : { ...(before as object), ...Object.fromEntries(entries.map((entry) => [entry.key, entry.value])) };
  const { offset, length } = container;
  return { offset, length, text: source.print(value, source.indentAt(offset)) };
}

/** Puts the first entries into an empty object or list, behind the comments that are in it. */
function filled(source: EditableText, container: Node, path: Path, entries: readonly Entry[]): Edit {
  const close = endOf(container) - 1;
  const inside = source.commentsInside(container);
  const start = Math.max(container.offset + 1, ...inside.map(endOfComment));
  const parent = container.parent?.type === 'property' ? container.parent.parent : container.parent;
  if (inside.length === 0 && path.length > 0 && parent !== undefined && source.isOnOneLine(parent)) {
    const members = entries.map((entry) => memberText(source, entry, undefined)).join(', ');
    const text = container.type === 'array' ? members : ` ${members} `;
    return { offset: start, length: close - start, text };
  }
  const outer = source.indentAt(container.offset);
  const indent = outer + source.unit;
  const lines = entries.map((entry) => `\n${indent}${memberText(source, entry, indent)}`).join(',');
  return { offset: start, length: close - start, text: `${lines}\n${outer}` };
}

/** Writes a list anew whose items stand in another order, with each comment at its item. */
export function reordered(source: EditableText, node: Node, path: Path, order: readonly number[]): Edit {
  const items: unknown[] = getNodeValue(node);
  const comments = source.commentsInside(node).map((comment): Comment => {
    const [step, ...rest] = comment.path.slice(path.length);
    if (step === undefined) return { ...comment, path: [], where: 'inside' };
    return { ...comment, path: [order.indexOf(Number(step)), ...rest] };
  });
  const value = order.map((index) => items[index]);
  const lines = linesWithComments(value, comments, source.unit);
  return { offset: node.offset, length: node.length, text: lines.join(`\n${source.indentAt(node.offset)}`) };
}
