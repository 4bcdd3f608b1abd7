import { describe, expect, test } from 'vitest';
import { declarations } from '../declarations/index.ts';
import { PLATFORMS } from '../platforms/index.ts';
import { portability } from '../platforms/portability.ts';
import { validate } from '../validate.ts';
import { commonValues, credentialKeys, secretKeys } from './common.ts';
import { type Files, memoryFiles } from './files.ts';
import { openProject, relayout } from './index.ts';

const SECRET = 'hunter2-0123456789';
const VALUES = { clientId: 'the-id', clientSecret: SECRET, retries: 3, beta: true, proxy: { password: SECRET } };
const FILE = 'connections/main/main.common.json';
const REQUEST = {
  url: 'https://api.acme.test/v1/me',
  qs: { id: '{{common.clientId}}', n: '{{common.retries}}', b: '{{common.beta}}', p: '{{common.proxy}}' },
  headers: { 'x-api-key': '{{common.clientSecret}}' },
  log: { sanitize: ['request.headers.x-api-key', 'request.qs.p'] },
};

/** A project in Make's layout, with this text as the values of `common`. */
function project(values: unknown, { request = REQUEST as object, files = {} as Record<string, string> } = {}) {
  const codeFiles = { communication: 'connections/main/main.communication.iml.json', common: FILE };
  const texts = {
    'makecomapp.json': JSON.stringify({
      fileVersion: 1,
      components: { connection: { main: { label: 'Main', connectionType: 'basic', codeFiles } } },
      origins: [],
    }),
    [codeFiles.communication]: JSON.stringify(request),
    [FILE]: typeof values === 'string' ? values : JSON.stringify(values, undefined, 2),
    ...files,
  };
  const opened = openProject({ ...memoryFiles(texts), ignored: (paths) => new Set(paths) });
  const [connection] = opened.connections;
  if (connection === undefined) throw new Error('The connection cannot be opened.');
  return { texts, opened, connection };
}

describe('values in Make’s layout that nobody declares', () => {
  test('give types, and the names of the client’s credentials', async () => {
    const { opened, connection } = project(VALUES);
    const { text } = await declarations(opened);
    const [, common] = /export interface MainCommon (\{[\s\S]*?\n\})/.exec(text) ?? [];
    expect(common?.replace(/\s+/g, ' ')).toBe(
      '{ clientId: string; clientSecret: string; retries: number; beta: boolean; proxy: { password: string; }; }',
    );
    expect(secretKeys(connection)).toEqual(['clientSecret']);
    expect(credentialKeys(connection)).toEqual({ clientId: 'clientId', clientSecret: 'clientSecret' });
    const akana = Object.values(PLATFORMS).find(({ takes }) => takes.credentials) ?? expect.fail();
    expect(portability(akana, connection).lacks).toEqual([]);
  });

  test('can be replaced by the environment', () => {
    const { opened, connection } = project(VALUES);
    expect(commonValues(opened, connection, { CONNECTOR_COMMON_MAIN_RETRIES: '5' })).toEqual({ ...VALUES, retries: 5 });
  });

  test('tell rules their names, in the file of the values', () => {
    const request = { ...REQUEST, qs: { id: '{{common.clientIdd}}' } };
    expect(validate(project({ ...VALUES, more: 'x' }, { request }).opened)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'iml/misspelt-name', hint: expect.stringContaining('common.clientId') }),
        expect.objectContaining({ code: 'common/unused', file: FILE, line: 9, column: 3, connection: 'main' }),
      ]),
    );
    expect(validate(project(VALUES).opened)).toEqual([]);
  });

  test('are what install adds to as well', () => {
    const files = {
      'install.json': '{"common": {"realm": "{{parameters.realm}}"}}',
      'spec.json': '[{"name": "realm", "type": "text"}]',
    };
    const { texts } = project(VALUES);
    const manifest = JSON.parse(texts['makecomapp.json'] ?? '');
    Object.assign(manifest.components.connection.main.codeFiles, {
      installDirectives: 'install.json',
      installSpec: 'spec.json',
    });
    const request = { ...REQUEST, qs: { ...REQUEST.qs, realm: '{{common.realm}}' } };
    const made = project(VALUES, { request, files: { ...files, 'makecomapp.json': JSON.stringify(manifest) } });
    expect(validate(made.opened)).toEqual([]);
  });

  test('say nothing where there are none, or where a schema does', () => {
    expect(project({}).connection.sections.common).toBeUndefined();
    const schema = '{"type": "object", "properties": {"other": {"type": "string"}}}';
    const { connection } = project(VALUES, { files: { 'connections/main/common.schema.json': schema } });
    expect(connection.sections.common?.text).toBe(schema);
  });

  test('never appear', async () => {
    const request = { ...REQUEST, qs: { a: '{{common.a}}' } };
    const { opened, connection } = project(VALUES, { request });
    const reported = JSON.stringify([
      validate(opened),
      await declarations(opened),
      Object.values(PLATFORMS).map((platform) => portability(platform, connection)),
      connection.sections.common?.text,
      connection.sections.common?.value,
    ]);
    for (const value of [SECRET, 'the-id']) expect(reported).not.toContain(value);
  });

  test('stay where only they are when the project moves to the native layout, and their keys are declared', () => {
    const { opened } = project(VALUES);
    const { renames, writes } = relayout(opened, 'native');
    expect(renames).toContainEqual([FILE, 'connections/main/common.local.json']);
    const holding = writes.filter(({ text }) => text.includes(SECRET));
    expect(holding.map(({ file, secret }) => [file, secret])).toEqual([['connections/main/common.local.json', true]]);
    const schema = writes.find(({ file }) => file === 'connections/main/common.schema.json');
    expect(JSON.parse(schema?.text ?? '').properties.clientSecret).toEqual({ type: 'string', writeOnly: true });
  });
});

