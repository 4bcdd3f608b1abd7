import { describe, expect, test } from 'vitest';
import type { Declared } from '../analysis/declared.ts';
import { requestsOf } from '../analysis/requests.ts';
import { type Connection, openProject } from '../index.ts';
import { VISUAL_TYPES } from '../parameters/kinds.ts';
import { memoryFiles } from '../project/files.ts';
import type { CreateType } from '../sections/create-types.ts';
import { SECTIONS, sectionNamed } from '../sections/index.ts';
import { checkConnection } from '../validate.ts';
import { RULES, ruleNamed } from './index.ts';
import type { Rule } from './rule.ts';
import { findingsOf } from './runner.ts';

const rules: readonly Rule[] = RULES;

/** The connection on disk that says the same. */
function connectionOf({ type, sections }: Declared): Connection {
  const unmanaged = SECTIONS.flatMap(({ name }) => (Object.hasOwn(sections, name) ? [] : [name]));
  const files = Object.entries(sections).map(([name, value]) => [
    `connections/here/${sectionNamed(name)?.files[0]}`,
    JSON.stringify(value, undefined, 2),
  ]);
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "here"}',
      'connections/here/connection.json': JSON.stringify({ type, unmanaged }),
      ...Object.fromEntries(files),
    }),
  );
  const connection = project.connections[0];
  if (connection === undefined) throw new Error('The connection cannot be opened.');
  return connection;
}

describe.each(rules)('$code', ({ code, severity, bad, good, check }) => {
  test('its bad connection raises it, and no other error', () => {
    const { problems } = checkConnection(connectionOf(bad()));
    expect(problems.filter((each) => each.code === code).map((each) => each.severity)).toContain(severity);
    expect(problems.filter((each) => each.code !== code && each.severity === 'error')).toEqual([]);
  });

  test('its good connection raises nothing', () => {
    const { problems } = checkConnection(connectionOf(good()));
    // Examples name the hosts that are kept for them.
    const isMeant = (each: string) => each === 'request/placeholder-host' && each !== code;
    expect(problems.filter((each) => !isMeant(each.code))).toEqual([]);
  });

  test('it is silent about sections that are absent', () => {
    expect(findingsOf({ check }, { type: good().type, sections: {} })).toEqual([]);
  });
});

test('there is no rule of another code', () => {
  expect(ruleNamed('request/none')).toBeUndefined();
});

/** Returns the findings of a theme's rules, with their places. */
function codes(type: CreateType, sections: Declared['sections'], theme = 'request/'): string[] {
  const connection = { type, sections };
  return rules
    .filter(({ code }) => code.startsWith(theme))
    .flatMap((rule) => findingsOf(rule, connection).map(({ path }) => `${rule.code} ${path.join('.')}`));
}

