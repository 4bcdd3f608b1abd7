import type { Diagnostic } from '@connectorkit/sdk';
import type { Event, Result } from '../command.ts';

/** What a run came to. `thrown` diagnostics are why it could not go on; those of the result are its finding. */
export interface Outcome {
  readonly code: number;
  readonly result: Result;
  readonly thrown: readonly Diagnostic[];
}

/** How things are to look, and what is needed to show them. */
export interface Look {
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Only the result and errors are wanted. */
  readonly quiet: boolean;
  readonly columns: number;
  /** The text of a file of the project, for frames; undefined when there is none that may be shown. */
  source(file: string): string | undefined;
  /** How the path of a project's file is written for where the user is. */
  place(file: string): string;
}

/** What goes to each stream, whole lines. */
export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

/** A way to print. Pure: it makes texts, and prints nothing. */
export interface Format {
  outcome(outcome: Outcome, look: Look): Streams;
  /** Something that happened while a command runs; for stderr. */
  event(event: Event, look: Look): string;
}
