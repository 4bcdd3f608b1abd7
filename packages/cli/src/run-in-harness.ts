import type { ConnectionInstance } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import { curlOf, type Trace, traceLines } from '@connectorkit/sdk/runtime';
import type { Arguments, Context, Result } from './command.ts';
import type { connect } from './commands/connect.ts';
import type { ACTIONS, connections } from './commands/connections.ts';
import { asked, type Field } from './form.ts';
import { type HarnessInstances, type HarnessOutcome, harnessInstances } from './harness-instances.ts';
import { parametersGiven } from './input.ts';
import { columns, plural } from './output/text.ts';
import { checkReauthorized, connectedAgain, failed, linesOf, nameOf, refreshed, remedies } from './run-outcome.ts';

type ConnectArgs = Arguments<typeof connect>;
type ConnectionsArgs = Arguments<typeof connections>;
type Action = (typeof ACTIONS)[number];

/** Connects a connection in the harness, as it was pushed there. */
export async function connectInHarness(context: Context, args: ConnectArgs): Promise<Result> {
  const { reauthorize, origin, input } = args;
  const harness = await harnessInstances(context, { origin, stdinIsTaken: input === '-' });
  const begin = reauthorize === undefined ? beginning : beginningAgain;
  const { begun, words } = await begin(context, args, harness);
  const outcome = await finished(context, args, harness, begun);
  if (outcome.problem !== undefined || outcome.instance === undefined) return toldFailure(outcome, args.trace);
  const { instance } = outcome;
  return {
    ...told(outcome, args.trace),
    summary: words(instance),
    next: ['verify', 'trace'].map((action) => `connector connections ${action} ${instance.id} ${harness.flags}`),
  };
}

/** A connection that is being connected, and how it is told that it is. */
interface Beginning {
  readonly begun: HarnessOutcome;
  readonly words: (instance: ConnectionInstance) => string;
}

async function beginning(context: Context, args: ConnectArgs, harness: HarnessInstances): Promise<Beginning> {
  const { id, name } = harness.nameFor(args.connection);
  const { local, headless, scopes } = args;
  const parameters = await parametersOf(context, args, harness, name);
  const given = { local, headless, scopes, ...(parameters === undefined ? {} : { parameters }) };
  return {
    begun: await harness.connect(name, given),
    words: (instance) => `Connected ${id} in the harness as ${nameOf(instance)}. It is ${instance.id}:`,
  };
}

async function beginningAgain(context: Context, args: ConnectArgs, harness: HarnessInstances): Promise<Beginning> {
  const { reauthorize: id = '', headless, scopes } = args;
  const before = await harness.get(id);
  const connection = harness.idFor(before.connection);
  checkReauthorized({ id, connection, local: before.local }, args);
  const parameters = await parametersGiven(context, args.input);
  const given = { headless, ...(scopes.length > 0 && { scopes }), ...(parameters && { parameters }) };
  return { begun: await harness.reauthorize(id, given), words: (instance) => connectedAgain(id, before, instance) };
}

/** Returns the given parameters, or asks for those of the form as it was pushed; undefined where the harness has its own. */
async function parametersOf(
  context: Context,
  { input, local, headless }: ConnectArgs,
  harness: HarnessInstances,
  name: string,
) {
  const given = await parametersGiven(context, input);
  if (given !== undefined || headless || !context.terminal.interactive) return given;
  const { form, diagnostics } = await harness.connectable(name);
  // What cannot be run is not asked for.
  if (diagnostics.length > 0) throw new ConnectorError('findings', diagnostics);
  return local ? undefined : asked(context.ask, form as readonly Field[]);
}

/** Seconds for which the harness is asked to wait at a time: it answers sooner when the browser has come back. */
const WAIT = 10;

/** Takes the browser to the provider where it has to go there, and waits until it has come back to the harness. */
async function finished(
  { report, openBrowser }: Context,
  { timeout, 'print-url': printUrl }: ConnectArgs,
  harness: HarnessInstances,
  begun: HarnessOutcome,
): Promise<HarnessOutcome> {
  const { authorization, instance } = begun;
  if (authorization === undefined || instance === undefined) return begun;
  const { url, redirectUri } = authorization;
  const opened = !printUrl && (await openBrowser(url));
  const message = opened
    ? `Your browser shows ${new URL(url).origin}; go on there.`
    : `Open this address in your browser: ${url}`;
  report({ kind: 'step', message });
  const { id } = instance;
  const end = performance.now() + timeout * 1000;
  let now: ConnectionInstance = instance;
  try {
    for (let left = timeout; now.status === 'waiting' && left > 0; left = (end - performance.now()) / 1000) {
      now = await harness.get(id, Math.min(WAIT, left));
    }
  } finally {
    // Be it too late, or interrupted: nobody comes back, and what was connected before goes on to be.
    if (now.status === 'waiting') await harness.abandon(id).catch(() => {});
  }
  if (now.status === 'waiting') throw tooLate(timeout, redirectUri);
  const trace = await harness.trace(id);
  const { problem } = now;
  return { instance: now, ...(trace && { trace }), ...(problem && { problem }) };
}

