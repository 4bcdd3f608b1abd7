import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError, type Files, lookUp, memoryFiles, openProject, validate } from '@connectorkit/sdk';
import { PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { createSync, memoryState, type RemoteNames } from '@connectorkit/sdk/sync';
import type { Controlled, ProjectSeed } from './control.ts';
import type { PlatformFacts } from './emulator.ts';

/** Defines a project's connections on the first of the platforms that can, as a push does that writes over all. */
export async function seedProject(
  { project: given, environment = {} }: ProjectSeed,
  platforms: readonly PlatformFacts[],
  { token, send }: Pick<Controlled, 'token' | 'send'>,
): Promise<RemoteNames> {
  const [registry] = platforms.flatMap(({ name, basePath }) => {
    const { registry } = lookUp<Platform>(PLATFORMS, name) ?? {};
    return registry === undefined ? [] : [registry({ url: `http://localhost${basePath}`, token, send })];
  });
  if (registry === undefined) {
    throw new ConnectorError('usage', {
      code: 'origin/unknown',
      message: `Connections are not defined on ${platforms.map(({ title }) => title).join(', ')}.`,
      hint: 'Choose a platform that runs connectors, such as make.',
    });
  }
  const project = openProject(isFiles(given) ? given : memoryFiles(given));
  const diagnostics = validate(project);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
  const sync = createSync({
    project,
    registry,
    state: memoryState(),
    origin: { name: 'harness', url: 'http://localhost', local: true },
    environment,
    clock: { now: Date.now, sleep },
    random: () => randomUUID() + randomUUID(),
  });
  const { names } = await sync.apply(await sync.plan('push', { ours: () => true }));
  if (names !== undefined) return names;
  // A project without connections is an app all the same.
  const { name, label } = project;
  const app = await registry.createApp({ name, label });
  return { app: app.name, version: app.version, connections: {} };
}

function isFiles(project: ProjectSeed['project']): project is Files {
  return typeof project.read === 'function';
}
