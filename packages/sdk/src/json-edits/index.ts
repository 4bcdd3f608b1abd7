import type { Node } from 'jsonc-parser';
import type { Path } from '../diagnostics.ts';
import { withEdits } from '../fix.ts';
import { type Change, changesTo } from './changes.ts';
import { removed } from './remove.ts';
import { type Edit, EditableText, endOf } from './text.ts';
import { inserted, reordered, replaced } from './write.ts';

/**
 * A JSON text, with or without comments, in which `value` stands at `path`; undefined removes what stands there. Only
 * what differs is written: every object member and every item of a list that stays keeps its bytes and its comments.
 * Removes or sets values. A removed value takes its comma and its own comments along and nothing else. A name that is there twice stands for the last
 * of its values, and all of them are removed together.
 * @throws Error when the text is not JSON, or the path leads through a value that is neither object nor list
 */
export function withValue(text: string, path: Path, value: unknown): string {
  if (value === undefined) return withStep(text, path, undefined) ?? text;
  const wanted: unknown = JSON.parse(JSON.stringify(value));
  let result = text;
  for (let next: string | undefined = text; next !== undefined; next = withStep(result, path, wanted)) result = next;
  return result;
}

/** The text after the changes that can be made first; undefined when nothing is left to change. */
function withStep(text: string, path: Path, value: unknown): string | undefined {
  const source = new EditableText(text);
  const changes = firstOf(changesTo(source.root, path, value));
  if (changes.length === 0) return undefined;
  return withEdits(
    text,
    changes.flatMap((change) => editsOf(source, change)),
  );
}

/** Paths into a JSON text, each with the value that is to stand there. */
export type Settings = readonly (readonly [path: Path, value: unknown])[];

/** A JSON text in which these values stand, written one after the other as `withValue` does. */
export function withValues(text: string, settings: Settings): string {
  return settings.reduce((result, [path, value]) => withValue(result, path, value), text);
}

/** The edit that does what `withValue` does; undefined when the text stays as it is. Throws as that does. */
export function editTo(text: string, path: Path, value: unknown): Edit | undefined {
  const after = withValue(text, path, value);
  if (after === text) return undefined;
  const most = Math.min(text.length, after.length);
  let start = 0;
  while (start < most && text[start] === after[start]) start++;
  // A line break of two characters is not cut in two.
  if (text[start - 1] === '\r') start--;
  let end = 0;
  while (end < most - start && text.at(-1 - end) === after.at(-1 - end)) end++;
  return { offset: start, length: text.length - end - start, text: after.slice(start, after.length - end) };
}

/** Order of changes: the places of later ones are looked up anew after earlier ones. */
const ORDER = ['remove', 'reorder', 'replace', 'insert'] as const satisfies readonly Change['kind'][];

/** Those changes that can be made at once: of one kind, and none inside another. */
function firstOf(changes: readonly Change[]): Change[] {
  const kind = ORDER.find((each) => changes.some((change) => change.kind === each));
  let end = 0;
  return changes
    .filter((change) => change.kind === kind)
    .sort((a, b) => nodeOf(a).offset - nodeOf(b).offset)
    .filter((change) => {
      const node = nodeOf(change);
      if (node.offset < end) return false;
      end = endOf(node);
      return true;
    });
}

function nodeOf(change: Change): Node {
  return 'node' in change ? change.node : change.container;
}

function editsOf(source: EditableText, change: Change): Edit[] {
  switch (change.kind) {
    case 'remove':
      return removed(source, change.container, change.path, change.gone);
    case 'replace':
      return [replaced(source, change.node, change.value)];
    case 'insert':
      return inserted(source, change.container, change.path, change.entries);
    case 'reorder':
      return [reordered(source, change.node, change.path, change.order)];
  }
}
