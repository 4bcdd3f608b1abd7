import { isDeepStrictEqual } from 'node:util';
import type { Change, Diagnostic, Direction, Plan } from '@connectorkit/sdk';
import type { Context, Result } from './command.ts';
import { plural } from './output/text.ts';
import { behindLines, planLines } from './plans.ts';
import type { Synced } from './sync.ts';

/**
 * Shows a plan and asks. On this machine's own harness nobody is asked, and only what is written over others' changes is
 * shown.
 * @param again makes the plan once more: the platform may have changed while somebody thought about the answer
 * @returns the plan to apply, which has conflicts when it is not what was agreed to any more; undefined for a no
 */
export async function agreed(
  { report, ask }: Pick<Context, 'report' | 'ask'>,
  { destination }: Synced,
  settled: Plan,
  yes: boolean,
  again: () => Promise<Plan>,
): Promise<Plan | undefined> {
  const { name, url, local } = destination;
  const shown = local ? overOthers(settled) : settled;
  for (const message of planLines(shown)) report({ kind: 'note', message });
  const count = settled.changes.length + settled.writes.length;
  if (count === 0 || local || yes) return settled;
  const message = `${plural(count, 'change')} to ${name} at ${url}. Go on?`;
  if (!(await ask.confirm({ message, flag: '--yes' }))) return undefined;
  const now = await again();
  return now.conflicts.length > 0 || isPartOf(now, settled) ? now : { ...now, conflicts: [anotherPlan(name)] };
}

/** Whether a plan does nothing but what was agreed to, and writes over the same. */
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

function anotherPlan(origin: string): Diagnostic {
  return {
    code: 'sync/plan-stale',
    severity: 'error',
    message: `${origin} changed while you were asked: the plan is not what you agreed to any more.`,
    hint: 'Run the command again, and look at the new plan.',
  };
}

/** The part of a plan by which a side of somebody else is written over, or one of ours is given up. */
function overOthers(settled: Plan): Plan {
  const { parts } = settled.comparison;
  const changes = settled.changes.filter((change) => {
    const part = change.action === 'set' ? change.section : change.action === 'rename' ? 'label' : undefined;
    return parts.some(
      (each) => 'id' in change && each.id === change.id && each.part === part && OTHERS.has(each.verdict),
    );
  });
  return { ...settled, changes };
}

/** Verdicts of parts that somebody else changed, or may have. */
const OTHERS: ReadonlySet<string> = new Set(['theirs', 'both', 'unknown']);

/** What others changed and a plan leaves aside, because the project was chosen: from then on it counts as seen. */
export function setAside({ machine }: Synced, { comparison, writes }: Plan): string[] {
  const kept = comparison.parts.filter(
    ({ id, part, verdict }) => OTHERS.has(verdict) && !writes.some((write) => write.id === id && write.part === part),
  );
  return kept.flatMap((part) => behindLines(part, machine.textOf));
}

/** That nothing was done, because others changed something: it is shown, with the ways out. */
export function conflict(
  { machine, destination }: Synced,
  { comparison, conflicts }: Plan,
  next: readonly string[],
): Result {
  const sides = comparison.parts.filter(({ verdict }) => OTHERS.has(verdict));
  const commons = comparison.commons.filter(({ verdict }) => OTHERS.has(verdict));
  return {
    exit: 'conflict',
    data: {
      origin: destination.name,
      url: destination.url,
      conflicts: [
        ...sides.map(({ id, part, verdict }) => ({ connection: id, part, verdict })),
        ...commons.map(({ id, verdict, keys }) => ({ connection: id, part: 'common', verdict, keys })),
      ],
    },
    lines: sides.flatMap((side) => behindLines(side, machine.textOf)),
    differences: true,
    diagnostics: conflicts,
    summary: `Nothing was changed: ${plural(conflicts.length, 'conflict')}.`,
    next,
  };
}

/** Parts of a conflict that are named one by one; of more, all are meant. */
const NAMED = 4;

/** The commands that lead out of a conflict: to bring theirs here where that helps, and otherwise to choose a side. */
export function waysOut(
  { comparison, writes, changes }: Plan,
  direction: Direction,
  origin: string | undefined,
): readonly string[] {
  const settled = [
    ...writes.map(({ id, part }) => `${id}/${part}`),
    ...changes.flatMap((change) => (change.action === 'set' ? [`${change.id}/${change.section}`] : [])),
  ];
  const all = [...comparison.parts, ...comparison.commons.map((each) => ({ ...each, part: 'common' as const }))];
  const open = all.filter(({ verdict }) => OTHERS.has(verdict));
  const names = open.map(({ id, part }) => `${id}/${part}`).filter((name) => !settled.includes(name));
  const flag = originFlag(origin);
  if (names.length === 0) return [`connector diff${flag}`];
  if (direction === 'push' && open.some(({ verdict }) => verdict !== 'unknown')) return [`connector pull${flag}`];
  const parts = names.length > NAMED ? 'all' : names.join(',');
  return [`connector pull${flag} --theirs ${parts}`, `connector ${direction}${flag} --ours ${parts}`];
}

/** The option by which a command that is suggested talks to the same origin. */
export function originFlag(origin: string | undefined): string {
  return origin === undefined ? '' : ` --origin ${origin}`;
}
