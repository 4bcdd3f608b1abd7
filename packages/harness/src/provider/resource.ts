import type { Provider } from 'oidc-provider';
import type { Incoming, Outgoing } from '../emulate.ts';
import type { User } from './registered.ts';
import type { ProviderContext } from './stored-model.ts';

/** A request to what the provider serves beside the authorization server. */
export interface ResourceCall {
  readonly incoming: Incoming;
  /** Below `/provider`. */
  readonly path: string;
  /** Scheme and host that the request was sent to. */
  readonly origin: string;
  readonly query: URLSearchParams;
  /** Of the body, when it is one. */
  readonly form: URLSearchParams;
  /** Loaded when it is needed. */
  readonly provider: () => Promise<Provider>;
  readonly surroundings: ProviderContext;
}

export type Resource = (call: ResourceCall) => Promise<Outgoing>;

/** Who calls; the app itself when it is no user. */
export function welcome(user: User | undefined, more: Readonly<Record<string, string | undefined>>): Outgoing {
  const { username: id, name = id, email = `${id}@example.com` } = user ?? {};
  return json(200, user === undefined ? { id: more.client_id, ...more } : { id, login: id, name, email, ...more });
}

/**
 * That nobody is let in, and why, in one sentence.
 * @param challenges what is wanted instead, each of a scheme and its parameters, as WWW-Authenticate has them
 */
export function refusal(
  status: number,
  challenges: readonly string[],
  message: string,
  more: Readonly<Record<string, string>> = {},
): Outgoing {
  const { headers, ...answer } = json(status, { error: 'unauthorized', ...more, message });
  return { ...answer, headers: { ...headers, 'www-authenticate': challenges } };
}

/** Characters that a quoted string in a header, or a description of OAuth's, cannot hold: RFC 6749, section 5.2. */
export const UNQUOTABLE = /[^\x20-\x7e]|["\\]/g;

/** A challenge whose parameters are all quoted. */
export function challenge(scheme: string, parameters: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ realm: REALM, ...parameters });
  return `${scheme} ${all.map(([name, value]) => `${name}="${value.replace(UNQUOTABLE, "'")}"`).join(', ')}`;
}

export const REALM = 'local provider';

function json(status: number, body: unknown): Outgoing {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
