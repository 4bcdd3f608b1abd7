import type { Diagnostic } from '@connectorkit/sdk';
import { type Format, type Look, problemsOf, type RunReport } from './format.ts';
import { pretty } from './pretty.ts';
import { textOf } from './problem.ts';
import { placeText, printable } from './text.ts';

/**
 * JUnit's XML: a suite for each file with problems and for each connection without, a case for each problem. Cases of
 * tests are cases here, in the suites of their files. Errors are
 * failures, why a run could not go on is an error, and all else passes and is reported in the suite's output. It is valid
 * by the schema of Apache Ant, which wants every element and attribute, and so by those that want less.
 */
export const junit: Format = {
  outcome(outcome, look) {
    const { stderr } = pretty.outcome(outcome, look);
    const suites = suitesOf(outcome, look).map((suite, index) => suiteText(suite, index, look));
    return {
      stdout: `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`,
      stderr,
    };
  },
  event: (event, look) => pretty.event(event, look),
};

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly milliseconds?: number;
  readonly problem?: Diagnostic;
  /** The element that says that it did not pass. */
  readonly verdict?: 'failure' | 'error';
}

function suitesOf(outcome: RunReport, look: Look): Suite[] {
  const cases = new Map<string, Case[]>();
  const add = (suite: string, each: Case) => cases.set(suite, [...(cases.get(suite) ?? []), each]);
  const { subjects = [], diagnostics = [], cases: tested = [] } = outcome.result;
  for (const { file, name, milliseconds, problems } of tested) {
    const [problem] = problems;
    const failed = problem === undefined ? {} : { problem: together(problem, problems), verdict: 'failure' as const };
    add(look.tracked(file), { name, milliseconds, ...failed });
  }
  const reported = new Set(tested.flatMap(({ problems }) => problems));
  for (const problem of problemsOf(outcome)) {
    if (reported.has(problem)) continue;
    const { file, line, column, code, severity } = problem;
    const verdict = outcome.thrown.includes(problem) ? 'error' : severity === 'error' ? 'failure' : undefined;
    const place = line === undefined ? '' : ` at ${placeText('', line, column).slice(1)}`;
    const name = file === undefined ? 'connector' : look.tracked(file);
    add(name, { name: `${code}${place}`, problem, ...(verdict === undefined ? {} : { verdict }) });
  }
  for (const subject of tested.length > 0 ? [] : subjects) {
    if (diagnostics.some(({ file }) => file?.split('/').includes(subject))) continue;
    add(subject, { name: 'has no problems' });
  }
  if (cases.size === 0) add('connector', { name: 'has no problems' });
  return [...cases].map(([name, list]) => ({ name, cases: list }));
}

/** The first of the problems of a case, with the texts of the others. */
function together(first: Diagnostic, problems: readonly Diagnostic[]): Diagnostic {
  const { hint: _, difference: __, ...rest } = first;
  const texts = problems.map((each) => `${placeText(each.file ?? '', each.line, each.column)} ${textOf(each)}`);
  return { ...rest, hint: texts.join('\n') };
}

function suiteText({ name, cases }: Suite, id: number, look: Look): string {
  const count = (verdict: Case['verdict']) => cases.filter((each) => each.verdict === verdict).length;
  const attributes = {
    id,
    name,
    package: 'connector',
    hostname: 'localhost',
    timestamp: look.now.toISOString().slice(0, 19),
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    time: secondsOf(cases.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0)),
  };
  const passed = cases.flatMap(({ name, problem, verdict }) =>
    problem === undefined || verdict !== undefined ? [] : `${problem.severity} ${name}\n${textOf(problem)}\n`,
  );
  return [
    `  <testsuite${attributesText(attributes)}>\n    <properties/>\n`,
    ...cases.map((each) => caseText(each, name)),
    `    <system-out>${escaped(passed.join(''))}</system-out>\n    <system-err/>\n  </testsuite>\n`,
  ].join('');
}

function caseText({ name, milliseconds = 0, problem, verdict }: Case, suite: string): string {
  const head = `    <testcase${attributesText({ name, classname: suite, time: secondsOf(milliseconds) })}`;
  if (problem === undefined || verdict === undefined) return `${head}/>\n`;
  const attributes = attributesText({ type: problem.code, message: problem.message });
  return `${head}>\n      <${verdict}${attributes}>${escaped(textOf(problem))}</${verdict}>\n    </testcase>\n`;
}

function secondsOf(milliseconds: number): string {
  return milliseconds === 0 ? '0' : (milliseconds / 1000).toFixed(3);
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML has no way to write most control characters: they are shown as escapes, as on a terminal. */
function escaped(text: string): string {
  return (
    printable(text)
      .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // No line of the log may be one that a CI service obeys.
      .replace(/\n(?=[ \t]*(::|##))/g, '&#10;')
  );
}
