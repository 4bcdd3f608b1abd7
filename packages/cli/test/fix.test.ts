import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Files, openProject, RULES, SECTIONS, validate } from '@connectorkit/sdk';
import { filesIn } from '@connectorkit/sdk/node';
import { beforeEach, describe, expect, test } from 'vitest';
import { fixesFor, writeFixes } from '../src/fix.ts';
import { run, temporaryFolder } from './connector.ts';
import { projectFrom } from './project.ts';

let project: string;
beforeEach(async () => {
  project = await projectFrom('oauth2');
});

const path = (file: string) => join(project, 'connections', 'main', file);
const read = (file: string) => readFileSync(path(file), 'utf8');
const fix = async (...more: string[]) => {
  const { code, stdout, stderr } = await run(['validate', '--fix', ...more], { cwd: project });
  return { code, stdout, stderr };
};

describe('validate --fix', () => {
  test('fixes what can be fixed, keeps everything else, and says so', async () => {
    const before = read('scopes.jsonc');
    const broken = before.replace(/\n}\s*$/, ',\n}\n');
    writeFileSync(path('scopes.jsonc'), broken);
    chmodSync(path('scopes.jsonc'), 0o640);
    expect(await fix()).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Fixed 1 problem in 1 file. Nothing is left.\n',
    });
    expect(read('scopes.jsonc')).toBe(broken.replace(/,\n}\n$/, '\n}\n'));
    if (process.platform !== 'win32') expect(statSync(path('scopes.jsonc')).mode & 0o777).toBe(0o640);
    const { mtimeMs } = statSync(path('scopes.jsonc'));
    expect((await fix()).stderr).toBe('Nothing to fix.\n');
    expect(statSync(path('scopes.jsonc')).mtimeMs).toBe(mtimeMs);
  });

  test('a dry run shows what would change, and writes nothing', async () => {
    writeFileSync(path('scopes.jsonc'), '{\n  // why\n  "profile": "A", // what\n}\n');
    const { code, stdout, stderr } = await fix('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '--- connections/main/scopes.jsonc',
        '@@ -1,4 +1,4 @@',
        ' {',
        '   // why',
        '-  "profile": "A", // what',
        '+  "profile": "A" // what',
        ' }',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('Would fix 1 problem in 1 file.');
    expect(read('scopes.jsonc')).toContain('"A",');
  });

  test('a file with a syntax error is not touched, and others are', async () => {
    writeFileSync(path('scope.jsonc'), '["a",, ]');
    writeFileSync(path('scopes.jsonc'), '{ "profile": "A", }');
    const { code, stderr } = await fix();
    expect(code).toBe(1);
    expect(stderr).toContain('Left: 1 error');
    expect([read('scope.jsonc'), read('scopes.jsonc')]).toEqual(['["a",, ]', '{ "profile": "A" }']);
  });

  test('tells programs what it did', async () => {
    writeFileSync(path('scopes.jsonc'), '{ "profile": "A", }');
    expect(JSON.parse((await fix('--json')).stdout).data).toMatchObject({
      files: ['connections/main/scopes.jsonc'],
      fixed: [{ code: 'source/trailing-comma', title: 'Remove the comma' }],
      written: true,
      warnings: 0,
    });
  });

  test('what is switched off is not mended', async () => {
    writeFileSync(path('scopes.jsonc'), '{ "profile": "A", }');
    await fix('--rule', 'source/trailing-comma=off');
    expect(read('scopes.jsonc')).toBe('{ "profile": "A", }');
  });

  test('is asked for with what it goes with', async () => {
    expect((await run(['validate', '--dry-run'], { cwd: project })).stderr).toContain('--dry-run needs --fix');
    expect((await fix('--watch')).code).toBe(2);
    expect((await fix('--stdin', '--as', 'api')).code).toBe(2);
  });
});

