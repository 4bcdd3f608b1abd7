import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import type { Connection, Project } from '../project/project.ts';
import { type Declaration, declarationOf } from '../runtime/prepare.ts';
import { Failures } from './failures.ts';
import { type Ended, runCase } from './run-case.ts';
import { secretsInTest } from './secrets-in-test.ts';
import { readTestFile, type TestCase, type TestFile, testFilesOf } from './test-file.ts';

/** Options for running tests. */
export interface TestOptions {
  /** The files that are run, of those that the connection has (default: all). */
  readonly files?: readonly string[];
  /** Returns a text without the real secrets that are known on this machine: a test that holds one is not run. */
  readonly hide?: (text: string) => string;
  /** Milliseconds of a clock that only goes on (default: none, so that everything takes no time). */
  readonly clock?: () => number;
  /** Told of each case that was run, before its failures are. */
  readonly ended?: (test: TestCase, ended: Ended) => void;
}

/** Result of a case. */
export interface CaseResult {
  readonly name: string;
  readonly file: string;
  readonly milliseconds: number;
  /** The problems that made it fail; empty when it passed. */
  readonly problems: readonly Diagnostic[];
}

/** Results of the tests of a connection. */
export interface TestResults {
  /** The id of the connection. */
  readonly connection: string;
  /** The files that were looked at. */
  readonly files: readonly string[];
  /** In the order of the files and of the cases in them. */
  readonly cases: readonly CaseResult[];
  /** Problems that keep tests from being run: errors of the sections, and of the files of tests. */
  readonly problems: readonly Diagnostic[];
}

/** Cases that are run at the same time: none waits for anything, so that more would only take memory. */
const AT_ONCE = 32;

/**
 * Runs the tests of a connection. Never rejects for what is wrong with them or with the sections: that is in what it
 * gives.
 */
export async function runTests(
  project: Pick<Project, 'files' | 'ownerOf' | 'rules'>,
  connection: Connection,
  options: TestOptions = {},
): Promise<TestResults> {
  const found = testFilesOf(project, connection);
  const chosen = options.files;
  const names = chosen === undefined ? found.names : found.names.filter((name) => chosen.includes(name));
  const files: string[] = [];
  const cases: CaseResult[] = [];
  const problems: Diagnostic[] = [...found.problems];
  let declaration: Declaration | undefined;
  for (const name of names) {
    const file = readTestFile(project, connection, name);
    if (file === undefined) continue;
    files.push(name);
    problems.push(...file.problems);
    const secrets = secretsInTest(file, options.hide);
    problems.push(...secrets);
    if (secrets.length > 0) continue;
    try {
      declaration ??= declarationOf(connection, project.rules);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      problems.push(...error.diagnostics);
      break;
    }
    cases.push(...(await runFile(declaration, file, options)));
  }
  return { connection: connection.id, files, cases, problems };
}

/**
 * Runs the cases of a file side by side; each has its own clock and chance, and sees nothing of the others. What a case
 * took is its share of what those took that were run with it.
 */
export async function runFile(
  declaration: Declaration,
  { source, cases }: Pick<TestFile, 'source' | 'cases'>,
  { clock = () => 0, ended: tell }: TestOptions = {},
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const one = async (test: TestCase) => {
    const { ended, problems } = await runCase(declaration, test, new Failures(declaration, source, test));
    if (ended !== undefined) tell?.(test, ended);
    return { name: test.name, file: source.file, problems };
  };
  for (let at = 0; at < cases.length; at += AT_ONCE) {
    const started = clock();
    const some = await Promise.all(cases.slice(at, at + AT_ONCE).map(one));
    const milliseconds = (clock() - started) / some.length;
    results.push(...some.map((result) => ({ ...result, milliseconds })));
  }
  return results;
}
