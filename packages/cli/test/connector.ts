import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@connectorkit/harness';
import { filesIn } from '@connectorkit/sdk/node';
import { afterAll } from 'vitest';
import { type LocalState, openLocalState } from '../src/local-state/index.ts';

/** The bundled command, as it is installed. */
export const BINARY = fileURLToPath(new URL('../dist/connector.js', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on stdin, which is no terminal. */
  readonly input?: string;
}

const folders: string[] = [];

/** An empty folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'connector-')));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The user's own folder for the file's tests, in place of that of whoever runs them. */
export const CONFIGURATION = temporaryFolder();

/** The surroundings' variables without those that would steer the command, and with the given ones. */
export function environmentOf(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const steering = /^(CONNECTOR_|NO_COLOR$|FORCE_COLOR$|CI$|NODE_PATH$|npm_command$)/;
  const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
  return { ...others, XDG_CONFIG_HOME: CONFIGURATION, ...env };
}

/** What the user of a configuration folder keeps of a project in a folder. */
export function stateIn(folder: string, configuration = CONFIGURATION): LocalState {
  return openLocalState(filesIn(folder), { XDG_CONFIG_HOME: configuration });
}

/** Writes a harness of this process down for a folder, as `connector harness` would have for the user of a folder. */
export function recordHarness(
  folder: string,
  { url, token, controlToken: control }: Pick<Harness, 'url' | 'token' | 'controlToken'>,
  configuration = CONFIGURATION,
): void {
  stateIn(folder, configuration).update('harness', () => ({ url, token, control, pid: process.pid }));
}

/** The command's own entry in the bundle, as `create-connector` uses it. */
const { main }: typeof import('../src/main.ts') = createRequire(import.meta.url)('../dist/main.js');

/**
 * Runs the bundled command to its end, with neither a terminal nor somebody to ask: in this process, which is several
 * times faster than a process for each run, unless variables are given that Node itself reads at its start.
 */
export async function run(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env = {}, input = '' } = options;
  if (Object.keys(env).some((name) => name.startsWith('NODE_'))) return runProcess(args, options);
  const [stdout, stderr] = [new Sink(), new Sink()];
  const stdin = Readable.from(input === '' ? [] : [input]);
  const code = await main(args, { cwd, environment: environmentOf(env), stdin, stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** A stream that keeps what is written. */
class Sink {
  text = '';

  write(chunk: string | Uint8Array): void {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  }
}

/** The same in a process of its own, for what is about the process. */
export function runProcess(args: readonly string[], { cwd, env, input = '' }: RunOptions): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, env: environmentOf(env), maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [BINARY, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}
