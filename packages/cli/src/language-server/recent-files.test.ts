import { memoryFiles } from '@connectorkit/sdk';
import { expect, test } from 'vitest';
import { RecentFiles } from './recent-files.ts';

/** Files on disk as the server sees them, and what is read there. */
function recent(count: number) {
  const inner = memoryFiles(Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, `${index}`])));
  const read: string[] = [];
  const disk = new RecentFiles({
    ...inner,
    read: (path) => {
      read.push(path);
      return inner.read(path);
    },
  });
  return { disk, files: disk.files, inner, read };
}

test('what is read again and again is read twice on disk, until something changes there', () => {
  const { disk, files, inner, read } = recent(3);
  for (let index = 0; index < 5; index++) expect(files.read('f1')).toBe('1');
  expect(read).toEqual(['f1', 'f1']);
  inner.write('f1', 'other');
  disk.forget();
  for (let index = 0; index < 5; index++) expect(files.read('f1')).toBe('other');
  expect(read).toEqual(['f1', 'f1', 'f1']);
});

test('of what is read once, as when a project is opened, nothing takes the place of what is kept', () => {
  const { files, read } = recent(1000);
  for (let index = 0; index < 3; index++) files.read('f0');
  read.length = 0;
  for (let index = 1; index < 1000; index++) files.read(`f${index}`);
  files.read('f0');
  expect(read).toHaveLength(999);
});

test('a parsed text is kept from the second time on', () => {
  const { sources } = recent(0).files;
  const source = { file: 'f0', text: '0' } as Parameters<NonNullable<typeof sources>['set']>[1];
  sources?.set('f0', source);
  expect(sources?.get('f0')).toBeUndefined();
  sources?.set('f0', source);
  expect(sources?.get('f0')).toBe(source);
});
