import { ConnectorError, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { withValues } from '../json-edits/index.ts';
import type { FileChange } from '../project/files.ts';
import type { Connection, Project } from '../project/project.ts';
import { type Declaration, declarationOf } from '../runtime/prepare.ts';
import { type Mismatch, requestMismatch } from './match.ts';
import { errorOf, expectationFrom, RESULTS, resultOf, stepsOf } from './results.ts';
import { type Ended, playCase } from './run-case.ts';
import { expectedFrom, type Sent, stateless } from './sent.ts';
import { type Expectation, type ExpectedRequest, readTestFile, type TestCase, testFilesOf } from './test-file.ts';

/** Place in a file of tests, and the value that is to stand there. */
type Setting = readonly [path: Path, value: unknown];

/**
 * Returns the changes after which the tests of a connection expect what it does now: requests and results that differ,
 * and those that a test does not say yet. Left as they are: whether a run succeeds, which exchanges there are, and cases with a table.
 * @param files of tests that are updated (default: all)
 * @throws ConnectorError findings for errors in the sections
 */
export async function updatesOf(
  project: Pick<Project, 'files' | 'ownerOf' | 'rules'>,
  connection: Connection,
  files: readonly string[] = testFilesOf(project, connection).names,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  const declaration = declarationOf(connection, project.rules);
  for (const name of files) {
    const file = readTestFile(project, connection, name);
    if (file === undefined) continue;
    const settings: Setting[] = [];
    for (const test of file.cases) if (test.row === undefined) settings.push(...(await settingsFor(test, declaration)));
    const { text: over } = file.source;
    const text = withValues(over, settings);
    if (text !== over) changes.push({ file: name, text, over });
  }
  return changes;
}

async function settingsFor(test: TestCase, declaration: Declaration): Promise<Setting[]> {
  const ended = await playCase(declaration, test).catch((error: unknown) => {
    // Values that the form does not take: nobody but the author knows others.
    if (error instanceof ConnectorError) return undefined;
    throw error;
  });
  if (ended === undefined) return [];
  const path = ['cases', test.index];
  return [...exchangeSettings(test, ended, path), ...resultSettings(test.expect, ended, [...path, 'expect'])];
}

function exchangeSettings({ exchanges }: TestCase, { sent }: Ended, path: Path): Setting[] {
  return sent.flatMap(({ played, sent: each }, index) => {
    const exchange = exchanges[index];
    const isVisit = played.call === undefined;
    if (exchange === undefined || isVisit !== (exchange.query !== undefined)) return [];
    const part = isVisit ? 'visit' : 'request';
    const at = [...path, 'exchanges', index, part];
    const expected = exchange[part];
    const seen = isVisit ? stateless(each, expected) : each;
    if (expected === undefined) return [[at, expectedFrom(seen)]];
    return requestMismatch(expected, seen) === undefined ? [] : requestSettings(expected, seen, at);
  });
}

/** Returns settings for the parts of a request that the test names: in each, as much of it as it names. */
function requestSettings(expected: ExpectedRequest, sent: Sent, path: Path): Setting[] {
  const { method, url, qs, headers, body, match = {} } = expected;
  const now = expectedFrom(sent);
  const settings: Setting[] = [];
  if (method !== undefined) settings.push([[...path, 'method'], sent.method]);
  if (url !== undefined) settings.push([[...path, 'url'], url.includes('?') ? sent.address : sent.url]);
  if (qs !== undefined) settings.push([[...path, 'qs'], match.qs === 'part' ? named(qs, now.qs) : now.qs]);
  if (headers !== undefined)
    settings.push([[...path, 'headers'], headersNow(headers, sent, match.headers === 'whole')]);
  if (typeof body === 'string') settings.push([[...path, 'body'], sent.text ?? now.body ?? null]);
  else if (body !== undefined) {
    settings.push([[...path, 'body'], (match.body === 'part' ? named(body, now.body) : now.body) ?? null]);
  }
  return settings;
}

/** Returns the headers that are named, under the names as they are written. */
function headersNow(headers: JSONObject, sent: Sent, isWhole: boolean): JSONObject {
  const own = Object.keys(headers).map((name) => [name, lookUp(sent.headers, name.toLowerCase()) ?? null]);
  const lower = Object.keys(headers).map((name) => name.toLowerCase());
  const others = Object.entries(expectedFrom(sent).headers ?? {}).filter(([name]) => isWhole && !lower.includes(name));
  return Object.fromEntries([...own, ...others]);
}

function named(expected: unknown, found: unknown): unknown {
  if (!isObject(expected) || !isObject(found)) return found;
  const names = Object.keys(expected).filter((name) => Object.hasOwn(found, name));
  return Object.fromEntries(names.map((name) => [name, named(expected[name], found[name])]));
}

function resultSettings(expect: Expectation | undefined, ended: Ended, path: Path): Setting[] {
  const { problem, instance, run } = ended;
  // Whether a run may fail is for a person to say.
  if (expect === undefined) return problem === undefined ? [[path, expectationFrom(ended)]] : [];
  const settings: Setting[] = [];
  const steps = stepsOf(ended);
  if (expect.steps !== undefined && steps.join('\n') !== expect.steps.join('\n'))
    settings.push([[...path, 'steps'], steps]);
  if (problem !== undefined && expect.error !== undefined) {
    const found = errorOf(problem, run.records.at(-1));
    const now = typeof expect.error === 'string' ? found.text : named(expect.error, found);
    settings.push([[...path, 'error'], now]);
  }
  for (const name of instance === undefined ? [] : RESULTS) {
    const mismatch = resultOf(name, expect, ended);
    if (mismatch !== undefined) settings.push([[...path, name], nowOf(name, expect, ended, mismatch)]);
  }
  return settings;
}

function nowOf(name: (typeof RESULTS)[number], expect: Expectation, { instance }: Ended, mismatch: Mismatch): unknown {
  if (mismatch.path.length === 0) return mismatch.found ?? null;
  const found = instance?.[name];
  return (name === 'data' && expect.match?.data === 'part' ? named(expect.data, found) : found) ?? null;
}
