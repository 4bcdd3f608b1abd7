import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A program that was started for a test, which ends it. */
export interface StartedProcess {
  /** The exit code, once it has ended; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Everything that it has said so far, on stdout and stderr. */
  readonly said: () => string;
}

/** Starts a program without stdin; it is killed when the test has finished. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): StartedProcess {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  return { ended, said: () => said };
}
