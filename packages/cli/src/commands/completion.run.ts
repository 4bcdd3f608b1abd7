import type { Run } from '../command.ts';
import { bashLine } from '../completion/bash-line.ts';
import { candidatesFor } from '../completion/candidates.ts';
import { SCRIPTS } from '../completion/scripts.ts';
import type { completion as command, SHELLS } from './completion.ts';

/**
 * Prints the script of a shell; with --current what the script asks for: on the first line `words` or `files`, then each
 * candidate on two lines, the second one about it; for bash on one. Nothing is ever said to somebody who is typing but what they can type.
 */
export const run: Run<typeof command> = async (context, { shell, words, current, breaks }) => {
  const name = shell as (typeof SHELLS)[number];
  if (current === undefined) return { lines: [SCRIPTS[name]], data: { script: SCRIPTS[name] } };
  try {
    const line = name === 'bash' ? bashLine(current, breaks) : undefined;
    const asked = line ?? { words: words.filter((word) => word !== ''), current: withoutQuote(current) };
    const { kind, candidates } = await candidatesFor(context, asked);
    const safe = candidates.filter(({ value }) => !CONTROL.test(value));
    const lines =
      line === undefined
        ? safe.flatMap(({ value, about }) => [value, about?.replace(CONTROLS, ' ').trim() || value])
        : safe.flatMap(({ value }) => line.replacement(value) ?? []);
    return { lines: [kind, ...lines] };
  } catch {
    return {};
  }
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** Shells give the word as it was typed, with the quote that it begins with. */
function withoutQuote(word: string): string {
  return word.replace(/^["']/, '');
}
