import { conflict, setAside, waysOut } from '../agreement.ts';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { planLines } from '../plans.ts';
import { adoptStrangers, applyPlan, choicesOf, compared, openSync, planned } from '../sync.ts';
import { awaitUnanswered } from '../unanswered.ts';
import type { pull as command } from './pull.ts';

export const run: Run<typeof command> = async (context, args) => {
  const synced = await openSync(context, args.origin);
  const { name, url } = synced.destination;
  await awaitUnanswered(context, synced);
  const comparison = await compared(context, synced, { checkCommon: args['check-common'], dropped: true });
  const settled = planned(synced, comparison, 'pull', choicesOf(args, synced));
  if (settled.conflicts.length > 0) return conflict(synced, settled, waysOut(settled, 'pull', args.origin));
  const { app, strangers } = comparison.remote;
  const written = settled.writes.map(({ id, part, how }) => ({ connection: id, part, how }));
  const lines = [...planLines(settled), ...setAside(synced, settled)];
  const { notes } = settled;
  if (args['dry-run']) {
    const found = strangers.map((each) => `+ ${each.name} (${each.label}), which is not declared here`);
    const data = { origin: name, url, written, created: strangers.map((each) => each.name) };
    const summary = 'Nothing was written: this was a dry run.';
    return { data, lines: [...lines, ...found], differences: true, diagnostics: notes, summary };
  }
  await applyPlan(context, synced, settled);
  const created = await adoptStrangers(synced, settled);
  const made = Object.entries(created).map(([id, remote]) => `+ connection ${id}, which is ${remote} there`);
  const count = written.length + made.length;
  return {
    data: { origin: name, url, app: app?.name ?? null, written, created: Object.keys(created) },
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
