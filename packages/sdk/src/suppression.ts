import { visit } from 'jsonc-parser';
import { andMore, type Diagnostic, MANY } from './diagnostics.ts';
import { isCode, nearestRule, suppressionScope } from './severity-overrides.ts';
import type { Source } from './source.ts';

const WORD = 'connector-ignore';

/** Characters of a code that are looked at when there is no such code. */
const LONGEST = 60;

interface Suppression {
  readonly code: string;
  /** The line whose problems are allowed, from 1. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * The problems without those that their author allowed with a comment: `// connector-ignore <code>: <reason>` behind
 * the line, or on a line of its own before it. A comment without a reason allows nothing and is reported, and so is one
 * that there is nothing to allow for, or whose problem cannot be allowed.
 */
export function suppressed(problems: readonly Diagnostic[], sources: readonly Source[]): Diagnostic[] {
  let left = [...problems];
  for (const source of sources) {
    if (!source.text.includes(WORD)) continue;
    const elsewhere = left.filter(({ file }) => file !== source.file);
    const here = left.filter(({ file }) => file === source.file);
    left = [...elsewhere, ...suppressedIn(here, source)];
  }
  return left;
}

function suppressedIn(problems: readonly Diagnostic[], source: Source): Diagnostic[] {
  const { suppressions, faults } = read(source);
  const used = new Set<string>();
  const refused = suppressions.filter(({ code }) => suppressionScope(code) === 'none');
  const allowed = suppressions.filter(({ code }) => suppressionScope(code) !== 'none');
  const meant = new Set(allowed.map(keyOf));
  const left = problems.filter((problem) => {
    const key = keyOf(problem);
    if (!meant.has(key)) return true;
    used.add(key);
    return false;
  });
  const unused = allowed.filter((each) => !used.has(keyOf(each)));
  return [
    ...left,
    ...reported('suppression/malformed', faults, source, malformed),
    ...reported('suppression/refused', refused, source, refusedProblem),
    ...reported('suppression/unused', unused, source, unusedProblem),
  ];
}

function keyOf({ code, line }: { readonly code: string; readonly line?: number }): string {
  return `${line} ${code}`;
}

/** Of many of a kind, the first ones are reported, and that there are more. */
function reported<T>(
  code: Diagnostic['code'],
  found: readonly T[],
  source: Source,
  problem: (each: T, source: Source) => Diagnostic,
): Diagnostic[] {
  const problems = found.slice(0, MANY).map((each) => problem(each, source));
  return found.length > MANY ? [...problems, andMore(code, source.file)] : problems;
}

function read(source: Source): { suppressions: Suppression[]; faults: Suppression[] } {
  const suppressions: Suppression[] = [];
  const faults: Suppression[] = [];
  const lines = source.text.split('\n');
  let next: readonly number[] | undefined;
  visit(source.text, {
    onComment: (offset, length, startLine, startCharacter) => {
      const { code, reason } = saidIn(source.text.slice(offset, offset + length)) ?? {};
      if (code === undefined) return;
      const alone = (lines[startLine] ?? '').slice(0, startCharacter).trim() === '';
      next ??= nextLines(lines);
      const line = (alone ? (next[startLine] ?? startLine) : startLine) + 1;
      (reason && isCode(code) ? suppressions : faults).push({ code, line, offset, length });
    },
  });
  return { suppressions, faults };
}

/** The comment that allows problems of a code, up to its reason. */
export function allowance(code: string): string {
  return `// ${WORD} ${code}: `;
}

/** Parses a comment `connector-ignore <code>: <reason>`, without its marks; undefined for another one. */
function saidIn(comment: string): { readonly code: string; readonly reason?: string } | undefined {
  const end = comment.startsWith('/*') && comment.endsWith('*/') ? -2 : undefined;
  const words = comment.slice(2, end).trim();
  if (!words.startsWith(WORD) || /^\w/.test(words.slice(WORD.length, WORD.length + 1))) return undefined;
  const rest = words.slice(WORD.length).trimStart();
  const [code = ''] = /^[^\s:]*/.exec(rest) ?? [];
  const reason = rest.slice(code.length).trimStart();
  if (reason === '') return { code };
  return reason.startsWith(':') ? { code, reason: reason.slice(1).trim() } : undefined;
}

/** For each line the next one with something other than a comment, or itself when there is none; lines from 0. */
function nextLines(lines: readonly string[]): readonly number[] {
  const next: number[] = new Array(lines.length);
  let found: number | undefined;
  for (let index = lines.length - 1; index >= 0; index--) {
    next[index] = found ?? index;
    const line = (lines[index] ?? '').trimStart();
    if (line !== '' && !line.startsWith('//')) found = index;
  }
  return next;
}

function malformed({ code, offset, length }: Suppression, source: Source): Diagnostic {
  const known = isCode(code);
  const meant = known ? undefined : nearestRule(code.slice(0, LONGEST));
  const form = `// ${WORD} ${known ? code : (meant ?? '<code>')}: <why it is acceptable here>`;
  return {
    code: 'suppression/malformed',
    severity: 'warning',
    message: known
      ? `The comment ignores ${code} without a reason.`
      : `The comment ignores the unknown code ${JSON.stringify(code.slice(0, LONGEST))}.`,
    hint: meant === undefined ? `Write ${form}.` : `Did you mean ${JSON.stringify(meant)}? Write ${form}.`,
    file: source.file,
    ...source.place(offset, length),
  };
}

function refusedProblem({ code, offset, length }: Suppression, source: Source): Diagnostic {
  return {
    code: 'suppression/refused',
    severity: 'warning',
    message: `The comment ignores ${code}, which cannot be suppressed: nothing else works until it is fixed.`,
    hint: 'Fix the problem, and remove the comment.',
    found: code,
    file: source.file,
    ...source.place(offset, length),
    fix: { title: 'Remove the comment', edits: [{ file: source.file, offset, length, text: '' }] },
  };
}

function unusedProblem({ code, offset, length }: Suppression, source: Source): Diagnostic {
  return {
    code: 'suppression/unused',
    severity: 'warning',
    message: `The comment ignores ${code}, but there is no such problem here.`,
    hint: 'Remove the comment.',
    file: source.file,
    ...source.place(offset, length),
    fix: { title: 'Remove the comment', edits: [{ file: source.file, offset, length, text: '' }] },
  };
}
