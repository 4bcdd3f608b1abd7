import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalState } from './index.ts';

const WINDOWS = process.platform === 'win32';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'state-'));
  mkdirSync(project());
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const project = () => join(root, 'project');
const KEY = 'connectorkit/seal.key';

/** The state of the project as the user of a configuration folder sees it, and why files of it were left aside. */
function stateOf(user = 'user') {
  const aside: [path: string, reason: string][] = [];
  const environment = { XDG_CONFIG_HOME: join(root, user) };
  return { ...openLocalState(filesIn(project()), environment, (...why) => aside.push(why)), aside };
}

const PATH = '.connector/journal.json';
const CONTENT = { harness: { snapshot: 'x' } };
const raw = (path = PATH) => readFileSync(join(project(), path), 'utf8');
const plant = (text: string, path = PATH) => filesIn(project()).write(path, text);
const write = (user?: string) => stateOf(user).update('journal', () => CONTENT);

/** The text that the user of the first folder would have sealed. */
function sealedBy({ path = PATH, version = 1, text = '{"a": 1}\n' }) {
  const key = readFileSync(join(root, 'user', KEY), 'utf8');
  const code = createHmac('sha256', key)
    .update(JSON.stringify([path, version, text]))
    .digest('base64url');
  return text.replace('}', `,\n  "stateVersion": ${version},\n  "seal": "${code}"}`);
}

test('what was written is read as it was, and lies there as JSON that ends with its version and a seal', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const content = JSON.parse(JSON.stringify(value));
      stateOf().update('journal', () => content);
      expect(stateOf().read('journal')).toEqual(content);
      const { stateVersion, seal, ...others } = JSON.parse(raw());
      const { stateVersion: _, seal: __, ...own } = content;
      expect([others, stateVersion, seal]).toEqual([own, 1, expect.stringMatching(/^[\w-]{43}$/)]);
    }),
    { examples: [[{}], [{ seal: 'own', stateVersion: 7 }], [{ a: '}' }]], numRuns: 60 },
  );
});

test('whatever white space a file of this version was written with, it is read', () => {
  write();
  plant(sealedBy({ text: '{"a":1}\n' }));
  expect(stateOf().read('journal')).toEqual({ a: 1 });
  plant(sealedBy({ text: '{\n\t"a": 1\n}\n' }));
  expect(stateOf().read('journal')).toEqual({ a: 1 });
});

test('a version cannot be changed, and a newer one is neither read nor written over', () => {
  write();
  plant(raw().replace('"stateVersion": 1', '"stateVersion": 2'));
  expect(stateOf().read('journal')).toBeUndefined();
  const newer = sealedBy({ version: 2 });
  plant(newer);
  const refusal = `${PATH} was written by a newer version of the command.`;
  expect(() => stateOf().read('journal')).toThrow(refusal);
  expect(write).toThrow(refusal);
  expect(raw()).toBe(newer);
});

describe('left aside, and told, is', () => {
  const other: Readonly<Record<string, readonly [make: () => void, reason: string]>> = {
    'a file without a seal': [() => plant('{"a": 1}\n'), 'foreign'],
    'a file that another user sealed': [() => write('another'), 'foreign'],
    'a file that was changed': [() => plant(raw().replace('"x"', '"y"')), 'foreign'],
    'a file to which something was added behind the seal': [
      () => plant(raw().replace(/\}\s*$/, ', "more": 1}')),
      'foreign',
    ],
    'a file that was sealed for another record': [
      () => {
        stateOf().update('pending', () => CONTENT);
        plant(raw('.connector/pending.json'));
      },
      'foreign',
    ],
    'a file whose key was removed': [() => rmSync(join(root, 'user', KEY)), 'foreign'],
    'JSON that is no object': [() => plant('[]'), 'foreign'],
    'a file of which only the beginning was written': [() => plant(raw().slice(0, -20)), 'damaged'],
    'an empty file': [() => plant(''), 'damaged'],
  };
  test.each(Object.entries(other))('%s', (_, [make, reason]) => {
    write();
    make();
    const state = stateOf();
    expect(state.read('journal')).toBeUndefined();
    expect(state.aside).toEqual([[PATH, reason]]);
    // It is as if it were not there: what is written takes its place.
    state.update('journal', (before) => ({ ...before, own: true }));
    expect(stateOf().read('journal')).toEqual({ own: true });
  });

  test('a snapshot, which is not listed', () => {
    const state = stateOf();
    state.keepSnapshot('1-harness', { taken: 'now' });
    plant('{}\n', '.connector/snapshots/2-harness.json');
    plant('{}\n', '.connector/snapshots/3-prod.json');
    expect([state.snapshots('-harness'), state.snapshot('1-harness')]).toEqual([['1-harness'], { taken: 'now' }]);
    expect(state.snapshot('2-harness')).toBeUndefined();
    expect(new Set(state.aside.map(([path]) => path))).toEqual(new Set(['.connector/snapshots/2-harness.json']));
  });
});

