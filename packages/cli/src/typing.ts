import {
  ConnectorError,
  DECLARATIONS,
  declarations,
  type Files,
  type Fingerprint,
  isSame,
  type Observed,
  observed,
  openProject,
  type Printed,
  recordCurrent,
  validate,
} from '@connectorkit/sdk';
import type { Context, Result } from './command.ts';
import { follow } from './follow.ts';
import { inTurn } from './turns.ts';

interface Making {
  /** Whether to write nothing, and to take a change for a finding. */
  readonly check: boolean;
  /** What was printed before. */
  readonly before?: Printed;
  /** The files, through which the project is read. */
  readonly seen?: Observed;
}

/**
 * Writes the declarations of the project, and tells whether they changed.
 * @throws ConnectorError findings for errors in the project, and `types/stale`
 */
export async function makeTypes(files: Files, { check, before, seen = observed(files) }: Making): Promise<boolean> {
  const project = openProject(seen);
  const errors = validate(project).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConnectorError('findings', errors);
  const { file, text } = await declarations(project, before);
  const changed = files.read(file) !== text;
  if (changed && check) {
    throw new ConnectorError('findings', {
      code: 'types/stale',
      message: `${file} is not up to date.`,
      hint: 'Run `connector types` and commit the result.',
      file,
    });
  }
  if (changed) files.write(file, text);
  if (!check) recordCurrent(files, seen.fingerprint(), text);
  return changed;
}

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
  await follow({
    root,
    signal: context.signal,
    changed: turns.ask,
    settled: turns.ask,
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  await turns.idle();
  return { exit: 'fine', summary: 'Stopped.' };
}
