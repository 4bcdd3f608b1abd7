import {
  ConnectorError,
  DECLARATIONS,
  type Fingerprint,
  isSame,
  observed,
  type Printed,
  watchedIn,
} from '@connectorkit/sdk';
import type { Context, Result } from './command.ts';
import { inTurn } from './turns.ts';
import { makeTypes } from './typing.ts';
import { watchFiles } from './watcher.ts';

/** Writes the declarations again on every save, until Ctrl-C. What is wrong is told; the next save mends it. */
export async function watchTypes(context: Context, root: string): Promise<Result> {
  const files = context.files(root);
  const before: Printed = new Map();
  let last: Fingerprint | undefined;
  const round = async () => {
    const started = performance.now();
    if (last !== undefined && isSame(files, last)) return;
    const seen = observed(files);
    try {
      const changed = await makeTypes(files, { check: false, before, seen });
      const message = changed ? `Wrote ${DECLARATIONS}.` : `${DECLARATIONS} is up to date.`;
      context.report({ kind: 'done', message, milliseconds: performance.now() - started });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      context.report({ kind: 'problem', message: `${DECLARATIONS} is left as it is.`, diagnostics: error.diagnostics });
    } finally {
      last = seen.fingerprint();
    }
  };
  const turns = inTurn(round);
  turns.ask();
  await watchFiles({
    root,
    signal: context.signal,
    watched: () => watchedIn(files),
    changed: turns.ask,
    settled: turns.ask,
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  await turns.idle();
  return { exit: 'fine', summary: 'Stopped.' };
}
