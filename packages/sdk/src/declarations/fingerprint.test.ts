import { expect, test } from 'vitest';
import { memory } from '../../test/memory.ts';
import { ConnectorError } from '../diagnostics.ts';
import type { Files } from '../project/files.ts';
import { isCurrent, observed, recordCurrent } from './fingerprint.ts';
import { DECLARATIONS, isUntouched } from './record.ts';

/** Files with stamps that count what is read; `settled` is false while a change might still look like the one before. */
function stamped(texts: Readonly<Record<string, string>>) {
  const inner = memory(texts);
  const versions = new Map<string, number>();
  const read: string[] = [];
  const state = { settled: true, read };
  const files: Files = {
    ...inner,
    read: (path) => {
      read.push(path);
      return inner.read(path);
    },
    list: (folder) => {
      read.push(folder);
      return inner.list(folder);
    },
    write: (path, text) => {
      versions.set(path, (versions.get(path) ?? 0) + 1);
      inner.write(path, text);
    },
    stamps: (paths, options) =>
      state.settled || options?.own === true
        ? Float64Array.from(paths.flatMap((path) => [versions.get(path) ?? 0, 0, 0]))
        : undefined,
  };
  return { files, state };
}

/** Files whose declarations were just made from `a.json` and the names in `folder`. */
function made(settled = true) {
  const { files, state } = stamped({ 'a.json': '1', 'folder/b.json': '2', [DECLARATIONS]: 'export {};\n' });
  state.settled = settled;
  const seen = observed(files);
  seen.read('a.json');
  seen.list('folder');
  recordCurrent(files, seen.fingerprint(), 'export {};\n');
  state.settled = true;
  state.read.length = 0;
  return { files, state };
}

const OWN = ['.connector/types.json'];

test('where every stamp is what it was, nothing but the own record is read', () => {
  const { files, state } = made();
  expect(isUntouched(files)).toBe(true);
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toEqual([...OWN, ...OWN]);
});

test('a stamp that is another is looked into, and kept when the text is what it was', () => {
  const { files, state } = made();
  files.write('a.json', '1');
  expect(isUntouched(files)).toBe(false);
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toContain('a.json');
  state.read.length = 0;
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toEqual(OWN);
  files.write('a.json', '3');
  expect(isCurrent(files)).toBe(false);
});

test('what was made while stamps could not be told is read, until they can', () => {
  const { files, state } = made(false);
  for (const keep of [false, true]) {
    state.read.length = 0;
    expect(isCurrent(files, { keep })).toBe(true);
    expect(state.read).toContain('a.json');
  }
  state.read.length = 0;
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toEqual(OWN);
});

test('a record that cannot be written is done without', () => {
  const { files } = made(false);
  const closed: Files = {
    ...files,
    write: () => {
      throw new ConnectorError('usage', { code: 'project/unreadable', message: 'The disk is read-only.' });
    },
  };
  expect(isCurrent(closed)).toBe(true);
});

test('declarations that were touched are read, and are current only with the text that was written', () => {
  const { files, state } = made();
  files.write(DECLARATIONS, 'export {};\n');
  expect(isUntouched(files)).toBe(false);
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toContain(DECLARATIONS);
  state.read.length = 0;
  expect(isCurrent(files)).toBe(true);
  expect(state.read).toEqual(OWN);
  files.write(DECLARATIONS, 'export { };\n');
  expect(isCurrent(files)).toBe(false);
});

test('without stamps everything is read', () => {
  const { files, state } = made();
  const { stamps: _, ...plain } = files;
  expect(isCurrent(plain)).toBe(true);
  expect(state.read).toEqual(expect.arrayContaining([DECLARATIONS, 'a.json', 'folder']));
  plain.write(DECLARATIONS, 'export { };\n');
  expect(isCurrent(plain)).toBe(false);
});
