import { describe, expect, test } from 'vitest';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

interface Step {
  readonly [directive: string]: unknown;
}

const LOCAL = '{{oauth.localRedirectUri}}';
const response = { temp: { code: '{{query.code}}' } };
const url = 'https://auth.acme.test/oauth';

/** What is said of the redirect URIs of these steps, as `code path`. */
function said(authorize: Step, token: Step | readonly Step[], more: object = {}): string[] {
  const api = { ...more, authorize: { url, response, ...authorize }, token };
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "redirects"}',
      'connections/a/connection.json': '{"type": "oauth"}',
      'connections/a/api.jsonc': JSON.stringify(api),
    }),
  );
  return validate(project)
    .filter(({ code }) => code.startsWith('oauth/redirect'))
    .map(({ code, path, severity }) => `${severity} ${code} ${path?.join('.')}`);
}

function trading(body: unknown, more: Step = {}): Step {
  return { url, method: 'POST', body, ...more };
}

const qs = { redirect_uri: LOCAL };
const CODE = { grant_type: 'authorization_code', code: '{{temp.code}}' };

describe('a redirect URI that the browser is sent with', () => {
  test.each<[string, Step, Step | readonly Step[], string[]]>([
    ['is missing in token', { qs }, trading(CODE), ['warning oauth/redirect-missing token.body']],
    [
      'is misspelt in token',
      { qs },
      trading({ ...CODE, redirect_url: LOCAL }),
      ['warning oauth/redirect-missing token.body.redirect_url'],
    ],
    [
      'is missing where the code is in the query',
      { qs },
      { url, qs: CODE },
      ['warning oauth/redirect-missing token.qs'],
    ],
    [
      'is missing in the second request',
      { qs },
      [{ url }, trading(CODE)],
      ['warning oauth/redirect-missing token.1.body'],
    ],
    [
      'is in the URL and missing in token',
      { url: `${url}?redirect_uri=${LOCAL}` },
      trading(CODE),
      ['warning oauth/redirect-missing token.body'],
    ],
    [
      'is another address',
      { qs: { redirect_uri: 'https://a.test/cb' } },
      trading({ ...CODE, redirect_uri: 'https://a.test/cb/' }),
      ['warning oauth/redirect-mixed token.body.redirect_uri'],
    ],
    [
      'is an address that the variable cannot be',
      { qs },
      trading({ ...CODE, redirect_uri: 'https://a.test/' }),
      ['warning oauth/redirect-mixed token.body.redirect_uri'],
    ],
    [
      'is another variable',
      { qs },
      trading({ ...CODE, redirect_uri: '{{oauth.makeRedirectUri}}' }),
      ['warning oauth/redirect-mixed token.body.redirect_uri'],
    ],
    [
      'comes only with the token',
      { qs: { scope: 'a' } },
      trading({ ...CODE, redirect_uri: LOCAL }),
      ['warning oauth/redirect-missing authorize.qs'],
    ],
    [
      'comes only with the token, and the address has no query',
      {},
      trading({ ...CODE, redirect_uri: LOCAL }),
      ['warning oauth/redirect-missing authorize'],
    ],
  ])('%s', (_, authorize, token, expected) => {
    expect(said(authorize, token)).toEqual(expected);
  });

  test.each<[string, Step, Step | readonly Step[], object?]>([
    ['the same', { qs }, trading({ ...CODE, redirect_uri: LOCAL })],
    [
      'the same address',
      { qs: { redirect_uri: 'https://a.test/cb' } },
      trading({ ...CODE, redirect_uri: 'https://a.test/cb' }),
    ],
    [
      'the address that the variable stands for',
      { qs: { redirect_uri: 'https://www.make.com/oauth/cb/app' } },
      trading({ ...CODE, redirect_uri: LOCAL }),
    ],
    ['written without the underscore', { qs }, trading({ code: '{{temp.code}}', redirectUri: LOCAL })],
    [
      'in a body that is one text',
      { qs },
      trading(`grant_type=authorization_code&code={{temp.code}}&redirect_uri=${LOCAL}`),
    ],
    ['in the second of two requests', { qs }, [trading(CODE), { url, qs: { redirect_uri: LOCAL } }]],
    ['under another name, from the same variable', { qs }, trading({ ...CODE, callback: LOCAL })],
    ['kept in temp', { qs, temp: { redirect: LOCAL } }, trading({ ...CODE, redirect_uri: '{{temp.redirect}}' })],
    ['perhaps in what an expression adds', { qs }, trading({ ...CODE, '{{...}}': '{{temp.more}}' })],
    ['perhaps in a body that an expression is', { qs }, trading('{{temp.form}}')],
    ['nowhere', {}, trading(CODE)],
    ['without a code to trade', { qs }, trading({ grant_type: 'client_credentials' })],
    ['perhaps in an address that an answer gave', { url: '{{temp.url}}' }, trading({ ...CODE, redirect_uri: LOCAL })],
    [
      'sent before',
      { qs: { request_uri: '{{temp.request}}' } },
      trading({ ...CODE, redirect_uri: LOCAL }),
      { preauthorize: { url, method: 'POST', body: { redirect_uri: LOCAL } } },
    ],
  ])('is right: %s', (_, authorize, token, more) => {
    expect(said(authorize, token, more)).toEqual([]);
  });
});
