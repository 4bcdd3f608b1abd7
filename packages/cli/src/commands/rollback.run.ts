import { ConnectorError, type Diagnostic, localOf, type Plan, type RemoteApp } from '@connectorkit/sdk';
import { agreed, conflict, originFlag } from '../agreement.ts';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { changeData, planLines } from '../plans.ts';
import { applyPlan, choicesOf, compared, openSync, planned } from '../sync.ts';
import { awaitUnanswered } from '../unanswered.ts';
import type { rollback as command } from './rollback.ts';

export const run: Run<typeof command> = async (context, args) => {
  const synced = await openSync(context, args.origin);
  const { destination, machine } = synced;
  const { name, snapshot } = machine.snapshot(args.snapshot);
  await awaitUnanswered(context, synced, true);
  const local = localOf(snapshot);
  const choices = choicesOf(args, synced);
  const back = planned(synced, await compared(context, synced, { local, dropped: true }), 'push', choices);
  const { app } = back.comparison.remote;
  const made = snapshot.app === undefined ? app : undefined;
  const others = othersIn(back);
  const deletesApp = made !== undefined && choices.allowDestructive && others.length === 0;
  const settled = deletesApp ? withoutApp(back, made) : back;
  if (settled.conflicts.length > 0) return conflict(synced, settled, [`connector diff${originFlag(args.origin)}`]);
  refuseDeletion(settled, made);
  const again = `connector rollback ${name} --allow-destructive${originFlag(args.origin)}`;
  const diagnostics = made === undefined || deletesApp ? [] : [staying(made, others, again)];
  const data = { origin: destination.name, snapshot: name, changes: settled.changes.map(changeData) };
  if (args['dry-run']) {
    const summary = 'Nothing was done: this was a dry run.';
    return { data, lines: planLines(settled), differences: true, diagnostics, summary };
  }
  if (!(await agreed(context, synced, settled, args.yes))) return { summary: 'Nothing was changed.' };
  await applyPlan(context, synced, settled, name);
  const count = settled.changes.length;
  return {
    data,
    diagnostics,
    summary:
      count === 0
        ? `${destination.name} is as ${name} has it.`
        : `Brought back ${name} on ${destination.name}: ${plural(count, 'change')}, read back and equal.`,
    next: [`connector diff${originFlag(args.origin)}`],
  };
};

/** What was created since the snapshot is deleted only when that is allowed. */
function refuseDeletion({ notes, comparison }: Plan, made: RemoteApp | undefined): void {
  if (!notes.some(({ code }) => code === 'sync/not-declared')) return;
  const { local, remote } = comparison;
  const created = [...remote.connections].filter(([id]) => !local.some((connection) => connection.id === id));
  const names = [
    ...created.map(([, { name }]) => `the connection ${name}`),
    ...(made === undefined ? [] : [`the app ${made.name}`]),
  ];
  throw new ConnectorError('usage', {
    code: 'sync/destructive',
    message: `Created since the snapshot, and would be deleted: ${names.join(', ')}.`,
    hint: 'Add --allow-destructive.',
  });
}

/** The same, and in the end the app is deleted. */
function withoutApp(plan: Plan, { name, version }: RemoteApp): Plan {
  return { ...plan, changes: [...plan.changes, { action: 'delete-app', name, version }] };
}

/** What the app holds that is not this project's. */
function othersIn({ comparison: { remote } }: Plan): string[] {
  return [...remote.strangers.map(({ name }) => `connection ${name}`), ...remote.others];
}

function staying({ name }: RemoteApp, others: readonly string[], again: string): Diagnostic {
  return {
    code: 'sync/app-stays',
    severity: 'warning',
    message: `The app ${name}, which came to be since the snapshot, stays.`,
    hint:
      others.length === 0
        ? `\`${again}\` deletes it.`
        : `It also holds ${others.join(', ')}, which this project knows nothing of. Delete it on the platform, if nobody needs that.`,
  };
}
