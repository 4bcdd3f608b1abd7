import { realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import { runningHarness } from '../running-harness.ts';
import { leastNode, version } from '../version.ts';
import { type Examined, error, type Finding, ok, skipped, warning } from './check.ts';

/** The version of Node.js, against the least that the command runs on. */
export function checkNode(_: Examined, found: string = process.versions.node): readonly Finding[] {
  const least = leastNode();
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) {
    return [ok(`Node.js ${found} runs connector ${version()}, which needs ${least} or newer.`)];
  }
  return [error(`Node.js ${found} is too old: connector needs ${least} or newer.`, 'Install a newer Node.js.')];
}

/** Surroundings in which a program is looked for by its name. */
export interface Lookup {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly windows: boolean;
  /** The real path of a program that is there and can be run. */
  readonly real: (file: string) => string | undefined;
  /** Separators of folders in PATH, and parts of a path. */
  readonly delimiter: string;
  readonly join: (folder: string, name: string) => string;
}

const OWN_LOOKUP: Omit<Lookup, 'environment'> = {
  windows: process.platform === 'win32',
  real: realProgram,
  delimiter,
  join,
};

/** The programs called `name` in PATH, in the order in which a shell finds them, each real path once. */
export function programsNamed(
  name: string,
  lookup: Lookup,
): readonly { readonly file: string; readonly real: string }[] {
  const { environment, windows, real } = lookup;
  // Windows does not tell names of variables apart by their case.
  const key = windows ? Object.keys(environment).find((each) => each.toUpperCase() === 'PATH') : 'PATH';
  const folders = (environment[key ?? ''] ?? '').split(lookup.delimiter).map((each) => each.replace(/^"(.*)"$/, '$1'));
  const endings = windows ? (environment.PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';') : [''];
  const found = new Map<string, string>();
  for (const folder of folders.filter(Boolean)) {
    for (const ending of endings) {
      const file = lookup.join(folder, `${name}${ending.toLowerCase()}`);
      const target = real(file);
      if (target !== undefined && !found.has(target)) found.set(target, file);
    }
  }
  return [...found].map(([target, file]) => ({ file, real: target }));
}

function realProgram(file: string): string | undefined {
  try {
    const facts = statSync(file);
    const runs = process.platform === 'win32' || (facts.mode & 0o111) !== 0;
    return facts.isFile() && runs ? realpathSync(file) : undefined;
  } catch {
    return undefined;
  }
}

const INSTALLED = /[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/;

/** Which `connector` a shell runs, and whether it is this one. */
export function checkPath(
  { context: { environment } }: Examined,
  own: string | undefined = process.argv[1],
  lookup: Lookup = { ...OWN_LOOKUP, environment },
): readonly Finding[] {
  const running = own === undefined ? undefined : lookup.real(own);
  // npx and npm run put the folders of installed packages in front of PATH, for what they start alone.
  const programs = programsNamed('connector', lookup).filter(({ file }) => !INSTALLED.test(file));
  const [first, ...others] = programs;
  if (first === undefined) {
    return [ok('No connector is in PATH; in a project, `npx connector` runs the one that is installed there.')];
  }
  // On Windows a script stands in PATH that starts the program; what it starts cannot be told from its path.
  const differs = !lookup.windows && running !== undefined && first.real !== running;
  const findings: Finding[] = [];
  if (differs) {
    const message = `The shell runs ${first.file}, but this is ${running}.`;
    findings.push(warning(message, 'Remove one of them, or start this one with `npx connector`.'));
  }
  if (others.length > 0) {
    const places = programs.map(({ file }) => file).join(', ');
    findings.push(warning(`PATH has ${programs.length} different connectors: ${places}.`, 'Keep one of them.'));
  }
  return findings.length > 0 ? findings : [ok(`The shell runs ${first.file}.`)];
}

/** Ports that commands listen on unless told otherwise, each with its use and what to do when it is taken. */
const PORTS = [
  { port: 4600, use: 'the harness', remedy: 'Start it with --port 0, or stop what listens there.', harness: true },
  { port: 4610, use: '`connector connect`', remedy: 'Use --port, and register the new redirect URI.', harness: false },
] as const;

/** The ports that commands listen on unless told otherwise. */
export async function checkPorts({ context, choice }: Examined, ports = PORTS.map((each) => ({ ...each }))) {
  const running = await runningHarness(context.send, context.state(choice.folder));
  const ours = running === undefined ? undefined : Number(new URL(running.url).port);
  const findings: Finding[] = [];
  for (const { port, use, remedy, harness } of ports) {
    const fault = await faultOfListening(port);
    if (fault === undefined) findings.push(ok(`Port ${port}, for ${use}, is free.`));
    else if (harness && ours === port) findings.push(ok(`Port ${port} has the harness of this folder.`));
    else findings.push(warning(`Port ${port}, for ${use}, cannot be used (${fault}).`, remedy));
  }
  return findings;
}

const loadSqlite = async () => (await import('@connectorkit/harness/driver')).loadDriver();

function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof ConnectorError) return error.diagnostics;
  throw error;
}

function faultOfListening(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => done(cause.code ?? cause.message));
    server.listen(port, '127.0.0.1', () => server.close(() => done(undefined)));
  });
}

/**
 * The harness of the folder: whether it answers, and whether it is of this version; where none runs, whether one could.
 * @param load throws a ConnectorError when there is no SQLite
 */
export async function checkHarness(
  { context, choice }: Examined,
  load: () => Promise<unknown> = loadSqlite,
): Promise<readonly Finding[]> {
  const state = context.state(choice.folder);
  if (choice.harness === undefined) {
    const [lack] = await load().then(() => [], diagnosticsOf);
    if (lack !== undefined) return [warning(`None can be started: ${lack.message}.`, lack.hint ?? '')];
    return [skipped('No harness is running for this folder.')];
  }
  const running = await runningHarness(context.send, state);
  const restart = 'Stop it, and start it again with `connector harness`.';
  if (running === undefined) {
    return [
      error(`Process ${choice.harness.pid} is not the harness, or does not answer at ${choice.harness.url}.`, restart),
    ];
  }
  const theirs = state.read('harness')?.version;
  if (theirs === version()) return [ok(`The harness at ${running.url} answers, and has this version.`)];
  const which = typeof theirs === 'string' ? `is of version ${theirs}` : 'is of an older version';
  return [warning(`The harness at ${running.url} ${which}; this is ${version()}.`, restart)];
}
