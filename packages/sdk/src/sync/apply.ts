import { isDeepStrictEqual } from 'node:util';
import { ConnectorError } from '../diagnostics.ts';
import { exactCommonValues, keepCommon } from '../project/common.ts';
import { changedProblem } from '../project/files.ts';
import { openProject } from '../project/index.ts';
import type { Base, RemoteNames } from '../project/project.ts';
import { makeChanges } from './apply-changes.ts';
import type { Comparison } from './compare.ts';
import { journalOf } from './journal.ts';
import type { SyncContext } from './options.ts';
import { keepingPending } from './pending-request.ts';
import type { Change, Plan } from './plan.ts';
import { readBack } from './read-back.ts';
import { wholeConnection } from './remote.ts';
import { snapshotOf } from './snapshot.ts';
import { addLocal, writeLocal } from './write-local.ts';

/** Result of a plan that was applied. */
export interface Applied {
  /** How the platform calls what is there now; undefined while there is nothing. */
  readonly names: RemoteNames | undefined;
  /** Connection id → remote name, of those that a pull has added to the project. */
  readonly added: Readonly<Record<string, string>>;
}

/**
 * Applies a plan: files first, then the platform, of which a snapshot is kept, then everything is read back; a pull also
 * adds what only the platform has. What is about to be done is written down before, so that a push that is cut off
 * anywhere can be run again or rolled back.
 * @throws ConnectorError conflict, refused `sync/not-verified`, or what the platform's client throws
 */
export async function applyPlan(context: SyncContext, plan: Plan): Promise<Applied> {
  if (plan.conflicts.length > 0) throw new ConnectorError('conflict', plan.conflicts);
  await writeFiles(context, plan);
  const names = await applyChanges(context, plan);
  return { names, added: plan.direction === 'pull' ? await addStrangers(context, plan) : {} };
}

async function applyChanges(context: SyncContext, plan: Plan): Promise<RemoteNames | undefined> {
  const { registry, state } = context;
  const before = recordedNames(context, plan);
  const { names, base } = await changePlatform(context, plan, before);
  if (names === undefined && plan.changes.length === 0) {
    if (state.journal() === undefined) return undefined;
    // What was cut off had deleted the app already.
    state.record(undefined, base);
  }
  const differing = names === undefined ? [] : await readBack(plan, names, registry);
  if (differing.length > 0) throw new ConnectorError('refused', differing);
  remember(context, plan, base);
  return names;
}

/** Where a plan has led, whether or not all of it was done. */
interface Reached {
  readonly names: RemoteNames | undefined;
  readonly base: Base;
}

/** Makes the changes, and records after each what a push that goes on needs to know. */
async function changePlatform(context: SyncContext, plan: Plan, before: RemoteNames | undefined): Promise<Reached> {
  const { registry, state, clock, timeout, report, signal } = context;
  const earlier = state.journal();
  let reached: Reached = { names: before, base: plan.base };
  const record = () => state.record(reached.names, reached.base);
  const seen = await withCommons(context, plan);
  if (plan.changes.length > 0) {
    if (before !== undefined) record();
    openJournal(context, seen);
  }
  let done = 0;
  try {
    const pending = keepingPending(registry, state.keepPending, { now: clock.now, timeout });
    for await (const { change, state: stateNow } of makeChanges(seen, pending, state.keepTemplates)) {
      const { names, base } = stateNow();
      const connections = { ...namesLeft(reached.names, plan, change), ...names?.connections };
      reached = { names: names && { ...names, connections }, base };
      done++;
      if (/^create|-app$/.test(change.action)) record();
      report({ type: 'changed', change });
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const untouched = done === 0 && earlier === undefined && error.kind === 'conflict';
    if (!untouched) throw cutOff(error, done, plan.changes.length);
    state.closeJournal();
    throw error;
  } finally {
    if (reached.names !== undefined) record();
  }
  return reached;
}

/** How the platform calls what is there, as far as it is this project's; undefined while there is no app. */
function recordedNames({ state }: SyncContext, { comparison }: Plan): RemoteNames | undefined {
  const { app, connections } = comparison.remote;
  if (app === undefined) return undefined;
  const found = [...connections].map(([id, { name }]) => [id, name] as const);
  return {
    app: app.name,
    version: app.version,
    connections: { ...declared(comparison, state.names().connections), ...Object.fromEntries(found) },
  };
}

/** The recorded names of what is still declared here, even if the platform has it no more. */
function declared({ local }: Comparison, names: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(names).filter(([id]) => local.some((connection) => connection.id === id)));
}

/** Names that were recorded before, without the one that was just deleted. */
function namesLeft(names: RemoteNames | undefined, { comparison }: Plan, change: Change): Record<string, string> {
  const before = declared(comparison, names?.connections);
  if (change.action === 'delete') delete before[change.id];
  return before;
}

