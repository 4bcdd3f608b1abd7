import { describe, expect, test } from 'vitest';
import { checkValues } from './check-values.ts';
import { toSchema } from './to-schema.ts';

const SECRET = 'hunter2';

const FORM = [
  { type: 'banner', name: 'note', text: 'Hello', required: true },
  { name: 'apiKey', type: 'password', required: true, validate: { min: 8 } },
  {
    name: 'where',
    type: 'select',
    options: [
      { value: 'cloud', default: true, nested: [{ name: 'region', type: 'text', required: true, default: 'eu' }] },
      { value: 'own', nested: [{ name: 'host', type: 'url', required: true }] },
      { value: 'other', nested: 'rpc://other' },
    ],
  },
  { name: 'proxy', type: 'boolean', nested: [{ name: 'port', type: 'port', required: true }] },
  {
    name: 'login',
    type: 'collection',
    spec: [
      { name: 'user', type: 'text', required: true },
      { name: 'ttl', type: 'integer', default: 60 },
    ],
  },
  { name: 'headers', type: 'array', spec: [{ name: 'key', type: 'text', required: true }], validate: { maxItems: 2 } },
  { name: 'codes', type: 'array', spec: { type: 'integer', validate: { max: 9 } } },
  { name: 'scopes', type: 'select', multiple: true, options: [{ value: 'a' }, { value: 'b' }] },
  { name: 'project', type: 'select', options: 'rpc://projects', required: false },
  { name: 'any', type: '{{temp.type}}' },
  { type: 'html', name: 'help', label: '<p>Help</p>', required: true },
  { name: 'sandbox', type: 'checkbox', nested: [{ name: 'sandboxKey', type: 'password', required: true }] },
  {
    name: 'plan',
    type: 'radio',
    options: [{ value: 'pro', nested: [{ name: 'seats', type: 'uinteger', required: true }] }, { value: 'free' }],
  },
  'rpc://more',
];
const KEY = { apiKey: 'long enough' };

function reported(values: Readonly<Record<string, unknown>>) {
  const { problems } = checkValues(FORM, values);
  expect(checkValues(toSchema(FORM), values).problems).toEqual(problems);
  return problems.map(({ code, severity, path, message }) => `${severity} ${code} ${path.join('.')} ${message}`);
}

test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
  ['what is required', {}, ['error value/missing apiKey "apiKey" is missing.']],
  ['all that is needed', KEY, []],
  [
    'limits, without the value',
    { apiKey: SECRET },
    ['error value/limit apiKey "apiKey" must be at least 8 characters long.'],
  ],
  ['types, without the value', { apiKey: [SECRET] }, ['error value/type apiKey "apiKey" must be a string.']],
  ['choices', { ...KEY, where: SECRET }, ['error value/choice where "where" must be one of "cloud", "own", "other".']],
  ['fields that the chosen option shows', { ...KEY, where: 'own' }, ['error value/missing host "host" is missing.']],
  ['fields of other options', { ...KEY, where: 'cloud', host: 7 }, []],
  ['options whose fields only the platform knows', { ...KEY, where: 'other', what: 7 }, []],
  [
    'a switch that is on',
    { ...KEY, proxy: true, port: 70000 },
    ['error value/limit port "port" must be 65535 or less.'],
  ],
  ['a box that is ticked', { ...KEY, sandbox: true }, ['error value/missing sandboxKey "sandboxKey" is missing.']],
  ['a box that is none', { ...KEY, sandbox: 'yes' }, ['error value/type sandbox "sandbox" must be true or false.']],
  ['choices side by side', { ...KEY, plan: 'max' }, ['error value/choice plan "plan" must be one of "pro", "free".']],
  ['what a choice side by side shows', { ...KEY, plan: 'pro' }, ['error value/missing seats "seats" is missing.']],
  ['a switch that is off', { ...KEY, proxy: false }, []],
  ['collections', { ...KEY, login: {} }, ['error value/missing login.user "user" is missing.']],
  ['collections that are none', { ...KEY, login: [] }, ['error value/type login "login" must be an object.']],
  [
    'lists of objects',
    { ...KEY, headers: [{ key: 'a' }, {}, 7] },
    [
      'error value/limit headers "headers" must be a list of 2 items at most.',
      'warning value/missing headers.1.key "key" is missing.',
      'error value/type headers.2 Item 3 of "headers" must be an object.',
    ],
  ],
  [
    'lists of values',
    { ...KEY, codes: [1, 2.5, 12] },
    [
      'error value/type codes.1 Item 2 of "codes" must be a whole number.',
      'error value/limit codes.2 Item 3 of "codes" must be 9 or less.',
    ],
  ],
  [
    'several choices',
    { ...KEY, scopes: ['a', 'a', 'c'] },
    [
      'error value/limit scopes "scopes" must be a list without duplicates.',
      'error value/choice scopes.2 Item 3 of "scopes" must be one of "a", "b".',
    ],
  ],
  ['what only the platform knows', { ...KEY, project: { id: 7 }, any: [null], undeclared: true }, []],
])('%s', (_, values, expected) => expect(reported(values)).toEqual(expected));

describe('defaults', () => {
  test('take the place of what is left out, also of fields that they show', () => {
    expect(checkValues(FORM, { ...KEY, login: { user: 'a' } })).toEqual({
      problems: [],
      values: { ...KEY, login: { user: 'a', ttl: 60 }, where: 'cloud', region: 'eu' },
    });
  });

  test('that are expressions are the platform’s business', () => {
    const form = [{ name: 'a', type: 'text', default: '{{temp.a}}', required: true }];
    expect(checkValues(form, {})).toMatchObject({ problems: [{ code: 'value/missing' }], values: {} });
  });

  test('never change what was given', () => {
    const given = Object.freeze({ ...KEY, where: 'own', host: 'https://a.io' });
    expect(checkValues(FORM, given)).toEqual({ problems: [], values: given });
  });
});

test('a form that only an rpc knows takes anything', () => {
  expect(checkValues('rpc://form', { a: 1 })).toEqual({ problems: [], values: { a: 1 } });
});
