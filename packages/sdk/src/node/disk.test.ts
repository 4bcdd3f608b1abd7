import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConnectorError } from '../diagnostics.ts';
import type { Files } from '../project/files.ts';
import { filesIn, findProject } from './disk.ts';

const WINDOWS = process.platform === 'win32';

let folder: string;
let root: string;
let files: Files;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'));
  root = join(folder, 'root');
  mkdirSync(root);
  files = filesIn(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (file: string) => (statSync(join(root, file)).mode & 0o777).toString(8);

describe('reading', () => {
  test('keeps a byte order mark and marks what is no UTF-8', () => {
    writeFileSync(join(root, 'bom.json'), Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
    writeFileSync(join(root, 'latin.json'), Buffer.from([0x22, 0xe9, 0x22]));
    expect(files.read('bom.json')).toBe('\ufeff{}');
    expect(files.read('latin.json')).toBe('"\udcff"');
    // A character that only stands for damage is a character like any other.
    writeFileSync(join(root, 'sign.json'), '"\ufffd"');
    expect(files.read('sign.json')).toBe('"\ufffd"');
    writeFileSync(join(root, 'both.json'), Buffer.from([0x22, 0xef, 0xbf, 0xbd, 0xe9, 0xef, 0xbf, 0xbd, 0x22]));
    expect(files.read('both.json')).toBe('"\ufffd\udcff\ufffd"');
  });

  test('nothing is there where there is no file', () => {
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'b'), '');
    expect(files.read('none.json')).toBeUndefined();
    expect(files.read('none/none.json')).toBeUndefined();
    expect(files.read('a')).toBeUndefined();
    expect(files.read('b/c')).toBeUndefined();
    expect(files.read('b')).toBe('');
    expect(filesIn(join(root, 'none')).read('x')).toBeUndefined();
  });

  test.each([-2, -1, 0, 1])('a text is the same however much is read at once (64 KiB %+i)', (more) => {
    const text = `${'ä'.repeat(16 * 1024 - 1)}€${'x'.repeat(32 * 1024 + more)}\uFEFF`;
    writeFileSync(join(root, 'long.json'), text);
    expect(files.read('long.json')).toBe(text);
  });

  test('lists sorted, folders with a slash', () => {
    mkdirSync(join(root, 'b'));
    for (const name of ['c.json', 'a.json']) writeFileSync(join(root, name), '');
    expect(files.list('')).toEqual(['a.json', 'b/', 'c.json']);
    expect(files.list('b')).toEqual([]);
    expect(files.list('none')).toEqual([]);
  });

  test('refuses a file that is too large', () => {
    writeFileSync(join(root, 'large.json'), '');
    truncateSync(join(root, 'large.json'), 20 * 1024 * 1024 + 1);
    expect(() => files.read('large.json')).toThrow(/large\.json has 21 MB; .* 20 MB at most/);
  });

  test.skipIf(WINDOWS)('reads files alone: a pipe, a socket and a device are refused at once', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.json')]);
    symlinkSync('pipe.json', join(root, 'to-pipe.json'));
    const socket = createServer().listen(join(root, 'socket.json'));
    await once(socket, 'listening');
    try {
      expect(() => files.read('pipe.json')).toThrow('pipe.json is a pipe or a device; only files are read.');
      expect(() => files.read('to-pipe.json')).toThrow('to-pipe.json is a pipe or a device; only files are read.');
      expect(() => files.read('socket.json')).toThrow('it is a socket or a device (ENXIO)');
      expect(() => filesIn('/dev').read('zero')).toThrow('zero is a pipe or a device; only files are read.');
      expect(files.list('')).toEqual(['pipe.json', 'socket.json', 'to-pipe.json']);
    } finally {
      socket.close();
    }
  });

  test.skipIf(WINDOWS)('a pipe that somebody writes to is no file either', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.json')]);
    const writer = openSync(join(root, 'pipe.json'), constants.O_RDWR);
    writeSync(writer, '{}');
    expect(() => files.read('pipe.json')).toThrow('pipe.json is a pipe or a device; only files are read.');
    closeSync(writer);
  });

  test.skipIf(WINDOWS)('a link that leads nowhere is said to do so, whether it is read, listed or written', () => {
    symlinkSync('nowhere.json', join(root, 'file.json'));
    symlinkSync('nowhere', join(root, 'folder'));
    const problem = { kind: 'usage', diagnostics: [{ code: 'project/unreadable' }] };
    const thrown = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    for (const work of [
      () => files.read('file.json'),
      () => files.write('file.json', ''),
      () => files.read('folder/a.json'),
      () => files.list('folder'),
      () => files.write('folder/a.json', ''),
    ]) {
      const error = thrown(work);
      expect(error).toMatchObject(problem);
      expect(String(error)).toContain('is a link to something that is not there');
    }
    expect(files.list('')).toEqual(['file.json', 'folder']);
    symlinkSync('nowhere.json', join(root, 'connector.json'));
    expect(findProject(root)).toBe(root);
  });

  test.skipIf(WINDOWS || process.getuid?.() === 0)('says when there is no permission', () => {
    writeFileSync(join(root, 'closed.json'), '');
    chmodSync(join(root, 'closed.json'), 0);
    expect(() => files.read('closed.json')).toThrow(/you have no permission \(EACCES\)/);
  });
});

