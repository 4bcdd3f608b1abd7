import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Account, type Adapter, type AdapterPayload, type Configuration, type JWK, Provider } from 'oidc-provider';
import { consentPages, errorPage } from './consent.ts';
import { OWN_CALLBACK, PROVIDER } from './endpoints.ts';
import { JWT_BEARER, ownGrants } from './grants.ts';
import { keyOf } from './keys.ts';
import { type Client, clientOf, grantsOf, scopesOf, userOf } from './registered.ts';
import { type ProviderContext, StoredModel } from './stored-model.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Our own words in a client's metadata. */
const OWN_METADATA = ['pkce', 'access_token_lifetime', 'refresh_tokens'] as const;
type OwnMetadata = Pick<Client, (typeof OWN_METADATA)[number]>;

/** Answers requests to the authorization server: paths are those below `/provider`. */
export interface AuthorizationServer {
  readonly provider: Provider;
  /** The names of all scopes. */
  readonly scopes: readonly string[];
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Why a request was refused, beyond what the library answers. */
  reason(request: IncomingMessage): string | undefined;
}

const ERRORS = ['grant.error', 'revocation.error', 'introspection.error', 'userinfo.error'] as const;

/** @param origin at which it is asked for, such as `http://127.0.0.1:4600`: part of its issuer */
export async function authorizationServer(origin: string, surroundings: ProviderContext): Promise<AuthorizationServer> {
  const keys = { signing: await keyOf('signing', surroundings), cookies: await keyOf('cookies', surroundings) };
  const scopes = await surroundings.store.read(scopesOf);
  const provider = new Provider(`${origin}${PROVIDER.path}`, configuration(keys, scopes, origin, surroundings));
  // The scheme comes from us, by a header that nobody else can set.
  provider.proxy = true;
  ownGrants(provider, surroundings);
  consentPages(provider, scopes, surroundings);
  const reasons = new WeakMap<IncomingMessage, string>();
  for (const event of ERRORS) {
    provider.on(event as 'grant.error', ({ req }, { error_detail: detail }) => {
      if (detail !== undefined) reasons.set(req, detail);
    });
  }
  const handle = provider.callback();
  return {
    provider,
    scopes: Object.keys(scopes),
    reason: (request) => reasons.get(request),
    handle: (request, response) => {
      // Where it is mounted is told apart as Express does it.
      Object.assign(request, { originalUrl: `${PROVIDER.path}${request.url}` });
      handle(request, response);
    },
  };
}

function configuration(
  keys: { readonly signing: string; readonly cookies: string },
  scopes: Readonly<Record<string, string>>,
  origin: string,
  surroundings: ProviderContext,
): Configuration {
  const names = Object.keys(scopes);
  return {
    adapter: (kind) => (kind === 'Client' ? clients(names, origin, surroundings) : new StoredModel(kind, surroundings)),
    scopes: names,
    clockTolerance: 0,
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    // Clients that ask for an ID token only read what it says there as well.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: (_context, client) => needsPkce(client) },
    extraClientMetadata: { properties: [...OWN_METADATA] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    cookies: {
      keys: [keys.cookies],
      names: { session: 'provider_session', interaction: 'provider_interaction', resume: 'provider_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: PROVIDER.path },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    jwks: {
      keys: [{ ...(createPrivateKey(keys.signing).export({ format: 'jwk' }) as JWK), use: 'sig', alg: 'RS256' }],
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      revocation: '/revoke',
      introspection: '/introspect',
      jwks: '/jwks',
    },
    interactions: { url: (_context, { uid }) => `${PROVIDER.path}/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (context, _client, token) => token.clientId === context.oidc.client?.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (context, _client, token) => token.clientId === context.oidc.client?.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      // Any API may be named: there is only a pretended one.
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: names.join(' '),
          audience: resource,
          accessTokenFormat: 'opaque',
        }),
        useGrantedResource: () => true,
      },
    },
    findAccount: (_context, username) => accountOf(username, surroundings),
    issueRefreshToken: (_context, client) =>
      client.grantTypeAllowed('refresh_token') && refreshTokens(client) !== 'none',
    rotateRefreshToken: ({ oidc }) => refreshTokens(oidc.client) === 'rotate',
    expiresWithSession: () => false,
    renderError: (context, out) => errorPage(context, out),
    ttl: {
      AccessToken: (_context, _token, client) => lifetime(client),
      ClientCredentials: (_context, _token, client) => lifetime(client),
      AuthorizationCode: 60,
      IdToken: HOUR,
      RefreshToken: 30 * DAY,
      Interaction: HOUR,
      Session: DAY,
      Grant: 365 * DAY,
    },
  };
}

function needsPkce(client: { readonly clientAuthMethod?: string | undefined }): boolean {
  const { pkce } = client as OwnMetadata;
  return pkce === undefined ? client.clientAuthMethod === 'none' : pkce === 'required';
}

function refreshTokens(client: object | undefined) {
  return (client as OwnMetadata | undefined)?.refresh_tokens ?? 'rotate';
}

function lifetime(client: object): number {
  return (client as OwnMetadata).access_token_lifetime ?? HOUR;
}

/** Stands for whoever issued an assertion, in requests that name no client. */
const ASSERTING: Client = { client_id: JWT_BEARER, grant_types: [JWT_BEARER] };

/** Clients as they are registered now, in the library's terms. */
function clients(scopes: readonly string[], origin: string, { store }: ProviderContext): Adapter {
  const refuse = async () => {
    throw new Error('clients are seeded');
  };
  return {
    find: (id: string) =>
      store.read(async (tx) => {
        const client = id === JWT_BEARER ? ASSERTING : await clientOf(id, tx);
        return client && metadataOf(client, scopes, origin);
      }),
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

function metadataOf(client: Client, scopes: readonly string[], origin: string): AdapterPayload {
  const { basic: _, public_key: publicKey, redirect_uris: registered = [], ...metadata } = client;
  const callbacks = registered.length === 0 ? [] : [...registered, ...ownCallback(origin)];
  const grants = grantsOf(client).filter((grant) => grant !== 'authorization_code' || callbacks.length > 0);
  return {
    scope: scopes.join(' '),
    // Browsers are redirected to loopback addresses without TLS only for these: RFC 8252, section 7.3.
    application_type: 'native',
    token_endpoint_auth_method: client.client_secret === undefined ? 'none' : 'client_secret_basic',
    ...metadata,
    redirect_uris: callbacks,
    grant_types: [...grants],
    response_types: callbacks.length > 0 && grants.includes('authorization_code') ? ['code'] : [],
    ...(publicKey === undefined ? {} : { jwks: { keys: [createPublicKey(publicKey).export({ format: 'jwk' })] } }),
  };
}

/** A harness that others reach has a callback of its own at that address, for what connects there. */
function ownCallback(origin: string): string[] {
  const { protocol, hostname } = new URL(origin);
  const isElsewhere = protocol === 'https:' && !['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return isElsewhere ? [`${origin}${OWN_CALLBACK}`] : [];
}

async function accountOf(username: string, { store }: ProviderContext): Promise<Account | undefined> {
  const user = await store.read((tx) => userOf(username, tx));
  if (user === undefined) return undefined;
  const { name = username, email = `${username}@example.com` } = user;
  const claims = { sub: username, name, preferred_username: username, email, email_verified: true };
  return { accountId: username, claims: () => claims };
}
