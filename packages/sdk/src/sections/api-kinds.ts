import { closed, REQUEST_DEFINITIONS, REQUESTS, when } from './api-request.ts';
import type { Kind } from './create-types.ts';
import type { JSONSchema } from './section.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The steps that an `api` of each kind names, in the order in which they run; a basic one is a request itself. */
export const STEPS = {
  basic: [],
  oauth2: ['preauthorize', 'authorize', 'token', 'info', 'refresh', 'invalidate'],
  oauth1: ['preauthorize', 'requestToken', 'authorize', 'accessToken', 'info', 'invalidate'],
} as const satisfies Record<Kind, readonly string[]>;

/** A browser is sent there once, so it cannot be a list, and means nothing without an address. */
const AUTHORIZE: JSONSchema = {
  description: 'Where the browser is sent; url, qs and response.temp matter.',
  type: 'object',
  ...when({ minProperties: 1, patternProperties: { '^\\{\\{': false } }, { required: ['url'] }),
  $ref: '#/$defs/request',
};

function absent(names: readonly string[]): JSONSchema {
  return { properties: Object.fromEntries(names.map((name) => [name, false])) };
}

export const apiBasic: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of a basic connection',
  description: 'The request that proves that what the user filled in is right.',
  ...REQUESTS,
  $defs: REQUEST_DEFINITIONS,
};

export const apiOAuth2: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of an OAuth 2.0 connection',
  ...closed(
    {
      preauthorize: { description: 'Runs before authorize.', ...REQUESTS },
      authorize: AUTHORIZE,
      token: { description: 'Gets the access token.', ...REQUESTS },
      info: { description: 'Proves that the token works, and names the account.', ...REQUESTS },
      refresh: { description: 'Gets a new token when its condition is true.', ...REQUESTS },
      invalidate: { description: 'Runs when the connection is deleted.', ...REQUESTS },
    },
    when(absent(['preauthorize', 'authorize', 'token', '{{...}}']), {
      required: ['token'],
      'x-hint': 'Without token or authorize an OAuth 2.0 connection never gets an access token: add one of them.',
    }),
  ),
  $defs: REQUEST_DEFINITIONS,
};

export const apiOAuth1: JSONSchema = {
  $schema: DIALECT,
  title: 'The api section of an OAuth 1.0a connection',
  ...closed(
    {
      oauth: { $ref: '#/$defs/oauth' },
      preauthorize: { description: 'Runs before requestToken.', ...REQUESTS },
      requestToken: { description: 'Gets the token that the user then approves.', ...REQUESTS },
      authorize: AUTHORIZE,
      accessToken: { description: 'Trades the approved token for one that works.', ...REQUESTS },
      info: { description: 'Proves that the token works, and names the account.', ...REQUESTS },
      invalidate: { description: 'Runs when the connection is deleted.', ...REQUESTS },
    },
    when(absent(['oauth', 'requestToken', 'accessToken', 'info', '{{...}}']), {
      required: ['accessToken'],
      'x-hint': 'Add requestToken, authorize and accessToken: without them no token is ever got.',
    }),
  ),
  $defs: REQUEST_DEFINITIONS,
};
