import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import type { Comparison } from './compare.ts';
import { look } from './compare-platform.ts';
import type { SyncContext, SyncOrigin } from './options.ts';
import { type Plan, plan } from './plan.ts';
import { expectUnmoved } from './recheck.ts';

/** Result of recreating connections; none was recreated when the plan has conflicts. */
export interface Recreated {
  /** Plan of a push of these connections. */
  readonly plan: Plan;
  /** Remote names of the connections that were recreated. */
  readonly names: readonly string[];
}

/**
 * Registers connections anew, one after another, each from what the platform stores of it: that must be what was pushed,
 * or what is here now.
 * @throws ConnectorError usage `sync/not-pushed`, conflict `sync/conflict` when somebody else changes one meanwhile
 */
export async function recreate(context: SyncContext, ids: readonly string[]): Promise<Recreated> {
  const { project, registry, state, origin, report } = context;
  const { connections: recorded = {} } = state.names();
  const names = ids.map((id) => ({ id, name: recorded[id] ?? '' }));
  const missing = names.filter(({ name }) => name === '').map(({ id }) => id);
  if (missing.length > 0) throw new ConnectorError('usage', notPushed(missing, origin));
  const comparison = await look(context);
  const pushed = plan(project, only(comparison, ids), 'push');
  if (pushed.conflicts.length > 0) return { plan: pushed, names: [] };
  const { app, connections } = comparison.remote;
  for (const [index, { id, name }] of names.entries()) {
    const stored = connections.get(id);
    const recheck = async () => {
      if (app !== undefined && stored !== undefined) await expectUnmoved(registry, app, stored);
    };
    // The first was looked at a moment ago.
    if (index > 0) await recheck();
    await registry.recreate(name, { recheck });
    report({ type: 'recreated', id, name });
  }
  return { plan: pushed, names: names.map(({ name }) => name) };
}

function notPushed(ids: readonly string[], { name, local }: SyncOrigin): Omit<Diagnostic, 'severity'> {
  return {
    code: 'sync/not-pushed',
    message: `${ids.join(', ')} ${ids.length === 1 ? 'was' : 'were'} never pushed to ${name}.`,
    hint: `Run \`connector push${local === true ? '' : ` --origin ${name}`}\` first.`,
  };
}

/** Returns the comparison of some connections, without values of which nobody knows who changed them. */
function only({ local, parts, commons, ...comparison }: Comparison, ids: readonly string[]): Comparison {
  return {
    ...comparison,
    local: local.filter(({ id }) => ids.includes(id)),
    parts: parts.filter(({ id }) => ids.includes(id)),
    commons: commons.filter(({ id, verdict }) => ids.includes(id) && verdict !== 'unknown'),
  };
}
