import type { Node } from 'jsonc-parser';
import { isObject } from '../json.ts';
import type { JSONText, Stretch } from './json-text.ts';

/** A part of a file, for the outline of an editor. */
export interface OutlineItem extends Stretch {
  readonly name: string;
  /** A few words, such as the method and the address of a request. */
  readonly detail?: string;
  readonly kind: 'request' | 'field' | 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** The place of its name. */
  readonly selection: Stretch;
  readonly children: readonly OutlineItem[];
}

/** Levels of an outline: nobody reads deeper ones. */
const DEEPEST = 12;

/** The parts of a file: members by their names, items by what they are called. */
export function outlineOf({ root }: JSONText): readonly OutlineItem[] {
  return root === undefined ? [] : itemsIn(root, 0);
}

function itemsIn(node: Node, depth: number): readonly OutlineItem[] {
  if (depth >= DEEPEST) return [];
  if (node.type === 'object') {
    return (node.children ?? []).flatMap((property) => {
      const [key, value] = property.children ?? [];
      return key === undefined || value === undefined ? [] : [item(String(key.value), property, key, value, depth)];
    });
  }
  if (node.type !== 'array') return [];
  return (node.children ?? []).map((value, index) => item(calledIn(value) ?? `[${index}]`, value, value, value, depth));
}

function item(name: string, whole: Node, key: Node, value: Node, depth: number): OutlineItem {
  const members = membersOf(value);
  const { url, method } = members;
  const isRequest = typeof url === 'string';
  const isField = typeof members.name === 'string' && typeof members.type === 'string';
  const detail = isRequest
    ? `${typeof method === 'string' ? method : 'GET'} ${url}`
    : isField
      ? String(members.type)
      : value.children === undefined && value.value !== undefined
        ? shortened(String(value.value))
        : undefined;
  return {
    name: name === '' ? '""' : name,
    ...(detail === undefined ? {} : { detail }),
    kind: isRequest ? 'request' : isField ? 'field' : kindOf(value),
    ...stretchOf(whole),
    selection: stretchOf(key),
    children: itemsIn(value, depth + 1),
  };
}

/** The members of an object that are no objects or arrays themselves. */
function membersOf(node: Node): Readonly<Record<string, unknown>> {
  if (node.type !== 'object') return {};
  const members = (node.children ?? []).map(({ children: [key, value] = [] }) => [String(key?.value), value?.value]);
  const found: unknown = Object.fromEntries(members);
  return isObject(found) ? found : {};
}

/** Returns the name of an item of a list. */
function calledIn(node: Node): string | undefined {
  if (node.type === 'string') return String(node.value);
  const { name, label } = membersOf(node);
  return [name, label].find((each) => typeof each === 'string' && each !== '') as string | undefined;
}

function kindOf({ type }: Node): OutlineItem['kind'] {
  return type === 'property' ? 'object' : type;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function stretchOf({ offset, length }: Node): Stretch {
  return { offset, end: offset + length };
}
