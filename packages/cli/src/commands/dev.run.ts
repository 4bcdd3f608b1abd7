import {
  ConnectorError,
  createValidator,
  declarations,
  type Files,
  openProject,
  type Project,
  type ProjectValidator,
} from '@connectorkit/sdk';
import type { Arguments, Context, Run } from '../command.ts';
import { waysOut } from '../conflicts.ts';
import { type ConsoleAt, openConsole } from '../console-link.ts';
import { askAt } from '../harness-control.ts';
import { startHarness } from '../local-harness.ts';
import { HARNESS_FILE } from '../local-state/index.ts';
import { registryAt } from '../registry.ts';
import { harnessAt } from '../remote-harness.ts';
import { type Harness, runningHarness } from '../running-harness.ts';
import type { Destination } from '../settings.ts';
import { syncWith } from '../sync.ts';
import { watchFiles } from '../watcher.ts';
import type { dev as command } from './dev.ts';

export const run: Run<typeof command> = async (context, args) => {
  const root = context.root();
  const files = context.files(root);
  const { origin } = args;
  let isPushing = false;
  const target =
    origin === undefined || origin === 'harness'
      ? await ownHarness(context, root, args, () => isPushing)
      : await sharedHarness(context, files, origin);
  const validator = createValidator({ files });
  let isFirst = true;
  let { hint } = target;
  offerConsole(context, target);
  const round = async () => {
    isFirst = false;
    isPushing = true;
    const isThere = await pushProject(context, validator, target);
    isPushing = false;
    if (!isThere || hint === undefined) return;
    context.report({ kind: 'note', message: hint });
    hint = undefined;
  };
  validator.refresh();
  await watchFiles({
    root,
    signal: context.signal,
    watched: () => validator.watched,
    changed: async (paths) => {
      validator.update(paths);
      await round();
    },
    settled: async () => {
      if (validator.refresh() || isFirst) await round();
    },
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  await target.stop();
  return { exit: 'fine', summary: 'Stopped.' };
};

/** Lets the user open the console of the harness by a key. */
function offerConsole(context: Context, { console: at }: Target): void {
  if (at === undefined) return;
  const open = () => {
    openConsole(context, at, false).catch((error) => {
      const known = error instanceof ConnectorError ? { diagnostics: error.diagnostics } : {};
      context.report({ kind: 'problem', message: 'The console was not opened.', ...known });
    });
  };
  const isOffered = context.keys(new Map([['o', open]]));
  if (isOffered)
    context.report({ kind: 'note', message: 'Press o to open the console of the harness in your browser.' });
}

/** The harness that follows the project. */
interface Target {
  /** Words on what can be done there with a project that was pushed, told once. */
  readonly hint?: string;
  /** Where its console is; absent if only others can open it. */
  readonly console?: ConsoleAt;
  /** Where a project is pushed to on it. */
  destination(project: Project): Destination | Promise<Destination>;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/**
 * A harness that others use as well. Where it is and what lets this user in is looked at on every round: the project can
 * say something else by then.
 * @throws ConnectorError as harnessAt does
 */
async function sharedHarness(context: Context, files: Files, origin: string): Promise<Target> {
  const destination = (project: Project) => harnessAt(context, project, origin);
  const { url } = await destination(openProject(files));
  context.report({ kind: 'note', message: `Using the harness that runs at ${url}` });
  return { destination, stop: async () => {} };
}

/** The harness that runs for the folder, or else one that is started for it. */
async function ownHarness(
  context: Context,
  root: string,
  args: Arguments<typeof command>,
  isOwn: () => boolean,
): Promise<Target> {
  const { running, started } = await harnessFor(context, root, args, isOwn);
  const own = started && { ...started.harness, control: started.harness.controlToken, pid: process.pid };
  const { url, token, control } = (running ?? own) as Harness;
  const fixed = { name: 'harness', url, token, source: HARNESS_FILE, local: true };
  return {
    hint: 'To connect as a user of the platform would, run `connector connect --harness`; without an account, add --local',
    console: { url, ask: askAt(context.send, url, control) },
    destination: ({ origins }) => ({ ...origins.harness, ...fixed }),
    stop: async () => started?.stop(),
  };
}

async function harnessFor(context: Context, root: string, args: Arguments<typeof command>, own: () => boolean) {
  const find = async () => {
    const running = await runningHarness(context.send, context.state(root));
    if (running === undefined) return undefined;
    context.report({ kind: 'note', message: `Using the harness that runs at ${running.url}` });
    return { running, started: undefined };
  };
  const found = await find();
  if (found !== undefined) return found;
  try {
    const local = { ...args, host: '127.0.0.1', 'allow-remote': false, 'allow-plain-http': false };
    return { running: undefined, started: await startHarness(context, root, local, own) };
  } catch (error) {
    // Another was started at the same time, and was first.
    const isSecond = error instanceof ConnectorError && error.diagnostics[0]?.code === 'harness/already-running';
    const first = isSecond ? await find() : undefined;
    if (first !== undefined) return first;
    throw error;
  }
}

/**
 * Types and pushes the project, after a save. Problems are reported; the next save tries again.
 * @returns whether the harness has it now
 */
async function pushProject(context: Context, validator: ProjectValidator, target: Target): Promise<boolean> {
  const started = performance.now();
  try {
    const project = validator.open();
    const { files } = project;
    const { diagnostics } = validator;
    if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
    const types = declarations(project);
    const typed = files.read(types.file) !== types.text;
    if (typed) files.write(types.file, types.text);
    const { sync, destination } = syncWith(context, project, registryAt(context, await target.destination(project)));
    await sync.resume();
    const plan = await sync.plan('push');
    if (plan.conflicts.length > 0) {
      context.report({ kind: 'problem', message: 'not pushed', diagnostics: plan.conflicts });
      const ways = waysOut(plan, destination.name);
      context.report({ kind: 'note', message: `To go on: ${ways.join(', or ')}` });
      return false;
    }
    const { names } = await sync.apply(plan);
    const did = [...(typed ? [`wrote ${types.file}`] : []), ...(plan.changes.length > 0 ? ['pushed'] : [])];
    const app = names?.app ?? 'no connections to push';
    const message = did.length === 0 ? `up to date: ${app}` : `${did.join(', ')}: ${app}`;
    // What a removal leaves on the platform is reported; what is left out as ever is not, on every save.
    const left = plan.notes.filter(({ severity }) => severity !== 'info');
    const milliseconds = performance.now() - started;
    context.report({ kind: 'done', message, milliseconds, diagnostics: [...diagnostics, ...left] });
    return names !== undefined;
  } catch (error) {
    if (context.signal.aborted) return false;
    if (!(error instanceof ConnectorError)) throw error;
    context.report({ kind: 'problem', message: 'not pushed', diagnostics: error.diagnostics });
    return false;
  }
}
