import { setTimeout as sleep } from 'node:timers/promises';
import type { Project } from '@connectorkit/sdk';
import { paced, type Registry } from '@connectorkit/sdk/platforms';
import type { Context } from './command.ts';
import { openAs, openedAt } from './origins.ts';
import type { Destination } from './settings.ts';

export interface OpenedRegistry {
  readonly destination: Destination;
  readonly registry: Registry;
}

/**
 * Where connections are defined, for the origin that was chosen.
 * @throws ConnectorError as openAs does
 */
export async function openRegistry(
  context: Context,
  project: Project,
  origin: string | undefined,
): Promise<OpenedRegistry> {
  const { origins, problems, manifest } = project;
  const { destination, client } = await openAs(
    patient(context),
    'registry',
    { origin },
    { origins, problems, manifest, folder: context.root() },
  );
  return { destination, registry: client };
}

/** Where connections are defined, at a destination that is known. */
export function registryAt(context: Calling, destination: Destination): OpenedRegistry {
  return { destination, registry: openedAt(patient(context), 'registry', destination).client };
}

type Calling = Pick<Context, 'send' | 'report' | 'signal'>;

/** The same, sending as a platform wants it: two requests at a time, and after a pause where it asks for one. */
function patient<C extends Calling>(context: C): C {
  const { send, report, signal } = context;
  const paceful = paced(send, {
    now: () => performance.now(),
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
    random: Math.random,
    waiting: ({ milliseconds, asked }) => {
      const seconds = Math.ceil(milliseconds / 1000);
      const message = asked
        ? `The platform asks to wait ${seconds} s: too many requests.`
        : `Too many requests: waiting ${seconds} s, because the platform does not say how long.`;
      report({ kind: 'note', message });
    },
  });
  return { ...context, send: paceful };
}