describe('writing', () => {
  test('replaces whole files, makes folders and leaves nothing beside them', () => {
    files.write('a/b/c.json', 'one');
    files.write('a/b/c.json', 'two');
    expect(files.read('a/b/c.json')).toBe('two');
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['c.json']);
  });

  test.skipIf(WINDOWS)('secret files are their owner’s, others keep their mode', () => {
    files.write('secret.json', '1', { secret: true });
    writeFileSync(join(root, 'open.json'), '');
    chmodSync(join(root, 'open.json'), 0o664);
    files.write('open.json', '2');
    expect([mode('secret.json'), mode('open.json')]).toEqual(['600', '664']);
    files.write('open.json', '3', { secret: true });
    expect(mode('open.json')).toBe('600');
  });

  test('over another text than the expected one, nothing is written, and nothing is left beside it', () => {
    files.write('a.json', 'one', { over: null });
    files.write('a.json', 'two', { over: 'one' });
    expect(() => files.write('a.json', 'three', { over: 'one' })).toThrow('a.json changed while');
    expect(() => files.write('a.json', 'three', { over: null })).toThrow('a.json changed while');
    expect(() => files.write('b.json', 'three', { over: 'one' })).toThrow('b.json changed while');
    expect(files.read('a.json')).toBe('two');
    expect(readdirSync(root)).toEqual(['a.json']);
  });

  test('waits for another process that is about to write the same file, and sees what it wrote', async () => {
    files.write('a.json', 'one');
    const script = `
      const { writeFileSync, rmSync } = require('node:fs');
      writeFileSync('.a.json.lock.tmp', '', { flag: 'wx' });
      process.stdout.write('locked');
      setTimeout(() => { writeFileSync('a.json', 'theirs'); rmSync('.a.json.lock.tmp'); }, 400);`;
    const child = spawn(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(() => files.write('a.json', 'ours', { over: 'one' })).toThrow('a.json changed while');
    await ended;
    expect(files.read('a.json')).toBe('theirs');
    expect(readdirSync(root)).toEqual(['a.json']);
  });

  test('a lock that a process left behind when it died holds nobody for long', () => {
    files.write('a.json', 'one');
    writeFileSync(join(root, '.a.json.lock.tmp'), '');
    files.write('a.json', 'two', { over: 'one' });
    expect(files.read('a.json')).toBe('two');
    expect(readdirSync(root)).toEqual(['a.json']);
  });

  test('a folder in the place of a file is said, and nothing is left', () => {
    mkdirSync(join(root, 'taken'));
    expect(() => files.write('taken', 'x')).toThrow(ConnectorError);
    expect(readdirSync(root)).toEqual(['taken']);
  });

  test('renames, into folders that are made', () => {
    files.write('a.json', '1');
    files.rename('a.json', 'b/c.json');
    expect([files.list(''), files.list('b')]).toEqual([['b/'], ['c.json']]);
  });
});

