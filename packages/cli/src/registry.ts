import type { Project, Registry } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { openAs, openedAt } from './origins.ts';
import type { Destination } from './settings.ts';

export interface OpenedRegistry {
  readonly destination: Destination;
  readonly registry: Registry;
}

/**
 * Where connections are defined, for the origin that was chosen.
 * @throws ConnectorError usage `origin/unknown`, network `harness/not-running`, auth `origin/no-token`
 */
export function openRegistry(context: Context, project: Project, origin: string | undefined): OpenedRegistry {
  const { origins, files } = project;
  const { destination, client } = openAs(context, 'registry', { origin }, { origins, files, folder: context.root() });
  return { destination, registry: client };
}

/** Where connections are defined, at a destination that is known. */
export function registryAt(context: Pick<Context, 'send'>, destination: Destination): OpenedRegistry {
  return { destination, registry: openedAt(context, 'registry', destination).client };
}
