import { visitLocally } from '@connectorkit/harness/headless';
import { ConnectorError } from '@connectorkit/sdk';
import type { Visit } from '@connectorkit/sdk/runtime';
import type { Callback } from '../callback.ts';
import type { Arguments, Context, Run } from '../command.ts';
import { fieldsOf, formOf } from '../form.ts';
import { parametersGiven } from '../input.ts';
import { type Connected, connectedStore } from '../local-state/connected.ts';
import { openRunnable, type RunnableConnection } from '../run-connection.ts';
import { checkReauthorized, connectedAgain, failed, nameOf, succeeded, withRecording } from '../run-outcome.ts';
import type { connect as command } from './connect.ts';

type Args = Arguments<typeof command>;

export const run: Run<typeof command> = async (context, given) => {
  // It knows the platforms, which nothing else needs here.
  if (given.harness) {
    checkArguments({ ...given, local: given.local || given.reauthorize !== undefined });
    return (await import('../run-in-harness.ts')).connectInHarness(context, given);
  }
  const store = connectedStore(context.state(context.root()), context.environment);
  const before = given.reauthorize === undefined ? undefined : store.get(given.reauthorize);
  const args = before === undefined ? given : argumentsOf(before, given);
  checkArguments(args);
  const runnable = await openRunnable(context, { id: args.connection, local: args.local });
  const { connection, provider, needsBrowser, now } = runnable;
  const recorder =
    args.record === undefined
      ? undefined
      : (await import('../recorder.ts')).recorderFor(context, runnable, args.record);
  const parameters = await parametersOf(context, args, runnable, before);
  const callback = needsBrowser ? await callbackOn(portOf(args, before), context.signal) : undefined;
  const redirectUri = callback?.redirectUri ?? 'http://127.0.0.1/callback';
  try {
    const visit = visitBy(context, args, runnable, callback);
    const { scopes } = args;
    const outcome = await runnable
      .prepare({ parameters, redirectUri, scopes }, recorder?.capture)
      .connect(recorder?.capture.visit(visit) ?? visit);
    const { problem, instance, trace } = outcome;
    if (problem !== undefined) {
      if (before !== undefined) store.replace({ ...before, trace });
      return failed(outcome, args.trace);
    }
    const changed = now().toISOString();
    const after = { redirectUri, parameters, scopes, instance, trace, changed };
    const connected =
      before === undefined
        ? store.add({ connection: connection.id, local: provider !== undefined, connected: changed, ...after })
        : { ...before, ...after };
    if (before !== undefined) store.replace(connected);
    const { id } = connected;
    const result = {
      ...succeeded(connected, args.trace),
      summary:
        before === undefined
          ? `Connected ${connection.id} as ${nameOf(instance)}. It is ${id}:`
          : connectedAgain(id, before.instance, instance),
      next: [`connector connections verify ${id}`, `connector connections trace ${id}`],
    };
    return recorder === undefined ? result : withRecording(result, await recorder.write('connect'));
  } finally {
    await callback?.close();
  }
};

/** @throws ConnectorError usage `usage/arguments` for arguments that are about another connection */
function argumentsOf(before: Connected, args: Args): Args {
  checkReauthorized(before, args);
  const { connection, local, scopes = [] } = before;
  return { ...args, connection, local, scopes: args.scopes.length === 0 ? scopes : args.scopes };
}

/** Loaded where a browser comes back: it is a server. */
async function callbackOn(port: number, signal: AbortSignal): Promise<Callback> {
  const { listenForCallback } = await import('../callback.ts');
  return listenForCallback(port, signal);
}

function checkArguments({ headless, local, harness, origin, port, record, 'print-url': printUrl }: Args): void {
  const wrong = [
    [headless && !local, '--headless needs --local.', HEADLESS],
    [headless && printUrl, '--headless opens no URL.', HEADLESS],
    [
      harness && port !== undefined,
      '--port is not for --harness.',
      'There the provider redirects to the harness itself.',
    ],
    [!harness && origin !== undefined, '--origin needs --harness.', 'It names a shared harness to connect in.'],
    [harness && record !== undefined, '--record is not for --harness.', 'Only a run on this machine can be recorded.'],
  ] as const;
  const [, message, hint] = wrong.find(([is]) => is) ?? [];
  if (message !== undefined) throw new ConnectorError('usage', { code: 'usage/arguments', message, hint });
}

const HEADLESS =
  'Without a browser only the local provider can be signed in to: `connector connect --local --headless`.';

/** The local provider allows any free port; elsewhere the redirect URI was registered with a port. */
function portOf({ local, port }: Args, before: Connected | undefined): number {
  if (port !== undefined) return port;
  if (local) return 0;
  return Number(new URL(before?.redirectUri ?? 'http://127.0.0.1').port) || 4610;
}

/**
 * Returns the given parameters, or those that the local provider lets in; with a real API the user is asked. What is
 * connected again keeps those that are not given.
 */
async function parametersOf(
  context: Context,
  { input }: Args,
  { connection, provider }: RunnableConnection,
  before: Connected | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const given = await parametersGiven(context, input);
  if (before !== undefined) return { ...before.parameters, ...given };
  if (given !== undefined) return given;
  // Nobody who begins could know them, and there is nothing else that they could be.
  if (provider !== undefined) return provider.parameters(connection, fieldsOf(connection));
  return (await formOf(context, connection.id).fill(context, undefined)) ?? {};
}

const FOREIGN =
  'A browser returned without the state that it was sent with. That response is not used; the command goes on waiting for the right one.';

function visitBy(
  context: Context,
  args: Args,
  { provider }: RunnableConnection,
  callback: Callback | undefined,
): Visit {
  return async ({ url, redirectUri }) => {
    if (args.headless && provider !== undefined) return visitLocally(url, provider.url, redirectUri);
    const opened = !args['print-url'] && (await context.openBrowser(url));
    const message = opened
      ? `Your browser shows ${new URL(url).origin}; go on there.`
      : `Open this address in your browser: ${url}`;
    context.report({ kind: 'step', message });
    if (callback === undefined) throw new Error('nobody listens for the browser');
    return callback.wait(url, {
      milliseconds: args.timeout * 1000,
      onForeign: () => context.report({ kind: 'problem', message: FOREIGN }),
    });
  };
}
