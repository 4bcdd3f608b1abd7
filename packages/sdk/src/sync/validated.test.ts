import { expect, test } from 'vitest';
import { memory } from '../../test/memory.ts';
import { ConnectorError } from '../diagnostics.ts';
import type { Files } from '../project/files.ts';
import { openProject } from '../project/index.ts';
import { validate } from '../validate.ts';
import { validateChanged } from './validated.ts';

const FILES = {
  'connector.json': '{"name": "shop"}',
  'connections/good/connection.json': '{"type": "apikey", "label": "Good"}',
  'connections/good/api.jsonc': '{"url": "https://api.acme.test"} // why',
  'connections/bad/connection.json': '{"type": "apikey", "label": "Bad"}',
  'connections/bad/api.jsonc': '{"url": "https://api.acme.test", "metod": "GET"}',
};

/** What is found, and by the side whether it is all that there is. */
function found(files: Files): string[] {
  const problems = validateChanged(openProject(files));
  expect(problems).toEqual(validate(openProject(files)));
  return problems.map(({ file = '' }) => file);
}

test('what was wrong is told again, what was right and changed is looked at again', () => {
  const files = memory(FILES);
  expect(new Set(found(files))).toEqual(new Set(['connections/bad/api.jsonc']));
  const record = files.read('.connector/validated.json') ?? '';
  expect(JSON.parse(record).clean).toHaveLength(1);
  expect(new Set(found(files))).toEqual(new Set(['connections/bad/api.jsonc']));
  expect(files.read('.connector/validated.json')).toBe(record);

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
  validateChanged(openProject(files), false);
  expect(files.read('.connector/validated.json')).toBeUndefined();
  const full: Files = {
    ...files,
    write: () => {
      throw new ConnectorError('usage', { code: 'project/unreadable', message: 'The disk is read-only.' });
    },
  };
  found(full);
  const broken: Files = { ...files, write: () => JSON.parse('{') };
  expect(() => validateChanged(openProject(broken))).toThrow(SyntaxError);
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
  validateChanged({ ...project, connections: watched });
  const times = (id: string) => looked.filter((each) => each === id).length;
  expect(times('good')).toBeLessThan(times('bad'));
});
