import { describe, expect, test } from 'vitest';
import { secretsCarried } from './carried-secrets.ts';
import type { Declared } from './declared.ts';
import { coverOf } from './log-cover.ts';

const URL = 'https://api.example.com/v1/me';
const FORM = [
  { name: 'apiKey', type: 'password' },
  { name: 'handle', type: 'text' },
  { name: 'region', type: 'text' },
];

/** The secrets of each request that are reported, as paths and, in an address, as what reads them; `?` is not certain. */
function secrets(type: Declared['type'], sections: Declared['sections']): string[] {
  const mark = { declared: '', used: '?', possible: '??' } as const;
  return [...secretsCarried({ type, sections })].flatMap(({ carried, addressed }) => [
    ...carried.map(({ logged, certainty }) => `${logged}${mark[certainty]}`),
    ...addressed.map(({ words, kind, certainty }) => `${kind} ${words}${mark[certainty]}`),
  ]);
}

/** Null for a form that is absent. */
const basic = (api: unknown, parameters: unknown = FORM, common?: unknown) =>
  secrets('apikey', {
    api,
    ...(parameters === null ? {} : { parameters }),
    ...(common === undefined ? {} : { common }),
  });

describe('a value of common', () => {
  test.each([
    ['clientSecret', undefined, ['request.headers.x-a']],
    ['clientSecret', { properties: { clientSecret: { type: 'string' } } }, ['request.headers.x-a']],
    ['clientSecret', { properties: {} }, ['request.headers.x-a']],
    ['key', undefined, ['request.headers.x-a']],
    ['key', { properties: { key: { type: 'string' } } }, ['request.headers.x-a']],
    ['pin', { properties: { pin: { type: 'integer', writeOnly: true } } }, ['request.headers.x-a']],
    ['clientId', undefined, []],
    ['consumerKey', undefined, []],
    ['tier', { properties: { tier: { enum: ['a', 'b'] } } }, []],
    ['retries', { properties: { retries: { type: 'integer' } } }, []],
    ['baseUrl', { properties: { baseUrl: { type: 'string' } } }, []],
  ])('%s with the schema %j', (name, common, expected) => {
    expect(basic({ url: URL, headers: { 'x-a': `{{common.${name}}}` } }, FORM, common)).toEqual(expected);
  });

  test('that is sent as something public is none', () => {
    expect(basic({ url: URL, qs: { client_id: '{{common.key}}', id: '{{common.clientSecret}}' } })).toEqual([
      'request.qs.id',
    ]);
  });

  test('that is hardly one is not looked for in the path of an address', () => {
    expect(basic({ url: 'https://{{common.shard}}.example.com/{{common.clientSecret}}' })).toEqual([
      'path common.shard??',
      'path common.clientSecret',
    ]);
  });
});

describe('a parameter', () => {
  const headers = { authorization: 'Bearer {{parameters.handle}}' };
  test.each([
    ['that the form hides', { 'x-a': '{{parameters.apiKey}}' }, FORM, ['request.headers.x-a']],
    ['that the form shows', { 'x-a': '{{parameters.handle}}' }, FORM, []],
    ['that the form shows, sent as a credential', headers, FORM, ['request.headers.authorization']],
    ['sent as a credential, without a form', headers, null, ['request.headers.authorization?']],
    ['sent as a credential, with a form that is fetched', headers, 'rpc://form', ['request.headers.authorization?']],
    [
      'sent as a credential, with fields that are fetched',
      headers,
      ['rpc://form', FORM[2]],
      ['request.headers.authorization?'],
    ],
    ['named as a secret, without a form', { 'x-a': '{{parameters.pwd}}' }, null, ['request.headers.x-a?']],
    ['without a form, sent anywhere', { 'x-a': '{{parameters.handle}}' }, null, ['request.headers.x-a??']],
    ['without a form, named as something public', { 'x-a': '{{parameters.region}}' }, null, []],
  ])('%s', (_, sent, form, expected) => {
    expect(basic({ url: URL, headers: sent }, form)).toEqual(expected);
  });

  test('that is a secret only by its use is one wherever it is sent, and what it is made into as well', () => {
    const first = { url: URL, temp: { made: "{{'x' + parameters.handle}}" }, qs: { a: '{{temp.made}}' } };
    const second = { url: `${URL}?token={{parameters.handle}}`, body: { b: '{{connection.handle}}' } };
    expect(basic([first, second])).toEqual(['request.qs.a', 'request.body.b', 'query parameters.handle']);
  });

  test('that stands beside a secret in a credential is not one for that', () => {
    const headers = { authorization: "Basic {{base64(parameters.handle + ':' + parameters.apiKey)}}" };
    expect(basic({ url: URL, headers, qs: { user: '{{parameters.handle}}' } })).toEqual([
      'request.headers.authorization',
    ]);
  });
});

