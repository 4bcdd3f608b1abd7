import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('makes folders above, and leaves what is there', () => {
  const folder = join(root, 'a', 'b', 'c');
  makeFolder(folder);
  writeFileSync(join(folder, 'file'), '');
  for (const each of [folder, root, parse(root).root]) makeFolder(each);
  expect(existsSync(join(folder, 'file'))).toBe(true);
});

test.skipIf(process.platform === 'win32')('makes them for their owner alone where that is asked for', () => {
  makeFolder(join(root, 'a', 'b'), 0o700);
  for (const each of ['a', 'a/b']) expect(statSync(join(root, each)).mode & 0o777).toBe(0o700);
});

test('says that a file is in the place of one', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(root, 'file', 'a', 'b'))).toThrow(process.platform === 'win32' ? Error : 'ENOTDIR');
});
