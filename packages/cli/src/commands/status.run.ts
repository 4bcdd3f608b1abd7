import type { Comparison, Verdict } from '@connectorkit/sdk/sync';
import type { Run } from '../command.ts';
import { originFlag } from '../conflicts.ts';
import { plural } from '../output/text.ts';
import { openSync } from '../sync.ts';
import type { status as command } from './status.ts';

/** Snapshots that are listed. */
const LATEST = 5;

export const run: Run<typeof command> = async (context, { origin }) => {
  const { destination, sync } = await openSync(context, origin);
  const comparison = await sync.compare();
  const { app, strangers } = comparison.remote;
  const connections = standings(comparison);
  const snapshots = sync.snapshots();
  const cutOff = sync.isCutOff();
  const width = Math.max(0, ...connections.map(({ id }) => id.length));
  const flag = originFlag(origin);
  const theirs = connections.some(({ parts }) => parts.some(({ verdict }) => verdict !== 'ours'));
  const ours = connections.some(({ words }) => words !== IN_STEP);
  return {
    data: {
      origin: destination.name,
      url: destination.url,
      app: app ?? null,
      connections: connections.map(({ id, state, parts }) => ({ id, state, parts })),
      strangers: strangers.map(({ name, label, type }) => ({ name, label, type })),
      snapshots,
      cutOff,
    },
    lines: [
      app === undefined
        ? `${destination.name}: no app yet, at ${destination.url}`
        : `${destination.name}: ${app.name} version ${app.version}, at ${destination.url}${app.approved === true ? ', approved' : ''}`,
      ...connections.map(({ id, words }) => `  ${id.padEnd(width)}  ${words}`),
      ...strangers.map(({ name, label }) => `  ${name} (${label}) is there, and not declared here`),
      ...(snapshots.length === 0 ? [] : [`Snapshots: ${snapshots.slice(-LATEST).join(', ')}`]),
    ],
    summary: cutOff
      ? 'The last push was cut off: push again to go on, or roll it back.'
      : `${plural(connections.length, 'connection')}.`,
    next: cutOff
      ? [`connector push${flag}`, `connector rollback${flag}`]
      : theirs || strangers.length > 0
        ? [`connector pull${flag}`]
        : ours
          ? [`connector push${flag}`]
          : [],
  };
};

const IN_STEP = 'in step';

const CHANGED: Readonly<Record<Exclude<Verdict, 'equal'>, string>> = {
  ours: 'changed here',
  theirs: 'changed there',
  both: 'changed on both sides',
  unknown: 'different',
};

function standings({ local, remote, parts, commons, base, removed }: Comparison) {
  const here = local.map(({ id }) => {
    const all = [...parts, ...commons.map((common) => ({ ...common, part: 'common' as const }))];
    const differing = all
      .filter((each) => each.id === id && each.verdict !== 'equal')
      .map(({ part, verdict }) => ({ part, verdict }));
    const stored = remote.connections.get(id);
    const state = stored === undefined ? (base[id] === undefined ? 'new' : 'gone') : 'here';
    const changed = Object.entries(CHANGED).flatMap(([verdict, words]) => {
      const names = differing.filter((each) => each.verdict === verdict).map(({ part }) => part);
      return names.length === 0 ? [] : [`${words}: ${names.join(', ')}`];
    });
    const left = removed.find((each) => each.id === id)?.sections;
    if (left !== undefined) changed.push(`no longer declared here, and still there: ${left.join(', ')}`);
    const words = { new: 'not there yet', gone: 'deleted there', here: changed.join('; ') || IN_STEP }[state];
    return { id, state, parts: differing, words };
  });
  const dropped = [...remote.connections]
    .filter(([id]) => !local.some((connection) => connection.id === id))
    .map(([id, { name }]) => ({
      id,
      state: 'dropped',
      parts: [],
      words: `no longer declared here, and ${name} there`,
    }));
  return [...here, ...dropped];
}
