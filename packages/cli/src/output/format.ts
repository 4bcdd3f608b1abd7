import type { Diagnostic } from '@connectorkit/sdk';
import type { Event, Result } from '../command.ts';

/** Outcome of a run. `thrown` diagnostics are why it could not go on; those of the result are its findings. */
export interface RunReport {
  readonly code: number;
  readonly result: Result;
  readonly thrown: readonly Diagnostic[];
  /** The run goes on, and there will be another outcome; absent on the last. */
  readonly ongoing?: boolean;
}

/** How things are to look, and what is needed to show them. */
export interface Look {
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Only the result and errors are wanted. */
  readonly quiet: boolean;
  readonly columns: number;
  /** When the run ended. */
  readonly now: Date;
  /** The file of the project at which a problem without one is reported, where a place has to be named. */
  readonly manifest: string;
  /** A command of ours, or a text that names some in backquotes, as they are typed where the user is. */
  typed(text: string): string;
  /** The text of a file of the project, for frames; undefined when there is none that may be shown. */
  source(file: string): string | undefined;
  /** How the path of a project's file is written for where the user is. */
  place(file: string): string;
  /** The path of a project's file from the top of the repository, with forward slashes: what a CI service calls it. */
  tracked(file: string): string;
}

/** Text for each stream, whole lines. A file gets the text for stdout. */
export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

/** A way to print. Pure: it makes texts, and prints nothing. */
export interface Format {
  outcome(outcome: RunReport, look: Look): Streams;
  /** Something that happened while a command runs; for stderr. */
  event(event: Event, look: Look): string;
}

/** Everything that is wrong: why the run could not go on, then what it found. */
export function problemsOf({ thrown, result }: RunReport): readonly Diagnostic[] {
  return [...thrown, ...(result.diagnostics ?? [])];
}
