import type { Harness, HarnessOptions, RequestEntry } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import { userFolder } from '@connectorkit/sdk/node';
import type { Context } from './command.ts';
import { storeFor } from './harness-store.ts';
import { HARNESS_FILE, harnessLock, type LocalState } from './local-state/index.ts';
import { takeStartLock } from './local-state/start-lock.ts';
import { isLoopback, ownAddress, recordedHarness, rememberedTokens, runningHarness } from './running-harness.ts';
import { version } from './version.ts';

export interface HarnessArguments {
  readonly port: number;
  readonly 'tls-port': number | undefined;
  readonly host: string;
  readonly store: string | undefined;
  readonly synchronous: 'NORMAL' | 'FULL';
  readonly 'allow-remote': boolean;
  readonly 'allow-plain-http': boolean;
  readonly 'public-url'?: string | undefined;
  readonly 'metrics-port'?: number | undefined;
  readonly log?: 'text' | 'json' | 'off';
  readonly 'max-spaces'?: number | undefined;
  readonly 'space-rows'?: number | undefined;
  readonly 'space-megabytes'?: number | undefined;
  readonly 'shutdown-delay'?: number;
  readonly 'shutdown-timeout'?: number;
}

export interface RunningHarness {
  readonly harness: Harness;
  /** Stops it and takes its address out of the local state; the token stays for the next start. */
  stop(): Promise<void>;
}

/** Where others reach a harness over TLS unless another port is said. */
const TLS_PORT = 4643;

/**
 * Starts a harness that keeps its data with the local state of a folder, and writes down there where it is. Of several
 * that start there at the same time, one does. Requests are reported unless they are `own`.
 * @throws ConnectorError usage `harness/already-running`, or what createHarness throws
 */
export async function startHarness(
  context: Context,
  root: string,
  args: HarnessArguments,
  own: () => boolean = () => false,
): Promise<RunningHarness> {
  const state = context.state(root);
  const lock = await takeStartLock(harnessLock(root), context);
  try {
    await refuseSecond(context, state);
    const remembered = rememberedTokens(state);
    const harness = await createOwn(context, root, args, remembered, own);
    const { url, tlsUrl } = harness;
    const address = ownAddress(url);
    try {
      if (!lock.isHeld()) throw alreadyRunning('Another harness took over while this one was starting.');
      const tokens = { token: harness.token, control: harness.controlToken };
      state.update('harness', () => ({
        url: address,
        ...(tlsUrl && { tlsUrl }),
        ...tokens,
        pid: process.pid,
        version: version(),
      }));
    } catch (error) {
      await harness.close();
      throw error;
    }
    // A token of the user's own need not be reported, and what is reported may be kept in a log.
    const known = [remembered.token, context.environment.CONNECTOR_TOKEN];
    tellOf(context, harness, args, !known.includes(harness.token));
    return { harness, stop: () => stopHarness(context, root, harness, address) };
  } finally {
    lock.release();
  }
}

/** @param own whether a request is the command's own, which is not reported */
async function createOwn(
  context: Context,
  root: string,
  args: HarnessArguments,
  remembered: ReturnType<typeof rememberedTokens>,
  own: () => boolean,
): Promise<Harness> {
  const { createHarness } = await import('@connectorkit/harness');
  const { environment } = context;
  const remote = args['allow-remote'];
  const token = remote ? environment.CONNECTOR_TOKEN || undefined : remembered.token;
  const control = ownControlToken(environment, remote) ?? remembered.control;
  const tlsPort = args['tls-port'] ?? (remote && !args['allow-plain-http'] ? TLS_PORT : undefined);
  const { log = 'text' } = args;
  const onRequest = ({ milliseconds, ...request }: RequestEntry) => {
    if (own()) return;
    const { method, path, status } = request;
    const message = `${method} ${path} ${request.cut ? 'cut' : status}`;
    // A path holds names of what is on the platforms, and of anything that somebody asks for.
    const facts = { request_id: request.id, method, route: request.route ?? null, status, ...factsOf(request) };
    context.report(
      log === 'json'
        ? { kind: 'step', message: 'request', milliseconds, facts }
        : { kind: 'step', message, milliseconds },
    );
  };
  return createHarness({
    port: args.port,
    ...(tlsPort === undefined ? {} : { tlsPort }),
    // One for all folders, and none that came with a project.
    certificateFolder: userFolder(environment),
    host: args.host,
    allowRemote: remote,
    allowPlainHttp: args['allow-plain-http'],
    ...storeFor(context, root, args.store),
    synchronous: args.synchronous,
    ...(token === undefined ? {} : { token }),
    ...(control === undefined ? {} : { controlToken: control }),
    filesOf: async (name) => (await import('./project-files.ts')).filesOf(context, root, name),
    ...sharing(args),
    ...(log !== 'off' && { onRequest }),
    requestIds: log === 'json',
    onFault: (fault) => {
      const message = faultText(fault);
      context.report({ kind: 'problem', message: `The harness failed: ${message}` });
    },
  });
}

/**
 * The control token that the user gives a harness. Where only this machine is let in, one that is said to be for a host
 * elsewhere is not for this harness.
 */
