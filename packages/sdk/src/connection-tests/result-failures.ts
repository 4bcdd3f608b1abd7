import type { Diagnostic, Path } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import type { StepRecord } from '../runtime/records.ts';
import { differenceLines } from '../text-difference.ts';
import type { Failures } from './failures.ts';
import { valueMismatch } from './match.ts';
import { errorOf, RESULTS, resultOf, stepsOf } from './results.ts';
import type { Ended } from './run-case.ts';
import type { Expectation, TestCase } from './test-file.ts';

/** Returns a problem for each result of a run that is not the one that the case expects. */
export function resultFailures({ expect = {}, run }: TestCase, ended: Ended, failures: Failures): Diagnostic[] {
  const ends = endFailure(expect, ended, failures);
  // A run that fails has other steps, which says nothing more.
  if (ends !== undefined && expect.error === undefined) return [ends];
  const steps = stepFailure(expect, ended, failures);
  if (ends !== undefined) return [...steps, ends];
  if (ended.problem !== undefined) return steps;
  const nothing = run === 'connect' || run === 'verify' ? nothingRan(expect, ended, failures) : [];
  return [...steps, ...nothing, ...valueFailures(expect, ended, failures)];
}

function stepFailure({ steps }: Expectation, ended: Ended, failures: Failures): Diagnostic[] {
  if (steps === undefined) return [];
  const found = stepsOf(ended);
  const at = steps.findIndex((step, index) => step !== found[index]);
  const index = at >= 0 ? at : steps.length;
  if (at < 0 && found.length === steps.length) return [];
  const record = ended.run.records[index] ?? ended.run.records.at(-1);
  const path = record?.path ?? [];
  const [is = 'nothing', wanted = 'nothing'] = [found[index], steps[index]];
  return [
    failures.of({
      code: 'test/steps',
      message: `Step ${index + 1} is ${is}, but the test expects ${wanted}.${decisionOf(record)}`,
      ...{ found: is, expected: wanted, difference: differenceLines(`${steps.join('\n')}\n`, `${found.join('\n')}\n`) },
      path: ['expect', 'steps', ...(at < 0 ? [] : [at])],
      about: [[...path, 'condition'], path],
      does: 'This decided it.',
    }),
  ];
}

function decisionOf(record: StepRecord | undefined): string {
  return record === undefined || record.decision === '' ? '' : ` ${record.decision}`;
}

/** Returns the problem of a run that fails although the test does not expect it, or the other way round. */
function endFailure(expect: Expectation, ended: Ended, failures: Failures): Diagnostic | undefined {
  const { problem, run } = ended;
  const record = run.records.at(-1);
  const path = record?.path ?? [];
  if (expect.error === undefined) return problem && failed(problem, failures);
  if (problem === undefined) {
    return failures.of({
      code: 'test/error',
      message: 'The run succeeds, but the test expects an error.',
      path: ['expect', 'error'],
      about: [[...path, 'response', 'valid'], [...path, 'response'], path],
      does: 'This answer was taken for a success.',
    });
  }
  return errorFailure(expect.error, problem, record, failures);
}

function failed(problem: Diagnostic, failures: Failures): Diagnostic {
  const { code, message, hint, path = [] } = problem;
  return failures.of({
    code: 'test/failed-run',
    message: `The run fails unexpectedly: ${message}`,
    hint: `${hint ?? ''} The problem is ${code}; to expect it, add "expect": { "error": … }.`.trim(),
    path: [],
    about: [path],
    does: 'It fails here.',
  });
}

function errorFailure(
  expected: NonNullable<Expectation['error']>,
  problem: Diagnostic,
  record: StepRecord | undefined,
  failures: Failures,
): Diagnostic | undefined {
  const wanted = typeof expected === 'string' ? { text: expected } : expected;
  const mismatch = valueMismatch(wanted, errorOf(problem, record), 'part');
  if (mismatch === undefined) return undefined;
  const path = record?.path ?? [];
  const status = String(record?.answer?.statusCode ?? '');
  // Only a refusal has words of the section; for other problems, the place is that of the problem.
  const isRefused = problem.code === 'run/refused' || problem.code === 'run/denied';
  const about = [
    ['error', status, 'message'],
    ['error', status],
    ['valid', 'message'],
    ['error', 'message'],
    ['error'],
  ];
  const own = typeof expected === 'string' ? { ...mismatch, path: [] } : mismatch;
  return failures.different('The error', own, {
    code: 'test/error',
    path: ['expect', 'error', ...own.path],
    about: [...(isRefused ? about.map((each) => [...path, 'response', ...each]) : []), problem.path ?? path],
    does: 'It comes from here.',
  });
}

/** Returns a problem for a run without a step that was done: it proves nothing. */
function nothingRan({ steps }: Expectation, { run }: Ended, failures: Failures): Diagnostic[] {
  if (steps !== undefined || run.records.some(({ outcome }) => outcome === 'done')) return [];
  const record = run.records.at(-1);
  const path = record?.path ?? [];
  return [
    failures.of({
      code: 'test/failed-run',
      message: `No step runs, so the connection is not verified.${decisionOf(record)}`,
      hint: 'If this is intended, list the steps in "expect", such as "steps": ["token skipped"].',
      path: [],
      about: [[...path, 'condition'], path],
      does: 'This decided it.',
    }),
  ];
}

function valueFailures(expect: Expectation, ended: Ended, failures: Failures): Diagnostic[] {
  return RESULTS.flatMap((name) => {
    const mismatch = resultOf(name, expect, ended);
    if (mismatch === undefined) return [];
    return failures.different(WORDS[name], mismatch, {
      code: 'test/result',
      path: ['expect', name, ...mismatch.path],
      about: sourcesOf(name, mismatch.path, ended.run),
      does: 'The section sets it here.',
    });
  });
}

const WORDS = {
  data: 'What is stored',
  metadata: 'The metadata',
  uid: 'The uid',
  expires: 'The moment of expires',
  scope: 'The granted scope',
} as const;

/** Returns the places of the section that a result may come from, the step that set it last first. */
function sourcesOf(name: (typeof RESULTS)[number], path: Path, { records, world: { api } }: Ended['run']): Path[] {
  const [first] = path;
  const sets = ({ stored }: StepRecord) =>
    first === undefined ? stored[name] !== undefined : isObject(stored[name]) && Object.hasOwn(stored[name], first);
  const setting = records.findLast(sets);
  const able = [...records].reverse().map((record) => record.path);
  const steps = [...(setting === undefined ? [] : [setting.path]), ...able, ...stepPaths(api)];
  const directives = steps.map((step) => [...step, 'response', name]);
  const responses = steps.map((step) => [...step, 'response']);
  return [...directives.map((directive) => [...directive, ...path]), ...directives, ...responses, ...steps];
}

/** Returns the paths of all requests that are declared, run or not. */
function stepPaths(api: unknown): Path[] {
  if (!isObject(api)) return [];
  return Object.keys(api).flatMap((step) => {
    const value = valueAt(api, [step]);
    return Array.isArray(value) ? value.map((_, index) => [step, index]) : isObject(value) ? [[step]] : [];
  });
}
