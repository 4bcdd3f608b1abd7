import type { Diagnostic, Severity } from '@connectorkit/sdk';
import type { Stretch } from '@connectorkit/sdk/language';
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LanguageDiagnostic,
  type Range,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Codes about what can go: editors fade it. */
const UNNECESSARY = /unused|trailing-comma|surplus/;

/** Kinds of ends of a diagnostic's place that the editor takes. */
export interface DiagnosticOptions {
  /** True if the editor shows related places. */
  readonly related: boolean;
  /** The URI of a file of the project. */
  uriOf(file: string): string;
}

/** A problem as the protocol has it. The hint follows the message. */
export function diagnosticOf(problem: Diagnostic, { related, uriOf }: DiagnosticOptions): LanguageDiagnostic {
  const { code, severity, message, hint, related: places = [] } = problem;
  const others = places.map(({ message: words, file, line, column }) => {
    const at = { line: line - 1, character: column - 1 };
    return { message: words, location: { uri: uriOf(file), range: { start: at, end: at } } };
  });
  return {
    range: rangeOf(problem),
    severity: SEVERITIES[severity],
    code,
    source: 'connector',
    message: hint === undefined ? message : `${message} ${hint}`,
    ...(UNNECESSARY.test(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related && others.length > 0 ? { relatedInformation: others } : {}),
  };
}

/** The place of a problem, from 0; the first character where it has none. */
export function rangeOf({ line = 1, column = 1, endLine = line, endColumn = column }: Partial<Diagnostic>): Range {
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

/** A stretch of a document as a range. */
export function rangeIn(document: TextDocument, { offset, end }: Stretch): Range {
  return { start: document.positionAt(offset), end: document.positionAt(end) };
}
