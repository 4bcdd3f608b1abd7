import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ConnectorError,
  CREATE_TYPES,
  type Diagnostic,
  type Files,
  openProject,
  SECTIONS,
  validate,
} from '../src/index.ts';
import { memoryFiles } from '../src/project/files.ts';
import { isCreateType } from '../src/sections/create-types.ts';

const CASES = join(import.meta.dirname, 'validate');

/** A project on disk that nothing may write to. */
function readOnly(folder: string): Files {
  const refuse = () => {
    throw new Error('Validating writes nothing.');
  };
  return {
    read: (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined),
    list: (path) =>
      existsSync(join(folder, path))
        ? readdirSync(join(folder, path), { withFileTypes: true })
            .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
            .sort()
        : [],
    write: refuse,
    rename: refuse,
    remove: refuse,
  };
}

function lineOf({ file, line, column, severity, code, message, related = [] }: Diagnostic): string {
  const places = related.map((each) => `\n  ${each.file}:${each.line}:${each.column} ${each.message}`);
  return `${file}:${line ?? 1}:${column ?? 1} ${severity} ${code} ${message}${places.join('')}`;
}

const cases = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

test('there are cases', () => expect(cases.length).toBeGreaterThanOrEqual(6));

describe.each(cases)('$name', ({ name }) => {
  const folder = join(CASES, name);

  test('says what is expected', () => {
    const found = validate(openProject(readOnly(folder))).map(lineOf);
    expect(found).toEqual(
      readFileSync(join(folder, 'expected.txt'), 'utf8')
        .split(/\n(?! )/)
        .filter(Boolean),
    );
  });

  test('says its errors alone when they are asked for, whatever weighs as one', () => {
    const project = openProject(readOnly(folder));
    const codes = new Set(validate(project).map(({ code }) => code));
    const severities = [
      new Map(),
      ...[...codes, 'suppression/unused'].map((code) => new Map([[code, 'error'] as const])),
    ];
    for (const overrides of severities) {
      const all = validate(project, { overrides });
      expect(validate(project, { overrides, errors: true })).toEqual(
        all.filter(({ severity }) => severity === 'error'),
      );
    }
  });

  test('says the same again', () => {
    const project = openProject(readOnly(folder));
    expect(validate(project)).toEqual(validate(project));
    expect(validate(openProject(readOnly(folder)))).toEqual(validate(project));
  });
});

test.each(Object.keys(CREATE_TYPES).filter(isCreateType))(
  'a connection of starters for %s is right but for its hosts',
  (type) => {
    const starters = SECTIONS.map((section) => [`connections/new/${section.files[0]}`, section.starter(type)]);
    const project = openProject(
      memoryFiles({
        'connector.json': '{"name": "new"}',
        'connections/new/connection.json': JSON.stringify({ type }),
        ...Object.fromEntries(starters),
      }),
    );
    expect(project.connections).toHaveLength(1);
    const said = validate(project).map(({ severity, code, found }) => `${severity} ${code} ${found}`);
    const hosts =
      type === 'other' ? [] : type.startsWith('oauth') ? ['auth.example.com', 'api.example.com'] : ['api.example.com'];
    expect(said.sort()).toEqual(hosts.map((host) => `warning request/placeholder-host "${host}"`).sort());
  },
);

describe('chosen connections', () => {
  const project = () =>
    openProject(
      memoryFiles({
        'connector.json': '{"name": "x", "labl": "X"}',
        'connections/a/connection.json': '{"type": "other"}',
        'connections/a/api.json': '{"url": "/a"}',
        'connections/ab/connection.json': '{"type": "other"}',
        'connections/ab/api.json': '{"url": }',
      }),
    );
  const files = (connections: readonly string[]) => validate(project(), { connections }).map((each) => each.file);

  test('are the only ones that are looked at, with the project itself', () => {
    expect(files(['a'])).toEqual(['connections/a/api.json', 'connector.json']);
    expect(files(['ab'])).toEqual(['connections/ab/api.json', 'connector.json']);
    expect(files(['ab', 'a'])).toEqual(['connections/a/api.json', 'connections/ab/api.json', 'connector.json']);
    expect(files([])).toEqual(['connector.json']);
  });

  test('that the project does not have are a usage error', () => {
    let thrown: unknown;
    try {
      files(['a', 'abb']);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConnectorError);
    expect(thrown).toMatchObject({
      kind: 'usage',
      diagnostics: [{ code: 'project/unknown-connection', found: 'abb', hint: 'Did you mean "ab"?' }],
    });
  });
});
