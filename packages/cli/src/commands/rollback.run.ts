import type { Diagnostic } from '@connectorkit/sdk';
import type { Plan, RollbackPlan } from '@connectorkit/sdk/sync';
import type { Run } from '../command.ts';
import { confirmPlan } from '../confirm-plan.ts';
import { conflictOptions, conflictResult, originFlag } from '../conflicts.ts';
import { plural } from '../output/text.ts';
import { changeData, planLines } from '../plans.ts';
import { openSync } from '../sync.ts';
import type { rollback as command } from './rollback.ts';

export const run: Run<typeof command> = async (context, args) => {
  const opened = await openSync(context, args.origin);
  const { destination, sync } = opened;
  const plan = await sync.planRollback({ snapshot: args.snapshot, ...conflictOptions(args, opened) });
  const { restores: name, staying } = plan;
  const diff = `connector diff${originFlag(args.origin)}`;
  if (plan.conflicts.length > 0) return conflictResult(destination, plan, [diff]);
  const again = `connector rollback ${name} --allow-destructive${originFlag(args.origin)}`;
  const diagnostics = staying === undefined ? [] : [appStays(staying, again)];
  const dataOf = ({ changes }: Plan) => ({
    origin: destination.name,
    snapshot: name,
    changes: changes.map(changeData),
  });
  if (args['dry-run']) {
    const summary = 'Nothing was done: this was a dry run.';
    return { data: dataOf(plan), lines: planLines(plan), differences: true, diagnostics, summary };
  }
  const confirmed = await confirmPlan(context, destination, plan, args.yes);
  if (confirmed === undefined) return { summary: 'Nothing was changed.' };
  if (confirmed.conflicts.length > 0) return conflictResult(destination, confirmed, [diff]);
  await sync.apply(confirmed);
  const count = confirmed.changes.length;
  return {
    data: dataOf(confirmed),
    diagnostics,
    summary:
      count === 0
        ? `${destination.name} already matches the snapshot ${name}.`
        : `Brought back ${name} on ${destination.name}: ${plural(count, 'change')}, verified.`,
    next: [diff],
  };
};

function appStays({ app, others }: NonNullable<RollbackPlan['staying']>, again: string): Diagnostic {
  return {
    code: 'sync/app-stays',
    severity: 'warning',
    message: `The app ${app.name}, which was created after the snapshot, stays.`,
    hint:
      others.length === 0
        ? `\`${again}\` deletes it.`
        : `It also contains ${others.join(', ')}, which is not part of this project. If nobody needs that, delete the app on the platform.`,
  };
}
