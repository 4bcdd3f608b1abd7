/**
 * The session of this browser with the harness. It has two halves, and each request needs both: a cookie, which scripts
 * cannot read, and a key, which only pages of this very address can read. Cookies are sent to every port of a host.
 */
const KEY = 'connector-console-key';

/** Header with the key. */
const HEADER = 'x-connector-console';

/** Headers of every request to the harness. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  const key = localStorage.getItem(KEY);
  return key === null ? {} : { [HEADER]: key };
}

/**
 * Uses the code of a one-time link, which stands behind the # so that it is sent to nobody else, and takes it out of the
 * address. Does nothing if there is none.
 */
export async function beginSession(): Promise<void> {
  const { hash, pathname, search } = location;
  const [, code] = /^#code=([\w-]+)$/.exec(hash) ?? [];
  if (code === undefined) return;
  history.replaceState(history.state, '', `${pathname}${search}`);
  const response = await fetch('/__harness/console-session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!response.ok) return;
  const { key } = (await response.json()) as { key: string };
  localStorage.setItem(KEY, key);
}
