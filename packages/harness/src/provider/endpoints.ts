/** Name of the local provider among the platforms: in faults, seeds and the journal. */
export const PROVIDER = { name: 'provider', title: 'the local provider', path: '/provider' } as const;

/** Where browsers come back to for connections that run in the harness itself. */
export const OWN_CALLBACK = '/__harness/callback';

/** The grants of the token endpoint; each is an operation of its own, named as `grant_type` has it. */
export const GRANTS = {
  authorization_code: 'authorization_code',
  refresh_token: 'refresh_token',
  client_credentials: 'client_credentials',
  password: 'password',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'jwt_bearer',
} as const;

/** Paths below `/provider`, each with the operation that stands there and what it is for. */
export const ENDPOINTS = {
  '/.well-known/openid-configuration': ['discovery', 'what the authorization server is and can do'],
  '/authorize': ['authorization', 'where a browser goes to sign in and agree'],
  '/token': ['token', 'returns tokens; its operations are named by grant_type'],
  '/userinfo': ['userinfo', 'who signed in, for tokens with the scope openid'],
  '/revoke': ['revocation', 'revokes a token'],
  '/introspect': ['introspection', 'describes a token'],
  '/jwks': ['jwks', 'the keys that ID tokens are signed with'],
  '/resources/bearer': ['bearer', 'an API for access tokens; `?scope=` sets required scopes'],
  '/demo-key.pem': ['demo_key', 'the private key of the client demo, for signing assertions and with RSA-SHA1'],
  '/oauth1/request-token': ['oauth1_request_token', 'OAuth 1: returns a request token'],
  '/oauth1/authorize': ['oauth1_authorize', 'OAuth 1: where a browser goes with it to sign in and agree'],
  '/oauth1/access-token': ['oauth1_access_token', 'OAuth 1: exchanges it for an access token'],
  '/resources/oauth1': ['oauth1', 'an API for requests that are signed with OAuth 1'],
  '/resources/basic': ['basic', 'user name and password, as in RFC 7617'],
  '/resources/basic-lenient': ['basic_lenient', 'the same, encoded as some clients do it'],
  '/resources/api-key/header': ['api_key_header', 'a key in the header X-API-Key'],
  '/resources/api-key/query': ['api_key_query', 'a key in the query parameter api_key'],
  '/resources/api-key/cookie': ['api_key_cookie', 'a key in the cookie api_key'],
  '/resources/digest': ['digest', 'user name and password, hashed by one of several algorithms (RFC 7616)'],
  '/resources/digest/md5': ['digest', 'the same with MD5'],
  '/resources/digest/sha-256': ['digest', 'the same with SHA-256'],
  '/resources/digest/sha-512-256': ['digest', 'the same with SHA-512-256'],
} as const satisfies Readonly<Record<string, readonly [operation: string, what: string]>>;

/** The names that faults can be asked for by. */
export const OPERATIONS: readonly string[] = [
  ...new Set(Object.values(ENDPOINTS).map(([operation]) => operation)),
  ...Object.values(GRANTS),
  'consent',
  'resumption',
].filter((operation) => operation !== 'token');

/** Checks if a URL, with or without a query, is the provider's. RFC 8414 puts the metadata of an issuer with a path at the root. */
export function isProviders(url: string): boolean {
  return /^\/(?:provider|\.well-known\/(?:oauth-authorization-server|openid-configuration)\/provider)(?:[/?]|$)/.test(
    url,
  );
}

/** The path below `/provider` that a path of the provider's means. */
export function pathBelow(path: string): string {
  return path.startsWith('/.well-known/') ? '/.well-known/openid-configuration' : path.slice(PROVIDER.path.length);
}
