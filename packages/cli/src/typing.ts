import {
  ConnectorError,
  declarations,
  type Files,
  type Observed,
  observed,
  openProject,
  recordCurrent,
  validate,
} from '@connectorkit/sdk';

interface Making {
  /** Whether to write nothing, and to take a change for a finding. */
  readonly check: boolean;
  /** The files, through which the project is read. */
  readonly seen?: Observed;
}

/**
 * Writes the declarations of the project, and tells whether they changed.
 * @throws ConnectorError findings for errors in the project, and `types/stale`
 */
export function makeTypes(files: Files, { check, seen = observed(files) }: Making): boolean {
  const project = openProject(seen);
  const errors = validate(project, { errors: true });
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
  if (!check) recordCurrent(files, seen.fingerprint(), text);
  return changed;
}
