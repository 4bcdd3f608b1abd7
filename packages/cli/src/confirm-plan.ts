import { CHANGED_THERE, type Plan, type Refreshable } from '@connectorkit/sdk/sync';
import type { Context } from './command.ts';
import { plural } from './output/text.ts';
import { planLines } from './plans.ts';
import type { Destination } from './settings.ts';

/**
 * Shows a plan and asks. On this machine's own harness nobody is asked, and only what is written over others' changes is
 * shown.
 * @returns the plan to apply, which has conflicts when it is not what was agreed to any more; undefined for a no
 */
export async function confirmPlan(
  { report, ask }: Pick<Context, 'report' | 'ask'>,
  { name, url, local }: Destination,
  plan: Refreshable,
  yes: boolean,
): Promise<Plan | undefined> {
  const shown = local ? overOthers(plan) : plan;
  for (const message of planLines(shown)) report({ kind: 'note', message });
  const count = plan.changes.length + plan.writes.length;
  if (count === 0 || local || yes) return plan;
  const message = `${plural(count, 'change')} to ${name} at ${url}. Go on?`;
  return (await ask.confirm({ message, flag: '--yes' })) ? plan.refresh() : undefined;
}

/** The part of a plan by which a side of somebody else is written over, or one of ours is given up. */
function overOthers(plan: Plan): Plan {
  const { parts } = plan.comparison;
  const changes = plan.changes.filter((change) => {
    const part = change.action === 'set' ? change.section : change.action === 'rename' ? 'label' : undefined;
    return parts.some(
      (each) => 'id' in change && each.id === change.id && each.part === part && CHANGED_THERE.has(each.verdict),
    );
  });
  return { ...plan, changes };
}
