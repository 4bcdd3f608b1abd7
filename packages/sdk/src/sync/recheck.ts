import { isDeepStrictEqual } from 'node:util';
import { ConnectorError } from '../diagnostics.ts';
import { inPairs } from '../platforms/pace.ts';
import type { Registry, RemoteApp } from '../platforms/platform.ts';
import type { Change } from './plan.ts';
import type { RemoteState, StoredConnection } from './remote.ts';

type App = Pick<RemoteApp, 'name' | 'version'>;

/** State that a change is compared with. */
export interface Seen {
  readonly registry: Registry;
  /** The app that the plan is about; undefined for one that it created. */
  readonly app: App | undefined;
  /** State of the platform when the plan was made. */
  readonly remote: RemoteState;
}

type Rechecks = {
  readonly [Action in Change['action']]?: (
    change: Extract<Change, { action: Action }>,
    stored: StoredConnection | undefined,
    seen: Seen,
  ) => Promise<boolean>;
};

/** How each change is compared with what the platform has now. What creates something writes over nothing. */
const RECHECKS: Rechecks = {
  rename: async ({ label }, stored, { registry }) => {
    if (stored === undefined) return true;
    const now = (await registry.get(stored.name)).label;
    if (now !== label && now !== stored.label) throw moved('the label', stored.name);
    return now !== label;
  },
  set: async ({ section, text }, stored, { registry }) => {
    const before = stored?.texts[section];
    if (stored === undefined || before === undefined) return true;
    const now = await registry.section(stored.name, section);
    if (now !== text && now !== before) throw moved(section, stored.name);
    return now !== text;
  },
  'set-common': async ({ values }, stored, { registry }) => {
    if (stored === undefined || stored.common === undefined) return true;
    const now = await registry.common(stored.name);
    const isThere = isDeepStrictEqual(now, values);
    if (!isThere && !isDeepStrictEqual(now, stored.common)) throw moved('common', stored.name);
    return !isThere;
  },
  delete: async (_, stored, { registry, app }) => {
    if (stored === undefined || app === undefined) return true;
    const parts = await movedParts(registry, app, stored);
    const common = stored.common === undefined || isDeepStrictEqual(await registry.common(stored.name), stored.common);
    const all = [...parts, ...(common ? [] : ['common'])];
    if (all.length > 0) throw moved(all.join(', '), stored.name);
    return true;
  },
  'delete-app': async ({ name, version }, _, { registry }) => {
    const [listed, sums] = await Promise.all([registry.list(name), registry.checksums?.({ name, version })]);
    const found = [...listed.map((each) => `connection ${each.name}`), ...(sums?.others ?? [])];
    if (found.length > 0)
      throw conflict(`The app ${name} was not deleted, because it now contains ${found.join(', ')}.`);
    return true;
  },
};

/**
 * Compares what a change would write over with what the plan saw, directly before the change is made.
 * @returns whether there is something left to do: false when the platform has by now what the change would bring about
 * @throws ConnectorError conflict `sync/conflict` when somebody else changed it meanwhile
 */
export async function recheck<Made extends Change>(change: Made, seen: Seen): Promise<boolean> {
  const check = RECHECKS[change.action] as
    | ((change: Made, stored: StoredConnection | undefined, seen: Seen) => Promise<boolean>)
    | undefined;
  const stored = 'id' in change ? seen.remote.connections.get(change.id) : undefined;
  return check === undefined || check(change, stored, seen);
}

/** The label and the sections of a connection that are no longer what was read: by checksums, where there are any. */
async function movedParts(registry: Registry, app: App, { name, label, texts }: StoredConnection): Promise<string[]> {
  const sums = await registry.checksums?.(app);
  const parts = await inPairs(Object.entries({ label, ...texts }), async ([part, text]) => {
    const said = sums?.says(name, part, text);
    if (said !== undefined) return said ? [] : [part];
    const now = part === 'label' ? (await registry.get(name)).label : await registry.section(name, part);
    return now === text ? [] : [part];
  });
  return parts.flat();
}

/** @throws ConnectorError conflict `sync/conflict` when a connection is not what was read any more */
export async function expectUnmoved(registry: Registry, app: App, stored: StoredConnection): Promise<void> {
  const parts = await movedParts(registry, app, stored);
  if (parts.length > 0) throw moved(parts.join(', '), stored.name);
}

/** That somebody else changed a part of a connection since the plan was made. */
export function moved(what: string, name: string): ConnectorError {
  return conflict(`Somebody else has just changed ${what} of ${name} on the platform.`);
}

function conflict(message: string): ConnectorError {
  return new ConnectorError('conflict', {
    code: 'sync/conflict',
    message,
    hint: 'It was not overwritten. Check it with `connector diff`, then run the command again.',
  });
}
