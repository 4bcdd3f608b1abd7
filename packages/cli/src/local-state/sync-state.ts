import { lookUp, type Project } from '@connectorkit/sdk';
import { projectState, type SyncState } from '@connectorkit/sdk/sync';
import type { Destination } from '../settings.ts';
import type { LocalState } from './index.ts';

/**
 * Keeps the state of syncs with an origin on disk: names and base where the project has them, all else in the local
 * state.
 */
export function stateOnDisk(project: Project, state: LocalState, destination: Destination): SyncState {
  const origin = destination.name;
  const end = `-${origin.replace(/[^0-9A-Za-z_-]/g, '_')}`;
  return {
    ...projectState(project, origin, destination),
    read: (record) => lookUp(state.read(record) ?? {}, origin),
    write: (record, value) => state.update(record, (before) => ({ ...before, [origin]: value })),
    snapshots: () => state.snapshots(end),
    snapshot: (name) => state.snapshot(name),
    keepSnapshot: (snapshot) => {
      const name = `${snapshot.taken.replace(/[-:.]/g, '')}${end}`;
      state.keepSnapshot(name, snapshot);
      return name;
    },
  };
}
