import type { Diagnostic, Path } from '../diagnostics.ts';
import type { Connection } from '../project/project.ts';
import { secretsIn } from './found-secrets.ts';
import { observations } from './observations.ts';
import type { StepRecord } from './records.ts';
import { Redaction } from './redact.ts';
import type { Run } from './run.ts';
import { isSecretSent, type Secrets } from './secrets.ts';
import type { Trace, TraceExchange, TracePlace, TraceStep } from './trace.ts';

/** Returns the problem that ended the run, as it is, with its secrets. */
export function problemOf({ records }: Run): Diagnostic | undefined {
  return records.findLast(({ problem }) => problem !== undefined)?.problem;
}

/** Why the run ended, without secrets: what the vendor said may repeat what it was sent. */
export function problemIn(run: Run): Diagnostic | undefined {
  const record = run.records.findLast(({ problem }) => problem !== undefined);
  if (record?.problem === undefined) return undefined;
  return hidden(record.problem, new Redaction(secretsIn(run), record.sanitize));
}

/** Returns the trace of a run, without secrets. */
export function traceOf(run: Run, ended: Date, problem?: Diagnostic): Trace {
  const { name, world, records, started } = run;
  const secrets = secretsIn(run);
  return {
    run: name,
    connection: world.connection.id,
    started: started.toISOString(),
    milliseconds: ended.getTime() - started.getTime(),
    steps: records.map((record) => stepOf(record, run, secrets)),
    ...(problem === undefined ? {} : { problem }),
  };
}

function stepOf(record: StepRecord, run: Run, secrets: Secrets): TraceStep {
  const { connection } = run.world;
  const { name, path, outcome, decision, milliseconds, evaluations, stored, visit, problem } = record;
  const redaction = new Redaction(secrets, record.sanitize);
  const notes = observations(record, run);
  const traps = [...new Set(notes.flatMap((note) => (typeof note === 'string' ? [] : [note.trap].flat())))];
  return {
    name,
    place: placeOf(connection, path),
    outcome,
    decision: redaction.text(decision),
    milliseconds,
    expressions: evaluations.map((each) => {
      const value = redaction.value(each.value);
      const place = placeOf(connection, each.path);
      return { place, text: redaction.text(each.text), ...(value === undefined ? {} : { value }) };
    }),
    exchanges: exchangesOf(record, redaction),
    ...(visit === undefined ? {} : { visit: visitOf(visit, redaction) }),
    stored: redaction.value(stored, [], isSecretSent) as TraceStep['stored'],
    notes: notes.map((note) => redaction.text(typeof note === 'string' ? note : note.text)),
    ...(traps.length === 0 ? {} : { traps }),
    ...(problem === undefined ? {} : { problem: hidden(problem, redaction) }),
  };
}

/** Only the last answer was read. */
function exchangesOf({ exchanges, answer }: StepRecord, redaction: Redaction): TraceExchange[] {
  return exchanges.map((each, index) =>
    redaction.exchange(each, index === exchanges.length - 1 ? answer?.body : undefined),
  );
}

function visitOf(visit: NonNullable<StepRecord['visit']>, redaction: Redaction): NonNullable<TraceStep['visit']> {
  const { url, redirectUri, query } = visit;
  return {
    url: redaction.url(url),
    redirectUri: redaction.url(redirectUri),
    ...(query === undefined
      ? {}
      : { query: redaction.value(query, [], isSecretSent) as NonNullable<TraceStep['visit']>['query'] }),
  } as NonNullable<TraceStep['visit']>;
}

function placeOf({ sections, descriptor }: Connection, path: Path): TracePlace {
  const source = sections.api ?? descriptor;
  const { line, column } = source.locate(path);
  return { file: source.file, line, column, path };
}

function hidden(problem: Diagnostic, redaction: Redaction): Diagnostic {
  const { message, hint, found } = problem;
  return {
    ...problem,
    message: redaction.text(message),
    ...(hint === undefined ? {} : { hint: redaction.text(hint) }),
    ...(found === undefined ? {} : { found: redaction.text(found) }),
  };
}
