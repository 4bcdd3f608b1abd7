import { applyEdits, modify } from 'jsonc-parser';
import type { Path } from '../diagnostics.ts';
import { valueAt } from '../json.ts';
import { readSource } from '../source.ts';

/** Paths into a JSON text, and the values that are to stand there. */
export type Settings = readonly (readonly [path: Path, value: unknown])[];

/** A JSON text with these values; comments and format stay, and what is there already is left as it is. */
export function edited(before: string, settings: Settings): string {
  const formattingOptions = formatOf(before);
  let text = before;
  for (const [path, value] of settings) {
    const current = valueAt(readSource('', text, { comments: true }).value, path);
    if (JSON.stringify(current) === JSON.stringify(value)) continue;
    text = applyEdits(text, modify(text, [...path], value, { formattingOptions }));
  }
  return text;
}

/** How the text is indented and its lines are ended, as its first indented line shows. */
function formatOf(text: string) {
  const indent = /^[ \t]+(?=\S)/m.exec(text)?.[0] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
