import { ConnectorError, openProject, type Project } from '@connectorkit/sdk';
import type { Endpoint, Platform } from '@connectorkit/sdk/platforms';
import type { Origin } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import {
  type PlatformAs,
  platformAs,
  platformNamed,
  platformOf,
  platformsAs,
  ROLES,
  type Role,
  urlOf,
} from './platforms.ts';
import { recordedHarness } from './running-harness.ts';
import { type Destination, type DestinationAddress, findOrigin, type OriginChoice } from './settings.ts';
import { admit, type Entry } from './tokens.ts';

/** Which platform is meant, as it was said on the command line. */
export interface OriginOptions {
  readonly origin?: string | undefined;
  readonly platform?: string | undefined;
}

/** A platform in one of its roles, and how to reach it. */
export interface Opened<R extends Role> {
  readonly platform: PlatformAs<R>;
  readonly destination: Destination;
  readonly client: ReturnType<PlatformAs<R>[R]>;
}

/**
 * A platform in the role that a command needs, on the origin that was chosen.
 * @throws ConnectorError usage `origin/unknown` or `usage/missing`, network `harness/not-running`; as admit does
 */
export async function openAs<R extends Role>(
  context: Context,
  role: R,
  asked: OriginOptions,
  project = here(context),
): Promise<Opened<R>> {
  const named = asked.platform === undefined ? undefined : platformAs(role, asked.platform);
  const choice: Choice = {
    ...choiceOf(context, project, asked.origin),
    fits: (origin) => {
      const platform = platformOf(origin);
      return named === undefined ? platform[role] !== undefined : platform === named;
    },
  };
  const destination = await admit(context, findOrigin(choice), choice);
  return openedAt(context, role, destination, named);
}

/** A platform in a role, at a destination that is known. */
export function openedAt<R extends Role>(
  { send }: Pick<Context, 'send'>,
  role: R,
  destination: Destination,
  named?: PlatformAs<R>,
): Opened<R> {
  // The harness is all platforms at one address; any other origin is one of them.
  const own = destination.local && destination.platform === undefined ? undefined : platformOf(destination);
  if (named !== undefined && own !== undefined && own !== named) {
    throw new ConnectorError('usage', {
      code: 'origin/unknown',
      message: `The origin ${destination.name} is not on ${named.title}.`,
      hint: `Choose an origin whose platform is ${named.name}, or declare this one with it.`,
    });
  }
  const platform = named ?? (own === undefined ? onlyPlatform(role) : platformAs(role, own.name));
  const create = platform[role] as (endpoint: Endpoint) => Opened<R>['client'];
  return { platform, destination, client: create({ ...endpointOf(platform, destination), send }) };
}

/** Where a platform's API is, on a destination. */
export function endpointOf({ basePath }: { readonly basePath: string }, { url, token, local }: Destination) {
  return { url: local ? `${url}${basePath}` : url, token };
}

/** A place that is asked about whatever its role is: an origin, or a platform and where on it. */
export interface AskedPlace extends OriginOptions {
  readonly zone?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * The place, its platform, and what may let a command in.
 * @throws ConnectorError usage `origin/unknown` or `usage/missing`, network `harness/not-running`
 */
export function placeOf(
  context: Context,
  { origin, platform: name, zone, url }: AskedPlace,
): { readonly place: DestinationAddress; readonly platform: Platform; readonly choice: Choice } {
  const choice = choiceOf(context, here(context), origin);
  if (zone === undefined && url === undefined) {
    const fits = (declared: Origin) => name === undefined || platformOf(declared).name === name;
    const place = findOrigin({ ...choice, fits });
    const platform = place.local && name !== undefined ? platformNamed(name) : platformOf(place);
    return { place, platform, choice };
  }
  const platform = name === undefined ? platformOf({}) : platformNamed(name);
  const at = {
    platform: platform.name,
    ...(zone === undefined ? {} : { zone }),
    ...(url === undefined ? {} : { url }),
  };
  return { place: { ...at, name: platform.name, url: urlOf(at) ?? '', local: false, typed: true }, platform, choice };
}

/** All that says where a command talks to, and what lets it in. */
export type Choice = OriginChoice & Entry;

export function choiceOf(
  { environment, cwd, state }: Pick<Context, 'environment' | 'cwd' | 'state'>,
  project: Here,
  flag: string | undefined,
): Choice {
  const { folder = cwd } = project;
  return { flag, environment, project, harness: recordedHarness(state(folder)), folder };
}

/** Parts of a project that say which platform to talk to. */
export type Here = Pick<Project, 'origins'> &
  Partial<Pick<Project, 'problems' | 'manifest'>> & { readonly folder?: string };

/** The project, or the folder where there is none: much can be done without one, on the harness of the folder. */
export function here(context: Context): Here {
  try {
    const folder = context.root();
    const { origins, problems, manifest } = openProject(context.files(folder), { connections: [] });
    return { origins, problems, manifest, folder };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.diagnostics[0]?.code !== 'project/not-found') throw error;
    return { origins: {} };
  }
}

function onlyPlatform<R extends Role>(role: R): PlatformAs<R> {
  const [first, second] = platformsAs(role);
  if (first !== undefined && second === undefined) return first;
  const names = platformsAs(role).map(({ name }) => name);
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `The harness has several platforms for this: ${names.join(', ')}.`,
    hint: first === undefined ? `${ROLES[role]} anywhere.` : `Add --platform ${first.name}.`,
  });
}
