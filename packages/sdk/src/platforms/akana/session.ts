import type { Operations } from '#generated/akana.js';
import { type Conventions, contractClient } from '../client.ts';
import type { Endpoint, HttpRequest, HttpResponse, Send } from '../platform.ts';

/** The tenant of the vendor's own samples, and of the harness. */
const TENANT = 'acmepaymentscorp';

const SESSION = 'AtmoAuthToken_';
const CSRF = 'Csrf-Token_';

/**
 * Reads a token, which may be:
 * - `email:password`: the client logs in by itself, and again when the session is over. The cookies name the tenant;
 * - the cookies of a session, `AtmoAuthToken_{tenant}=…; Csrf-Token_{tenant}=…`;
 * - the value of the session's cookie alone. Vendors' own name the tenant inside; for others it is `tenant`.
 */
function readToken(token: string, tenant: string | undefined): { login?: Login; cookies: Map<string, string> } {
  if (token.includes(SESSION)) return { cookies: cookiesIn(token, ';') };
  const [, email, password] = /^([^:=%;\s]+):(.+)$/s.exec(token) ?? [];
  if (email !== undefined && password !== undefined) return { login: { email, password }, cookies: new Map() };
  const [, named] = /claimed_id(?:=|%3D)urn(?::|%3A)atmosphere(?::|%3A)user(?::|%3A)([\w-]+)/i.exec(token) ?? [];
  const own = named ?? tenant ?? TENANT;
  return {
    cookies: new Map([
      [`${SESSION}${own}`, token],
      [`${CSRF}${own}`, token],
    ]),
  };
}

interface Login {
  readonly email: string;
  readonly password: string;
}

/**
 * A `Send` that keeps the session: it logs in before the first request, sends the cookies and the header against
 * forgery, takes the cookies that come back, and where the platform says 401 renews the session, once for a request.
 */
export function keepSession(endpoint: Endpoint, conventions: Conventions, tenant?: string): Send {
  const { login, cookies } = readToken(endpoint.token, tenant);
  const send: Send = async (request) => {
    const response = await endpoint.send(request);
    for (const [name, value] of cookiesSet(response)) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const call = contractClient<Operations>(conventions, {
    ...endpoint,
    send: (request) => send(request.url.endsWith('/login') ? request : withCookies(request, cookies)),
  });
  const begin = async () => {
    if (login !== undefined) return (await call('login', { body: { ...login } })) !== undefined;
    return (await call('renewToken')) instanceof Object;
  };
  // Requests that find the session over at the same time begin one.
  let beginning: Promise<boolean> | undefined;
  const beginOnce = () => {
    beginning ??= begin().finally(() => {
      beginning = undefined;
    });
    return beginning;
  };
  return async (request) => {
    if (cookies.size === 0) await beginOnce();
    const sent = [...cookies.values()].join();
    const response = await send(withCookies(request, cookies));
    if (response.status !== 401) return response;
    const begun = sent !== [...cookies.values()].join() || (await beginOnce());
    return begun ? send(withCookies(request, cookies)) : response;
  };
}

function withCookies(request: HttpRequest, cookies: ReadonlyMap<string, string>): HttpRequest {
  const headers: Record<string, string> = { ...request.headers };
  headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const [name, value] of cookies) if (name.startsWith(CSRF)) headers[`X-${name}`] = value;
  return { ...request, headers };
}

function cookiesIn(text: string, separator: string | RegExp): Map<string, string> {
  const pairs = text.split(separator).map((each): [string, string] => {
    const [pair = ''] = each.split(';');
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()];
  });
  return new Map(pairs.filter(([name]) => name.startsWith(SESSION) || name.startsWith(CSRF)));
}

/** Several `Set-Cookie` headers come joined by commas, which the dates in them hold as well. */
function cookiesSet({ headers }: HttpResponse): Map<string, string> {
  return cookiesIn(headers['set-cookie'] ?? '', /,\s*(?=[\w.-]+=)/);
}
