import type { Diagnostic } from '@connectorkit/sdk';
import type { Event, Result } from '../command.ts';
import type { Format, Look, RunReport, Streams } from './format.ts';
import { type FramePlace, frame } from './frame.ts';
import { disarmed, placeText, printable, wrapped } from './text.ts';

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

type Style = keyof typeof STYLES;
type Paint = (style: Style, text: string) => string;

const SEVERITY_STYLES = { error: 'red', warning: 'yellow', info: 'blue' } as const satisfies Record<string, Style>;
/** Problems that are shown whole; of those that follow, only the number is reported. */
const SHOWN = 50;

/** For people: frames, colours, and the next command as the last line. */
export const pretty: Format = {
  outcome(outcome, look) {
    return { stdout: disarmed(resultText(outcome, look)), stderr: disarmed(talkText(outcome, look)) };
  },
  event(event, look) {
    if (look.quiet && event.kind !== 'problem') return '';
    return disarmed(eventText(event, look));
  },
};

function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (style, text) => `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m`;
}

function resultText({ result }: RunReport, look: Look): Streams['stdout'] {
  const paint = painter(look.color.stdout);
  const painted = result.differences === true ? (line: string) => changeText(line, paint) : (line: string) => line;
  const lines = (result.lines ?? []).map((line) => `${painted(printable(line))}\n`).join('');
  return lines + problemsText(result.diagnostics ?? [], look, paint, result.pages);
}

/** The lines of texts that differ, which stand indented below what they are of. */
const DIFFERENCE = /^ {4}(?:([+])|(-)|(@@) )/;

/** A line in the colour of what it does to a text. */
function changeText(line: string, paint: Paint): string {
  const [, added, removed, place] = DIFFERENCE.exec(line) ?? [];
  if (added !== undefined) return paint('green', line);
  if (removed !== undefined) return paint('red', line);
  return place === undefined ? line : paint('cyan', line);
}

function talkText({ result, thrown }: RunReport, look: Look): Streams['stderr'] {
  const paint = painter(look.color.stderr);
  const talk: string[] = [problemsText(thrown, look, paint)];
  if (!look.quiet) {
    if (result.summary !== undefined) talk.push(`${printable(look.typed(result.summary))}\n`);
    for (const command of result.next ?? []) talk.push(`  ${paint('cyan', printable(look.typed(command)))}\n`);
  }
  return talk.join('');
}

/** Codes of problems whose file holds a secret: no line of it is shown. */
const HOLDS_SECRET: ReadonlySet<string> = new Set(['test/secret']);

function problemsText(
  problems: readonly Diagnostic[],
  look: Look,
  paint: Paint,
  pages: NonNullable<Result['pages']> = {},
): string {
  const reported = new Set<string>();
  const secret = new Set(problems.flatMap(({ code, file }) => (HOLDS_SECRET.has(code) ? [file] : [])));
  const source: Look['source'] = (file) => (secret.has(file) ? undefined : look.source(file));
  const texts = problems.slice(0, SHOWN).map((problem) => {
    // Below the first problem of a code: said again below each, it would hide the problems.
    const page = reported.has(problem.code) ? undefined : pages[problem.code];
    reported.add(problem.code);
    return `${problemText(problem, { columns: look.columns, place: look.place, typed: look.typed, source }, paint)}\n${page === undefined ? '' : pageText(page, look, paint)}`;
  });
  const rest = problems.length - SHOWN;
  if (rest > 0) texts.push(`${paint('dim', `and ${rest} more; --json lists them all`)}\n`);
  return texts.join('\n') + (texts.length > 0 && problems.length > 0 && problems[0]?.file !== undefined ? '\n' : '');
}

function problemText(
  problem: Diagnostic,
  look: Pick<Look, 'columns' | 'place' | 'source' | 'typed'>,
  paint: Paint,
): string {
  const { severity, code, message, hint, trap, file, line, column } = problem;
  const label = paint(SEVERITY_STYLES[severity], severity);
  const place = file === undefined ? '' : placeText(look.place(file), line, column);
  const lines = [`${place === '' ? '' : `${paint('bold', printable(place))} `}${label} ${paint('dim', code)}`];
  const width = Math.min(look.columns, 100) - 2;
  for (const part of wrapped(printable(message), width)) lines.push(`  ${part}`);
  if (file !== undefined && line !== undefined && column !== undefined) {
    lines.push(...frameText(file, { ...problem, line, column }, 1, look, paint));
  }
  for (const related of problem.related ?? []) {
    lines.push(
      `  ${printable(related.message)} ${paint('bold', printable(placeText(look.place(related.file), related.line, related.column)))}`,
    );
    lines.push(...frameText(related.file, related, 0, look, paint));
  }
  for (const line of problem.difference ?? []) lines.push(changeText(`    ${printable(line)}`, paint));
  // Not wrapped: it may hold a command to copy.
  if (hint !== undefined) lines.push(`  ${paint('cyan', printable(look.typed(hint)))}`);
  if (trap !== undefined) lines.push(`  ${paint('cyan', look.typed(`connector explain trap/${trap}`))}`);
  return lines.join('\n');
}

function pageText(page: readonly string[], look: Look, paint: Paint): string {
  const width = Math.min(look.columns, 100) - 4;
  const lines = page.flatMap((paragraph, index) => [...(index === 0 ? [] : ['']), ...wrapped(paragraph, width)]);
  return `\n${lines.map((line) => `${`  ${paint('dim', '|')} ${printable(line)}`.trimEnd()}\n`).join('')}`;
}

function frameText(
  file: string,
  place: FramePlace,
  around: number,
  look: Pick<Look, 'source'>,
  paint: Paint,
): string[] {
  const source = look.source(file);
  if (source === undefined) return [];
  const lines = frame(source, place, around);
  const width = Math.max(...lines.map((line) => String(line.number ?? '').length));
  return lines.map(({ number, text, meant }) => {
    const mark = meant && number !== undefined ? '>' : ' ';
    const gutter = `${mark} ${String(number ?? '').padStart(width)} |`;
    const body = number === undefined ? paint('red', text) : text;
    return `  ${meant && number !== undefined ? paint('bold', gutter) : paint('dim', gutter)} ${body}`.trimEnd();
  });
}

const EVENT_MARKS = {
  step: ['-', 'dim'],
  done: ['✓', 'green'],
  note: [' ', 'dim'],
  problem: ['✗', 'red'],
} as const satisfies Record<Event['kind'], readonly [string, Style]>;

function eventText(event: Event, look: Look): string {
  const paint = painter(look.color.stderr);
  const [mark, style] = EVENT_MARKS[event.kind];
  const time = event.milliseconds === undefined ? '' : paint('dim', ` ${Math.round(event.milliseconds)} ms`);
  const line = `${paint(style, mark)} ${changeText(printable(look.typed(event.message)), paint)}${time}\n`;
  return line + problemsText(event.diagnostics ?? [], look, paint);
}
