import { nodeCrypto } from './node-crypto.ts';

/** Hashes a text, or the parts of one. @returns `sha256-…`, in base64 */
export function hashOf(text: string | readonly string[]): string {
  const hash = nodeCrypto().createHash('sha256');
  for (const part of [text].flat()) hash.update(part);
  return `sha256-${hash.digest('base64')}`;
}
