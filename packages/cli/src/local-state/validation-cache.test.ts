import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError, type Files, openProject, validate } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalState } from './index.ts';
import { areTypesCurrent, areTypesUntouched, recordTypes, validateCached } from './validation-cache.ts';

const FILES = {
  'connector.json': '{"name": "shop"}',
  'connections/good/connection.json': '{"type": "apikey", "label": "Good"}',
  'connections/good/api.jsonc': '{"url": "https://api.acme.test"} // why',
  'connections/bad/connection.json': '{"type": "apikey", "label": "Bad"}',
  'connections/bad/api.jsonc': '{"url": "https://api.acme.test", "metod": "GET"}',
};

let root: string;
let files: Files;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cache-'));
  files = filesIn(join(root, 'project'));
  write(FILES);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) files.write(path, text);
}

const stateOf = (own = files) => openLocalState(own, { XDG_CONFIG_HOME: join(root, 'user') });
const valid = () => stateOf().read('validation')?.valid;

/** The files in which something is found, and by the side whether it is all that there is. */
function found(own = files): string[] {
  const problems = validateCached(openProject(own), stateOf(own));
  expect(problems).toEqual(validate(openProject(own)));
  return problems.map(({ file = '' }) => file);
}

test('what was wrong is reported again, what was right and changed is looked at again', () => {
  expect(new Set(found())).toEqual(new Set(['connections/bad/api.jsonc']));
  const before = valid();
  expect(before).toHaveLength(1);
  expect(new Set(found())).toEqual(new Set(['connections/bad/api.jsonc']));
  expect(valid()).toEqual(before);

  write({ 'connections/good/api.jsonc': '{"url": 7}' });
  expect(found()).toContain('connections/good/api.jsonc');
  write({ 'connections/good/api.jsonc': FILES['connections/good/api.jsonc'] });
  expect(found()).not.toContain('connections/good/api.jsonc');
  // Wrong although no section changed.
  write({ 'connections/good/notes.jsonc': '{' });
  expect(found()).toContain('connections/good/notes.jsonc');
});

test('a connection of another type is checked again', () => {
  write({ 'connections/good/scope.jsonc': '["a"]' });
  const first = found();
  write({ 'connections/good/connection.json': '{"type": "oauth", "label": "Good"}' });
  expect(found()).not.toEqual(first);
});

test('what was right because rules were off is looked at again when they are not', () => {
  write({ 'connections/good/api.jsonc': '{"url": "https://api.example.com"}' });
  const own = () => validate(openProject(files)).filter(({ connection }) => connection === 'good');
  const codes = own().map(({ code }) => code);
  expect(codes).not.toEqual([]);
  const rules = Object.fromEntries(codes.map((code) => [code, 'off']));
  write({ 'connector.json': JSON.stringify({ name: 'shop', rules }) });
  expect(own()).toEqual([]);
  found();
  expect(valid()).toHaveLength(1);
  write({ 'connector.json': FILES['connector.json'] });
  expect(found()).toContain('connections/good/api.jsonc');
});

test('it is kept when that was asked for, and when the disk lets us', () => {
  validateCached(openProject(files), stateOf(), { keep: false });
  expect(valid()).toBeUndefined();
  const full: Files = {
    ...files,
    write: () => {
      throw new ConnectorError('usage', { code: 'project/unreadable', message: 'The disk is read-only.' });
    },
  };
  expect(found(full)).toEqual(found());
  const broken: Files = { ...files, write: () => JSON.parse('{') };
  write({ 'connections/bad/api.jsonc': '{"url": "https://api.acme.test"}' });
  expect(() => found(broken)).toThrow(SyntaxError);
});

test('what is right is not looked at a second time', () => {
  found();
  const looked: string[] = [];
  const project = openProject(files);
  const connections = project.connections.map((connection) => ({
    ...connection,
    get sections() {
      looked.push(connection.id);
      return connection.sections;
    },
  }));
  validateCached({ ...project, connections }, stateOf());
  const times = (id: string) => looked.filter((each) => each === id).length;
  expect(times('good')).toBeLessThan(times('bad'));
});

describe('types', () => {
  const areCurrent = () => areTypesCurrent(openProject(files), stateOf());
  beforeEach(() =>
    write({ 'connections/bad/api.jsonc': '{"url": "https://api.acme.test"}', 'connector.d.ts': 'types' }),
  );

  test('are current until something changes that they are made from, or somebody changes them', () => {
    expect(areCurrent()).toBe(false);
    recordTypes(openProject(files), stateOf(), 'types');
    expect(areCurrent()).toBe(true);
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
      const before = files.read(path);
      write({ [path]: text });
      expect(areCurrent(), path).toBe(false);
      if (before !== undefined) write({ [path]: before });
      else rmSync(join(root, 'project', path.replace(/(?<=\/other)\/.*/, '')), { recursive: true });
    }
    expect(areCurrent()).toBe(true);
  });

  test('are untouched while stamps are what they were, told without reading a section', () => {
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
    recordTypes(openProject(stamped), stateOf(), 'types', 9);
    expect(areTypesUntouched(stamped, stateOf())).toBe(false);
    expect(areTypesCurrent(openProject(stamped), stateOf())).toBe(true);
    recordTypes(openProject(stamped), stateOf(), 'types', 10);
    read.length = 0;
    expect(areTypesUntouched(stamped, stateOf())).toBe(true);
    expect(read).toEqual(['connector.d.ts']);
    const { stamp: _, ...unstamped } = files;
    expect(areTypesUntouched(unstamped, stateOf())).toBe(false);
    write({ 'connector.d.ts': 'mine' });
    expect(areTypesUntouched(stamped, stateOf())).toBe(false);
    write({ 'connector.d.ts': 'types' });
    expect(areTypesUntouched(stamped, stateOf())).toBe(true);
    stamps.set('connections/', 'another');
    expect(areTypesUntouched(stamped, stateOf())).toBe(false);
  });

  test('are kept beside what was validated, and the other way round', () => {
    recordTypes(openProject(files), stateOf(), 'types');
    validateCached(openProject(files), stateOf());
    expect([areCurrent(), valid()]).toEqual([true, expect.objectContaining({ length: 2 })]);
  });
});
