import { relative } from 'node:path';
import type { Files } from '@connectorkit/sdk';
import type { Event } from '../command.ts';
import type { Format, Look, Outcome } from './format.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { printable } from './text.ts';

export type { Outcome } from './format.ts';

export const FORMATS = { pretty, json } as const satisfies Record<string, Format>;

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

/** Files whose values are secret; not even a line of them is shown. */
const SECRET = /\.local\.json$/;

/** The only thing that prints. */
export class Output {
  readonly #options: OutputOptions;
  #manner: Manner = { format: 'pretty', quiet: false };
  #project: { readonly root: string; readonly files: Files } | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** From now on, things look like this. */
  use(manner: Manner): void {
    this.#manner = manner;
  }

  /** From now on, diagnostics are about the files of this project. */
  about(root: string, files: Files): void {
    this.#project = { root, files };
  }

  outcome(outcome: Outcome): void {
    const { stdout, stderr } = FORMATS[this.#manner.format].outcome(outcome, this.#look());
    this.#write('stdout', stdout);
    this.#write('stderr', stderr);
  }

  event(event: Event): void {
    this.#write('stderr', FORMATS[this.#manner.format].event(event, this.#look()));
  }

  /** A text that stands for itself, such as help. */
  text(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#write(stream, `${printable(text)}\n`);
  }

  #write(stream: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#options[stream].write(text);
  }

  #look(): Look {
    const project = this.#project;
    return {
      color: { stdout: this.#colored(this.#options.stdout), stderr: this.#colored(this.#options.stderr) },
      quiet: this.#manner.quiet,
      columns: this.#options.stderr.columns ?? 80,
      source: (file) => (SECRET.test(file) ? undefined : readOrNothing(project?.files, file)),
      place: (file) => (project === undefined ? file : relative(this.#options.cwd, `${project.root}/${file}`)),
    };
  }

  #colored(stream: Stream): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#options.environment;
    if (this.#manner.color !== undefined) return this.#manner.color;
    if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
    return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
  }
}

/** A frame is a courtesy: that it cannot be made is no reason to say nothing. */
function readOrNothing(files: Files | undefined, file: string): string | undefined {
  try {
    return files?.read(file);
  } catch {
    return undefined;
  }
}
