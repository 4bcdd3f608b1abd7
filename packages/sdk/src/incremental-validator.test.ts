import { describe, expect, test } from 'vitest';
import { createValidator, type ValidatorOptions } from './incremental-validator.ts';
import type { Files } from './project/files.ts';
import { memoryFiles } from './project/files.ts';
import { openProject } from './project/index.ts';
import { validate } from './validate.ts';

const GOOD = '{"url": "https://api.acme.test", "log": {"sanitize": ["request.headers.authorization"]}}';
const FAULTY = '{"urll": "https://api.acme.test"}';
const FILES = {
  'connector.json': '{"name": "shop"}',
  'connections/one/connection.json': '{"type": "apikey", "label": "One"}',
  'connections/one/api.jsonc': GOOD,
  'connections/two/connection.json': '{"type": "apikey", "label": "Two"}',
  'connections/two/api.jsonc': FAULTY,
};
const MAKE = {
  'makecomapp.json': JSON.stringify({
    fileVersion: 1,
    components: {
      connection: {
        one: { label: 'One', connectionType: 'basic', codeFiles: { communication: 'src/one.json', params: null } },
        two: { label: 'Two', connectionType: 'basic', codeFiles: { communication: 'two.iml.json', params: null } },
      },
    },
    origins: [],
  }),
  'src/one.json': GOOD,
  'two.iml.json': FAULTY,
};

/** The same files, and which of them are read from then on. */
function recorded(inner: Files) {
  const read: string[] = [];
  const files: Files = {
    ...inner,
    read: (path) => {
      read.push(path);
      return inner.read(path);
    },
  };
  return { files, read };
}

/** A project in memory with a validator that has read it, and what is read from then on. */
function opened(texts: Readonly<Record<string, string>> = FILES, options: Partial<ValidatorOptions> = {}) {
  const inner = memoryFiles(texts);
  const { files, read } = recorded(inner);
  const validator = createValidator({ files, ...options });
  expect(validator.refresh()).toBe(true);
  read.length = 0;
  return { files, inner, validator, read };
}

describe.each([
  { layout: 'native', texts: FILES, one: 'connections/one/api.jsonc', two: 'connections/two/api.jsonc' },
  { layout: 'make', texts: MAKE, one: 'src/one.json', two: 'two.iml.json' },
])('in the layout $layout', ({ texts, one, two }) => {
  test('an update reads the connections of the paths alone, and finds what validating everything finds', () => {
    const { files, inner, validator, read } = opened(texts);
    expect(validator.diagnostics).toEqual(validate(openProject(inner)));
    files.write(one, '{');
    expect(validator.update([one])).toBe(true);
    expect(read).toContain(one);
    expect(read).not.toContain(two);
    expect(validator.diagnostics).toEqual(validate(openProject(inner)));
    expect(validator.diagnostics.map(({ code }) => code)).toContain('source/syntax');
    expect(validator.update([one])).toBe(false);
  });

  test('refreshing validates what changed without anybody telling it', () => {
    const { files, inner, validator } = opened(texts);
    expect(validator.refresh()).toBe(false);
    files.write(two, GOOD);
    files.write(one, FAULTY);
    expect(validator.refresh()).toBe(true);
    expect(validator.diagnostics).toEqual(validate(openProject(inner)));
    expect(validator.refresh()).toBe(false);
  });

  test('opening gives the problems of exactly what the project holds', () => {
    const { files, inner, validator } = opened(texts);
    files.write(one, FAULTY);
    const project = validator.open();
    files.write(one, GOOD);
    expect(validator.diagnostics).toEqual(validate(project));
    expect(validator.diagnostics).not.toEqual(validate(openProject(inner)));
  });

  test('texts that are not on disk take the place of those that are, until they are taken back', () => {
    const { inner, validator } = opened(texts);
    const before = validator.diagnostics;
    validator.setTexts(new Map([[one, '[1,']]));
    expect(validator.diagnostics.filter(({ file }) => file === one).map(({ code }) => code)).toEqual(['source/syntax']);
    expect(inner.read(one)).toBe(GOOD);
    validator.setTexts(new Map([[two, GOOD]]));
    expect(validator.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    validator.setTexts(new Map());
    expect(validator.diagnostics).toEqual(before);
  });
});

test('texts that are put in the place of files before anything was read have everything read once', () => {
  const inner = memoryFiles(FILES);
  for (const texts of [new Map<string, string>(), new Map([['connections/one/api.jsonc', '[1,']])]) {
    const { files, read } = recorded(inner);
    const validator = createValidator({ files });
    validator.setTexts(texts);
    expect(validator.diagnostics).toEqual(
      validate(openProject(memoryFiles({ ...FILES, ...Object.fromEntries(texts) }))),
    );
    const sections = read.filter((path) => /\/api/.test(path));
    expect(sections).toEqual(Object.keys(FILES).filter((path) => /\/api/.test(path) && !texts.has(path)));
  }
});

test('a connection that only an editor has is one', () => {
  const { validator } = opened();
  validator.setTexts(new Map([['connections/three/connection.json', '{"type": "apikey", "label": "Three"}']]));
  expect(validator.connections).toEqual(['one', 'three', 'two']);
  expect(validator.diagnostics.filter(({ connection }) => connection === 'three')).toMatchObject([
    { code: 'project/missing-section' },
  ]);
});

test('the project’s own files concern every connection, and severities are overridden', () => {
  const plain = { ...FILES, 'connections/one/api.jsonc': '{"url": "http://api.acme.test"}' };
  const { files, validator } = opened(plain);
  const severity = () => validator.diagnostics.find(({ code }) => code === 'request/plain-http')?.severity;
  expect(severity()).toBe('warning');
  files.write('connector.json', '{"name": "shop", "rules": {"request/plain-http": "error"}}');
  expect(validator.update(['connector.json'])).toBe(true);
  expect(severity()).toBe('error');
  const { validator: lenient } = opened(plain, { overrides: new Map([['request/plain-http', 'off']]) });
  expect(lenient.diagnostics.map(({ code }) => code)).not.toContain('request/plain-http');
});

test('only the chosen connections are validated, and those that are gone are left out', () => {
  const { files, validator, read } = opened(FILES, { connections: ['two', 'gone'], ownProblems: false });
  expect(validator.connections).toEqual(['two']);
  expect(validator.diagnostics.map(({ connection }) => connection)).not.toContain('one');
  files.write('connector.json', '{');
  validator.update(['connector.json']);
  expect(validator.diagnostics.map(({ file }) => file)).not.toContain('connector.json');
  expect(read).not.toContain('connections/one/api.jsonc');
});

test('a project that cannot be opened is a failure, until it can', () => {
  const files = memoryFiles({});
  const validator = createValidator({ files });
  expect(validator.refresh()).toBe(true);
  expect(validator.diagnostics).toMatchObject([{ code: 'project/not-found' }]);
  expect(validator.watched).toEqual(['connector.json', 'makecomapp.json']);
  expect(() => validator.open()).toThrow(validator.failure);
  expect(validator.update(['connector.json'])).toBe(false);
  for (const [path, text] of Object.entries(FILES)) files.write(path, text);
  expect(validator.update(['connector.json'])).toBe(true);
  expect(validator.failure).toBeUndefined();
  expect(validator.watched).toEqual(['connector.json', 'connections/']);
  expect(validator.diagnostics).toEqual(validate(openProject(files)));
});

test('connections that come and go are followed, also more than are read at a time', () => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      [`connections/c${index}/connection.json`, '{"type": "apikey", "label": "Many"}'],
      [`connections/c${index}/api.jsonc`, index % 7 === 0 ? FAULTY : GOOD],
    ]).flat(),
  );
  const { files, validator } = opened({ ...FILES, ...many });
  expect(validator.connections).toHaveLength(42);
  expect(validator.diagnostics).toEqual(validate(openProject(files)));
  files.rename('connections/c7/connection.json', 'connections/other/connection.json');
  files.rename('connections/c7/api.jsonc', 'connections/other/api.jsonc');
  expect(validator.update(['connections/c7/api.jsonc', 'connections/other', 'connections'])).toBe(true);
  expect(validator.connections).toContain('other');
  expect(validator.connections).not.toContain('c7');
  expect(validator.diagnostics).toEqual(validate(openProject(files)));
});

