import type { CounterExample, Section } from './section.ts';

const url = 'https://api.example.com/v1/me';

export const apiExamples: Section['examples'] = () => [
  { type: 'other', value: {} },
  { type: 'other', value: [] },
  {
    type: 'apikey',
    value: {
      url,
      method: 'GET',
      headers: { authorization: 'Bearer {{parameters.apiKey}}', accept: null },
      qs: { limit: 1, tags: ['a', 'b'], '{{...}}': '{{parameters.extra}}' },
      gzip: '{{parameters.gzip}}',
      response: {
        type: { '*': 'json', '400-499': 'text', 500: '{{temp.type}}' },
        valid: { condition: "{{body.status != 'error'}}", message: 'Refused.', type: 'AccountValidationError' },
        error: { message: '[{{statusCode}}]', type: 'DataError', 401: { message: 'The key is wrong.' } },
        metadata: { type: 'email', value: '{{body.email}}' },
        uid: 7,
      },
      log: { sanitize: ['request.headers.authorization'] },
    },
  },
  {
    type: 'basic',
    value: [
      { url, response: { temp: { id: '{{body.id}}' }, valid: true, error: '{{body.message}}' } },
      {
        condition: { condition: '{{temp.id}}', default: false },
        url: 'https://{{parameters.host}}/v1',
        method: '{{parameters.method}}',
        body: [1, { any: 'thing' }],
      },
      { response: { data: { kept: '{{temp.id}}' }, metadata: { value: '{{temp.id}}', more: 1 } } },
    ],
  },
  {
    type: 'oauth-refresh',
    value: {
      preauthorize: [{ url, response: { temp: { a: 1 } } }],
      authorize: {
        url,
        temp: { code_verifier: '{{uuid}}.{{uuid}}' },
        qs: {
          code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}",
          code_challenge_method: 'S256',
        },
        response: { temp: { code: '{{query.code}}' } },
      },
      token: [
        {
          url,
          method: 'POST',
          type: 'urlencoded',
          body: { code: '{{temp.code}}', code_verifier: '{{temp.code_verifier}}' },
          response: { expires: '{{now}}' },
        },
      ],
      info: [{ url }, { url }],
      refresh: { condition: '{{data.expires < now}}', url, response: { scope: '{{body.scope}}' } },
      invalidate: { url, method: 'DELETE' },
    },
  },
  {
    type: 'oauth-clicre',
    value: { token: { url, condition: true, response: { data: { accessToken: '{{body.t}}' } } } },
  },
  { type: 'oauth', value: { authorize: { url, response: { data: { accessToken: '{{query.access_token}}' } } } } },
  {
    type: 'oauth-1',
    value: {
      oauth: { consumer_key: '{{common.key}}', consumer_secret: '{{common.secret}}', signature_method: 'HMAC-SHA1' },
      requestToken: { url, method: 'POST', response: { type: 'urlencoded', temp: { token: '{{body.oauth_token}}' } } },
      authorize: { url, oauth: { token: '{{temp.token}}' } },
      accessToken: { url, oauth: { verifier: '{{temp.verifier}}', transport_method: 'query', body_hash: true } },
      info: { url, oauth: { token: '{{connection.token}}' } },
    },
  },
  { type: 'oauth-1', value: { oauth: { consumer_key: '{{parameters.key}}' }, info: { url } } },
  // Every step is optional, as far as the platform is asked; whether that makes sense is for rules.
  { type: 'oauth', value: {} },
  { type: 'oauth-1', value: {} },
];

const basic = (): readonly CounterExample[] => [
  { type: 'apikey', value: 'https://api.example.com', code: 'schema/type', path: [] },
  { type: 'apikey', value: { headers: { a: 'b' }, method: 'GET' }, code: 'schema/required', path: ['url'] },
  { type: 'apikey', value: { ulr: url, method: 'GET' }, code: 'schema/unknown-key', path: ['ulr'] },
  { type: 'apikey', value: { url: '' }, code: 'schema/value', path: ['url'] },
  { type: 'apikey', value: { url: `${url}?${'x'.repeat(512)}` }, code: 'schema/value', path: ['url'] },
  { type: 'apikey', value: { url: 7 }, code: 'schema/type', path: ['url'] },
  { type: 'apikey', value: { url, method: 'PSOT' }, code: 'schema/enum', path: ['method'] },
  { type: 'apikey', value: { url, method: 1 }, code: 'schema/type', path: ['method'] },
  { type: 'apikey', value: { url, headers: 'accept: text/plain' }, code: 'schema/type', path: ['headers'] },
  { type: 'apikey', value: { url, gzip: 'yes' }, code: 'schema/type', path: ['gzip'] },
  { type: 'apikey', value: { url, type: 'form' }, code: 'schema/enum', path: ['type'] },
  { type: 'apikey', value: { url, endpoint: 'me' }, code: 'schema/unknown-key', path: ['endpoint'] },
  { type: 'apikey', value: { url, pagination: {} }, code: 'schema/unknown-key', path: ['pagination'] },
  { type: 'apikey', value: { url, aws: { key: 'x' } }, code: 'schema/unknown-key', path: ['aws'] },
  {
    type: 'apikey',
    value: { url, condition: { defualt: 1 } },
    code: 'schema/unknown-key',
    path: ['condition', 'defualt'],
  },
  { type: 'basic', value: [{ url }, 'second'], code: 'schema/type', path: [1] },
  { type: 'basic', value: [{ url }, { url, mehtod: 'GET' }], code: 'schema/unknown-key', path: [1, 'mehtod'] },
  { type: 'basic', value: { authorize: { url } }, code: 'schema/unknown-key', path: ['authorize'] },
  { type: 'basic', value: { url, log: ['request.body'] }, code: 'schema/type', path: ['log'] },
  { type: 'basic', value: { url, log: { sanitize: 'request.body' } }, code: 'schema/type', path: ['log', 'sanitize'] },
  { type: 'basic', value: { url, log: { sanitise: [] } }, code: 'schema/unknown-key', path: ['log', 'sanitise'] },
];

