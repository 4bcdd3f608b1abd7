import { relative } from 'node:path';
import { type Files, validate } from '@connectorkit/sdk';
import { writeEditorSettings } from '../editor-settings.ts';
import { plural } from '../output/text.ts';
import { type Examined, error, type Finding, ok, skipped, warning } from './check.ts';

/** Checks if the project's settings and sections can be read, and validates them. */
export function checkProject({ context, root, project, unreadable }: Examined): readonly Finding[] {
  if (root === undefined) return [skipped('There is no project in this folder or above it.')];
  if (project === undefined) return [error(unreadable ?? 'The project cannot be opened.', 'Correct its settings.')];
  const { problems, connections, layout, name } = project;
  const faults = problems.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) {
    return faults.map(({ message, hint, file }) =>
      error(`${file === undefined ? '' : `${file}: `}${message}`, hint ?? 'Run `connector validate`.'),
    );
  }
  const errors = validate(project).filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    return [warning(`\`connector validate\` reports ${plural(errors, 'error')}.`, 'Run `connector validate`.')];
  }
  const where = relative(context.cwd, root) || 'this folder';
  const what = `${plural(connections.length, 'connection')} in the ${layout} layout`;
  return [ok(`${name || 'The project'}, in ${where}, has ${what}, without errors.`)];
}

/** Checks if the schemas that editors are given fit the sections that are there. */
export function checkEditor({ context, root, project }: Examined): readonly Finding[] {
  if (root === undefined || project === undefined) return [skipped('There is no project to check.')];
  const files = context.files(root);
  if (files.read('.vscode/settings.json') === undefined) {
    return [skipped('There is no .vscode/settings.json, so there is nothing to check.')];
  }
  const changed: string[] = [];
  const watching: Files = {
    ...files,
    write: (path) => {
      changed.push(path);
    },
  };
  writeEditorSettings(watching);
  if (changed.length === 0) return [ok('.vscode/settings.json names the schema of each section.')];
  const message = `Editors check with outdated settings or schemas: ${changed.sort().join(', ')}.`;
  return [warning(message, 'Run `connector doctor --fix`, which writes them again.', () => writeEditorSettings(files))];
}
