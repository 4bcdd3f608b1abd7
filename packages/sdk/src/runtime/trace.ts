import type { Diagnostic, Path } from '../diagnostics.ts';
import type { TrapName } from '../traps.ts';

/** Name of a run. */
export type RunName = 'connect' | 'verify' | 'refresh' | 'invalidate';

/** Trace of a run, step by step, without secrets: JSON as it stands. */
export interface Trace {
  readonly run: RunName;
  /** The id of the connection. */
  readonly connection: string;
  /** ISO 8601, by the clock of the run. */
  readonly started: string;
  /** Duration by the clock of the run. */
  readonly milliseconds: number;
  /** In the order in which they ran. */
  readonly steps: readonly TraceStep[];
  /** The problem that ended the run early. */
  readonly problem?: Diagnostic;
}

/** A place in the files of a project; lines and columns count from 1. */
export interface TracePlace {
  /** Relative to the project’s folder, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The path in the section `api`. */
  readonly path: Path;
}

/** One request of a step, or the visit of the browser. */
export interface TraceStep {
  /** The name of the step, with a number if it is one of several requests: `token`, `info[2]`; `request` without OAuth. */
  readonly name: string;
  readonly place: TracePlace;
  /** `skipped` if its condition was false. */
  readonly outcome: 'done' | 'skipped' | 'failed';
  /** The reason why it ran or was skipped; whole sentences. */
  readonly decision: string;
  readonly milliseconds: number;
  /** Each string with an expression, and its value, in the order of evaluation. */
  readonly expressions: readonly TraceExpression[];
  /** Requests and responses: more than one if redirects were followed. */
  readonly exchanges: readonly TraceExchange[];
  /** The authorization URL, and the query string that the browser returned with. */
  readonly visit?: TraceVisit;
  /** Values that the step stored. */
  readonly stored: TraceStored;
  /** Notes on unusual behaviour of the vendor; whole sentences. */
  readonly notes: readonly string[];
  /** The traps that the notes are about, if any: `connector explain trap/<name>` shows their pages. */
  readonly traps?: readonly TrapName[];
  readonly problem?: Diagnostic;
}

/** A string with expressions, and its value. */
export interface TraceExpression {
  readonly place: TracePlace;
  /** As it is written in the section. */
  readonly text: string;
  /** JSON; absent if undefined. Dates are ISO 8601; of bytes only the number is given. */
  readonly value?: unknown;
}

/** A request and its response; without `answer` there was no complete response. */
export interface TraceExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** The sent body, if it is text. */
    readonly body?: string;
  };
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    /** The parsed body, as expressions see it; the text if it could not be parsed. */
    readonly body?: unknown;
    /** Bytes of the body. */
    readonly size: number;
  };
  /** Time until the complete response. */
  readonly milliseconds: number;
}

/** The visit of the browser to the provider. */
export interface TraceVisit {
  /** The authorization URL, without secrets. */
  readonly url: string;
  readonly redirectUri: string;
  /** The query string of the return, by name; absent if the browser did not return. */
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
