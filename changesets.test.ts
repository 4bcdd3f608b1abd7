import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '.changeset');
const PACKAGES = '"(?:@connectorkit/(?:sdk|harness|cli)|create-connector)"';
/** The packages with what is raised of their versions, and words; otherwise no release can be made. */
const CHANGESET = new RegExp(`^---\\n+(?:${PACKAGES}: (?:patch|minor|major)\\n)+---\\n+\\S`);

test('every changeset names packages and says what changed', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const texts = files.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8').replaceAll("'", '"')] as const);
  expect(texts.filter(([, text]) => !CHANGESET.test(text)).map(([name]) => name)).toEqual([]);
});
