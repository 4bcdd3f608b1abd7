import type { IMLFunction } from '../function.ts';
import { ARRAY } from './array.ts';
import { BINARY } from './binary.ts';
import { DATE } from './date.ts';
import { GENERAL } from './general.ts';
import { MARKUP } from './markup.ts';
import { MATH } from './math.ts';
import { RUNTIME } from './runtime.ts';
import { SIGNING } from './signing.ts';
import { TEXT } from './text.ts';

/**
 * Every built-in function by its name, which is case-sensitive. The entries carry their own words and examples, and no
 * library is loaded with them: reading the table is cheap.
 */
export const FUNCTIONS: ReadonlyMap<string, IMLFunction> = new Map(
  [...GENERAL, ...TEXT, ...BINARY, ...MARKUP, ...MATH, ...DATE, ...ARRAY, ...RUNTIME, ...SIGNING].map((each) => [
    each.name,
    each,
  ]),
);
