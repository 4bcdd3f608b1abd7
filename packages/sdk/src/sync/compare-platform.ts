import type { Connection, RemoteNames } from '../project/project.ts';
import { type Comparison, compare } from './compare.ts';
import { resumed, resumedCommons, unfinishedOf } from './journal.ts';
import { type LocalConnection, localConnections } from './local.ts';
import type { SyncContext } from './options.ts';
import { readRemote } from './remote.ts';

/** How much is looked at. */
export interface Look {
  /** Connections to compare with the platform (default: those that the project declares). */
  readonly local?: readonly LocalConnection[];
  /** True if the values of `common` are read even where they did not change here. */
  readonly checkCommon?: boolean | undefined;
  /** True if connections that are no longer declared here are read. */
  readonly dropped?: boolean | undefined;
  /** How the platform is believed to call things (default: as recorded). */
  readonly names?: Partial<RemoteNames>;
}

/** Reads the platform and compares it with what is here. */
export async function look(context: SyncContext, given: Look = {}): Promise<Comparison> {
  const { project, state, registry, origin, environment } = context;
  const local = given.local ?? localConnections(project, syncedConnections(context), environment);
  const base = state.base();
  const journal = state.journal();
  const fingerprints = state.fingerprints();
  const { recorded, of } = fingerprints;
  const names = { ...origin, ...state.names(), ...given.names };
  const remote = await readRemote(registry, project, names, local, {
    base,
    textOf: state.textOf,
    readsCommon: ({ id, common }) =>
      common !== undefined &&
      (journal?.commons[id] !== undefined ||
        given.checkCommon === true ||
        recorded[id] === undefined ||
        recorded[id] !== of(id, common)),
    dropped: given.dropped ?? false,
    unfinished: unfinishedOf(journal),
  });
  const known = resumedCommons(fingerprints, journal, remote);
  return compare(resumed(base, journal, remote), local, remote, known, state.textOf);
}

/** The connections that are pushed to an origin and pulled from it: all but those that it leaves alone. */
export function syncedConnections({ project, origin: { ignored } }: SyncContext): readonly Connection[] {
  const { connections } = project;
  return ignored === undefined ? connections : connections.filter(({ id }) => !ignored.local.includes(id));
}
