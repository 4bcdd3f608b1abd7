import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  adoptHere,
  apply,
  type Base,
  type Change,
  type Choices,
  type Comparison,
  type Connection,
  ConnectorError,
  changedProblem,
  checkReadable,
  commonValues,
  compare,
  type Direction,
  type Fingerprints,
  journalOf,
  keepCommon,
  type LocalConnection,
  localState,
  Machine,
  nearest,
  noting,
  type Origin,
  openProject,
  type Plan,
  type Project,
  plan,
  type RemoteNames,
  remoteState,
  resumed,
  resumedCommons,
  SECTIONS,
  type Selector,
  snapshotOf,
  unfinishedOf,
  verify,
  wholeConnection,
  writeHere,
} from '@connectorkit/sdk';
import type { ChoiceArguments } from './choices.ts';
import type { Context } from './command.ts';
import { doneWords } from './plans.ts';
import { type OpenedRegistry, openRegistry } from './registry.ts';
import { timeoutOf } from './send.ts';

/** A project, an origin of it, and what this machine remembers of both. */
export interface Synced extends OpenedRegistry {
  readonly project: Project;
  readonly machine: Machine;
  readonly fingerprints: Fingerprints;
}

type World = Pick<Context, 'environment' | 'report' | 'signal'>;

/** @throws ConnectorError as openProject, checkReadable and openRegistry do */
export async function openSync(context: Context, origin: string | undefined): Promise<Synced> {
  const project = openProject(context.files(context.root()));
  checkReadable(project);
  return syncWith(project, await openRegistry(context, project, origin));
}

export function syncWith(project: Project, opened: OpenedRegistry): Synced {
  const machine = new Machine(project.files, opened.destination.name);
  const fingerprints = machine.fingerprints(() => randomBytes(32).toString('base64'));
  return { project, machine, fingerprints, ...opened };
}

/** How much is looked at. */
export interface Look {
  /** What is compared with the platform (default: what the project declares). */
  readonly local?: readonly LocalConnection[];
  /** Whether the values of `common` are read even where they did not change here. */
  readonly checkCommon?: boolean;
  /** Whether connections that are no longer declared here are read. */
  readonly dropped?: boolean;
  /** How the platform is believed to call things, where a plan says it. */
  readonly names?: Partial<RemoteNames>;
}

/** Reads the platform and compares it with what is here. */
export async function compared(
  { environment }: Pick<World, 'environment'>,
  synced: Synced,
  look: Look = {},
): Promise<Comparison> {
  const { project, machine, fingerprints, registry, destination } = synced;
  const local = look.local ?? localState(project, paired(project, destination), environment);
  const base = project.base(destination.name);
  const journal = machine.journal();
  const { recorded, of } = fingerprints;
  const remote = await remoteState(registry, project, { ...destination, ...look.names }, local, {
    base,
    textOf: machine.textOf,
    readsCommon: ({ id, common }) =>
      common !== undefined &&
      (journal?.commons[id] !== undefined ||
        look.checkCommon === true ||
        recorded[id] === undefined ||
        recorded[id] !== of(id, common)),
    dropped: look.dropped ?? false,
    unfinished: unfinishedOf(journal),
  });
  const known = resumedCommons(fingerprints, journal, remote);
  return compare(resumed(base, journal, remote), local, remote, known);
}

/** @throws ConnectorError usage `usage/arguments` for a word that names nothing, or a side that is chosen twice */
export function choicesOf({ ours, theirs, ...more }: ChoiceArguments, { project, destination }: Synced): Choices {
  const ids = new Set([...project.connections.map(({ id }) => id), ...Object.keys(destination.connections ?? {})]);
  if (ours === 'all' && theirs === 'all') {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--ours and --theirs cannot both count for all.',
      hint: 'Name the sections or connections for one of them.',
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
      message: `${flag} names ${JSON.stringify(word)}, which is neither a section nor a connection here.`,
      hint: meant === undefined ? `Sections are ${parts.join(', ')}.` : `Did you mean ${meant}?`,
    });
  }
  return (id, part) => words.some((word) => word === 'all' || word === part || word === id || word === `${id}/${part}`);
}

