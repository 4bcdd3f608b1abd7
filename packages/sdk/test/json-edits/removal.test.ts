import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentsIn } from '../../src/comments.ts';
import { withEdits } from '../../src/fix.ts';
import { editTo, withValue } from '../../src/json-edits/index.ts';
import { keepingComments, merge, valueIn } from '../../src/sync/merge.ts';
import { commented, jsonOf, type Part, partsIn, pathTo, textOf, without } from './commented.ts';

const RUNS = process.env.CONNECTOR_NIGHTLY === undefined ? 1_000 : 20_000;
const eol = fc.constantFrom('\n', '\r\n');

/** The strings, brackets, colons and comments of a text, in its order: all but white space and commas. */
function tokensOf(text: string): string[] {
  const all = text.match(/"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|[[\]{}:]/g) ?? [];
  return all.map((token) => token.replaceAll('\r\n', '\n'));
}

/** The lines of a text that hold something, with their indentation. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** What each comment of the text is said to be about: the number in it, and the number of the value at its path. */
function owners(root: Part, text: string) {
  const ids = new Map(partsIn(root).map(({ part, at }) => [JSON.stringify(pathTo(root, at)), part.id]));
  ids.set('[]', root.id);
  return commentsIn(text).map(
    ({ text: words, path }) => [Number(/\d+/.exec(words)?.[0]), ids.get(JSON.stringify(path)), words] as const,
  );
}

test('a comment is about the value that it was written for', () => {
  fc.assert(
    fc.property(commented, eol, (root, lineBreak) => {
      for (const [meant, found] of owners(root, textOf(root, lineBreak))) expect(found).toBe(meant);
    }),
    { numRuns: RUNS },
  );
});

test('a removed value takes its comma and its own comments along, and nothing else changes', () => {
  fc.assert(
    fc.property(commented, eol, fc.nat(), (root, lineBreak, pick) => {
      const text = textOf(root, lineBreak);
      const parts = partsIn(root);
      const { part, at } = parts[pick % parts.length] ?? { part: root, at: [] };
      const after = withValue(text, pathTo(root, at), undefined);
      const left = without(root, (each) => each.id === part.id);
      expect(valueIn(after)?.value).toEqual(jsonOf(left));
      expect(tokensOf(after)).toEqual(tokensOf(textOf(left, lineBreak)));
      expect(linesOf(after)).toEqual(linesOf(textOf(left, lineBreak)));
    }),
    { numRuns: RUNS },
  );
});

const plain = (part: Part) => JSON.stringify(jsonOf(part));
const ways: readonly [string, (root: Part, left: Part, text: string) => string | undefined][] = [
  ['a platform that drops comments', (_, left, text) => keepingComments(text, plain(left))],
  [
    'a merge',
    (root, left, text) => {
      const merged = merge(plain(root), text, plain(left));
      return merged !== undefined && 'text' in merged ? merged.text : undefined;
    },
  ],
];

test.each(ways)('what goes by way of %s takes its own comments along and no other', (_, way) => {
  fc.assert(
    fc.property(commented, eol, fc.nat(), (root, lineBreak, pick) => {
      const parts = partsIn(root);
      const { part } = parts[pick % parts.length] ?? { part: root };
      const left = without(root, (each) => each.id === part.id);
      const after = way(root, left, textOf(root, lineBreak)) ?? '';
      expect(tokensOf(after)).toEqual(tokensOf(textOf(left, lineBreak)));
    }),
    { numRuns: RUNS },
  );
});

/** What becomes of a part: most stay. */
const fates = fc.infiniteStream(
  fc.constantFrom('stays', 'stays', 'stays', 'stays', 'goes', 'changes', 'gets a neighbour', 'is turned round'),
);

/** A text that no one wrote a comment for. */
function newPart(id: number): Part {
  const comments = { headings: [], above: [], ahead: [], behind: [], tail: [], inside: [] };
  return { id, key: `k${id}`, kind: 'text', children: [], comments, layout: { lines: false, comma: 'behind' } };
}

/** The part after something was removed, changed, added and moved in it; items of a list stay recognisable. */
function edited(part: Part, next: () => string, isInList = false): Part {
  if (isInList && (part.kind === 'list' || part.children[0]?.key !== 'name')) return part;
  // Where items of a list go and others come, it cannot be told from changed ones: here a list has the one or the other.
  const not = part.kind !== 'list' ? '' : next() === 'goes' ? 'gets a neighbour' : 'goes';
  const children = part.children.flatMap((child): Part[] => {
    const drawn = child.key === 'name' ? 'stays' : next();
    const fate = drawn === not ? 'stays' : drawn;
    if (fate === 'goes') return [];
    const own = edited(child, next, part.kind === 'list');
    if (fate === 'changes' && child.kind === 'text' && part.kind === 'object')
      return [{ ...own, value: `w${child.id}` }];
    return fate === 'gets a neighbour' ? [own, newPart(child.id + 1000)] : [own];
  });
  return { ...part, children: part.kind === 'list' && next() === 'is turned round' ? children.toReversed() : children };
}

const commentsOf = ({ comments: { above, ahead, behind, tail, inside } }: Part) =>
  [above, ahead, behind, tail, inside].flat();

test('a changed value is written into the text, and every comment stays with its value or goes with it', () => {
  fc.assert(
    fc.property(commented, eol, fates, (root, lineBreak, stream) => {
      const text = textOf(root, lineBreak);
      const target = edited(root, () => stream.next().value ?? 'stays');
      const after = withValue(text, [], jsonOf(target));
      expect(valueIn(after)?.value).toEqual(jsonOf(target));
      const left = [target, ...partsIn(target).map(({ part }) => part)];
      const found = commentsIn(after).map((comment) => comment.text.replaceAll('\r\n', '\n'));
      const own = found.filter((comment) => !comment.includes('heading'));
      expect(own.map(squeezed).toSorted()).toEqual(left.flatMap(commentsOf).map(squeezed).toSorted());
      for (const [meant, at, comment] of owners(target, after)) {
        if (!String(comment).includes('heading')) expect(at).toBe(meant);
      }
      expect(withValue(after, [], jsonOf(target))).toBe(after);
      if (lineBreak === '\r\n') expect(after).not.toMatch(/[^\r]\n/);
      const edit = editTo(text, [], jsonOf(target));
      expect(edit === undefined ? text : withEdits(text, [edit])).toBe(after);
    }),
    { numRuns: RUNS },
  );
});

/** A comment that was written on a line of another indentation is the same one. */
function squeezed(comment: string): string {
  return comment.replace(/\s+/g, ' ');
}

test('what was added and is removed again leaves the text as it was', () => {
  fc.assert(
    fc.property(
      commented,
      eol,
      fc.nat(),
      fc.constantFrom(null, 1.5, 'x', [], { a: [{ b: true }] }),
      (root, lineBreak, pick, value) => {
        const text = textOf(root, lineBreak);
        const containers = [{ part: root, at: [] }, ...partsIn(root)].filter(({ part }) => part.children.length > 0);
        const { part, at } = containers[pick % containers.length] ?? { part: root, at: [] };
        const path = [...pathTo(root, at), part.kind === 'object' ? 'new' : part.children.length];
        const added = withValue(text, path, value);
        for (const [meant, found] of owners(root, added)) expect(found).toBe(meant);
        const again = withValue(added, path, undefined);
        expect(tokensOf(again)).toEqual(tokensOf(text));
        // A line that would become too long is broken up.
        if (text.split('\n').every((line) => line.length < 60)) expect(again).toBe(text);
      },
    ),
    { numRuns: RUNS },
  );
});
