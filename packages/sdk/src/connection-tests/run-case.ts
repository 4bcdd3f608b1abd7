import type { Diagnostic } from '../diagnostics.ts';
import { ConnectorError } from '../diagnostics.ts';
import { type Instance, instanceOf } from '../runtime/instance.ts';
import { type Declaration, execute, worldOf } from '../runtime/prepare.ts';
import type { Run } from '../runtime/run.ts';
import { exchangeFailures } from './exchange-failures.ts';
import type { Failures } from './failures.ts';
import { optionsFor, type Played, stageOf } from './play.ts';
import { resultFailures } from './result-failures.ts';
import { addressed, type Sent, sentBy } from './sent.ts';
import type { TestCase } from './test-file.ts';

/** Request of a run, or address that its browser was sent to, with its parts. */
export interface SentInRun {
  readonly played: Played;
  readonly sent: Sent;
}

/** Outcome of a case. */
export interface Ended {
  readonly run: Run;
  /** The connection as it is stored at its end; undefined when it ended with a problem. */
  readonly instance: Instance | undefined;
  /** The problem that ended it early, with the words of the section as they are. */
  readonly problem: Diagnostic | undefined;
  readonly sent: readonly SentInRun[];
}

/**
 * Runs a case on the runtime, without a network: what the vendor says is in the case.
 * @throws ConnectorError findings for values that the form does not take
 */
export async function playCase(declaration: Declaration, { run: name, given, exchanges }: TestCase): Promise<Ended> {
  const stage = stageOf(exchanges);
  const world = worldOf(declaration, optionsFor(given, stage.transport));
  const stored: Instance | undefined = name === 'connect' ? undefined : { data: {}, ...given.stored };
  const { run, isDone } = await execute(name, world, stored, stage.visit);
  const problem = run.records.findLast((record) => record.problem !== undefined)?.problem;
  const sent: SentInRun[] = [];
  for (const played of stage.played) {
    sent.push({ played, sent: played.call === undefined ? addressed(played.url) : await sentBy(played.call) });
  }
  return { run, instance: isDone ? instanceOf(run.stored) : undefined, problem: isDone ? undefined : problem, sent };
}

/** Runs a case, and returns a problem for each thing that does not go as it says; `ended` is undefined when it could not be run. */
export async function runCase(
  declaration: Declaration,
  test: TestCase,
  failures: Failures,
): Promise<{ readonly ended: Ended | undefined; readonly problems: readonly Diagnostic[] }> {
  let ended: Ended;
  try {
    ended = await playCase(declaration, test);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ended: undefined, problems: error.diagnostics.map((problem) => failures.ofValue(problem)) };
  }
  const found = exchangeFailures(test, ended, failures);
  const isCutShort = found.some(({ code }) => code === 'test/unexpected-request');
  // What comes out of a run that was cut short follows from that.
  return { ended, problems: isCutShort ? found : [...found, ...resultFailures(test, ended, failures)] };
}
