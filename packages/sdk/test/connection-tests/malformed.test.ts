import { describe, expect, test } from 'vitest';
import { connectionHashes } from '../../src/connection-hash.ts';
import { openProject } from '../../src/project/index.ts';
import { validate } from '../../src/validate.ts';
import { caseWith, FILE, filesWith, tested } from './api-key.ts';

const one = (more: object) => ({ cases: [caseWith(more)] });
const answer = (each: object) => one({ exchanges: [{ answer: each }] });

const column = (name: string) => `\${${name}}`;

/** What is wrong, the file, the code, and what stands on the line that has to be named. */
const MALFORMED: readonly (readonly [string, unknown, string, string])[] = [
  ['no JSON', '{\n  "cases": [\n    { "name": "a" "run": "connect" }\n  ]\n}', 'source/syntax', '"run"'],
  ['an open string', '{\n  "cases": [\n    { "name": "a }\n  ]\n}', 'source/syntax', '"name"'],
  ['an empty file', '', 'source/syntax', ''],
  ['a list', '[]', 'schema/type', '[]'],
  ['no cases', { given: {} }, 'schema/required', '{\n  "given"'],
  ['no case', { cases: [] }, 'schema/value', '"cases"'],
  ['a case without a name', { cases: [{ expect: { uid: 7 } }] }, 'schema/required', '    {\n'],
  ['a misspelt key', { cases: [caseWith({ exchange: [] })] }, 'schema/unknown-key', '"exchange":'],
  ['a key twice', '{\n  "cases": [],\n  "cases": []\n}', 'source/duplicate-key', '"cases": []\n'],
  ['an unknown run', one({ run: 'conect' }), 'schema/enum', '"run"'],
  ['a clock that is none', one({ given: { parameters: { key: 'k' }, now: 'yesterday' } }), 'test/case', 'yesterday'],
  ['a time zone that is none', one({ given: { parameters: { key: 'k' }, timezone: 'Mars' } }), 'test/case', 'Mars'],
  ['a shared clock that is none', { given: { now: 'never' }, cases: [caseWith()] }, 'test/case', 'never'],
  ['parameters that are no object', one({ given: { parameters: [] } }), 'schema/type', '"parameters"'],
  ['a parameter that the form does not take', one({ given: { parameters: { key: 7 } } }), 'value/type', '"key": 7'],
  ['a parameter that is missing', one({ given: { parameters: {} } }), 'value/missing', '"parameters"'],
  ['nothing stored before', one({ run: 'verify' }), 'test/case', '"run"'],
  [
    'an exchange without an answer',
    one({ exchanges: [{ request: {} }] }),
    'test/case',
    '        {\n          "request"',
  ],
  [
    'a visit that brings nothing back',
    one({ exchanges: [{ visit: {} }] }),
    'test/case',
    '        {\n          "visit"',
  ],
  [
    'a request that is a visit',
    one({ exchanges: [{ query: {}, answer: {} }] }),
    'test/case',
    '        {\n          "query"',
  ],
  ['a status that is none', answer({ status: 99 }), 'test/case', '"status"'],
  ['a status in words', answer({ status: 'ok' }), 'test/case', '"status"'],
  ['a body and bytes', answer({ body: {}, bytes: 'AA==' }), 'test/case', '"answer"'],
  ['an unknown failure', answer({ failure: 'tired' }), 'schema/enum', 'tired'],
  ['a header that is no text', answer({ headers: { 'x-a': 7 } }), 'test/case', '"x-a"'],
  [
    'a match that is none',
    one({ exchanges: [{ request: { match: { body: 'some' } }, answer: {} }] }),
    'schema/enum',
    'some',
  ],
  ['an error and a result', one({ expect: { error: 'no', uid: 7 } }), 'test/case', '"uid"'],
  ['an error that is a number', one({ expect: { error: 7 } }), 'test/case', '"error"'],
  ['an unknown part of an error', one({ expect: { error: { words: 'no' } } }), 'test/case', '"words"'],
  ['a moment that is none', one({ expect: { expires: 'soon' } }), 'test/case', 'soon'],
  ['a case that could not fail', { cases: [{ name: 'nothing' }] }, 'test/case', '    {\n'],
  ['two cases of one name', { cases: [caseWith(), caseWith()] }, 'test/case', '    },\n    {\n'],
  ['a table without rows', one({ table: [] }), 'schema/value', '"table"'],
  ['a row that is no object', one({ table: [7] }), 'schema/type', '        7'],
  [
    'a column that there is not',
    one({ expect: { error: column('words') }, table: [{ status: 1 }] }),
    'test/case',
    column('words'),
  ],
  [
    'a row without a value',
    one({ expect: { error: column('a') }, table: [{ a: 'x' }, { b: 'y' }] }),
    'test/case',
    '        {\n          "b"',
  ],
  ['a connection that has no tests here', { connection: 'other', cases: [caseWith()] }, 'test/case', '"connection"'],
];

describe('a malformed file of tests names its line, and nothing of it is run', () => {
  test.each(MALFORMED)('%s', async (_, content, code, at) => {
    const files = filesWith(content);
    const { problems, count } = await tested(files);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map((problem) => problem.code)).toContain(code);
    const problem = errors.find((each) => each.code === code);
    const text = files.read(FILE) ?? '';
    const index = at.startsWith('    },') ? text.indexOf(at) + '    },\n'.length : text.lastIndexOf(at);
    expect(index).toBeGreaterThanOrEqual(0);
    expect(problem).toMatchObject({ file: FILE, line: text.slice(0, index).split('\n').length });
    expect(problem?.column).toBeGreaterThan(0);
    if (!code.startsWith('value/')) expect(count).toBe(0);
  });
});

test('what lies among the tests and is none is told', async () => {
  const files = filesWith({ cases: [caseWith()] });
  files.write('connections/main/tests/second.jsonc', '{}');
  files.write(
    'connections/main/tests/deep/third.test.jsonc',
    JSON.stringify({ cases: [caseWith({ expect: { uid: 8 } })] }),
  );
  const { problems, count } = await tested(files);
  expect(count).toBe(2);
  expect(problems.map(({ code, severity, file }) => [code, severity, file])).toEqual([
    ['test/not-run', 'warning', 'connections/main/tests/second.jsonc'],
    ['test/result', 'error', 'connections/main/tests/deep/third.test.jsonc'],
  ]);
});

test('tests change nothing of the connection: neither what is validated nor its hash', () => {
  const files = filesWith({ cases: [caseWith({ expect: { uid: 8 } })] });
  const hashes = [0, 1].map(() => {
    const project = openProject(files);
    expect(validate(project)).toEqual([]);
    files.texts.delete(FILE);
    return connectionHashes(project).get('main');
  });
  expect(hashes[0]).toMatch(/^sha256-/);
  expect(hashes[0]).toBe(hashes[1]);
});
