import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ConnectorError, type Files, openProject } from '@connectorkit/sdk';
import { createSend, filesIn, findProject, utf8Text } from '@connectorkit/sdk/node';
import { PROJECT_FILES } from '@connectorkit/sdk/project';
import type { Globals } from './arguments.ts';
import type { Command, Context, Terminal } from './command.ts';
import { followKeys } from './keys.ts';
import { openLocalState } from './local-state/index.ts';
import { createAsk } from './output/ask.ts';
import type { Output, Stream } from './output/index.ts';
import { keptFromGit } from './secret-files.ts';

/** Milliseconds for what is still to be said when a command is interrupted. */
const LAST = 3000;

/** The stream that answers and texts are read from. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

export interface ContextOptions {
  readonly program: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Input;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly globals: Globals;
  readonly output: Output;
  readonly interruption: AbortController;
  readonly commands: readonly Command[];
  readonly help: (command: Command | undefined) => Promise<string>;
}

/** The world as a command sees it. */
export function createContext(options: ContextOptions): Context {
  const { program, cwd, environment, globals, output, interruption, help } = options;
  const { signal } = interruption;
  const terminal = terminalFacts(options);
  const { interactive } = terminal;
  let root: string | undefined;
  const reported = new Set<string>();
  const about = (folder: string, files: Files) => {
    output.about({ root: folder, files, open: () => openProject(files, { connections: [] }) });
  };
  const tell = (message: string) => output.event({ kind: 'note', message });
  const state = (folder: string) =>
    openLocalState(filesIn(folder), environment, (path, reason) => {
      if (reported.has(path)) return;
      reported.add(path);
      const why = reason === 'damaged' ? 'it is damaged' : 'you did not write it on this machine';
      tell(`${path} is ignored: ${why}.`);
    });
  return {
    cwd,
    environment,
    terminal,
    program,
    root() {
      root ??= projectRoot(cwd, globals.project);
      about(root, filesIn(root));
      return root;
    },
    files: (folder) => ({ ...keptFromGit(filesIn(folder), tell), local: state(folder) }),
    state,
    ask: createAsk({ interactive, signal, interrupt: () => interruption.abort() }),
    stdin: async () => {
      const { buffer } = process.getBuiltinModule('node:stream/consumers');
      const { addAbortSignal } = process.getBuiltinModule('node:stream');
      return utf8Text(await buffer(addAbortSignal(signal, options.stdin ?? process.stdin)));
    },
    // The second Ctrl-C ends the process, as it does where the terminal sends the signal.
    keys: (actions) =>
      interactive &&
      followKeys(options.stdin ?? process.stdin, actions, () => process.kill(process.pid, 'SIGINT'), signal),
    streams: () => ({ input: options.stdin ?? process.stdin, output: options.stdout as Writable }),
    about,
    report: (event) => output.event(event),
    logLines: () => output.logLines(),
    show: (result) => output.show(result),
    send: createSend({ signal, environment }),
    sendLast: (request) => createSend({ signal: AbortSignal.timeout(LAST), environment })(request),
    permit: () => undefined,
    openBrowser: async (url) => (await import('./browser.ts')).openBrowser(url),
    signal,
    commands: options.commands,
    help: (command) => help(command),
  };
}

function projectRoot(cwd: string, folder: string | undefined): string {
  const start = resolve(cwd, folder ?? '.');
  const root = findProject(start);
  if (root !== undefined) return root;
  throw new ConnectorError('usage', {
    code: 'project/not-found',
    message: `There is no ${PROJECT_FILES.join(' or ')} in ${folder === undefined ? 'this folder' : folder} or above it.`,
    hint: 'Change to the project’s folder, pass it with --project, or create a project with `connector create`.',
  });
}

function terminalFacts({ stdin, stdout, stderr, environment, globals }: ContextOptions): Terminal {
  const ci = !['', 'false', '0', undefined].includes(environment.CI);
  const robot = ci || globals.json;
  return {
    ci,
    // Asked for only when it matters: Node opens the stream, which takes as long as reading the arguments.
    get stdin() {
      return (stdin ?? process.stdin).isTTY === true;
    },
    get interactive() {
      return this.stderr && !robot && this.stdin;
    },
    stdout: stdout.isTTY === true,
    stderr: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
  };
}
