import { ConnectorError, DECLARATIONS, type Fingerprint, isSame, observed, watchedIn } from '@connectorkit/sdk';
import type { Context, Result } from './command.ts';
import { makeTypes } from './typing.ts';
import { watchFiles } from './watcher.ts';

/** Writes the declarations again on every save, until Ctrl-C. What is wrong is told; the next save mends it. */
export async function watchTypes(context: Context, root: string): Promise<Result> {
  const files = context.files(root);
  let last: Fingerprint | undefined;
  const round = () => {
    const started = performance.now();
    if (last !== undefined && isSame(files, last)) return;
    const seen = observed(files);
    try {
      const changed = makeTypes(files, { check: false, seen });
      const message = changed ? `Wrote ${DECLARATIONS}.` : `${DECLARATIONS} is up to date.`;
      context.report({ kind: 'done', message, milliseconds: performance.now() - started });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      context.report({ kind: 'problem', message: `${DECLARATIONS} is left as it is.`, diagnostics: error.diagnostics });
    } finally {
      last = seen.fingerprint();
    }
  };
  round();
  await watchFiles({
    root,
    signal: context.signal,
    watched: () => watchedIn(files),
    changed: round,
    settled: round,
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  return { exit: 'fine', summary: 'Stopped.' };
}
