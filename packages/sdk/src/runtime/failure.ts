import type { Code } from '../codes.ts';
import type { Path } from '../diagnostics.ts';
import type { Span } from '../iml/tree.ts';

/** Where in `api` a run ended, and why. */
export interface Reason {
  readonly code: Code & `run/${string}`;
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
  readonly found?: string;
  readonly expected?: string;
  /** To the directive that asked for what failed. */
  readonly path: Path;
  /** The stretch of the string there, when it is not all of it. */
  readonly span?: Span;
}

/** Thrown inside a run, and caught where it began: the run becomes a problem with a trace. */
export class Failure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, options?: ErrorOptions) {
    super(reason.message, options);
    this.name = 'Failure';
    this.reason = reason;
  }
}
