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

/** A request that sends, keeps and hides something. */
function request(name: string): string {
  return `{
    "url": "https://api.acme.test/${name}?key={{parameters.${name}}}",
    "headers": {"authorization": "Bearer {{connection.accessToken}}", "x-${name}": "{{parameters.${name}}}"},
    "temp": {"${name}": "{{executionId}}"}, // Kept.
    "response": {"type": "text", "temp": {"seen": "{{body.id}}"}, "data": {"${name}": "{{temp.seen}}"}},
    "log": {"sanitize": ["request.headers.authorization"]}
  }`;
}

const REQUESTS = ['a', 'a', 'b', 'c', 'a'].map(request).join(', ');
const FORM = `[
  {"name": "a", "type": "text", "label": "A"},
  {"name": "b", "type": "number", "label": "B"},
  {"name": "c", "type": "password", "label": "C", "editable": true}
]`;
const PIECES = ['{', '}', ']', '"', ',', ' ', '\n', '// x\n', '{{', '}}', '', 'a', '1', 'temp.', 'token', 'Bearer '];
const NAMES = [
  'a',
  'b',
  'c',
  'token',
  'seen',
  'temp',
  'data',
  'condition',
  'type',
  'oauth',
  'authorization',
  '{{...}}',
];
const VALUES = [
  ...['x', 'text', 'https://x.test?token={{temp.seen}}', '{{connection}}', '{{temp}}', '{{body}}', '{{common.token}}'],
  ...['parameters.b', 'parameters.c', 'temp.a', 'temp.seen', 'data.a', 'connection.token', 'body.token'].flatMap(
    (path) => [`{{${path}}}`, `Bearer {{${path}}}`, `{{join(${path}, 1)}}`, `{{if(${path} < 1, 2, '3')}}`],
  ),
  ...[{ signature_method: 'PLAINTEXT' }, { a: '{{body.token}}' }, { token: 1 }, ['request.headers.x-a'], true, {}],
];

/** A text with another value somewhere in it, or one less, or one more. */
function withAnotherValue(text: string, random: (limit: number) => number): string {
  const value: unknown = JSON.parse(text.replace(/\/\/ .*$/gm, ''));
  const holders: { [name: string]: unknown }[] = [];
  const walk = (at: unknown) => {
    if (typeof at !== 'object' || at === null) return;
    holders.push(at as { [name: string]: unknown });
    Object.values(at).forEach(walk);
  };
  walk(value);
  const holder = holders[random(holders.length)] ?? {};
  const names = Object.keys(holder);
  const name = names[random(names.length)] ?? 'a';
  const chosen = structuredClone(VALUES[random(VALUES.length)]);
  const kind = random(4);
  if (Array.isArray(holder)) holder.splice(random(holder.length + 1), kind === 0 ? 1 : 0, ...holder.slice(0, kind));
  else if (kind === 0) delete holder[name];
  else holder[kind === 1 ? (NAMES[random(NAMES.length)] ?? 'a') : name] = chosen;
  return JSON.stringify(value, undefined, 2);
}

function isReadable(text: string): boolean {
  try {
    JSON.parse(text.replace(/\/\/ .*$/gm, ''));
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['oauth', `{"token": ${request('token')}, "info": [${REQUESTS}]}`],
  ['oauth-1', `{"oauth": {"consumer_key": "k"}, "accessToken": ${request('token')}, "info": [${REQUESTS}]}`],
  ['apikey', `[${REQUESTS}]`],
])(
  'after each of 1,000 random edits the problems are those of a project that is opened for the first time: %s',
  (type, api) => {
    const folder = 'connections/one';
    const originals = { [`${folder}/api.jsonc`]: api, [`${folder}/parameters.jsonc`]: FORM };
    const descriptor = `{"type": "${type}", "label": "One"}`;
    const inner = memoryFiles({ ...FILES, [`${folder}/connection.json`]: descriptor, ...originals });
    const validator = createValidator({ files: { ...inner, sources: new Map() } });
    validator.refresh();
    let state = 28;
    const random = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    // All edits come first, so that each takes over what was found out at the one before.
    let texts = originals;
    const steps = Array.from({ length: 1000 }, (_, index) => {
      const before = texts;
      const file = random(10) === 0 ? `${folder}/parameters.jsonc` : `${folder}/api.jsonc`;
      const text = before[file] ?? '';
      const at = random(text.length + 1);
      const changed =
        random(4) > 0
          ? withAnotherValue(text, random)
          : `${text.slice(0, at)}${PIECES[random(PIECES.length)]}${text.slice(at + random(2))}`;
      texts = { ...before, [file]: changed };
      validator.setTexts(new Map(Object.entries(texts)));
      const step = { texts, found: validator.diagnostics };
      if (random(3) === 0 || !isReadable(changed)) texts = before;
      if (index % 10 === 0) texts = originals;
      return step;
    });
    for (const { texts: now, found } of steps) {
      // What was found of the connection is forgotten by looking at others.
      for (const each of ['two', 'three']) {
        const other = {
          [`connections/${each}/connection.json`]: '{"type": "apikey"}',
          [`connections/${each}/api.json`]: '{}',
        };
        validate(openProject(memoryFiles({ 'connector.json': '{"name": "shop"}', ...other })));
      }
      expect(found).toEqual(validate(openProject(memoryFiles({ ...Object.fromEntries(inner.texts), ...now }))));
    }
    expect(new Set(steps.map(({ found }) => JSON.stringify(found))).size).toBeGreaterThan(100);
  },
);

