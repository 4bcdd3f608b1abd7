import { ConnectorError, DECLARATIONS, isUntouched } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import type { Result, Run } from '../command.ts';
import type { types as command } from './types.ts';

const UP_TO_DATE: Result = { data: { file: DECLARATIONS, changed: false }, summary: `${DECLARATIONS} is up to date.` };

export const run: Run<typeof command> = async (context, { check, watch }) => {
  if (check && watch) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--check and --watch cannot both be given.',
      hint: '`connector types --help` says what they do.',
    });
  }
  const root = context.root();
  if (watch) {
    const { watchTypes } = await import('../retyping.ts');
    return watchTypes(context, root);
  }
  // Stamps are of this machine: nobody can have foreseen them, so that no seal is looked at.
  if (isUntouched(filesIn(root))) return UP_TO_DATE;
  const files = context.files(root);
  const { isCurrent } = await import('../unchanged.ts');
  if (isCurrent(files, { keep: !check })) return UP_TO_DATE;
  const { makeTypes } = await import('../typing.ts');
  const changed = makeTypes(files, { check });
  return changed ? { data: { file: DECLARATIONS, changed }, summary: `Wrote ${DECLARATIONS}.` } : UP_TO_DATE;
};
