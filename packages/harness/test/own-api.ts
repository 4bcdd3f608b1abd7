import type { Harness } from '@connectorkit/harness';

/** An answer of the harness's own API. */
export interface OwnAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

/** Asks the API below /__harness, with the control token. */
export async function askOwn(harness: Harness, method: string, path: string, body?: unknown): Promise<OwnAnswer> {
  const response = await fetch(`${harness.url}/__harness${path}`, {
    method,
    headers: {
      authorization: `Bearer ${harness.controlToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
