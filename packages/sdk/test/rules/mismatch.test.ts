import { expect, test } from 'vitest';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

const url = 'https://api.example.com/v1/me';

interface Parts {
  readonly response?: object;
  readonly temp?: object;
  readonly parameters?: unknown;
}

/** What is found about types in a connection whose info step says the template, with the places in its files. */
function found(template: string, { response = {}, temp = {}, parameters }: Parts = {}) {
  const api = {
    token: { url, temp, response: { data: { expires: '{{addSeconds(now, body.expires_in)}}' } } },
    info: { url, response: { valid: template, ...response } },
  };
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "acme"}',
      'connections/acme/connection.json': '{"type": "oauth"}',
      'connections/acme/api.json': JSON.stringify(api, undefined, 2),
      ...(parameters === undefined ? {} : { 'connections/acme/parameters.json': JSON.stringify(parameters) }),
    }),
  );
  return validate(project)
    .filter(({ code }) => /^iml/.test(code))
    .map(({ code, message, related = [] }) => ({
      code,
      message,
      related: related.map((each) => `${each.file.slice('connections/acme/'.length)}:${each.line} ${each.message}`),
    }));
}

const DATES = 'Because of this, data.expires is date.';

test.each<[string, string, Parts, string, string, string[]]>([
  ['a date and a boolean', '{{data.expires = true}}', {}, 'iml/incomparable', '= compares date with boolean', [DATES]],
  ['both ways', '{{false < connection.expires}}', {}, 'iml/incomparable', '< compares boolean with date', ['api.json']],
  [
    'a date from earlier in the run and a list',
    "{{temp.at = split('a b', ' ')}}",
    { temp: { at: '{{now}}' } },
    'iml/incomparable',
    '= compares date with array',
    ['Because of this, temp.at is date.'],
  ],
  [
    'a text function on a list',
    '{{upper(temp.all)}}',
    { temp: { all: "{{split('a b', ' ')}}" } },
    'iml/argument-type',
    'temp.all is array',
    ['Because of this, temp.all is array'],
  ],
  [
    'a function of lists on a field',
    '{{join(parameters.on)}}',
    { parameters: [{ name: 'on', type: 'boolean' }] },
    'iml/argument-type',
    'parameters.on is boolean',
    ['parameters.json:1 Because of this, parameters.on is boolean.'],
  ],
  [
    'a property of an answer that is a text',
    '{{body.user.name}}',
    { response: { type: 'text' } },
    'iml/impossible-member',
    'body is text, and has no user.',
    ['Because of this, body is text.'],
  ],
  ['a property of a date', '{{data.expires.year}}', {}, 'iml/impossible-member', 'and has no year', [DATES]],
  ['a property of a number', '{{statusCode.text}}', {}, 'iml/impossible-member', 'statusCode is number', []],
  [
    'a property that a collection was not given',
    '{{temp.user.nane}}',
    { temp: { user: { name: 'x', id: 1 } } },
    'iml/impossible-member',
    'temp.user is collection, and has no nane',
    ['Because of this, temp.user is collection.'],
  ],
  [
    'a comparison of a field that has an outcome',
    "{{parameters.on = 'yes'}}",
    { parameters: [{ name: 'on', type: 'boolean' }] },
    'iml/constant-comparison',
    'is never true',
    ['parameters.json:1'],
  ],
])('%s', (_, template, parts, code, message, related) => {
  const [first, ...others] = found(template, parts);
  expect(first).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(first?.related).toEqual(related.map((words) => expect.stringContaining(words)));
  expect(others).toEqual([]);
});

test.each<[string, Parts?]>([
  ['{{data.expires < addMinutes(now, 5)}}'],
  ['{{data.expires = null}}'],
  ['{{data.unknown = true}}'],
  ['{{data.unknown.name}}'],
  ['{{body.user.name}}'],
  ['{{body.user.name}}', { response: { type: 'json' } }],
  ['{{body.user.name}}', { response: { type: { '*': 'json', '500': 'text' } } }],
  ['{{body.user.name}}', { response: { type: 'urlencoded' } }],
  ['{{temp.user.name}}', { temp: { user: '{{common}}' } }],
  ['{{temp.user.name}}', { temp: { user: { '{{...}}': '{{common}}', id: 1 } } }],
  ['{{temp.list.length}}', { temp: { list: "{{split('a b', ' ')}}" } }],
  ['{{if(temp.at, temp.at, false) = true}}', { temp: { at: '{{now}}' } }],
  ['{{oauth.scope.length}}'],
  ['{{headers.etag = 7}}'],
])('nothing is found in %s', (template, parts) => {
  expect(found(template, parts)).toEqual([]);
});
