import type { Diagnostic, Path } from '../diagnostics.ts';
import { valueAt } from '../json.ts';
import type { StepRecord } from '../runtime/records.ts';
import { type Failures, headerIn } from './failures.ts';
import { type Mismatch, requestMismatch } from './match.ts';
import type { Ended, SentInRun } from './run-case.ts';
import { stateless } from './sent.ts';
import type { ExpectedRequest, TestCase, TestExchange } from './test-file.ts';

/** Returns a problem for each request of a run that is not the one that the case expects. */
export function exchangeFailures({ exchanges }: TestCase, ended: Ended, failures: Failures): Diagnostic[] {
  const { sent, problem } = ended;
  const found = sent.flatMap((each, index) => failureOf(each, exchanges[index], index, ended, failures) ?? []);
  const missing = exchanges[sent.length];
  // A run that failed sends no more, and that is reported.
  if (missing === undefined || problem !== undefined) return found;
  return [...found, notSent(missing, sent.length, ended, failures)];
}

function failureOf(
  each: SentInRun,
  exchange: TestExchange | undefined,
  index: number,
  ended: Ended,
  failures: Failures,
): Diagnostic | undefined {
  const { played, sent } = each;
  const record = recordOf(each, ended);
  const path = record?.path ?? [];
  const isVisit = played.call === undefined;
  const expected = isVisit ? exchange?.visit : exchange?.request;
  if (exchange === undefined || isVisit !== (exchange.query !== undefined)) {
    const what = isVisit ? `sends the browser to ${sent.url}` : `sends ${sent.method} ${sent.url}`;
    const instead =
      exchange === undefined ? 'the test has no exchange for it' : `exchange ${index + 1} is ${kindOf(exchange)}`;
    return failures.of({
      code: 'test/unexpected-request',
      message: `${stepWords(record)} ${what}, and ${instead}.`,
      hint: isVisit
        ? 'Add an exchange with "query".'
        : 'Add an exchange with "answer", or find out why the request is made.',
      path: ['exchanges', ...(exchange === undefined ? [] : [index])],
      about: [[...path, 'url'], path],
      does: 'It is sent here.',
    });
  }
  if (expected === undefined) return undefined;
  const part = isVisit ? 'visit' : 'request';
  const mismatch = requestMismatch(expected, isVisit ? stateless(sent, expected) : sent);
  if (mismatch === undefined) return undefined;
  return failures.different(`The ${part} of ${stepWords(record)}`, mismatch, {
    code: 'test/request',
    path: ['exchanges', index, part, ...inTest(expected, mismatch)],
    about: inSection(path, mismatch, valueAt(ended.run.world.api, path)),
    does: 'The section makes it here.',
  });
}

function kindOf({ query }: TestExchange): string {
  return query === undefined ? 'a request' : 'a visit of the browser';
}

function recordOf({ played: { call, url } }: SentInRun, { run }: Ended): StepRecord | undefined {
  return run.records.find(({ exchanges, visit }) =>
    call === undefined ? visit?.url === url : exchanges.some((exchange) => exchange.call === call),
  );
}

/** Returns the name of a step, for sentences. */
function stepWords(record: StepRecord | undefined): string {
  return record?.name ?? 'the run';
}

/** Returns the place in the test; a header stands there as it is written. */
function inTest(expected: ExpectedRequest, { path }: Mismatch): Path {
  const [part, name, ...rest] = path;
  return part === 'headers' && typeof name === 'string' ? [part, headerIn(expected.headers, name), ...rest] : path;
}

/** Returns the places of the section that may make what differs: those of the same names, and where a signature is made. */
function inSection(step: Path, { path }: Mismatch, request: unknown): Path[] {
  const [part = 'url', name, ...rest] = path;
  if (part !== 'headers' || typeof name !== 'string') {
    const parents = path.map((_, index) => [...step, ...path.slice(0, path.length - index)]);
    return [...parents, [...step, part], [...step, 'url'], step];
  }
  const own = [...step, part, headerIn(valueAt(request, ['headers']), name), ...rest];
  const signed = name === 'authorization' ? [[...step, 'oauth'], ['oauth'], [...step, 'aws']] : [];
  const typed =
    name === 'content-type'
      ? [
          [...step, 'type'],
          [...step, 'body'],
        ]
      : [];
  return [own, ...signed, ...typed, [...step, part], step];
}

function notSent(exchange: TestExchange, index: number, { run }: Ended, failures: Failures): Diagnostic {
  const skipped = run.records.findLast(({ outcome }) => outcome === 'skipped');
  const path = skipped?.path ?? run.records.at(-1)?.path ?? [];
  const what = exchange.query === undefined ? 'request' : 'visit of the browser';
  const why = skipped === undefined ? '' : ` ${skipped.name} was skipped: ${skipped.decision}`;
  return failures.of({
    code: 'test/missing-request',
    message: `The run ends without the ${what} of exchange ${index + 1}.${why}`,
    hint: 'Check the conditions, or remove the exchange.',
    path: ['exchanges', index],
    about: [[...path, 'condition'], path],
    does: skipped === undefined ? 'This came last.' : 'This decided it.',
  });
}
