import { describe, expect, test } from 'vitest';
import { type CreateType, type Diagnostic, openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

function problemsOf(type: CreateType, api: unknown): Diagnostic[] {
  const texts = {
    'connector.json': '{"name": "types"}',
    'connections/a/connection.json': JSON.stringify({ type }),
    'connections/a/api.jsonc': JSON.stringify(api, undefined, 2),
    'connections/a/scope.jsonc': '["a b"]',
  };
  return validate(openProject(memoryFiles(texts)));
}

const url = 'https://api.acme.test/v1';
const request = { url, headers: { authorization: 'Bearer {{parameters.apiKey}}' } };
const response = { data: { accessToken: '{{body.access_token}}' } };
/** Steps that would be full of faults if they were read as a request. */
const oauth2 = {
  authorize: {
    url,
    qs: { redirect_uri: '{{oauth.localRedirectUri}}' },
    response: { temp: { code: '{{query.code}}' } },
  },
  token: { url, method: 'POST', body: { code: '{{temp.code}}' }, response },
  refresh: { condition: '{{data.expires < now}}', url, method: 'POST', response },
  info: { url, headers: { authorization: 'Bearer {{connection.accessToken}}' } },
};
const oauth1 = {
  requestToken: { url, response: { temp: { token: '{{body.oauth_token}}' } } },
  authorize: { url, qs: { oauth_token: '{{temp.token}}' } },
  accessToken: { url, response: { data: { token: '{{body.oauth_token}}' } } },
};

describe('an api of another kind than the type says is one error, and the others are silent behind it', () => {
  test.each<[string, CreateType, unknown, string, number]>([
    ['OAuth 2.0 without OAuth', 'basic', oauth2, 'These are the steps of OAuth 2.0', 2],
    ['OAuth 2.0 with an API key', 'apikey', oauth2, 'These are the steps of OAuth 2.0', 2],
    ['one step without OAuth', 'other', { info: { url } }, 'These are the steps of OAuth 2.0', 2],
    ['OAuth 1.0a without OAuth', 'basic', oauth1, 'These are the steps of OAuth 1.0a', 2],
    ['OAuth 1.0a as 2.0', 'oauth', oauth1, 'These are the steps of OAuth 1.0a', 2],
    ['OAuth 2.0 as 1.0a', 'oauth-1', oauth2, 'These are the steps of OAuth 2.0', 2],
    ['a request with OAuth 2.0', 'oauth', request, 'This is a request, as connections without OAuth have it', 2],
    ['a request with OAuth 1.0a', 'oauth-1', request, 'This is a request, as connections without OAuth have it', 2],
    ['requests with OAuth', 'oauth', [request, request], 'This is a request, as connections without OAuth have it', 1],
  ])('%s', (_, type, api, shows, line) => {
    const [first, ...others] = problemsOf(type, api);
    expect(first).toMatchObject({
      code: 'schema/connection-type',
      severity: 'error',
      message: `${shows}, but the connection type is ${type}.`,
      expected: type,
      file: 'connections/a/api.jsonc',
      line,
    });
    // What stands in other sections is reported as before.
    expect(others.map(({ code }) => code)).toEqual(['scope/items']);
  });

  test.each<[string, CreateType, unknown]>([
    ['the right steps', 'oauth', oauth2],
    ['the right steps of OAuth 1.0a', 'oauth-1', oauth1],
    ['a request', 'basic', request],
    ['several requests', 'basic', [request, request]],
    ['nothing', 'oauth', {}],
    ['no requests', 'oauth', []],
    ['steps of both kinds', 'oauth', { token: { url }, accessToken: { url } }],
    ['a request with a step', 'basic', { url, authorize: { url } }],
    ['steps with an address', 'oauth', { ...oauth2, url }],
    ['steps that both kinds have', 'oauth-1', { authorize: { url }, info: { url } }],
    ['words where steps belong', 'basic', { token: 'abc' }],
  ])('it is not said of %s', (_, type, api) => {
    expect(problemsOf(type, api).map(({ code }) => code)).not.toContain('schema/connection-type');
  });
});

describe('a step that gets a token', () => {
  const missing = (type: CreateType, api: unknown) =>
    problemsOf(type, api)
      .filter(({ code }) => code === 'oauth/no-token')
      .map(({ severity, line }) => `${severity} ${line}`);

  test.each<[CreateType, unknown, string[]]>([
    ['oauth', {}, ['warning 1']],
    ['oauth', { info: { url }, refresh: { url } }, ['warning 1']],
    ['oauth-clicre', { info: { url } }, ['warning 1']],
    ['oauth-1', {}, ['warning 1']],
    ['oauth', { authorize: { url } }, []],
    ['oauth', { token: { url } }, []],
    ['oauth', { preauthorize: { url } }, []],
    // Misspelt: the schema tells.
    ['oauth', { tokn: { url } }, []],
    ['oauth', { '{{...}}': '{{parameters.steps}}' }, []],
    ['oauth-1', { info: { url } }, []],
    ['basic', {}, []],
  ])('%s %j', (type, api, expected) => {
    expect(missing(type, api)).toEqual(expected);
  });
});
