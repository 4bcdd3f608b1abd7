import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The parts of the documentation after the tutorial, in reading order: each is a folder with an index. */
export const PARTS = ['how-to', 'reference', 'explanation'] as const;

/** A heading of an index, and the pages that are listed below it. */
interface Group {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** The pages of a part in the order and the groups of its index. A page is a list item that begins with a link. */
export function groupsOf(part: string): { title: string; groups: readonly Group[] } {
  const index = readFileSync(fileURLToPath(new URL(`../${part}/index.md`, import.meta.url)), 'utf8');
  const [first = '', ...others] = index.split(/^## /m);
  const title = /^# (.*)$/m.exec(first)?.[1] ?? part;
  const groups = others.map((text) => ({
    text: text.split('\n', 1)[0] ?? '',
    items: [...text.matchAll(/^- \[([^\]]+)\]\(([^)]+)\.md\)/gm)].map(([, name = '', page]) => ({
      text: name.replaceAll('`', ''),
      link: `/${part}/${page}`,
    })),
  }));
  return { title, groups };
}
