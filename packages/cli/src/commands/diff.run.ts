import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ComparedPart, ConnectorError, differenceOf, type Plan, savedPlan } from '@connectorkit/sdk';
import { originFlag, waysOut } from '../agreement.ts';
import type { Context, Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { behindLines, changeData, planLines } from '../plans.ts';
import { choicesOf, compared, openSync, planned, type Synced } from '../sync.ts';
import type { diff as command } from './diff.ts';

export const run: Run<typeof command> = async (context, args) => {
  const synced = await openSync(context, args.origin);
  const { name, url } = synced.destination;
  const choices = choicesOf(args, synced);
  const look = { checkCommon: args['check-common'], dropped: choices.allowDestructive };
  const settled = planned(synced, await compared(context, synced, look), 'push', choices);
  if (args.out !== undefined) save(context, synced, settled, args.out);
  const seen = differencesOf(synced, settled);
  const exit = seen.count > 0 && args['exit-code'] ? 'differences' : 'fine';
  return {
    exit,
    data: { origin: name, url, ...seen.data },
    lines: seen.lines,
    differences: true,
    diagnostics: [...settled.conflicts, ...settled.notes],
    summary: seen.count === 0 ? equalWords(name, settled) : seen.summary,
    next: nextOf(settled, args),
  };
};

function equalWords(name: string, { comparison }: Plan): string {
  const { length } = comparison.remote.strangers;
  return length === 0
    ? `${name} is what the project declares.`
    : `${name} has what the project declares, and besides it ${plural(length, 'connection')} that \`connector pull\` would bring here.`;
}

/** What a plan says, for people and for programs. */
export function differencesOf({ destination, machine }: Synced, settled: Plan) {
  const { comparison, changes, conflicts } = settled;
  const behind = comparison.parts.filter(({ verdict }) => verdict === 'theirs' || verdict === 'both');
  const unknown = comparison.parts.filter(({ verdict }) => verdict === 'unknown');
  const commons = comparison.commons.filter(({ verdict }) => verdict !== 'equal');
  const { strangers } = comparison.remote;
  const sent = planLines(settled);
  const lines = [
    ...titled(`Changed on ${destination.name} since the last sync:`, [
      ...behind.flatMap((part) => behindLines(part, machine.textOf)),
      ...strangers.map(({ name, label }) => `! ${name} (${label}) is there, and not declared here`),
    ]),
    ...titled(
      `Different on ${destination.name}, and never equal as far as is known:`,
      unknown.flatMap((part) => behindLines(part, machine.textOf)),
    ),
    ...titled(
      'Values of common that differ:',
      commons.map(({ id, keys }) => `! ${id} common: ${keys.join(', ')}`),
    ),
    ...titled(`A push to ${destination.name} would do this:`, sent),
  ];
  return {
    count: changes.length + behind.length + unknown.length + commons.length,
    lines,
    summary: `${plural(changes.length, 'change')} to push, ${plural(behind.length, 'part')} changed on ${destination.name}, ${plural(conflicts.length, 'conflict')}.`,
    data: {
      app: comparison.remote.app?.name ?? null,
      behind: [...behind, ...unknown].map(partData),
      common: commons.map(({ id, verdict, keys }) => ({ connection: id, verdict, keys })),
      strangers: strangers.map(({ name, label, type }) => ({ name, label, type })),
      changes: changes.map((change) => {
        const part =
          change.action === 'set' &&
          comparison.parts.find((each) => each.id === change.id && each.part === change.section);
        return { ...changeData(change), ...(part ? { diff: differenceOf(part.remote, part.local).lines } : {}) };
      }),
    },
  };
}

function partData({ id, part, verdict, local, remote }: ComparedPart): object {
  return { connection: id, part, verdict, diff: differenceOf(local, remote).lines };
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function save(context: Context, { destination }: Synced, settled: Plan, path: string): void {
  const { name: origin, url } = destination;
  const text = `${JSON.stringify(savedPlan(settled, { origin, url, made: new Date() }), undefined, 2)}\n`;
  try {
    writeFileSync(resolve(context.cwd, path), text);
  } catch (cause) {
    const message = `${path} cannot be written: ${(cause as NodeJS.ErrnoException).code}.`;
    throw new ConnectorError(
      'usage',
      { code: 'output/unwritable', message, hint: 'Name a file that can be written.' },
      { cause },
    );
  }
}

function nextOf(settled: Plan, { origin, out }: { origin: string | undefined; out: string | undefined }) {
  if (settled.conflicts.length > 0) return waysOut(settled, 'push', origin);
  if (settled.changes.length === 0) return [];
  return [`connector push${out === undefined ? '' : ` --plan ${out}`}${originFlag(origin)}`];
}
