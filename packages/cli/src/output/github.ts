import type { Diagnostic } from '@connectorkit/sdk';
import { type Format, type Look, problemsOf } from './format.ts';
import { pretty } from './pretty.ts';
import { textOf } from './problem.ts';
import { disarmed, printable } from './text.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Workflow commands of GitHub Actions, a line for each problem: the run shows them beside the lines that they are about.
 * Source: "Workflow commands for GitHub Actions"; the escapes are those of `@actions/core`.
 */
export const github: Format = {
  outcome(outcome, look) {
    const lines = (outcome.result.lines ?? []).map((line) => disarmed(printable(line)));
    lines.push(...problemsOf(outcome).map((problem) => commandOf(problem, look)));
    const { stderr } = pretty.outcome({ ...outcome, thrown: [] }, look);
    return { stdout: lines.map((line) => `${line}\n`).join(''), stderr };
  },
  event: (event, look) => pretty.event(event, look),
};

function commandOf(problem: Diagnostic, look: Look): string {
  const { severity, code, file, line, endLine } = problem;
  // Columns are refused where a stretch goes on over several lines.
  const { column, endColumn }: Partial<Diagnostic> = line !== undefined && (endLine ?? line) === line ? problem : {};
  const properties = {
    title: code,
    file: file === undefined ? undefined : look.tracked(file),
    line,
    endLine,
    col: column,
    endColumn,
  };
  const written = Object.entries(properties).filter(([, value]) => value !== undefined);
  const said = written.map(([name, value]) => `${name}=${property(printable(String(value)))}`).join(',');
  return `::${COMMANDS[severity]} ${said}::${data(printable(textOf(problem)))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
