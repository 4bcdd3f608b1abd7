// Stand in for string-width, strip-ansi and wrap-ansi in the bundle. Help is plain ASCII, and what the real ones do for
// everything else costs more than 20 ms at every start.

/** @param {string} text */
export function stringWidth(text) {
  return stripAnsi(text).length;
}

/** @param {string} text */
export function stripAnsi(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

/**
 * Breaks lines at spaces; words that are longer than a line are cut.
 * @param {string} text
 * @param {number} columns
 */
export function wrapAnsi(text, columns) {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

/**
 * @param {string} text
 * @param {number} columns
 */
function wrapLine(text, columns) {
  const lines = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = '';
    }
    for (; word.length > columns; word = word.slice(columns)) lines.push(word.slice(0, columns));
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
