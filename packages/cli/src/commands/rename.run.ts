import { openProject } from '@connectorkit/sdk';
import { applyMove, commonVariable, renameConnection } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { writeEditorSettings } from '../editor-settings.ts';
import { connectedStore } from '../local-state/connected.ts';
import { onPlatforms } from '../on-platforms.ts';
import type { rename as command } from './rename.ts';

export const run: Run<typeof command> = async (context, { connection: id, to, 'dry-run': dryRun }) => {
  const files = context.files(context.root());
  const project = openProject(files);
  const moved = renameConnection(project, id, to);
  const stays = onPlatforms(context, project, id);
  const changed = moved.writes.map(({ file }) => file);
  if (!dryRun) {
    applyMove(files, moved);
    writeEditorSettings(files, { only: true });
    const store = connectedStore(context.state(context.root()), context.environment);
    for (const each of store.all()) if (each.connection === id) store.replace({ ...each, connection: to });
  }
  const [before, after] = [commonVariable(id, ''), commonVariable(to, '')];
  const variables = Object.keys(context.environment).filter((name) => name.startsWith(before));
  return {
    data: { connection: to, before: id, renamed: !dryRun, renames: moved.renames, changed, platforms: stays.names },
    lines: [
      ...moved.renames.map(([from, target]) => `${from} → ${target}`),
      ...changed.map((path) => `change ${path}`),
      ...variables.map((name) => `${name} has to be called ${after}${name.slice(before.length)} from now on`),
      ...stays.lines,
    ],
    summary: dryRun ? 'Nothing was done: this was a dry run.' : `${id} is called ${to} now.`,
    next: dryRun ? [`connector rename ${id} ${to}`] : ['connector validate', 'connector types'],
  };
};
