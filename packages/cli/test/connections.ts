import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateType } from '@connectorkit/sdk';

/** A connection as an author writes it, at a vendor that there is not, with the steps that it takes. */
export interface Written {
  readonly type: CreateType;
  readonly api: unknown;
  readonly form?: readonly object[];
  readonly scope?: readonly string[];
  /** True if the client's id and secret are those of the app, and not of the form. */
  readonly isShared?: boolean;
  /** The account's name, as the local provider answers it. */
  readonly shows?: string;
  /** The steps that connect it. */
  readonly connects: readonly string[];
  /** The step that brings another token once the first has expired. */
  readonly renews?: string;
  /** False if no step revokes the token in the end. */
  readonly isRevoked?: boolean;
}

/** Expectations of a connection that is connected at the local provider. */
export type Expected = Pick<Written, 'connects' | 'renews' | 'shows' | 'isRevoked'>;

const IN_BROWSER: Expected = { connects: ['authorize', 'token', 'info'], renews: 'refresh', shows: 'demo@example.com' };
const ALONE: Expected = { connects: ['token', 'info'], renews: 'token', shows: 'demo' };

/** What each template does there. */
export const TEMPLATES: Readonly<Record<string, Expected>> = {
  'api-key': { connects: ['request'], shows: 'demo@example.com' },
  'api-key-query': { connects: ['request'], shows: 'demo@example.com' },
  basic: { connects: ['request'], shows: 'demo@example.com' },
  custom: { connects: ['request'], shows: 'demo@example.com' },
  digest: { connects: ['request[1]', 'request[2]'], shows: 'demo@example.com' },
  jwt: { ...ALONE, shows: 'Demo User', isRevoked: false },
  oauth1: { connects: ['requestToken', 'authorize', 'accessToken', 'info'], shows: 'demo@example.com' },
  oauth2: IN_BROWSER,
  'oauth2-client-credentials': ALONE,
  'oauth2-password': { ...ALONE, shows: 'demo@example.com' },
  'oauth2-pkce': IN_BROWSER,
};

const AUTH = 'https://auth.vendor.test';
const ACCOUNT = 'https://api.vendor.test/v2/account';
const SANITIZE = {
  sanitize: [
    ...['authorization', 'x-shop-key', 'cookie'].map((name) => `request.headers.${name}`),
    ...['key', 'code', 'code_verifier', 'client_secret', 'password', 'refresh_token', 'token', 'assertion'].flatMap(
      (name) => [`request.body.${name}`, `request.qs.${name}`],
    ),
    ...['access_token', 'refresh_token', 'oauth_token', 'oauth_token_secret'].map((name) => `response.body.${name}`),
  ],
};
const SHOWN = {
  uid: '{{body.id}}',
  metadata: { type: 'text', value: '{{body.login}}' },
  error: { message: '[{{statusCode}}] {{body.message}}' },
};
const CLIENT_FORM = [
  { name: 'clientId', type: 'text', label: 'Client ID', advanced: true },
  { name: 'clientSecret', type: 'password', label: 'Client secret', advanced: true },
];
const LOGIN_FORM = [
  { name: 'account', type: 'text', label: 'Account', required: true },
  { name: 'password', type: 'password', label: 'Password', required: true },
];
const KEY_FORM = [{ name: 'key', type: 'password', label: 'Key', required: true }];
const CLIENT = {
  client_id: '{{ifempty(parameters.clientId, common.clientId)}}',
  client_secret: '{{ifempty(parameters.clientSecret, common.clientSecret)}}',
};
const PUBLIC = { client_id: '{{common.clientId}}' };
const BEARER = { authorization: 'Bearer {{connection.accessToken}}' };
const post = (path: string, body: object, more: object = {}) => ({
  ...{ url: `${AUTH}${path}`, method: 'POST', type: 'urlencoded', body, log: SANITIZE },
  ...more,
});
const get = (headers: object, more: object = {}) => ({
  ...{ url: ACCOUNT, headers, response: SHOWN, log: SANITIZE },
  ...more,
});
const TOKENS = {
  data: {
    accessToken: '{{body.access_token}}',
    refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
    expires: '{{addSeconds(now, body.expires_in)}}',
  },
  error: { message: '[{{statusCode}}] {{body.error}}: {{body.error_description}}' },
};
const info = get({ authorization: 'Bearer {{connection.accessToken}}' });
const invalidate = post('/revoke', { token: '{{connection.accessToken}}', ...CLIENT });

