import type { Readable, Writable } from 'node:stream';
import { type Diagnostic, type ErrorKind, type Files, nearest } from '@connectorkit/sdk';
import type { Send } from '@connectorkit/sdk/platforms';
import type { LocalState } from './local-state/index.ts';

/** Every way in which a run of the command can end. */
export const EXIT_CODES = {
  fine: { code: 0, meaning: 'it worked' },
  findings: { code: 1, meaning: 'the project has errors, a test failed, or a connection did not work' },
  usage: { code: 2, meaning: 'wrong arguments, or no project found' },
  differences: { code: 3, meaning: 'there are differences, and --exit-code asked to say so' },
  conflict: { code: 4, meaning: 'someone else changed what would be overwritten' },
  auth: { code: 5, meaning: 'no token, or the token was not accepted' },
  network: { code: 6, meaning: 'the other side cannot be reached' },
  refused: { code: 7, meaning: 'the platform refused' },
  bug: { code: 70, meaning: 'a bug in connector' },
  interrupted: { code: 130, meaning: 'it was interrupted with Ctrl-C' },
} as const satisfies Record<ErrorKind | 'fine' | 'differences' | 'bug' | 'interrupted', object>;

export type Exit = keyof typeof EXIT_CODES;

/** Checks a value: returns the problem, or undefined when the value is valid. */
export type Check = (value: string) => Omit<Diagnostic, 'severity'> | undefined;

/** Checks if a word is one of a command's actions; `more` says in the hint what else is possible. */
export function actionAmong(actions: readonly string[], more = '.'): Check {
  return (word) => {
    if (actions.includes(word)) return undefined;
    const meant = nearest(word, actions);
    return {
      code: 'usage/arguments',
      message: `There is no action ${JSON.stringify(word)}.`,
      hint: meant === undefined ? `Actions are ${actions.join(', ')}${more}` : `Did you mean ${meant}?`,
    };
  };
}

/** The positional of a command that cannot do without one of its actions, such as `list`. */
export function actionOf(actions: readonly string[]) {
  return {
    describe: `Action: ${actions.join(', ')}`,
    example: 'list',
    required: true,
    values: actions,
    check: actionAmong(actions),
  } as const satisfies Positional;
}

/** Kinds of values that are known on this machine, which shells complete. */
export type ValueSource =
  | 'connections'
  | 'origins'
  | 'snapshots'
  | 'connected'
  | 'codes'
  | 'sections'
  | 'platforms'
  | 'commands'
  | 'harness'
  | 'files';

export interface Positional {
  /** A noun phrase. */
  readonly describe: string;
  /** A value that would do, for the ready-made command when it is missing. */
  readonly example: string;
  readonly check?: Check;
  readonly required?: boolean;
  /** Takes all the words that are left; only the last positional can. */
  readonly many?: boolean;
  /** Values that shells complete. */
  readonly values?: ValueSource | readonly string[];
}

export interface Option {
  readonly type: 'string' | 'boolean' | 'number';
  /** A noun phrase, or what the option does. */
  readonly describe: string;
  /** Name of the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Values that shells complete (default: the choices, and files where the value is one). */
  readonly values?: ValueSource | readonly string[];
  /** Can be given several times. */
  readonly many?: boolean;
  /** Value of the option when it is given without one; the value can be left out then. */
  readonly bare?: string;
  /** Of a number: the least and the greatest that it takes. */
  readonly between?: readonly [least: number, greatest: number];
  /** Of a number: it takes no fractions. */
  readonly whole?: boolean;
  /** A flag that can be denied with `--no-<name>`, which is something else than leaving it out. */
  readonly deniable?: true;
  /** Takes the place of the check that the value is one of the choices. */
  readonly check?: Check;
  readonly default?: string | number | boolean;
  /** Must be given, unless one of the options that are named here is. Needs `example`. */
  readonly required?: true | { readonly unless: readonly string[] };
  /** A value that would do, for the ready-made command when it is missing. */
  readonly example?: string;
  /** Options of the menu that asks for a missing value (default: the choices). */
  readonly menu?: () => readonly MenuItem[];
}

/** A value in a menu, and the option that it is a value of. */
export interface MenuItem {
  readonly option: string;
  readonly value: string;
  /** A short description, in one line. */
  readonly hint: string;
  /** Heading under which it stands. */
  readonly group: string;
}

/** The type of an option that takes a port to listen on; 0 stands for any free one. */
export const PORT = { type: 'number', value: 'number', whole: true, between: [0, 65_535] } as const;

/** The type of an option that takes the seconds for which something is waited for: up to a day, and never for ever. */
export const SECONDS = { type: 'number', value: 'seconds', between: [0, 86_400] } as const;

