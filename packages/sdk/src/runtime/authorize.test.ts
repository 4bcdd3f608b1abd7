import { expect, test } from 'vitest';
import { isAnswerTo } from './authorize.ts';

test.each([
  ['?state=abc', 'code=1&state=abc', true],
  ['?state=abc', 'code=1&state=abd', false],
  ['?state=abc', 'code=1', false],
  ['?state=a%20b', 'state=a+b', true],
  ['?state=abc', 'state=abc&state=other', true],
  ['?state=abc', 'state=other&state=abc', false],
  ['?oauth_token=t', 'oauth_token=t&oauth_verifier=v', true],
  ['?oauth_token=t', 'oauth_token=u&oauth_verifier=v', false],
  ['?oauth_token=t', 'denied=t', true],
  ['?oauth_token=t', 'denied=u', false],
  ['?oauth_token=t&state=abc', 'oauth_token=t', false],
  ['?oauth_token=t&state=abc', 'oauth_token=t&state=abc', true],
  ['?state=', 'state=', false],
  ['', 'code=1', false],
])('what comes back from %s with %s belongs to it: %s', (search, query, expected) => {
  expect(isAnswerTo(`https://api.example.com/authorize${search}`, new URLSearchParams(query))).toBe(expected);
});
