import { expect, test } from 'vitest';
import { firstWords, withoutSecrets } from './redact-response.ts';

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
  expect(withoutSecrets(request, answer)).toBe(clean);
});

test('a body that is no JSON', () => {
  expect(withoutSecrets({ ...of({}), body: '{"password": "x' }, '{"password": "x')).toBe('{"password": "x');
});

const asked = of({ authorization: 'Bearer abc.def.ghi' }, { password: 'correct horse' });

test.each([
  ['text', 'We are\n\n  back soon.', 'We are back soon.'],
  [
    'a page',
    '<!DOCTYPE html><html><head><title>Guest &amp; Co</title><style>a{b:c}</style><script>var t=1</script></head><body><!-- x --><h1>Log in</h1></body></html>',
    'Guest & Co Log in',
  ],
  ['a page that is cut off', '<html><body>Log in<a href="', 'Log in'],
  ['a page that is cut off in a script', '<html><body>Log in<script>var token = 1', 'Log in'],
  ['JSON', '{"apps":[{"name":5}]}', '{"apps":[{"name":5}]}'],
  ['nothing', ' \n', ''],
  ['what was sent', 'no abc.def.ghi, no correct horse', 'no [redacted], no [redacted]'],
  [
    'secrets by their names in JSON',
    '{"clientSecret":"a \\"b\\" c","name":"x"}',
    '{"clientSecret":[redacted],"name":"x"}',
  ],
  ['secrets by their names in a form', 'name=x&client_secret=abc&b=c', 'name=x&client_secret=[redacted]&b=c'],
  ['a header', 'X-Api-Key: q1w2e3 Authorization: Bearer q1w2', 'X-Api-Key: [redacted] Authorization: [redacted]'],
  [
    'what looks like a token',
    'see https://wifi/?t=eyJhbGciOiJub25lIn0x1y2z3 now',
    'see https://wifi/?t=[redacted] now',
  ],
  ['a long word', 'Donaudampfschifffahrtsgesellschaft', 'Donaudampfschifffahrtsgesellschaft'],
  ['control characters', 'a\u001b[31mb\u0000c', 'a [31mb c'],
])('the first words of %s', (_, body, words) => {
  expect(firstWords(asked, body)).toBe(words);
});

test('a long answer is cut, and quickly', () => {
  const started = performance.now();
  for (const part of ['word ', '<', '<script>', '<!--', '"a', 'a:', 'a', '1a', '"a":"\\']) {
    expect(firstWords(asked, part.repeat(1_000_000)).length).toBeLessThanOrEqual(121);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
