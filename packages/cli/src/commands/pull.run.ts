import type { Run } from '../command.ts';
import { conflictOptions, conflictResult, setAside, waysOut } from '../conflicts.ts';
import { plural } from '../output/text.ts';
import { planLines } from '../plans.ts';
import { openSync } from '../sync.ts';
import type { pull as command } from './pull.ts';

export const run: Run<typeof command> = async (context, args) => {
  const opened = await openSync(context, args.origin);
  const { destination, sync } = opened;
  const { name, url } = destination;
  await sync.resume();
  const plan = await sync.plan('pull', { checkCommon: args['check-common'], ...conflictOptions(args, opened) });
  if (plan.conflicts.length > 0) return conflictResult(destination, plan, waysOut(plan, args.origin));
  const { app, strangers } = plan.comparison.remote;
  const written = plan.writes.map(({ id, part, how }) => ({ connection: id, part, how }));
  const lines = [...planLines(plan), ...setAside(plan)];
  const { notes } = plan;
  if (args['dry-run']) {
    const found = strangers.map((each) => `+ ${each.name} (${each.label}), which is not declared here`);
    const data = { origin: name, url, written, created: strangers.map((each) => each.name) };
    const summary = 'Nothing was written: this was a dry run.';
    return { data, lines: [...lines, ...found], differences: true, diagnostics: notes, summary };
  }
  const { added } = await sync.apply(plan);
  const made = Object.entries(added).map(([id, remote]) => `+ connection ${id}, which is ${remote} there`);
  const count = written.length + made.length;
  return {
    data: { origin: name, url, app: app?.name ?? null, written, created: Object.keys(added) },
    lines: [...lines, ...made],
    differences: true,
    diagnostics: notes,
    summary: summaryOf(name, app?.name, count),
    next: count === 0 ? [] : ['connector validate'],
  };
};

function summaryOf(origin: string, app: string | undefined, count: number): string {
  if (app === undefined) return `${origin} has no app of this project yet.`;
  return count === 0
    ? `Nothing to pull from ${app} on ${origin}.`
    : `Pulled ${plural(count, 'part')} from ${app} on ${origin}.`;
}
