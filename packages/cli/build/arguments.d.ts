import { type Diagnostic } from '@connectorkit/sdk';
import type { Check, Command } from './command.ts';
/** Options of every command. */
export declare const GLOBALS: {
  readonly project: {
    readonly type: 'string';
    readonly value: 'folder';
    readonly describe: 'The folder of the project, or one below it';
  };
  readonly json: {
    readonly type: 'boolean';
    readonly describe: 'Print one JSON envelope on stdout';
  };
  readonly color: {
    readonly type: 'boolean';
    readonly describe: 'Use colours; --no-color for none';
  };
  readonly quiet: {
    readonly type: 'boolean';
    readonly describe: 'Print only results and errors';
  };
  readonly help: {
    readonly type: 'boolean';
    readonly describe: 'Show help';
  };
  readonly version: {
    readonly type: 'boolean';
    readonly describe: 'Show the version';
  };
};
export interface Globals {
  readonly project: string | undefined;
  readonly json: boolean;
  readonly color: boolean | undefined;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
}
/** A command line as it was understood. */
export interface Parsed {
  readonly command: Command | undefined;
  /** Values by the names of positionals and options; what was not given has its default or is undefined. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly globals: Globals;
  /** Unknown words and options, and values that will not do. What is missing is no problem yet. */
  readonly problems: readonly Diagnostic[];
}
/** A positional or option that must be given and was not. */
export interface Missing {
  readonly name: string;
  /** How it is written: `<name>` or `--template`. */
  readonly flag: string;
  readonly describe: string;
  readonly example: string;
  readonly choices?: readonly string[] | undefined;
  readonly check: Check | undefined;
}
/** Reads a command line. Never throws for what the user wrote. */
export declare function parseArguments(argv: readonly string[], program: string): Parsed;
/** What a command needs and was not given. */
export declare function missingFrom(command: Command, args: Readonly<Record<string, unknown>>): Missing[];
/** All that is missing as one problem, with a command that would have worked. */
export declare function missingProblem(
  command: Command,
  args: Readonly<Record<string, unknown>>,
  missing: readonly Missing[],
  program: string,
): Omit<Diagnostic, 'severity'>;
/** How a command is typed: `connector create`, or the program that stands for one command. */
export declare function typed(command: Command, program: string): string;
//# sourceMappingURL=arguments.d.ts.map
