import { readSource } from '@connectorkit/sdk/emulator';
import { Refusal } from '../../emulator.ts';
import type { Settings } from './settings.ts';

/**
 * The value of a section's text. Only the syntax is checked, as on Make: what a section says shows when somebody
 * connects.
 * @throws Refusal malformed, with the offset, which is all that Make tells
 */
export function readSection(text: string, { trailing_commas }: Settings): unknown {
  const source = readSource('', text, { comments: true });
  const problem = source.problems.find(({ severity }) => severity === 'error' || trailing_commas === 'refused');
  if (problem === undefined) return source.value;
  const lines = text.split('\n').slice(0, (problem.line ?? 1) - 1);
  const position = lines.reduce((sum, line) => sum + line.length + 1, (problem.column ?? 1) - 1);
  throw new Refusal('malformed', `Unexpected token in JSONC at position ${position}`);
}
