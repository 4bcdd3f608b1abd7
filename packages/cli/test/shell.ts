import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BINARY, environmentOf, temporaryFolder } from './connector.ts';

/** A shell that somebody types into, on a terminal. */
export interface Shell {
  /** Types a line, in which a tab completes, and gives the arguments that the command was then run with. */
  type(line: string): Promise<readonly string[]>;
  /** Types keys without waiting for anything, and gives what is on the terminal some time later. */
  show(keys: string, until: RegExp): Promise<string>;
  close(): Promise<void>;
}

/** Checks if a program is installed. */
export function has(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** True if `script` can give a shell a terminal; it comes with Linux. */
export const HAS_TERMINAL = process.platform === 'linux' && has('script');

/** Milliseconds until a shell that says nothing is given up. */
const PATIENCE = 30_000;

/**
 * Folder with a `connector` that completes as the real one does, and otherwise writes down the arguments that it was given.
 */
function programFolder(log: string): string {
  const bin = join(temporaryFolder(), 'bin');
  mkdirSync(bin);
  const program = join(bin, 'connector');
  writeFileSync(
    program,
    `#!/bin/sh
if [ "$1" = completion ]; then exec '${process.execPath}' '${BINARY}' "$@"; fi
{ printf '%s\\0' "$@"; printf '\\0'; } >> '${log}'
`,
  );
  chmodSync(program, 0o755);
  return bin;
}

/** Starts a shell in a folder, and has it read what `connector completion` prints. */
export async function startShell(command: string, setUp: string, cwd: string): Promise<Shell> {
  const log = join(temporaryFolder(), 'log');
  writeFileSync(log, '');
  const env = environmentOf({
    PATH: `${programFolder(log)}:${process.env.PATH}`,
    ...{ TERM: 'xterm', PS1: '$ ', HISTFILE: '/dev/null', HOME: temporaryFolder(), LC_ALL: 'C.UTF-8' },
    // A console that is wide enough for every line.
    ...{ COLUMNS: '300', LINES: '50' },
  });
  const child = spawn('script', ['-qfc', `stty cols 300 rows 50; ${command}`, '/dev/null'], { cwd, env });
  let screen = '';
  child.stdout.on('data', (chunk) => {
    screen += chunk;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const until = async <Value>(look: () => Value | undefined): Promise<Value> => {
    const end = Date.now() + PATIENCE;
    for (let found = look(); ; found = look()) {
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`nothing came of it:\n${screen.slice(-2000)}`);
      await sleep(20);
    }
  };
  const runs = () => readFileSync(log, 'utf8').split('\0\0').slice(0, -1);
  const shell: Shell = {
    async type(line) {
      const before = runs().length;
      child.stdin.write(`${line}\n`);
      return until(() => runs()[before]?.split('\0'));
    },
    async show(keys, wanted) {
      const from = screen.length;
      child.stdin.write(keys);
      return until(() => (wanted.test(screen.slice(from)) ? screen.slice(from) : undefined));
    },
    async close() {
      child.stdin.end('\u0003exit\n');
      await Promise.race([ended, sleep(5000)]);
      child.kill('SIGKILL');
    },
  };
  await shell.type(`${setUp}; connector ready`);
  return shell;
}

/** Checks that nothing of a name was run: names make this file where they can. */
export function wasRun(cwd: string): boolean {
  return existsSync(join(cwd, 'pwned'));
}