test('what others write meanwhile is kept, and the same again is not written', () => {
  let isFirst = true;
  stateOf().update('journal', (before) => {
    if (isFirst) stateOf().update('journal', () => ({ theirs: 1 }));
    isFirst = false;
    return { ...before, ours: 2 };
  });
  expect(stateOf().read('journal')).toEqual({ theirs: 1, ours: 2 });
  const { mtimeMs, ino } = statSync(join(project(), PATH));
  stateOf().update('journal', (before) => before);
  const after = statSync(join(project(), PATH));
  expect([after.mtimeMs, after.ino]).toEqual([mtimeMs, ino]);
});

test('the folder keeps itself out of git, and a .gitignore that is there', () => {
  write();
  expect(raw('.connector/.gitignore')).toBe('*\n');
  plant('mine', '.connector/.gitignore');
  write();
  stateOf().keepSnapshot('one', {});
  expect(raw('.connector/.gitignore')).toBe('mine');
});

test.skipIf(WINDOWS)('records with secrets, and snapshots, are their owner’s alone', () => {
  const state = stateOf();
  for (const record of ['harness', 'connected', 'fingerprints', 'journal'] as const) state.update(record, () => ({}));
  state.keepSnapshot('one', {});
  const mode = (file: string) => statSync(join(project(), '.connector', file)).mode & 0o077;
  expect(['harness.json', 'connected.json', 'common.json', 'snapshots/one.json'].map(mode)).toEqual([0, 0, 0, 0]);
});

test('the key is its owner’s alone, and stays', () => {
  write();
  const key = join(root, 'user', KEY);
  if (!WINDOWS) expect(statSync(key).mode & 0o777).toBe(0o600);
  const first = readFileSync(key, 'utf8');
  // Nothing is made where there is one, such as in a folder that cannot be written to.
  mkdirSync(`${key}.${process.pid}.tmp`);
  stateOf().update('journal', () => ({ a: 1 }));
  expect(readFileSync(key, 'utf8')).toBe(first);
  expect(first).toMatch(/^[\w-]{43}$/);
});

test('where no key can be kept, nothing is written, and it is said why', () => {
  writeFileSync(join(root, 'user'), 'a file in the place of the folder');
  const refusal = () => {
    try {
      write();
    } catch (error) {
      if (error instanceof ConnectorError) return error.diagnostics[0];
      throw error;
    }
    return undefined;
  };
  expect(refusal()).toMatchObject({ code: 'state/no-key', message: expect.stringContaining('ENOTDIR') });
  expect(existsSync(join(project(), '.connector'))).toBe(false);
  expect(stateOf().read('journal')).toBeUndefined();
  mkdirSync(join(root, 'other', 'connectorkit'), { recursive: true });
  writeFileSync(join(root, 'other', KEY), 'damaged');
  expect(() => write('other')).toThrow('it is damaged');
});

test.skipIf(WINDOWS || process.getuid?.() === 0)('a key that cannot be read opens nothing', () => {
  write();
  chmodSync(join(root, 'user', KEY), 0o000);
  expect(stateOf().read('journal')).toBeUndefined();
});
