const SECTION = 'RFC 6749, section 2.3.1';
const KEEPS = {
  given: { keeps: true },
  words: 'The program keeps the old refresh token: the result of a refresh has none; see `trap/refresh-token-missing`.',
};
const IN_BODY = { given: { inBody: true }, words: 'Id and secret in the body; in Basic it form-encodes them.' };
const WITHOUT_CODE = { given: { words: /./ }, words: 'It fails, and the code of the error is lost.' };
const TAKEN = 'The error is taken for a token without a value; see `trap/token-error-in-success`.';
const ONLY_MD5 = 'It answers with MD5, whatever is asked; see `trap/digest-algorithm`.';
const COUNTS =
  'It counts nc through all requests of the process, and every request has a nonce of its own; see `trap/digest-stale-nonce`.';
const ONLY_JSON = 'It reads JSON alone; see `trap/token-in-a-form`.';

const remark = (/** @type {any} */ remedy, /** @type {RegExp} */ seen, /** @type {object} */ more = {}) => ({
  expected: 'remark',
  remedy,
  seen,
  ...more,
});
const fails = (/** @type {string} */ why, /** @type {RegExp} */ seen, /** @type {object} */ more = {}) => ({
  expected: 'fails',
  why,
  seen,
  ...more,
});

/** The cases that every OAuth 2 client has, each with what differs. @param {Record<string, any>} [different] */
function cases(different = {}) {
  const all = {
    code: { tried: 'a code with PKCE', attempt: 'code' },
    verifier: { tried: 'a code with the verifier of another authorization is refused', attempt: 'otherVerifier' },
    refresh: { tried: 'refreshed twice, with rotation', attempt: 'refreshTwice' },
    keep: {
      tried: 'refreshed twice, where the first refresh token stays',
      attempt: 'refreshTwice',
      given: { client: 'keeping' },
    },
    credentials: { tried: 'client credentials', attempt: 'credentials' },
    encoded: {
      tried: 'special characters in id and secret, at a client that is registered for Basic with form-encoding',
      attempt: 'credentials',
      given: { special: 'form-encoded' },
      source: SECTION,
    },
    raw: {
      tried: 'special characters in id and secret, at a client that is registered for Basic without form-encoding',
      attempt: 'credentials',
      given: { special: 'raw' },
      source: SECTION,
    },
    denied: {
      tried: 'the user does not agree',
      attempt: 'error',
      given: { fault: 'access-denied', words: /access_denied/ },
    },
    wrong: {
      tried: 'a wrong secret',
      attempt: 'error',
      given: { by: 'credentials', wrong: 'another', words: /invalid_client/ },
    },
    success: {
      tried: 'an error with the status 200',
      attempt: 'error',
      given: { by: 'credentials', fault: 'error-200', words: /invalid_(grant|request|client)|server_error/ },
    },
    form: { tried: 'a token in a form', attempt: 'credentials', given: { fault: 'form-encoded' } },
    text: { tried: '`expires_in` as a text', attempt: 'credentials', given: { fault: 'expires-in-text' } },
    none: { tried: 'no `expires_in`', attempt: 'credentials', given: { fault: 'no-expires-in' } },
    label: {
      tried: 'a token with the Content-Type text/html',
      attempt: 'credentials',
      given: { fault: 'wrong-content-type' },
    },
    nothing: { tried: 'null as the refresh token', attempt: 'code', given: { fault: 'no-refresh-token' } },
  };
  return Object.entries(all).flatMap(([name, each]) => {
    const { [name]: change = {} } = different;
    if (change === null) return [];
    return [{ ...each, ...change, given: { ...each.given, ...change.given } }];
  });
}

