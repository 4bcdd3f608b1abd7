import { ConnectorError, type Diagnostic, type ErrorKind, type Files } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { runningHarness } from './settings.ts';

/** Asks the API of the running harness; gives the body of the answer. */
export type Ask = (method: string, path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>;

const KINDS: Readonly<Record<number, ErrorKind>> = { 400: 'usage', 401: 'auth', 422: 'findings' };

/**
 * The way to the harness that runs for a folder.
 * @throws ConnectorError network `harness/not-running`; from what it gives, what the harness refuses.
 */
export function controlOf({ send }: Pick<Context, 'send'>, files: Files): Ask {
  const running = runningHarness(files);
  if (running?.control === undefined) {
    throw new ConnectorError('network', {
      code: 'harness/not-running',
      message: 'No harness is running for this folder.',
      hint: 'Start one with `connector harness` in another terminal, or work with `connector dev`.',
    });
  }
  const { url, control } = running;
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
    const answer = JSON.parse(response.body) as { message?: string; diagnostics?: readonly Diagnostic[] };
    if (response.status < 400) return answer as Readonly<Record<string, unknown>>;
    const message = answer.message ?? `${method} ${path} was answered with ${response.status}.`;
    const hint = 'Restart the harness if it is of another version.';
    const diagnostics = answer.diagnostics ?? [{ code: 'origin/refused', severity: 'error', message, hint } as const];
    throw new ConnectorError(KINDS[response.status] ?? 'refused', diagnostics);
  };
}
