import type { Changes, Whole } from './buffered.ts';
import { type Connections, type Held, together } from './connections.ts';
import type { Root } from './keys.ts';
import type { Ask } from './postgres-sources.ts';
import type { PostgresStatements } from './postgres-statements.ts';
import type { StoreUsage } from './store.ts';
import { keptBetween, rangesOfSpace, type Tools } from './transactions.ts';

/** Operations of the server on all keys, in the transaction that `ask` is in. */
export function wholeIn(sql: PostgresStatements, ranges: Tools['ranges'], ask: Ask): Whole {
  const clear = async () => {
    for (const range of ranges) await ask(sql.deleteRange, range);
  };
  return {
    flush: async (changes) => {
      const { keys, texts, removed } = partsOf(changes);
      if (keys.length > 0) await ask(sql.set, [keys, texts]);
      if (removed.length > 0) await ask(sql.delete, [removed]);
    },
    clear,
    keep: async (name) => {
      for (const range of ranges) await ask(sql.keep, [name, ...range]);
    },
    restore: async (name) => {
      await clear();
      await ask(sql.restore, [name]);
    },
    drop: async (name) => void (await ask(sql.drop, [name])),
  };
}

/** Removes all rows of a space, its snapshots, and what its version was and how it came to it. */
export function removeSpace(connections: Connections, sql: PostgresStatements, root: Root): Promise<void> {
  const { rows, kept } = rangesOfSpace(root);
  const remove = async (held: Held) => {
    await together(held, [sql.begin], [sql.limits], [sql.lock, [root]]);
    for (const { from, to } of rows) await held.query(sql.deleteRange, [from, to]);
    await together(held, [sql.dropRange, [kept.from, kept.to]], [sql.forgetChanges, [root]], [sql.forgetSpace, [root]]);
    const { command } = await held.query('COMMIT');
    if (command !== 'COMMIT') throw new Error(`COMMIT was answered with ${command}`);
  };
  // Once more does no harm, whatever became of the time before.
  return connections.patiently(
    () => connections.hold(remove),
    () => {},
  );
}

/** The rows in ranges of keys, and in their snapshots. */
export async function usageOf(
  connections: Connections,
  sql: PostgresStatements,
  ranges: Tools['ranges'],
  root: Root,
): Promise<StoreUsage> {
  const [low, high] = [ranges.map(([from]) => from), ranges.map(([, to]) => to)];
  const { rows } = await connections.run(sql.usage, [low, high, ...keptBetween(root)], () => {});
  // PostgreSQL's int8 comes as a text.
  return { rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) };
}

/** Changes as statements are given them. */
export function partsOf(changes: Changes) {
  const written = [...changes].filter((each): each is [string, string] => each[1] !== undefined);
  return {
    keys: written.map(([key]) => key),
    texts: written.map(([, text]) => text),
    removed: [...changes].filter(([, text]) => text === undefined).map(([key]) => key),
  };
}
