import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseArguments } from '../../src/arguments.ts';

const page = readFileSync(new URL('../../../../docs/how-to/sync.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^connector (.+?)(?:\s+#.*)?$/gm)].map(([, words = '']) => words.trim());

test('the page has the commands that it is about', () => {
  const names = new Set(commands.map((words) => words.split(' ')[0]));
  expect([...names].sort()).toEqual(['diff', 'publish', 'pull', 'push', 'rollback', 'status']);
});

test.each(commands)('connector %s', (words) => {
  const { command, problems } = parseArguments(words.split(' '), 'connector');
  expect(problems).toEqual([]);
  expect(command?.name).toBe(words.split(' ')[0]);
});
