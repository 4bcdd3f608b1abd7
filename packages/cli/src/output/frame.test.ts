import { expect, test } from 'vitest';
import { frame } from './frame.ts';
import { printable, wrapped } from './text.ts';

const shown = (source: string, line: number, column: number, endColumn: number, endLine = line) =>
  frame(source, { line, column, endLine, endColumn }, 1).map(({ number, text }) => `${number ?? ' '}|${text}`);

test('carets stand under the place, between its neighbours', () => {
  expect(shown('{\n  "a": 1,\n  "b": 2\n}\n', 2, 3, 6)).toEqual(['1|{', '2|  "a": 1,', ' |  ^^^', '3|  "b": 2']);
});

test('the first and the last line have one neighbour, and a place without length one caret', () => {
  expect(shown('a\nb', 1, 1, 1)).toEqual(['1|a', ' |^', '2|b']);
  expect(shown('a\r\nb\r\n', 2, 2, 2)).toEqual(['1|a', '2|b', ' | ^']);
  expect(shown('a\n', 2, 1, 1)).toEqual(['1|a', '2|', ' |^']);
  expect(shown('', 1, 1, 1)).toEqual(['1|', ' |^']);
  expect(shown('a', 9, 1, 1)).toEqual([]);
});

test('a place over several lines is marked to the end of its first', () => {
  expect(shown('x {\n}\n', 1, 3, 2, 2)).toEqual(['1|x {', ' |  ^', '2|}']);
});

test('tabs, wide characters, marks and what cannot be printed move the carets as they move the text', () => {
  expect(shown('\t"a"', 1, 2, 5)).toEqual(['1|  "a"', ' |  ^^^']);
  expect(shown('"日本" x', 1, 6, 7)).toEqual(['1|"日本" x', ' |       ^']);
  expect(shown('"e\u0301" x', 1, 6, 7)).toEqual(['1|"e\u0301" x', ' |    ^']);
  expect(shown('"😀" x', 1, 6, 7)).toEqual(['1|"😀" x', ' |     ^']);
  expect(shown('"\u001b" x', 1, 5, 6)).toEqual(['1|"\\u001b" x', ' |         ^']);
});

test('a long line is cut around the place', () => {
  const source = `{"k": "${'a'.repeat(500)}", "bad": 1, "z": "${'b'.repeat(500)}"}`;
  const column = source.indexOf('"bad"') + 1;
  const [text = '', carets = ''] = shown(source, 1, column, column + 5);
  expect(text.length).toBeLessThan(110);
  expect(text.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('"bad"');
  expect(text).toMatch(/^1\|….*…$/);
});

test('what a terminal would obey is shown as an escape', () => {
  expect(printable('a\u001b[31m\u202e\u009b\n\tb\ud800')).toBe('a\\u001b[31m\\u202e\\u009b\n  b\\ud800');
  expect(printable('plain — “text” 日本')).toBe('plain — “text” 日本');
});

test('lines are broken at spaces, words are not', () => {
  expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrapped('a-very-long-word b', 5)).toEqual(['a-very-long-word', 'b']);
  expect(wrapped('a\nb', 5)).toEqual(['a', 'b']);
});
