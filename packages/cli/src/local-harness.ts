import { join } from 'node:path';
import type { Harness } from '@connectorkit/harness';
import { ConnectorError, type Files } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { HARNESS_FILE, ownAddress, rememberedTokens, runningHarness } from './running-harness.ts';

export interface HarnessArguments {
  readonly port: number;
  readonly 'tls-port': number | undefined;
  readonly host: string;
  readonly store: string | undefined;
  readonly synchronous: 'NORMAL' | 'FULL';
  readonly 'allow-remote': boolean;
  readonly 'allow-plain-http': boolean;
}

export interface RunningHarness {
  readonly harness: Harness;
  /** Stops it and takes its address out of `.connector/harness.json`; the token stays for the next start. */
  stop(): Promise<void>;
}

/** Where others reach a harness over TLS unless another port is said. */
const TLS_PORT = 4643;

/**
 * Starts a harness that keeps its state in `.connector/` below `root`, and writes down where it is. Requests are
 * reported unless they are `own`.
 * @throws ConnectorError usage `harness/already-running`, or what createHarness throws
 */
export async function startHarness(
  context: Context,
  root: string,
  args: HarnessArguments,
  own: () => boolean = () => false,
): Promise<RunningHarness> {
  const files = context.files(root);
  await refuseSecond(context, files);
  const { createHarness } = await import('@connectorkit/harness');
  const { environment } = context;
  const remembered = rememberedTokens(files);
  const token = args['allow-remote'] ? environment.CONNECTOR_TOKEN || undefined : remembered.token;
  const key = environment.CONNECTOR_HARNESS_KEY || undefined;
  const tlsPort = args['tls-port'] ?? (args['allow-remote'] && !args['allow-plain-http'] ? TLS_PORT : undefined);
  const harness = await createHarness({
    port: args.port,
    ...(tlsPort === undefined ? {} : { tlsPort }),
    certificateFolder: join(root, '.connector'),
    host: args.host,
    allowRemote: args['allow-remote'],
    allowPlainHttp: args['allow-plain-http'],
    store: args.store ?? join(root, '.connector', 'harness.db'),
    synchronous: args.synchronous,
    ...(token === undefined ? {} : { token }),
    ...(remembered.control === undefined ? {} : { controlToken: remembered.control }),
    ...(key === undefined ? {} : { storeKey: key }),
    onRequest: ({ method, path, status, milliseconds }) => {
      if (!own()) context.report({ kind: 'step', message: `${method} ${path} ${status}`, milliseconds });
    },
    onFault: (fault) => {
      const message = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
      context.report({ kind: 'problem', message: `The harness failed: ${message}` });
    },
  });
  const { url, tlsUrl, certificate } = harness;
  if (args['allow-remote']) {
    const way = args['allow-plain-http'] ? 'also without TLS, so that whoever is on the way reads secrets' : 'over TLS';
    context.report({ kind: 'note', message: `Whoever reaches ${args.host} and has the token is let in, ${way}.` });
  }
  const tokens = { token: harness.token, control: harness.controlToken };
  writeDown(files, { url: ownAddress(url), ...(tlsUrl && { tlsUrl }), ...tokens, pid: process.pid });
  if (remembered.token !== harness.token) {
    context.report({ kind: 'note', message: `Token ${harness.token} (kept in ${HARNESS_FILE})` });
  }
  context.report({ kind: 'done', message: `Harness ready at ${url}` });
  if (tlsUrl !== undefined) {
    const message = `Over TLS at ${tlsUrl}; Node trusts it with NODE_EXTRA_CA_CERTS=${certificate?.file}`;
    context.report({ kind: 'note', message });
  }
  return {
    harness,
    stop: async () => {
      await harness.close();
      writeDown(files, tokens);
    },
  };
}

/** Resolves when the command is told to end. */
export function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function refuseSecond({ send }: Pick<Context, 'send'>, files: Files): Promise<void> {
  const running = await runningHarness(send, files);
  if (running === undefined) return;
  throw new ConnectorError('usage', {
    code: 'harness/already-running',
    message: `A harness already runs for this folder at ${running.url}, process ${running.pid}.`,
    hint: 'Use it, or stop it first.',
  });
}

function writeDown(files: Files, facts: object): void {
  files.write(HARNESS_FILE, `${JSON.stringify(facts, undefined, 2)}\n`, { secret: true });
}