function cutOff(error: ConnectorError, done: number, all: number): ConnectorError {
  const message = `The push was cut off after ${done} of ${all} changes.`;
  const hint = 'Run it again to continue, or `connector rollback` to restore the previous state.';
  return new ConnectorError(
    error.kind,
    [...error.diagnostics, { code: 'sync/cut-off', severity: 'info', message, hint }],
    { cause: error },
  );
}

/** @throws ConnectorError conflict `project/changed` when a file is not what the plan was made from any more */
async function writeFiles({ environment, project, registry, state }: SyncContext, plan: Plan): Promise<void> {
  if (plan.writes.length === 0) return;
  const { local, remote } = plan.comparison;
  const values = new Map<string, unknown>();
  for (const { id, part } of plan.writes) {
    const stored = remote.connections.get(id);
    if (part === 'common' && stored !== undefined)
      values.set(id, stored.common ?? (await registry.common(stored.name)));
  }
  for (const connection of project.connections.filter(({ id }) => values.has(id))) {
    const known = local.find(({ id }) => id === connection.id)?.common;
    if (isDeepStrictEqual(exactCommonValues(project, connection, environment), known)) continue;
    throw new ConnectorError('conflict', [changedProblem(connection.commonFile)]);
  }
  writeLocal(project, plan);
  for (const [id, common] of values) {
    // Of a connection that has just come here, only the files as they are now tell where its values belong.
    const kept = [project, openProject(project.files)]
      .flatMap((each) => each.connections)
      .find((each) => each.id === id);
    if (kept === undefined) values.delete(id);
    else keepCommon(project, kept, common as Record<string, unknown>, { all: true });
  }
  state.keepFingerprints(values);
}

/** Makes connections here of those that only the platform has. @returns id → remote name of what was made */
async function addStrangers({ project, registry, state }: SyncContext, { comparison, base }: Plan) {
  const { app, strangers, connections } = comparison.remote;
  if (app === undefined || strangers.length === 0) return {};
  const names = Object.fromEntries([...connections].map(([id, { name }]) => [id, name]));
  const known = declared(comparison, state.names().connections);
  const added: Record<string, string> = {};
  const next: Record<string, Base[string]> = { ...base };
  const texts: string[] = [];
  for (const stranger of strangers) {
    const stored = await wholeConnection(registry, stranger);
    const taken = [...project.connections.map(({ id }) => id), ...Object.keys(names), ...Object.keys(added)];
    const local = addLocal(project, stored, taken);
    added[local.id] = stranger.name;
    next[local.id] = local.base;
    texts.push(...Object.values(stored.texts));
    state.record({ app: app.name, version: app.version, connections: { ...known, ...names, ...added } }, next);
  }
  state.keepTexts(next, texts);
  return added;
}

/** The plan with the values of `common` that it writes over: as they are reported now, they go into the snapshot. */
async function withCommons({ registry }: SyncContext, plan: Plan): Promise<Plan> {
  const { comparison } = plan;
  const connections = new Map(comparison.remote.connections);
  for (const id of commonsOf(plan)) {
    const stored = connections.get(id);
    if (stored === undefined || stored.common !== undefined) continue;
    connections.set(id, { ...stored, common: await registry.common(stored.name) });
  }
  return { ...plan, comparison: { ...comparison, remote: { ...comparison.remote, connections } } };
}

/** The connections whose values of `common` a plan writes over. */
function commonsOf({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => (change.action === 'set-common' || change.action === 'delete' ? [change.id] : []));
}

/** Keeps a snapshot, and writes down what the plan is about to do. */
function openJournal({ state, origin, clock }: SyncContext, plan: Plan): void {
  const templates = state.journal()?.templates;
  const snapshot = state.keepSnapshot(snapshotOf(plan.comparison, origin.name, new Date(clock.now()), commonsOf(plan)));
  const journal = journalOf(plan, state.fingerprints(), snapshot);
  state.openJournal({ ...journal, ...(templates === undefined ? {} : { templates }) });
}

function remember({ state }: SyncContext, { comparison, changes, commonEqual }: Plan, base: Base): void {
  const { local, parts } = comparison;
  const texts = [
    ...parts.flatMap((part) => [part.local, part.remote]),
    ...changes.flatMap((change) => (change.action === 'set' ? [change.text] : [])),
    ...local.map(({ label }) => label),
  ];
  state.keepTexts(base, texts);
  const values = commonEqual.map((id) => [id, local.find((connection) => connection.id === id)?.common] as const);
  state.keepFingerprints(new Map(values));
  state.closeJournal();
}
