import { expect, test } from 'vitest';
import { withoutEcho } from './echo.ts';

const of = (headers: Record<string, string>, body?: object) => ({
  method: 'PUT',
  url: 'http://localhost/',
  headers,
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

test.each([
  ['a bearer', of({ authorization: 'Bearer abc.def' }), 'not abc.def', 'not [redacted]'],
  ['a token of Make’s', of({ authorization: 'Token 7d1f' }), 'Token 7d1f', 'Token [redacted]'],
  [
    'a password in base64',
    of({ authorization: `Basic ${btoa('me:open sesame')}` }),
    'me, open sesame',
    'me, [redacted]',
  ],
  ['cookies', of({ cookie: 'a=first; b=second=' }), 'second= or first', '[redacted] or [redacted]'],
  ['a header against forgery', of({ 'x-csrf-token_acme': 'f0rged' }), 'f0rged?', '[redacted]?'],
  ['secrets of a body', of({}, { app: { clientSecret: 'a "b"' } }), '{"x":"a \\"b\\""}', '{"x":"[redacted]"}'],
  ['names, and values that are no secrets', of({}, { label: 'Main', password: 'abc' }), 'Main abc', 'Main abc'],
])('%s', (_, request, answer, clean) => {
  expect(withoutEcho(request, answer)).toBe(clean);
});

test('a body that is no JSON', () => {
  expect(withoutEcho({ ...of({}), body: '{"password": "x' }, '{"password": "x')).toBe('{"password": "x');
});