/** What a push or a pull would do. */
export function planned(synced: Synced, comparison: Comparison, direction: Direction, choices?: Choices): Plan {
  return plan(synced.project, comparison, direction, choices, synced.machine.textOf);
}

/** How the platform calls what is there, as far as it is this project's. Undefined while there is no app. */
export function namesOf({ comparison }: Plan, { destination }: Synced): RemoteNames | undefined {
  const { app, connections } = comparison.remote;
  if (app === undefined) return undefined;
  const found = [...connections].map(([id, { name }]) => [id, name] as const);
  return {
    app: app.name,
    version: app.version,
    connections: { ...declared(comparison, destination.connections), ...Object.fromEntries(found) },
  };
}

/** The recorded names of what is still declared here, even if the platform has it no more. */
function declared({ local }: Comparison, names: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(names).filter(([id]) => local.some((connection) => connection.id === id)));
}

/**
 * Applies a plan: files first, then the platform, of which a snapshot is kept, then everything is read back. What is
 * about to be done is written down before, so that a push that is cut off anywhere can be run again or rolled back.
 * @param restores the name of the snapshot that is brought back, if one is
 * @returns how the platform calls things, when there is anything.
 * @throws ConnectorError conflict, refused `sync/not-verified`, or what the platform's client throws
 */
export async function applyPlan(
  context: World,
  synced: Synced,
  settled: Plan,
  restores?: string,
): Promise<RemoteNames | undefined> {
  const { project, machine, registry, destination } = synced;
  if (settled.conflicts.length > 0) throw new ConnectorError('conflict', settled.conflicts);
  await writeFiles(context, synced, settled);
  let names = namesOf(settled, synced);
  let { base } = settled;
  const seen = await withCommons(synced, settled);
  const before = machine.journal();
  if (settled.changes.length > 0) {
    const journal = journalOf(seen, synced.fingerprints, takeSnapshot(synced, seen), restores);
    if (names !== undefined) project.record(destination.name, names, base);
    const templates = before?.templates === undefined ? {} : { templates: before.templates };
    machine.open({ ...journal, ...templates });
  }
  let done = 0;
  try {
    const noted = noting(registry, machine, { now: Date.now, patience: timeoutOf(context.environment) });
    for await (const step of apply(seen, noted, machine.keepTemplates)) {
      const state = step.state();
      const { names: now } = state;
      names = now && { ...now, connections: { ...kept(names, settled, step.change), ...now.connections } };
      base = state.base;
      done++;
      if (/^create|-app$/.test(step.change.action)) project.record(destination.name, names, base);
      context.report({ kind: 'step', message: doneWords(step.change) });
      context.signal.throwIfAborted();
    }
  } catch (error) {
    const untouched =
      done === 0 && before === undefined && error instanceof ConnectorError && error.kind === 'conflict';
    if (untouched) machine.close();
    throw error instanceof ConnectorError && !untouched ? cutOff(error, done, settled.changes.length) : error;
  } finally {
    if (names !== undefined) project.record(destination.name, names, base);
  }
  if (names === undefined && settled.changes.length === 0) {
    if (machine.journal() === undefined) return undefined;
    // What was cut off had deleted the app already.
    project.record(destination.name, undefined, base);
  }
  const differing = names === undefined ? [] : await verify(settled, names, registry);
  if (differing.length > 0) throw new ConnectorError('refused', differing);
  remember(synced, settled, base);
  return names;
}

/** Names that were recorded before, without the one that was just deleted. */
function kept(names: RemoteNames | undefined, { comparison }: Plan, change: Change): Record<string, string> {
  const before = declared(comparison, names?.connections);
  if (change.action === 'delete') delete before[change.id];
  return before;
}

function cutOff(error: ConnectorError, done: number, all: number): ConnectorError {
  const message = `The push was cut off after ${done} of ${all} changes.`;
  const hint = 'Run it again to go on, or `connector rollback` to bring back what was there.';
  return new ConnectorError(
    error.kind,
    [...error.diagnostics, { code: 'sync/cut-off', severity: 'info', message, hint }],
    { cause: error },
  );
}

/**
 * Makes connections here of those that only the platform has.
 * @returns id → remote name of what was made
 */