function tooLate(seconds: number, redirectUri: string): ConnectorError {
  return new ConnectorError('network', {
    code: 'connect/no-callback',
    message: `The browser did not return within ${seconds} seconds.`,
    hint: `Finish in the browser, or allow more time with --timeout. If the provider shows an error, register ${redirectUri} as a redirect URI of your client there.`,
  });
}

/** Lists, shows, runs or deletes what was connected in the harness. */
export async function manageInHarness(context: Context, args: ConnectionsArgs): Promise<Result> {
  const harness = await harnessInstances(context, { origin: args.origin });
  const action = args.action as Action;
  const { id } = args;
  if (action === 'list' || id === undefined) return list(harness);
  return RUNS[action](harness, id, args);
}

async function list(harness: HarnessInstances): Promise<Result> {
  const all = await harness.list();
  const rows = all.map(({ id, connection, local, changed, status, expires, ...instance }) => [
    id,
    harness.idFor(connection),
    local ? 'local provider' : 'API',
    status === 'connected' ? nameOf(instance) : status,
    `changed ${changed}`,
    expires === undefined ? '' : `expires ${expires}`,
  ]);
  const summary = `${plural(all.length, 'connected connection')} in the harness.`;
  const next = all.length === 0 ? [`connector connect ${harness.flags}`] : [];
  return { data: { connections: all }, lines: columns(rows), summary, next };
}

type Run = (harness: HarnessInstances, id: string, args: ConnectionsArgs) => Promise<Result>;

const RUNS: Readonly<Record<Exclude<Action, 'list'>, Run>> = {
  show: async (harness, id) => {
    const instance = await harness.get(id);
    const lines = Object.entries(instance).map(([name, value]) => {
      return `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`;
    });
    return { data: instance, lines };
  },
  verify: again('verify', (id) => `Verified ${id}`),
  refresh: again('refresh', refreshed),
  invalidate: again('invalidate', (id) => `Revoked and deleted ${id}`),
  trace: async (harness, id, { curl }) => {
    const trace = await harness.trace(id);
    if (trace === undefined) return { data: { trace: null }, summary: `${id} waits for the browser.` };
    const exchanges = trace.steps.flatMap((step) => step.exchanges);
    const lines = curl
      ? exchanges.flatMap((exchange) => [...curlOf(exchange).split('\n'), ''])
      : traceLines(trace, { open: 'all' });
    const summary = `The last run, of the sections with the version ${trace.version}. Secrets are left out.`;
    return { data: { trace }, lines, summary };
  },
  delete: async (harness, id) => {
    await harness.delete(id);
    return { data: { id }, summary: `Deleted ${id} in the harness. Its tokens were not revoked at the provider.` };
  },
};

function again(
  action: 'verify' | 'refresh' | 'invalidate',
  words: (id: string, trace: Pick<Trace, 'steps'>) => string,
): Run {
  return async (harness, id, args) => {
    const outcome = await harness.run(id, action);
    const { instance, problem } = outcome;
    if (problem !== undefined) {
      const next = remedies(problem, `connector connect --reauthorize ${id} ${harness.flags}`);
      return { ...toldFailure(outcome, args.trace), next };
    }
    const done = words(id, outcome.trace ?? { steps: [] });
    const summary = instance === undefined ? `${done}.` : `${done}: ${nameOf(instance)}.`;
    return { ...told(outcome, args.trace), summary };
  };
}

function told({ instance, trace }: HarnessOutcome, all: boolean): Result {
  return { data: { ...instance, trace }, lines: trace === undefined ? [] : linesOf(trace, all) };
}

function toldFailure({ problem, trace }: HarnessOutcome, all: boolean): Result {
  if (problem !== undefined && trace !== undefined) return failed({ problem, trace }, all);
  return { exit: 'findings', summary: 'It was deleted before it was connected.' };
}
