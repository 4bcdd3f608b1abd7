import Database from 'libsql';

/** The state of a harness by key, as its store keeps it; secrets stand as they are encrypted. */
export type State = ReadonlyMap<string, string>;

/** Reads the SQLite file of a harness that may be running. What the journal keeps is no state. */
export function stateIn(file: string): State {
  const database = new Database(file, { readonly: true });
  try {
    const rows = database.prepare('SELECT key, value FROM entry').all() as { key: string; value: string }[];
    return new Map(rows.filter(({ key }) => !key.includes('journal')).map(({ key, value }) => [key, value]));
  } finally {
    database.close();
  }
}
