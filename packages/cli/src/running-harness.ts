import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { proofOf } from '@connectorkit/harness/token-proof';
import { ConnectorError, lookUp } from '@connectorkit/sdk';
import type { HttpResponse, Send } from '@connectorkit/sdk/platforms';
import type { LocalState } from './local-state/index.ts';
import { isRunning } from './local-state/start-lock.ts';

type State = Pick<LocalState, 'read'>;

/** A harness that runs on this machine, as it wrote itself down. */
export interface Harness {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The token of its own API. */
  readonly control: string;
  /** The id of its process. */
  readonly pid: number;
}

/**
 * The harness that is written down for a folder, whose process is alive. Whether it is what answers at its address is
 * another question: `confirmHarness`.
 */
export function recordedHarness(state: State, isAlive = isRunning): Harness | undefined {
  const { url, token, control, pid } = state.read('harness') ?? {};
  if (!isText(url) || !isText(token) || !isText(control) || !URL.canParse(url)) return undefined;
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0 || !isAlive(Number(pid))) return undefined;
  return { url, token, control, pid: Number(pid) };
}

/**
 * The same, once it has shown that it is what answers; undefined when nothing does, or something else.
 * @throws ConnectorError usage `harness/not-local`
 */
export async function runningHarness(send: Send, state: State): Promise<Harness | undefined> {
  const harness = recordedHarness(state);
  if (harness === undefined) return undefined;
  try {
    await confirmHarness(send, harness);
    return harness;
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'network') return undefined;
    throw error;
  }
}

/** Checks if the host of a URL, as `URL` writes it, is this machine's own and no other's. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Has what answers at the address of a harness show that it is this harness, before it is sent anything: it must know
 * the control token, which is not sent either.
 * @throws ConnectorError usage `harness/not-local` for an address that is not this machine's own, network
 * `harness/not-running` when nothing answers there, or `harness/stranger` when something else does
 */
export async function confirmHarness(send: Send, { url, control, pid }: Harness): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  if (!isLoopback(hostname)) {
    throw new ConnectorError('usage', {
      code: 'harness/not-local',
      message: `The harness of this folder listens at ${url}, which is not a loopback address.`,
      hint: 'Give connector.json an origin with this url, and log in to it; or start the harness without --host.',
    });
  }
  const challenge = randomBytes(32).toString('base64url');
  let response: HttpResponse;
  try {
    response = await send({ method: 'GET', url: `${url}/__harness?challenge=${challenge}`, headers: {} });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw notRunning(`The harness of this folder, process ${pid}, does not answer at ${url}.`, error);
  }
  const address = hostname.replace(/^\[|\]$/g, '');
  const addresses = address === 'localhost' ? ['127.0.0.1', '::1'] : [address];
  const proofs = addresses.map((each) => proofOf(control, challenge, `${each}:${port || lookUp(PORTS, protocol)}`));
  const answer = read(response);
  if (answer.pid === pid && proofs.includes(String(answer.proof))) return;
  throw new ConnectorError('network', {
    code: 'harness/stranger',
    message: `The program at ${url} is not the harness of this folder.`,
    hint: 'Start the harness again with `connector harness`; if its port is taken, add --port 0.',
  });
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** @param cause why it is known */
export function notRunning(message: string, cause?: ConnectorError): ConnectorError {
  const hint = 'Start one with `connector harness` in another terminal, or use `connector dev`.';
  return new ConnectorError('network', { code: 'harness/not-running', message, hint }, { cause });
}

function read({ status, body }: HttpResponse): { readonly pid?: unknown; readonly proof?: unknown } {
  try {
    return status === 200 ? (JSON.parse(body) ?? {}) : {};
  } catch {
    return {};
  }
}

/** The tokens of the harness that ran last, so that the next one has the same. */
export function rememberedTokens(state: State): { readonly token?: string; readonly control?: string } {
  const { token, control } = state.read('harness') ?? {};
  return { ...(isText(token) ? { token } : {}), ...(isText(control) ? { control } : {}) };
}

/** The address by which this machine reaches a listener: one at every address is written down as loopback. */
export function ownAddress(url: string): string {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (host !== '0.0.0.0' && host !== '::') return url;
  parsed.hostname = isIPv6(host) ? '[::1]' : '127.0.0.1';
  return parsed.origin;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
