import { describe, expect, test } from 'vitest';
import { openProject, SECTIONS, type SectionName, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

type Sections = { readonly [name in SectionName]?: unknown };

const FILES = Object.fromEntries(SECTIONS.map(({ name, files }) => [name, files[0]]));

/** What is said of names that are read or declared, as `severity code path`, with the places that belong to it. */
function said(sections: Sections, type = 'oauth'): string[] {
  const texts = Object.entries(sections).map(([name, value]) => [
    `connections/a/${FILES[name]}`,
    JSON.stringify(value),
  ]);
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "names"}',
      'connections/a/connection.json': JSON.stringify({ type }),
      ...Object.fromEntries(texts),
    }),
  );
  return validate(project)
    .filter(({ code }) => ABOUT_NAMES.has(code))
    .map(({ severity, code, path, related = [] }) =>
      [severity, code, path?.join('.'), ...related.map(({ file }) => file.replace('connections/a/', ''))].join(' '),
    );
}

const ABOUT_NAMES = new Set<string>([
  'iml/misspelt-name',
  'iml/undeclared-parameter',
  'iml/unset-common',
  'iml/unset-temp',
  'data/not-stored',
  'data/unread-temp',
  'oauth/expiry-not-stored',
  'credential/not-sent',
  'parameter/unused',
  'common/unused',
  'install/unused-field',
]);

const url = 'https://api.acme.test/v1';
const password = (name: string) => ({ name, type: 'password', label: name });
const common = (...names: string[]) => ({
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  additionalProperties: false,
});

describe('a name that almost is one that is declared and that nothing reads is one error, and all there is to say', () => {
  test.each<[string, Sections, string]>([
    [
      'a credential',
      { api: { info: { url, headers: { 'x-key': '{{parameters.apiKeyy}}' } } }, parameters: [password('apiKey')] },
      'error iml/misspelt-name info.headers.x-key parameters.jsonc',
    ],
    [
      'a credential in a text field',
      {
        api: { info: { url, headers: { 'x-key': '{{parameters.apikey}}' } } },
        parameters: [{ ...password('apiKey'), type: 'text' }],
      },
      'error iml/misspelt-name info.headers.x-key parameters.jsonc',
    ],
    [
      'one that is only asked for if it is there',
      {
        api: { info: { url, qs: { id: "{{ifempty(parameters.client_id, 'x')}}" } } },
        parameters: [password('clientId')],
      },
      'error iml/misspelt-name info.qs.id parameters.jsonc',
    ],
    [
      'two slips in a long name',
      { api: { info: { url, qs: { id: '{{parameters.subcriptionKy}}' } } }, parameters: [password('subscriptionKey')] },
      'error iml/misspelt-name info.qs.id parameters.jsonc',
    ],
    [
      'a field that is read as what is stored',
      { api: { info: { url, headers: { 'x-key': '{{connection.apiKye}}' } } }, parameters: [password('apiKey')] },
      'error iml/misspelt-name info.headers.x-key parameters.jsonc',
    ],
    [
      'what an answer stores',
      {
        api: {
          token: { condition: true, url, response: { data: { accessToken: '{{body.access_token}}' } } },
          info: { url, headers: { authorization: 'Bearer {{connection.acessToken}}' } },
        },
        parameters: [],
      },
      'error iml/misspelt-name info.headers.authorization api.jsonc',
    ],
    [
      'the expiry that refresh waits for',
      {
        api: {
          token: { condition: true, url, response: { data: { expires: '{{addSeconds(now, body.expires_in)}}' } } },
          refresh: { condition: '{{data.expire < now}}', url },
        },
        parameters: [],
      },
      'error iml/misspelt-name refresh.condition api.jsonc',
    ],
    [
      'a value of common',
      { api: { authorize: { url, qs: { client_id: '{{common.clientID}}' } } }, common: common('clientId') },
      'error iml/misspelt-name authorize.qs.client_id common.schema.json',
    ],
    [
      'a value of common that only install writes',
      {
        api: { authorize: { url, qs: { client_id: '{{common.clintId}}' } } },
        common: common(),
        install: { common: { clientId: 'abc' } },
      },
      'error iml/misspelt-name authorize.qs.client_id install.jsonc',
    ],
    [
      'a value of temp',
      {
        api: {
          authorize: { url, response: { temp: { code: '{{query.code}}' } } },
          token: { url, body: { code: '{{temp.cod}}' }, method: 'POST' },
        },
      },
      'error iml/misspelt-name token.body.code api.jsonc',
    ],
    [
      'a field of installSpec',
      {
        install: { common: { clientId: '{{parameters.clienId}}' } },
        installSpec: [{ name: 'clientId', type: 'text' }],
      },
      'error iml/misspelt-name common.clientId installSpec.jsonc',
    ],
  ])('%s', (_, sections, expected) => {
    expect(said(sections)).toEqual([expected]);
  });
});

