/**
 * Keeps a project's connections in step with a platform: plans a push or a pull, applies and verifies it, and rolls it
 * back.
 * @module @connectorkit/sdk/sync
 */

/** Planning, applying, rolling back */

export type { RemoteNames } from '../project/project.ts';
export type { Applied } from './apply.ts';
export { type CompareOptions, createSync, type Refreshable, type Sync } from './create-sync.ts';
export type { SyncClock, SyncEvent, SyncOptions, SyncOrigin } from './options.ts';
export type { Change, ConflictOptions, Direction, Plan, Selector, Write } from './plan.ts';
export type { Recreated } from './recreate.ts';
export type { RollbackOptions, RollbackPlan } from './rollback.ts';

/** Connections as a platform has them */

export { textsOf } from './local.ts';
export type { StoredConnection } from './remote.ts';
export { storedConnection } from './stored-connection.ts';

/** Comparing */

export { pathWords } from '../value-changes.ts';
export { CHANGED_THERE, type ComparedPart, type Comparison, type Verdict } from './compare.ts';
export { differenceOf } from './difference.ts';

/** State that is kept between two syncs */

export type { PendingRequest } from './pending-request.ts';
export { projectState } from './project-state.ts';
export { readSavedPlan, type SavedPlan } from './saved-plan.ts';
export type { Snapshot } from './snapshot.ts';
export { memoryState, type SyncRecord, type SyncState } from './sync-state.ts';
