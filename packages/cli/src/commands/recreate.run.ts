import { connectionsNamed } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { conflictResult, waysOut } from '../conflicts.ts';
import { plural } from '../output/text.ts';
import { openSync } from '../sync.ts';
import type { recreate as command } from './recreate.ts';

export const run: Run<typeof command> = async (context, { connection: given, origin }) => {
  const { project, destination, sync } = await openSync(context, origin);
  const chosen = given.length === 0 ? sync.connections : connectionsNamed(project, given);
  const { plan, names } = await sync.recreate(chosen.map(({ id }) => id));
  if (plan.conflicts.length > 0) return conflictResult(destination, plan, waysOut(plan, origin));
  const words = plural(names.length, 'connection');
  return {
    data: { origin: destination.name, recreated: names },
    summary: `Recreated ${words} on ${destination.name}.`,
  };
};
