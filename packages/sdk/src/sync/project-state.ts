import { lookUp } from '../json.ts';
import type { Project, RemoteNames } from '../project/project.ts';
import { memoryState, type SyncState } from './sync-state.ts';

/**
 * Keeps names and base of an origin in the project's files, so that other processes know what was pushed, and all else in
 * memory: what a push that is cut off was doing, and the snapshots by which it is rolled back, are lost with the process.
 * @param origin the name of the origin
 * @param recorded how the platform calls what was pushed there (default: as the project's files say)
 * @example
 * const sync = createSync({ project, state: projectState(project, 'make'), registry, origin, clock, random });
 */
export function projectState(
  project: Project,
  origin: string,
  recorded: Partial<RemoteNames> = lookUp(project.origins, origin) ?? {},
): SyncState {
  const { app, version, connections } = recorded;
  let names: Partial<RemoteNames> = {
    ...(app === undefined ? {} : { app }),
    ...(version === undefined ? {} : { version }),
    ...(connections === undefined ? {} : { connections }),
  };
  let base = project.base(origin);
  return {
    ...memoryState(),
    names: () => names,
    base: () => base,
    record: (newNames, newBase) => {
      project.record(origin, newNames, newBase);
      names = newNames ?? {};
      base = newBase;
    },
  };
}
