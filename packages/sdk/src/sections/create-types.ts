/** How a connection authorizes, and with that the shape of its `api` section. */
export type AuthorizationKind = 'basic' | 'oauth2' | 'oauth1';

/** Type that Make stores and answers; the key that a connection was created with is not kept. */
export type StoredType = 'basic' | 'oauth';

interface CreateTypeEntry {
  readonly stored: StoredType;
  readonly kind: AuthorizationKind;
  readonly title: string;
}

/**
 * The eight keys that `POST /sdk/apps/{app}/connections` takes as `type`.
 * Source: the enum of Make's own OpenAPI document, and the stored types its clients read back.
 */
export const CREATE_TYPES = {
  apikey: { stored: 'basic', kind: 'basic', title: 'API key' },
  basic: { stored: 'basic', kind: 'basic', title: 'user name and password' },
  other: { stored: 'basic', kind: 'basic', title: 'anything else' },
  oauth: { stored: 'oauth', kind: 'oauth2', title: 'OAuth 2.0 authorization code' },
  'oauth-refresh': { stored: 'oauth', kind: 'oauth2', title: 'OAuth 2.0 authorization code with refresh token' },
  'oauth-clicre': { stored: 'oauth', kind: 'oauth2', title: 'OAuth 2.0 client credentials' },
  'oauth-resowncre': { stored: 'oauth', kind: 'oauth2', title: 'OAuth 2.0 resource owner password credentials' },
  'oauth-1': { stored: 'oauth', kind: 'oauth1', title: 'OAuth 1.0a' },
} as const satisfies Record<string, CreateTypeEntry>;

/** A key of `CREATE_TYPES`: the type with which a connection is created, such as `oauth-refresh`. */
export type CreateType = keyof typeof CREATE_TYPES;

/** Checks if a word is one of the eight create types. */
export function isCreateType(word: unknown): word is CreateType {
  return typeof word === 'string' && Object.hasOwn(CREATE_TYPES, word);
}
