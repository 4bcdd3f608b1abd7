import { expect, test } from 'vitest';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

const BOTH = '{{base64(common.clientId + ":" + common.clientSecret)}}';
const url = 'https://api.acme.test/v1/me';

/** What is said of values of `common` that nothing fills, in a connection of the native layout. */
function said(api: object, files: Readonly<Record<string, object>> = {}): string[] {
  const named = Object.entries({ 'connection.json': { type: 'oauth' }, 'api.json': api, ...files });
  return saidOf({
    'connector.json': '{"name": "unfilled"}',
    ...Object.fromEntries(named.map(([file, value]) => [`connections/a/${file}`, JSON.stringify(value)])),
  });
}

function saidOf(texts: Readonly<Record<string, string>>): string[] {
  return validate(openProject(memoryFiles(texts)))
    .filter(({ code }) => code === 'common/unfilled')
    .map(({ severity, path, found }) => `${severity} ${path?.join('.')} ${found}`);
}

function asking(client: string): object {
  return { authorize: { url, qs: { client_id: client } } };
}

const ID = '{{common.clientId}}';
const TOLD = ['warning authorize.qs.client_id common.clientId'];

test.each<[string, object, Readonly<Record<string, object>>, string[]]>([
  ['no common', asking(ID), {}, TOLD],
  ['an empty common', asking(ID), { 'common.schema.json': {} }, TOLD],
  ['a common without properties', asking(ID), { 'common.schema.json': { type: 'object', properties: {} } }, TOLD],
  ['one that holds anything', asking(ID), { 'common.schema.json': { additionalProperties: true } }, []],
  ['one that is declared elsewhere', asking(ID), { 'common.schema.json': { $ref: '#/$defs/a', $defs: { a: {} } } }, []],
  ['one that the platform has', asking(ID), { 'connection.json': { type: 'oauth', unmanaged: ['common'] } }, []],
  ['one that install writes', asking(ID), { 'install.json': { common: { clientId: '{{parameters.id}}' } } }, []],
  ['one of which install writes another name', asking(ID), { 'install.json': { common: { other: 'x' } } }, TOLD],
  ['the form before it', asking('{{ifempty(parameters.clientId, common.clientId)}}'), {}, []],
  ['all of common at once', asking('{{common}}'), {}, []],
  [
    'a header made of both',
    { token: { url, headers: { authorization: `Basic ${BOTH}` } } },
    {},
    ['warning token.headers.authorization common.clientId'],
  ],
  [
    'the key of a consumer',
    { oauth: { consumer_key: ID } },
    { 'connection.json': { type: 'oauth-1' } },
    ['warning oauth.consumer_key common.clientId'],
  ],
  ['a condition alone', { info: { url, condition: ID } }, {}, []],
])('%s', (_, api, files, expected) => {
  expect(said(api, files)).toEqual(expected);
});

test.each<[string, string | undefined, string[]]>([
  ['values that are not there, since git ignores them', undefined, []],
  ['values of which there are none', '{}', TOLD],
  ['values that cannot be read', '{', []],
])('in Make’s layout: %s', (_, common, expected) => {
  const codeFiles = { communication: 'connection/a.json', common: 'connection/common.json' };
  const manifest = {
    fileVersion: 1,
    generalCodeFiles: {},
    components: { connection: { a: { connectionType: 'oauth', codeFiles } } },
    origins: [{ label: 'Production', baseUrl: 'https://eu1.make.com/api', appId: 'a', appVersion: 1 }],
  };
  const texts = { 'makecomapp.json': JSON.stringify(manifest), 'connection/a.json': JSON.stringify(asking(ID)) };
  expect(saidOf(common === undefined ? texts : { ...texts, 'connection/common.json': common })).toEqual(expected);
});