describe('URLs', () => {
  test.each([
    ['https://api.acme.test/me', []],
    ['HTTPS://api.acme.test/me', []],
    ['{{parameters.url}}/me', []],
    [' {{parameters.url}}', []],
    ["http{{if(parameters.tls, 's')}}://api.acme.test", []],
    ['https://{{parameters.host}}/me', []],
    ['http://localhost:3000/me', []],
    ['http://127.0.0.1/me', []],
    ['http://[::1]:80', []],
    ['http://localhost.acme.test', ['request/plain-http url']],
    ['http://{{parameters.host}}/me', ['request/plain-http url']],
    ['/me', ['request/relative-url url']],
    ['me/{{parameters.id}}', ['request/relative-url url']],
    ['api.acme.test/me', ['request/relative-url url']],
    ['//api.acme.test/me', ['request/relative-url url']],
    ['https', ['request/relative-url url']],
  ])('%s', (url, expected) => {
    expect(codes('apikey', { api: { url } })).toEqual(expected);
  });

  test('a host without a scheme is completed in the hint', () => {
    const rule = ruleNamed('request/relative-url') ?? expect.fail();
    const [finding] = findingsOf(rule, { type: 'other', sections: { api: { url: '//a.io/b' } } });
    expect(finding?.hint).toBe('Write the scheme as well: "https://a.io/b".');
  });

  test('are reported without their query, which may hold a secret', () => {
    const sections = { api: { url: '/me?key=hunter2' } };
    const findings = rules.flatMap((rule) => findingsOf(rule, { type: 'other', sections }));
    expect(findings.map(({ found }) => found)).toEqual(['"/me"']);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('are looked for in every request of every kind', () => {
    const url = '/x';
    expect(codes('basic', { api: [{ url }, { url }] })).toEqual([
      'request/relative-url 0.url',
      'request/relative-url 1.url',
    ]);
    expect(codes('oauth', { api: { authorize: { url }, token: [{ url }], info: {} } })).toEqual([
      'request/relative-url authorize.url',
      'request/relative-url token.0.url',
    ]);
    expect(codes('oauth-1', { api: { oauth: { url }, requestToken: { url } } })).toEqual([
      'request/relative-url requestToken.url',
    ]);
  });

  test('requests come in the order in which they are declared', () => {
    const api = { token: { url: 'b' }, authorize: { url: 'a' } };
    expect([...requestsOf({ type: 'oauth', sections: { api } })].map(({ path }) => path)).toEqual([
      ['token'],
      ['authorize'],
    ]);
  });
});

describe('names of parameters', () => {
  const field = (name: string, more: object = {}) => ({ name, type: 'text', ...more });
  const twice = [field('a'), field('a')];

  test.each([
    ['one list', twice, ['parameter/duplicate-name 1.name']],
    [
      'three of one name',
      [...twice, field('a')],
      ['parameter/duplicate-name 1.name', 'parameter/duplicate-name 2.name'],
    ],
    ['another case is another name', [field('a'), field('A')], []],
    ['fields without names', [{ type: 'banner' }, { type: 'banner' }, 'rpc://x', 'rpc://x'], []],
    [
      'outside and inside an option',
      [field('a'), { type: 'select', name: 'b', options: [{ value: 1, nested: [field('a')] }] }],
      [],
    ],
    [
      'two options',
      [
        {
          type: 'select',
          name: 'b',
          options: [
            { value: 1, nested: [field('a')] },
            { value: 2, nested: [field('a')] },
          ],
        },
      ],
      [],
    ],
    [
      'inside one option of a group',
      [{ type: 'select', name: 'b', options: { store: [{ label: 'g', options: [{ value: 1, nested: twice }] }] } }],
      ['parameter/duplicate-name 0.options.store.0.options.0.nested.1.name'],
    ],
    [
      'inside a switch',
      [{ type: 'boolean', name: 'b', nested: { store: twice } }],
      ['parameter/duplicate-name 0.nested.store.1.name'],
    ],
    [
      'inside a collection',
      [{ type: 'collection', name: 'b', spec: twice }],
      ['parameter/duplicate-name 0.spec.1.name'],
    ],
    [
      'inside a list of collections',
      [{ type: 'array', name: 'b', spec: { type: 'collection', spec: twice } }],
      ['parameter/duplicate-name 0.spec.spec.1.name'],
    ],
  ])('%s', (_, parameters, expected) => {
    expect(codes('apikey', { parameters }, 'parameter/')).toEqual(expected);
  });

  test('the second is reported with the place of the first', () => {
    const connection = connectionOf({ type: 'apikey', sections: { installSpec: twice } });
    expect(checkConnection(connection).problems).toMatchObject([
      {
        file: 'connections/here/installSpec.jsonc',
        line: 7,
        column: 13,
        related: [{ file: 'connections/here/installSpec.jsonc', line: 3, column: 13, message: 'First given here.' }],
      },
    ]);
  });
});

describe('what a form only shows', () => {
  // The second of each name would be a duplicate, if it were a field.
  const shown = VISUAL_TYPES.flatMap((type) => [{ type }, { type, name: 'note' }, { type, name: 'apiKey' }]);
  const parameters = [{ name: 'apiKey', type: 'password', label: 'API key', required: true }, ...shown];
  const sections = (name: string) => ({
    api: {
      url: 'https://api.acme.test',
      headers: { authorization: `{{parameters.${name}}}` },
      log: { sanitize: ['request.headers.authorization'] },
    },
    parameters,
  });

  test('is no problem, whatever its name', () => {
    expect(checkConnection(connectionOf({ type: 'apikey', sections: sections('apiKey') })).problems).toEqual([]);
  });

  test('gives no value', () => {
    expect(codes('apikey', sections('note'), 'iml/')).toEqual(['iml/undeclared-parameter headers.authorization']);
  });

  test('is not waited for by install', () => {
    const install = { common: { clientId: '{{parameters.apiKey}}' } };
    expect(codes('oauth', { install, installSpec: parameters }, 'install/')).toEqual([]);
  });

  test('says what it likes, except for a banner, whose words are documented', () => {
    const said = (type: string) =>
      checkConnection(
        connectionOf({
          type: 'other',
          sections: { parameters: [{ type, label: 'x'.repeat(1000), html: '<p>…</p>', value: 7 }] },
        }),
      ).problems.map(({ code, path }) => `${code} ${path?.join('.')}`);
    expect(['html', 'markdown', 'separator'].flatMap(said)).toEqual([]);
    expect(said('banner')).toEqual(['schema/value 0.label', 'schema/unknown-key 0.html', 'schema/unknown-key 0.value']);
  });
});

test('fields that belong to modules are warnings, and other types near theirs are errors', () => {
  const types = ['account', 'account:google,microsoft', 'hook:x', 'keychain:aws', 'device', 'accountx', 'udt'];
  const parameters = types.map((type, index) => ({ name: `n${index}`, type }));
  const { problems } = checkConnection(connectionOf({ type: 'other', sections: { parameters } }));
  const reported = problems
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, path }) => `${code} ${path?.[0]}`);
  expect(reported.sort()).toEqual([
    'parameter/module-type 0',
    'parameter/module-type 1',
    'parameter/module-type 2',
    'parameter/module-type 3',
    'parameter/module-type 4',
    'schema/enum 5',
  ]);
});

describe('a parameter that is asked for only if it is there', () => {
  const parameters = [{ name: 'clientId', type: 'text', label: 'Client ID' }];
  test.each([
    ['clienId', ['iml/undeclared-parameter qs.id']],
    ['tenant', []],
  ])('%s', (name, expected) => {
    const qs = { id: `{{ifempty(parameters.${name}, parameters.clientId)}}` };
    expect(codes('other', { api: { url: 'https://api.acme.test', qs }, parameters }, 'iml/')).toEqual(expected);
  });
});