export async function adoptStrangers(synced: Synced, { comparison, base }: Plan): Promise<Record<string, string>> {
  const { project, registry, machine, destination } = synced;
  const { app, strangers, connections } = comparison.remote;
  if (app === undefined || strangers.length === 0) return {};
  const names = Object.fromEntries([...connections].map(([id, { name }]) => [id, name]));
  const made: Record<string, string> = {};
  const next: Record<string, Base[string]> = { ...base };
  const texts: string[] = [];
  for (const stranger of strangers) {
    const stored = await wholeConnection(registry, stranger);
    const taken = [...project.connections.map(({ id }) => id), ...Object.keys(names), ...Object.keys(made)];
    const adopted = adoptHere(project, stored, taken);
    made[adopted.id] = stranger.name;
    next[adopted.id] = adopted.base;
    texts.push(...Object.values(stored.texts));
    const all = { ...declared(comparison, destination.connections), ...names, ...made };
    project.record(destination.name, { app: app.name, version: app.version, connections: all }, next);
  }
  machine.keepTexts(next, texts);
  return made;
}

/** @throws ConnectorError conflict `project/changed` when a file is not what the plan was made from any more */
async function writeFiles(
  { environment }: Pick<World, 'environment'>,
  { project, registry, fingerprints, machine }: Synced,
  settled: Plan,
): Promise<void> {
  if (settled.writes.length === 0) return;
  const { local, remote } = settled.comparison;
  const values = new Map<string, unknown>();
  for (const { id, part } of settled.writes) {
    const stored = remote.connections.get(id);
    if (part === 'common' && stored !== undefined)
      values.set(id, stored.common ?? (await registry.common(stored.name)));
  }
  for (const connection of project.connections.filter(({ id }) => values.has(id))) {
    const known = local.find(({ id }) => id === connection.id)?.common;
    if (isDeepStrictEqual(commonValues(project, connection, environment), known)) continue;
    throw new ConnectorError('conflict', [changedProblem(connection.commonFile)]);
  }
  writeHere(project, settled);
  for (const [id, common] of values) {
    // Of a connection that has just come here, only the files as they are now tell where its values belong.
    const kept = [project, openProject(project.files)]
      .flatMap((each) => each.connections)
      .find((each) => each.id === id);
    if (kept === undefined) values.delete(id);
    else keepCommon(project, kept, common as Record<string, unknown>, { all: true });
  }
  machine.keepFingerprints(fingerprints, values);
}

/** The plan with the values of `common` that it writes over: as they are told now, they go into the snapshot. */
async function withCommons({ registry }: Synced, settled: Plan): Promise<Plan> {
  const { comparison } = settled;
  const connections = new Map(comparison.remote.connections);
  for (const id of commonsOf(settled)) {
    const stored = connections.get(id);
    if (stored === undefined || stored.common !== undefined) continue;
    connections.set(id, { ...stored, common: await registry.common(stored.name) });
  }
  return { ...settled, comparison: { ...comparison, remote: { ...comparison.remote, connections } } };
}

/** The connections whose values of `common` a plan writes over. */
function commonsOf({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => (change.action === 'set-common' || change.action === 'delete' ? [change.id] : []));
}

/** @returns the snapshot's name */
function takeSnapshot({ machine, destination }: Synced, settled: Plan): string {
  return machine.keepSnapshot(snapshotOf(settled.comparison, destination.name, new Date(), commonsOf(settled)));
}

function remember(
  { machine, fingerprints }: Synced,
  { comparison, changes, commonEqual }: Plan,
  base: Plan['base'],
): void {
  const { local, parts } = comparison;
  const texts = [
    ...parts.flatMap((part) => [part.local, part.remote]),
    ...changes.flatMap((change) => (change.action === 'set' ? [change.text] : [])),
    ...local.map(({ label }) => label),
  ];
  machine.keepTexts(base, texts);
  const values = commonEqual.map((id) => [id, local.find((connection) => connection.id === id)?.common] as const);
  machine.keepFingerprints(fingerprints, new Map(values));
  machine.close();
}

/** The connections that are pushed to an origin and pulled from it: all but those that it leaves alone. */
export function paired({ connections }: Project, { ignored }: Pick<Origin, 'ignored'>): readonly Connection[] {
  return ignored === undefined ? connections : connections.filter(({ id }) => !ignored.local.includes(id));
}
