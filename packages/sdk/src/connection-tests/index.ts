/**
 * Tests of connections: data beside a connection, which say what it is given, what it sends and is answered, and what
 * comes out. They are run on the runtime, without a network. The guide is docs/how-to/tests.md.
 * @module @connectorkit/sdk/tests
 *
 * @example
 * import { openProjectIn } from '@connectorkit/sdk/node';
 * import { runTests } from '@connectorkit/sdk/tests';
 *
 * const project = openProjectIn('./my-connector');
 * for (const connection of project.connections) {
 *   const { cases, problems } = await runTests(project, connection);
 *   for (const { file, line, message } of [...problems, ...cases.flatMap((each) => each.problems)])
 *     console.error(`${file}:${line} ${message}`);
 * }
 */

/** Running tests */

export { type CaseResult, runTests, type TestOptions, type TestResults } from './run-tests.ts';
export { hiding, type RealValues } from './secrets-in-test.ts';
export { TEST_FILE, testFileNamed, testFilesOf } from './test-file.ts';

/** Recording tests from real runs */

export { Capture, type CapturedExchange } from './capture.ts';
export { type Recording, type RecordOptions, recordingOf } from './record.ts';

/** Updating tests */

export { updatesOf } from './update.ts';

/** Coverage */

export {
  type Coverage,
  type CoverageReport,
  coverageLines,
  coverageOf,
  lcovOf,
  type Reachable,
} from './coverage.ts';
