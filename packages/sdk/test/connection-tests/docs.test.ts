import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTests } from '../../src/connection-tests/index.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { openProject } from '../../src/project/index.ts';

/* The tests in docs/how-to/tests.md pass for the templates that they are about. */

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const BLOCKS = [...readFileSync(join(ROOT, 'docs/how-to/tests.md'), 'utf8').matchAll(/```jsonc\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);

test.each([
  ['api-key', 0, 1],
  ['oauth2', 1, 2],
  ['api-key', 2, 2],
])('for %s, example %i has %i cases', async (template, index, count) => {
  const folder = join(ROOT, 'templates', template, 'connections/main');
  const sections = readdirSync(folder).filter((name) => /\.jsonc?$/.test(name));
  const project = openProject(
    memoryFiles({
      'connector.json': '{ "name": "docs" }',
      ...Object.fromEntries(
        sections.map((name) => [`connections/main/${name}`, readFileSync(join(folder, name), 'utf8')]),
      ),
      'connections/main/tests/docs.test.jsonc': BLOCKS[index] ?? '',
    }),
  );
  const [connection] = project.connections;
  if (connection === undefined) throw new Error('no connection');
  const { cases, problems } = await runTests(project, connection);
  expect([...problems, ...cases.flatMap((each) => each.problems)]).toEqual([]);
  expect(cases).toHaveLength(count);
});

test('every example is among them', () => {
  expect(BLOCKS).toHaveLength(3);
});
