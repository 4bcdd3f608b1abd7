import type { FileChange } from '@connectorkit/sdk/project';
import { differenceOf } from '@connectorkit/sdk/sync';

export { fixesFor, writeFixes } from '@connectorkit/sdk';

/** Returns the changes of a fix as a unified diff. */
export function diffOf({ file, text, over }: FileChange): string[] {
  return [`--- ${file}`, ...differenceOf(over ?? '', text).lines];
}
