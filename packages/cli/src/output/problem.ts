import { createHash } from 'node:crypto';
import type { Diagnostic } from '@connectorkit/sdk';

/** Returns message, diff, hint and the page of the trap as one text, for formats that have a single field for all of them. */
export function textOf({
  message,
  difference = [],
  hint,
  trap,
}: Pick<Diagnostic, 'message' | 'difference' | 'hint' | 'trap'>): string {
  const page = trap === undefined ? [] : [`connector explain trap/${trap}`];
  return [message, ...difference, ...(hint === undefined ? [] : [hint]), ...page].join('\n');
}

/**
 * A mark for each problem by which a service knows it again in the next run: SHA-256 as hexadecimal digits. It stays
 * when lines move, so that only what is new is reported as new; those that are alike are told apart by counting.
 */
export function fingerprints(problems: readonly Diagnostic[]): string[] {
  const before = new Map<string, number>();
  return problems.map(({ code, file, path, message }) => {
    const facts = JSON.stringify([code, file, path, message]);
    const count = before.get(facts) ?? 0;
    before.set(facts, count + 1);
    return createHash('sha256')
      .update(count === 0 ? facts : `${facts}${count}`)
      .digest('hex');
  });
}
