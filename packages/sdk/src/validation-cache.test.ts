import { describe, expect, test } from 'vitest';
import { memory } from '../test/memory.ts';
import { ConnectorError } from './diagnostics.ts';
import type { Files } from './project/files.ts';
import { openProject } from './project/index.ts';
import { validate } from './validate.ts';
import { areTypesCurrent, areTypesUntouched, recordTypes, validateCached } from './validation-cache.ts';

const FILES = {
  'connector.json': '{"name": "shop"}',
  'connections/good/connection.json': '{"type": "apikey", "label": "Good"}',
  'connections/good/api.jsonc': '{"url": "https://api.acme.test"} // why',
  'connections/bad/connection.json': '{"type": "apikey", "label": "Bad"}',
  'connections/bad/api.jsonc': '{"url": "https://api.acme.test", "metod": "GET"}',
};

/** Returns the findings, and if they are complete. */
function found(files: Files): string[] {
  const problems = validateCached(openProject(files));
  expect(problems).toEqual(validate(openProject(files)));
  return problems.map(({ file = '' }) => file);
}

test('what was wrong is told again, what was right and changed is looked at again', () => {
  const files = memory(FILES);
  expect(new Set(found(files))).toEqual(new Set(['connections/bad/api.jsonc']));
  const record = files.read('.connector/validation.json') ?? '';
  expect(JSON.parse(record).valid).toHaveLength(1);
  expect(new Set(found(files))).toEqual(new Set(['connections/bad/api.jsonc']));
  expect(files.read('.connector/validation.json')).toBe(record);

  files.write('connections/good/api.jsonc', '{"url": 7}');
  expect(found(files)).toContain('connections/good/api.jsonc');
  files.write('connections/good/api.jsonc', FILES['connections/good/api.jsonc']);
  files.write('connections/good/notes.jsonc', '{');
  found(files);
  expect(found(files)).not.toContain('connections/good/api.jsonc');
});

test('rules that weigh otherwise, and another type, are looked at again', () => {
  const files = memory({ ...FILES, 'connections/good/scope.jsonc': '["a"]' });
  found(files);
  files.write('connections/good/connection.json', '{"type": "oauth", "label": "Good"}');
  found(files);
  files.write('connector.json', '{"name": "shop", "rules": {"schema/unknown-key": "off"}}');
  found(files);
});

test('it is kept when that was asked for, and when the disk lets us', () => {
  const files = memory(FILES);
  validateCached(openProject(files), { keep: false });
  expect(files.read('.connector/validation.json')).toBeUndefined();
  const full: Files = {
    ...files,
    write: () => {
      throw new ConnectorError('usage', { code: 'project/unreadable', message: 'The disk is read-only.' });
    },
  };
  found(full);
  const broken: Files = { ...files, write: () => JSON.parse('{') };
  expect(() => validateCached(openProject(broken))).toThrow(SyntaxError);
});

test('what is right is not looked at a second time', () => {
  const files = memory(FILES);
  found(files);
  const [bad, good] = openProject(files).connections;
  const project = { ...openProject(files), connections: [bad, good].flatMap((each) => (each ? [each] : [])) };
  const looked: string[] = [];
  const watched = project.connections.map((connection) => ({
    ...connection,
    get sections() {
      looked.push(connection.id);
      return connection.sections;
    },
  }));
  validateCached({ ...project, connections: watched });
  const times = (id: string) => looked.filter((each) => each === id).length;
  expect(times('good')).toBeLessThan(times('bad'));
});

describe('types', () => {
  const CLEAN = {
    ...FILES,
    'connections/bad/api.jsonc': '{"url": "https://api.acme.test"}',
    'connector.d.ts': 'types',
  };
  const areCurrent = (files: Files) => areTypesCurrent(openProject(files));

  test('are current until something changes that they are made from, or somebody changes them', () => {
    const files = memory(CLEAN);
    expect(areCurrent(files)).toBe(false);
    recordTypes(openProject(files), 'types');
    expect(areCurrent(files)).toBe(true);
    const changes: readonly (readonly [string, string])[] = [
      ['connections/good/api.jsonc', '{"url": "https://api.acme.test/other"}'],
      ['connections/good/connection.json', '{"type": "apikey", "label": "Better"}'],
      ['connections/good/scopes.jsonc', '{}'],
      ['connections/other/connection.json', '{"type": "apikey", "label": "Other"}'],
      ['connector.json', '{"name": "shop", "rules": {"nothing": "off"}}'],
      ['connector.json', '{'],
      ['connector.d.ts', 'mine'],
    ];
    for (const [path, text] of changes) {
      const changed = memory(Object.fromEntries(files.texts));
      changed.write(path, text);
      expect(areCurrent(changed), path).toBe(false);
    }
  });

  test('are untouched while stamps are what they were, told without reading anything else', () => {
    const files = memory(CLEAN);
    const stamps = new Map([['connections/', 'one']]);
    const read: string[] = [];
    const stamped: Files = {
      ...files,
      read: (path) => {
        read.push(path);
        return files.read(path);
      },
      // What changed after it was opened has none.
      stamp: (paths, before = 10) => (before < 10 ? undefined : paths.map((path) => stamps.get(path)).join()),
    };
    recordTypes(openProject(stamped), 'types', 9);
    expect(areTypesUntouched(stamped)).toBe(false);
    expect(areTypesCurrent(openProject(stamped))).toBe(true);
    recordTypes(openProject(stamped), 'types', 10);
    read.length = 0;
    expect(areTypesUntouched(stamped)).toBe(true);
    expect(read).toEqual(['.connector/validation.json', 'connector.d.ts']);
    expect(areTypesUntouched(files)).toBe(false);
    files.write('connector.d.ts', 'mine');
    expect(areTypesUntouched(stamped)).toBe(false);
    files.write('connector.d.ts', 'types');
    stamps.set('connections/', 'another');
    expect(areTypesUntouched(stamped)).toBe(false);
  });

  test('are kept beside what was validated, and the other way round', () => {
    const files = memory(CLEAN);
    recordTypes(openProject(files), 'types');
    validateCached(openProject(files));
    expect(areCurrent(files)).toBe(true);
    expect(JSON.parse(files.read('.connector/validation.json') ?? '').valid).toHaveLength(2);
  });
});
