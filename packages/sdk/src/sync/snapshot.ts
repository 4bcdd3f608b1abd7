import { ConnectorError, nearest } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import type { CreateType } from '../sections/create-types.ts';
import { CHANGED_THERE, type Comparison } from './compare.ts';
import type { LocalConnection, Texts } from './local.ts';
import type { LocalSyncState } from './sync-state.ts';

/** How a platform was before a push: what the project has to do with, and nothing else. */
export interface Snapshot {
  readonly origin: string;
  /** ISO 8601. */
  readonly taken: string;
  /** Undefined when the push was the first, and created the app. */
  readonly app: string | undefined;
  readonly connections: readonly SnapshotConnection[];
}

/** One connection as it was. `common`, which is secret, only where the push wrote it. */
interface SnapshotConnection {
  readonly id: string;
  readonly name: string;
  readonly type: CreateType;
  readonly label: string;
  readonly texts: Texts;
  readonly common?: unknown;
}

/** How the platform is now, for a rollback. @param commons the connections whose values of `common` are kept as well */
export function snapshotOf(
  { remote, local, parts }: Comparison,
  origin: string,
  taken: Date,
  commons: readonly string[],
): Snapshot {
  const types = new Map(local.map(({ id, type }) => [id, type]));
  // A connection that a push had only created was not there before it, unless somebody else has filled it since.
  const isFilled = (id: string) => parts.some((part) => part.id === id && CHANGED_THERE.has(part.verdict));
  const connections = [...remote.connections]
    .filter(([id]) => !remote.unfinished.has(id) || isFilled(id))
    .map(([id, { name, label, type, texts, common }]): SnapshotConnection => {
      const kept = commons.includes(id) ? { common } : {};
      return { id, name, label, type: types.get(id) ?? type, texts, ...kept };
    });
  return { origin, taken: taken.toISOString(), app: remote.app?.name, connections };
}

/** A snapshot as what is to be pushed. */
export function localOf({ connections }: Snapshot): readonly LocalConnection[] {
  return connections.map(({ id, type, label, texts, common }) => ({
    id,
    type,
    label,
    texts,
    commonVariables: [],
    common: isObject(common) ? common : undefined,
  }));
}

/** A snapshot by its name. */
export interface Found {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/**
 * Finds a snapshot to bring back. Unless one is named: what a rollback that was cut off brings back, or what a push that
 * was cut off wrote over, or the latest.
 * @throws ConnectorError usage `sync/no-snapshot`
 */
export function findSnapshot(state: LocalSyncState, origin: string, asked: string | undefined): Found {
  const names = state.snapshots();
  const journal = state.journal();
  const name = asked ?? journal?.restores ?? journal?.snapshot ?? names.at(-1);
  const snapshot = name !== undefined && names.includes(name) ? state.snapshot(name) : undefined;
  if (name !== undefined && snapshot !== undefined) return { name, snapshot };
  const meant = asked === undefined ? undefined : nearest(asked, names);
  throw new ConnectorError('usage', {
    code: 'sync/no-snapshot',
    message: asked === undefined ? `There is no snapshot of ${origin}.` : `There is no snapshot ${asked}.`,
    hint:
      meant !== undefined
        ? `Did you mean ${meant}?`
        : names.length === 0
          ? 'Each push that changes something takes one first.'
          : `There are ${names.slice(-5).join(', ')}.`,
  });
}
