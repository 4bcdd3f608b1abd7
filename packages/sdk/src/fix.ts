import type { Diagnostic, TextEdit } from './diagnostics.ts';

/** Whole texts by file: those that differ from what lies on disk. */
export type Texts = ReadonlyMap<string, string>;

/** Result of fixing. */
export interface Fixed {
  /** The files that changed, each with its new text. */
  readonly texts: Texts;
  /** The problems that were fixed, in the order in which it was done. */
  readonly fixed: readonly Diagnostic[];
  /** Problems that are left, as the last check found them. */
  readonly left: readonly Diagnostic[];
}

/** Options of fixing. */
export interface FixOptions {
  /** The text of a file as it lies on disk; undefined when there is none. */
  read(file: string): string | undefined;
  /** Everything that is wrong when these texts take the place of those on disk. */
  check(texts: Texts): readonly Diagnostic[];
  /** Checks if a problem is one of those to fix (default: all are). */
  isWanted?(problem: Diagnostic): boolean;
}

/** Rounds after which no fix is tried any more. One round can bring the next to light: a text is read, its rules speak. */
const ROUNDS = 500;

/**
 * Applies the fixes of all problems, round by round until there is none left, and changes nothing outside their edits.
 * Edits that overlap wait for the next round. A text that cannot be read is not touched, and a fix after which a text
 * cannot be read, breaks its schema or has been there before is not applied.
 */
export function fixAll({ read, check, isWanted = () => true }: FixOptions): Fixed {
  let texts: Texts = new Map();
  let left = check(texts);
  let oneByOne = false;
  const fixed: Diagnostic[] = [];
  const refused = new Set<string>();
  const states = new Set([stateOf(texts)]);
  for (let round = 0; round < ROUNDS; round++) {
    const textOf = (file: string) => texts.get(file) ?? read(file);
    const fitting = fittingFixes(left, { refused, isWanted, textOf });
    const chosen = oneByOne ? fitting.slice(0, 1) : fitting;
    if (chosen.length === 0) break;
    const next = applied(chosen, texts, textOf);
    const found = check(next);
    if (states.has(stateOf(next)) || hasNewFaults(left, found)) {
      // One of them is to blame: from now on each is tried alone.
      for (const each of chosen.length === 1 ? chosen : []) refused.add(keyOf(each));
      oneByOne = true;
      continue;
    }
    states.add(stateOf(next));
    texts = next;
    left = found;
    fixed.push(...chosen);
  }
  const changed = [...texts].filter(([file, text]) => text !== read(file));
  return { texts: new Map(changed), fixed: changed.length === 0 ? [] : fixed, left };
}

/** A text with edits made in it, none of which overlap. Line breaks in what is put in are written as the text writes its own. */
export function withEdits(text: string, edits: readonly Omit<TextEdit, 'file'>[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const pieces: string[] = [];
  let at = 0;
  for (const { offset, length, text: put } of edits.toSorted((a, b) => a.offset - b.offset || a.length - b.length)) {
    pieces.push(text.slice(at, offset), put.replace(/\r\n|\n/g, eol));
    at = offset + length;
  }
  return pieces.join('') + text.slice(at);
}

/** The problems whose fixes can be applied together, the first in the text before the later. */
function fittingFixes(
  problems: readonly Diagnostic[],
  {
    refused,
    isWanted,
    textOf,
  }: {
    refused: ReadonlySet<string>;
    isWanted(problem: Diagnostic): boolean;
    textOf(file: string): string | undefined;
  },
): Diagnostic[] {
  const unreadable = new Set(problems.filter(isFault).flatMap(({ code, file }) => (SOURCE.test(code) ? [file] : [])));
  const taken: TextEdit[] = [];
  return problems.filter((problem) => {
    const edits = problem.fix?.edits ?? [];
    if (
      edits.length === 0 ||
      !isWanted(problem) ||
      refused.has(keyOf(problem)) ||
      edits.some(({ file }) => unreadable.has(file))
    )
      return false;
    const inRange = edits.every(({ file, offset, length }) => offset + length <= (textOf(file)?.length ?? -1));
    const apart = edits.every((edit, index) => !edits.slice(index + 1).some((other) => overlap(edit, other)));
    if (!inRange || !apart || edits.some((edit) => taken.some((other) => touch(edit, other)))) return false;
    taken.push(...edits);
    return true;
  });
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function touch(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}

function applied(problems: readonly Diagnostic[], texts: Texts, textOf: (file: string) => string | undefined): Texts {
  const edits = problems.flatMap((problem) => problem.fix?.edits ?? []);
  const next = new Map(texts);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file);
    next.set(file, withEdits(textOf(file) ?? '', own));
  }
  return next;
}

const SOURCE = /^source\//;

/**
 * Checks for errors that keep a text from being read or a section from being used. Rules may report anew once it is
 * corrected.
 */
function isFault({ code, severity }: Diagnostic): boolean {
  return severity === 'error' && /^(source|schema)\//.test(code);
}

function hasNewFaults(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const known = new Map<string, number>();
  for (const problem of before.filter(isFault)) known.set(faultOf(problem), (known.get(faultOf(problem)) ?? 0) + 1);
  return after.filter(isFault).some((problem) => {
    const left = known.get(faultOf(problem)) ?? 0;
    known.set(faultOf(problem), left - 1);
    return left === 0;
  });
}

function faultOf({ code, file, message }: Diagnostic): string {
  return JSON.stringify([code, file, message]);
}

function keyOf({ code, file, path, fix }: Diagnostic): string {
  return JSON.stringify([code, file, path, fix]);
}

function stateOf(texts: Texts): string {
  return JSON.stringify([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
