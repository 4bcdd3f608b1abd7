import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { expect, test } from 'vitest';
import type { Path } from './diagnostics.ts';
import { ValueNode } from './text-nodes.ts';

/** Numbers that look random, and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const BLANKS = ['', ' ', '\n', '\r\n  ', ' // "a": [{,\n', ' // x\r', '/* { " */', '\t/**/ '];
const SCALARS = ['"x"', '"a\\"b//c"', '"{{a}}, [1"', '-1.5e3', 'true', 'null', '""', '"\\u00e9"'];
const NAMES = ['a', 'b', 'a\\"', '\\u00e9', '__proto__', '1', '', 'https://x'];

/** A JSON text with comments, and the paths of everything in it. */
function generated(next: (below: number) => number, path: Path, paths: Path[], depth = 0): string {
  const blank = () => BLANKS[next(BLANKS.length)] ?? '';
  paths.push(path);
  const kind = depth > 4 ? 2 : next(3);
  if (kind === 2) return `${blank()}${SCALARS[next(SCALARS.length)]}${blank()}`;
  const items = Array.from({ length: next(5) }, (_, index) => {
    const name = NAMES[next(NAMES.length)] ?? '';
    const step = kind === 0 ? index : String(JSON.parse(`"${name}"`));
    const value = generated(next, [...path, step], paths, depth + 1);
    return kind === 0 ? value : `${blank()}"${name}"${blank()}:${value}`;
  });
  const comma = items.length > 0 && next(4) === 0 ? `,${blank()}` : '';
  const [open, close] = kind === 0 ? '[]' : '{}';
  return `${blank()}${open}${blank()}${items.join(',')}${comma}${close}${blank()}`;
}

function nodeAt(text: string, path: Path): ValueNode | undefined {
  let node: ValueNode | undefined = new ValueNode(text);
  for (const step of path) node = node?.member(step);
  return node;
}

test('a value is where the parser finds it, and so is its name', () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const paths: Path[] = [];
    const text = generated(numbers(seed), [], paths);
    const tree = parseTree(text, [], { allowTrailingComma: true });
    for (const path of [...paths, ['nowhere'], [7]]) {
      const wanted = tree && findNodeAtLocation(tree, [...path]);
      const found = nodeAt(text, path);
      expect([text, path, found?.offset, found?.length]).toEqual([text, path, wanted?.offset, wanted?.length]);
      const key = wanted?.parent?.type === 'property' ? wanted.parent.children?.[0] : undefined;
      expect([text, found?.key?.offset, found?.key?.length]).toEqual([text, key?.offset, key?.length]);
    }
  }
});
