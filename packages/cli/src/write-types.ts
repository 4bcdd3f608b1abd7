import { ConnectorError, createValidator, type Diagnostic, declarations, type Project } from '@connectorkit/sdk';
import { DECLARATIONS } from '@connectorkit/sdk/project';
import type { Context, Result } from './command.ts';
import type { LocalState } from './local-state/index.ts';
import { recordTypes } from './local-state/validation-cache.ts';
import { watchFiles } from './watcher.ts';

/**
 * Writes the TypeScript types of a project without errors.
 * @param errors in the project
 * @param check whether to write nothing, and to take a change for a finding
 * @param opened when the project began to be read, in ms since 1970
 * @returns whether the types changed
 * @throws ConnectorError findings for errors in the project, and `types/stale`
 */
export function writeTypes(
  project: Project,
  state: LocalState,
  errors: readonly Diagnostic[],
  { check, opened }: { readonly check: boolean; readonly opened?: number },
): boolean {
  const { files } = project;
  if (errors.length > 0) throw new ConnectorError('findings', errors);
  const { file, text } = declarations(project);
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
  if (!check) recordTypes(project, state, text, opened);
  return changed;
}

/** Writes the types again whenever a section changes, until Ctrl-C. Errors are reported, and the types left as they are. */
export async function watchTypes(context: Context, root: string): Promise<Result> {
  const state = context.state(root);
  const validator = createValidator({ files: context.files(root), errors: true });
  const round = (update: () => boolean) => {
    const started = performance.now();
    if (!update()) return;
    try {
      const changed = writeTypes(validator.open(), state, validator.diagnostics, { check: false });
      const message = changed ? `Wrote ${DECLARATIONS}.` : `${DECLARATIONS} is up to date.`;
      context.report({ kind: 'done', message, milliseconds: performance.now() - started });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      context.report({ kind: 'problem', message: `${DECLARATIONS} was not changed.`, diagnostics: error.diagnostics });
    }
  };
  round(() => validator.refresh());
  await watchFiles({
    root,
    signal: context.signal,
    watched: () => validator.watched,
    changed: (paths) => round(() => validator.update(paths)),
    settled: () => round(() => validator.refresh()),
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  return { exit: 'fine', summary: 'Stopped.' };
}
