import { ConnectorError, type Path, type SeverityOverrides } from '../diagnostics.ts';
import { parseExactly, writeExactly } from '../exact-numbers.ts';
import { isObject, jsonIn } from '../json.ts';
import { memoryFiles } from '../project/files.ts';
import type { Connection } from '../project/project.ts';
import { PROOFS } from '../runtime/authorize.ts';
import { secretsIn } from '../runtime/found-secrets.ts';
import type { Instance } from '../runtime/instance.ts';
import { type Declaration, declarationOf } from '../runtime/prepare.ts';
import { mediaTypeOf } from '../runtime/read-answer.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { RunName } from '../runtime/trace.ts';
import type { HttpAnswer } from '../runtime/transport.ts';
import { pathWords } from '../value-changes.ts';
import type { Capture, CapturedExchange } from './capture.ts';
import { type KeyLike, placeholders } from './placeholders.ts';
import { expectationFrom, stepsOf } from './results.ts';
import { type Ended, playCase } from './run-case.ts';
import { runFile } from './run-tests.ts';
import { looksReal, secretsInTest, walk, withoutTokens } from './secrets-in-test.ts';
import { expectedFrom, stateless } from './sent.ts';
import {
  type Given,
  type GivenAnswer,
  readTestFile,
  type TestCase,
  type TestExchange,
  testFileNamed,
} from './test-file.ts';

/** Source of a recording. */
export interface RecordOptions {
  /** Name of the file without its ending, and of its case. */
  readonly name: string;
  readonly run: RunName;
  /** The connection as it was stored before; for all but `connect`. */
  readonly stored?: Instance;
  readonly rules?: SeverityOverrides;
  /** Makes another private key of the same kind, in PEM (default: a text takes its place, and nothing can be signed). */
  readonly keyLike?: KeyLike;
}

/** Test that was made of a real run. */
export interface Recording {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

/**
 * Makes a test of a real run. Secrets become placeholders in everything that the run was given and answered, and the
 * run is repeated with them: the requests and results that it then has are those that the test expects, so that they
 * match also where a secret was encoded, hashed or signed with.
 * @throws ConnectorError findings `record/not-replayable` when the run goes another way with placeholders, and
 * `record/secret` when a secret is left in the test
 */
export async function recordingOf(
  connection: Connection,
  capture: Capture,
  options: RecordOptions,
): Promise<Recording> {
  const declaration = declarationOf(connection, options.rules);
  const real = realCase(declaration, capture, options);
  // With another chance: what it makes, such as a verifier, is no secret of the real run.
  const once = await played(declaration, { ...real, given: { ...real.given, chance: 'recording' } });
  expectAll(once, real, connection);
  const secrets = secretsIn(once.run, placeholders(options.keyLike));
  walk([real.given, real.exchanges], [], (text, name) => {
    if (looksReal(name, text)) secrets.add(text, name);
  });
  const scrubbed = {
    ...real,
    ...(hidden({ given: real.given, exchanges: real.exchanges }, secrets) as Pick<TestCase, 'given' | 'exchanges'>),
  };
  const again = await played(declaration, scrubbed);
  expectSame(once, again, connection);
  const recording = { file: testFileNamed(connection, options.name), text: textOf(scrubbed, again, capture.started) };
  expectNoSecret(recording, secrets, connection);
  await expectPassing(recording, declaration);
  return recording;
}

/** The run as it was, as a case without expectations. */
function realCase({ api }: Declaration, capture: Capture, { name, run, stored }: RecordOptions): TestCase {
  const { parameters, common, scopes = [], redirectUri, timezone } = capture.options;
  const text = JSON.stringify(api).toLowerCase();
  const given: Given = {
    ...(isFilled(parameters) ? { parameters } : {}),
    ...(isFilled(common) ? { common } : {}),
    ...(scopes.length === 0 ? {} : { scopes }),
    redirectUri,
    now: capture.started.toISOString(),
    ...(timezone === undefined ? {} : { timezone }),
    ...(stored === undefined ? {} : { stored }),
  };
  const exchanges = capture.exchanges.map((exchange) => exchangeOf(exchange, text));
  return { name, index: 0, row: undefined, run, given, exchanges, expect: undefined };
}

function isFilled(values: object | undefined): boolean {
  return values !== undefined && Object.keys(values).length > 0;
}

function exchangeOf(exchange: CapturedExchange, api: string): TestExchange {
  if ('failure' in exchange) return { answer: { failure: exchange.failure } };
  if ('answer' in exchange) return { answer: answerOf(exchange.answer, api) };
  const sent = new URL(exchange.url).searchParams;
  // What the browser brings back because it was sent with it is added on replay.
  const own = [...exchange.query].filter(([name, value]) => !PROOFS.includes(name) || sent.get(name) !== value);
  return { query: Object.fromEntries(own) };
}

/** Headers that say how an answer is read, or where it leads; others are kept when the section names them. */
const KEPT = new Set(['content-type', 'location', 'www-authenticate']);

function answerOf({ status, headers, body }: HttpAnswer, api: string): GivenAnswer {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && (KEPT.has(entry[0]) || isRead(entry[0], api)),
  );
  const content = contentOf(body, headers);
  const isPlain = content.body !== undefined && typeof content.body !== 'string';
  const told = kept.filter(([name, value]) => !(isPlain && name === 'content-type' && value === 'application/json'));
  return { status, ...(told.length === 0 ? {} : { headers: Object.fromEntries(told) }), ...content };
}