describe('an address', () => {
  test.each([
    [`${URL}?api_key={{parameters.apiKey}}`, ['query parameters.apiKey']],
    [`${URL}?a=b&api_key={{parameters.handle}}`, ['query parameters.handle']],
    [`${URL}?q={{parameters.handle}}&c=d`, []],
    [`${URL}?q={{base64(parameters.apiKey)}}#x`, ['query parameters.apiKey']],
    ['https://api.example.com/bot{{parameters.apiKey}}/me', ['path parameters.apiKey']],
    ['https://user:{{parameters.handle}}@api.example.com/', ['userinfo parameters.handle']],
    ['https://{{parameters.handle}}@api.example.com/', ['userinfo parameters.handle']],
    ['https://{{parameters.region}}:{{parameters.handle}}@api.example.com/', ['userinfo parameters.handle']],
    ['https://api.example.com/me@{{parameters.handle}}', []],
    ['{{parameters.apiKey}}', ['path parameters.apiKey']],
    ['{{temp.address}}', ['path temp.address']],
    ['{{apiURL(parameters.apiKey)}}/me', ['path parameters.apiKey??']],
  ])('%s', (url, expected) => {
    const temp = { address: `${URL}?key={{parameters.apiKey}}` };
    expect(basic({ url, ...(url.includes('temp') ? { temp } : {}) })).toEqual(expected);
  });
});

describe('what is sent', () => {
  const secret = '{{parameters.apiKey}}';
  test.each([
    ['names with dots', { qs: { 'a.b': secret } }, ['request.qs.`a.b`']],
    ['lists', { body: { items: [{ value: secret }] } }, ['request.body.items']],
    ['a body that is a list', { body: [{ value: secret }] }, ['request.body']],
    ['a text', { type: 'raw', body: `a=b&c=${secret}` }, ['request.body']],
    ['a text like a query string', { type: 'raw', body: 'grant=x&password={{parameters.handle}}' }, ['request.body']],
    ['a computed name', { headers: { 'x-{{parameters.region}}': secret } }, ['request.headers']],
    ['all of the form', { body: '{{parameters}}' }, ['request.body']],
    ['an object of its own', { temp: { h: { a: secret } }, headers: '{{temp.h}}' }, ['request.headers']],
    ['a digest', { qs: { a: '{{sha256(parameters.apiKey)}}' } }, []],
    ['a comparison', { qs: { a: "{{if(parameters.apiKey = 'x', 1, 2)}}" } }, []],
  ])('%s', (_, request, expected) => {
    expect(basic({ url: URL, ...request })).toEqual(expected);
  });

  test('the members that take the place of a spread, where a request is seen to make them', () => {
    const temp = { h: { authorization: 'Bearer {{parameters.apiKey}}', accept: '{{parameters.region}}' } };
    expect(basic({ url: URL, temp, headers: { '{{...}}': '{{temp.h}}' } })).toEqual(['request.headers.authorization']);
    expect(basic({ url: URL, headers: { '{{...}}': '{{parameters}}' } })).toEqual(['request.headers']);
  });
});