describe('nothing leads out of the root', () => {
  const paths = ['../secret', 'a/../../secret', '/etc/passwd', 'a\\..\\..\\secret', 'a\0b', '..'];
  test.each(paths)('%j is refused', (path) => {
    expect(() => files.read(path)).toThrow(/is outside of the project/);
    expect(() => files.list(path)).toThrow(/is outside of the project/);
    expect(() => files.write(path, '')).toThrow(/is outside of the project/);
    expect(() => files.rename('a', path)).toThrow(/is outside of the project/);
    expect(readdirSync(folder)).toEqual(['root']);
  });

  test.skipIf(WINDOWS)('nor do links; those that stay inside are followed', () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'file.json'), 'theirs');
    symlinkSync(join(folder, 'outside'), join(root, 'linked'));
    symlinkSync(join(folder, 'outside', 'file.json'), join(root, 'file.json'));
    expect(files.list('')).toEqual(['file.json', 'linked/']);
    for (const path of ['file.json', 'linked/file.json']) {
      expect(() => files.read(path)).toThrow(/is outside of the project/);
      expect(() => files.write(path, 'ours')).toThrow(/is outside of the project/);
    }
    expect(() => files.list('linked')).toThrow(/is outside of the project/);
    expect(() => files.write('linked/new/file.json', '')).toThrow(/is outside of the project/);
    expect(readdirSync(join(folder, 'outside'))).toEqual(['file.json']);

    files.write('real.json', 'one');
    symlinkSync('real.json', join(root, 'inside.json'));
    files.write('inside.json', 'two');
    expect(files.read('real.json')).toBe('two');
  });
});

describe('a stamp', () => {
  const LATER = Date.now() + 1_000_000;

  beforeEach(() => {
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    writeFileSync(join(root, 'a', 'b', 'c.json'), '1');
    writeFileSync(join(root, 'd.json'), '2');
  });

  test('is the same until a file changes, comes or goes, whatever time it is given', () => {
    const stamp = () => files.stamp?.(['a/', 'd.json', 'e.json'], LATER);
    const seen = [stamp()];
    expect(seen[0]).toEqual(expect.any(String));
    const file = join(root, 'a', 'b', 'c.json');
    const { atime, mtime } = statSync(file);
    const changes = [
      () => writeFileSync(join(root, 'd.json'), '22'),
      () => writeFileSync(join(root, 'e.json'), ''),
      () => rmSync(join(root, 'e.json')),
      () => mkdirSync(join(root, 'a', 'empty')),
      () => writeFileSync(file, '3'),
      () => utimesSync(file, atime, mtime),
    ];
    for (const change of changes) {
      expect(stamp()).toBe(seen.at(-1));
      change();
      seen.push(stamp());
    }
    // What came and went left its folder changed, and so does every other change leave a trace.
    expect(new Set(seen.filter((_, index) => index !== 3)).size).toBe(seen.length - 1);
    writeFileSync(join(root, 'other.json'), '');
    expect(stamp()).toBe(seen.at(-1));
  });

  test('is not given of what might change again without a trace', () => {
    expect(files.stamp?.(['a/', 'd.json'], Date.now())).toBeUndefined();
    expect(files.stamp?.(['a/', 'd.json'])).toEqual(expect.any(String));
  });

  test.skipIf(WINDOWS)('is not given of links', () => {
    symlinkSync(join(root, 'd.json'), join(root, 'a', 'link.json'));
    expect(files.stamp?.(['a/'], LATER)).toBeUndefined();
  });
});

test('a project is the nearest folder upwards that holds connector.json or makecomapp.json', () => {
  mkdirSync(join(root, 'a', 'b'), { recursive: true });
  writeFileSync(join(root, 'connector.json'), '{}');
  expect(findProject(join(root, 'a', 'b'))).toBe(root);
  expect(findProject(root)).toBe(root);
  expect(findProject(folder)).toBeUndefined();
  writeFileSync(join(root, 'a', 'makecomapp.json'), '{}');
  expect(findProject(join(root, 'a', 'b'))).toBe(join(root, 'a'));
});
