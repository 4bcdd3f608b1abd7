import { ConnectorError, connectionsNamed, openProject } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { openRegistry } from '../registry.ts';
import { paired } from '../sync.ts';
import type { recreate as command } from './recreate.ts';

export const run: Run<typeof command> = async (context, { connection: given, origin }) => {
  const project = openProject(context.files(context.root()));
  const { destination, registry } = await openRegistry(context, project, origin);
  const chosen = given.length === 0 ? paired(project, destination) : connectionsNamed(project, given);
  const ids = chosen.map(({ id }) => id);
  const names = ids.map((id) => ({ id, name: destination.connections?.[id] }));
  const missing = names.filter(({ name }) => name === undefined).map(({ id }) => id);
  if (missing.length > 0) {
    throw new ConnectorError('usage', {
      code: 'sync/not-pushed',
      message: `${missing.join(', ')} ${missing.length === 1 ? 'was' : 'were'} never pushed to ${destination.name}.`,
      hint: `Run \`connector push${origin === undefined ? '' : ` --origin ${origin}`}\` first.`,
    });
  }
  for (const { id, name = '' } of names) {
    await registry.recreate(name);
    context.report({ kind: 'step', message: `recreated ${id} as ${name}` });
  }
  const recreated = names.map(({ name }) => name);
  const words = plural(recreated.length, 'connection');
  return { data: { origin: destination.name, recreated }, summary: `Recreated ${words} on ${destination.name}.` };
};
