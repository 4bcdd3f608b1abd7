import { isObject } from '../json.ts';
import type { Trace, TraceExchange, TraceExpression, TraceStep } from './trace.ts';

/** How much of a trace is shown. */
export interface TraceLinesOptions {
  /** The steps that are shown with all that happened in them: those that failed (default). */
  readonly open?: 'failed' | 'all';
}

/** Characters of a value that are shown; the trace as JSON has all of it. */
const SHOWN = 300;
/** Lines of a body that are shown. */
const LINES = 40;

/** A trace as a tree of lines of text, without colours: one line a step, and more of those that are open. */
export function traceLines(trace: Trace, { open = 'failed' }: TraceLinesOptions = {}): string[] {
  const { run, connection, milliseconds, steps, problem } = trace;
  const end = problem === undefined ? 'done' : 'failed';
  const lines = [`${run} ${connection}: ${end} in ${milliseconds} ms`];
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    lines.push(`${isLast ? '└─' : '├─'} ${MARKS[step.outcome]} ${step.name.padEnd(width)}  ${summaryOf(step)}`);
    const isOpen = open === 'all' || step.outcome === 'failed';
    const inner = isOpen ? detailsOf(step) : noteLines(step);
    for (const line of inner) lines.push(`${isLast ? '  ' : '│ '}   ${line}`.trimEnd());
  }
  return lines;
}

const MARKS: Readonly<Record<TraceStep['outcome'], string>> = { done: '✓', skipped: '–', failed: '✗' };

function summaryOf({ outcome, decision, exchanges, visit, stored, milliseconds }: TraceStep): string {
  if (outcome === 'skipped') return `skipped: ${decision}`;
  const last = exchanges.at(-1);
  const kept = Object.keys(stored).length === 0 ? '' : `, stored ${Object.entries(stored).flatMap(names).join(', ')}`;
  if (visit !== undefined)
    return `the browser went to ${withoutQuery(visit.url)} ${visit.query === undefined ? 'and did not come back' : `and came back${kept}`}`;
  if (last === undefined) return outcome === 'failed' ? 'nothing was sent' : `nothing is sent${kept}`;
  const status = last.answer === undefined ? 'no answer' : String(last.answer.status);
  return `${last.request.method} ${withoutQuery(last.request.url)} → ${status}, ${milliseconds} ms${kept}`;
}

/** `data.accessToken` for what is under data, and the directive itself for what is one value. */
function names([directive, value]: readonly [string, unknown]): string[] {
  const isTable = (directive === 'data' || directive === 'temp') && isObject(value);
  return isTable ? Object.keys(value).map((name) => `${directive}.${name}`) : [directive];
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, '');
}

function detailsOf(step: TraceStep): string[] {
  const { place, decision, expressions, exchanges, visit, problem } = step;
  return [
    `at ${place.file}:${place.line}:${place.column}. ${decision}`,
    ...expressions.map(expressionLine),
    ...(visit === undefined ? [] : [`> browser: ${visit.url}`]),
    ...(visit?.query === undefined ? [] : [`< query: ${JSON.stringify(visit.query)}`]),
    ...exchanges.flatMap(exchangeLines),
    ...noteLines(step),
    ...(problem === undefined ? [] : problemLines(problem)),
  ];
}

function noteLines({ notes, traps = [] }: TraceStep): string[] {
  return [...notes.map((note) => `note: ${note}`), ...traps.map((trap) => `      connector explain trap/${trap}`)];
}

function expressionLine({ place, text, value }: TraceExpression): string {
  const shown = value === undefined ? 'undefined' : JSON.stringify(value);
  return `${place.line}:${place.column} ${place.path.join('.')}: ${oneLine(text)} = ${cut(shown)}`;
}

function exchangeLines({ request, answer }: TraceExchange): string[] {
  const sent = [
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...bodyLines(request.body),
  ];
  if (answer === undefined) return sent.map((line) => `> ${line}`);
  const came = [
    String(answer.status),
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`),
    ...bodyLines(answer.body),
  ];
  return [...sent.map((line) => `> ${line}`), ...came.map((line) => `< ${line}`)];
}

function bodyLines(body: unknown): string[] {
  if (body === undefined || body === '') return [];
  const lines = (typeof body === 'string' ? body : JSON.stringify(body, undefined, 2)).split(/\r?\n/);
  const more = lines.length > LINES ? [`… ${lines.length - LINES} more lines`] : [];
  return ['', ...lines.slice(0, LINES).map(cut), ...more];
}

function problemLines({ code, message, hint, file, line, column }: NonNullable<TraceStep['problem']>): string[] {
  const place = file === undefined ? '' : ` at ${file}:${line ?? 1}:${column ?? 1}`;
  return [`${code}${place}: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