const response = (): readonly CounterExample[] =>
  (
    [
      [{ output: '{{body}}' }, 'schema/unknown-key', ['output']],
      [{ iterate: '{{body.items}}' }, 'schema/unknown-key', ['iterate']],
      [{ metdata: { value: 'x' } }, 'schema/unknown-key', ['metdata']],
      [{ type: 'yaml' }, 'schema/enum', ['type']],
      [{ type: { 200: 'yaml' } }, 'schema/enum', ['type', '200']],
      [{ type: { ok: 'json' } }, 'schema/unknown-key', ['type', 'ok']],
      [{ valid: 1 }, 'schema/type', ['valid']],
      [{ error: { type: 'DataError' } }, 'schema/required', ['error', 'message']],
      [{ error: { mesage: 'x' } }, 'schema/unknown-key', ['error', 'mesage']],
      [{ error: { message: 'x', type: 'TimeoutError' } }, 'schema/enum', ['error', 'type']],
      [{ error: { 404: { type: 'DataError' } } }, 'schema/required', ['error', '404', 'message']],
      [{ error: 'x'.repeat(1025) }, 'schema/value', ['error']],
      [{ metadata: { type: 'phone', value: 'x' } }, 'schema/enum', ['metadata', 'type']],
      [{ uid: true }, 'schema/type', ['uid']],
      [{ data: [] }, 'schema/type', ['data']],
      [{ expires: 3600 }, 'schema/type', ['expires']],
    ] as const
  ).map(([response, code, path]) => ({
    type: 'other',
    value: { url, response },
    code,
    path: ['response', ...path],
  }));

const oauth = (): readonly CounterExample[] => [
  { type: 'oauth', value: { tokn: { url } }, code: 'schema/unknown-key', path: ['tokn'] },
  { type: 'oauth', value: [{ url }], code: 'schema/type', path: [] },
  { type: 'oauth', value: { token: { url }, url }, code: 'schema/unknown-key', path: ['url'] },
  { type: 'oauth', value: { token: url }, code: 'schema/type', path: ['token'] },
  { type: 'oauth-refresh', value: { authorize: { qs: {} } }, code: 'schema/required', path: ['authorize', 'url'] },
  { type: 'oauth-refresh', value: { authorize: [{ url }] }, code: 'schema/type', path: ['authorize'] },
  {
    type: 'oauth-refresh',
    value: { token: { url }, refresh: { method: 'POST' } },
    code: 'schema/required',
    path: ['refresh', 'url'],
  },
  {
    type: 'oauth-clicre',
    value: { token: [{ url, repeat: {} }] },
    code: 'schema/unknown-key',
    path: ['token', 0, 'repeat'],
  },
  {
    type: 'oauth-resowncre',
    value: { token: { url }, accessToken: {} },
    code: 'schema/unknown-key',
    path: ['accessToken'],
  },
  { type: 'oauth-1', value: [], code: 'schema/type', path: [] },
  { type: 'oauth-1', value: { accessToken: { url }, token: { url } }, code: 'schema/unknown-key', path: ['token'] },
  {
    type: 'oauth-1',
    value: { info: { url }, oauth: { consumer_key: 7 } },
    code: 'schema/type',
    path: ['oauth', 'consumer_key'],
  },
  {
    type: 'oauth-1',
    value: { info: { url, oauth: { signature_method: 'HMAC-MD5' } } },
    code: 'schema/enum',
    path: ['info', 'oauth', 'signature_method'],
  },
  {
    type: 'oauth-1',
    value: { info: { url }, oauth: { consumerKey: 'x' } },
    code: 'schema/unknown-key',
    path: ['oauth', 'consumerKey'],
  },
];

export const apiCounterExamples: Section['counterExamples'] = () => [...basic(), ...response(), ...oauth()];
