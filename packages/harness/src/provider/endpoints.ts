/** What the local provider is called among the platforms: in faults, seeds and the journal. */
export const PROVIDER = { name: 'provider', title: 'the local provider', path: '/provider' } as const;

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
  '/token': ['token', 'gives tokens; as an operation it is named by its grant_type'],
  '/userinfo': ['userinfo', 'who signed in, for tokens with the scope openid'],
  '/revoke': ['revocation', 'takes a token back'],
  '/introspect': ['introspection', 'says what a token is worth'],
  '/jwks': ['jwks', 'the keys that ID tokens are signed with'],
  '/resources/bearer': ['bearer', 'an API for access tokens; `?scope=` names what it wants'],
} as const satisfies Readonly<Record<string, readonly [operation: string, what: string]>>;

/** The names that faults can be asked for by. */
export const OPERATIONS: readonly string[] = [
  ...Object.values(ENDPOINTS).map(([operation]) => operation),
  ...Object.values(GRANTS),
  'consent',
  'resumption',
].filter((operation) => operation !== 'token');

/** Whether a URL, with or without a query, is the provider's. RFC 8414 puts the metadata of an issuer with a path at the root. */
export function isProviders(url: string): boolean {
  return /^\/(?:provider|\.well-known\/(?:oauth-authorization-server|openid-configuration)\/provider)(?:[/?]|$)/.test(
    url,
  );
}

/** The path below `/provider` that a path of the provider's means. */
export function pathBelow(path: string): string {
  return path.startsWith('/.well-known/') ? '/.well-known/openid-configuration' : path.slice(PROVIDER.path.length);
}
