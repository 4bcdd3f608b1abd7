import { ConnectorError, localOf, type Plan } from '@connectorkit/sdk';
import { agreed, conflict, originFlag } from '../agreement.ts';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { changeData, planLines } from '../plans.ts';
import { applyPlan, choicesOf, compared, openSync, planned } from '../sync.ts';
import { awaitUnanswered } from '../unanswered.ts';
import type { rollback as command } from './rollback.ts';

export const run: Run<typeof command> = async (context, args) => {
  const synced = openSync(context, args.origin);
  const { destination, machine } = synced;
  const { name, snapshot } = machine.snapshot(args.snapshot);
  await awaitUnanswered(context, synced);
  const local = localOf(snapshot);
  const choices = choicesOf(args, synced);
  const settled = planned(synced, await compared(context, synced, { local, dropped: true }), 'push', choices);
  if (settled.conflicts.length > 0) return conflict(synced, settled, `connector diff${originFlag(args.origin)}`);
  refuseDeletion(settled);
  const data = { origin: destination.name, snapshot: name, changes: settled.changes.map(changeData) };
  if (args['dry-run']) {
    return { data, lines: planLines(settled), summary: 'Nothing was done: this was a dry run.' };
  }
  if (!(await agreed(context, synced, settled, args.yes))) return { summary: 'Nothing was changed.' };
  await applyPlan(context, synced, settled, name);
  const count = settled.changes.length;
  const emptied = snapshot.app === undefined && settled.comparison.remote.app !== undefined;
  return {
    data,
    summary:
      count === 0
        ? `${destination.name} is as ${name} has it.`
        : `Brought back ${name} on ${destination.name}: ${plural(count, 'change')}, read back and equal.${emptied ? ' The app, which was created since, stays.' : ''}`,
    next: [`connector diff${originFlag(args.origin)}`],
  };
};

/** What was created since the snapshot is deleted only when that is allowed. */
function refuseDeletion({ notes, comparison }: Plan): void {
  if (!notes.some(({ code }) => code === 'sync/not-declared')) return;
  const { local, remote } = comparison;
  const created = [...remote.connections].filter(([id]) => !local.some((connection) => connection.id === id));
  throw new ConnectorError('usage', {
    code: 'sync/destructive',
    message: `Since the snapshot, ${created.map(([, { name }]) => name).join(', ')} came to be, and would be deleted.`,
    hint: 'Add --allow-destructive.',
  });
}
