import {
  ConnectorError,
  localOfSaved,
  localState,
  type Plan,
  planOfSaved,
  readSavedPlan,
  remaining,
  validateChanged,
} from '@connectorkit/sdk';
import { agreed, conflict, originFlag, waysOut } from '../agreement.ts';
import type { Arguments, Context, Run } from '../command.ts';
import { textGiven } from '../given.ts';
import { plural } from '../output/text.ts';
import { changeData, planLines } from '../plans.ts';
import { applyPlan, choicesOf, compared, openSync, paired, planned, type Synced } from '../sync.ts';
import { awaitUnanswered } from '../unanswered.ts';
import type { push as command } from './push.ts';

export const run: Run<typeof command> = async (context, args) => {
  const synced = await openSync(context, args.origin);
  const { project, destination, machine } = synced;
  // A saved plan was validated when it was made, and has nothing to do with what the files say now.
  const diagnostics = args.plan === undefined ? validateChanged(project, !args['dry-run']) : [];
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
  if (machine.journal() !== undefined) {
    context.report({ kind: 'note', message: 'The last push was cut off; this one goes on with it.' });
  }
  await awaitUnanswered(context, synced);
  const { plan } = args;
  const make = () => (plan === undefined ? freshPlan(context, synced, args) : readPlan(context, synced, plan));
  const settled = await make();
  const { name, url } = destination;
  if (settled.conflicts.length > 0) return conflict(synced, settled, waysOut(settled, 'push', args.origin));
  if (settled.changes.some(({ action }) => action === 'delete') && !args['allow-destructive']) {
    throw new ConnectorError('usage', DESTRUCTIVE);
  }
  if (args['dry-run']) {
    const count = settled.changes.length + settled.writes.length;
    const changes = settled.changes.map(changeData);
    const summary = count === 0 ? `Nothing to push to ${name}.` : 'Nothing was done: this was a dry run.';
    const lines = planLines(settled);
    return { data: { origin: name, url, changes }, lines, differences: true, diagnostics: settled.notes, summary };
  }
  const confirmed = await agreed(context, synced, settled, args.yes, make);
  if (confirmed === undefined) return { summary: 'Nothing was changed.' };
  if (confirmed.conflicts.length > 0) return conflict(synced, confirmed, waysOut(confirmed, 'push', args.origin));
  const names = await applyPlan(context, synced, confirmed);
  const pushed = plural(paired(project, synced.destination).length, 'connection');
  const { changes, writes, notes } = confirmed;
  return {
    data: { origin: name, url, ...names, changes: changes.map(changeData) },
    diagnostics: [...diagnostics, ...notes],
    summary:
      names === undefined
        ? `There is nothing to push to ${name}: the project has no connections for it.`
        : changes.length + writes.length === 0
          ? `${name} is up to date: ${pushed} in ${names.app}.`
          : `Pushed ${pushed} to ${names.app} on ${name}: ${plural(changes.length, 'change')}, read back and equal.`,
    next: changes.length === 0 ? [] : [`connector recreate${originFlag(args.origin)}`],
  };
};

type PushArguments = Arguments<typeof command>;

const DESTRUCTIVE = {
  code: 'sync/destructive',
  message: 'The plan deletes connections on the platform.',
  hint: 'Look at it, and add --allow-destructive.',
} as const;

async function freshPlan(context: Context, synced: Synced, args: PushArguments): Promise<Plan> {
  const choices = choicesOf(args, synced);
  const look = { checkCommon: args['check-common'], dropped: choices.allowDestructive };
  return planned(synced, await compared(context, synced, look), 'push', choices);
}

const UNREADABLE = {
  code: 'sync/plan-unreadable',
  hint: 'Name a file that `connector diff --out` wrote.',
} as const;

/** A plan that was saved, as far as it is not done yet. @throws ConnectorError usage, or conflict `sync/plan-stale` */
async function readPlan(context: Context, synced: Synced, path: string): Promise<Plan> {
  const { project, destination } = synced;
  const saved = readSavedPlan(await textGiven(context, path, UNREADABLE), path);
  if (saved.origin !== destination.name || (!destination.local && saved.url !== destination.url)) {
    throw new ConnectorError('usage', {
      code: 'sync/plan-unreadable',
      message: `The plan was made for ${saved.origin} at ${saved.url}, and not for ${destination.name} at ${destination.url}.`,
      hint: `Add --origin ${saved.origin}, or make a new plan.`,
    });
  }
  const values = localState(project, paired(project, destination), context.environment);
  const local = localOfSaved(saved, values);
  const { app, connections } = saved;
  const names = {
    ...(app && { app: app.name, version: app.version }),
    connections: { ...destination.connections, ...connections },
  };
  const comparison = await compared(context, synced, { local, dropped: true, names });
  return planOfSaved(remaining(saved, local, comparison.remote), comparison);
}
