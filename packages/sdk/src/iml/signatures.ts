import { signatures } from '#generated/signatures.js';
import type { Signature } from './function.ts';

/**
 * How every built-in function is called, by its name: FUNCTIONS without the functions, which whoever only reads
 * expressions has no need to load.
 */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map(
  (signatures as readonly Signature[]).map((each) => [each.name, each]),
);