interface Changes {
  readonly temp?: object;
  readonly qs?: object;
  readonly body?: object;
  readonly client?: object;
  readonly isRefreshed?: boolean;
}

/** The steps of the code grant. */
function code({ temp, qs = {}, body = {}, client = CLIENT, isRefreshed = true }: Changes) {
  const redirect = { redirect_uri: '{{oauth.localRedirectUri}}' };
  const refresh = { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}', ...client };
  return {
    authorize: {
      ...(temp === undefined ? {} : { temp }),
      url: `${AUTH}/authorize`,
      qs: {
        ...{ response_type: 'code', client_id: CLIENT.client_id, ...redirect, ...qs },
        scope: "{{join(oauth.scope, ' ')}}",
      },
      response: { temp: { code: '{{query.code}}' } },
    },
    token: post(
      '/token',
      { grant_type: 'authorization_code', code: '{{temp.code}}', ...redirect, ...body, ...client },
      { condition: '{{temp.code}}', response: TOKENS },
    ),
    ...(isRefreshed
      ? { refresh: post('/token', refresh, { condition: '{{data.expires < addMinutes(now, 5)}}', response: TOKENS }) }
      : {}),
    info,
    invalidate,
  };
}

const WHEN_DUE = '{{if(data.accessToken, data.expires < addMinutes(now, 1), true)}}';

/** The steps of a grant without a browser. */
const direct = (grant: object, more: object = {}) => ({
  token: post('/token', grant, { condition: WHEN_DUE, response: TOKENS, ...more }),
  info,
  invalidate,
});

const challenge = (name: string) => `{{replace(headers.\`www-authenticate\`, '/^.*[ ,]${name}="([^"]*)".*$/', '$1')}}`;

