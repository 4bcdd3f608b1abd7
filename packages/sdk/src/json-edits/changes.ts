import { getNodeValue, type Node } from 'jsonc-parser';
import type { Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { alignLists } from '../list-alignment.ts';

/** One step from the text's value to another. Nodes are those of the text as it is. */
export type Change =
  | { readonly kind: 'remove'; readonly container: Node; readonly path: Path; readonly gone: readonly number[] }
  | { readonly kind: 'replace'; readonly node: Node; readonly value: unknown }
  | { readonly kind: 'insert'; readonly container: Node; readonly path: Path; readonly entries: readonly Entry[] }
  | { readonly kind: 'reorder'; readonly node: Node; readonly path: Path; readonly order: readonly number[] };

/** A value to insert: before the child with that index, or at the end. */
export interface Entry {
  readonly before?: number;
  readonly key?: string;
  readonly value: unknown;
}

export function changesTo(root: Node, path: Path, value: unknown): Change[] {
  let node = root;
  for (const [index, step] of path.entries()) {
    const child = childAt(node, step);
    if (child !== undefined) {
      if (value === undefined && index === path.length - 1) return [removal(node, path.slice(0, index), [step])];
      node = child;
      continue;
    }
    if (value === undefined) return [];
    if (node.type !== (typeof step === 'string' ? 'object' : 'array')) {
      throw new Error(`${JSON.stringify(step)} cannot be put into a value of type ${node.type}.`);
    }
    const wrapped = path
      .slice(index + 1)
      .reduceRight((inner, each) => (typeof each === 'string' ? { [each]: inner } : [inner]), value);
    const entry = typeof step === 'string' ? { key: step, value: wrapped } : { value: wrapped };
    return [{ kind: 'insert', container: node, path: path.slice(0, index), entries: [entry] }];
  }
  if (value === undefined) throw new Error('The whole value of a text cannot be removed.');
  return differences(node, path, value);
}

/** The steps from the value of the node to another one, in the order of the text. */
function differences(node: Node, path: Path, value: unknown): Change[] {
  const { children = [] } = node;
  if (node.type === 'object' && isObject(value)) {
    const members = new Map(children.map((member) => [keyOf(member), member.children?.[1]]));
    const entriesAfter = Object.entries(value).filter(([, each]) => each !== undefined);
    const after = new Map(entriesAfter);
    const gone = [...members.keys()].filter((key) => !after.has(key));
    const kept = [...members].flatMap(([key, child]) => {
      return child === undefined || !after.has(key) ? [] : differences(child, [...path, key], after.get(key));
    });
    const entries = entriesAfter.filter(([key]) => !members.has(key)).map(([key, each]) => ({ key, value: each }));
    return [
      ...(gone.length === 0 ? [] : [removal(node, path, gone)]),
      ...kept,
      ...(entries.length === 0 ? [] : [{ kind: 'insert', container: node, path, entries } as const]),
    ];
  }
  if (node.type === 'array' && Array.isArray(value)) return listDifferences(node, path, value);
  return JSON.stringify(getNodeValue(node)) === JSON.stringify(value) ? [] : [{ kind: 'replace', node, value }];
}

function listDifferences(node: Node, path: Path, value: readonly unknown[]): Change[] {
  const before: unknown[] = getNodeValue(node);
  const aligned = alignLists(before, value);
  if (aligned === undefined) return [{ kind: 'replace', node, value }];
  const { from, moved } = aligned;
  const { children = [] } = node;
  const order = from.filter((index) => index !== undefined);
  const kept = new Set(order);
  const gone = [...children.keys()].filter((index) => !kept.has(index));
  if (gone.length > 0) return [removal(node, path, gone)];
  if (moved) return [{ kind: 'reorder', node, path, order }];
  const entries = from.flatMap((index, at) => {
    if (index !== undefined) return [];
    const before = from.slice(at).find((each) => each !== undefined);
    return [{ value: value[at], ...(before === undefined ? {} : { before }) }];
  });
  return [
    ...from.flatMap((index, at) => {
      const child = index === undefined ? undefined : children[index];
      return child === undefined ? [] : differences(child, [...path, index ?? 0], value[at]);
    }),
    ...(entries.length === 0 ? [] : [{ kind: 'insert', container: node, path, entries } as const]),
  ];
}

function removal(container: Node, path: Path, steps: readonly (string | number)[]): Change {
  const { children = [] } = container;
  const wanted = new Set(steps);
  const gone = [...children.keys()].filter((index) => wanted.has(stepTo(container, index)));
  return { kind: 'remove', container, path, gone };
}

/** The value of a member or item; of the last one where a name is there twice. */
function childAt({ type, children = [] }: Node, step: string | number): Node | undefined {
  if (typeof step === 'number') return type === 'array' ? children[step] : undefined;
  return type === 'object' ? children.findLast((member) => keyOf(member) === step)?.children?.[1] : undefined;
}

function keyOf(member: Node): string {
  return String(member.children?.[0]?.value);
}

export function stepTo({ type, children = [] }: Node, index: number): string | number {
  const child = children[index];
  return type === 'object' && child !== undefined ? keyOf(child) : index;
}
