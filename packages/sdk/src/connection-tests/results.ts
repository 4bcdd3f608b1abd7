import type { Diagnostic } from '../diagnostics.ts';
import type { StepRecord } from '../runtime/records.ts';
import { type Mismatch, valueMismatch } from './match.ts';
import type { Ended } from './run-case.ts';
import type { Expectation } from './test-file.ts';

/** Results of a run, besides its steps and its error. */
export const RESULTS = ['data', 'metadata', 'uid', 'expires', 'scope'] as const;

/** Compares a result with what is expected of it; undefined when it is the same, or nothing is expected. */
export function resultOf(
  name: (typeof RESULTS)[number],
  expect: Expectation,
  { instance }: Ended,
): Mismatch | undefined {
  const wanted = expect[name];
  if (wanted === undefined || instance === undefined) return undefined;
  const found = name === 'metadata' && typeof wanted === 'string' ? instance.metadata?.value : instance[name];
  const moment = () => new Date(String(wanted)).toISOString();
  const expected = wanted === null ? undefined : name === 'expires' ? moment() : wanted;
  return valueMismatch(expected, found, name === 'data' ? (expect.match?.data ?? 'whole') : 'whole');
}

/** Returns the steps as `expect.steps` names them: one that is not done with what became of it. */
export function stepsOf({ run }: Pick<Ended, 'run'>): string[] {
  return run.records.map(({ name, outcome }) => (outcome === 'done' ? name : `${name} ${outcome}`));
}

/** Returns the parts of an error that tests can name: its words, the type before them, the code of the problem and the step. */
export function errorOf({ code, message }: Diagnostic, record: StepRecord | undefined) {
  const isOfVendor = code === 'run/refused' || code === 'run/denied';
  const at = isOfVendor ? message.indexOf(': ') : -1;
  return {
    text: at < 0 ? message : message.slice(at + 2),
    ...(at < 0 ? {} : { type: message.slice(0, at) }),
    ...{ code, step: record?.name ?? '' },
  };
}

/** Returns the expectation that a run with this outcome fulfils. */
export function expectationFrom(ended: Ended): Expectation {
  const { instance, problem, run } = ended;
  const steps = stepsOf(ended);
  if (problem !== undefined) {
    const { text, code, step } = errorOf(problem, run.records.at(-1));
    return { steps, error: { text, code, step } };
  }
  const { data = {}, metadata, uid, expires, scope } = instance ?? {};
  return {
    steps,
    data,
    ...(metadata === undefined ? {} : { metadata }),
    ...(uid === undefined ? {} : { uid }),
    ...(expires === undefined ? {} : { expires }),
    ...(scope === undefined ? {} : { scope }),
  };
}
