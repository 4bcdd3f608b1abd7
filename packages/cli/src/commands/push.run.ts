import {
  apply,
  type Change,
  ConnectorError,
  type Diagnostic,
  localState,
  openProject,
  type Plan,
  type Project,
  plan,
  type RemoteNames,
  remoteState,
  validate,
  verify,
} from '@connectorkit/sdk';
import type { Context, Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { type OpenedRegistry, openRegistry } from '../registry.ts';
import type { push as command } from './push.ts';

export const run: Run<typeof command> = async (context, { origin, ours, yes, 'dry-run': dryRun }) => {
  const project = openProject(context.files(context.root()));
  const diagnostics = validate(project);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
  const opened = openRegistry(context, project, origin);
  const planned = await planPush(context, project, opened, ours);
  const { name, url, local } = opened.destination;
  const changes = planned.changes.map(planWords);
  if (dryRun) {
    const summary = changes.length === 0 ? `Nothing to push to ${name}.` : `Nothing was done: this was a dry run.`;
    return { data: { origin: name, url, changes: planned.changes.map(changeData) }, lines: changes, summary };
  }
  if (changes.length > 0 && !local && !yes) {
    for (const message of changes) context.report({ kind: 'note', message });
    const message = `${plural(changes.length, 'change')} to ${name} at ${url}. Go on?`;
    if (!(await context.ask.confirm({ message, flag: '--yes' }))) return { summary: 'Nothing was changed.' };
  }
  const names = await applyPush(context, project, opened, planned);
  const pushed = plural(project.connections.length, 'connection');
  return {
    data: { origin: name, url, ...names, changes: planned.changes.map(changeData) },
    diagnostics: [...diagnostics, ...planned.notes],
    summary:
      changes.length === 0
        ? `${name} is up to date: ${pushed} in ${names?.app}.`
        : `Pushed ${pushed} to ${names?.app} on ${name}: ${plural(changes.length, 'change')}, read back and equal.`,
    next: changes.length === 0 ? [] : [`connector recreate${origin === undefined ? '' : ` --origin ${origin}`}`],
  };
};

/** Compares the project with its origin. @throws ConnectorError conflict when others changed what would be overwritten */
export async function planPush(
  { environment }: Pick<Context, 'environment'>,
  project: Project,
  { destination, registry }: OpenedRegistry,
  ours: boolean,
): Promise<Plan> {
  const local = localState(project, project.connections, environment);
  const remote = await remoteState(registry, project, destination, local);
  const planned = plan(project, project.base(destination.name), local, remote, { ours });
  if (planned.conflicts.length > 0) throw new ConnectorError('conflict', planned.conflicts);
  return planned;
}

/**
 * Applies a plan, records every step as soon as it is answered, then reads everything back.
 * @returns how the platform calls things, when there is anything.
 * @throws ConnectorError refused `sync/not-verified`, or what the platform's client throws
 */
export async function applyPush(
  { report, signal }: Pick<Context, 'report' | 'signal'>,
  project: Project,
  { destination, registry }: OpenedRegistry,
  planned: Plan,
): Promise<RemoteNames | undefined> {
  let names = adopted(planned, destination.connections ?? {});
  if (names !== undefined) project.record(destination.name, names, planned.base);
  for await (const step of apply(planned, registry)) {
    names = { ...step.names, connections: { ...destination.connections, ...step.names.connections } };
    project.record(destination.name, names, step.base);
    report({ kind: 'step', message: doneWords(step.change) });
    signal.throwIfAborted();
  }
  if (names === undefined) return undefined;
  const differing: readonly Diagnostic[] = await verify(planned, names, registry);
  if (differing.length > 0) throw new ConnectorError('refused', differing);
  return names;
}

/** The names of what was found on the platform before anything was changed. */
function adopted({ remote }: Plan, known: Readonly<Record<string, string>>): RemoteNames | undefined {
  if (remote.app === undefined) return undefined;
  const found = [...remote.connections].map(([id, { name }]) => [id, name] as const);
  const { name, version } = remote.app;
  return { app: name, version, connections: { ...known, ...Object.fromEntries(found) } };
}

/** A planned change, one line. Values of `common` are never shown. */
function planWords(change: Change): string {
  const sign = change.action === 'create-app' || change.action === 'create' ? '+' : '~';
  return `${sign} ${subject(change)}`;
}

/** The same once it is done. */
function doneWords(change: Change): string {
  const verb = change.action === 'create-app' || change.action === 'create' ? 'created' : 'set';
  return `${verb} ${subject(change)}`;
}

function subject(change: Change): string {
  switch (change.action) {
    case 'create-app':
      return `app ${change.name}`;
    case 'create':
      return `connection ${change.id} (${change.connection.type})`;
    case 'rename':
      return `${change.id} label: ${change.before} → ${change.label}`;
    case 'set':
      return `${change.id} ${change.section}${change.why === 'cleared' ? ' to empty: it is not declared here' : ''}`;
    case 'set-common':
      return `${change.id} common (${Object.keys(change.values).join(', ')})`;
  }
}

function changeData(change: Change): object {
  const { action } = change;
  if (action === 'create-app') return { action, name: change.name };
  if (action === 'set') return { action, connection: change.id, section: change.section, why: change.why };
  return { action, connection: change.id };
}
