import type { TraceExchange } from './trace.ts';

/**
 * The request of an exchange as a command of curl, for a POSIX shell. What was hidden in the trace is hidden here: it is
 * to be filled in before the command is run.
 */
export function curlOf({ request }: Pick<TraceExchange, 'request'>): string {
  const { method, url, headers, body } = request;
  // Without it curl would send GET, or POST when there is a body.
  const chosen = method === (body === undefined ? 'GET' : 'POST') ? [] : [`-X ${method}`];
  const lines = [
    `curl ${[...chosen, quoted(url)].join(' ')}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(headers['accept-encoding'] === undefined ? [] : ['--compressed']),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return lines.join(' \\\n  ');
}

/** A word that no shell reads anything into. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
