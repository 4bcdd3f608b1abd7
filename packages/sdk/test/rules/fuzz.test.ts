import { describe, expect, test } from 'vitest';
import { openProject, RULES, type Rule, SECTIONS, validate } from '../../src/index.ts';
import { memory } from '../memory.ts';

const FILES = SECTIONS.map(({ files: [first] }) => first);

/** The connection in which every section holds this text; when it is very long, its api alone. */
function problemsOf(text: string, type: string) {
  return validate(
    openProject(
      memory({
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

/** Texts that have stopped readers of JSON, of expressions or of schemas. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['every byte', BYTES],
  ['bytes that are no UTF-8', Buffer.from(BYTES, 'latin1').toString('utf8')],
  ['half a surrogate', '"\\ud800\uD800"'],
  ['a long string', JSON.stringify('x'.repeat(MEGABYTES))],
  ['a long string with an expression', JSON.stringify({ url: `{{${'a+'.repeat(MEGABYTES / 2)}a}}` })],
  ['many expressions', JSON.stringify({ url: '{{a}}'.repeat(20_000) })],
  ['open braces only', JSON.stringify({ url: '{{'.repeat(MEGABYTES / 10) })],
  ['closing braces only', JSON.stringify({ url: 'a(}}'.repeat(MEGABYTES / 40) })],
  ['a call that is never closed', JSON.stringify({ url: `{{${'f('.repeat(LEVELS)}` })],
  ['brackets', '['.repeat(LEVELS)],
  ['objects', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
  ['lists inside each other', `${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`],
  ['a comment that never ends', `/*${' '.repeat(MEGABYTES)}`],
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
              () => [...rule.check({ type, sections: all })],
              `${rule.code} ${JSON.stringify(value)}`,
            ).not.toThrow();
          }
        }
      }
    }
  });
});
