import type { Diagnostic, Path, Place } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp, valueAt } from '../json.ts';
import type { Connection, Project } from '../project/project.ts';
import { PROJECT_SCHEMAS } from '../project/schemas.ts';
import type { Instance } from '../runtime/instance.ts';
import type { RunName } from '../runtime/trace.ts';
import type { TransportFailure } from '../runtime/transport.ts';
import { schemaProblems } from '../schema.ts';
import { readSource, type Source } from '../source.ts';
import { inRow, unknownColumns } from './table.ts';

/** Options of a run, as a file of tests gives them. */
export interface Given {
  readonly parameters?: JSONObject;
  readonly common?: JSONObject;
  readonly scopes?: readonly string[];
  readonly redirectUri?: string;
  /** ISO 8601. */
  readonly now?: string;
  readonly timezone?: string;
  readonly chance?: string;
  readonly stored?: Partial<Instance>;
}

/** Extent of a comparison: in part, more than what is named may be there. */
export type Extent = 'whole' | 'part';

/** Request as a test expects it; what is left out may be anything. */
export interface ExpectedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly qs?: JSONObject;
  readonly headers?: JSONObject;
  readonly body?: unknown;
  readonly match?: { readonly qs?: Extent; readonly headers?: Extent; readonly body?: Extent };
}

/** Answer of a vendor in a test. */
export interface GivenAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Base64. */
  readonly bytes?: string;
  readonly failure?: TransportFailure;
}

/** Exchange of a test: a request and its answer, or a visit of the browser and what it brings back. */
export interface TestExchange {
  readonly request?: ExpectedRequest;
  readonly answer?: GivenAnswer;
  readonly visit?: Pick<ExpectedRequest, 'url' | 'qs' | 'match'>;
  readonly query?: JSONObject;
}

/** Results that a test expects; what is left out may be anything. */
export interface Expectation {
  readonly data?: JSONObject;
  readonly metadata?: unknown;
  readonly uid?: unknown;
  readonly expires?: string | null;
  readonly scope?: unknown;
  readonly error?: string | JSONObject;
  readonly steps?: readonly string[];
  readonly match?: { readonly data?: Extent };
}

/** Case, ready to be run: of a case with a table there is one for each row. */
export interface TestCase {
  readonly name: string;
  /** Its place among the cases of the file. */
  readonly index: number;
  /** Its row of the table, where there is one. */
  readonly row: number | undefined;
  readonly run: RunName;
  readonly given: Given;
  readonly exchanges: readonly TestExchange[];
  /** Undefined when the file says nothing of it, so that the run only has to succeed. */
  readonly expect: Expectation | undefined;
}

/** File of tests as it was read. */
export interface TestFile {
  readonly source: Source;
  readonly connection: Connection;
  /** True if it was recorded from a real run. */
  readonly isRecorded: boolean;
  readonly cases: readonly TestCase[];
  /** Problems of the file; if one is an error, there are no cases. */
  readonly problems: readonly Diagnostic[];
}

/** Ending of the names of files with tests. */
export const TEST_FILE = /\.test\.jsonc?$/;
/** Folder of a connection's tests, in the folder of its files. */
const FOLDER = 'tests';

/** Returns the files of a connection's tests, and a problem for each that lies among them and is never run. */
export function testFilesOf(
  { files }: Pick<Project, 'files'>,
  { folder, id }: Pick<Connection, 'folder' | 'id'>,
): { readonly names: readonly string[]; readonly problems: readonly Diagnostic[] } {
  const names: string[] = [];
  const problems: Diagnostic[] = [];
  const look = (at: string) => {
    for (const entry of files.list(at)) {
      const path = `${at}/${entry}`;
      if (entry.startsWith('.')) continue;
      if (entry.endsWith('/')) look(path.slice(0, -1));
      else if (TEST_FILE.test(entry)) names.push(path);
      else if (/\.jsonc?$/.test(entry)) problems.push(notRun(path, id));
    }
  };
  look(`${folder}/${FOLDER}`);
  return { names, problems };
}

/** Returns the path of a file of tests of a connection. @param name without its ending */
export function testFileNamed({ folder }: Pick<Connection, 'folder'>, name: string): string {
  return `${folder}/${FOLDER}/${name}.test.jsonc`;
}

function notRun(file: string, connection: string): Diagnostic {
  return {
    code: 'test/not-run',
    severity: 'warning',
    message: `${file.slice(file.lastIndexOf('/') + 1)} is not run: names of test files end in .test.jsonc.`,
    hint: 'Rename it, or move it out of the folder tests.',
    connection,
    file,
  };
}

