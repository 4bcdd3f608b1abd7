/**
 * Text that may be laid out in one line or in several, as in Wadler's “A prettier printer”: groups are broken from the
 * outside in, until what is left fits.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: 'line' | 'softline' | 'hardline' }
  | { readonly kind: 'indent'; readonly by: number; readonly content: Layout }
  | { readonly kind: 'group'; readonly broken: boolean; readonly content: Layout }
  | { readonly kind: 'ifBroken'; readonly content: Layout };

/** A space, or a new line where the group is broken. */
export const line: Layout = { kind: 'line' };
/** Nothing, or a new line where the group is broken. */
export const softline: Layout = { kind: 'softline' };
/** A new line, which breaks all groups around it. */
export const hardline: Layout = { kind: 'hardline' };

export function indent(content: Layout, by = 2): Layout {
  return { kind: 'indent', by, content };
}

export function group(content: Layout): Layout {
  return { kind: 'group', broken: mustBreak(content), content };
}

/** Only there where the group is broken. */
export function ifBroken(content: Layout): Layout {
  return { kind: 'ifBroken', content };
}

export function joined(separator: Layout, items: readonly Layout[]): Layout {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

function mustBreak(layout: Layout): boolean {
  if (typeof layout === 'string') return false;
  if (!('kind' in layout)) return layout.some(mustBreak);
  if (layout.kind === 'hardline') return true;
  if (layout.kind === 'group') return layout.broken;
  return layout.kind === 'indent' && mustBreak(layout.content);
}

type Task = readonly [margin: number, broken: boolean, layout: Layout];

/** The text, in lines of at most `width` characters where that is possible, without spaces at their ends. */
export function laidOut(layout: Layout, width: number): string {
  const lines: string[] = [];
  let text = '';
  let column = 0;
  const tasks: Task[] = [[0, true, layout]];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const [margin, broken, next] = task;
    if (typeof next === 'string') {
      text += next;
      column += next.length;
    } else if (!('kind' in next)) {
      for (let index = next.length - 1; index >= 0; index--) tasks.push([margin, broken, next[index] ?? '']);
    } else if (next.kind === 'indent') tasks.push([margin + next.by, broken, next.content]);
    else if (next.kind === 'ifBroken') {
      if (broken) tasks.push([margin, broken, next.content]);
    } else if (next.kind === 'group') {
      const whole: Task = [margin, false, next.content];
      tasks.push(!next.broken && fits(whole, tasks, width - column) ? whole : [margin, true, next.content]);
    } else if (broken || next.kind === 'hardline') {
      const ended = text.trimEnd();
      if (ended !== '') lines.push(ended);
      text = ' '.repeat(margin);
      column = margin;
    } else if (next.kind === 'line') {
      text += ' ';
      column++;
    }
  }
  return [...lines, text].join('\n');
}

/** Checks if the rest of the line has room for this and for what follows without a break. */
function fits(first: Task, rest: readonly Task[], room: number): boolean {
  const tasks: Task[] = [first];
  let at = rest.length;
  for (let left = room; left >= 0; ) {
    const task = tasks.pop() ?? rest[--at];
    if (task === undefined) return true;
    const [margin, broken, next] = task;
    if (typeof next === 'string') left -= next.length;
    else if (!('kind' in next)) {
      for (let index = next.length - 1; index >= 0; index--) tasks.push([margin, broken, next[index] ?? '']);
    } else if (next.kind === 'indent') tasks.push([margin, broken, next.content]);
    else if (next.kind === 'group') tasks.push([margin, next.broken, next.content]);
    else if (next.kind === 'ifBroken') {
      if (broken) tasks.push([margin, broken, next.content]);
    } else if (broken || next.kind === 'hardline') return true;
    else if (next.kind === 'line') left--;
  }
  return false;
}
