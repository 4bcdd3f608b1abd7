import {
  ConnectorError,
  nearest,
  type Origin,
  PLATFORMS,
  type Platform,
  type Project,
  type Registry,
} from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { type Destination, resolveOrigin, runningHarness } from './settings.ts';

export interface OpenedRegistry {
  readonly destination: Destination;
  readonly registry: Registry;
}

/**
 * Where connections are defined, for the origin that was chosen.
 * @throws ConnectorError usage `origin/unknown`, network `harness/not-running`, auth `origin/no-token`
 */
export function openRegistry(context: Context, project: Project, flag: string | undefined): OpenedRegistry {
  const { environment } = context;
  const harness = runningHarness(project.files);
  const fits = ({ platform }: Origin) => platform === undefined || platformNamed(platform).registry !== undefined;
  return registryAt(context, resolveOrigin({ flag, environment, project, harness, fits }));
}

/** Where connections are defined, at a destination that is known. */
export function registryAt({ send }: Pick<Context, 'send'>, destination: Destination): OpenedRegistry {
  const { title, basePath, registry } =
    destination.platform === undefined ? first() : platformNamed(destination.platform);
  if (registry === undefined) {
    const fit = platforms.filter((each) => each.registry !== undefined).map(({ name }) => name);
    throw new ConnectorError('usage', {
      code: 'origin/unknown',
      message: `Connections are not defined on ${title}.`,
      hint: `Choose an origin whose platform is ${fit.join(' or ')}.`,
      file: 'connector.json',
    });
  }
  const url = destination.local ? `${destination.url}${basePath}` : destination.url;
  return { destination, registry: registry({ url, token: destination.token, send }) };
}

const platforms: readonly Platform[] = Object.values(PLATFORMS);

/** The platform of an origin that names none: the first where connections are defined. */
function first(): Platform {
  const platform = platforms.find(({ registry }) => registry !== undefined);
  if (platform === undefined) throw new Error('no platform defines connections');
  return platform;
}

function platformNamed(name: string): Platform {
  const platform = platforms.find((each) => each.name === name);
  if (platform !== undefined) return platform;
  const names = platforms.map((each) => each.name);
  const meant = nearest(name, names);
  throw new ConnectorError('usage', {
    code: 'origin/unknown',
    message: `${JSON.stringify(name)} is not a platform.`,
    hint: meant === undefined ? `Platforms are ${names.join(', ')}.` : `Did you mean ${meant}?`,
    file: 'connector.json',
  });
}
