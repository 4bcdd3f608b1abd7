import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request that came to its end. */
export interface RequestEntry {
  /** As the request names itself in `X-Request-Id`, or a new one. */
  readonly id: string;
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** Template of the path, such as `/api/v2/sdk/apps/{name}`, of which there are few; absent where nothing has such a path. */
  readonly route?: string;
  /** Of the space whose token it had; absent for the harness itself. */
  readonly space?: string;
  /** 0 when the connection was cut before an answer. */
  readonly status: number;
  /** True if the connection ended before the answer did. */
  readonly cut?: true;
  readonly milliseconds: number;
}

/** Facts about a request that are found while it is answered. */
export interface RequestFacts {
  route?: string | undefined;
  space?: string | undefined;
}

/** Ids that can stand in every log as they are. */
const SANE = /^[\w.:+/=@-]{1,128}$/;

/**
 * Reports a request when it is over.
 * @param names true if the answer is to name the request in `X-Request-Id`
 */
export function reportRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { names, tell }: { readonly names: boolean; readonly tell: (entry: RequestEntry) => void },
): RequestFacts {
  const started = performance.now();
  const { method = '', url = '', headers } = request;
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
  if (names) response.setHeader('x-request-id', id);
  const facts: RequestFacts = {};
  response.once('close', () => {
    const [path = ''] = url.split('?', 1);
    // Express leaves its own there.
    const route = facts.route ?? (request as { route?: { path?: unknown } }).route?.path ?? pageAt(path);
    tell({
      ...{ id, method, path },
      ...(typeof route === 'string' && { route }),
      ...(facts.space !== undefined && { space: facts.space }),
      status: response.headersSent ? response.statusCode : 0,
      ...(!response.writableFinished && { cut: true }),
      milliseconds: performance.now() - started,
    });
  });
  return facts;
}

/** Template of a page that stands before Express. */
function pageAt(path: string): string | undefined {
  if (path === '/' || path === '/__harness') return path;
  return path.startsWith('/__harness/console/') ? '/__harness/console/*' : undefined;
}
