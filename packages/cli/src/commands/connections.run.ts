import { ConnectorError } from '@connectorkit/sdk';
import { curlOf, type Trace, traceLines } from '@connectorkit/sdk/runtime';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { type Connected, type ConnectedStore, connectedStore } from '../local-state/connected.ts';
import { columns, plural } from '../output/text.ts';
import { recorderFor } from '../recorder.ts';
import { openRunnable } from '../run-connection.ts';
import { failed, nameOf, refreshed, remedies, shown, succeeded, withRecording } from '../run-outcome.ts';
import type { ACTIONS, connections as command } from './connections.ts';

type Args = Arguments<typeof command>;
type Action = (typeof ACTIONS)[number];

/** Input of an action. */
interface ActionInput {
  readonly context: Context;
  readonly args: Args;
  readonly store: ConnectedStore;
  readonly connected: Connected;
}

export const run: Run<typeof command> = async (context, args) => {
  const action = args.action as Action;
  if (action !== 'list' && args.id === undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: `${context.program} connections ${action} needs <id>.`,
      hint: `\`${context.program} connections list\` shows the ids.`,
    });
  }
  const isRun = ['verify', 'refresh', 'invalidate'].includes(action);
  if (args.record !== undefined && (args.harness || !isRun)) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `--record is not for ${args.harness ? '--harness' : action}.`,
      hint: 'Only verify, refresh and invalidate on this machine can be recorded.',
    });
  }
  if (args.origin !== undefined && !args.harness) {
    const hint = 'It names a shared harness.';
    throw new ConnectorError('usage', { code: 'usage/arguments', message: '--origin needs --harness.', hint });
  }
  // It knows the platforms, which nothing else needs here.
  if (args.harness) return (await import('../run-in-harness.ts')).manageInHarness(context, args);
  const store = connectedStore(context.state(context.root()), context.environment);
  if (action === 'list' || args.id === undefined) return list(store);
  return RUNS[action]({ context, args, store, connected: store.get(args.id) });
};

function list(store: ConnectedStore): Result {
  const all = store.all();
  const rows = all.map(({ id, connection, local, changed, instance }) => [
    id,
    connection,
    local ? 'local provider' : 'API',
    nameOf(instance),
    `changed ${changed}`,
    instance.expires === undefined ? '' : `expires ${instance.expires}`,
  ]);
  const summary = `${plural(all.length, 'connected connection')} on this machine.`;
  const next = all.length === 0 ? ['connector connect'] : [];
  return { data: { connections: all.map(shown) }, lines: columns(rows), summary, next };
}

const RUNS: Readonly<Record<Exclude<Action, 'list'>, (work: ActionInput) => Promise<Result> | Result>> = {
  show: ({ connected }) => ({
    data: shown(connected),
    lines: Object.entries(shown(connected)).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`),
  }),

  verify: (work) => again(work, 'verify', (id) => `Verified ${id}`),

  refresh: (work) => again(work, 'refresh', refreshed),

  invalidate: async (work) => {
    const { store, connected } = work;
    const result = await again(work, 'invalidate', (id) => `Revoked and deleted ${id}`);
    if (result.summary !== undefined) store.remove(connected.id);
    return result;
  },

  trace: ({ args, connected: { trace, changed } }) => {
    const exchanges = trace.steps.flatMap((step) => step.exchanges);
    const lines = args.curl
      ? exchanges.flatMap((exchange) => [...curlOf(exchange).split('\n'), ''])
      : traceLines(trace, { open: 'all' });
    return { data: { trace }, lines, summary: `The last run, at ${changed}. Secrets are left out.` };
  },

  delete: ({ store, connected: { id } }) => {
    store.remove(id);
    return { data: { id }, summary: `Deleted ${id} on this machine. Its tokens were not revoked at the provider.` };
  },
};

/** Runs a connected connection again, and keeps what it stores then; a step that fails changes nothing. */
async function again(
  { context, args, store, connected }: ActionInput,
  run: 'verify' | 'refresh' | 'invalidate',
  words: (id: string, trace: Trace) => string,
): Promise<Result> {
  const { connection: id, local, parameters, scopes = [], redirectUri, instance: before } = connected;
  const opened = await openRunnable(context, { id, local });
  const recorder = args.record === undefined ? undefined : recorderFor(context, opened, args.record);
  const outcome = await opened.prepare({ parameters, redirectUri, scopes }, recorder?.capture)[run](before);
  const { problem, instance, trace, renewed } = outcome;
  const changed = opened.now().toISOString();
  if (problem !== undefined) {
    store.replace({ ...connected, trace, ...(renewed === undefined ? {} : { instance: renewed, changed }) });
    return {
      ...failed(outcome, args.trace),
      next: remedies(problem, `connector connect --reauthorize ${connected.id}`),
    };
  }
  const now = { ...connected, instance, trace, changed };
  store.replace(now);
  const result = { ...succeeded(now, args.trace), summary: `${words(connected.id, trace)}: ${nameOf(instance)}.` };
  return recorder === undefined ? result : withRecording(result, await recorder.write(run, before));
}