/** The cases that every client for digest has. @param {Record<string, any>} [different] */
function digest(different = {}) {
  const all = {
    md5: { tried: 'digest with MD5 and a query', attempt: 'digest', given: { path: '/digest/md5?a=1&b=c%20d' } },
    sha256: { tried: 'digest with SHA-256', attempt: 'digest', given: { path: '/digest/sha-256' } },
    sha512: { tried: 'digest with SHA-512-256', attempt: 'digest', given: { path: '/digest/sha-512-256' } },
    several: {
      tried: 'challenges with three algorithms, of which one is to be chosen',
      attempt: 'digest',
      given: { path: '/digest' },
    },
    qop: { tried: 'digest with `qop="auth"` alone', attempt: 'digest', given: { path: '/digest/md5?qop=auth' } },
    without: { tried: 'digest without qop', attempt: 'digest', given: { path: '/digest/md5?qop=none' } },
    again: { tried: 'three requests one after the other', attempt: 'digest', given: { path: '/digest/md5', times: 3 } },
    stale: {
      tried: 'a second request after the nonce has expired',
      attempt: 'digest',
      given: { path: '/digest/md5', times: 2, later: true },
    },
    post: {
      tried: 'POST with a body',
      attempt: 'digest',
      given: { path: '/digest/md5', method: 'POST', body: 'some text' },
    },
    wrong: { tried: 'a wrong password is refused', attempt: 'wrongPassword', given: { path: '/digest/md5' } },
  };
  return Object.entries(all).flatMap(([name, each]) =>
    different[name] === null ? [] : [{ ...each, ...different[name] }],
  );
}

