import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { pathBelow } from './watcher.ts';

test.each([
  ['C:\\work\\mine', 'C:\\work\\mine\\connections\\main\\api.jsonc', 'connections/main/api.jsonc'],
  ['C:\\work\\mine', 'c:\\WORK\\mine\\connector.json', 'connector.json'],
  ['C:\\work\\mine', 'C:/work/mine/connections/main', 'connections/main'],
  ['\\\\server\\share\\mine', '\\\\server\\share\\mine\\connector.json', 'connector.json'],
  ['C:\\work\\mine', 'C:\\work\\mine', ''],
])('on Windows, below %s the path %s is %s', (root, path, below) => {
  expect(pathBelow(root, path, win32)).toBe(below);
});

test('elsewhere a backslash is a part of a name', () => {
  expect(pathBelow('/mine', '/mine/a\\b/c', posix)).toBe('a\\b/c');
});
