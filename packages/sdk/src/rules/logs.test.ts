import { describe, expect, test } from 'vitest';
import { fixAll } from '../fix.ts';
import { type CreateType, openProject, validate } from '../index.ts';
import { memoryFiles } from '../project/files.ts';

const URL = 'https://api.example.com/v1/me';
const FORM = [
  { name: 'apiKey', type: 'password', label: 'Key' },
  { name: 'handle', type: 'text', label: 'Handle' },
];
const FILE = 'connections/a/api.jsonc';

function textsOf(type: CreateType, api: unknown, parameters: unknown = FORM): Record<string, string> {
  return {
    'connector.json': '{"name": "x"}',
    'connections/a/connection.json': JSON.stringify({ type }),
    [FILE]: typeof api === 'string' ? api : JSON.stringify(api, undefined, 2),
    ...(parameters === null ? {} : { 'connections/a/parameters.json': JSON.stringify(parameters) }),
  };
}

const check = (texts: Record<string, string>) => validate(openProject(memoryFiles(texts)));

/** Returns the findings about secrets in requests, with the paths that a fix names. */
function reported(type: CreateType, api: unknown, parameters?: unknown): string[] {
  return check(textsOf(type, api, parameters))
    .filter(({ code }) => /^log\/|\/secret-in-/.test(code))
    .map(({ severity, code, path = [], fix }) =>
      [severity, code, path.join('.'), ...(fix === undefined ? [] : [fix.title])].join(' '),
    );
}

function fixed(texts: Record<string, string>): string {
  const { texts: after } = fixAll({
    read: (file) => texts[file],
    check: (changed) => check({ ...texts, ...Object.fromEntries(changed) }),
  });
  return after.get(FILE) ?? texts[FILE] ?? '';
}

const authorization = 'Bearer {{connection.accessToken}}';
const apiKey = '{{parameters.apiKey}}';

describe('a request without log.sanitize', () => {
  test('is logged by a fix that names everything', () => {
    const api = {
      url: URL,
      method: 'POST',
      headers: { 'x-api-key': apiKey, authorization },
      body: { client_secret: '{{common.clientSecret}}', more: '{{common.key}}' },
      response: { data: { session: '{{body.session_token}}' } },
    };
    const text = fixed(textsOf('apikey', api));
    expect(JSON.parse(text).log.sanitize).toEqual([
      'request.headers.x-api-key',
      'request.headers.authorization',
      'request.body.client_secret',
      'request.body.more',
      'response.body.session_token',
    ]);
    expect(reported('apikey', text)).toEqual([]);
  });

  test.each([
    ['in the path', `${URL}/{{parameters.apiKey}}`, 'info request/secret-in-path url'],
    ['in the query string', `${URL}?k={{parameters.apiKey}}`, 'warning request/secret-in-query url'],
    ['before the host', 'https://a:{{parameters.apiKey}}@b.io', 'warning request/secret-in-query url'],
  ])('is not logged by a fix when its address has a secret %s', (_, url, expected) => {
    const api = { url, headers: { authorization } };
    expect(reported('apikey', api).sort()).toEqual(
      [expected, 'warning log/not-sanitized headers.authorization'].sort(),
    );
    expect(fixed(textsOf('apikey', api))).toBe(JSON.stringify(api, undefined, 2));
  });

  test.each([
    ['an absent form', null],
    ['a form that is fetched', 'rpc://form'],
  ])('is left alone when only %s could say what it carries', (_, parameters) => {
    const api = { url: URL, headers: { authorization: 'Bearer {{parameters.handle}}' } };
    expect(reported('apikey', api, parameters)).toEqual(['info log/not-logged headers.authorization']);
  });
});

