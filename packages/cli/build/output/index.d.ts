import type { Files } from '@connectorkit/sdk';
import type { Event } from '../command.ts';
import type { Format, Outcome } from './format.ts';

export type { Outcome, Problem } from './format.ts';
export declare const FORMATS: {
  readonly pretty: Format;
  readonly json: Format;
};
/** The parts of a stream that are used. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
export interface OutputOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}
/** What of the arguments says how things look. */
export interface Manner {
  readonly format: keyof typeof FORMATS;
  readonly color?: boolean | undefined;
  readonly quiet: boolean;
}
/** The only thing that prints. */
export declare class Output {
  #private;
  constructor(options: OutputOptions);
  /** From now on, things look like this. */
  use(manner: Manner): void;
  /** From now on, diagnostics are about the files of this project. */
  about(root: string, files: Files): void;
  outcome(outcome: Outcome): void;
  event(event: Event): void;
  /** A text that stands for itself, such as help. */
  text(text: string, stream?: 'stdout' | 'stderr'): void;
}
//# sourceMappingURL=index.d.ts.map
