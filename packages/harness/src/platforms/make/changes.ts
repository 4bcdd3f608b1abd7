import type { Operations } from '@connectorkit/sdk/platforms/make';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { Entry, Key, ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { type App, appAt, appSectionKey, type Connection, connectionKey, sectionKey } from './records.ts';

/**
 * Approved apps: what is written is there at once for whoever writes on, and a row keeps what all others still see.
 * Sections are answered as they were written last, connections as they were committed.
 */

/** Where a change is: a section or a field of a connection, or a section of the app. */
interface ChangeLocation {
  readonly group: 'account' | 'app';
  readonly item: string;
  readonly code: string;
}

interface Row extends ChangeLocation {
  readonly id: number;
  /** The committed text. */
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

const rowsKey = (app: string): Key => ['make', 'changes', app];

export const behaviours: Pick<Behaviours<Operations>, 'getChange' | 'commitChanges' | 'rollbackChanges'> = {
  getChange: async ({ path }, tx) => {
    const app = await appAt(path, tx);
    const [row] = await chosen(app, [Number(path.SDK_changeId)], tx);
    if (row === undefined) throw new Error('a change that was chosen is there');
    const { item: _, ...change } = row;
    return { body: { change } };
  },

  commitChanges: async ({ path, body }, tx) => {
    const app = await approvedAt(path, tx);
    for (const { id } of await chosen(app, body?.changeIds, tx)) await tx.delete([...rowsKey(app.name), id]);
    return { mediaType: 'text/plain', body: 'true' };
  },

  rollbackChanges: async ({ path, body }, tx) => {
    const app = await approvedAt(path, tx);
    for (const row of await chosen(app, body?.changeIds, tx)) {
      await putBack(row, tx);
      await tx.delete([...rowsKey(app.name), row.id]);
    }
    return { body: { rolledBack: true } };
  },
};

async function approvedAt(path: Operations['getApp']['path'], tx: ReadTransaction): Promise<App> {
  const app = await appAt(path, tx);
  if (app.approved) return app;
  throw new Refusal(
    'rejected',
    `App '${app.name}' is not approved, so what is written to it is not recorded as a change.`,
  );
}

/** @throws Refusal not-found when one of them is not there */
async function chosen(app: App, ids: readonly number[] | undefined, tx: ReadTransaction): Promise<readonly Row[]> {
  const rows = await changesOf(app.name, tx);
  const unknown = ids?.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined) throw new Refusal('not-found', `Change not found '${unknown}'.`);
  return ids === undefined ? rows : rows.filter(({ id }) => ids.includes(id));
}

export async function changesOf(app: string, tx: ReadTransaction): Promise<Row[]> {
  return (await tx.list<Row>(rowsKey(app))).map(({ value }: Entry<Row>) => value);
}

/** The rows as an app lists them. */
export async function listedChangesOf(
  app: string,
  tx: ReadTransaction,
): Promise<(ChangeLocation & { readonly id: number })[]> {
  return (await changesOf(app, tx)).map(({ id, group, item, code }) => ({ id, group, item, code }));
}

/**
 * Writes down that the text at a place changes; the caller writes the text itself.
 * @returns what the answer tells of it: nothing in apps that are not approved, nor when the committed text is put back
 */
export async function change(
  app: App,
  place: ChangeLocation,
  { before, after }: { readonly before: string | null; readonly after: string | null },
  tx: WriteTransaction,
): Promise<Operations['setConnectionSection']['answer']['change']> {
  if (!app.approved) return {};
  const row = (await changesOf(app.name, tx)).find(
    ({ group, item, code }) => group === place.group && item === place.item && code === place.code,
  );
  const oldValue = row === undefined ? before : row.oldValue;
  if (after === oldValue) {
    if (row !== undefined) await tx.delete([...rowsKey(app.name), row.id]);
    return {};
  }
  const id = row?.id ?? (await tx.next(['make', 'change-number']));
  await tx.set([...rowsKey(app.name), id], { id, ...place, oldValue, newValue: after } satisfies Row);
  return { id, ...place };
}

/** Fields of a connection that are versioned like its sections. */
const FIELDS = ['label', 'connectedSystemName'] as const;

/** Writes down which of a connection's fields change. */
export async function changeFields(
  app: App,
  before: Connection,
  after: Connection,
  tx: WriteTransaction,
): Promise<void> {
  for (const code of FIELDS) {
    const place = { group: 'account', item: before.name, code } as const;
    if (before[code] !== after[code]) await change(app, place, { before: before[code], after: after[code] }, tx);
  }
}

/** The connection as it was committed. */
export function committed(connection: Connection, changes: readonly Row[]): Connection {
  const own = changes.filter(({ group, item }) => group === 'account' && item === connection.name);
  const fields = own.filter(({ code }) => FIELDS.some((field) => field === code));
  return { ...connection, ...Object.fromEntries(fields.map(({ code, oldValue }) => [code, oldValue])) };
}

/** The text of a connection's section as it was committed. */
export async function committedSection(app: string, name: string, code: string, tx: ReadTransaction): Promise<string> {
  const row = (await changesOf(app, tx)).find(
    (each) => each.group === 'account' && each.item === name && each.code === code,
  );
  return (row === undefined ? await tx.get<string>(sectionKey(name, code)) : row.oldValue) ?? 'null';
}

export async function forgetChanges(app: string, tx: WriteTransaction): Promise<void> {
  await tx.deleteAll(rowsKey(app));
}

async function putBack({ group, item, code, oldValue }: Row, tx: WriteTransaction): Promise<void> {
  if (group === 'app') return write(appSectionKey(item, code), oldValue, tx);
  if (!FIELDS.some((field) => field === code)) return write(sectionKey(item, code), oldValue, tx);
  const connection = await tx.get<Connection>(connectionKey(item));
  if (connection !== undefined) await tx.set(connectionKey(item), { ...connection, [code]: oldValue });
}

async function write(key: Key, text: string | null, tx: WriteTransaction): Promise<void> {
  if (text === null) await tx.delete(key);
  else await tx.set(key, text);
}
