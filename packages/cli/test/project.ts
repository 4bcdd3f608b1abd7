import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HARNESS_FILE } from '../src/local-state/index.ts';
import { BINARY, environmentOf, run, temporaryFolder } from './connector.ts';

/** A project made from the example by the real command. */
export async function newProject(name = 'my-github'): Promise<string> {
  const parent = temporaryFolder();
  const made = await run(['create', name, '--example', 'github-oauth'], { cwd: parent });
  if (made.code !== 0) throw new Error(made.stderr);
  return join(parent, name);
}

/** A project made from a template by the real command, with hosts in place of its placeholders. */
export async function projectFrom(template: string, parent: string = temporaryFolder()): Promise<string> {
  const made = await run(['create', 'my-app', '--template', template], { cwd: parent });
  if (made.code !== 0) throw new Error(made.stderr);
  const project = join(parent, 'my-app');
  giveHosts(project);
  return project;
}

/** What comes first after a project was made from a template: its placeholders become the hosts of an API. */
export function giveHosts(project: string): void {
  for (const name of ['api.jsonc', 'tests/main.test.jsonc']) {
    const file = join(project, 'connections/main', name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('.example.com', '.acme.test'));
  }
}

/** A second clone of a project: what git would track, and nothing that it ignores. */
export function cloneOf(project: string): string {
  const clone = join(temporaryFolder(), 'clone');
  const ignored = /[\\/](\.connector|node_modules|common\.local\.json)$/;
  cpSync(project, clone, { recursive: true, filter: (path) => !ignored.test(path) });
  return clone;
}

/** A command that runs until it is stopped. */
export interface Following {
  readonly child: ChildProcess;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** What it said on stderr so far. */
  talk(): string;
  /** What it said on stdout so far. */
  output(): string;
  /** Ends it and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Started extends Following {
  /** The folder that it was started in. */
  readonly folder: string;
  readonly url: string;
  readonly token: string;
  /** The token of the harness's own API. */
  readonly control: string;
}

const running = new Set<Following>();

/** Starts a command that runs until it is stopped. */
export function follow(args: readonly string[], cwd: string, env: Record<string, string> = {}): Following {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd,
    env: environmentOf(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [talk, output] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    talk += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const following: Following = {
    child,
    ended,
    talk: () => talk,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      running.delete(following);
      child.kill(signal);
      return ended;
    },
  };
  running.add(following);
  return following;
}

/** The same, waiting until the harness of the folder is ready. */
export async function start(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Started> {
  const following = follow(args, cwd, env);
  await new Promise<void>((resolve, reject) => {
    following.child.stderr?.on('data', () => {
      if (/Harness ready|Using the harness/.test(following.talk())) resolve();
    });
    following.ended.then(() => reject(new Error(`it ended too early:\n${following.talk()}`)));
  });
  const { url, token, control } = JSON.parse(readFileSync(join(cwd, HARNESS_FILE), 'utf8'));
  return { ...following, folder: cwd, url, token, control };
}

/** Ends whatever a test left running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((each) => each.stop('SIGKILL')));
}

/** Calls Make's API on a harness as any client would. */
export async function ask({ url, token }: Pick<Started, 'url' | 'token'>, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Token ${token}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(`${url}/api/v2${path}`, { ...init, headers });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

export async function askJson(harness: Pick<Started, 'url' | 'token'>, path: string) {
  return JSON.parse(String((await ask(harness, path)).bytes));
}

/** Makes the second project speak to the harness of the first, as a team that shares one. */
export function share(harness: Started, project: string): void {
  mkdirSync(join(project, '.connector'), { recursive: true });
  cpSync(join(harness.folder, HARNESS_FILE), join(project, HARNESS_FILE));
}
