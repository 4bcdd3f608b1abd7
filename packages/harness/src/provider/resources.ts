import type { Provider } from 'oidc-provider';
import type { Incoming, Outgoing } from '../emulate.ts';
import { type User, userOf } from './registered.ts';
import type { Surroundings } from './stored-model.ts';

/** A request to a resource. */
export interface ResourceCall {
  readonly incoming: Incoming;
  /** Below `/provider`. */
  readonly path: string;
  readonly origin: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly provider: Provider;
  readonly surroundings: Surroundings;
}

export type Resource = (call: ResourceCall) => Promise<Outgoing>;

/** What wants a proof of who calls, and answers who it is. */
export const RESOURCES: Readonly<Record<string, Resource>> = { bearer };

/** Access tokens in the Authorization header: RFC 6750, section 2.1. */
async function bearer({
  incoming: { headers },
  query,
  provider,
  surroundings: { store },
}: ResourceCall): Promise<Outgoing> {
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  if (token === undefined) return refusal(401, 'Bearer', {}, 'Send an access token as Authorization: Bearer.');
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  if (found === undefined) {
    const description = 'The access token is unknown, expired or revoked.';
    return refusal(401, 'Bearer', { error: 'invalid_token', error_description: description }, description);
  }
  const scope = query.get('scope') ?? '';
  const had = (found.scope ?? '').split(' ');
  const lacking = scope.split(' ').filter((each) => each !== '' && !had.includes(each));
  if (lacking.length > 0) {
    const description = `The access token lacks the scope ${lacking.join(' ')}.`;
    return refusal(403, 'Bearer', { error: 'insufficient_scope', error_description: description, scope }, description);
  }
  const username = 'accountId' in found ? found.accountId : undefined;
  const user = username === undefined ? undefined : await store.read((tx) => userOf(username, tx));
  return welcome(user, { client_id: found.clientId, scope: found.scope ?? '' });
}

/** Who calls; the app itself when it is no user. */
export function welcome(user: User | undefined, more: Readonly<Record<string, string | undefined>>): Outgoing {
  const { username: id, name = id, email = `${id}@example.com` } = user ?? {};
  return json(200, user === undefined ? { id: more.client_id, ...more } : { id, login: id, name, email, ...more });
}

/** @param parameters of the challenge */
export function refusal(
  status: number,
  scheme: string,
  parameters: Readonly<Record<string, string>>,
  message: string,
): Outgoing {
  const all = Object.entries({ realm: 'local provider', ...parameters });
  const challenge = `${scheme} ${all.map(([name, value]) => `${name}="${value.replace(/["\\]/g, "'")}"`).join(', ')}`;
  const { headers, ...answer } = json(status, { error: parameters.error ?? 'unauthorized', message });
  return { ...answer, headers: { ...headers, 'www-authenticate': challenge } };
}

function json(status: number, body: unknown): Outgoing {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
