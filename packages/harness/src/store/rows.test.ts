import { expect, test } from 'vitest';
import { ABSENT, Rows } from './rows.ts';

test('a row is known until it is deleted, replaced or the database has another version', () => {
  const rows = new Rows();
  rows.at(1);
  rows.set('a', { value: 'text' });
  rows.set('b', ABSENT);
  expect([rows.get('a'), rows.get('b'), rows.get('c')]).toEqual([{ value: 'text' }, ABSENT, undefined]);
  rows.set('a', ABSENT);
  rows.set('b', { json: '1' });
  expect([rows.get('a'), rows.get('b')]).toEqual([ABSENT, { json: '1' }]);
  rows.delete('a');
  expect(rows.get('a')).toBeUndefined();
  rows.at(1);
  expect(rows.get('b')).toEqual({ json: '1' });
  rows.at(2);
  expect(rows.get('b')).toBeUndefined();
});

test('guesses take little room, and none from rows that are there', () => {
  const rows = new Rows();
  rows.set('there', { value: 'text' });
  for (let number = 0; number < 100_000; number++) rows.set(`guess ${number}`, ABSENT);
  const known = Array.from({ length: 100_000 }, (_, number) => rows.get(`guess ${number}`)).filter(Boolean);
  expect(known.length).toBeGreaterThan(0);
  expect(known.length).toBeLessThanOrEqual(1000);
  expect(rows.get('there')).toEqual({ value: 'text' });
});

test('the oldest rows go when there is no room for all', () => {
  const rows = new Rows();
  for (let number = 0; number < 20; number++) rows.set(`row ${number}`, { value: 'x'.repeat(1_000_000) });
  expect(rows.get('row 0')).toBeUndefined();
  expect(rows.get('row 19')).toBeDefined();
  rows.set('huge', { value: 'x'.repeat(20_000_000) });
  expect(rows.get('huge')).toBeUndefined();
});