describe('a file of values that cannot be read', () => {
  test.each([
    ['{"clientSecret": hunter2}', { code: 'source/syntax', message: 'This text is not a JSON value.' }],
    ['{"clientSecret": "hunter2}', { code: 'source/syntax', message: 'The string is not closed.' }],
    ['["hunter2"]', { code: 'value/type', expected: 'an object' }],
  ])('is reported without what it holds: %s', (text, expected) => {
    const problems = validate(project(text).opened).filter(({ file }) => file === FILE);
    expect(problems).toEqual([expect.objectContaining({ ...expected, file: FILE, connection: 'main' })]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('a secret among values that git tracks', () => {
  const reported = (values: object, ignored?: Files['ignored']) => {
    const { texts } = project(values);
    return validate(openProject({ ...memoryFiles(texts), ...(ignored === undefined ? {} : { ignored }) }))
      .filter(({ code }) => code === 'common/secret-value')
      .map(({ severity, path, line, file }) => [severity, path?.join('.'), line, file]);
  };

  test.each([
    [{ clientSecret: SECRET }, ['clientSecret']],
    [{ clientId: 'x', auth: { password: 'pa55' } }, ['auth.password']],
    [{ key: `${'ghp'}_${'a1'.repeat(18)}` }, ['key']],
    [{ key: '0f9a8b7c6d5e4f3a2b1c' }, ['key']],
    [{ clientId: '0f9a8b7c6d5e4f3a2b1c', baseUrl: 'https://a1.example.com/path/to/it' }, []],
    [{ clientSecret: '' }, []],
    [{ clientSecret: 'YOUR_CLIENT_SECRET' }, []],
    [{ clientSecret: '<client secret>', apiKey: 'xxxxxxxx', token: 'REDACTED', password: 'changeme' }, []],
    [{ clientSecret: 'client-secret' }, []],
    [{ clientSecret: 12 }, []],
  ])('%j', (values, paths) => {
    expect(reported(values).map(([, path]) => path)).toEqual(paths);
  });

  test('is reported at its key, unless git leaves the file out', () => {
    const values = { clientId: 'x', clientSecret: SECRET };
    expect(reported(values)).toEqual([['warning', 'clientSecret', 3, FILE]]);
    expect(reported(values, () => new Set())).toHaveLength(1);
    expect(reported(values, () => undefined)).toHaveLength(1);
    expect(reported(values, (paths) => new Set(paths))).toEqual([]);
  });
});
