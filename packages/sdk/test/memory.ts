import { ConnectorError } from '../src/diagnostics.ts';
import type { JSONObject } from '../src/json.ts';
import { changedProblem, type Files, type LocalRecord, type LocalRecords } from '../src/project/files.ts';

/** What one machine keeps, in memory: `records` shows what was written. */
export function memoryRecords(initial: { readonly [record in LocalRecord]?: JSONObject } = {}): LocalRecords & {
  records: Map<string, JSONObject>;
} {
  const records = new Map(Object.entries(initial));
  return {
    records,
    read: (record) => records.get(record),
    update: (record, change) => void records.set(record, change(records.get(record) ?? {})),
  };
}

/** Files that exist only here, by path; `texts` shows what was written. */
export function memory(initial: Readonly<Record<string, string>>): Files & { texts: Map<string, string> } {
  const texts = new Map(Object.entries(initial));
  return {
    texts,
    read: (path) => texts.get(path),
    list: (folder) => {
      const names = new Set<string>();
      for (const path of texts.keys()) {
        const start = folder === '' ? '' : `${folder}/`;
        if (!path.startsWith(start)) continue;
        const [name = '', ...deeper] = path.slice(start.length).split('/');
        names.add(deeper.length === 0 ? name : `${name}/`);
      }
      return [...names].sort();
    },
    write: (path, text, { over } = {}) => {
      if (over !== undefined && over !== (texts.get(path) ?? null)) {
        throw new ConnectorError('conflict', [changedProblem(path)]);
      }
      texts.set(path, text);
    },
    rename: (from, to) => {
      const text = texts.get(from);
      if (text === undefined) throw new Error(`There is no ${from}.`);
      texts.delete(from);
      texts.set(to, text);
    },
  };
}
