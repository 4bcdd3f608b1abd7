import { type Diagnostic, PAGES, readSource, ruleNamed, type TextEdit } from '@connectorkit/sdk';
import { version } from '../version.ts';
import type { Format, Look, RunReport } from './format.ts';
import { pretty } from './pretty.ts';
import { fingerprints, textOf } from './problem.ts';
import { printable } from './text.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
/** Severities as the services that read these files name them; GitHub sorts by them. */
const PROBLEM_SEVERITIES = { error: 'error', warning: 'warning', info: 'recommendation' } as const;

/**
 * The Static Analysis Results Interchange Format of OASIS, version 2.1.0: each rule with its page, each result with its
 * place and the edits that fix it. What stopped the run is no result, but a notification of the invocation.
 */
export const sarif: Format = {
  outcome(outcome, look) {
    const { stderr } = pretty.outcome(outcome, look);
    const log = { $schema: SCHEMA, version: '2.1.0', runs: [runOf(outcome, look)] };
    return { stdout: `${printable(JSON.stringify(log, undefined, 2))}\n`, stderr };
  },
  event: (event, look) => pretty.event(event, look),
};

function runOf({ result, thrown, code }: RunReport, look: Look) {
  const problems = result.diagnostics ?? [];
  const codes = [...new Set(problems.map((problem) => problem.code))].sort();
  const marks = fingerprints(problems);
  const semanticVersion = version();
  return {
    tool: {
      driver: {
        name: 'connector',
        version: semanticVersion,
        semanticVersion,
        informationUri: 'https://www.npmjs.com/package/@connectorkit/cli',
        rules: codes.map((each) => ruleOf(each, problems)),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The top of the repository.' } } },
    invocations: [
      {
        executionSuccessful: thrown.length === 0,
        exitCode: code,
        endTimeUtc: look.now.toISOString(),
        toolExecutionNotifications: thrown.map((problem) => ({
          descriptor: { id: problem.code },
          level: LEVELS[problem.severity],
          message: { text: textOf(problem) },
          ...(problem.file === undefined ? {} : { locations: [locationOf(problem, look)] }),
        })),
      },
    ],
    results: problems.map((problem, index) => resultOf(problem, codes, marks[index] ?? '', look)),
  };
}

/** The page of a code as rule metadata. The severity is that of the rule; what was asked for stands at the result. */
function ruleOf(code: Diagnostic['code'], problems: readonly Diagnostic[]) {
  const rule = ruleNamed(code);
  const page = rule ?? PAGES[code as keyof typeof PAGES];
  const severity = rule?.severity ?? problems.find((problem) => problem.code === code)?.severity ?? 'error';
  const title = `${page.title.charAt(0).toUpperCase()}${page.title.slice(1)}.`;
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: page.why },
    help: {
      text: `${page.why}\n\n${page.remedy}`,
      markdown: `${page.why}\n\n**How to fix it:** ${page.remedy}\n\n\`connector explain ${code}\``,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [code.split('/')[0] ?? code], 'problem.severity': PROBLEM_SEVERITIES[severity] },
  };
}

function resultOf(problem: Diagnostic, codes: readonly string[], mark: string, look: Look) {
  const { code, severity, hint, trap, found, expected, path, related = [], fix } = problem;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: textOf(problem) },
    locations: [locationOf(problem, look)],
    partialFingerprints: { 'problem/v1': mark },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            message: { text: place.message },
            ...locationOf(place, look),
          })),
        }),
    ...(fix === undefined ? {} : { fixes: fixesOf(fix, look) }),
    properties: { message: problem.message, hint, trap, found, expected, path },
  };
}

/** GitHub shows a result only where it has a place, and a place only where it has a line. */
function locationOf(problem: Partial<Diagnostic>, look: Look) {
  const { file = look.manifest, line, column, endLine, endColumn } = problem;
  const region =
    line === undefined
      ? { startLine: 1 }
      : { startLine: line, startColumn: column, endLine, endColumn: endLine === undefined ? undefined : endColumn };
  return { physicalLocation: { artifactLocation: artifactOf(file, look), region } };
}

function artifactOf(file: string, look: Look) {
  const uri = printable(look.tracked(file)).split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** Edits by lines and columns, which the text has to be there for. */
function fixesOf({ title, edits }: NonNullable<Diagnostic['fix']>, look: Look) {
  const files = [...new Set(edits.map(({ file }) => file))];
  const artifactChanges = files.flatMap((file) => {
    const text = look.source(file);
    if (text === undefined) return [];
    const source = readSource(file, text, { comments: true });
    const replacements = edits.filter((edit) => edit.file === file).map((edit) => replacementOf(edit, source));
    return [{ artifactLocation: artifactOf(file, look), replacements }];
  });
  return artifactChanges.length < files.length ? undefined : [{ description: { text: title }, artifactChanges }];
}

function replacementOf({ offset, length, text }: TextEdit, source: ReturnType<typeof readSource>) {
  const { line, column, endLine, endColumn } = source.place(offset, length);
  return {
    deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
    insertedContent: { text },
  };
}
