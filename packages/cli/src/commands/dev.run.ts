import { sep } from 'node:path';
import { ConnectorError, declarations, type Files, MARKERS, openProject, validate } from '@connectorkit/sdk';
import { watch } from 'chokidar';
import type { Context, Run } from '../command.ts';
import { interrupted, startHarness } from '../local-harness.ts';
import { registryAt } from '../registry.ts';
import { HARNESS_FILE, type Harness, runningHarness } from '../settings.ts';
import { applyPlan, compared, planned, syncWith } from '../sync.ts';
import { inTurn } from '../turns.ts';
import { awaitUnanswered } from '../unanswered.ts';
import type { dev as command } from './dev.ts';

/** Milliseconds of quiet before a change is taken up: editors write a file in several steps. */
const SETTLE = 40;

export const run: Run<typeof command> = async (context, args) => {
  const root = context.root();
  const files = context.files(root);
  const running = runningHarness(files);
  let rounds = 0;
  const started =
    running === undefined
      ? await startHarness(
          context,
          root,
          { ...args, host: '127.0.0.1', 'allow-remote': false, 'allow-plain-http': false },
          () => rounds > 0,
        )
      : undefined;
  if (running !== undefined) {
    context.report({ kind: 'note', message: `Using the harness that runs at ${running.url}` });
  }
  const harness = { pid: process.pid, ...(running ?? started?.harness) } as Harness;
  const turns = inTurn(async () => {
    rounds++;
    await follow(context, root, harness);
    rounds--;
  });
  const watcher = watch(watched(files), { cwd: root, ignoreInitial: true, ignored });
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(turns.ask, SETTLE);
  });
  watcher.on('error', (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }));
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  turns.ask();
  await interrupted(context.signal);
  clearTimeout(timer);
  await watcher.close();
  await turns.idle();
  await started?.stop();
  return { exit: 'fine', summary: 'Stopped.' };
};

/** The manifests, and where connections lie: in `connections`, and wherever else the layout has them. */
function watched(files: Files): string[] {
  const folders = openProject(files).connections.map(({ folder }) => folder);
  const others = folders.filter((folder) => !folder.startsWith('connections/'));
  return [...Object.values(MARKERS), 'connections', ...new Set(others)];
}

/** What is written while the project is worked on, by us or by editors. */
function ignored(path: string): boolean {
  const name = path.split(sep).at(-1) ?? '';
  return name.endsWith('.tmp') || name.endsWith('~') || name === '.connector' || name === 'node_modules';
}

/** One round: what a save brings about. What is wrong is told; the next save brings the next round. */
async function follow(context: Context, root: string, harness: Harness): Promise<void> {
  const started = performance.now();
  const files = context.files(root);
  try {
    const project = openProject(files);
    const diagnostics = validate(project);
    if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
    const types = await declarations(project);
    const typed = files.read(types.file) !== types.text;
    if (typed) files.write(types.file, types.text);
    const origin = project.origins.harness ?? {};
    const { url, token } = harness;
    const destination = { ...origin, name: 'harness', url, token, source: HARNESS_FILE, local: true };
    const synced = syncWith(project, registryAt(context, destination));
    await awaitUnanswered(context, synced);
    const settled = planned(synced, await compared(context, synced), 'push');
    const names = await applyPlan(context, synced, settled);
    const did = [...(typed ? [`wrote ${types.file}`] : []), ...(settled.changes.length > 0 ? ['pushed'] : [])];
    const message = did.length === 0 ? `up to date: ${names?.app}` : `${did.join(', ')}: ${names?.app}`;
    context.report({ kind: 'done', message, milliseconds: performance.now() - started, diagnostics });
  } catch (error) {
    if (context.signal.aborted) return;
    if (!(error instanceof ConnectorError)) throw error;
    context.report({ kind: 'problem', message: 'not pushed', diagnostics: error.diagnostics });
  }
}