/** Returns true if an expression reads the header: as `headers.date`, or between backticks, brackets and quotes. */
function isRead(name: string, api: string): boolean {
  const at = [`headers.${name}`, `headers.\`${name}\``, `headers['${name}']`, `headers[\\"${name}\\"]`];
  return at.some((each) => api.includes(each));
}

/** JSON as a value, where it stays what it is; texts as they are, and bytes in base64. */
function contentOf(bytes: Uint8Array, headers: HttpAnswer['headers']): Pick<GivenAnswer, 'body' | 'bytes'> {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { bytes: Buffer.from(bytes).toString('base64') };
  }
  const value = /json|^$/.test(mediaTypeOf(headers)) ? jsonIn(text) : undefined;
  const isExact =
    value !== undefined && typeof value !== 'string' && writeExactly(parseExactly(text)) === JSON.stringify(value);
  return { body: isExact ? value : text };
}

async function played(declaration: Declaration, test: TestCase): Promise<Ended> {
  try {
    return await playCase(declaration, test);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const [problem] = error.diagnostics;
    throw notReplayable(
      `the form does not take the placeholders: ${problem?.message ?? error.message}`,
      declaration.connection,
    );
  }
}

/** The run has to need what was answered, all of it, and no more. */
function expectAll({ sent, problem }: Ended, { exchanges }: TestCase, connection: Connection): void {
  if (sent.length === exchanges.length && (problem === undefined || problem.code.startsWith('run/'))) return;
  const what = `repeated without a network, it makes ${sent.length} requests, and there were ${exchanges.length}`;
  throw notReplayable(what, connection);
}

function expectSame(once: Ended, again: Ended, connection: Connection): void {
  const [was, is] = [stepsOf(once), stepsOf(again)];
  if (was.join() === is.join() && once.sent.length === again.sent.length) return;
  const why = again.problem === undefined ? '' : `: ${again.problem.message}`;
  throw notReplayable(
    `with placeholders its steps are ${is.join(', ')} instead of ${was.join(', ')}${why}`,
    connection,
  );
}

function notReplayable(what: string, { id }: Connection): ConnectorError {
  return new ConnectorError('findings', {
    code: 'record/not-replayable',
    message: `The run of ${id} cannot be recorded: ${what}.`,
    hint: 'Expressions depend on the form of a secret. Write the test by hand, with values of your own.',
    connection: id,
  });
}

/** The value with placeholders in the place of secrets. */
function hidden(value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string') return secrets.hide(value);
  if (typeof value === 'number') {
    const text = secrets.hide(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => hidden(item, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each, secrets)]));
}

function textOf({ name, run, given, exchanges }: TestCase, ended: Ended, moment: Date): string {
  const all = exchanges.map((exchange, index) => {
    const each = ended.sent[index];
    if (each === undefined) return exchange;
    if (each.played.call === undefined) return { visit: expectedFrom(stateless(each.sent)), ...exchange };
    return { request: expectedFrom(each.sent), ...exchange };
  });
  const isUsual = run === 'connect';
  const value = {
    recorded: moment.toISOString(),
    cases: [{ name, ...(isUsual ? {} : { run }), given, exchanges: all, expect: expectationFrom(ended) }],
  };
  const [open, ...rest] = JSON.stringify(value, undefined, 2).split('\n');
  return `${[open, ...COMMENT, ...rest].join('\n')}\n`;
}

const COMMENT = [
  '  // Recorded from a real run. What was secret is a placeholder, and the requests are those that the connection makes',
  '  // when it is given placeholders. Personal data, such as names and addresses, is as it was answered.',
];

function expectNoSecret({ file, text }: Recording, secrets: Secrets, connection: Connection): void {
  const left: Path[] = [];
  const value = parsed(text);
  walk(value, [], (found, _, path) => {
    const each = withoutTokens(found);
    if (secrets.hide(each) !== each && !each.includes('placeholder-')) left.push(path);
  });
  const [first] = left;
  if (first === undefined) return;
  throw new ConnectorError('findings', {
    code: 'record/secret',
    message: `The recording ${file} is not written: ${pathWords(first)} would hold a secret.`,
    hint: 'A secret that is written in the section itself, or that is as short as an ordinary word, cannot be left out: use another one for the recording.',
    connection: connection.id,
  });
}

function parsed(text: string): unknown {
  return JSON.parse(text.replace(/^ {2}\/\/.*$/gm, ''));
}

/** Checks the text that is written as `connector test` will read it: it has to be accepted, and to pass. */
async function expectPassing({ file, text }: Recording, declaration: Declaration): Promise<void> {
  const { connection } = declaration;
  const files = memoryFiles({ [file]: text });
  const read = readTestFile({ files, ownerOf: () => [connection.id] }, connection, file);
  if (read === undefined) return;
  const secrets = secretsInTest(read);
  const results = secrets.length > 0 ? [] : await runFile(declaration, read);
  const [problem] = [...read.problems, ...secrets, ...results.flatMap(({ problems }) => problems)];
  if (problem !== undefined) throw notReplayable(`its own test does not pass: ${problem.message}`, connection);
}
