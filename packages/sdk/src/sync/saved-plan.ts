import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import { hashOf } from '../hash.ts';
import { isObject, lookUp } from '../json.ts';
import { isCreateType } from '../sections/create-types.ts';
import { look, syncedConnections } from './compare-platform.ts';
import { type LocalConnection, localConnections, TEXT_SECTIONS } from './local.ts';
import type { SyncContext } from './options.ts';
import type { Change, ConflictOptions, Plan } from './plan.ts';
import type { RemoteState } from './remote.ts';

const VERSION = 1;

/** A plan as a file: what a push will do, and the hashes of what it saw. It holds no value of any `common`. */
export interface SavedPlan {
  readonly version: typeof VERSION;
  readonly origin: string;
  readonly url: string;
  /** ISO 8601. */
  readonly made: string;
  readonly app: { readonly name: string; readonly version: number } | undefined;
  /** Connection id → remote name, of those that were there. */
  readonly connections: Readonly<Record<string, string>>;
  readonly changes: readonly SavedChange[];
}

type SavedChange =
  | Exclude<Change, { action: 'set-common' | 'delete' | 'delete-app' }>
  | { readonly action: 'set-common'; readonly id: string; readonly keys: readonly string[] }
  | {
      readonly action: 'delete';
      readonly id: string;
      readonly name: string;
      /** Section → hash of what would be lost. */
      readonly lost: Readonly<Record<string, string>>;
    };

/** A plan for later. @throws ConnectorError conflict when the plan has conflicts */
export function savedPlan(
  { changes, conflicts, comparison }: Plan,
  { origin, url, made }: { readonly origin: string; readonly url: string; readonly made: Date },
): SavedPlan {
  if (conflicts.length > 0) throw new ConnectorError('conflict', conflicts);
  const { app, connections } = comparison.remote;
  return {
    version: VERSION,
    origin,
    url,
    made: made.toISOString(),
    app: app === undefined ? undefined : { name: app.name, version: app.version },
    connections: Object.fromEntries([...connections].map(([id, { name }]) => [id, name])),
    changes: changes.flatMap((change): SavedChange | [] => {
      // Only a rollback deletes an app, and nobody saves its plan.
      if (change.action === 'delete-app') return [];
      if (change.action === 'set-common') {
        return { action: 'set-common', id: change.id, keys: Object.keys(change.values).sort() };
      }
      if (change.action !== 'delete') return change;
      const texts = Object.entries(connections.get(change.id)?.texts ?? {});
      return { ...change, lost: Object.fromEntries(texts.map(([name, text]) => [name, hashOf(text)])) };
    }),
  };
}

/**
 * Reads a plan that `connector diff --out` saved.
 * @param text JSON of the plan
 * @param file the name of its file, for problems
 * @throws ConnectorError usage `sync/plan-unreadable` when the text is not a plan of this version
 */
export function readSavedPlan(text: string, file: string): SavedPlan {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && value.version === VERSION && isObject(value.connections) && isChanges(value.changes)) {
      return value as unknown as SavedPlan;
    }
  } catch {
    // Told below, as of any other file that is none.
  }
  throw new ConnectorError('usage', {
    code: 'sync/plan-unreadable',
    message: `${file} is not a plan of this version.`,
    hint: 'Create one with `connector diff --out plan.json`.',
  });
}

const ACTIONS: Readonly<Record<string, (change: Readonly<Record<string, unknown>>) => boolean>> = {
  'create-app': ({ name, label }) => areTexts(name, label),
  create: ({ id, connection }) => areTexts(id) && isObject(connection) && isCreateType(connection.type),
  rename: ({ id, label, before }) => areTexts(id, label, before),
  set: ({ id, section, text }) => areTexts(id, text) && TEXT_SECTIONS.some(({ name }) => name === section),
  'set-common': ({ id, keys }) => areTexts(id) && Array.isArray(keys) && areTexts(...keys),
  delete: ({ id, name, lost }) => areTexts(id, name) && isObject(lost),
};

function isChanges(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((change) => isObject(change) && lookUp(ACTIONS, String(change.action))?.(change) === true)
  );
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

/**
 * Returns the connections of a saved plan, as if they were declared here: what to read of the platform follows from
 * it.
 */
function localOfSaved({ changes, connections }: SavedPlan, project: readonly LocalConnection[]): LocalConnection[] {
  const ids = new Set(changes.flatMap((change) => ('id' in change && change.action !== 'delete' ? [change.id] : [])));
  return [...ids].map((id) => {
    const own = changes.filter((change) => 'id' in change && change.id === id);
    const texts = own.flatMap((change) => (change.action === 'set' ? [[change.section, change.text]] : []));
    const created = own.find((change) => change.action === 'create');
    const declared = project.find((connection) => connection.id === id);
    const common = own.some(({ action }) => action === 'set-common') ? declared?.common : undefined;
    const { type, label } = created?.action === 'create' ? created.connection : (declared ?? UNKNOWN);
    // Of what is there, only the recorded name counts.
    const known = connections[id] === undefined ? label : '';
    const file = declared?.commonFile === undefined ? {} : { commonFile: declared.commonFile };
    return { id, type, label: known, texts: Object.fromEntries(texts), commonVariables: [], ...file, common };
  });
}

