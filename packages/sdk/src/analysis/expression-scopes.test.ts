import { describe, expect, test } from 'vitest';
import { check } from '../iml/check.ts';
import { parseTemplate } from '../iml/parse.ts';
import { memoryFiles } from '../project/files.ts';
import { openProject } from '../project/index.ts';
import { checkConnection } from '../validate.ts';
import type { Declared } from './declared.ts';
import { flowOf, placesOf } from './expression-scopes.ts';
import { requestsOf } from './requests.ts';

function reported(declared: Declared): string[] {
  return [...placesOf(declared)].flatMap(({ path, text, scope }) =>
    check(parseTemplate(text), scope).map(
      ({ code, offset, length }) => `${path.join('.')} ${code} ${text.slice(offset, offset + length)}`,
    ),
  );
}

const url = 'https://api.example.com';

describe('temp is known in the order in which it is set', () => {
  test.each<[string, Declared, string[]]>([
    [
      'values that are set together do not see each other',
      { type: 'other', sections: { api: { url, temp: { a: 1, b: '{{temp.a}}' } } } },
      ['temp.b iml/unset-temp temp.a'],
    ],
    ['a request sees its own', { type: 'other', sections: { api: { url: '{{temp.a}}', temp: { a: 1 } } } }, []],
    [
      'an answer is judged before temp is set from it',
      {
        type: 'other',
        sections: { api: { url, response: { valid: '{{temp.a}}', temp: { a: 1 }, uid: '{{temp.a}}' } } },
      },
      ['response.valid iml/unset-temp temp.a'],
    ],
    [
      'a request sees what those before it have set',
      {
        type: 'other',
        sections: { api: [{ url: '{{temp.a}}', response: { temp: { a: 1 } } }, { url: '{{temp.a}}' }] },
      },
      ['0.url iml/unset-temp temp.a'],
    ],
    [
      'steps run in their order, however they are written',
      {
        type: 'oauth',
        sections: {
          api: {
            token: { url: '{{temp.v}}{{temp.code}}' },
            authorize: { url, temp: { v: 1 }, response: { temp: { code: '{{query.code}}' } } },
          },
        },
      },
      [],
    ],
    [
      'refresh is a run of its own',
      { type: 'oauth', sections: { api: { token: { url, temp: { a: 1 } }, refresh: { url: '{{temp.a}}' } } } },
      ['refresh.url iml/unset-temp temp.a'],
    ],
    [
      'a spread may set anything',
      { type: 'other', sections: { api: { url: '{{temp.a}}', temp: { '{{...}}': '{{parameters}}' } } } },
      [],
    ],
    [
      'looking whether it is there is no reading',
      { type: 'other', sections: { api: { url: "{{ifempty(temp.a, 'x')}}" } } },
      [],
    ],
    [
      'what all steps of OAuth 1.0a share sees all of them',
      {
        type: 'oauth-1',
        sections: {
          api: { oauth: { token: '{{temp.t}}{{temp.u}}' }, requestToken: { url, response: { temp: { t: 1 } } } },
        },
      },
      ['oauth.token iml/unset-temp temp.u'],
    ],
  ])('%s', (_, declared, expected) => {
    expect(reported(declared)).toEqual(expected);
  });
});

describe('names that other sections declare', () => {
  const api = { url: '{{parameters.a}}{{common.b}}' };
  test.each<[string, Declared['sections'], string[]]>([
    ['absent sections say nothing', { api }, []],
    ['an empty form', { api, parameters: [] }, ['url iml/undeclared-parameter parameters.a']],
    ['a form that declares it', { api, parameters: [{ name: 'a', type: 'text' }] }, []],
    [
      'inside an option',
      {
        api,
        parameters: [{ name: 'x', type: 'select', options: [{ value: 1, nested: [{ name: 'a', type: 'text' }] }] }],
      },
      [],
    ],
    [
      'inside a collection',
      { api, parameters: [{ name: 'x', type: 'collection', spec: [{ name: 'a', type: 'text' }] }] },
      ['url iml/undeclared-parameter parameters.a'],
    ],
    ['a form that is fetched', { api, parameters: 'rpc://form' }, []],
    ['common without it', { api, common: { properties: {} } }, ['url iml/unset-common common.b']],
    ['common that declares it', { api, common: { properties: { b: {} } } }, []],
    ['common that may hold more', { api, common: { properties: {}, additionalProperties: true } }, []],
    ['an installation that writes it', { api, common: { properties: {} }, install: { common: { b: 1 } } }, []],
    [
      'the form of the administrator',
      { install: { common: { b: '{{parameters.c}}' } }, installSpec: [{ name: 'd', type: 'text' }] },
      ['common.b iml/undeclared-parameter parameters.c'],
    ],
  ])('%s', (_, sections, expected) => {
    expect(reported({ type: 'other', sections })).toEqual(expected);
  });
});

test('problems point at the characters in the file, also behind escapes', () => {
  const line = '{ "url": "\\u00e9\\n\\ud83d\\ude00😀\\"{{zoo}}\\/{{body.x}}" }';
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "here"}',
      'connections/here/connection.json': '{"type": "other"}',
      'connections/here/api.json': line,
    }),
  );
  const [connection] = project.connections;
  const { problems } = checkConnection(connection ?? expect.fail());
  const found = problems
    .filter(({ code }) => code.startsWith('iml/'))
    .map(({ code, column = 1, endColumn = 1 }) => `${code} ${line.slice(column - 1, endColumn - 1)}`);
  expect(found.sort()).toEqual(['iml/unavailable-variable body', 'iml/unknown-variable zoo']);
});

describe('what was found out of a connection does not hold of the next one when', () => {
  const [a, data] = [{ url }, { id: '{{body.id}}' }];

  test('a request gets a condition', () => {
    const stored = ['', '{{temp.a}}'].map((condition) => {
      const api = { ...a, ...(condition === '' ? {} : { condition }), response: { data } };
      return flowOf({ type: 'other', sections: { api } }).stored?.map(({ conditional }) => conditional);
    });
    expect(stored).toEqual([[false], [true]]);
  });

  test('the same request stands elsewhere, or belongs to another step', () => {
    const request = { url: '{{temp.a}}' };
    const places = [{ info: request }, { info: [request] }, { token: request }].map((api) =>
      requestsOf({ type: 'oauth', sections: { api } }).map(({ step, path, texts }) => [step, path, texts[0]?.path]),
    );
    expect(places).toEqual([
      [['info', ['info'], ['info', 'url']]],
      [['info', ['info', 0], ['info', 0, 'url']]],
      [['token', ['token'], ['token', 'url']]],
    ]);
  });
});
