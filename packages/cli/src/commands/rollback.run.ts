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
  const choices = choicesOf(args, synced);
  /** The plan, and what of the app that came to be since is left. */
  const make = async () => {
    const look = { local: localOf(snapshot), dropped: true };
    const back = planned(synced, await compared(context, synced, look), 'push', choices);
    const made = snapshot.app === undefined ? back.comparison.remote.app : undefined;
    const others = othersIn(back);
    const deletesApp = made !== undefined && choices.allowDestructive && others.length === 0;
    const settled = deletesApp ? withoutApp(back, made) : back;
    if (settled.conflicts.length === 0) refuseDeletion(settled, made);
    return { settled, others, staying: deletesApp ? undefined : made };
  };
  const conflicting = (plan: Plan) => conflict(synced, plan, [`connector diff${originFlag(args.origin)}`]);
  const { settled, others, staying } = await make();
  if (settled.conflicts.length > 0) return conflicting(settled);
  const again = `connector rollback ${name} --allow-destructive${originFlag(args.origin)}`;
  const diagnostics = staying === undefined ? [] : [appStays(staying, others, again)];
  const dataOf = ({ changes }: Plan) => ({
    origin: destination.name,
    snapshot: name,
    changes: changes.map(changeData),
  });
  if (args['dry-run']) {
    const summary = 'Nothing was done: this was a dry run.';
    return { data: dataOf(settled), lines: planLines(settled), differences: true, diagnostics, summary };
  }
  const confirmed = await agreed(context, synced, settled, args.yes, async () => (await make()).settled);
  if (confirmed === undefined) return { summary: 'Nothing was changed.' };
  if (confirmed.conflicts.length > 0) return conflicting(confirmed);
  await applyPlan(context, synced, confirmed, name);
  const count = confirmed.changes.length;
  return {
    data: dataOf(confirmed),
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

function appStays({ name }: RemoteApp, others: readonly string[], again: string): Diagnostic {
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
