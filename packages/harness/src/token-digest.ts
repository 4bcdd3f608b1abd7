import { createHash } from 'node:crypto';

/** Tokens that are remembered at most; a guesser fills this, and does no more. */
const ROOM = 1000;

const digests = new Map<string, string>();

/** SHA-256 in hexadecimal, by which tokens are kept. The last ones are remembered: each request brings its own along. */
export function digestOf(token: string): string {
  const known = digests.get(token);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(token).digest('hex');
  if (digests.size >= ROOM) digests.clear();
  // Longer ones are nobody's, and would take room.
  if (token.length <= 200) digests.set(token, digest);
  return digest;
}
