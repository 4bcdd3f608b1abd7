import { expect, test } from 'vitest';
import { coverageLines, coverageOf, lcovOf, runTests, updatesOf } from '../../src/connection-tests/index.ts';
import { openProject } from '../../src/project/index.ts';
import { API, caseWith, FILE, filesWith, tested } from './api-key.ts';

const TEST = `{
  // What is tested.
  "cases": [
    {
      "name": "a case", // its name
      "given": { "parameters": { "key": "key-1" } },
      "exchanges": [
        {
          "request": {
            // The address.
            "url": "https://api.acme.test/you",
            "headers": { "X-KEY": "key-2" }
          },
          "answer": { "body": { "id": 7, "name": "Ada" } } // As of today.
        }
      ],
      "expect": { "uid": 8, "metadata": "Bob" } // What comes out.
    }
  ]
}
`;

async function updated(files: ReturnType<typeof filesWith>) {
  const project = openProject(files);
  const [connection] = project.connections;
  if (connection === undefined) throw new Error('no connection');
  return updatesOf(project, connection);
}

test('an update writes what is sent and comes out now, and keeps the comments', async () => {
  const files = filesWith(TEST);
  const [change, ...others] = await updated(files);
  expect(others).toEqual([]);
  expect(change?.file).toBe(FILE);
  expect(change?.text).toBe(
    TEST.replace('/you"', '/me"')
      .replace('"X-KEY": "key-2"', '"X-KEY": "key-1"')
      .replace('"uid": 8', '"uid": 7')
      .replace('"Bob"', '"Ada"'),
  );
  expect((await tested(filesWith(change?.text))).problems).toEqual([]);
  expect(await updated(filesWith(change?.text))).toEqual([]);
});

test('it adds what a case does not say yet', async () => {
  const { expect: _, ...bare } = caseWith({ exchanges: [{ answer: { body: { id: 7, name: 'Ada', plan: 'free' } } }] });
  const [change] = await updated(filesWith({ cases: [bare] }));
  const { exchanges, expect: expected } = JSON.parse(change?.text ?? '').cases[0];
  expect(exchanges[0].request).toEqual({
    ...{ method: 'GET', url: 'https://api.acme.test/me', qs: { fields: 'id' }, headers: { 'x-key': 'key-1' } },
  });
  expect(expected).toEqual(caseWith().expect);
});

test('it says nothing of a run that fails, and leaves cases with a table to their author', async () => {
  const failing = caseWith({
    exchanges: [{ request: {}, answer: { status: 500, body: { error: 'x' } } }],
    expect: undefined,
  });
  expect(await updated(filesWith({ cases: [failing] }))).toEqual([]);
  const table = caseWith({ expect: { uid: `\${${'id'}}` }, table: [{ id: 8 }] });
  expect(await updated(filesWith({ cases: [table] }))).toEqual([]);
});

test('coverage tells what no test reached, in words and in LCOV', async () => {
  const files = filesWith({ cases: [caseWith()] });
  const project = openProject(files);
  const [connection] = project.connections;
  if (connection === undefined) throw new Error('no connection');
  const coverage = coverageOf(connection);
  await runTests(project, connection, { ended: (_, { run }) => coverage.add(run) });
  const line = (part: string) => API.slice(0, API.indexOf(part)).split('\n').length;
  expect(coverageLines(coverage)).toEqual([
    'connections/main/api.jsonc: tests reach 7 of 11 (63.6 %)',
    `  ${line('"valid"')}:14     valid of request is never false`,
    `  ${line('"error": {')}:14    request is never refused with 401`,
    `  ${line('"error": {')}:14    request is never refused with the general message`,
    `  ${line('[{{statusCode}}]')}:18    response.error.message is never evaluated`,
  ]);
  const lcov = lcovOf(coverage);
  expect(lcov.startsWith('TN:main\nSF:connections/main/api.jsonc\nFN:1,request\nFNDA:1,request\nFNF:1\nFNH:1\n')).toBe(
    true,
  );
  expect(lcov).toContain(`DA:${line('"{{parameters.key}}"')},1\n`);
  expect(lcov).toContain(`DA:${line('[{{statusCode}}]')},0\n`);
  expect(lcov).toContain('BRF:4\nBRH:1\n');
  expect(lcov.endsWith('end_of_record\n')).toBe(true);
});

test('of the sections only api runs: an expression in another one is never evaluated', async () => {
  const files = filesWith({ cases: [caseWith()] });
  // It throws where it is evaluated, as the same in api does.
  const throwing = "{{parseJSON('{')}}";
  files.write('connections/main/install.jsonc', JSON.stringify({ common: { a: throwing } }), { over: null });
  expect((await tested(files)).problems).toEqual([]);
  const api = API.replace('"{{body.plan}}"', JSON.stringify(throwing));
  expect((await tested(filesWith({ cases: [caseWith()] }, api))).problems).toMatchObject([
    { code: 'test/failed-run', message: expect.stringContaining('parseJSON') },
  ]);
});
