import type { Registry } from '../platforms/platform.ts';
import type { Environment } from '../project/common.ts';
import type { Origin, Project } from '../project/project.ts';
import type { PendingRequest } from './pending-request.ts';
import type { Change } from './plan.ts';
import type { LocalSyncState, SyncState } from './sync-state.ts';

/** Options of a sync. */
export interface SyncOptions {
  readonly project: Project;
  /** The client of the platform on which the project's connections are defined. */
  readonly registry: Registry;
  /** State that is kept from one sync to the next; `memoryState()` for a project that is synced once. */
  readonly state: SyncState;
  readonly origin: SyncOrigin;
  /** Where values of `common` may stand, as `CONNECTOR_COMMON_<ID>_<KEY>` (default: nowhere). */
  readonly environment?: Environment;
  readonly clock: SyncClock;
  /** At least 16 random bytes as text: the key of the fingerprints by which secret values are compared. */
  readonly random: () => string;
  /** Milliseconds that a request waits for its answer (default: 40,000). */
  readonly timeout?: number;
  /** Ends the sync after the change that is under way, when it is aborted. */
  readonly signal?: AbortSignal;
  /** Told what happens while a sync runs. */
  readonly report?: (event: SyncEvent) => void;
}

/** The place that a project is synced with. */
export interface SyncOrigin extends Pick<Origin, 'ignored'> {
  readonly name: string;
  readonly url: string;
  /** True if it is the harness on this machine, whose URL may change. */
  readonly local?: boolean;
}

/** The clock of a sync. */
export interface SyncClock {
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** Resolves after this time. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Something that happens while a sync runs: a change of the platform is made; a connection was recreated; or the sync
 * waits until a request is answered that an earlier one sent.
 */
export type SyncEvent =
  | { readonly type: 'changed'; readonly change: Change }
  | { readonly type: 'recreated'; readonly id: string; readonly name: string }
  | { readonly type: 'waiting'; readonly pending: PendingRequest; readonly seconds: number };

/** Context of the parts of a sync: the options, completed. */
export interface SyncContext extends Required<Omit<SyncOptions, 'state' | 'random' | 'signal'>> {
  readonly state: LocalSyncState;
  readonly signal: AbortSignal | undefined;
}