test('after each of 1,000 random edits the problems are those of a project that is opened for the first time', () => {
  const file = 'connections/one/api.jsonc';
  const request = (name: string) => `{
    "url": "https://api.acme.test/${name}",
    "headers": {"authorization": "Bearer {{connection.accessToken}}", "x-${name}": "{{parameters.${name}}}"},
    "temp": {"${name}": "{{executionId}}"}, // Kept.
    "response": {"type": "text", "temp": {"seen": "{{body.id}}"}, "data": {"${name}": "{{temp.seen}}"}},
    "log": {"sanitize": ["request.headers.authorization"]}
  }`;
  const original = `{"token": ${request('token')}, "info": [${['a', 'a', 'b', 'c', 'a'].map(request).join(', ')}]}`;
  const parameters = '[{"name": "a", "type": "text", "label": "A"}, {"name": "b", "type": "number", "label": "B"}]';
  const inner = memoryFiles({
    ...FILES,
    'connections/one/connection.json': '{"type": "oauth", "label": "One"}',
    'connections/one/parameters.jsonc': parameters,
    [file]: original,
  });
  const validator = createValidator({ files: { ...inner, sources: new Map() } });
  validator.refresh();
  const pieces = [
    '{',
    '}',
    ']',
    '"',
    ',',
    ' ',
    '\n',
    '// x\n',
    '{{',
    '}}',
    '',
    'temp.',
    'body.',
    'a',
    '1',
    '"temp": 1,',
  ];
  let [state, text] = [28, original];
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const compared = new Set<string>();
  for (let index = 1; index <= 1000; index++) {
    const at = random(text.length + 1);
    // Most edits are taken back, so that most texts can be read.
    const before = text;
    text = `${text.slice(0, at)}${pieces[random(pieces.length)]}${text.slice(at + random(2))}`;
    validator.setTexts(new Map([[file, text]]));
    const found = validator.diagnostics;
    // What was found of the connection is forgotten by looking at others.
    for (const each of ['two', 'three']) {
      const other = {
        [`connections/${each}/connection.json`]: '{"type": "apikey"}',
        [`connections/${each}/api.json`]: '{}',
      };
      validate(openProject(memoryFiles({ 'connector.json': '{"name": "shop"}', ...other })));
    }
    const fresh = memoryFiles({ ...Object.fromEntries(inner.texts), [file]: text });
    expect(found).toEqual(validate(openProject(fresh)));
    compared.add(JSON.stringify(found));
    if (random(3) > 0) text = before;
    if (index % 50 === 0) text = original;
  }
  expect(compared.size).toBeGreaterThan(100);
});