describe('an answer', () => {
  test.each([
    ['a token', { data: { a: '{{body.session.token}}' } }, ['response.body.session.token']],
    ['a token that is only looked at', { valid: '{{body.api_token}}' }, ['response.body.api_token']],
    ['a token in a list', { data: { a: '{{body.items[1].token}}' } }, ['response.body.items']],
    ['a header', { data: { a: '{{headers.`x-auth-token`}}' } }, ['response.headers.x-auth-token']],
    ['a cookie', { temp: { a: '{{headers.`set-cookie`}}' } }, ['response.headers.set-cookie']],
    ['a text that is one', { type: 'text', data: { accessToken: '{{body}}' } }, ['response.body']],
    ['a page', { temp: { a: '{{body.next_page_token}}' } }, []],
    ['a name', { metadata: { value: '{{body.name}}' } }, []],
  ])('%s', (_, response, expected) => {
    expect(basic({ url: URL, response })).toEqual(expected);
  });

  test('what is sent as a credential later is a secret where it comes from', () => {
    const first = { url: URL, response: { data: { sid: '{{body.sid}}' }, temp: { all: '{{body}}' } } };
    const second = {
      url: URL,
      headers: { cookie: 'sid={{connection.sid}}', authorization: '{{temp.all.access_token}}' },
    };
    expect(basic([first, second])).toEqual([
      'response.body.sid',
      'response.body.access_token',
      'request.headers.cookie',
      'request.headers.authorization',
    ]);
  });
});

describe('the steps of OAuth', () => {
  const authorize = { url: URL, response: { temp: { grant: '{{query.code}}' } } };
  const token = {
    url: URL,
    body: {
      code: '{{temp.grant}}',
      code_verifier: '{{temp.code_verifier}}',
      client_assertion: '{{jwt(common.claims, common.pem)}}',
      client_id: '{{common.clientId}}',
    },
    response: { data: { kept: '{{body.access_token}}' } },
  };
  const refresh = { url: URL, body: { a: '{{data.refreshToken}}', b: '{{connection.kept}}' } };

  test('carry the code, the verifier, an assertion and the tokens', () => {
    expect(secrets('oauth', { api: { authorize, token, refresh } })).toEqual([
      'request.body.code',
      'request.body.code_verifier',
      'request.body.client_assertion',
      'response.body.access_token',
      'request.body.a',
      'request.body.b',
    ]);
  });

  test('are covered with everything that answers of their kind bring', () => {
    const connection = { type: 'oauth', sections: { api: { authorize, token } } } as const;
    const cover = [...secretsCarried(connection)].map((each) => coverOf(connection, each));
    expect(cover[1]).toEqual({
      isComplete: true,
      paths: [
        'request.body.code',
        'request.body.code_verifier',
        'request.body.client_assertion',
        'response.body.access_token',
        'response.body.refresh_token',
        'response.body.id_token',
      ],
    });
  });
});

describe('what covers a request', () => {
  const cover = (type: Declared['type'], api: unknown, parameters?: unknown) => {
    const connection = { type, sections: { api, ...(parameters === undefined ? {} : { parameters }) } };
    return [...secretsCarried(connection)].map((each) => coverOf(connection, each)).at(-1);
  };
  const signed = { url: URL, oauth: { token: '{{connection.token}}' } };

  test.each([
    ['what may be a secret', { url: URL, qs: { a: '{{parameters.a}}' } }, ['request.qs.a'], true],
    ['what is written out', { url: URL, headers: { 'x-api-key': 'abc' } }, ['request.headers.x-api-key'], true],
    ['a secret that is written into the address', { url: `${URL}?token=abc` }, [], false],
    ['what may be a secret in the address', { url: `${URL}/{{parameters.a}}` }, [], false],
    ['what is public in the address', { url: `${URL}/{{parameters.userId}}` }, [], true],
    ['directives that an expression adds', { url: URL, '{{...}}': '{{temp.more}}' }, [], false],
    ['a signature', signed, ['request.headers.authorization'], true],
    [
      'a signature in the query string',
      { ...signed, oauth: { ...signed.oauth, transport_method: 'query' } },
      ['request.headers.authorization'],
      false,
    ],
    ['inner paths', { url: URL, body: ['{{parameters.a}}', { b: '{{parameters.b}}' }] }, ['request.body'], true],
  ])('%s', (_, api, paths, isComplete) => {
    expect(cover('other', api)).toEqual({ paths, isComplete });
  });

  test('a signature that shows the secrets is one of them', () => {
    const api = { oauth: { signature_method: 'PLAINTEXT' }, info: { url: URL } };
    expect(secrets('oauth-1', { api })).toEqual(['request.headers.authorization']);
    expect(secrets('oauth-1', { api: { ...api, oauth: { consumer_key: 'x' } } })).toEqual([]);
  });
});
