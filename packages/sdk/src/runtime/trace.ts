import type { Diagnostic, Path } from '../diagnostics.ts';

/** Name of a run. */
export type RunName = 'connect' | 'verify' | 'refresh' | 'invalidate';

/** Trace of a run, step by step, without secrets: JSON as it stands. */
export interface Trace {
  readonly run: RunName;
  /** The id of the connection. */
  readonly connection: string;
  /** ISO 8601, by the clock of the run. */
  readonly started: string;
  readonly milliseconds: number;
  readonly steps: readonly TraceStep[];
  /** Why it ended early. */
  readonly problem?: Diagnostic;
}

/** Where something stands in the files of a project; lines and columns from 1. */
export interface TracePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Into `api`. */
  readonly path: Path;
}

/** One request of a step, or the visit of the browser. */
export interface TraceStep {
  /** The step that the section names, with a number where it is one of several: `token`, `info[2]`; `request` in a connection without OAuth. */
  readonly name: string;
  readonly place: TracePlace;
  readonly outcome: 'done' | 'skipped' | 'failed';
  /** Why it ran, or did not. */
  readonly decision: string;
  readonly milliseconds: number;
  /** Each string with an expression, and what it came to, in the order of evaluation. */
  readonly expressions: readonly TraceExpression[];
  /** Requests and answers: more than one where redirects were followed. */
  readonly exchanges: readonly TraceExchange[];
  /** Where the browser was sent, and what it brought back. */
  readonly visit?: TraceVisit;
  /** Values that the step stored. */
  readonly stored: TraceStored;
  /** Notes on unusual behaviour of the vendor; whole sentences. */
  readonly notes: readonly string[];
  readonly problem?: Diagnostic;
}

/** A string with expressions, and what it came to. */
export interface TraceExpression {
  readonly place: TracePlace;
  readonly text: string;
  /** JSON; undefined is left out, dates are ISO 8601, bytes are given by their number. */
  readonly value?: unknown;
}

/** A request and its answer, when there was one. */
export interface TraceExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** As it was sent, as far as that is a text. */
    readonly body?: string;
  };
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    /** Body as expressions saw it, or the text of one that was not read. */
    readonly body?: unknown;
    /** Bytes of the body. */
    readonly size: number;
  };
  readonly milliseconds: number;
}

/** The way of the browser to the provider and back. */
export interface TraceVisit {
  readonly url: string;
  readonly redirectUri: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
}

/** Values that a step stored, under the names of its directives. */
export interface TraceStored {
  readonly temp?: unknown;
  readonly data?: unknown;
  readonly metadata?: unknown;
  readonly uid?: unknown;
  readonly expires?: unknown;
  readonly scope?: unknown;
}