/** Reads a file of tests of a connection. Undefined when it is for another that lies in the same folder. */
export function readTestFile(
  { files, ownerOf }: Pick<Project, 'files' | 'ownerOf'>,
  connection: Connection,
  file: string,
): TestFile | undefined {
  const source = readSource(file, files.read(file) ?? '', { comments: true });
  const { value } = source;
  const found = [...source.problems, ...schemaProblems(PROJECT_SCHEMAS, 'test', source)];
  const named = isObject(value) ? value.connection : undefined;
  if (typeof named === 'string' && named !== connection.id) {
    const owners = [ownerOf(file)].flat();
    if (owners.includes(named)) return undefined;
    const message = `${JSON.stringify(named)} is not a connection whose tests are in this folder.`;
    const hint = `Here are those of ${owners.join(' and ')}.`;
    found.push(problemAt(source, { message, hint, path: ['connection'] }));
  }
  const isRecorded = isObject(value) && typeof value.recorded === 'string';
  const wrong = found.some(({ severity }) => severity === 'error');
  const read = wrong || !isObject(value) ? { cases: [], problems: [] } : readCases(value, source);
  const problems = [...found, ...read.problems].map((problem) => ({ ...problem, connection: connection.id }));
  const isRun = problems.every(({ severity }) => severity !== 'error');
  return { source, connection, isRecorded, cases: isRun ? read.cases : [], problems };
}

interface ReadCases {
  readonly cases: readonly TestCase[];
  readonly problems: readonly Diagnostic[];
}

function readCases(file: JSONObject, source: Source): ReadCases {
  const cases: TestCase[] = [];
  const problems: Diagnostic[] = [];
  const seen = new Map<string, Path>();
  const shared: JSONObject = isObject(file.given) ? file.given : {};
  const tell = (message: string, hint: string, path: Path, related?: Path) =>
    problems.push(problemAt(source, { message, hint, path, related }));
  checkGiven(shared, ['given'], tell);
  for (const [index, each] of (file.cases as readonly JSONObject[]).entries()) {
    const path: Path = ['cases', index];
    checkCase(each, path, tell);
    for (const { value, row } of rowsOf(each)) {
      const at = row === undefined ? path : [...path, 'table', row];
      if (row !== undefined) checkRow(each, row, path, tell);
      const before = seen.get(String(value.name));
      if (before !== undefined) {
        tell(
          `Another case is called ${JSON.stringify(value.name)} as well.`,
          'Give each case a unique name.',
          at,
          before,
        );
      }
      seen.set(String(value.name), at);
      const { name, run = 'connect', given, exchanges = [], expect } = value as unknown as TestCase;
      const own = isObject(given) ? given : {};
      checkGiven(own, [...path, 'given'], tell);
      checkExchanges(exchanges, [...path, 'exchanges'], tell);
      cases.push({ name, index, row, run, given: withShared(shared, own), exchanges, expect });
    }
  }
  return { cases, problems: withoutRepetitions(problems) };
}

type Tell = (message: string, hint: string, path: Path, related?: Path) => void;

function problemAt(
  source: Source,
  {
    message,
    hint,
    path,
    related,
  }: { readonly message: string; readonly hint: string; readonly path: Path; readonly related?: Path | undefined },
): Diagnostic {
  const at = (place: Place) => ({ file: source.file, line: place.line, column: place.column });
  return {
    ...{ code: 'test/case', severity: 'error', message, hint, file: source.file, path, ...source.locate(path) },
    ...(related === undefined ? {} : { related: [{ message: 'The other is here.', ...at(source.locate(related)) }] }),
  };
}

/** Leaves out problems that are the same for each row of a table. */
function withoutRepetitions(problems: readonly Diagnostic[]): Diagnostic[] {
  const keyOf = ({ message, line, column }: Diagnostic) => `${line} ${column} ${message}`;
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}

/** Puts together what the file and the case give; the case goes first. */
function withShared(shared: JSONObject, own: JSONObject): Given {
  const both = (name: 'parameters' | 'common') => ({
    ...(isObject(shared[name]) ? shared[name] : {}),
    ...(isObject(own[name]) ? own[name] : {}),
  });
  return { ...shared, ...own, parameters: both('parameters'), common: both('common') } as Given;
}

function rowsOf(value: JSONObject): readonly { readonly value: JSONObject; readonly row: number | undefined }[] {
  const { table, ...rest } = value;
  if (!Array.isArray(table)) return [{ value: rest, row: undefined }];
  return table.map((columns: JSONObject, row) => {
    const filled = inRow(rest, columns) as JSONObject;
    const isNamed = filled.name !== rest.name;
    return { value: isNamed ? filled : { ...filled, name: `${filled.name} (row ${row + 1})` }, row };
  });
}

