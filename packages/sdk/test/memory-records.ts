import type { JSONObject } from '../src/json.ts';
import type { LocalRecord, LocalRecords } from '../src/project/files.ts';

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