describe('a request with log.sanitize', () => {
  const api = (request: object, ...sanitize: string[]) => ({ url: URL, ...request, log: { sanitize } });

  test.each([
    ['another header', api({ headers: { authorization, 'x-a': apiKey } }, 'request.headers.authorization'), 'x-a'],
    ['a part of the form', api({ headers: { 'x-a': '{{parameters.apiKey}}-1' } }, 'request.qs.b'), 'x-a'],
    ['something in Base64', api({ headers: { 'x-a': '{{base64(parameters.apiKey)}}' } }, 'request.qs.b'), 'x-a'],
  ])('is told each secret beside: %s', (_, request, name) => {
    expect(reported('apikey', request)).toEqual([
      `warning log/not-sanitized headers.${name} Sanitize request.headers.${name}`,
    ]);
  });

  test('is told credentials without a form', () => {
    const request = api({ headers: { authorization: 'Bearer {{parameters.handle}}' } }, 'request.qs.b');
    expect(reported('apikey', request, null)).toEqual([
      'warning log/not-sanitized headers.authorization Sanitize request.headers.authorization',
    ]);
  });

  test('is told a secret in its address, and what corrects the rest is offered', () => {
    const request = api({ headers: { authorization }, url: `${URL}/{{parameters.apiKey}}` }, 'request.qs.b');
    expect(reported('apikey', request).sort()).toEqual([
      'warning log/not-sanitized headers.authorization Sanitize request.headers.authorization',
      'warning log/secret-in-url url',
    ]);
  });

  test.each([
    ['backticks', 'request.headers.`X-A`'],
    ['another case', 'request.headers.X-A'],
    ['the place around it', 'request.headers'],
    ['a star', 'request.headers.*'],
  ])('may name a place with %s', (_, entry) => {
    expect(reported('apikey', api({ headers: { 'x-a': apiKey } }, entry))).toEqual([]);
  });

  test('may name what of a text is hidden', () => {
    const request = { method: 'POST', type: 'raw', body: 'There is {{parameters.apiKey}} in it.' };
    expect(reported('apikey', api(request, 'request.body<parameters.apiKey>'))).toEqual([]);
    expect(reported('apikey', api(request, 'request.body<parameters.handle>'))).toEqual([
      'warning log/not-sanitized body Sanitize request.body',
    ]);
  });

  test('may name the members of an object that is put in by a spread', () => {
    const request = { headers: { '{{...}}': '{{parameters}}' } };
    expect(reported('apikey', api(request, 'request.headers.authorization'))).toEqual([]);
    expect(reported('apikey', api(request, 'request.qs.a'))).toEqual([
      'warning log/not-sanitized headers.{{...}} Sanitize request.headers',
    ]);
  });

  test('keeps its remarks when something is added', () => {
    const text = `{
  "url": "${URL}",
  "headers": { "authorization": "${authorization}", "x-a": "${apiKey}" },
  "log": {
    "sanitize": [
      // the first
      "request.qs.a", // of the query
      "request.qs.b"
    ]
  }
}`;
    const after = fixed(textsOf('apikey', text));
    expect(after).toBe(
      text.replace(
        '"request.qs.b"',
        '"request.qs.b",\n      "request.headers.authorization",\n      "request.headers.x-a"',
      ),
    );
  });
});

describe('authorize', () => {
  const token = {
    url: URL,
    method: 'POST',
    body: { code: '{{temp.code}}' },
    response: { data: { accessToken: '{{body.access_token}}' } },
    log: { sanitize: ['request.body.code', 'response.body.access_token'] },
  };
  const steps = (qs: object, url = URL) => ({
    authorize: { url, qs, response: { temp: { code: '{{query.code}}' } } },
    token,
  });

  test.each([
    ['the client’s secret', steps({ client_secret: '{{common.clientSecret}}' }), ['authorize.qs.client_secret']],
    ['a password of the form', steps({}, `${URL}?p={{parameters.password}}`), ['authorize.url']],
    ['the client’s id', steps({ client_id: '{{common.clientId}}', key: '{{common.apiKey}}' }), []],
    ['a challenge', steps({ code_challenge: '{{sha256(temp.code_verifier)}}' }), []],
    ['a request that is signed', steps({ request: '{{jwt(parameters, common.clientSecret)}}' }), []],
  ])('is told about the browser when it is sent %s', (_, api, paths) => {
    expect(reported('oauth', api, null)).toEqual(paths.map((path) => `warning oauth/secret-in-browser ${path}`));
  });
});
