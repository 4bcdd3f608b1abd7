import { ConnectorError } from '../diagnostics.ts';
import type { RemoteApp } from '../platforms/platform.ts';
import { look } from './compare-platform.ts';
import type { SyncContext } from './options.ts';
import { type ConflictOptions, type Plan, plan } from './plan.ts';
import { type Found, localOf } from './snapshot.ts';

/** Which snapshot is brought back, and what may be lost by it. */
export interface RollbackOptions extends ConflictOptions {
  /** The name of a snapshot (default: the one before the last push). */
  readonly snapshot?: string | undefined;
}

/** A plan that brings back a snapshot. */
export interface RollbackPlan extends Plan {
  readonly restores: string;
  /** The app that came to be since the snapshot, when it is not deleted, and what it holds that is not the project's. */
  readonly staying: { readonly app: RemoteApp; readonly others: readonly string[] } | undefined;
}

/**
 * Plans to bring back a snapshot.
 * @throws ConnectorError usage `sync/destructive` when something was created since that may not be deleted
 */
export async function planRollback(
  context: SyncContext,
  { name, snapshot }: Found,
  options: ConflictOptions,
): Promise<RollbackPlan> {
  const comparison = await look(context, { local: localOf(snapshot), dropped: true });
  const back = plan(context.project, comparison, 'push', options);
  const { app, strangers, others: components } = comparison.remote;
  const made = snapshot.app === undefined ? app : undefined;
  const others = [...strangers.map((each) => `connection ${each.name}`), ...components];
  const deletesApp = made !== undefined && options.allowDestructive === true && others.length === 0;
  if (back.conflicts.length === 0) refuseDeletion(back, made);
  const last = deletesApp ? [{ action: 'delete-app', name: made.name, version: made.version } as const] : [];
  return {
    ...back,
    changes: [...back.changes, ...last],
    restores: name,
    staying: made === undefined || deletesApp ? undefined : { app: made, others },
  };
}

/** Refuses to delete what was created since the snapshot, unless that is allowed. */
function refuseDeletion({ notes, comparison }: Plan, made: RemoteApp | undefined): void {
  if (!notes.some(({ code }) => code === 'sync/not-declared')) return;
  const { local, remote } = comparison;
  const created = [...remote.connections].filter(([id]) => !local.some((connection) => connection.id === id));
  const names = [
    ...created.map(([, { name }]) => `the connection ${name}`),
    ...(made === undefined ? [] : [`the app ${made.name}`]),
  ];
  throw new ConnectorError('usage', {
    code: 'sync/destructive',
    message: `Created after the snapshot, and would be deleted: ${names.join(', ')}.`,
    hint: 'Add --allow-destructive.',
  });
}