const UNKNOWN = { type: 'other', label: '' } as const;

/**
 * The changes of a saved plan that are still to be made: all, or those that a push of the same plan that was cut off
 * has left.
 * @throws ConnectorError conflict `sync/plan-stale` when the platform is no longer what the plan saw; usage
 * `sync/plan-values` when the values of a `common` are not at hand
 */
function remaining(saved: SavedPlan, local: readonly LocalConnection[], remote: RemoteState): Change[] {
  const stale: Diagnostic[] = [];
  const created = new Set(saved.changes.flatMap((change) => (change.action === 'create' ? [change.id] : [])));
  const left = saved.changes.flatMap((change): Change[] => {
    const stored = 'id' in change ? remote.connections.get(change.id) : undefined;
    const moved = (what: string) => {
      stale.push(staleProblem(what));
      return [];
    };
    switch (change.action) {
      case 'create-app':
        return remote.app === undefined ? [change] : [];
      case 'create':
        if (stored === undefined) return [change];
        return remote.unfinished.has(change.id) ? [] : moved(`${change.id} is there already, as ${stored.name}`);
      case 'set-common':
        return [withValues(change, local)];
      case 'delete': {
        if (stored === undefined) return [];
        const changed = Object.entries(stored.texts).filter(([name, text]) => change.lost[name] !== hashOf(text));
        const { action, id, name } = change;
        return changed.length === 0 ? [{ action, id, name }] : moved(`${name} was changed`);
      }
      default:
        break;
    }
    if (stored === undefined) return created.has(change.id) ? [change] : moved(`${change.id} is gone`);
    const [was, is, becomes] =
      change.action === 'rename'
        ? [hashOf(change.before), hashOf(stored.label), hashOf(change.label)]
        : [change.from, hashOf(stored.texts[change.section] ?? ''), hashOf(change.text)];
    if (is === becomes) return [];
    const mine = remote.unfinished.has(change.id) || was === undefined;
    if (mine || is === was) return [change];
    return moved(`${change.action === 'rename' ? 'the label' : change.section} of ${stored.name} was changed`);
  });
  if (saved.app !== undefined && saved.app.name !== remote.app?.name)
    stale.push(staleProblem(`${saved.app.name} is gone`));
  if (stale.length > 0) throw new ConnectorError('conflict', stale);
  return left;
}

function withValues(
  { id, keys }: { readonly id: string; readonly keys: readonly string[] },
  local: readonly LocalConnection[],
): Change {
  const { common: values, commonFile } = local.find((connection) => connection.id === id) ?? {};
  if (values !== undefined && Object.keys(values).sort().join() === keys.join())
    return { action: 'set-common', id, values };
  throw new ConnectorError('usage', {
    code: 'sync/plan-values',
    message: `The plan sets ${keys.join(', ')} of common of ${id}, but the available values are not the same.`,
    hint: `A plan never contains values: ${commonFile === undefined ? '' : `write ${commonFile}, or `}set their variables.`,
  });
}

function staleProblem(what: string): Diagnostic {
  return {
    code: 'sync/plan-stale',
    severity: 'error',
    message: `The plan no longer fits: ${what} since it was made.`,
    hint: 'Create a new one with `connector diff --out`, and check it.',
  };
}

/**
 * Plans what a saved plan says, as far as it is not done yet.
 * @throws ConnectorError usage `sync/plan-unreadable` for a plan that was made for another origin, `sync/destructive` for
 * one that deletes connections while that is not allowed; as `remaining` does
 */
export async function planSaved(
  context: SyncContext,
  saved: SavedPlan,
  { allowDestructive = false }: Pick<ConflictOptions, 'allowDestructive'>,
): Promise<Plan> {
  const { project, origin, environment, state } = context;
  if (saved.origin !== origin.name || (origin.local !== true && saved.url !== origin.url)) {
    throw new ConnectorError('usage', {
      code: 'sync/plan-unreadable',
      message: `The plan was made for ${saved.origin} at ${saved.url}, and not for ${origin.name} at ${origin.url}.`,
      hint: `Add --origin ${saved.origin}, or make a new plan.`,
    });
  }
  const local = localOfSaved(saved, localConnections(project, syncedConnections(context), environment));
  const { app, connections } = saved;
  const names = {
    ...(app && { app: app.name, version: app.version }),
    connections: { ...state.names().connections, ...connections },
  };
  const comparison = await look(context, { local, dropped: true, names });
  const changes = remaining(saved, local, comparison.remote);
  if (changes.some(({ action }) => action === 'delete') && !allowDestructive) {
    throw new ConnectorError('usage', {
      code: 'sync/destructive',
      message: 'The plan deletes connections on the platform.',
      hint: 'Check it, and add --allow-destructive.',
    });
  }
  const commonEqual = changes.flatMap((change) => (change.action === 'set-common' ? [change.id] : []));
  const { base } = comparison;
  return { direction: 'push', comparison, changes, writes: [], conflicts: [], notes: [], base, commonEqual };
}
