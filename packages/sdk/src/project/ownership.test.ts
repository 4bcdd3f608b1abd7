import { describe, expect, test } from 'vitest';
import { validate } from '../validate.ts';
import { memoryFiles } from './files.ts';
import { openProject } from './index.ts';

const API =
  '{ "url": "https://api.acme.test/me", "response": { "metadata": { "type": "text", "value": "{{body.id}}" } } }';

describe('a project with connector.json', () => {
  const files = () =>
    memoryFiles({
      'connector.json': '{ "name": "mine" }',
      'connections/one/connection.json': '{ "type": "other" }',
      'connections/one/api.jsonc': API,
      'connections/two/connection.json': '{ "type": "nothing" }',
    });

  test.each([
    ['connector.json', 'project'],
    ['connections', 'project'],
    ['connections/', 'project'],
    ['connections/one', ['one']],
    ['connections/one/', ['one']],
    ['connections/one/api.jsonc', ['one']],
    ['connections/one/common.local.json', ['one']],
    ['connections/one/tests/first.test.jsonc', ['one']],
    ['connections/gone/api.jsonc', ['gone']],
    ['makecomapp.json', []],
    ['connector.d.ts', []],
    ['src/connections/one/api.jsonc', []],
    ['', []],
  ])('%j belongs to %j', (path, owner) => {
    expect(openProject(files()).ownerOf(path)).toEqual(owner);
  });

  test('what is to be watched, what is declared and what is secret', () => {
    const project = openProject(files());
    expect(project.watched).toEqual(['connector.json', 'connections/']);
    expect(project.ids).toEqual(['one', 'two']);
    expect(project.isSecret('connections/one/common.local.json')).toBe(true);
    expect(project.isSecret('connections/one/common.schema.json')).toBe(false);
  });

  test('some of its connections are read alone', () => {
    const read: string[] = [];
    const given = files();
    const observed = {
      ...given,
      read: (path: string) => {
        read.push(path);
        return given.read(path);
      },
    };
    const project = openProject(observed, { connections: ['two', 'gone'] });
    expect(project.ids).toEqual(['one', 'two']);
    expect(read.filter((path) => path.startsWith('connections/one'))).toEqual([]);
    expect(validate(project)).toMatchObject([{ code: 'schema/enum', connection: 'two' }]);
    expect(validate(project.only(['one']))).toEqual([]);
  });
});

describe('a project with makecomapp.json', () => {
  const component = (connectionType: string, codeFiles: object) => ({ label: 'One', connectionType, codeFiles });
  const connection = {
    inFolder: component('basic', {
      communication: 'connection/a.communication.iml.json',
      common: 'connection/a.common.json',
      scopeList: null,
    }),
    deep: component('basic', { communication: './src/auth//b.iml.json', params: 'params/b.json' }),
    atRoot: component('basic', { communication: 'c.iml.json', common: null }),
    faulty: component('nothing', { communication: '../d.iml.json', params: 'connection/gone.json' }),
    reserved: null,
  };
  const files = () =>
    memoryFiles({
      'makecomapp.json': JSON.stringify({ components: { connection }, origins: [] }),
      'connection/a.communication.iml.json': API,
      'src/auth/b.iml.json': API,
      'params/b.json': '[]',
      'c.iml.json': API,
    });

  test.each([
    ['makecomapp.json', 'project'],
    ['connector.json', 'project'],
    ['connection/a.communication.iml.json', ['inFolder']],
    ['connection/a.common.json', ['inFolder']],
    // Beside its files, where those of another connection lie as well.
    ['connection/common.schema.json', ['inFolder', 'faulty']],
    ['connection/connection.json', ['inFolder', 'faulty']],
    ['connection/tests/first.test.jsonc', ['inFolder', 'faulty']],
    ['connection/gone.json', ['faulty']],
    ['connection', ['inFolder', 'faulty']],
    ['src/auth/b.iml.json', ['deep']],
    ['src', ['deep']],
    ['params/b.json', ['deep']],
    ['c.iml.json', ['atRoot']],
    ['connections/at-root/common.schema.json', ['atRoot']],
    ['connection/other.json', []],
    ['connections/other/api.jsonc', []],
    ['modules/list.json', []],
    ['../d.iml.json', []],
  ])('%j belongs to %j', (path, owner) => {
    expect(openProject(files()).ownerOf(path)).toEqual(owner);
  });

  test('what is to be watched, what is declared and what is secret', () => {
    const project = openProject(files());
    expect(project.ids).toEqual(['inFolder', 'deep', 'atRoot', 'faulty']);
    const { watched } = project;
    expect(watched).toEqual(
      expect.arrayContaining([
        'makecomapp.json',
        'connector.json',
        'connection/a.communication.iml.json',
        'connection/a.common.json',
        'connection/common.schema.json',
        'connection/tests/',
        'src/auth/b.iml.json',
        'params/b.json',
        'c.iml.json',
      ]),
    );
    expect(watched.filter((path) => path.includes('..'))).toEqual([]);
    expect(new Set(watched).size).toBe(watched.length);
    expect(project.isSecret('connection/a.common.json')).toBe(true);
    expect(project.isSecret('connections/at-root/common.local.json')).toBe(true);
    expect(project.isSecret('c.iml.json')).toBe(false);
  });

  test('what is wrong with an entry is wrong with its connection, and some connections are read alone', () => {
    const project = openProject(files(), { connections: ['faulty'] });
    const problems = validate(project).map(({ code, connection, file }) => [code, connection, file]);
    expect(problems.sort()).toEqual([
      ['project/missing-file', 'faulty', 'makecomapp.json'],
      ['project/missing-file', 'faulty', 'makecomapp.json'],
      ['schema/enum', 'faulty', 'makecomapp.json'],
    ]);
    expect(validate(project.only(['inFolder', 'deep', 'atRoot']))).toEqual([]);
    expect(project.only(['deep']).connections).toMatchObject([{ id: 'deep', folder: 'src/auth' }]);
  });
});
