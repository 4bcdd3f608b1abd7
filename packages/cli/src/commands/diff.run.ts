import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { type ComparedPart, differenceOf, type Plan, type SavedPlan } from '@connectorkit/sdk/sync';
import type { Context, Run } from '../command.ts';
import { conflictOptions, originFlag, waysOut } from '../conflicts.ts';
import { plural } from '../output/text.ts';
import { behindLines, changeData, planLines } from '../plans.ts';
import { openSync } from '../sync.ts';
import type { diff as command } from './diff.ts';

export const run: Run<typeof command> = async (context, args) => {
  const opened = await openSync(context, args.origin);
  const { destination, sync } = opened;
  const { name, url } = destination;
  const plan = await sync.plan('push', { checkCommon: args['check-common'], ...conflictOptions(args, opened) });
  if (args.out !== undefined) save(context, sync.save(plan), args.out);
  const seen = differencesOf(name, plan);
  const exit = seen.count > 0 && args['exit-code'] ? 'differences' : 'fine';
  return {
    exit,
    data: { origin: name, url, ...seen.data },
    lines: seen.lines,
    differences: true,
    diagnostics: [...plan.conflicts, ...plan.notes],
    summary: seen.count === 0 ? equalWords(name, plan) : seen.summary,
    next: nextOf(plan, args),
  };
};

function equalWords(name: string, { comparison }: Plan): string {
  const { length } = comparison.remote.strangers;
  return length === 0
    ? `${name} is what the project declares.`
    : `${name} has what the project declares, and besides it ${plural(length, 'connection')} that \`connector pull\` would bring here.`;
}

/** Describes a plan, for people and for programs. */
function differencesOf(origin: string, plan: Plan) {
  const { comparison, changes, conflicts } = plan;
  const behind = comparison.parts.filter(({ verdict }) => verdict === 'theirs' || verdict === 'both');
  const unknown = comparison.parts.filter(({ verdict }) => verdict === 'unknown');
  const commons = comparison.commons.filter(({ verdict }) => verdict !== 'equal');
  const { strangers } = comparison.remote;
  const sent = planLines(plan);
  const lines = [
    ...titled(`Changed on ${origin} since the last sync:`, [
      ...behind.flatMap((part) => behindLines(part)),
      ...strangers.map(({ name, label }) => `! ${name} (${label}) is there, and not declared here`),
    ]),
    ...titled(
      `Different on ${origin}, and never equal as far as is known:`,
      unknown.flatMap((part) => behindLines(part)),
    ),
    ...titled(
      'Values of common that differ:',
      commons.map(({ id, keys }) => `! ${id} common: ${keys.join(', ')}`),
    ),
    ...titled(`A push to ${origin} would do this:`, sent),
  ];
  return {
    count: changes.length + behind.length + unknown.length + commons.length,
    lines,
    summary: `${plural(changes.length, 'change')} to push, ${plural(behind.length, 'part')} changed on ${origin}, ${plural(conflicts.length, 'conflict')}.`,
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

function save(context: Context, saved: SavedPlan, path: string): void {
  const text = `${JSON.stringify(saved, undefined, 2)}\n`;
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

function nextOf(plan: Plan, { origin, out }: { origin: string | undefined; out: string | undefined }) {
  if (plan.conflicts.length > 0) return waysOut(plan, origin);
  if (plan.changes.length === 0) return [];
  return [`connector push${out === undefined ? '' : ` --plan ${out}`}${originFlag(origin)}`];
}
