import type { Plan } from '@connectorkit/sdk';
import type { Context, Result } from './command.ts';
import { plural } from './output/text.ts';
import { behindLines, planLines } from './plans.ts';
import type { Synced } from './sync.ts';

/** Shows a plan and asks, unless it is for this machine's own harness. */
export async function agreed(
  { report, ask }: Pick<Context, 'report' | 'ask'>,
  { destination }: Synced,
  settled: Plan,
  yes: boolean,
): Promise<boolean> {
  const count = settled.changes.length + settled.writes.length;
  const { name, url, local } = destination;
  if (count === 0 || local) return true;
  for (const message of planLines(settled)) report({ kind: 'note', message });
  if (yes) return true;
  return ask.confirm({ message: `${plural(count, 'change')} to ${name} at ${url}. Go on?`, flag: '--yes' });
}

/** Verdicts of parts that somebody else changed, or may have. */
const OTHERS: ReadonlySet<string> = new Set(['theirs', 'both', 'unknown']);

/** That nothing was done, because others changed something: it is shown, with the ways out. */
export function conflict({ machine, destination }: Synced, { comparison, conflicts }: Plan, next: string): Result {
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
    diagnostics: conflicts,
    summary: `Nothing was changed: ${plural(conflicts.length, 'conflict')}.`,
    next: [next],
  };
}

/** The option by which a command that is suggested talks to the same origin. */
export function originFlag(origin: string | undefined): string {
  return origin === undefined ? '' : ` --origin ${origin}`;
}
