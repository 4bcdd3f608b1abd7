import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import { bug, type Command, type Context, EXIT_CODES, type Exit, type Result } from './command.ts';
import type { Input } from './context.ts';
import { Output, type Stream } from './output/index.ts';
import { version } from './version.ts';

/** Surroundings of the program (default: the process's own). */
export interface ProgramOptions {
  /** Name that the program was started by: `connector`, or that of a program that stands for one of its commands. */
  readonly program?: string;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Input;
  readonly stdout?: Stream;
  readonly stderr?: Stream;
}

type Given = Required<Omit<ProgramOptions, 'stdin'>> & Pick<ProgramOptions, 'stdin'>;

/** Runs a command line, prints what there is to say, and gives the exit code. Never rejects. */
export async function main(argv: readonly string[], surroundings: ProgramOptions = {}): Promise<number> {
  const given = { ...ownSurroundings(), ...surroundings };
  const output = new Output(given);
  if (argv.length === 1 && argv[0] === '--version') {
    output.text(version());
    return EXIT_CODES.fine.code;
  }
  const interruption = new AbortController();
  const debug = Boolean(given.environment.CONNECTOR_DEBUG);
  const release = guardProcess(interruption, (error) => {
    output.outcome({ code: EXIT_CODES.bug.code, result: {}, thrown: [bug(error, debug)] });
  });
  let result: Result = {};
  let thrown: readonly Diagnostic[] = [];
  let exit: Exit;
  try {
    result = await run(argv, given, output, interruption);
    exit = result.exit ?? (result.diagnostics?.some(({ severity }) => severity === 'error') ? 'findings' : 'fine');
  } catch (error) {
    const known = error instanceof ConnectorError;
    exit = known ? error.kind : 'bug';
    if (known) thrown = error.diagnostics;
    else if (!interruption.signal.aborted) thrown = [bug(error, debug)];
  } finally {
    release();
  }
  if (interruption.signal.aborted && result.exit === undefined) exit = 'interrupted';
  return output.outcome({ code: EXIT_CODES[exit].code, result, thrown });
}

async function run(
  argv: readonly string[],
  given: Given,
  output: Output,
  interruption: AbortController,
): Promise<Result> {
  const { missingFrom, missingProblem, parseArguments } = await import('./arguments.ts');
  const { command, args, globals, problems } = parseArguments(argv, given.program);
  await output.use(globals);
  if (problems.length > 0 && !(globals.help && command !== undefined)) throw new ConnectorError('usage', problems);
  if (globals.version) return { data: { version: version() }, lines: [version()] };
  const help = async (about: Command | undefined) => {
    const { helpOf } = await import('./help.ts');
    return helpOf(about, given.program, given.stdout.columns ?? given.stderr.columns ?? 80);
  };
  if (globals.help) {
    const text = await help(command);
    return { data: { help: text }, lines: [text] };
  }
  if (command === undefined) {
    if (!globals.json) output.text(await help(undefined), 'stderr');
    const hint = `${given.program} --help lists the commands.`;
    throw new ConnectorError('usage', { code: 'usage/missing', message: 'No command was given.', hint });
  }
  const [{ createContext }, { COMMANDS: commands }] = await Promise.all([
    import('./context.ts'),
    import('./commands/index.ts'),
  ]);
  const context = createContext({ ...given, globals, output, interruption, commands, help });
  const missing = missingFrom(command, args);
  if (missing.length > 0 && !context.terminal.interactive) {
    throw new ConnectorError('usage', missingProblem(command, args, missing, given.program));
  }
  const answers: Record<string, string> = {};
  for (const each of missing) Object.assign(answers, await askFor(each, context));
  const module = await command.load();
  return module.run(context, { ...args, ...answers } as never);
}

type Missing = import('./arguments.ts').Missing;

/** The answer by the name of the positional or option that it is the value of. */
async function askFor(
  { name, flag, describe, example, menu, check }: Missing,
  { ask }: Context,
): Promise<Readonly<Record<string, string>>> {
  const question = { message: describe, flag };
  if (menu === undefined) {
    return { [name]: await ask.text({ ...question, example, check: (answer) => check?.(answer)?.message }) };
  }
  const groups = [...new Set(menu.map(({ group }) => group))];
  const headings = groups.map((value) => {
    const held = menu.filter(({ group }) => group === value);
    return { value, label: value, hint: held.map((item) => item.value).join(', ') };
  });
  const group = groups.length < 2 ? groups[0] : await ask.choose({ ...question, choices: headings });
  const items = menu.filter((item) => item.group === group);
  const choices = items.map(({ value, hint }) => ({ value, label: value, ...(hint === '' ? {} : { hint }) }));
  const chosen = choices.length === 1 ? items[0]?.value : undefined;
  const answer = chosen ?? (await ask.choose({ ...question, choices }));
  return { [items.find(({ value }) => value === answer)?.option ?? name]: answer };
}

function ownSurroundings(): Given {
  const { env: environment, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) if (stream.listenerCount('error') === 0) stream.on('error', ignoreGone);
  return { program: 'connector', cwd: process.cwd(), environment, stdout, stderr };
}

/** A reader that has gone away, such as `head`, is no reason to complain. */
function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/**
 * The first Ctrl-C, or the end of the terminal, asks the command to end; the second ends the process. What is thrown where nobody waits for it is
 * a bug like any other.
 */
function guardProcess(interruption: AbortController, tell: (error: unknown) => void): () => void {
  const interrupt = () => {
    if (interruption.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    interruption.abort();
  };
  const fail = (error: unknown) => {
    tell(error);
    process.exit(EXIT_CODES.bug.code);
  };
  // On Windows Ctrl-Break is SIGBREAK, and closing the window is SIGHUP, after which there are some seconds left.
  const signals = { SIGINT: interrupt, SIGTERM: interrupt, SIGHUP: interrupt, SIGBREAK: interrupt };
  const listeners = { ...signals, uncaughtException: fail } as const;
  for (const [event, listener] of Object.entries(listeners)) process.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) process.off(event, listener);
  };
}
