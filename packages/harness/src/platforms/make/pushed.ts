import type { Pushed } from '../../emulator.ts';
import type { Entry } from '../../store/store.ts';
import {
  CONNECTIONS,
  type Connection,
  commonKey,
  connectionKey,
  connectionsOf,
  isGone,
  pushedKey,
  sectionsOf,
} from './records.ts';

/** Connections as they were written last; in an approved app also what is not committed yet, which its developers run. */
export const pushed: Pushed = {
  connection: async (name, now, tx) => {
    const connection = await tx.get<Connection>(connectionKey(name));
    if (connection === undefined || isGone(connection, now)) return undefined;
    const { app, label, type } = connection;
    const texts = textsIn(await tx.list<string>(sectionsOf(name)));
    const [common, written] = [await tx.getSecret(commonKey(name)), await tx.get<string>(pushedKey(name))];
    return { app, name, label, type, texts, common, pushed: written };
  },

  kept: async (name, snapshot, tx) => {
    const entries = await tx.listKept<string>(snapshot, sectionsOf(name));
    return entries.length === 0 ? undefined : textsIn(entries);
  },

  // One reading of the store for all apps: there may be many connections.
  list: async (app, now, tx) => {
    const found =
      app === undefined
        ? (await tx.list<Connection>(CONNECTIONS)).map(({ value }) => value).sort(byAppAndNumber)
        : await connectionsOf(app, now, tx);
    return found
      .filter((each) => !isGone(each, now))
      .map(({ app: of, name, label, type }) => ({ app: of, name, label, type }));
  },
};

function textsIn(sections: readonly Entry<string>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(sections.map(({ key, value }) => [String(key.at(-1)), value]));
}

function byAppAndNumber(one: Connection, other: Connection): number {
  if (one.app !== other.app) return one.app < other.app ? -1 : 1;
  return one.number - other.number;
}
