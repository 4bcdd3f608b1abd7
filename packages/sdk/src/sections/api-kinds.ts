import { isObject } from '../json.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import { closed, REQUEST_DEFINITIONS, REQUESTS, when } from './api-request.ts';
import { type AuthorizationKind, CREATE_TYPES, type CreateType } from './create-types.ts';
import type { JSONSchema, Mismatch } from './section.ts';

/** The steps that an `api` of each kind names, in the order in which they run; a basic one is a request itself. */
export const STEPS = {
  basic: [],
  oauth2: ['preauthorize', 'authorize', 'token', 'info', 'refresh', 'invalidate'],
  oauth1: ['preauthorize', 'requestToken', 'authorize', 'accessToken', 'info', 'invalidate'],
} as const satisfies Record<AuthorizationKind, readonly string[]>;

/** Steps that only one of the two kinds of OAuth has. */
const OWN_STEPS = {
  oauth2: ['token', 'refresh'],
  oauth1: ['requestToken', 'accessToken'],
} as const satisfies Partial<Record<AuthorizationKind, readonly string[]>>;

/** Kinds of `api`, each with its name and the create types that have it. */
const KINDS: Readonly<Record<AuthorizationKind, { readonly shows: string; readonly types: string }>> = {
  basic: { shows: 'This is a request, as connections without OAuth have it', types: 'apikey, basic or other' },
  oauth2: { shows: 'These are the steps of OAuth 2.0', types: 'oauth' },
  oauth1: { shows: 'These are the steps of OAuth 1.0a', types: 'oauth-1' },
};

/** Tells an `api` whose steps clearly are those of another kind of connection than its type is. */
export function mismatchedKind(type: CreateType, value: unknown): Mismatch | undefined {
  const { kind } = CREATE_TYPES[type];
  const shown = kindShown(value);
  if (shown === undefined || shown.kind === kind || (shown.kind === 'oauth' && kind !== 'basic')) return undefined;
  const { shows, types } = KINDS[shown.kind === 'oauth' ? 'oauth2' : shown.kind];
  return {
    path: shown.path,
    message: `${shows}, but the connection type is ${type}.`,
    hint: `Change the connection type to ${types}, or write the section for the type ${type}.`,
    found: shown.path.join('.') || 'a request',
    expected: type,
  };
}

/** The kind of connection that an `api` was written for: `oauth` when both kinds of OAuth have its steps. */
function kindShown(
  api: unknown,
): { readonly kind: AuthorizationKind | 'oauth'; readonly path: Mismatch['path'] } | undefined {
  if (Array.isArray(api)) return api.some(isRequest) ? { kind: 'basic', path: [] } : undefined;
  if (!isObject(api)) return undefined;
  const steps = [...new Set([...STEPS.oauth2, ...STEPS.oauth1])].filter((name) => typeof api[name] === 'object');
  const [first] = Object.keys(api).filter((name) => (steps as string[]).includes(name));
  if (isRequest(api)) return first === undefined ? { kind: 'basic', path: ['url'] } : undefined;
  if (first === undefined) return undefined;
  const kinds = (['oauth2', 'oauth1'] as const).filter((kind) => OWN_STEPS[kind].some((name) => steps.includes(name)));
  const [kind = 'oauth', other] = kinds;
  return other === undefined ? { kind, path: [first] } : undefined;
}

function isRequest(value: unknown): boolean {
  return isObject(value) && typeof value.url === 'string';
}

/** A browser is sent there once, so it cannot be a list, and means nothing without an address. */
const AUTHORIZE: JSONSchema = {
  description: 'Where the browser is sent; url, qs and response.temp matter.',
  type: 'object',
  ...when({ minProperties: 1, patternProperties: { '^\\{\\{': false } }, { required: ['url'] }),
  $ref: '#/$defs/request',
};

export const apiBasic: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of a basic connection',
  description: 'The request that verifies the credentials of the user.',
  ...REQUESTS,
  $defs: REQUEST_DEFINITIONS,
};

export const apiOAuth2: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of an OAuth 2.0 connection',
  ...closed({
    preauthorize: { description: 'Runs before authorize.', ...REQUESTS },
    authorize: AUTHORIZE,
    token: { description: 'Gets the access token.', ...REQUESTS },
    info: { description: 'Verifies the token, and shows the account.', ...REQUESTS },
    refresh: { description: 'Gets a new token when its condition is true.', ...REQUESTS },
    invalidate: { description: 'Runs when the connection is deleted.', ...REQUESTS },
  }),
  $defs: REQUEST_DEFINITIONS,
};

export const apiOAuth1: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of an OAuth 1.0a connection',
  ...closed({
    oauth: { $ref: '#/$defs/oauth' },
    preauthorize: { description: 'Runs before requestToken.', ...REQUESTS },
    requestToken: { description: 'Gets the token that the user then approves.', ...REQUESTS },
    authorize: AUTHORIZE,
    accessToken: { description: 'Trades the approved token for one that works.', ...REQUESTS },
    info: { description: 'Verifies the token, and shows the account.', ...REQUESTS },
    invalidate: { description: 'Runs when the connection is deleted.', ...REQUESTS },
  }),
  $defs: REQUEST_DEFINITIONS,
};
