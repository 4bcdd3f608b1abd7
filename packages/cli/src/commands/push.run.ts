import { ConnectorError } from '@connectorkit/sdk';
import { type Refreshable, readSavedPlan } from '@connectorkit/sdk/sync';
import type { Arguments, Context, Run } from '../command.ts';
import { confirmPlan } from '../confirm-plan.ts';
import { conflictOptions, conflictResult, originFlag, waysOut } from '../conflicts.ts';
import { textGiven } from '../input.ts';
import { validateCached } from '../local-state/validation-cache.ts';
import { plural } from '../output/text.ts';
import { changeData, planLines } from '../plans.ts';
import { type OpenedSync, openSync } from '../sync.ts';
import type { push as command } from './push.ts';

export const run: Run<typeof command> = async (context, args) => {
  const opened = await openSync(context, args.origin);
  const { project, destination, sync } = opened;
  // A saved plan was validated when it was made, and has nothing to do with what the files say now.
  const state = context.state(context.root());
  const diagnostics = args.plan === undefined ? validateCached(project, state, { keep: !args['dry-run'] }) : [];
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
  if (sync.isCutOff()) {
    context.report({ kind: 'note', message: 'The last push was interrupted; this push continues it.' });
  }
  await sync.resume();
  const plan = await planOf(context, opened, args);
  const { name, url } = destination;
  if (plan.conflicts.length > 0) return conflictResult(destination, plan, waysOut(plan, args.origin));
  if (args['dry-run']) {
    const count = plan.changes.length + plan.writes.length;
    const changes = plan.changes.map(changeData);
    const summary = count === 0 ? `Nothing to push to ${name}.` : 'Nothing was done: this was a dry run.';
    const lines = planLines(plan);
    return { data: { origin: name, url, changes }, lines, differences: true, diagnostics: plan.notes, summary };
  }
  const confirmed = await confirmPlan(context, destination, plan, args.yes);
  if (confirmed === undefined) return { summary: 'Nothing was changed.' };
  if (confirmed.conflicts.length > 0) return conflictResult(destination, confirmed, waysOut(confirmed, args.origin));
  const { names } = await sync.apply(confirmed);
  const pushed = plural(sync.connections.length, 'connection');
  const { changes, writes, notes } = confirmed;
  return {
    data: { origin: name, url, ...names, changes: changes.map(changeData) },
    diagnostics: [...diagnostics, ...notes],
    summary:
      names === undefined
        ? `There is nothing to push to ${name}: the project has no connections for it.`
        : changes.length + writes.length === 0
          ? `${name} is up to date: ${pushed} in ${names.app}.`
          : `Pushed ${pushed} to ${names.app} on ${name}: ${plural(changes.length, 'change')}, verified.`,
    next: changes.length === 0 ? [] : [`connector recreate${originFlag(args.origin)}`],
  };
};

const UNREADABLE = {
  code: 'sync/plan-unreadable',
  hint: 'Name a file that `connector diff --out` wrote.',
} as const;

/** The plan that was saved, or a new one. */
async function planOf(context: Context, opened: OpenedSync, args: Arguments<typeof command>): Promise<Refreshable> {
  const { sync } = opened;
  if (args.plan === undefined) {
    return sync.plan('push', { checkCommon: args['check-common'], ...conflictOptions(args, opened) });
  }
  const saved = readSavedPlan(await textGiven(context, args.plan, UNREADABLE), args.plan);
  return sync.planSaved(saved, { allowDestructive: args['allow-destructive'] });
}
