import { ConnectorError, declarations, openProject, validate } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { types as command } from './types.ts';

export const run: Run<typeof command> = async (context, { check }) => {
  const files = context.files(context.root());
  const project = openProject(files);
  const errors = validate(project).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConnectorError('findings', errors);
  const { file, text } = await declarations(project);
  const changed = files.read(file) !== text;
  if (!changed) return { data: { file, changed }, summary: `${file} is up to date.` };
  if (check) {
    throw new ConnectorError('findings', {
      code: 'types/stale',
      message: `${file} is not up to date.`,
      hint: 'Run `connector types` and commit the result.',
      file,
    });
  }
  files.write(file, text);
  return { data: { file, changed }, summary: `Wrote ${file}.` };
};
