import type { Diagnostic } from '@connectorkit/sdk';
import { type Allowance, allowed, type FileReading, fixedIn, type Replacement } from '@connectorkit/sdk/language';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic as LanguageDiagnostic,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { rangeOf } from './conversions.ts';

/** A document with its problems, and what is needed to correct them. */
export interface Correctable {
  readonly document: TextDocument;
  readonly reading: FileReading;
  readonly problems: readonly Diagnostic[];
  /** Says what would be wrong with other texts of files. */
  check(texts: ReadonlyMap<string, string>): readonly Diagnostic[];
  /** The edit that makes these replacements. */
  edit(replacements: readonly Replacement[]): WorkspaceEdit;
  /** The edit that inserts a comment, and puts the cursor where its reason is to be written, if the editor can. */
  editWithCursor(comment: Allowance): WorkspaceEdit;
}

/** Lists the actions on the problems in a range: fix one, all of its kind, the whole file, or allow it. */
export function codeActions(correctable: Correctable, { range, context }: CodeActionParams): CodeAction[] {
  const { problems } = correctable;
  const isAsked = (kind: string) =>
    context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const here = problems.filter((problem) => overlap(rangeOf(problem), range));
  const actions: CodeAction[] = [];
  if (isAsked(CodeActionKind.QuickFix)) {
    for (const problem of here) actions.push(...fixesOf(correctable, problem, context.diagnostics));
    for (const problem of here) actions.push(...allowanceOf(correctable, problem, context.diagnostics));
  }
  if (isAsked(CodeActionKind.SourceFixAll)) actions.push(...wholeFile(correctable));
  return actions;
}

function fixesOf(
  { reading, problems, check, edit }: Correctable,
  problem: Diagnostic,
  given: readonly LanguageDiagnostic[],
): CodeAction[] {
  const { code, fix } = problem;
  if (fix === undefined) return [];
  const replacements = fix.edits.map(({ file, offset, length, text }) => ({
    file,
    offset,
    end: offset + length,
    text,
  }));
  const about = diagnosticsOf(problem, given);
  const kind = CodeActionKind.QuickFix;
  const one: CodeAction = { title: fix.title, kind, isPreferred: true, ...about, edit: edit(replacements) };
  if (problems.filter((each) => each.code === code && each.fix !== undefined).length < 2) return [one];
  const all = fixedIn(reading, check, code);
  if (all === undefined) return [one];
  return [one, { title: `Fix all problems of ${code} in this file`, kind, ...about, edit: edit([all]) }];
}

function allowanceOf(
  { reading, editWithCursor }: Correctable,
  problem: Diagnostic,
  given: readonly LanguageDiagnostic[],
): CodeAction[] {
  const comment = allowed(reading, problem);
  if (comment === undefined) return [];
  const title = `Allow ${problem.code} here: add a comment, and write the reason`;
  return [{ title, kind: CodeActionKind.QuickFix, ...diagnosticsOf(problem, given), edit: editWithCursor(comment) }];
}

function wholeFile({ reading, problems, check, edit }: Correctable): CodeAction[] {
  if (!problems.some(({ fix }) => fix !== undefined)) return [];
  const all = fixedIn(reading, check);
  if (all === undefined) return [];
  return [
    {
      title: 'Fix everything in this file that has one certain fix',
      kind: CodeActionKind.SourceFixAll,
      edit: edit([all]),
    },
  ];
}

/** The editor's own diagnostics that are this problem, so that it shows the action at them. */
function diagnosticsOf(problem: Diagnostic, given: readonly LanguageDiagnostic[]) {
  const { start } = rangeOf(problem);
  const own = given.filter(({ code, range }) => {
    return code === problem.code && range.start.line === start.line && range.start.character === start.character;
  });
  return own.length === 0 ? {} : { diagnostics: own };
}

function overlap(one: Range, other: Range): boolean {
  const isBefore = (a: Range, b: Range) =>
    a.end.line < b.start.line || (a.end.line === b.start.line && a.end.character < b.start.character);
  return !isBefore(one, other) && !isBefore(other, one);
}
