import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProject, type Project } from '@connectorkit/sdk';
import { timeoutOf } from '@connectorkit/sdk/node';
import { checkReadable } from '@connectorkit/sdk/project';
import { createSync, type PendingRequest, type Sync, type SyncEvent } from '@connectorkit/sdk/sync';
import type { Context } from './command.ts';
import { stateOnDisk } from './local-state/sync-state.ts';
import { doneWords } from './plans.ts';
import { type OpenedRegistry, openRegistry } from './registry.ts';
import type { Destination } from './settings.ts';

/** A project, and its sync with one of its origins. */
export interface OpenedSync {
  readonly project: Project;
  readonly destination: Destination;
  readonly sync: Sync;
}

/** @throws ConnectorError as openProject, checkReadable and openRegistry do */
export async function openSync(context: Context, origin: string | undefined): Promise<OpenedSync> {
  const project = openProject(context.files(context.root()));
  // What is wrong with the project is reported before a token is asked for.
  checkReadable(project);
  return syncWith(context, project, await openRegistry(context, project, origin));
}

/** Syncs a project with an origin that is known. */
export function syncWith(context: Context, project: Project, { registry, destination }: OpenedRegistry): OpenedSync {
  const { environment, report, signal } = context;
  const sync = createSync({
    project,
    registry,
    state: stateOnDisk(project, context.state(context.root()), destination),
    origin: destination,
    environment,
    clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }) },
    random: () => randomUUID() + randomUUID(),
    timeout: timeoutOf(environment),
    signal,
    report: (event) => report(eventFor(event, destination.name)),
  });
  return { project, destination, sync };
}

function eventFor(event: SyncEvent, origin: string) {
  switch (event.type) {
    case 'changed':
      return { kind: 'step', message: doneWords(event.change) } as const;
    case 'recreated':
      return { kind: 'step', message: `recreated ${event.id} as ${event.name}` } as const;
    case 'waiting':
      return { kind: 'note', message: `${origin} was asked to ${waitingFor(event.pending, event.seconds)}` } as const;
  }
}

function waitingFor({ what, connection }: PendingRequest, seconds: number): string {
  if (what === 'change') {
    return `change something, and did not respond: it may still do it. Waiting ${seconds} s for that.`;
  }
  const name = connection === undefined ? 'the app' : `the connection ${JSON.stringify(connection.label)}`;
  return `create ${name}, and did not respond: it may still do it. Waiting up to ${seconds} s for it, so that it is not created twice.`;
}
