import { describe, expect, test } from 'vitest';
import { type CreateType, openProject, sectionNamed, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

/** What is said about a connection, as `severity code`. */
function said(type: CreateType, sections: Readonly<Record<string, unknown>>): string[] {
  const texts = Object.entries(sections).map(([name, value]) => [
    `connections/a/${sectionNamed(name)?.files[0]}`,
    JSON.stringify(value),
  ]);
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "accepted"}',
      'connections/a/connection.json': JSON.stringify({ type }),
      ...Object.fromEntries(texts),
    }),
  );
  return validate(project).map(({ severity, code }) => `${severity} ${code}`);
}

const url = 'https://api.acme.test/v1/me';
const apiKey = { name: 'apiKey', type: 'password', label: 'API key' };
const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const log = { sanitize: ['request.headers.authorization'] };
const qs = { state: '' };

/** Faults that the schemas of Make's own editor let pass, each with what tells it here. */
const FAULTS: readonly (readonly [fault: string, told: string, type: CreateType, sections: Record<string, unknown>])[] =
  [
    ['an OAuth api without anything', 'warning oauth/no-token', 'oauth', { api: {} }],
    ['an OAuth api with info only', 'warning oauth/no-token', 'oauth', { api: { info: { url } } }],
    [
      'a token that is asked for without encryption',
      'warning request/plain-http',
      'oauth',
      { api: { authorize: { url }, token: { url: 'http://auth.acme.test/token' }, info: { url } } },
    ],
    [
      'an empty state',
      'warning oauth/fixed-state',
      'oauth',
      { api: { authorize: { url, qs }, token: { url }, info: { url } } },
    ],
    [
      'braces that are not closed',
      'error iml/syntax',
      'apikey',
      { api: { url, headers: { authorization: 'Bearer {{parameters.nope' }, log }, parameters: [apiKey] },
    ],
    [
      'a function that is not there',
      'warning iml/unknown-function',
      'apikey',
      { api: { url, headers: { authorization: '{{undefinedFn(1)}}' }, log } },
    ],
    [
      'a misspelt parameter',
      'error iml/misspelt-name',
      'apikey',
      { api: { url, headers: { authorization: 'Bearer {{parameters.apiKeyy}}' }, log }, parameters: [apiKey] },
    ],
    ['two parameters of one name', 'error parameter/duplicate-name', 'apikey', { parameters: [apiKey, apiKey] }],
    ['a secret in common', 'warning common/secret-value', 'oauth', { common: { clientSecret: 'hunter2' } }],
    ['no log.sanitize', 'warning log/not-sanitized', 'apikey', { api: { url, headers }, parameters: [apiKey] }],
  ];

describe('what other validators accept', () => {
  test.each(FAULTS)('%s: %s', (_, told, type, sections) => {
    expect(said(type, sections)).toContain(told);
  });
});

/** Files that those schemas refuse, though they work. */
const FINE: readonly (readonly [string, CreateType, Record<string, unknown>])[] = [
  [
    'token and info as lists',
    'oauth',
    {
      api: {
        authorize: { url },
        token: [{ url }, { url }],
        info: [{ url }, { url, response: { metadata: { type: 'text', value: 'x' } } }],
      },
    },
  ],
  [
    'the steps of OAuth 1.0a',
    'oauth-1',
    {
      api: {
        oauth: { consumer_key: '{{common.consumerKey}}', consumer_secret: '{{common.consumerSecret}}' },
        requestToken: { url, method: 'POST', response: { type: 'urlencoded' } },
        authorize: { url },
        accessToken: { url, method: 'POST', response: { type: 'urlencoded' } },
        info: { url },
      },
      common: { properties: { consumerKey: { type: 'string' }, consumerSecret: { type: 'string', writeOnly: true } } },
    },
  ],
];

describe('what other validators refuse', () => {
  test.each(FINE)('%s is fine', (_, type, sections) => {
    expect(said(type, sections)).toEqual([]);
  });
});
