import { ConnectorError, type Diagnostic, type ErrorKind, type Files } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { confirmHarness, notRunning, recordedHarness } from './running-harness.ts';

/** Asks the API of the running harness; gives the body of the answer. */
export type Ask = (method: string, path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>;

const KINDS: Readonly<Record<number, ErrorKind>> = { 400: 'usage', 401: 'auth', 422: 'findings' };

/**
 * The way to the harness that runs for a folder.
 * @throws ConnectorError as confirmHarness does; from what it gives, what the harness refuses.
 */
export async function controlOf({ send }: Pick<Context, 'send'>, files: Files): Promise<Ask> {
  const harness = recordedHarness(files);
  if (harness === undefined) throw notRunning('No harness is running for this folder.');
  await confirmHarness(send, harness);
  const { url, control } = harness;
  return async (method, path, body) => {
    const response = await send({
      method,
      url: `${url}/__harness${path}`,
      headers: {
        authorization: `Bearer ${control}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = objectIn(response.body);
    if (answer !== undefined && response.status < 400) return answer;
    const { message = `${method} ${path} was answered with ${response.status}, and not as a harness answers.` } =
      (answer ?? {}) as { readonly message?: string };
    const { diagnostics = [] } = (answer ?? {}) as { readonly diagnostics?: readonly Diagnostic[] };
    const hint = 'Restart the harness if it is of another version.';
    const own = { code: 'origin/refused', severity: 'error', message, hint } as const;
    throw new ConnectorError(KINDS[response.status] ?? 'refused', diagnostics.length === 0 ? [own] : diagnostics);
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