/** The option that says to a command which platform it talks to. */
export const ORIGIN = {
  type: 'string',
  value: 'name',
  describe: 'Origin in the project to use; `harness` is the local one',
  values: 'origins',
} as const;

/** In place of an origin: a platform, and where on it; no project is needed then. */
export const WHERE = {
  platform: { type: 'string', value: 'name', describe: 'Platform to use (default: make)', values: 'platforms' },
  zone: { type: 'string', value: 'name', describe: 'Zone of the platform, such as eu1' },
  url: { type: 'string', value: 'url', describe: 'Base URL of its API, instead of a zone' },
} as const;

type Positionals = Readonly<Record<string, Positional>>;
type Options = Readonly<Record<string, Option>>;

/** One entry of COMMANDS: what is said about a command. The module that runs it is loaded when it runs. */
export interface Command<P extends Positionals = Positionals, O extends Options = Options> {
  readonly name: string;
  /** A short description, in the imperative, without a full stop. */
  readonly summary: string;
  /** In their order on the command line. */
  readonly positionals: P;
  readonly options: O;
  /** Whole command lines, each with what it does. Every one parses. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly load: () => Promise<Module>;
}

export interface Module {
  readonly run: (context: Context, args: never) => Promise<Result>;
}

/** Keeps the literal types of an entry, from which those of its arguments follow. */
export function command<const P extends Positionals, const O extends Options>(entry: Command<P, O>): Command<P, O> {
  return entry;
}

/** Function that runs a command: `export const run: Run<typeof command>`. */
export type Run<C extends Command> = (context: Context, args: Arguments<C>) => Promise<Result>;

/** The arguments of a command by name, as its positionals and options declare them. */
export type Arguments<C extends Command> = {
  readonly [K in keyof C['positionals']]: PositionalValue<C['positionals'][K]>;
} & { readonly [K in keyof C['options']]: OptionValue<C['options'][K]> };

type PositionalValue<P> = P extends { many: true }
  ? readonly string[]
  : P extends { required: true }
    ? string
    : string | undefined;

type OptionValue<O> = O extends { many: true }
  ? readonly Value<O>[]
  : O extends { default: unknown } | { required: true }
    ? Value<O>
    : O extends { type: 'boolean' }
      ? O extends { deniable: true }
        ? boolean | undefined
        : boolean
      : Value<O> | undefined;

type Value<O> = O extends { choices: readonly (infer Choice)[] }
  ? Choice
  : O extends { type: 'number' }
    ? number
    : O extends { type: 'boolean' }
      ? boolean
      : string;

/** The values of options that were read from a command line, or of an empty one: what is not there has its default. */
export function optionsOf(options: Options, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, { type, default: preset, many, bare, deniable }] of Object.entries(options)) {
    const value = values[name] === '' ? bare : values[name];
    if (many) {
      args[name] = listOf(value);
      continue;
    }
    const read = type === 'number' && value !== undefined ? Number(value) : value;
    args[name] = read ?? preset ?? (type === 'boolean' && deniable !== true ? false : undefined);
  }
  return args;
}

/** The values of an option that can be given several times. */
export function listOf(value: unknown): readonly string[] {
  return value === undefined ? [] : ([value].flat() as string[]);
}

/** Everything that a command may use. Nothing else reaches the world. */
export interface Context {
  /** Absolute. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** The command that was typed, such as `connector`; for commands that are suggested. */
  readonly program: string;
  /**
   * The absolute folder of the project: --project, or the nearest folder upwards that holds one.
   * @throws ConnectorError usage `project/not-found`
   */
  root(): string;
  /** The files below a folder, with what this user keeps there of origins that are this machine's own. */
  files(folder: string): Files;
  /** Data that this user keeps of the project in a folder on this machine. */
  state(folder: string): LocalState;
  readonly ask: Ask;
  /** All of stdin, as text; for secrets, which never stand on the command line. */
  stdin(): Promise<string>;
  /** Runs actions when their keys are pressed, until the command ends. @returns false where nobody can press any */
  keys(actions: ReadonlyMap<string, () => void>): boolean;
  /** Stdin and stdout as they are, for a protocol that another program speaks over them. */
  streams(): { readonly input: Readable; readonly output: Writable };
  /** From now on, findings are about these files; `root` is absolute. The project's own are, once `root()` was asked. */
  about(root: string, files: Files): void;
  /** Tells what is happening while the command runs; on stderr, at once. */
  report(event: Event): void;
  /** From now on, what happens and what is wrong is a JSON object a line on stderr. */
  logLines(): Promise<void>;
  /** Shows how things stand while the command goes on: what an outcome would show, in the place of the last. */
  show(result: Result): void;
  /** Redirects are not followed. */
  readonly send: Send;
  /** The same for a few seconds, even after Ctrl-C: takes back what the command began. */
  readonly sendLast: Send;
  /**
   * Called with the URL of every request, before it is sent: a person may reach what they like, an agent only what a
   * person allowed.
   * @throws ConnectorError auth `mcp/not-allowed`
   */
  readonly permit: (url: string) => void;
  /** Sends the person's browser to an address; false if there seems to be none. */
  readonly openBrowser: (url: string) => Promise<boolean>;
  /** Aborted by Ctrl-C. A command that then ends, ends with `interrupted`, unless its result says how it ended. */
  readonly signal: AbortSignal;
  /** All commands, by which `help` knows them. */
  readonly commands: readonly Command[];
  /** The help of a command, or of all. */
  help(command?: Command): Promise<string>;
}

