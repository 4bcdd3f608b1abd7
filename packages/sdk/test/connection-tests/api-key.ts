import { runTests, type TestOptions } from '../../src/connection-tests/index.ts';
import type { Diagnostic } from '../../src/diagnostics.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { openProject } from '../../src/project/index.ts';

/** A connection with a key, whose lines tests point at. */
export const API = `{
  "url": "https://api.acme.test/me",
  "qs": { "fields": "id" },
  "headers": {
    "X-Key": "{{parameters.key}}"
  },
  "response": {
    "valid": "{{!body.error}}",
    "uid": "{{body.id}}",
    "metadata": { "type": "text", "value": "{{body.name}}" },
    "data": {
      "plan": "{{body.plan}}"
    },
    "error": {
      "401": { "message": "Wrong key" },
      "message": "[{{statusCode}}] {{body.error}}"
    }
  },
  "log": { "sanitize": ["request.headers.x-key"] }
}
`;

const FORM = '[{ "name": "key", "type": "password", "label": "Key", "required": true }]';

export const FILE = 'connections/main/tests/main.test.jsonc';

/** The files of a project with this one connection, and a file of tests. */
export function filesWith(test: unknown, api = API, type = 'apikey') {
  return memoryFiles({
    'connector.json': '{ "name": "acme" }',
    'connections/main/connection.json': JSON.stringify({ type }),
    'connections/main/api.jsonc': api,
    'connections/main/parameters.jsonc': FORM,
    [FILE]: typeof test === 'string' ? test : JSON.stringify(test, undefined, 2),
  });
}

/** What is wrong with the tests of the project, and how many cases were run. */
export async function tested(
  files: ReturnType<typeof memoryFiles>,
  options: TestOptions = {},
): Promise<{ readonly problems: readonly Diagnostic[]; readonly count: number }> {
  const project = openProject(files);
  const [connection] = project.connections;
  if (connection === undefined) throw new Error('no connection');
  const { cases, problems } = await runTests(project, connection, options);
  return { problems: [...problems, ...cases.flatMap((each) => each.problems)], count: cases.length };
}

/** One case, with what differs from one that passes. */
export function caseWith(more: object = {}) {
  return {
    name: 'a case',
    given: { parameters: { key: 'key-1' } },
    exchanges: [
      {
        request: {
          method: 'GET',
          url: 'https://api.acme.test/me',
          qs: { fields: 'id' },
          headers: { 'X-Key': 'key-1' },
        },
        answer: { body: { id: 7, name: 'Ada', plan: 'free' } },
      },
    ],
    expect: { uid: 7, metadata: { type: 'text', value: 'Ada' }, data: { plan: 'free' }, steps: ['request'] },
    ...more,
  };
}
