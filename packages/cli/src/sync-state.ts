import type { Files, Project } from '@connectorkit/sdk';
import { updateFile } from '@connectorkit/sdk/project';
import type { SyncRecord, SyncState } from '@connectorkit/sdk/sync';
import type { Destination } from './settings.ts';

/** The files of the records, each an object with the origins' own records by name. */
const RECORDS: Readonly<Record<SyncRecord, { readonly file: string; readonly secret: boolean }>> = {
  texts: { file: '.connector/synced.json', secret: false },
  fingerprints: { file: '.connector/common.json', secret: true },
  journal: { file: '.connector/journal.json', secret: false },
  pending: { file: '.connector/pending.json', secret: false },
};
const SNAPSHOTS = '.connector/snapshots';

/**
 * Keeps the state of syncs with an origin in the project's folder: names and base where its layout has them, all else
 * below `.connector`.
 */
export function stateOnDisk(project: Project, destination: Destination): SyncState {
  const { files } = project;
  const origin = destination.name;
  const { app, version, connections } = destination;
  let names: ReturnType<SyncState['names']> = {
    ...(app === undefined ? {} : { app }),
    ...(version === undefined ? {} : { version }),
    ...(connections === undefined ? {} : { connections }),
  };
  let base = project.base(origin);
  const end = `-${origin.replace(/[^0-9A-Za-z_-]/g, '_')}`;
  return {
    names: () => names,
    base: () => base,
    record: (newNames, newBase) => {
      project.record(origin, newNames, newBase);
      names = newNames ?? {};
      base = newBase;
    },
    read: (record) => objectIn(files, RECORDS[record].file)[origin],
    write: (record, value) => {
      const { file, secret } = RECORDS[record];
      updateFile(files, file, (text) => `${JSON.stringify({ ...parsed(text), [origin]: value })}\n`, { secret });
    },
    snapshots: () => files.list(SNAPSHOTS).flatMap((file) => (file.endsWith(`${end}.json`) ? [file.slice(0, -5)] : [])),
    snapshot: (name) => objectIn(files, `${SNAPSHOTS}/${name}.json`),
    keepSnapshot: (snapshot) => {
      const name = `${snapshot.taken.replace(/[-:.]/g, '')}${end}`;
      files.write(`${SNAPSHOTS}/${name}.json`, `${JSON.stringify(snapshot, undefined, 2)}\n`, { secret: true });
      return name;
    },
  };
}

function objectIn(files: Files, file: string): Readonly<Record<string, unknown>> {
  return parsed(files.read(file));
}

/** Parses a state file; one that cannot be read counts as absent. */
function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
