import type { Diagnostic } from '@connectorkit/sdk';
import { type Format, type Look, problemsOf } from './format.ts';
import { pretty } from './pretty.ts';
import { fingerprints } from './problem.ts';
import { printable } from './text.ts';

const SEVERITIES = { error: 'major', warning: 'minor', info: 'info' } as const;

/** A code quality report of GitLab. Source: its page "Code Quality", section "Code Quality report format". */
export const gitlab: Format = {
  outcome(outcome, look) {
    const problems = problemsOf(outcome);
    const marks = fingerprints(problems);
    const issues = problems.map((problem, index) => issueOf(problem, marks[index] ?? '', look));
    const { stderr } = pretty.outcome(outcome, look);
    return { stdout: `${printable(JSON.stringify(issues, undefined, 2))}\n`, stderr };
  },
  event: (event, look) => pretty.event(event, look),
};

function issueOf({ code, severity, message, hint, file, line, endLine }: Diagnostic, mark: string, look: Look) {
  const begin = line ?? 1;
  return {
    description: message,
    check_name: code,
    fingerprint: mark,
    severity: SEVERITIES[severity],
    location: { path: look.tracked(file ?? look.manifest), lines: { begin, end: endLine ?? begin } },
    ...(hint === undefined ? {} : { content: { body: hint } }),
  };
}
