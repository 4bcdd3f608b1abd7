import type { Code } from './codes.ts';
import type { TrapName } from './traps.ts';

/** A place in a text. Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A path into a JSON value: property names and array indexes, from the root. */
export type Path = readonly (string | number)[];

/** How serious a problem is; only an `error` makes a command fail. */
export type Severity = 'error' | 'warning' | 'info';

/** The severity that a project or a user gives to a rule; `off` leaves its problems out. */
export type RuleSeverity = Severity | 'off';

/** Every severity that can be given to a rule, from the least to the most serious. */
export const RULE_SEVERITIES: readonly RuleSeverity[] = ['off', 'info', 'warning', 'error'];

/** Code → the severity of its problems, in place of their own. */
export type SeverityOverrides = ReadonlyMap<string, RuleSeverity>;

/** One replacement in a file; offsets in UTF-16 code units of the text that was read. */
export interface TextEdit {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** One problem, reported once: what is wrong, where, and what to do. Rendering is the reader's business. */
export interface Diagnostic extends Partial<Place> {
  readonly code: Code;
  readonly severity: Severity;
  /** The problem, with the value found; one sentence. */
  readonly message: string;
  /** Advice; one sentence. */
  readonly hint?: string;
  /** The trap that somebody is in, whose page says more: `connector explain trap/<name>`. */
  readonly trap?: TrapName;
  readonly found?: string;
  readonly expected?: string;
  /** Other places that belong to the problem, such as "declared here". */
  readonly related?: readonly { message: string; file: string; line: number; column: number }[];
  /** Lines of a unified diff that leads from what was expected to what was found. */
  readonly difference?: readonly string[];
  /** The id of the connection that it is about; absent when it is about the project, or about no project at all. */
  readonly connection?: string;
  /** Relative to the project, with forward slashes. */
  readonly file?: string;
  readonly path?: Path;
  readonly fix?: { readonly title: string; readonly edits: readonly TextEdit[] };
}

/** Why work cannot go on; the command line turns each kind into an exit code. */
export type ErrorKind = 'usage' | 'findings' | 'conflict' | 'auth' | 'network' | 'refused';

/** Thrown when the work cannot go on for a reason that the user can correct. Any other throw is a bug. */
export class ConnectorError extends Error {
  readonly kind: ErrorKind;
  readonly diagnostics: readonly Diagnostic[];

  constructor(kind: ErrorKind, problem: Omit<Diagnostic, 'severity'> | readonly Diagnostic[], options?: ErrorOptions) {
    const diagnostics = 'code' in problem ? [{ ...problem, severity: 'error' as const }] : problem;
    super(diagnostics.map((each) => each.message).join('\n'), options);
    this.name = 'ConnectorError';
    this.kind = kind;
    this.diagnostics = diagnostics;
  }
}

/** How much may still be compared; shared by the searches of one rule, so that they stay short together. */
export interface SearchBudget {
  /** Pairs of letters, each a step of an edit distance. */
  left: number;
}

/** A budget that no text written by hand uses up; a search of a generated one ends within a fraction of a second. */
export function searchBudget(): SearchBudget {
  return { left: 10_000_000 };
}

/**
 * The candidate nearest to `word`, when it is near enough to be what was meant; undefined when there is none, and when
 * the budget does not suffice to look at all of them.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  budget: SearchBudget = searchBudget(),
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    const isOutOfReach = Math.abs(word.length - candidate.length) >= bestDistance;
    budget.left -= isOutOfReach ? 1 : word.length * candidate.length;
    if (budget.left < 0) return undefined;
    if (isOutOfReach) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance of two words: insertions, deletions, substitutions and swaps of neighbours; `limit` when it is at least that. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // No later row can be less than the least of this one.
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? limit, limit);
}

/** Problems of one kind that are reported of one file or connection: a generated text can hold millions. */
export const MANY = 100;

/** Says that there are more problems of a kind than are reported. */
export function andMore(code: Code, file?: string): Diagnostic {
  return {
    code: 'validate/and-more',
    severity: 'info',
    message: `There are more than ${MANY} problems with the code ${code} here; the others are not reported.`,
    hint: 'Fix these first, then validate again.',
    ...(file === undefined ? {} : { file }),
  };
}