/** @type {readonly import('../peers.js').Peer[]} */
export const CLIENTS = [
  {
    part: 'clients',
    name: 'oauth4webapi',
    module: './clients/oauth4webapi.js',
    cases: cases({
      keep: remark(KEEPS, /refreshToken/),
      raw: remark(IN_BODY, /invalid_client|authentication failed|WWW-Authenticate/),
      success: remark(WITHOUT_CODE, /access_token/, { expected: { 2: 'remark' } }),
      form: fails(ONLY_JSON, /JSON|json/),
      text: fails('Texts are refused.', /expires_in/, { expected: { 2: 'fails' } }),
      nothing: fails('null is refused; see `trap/refresh-token-null`.', /refresh_token/),
    }),
  },
  {
    part: 'clients',
    name: 'openid-client',
    module: './clients/openid-client.js',
    cases: cases({
      keep: remark(KEEPS, /refreshToken|invalid_grant/),
      raw: remark(IN_BODY, /invalid_client|authentication failed|WWW-Authenticate/, { expected: { 5: 'remark' } }),
      success: fails(TAKEN, /taken for a token/, { expected: { 5: 'fails' } }),
      form: fails(ONLY_JSON, /JSON|content-type/),
      nothing: fails('null is refused; see `trap/refresh-token-null`.', /invalid response/, {
        expected: { 6: 'fails' },
      }),
    }),
  },
  {
    part: 'clients',
    name: 'simple-oauth2',
    module: './clients/simple-oauth2.js',
    cases: cases({
      keep: remark(KEEPS, /400/),
      raw: remark(IN_BODY, /401/),
      success: fails(TAKEN, /taken for a token/),
      form: fails(ONLY_JSON, /JSON/),
      label: fails('It reads JSON alone that is labelled so; see `trap/token-as-text`.', /JSON/),
    }),
  },
  {
    part: 'clients',
    name: '@badgateway/oauth2-client',
    module: './clients/badgateway.js',
    cases: cases({
      encoded: remark(
        {
          given: { inBody: true },
          words:
            'Id and secret in the body; in Basic this version sends both as they are, the third one form-encodes them.',
        },
        /URI malformed/,
        { expected: { 2: 'remark' } },
      ),
      raw: remark(IN_BODY, /invalid_client/, { expected: { 3: 'remark' } }),
      success: remark(WITHOUT_CODE, /invalid token response/),
      form: fails(ONLY_JSON, /invalid token response/),
      label: fails('It reads JSON alone that is labelled so; see `trap/token-as-text`.', /invalid token response/),
    }),
  },
  {
    part: 'clients',
    name: '@n8n/client-oauth2',
    module: './clients/n8n.js',
    cases: cases({
      encoded: remark(
        { given: { inBody: true }, words: 'Id and secret in the body; in Basic it sends both as they are.' },
        /malformed/,
      ),
      success: fails(TAKEN, /taken for a token/),
      label: fails('It reads JSON alone that is labelled so.', /content type/, { expected: { 0: 'fails' } }),
    }),
  },
  {
    part: 'clients',
    name: 'passport-oauth2',
    module: './clients/passport-oauth2.js',
    cases: cases({
      keep: remark(KEEPS, /refresh_token/),
      credentials: null,
      ...Object.fromEntries(
        ['encoded', 'raw', 'form', 'text', 'none', 'label'].map((name) => [name, { attempt: 'code' }]),
      ),
      denied: remark(
        {
          given: { words: /did not agree/ },
          words: 'It fails with error_description; where there is one, the code is lost.',
        },
        /did not agree/,
      ),
      wrong: { given: { by: 'code' } },
      success: remark(WITHOUT_CODE, /Failed to obtain/, { given: { by: 'code' } }),
    }),
  },
  {
    part: 'clients',
    name: 'passport-oauth1',
    module: './clients/passport-oauth1.js',
    cases: [
      { tried: 'OAuth 1 in three steps, HMAC-SHA1', attempt: 'oauth1' },
      { tried: 'OAuth 1 in three steps, PLAINTEXT', attempt: 'oauth1', given: { signatureMethod: 'PLAINTEXT' } },
      { tried: 'empty and encoded parameters', attempt: 'oauth1', given: { path: '/resources/oauth1?a3=2%20q&c%40=' } },
      {
        tried: 'a parameter that repeats',
        attempt: 'oauth1',
        given: { path: '/resources/oauth1?a3=2&a3=a' },
        ...fails(
          'It signs a3[0] and a3[1] in the place of a3 twice; see `trap/oauth1-parameters`.',
          /signature_invalid/,
        ),
      },
    ],
  },
  {
    part: 'clients',
    name: 'digest-fetch',
    module: './clients/digest-fetch.js',
    cases: digest({
      sha256: fails(ONLY_MD5, /The algorithm is MD5/),
      sha512: fails(ONLY_MD5, /The algorithm is MD5/),
      stale: fails('It goes on counting nc on a new nonce; see `trap/digest-stale-nonce`.', /nc is/),
    }),
  },
  {
    part: 'clients',
    name: 'urllib',
    module: './clients/urllib.js',
    keepsState: true,
    cases: digest({
      sha256: fails('It answers with MD5, and names no algorithm; see `trap/digest-algorithm`.', /no algorithm/),
      sha512: fails('It answers with MD5, and names no algorithm; see `trap/digest-algorithm`.', /no algorithm/),
      again: fails(COUNTS, /nc is 00000003/),
      stale: fails(COUNTS, /nc is 00000002/),
    }),
  },
  {
    part: 'clients',
    name: 'curl',
    program: { command: 'curl', version: ['--version'] },
    module: './clients/curl.js',
    // Each run is a process, which ends before the nonce does.
    cases: digest({
      stale: null,
      sha512: fails('It answers with the hash of SHA-256; see `trap/digest-algorithm`.', /computed with SHA-256/),
      several: fails(
        'It takes the first challenge, which is one of SHA-512-256 here; see `trap/several-challenges`.',
        /computed with SHA-256/,
      ),
    }),
  },
  {
    part: 'clients',
    name: 'newman',
    module: './clients/newman.js',
    cases: [
      ...digest({
        stale: null,
        ...Object.fromEntries(
          ['md5', 'sha256', 'sha512', 'several', 'qop', 'without', 'again', 'post'].map((name) => [
            name,
            fails('It writes algorithm between quotes.', /between quotes/, { source: 'RFC 7616, section 3.4' }),
          ]),
        ),
      }),
      ...['HMAC-SHA1', 'HMAC-SHA256', 'PLAINTEXT'].map((signatureMethod) => ({
        tried: `OAuth 1 in three steps and with repeated, empty and encoded parameters, ${signatureMethod}`,
        attempt: 'oauth1',
        given: { signatureMethod },
      })),
    ],
  },
];
