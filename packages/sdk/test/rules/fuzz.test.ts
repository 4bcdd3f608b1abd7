import { describe, expect, test } from 'vitest';
import { openProject, RULES, type Rule, SECTIONS, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { findingsOf } from '../../src/rules/runner.ts';

const FILES = SECTIONS.map(({ files: [first] }) => first);

/** The connection in which every section holds this text; when it is very long, its api alone. */
function problemsOf(text: string, type: string) {
  return validate(
    openProject(
      memoryFiles({
        'connector.json': '{"name": "fuzz"}',
        'connections/a/connection.json': JSON.stringify({ type }),
        ...Object.fromEntries(
          FILES.slice(0, text.length > 2 ** 20 ? 1 : FILES.length).map((file) => [`connections/a/${file}`, text]),
        ),
      }),
    ),
  );
}

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
const MEGABYTES = 10 * 1024 * 1024;
const LEVELS = 100_000;
/** Characters that are read of a text. */
const LARGEST = 3 * 1024 * 1024;

/** Texts that have stopped readers of JSON, of expressions or of schemas. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['every byte', BYTES],
  ['bytes that are no UTF-8', Buffer.from(BYTES, 'latin1').toString('utf8')],
  ['half a surrogate', '"\\ud800\uD800"'],
  ['10 MB', JSON.stringify('x'.repeat(MEGABYTES))],
  ['10 MB of bytes', BYTES.repeat(MEGABYTES / 256)],
  ['a long string', JSON.stringify('x'.repeat(LARGEST - 2))],
  ['a long string with an expression', JSON.stringify({ url: `{{${'a+'.repeat(LARGEST / 2 - 10)}a}}` })],
  ['many expressions', JSON.stringify({ url: '{{a}}'.repeat(20_000) })],
  ['open braces only', JSON.stringify({ url: '{{'.repeat(MEGABYTES / 10) })],
  ['closing braces only', JSON.stringify({ url: 'a(}}'.repeat(MEGABYTES / 40) })],
  ['a call that is never closed', JSON.stringify({ url: `{{${'f('.repeat(LEVELS)}` })],
  ['brackets', '['.repeat(LEVELS)],
  ['objects', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
  ['lists inside each other', `${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`],
  ['a comment that never ends', `/*${' '.repeat(LARGEST - 2)}`],
  ['many comments', '// x\n'.repeat(MEGABYTES / 50)],
  ['a long list', `[${'1,'.repeat(2000)}1]`],
  ['many fields', JSON.stringify(Array.from({ length: 5000 }, (_, at) => ({ name: `n${at}`, type: 'text' })))],
  ['many fields of one name', JSON.stringify(Array.from({ length: 2000 }, () => ({ name: 'a', type: 'text' })))],
  ['many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, '{{a}}'])))],
  ['names of Object', '{"__proto__": {"url": "/x"}, "constructor": 1, "toString": {"valueOf": 2}}'],
  ['a list of null', '[null, null, [null], {"a": null}]'],
];

describe.each(['apikey', 'oauth-refresh', 'oauth-1'])('a %s connection of', (type) => {
  test.each(TEXTS)('%s ends, with words', (_, text) => {
    const started = performance.now();
    const problems = problemsOf(text, type);
    expect(problems.length).toBeGreaterThan(0);
    for (const { message } of problems.slice(0, 50)) expect(message.length).toBeLessThan(2000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

/** Characters of the texts that are full of faults: at night as many as are read. */
const SIZE = process.env.CONNECTOR_NIGHTLY ? LARGEST : LARGEST / 4;

/** As many of a thing as are read, each made from its number, between two texts. */
function many(before: string, thing: (index: number) => string, after = ''): string {
  const things: string[] = [];
  let length = before.length + after.length;
  for (let index = 0; length < SIZE; index++) {
    const next = thing(index);
    things.push(next);
    length += next.length + 1;
  }
  things.pop();
  return before + things.join(',') + after;
}

/** What every reader has most to do with: as many faults, or things to look up in each other, as a text can hold. */
const FAULTS: readonly (readonly [string, string, string, () => string])[] = [
  ['expressions', 'api', 'apikey', () => JSON.stringify({ url: '{{a}}'.repeat(SIZE / 5 - 2) })],
  ['open braces', 'api', 'apikey', () => JSON.stringify({ url: '{{'.repeat(SIZE / 2 - 10) })],
  ['closing braces', 'api', 'apikey', () => JSON.stringify({ url: 'a(}}'.repeat(SIZE / 4 - 10) })],
  ['properties', 'api', 'apikey', () => many('{', (at) => `"url${at}":1`, '}')],
  ['numbers', 'api', 'apikey', () => many('[', () => '1', ']')],
  ['data', 'api', 'apikey', () => many('{"url":"/x","qs":{', (at) => `"k${at}":"{{connection.x${at}token}}"`, '}}')],
  ['temp', 'api', 'apikey', () => many('{"url":"/x","temp":{', (at) => `"k${at}":"{{temp.x${at}}}"`, '}}')],
  [
    'names stored and others read',
    'api',
    'oauth',
    () =>
      `{"token":{"url":"/x","response":${many('{"data":{', (at) => `"k${at}":"{{data.wxyz${at}}}"`, '}}')}},"refresh":{}}`,
  ],
  [
    'log entries of names that are not sent',
    'api',
    'apikey',
    () =>
      `{"url":"/x","qs":{"a":"{{connection.token}}"},${many('"log":{"sanitize":[', (at) => `"request.qs.k${at}x"`, ']}}')}`,
  ],
  [
    'two long names',
    'api',
    'apikey',
    () => `{"temp":{"${'a'.repeat(SIZE / 2)}":"{{temp.${'b'.repeat(SIZE / 2 - 50)}}}"}}`,
  ],
  ['requests', 'api', 'oauth', () => many('{"token":[', () => '{"url":"/x","body":{"a":"{{body.a}}"}}', ']}')],
  ['log entries', 'api', 'apikey', () => many('{"url":"/x","log":{"sanitize":[', (at) => `"request.qs.k${at}"`, ']}}')],
  ['fields', 'parameters', 'apikey', () => many('[', (at) => `{"nam":"n${at}token","type":"txt"}`, ']')],
  ['fields of one name', 'parameters', 'apikey', () => many('[', () => '{"name":"a","type":"text"}', ']')],
  ['scopes', 'scope', 'oauth', () => many('[', (at) => `"s${at}", 1`, ']')],
  ['comments', 'api', 'apikey', () => `${'// x\n'.repeat(SIZE / 5 - 3)}{"url":1}`],
  [
    'comments that allow something',
    'api',
    'apikey',
    () => many('{"url":"/x","qs":{', (at) => `\n// connector-ignore iml/syntax: x\n"k${at}":"{{"`, '}}'),
  ],
  ['comments that allow nothing', 'api', 'apikey', () => `${'// connector-ignore a/b\n'.repeat(SIZE / 24 - 1)}{}`],
];

describe('a text full of them', { timeout: 120_000 }, () => {
  test.each(FAULTS)('%s end, with words', (_, section, type, make) => {
    const text = make();
    expect(text.length).toBeGreaterThan(0.95 * SIZE);
    const started = process.cpuUsage();
    const problems = validate(
      openProject(
        memoryFiles({
          'connector.json': '{"name": "fuzz"}',
          'connections/a/connection.json': JSON.stringify({ type }),
          [`connections/a/${section}.jsonc`]: text,
        }),
      ),
    );
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(15_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.map(({ code }) => code)).not.toContain('source/too-large');
    // A few hundred are reported, and that there are more.
    expect(problems.length).toBeLessThan(1000);
    for (const { message, hint = '' } of problems) expect(message.length + hint.length).toBeLessThan(2000);
  });
});

describe('values of the wrong kind', () => {
  const VALUES = [null, true, 0, '', '{{', '{{a}}', 'x', [], {}, [[]], [{}], { a: null }];
  const PLACES = ['url', 'headers', 'qs', 'body', 'log', 'response', 'condition', 'temp', 'method', 'type'];
  const INNER = ['data', 'temp', 'metadata', 'valid', 'error', 'type'];

  test('stop no rule', () => {
    for (const value of VALUES) {
      const request = Object.fromEntries(PLACES.map((place) => [place, value]));
      const answer = { url: 'https://a.io', response: Object.fromEntries(INNER.map((place) => [place, value])) };
      const api = { authorize: request, token: [request, answer], refresh: value, info: answer, oauth: value };
      const form = [value, { name: value, type: value, spec: value, options: value, nested: value, editable: value }];
      for (const section of [{ api }, { api: request }, { api: value }, { parameters: form, installSpec: form }]) {
        const all = {
          ...section,
          scope: [value, value],
          scopes: { a: value },
          install: { common: value },
          common: { properties: { a: value, secret: value }, required: [value] },
        };
        for (const type of ['basic', 'oauth', 'oauth-1'] as const) {
          for (const rule of RULES as readonly Rule[]) {
            if (rule.code.startsWith('iml/')) continue;
            expect(
              () => findingsOf(rule, { type, sections: all }),
              `${rule.code} ${JSON.stringify(value)}`,
            ).not.toThrow();
          }
        }
      }
    }
  });
});