/** The two requests of Digest (RFC 7616): the first is refused with a challenge, and the second answers it. */
function digest(hash: 'md5' | 'sha256', target: string, path: string) {
  const url = `https://api.vendor.test${path}`;
  const algorithm = { md5: 'MD5', sha256: 'SHA-256' }[hash];
  const proof = `${hash}(temp.user + ':' + temp.nonce + ':00000001:' + temp.cnonce + ':auth:' + temp.asked)`;
  const parts = {
    ...{ username: '"{{parameters.account}}"', realm: '"{{temp.realm}}"', uri: `"${target}"`, algorithm },
    ...{ nonce: '"{{temp.nonce}}"', nc: '00000001', cnonce: '"{{temp.cnonce}}"', qop: 'auth' },
    ...{ response: `"{{${proof}}}"`, opaque: '"{{temp.opaque}}"' },
  };
  const written = Object.entries(parts).map(([name, value]) => `${name}=${value}`);
  return [
    {
      ...{ url, temp: { path: '/v2/account?fields=id,login', cnonce: '{{uuid}}' }, log: SANITIZE },
      response: {
        valid: '{{statusCode = 401}}',
        temp: { nonce: challenge('nonce'), realm: challenge('realm'), opaque: challenge('opaque') },
      },
    },
    get(
      { authorization: `Digest ${written.join(', ')}` },
      {
        url,
        temp: {
          user: `{{${hash}(parameters.account + ':' + temp.realm + ':' + parameters.password)}}`,
          asked: target.startsWith('{{') ? `{{${hash}('GET:' + temp.path)}}` : `{{${hash}('GET:${target}')}}`,
        },
      },
    ),
  ];
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const claims = (more: object = {}) => ({
  ...{ iss: '{{parameters.account}}', aud: 'https://auth.vendor.test/token', ...more },
  ...{ iat: "{{parseNumber(formatDate(now, 'X'))}}", exp: "{{parseNumber(formatDate(addMinutes(now, 30), 'X'))}}" },
});
const SIGNER_FORM = [
  { name: 'account', type: 'text', label: 'Account', required: true },
  { name: 'privateKey', type: 'password', label: 'Private key', required: true },
];

/** One of each create type, of each grant and of each proof. */
export const WRITTEN: Readonly<Record<string, Written>> = {
  'key-in-header': {
    ...{ type: 'apikey', form: KEY_FORM, shows: 'demo', connects: ['request'] },
    api: get({ 'x-shop-key': '{{parameters.key}}' }),
  },
  'key-in-query': {
    ...{ type: 'apikey', form: KEY_FORM, shows: 'demo', connects: ['request'] },
    api: get({}, { qs: { key: '{{parameters.key}}' } }),
  },
  'key-in-cookie': {
    ...{ type: 'apikey', form: KEY_FORM, shows: 'demo', connects: ['request'] },
    api: get({ cookie: 'session={{parameters.key}}' }),
  },
  basic: {
    ...{ type: 'basic', form: LOGIN_FORM, shows: 'demo', connects: ['request'] },
    api: get({ authorization: "Basic {{base64(parameters.account + ':' + parameters.password)}}" }),
  },
  'digest-md5': {
    ...{ type: 'basic', form: LOGIN_FORM, shows: 'demo', connects: ['request[1]', 'request[2]'] },
    api: digest('md5', '/v2/account', '/v2/account'),
  },
  'digest-sha-256': {
    ...{ type: 'basic', form: LOGIN_FORM, shows: 'demo', connects: ['request[1]', 'request[2]'] },
    api: digest('sha256', '{{temp.path}}', '{{temp.path}}'),
  },
  assertion: {
    ...{ type: 'basic', form: SIGNER_FORM, shows: 'demo', connects: ['request[1]', 'request[2]'] },
    api: [
      post(
        '/token',
        { grant_type: GRANT, assertion: "{{jwt(temp.claims, parameters.privateKey, 'RS256')}}" },
        {
          temp: { claims: claims() },
          response: { temp: { token: '{{body.access_token}}' }, error: TOKENS.error },
        },
      ),
      get({ authorization: 'Bearer {{temp.token}}' }),
    ],
  },
  'assertion-steps': {
    ...{ type: 'oauth-clicre', isShared: true, form: [], shows: 'demo', connects: ['token', 'info'], renews: 'token' },
    api: direct(
      { grant_type: GRANT, assertion: '{{jwt(temp.claims, common.clientSecret)}}', ...CLIENT },
      { temp: { claims: claims({ iss: '{{common.clientId}}', sub: 'somebody@vendor.test' }) } },
    ),
  },
  other: { type: 'other', form: KEY_FORM, api: {}, connects: ['request'] },
  'other-session': {
    ...{ type: 'other', form: LOGIN_FORM, shows: 'demo', connects: ['request[1]', 'request[2]'] },
    api: [
      post(
        '/login',
        { grant_type: 'password', username: '{{parameters.account}}', password: '{{parameters.password}}' },
        {
          headers: { authorization: "Basic {{base64('demo:demo-secret')}}" },
          response: { temp: { token: '{{body.access_token}}' }, error: TOKENS.error },
        },
      ),
      get({ authorization: 'Bearer {{temp.token}}' }),
    ],
  },
  code: {
    ...{ type: 'oauth', isShared: true, scope: ['things:read'], shows: 'demo' },
    connects: ['authorize', 'token', 'info'],
    api: code({ isRefreshed: false }),
  },
  'code-refresh': {
    ...{ type: 'oauth-refresh', form: CLIENT_FORM, isShared: true, scope: ['things:read'], shows: 'demo' },
    ...{ connects: ['authorize', 'token', 'info'], renews: 'refresh' },
    api: code({}),
  },
  pkce: {
    ...{ type: 'oauth-refresh', isShared: true, scope: ['things:read', 'things:write'], shows: 'demo' },
    ...{ connects: ['authorize', 'token', 'info'], renews: 'refresh' },
    api: code({
      temp: { code_verifier: '{{uuid}}{{uuid}}' },
      qs: {
        code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}",
        code_challenge_method: 'S256',
      },
      body: { code_verifier: '{{temp.code_verifier}}' },
    }),
  },
  // What a public client takes back are its own tokens: RFC 7009, section 2.1.
  ...Object.fromEntries(
    [
      ['pkce-public', { body: { token: '{{connection.accessToken}}', ...PUBLIC } }],
      ['pkce-public-own', { body: { token: '{{connection.accessToken}}' } }],
      ['pkce-public-bearer', { headers: BEARER, body: { token: '{{connection.accessToken}}' } }],
      ['pkce-public-delete', { method: 'DELETE', headers: BEARER }],
    ].map(([id, request]): [string, Written] => [
      id as string,
      {
        ...{ type: 'oauth-refresh', isShared: true, scope: ['things:read'], shows: 'demo' },
        ...{ connects: ['authorize', 'token', 'info'], renews: 'refresh' },
        api: {
          ...code({
            temp: { code_verifier: '{{uuid}}{{uuid}}' },
            qs: {
              client_id: PUBLIC.client_id,
              code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}",
              code_challenge_method: 'S256',
            },
            body: { code_verifier: '{{temp.code_verifier}}' },
            client: PUBLIC,
          }),
          invalidate: {
            url: `${AUTH}/revoke`,
            method: 'POST',
            type: 'urlencoded',
            log: SANITIZE,
            ...(request as object),
          },
        },
      },
    ]),
  ),
  'client-credentials': {
    ...{ type: 'oauth-clicre', form: CLIENT_FORM, connects: ['token', 'info'], renews: 'token' },
    api: direct({
      grant_type: 'client_credentials',
      client_id: '{{parameters.clientId}}',
      client_secret: '{{parameters.clientSecret}}',
    }),
  },
  'client-in-basic': {
    ...{ type: 'oauth-clicre', form: CLIENT_FORM, connects: ['token', 'info'], renews: 'token' },
    api: direct(
      { grant_type: 'client_credentials' },
      { headers: { authorization: "Basic {{base64(parameters.clientId + ':' + parameters.clientSecret)}}" } },
    ),
  },
  password: {
    ...{ type: 'oauth-resowncre', form: [...LOGIN_FORM, ...CLIENT_FORM], isShared: true, shows: 'demo' },
    ...{ connects: ['token', 'info'], renews: 'token' },
    api: direct({
      ...{ grant_type: 'password', username: '{{parameters.account}}', password: '{{parameters.password}}' },
      ...CLIENT,
    }),
  },
  'oauth-1': {
    ...{ type: 'oauth-1', shows: 'demo', connects: ['requestToken', 'authorize', 'accessToken', 'info'] },
    form: [
      { name: 'consumerKey', type: 'text', label: 'Consumer key', required: true },
      { name: 'consumerSecret', type: 'password', label: 'Consumer secret', required: true },
    ],
    api: oauth1(),
  },
};

