import { digest } from '../digest/index.ts';
import { keyOf } from '../keys.ts';
import { accessToken, authorize, protectedResource, requestToken } from '../oauth1/index.ts';
import type { Resource } from '../resource.ts';
import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';

/** Resources beside the authorization server, by operation; the paths are those of ENDPOINTS. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  bearer,
  basic: basic({ lenient: false }),
  basic_lenient: basic({ lenient: true }),
  api_key_header: apiKey('header'),
  api_key_query: apiKey('query'),
  api_key_cookie: apiKey('cookie'),
  digest,
  oauth1_request_token: requestToken,
  oauth1_authorize: authorize,
  oauth1_access_token: accessToken,
  oauth1: protectedResource,
  demo_key: async ({ surroundings }) => ({
    status: 200,
    headers: { 'content-type': 'application/x-pem-file' },
    body: await keyOf('demo', surroundings),
  }),
};