/** Values that are made of one another. */
const CIRCLE = {
  token: {
    url: 'https://api.acme.test',
    response: { temp: { x: { k: '{{data.a}}', n: 1 } }, data: { a: '{{temp.x}}' } },
  },
};

const KEEPING = { url: 'https://api.acme.test', temp: { a: { b: '{{executionId}}' }, token: '{{executionId}}' } };
const LOGGED = { url: 'https://api.acme.test', headers: { 'x-b': '{{temp.a.b}}' }, log: { sanitize: ['request.qs'] } };

/** What is found of the connection `one` after each of some versions of its files, and what a first validation finds. */
function foundAfterEach(type: string, versions: readonly Readonly<Record<string, unknown>>[]) {
  const folder = 'connections/one';
  const descriptor = { [`${folder}/connection.json`]: JSON.stringify({ type, label: 'One' }) };
  // The only connection, so that nothing is looked at between two versions.
  const inner = memoryFiles({ 'connector.json': '{"name": "shop"}', ...descriptor });
  const validator = createValidator({ files: { ...inner, sources: new Map() } });
  const textsOf = (version: Readonly<Record<string, unknown>>) =>
    Object.entries(version).map(([file, value]) => [`${folder}/${file}`, JSON.stringify(value)] as const);
  const found = versions.map((version) => {
    validator.setTexts(new Map(textsOf(version)));
    return validator.problemsOf('one');
  });
  const fresh = versions.map((version) => {
    validate(openProject(memoryFiles(FILES)));
    const files = memoryFiles({ ...Object.fromEntries(inner.texts), ...Object.fromEntries(textsOf(version)) });
    return validate(openProject(files), { connections: ['one'] });
  });
  return { found, fresh };
}

