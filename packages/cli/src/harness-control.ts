import { ConnectorError, type Diagnostic, type ErrorKind, lookUp } from '@connectorkit/sdk';
import type { Send } from '@connectorkit/sdk/platforms';
import type { Context } from './command.ts';
import { HARNESS_FILE, type LocalState } from './local-state/index.ts';
import { confirmHarness, notRunning, recordedHarness } from './running-harness.ts';

/** Asks the API of the running harness; gives the body of the answer. */
export type Ask = (method: string, path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>;

const KINDS: Readonly<Record<string, ErrorKind>> = { 400: 'usage', 401: 'auth', 404: 'usage', 422: 'findings' };

/**
 * The way to the harness that runs for a folder.
 * @throws ConnectorError as confirmHarness does; from what it gives, what the harness refuses.
 */
export async function controlOf({ send }: Pick<Context, 'send'>, state: LocalState): Promise<Ask> {
  const harness = recordedHarness(state);
  if (harness === undefined) throw notRunning('No harness is running for this folder.');
  await confirmHarness(send, harness);
  return askAt(send, harness.url, harness.control);
}

/** The way to the API of a harness at an address, which is known to be one. */
export function askAt(send: Send, url: string, control: string): Ask {
  const exchange = exchangeAt(send, url, control);
  return async (method, path, body) => accepted(method, path, await exchange(method, path, body));
}

/** Answer of the API of a harness, be it a refusal or not; undefined for what is no JSON object. */
export interface Answered {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>> | undefined;
}

/** Returns the way to the API of a harness whose refusals are read, and not thrown. */
export function exchangeAt(send: Send, url: string, control: string) {
  return async (method: string, path: string, body?: object): Promise<Answered> => {
    const response = await send({
      method,
      url: `${url}/__harness${path}`,
      headers: {
        authorization: `Bearer ${control}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, answer: objectIn(response.body) };
  };
}

/** The body of an answer. @throws ConnectorError what the harness refuses */
export function accepted(method: string, path: string, { status, answer }: Answered): Awaited<ReturnType<Ask>> {
  if (answer !== undefined && status < 400) return answer;
  throw refusal(`${method} ${path}`, status, answer ?? {});
}

function refusal(asked: string, status: number, { message, diagnostics }: Awaited<ReturnType<Ask>>): ConnectorError {
  const own: Diagnostic = {
    code: 'origin/refused',
    severity: 'error',
    message: isText(message) ? message : `${asked} was answered with ${status}, and not as a harness answers.`,
    hint:
      status === 401
        ? `Its control token is in ${HARNESS_FILE}, in the folder where it runs.`
        : 'Restart the harness if it is of another version.',
  };
  const reported = Array.isArray(diagnostics) && diagnostics.length > 0 && diagnostics.every(isDiagnostic);
  return new ConnectorError(lookUp(KINDS, String(status)) ?? 'refused', reported ? diagnostics : [own]);
}

function isDiagnostic(value: unknown): value is Diagnostic {
  const { code, severity, message } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(code) && isText(severity) && isText(message);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
