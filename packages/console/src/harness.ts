import type { Diagnostic } from '@connectorkit/sdk';
import { sessionHeaders } from './session.ts';

/** An answer of the harness that is a refusal. */
export class HarnessError extends Error {
  /** HTTP status; 0 if the harness does not answer. */
  readonly status: number;
  /** Absent where the harness gave none. */
  readonly diagnostics: readonly Diagnostic[];
  /** The whole body. */
  readonly body: unknown;

  constructor(status: number, message: string, body?: { readonly diagnostics?: readonly Diagnostic[] }) {
    super(message);
    this.status = status;
    this.diagnostics = body?.diagnostics ?? [];
    this.body = body;
  }
}

/** Event of the window when the harness refuses a request for want of a session. */
export const REFUSED = 'connector-console-refused';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Asks the harness's own API.
 * @param path below `/__harness`, such as `/journal`
 * @throws HarnessError for refusals, and when the harness does not answer
 */
export async function ask<Answer>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await send(method, path, body, signal);
  const text = await response.text();
  const answer = textAsJson(text);
  if (response.ok) return answer as Answer;
  const said = (answer ?? {}) as { message?: string; diagnostics?: readonly Diagnostic[] };
  throw new HarnessError(response.status, said.message ?? `The harness answered with ${response.status}.`, said);
}

/**
 * Follows a stream of server-sent events of the harness until the signal ends it. Not with EventSource, which sends no
 * header.
 * @param path below `/__harness`, such as `/journal/stream`
 * @throws HarnessError for refusals, and when the harness does not answer or ends the stream
 */
export async function follow(
  path: string,
  signal: AbortSignal,
  tell: (event: { readonly event: string; readonly id?: string; readonly data: string }) => void,
): Promise<void> {
  const response = await send('GET', path, undefined, signal);
  if (!response.ok || response.body === null) throw new HarnessError(response.status, 'The stream was refused.');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new HarnessError(0, 'The harness ended the stream.');
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    for (const text of events) {
      const fields = new Map(text.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]));
      const [event, data, id] = [fields.get('event') ?? 'message', fields.get('data'), fields.get('id')];
      if (data !== undefined) tell({ event, data, ...(id !== undefined && { id }) });
    }
  }
}

/** Answers that were asked for before anything was drawn, by their paths. */
const early = new Map<string, Promise<Response>>();

/** Asks for what the first view needs while the page is still made; the first `ask` for that path takes the answer. */
export function askEarly(path: string): void {
  const answer = fetchFrom('GET', path, undefined);
  answer.catch(() => {});
  early.set(path, answer);
}

async function send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const asked = method === 'GET' ? early.get(path) : undefined;
  early.delete(path);
  const response = await (asked ?? fetchFrom(method, path, body, signal));
  if (response.status === 401) dispatchEvent(new Event(REFUSED));
  return response;
}

async function fetchFrom(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(`/__harness${path}`, {
      method,
      headers: { ...sessionHeaders(), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new HarnessError(0, 'The harness does not answer. It may have been stopped.');
  }
}

function textAsJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
