const CREDENTIALS = 'oauth2-client-credentials';
const OAUTH2 = 'RFC 6749, section 2.3.1';

/** @type {readonly import('../peers.js').Peer[]} */
export const SERVERS = [
  {
    part: 'servers',
    name: 'oidc-provider',
    module: './servers/oidc-provider.js',
    cases: [
      { tried: 'a code with PKCE', attempt: 'connect', given: { authentication: 'client_secret_post' } },
      {
        tried: 'a code with PKCE, of a client that is registered for Basic, with id and secret in the body',
        attempt: 'connect',
      },
      {
        tried: 'a code with another verifier is refused',
        attempt: 'otherVerifier',
        given: { authentication: 'client_secret_post' },
      },
      {
        tried: 'refreshed twice',
        attempt: 'refreshTwice',
        given: { authentication: 'client_secret_post', scope: ['read', 'offline_access'] },
        remedy: {
          given: { prompt: 'consent' },
          words:
            '`"prompt": "consent"` beside the scope offline_access; without it there is no refresh token, and no error; see `trap/offline-access-ignored`.',
        },
        expected: 'remark',
        seen: /missing required parameter/,
        source: 'OpenID Connect Core 1.0, section 11',
      },
      {
        tried: 'client credentials',
        attempt: 'connect',
        given: { template: CREDENTIALS, authentication: 'client_secret_post' },
      },
      {
        tried: 'a token that is revoked is no longer accepted',
        attempt: 'revoke',
        given: { authentication: 'client_secret_post' },
      },
      {
        tried: 'a wrong secret is refused, and the reason told',
        attempt: 'wrongSecret',
        given: { template: CREDENTIALS, authentication: 'client_secret_post', words: /client authentication failed/ },
      },
      {
        tried: 'id and secret with special characters in Basic',
        attempt: 'connect',
        given: { template: CREDENTIALS, special: true, basic: 'raw' },
        remedy: { given: { basic: 'encoded' }, words: 'Both form-encoded; see `trap/basic-not-encoded`.' },
        expected: 'remark',
        seen: /40/,
        source: OAUTH2,
      },
    ],
  },
  {
    part: 'servers',
    name: '@node-oauth/oauth2-server',
    module: './servers/oauth2-server.js',
    cases: [
      { tried: 'a code with PKCE', attempt: 'connect' },
      { tried: 'a code with another verifier is refused', attempt: 'otherVerifier' },
      { tried: 'refreshed twice', attempt: 'refreshTwice' },
      { tried: 'client credentials', attempt: 'connect', given: { template: CREDENTIALS } },
      {
        tried: 'a wrong secret is refused, and the reason told',
        attempt: 'wrongSecret',
        given: { template: CREDENTIALS, words: /client is invalid/ },
      },
      {
        tried: 'id and secret with special characters in Basic, form-encoded',
        attempt: 'connect',
        given: { template: CREDENTIALS, special: true, basic: 'encoded' },
        remedy: { given: { basic: 'raw' }, words: 'Both as they are; see `trap/basic-encoded`.' },
        expected: 'remark',
        seen: /40/,
        source: OAUTH2,
      },
    ],
  },
  {
    part: 'servers',
    name: 'http-auth',
    module: './servers/http-auth.js',
    cases: [
      {
        tried: 'digest with MD5, a realm with a comma, a query',
        attempt: 'connect',
        given: { target: '/v1/me?a=1&b=c%20d' },
      },
      {
        tried: 'digest without qop',
        attempt: 'connect',
        given: { settings: { qop: 'none' } },
      },
      {
        tried: 'digest where the challenge names MD5-sess',
        attempt: 'connect',
        given: { settings: { algorithm: 'MD5-sess' } },
      },
      { tried: 'a wrong password is refused', attempt: 'wrongPassword' },
    ],
  },
  {
    part: 'servers',
    name: 'passport-http',
    module: './servers/passport-http.js',
    cases: [
      {
        tried: 'digest with MD5, a realm with a comma, a query',
        attempt: 'connect',
        given: { settings: { qop: 'auth', algorithm: 'MD5' }, target: '/v1/me?a=1&b=c%20d' },
      },
      {
        tried: 'digest without qop or algorithm, as it is without settings',
        attempt: 'connect',
      },
      { tried: 'a list of qop', attempt: 'connect', given: { settings: { qop: ['auth-int', 'auth'] } } },
      { tried: 'a wrong password is refused', attempt: 'wrongPassword' },
    ],
  },
  {
    part: 'servers',
    name: 'apache2',
    program: { command: 'apache2', version: ['-v'], at: ['/usr/sbin/apache2', 'httpd', '/usr/sbin/httpd'] },
    module: './servers/apache2.js',
    cases: [
      {
        tried: 'digest with MD5, a realm with a comma, a query',
        attempt: 'connect',
        given: { target: '/v1/me?a=1&b=c%20d' },
      },
      {
        tried: 'a domain and a short life of nonces',
        attempt: 'connect',
        given: { settings: ['AuthDigestDomain /v1/ /other/', 'AuthDigestNonceLifetime 1'] },
      },
      { tried: 'a wrong password is refused', attempt: 'wrongPassword' },
    ],
  },
  {
    part: 'servers',
    name: 'lighttpd',
    program: { command: 'lighttpd', version: ['-v'], at: ['/usr/sbin/lighttpd'] },
    module: './servers/lighttpd.js',
    cases: [
      {
        tried: 'digest with MD5, a realm with a comma, a query',
        attempt: 'connect',
        given: { target: '/v1/me?a=1&b=c%20d' },
      },
      { tried: 'digest with SHA-256', attempt: 'connect', given: { algorithm: 'sha256', target: '/v1/me?a=1' } },
      { tried: 'digest as it is without settings', attempt: 'connect', given: { algorithm: 'default' } },
      { tried: 'a wrong password is refused', attempt: 'wrongPassword' },
    ],
  },
  {
    part: 'servers',
    name: 'oauthlib',
    python: '4.0.0',
    module: './servers/oauthlib.js',
    cases: [
      ...['HMAC-SHA1', 'PLAINTEXT'].map((method) => ({
        tried: `OAuth 1 in three steps, ${method}`,
        attempt: 'connect',
        given: { method },
      })),
      { tried: 'repeated, empty and encoded parameters', attempt: 'connect', given: { hard: true } },
      { tried: 'proofs in the query', attempt: 'connect', given: { place: 'query', hard: true } },
      { tried: 'a wrong secret is refused', attempt: 'wrongSecret' },
    ],
  },
  {
    part: 'servers',
    name: 'passport-http-oauth',
    module: './servers/passport-http-oauth.js',
    cases: [
      { tried: 'OAuth 1, HMAC-SHA1', attempt: 'connect', given: { only: 'info' } },
      {
        tried: 'PLAINTEXT',
        attempt: 'connect',
        given: { only: 'info', method: 'PLAINTEXT' },
        expected: 'fails',
        seen: /signature_invalid/,
        why: 'It compares the signature with one that is encoded twice, so that & has to be sent as %2526.',
        source: 'RFC 5849, section 3.4.4',
      },
      {
        tried: 'empty and encoded parameters',
        attempt: 'connect',
        given: { only: 'info', target: '/v1/me?empty=&%C3%A9=%2B%26%3D' },
      },
      {
        tried: 'a parameter that repeats',
        attempt: 'connect',
        given: { only: 'info', hard: true },
        expected: 'fails',
        seen: /signature_invalid/,
        why: 'Of a parameter that repeats it makes one with a comma.',
        source: 'RFC 5849, section 3.4.1.3',
      },
      { tried: 'a wrong secret is refused', attempt: 'wrongSecret', given: { only: 'info' } },
    ],
  },
  {
    part: 'servers',
    name: 'ims-lti',
    module: './servers/ims-lti.js',
    cases: [
      { tried: 'a form signed without a token, HMAC-SHA1', attempt: 'launch', given: { secret: 'plain-secret-1' } },
      {
        tried: 'a secret with special characters',
        attempt: 'launch',
        expected: 'fails',
        seen: /Invalid Signature/,
        why: 'It uses the secret as the key without encoding it.',
        source: 'RFC 5849, section 3.4.2',
      },
      {
        tried: 'repeated and encoded parameters',
        attempt: 'launch',
        given: { secret: 'plain-secret-1', more: { list: ['2', '1'], other: '+&= %é', empty: '' } },
      },
      {
        tried: 'names of parameters that have to be encoded',
        attempt: 'launch',
        given: { secret: 'plain-secret-1', more: { 'a b': '1' } },
        expected: 'fails',
        seen: /Invalid Signature/,
        why: 'It encodes values alone, and no names.',
        source: 'RFC 5849, section 3.4.1.3.2',
      },
      { tried: 'a wrong secret is refused', attempt: 'wrongSecret', given: { secret: 'plain-secret-1' } },
    ],
  },
];
