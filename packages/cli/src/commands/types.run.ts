import { ConnectorError, openProject, validate } from '@connectorkit/sdk';
import { DECLARATIONS } from '@connectorkit/sdk/project';
import type { Result, Run } from '../command.ts';
import { areTypesCurrent, areTypesUntouched, recordTypes } from '../local-state/validation-cache.ts';
import type { types as command } from './types.ts';

const UP_TO_DATE: Result = { data: { file: DECLARATIONS, changed: false }, summary: `${DECLARATIONS} is up to date.` };

export const run: Run<typeof command> = async (context, { check, watch }) => {
  if (check && watch) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--check and --watch cannot both be given.',
      hint: '`connector types --help` describes them.',
    });
  }
  const root = context.root();
  if (watch) {
    const { watchTypes } = await import('../write-types.ts');
    return watchTypes(context, root);
  }
  const files = context.files(root);
  const state = context.state(root);
  if (areTypesUntouched(files, state)) return UP_TO_DATE;
  const opened = Date.now();
  const project = openProject(files);
  if (areTypesCurrent(project, state)) {
    if (!check) recordTypes(project, state, files.read(DECLARATIONS) ?? '', opened);
    return UP_TO_DATE;
  }
  const { writeTypes } = await import('../write-types.ts');
  const changed = writeTypes(project, state, validate(project, { errors: true }), { check, opened });
  return changed ? { data: { file: DECLARATIONS, changed }, summary: `Wrote ${DECLARATIONS}.` } : UP_TO_DATE;
};
