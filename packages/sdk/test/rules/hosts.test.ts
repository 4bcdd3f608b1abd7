import { describe, expect, test } from 'vitest';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

interface Given {
  /** What the field `region` is, besides being editable. */
  readonly field?: object;
  readonly url: string;
  readonly more?: object;
}

/** What is said of a field `region` that can be edited. */
function said({ field = { type: 'text' }, url, more }: Given): string[] {
  const project = openProject(
    memoryFiles({
      'connector.json': '{"name": "hosts"}',
      'connections/a/connection.json': '{"type": "apikey"}',
      'connections/a/api.jsonc': JSON.stringify({ url, ...more }),
      'connections/a/parameters.jsonc': JSON.stringify([{ name: 'region', label: 'Region', editable: true, ...field }]),
    }),
  );
  return validate(project)
    .filter(({ code }) => code === 'parameter/editable-host')
    .map(({ severity, path, message }) => `${severity} ${path?.join('.')} ${message.split(',')[0]}`);
}

const WHOLE = 'warning 0.editable The address "region" receives credentials';
const PART = 'warning 0.editable The value of "region" is a part of the host that receives credentials';
const INSIDE = 'https://api-{{parameters.region}}.acme.test/v1';
const own = [
  { label: 'EU', value: 'eu' },
  { label: 'US', value: 'us' },
];

describe('a field that can be edited, and is the host or a part of it', () => {
  test.each<[string, Given, string]>([
    ['the whole address', { url: '{{parameters.region}}/me' }, WHOLE],
    ['the whole host', { url: 'https://{{parameters.region}}/me' }, WHOLE],
    ['the host before a port', { url: 'https://{{parameters.region}}:8443/me' }, WHOLE],
    ['inside the host', { url: INSIDE }, PART],
    ['before the domain', { url: 'https://{{parameters.region}}.acme.test' }, PART],
    ['after the domain', { url: 'https://api.acme.{{parameters.region}}/v1' }, PART],
    ['as a user name', { url: 'https://{{parameters.region}}@acme.test/v1' }, PART],
    ['as a port of any text', { url: 'https://acme.test:{{parameters.region}}/v1' }, PART],
    ['through a function', { url: 'https://{{lower(parameters.region)}}.acme.test/v1' }, PART],
    ['with another value in its place', { url: "https://{{ifempty(parameters.region, 'eu')}}.acme.test/v1" }, PART],
    ['as what is stored', { url: 'https://{{connection.region}}.acme.test/v1' }, PART],
    [
      'through temp',
      { url: '{{temp.base}}/v1', more: { temp: { base: 'https://{{parameters.region}}.acme.test' } } },
      PART,
    ],
    [
      'through temp, inside',
      { url: 'https://{{temp.host}}/v1', more: { temp: { host: '{{parameters.region}}.acme.test' } } },
      PART,
    ],
    [
      'of a choice that a call answers with',
      { url: INSIDE, field: { type: 'select', options: 'rpc://regions' } },
      PART,
    ],
    ['of a choice that can be typed', { url: INSIDE, field: { type: 'select', options: own, mode: 'edit' } }, PART],
    ['with a pattern that lets all pass', { url: INSIDE, field: { type: 'text', validate: { pattern: '.+' } } }, PART],
    [
      'with a pattern that is open at its end',
      { url: INSIDE, field: { type: 'text', validate: { pattern: '^[a-z]' } } },
      PART,
    ],
    [
      'with a pattern of hosts',
      { url: 'https://{{parameters.region}}/v1', field: { type: 'text', validate: { pattern: '^[a-z.]+$' } } },
      WHOLE,
    ],
  ])('is reported: %s', (_, given, expected) => {
    expect(said(given)).toEqual([expected]);
  });

  test.each<[string, Given]>([
    ['in the path', { url: 'https://acme.test/{{parameters.region}}' }],
    [
      'in the path, after a host that is chosen',
      { url: "https://{{if(parameters.region = 'eu', 'eu', 'us')}}.acme.test/{{parameters.region}}" },
    ],
    ['in the query', { url: 'https://acme.test?to=https://{{parameters.region}}/' }],
    ['as a condition', { url: "https://{{if(parameters.region, 'eu', 'us')}}.acme.test/v1" }],
    ['as a choice of a switch', { url: "https://{{switch(parameters.region, 'EU', 'eu', 'us')}}.acme.test/v1" }],
    ['encoded', { url: 'https://{{encodeURL(parameters.region)}}.acme.test/v1' }],
    ['a choice among own options', { url: INSIDE, field: { type: 'select', options: own } }],
    ['a choice in a store', { url: INSIDE, field: { type: 'select', options: { store: own } } }],
    ['a number', { url: INSIDE, field: { type: 'uinteger' } }],
    ['one of a few texts', { url: INSIDE, field: { type: 'text', validate: { enum: ['eu', 'us'] } } }],
    ['with a pattern of one label', { url: INSIDE, field: { type: 'text', validate: { pattern: '^[a-z0-9-]+$' } } }],
    [
      'with a pattern of own hosts',
      {
        url: 'https://{{parameters.region}}/v1',
        field: { type: 'text', validate: { pattern: '^[a-z]+\\.acme\\.test$' } },
      },
    ],
    [
      'stored by the answer instead',
      {
        url: 'https://{{connection.region}}.acme.test/v1',
        more: { response: { data: { region: '{{body.region}}' } } },
      },
    ],
    ['not editable', { url: INSIDE, field: { type: 'text', editable: false } }],
  ])('is not reported: %s', (_, given) => {
    expect(said(given)).toEqual([]);
  });
});
