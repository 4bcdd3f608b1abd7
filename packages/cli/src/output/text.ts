/** A text as it is shown: what it reads, and how many columns it takes. */
export interface Shown {
  readonly text: string;
  readonly width: number;
}

const TAB = '  ';
/** Control characters, bidirectional overrides and halves of surrogate pairs: none of them may reach a terminal. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const ZERO_WIDTH = /\p{Mark}|\u200b|\u200c|\u200d/u;
/** First and last code points of East Asian wide and full-width characters and of emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** One character as it is shown: tabs as two spaces, what a terminal would obey as an escape. */
export function shown(character: string): Shown {
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0x20 && point < 0x7f) return { text: character, width: 1 };
  if (character === '\t') return { text: TAB, width: TAB.length };
  if (UNSAFE.test(character)) {
    const text = `\\u${point.toString(16).padStart(4, '0')}`;
    return { text, width: text.length };
  }
  if (ZERO_WIDTH.test(character)) return { text: character, width: 0 };
  return { text: character, width: WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1 };
}

/** A text of which nothing can move the cursor or change colours; line breaks stay. */
export function printable(text: string): string {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text;
  return Array.from(text, (character) => (character === '\n' ? character : shown(character).text)).join('');
}

/** Prefixes of lines that CI services take for commands: GitHub, Azure, TeamCity. */
const COMMAND = /^([ \t]*)(:(?=:)|#(?=#\w*\[))/gm;

/** A text of which no line is obeyed by a CI service that reads the log: the character that would do it is an escape. */
export function disarmed(text: string): string {
  return text.replace(COMMAND, (_, blanks: string, mark: string) => `${blanks}\\u00${mark.charCodeAt(0).toString(16)}`);
}

/** A place as editors and terminals open it: `file:line:column`. */
export function placeText(file: string, line: number | undefined, column: number | undefined): string {
  if (line === undefined) return file;
  return `${file}:${line}${column === undefined ? '' : `:${column}`}`;
}

/** A text on lines of at most `width` columns, broken at spaces. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** A number and what it counts: `1 change`, `2 changes`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Rows as lines, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd());
}
