import type { Diagnostic } from '@connectorkit/sdk';
import { type Format, type Look, problemsOf } from './format.ts';
import { pretty } from './pretty.ts';
import { disarmed, placeText, printable } from './text.ts';

/** A line for each problem, as compilers print them: editors and `grep` read them. */
export const concise: Format = {
  outcome(outcome, look) {
    const lines = (outcome.result.lines ?? []).map((line) => disarmed(printable(line)));
    lines.push(...problemsOf(outcome).map((problem) => lineOf(problem, look)));
    const { stderr } = pretty.outcome({ ...outcome, thrown: [] }, look);
    return { stdout: lines.map((line) => `${line}\n`).join(''), stderr };
  },
  event: (event, look) => pretty.event(event, look),
};

/** `file:line:column: severity message [code]`; a break in the message is written as it is in JSON. */
function lineOf({ file, line, column, severity, message, code }: Diagnostic, look: Look): string {
  const place = file === undefined ? '' : `${placeText(look.place(file), line, column)}: `;
  return disarmed(printable(`${place}${severity} ${message} [${code}]`).replaceAll('\n', '\\n'));
}
