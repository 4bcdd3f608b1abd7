import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics.ts';
import type { Change, Plan } from './plan.ts';

/**
 * Decides what of a plan counts that was made once more after somebody agreed to it.
 * @returns the new plan; with the conflict `sync/plan-stale` when it does anything else than what was agreed to
 */
export function agreedPlan<Made extends Plan>(agreed: Plan, now: Made, origin: string): Made {
  return now.conflicts.length > 0 || isPartOf(now, agreed) ? now : { ...now, conflicts: [stalePlan(origin)] };
}

/** Checks if a plan does nothing but what was agreed to, and writes over the same. */
function isPartOf(now: Plan, agreed: Plan): boolean {
  const ground = ({ comparison }: Plan, change: Change) =>
    change.action === 'set-common' || change.action === 'delete'
      ? comparison.remote.connections.get(change.id)
      : undefined;
  const changes = now.changes.every((change) =>
    agreed.changes.some(
      (each) => isDeepStrictEqual(each, change) && isDeepStrictEqual(ground(agreed, each), ground(now, change)),
    ),
  );
  return changes && now.writes.every((write) => agreed.writes.some((each) => isDeepStrictEqual(each, write)));
}

function stalePlan(origin: string): Diagnostic {
  return {
    code: 'sync/plan-stale',
    severity: 'error',
    message: `${origin} changed while you were asked: the confirmed plan no longer applies.`,
    hint: 'Run the command again, and check the new plan.',
  };
}
