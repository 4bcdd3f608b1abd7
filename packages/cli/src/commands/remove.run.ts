import { openProject } from '@connectorkit/sdk';
import { applyMove, removeConnection } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { writeEditorSettings } from '../editor-settings.ts';
import { onPlatforms } from '../on-platforms.ts';
import type { remove as command } from './remove.ts';

export const run: Run<typeof command> = async (context, { connection: id, 'dry-run': dryRun, yes }) => {
  const files = context.files(context.root());
  const project = openProject(files);
  const moved = removeConnection(project, id);
  const changed = moved.writes.map(({ file }) => file);
  const lines = [...moved.removes.map((path) => `remove ${path}`), ...changed.map((path) => `change ${path}`)];
  const stays = onPlatforms(context, project, id);
  if (!dryRun) {
    if (!yes) {
      for (const line of lines) context.report({ kind: 'note', message: line });
      const message = `Remove the connection ${id} and its ${moved.removes.length} files?`;
      if (!(await context.ask.confirm({ message, flag: '--yes' })))
        return { summary: 'Nothing was done.', data: { removed: false } };
    }
    applyMove(files, moved);
    writeEditorSettings(files, { only: true });
  }
  return {
    data: { connection: id, removed: !dryRun, files: moved.removes, changed, platforms: stays.names },
    lines: [...lines, ...stays.lines],
    summary: dryRun ? 'Nothing was done: this was a dry run.' : `Removed the connection ${id} from the project.`,
    next: dryRun ? [`connector remove ${id}`] : ['connector types', ...stays.next],
  };
};
