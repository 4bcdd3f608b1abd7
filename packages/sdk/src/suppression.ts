import { visit } from 'jsonc-parser';
import type { Diagnostic } from './diagnostics.ts';
import type { Source } from './source.ts';
import { canBeWeighed, isCode, nearestRule } from './weights.ts';

const WORD = 'connector-ignore';
/** `connector-ignore <code>: <reason>`, between the marks of a comment. */
const COMMENT = new RegExp(`^(?://|/\\*)\\s*${WORD}\\b\\s*([^\\s:]*)\\s*(?::\\s*(.*?))?\\s*(?:\\*/)?$`, 's');

interface Suppression {
  readonly code: string;
  /** The line whose problems are allowed, from 1. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * The problems without those that their author allowed with a comment: `// connector-ignore <code>: <reason>` behind
 * the line, or on a line of its own before it. A comment without a reason allows nothing and is told, and so is one
 * that there is nothing to allow for.
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
  const used = new Set<Suppression>();
  const left = problems.filter((problem) => {
    const by = suppressions.filter(({ code, line }) => code === problem.code && line === problem.line);
    if (by.length === 0 || !canBeWeighed(problem)) return true;
    for (const each of by) used.add(each);
    return false;
  });
  const unused = suppressions.filter((each) => !used.has(each)).map((each) => unusedProblem(each, source));
  return [...left, ...faults, ...unused];
}

function read(source: Source): { suppressions: Suppression[]; faults: Diagnostic[] } {
  const suppressions: Suppression[] = [];
  const faults: Diagnostic[] = [];
  const lines = source.text.split('\n');
  visit(source.text, {
    onComment: (offset, length, startLine, startCharacter) => {
      const text = source.text.slice(offset, offset + length);
      const [, code, reason] = COMMENT.exec(text.trimEnd()) ?? [];
      if (code === undefined) return;
      const alone = (lines[startLine] ?? '').slice(0, startCharacter).trim() === '';
      const line = alone ? nextLine(lines, startLine) : startLine;
      const known = isCode(code);
      if (known && reason) suppressions.push({ code, line: line + 1, offset, length });
      else faults.push(malformed(source, offset, length, code, known));
    },
  });
  return { suppressions, faults };
}

/** The next line with something other than a comment; lines from 0. */
function nextLine(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, index) => index > from && !/^\s*(\/\/.*)?$/.test(line));
  return next < 0 ? from : next;
}

function malformed(source: Source, offset: number, length: number, code: string, known: boolean): Diagnostic {
  const meant = known ? undefined : nearestRule(code);
  const form = `// ${WORD} ${known ? code : (meant ?? '<code>')}: <why it is all right here>`;
  return {
    code: 'suppression/malformed',
    severity: 'warning',
    message: known
      ? `The comment gives no reason for allowing ${code}.`
      : `The comment allows ${JSON.stringify(code)}, and there is no such code.`,
    hint: meant === undefined ? `Write ${form}.` : `Did you mean ${JSON.stringify(meant)}? Write ${form}.`,
    file: source.file,
    ...source.place(offset, length),
  };
}

function unusedProblem({ code, offset, length }: Suppression, source: Source): Diagnostic {
  return {
    code: 'suppression/unused',
    severity: 'warning',
    message: `The comment allows ${code}, and there is no such problem here.`,
    hint: 'Remove the comment.',
    file: source.file,
    ...source.place(offset, length),
    fix: { title: 'Remove the comment', edits: [{ file: source.file, offset, length, text: '' }] },
  };
}