function oauth1() {
  const form = (name: 'temp' | 'data') => ({
    type: 'urlencoded',
    [name]: { token: '{{body.oauth_token}}', secret: '{{body.oauth_token_secret}}' },
  });
  return {
    oauth: { consumer_key: '{{parameters.consumerKey}}', consumer_secret: '{{parameters.consumerSecret}}' },
    requestToken: { url: `${AUTH}/oauth/request_token`, method: 'POST', response: form('temp'), log: SANITIZE },
    authorize: {
      ...{ url: `${AUTH}/oauth/authenticate`, oauth: { token: '{{temp.token}}' } },
      response: { temp: { verifier: '{{query.oauth_verifier}}' } },
    },
    accessToken: {
      ...{ url: `${AUTH}/oauth/access_token`, method: 'POST', response: form('data'), log: SANITIZE },
      oauth: { token: '{{temp.token}}', token_secret: '{{temp.secret}}', verifier: '{{temp.verifier}}' },
    },
    info: get({}, { oauth: { token: '{{connection.token}}', token_secret: '{{connection.secret}}' } }),
  };
}

/** Writes a connection into a project. */
export function writeConnection(project: string, id: string, { type, api, form, scope, isShared }: Written): void {
  const folder = join(project, 'connections', id);
  const files = {
    'connection.json': { type, label: id },
    'api.json': api,
    ...(form && { 'parameters.json': form }),
    ...(scope && {
      'scope.json': scope,
      'scopes.json': Object.fromEntries(scope.map((name) => [name, `Use ${name}`])),
    }),
    ...(isShared && {
      'common.schema.json': {
        type: 'object',
        properties: { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } },
      },
    }),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
  }
}
