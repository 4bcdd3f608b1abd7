import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk';
import { isAnswerTo } from '@connectorkit/sdk/runtime';

/** The only address that is listened to: RFC 8252, section 7.3. */
const HOST = '127.0.0.1';
const PATH = '/callback';

/** Waits for the browser to come back from a provider. */
export interface Callback {
  readonly redirectUri: string;
  /**
   * Gives the query string with which the browser returns from an authorization URL. Any page on this machine can send a
   * browser here, so a return with another state does not end the wait. If no other comes in time, it is given at the
   * end, and the run refuses it.
   * @throws ConnectorError network `connect/no-callback` when none comes in time
   */
  wait(url: string, options: WaitOptions): Promise<URLSearchParams>;
  close(): Promise<void>;
}

/** How a browser is waited for. */
interface WaitOptions {
  readonly milliseconds: number;
  /** Told of the first return that belongs to another visit. */
  readonly onForeign: () => void;
}

/** A wait for the browser that goes on now. */
interface Waiting {
  /** True if a query belongs to the visit that is waited for, which ends with it. */
  takes(query: URLSearchParams): boolean;
}

/**
 * Listens for a provider's answer on this machine alone.
 * @param port 0 for any free port
 * @throws ConnectorError usage `connect/port` when the port is taken
 */
export async function listenForCallback(port: number, signal: AbortSignal): Promise<Callback> {
  let waiting: Waiting | undefined;
  const server = createServer((request, response) => answer(request, response, waiting));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(taken(port, error)));
    server.listen(port, HOST, resolve);
  });
  const redirectUri = `http://${HOST}:${(server.address() as AddressInfo).port}${PATH}`;
  return {
    redirectUri,
    wait: (url, { milliseconds, onForeign }) => {
      let foreign: URLSearchParams | undefined;
      const arrival = new Promise<URLSearchParams>((resolve) => {
        waiting = {
          takes: (query) => {
            const isOwn = belongsTo(url, query);
            if (isOwn) resolve(query);
            else if (foreign === undefined) onForeign();
            foreign = query;
            return isOwn;
          },
        };
      });
      const late = () => foreign ?? tooLate(milliseconds, redirectUri);
      return within(arrival, milliseconds, signal, late);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Checks if a browser returns from an authorization URL; any return does from one that has nothing to compare. */
function belongsTo(url: string, query: URLSearchParams): boolean {
  return isAnswerTo(url, query) || !isAnswerTo(url, new URL(url).searchParams);
}

function answer(request: IncomingMessage, response: ServerResponse, waiting: Waiting | undefined): void {
  // Any page can ask for what is no address, such as `//`.
  const address = `http://${HOST}${request.url}`;
  const { pathname, searchParams } = new URL(URL.canParse(address) ? address : `http://${HOST}`);
  const named = request.headers.host?.replace(/:\d+$/, '');
  if (request.method !== 'GET' || pathname !== PATH || named !== HOST)
    page(response, 404, 'There is no page at this address.');
  // Browsers ask for it to show the page sooner, and come again.
  else if (request.headers['sec-purpose']?.includes('prefetch')) page(response, 503, 'Not now.');
  else if (waiting?.takes(searchParams) !== true) {
    const why = 'Its state is not the one that the browser was sent with, so it belongs to another attempt';
    page(response, 400, `This response is not used. ${why}; finish in the window that the command opened.`);
  } else {
    const isRefused = searchParams.has('error') || searchParams.has('denied');
    const what = isRefused
      ? 'The provider refused. The terminal shows the reason'
      : 'The provider has answered. Go back to the terminal';
    page(response, 200, `${what}; you can close this page.`);
  }
}

/** The page holds nothing of the query, which is secret, and is not kept with it in a history. */
function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>connector</title>\n<p>${text}</p>\n</html>\n`,
  );
}

/** @param late gives what a wait that took too long ends with; an error is thrown */
async function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  signal: AbortSignal,
  late: () => Value | ConnectorError,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => {};
  try {
    return await Promise.race([
      promise,
      new Promise<Value>((resolve, reject) => {
        timer = setTimeout(() => {
          const end = late();
          if (end instanceof ConnectorError) reject(end);
          else resolve(end);
        }, milliseconds);
        interrupt = () => reject(signal.reason);
        signal.addEventListener('abort', interrupt);
        if (signal.aborted) interrupt();
      }),
    ]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

function tooLate(milliseconds: number, redirectUri: string): ConnectorError {
  return new ConnectorError('network', {
    code: 'connect/no-callback',
    message: `The browser did not return within ${milliseconds / 1000} seconds.`,
    hint: `Finish in the browser, or allow more time with --timeout. If the provider shows an error, register ${redirectUri} as a redirect URI of your client there.`,
  });
}

function taken(port: number, cause: Error): ConnectorError {
  const { code } = cause as NodeJS.ErrnoException;
  return new ConnectorError(
    'usage',
    {
      code: 'connect/port',
      message: `Port ${port} of ${HOST} cannot be listened to (${code}).`,
      hint: 'Choose another one with --port, and register its redirect URI with the provider.',
    },
    { cause },
  );
}
