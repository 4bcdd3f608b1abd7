import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealedState } from './seal.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'seal-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const project = () => join(root, 'project');
const KEY = 'connectorkit/seal.key';

/** The files of the project, as the user of a configuration folder sees them. */
function filesOf(user = 'user') {
  const aside: string[] = [];
  mkdirSync(project(), { recursive: true });
  const files = sealedState(filesIn(project()), { XDG_CONFIG_HOME: join(root, user) }, (path) => aside.push(path));
  return { ...files, aside };
}

const PATH = '.connector/journal.json';
const raw = (path = PATH) => readFileSync(join(project(), path), 'utf8');

test('what was written is read as it was, and lies there as JSON with a seal', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = `${JSON.stringify(value, undefined, indent)}\n`;
      filesOf().write(PATH, text);
      expect(filesOf().read(PATH)).toBe(text);
      expect(JSON.parse(raw())).toEqual({
        ...JSON.parse(text),
        stateVersion: 1,
        seal: expect.stringMatching(/^[\w-]{43}$/),
      });
    }),
    {
      examples: [
        [{}, undefined],
        [{}, 2],
        [{ seal: 'own' }, 2],
        [{ a: '}' }, undefined],
      ],
      numRuns: 60,
    },
  );
});

test('a version cannot be changed, and a newer one is refused', () => {
  filesOf().write(PATH, '{"snapshot": "x"}\n');
  const sealed = raw();
  writeFileSync(join(project(), PATH), sealed.replace('"stateVersion": 1', '"stateVersion": 2'));
  expect(filesOf().read(PATH)).toBeUndefined();
  const text = '{"snapshot": "x"}\n';
  const code = createHmac('sha256', readFileSync(join(root, 'user', KEY), 'utf8'))
    .update(JSON.stringify([PATH, 2, text]))
    .digest('base64url');
  writeFileSync(join(project(), PATH), `{"snapshot": "x",\n  "stateVersion": 2,\n  "seal": "${code}"}\n`);
  expect(() => filesOf().read(PATH)).toThrow(`${PATH} was written by a newer version of the command.`);
});

test('why a file is left aside is told', () => {
  const reasons: string[] = [];
  filesOf();
  const files = sealedState(filesIn(project()), { XDG_CONFIG_HOME: join(root, 'user') }, (_, why) => reasons.push(why));
  for (const text of ['{"snapshot": "x"}', '{"snapshot": ', '']) {
    filesIn(project()).write(PATH, text);
    expect(files.read(PATH)).toBeUndefined();
  }
  expect(reasons).toEqual(['foreign', 'damaged', 'damaged']);
});

describe('left aside, and told, is', () => {
  const other: Readonly<Record<string, () => void>> = {
    'a file without a seal': () => filesIn(project()).write(PATH, '{"snapshot": "x"}\n'),
    'a file that another user sealed': () => filesOf('another').write(PATH, '{"snapshot": "x"}\n'),
    'a file that was changed': () => {
      filesOf().write(PATH, '{"snapshot": "x"}\n');
      writeFileSync(join(project(), PATH), raw().replace('"x"', '"y"'));
    },
    'a file to which something was added behind the seal': () => {
      filesOf().write(PATH, '{"snapshot": "x"}\n');
      writeFileSync(join(project(), PATH), raw().replace(/\}\s*$/, ', "more": 1}'));
    },
    'a file that was sealed for another name': () => {
      filesOf().write('.connector/other.json', '{"snapshot": "x"}\n');
      writeFileSync(join(project(), PATH), raw('.connector/other.json'));
    },
    'a file whose key was removed': () => {
      filesOf().write(PATH, '{"snapshot": "x"}\n');
      rmSync(join(root, 'user', KEY));
    },
  };
  test.each(Object.entries(other))('%s', (_, make) => {
    filesOf();
    make();
    const files = filesOf();
    expect(files.read(PATH)).toBeUndefined();
    expect(files.aside).toEqual([PATH]);
    expect(files.list('.connector')).not.toContain('journal.json');
  });
});

test('a text is written over what it was made from, and over nothing else', () => {
  const files = filesOf();
  files.write(PATH, '{"a": 1}\n', { over: null });
  expect(() => files.write(PATH, '{"a": 3}\n', { over: null })).toThrow('was changed');
  expect(() => files.write(PATH, '{"a": 3}\n', { over: '{"a": 2}\n' })).toThrow('was changed');
  files.write(PATH, '{"a": 2}\n', { over: '{"a": 1}\n' });
  expect(files.read(PATH)).toBe('{"a": 2}\n');
  // A foreign file is as if it were not there.
  filesIn(project()).write(PATH, '{"a": 4}\n');
  files.write(PATH, '{"a": 5}\n', { over: null });
  expect(files.read(PATH)).toBe('{"a": 5}\n');
});

test('other files have no seal, and folders of the state are listed', () => {
  const files = filesOf();
  files.write('connector.json', '{"name": "shop"}\n');
  expect(raw('connector.json')).toBe('{"name": "shop"}\n');
  files.write('.connector/snapshots/one.json', '{}\n');
  filesIn(project()).write('.connector/snapshots/two.json', '{}\n');
  expect(files.list('.connector')).toEqual(['snapshots/']);
  expect(files.list('.connector/snapshots')).toEqual(['one.json']);
});

test('the key is its owner’s alone, and one for all that start at the same time', () => {
  filesOf().write(PATH, '{}\n');
  const key = join(root, 'user', KEY);
  if (process.platform !== 'win32') expect(statSync(key).mode & 0o777).toBe(0o600);
  const first = readFileSync(key, 'utf8');
  filesOf().write(PATH, '{"a": 1}\n');
  expect(readFileSync(key, 'utf8')).toBe(first);
  expect(first).toMatch(/^[\w-]{43}$/);
});

test('where no key can be kept, nothing is written, and it is said why', () => {
  filesOf();
  writeFileSync(join(root, 'user'), 'a file in the place of the folder');
  const refusal = () => {
    try {
      filesOf().write(PATH, '{}\n');
    } catch (error) {
      if (error instanceof ConnectorError) return error.diagnostics[0];
      throw error;
    }
    return undefined;
  };
  expect(refusal()).toMatchObject({ code: 'state/no-key', message: expect.stringContaining('ENOTDIR') });
  expect(() => raw()).toThrow('ENOENT');
  expect(filesOf().read(PATH)).toBeUndefined();
  mkdirSync(join(root, 'other', 'connectorkit'), { recursive: true });
  writeFileSync(join(root, 'other', KEY), 'damaged');
  expect(() => filesOf('other').write(PATH, '{}\n')).toThrow('it is damaged');
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a key that cannot be read opens nothing', () => {
  filesOf().write(PATH, '{}\n');
  chmodSync(join(root, 'user', KEY), 0o000);
  expect(filesOf().read(PATH)).toBeUndefined();
});
