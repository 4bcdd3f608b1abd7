import { describe, expect, test } from 'vitest';
import { type FileChange, type Files, memoryFiles, updateFile, writeAll } from './files.ts';

/** Files in which somebody else writes directly after each read of a file, as long as there are texts for it. */
function busy(files: ReturnType<typeof memoryFiles>, path: string, texts: readonly string[]): Files {
  const left = [...texts];
  return {
    ...files,
    read: (asked) => {
      const text = files.read(asked);
      const next = asked === path ? left.shift() : undefined;
      if (next !== undefined) files.texts.set(asked, next);
      return text;
    },
  };
}

describe('a file that is updated', () => {
  test('is changed as it is at the moment of writing', () => {
    const files = memoryFiles({ 'a.txt': 'a' });
    updateFile(busy(files, 'a.txt', ['ab', 'abc']), 'a.txt', (text) => `${text}!`);
    expect(files.read('a.txt')).toBe('abc!');
  });

  test('is made when it is not there, unless somebody makes it meanwhile', () => {
    const files = memoryFiles({});
    updateFile(files, 'a.txt', (text = 'none') => `${text}!`);
    updateFile(busy(files, 'b.txt', ['theirs']), 'b.txt', (text = 'none') => `${text}!`);
    expect([...files.texts]).toEqual([
      ['a.txt', 'none!'],
      ['b.txt', 'theirs!'],
    ]);
  });

  test('is not written when nothing changes', () => {
    const files = { ...memoryFiles({ 'a.txt': 'a' }), write: () => expect.unreachable() };
    updateFile(files, 'a.txt', (text = '') => text);
  });

  test('is given up when others write all the time', () => {
    const files = memoryFiles({ 'a.txt': 'a' });
    const texts = Array.from({ length: 1000 }, (_, at) => `theirs ${at}`);
    expect(() => updateFile(busy(files, 'a.txt', texts), 'a.txt', (text) => `${text}!`)).toThrow(
      'a.txt changed while the command was running.',
    );
    expect(files.read('a.txt')).toMatch(/^theirs/);
  });
});

describe('several files', () => {
  const changes: readonly FileChange[] = [
    { file: 'a.txt', text: 'A', over: 'a' },
    { file: 'b.txt', text: 'B', over: null },
    { file: 'c.txt', text: 'C', over: 'c' },
  ];
  const before = { 'a.txt': 'a', 'c.txt': 'c' };

  test('are all written', () => {
    const files = memoryFiles(before);
    writeAll(files, changes);
    expect(Object.fromEntries(files.texts)).toEqual({ 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'C' });
  });

  test.each([
    ['was changed', { ...before, 'c.txt': 'theirs' }, 'c.txt'],
    ['came to be', { ...before, 'b.txt': 'theirs' }, 'b.txt'],
    ['is gone', { 'a.txt': 'a' }, 'c.txt'],
  ])('stay as they are when one of them %s', (_, texts, file) => {
    const files = memoryFiles(texts);
    expect(() => writeAll(files, changes)).toThrow(`${file} changed while the command was running.`);
    expect(Object.fromEntries(files.texts)).toEqual(texts);
  });

  test('are put back when one cannot be written, unless somebody went on with what was written', () => {
    const files = memoryFiles({ ...before, 'd.txt': 'd' });
    const failing: Files = {
      ...files,
      write: (path, text, options) => {
        if (path === 'c.txt') {
          files.texts.set('d.txt', 'theirs');
          throw new Error('the disk is full');
        }
        files.write(path, text, options);
      },
    };
    expect(() => writeAll(failing, [{ file: 'd.txt', text: 'D', over: 'd' }, ...changes])).toThrow('the disk is full');
    expect(Object.fromEntries(files.texts)).toMatchObject({ 'a.txt': 'a', 'c.txt': 'c', 'd.txt': 'theirs' });
  });

  test('need not be written where somebody wrote the same', () => {
    const files = memoryFiles({ 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'c' });
    writeAll(files, changes);
    expect(files.read('c.txt')).toBe('C');
  });
});
