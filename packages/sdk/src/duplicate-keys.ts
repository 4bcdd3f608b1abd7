import { visit } from 'jsonc-parser';
import { isObject } from './json.ts';

/** A key that an object has already; offsets in UTF-16 code units of the text. */
export interface DuplicateKey {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly first: { readonly offset: number; readonly length: number };
}

/**
 * Finds the keys that stand twice in an object, in their order.
 * @param text JSON, with comments or without
 * @param colons its colons outside of strings and comments: one for each key
 * @param value what it was read as, in which each key is there once
 */
export function duplicateKeys(text: string, colons: number, value: unknown): readonly DuplicateKey[] {
  return colons === keysIn(value) ? NONE : search(text);
}

const NONE: readonly DuplicateKey[] = [];

function keysIn(value: unknown): number {
  let keys = 0;
  if (Array.isArray(value)) for (const item of value) keys += keysIn(item);
  else if (isObject(value)) for (const inner of Object.values(value)) keys += 1 + keysIn(inner);
  return keys;
}

function search(text: string): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: Map<string, DuplicateKey['first']>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => void open.push(new Map()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (name, offset, length) => {
        const first = open.at(-1)?.get(name);
        if (first === undefined) open.at(-1)?.set(name, { offset, length });
        else found.push({ name, offset, length, first });
      },
    },
    { allowTrailingComma: true },
  );
  return found;
}