test.each<[change: string, code: string, type: string, before: object, after: object]>([
  [
    'all requests are signed otherwise',
    'log/not-sanitized',
    'oauth-1',
    {
      oauth: { signature_method: 'HMAC-SHA1' },
      info: { url: 'https://api.acme.test', log: { sanitize: ['request.qs'] } },
    },
    {
      oauth: { signature_method: 'PLAINTEXT' },
      info: { url: 'https://api.acme.test', log: { sanitize: ['request.qs'] } },
    },
  ],
  [
    'another request keeps a header under another name',
    'log/not-sanitized',
    'oauth',
    {
      token: { url: 'https://api.acme.test', response: { data: { headers: { accept: '{{executionId}}' } } } },
      info: {
        url: 'https://api.acme.test',
        headers: { '{{...}}': '{{data.headers}}' },
        log: { sanitize: ['request.qs'] },
      },
    },
    {
      token: { url: 'https://api.acme.test', response: { data: { headers: { authorization: '{{executionId}}' } } } },
      info: {
        url: 'https://api.acme.test',
        headers: { '{{...}}': '{{data.headers}}' },
        log: { sanitize: ['request.qs'] },
      },
    },
  ],
  [
    'something that another request keeps is a secret now',
    'log/not-sanitized',
    'oauth',
    {
      token: { url: 'https://api.acme.test', temp: { page: '{{executionId}}' } },
      info: { url: 'https://api.acme.test', headers: { 'x-all': '{{temp}}' }, log: { sanitize: ['request.qs'] } },
    },
    {
      token: { url: 'https://api.acme.test', temp: { token: '{{executionId}}' } },
      info: { url: 'https://api.acme.test', headers: { 'x-all': '{{temp}}' }, log: { sanitize: ['request.qs'] } },
    },
  ],
  [
    'another request no longer sets what is read',
    'iml/unset-temp',
    'oauth',
    {
      token: { url: 'https://api.acme.test', temp: { page: 1 } },
      info: { url: 'https://api.acme.test/{{temp.page}}' },
    },
    {
      token: { url: 'https://api.acme.test', temp: { account: 1 } },
      info: { url: 'https://api.acme.test/{{temp.page}}' },
    },
  ],
  [
    'another request stores a value of another type',
    'iml/argument-type',
    'oauth',
    {
      token: { url: 'https://api.acme.test', response: { data: { a: '{{split(body.a, 1)}}' } } },
      info: { url: 'https://api.acme.test/{{join(data.a, 1)}}' },
    },
    {
      token: { url: 'https://api.acme.test', response: { data: { a: 1 } } },
      info: { url: 'https://api.acme.test/{{join(data.a, 1)}}' },
    },
  ],
  [
    'a request becomes the first of a list',
    'iml/impossible-member',
    'oauth',
    { info: { url: 'https://api.acme.test', response: { type: 'text', uid: '{{body.id}}' } } },
    { info: [{ url: 'https://api.acme.test', response: { type: 'text', uid: '{{body.id}}' } }] },
  ],
  [
    'a value that is made of itself is read where another of the same circle was',
    'iml/impossible-member',
    'oauth',
    { ...CIRCLE, info: { url: 'https://api.acme.test/{{temp.x.n.foo}}' } },
    { ...CIRCLE, info: { url: 'https://api.acme.test/{{data.a.n.foo}}' } },
  ],
  [
    'another value of the same circle is read as well',
    'iml/impossible-member',
    'oauth',
    { ...CIRCLE, info: { url: 'https://api.acme.test/{{data.a.n.foo}}' } },
    { ...CIRCLE, info: { url: 'https://api.acme.test/{{temp.x.n.foo}}/{{data.a.n.foo}}' } },
  ],
  [
    'another request sends a part of a value as a credential',
    'log/not-sanitized',
    'oauth',
    { token: KEEPING, info: [LOGGED, { url: 'https://api.acme.test', headers: { accept: '{{temp.a.b}}' } }] },
    { token: KEEPING, info: [LOGGED, { url: 'https://api.acme.test', headers: { authorization: '{{temp.a.b}}' } }] },
  ],
  [
    'another request reads what a misspelt name meant',
    'iml/undeclared-parameter',
    'oauth',
    { token: { url: 'https://api.acme.test/' }, info: { url: 'https://api.acme.test/{{parameters.accoumt}}' } },
    {
      token: { url: 'https://api.acme.test/{{parameters.account}}' },
      info: { url: 'https://api.acme.test/{{parameters.accoumt}}' },
    },
  ],
])('what was found out of a request does not hold any more when %s', (_, code, type, before, after) => {
  const form = [{ name: 'account', type: 'text', label: 'Account' }];
  const versions = [before, after].map((api) => ({ 'api.jsonc': api, 'parameters.jsonc': form }));
  const { found, fresh } = foundAfterEach(type, versions);
  expect(found[1]).toEqual(fresh[1]);
  expect(found[1]?.map((problem) => problem.code)).toContain(code);
  expect(found[1]).not.toEqual(found[0]);
});

test('a name with a separator in it is not taken for names inside of one another', () => {
  const log = { sanitize: ['request.qs'] };
  const info = { url: 'https://api.acme.test', headers: { 'x-all': '{{temp}}' }, log };
  const id = '{{executionId}}';
  // The first two have their expression remembered, so that it is one object from then on.
  const temps = [{ page: id }, { pag: id }, { 'token,page': id }, { token: { page: id } }];
  const versions = temps.map((temp) => ({ 'api.jsonc': { token: { url: 'https://api.acme.test', temp }, info } }));
  const kept = foundAfterEach('oauth', versions);
  expect(kept.found).toEqual(kept.fresh);
  expect(kept.found[3]?.map(({ code }) => code)).toContain('log/not-sanitized');

  const sending = (type: string) => ({
    'api.jsonc': { url: 'https://api.acme.test', headers: { 'x-a': '{{parameters.`a\nb`}}' }, log },
    'parameters.jsonc': [
      { name: 'a\nb', type, label: 'A' },
      { name: 'k', type: 'password', label: 'K' },
    ],
  });
  const sent = foundAfterEach('apikey', [sending('text'), sending('password')]);
  expect(sent.found).toEqual(sent.fresh);
  expect(sent.found[1]?.map(({ code }) => code)).toContain('log/not-sanitized');
});

test('searches are paid for alike, whether or not the same texts were seen before', () => {
  const names = Array.from({ length: 150 }, (_, index) => `${'n'.repeat(127)}${100 + index}`);
  const unknown = (index: number) => `{{parameters.${'m'.repeat(129)}${index}}}`;
  const typo = `{{parameters.nn${names[3]?.slice(0, -20)}x}}`;
  const qs = { a: unknown(1), b: unknown(1), c: unknown(2), d: unknown(2), e: `{{parameters.${names[3]}}}`, typo };
  const version = {
    'api.jsonc': { url: 'https://api.acme.test', qs },
    'parameters.jsonc': names.map((name) => ({ name, type: 'text', label: 'L' })),
  };
  const { found, fresh } = foundAfterEach('apikey', [version, version]);
  expect(found[0]?.length).toBeGreaterThan(2);
  expect(fresh[0]).toEqual(fresh[1]);
  expect(found).toEqual(fresh);
});