describe('what is saved while it is fixed', () => {
  /** Files of which one is saved by an editor directly after it was read for the given time. */
  const edited = (file: string, texts: readonly string[]): Files => {
    const files = filesIn(project);
    const left = [...texts];
    return {
      ...files,
      read: (path) => {
        const text = files.read(path);
        const next = path === file ? left.shift() : undefined;
        if (next !== undefined) writeFileSync(join(project, path), next);
        return text;
      },
    };
  };
  const file = 'connections/main/scopes.jsonc';

  test('is kept, and fixed as well', () => {
    writeFileSync(path('scopes.jsonc'), '{ "profile": "A", }');
    const files = edited(file, ['{ "profile": "A", "mine": "B", }']);
    const { changes } = writeFixes({ files });
    expect(changes).toMatchObject([{ file, text: '{ "profile": "A", "mine": "B" }' }]);
    expect(read('scopes.jsonc')).toBe('{ "profile": "A", "mine": "B" }');
  });

  test('takes with it what was fixed before in other files, and nothing is half done', () => {
    writeFileSync(path('scope.jsonc'), '["profile",]');
    writeFileSync(path('scopes.jsonc'), '{ "profile": "A", }');
    const texts = Array.from({ length: 100 }, (_, at) => `{ "profile": "A", "save${at}": "B", }`);
    expect(() => writeFixes({ files: edited(file, texts) })).toThrow(`${file} changed while the command was running.`);
    expect(read('scope.jsonc')).toBe('["profile",]');
    expect(read('scopes.jsonc')).toMatch(/"save\d+": "B", }$/);
  });
});

/** A project in which every way to break the template has been tried, and every rule's own bad connection. */
function mutants(): { name: string; folder: string }[] {
  const root = temporaryFolder();
  const made: { name: string; folder: string }[] = [];
  const make = (name: string, change: (folder: string) => void) => {
    const folder = join(root, String(made.length));
    cpSync(project, folder, { recursive: true });
    change(join(folder, 'connections', 'main'));
    made.push({ name, folder });
  };
  for (const section of SECTIONS) {
    const [file] = section.files;
    const source = path(file);
    let text: string;
    try {
      text = readFileSync(source, 'utf8');
    } catch {
      continue;
    }
    const closings = [...text.matchAll(/(?<=[^[{,\s])(\s*)[\]}]/g)].map(({ index }) => index);
    for (const at of closings) {
      make(`a comma in ${file} at ${at}`, (folder) =>
        writeFileSync(join(folder, file), `${text.slice(0, at)},${text.slice(at)}`),
      );
    }
    for (const { index } of [...text.matchAll(/"[^"\n]*"/g)].slice(0, 40)) {
      make(`a letter too few in ${file} at ${index}`, (folder) =>
        writeFileSync(join(folder, file), text.slice(0, index + 1) + text.slice(index + 2)),
      );
    }
  }
  for (const { code, bad } of RULES) {
    make(`the bad connection of ${code}`, (folder) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'connection.json'), JSON.stringify({ type: bad().type }));
      const sections: Readonly<Record<string, unknown>> = bad().sections;
      for (const section of SECTIONS) {
        const value = sections[section.name];
        if (value === undefined) continue;
        writeFileSync(join(folder, section.files[0]), `// kept\n${JSON.stringify(value, undefined, 4)}\n`);
      }
    });
  }
  return made;
}

test('every mutant: fixing leaves no problem that has a fix, breaks nothing, and a second time changes nothing', () => {
  let mended = 0;
  for (const { name, folder } of mutants()) {
    const files = filesIn(folder);
    const before = validate(openProject(files));
    const { changes, left, fixed } = writeFixes({ files });
    const after = validate(openProject(files));
    expect(after, name).toEqual(left);
    const fixable = before.filter(({ fix }) => fix !== undefined);
    if (fixable.length > 0)
      expect(
        after.filter((each) => each.fix !== undefined),
        name,
      ).toEqual([]);
    expect(fixesFor({ files }).changes, name).toEqual([]);
    // What is left was there before; where all had a fix, nothing is left.
    if (before.length > 0 && before.every(({ fix }) => fix !== undefined)) expect(after, name).toEqual([]);
    mended += fixed.length;
    for (const { file, text, over } of changes) {
      const comments = (words: string) => words.match(/\/\/.*$/gm)?.length ?? 0;
      expect(files.read(file)).toBe(text);
      expect(comments(text), `${name} ${file}`).toBe(comments(over ?? ''));
    }
  }
  expect(mended).toBeGreaterThan(20);
});