export interface Terminal {
  /** True if a CI service runs the command: the variable CI says so. */
  readonly ci: boolean;
  /** True if somebody is there to be asked: stdin and stderr are a terminal, and neither --json nor CI is set. */
  readonly interactive: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Of stderr; 80 when it is no terminal. */
  readonly columns: number;
}

/**
 * Questions to a person, on stderr. Each names the argument that answers it without a terminal.
 * @throws ConnectorError usage `usage/missing` when nobody is there to be asked.
 */
export interface Ask {
  text(question: TextQuestion): Promise<string>;
  /** Like `text`, without showing what is typed. Has no argument: secrets come from the environment, which `flag` names. */
  secret(question: Question): Promise<string>;
  choose<Choice extends string>(question: ChooseQuestion<Choice>): Promise<Choice>;
  confirm(question: Question & { readonly preset?: boolean }): Promise<boolean>;
}

export interface Question {
  readonly message: string;
  /** The argument that answers the question, such as `--yes`. */
  readonly flag: string;
}

interface TextQuestion extends Question {
  readonly example?: string | undefined;
  /** Checks an answer: returns the problem, or undefined when the answer is valid. */
  readonly check?: ((answer: string) => string | undefined) | undefined;
  /** True if nothing is an answer as well: an empty text. */
  readonly optional?: boolean;
}

export interface ChooseQuestion<Choice extends string> extends Question {
  readonly choices: readonly { readonly value: Choice; readonly label: string; readonly hint?: string }[];
}

/** Something that happened while a command runs. */
export interface Event {
  readonly kind: 'step' | 'done' | 'note' | 'problem';
  /** One line. */
  readonly message: string;
  readonly milliseconds?: number;
  /** For programs: what else belongs to it. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly diagnostics?: readonly Diagnostic[];
}

/** Case of a test, and how it went. */
interface TestedCase {
  readonly name: string;
  /** The file that holds it, relative to the project. */
  readonly file: string;
  readonly milliseconds: number;
  /** Why it failed; each is among the diagnostics of the result. */
  readonly problems: readonly Diagnostic[];
}

/** Result of a command. Every property is optional. */
export interface Result {
  /** Unless said, `findings` when one of the diagnostics is an error, and `fine` otherwise. */
  readonly exit?: Exit;
  /** For programs: the `data` of --json. */
  readonly data?: unknown;
  /** For people: the lines that go to stdout. */
  readonly lines?: readonly string[];
  /** True if differences of texts stand among the lines, each indented by four: they have colours then. */
  readonly differences?: boolean;
  readonly diagnostics?: readonly Diagnostic[];
  /** Names of the things that were checked, such as connections: some formats list those without problems. */
  readonly subjects?: readonly string[];
  /** Cases of tests that were run: formats that list them say which passed. What failed is among the diagnostics. */
  readonly cases?: readonly TestedCase[];
  /** By code: what is said below the first problem of that code. */
  readonly pages?: Readonly<Record<string, readonly string[]>>;
  /** One line on stderr about how it went. */
  readonly summary?: string;
  /** Commands to run next, the likeliest first. */
  readonly next?: readonly string[];
}

/** The problem that stands for a throw that nobody expected. */
export function bug(error: unknown, debug: boolean): Diagnostic {
  const message = `This is a bug in connector: ${error instanceof Error ? error.message : String(error)}`;
  const stack = debug && error instanceof Error ? `\n${error.stack}` : '';
  const hint = debug
    ? 'Please report it with the stack above.'
    : 'Run it again with CONNECTOR_DEBUG=1 to see where it happened.';
  return { code: 'internal/bug', severity: 'error', message: message + stack, hint };
}