function checkRow(value: JSONObject, row: number, path: Path, tell: Tell): void {
  const { table, ...rest } = value;
  const columns = valueAt(table, [row]);
  if (!isObject(columns)) return;
  for (const { name, path: at } of unknownColumns(rest, columns)) {
    const other = (table as readonly JSONObject[]).some((each) => lookUp(each, name) !== undefined);
    if (other) tell(`The row has no value for the column ${JSON.stringify(name)}.`, 'Add it.', [...path, 'table', row]);
    else {
      const known = Object.keys(columns).join(', ');
      tell(`The table has no column ${JSON.stringify(name)}.`, `Columns are ${known}.`, [...path, ...at]);
    }
  }
}

function checkCase({ exchanges, expect, run, given }: JSONObject, path: Path, tell: Tell): void {
  const says = isObject(expect) && Object.keys(expect).some((name) => name !== 'match');
  if (!says && !(Array.isArray(exchanges) && exchanges.length > 0)) {
    const message = 'The case expects no request and no result, so it could not fail.';
    tell(message, 'Add exchanges, or expect.', path);
  }
  if (run !== undefined && run !== 'connect' && (!isObject(given) || given.stored === undefined)) {
    const message = `The case runs ${run}, which requires "stored" in "given".`;
    tell(message, 'Add "stored" to given, such as { "data": { "accessToken": "token-1" } }.', [...path, 'run']);
  }
  if (isObject(expect)) checkExpectation(expect, [...path, 'expect'], tell);
}

const RESULTS = ['data', 'metadata', 'uid', 'expires', 'scope'];
const OF_ERRORS = ['text', 'type', 'code', 'step'];

function checkExpectation(expect: JSONObject, path: Path, tell: Tell): void {
  const { error } = expect;
  if (error !== undefined) {
    const result = RESULTS.find((name) => expect[name] !== undefined && expect[name] !== null);
    if (result !== undefined) {
      const message = `A run that ends with an error gives no ${result}.`;
      tell(message, 'Expect one or the other.', [...path, result]);
    }
    if (typeof error !== 'string' && !isObject(error)) {
      tell('The error must be its words, or an object.', 'Write the words, such as "[401] wrong key".', [
        ...path,
        'error',
      ]);
    }
    for (const name of isObject(error) ? Object.keys(error) : []) {
      if (OF_ERRORS.includes(name) && typeof (error as JSONObject)[name] === 'string') continue;
      const hint = `Of an error are known ${OF_ERRORS.join(', ')}; each is a text.`;
      tell(`${JSON.stringify(name)} of the error is not known.`, hint, [...path, 'error', name]);
    }
  }
  for (const name of ['expires'] as const) checkMoment(expect[name], [...path, name], tell);
}

function checkMoment(value: unknown, path: Path, tell: Tell): void {
  if (typeof value !== 'string' || value.includes('${') || !Number.isNaN(Date.parse(value))) return;
  tell(`${JSON.stringify(value)} is not a time.`, 'Write it as in 2026-01-01T00:00:00.000Z.', path);
}

function checkGiven(given: JSONObject, path: Path, tell: Tell): void {
  checkMoment(given.now, [...path, 'now'], tell);
  const { timezone } = given;
  if (typeof timezone === 'string' && !isTimezone(timezone)) {
    tell(`${JSON.stringify(timezone)} is not a time zone.`, 'Write a name such as Europe/Prague.', [
      ...path,
      'timezone',
    ]);
  }
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function checkExchanges(exchanges: readonly TestExchange[], path: Path, tell: Tell): void {
  for (const [index, { request, answer, visit, query }] of exchanges.entries()) {
    const at = [...path, index];
    const isVisit = visit !== undefined || query !== undefined;
    if (isVisit && (request !== undefined || answer !== undefined)) {
      tell('An exchange is a request or a visit of the browser, and not both.', 'Make two exchanges of it.', at);
    } else if (isVisit && query === undefined) {
      tell('The visit has no "query" that the browser returns with.', 'Add "query", such as { "code": "code-1" }.', at);
    } else if (!isVisit && answer === undefined) {
      tell('The request has no "answer".', 'Add "answer", such as { "status": 200, "body": {} }.', at);
    }
    const { status = 200, body, bytes, failure, headers } = answer ?? {};
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      tell(`${JSON.stringify(status)} is not an HTTP status.`, 'Write a number from 100 to 599.', [
        ...at,
        'answer',
        'status',
      ]);
    }
    if ([body, bytes, failure].filter((each) => each !== undefined).length > 1) {
      tell('An answer has a body, bytes or a failure.', 'Keep one of them.', [...at, 'answer']);
    }
    for (const [name, value] of Object.entries(headers ?? {})) {
      if ([value].flat().every((each) => typeof each === 'string')) continue;
      tell('The value of a header is a text or a list of texts.', 'Write it as a text.', [
        ...at,
        'answer',
        'headers',
        name,
      ]);
    }
  }
}
