import type { Diagnostic } from '../diagnostics.ts';
import { fixAll, type Texts } from '../fix.ts';
import { suppressionScope } from '../severity-overrides.ts';
import { allowance } from '../suppression.ts';
import type { FileReading } from './file-reading.ts';
import type { Replacement } from './rename.ts';

/**
 * Fixes what can be fixed in a file, as `connector validate --fix` does: all of it, or the problems of one code.
 * @param check says what would be wrong with other texts of files
 * @returns the replacement; undefined when nothing changes
 */
export function fixedIn(
  { file, text: { text } }: Pick<FileReading, 'file' | 'text'>,
  check: (texts: Texts) => readonly Diagnostic[],
  code?: string,
): Replacement | undefined {
  const isWanted = (problem: Diagnostic) =>
    (code === undefined || problem.code === code) && problem.fix?.edits.every((edit) => edit.file === file) === true;
  const { texts } = fixAll({ read: (path) => (path === file ? text : undefined), check, isWanted });
  const after = texts.get(file);
  return after === undefined ? undefined : { file, ...difference(text, after) };
}

/** The one stretch in which two texts differ, and what stands there in the second. */
function difference(before: string, after: string): Omit<Replacement, 'file'> {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let rest = 0;
  while (rest < most - start && before.at(-1 - rest) === after.at(-1 - rest)) rest++;
  return { offset: start, end: before.length - rest, text: after.slice(start, after.length - rest) };
}

/** A comment that allows a problem, without its reason. */
export interface Allowance extends Replacement {
  /** Where in its text the reason is to be written, in UTF-16 code units. */
  readonly reasonAt: number;
}

/**
 * The comment that allows a problem where it stands, without its reason: until somebody writes one, the comment itself
 * is reported. Undefined where no comment can allow it.
 */
export function allowed(
  { file, text: { text }, section, comments }: FileReading,
  problem: Diagnostic,
): Allowance | undefined {
  if (section === undefined || !comments || problem.line === undefined) return undefined;
  // What is wrong with such a comment is put right in it.
  if (problem.code.startsWith('suppression/') || suppressionScope(problem.code) === 'none') return undefined;
  const lines = text.split('\n');
  const line = lines[problem.line - 1] ?? '';
  const offset = lines.slice(0, problem.line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const comment = `${indent}${allowance(problem.code)}`;
  return { file, offset, end: offset, text: `${comment}${eol}`, reasonAt: comment.length };
}
