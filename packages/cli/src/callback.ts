import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '@connectorkit/sdk';

/** The only address that is listened to: RFC 8252, section 7.3. */
const HOST = '127.0.0.1';
const PATH = '/callback';

/** Waits for the browser to come back from a provider. */
export interface Callback {
  readonly redirectUri: string;
  /**
   * Gives the query string that the browser brings.
   * @throws ConnectorError network `connect/no-callback` when it does not come in time
   */
  wait(milliseconds: number): Promise<URLSearchParams>;
  close(): Promise<void>;
}

/**
 * Listens for a provider's answer on this machine alone.
 * @param port 0 for any free port
 * @throws ConnectorError usage `connect/port` when the port is taken
 */
export async function listenForCallback(port: number, signal: AbortSignal): Promise<Callback> {
  let arrive: (query: URLSearchParams) => void = () => {};
  const arrival = new Promise<URLSearchParams>((resolve) => {
    arrive = resolve;
  });
  const server = createServer((request, response) => answer(request, response, arrive));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(taken(port, error)));
    server.listen(port, HOST, resolve);
  });
  const redirectUri = `http://${HOST}:${(server.address() as AddressInfo).port}${PATH}`;
  return {
    redirectUri,
    wait: (milliseconds) => within(arrival, milliseconds, signal, redirectUri),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, arrive: (query: URLSearchParams) => void): void {
  // Any page can ask for what is no address, such as `//`.
  const address = `http://${HOST}${request.url}`;
  const { pathname, searchParams } = new URL(URL.canParse(address) ? address : `http://${HOST}`);
  const named = request.headers.host?.replace(/:\d+$/, '');
  if (request.method !== 'GET' || pathname !== PATH || named !== HOST) page(response, 404, 'There is nothing here.');
  // Browsers ask for it to show the page sooner, and come again.
  else if (request.headers['sec-purpose']?.includes('prefetch')) page(response, 503, 'Not now.');
  else {
    const isRefused = searchParams.has('error') || searchParams.has('denied');
    const what = isRefused
      ? 'The provider refused. The terminal shows the reason'
      : 'The provider has answered. Go back to the terminal';
    page(response, 200, `${what}; you can close this page.`);
    arrive(searchParams);
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

async function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  signal: AbortSignal,
  redirectUri: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => {};
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(tooLate(milliseconds, redirectUri)), milliseconds);
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