describe('other names that are not declared stay warnings', () => {
  test.each<[string, Sections, string[]]>([
    [
      'nothing is like it',
      { api: { info: { url, qs: { u: '{{parameters.username}}' } } }, parameters: [password('apiKey')] },
      ['warning iml/undeclared-parameter info.qs.u', 'warning credential/not-sent 0.name'],
    ],
    [
      'the one that is like it is read as well',
      {
        api: { info: { url, qs: { a: '{{parameters.apiKeyy}}', b: '{{parameters.apiKey}}' } } },
        parameters: [password('apiKey')],
      },
      ['warning iml/undeclared-parameter info.qs.a'],
    ],
    [
      'the one that is like it is read as what is stored',
      {
        api: { info: { url, qs: { a: '{{parameters.apiKeyy}}', b: '{{connection.apiKey}}' } } },
        parameters: [password('apiKey')],
      },
      ['warning iml/undeclared-parameter info.qs.a'],
    ],
    [
      'it is another word',
      { api: { info: { url, qs: { a: '{{parameters.secretKey}}' } } }, parameters: [password('secretId')] },
      ['warning iml/undeclared-parameter info.qs.a', 'warning credential/not-sent 0.name'],
    ],
    [
      'a short name may be another word with two slips',
      { api: { info: { url, qs: { a: '{{parameters.user}}' } } }, parameters: [password('uses0')] },
      ['warning iml/undeclared-parameter info.qs.a', 'warning credential/not-sent 0.name'],
    ],
  ])('%s', (_, sections, expected) => {
    expect(said(sections)).toEqual(expected.map((each) => expect.stringContaining(each)));
  });
});

describe('nothing is said for certain where more names may exist', () => {
  const read = { info: { url, headers: { 'x-key': '{{parameters.apiKeyy}}' } } };
  const misspelt = (sections: Sections) => said(sections).filter((each) => each.includes('misspelt'));

  test.each<[string, Sections]>([
    ['without a form', { api: read }],
    ['a form that a call answers with', { api: read, parameters: ['rpc://fields', password('apiKey')] }],
    [
      'all fields are read at once',
      {
        api: { info: { url, body: '{{parameters}}', qs: { a: '{{parameters.apiKeyy}}' } } },
        parameters: [password('apiKey')],
      },
    ],
    [
      'an answer stores it',
      {
        api: { ...read, token: { url, condition: true, response: { data: { apiKeyy: 1 } } } },
        parameters: [password('apiKey')],
      },
    ],
    [
      'an answer stores what it likes',
      {
        api: { ...read, token: { url, condition: true, response: { data: '{{body}}' } } },
        parameters: [password('apiKey')],
      },
    ],
    [
      'common may hold more',
      {
        api: { authorize: { url, qs: { id: '{{common.clientID}}' } } },
        common: { properties: { clientId: {} }, additionalProperties: true },
      },
    ],
    [
      'temp is set from an answer',
      {
        api: {
          token: {
            url,
            condition: true,
            temp: '{{parameters.more}}',
            qs: { a: '{{temp.cod}}' },
            response: { temp: { code: 1 } },
          },
        },
      },
    ],
  ])('%s', (_, sections) => {
    expect(misspelt(sections)).toEqual([]);
  });
});

describe('a credential that no request sends', () => {
  test.each([
    ['password', 'secondary', 'warning credential/not-sent 1.name'],
    ['text', 'apiSecret', 'warning credential/not-sent 1.name'],
    ['pkey', 'certificate', 'warning credential/not-sent 1.name'],
    ['text', 'region', 'info parameter/unused 1.name'],
    ['number', 'accessToken', 'info parameter/unused 1.name'],
  ])('in a field of type %s named %s: %s', (type, name, expected) => {
    const api = { url, headers: { 'x-key': '{{parameters.apiKey}}' } };
    expect(said({ api, parameters: [password('apiKey'), { name, type, label: name }] }, 'apikey')).toEqual([expected]);
  });
});
