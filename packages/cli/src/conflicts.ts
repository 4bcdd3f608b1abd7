import { ConnectorError, nearest, SECTIONS } from '@connectorkit/sdk';
import { CHANGED_THERE, type ConflictOptions, type Plan, type Selector } from '@connectorkit/sdk/sync';
import type { Result } from './command.ts';
import type { ConflictArguments } from './conflict-options.ts';
import { plural } from './output/text.ts';
import { behindLines } from './plans.ts';
import type { Destination } from './settings.ts';
import type { OpenedSync } from './sync.ts';

/**
 * Reads which parts the arguments select, and for which side.
 * @throws ConnectorError usage `usage/arguments` for a word that names nothing, or a side that is selected twice
 */
export function conflictOptions(
  { ours, theirs, ...more }: ConflictArguments,
  { project, destination }: OpenedSync,
): ConflictOptions {
  const ids = new Set([...project.connections.map(({ id }) => id), ...Object.keys(destination.connections ?? {})]);
  if (ours === 'all' && theirs === 'all') {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--ours and --theirs cannot both apply to everything.',
      hint: 'List sections or connections for one of them.',
    });
  }
  return {
    ours: selector('--ours', ours, ids),
    theirs: selector('--theirs', theirs, ids),
    allowDestructive: more['allow-destructive'] === true,
  };
}

function selector(flag: string, value: string | undefined, ids: ReadonlySet<string>): Selector {
  const parts: readonly string[] = ['label', ...SECTIONS.map(({ name }) => name)];
  const words = value === undefined ? [] : value.split(',').map((word) => word.trim());
  for (const word of words) {
    const [first = '', second] = word.split('/');
    const known = second === undefined ? word === 'all' || parts.includes(word) || ids.has(word) : ids.has(first);
    if (known && (second === undefined || parts.includes(second))) continue;
    const all = ['all', ...parts, ...ids, ...[...ids].flatMap((id) => parts.map((part) => `${id}/${part}`))];
    const meant = nearest(word, all);
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${flag}: ${JSON.stringify(word)} is neither a section nor a connection of the project.`,
      hint: meant === undefined ? `Sections are ${parts.join(', ')}.` : `Did you mean ${meant}?`,
    });
  }
  return (id, part) => words.some((word) => word === 'all' || word === part || word === id || word === `${id}/${part}`);
}

/** Records changes of others that a plan leaves aside, because the project was chosen, as seen. */
export function setAside({ comparison, writes }: Plan): string[] {
  const kept = comparison.parts.filter(
    ({ id, part, verdict }) =>
      CHANGED_THERE.has(verdict) && !writes.some((write) => write.id === id && write.part === part),
  );
  return kept.flatMap((part) => behindLines(part));
}

/** Says that nothing was done because others changed something, and shows it with the ways out. */
export function conflictResult(
  destination: Destination,
  { comparison, conflicts }: Plan,
  next: readonly string[],
): Result {
  const sides = comparison.parts.filter(({ verdict }) => CHANGED_THERE.has(verdict));
  const commons = comparison.commons.filter(({ verdict }) => CHANGED_THERE.has(verdict));
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
    lines: sides.flatMap((side) => behindLines(side)),
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
  { direction, comparison, writes, changes }: Plan,
  origin: string | undefined,
): readonly string[] {
  const settled = [
    ...writes.map(({ id, part }) => `${id}/${part}`),
    ...changes.flatMap((change) => (change.action === 'set' ? [`${change.id}/${change.section}`] : [])),
  ];
  const all = [...comparison.parts, ...comparison.commons.map((each) => ({ ...each, part: 'common' as const }))];
  const open = all.filter(({ verdict }) => CHANGED_THERE.has(verdict));
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
