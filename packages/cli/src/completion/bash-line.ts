/** A command line of bash up to the cursor. */
export interface BashLine {
  /** The words before that at the cursor and after the command, without their quotes. */
  readonly words: readonly string[];
  /** The word at the cursor, as far as it was typed, without its quotes. */
  readonly current: string;
  /** Returns the text that bash puts in the place of the word for a value; undefined for one that the word does not begin. */
  replacement(value: string): string | undefined;
}

/** The characters that end a word for bash's completion, unless a variable says others. */
const BREAKS = ` \t\n"'><=;|&(:`;

type Quote = '"' | "'" | undefined;

/**
 * Reads a command line as bash does, without expanding or running anything in it: `$(…)` is text. Bash replaces only what
 * stands behind the last character of COMP_WORDBREAKS that is not quoted, or behind the quote that is open.
 * Source: gnu.org/software/bash/manual, Programmable Completion.
 */
export function bashLine(line: string, breaks = BREAKS): BashLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote: Quote;
  /** The length of what bash keeps of the word. */
  let kept = 0;
  const add = (text: string) => {
    word = (word ?? '') + text;
  };
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (letter === '\\' && quote !== "'") {
      at += 1;
      const next = line.charAt(at);
      add(quote === '"' && !'$`"\\\n'.includes(next) ? `\\${next}` : next);
    } else if (quote !== undefined) {
      if (letter === quote) {
        quote = undefined;
        kept = (word ?? '').length;
      } else add(letter);
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      add('');
      kept = (word ?? '').length;
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      kept = 0;
    } else {
      add(letter);
      if (breaks.includes(letter)) kept = (word ?? '').length;
    }
  }
  const current = word ?? '';
  const command = words.findIndex((each) => !/^\w+=/.test(each));
  return {
    words: words.slice(command + 1),
    current,
    replacement: (value) => (value.startsWith(current) ? quoted(value.slice(kept), quote) : undefined),
  };
}

/** A text as it is typed in the quotes that are open. Undefined where it cannot be: `!` has no quote but these. */
function quoted(text: string, quote: Quote): string | undefined {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  if (quote === '"') return text.includes('!') ? undefined : text.replace(/[$`"\\]/g, '\\$&');
  return text.replace(/[^\p{L}\p{N}@%+,./:=_-]/gu, '\\$&');
}
