import { checkReadable } from '../project/index.ts';
import type { Connection } from '../project/project.ts';
import { type Applied, applyPlan } from './apply.ts';
import type { Comparison } from './compare.ts';
import { look, syncedConnections } from './compare-platform.ts';
import type { SyncContext, SyncOptions } from './options.ts';
import { awaitPending } from './pending-request.ts';
import { type ConflictOptions, type Direction, type Plan, plan } from './plan.ts';
import { type Recreated, recreate } from './recreate.ts';
import { agreedPlan } from './refresh.ts';
import { planRollback, type RollbackOptions, type RollbackPlan } from './rollback.ts';
import { planSaved, type SavedPlan, savedPlan } from './saved-plan.ts';
import { findSnapshot } from './snapshot.ts';
import { LocalSyncState } from './sync-state.ts';

/** Milliseconds. */
const TIMEOUT = 40_000;

/** How much of the platform is compared. */
export interface CompareOptions {
  /** Reads the values of `common` even where they did not change here. */
  readonly checkCommon?: boolean | undefined;
}

/** A plan, and how it is made once more. */
export type Refreshable<Made extends Plan = Plan> = Made & {
  /**
   * Makes the plan once more, after somebody took their time to agree to it. What others have done meanwhile is left out;
   * a plan that would do anything else has the conflict `sync/plan-stale`.
   */
  refresh(): Promise<Made>;
};

/** Brings a project and a platform to the same state. Whatever throws, throws a ConnectorError. */
export interface Sync {
  /** The connections that are synced: all of the project but those that the origin leaves alone. */
  readonly connections: readonly Connection[];
  /** Checks if the last push was cut off; the next plan goes on with it. */
  isCutOff(): boolean;
  /** Lists the names of the snapshots, the latest last. */
  snapshots(): readonly string[];
  /** Reads the platform and compares it with the project. */
  compare(options?: CompareOptions): Promise<Comparison>;
  /** Plans a push or a pull. A plan with conflicts is not applied. */
  plan(direction: Direction, options?: ConflictOptions & CompareOptions): Promise<Refreshable>;
  /** Turns a plan into one that can be written to a file. @throws ConnectorError conflict when it has conflicts */
  save(plan: Plan): SavedPlan;
  /** Plans what is left of a saved plan. @throws ConnectorError usage; conflict `sync/plan-stale` */
  planSaved(saved: SavedPlan, options?: Pick<ConflictOptions, 'allowDestructive'>): Promise<Refreshable>;
  /**
   * Plans to bring back what a push wrote over. Waits first until a push that was cut off changes nothing more.
   * @throws ConnectorError usage `sync/no-snapshot` or `sync/destructive`
   */
  planRollback(options?: RollbackOptions): Promise<Refreshable<RollbackPlan>>;
  /**
   * Applies a plan: writes the files, keeps a snapshot, changes the platform, and reads back what was written. Compares
   * again directly before each write.
   * @throws ConnectorError conflict when somebody else changed what would be written over, refused `sync/not-verified`
   */
  apply(plan: Plan): Promise<Applied>;
  /**
   * Waits for the requests of a push that was cut off that the platform has not answered, so that nothing is made twice.
   * Comes before a plan that is to be applied.
   */
  resume(): Promise<void>;
  /** Reads everything back. @returns what is not as the project declares it, such as `api of shop-abc123` */
  verify(): Promise<readonly string[]>;
  /** Registers connections anew from what the platform stores. @throws ConnectorError usage `sync/not-pushed`, conflict */
  recreate(ids: readonly string[]): Promise<Recreated>;
}

/**
 * Syncs a project with one of its origins. Nothing is read or written before a method is called.
 * @throws ConnectorError findings when a connection of the project cannot be read
 * @example
 * const sync = createSync({ project, registry, state: memoryState(), origin, clock, random: randomUUID });
 * await sync.resume();
 * const plan = await sync.plan('push');
 * if (plan.conflicts.length === 0) await sync.apply(plan);
 */
export function createSync(options: SyncOptions): Sync {
  checkReadable(options.project);
  const context = contextOf(options);
  const { project, origin, state, clock } = context;
  const refreshable = async <Made extends Plan>(make: () => Promise<Made>): Promise<Refreshable<Made>> => {
    const made = await make();
    return { ...made, refresh: async () => agreedPlan(made, await make(), origin.name) };
  };
  return {
    connections: syncedConnections(context),
    isCutOff: () => state.journal() !== undefined,
    snapshots: () => state.snapshots(),
    compare: ({ checkCommon } = {}) => look(context, { checkCommon }),
    plan: (direction, { checkCommon, ...conflicts } = {}) => {
      const dropped = direction === 'pull' || conflicts.allowDestructive;
      return refreshable(async () =>
        plan(project, await look(context, { checkCommon, dropped }), direction, conflicts),
      );
    },
    save: (made) => savedPlan(made, { origin: origin.name, url: origin.url, made: new Date(clock.now()) }),
    planSaved: (saved, given = {}) => refreshable(() => planSaved(context, saved, given)),
    planRollback: async ({ snapshot, ...conflicts } = {}) => {
      const found = findSnapshot(state, origin.name, snapshot);
      await awaitPending(context, true);
      return refreshable(() => planRollback(context, found, conflicts));
    },
    apply: (made) => applyPlan(context, made),
    resume: () => awaitPending(context, false),
    verify: async () => differing(await look(context)),
    recreate: (ids) => recreate(context, ids),
  };
}

function contextOf({ environment = {}, timeout = TIMEOUT, report = () => {}, ...options }: SyncOptions): SyncContext {
  const { project, registry, origin, clock, signal } = options;
  const state = new LocalSyncState(options.state, origin.name, options.random);
  return { project, registry, origin, clock, signal, state, environment, timeout, report };
}

function differing({ parts, local, remote }: Comparison): string[] {
  return [
    ...parts.filter(({ verdict }) => verdict !== 'equal').map(({ part, name }) => `${part} of ${name}`),
    ...local.filter(({ id }) => !remote.connections.has(id)).map(({ id }) => id),
  ];
}
