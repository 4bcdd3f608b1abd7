import type { IncomingMessage } from 'node:http';
import { lookUp } from '@connectorkit/sdk/emulator';
import { inject } from 'light-my-request';
import { refusalFor } from '../away.ts';
import type { Emulation, Incoming, Outgoing } from '../emulate.ts';
import { Refusal } from '../emulator.ts';
import { concerned, countCall, type Fault, injectFault } from '../faults.ts';
import { PROVIDER_AGE, settings } from '../settings.ts';
import { isStoreFault } from '../store/store.ts';
import { type AuthorizationServer, authorizationServer } from './authorization-server.ts';
import { presentedSecret } from './client-secret.ts';
import { MOUNTED } from './digest/index.ts';
import { ENDPOINTS, GRANTS, PROVIDER, pathBelow } from './endpoints.ts';
import { JWT_BEARER } from './grants.ts';
import { UNQUOTABLE } from './resource.ts';
import { RESOURCES } from './resources/index.ts';
import type { ProviderContext } from './stored-model.ts';

/** Of request bodies. */
const BODY_LIMIT = 100_000;
/** Addresses under which the provider is known at a time: each has an issuer of its own. */
const ADDRESSES = 8;

/** Paths that go on in many ways, with their operation: where the browser goes after `/authorize`, and an API's own. */
const MANY = [
  [/^\/interaction\//, 'consent'],
  [/^\/authorize\//, 'resumption'],
  [MOUNTED, 'digest'],
] as const;

/** A request, and what it means. */
interface ProviderRequest {
  readonly incoming: Incoming;
  /** Below `/provider`. */
  readonly path: string;
  /** The query as it came, with its question mark. */
  readonly search: string;
  readonly origin: string;
  readonly query: URLSearchParams;
  /** Of the body, when it is one. */
  readonly form: URLSearchParams;
  readonly operation: string;
}

/**
 * The local provider: an authorization server, and beside it resources that want other proofs. It answers as the
 * platforms do, so that journal and faults are theirs. What it knows is read from the store at each request.
 */
export function openProvider(
  surroundings: ProviderContext & { readonly onFault: (fault: unknown) => void },
): Emulation {
  const { store, onFault } = surroundings;
  const servers = new Map<string, Promise<AuthorizationServer>>();
  let age: string | undefined;
  const serverAt = async (origin: string): Promise<AuthorizationServer> => {
    // Keys and scopes are part of what is put back or seeded, by any process on the store.
    const now = await store.read((tx) => tx.get<string>(PROVIDER_AGE));
    if (now !== age) servers.clear();
    age = now;
    const known = servers.get(origin);
    if (known !== undefined) return known;
    if (servers.size >= ADDRESSES) servers.clear();
    const server = authorizationServer(origin, surroundings);
    servers.set(origin, server);
    server.catch(() => servers.delete(origin));
    return server;
  };
  const answer = async (incoming: Incoming): Promise<Outgoing> => {
    const asked = askedOf(incoming);
    const route = { platform: PROVIDER.name, operation: asked.operation };
    try {
      const serve = () => served(asked, serverAt, surroundings);
      const fault = incoming.spared ? undefined : await faultOf(asked);
      if (fault === undefined) return { ...(await serve()), route };
      const outgoing = await injectFault(fault, {
        serve,
        refuse: async (refusal) => refused(refusal, asked, await serverAt(asked.origin)),
        revoke: async () => revoke(asked, await serverAt(asked.origin)),
      });
      return { ...outgoing, route, fault: fault.effect };
    } catch (fault) {
      onFault(fault);
      if (isStoreFault(fault)) return { ...refusedAs(refusalFor(fault)), route };
      return { ...error(500, 'server_error', 'The harness failed.'), route };
    }
  };
  const faultOf = async ({ operation, incoming: { method } }: ProviderRequest): Promise<Fault | undefined> => {
    const call = { id: operation, method: method as 'GET' };
    if (!concerned((await settings(store)).faults, PROVIDER.name, call)) return undefined;
    return store.write((tx) => countCall(tx, PROVIDER.name, call));
  };
  return {
    answer,
    bodyLimit: () => BODY_LIMIT,
    declaresBody: ({ headers }) =>
      /^application\/(x-www-form-urlencoded|json)\b/i.test(String(headers['content-type'])),
    refused: (_method, _url, refusal) => refusedAs(refusal),
  };
}

function askedOf(incoming: Incoming): ProviderRequest {
  const { url, headers, body, secure } = incoming;
  const [whole = ''] = url.split('?', 1);
  const path = pathBelow(whole) || '/';
  const search = url.slice(whole.length);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(String(headers['content-type']));
  const form = new URLSearchParams(isForm ? body?.toString('utf8') : '');
  const known = Object.entries(ENDPOINTS).find(([endpoint]) => endpoint === path)?.[1][0];
  const operation =
    known === 'token' ? grantOf(form) : (known ?? MANY.find(([pattern]) => pattern.test(path))?.[1] ?? 'other');
  const origin = `${secure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
  return { incoming, path, search, origin, query: new URLSearchParams(search), form, operation };
}

function grantOf(form: URLSearchParams): string {
  const grant = form.get('grant_type') ?? '';
  return Object.hasOwn(GRANTS, grant) ? GRANTS[grant as keyof typeof GRANTS] : 'token';
}

async function served(
  asked: ProviderRequest,
  serverAt: (origin: string) => Promise<AuthorizationServer>,
  surroundings: ProviderContext,
): Promise<Outgoing> {
  const resource = lookUp(RESOURCES, asked.operation);
  if (resource !== undefined) {
    return resource({ ...asked, provider: async () => (await serverAt(asked.origin)).provider, surroundings });
  }
  const server = await serverAt(asked.origin);
  const unknown = unknownScopes(asked, server);
  if (unknown.length === 0) return authorized(asked, server, surroundings);
  const message = `There is no scope ${unknown.join(', ')}.`;
  return refused(new Refusal('invalid', message, { code: 'invalid_scope' }), asked, server);
}

/** Scopes that are asked for and are not there, which the library leaves out in silence: RFC 6749, section 3.3. */
function unknownScopes({ query, form, operation }: ProviderRequest, { scopes }: AuthorizationServer): string[] {
  const asked = operation === 'authorization' ? query.get('scope') : form.get('scope');
  return (asked ?? '').split(' ').filter((scope) => scope !== '' && !scopes.includes(scope));
}

/** The body of a request; the library is told of a client where an assertion is all that there is. */
function bodyOf({ incoming: { headers, body }, form, operation }: ProviderRequest): Buffer | undefined {
  const isAlone = ['client_id', 'client_assertion'].every((name) => !form.has(name));
  if (operation !== 'jwt_bearer' || headers.authorization !== undefined || !isAlone) return body;
  return Buffer.from(`${body}&${new URLSearchParams({ client_id: JWT_BEARER })}`);
}

/** Returns the authorization server's answer, with the reason added to a refusal. */
async function authorized(
  asked: ProviderRequest,
  { handle, reason }: AuthorizationServer,
  { store }: ProviderContext,
): Promise<Outgoing> {
  const { path, search, form, operation } = asked;
  const { method, headers, secure } = asked.incoming;
  const body = bodyOf(asked);
  const presented = await store.read((tx) => presentedSecret(headers, tx));
  const { 'x-forwarded-host': _host, 'x-forwarded-for': _for, 'content-encoding': _encoding, ...others } = headers;
  let request: IncomingMessage | undefined;
  const response = await inject(
    (each, answer) => {
      request = each as unknown as IncomingMessage;
      handle(request, answer);
    },
    {
      method: method as 'GET',
      url: `${path}${search}`,
      headers: {
        ...(others as Record<string, string>),
        ...(presented && { authorization: presented.authorization }),
        'x-forwarded-proto': secure ? 'https' : 'http',
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      },
      ...(body === undefined ? {} : { payload: body }),
    },
  );
  const {
    'content-length': _length,
    connection: _connection,
    date: _date,
    'transfer-encoding': _transfer,
    ...kept
  } = response.headers as Record<string, string>;
  const outgoing = { status: response.statusCode, headers: kept, body: response.payload };
  if (operation === 'refresh_token' && outgoing.status === 200) return refreshed(outgoing, form);
  if (outgoing.status < 400) return outgoing;
  return explained(outgoing, [request && reason(request), presented?.note]);
}

/** Where refresh tokens are kept, no new one comes: many vendors say nothing then. */
function refreshed(outgoing: Outgoing, form: URLSearchParams): Outgoing {
  const { refresh_token: token, ...others } = JSON.parse(outgoing.body) as Record<string, unknown>;
  return token === form.get('refresh_token') ? { ...outgoing, body: JSON.stringify(others) } : outgoing;
}

/** An OAuth error whose description says why as well; a path where nothing is becomes one. */
function explained(outgoing: Outgoing, reasons: readonly (string | undefined)[]): Outgoing {
  const type = String(outgoing.headers['content-type']);
  if (outgoing.status === 404 && type.startsWith('text/plain')) {
    return error(404, 'not_found', 'There is no endpoint with this path and method. GET / of the harness lists them.');
  }
  const why = reasons.filter((reason) => reason !== undefined);
  if (why.length === 0 || outgoing.body === '' || !type.startsWith('application/json')) return outgoing;
  const body = JSON.parse(outgoing.body) as { error_description?: string };
  const description = [...new Set([body.error_description, ...why])].filter(Boolean).join(': ');
  const explaining = { ...body, error_description: description.replace(UNQUOTABLE, "'") };
  return { ...outgoing, body: JSON.stringify(explaining) };
}

/**
 * A refusal in OAuth's shape: at the page where users agree as a redirect to the client, elsewhere as JSON. Nobody is
 * redirected to where the client is not registered.
 */
async function refused(
  { message, code, status, headers }: Refusal,
  { operation, query, origin }: ProviderRequest,
  { provider }: AuthorizationServer,
): Promise<Outgoing> {
  const target = query.get('redirect_uri') ?? '';
  if (operation !== 'authorization' || code === undefined) {
    const answer = error(status ?? 400, code ?? 'invalid_request', message);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
  const client = await provider.Client.find(query.get('client_id') ?? '');
  if (!URL.canParse(target) || !client?.redirectUriAllowed(target)) {
    return error(400, 'invalid_request', 'The client is not known, or not registered for this redirect_uri.');
  }
  const back = new URL(target);
  const state = query.get('state');
  const said = { error: code, error_description: message, iss: `${origin}${PROVIDER.path}` };
  for (const [name, value] of Object.entries({ ...said, ...(state !== null && { state }) })) {
    back.searchParams.set(name, value);
  }
  return { status: 303, headers: { location: back.href }, body: '' };
}

/** Ends what was granted with the code or refresh token that a request brings, as if somebody had withdrawn it. */
async function revoke({ form }: ProviderRequest, { provider }: AuthorizationServer): Promise<void> {
  const found =
    (await provider.AuthorizationCode.find(form.get('code') ?? '')) ??
    (await provider.RefreshToken.find(form.get('refresh_token') ?? ''));
  if (found?.grantId === undefined) return;
  await provider.AuthorizationCode.revokeByGrantId(found.grantId);
  await provider.RefreshToken.revokeByGrantId(found.grantId);
  await provider.AccessToken.revokeByGrantId(found.grantId);
}

/** A refusal that no library words. */
function refusedAs({ reason, status, message, headers }: Refusal): Outgoing {
  const code = reason === 'internal' ? 'temporarily_unavailable' : 'invalid_request';
  const words = error(status ?? 400, code, message);
  return { ...words, headers: { ...words.headers, ...headers } };
}

function error(status: number, code: string, description: string): Outgoing {
  const body = JSON.stringify({ error: code, error_description: description });
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