function ownControlToken(environment: Context['environment'], remote: boolean): string | undefined {
  const { CONNECTOR_CONTROL_TOKEN: token, CONNECTOR_CONTROL_HOST: host } = environment;
  if (!token) return undefined;
  return remote || !host || isLoopbackHost(host) ? token : undefined;
}

/** @param host with a port or without, or a URL */
function isLoopbackHost(host: string): boolean {
  const url = host.includes('://') ? host : `http://${host}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** A reason that the user can correct is told without where in the code it was met. */
function faultText(fault: unknown): string {
  if (fault instanceof ConnectorError) {
    return fault.diagnostics.map(({ message, hint }) => [message, hint].filter(Boolean).join(' ')).join(' ');
  }
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

/** Members of an entry of the log that only some entries have. */
function factsOf({ space, cut }: Omit<RequestEntry, 'milliseconds'>): Readonly<Record<string, unknown>> {
  return { ...(space !== undefined && { space }), ...(cut && { cut }) };
}

/** @throws ConnectorError usage `usage/arguments` for a URL that is none */
function sharing(args: HarnessArguments): Pick<HarnessOptions, 'publicUrl' | 'metricsPort' | 'limits' | 'spaces'> {
  const { 'public-url': publicUrl, 'metrics-port': metricsPort } = args;
  const { 'max-spaces': most, 'space-rows': rows, 'space-megabytes': megabytes } = args;
  const { 'shutdown-delay': drain = 0, 'shutdown-timeout': grace } = args;
  if (publicUrl !== undefined && !isOrigin(publicUrl)) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      // Not shown, since it may hold a password.
      message: '--public-url is not the URL of a server.',
      hint: 'Pass only scheme, host and port, such as https://harness.example.com.',
    });
  }
  if (metricsPort !== undefined && metricsPort !== 0 && [args.port, args['tls-port']].includes(metricsPort)) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `--metrics-port is the port of the harness itself: ${metricsPort}.`,
      hint: 'Choose another one: metrics are given to everybody who reaches that port.',
      found: String(metricsPort),
    });
  }
  return {
    ...(publicUrl !== undefined && { publicUrl }),
    ...(metricsPort !== undefined && { metricsPort }),
    spaces: {
      ...(most !== undefined && { most }),
      ...(rows !== undefined && { rows }),
      ...(megabytes !== undefined && { bytes: megabytes * 1_000_000 }),
    },
    limits: { drain: drain * 1000, ...(grace !== undefined && { grace: grace * 1000 }) },
  };
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text) && /^\/?$/.test(text.replace(/^https?:\/\/[^/?#@]+/i, ''));
}

function tellOf(
  { report }: Pick<Context, 'report'>,
  { url, tlsUrl, metricsUrl, certificate, token }: Harness,
  args: HarnessArguments,
  isNewToken: boolean,
): void {
  if (args['allow-remote']) {
    const way = args['allow-plain-http'] ? 'also without TLS, so secrets are readable on the network' : 'over TLS';
    report({
      kind: 'note',
      message: `Other machines that reach ${args.host} and have the token can use the harness, ${way}.`,
    });
    const controlled = 'Anyone with its control token can control it with `connector harness <action> --url`';
    report({ kind: 'note', message: `${controlled}; the token is in ${HARNESS_FILE}.` });
  }
  if (isNewToken) {
    // Lines of a log are kept, and read by others.
    const message =
      args.log === 'json' ? `The token is in ${HARNESS_FILE}` : `Token ${token} (stored in ${HARNESS_FILE})`;
    report({ kind: 'note', message });
  }
  report({ kind: 'done', message: `Harness ready at ${url}` });
  if (metricsUrl !== undefined) report({ kind: 'note', message: `Metrics at ${metricsUrl}` });
  if (tlsUrl === undefined) return;
  const message = `Over TLS at ${tlsUrl}; Node trusts it with NODE_EXTRA_CA_CERTS=${certificate?.file}`;
  report({ kind: 'note', message });
}

/** Takes its address out of the file, unless another harness has written down its own by then. */
async function stopHarness(context: Context, root: string, harness: Harness, address: string): Promise<void> {
  const state = context.state(root);
  await harness.close();
  // The signal has told it to stop, and does not keep it from that.
  const lock = await takeStartLock(harnessLock(root), { signal: new AbortController().signal });
  try {
    const recorded = recordedHarness(state);
    if (recorded?.pid !== process.pid || recorded.url !== address) return;
    state.update('harness', () => ({ token: harness.token, control: harness.controlToken }));
  } finally {
    lock.release();
  }
}

/** Resolves when the command is told to end. */
export function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function refuseSecond({ send }: Pick<Context, 'send'>, state: LocalState): Promise<void> {
  const running = await runningHarness(send, state);
  if (running === undefined) return;
  throw alreadyRunning(`A harness already runs for this folder at ${running.url}, process ${running.pid}.`);
}

function alreadyRunning(message: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'harness/already-running',
    message,
    hint: 'Use it, or stop it first.',
  });
}
