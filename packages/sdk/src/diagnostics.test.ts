import { expect, test } from 'vitest';
import { ConnectorError, editDistance, nearest } from './diagnostics.ts';

const TYPES = ['apikey', 'basic', 'oauth', 'oauth-refresh', 'oauth-1'];

test.each([
  ['apikye', 'apikey'],
  ['api-key', 'apikey'],
  ['BASIC', 'basic'],
  ['oauth-refrsh', 'oauth-refresh'],
])('the nearest to %s is %s', (word, meant) => {
  expect(nearest(word, TYPES)).toBe(meant);
});

test.each(['saml', 'x', ''])('nothing is near %j', (word) => {
  expect(nearest(word, TYPES)).toBeUndefined();
});

test('of two that are equally near, the first is meant', () => {
  expect(nearest('tost', ['test', 'toast'])).toBe('test');
});

test('searches share a budget, and find nothing when it is used up', () => {
  const budget = { left: 100 };
  expect(nearest('basix', TYPES, budget)).toBe('basic');
  expect(budget.left).toBeLessThan(100);
  expect(nearest('basix', TYPES, { left: 20 })).toBeUndefined();
});

test('the distance of words is found out as far as the limit', () => {
  expect(editDistance('kitten', 'sitting', 9)).toBe(3);
  expect(editDistance('ab', 'ba', 9)).toBe(1);
  expect(editDistance('kitten', 'sitting', 3)).toBe(3);
  expect(editDistance('abcdefgh', 'zzzzzzzz', 2)).toBe(2);
});

test('a ConnectorError says what its diagnostics say', () => {
  const error = new ConnectorError('usage', { code: 'project/not-found', message: 'There is none.' });
  expect(error.message).toBe('There is none.');
  expect(error.diagnostics).toEqual([{ code: 'project/not-found', message: 'There is none.', severity: 'error' }]);
  const several = new ConnectorError('findings', [...error.diagnostics, ...error.diagnostics]);
  expect(several.message).toBe('There is none.\nThere is none.');
  expect(several.kind).toBe('findings');
});
