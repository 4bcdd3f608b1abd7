import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ConnectorError, type Diagnostic, type Files, type Project } from '@connectorkit/sdk';
import { PROJECT_FILES } from '@connectorkit/sdk/project';
import { type Event, EXIT_CODES, type Result } from '../command.ts';
import type { Target } from '../targets.ts';
import type { Format, Look, RunReport } from './format.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { openOrNothing, type Subject } from './subject.ts';
import { printable } from './text.ts';

export type { RunReport } from './format.ts';

/** Formats of results. Those that few runs need are loaded on demand. */
export const FORMATS = {
  pretty: () => pretty,
  concise: async () => (await import('./concise.ts')).concise,
  json: () => json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
} as const satisfies Record<string, () => Format | Promise<Format>>;

/** The parts of a stream that are used. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string | Uint8Array): unknown;
}

export interface OutputOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Name that the program was started by. */
  readonly program: string;
}

/** Where a report goes, and as what. */
interface ReportFile {
  readonly format: Format;
  /** Absolute. */
  readonly file: string;
  readonly write: typeof import('./report-file.ts');
}

/** Arguments that decide how output looks. */
export interface Manner {
  /** Where results go besides stdout, and as what (default: to stdout as `pretty`). */
  readonly targets: readonly Target[];
  readonly color?: boolean | undefined;
  readonly quiet: boolean;
}

/** Files whose values are secret wherever they lie, besides those of which the project says so: no line is shown. */
const SECRET = /\.local\.json$/;
/** Makes room on a terminal: what was on it scrolls away, and the next line is the first. */
const CLEAR = '\u001b[2J\u001b[H';

/** The only thing that prints. */
export class Output {
  readonly #options: OutputOptions;
  #manner: Manner = { targets: [], quiet: false };
  #terminal: Format = pretty;
  #files: readonly ReportFile[] = [];
  #project: Subject | undefined;
  /** The last outcome was shown already, and only how it ended is left to say. */
  #shown = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** From now on, things look like this. */
  async use(manner: Manner): Promise<void> {
    this.#manner = manner;
    const files: ReportFile[] = [];
    for (const target of manner.targets) {
      const format = await FORMATS[target.format]();
      if (target.file === undefined) this.#terminal = format;
      else {
        const write = await import('./report-file.ts');
        files.push({ format, file: resolve(this.#options.cwd, target.file), write });
      }
    }
    this.#files = files;
  }

  /** From now on, what happens and what is wrong is a JSON object a line on stderr. */
  async logLines(): Promise<void> {
    this.#terminal = (await import('./log-lines.ts')).logLines(this.#terminal);
    // What libraries and Node itself print, too.
    const { format } = process.getBuiltinModule('node:util');
    const print = (...words: unknown[]) => this.event({ kind: 'note', message: format(...words) });
    Object.assign(console, { debug: print, log: print, info: print, warn: print, error: print });
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => this.event({ kind: 'note', message: `${name}: ${message}` }));
  }

  /** From now on, diagnostics are about the files of this project. */
  about(subject: Subject): void {
    this.#project = subject;
  }

  /** Prints what a run came to, writes the files that were asked for, and gives the exit code. */
  outcome(outcome: RunReport): number {
    if (this.#shown && outcome.thrown.length === 0) {
      const { summary } = outcome.result;
      if (summary !== undefined) this.event({ kind: 'note', message: summary });
      return outcome.code;
    }
    const unwritten = this.#files.flatMap((each) => this.#toFile(each, outcome));
    const { thrown } = outcome;
    const reported =
      unwritten.length === 0
        ? outcome
        : { ...outcome, code: outcome.code || EXIT_CODES.usage.code, thrown: [...thrown, ...unwritten] };
    const { stdout, stderr } = this.#terminal.outcome(reported, this.#look(this.#colors()));
    this.#write('stdout', stdout);
    this.#write('stderr', stderr);
    return reported.code;
  }

  /** Shows how things stand while the command goes on; on a terminal in the place of what was shown before. */
  show(result: Result): void {
    const failed = result.diagnostics?.some(({ severity }) => severity === 'error') === true;
    if (this.#options.stdout.isTTY === true) this.#write('stdout', CLEAR);
    this.#shown = false;
    this.outcome({ code: EXIT_CODES[failed ? 'findings' : 'fine'].code, result, thrown: [], ongoing: true });
    this.#shown = true;
  }

  event(event: Event): void {
    this.#write('stderr', this.#terminal.event(event, this.#look(this.#colors())));
  }

  /** A text that stands for itself, such as help. */
  text(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#write(stream, `${printable(text)}\n`);
  }

  #write(stream: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#options[stream].write(text);
  }

  /** Why the file could not be written, if it could not. */
  #toFile({ format, file, write }: ReportFile, outcome: RunReport): Diagnostic[] {
    const shown = relative(this.#options.cwd, file) || '.';
    const fault = (why: string, hint: string): Diagnostic[] => [
      { code: 'output/unwritable', severity: 'error', message: `${shown} cannot be written: ${why}.`, hint },
    ];
    const inside = this.#project === undefined ? '' : slashed(relative(this.#project.root, file));
    if (write.isPartOfProject(this.#project, inside))
      return fault('it is part of the project', 'Choose another file for the report.');
    const { stdout } = format.outcome(outcome, this.#look({ stdout: false, stderr: false }));
    try {
      write.writeReport(file, stdout);
      return [];
    } catch (error) {
      const why = error instanceof ConnectorError ? undefined : (error as NodeJS.ErrnoException).code;
      const reported =
        error instanceof Error ? error.message.replace(/^.* cannot be written: /, '').replace(/\.$/, '') : '';
      return fault(why ?? reported, 'Name a file that can be written.');
    }
  }

  #look(color: Look['color']): Look {
    const project = this.#project;
    const { cwd } = this.#options;
    let top: string | undefined;
    let opened: Project | undefined;
    const open = () => {
      opened ??= openOrNothing(project);
      return opened;
    };
    return {
      color,
      quiet: this.#manner.quiet,
      columns: this.#options.stderr.columns ?? 80,
      now: new Date(),
      source: (file) => {
        if (SECRET.test(file) || open()?.isSecret(file) === true) return undefined;
        return readOrNothing(project?.files, file);
      },
      get manifest() {
        return open()?.manifest.file ?? PROJECT_FILES[0] ?? '';
      },
      // Whoever starts it with npm has it in the project, and not in PATH.
      typed: (text) => {
        const { program, environment } = this.#options;
        return program === 'connector' && environment.npm_command
          ? text.replace(/(^|`)(?=connector )/g, '$1npx ')
          : text;
      },
      place: (file) => (project === undefined ? file : relative(cwd, join(project.root, file))),
      tracked: (file) => {
        if (project === undefined) return slashed(file);
        top ??= repositoryOf(project.root) ?? cwd;
        return slashed(relative(top, join(project.root, file)));
      },
    };
  }

  #colors(): Look['color'] {
    return { stdout: this.#colored(this.#options.stdout), stderr: this.#colored(this.#options.stderr) };
  }

  #colored(stream: Stream): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#options.environment;
    if (this.#manner.color !== undefined) return this.#manner.color;
    if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
    return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
  }
}

/** The nearest folder upwards that git made: `.git` is a folder there, or a file in a work tree. */
function repositoryOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** A frame is a courtesy: that it cannot be made is no reason to say nothing. */
function readOrNothing(files: Files | undefined, file: string): string | undefined {
  try {
    return files?.read(file);
  } catch {
    return undefined;
  }
}
