import { type Comparison, ConnectorError, connectionsNamed, expectUnmoved } from '@connectorkit/sdk';
import { conflict, waysOut } from '../agreement.ts';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { compared, openSync, paired, planned } from '../sync.ts';
import type { recreate as command } from './recreate.ts';

export const run: Run<typeof command> = async (context, { connection: given, origin }) => {
  const synced = await openSync(context, origin);
  const { project, destination, registry } = synced;
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
  const comparison = await compared(context, synced);
  const pushed = planned(synced, only(comparison, ids), 'push');
  if (pushed.conflicts.length > 0) return conflict(synced, pushed, waysOut(pushed, 'push', origin));
  const { app, connections } = comparison.remote;
  for (const [index, { id, name = '' }] of names.entries()) {
    const stored = connections.get(id);
    const recheck = async () => {
      if (app !== undefined && stored !== undefined) await expectUnmoved(registry, app, stored);
    };
    // The first was looked at a moment ago.
    if (index > 0) await recheck();
    await registry.recreate(name, { recheck });
    context.report({ kind: 'step', message: `recreated ${id} as ${name}` });
  }
  const recreated = names.map(({ name }) => name);
  const words = plural(recreated.length, 'connection');
  return { data: { origin: destination.name, recreated }, summary: `Recreated ${words} on ${destination.name}.` };
};

/** What is compared of some connections, but for values of which nobody knows who changed them. */
function only({ local, parts, commons, ...comparison }: Comparison, ids: readonly string[]): Comparison {
  return {
    ...comparison,
    local: local.filter(({ id }) => ids.includes(id)),
    parts: parts.filter(({ id }) => ids.includes(id)),
    commons: commons.filter(({ id, verdict }) => ids.includes(id) && verdict !== 'unknown'),
  };
}
