/** A page of the reference: its title, and blocks of Markdown. */
export interface Page {
  readonly title: string;
  readonly blocks: readonly string[];
}

const MADE = '<!-- Made from the tables in the code by `pnpm reference`; change those, not this page. -->';

export function pageText({ title, blocks }: Page): string {
  return `# ${title}\n\n${MADE}\n\n${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** A table; empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((cells) => line(cells.map(cell)))].join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

/** Code in a line, whatever backticks it has. */
export function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** Words of the tables as Markdown: what would be an element or an emphasis there stays text. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[<>*_[\]]/g, (sign) => `\\${sign}`)))
    .join('');
}

/** A sentence, from words that may begin small and end without a full stop. */
export function sentence(text: string): string {
  const ended = /[.!?:]$/.test(text) ? text : `${text}.`;
  return prose(`${ended.slice(0, 1).toUpperCase()}${ended.slice(1)}`);
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'undefined';
}
