import { openProject } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { onPlatforms } from '../on-platforms.ts';
import { columns, plural } from '../output/text.ts';
import type { list as command } from './list.ts';

export const run: Run<typeof command> = async (context) => {
  const project = openProject(context.files(context.root()));
  const listed = project.connections.map(({ id, type, label, folder, sections }) => {
    const files = Object.values(sections).map(({ file }) => file);
    return { id, type, label, folder, files, platforms: onPlatforms(context, project, id).names };
  });
  const rows = listed.map(({ id, type, label, folder, platforms }) => [
    id,
    type,
    label,
    folder,
    Object.entries(platforms)
      .map(([origin, name]) => `${origin}: ${name}`)
      .join(', '),
  ]);
  return {
    data: { layout: project.layout, connections: listed },
    diagnostics: project.problems.filter(({ severity }) => severity === 'error'),
    lines: columns(rows),
    summary: `${plural(project.ids.length, 'connection')} in ${project.name || 'the project'}.`,
    next: project.ids.length === 0 ? ['connector add main --template api-key'] : [],
  };
};
