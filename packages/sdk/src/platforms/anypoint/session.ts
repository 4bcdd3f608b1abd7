import type { Operations } from '#generated/anypoint.js';
import { ConnectorError } from '../../diagnostics.ts';
import { type Conventions, contractClient } from '../client.ts';
import type { Endpoint, HttpResponse, Send } from '../platform.ts';
import { contract } from './contract/index.ts';
import { READS, SECRET } from './reads.ts';

/** How Anypoint is spoken to: where its APIs stand, what proves who calls, and what its refusals say. */

const conventions: Conventions<typeof READS> = {
  contract,
  reads: READS,
  secret: SECRET,
  credentials: () => ({}),
  readError,
  hints: {
    401: 'Log in again, or check the name and the password, or the connected app’s id and secret.',
    403: 'Ask the organisation’s administrator for the permission: Exchange Contributor, or Manage Contracts.',
    404: 'Check the id: an API is groupId/assetId/versionGroup/instance, a contract application/contract.',
    409: 'Look at the contract that is there already, and at its state.',
  },
};

export type Call = ReturnType<typeof contractClient<Operations, typeof READS>>;

/**
 * Calls with a session. The token is a bearer token, `name:password`, or `~~~Client~~~:id~?~secret` for a connected
 * app; the last two log in when it is needed, and again when the session has ended. What they get stays in memory.
 */
export function open(endpoint: Endpoint): Call {
  // People copy addresses with one of the APIs at the end.
  const url = endpoint.url.replace(/\/((exchange|accounts|apimanager|apiplatform)(\/.*)?)?$/, '');
  const logIn = loginOf({ ...endpoint, url });
  let session: Promise<string> | undefined;
  const token = async () => {
    if (logIn === undefined) return endpoint.token;
    session ??= logIn();
    try {
      return await session;
    } catch (error) {
      session = undefined;
      throw error;
    }
  };
  const ask = async (request: Parameters<Send>[0]) =>
    endpoint.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${await token()}` } });
  const send: Send = async (request) => {
    const answer = await ask(request);
    if (answer.status !== 401 || logIn === undefined) return answer;
    session = undefined;
    return ask(request);
  };
  return contractClient<Operations, typeof READS>(conventions, { ...endpoint, url, send });
}

/** How a token of that form gets a session; undefined when it is one already. */
function loginOf(endpoint: Endpoint): (() => Promise<string>) | undefined {
  const { token } = endpoint;
  const colon = token.indexOf(':');
  if (colon < 0) return undefined;
  const call = contractClient<Operations, typeof READS>(conventions, endpoint);
  const username = token.slice(0, colon);
  const password = token.slice(colon + 1);
  if (username !== '~~~Client~~~') {
    return async () => (await call('login', { body: { username, password } })).access_token;
  }
  const [client_id = '', client_secret = ''] = password.split('~?~');
  const body = { grant_type: 'client_credentials' as const, client_id, client_secret };
  return async () => (await call('createToken', { body })).access_token;
}

interface ErrorBody {
  readonly message?: unknown;
  readonly error?: unknown;
  readonly errors?: readonly { readonly message?: unknown }[];
}

/** Each of Anypoint's APIs has its own: `message`, `errors[].message`, `error`; gateways answer with text. */
function readError({ body }: HttpResponse): string | undefined {
  try {
    const { message, errors, error } = (JSON.parse(body) ?? {}) as ErrorBody;
    const several = Array.isArray(errors) ? errors.map((each) => each?.message) : [];
    const words = [message, ...several, error].filter((each) => typeof each === 'string' && each !== '');
    return words.length === 0 ? undefined : String(words[0]);
  } catch {
    const text = body.trim();
    return text === '' ? undefined : text.slice(0, 200);
  }
}

/** Returns the answer, or undefined when the caller may not see it or it is not there. */
export async function visible<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    const code = error instanceof ConnectorError ? error.diagnostics[0]?.code : undefined;
    if (code === 'origin/forbidden' || code === 'origin/not-found') return undefined;
    throw error;
  }
}
